"""What stands in a section: the list, its order, several materials at once, new ones, finding them."""

import datetime as dt
import io

import pytest
from playhouse.test_utils import count_queries

from attestation.admin.acts import content
from attestation.models import Node, utc_now
from attestation.procedure.words import NodeKind
from attestation.tests.admin.content.conftest import Staff, again, at, make, root, save
from attestation.tests.conftest import NOON

from .conftest import Desk, Opened, picture


def listed(desk: Desk, section: Node) -> list[list[str]]:
    """The rows of a section's contents: title with what is said of it, state."""
    rows = desk.open(f"{section.id}/").main.one("table").all("tr")[1:]
    return [[row.one("th").text, row.one("a", class_="badge").text] for row in rows]


# --- The list ---------------------------------------------------------------------------------------------------------------


def test_contents_tell_kind_state_and_who_is_editing(staff: Staff, desk: Opened) -> None:
    make(staff.admin, NodeKind.FOLDER, "papka", title="Папка")
    make(staff.admin, NodeKind.NEWS, "vest", title="Весть")
    page = at("published", staff.admin, make(staff.admin, title="Порядок"))
    content.publish(make(staff.admin, name="potom", title="Потом"), version=1, start=_in_2027(), by=staff.admin, on=NOON)
    content.lock(page, by=staff.editor, on=utc_now())
    assert listed(desk(staff.admin), staff.section) == [
        ["Папка раздел · papka", "Черновик"],
        ["Весть новость · vest", "Черновик"],
        ["Порядок страница · stranica Сейчас правит Словесная Вера Юрьевна", "Опубликован"],
        ["Потом страница · potom", "Опубликован, показ с 01.02.2028 12:00"],
    ]


def _in_2027() -> dt.datetime:
    return dt.datetime(2028, 2, 1, 9, tzinfo=dt.UTC)


def test_everybody_of_the_staff_sees_titles_and_states_but_nothing_to_press(staff: Staff, desk: Opened) -> None:
    page = at("review", staff.admin)
    theirs = desk(staff.secretary)
    assert listed(theirs, staff.section) == [["Как подать заявление страница · stranica", "На проверке"]]
    for path in (f"{staff.section.id}/", f"{page.id}/state/"):
        shown = theirs.open(path)
        assert [button.text for button in shown.main.all("button") if button.text != "Найти"] == []
    assert theirs.client.get(f"/admin/content/{page.id}/edit/").status_code == 403


@pytest.mark.parametrize("path", ["", "find/?q=a", "trash/", "reports/"])
def test_queries_do_not_grow_with_the_number_of_materials(staff: Staff, desk: Opened, path: str) -> None:
    theirs = desk(staff.editor)

    def add(count: int) -> None:
        for number in range(count):
            at("published", staff.admin, make(staff.admin, name=f"a-{Node.select().count()}-{number}", parent=root()))
            gone = make(staff.admin, name=f"b-{Node.select().count()}-{number}")
            content.trash(gone, version=1, by=staff.admin, on=NOON)

    def queries() -> int:
        with count_queries() as counter:
            assert theirs.client.get(f"/admin/content/{path}").status_code == 200
        return counter.count

    add(1)
    theirs.client.get(f"/admin/content/{path}")
    few = queries()
    add(6)
    theirs.client.get("/admin/content/")  # the picture of the tree is read anew after a change
    assert queries() == few < 16


def test_order_by_arrows_and_by_dragging(staff: Staff, desk: Opened) -> None:
    ids = [make(staff.admin, name=name, title=name).id for name in ("a", "b", "c")]
    theirs, page = desk(staff.approver), f"{staff.section.id}/"

    def order() -> list[int]:
        return [node.id for node in Node.kept().where(Node.parent == staff.section).order_by(Node.position)]

    answer = theirs.send(f"{page}order/", page, up=ids[2])
    assert (answer.location, order()) == (f"/admin/content/{page}#n-{ids[2]}", [ids[0], ids[2], ids[1]])
    theirs.send(f"{page}order/", page, down=ids[0])
    assert order() == [ids[2], ids[0], ids[1]]
    theirs.send(f"{page}order/", page, ids=",".join(map(str, ids)))
    assert order() == ids
    assert theirs.send(f"{page}order/", page, ids=f"{ids[0]}").status_code == 409
    assert theirs.send(f"{page}order/", page, up=ids[0]).status_code == 302
    assert order() == ids


# --- Several at once --------------------------------------------------------------------------------------------------------


def test_publishing_several_asks_first(staff: Staff, desk: Opened) -> None:
    draft, published = make(staff.admin, name="a", title="Первая"), at("published", staff.admin, make(staff.admin, name="b"))
    theirs, page = desk(staff.admin), f"{staff.section.id}/"
    asked = theirs.send(f"{page}bulk/", page, do="publish", chosen=[draft.id, published.id])
    assert asked.status_code == 200
    assert "Опубликовать: 1\u00a0материал" in asked.text
    assert "Как подать заявление: сейчас в состоянии «Опубликован»" in asked.text
    assert again(draft).status == "draft"
    confirmed = {"do": "publish", "confirmed": "1", "chosen": [draft.id], f"version-{draft.id}": "1"}
    assert theirs.send(f"{page}bulk/", page, **confirmed).location == f"/admin/content/{page}"
    assert again(draft).status == "published"
    # The second of two clicks finds another version.
    assert theirs.send(f"{page}bulk/", page, **confirmed).status_code == 409


def test_several_are_all_done_or_none(staff: Staff, desk: Opened) -> None:
    first, second = make(staff.admin, name="a"), make(staff.admin, name="b")
    page, versions = f"{staff.section.id}/", {f"version-{first.id}": "1", f"version-{second.id}": "7"}
    theirs = desk(staff.admin)
    answer = theirs.send(f"{page}bulk/", page, do="trash", confirmed="1", chosen=[first.id, second.id], **versions)
    assert (answer.status_code, again(first).trashed_with_id) == (409, None)
    assert "уже изменён другим сотрудником" in answer.text


def test_moving_withdrawing_and_trashing_several(staff: Staff, desk: Opened) -> None:
    nodes = [at("published", staff.admin, make(staff.admin, name=name)) for name in ("a", "b")]
    other = make(staff.admin, NodeKind.FOLDER, "drugoy", parent=root())
    theirs = desk(staff.admin)

    def act(do: str, section: Node, **more: str) -> int:
        versions = {f"version-{node.id}": again(node).version for node in nodes}
        page, chosen = f"{section.id}/", [node.id for node in nodes]
        asked = theirs.send(f"{page}bulk/", page, do=do, chosen=chosen)
        assert asked.status_code == 200
        return theirs.send(f"{page}bulk/", page, do=do, confirmed="1", chosen=chosen, **versions, **more).status_code

    assert act("withdraw", staff.section) == 409  # visitors read the reason
    assert act("withdraw", staff.section, reason="Устарело") == 302
    assert [again(node).status for node in nodes] == ["withdrawn", "withdrawn"]
    assert act("move", staff.section, to=str(other.id)) == 302
    assert [again(node).path for node in nodes] == ["drugoy/a", "drugoy/b"]
    assert act("trash", other) == 302
    assert [again(node).trashed_with_id for node in nodes] == [node.id for node in nodes]


def test_nothing_chosen(staff: Staff, desk: Opened) -> None:
    theirs, page = desk(staff.admin), f"{staff.section.id}/"
    make(staff.admin)
    for fields in ({"do": "publish"}, {"do": "burn", "chosen": "1"}, {"do": "trash", "chosen": ["x", "-1", "9" * 30]}):
        assert theirs.send(f"{page}bulk/", page, **fields).status_code == 422


# --- New materials ----------------------------------------------------------------------------------------------------------


def test_a_new_page(staff: Staff, desk: Opened) -> None:
    theirs, path = desk(staff.author), f"{staff.section.id}/new/"
    assert len(theirs.open(path).main.one("ul", class_="kinds").all("a")) == len(NodeKind)
    theirs.open(f"{path}?kind=page")
    answer = theirs.send(path, f"{path}?kind=page", kind="page", title="Как подать жалобу", name="")
    node = Node.get(Node.path == "razdel/kak-podat-zhalobu")
    assert answer.location == f"/admin/content/{node.id}/edit/"
    assert (node.status, node.kind) == ("draft", "page")
    again_ = theirs.send(path, f"{path}?kind=page", kind="page", title="Как подать жалобу", name="kak-podat-zhalobu")
    assert again_.status_code == 409
    assert "уже занят" in again_.text
    assert 'value="Как подать жалобу"' in again_.text


def test_a_new_file_and_what_is_refused(staff: Staff, desk: Opened) -> None:
    theirs, path = desk(staff.author), f"{staff.section.id}/new/"

    def send(data: bytes, name: str) -> object:
        file = (io.BytesIO(data), name)
        return theirs.send(path, f"{path}?kind=file", kind="file", title="План", name="", file=file)

    assert send(picture(), "План 1.png").status_code == 302
    node = Node.get(Node.path == "razdel/plan-1.png")
    assert (node.revision().blob.media_type, node.revision().file_name) == ("image/png", "План 1.png")
    refused = send(b"<svg onload=alert(1)>", "x.svg")
    assert (refused.status_code, 'value="План"' in refused.text) == (409, True)
    missing = theirs.send(path, f"{path}?kind=file", kind="file", title="План", name="")
    assert (missing.status_code, "Выберите файл." in missing.text) == (409, True)
    large = send(b"%PDF-" + b"0" * 7_000_000, "a.pdf")
    # Read whole, though other forms are smaller, and found to be no PDF.
    assert (large.status_code, 'value="План"' in large.text) == (409, True)
    assert send(b"0" * 22_500_000, "a.pdf").status_code == 413


def test_a_name_is_proposed(staff: Staff, desk: Opened) -> None:
    make(staff.admin, name="poryadok-priyoma")
    client = desk(staff.author).client
    path = f"/admin/content/{staff.section.id}/name"
    assert client.get(f"{path}?kind=page&title=Порядок приёма").json == {"name": "poryadok-priyoma-2"}
    assert client.get(f"{path}?kind=file&title=Приказ № 5.PDF").json == {"name": "prikaz-5.pdf"}
    assert client.get(f"{path}?kind=page&title=№").json == {"name": ""}


# --- Finding ----------------------------------------------------------------------------------------------------------------


def test_finding_by_title_or_address_gives_what_to_insert(staff: Staff, desk: Opened) -> None:
    page = make(staff.admin, title="Порядок [новый] приёма")
    save(page, staff.admin, title="Порядок приёма заявлений")
    theirs = desk(staff.secretary)
    shown = theirs.open("find/?q=ПРИЁМА+порядок")
    assert [field.attributes["value"] for field in shown.main.all("input", class_="to-copy")] == [
        f"[Порядок приёма заявлений](node:{page.id})"
    ]
    found = theirs.client.get("/admin/content/lookup?q=razdel/stranica").json["found"]
    assert found == [
        {
            "id": page.id,
            "title": "Порядок приёма заявлений",
            "kind": "страница",
            "address": "/razdel/stranica/",
            "state": "Черновик",
            "reference": f"node:{page.id}",
            "picture": False,
            "seen": False,
        }
    ]
    assert theirs.client.get("/admin/content/lookup?q=%00%25_").json == {"found": []}
    content.trash(again(page), version=again(page).version, by=staff.admin, on=NOON)
    assert theirs.client.get("/admin/content/lookup?q=порядок").json == {"found": []}
