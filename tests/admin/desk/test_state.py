"""Where materials stand: moves, dates, settings, places, the trash, access, reports, what waits on the first page."""

import datetime as dt
from typing import Any

from flask import Flask

from attestation.admin.access import local_roles, within_reach
from attestation.admin.acts import content
from attestation.models import FormerAddress, Node, Share, User, UserRole
from attestation.procedure.words import LocalRole, NodeKind, Role
from attestation.tests.admin.content.conftest import Staff, again, at, make, root, save
from attestation.tests.conftest import NOON
from attestation.tests.inspection import open_page

from .conftest import Desk, Opened

OVERTAKEN = "Материал уже изменён другим сотрудником."


def buttons(desk: Desk, node: Node) -> list[str]:
    """What the page of the state offers to do."""
    panel = desk.open(f"{node.id}/state/").main.all("section", aria_labelledby="steps")
    return [button.text for button in panel[0].all("button")] if panel else []


# --- Moves ------------------------------------------------------------------------------------------------------------------

OFFERED = {
    "draft": (["Отправить на проверку"], ["Отправить на проверку", "Опубликовать"]),
    "review": (["Вернуть в черновик"], ["Опубликовать", "Вернуть в черновик"]),
    "published": ([], ["Снять с публикации"]),
    "published_draft": (
        ["Отправить рабочую копию на проверку", "Отказаться от рабочей копии"],
        [
            "Отправить рабочую копию на проверку",
            "Опубликовать рабочую копию",
            "Отказаться от рабочей копии",
            "Снять с публикации",
        ],
    ),
    "published_review": (
        ["Отказаться от рабочей копии", "Вернуть рабочую копию на доработку"],
        [
            "Опубликовать рабочую копию",
            "Отказаться от рабочей копии",
            "Вернуть рабочую копию на доработку",
            "Снять с публикации",
        ],
    ),
    "withdrawn": (["Вернуть в работу"], ["Опубликовать", "Вернуть в работу"]),
}


def test_open_moves_by_state_and_local_role(staff: Staff, desk: Opened) -> None:
    nodes = {status: at(status, staff.admin, make(staff.admin, name=f"n-{n}")) for n, status in enumerate(OFFERED)}
    author, approver = desk(staff.author), desk(staff.approver)
    assert {status: (buttons(author, node), buttons(approver, node)) for status, node in nodes.items()} == OFFERED


def test_a_text_goes_to_review_and_is_published_from_a_moment(staff: Staff, desk: Opened) -> None:
    page = make(staff.author)
    author, approver, state = desk(staff.author), desk(staff.approver), f"{page.id}/state/"
    assert author.send(f"{page.id}/steps/submit/", state).location == f"/admin/content/{state}"
    stale = {"version": "1", "publish-start": ""}
    assert approver.send(f"{page.id}/steps/publish/", state, **stale).status_code == 409
    wrong = approver.send(f"{page.id}/steps/publish/", state, **{"publish-start": "31.02.2027 10:00"})
    assert (wrong.status_code, "Такого времени нет." in wrong.text, 'value="31.02.2027 10:00"' in wrong.text) == (
        422,
        True,
        True,
    )
    answer = approver.send(f"{page.id}/steps/publish/", state, **{"publish-start": "2027-08-10T09:00"})
    assert answer.status_code == 302
    assert again(page).live_from == dt.datetime(2027, 8, 10, 6, tzinfo=dt.UTC)  # Moscow is three hours ahead
    shown = approver.open(state)
    assert "Опубликован, показ с 10.08.2027 09:00" in shown.text
    assert "Посетители увидят 10.08.2027 в 09:00" in shown.text


def test_a_move_back_asks_why(staff: Staff, desk: Opened) -> None:
    page = at("published", staff.admin)
    theirs, state = desk(staff.approver), f"{page.id}/state/"
    missing = theirs.send(f"{page.id}/steps/withdraw/", state, **{"withdraw-reason": " "})
    assert (missing.status_code, "требует указать причину" in missing.text) == (409, True)
    assert theirs.send(f"{page.id}/steps/withdraw/", state, **{"withdraw-reason": "Устарело"}).status_code == 302
    assert "Снято с публикации, посетители видят только причину: Устарело" in theirs.open(state).text
    for verb in ("begin_copy", "burn"):
        assert theirs.send(f"{page.id}/steps/{verb}/", state).status_code == 404


def test_what_a_move_still_needs_is_named(staff: Staff, desk: Opened) -> None:
    content.settings(
        again(staff.section),
        version=again(staff.section).version,
        **{"in_navigation": True, "legal": True, "restricted": False, "expires_at": None},
        by=staff.admin,
        on=NOON,
    )
    page = make(staff.approver)
    shown = desk(staff.approver).open(f"{page.id}/state/")
    missing = [item.text for item in shown.main.one("section", aria_labelledby="steps").all("li")]
    assert missing == [
        "в этом разделе публикуют только после проверки: сначала отправьте материал на проверку",
        "в этом разделе публикует другой сотрудник, не тот, кто писал текст",
    ]
    assert buttons(desk(staff.approver), page) == ["Отправить на проверку"]


def test_hindrances_and_unseen_links_are_told_before_publishing(staff: Staff, desk: Opened) -> None:
    other = make(staff.admin, name="drugaya")
    page = make(staff.admin, body=f"![](/x.png)\n\n[Другая](node:{other.id})")
    shown = desk(staff.admin).open(f"{page.id}/state/")
    assert "У картинки нет описания" in shown.text
    assert shown.links()["/razdel/drugaya/"] == f"/admin/content/{other.id}/state/"


def test_settings(staff: Staff, desk: Opened) -> None:
    page = at("published", staff.admin)
    state, path = f"{page.id}/state/", f"{page.id}/settings/"
    boss, theirs = desk(staff.admin), desk(staff.approver)
    assert boss.send(path, state, in_navigation="y", legal="y", expires_at="2030-01-01T00:00").status_code == 302
    node = again(page)
    assert (node.in_navigation, node.legal, node.restricted) == (True, True, False)
    assert node.expires_at == dt.datetime(2029, 12, 31, 21, tzinfo=dt.UTC)
    # What only an administrator decides is not lost when somebody else saves the rest.
    assert theirs.send(path, state, expires_at="").status_code == 302
    node = again(page)
    assert (node.in_navigation, node.legal, node.expires_at) == (False, True, None)
    past = theirs.send(path, state, expires_at="2020-01-01T00:00")
    assert (past.status_code, "Срок показа уже прошёл" in past.text) == (409, True)
    early = theirs.send(path, state, expires_at="0001-01-01T00:00")
    assert (early.status_code, "Такого времени нет." in early.text) == (422, True)
    assert theirs.send(path, state, version="1").status_code == 409


def test_it_was_read_today(staff: Staff, desk: Opened) -> None:
    page = at("published", staff.admin)
    theirs = desk(staff.author)
    assert theirs.send(f"{page.id}/confirm/", f"{page.id}/state/").status_code == 302
    assert again(page).reviewed_on is not None


# --- Places -----------------------------------------------------------------------------------------------------------------


def test_moving_and_renaming(staff: Staff, desk: Opened) -> None:
    page, other = at("published", staff.admin), make(staff.admin, NodeKind.FOLDER, "drugoy", parent=root())
    theirs, state = desk(staff.editor), f"{page.id}/state/"
    assert theirs.send(f"{page.id}/move/", state, to=other.id).status_code == 302
    assert theirs.send(f"{page.id}/rename/", state, name="novoe").status_code == 302
    assert again(page).path == "drugoy/novoe"
    assert {address.path for address in FormerAddress.select()} == {"razdel/stranica", "drugoy/stranica"}
    refused = theirs.send(f"{page.id}/rename/", state, name="Новое имя")
    assert (refused.status_code, 'value="Новое имя"' in refused.text) == (409, True)
    assert theirs.send(f"{page.id}/move/", state, to=other.id).status_code == 409
    for to in ("999", "x", "9" * 30):
        assert theirs.send(f"{page.id}/move/", state, to=to).status_code == 404
    # Whoever may not publish does not move what is public.
    assert desk(staff.author).client.get(f"/admin/content/{page.id}/edit/").status_code == 403


def test_sections_to_choose_are_those_within_reach(staff: Staff, desk: Opened) -> None:
    inner = make(staff.admin, NodeKind.FOLDER, "vnutri", title="Внутри")
    page = make(staff.author)
    make(staff.admin, NodeKind.FOLDER, "chuzhoy", title="Чужой", parent=root())
    shown = desk(staff.author).open(f"{page.id}/state/")
    assert [option.text for option in shown.root.one("select", id="to").all("option")] == [
        "— Как подать заявление",
        "— — Внутри",
    ]
    # A section does not go into itself.
    shown = desk(staff.admin).open(f"{staff.section.id}/state/")
    options = [option.attributes["value"] for option in shown.root.one("select", id="to").all("option")]
    assert str(inner.id) not in options
    assert str(staff.section.id) not in options


def test_within_reach_agrees_with_local_roles(app: Flask, staff: Staff) -> None:
    inner = make(staff.admin, NodeKind.FOLDER, "vnutri")
    page = make(staff.admin, parent=inner)
    make(staff.admin, name="razdel-2", parent=root())
    closed = make(staff.admin, NodeKind.FOLDER, "zakryto", parent=root())
    Node.update(restricted=True).where(Node.id.in_([closed.id, inner.id])).execute()
    make(staff.admin, parent=closed)
    Share.create(node=page, user=staff.editor, role=LocalRole.AUTHOR)
    Share.create(node=root(), user=staff.nobody, role=LocalRole.AUTHOR)
    people = [User.get_by_id(user.id) for user in staff.named(*staff.__dataclass_fields__) if isinstance(user, User)]
    for user in people:
        for role in LocalRole:
            reached = {node.id for node in Node.kept().where(within_reach(user, role))}
            assert reached == {node.id for node in Node.kept() if role in local_roles(user, node)}, (user, role)


# --- The trash --------------------------------------------------------------------------------------------------------------


def test_the_trash_asks_and_names_the_links_that_will_break(staff: Staff, desk: Opened) -> None:
    folder = make(staff.admin, NodeKind.FOLDER, "papka", title="Папка")
    page = at("published", staff.admin, make(staff.admin, parent=folder))
    make(staff.admin, name="drugaya", title="Другая", body=f"[Порядок](node:{page.id})")
    theirs, path = desk(staff.approver), f"{folder.id}/trash/"
    shown = theirs.open(path)
    assert "В корзину уйдёт: 2\u00a0материала" in shown.answer.text
    assert "«Порядок» в материале Другая, строка 1" in shown.text
    assert theirs.send(path, version="9").status_code == 409
    assert theirs.send(path).location == f"/admin/content/{staff.section.id}/"
    assert again(page).trashed_with_id == folder.id
    assert theirs.client.get(f"/admin/content/{page.id}/state/").status_code == 404
    # The author may not trash what visitors read.
    other = at("published", staff.admin, make(staff.admin, name="eshcho"))
    refused = desk(staff.author)
    assert "у вас здесь такого права нет" in refused.open(f"{other.id}/trash/").text
    assert "убрать нельзя" in desk(staff.admin).open(f"{root().id}/trash/").text


def test_restoring_here_elsewhere_and_under_another_name(staff: Staff, desk: Opened) -> None:
    folder = make(staff.admin, NodeKind.FOLDER, "papka", title="Папка")
    page = make(staff.admin, parent=folder, title="Порядок")
    theirs = desk(staff.approver)
    theirs.send(f"{page.id}/trash/")
    theirs.send(f"{folder.id}/trash/")
    rows = theirs.open("trash/").main.one("table").all("tr")[1:]
    assert [row.one("th").text for row in rows] == [
        "Папка раздел · /razdel/papka",
        "Порядок страница · /razdel/papka/stranica · его раздела больше нет",
    ]
    path = f"trash/{page.id}/restore/"
    assert "Раздела, где стоял материал, больше нет" in theirs.open(path).text
    assert theirs.send(path, to="", name="").status_code == 409
    make(staff.admin, name="stranica")
    taken = theirs.send(path, to=staff.section.id, name="")
    assert (taken.status_code, "выберите другое имя, например «stranica-2»" in taken.text) == (409, True)
    answer = theirs.send(path, to=staff.section.id, name="stranica-2")
    assert (answer.location, again(page).path) == (f"/admin/content/{page.id}/state/", "razdel/stranica-2")
    assert theirs.send(f"trash/{folder.id}/restore/", to="", name="").status_code == 302
    assert "Корзина пуста." in theirs.open("trash/").text
    theirs.open(path, 404)
    assert "Восстановить" not in desk(staff.secretary).open("trash/").links()


# --- Access -----------------------------------------------------------------------------------------------------------------


def test_letting_somebody_in_and_out(staff: Staff, desk: Opened) -> None:
    page = make(staff.admin)
    theirs, path = desk(staff.approver), f"{page.id}/share/"
    shown = theirs.open(path)
    assert "Одобрялов Ян Ильич: пишет, правит и публикует, в разделе Как подать заявление" in shown.text
    assert theirs.send(path, person=staff.secretary.id, role="approver").location == f"/admin/content/{path}"
    assert local_roles(staff.secretary, page) == frozenset(LocalRole)
    theirs.send(path, person=staff.secretary.id, role="author")
    assert local_roles(staff.secretary, page) == {LocalRole.AUTHOR}
    assert theirs.send(path, person=staff.secretary.id, role="king").status_code == 422
    assert theirs.send(path, person="999", role="author").status_code == 404
    assert theirs.send(f"{page.id}/share/{staff.secretary.id}/remove/", path).status_code == 302
    assert theirs.send(f"{page.id}/share/{staff.secretary.id}/remove/", path).status_code == 409
    assert local_roles(staff.secretary, page) == frozenset()


# --- Reports ----------------------------------------------------------------------------------------------------------------


def report(desk: Desk, name: str) -> list[str]:
    """What a report lists."""
    panel = desk.open("reports/").main.one("section", aria_labelledby=name)
    return [item.text for item in panel.all("ul", class_="cards")[0].children] if panel.all("ul", class_="cards") else []


def test_empty_reports_say_so(staff: Staff, desk: Opened) -> None:
    theirs = desk(staff.secretary)
    assert [report(theirs, name) for name in ("broken", "orphans", "former", "shutting")] == [[], [], [], []]
    assert "Ни один материал ещё не менял адреса." in theirs.open("reports/").text


def test_reports(staff: Staff, desk: Opened) -> None:
    _show_root()
    gone = at("published", staff.admin, make(staff.admin, name="ushla"))
    body = (
        f"[Ушла](node:{gone.id}) и [никуда](/razdel/net/), но [Заключения](/rubrics/) и [без черты](/rubrics)\n\n#### Глубоко"
    )
    page = at("published", staff.admin, make(staff.admin, title="Порядок", body=body))
    content.trash(again(gone), version=again(gone).version, by=staff.admin, on=NOON)
    content.rename(again(page), version=again(page).version, name="novoe", by=staff.admin, on=NOON)
    theirs = desk(staff.editor)
    assert report(theirs, "broken") == [
        f"Порядок ссылка «Ушла», строка 1: материал удалён (node:{gone.id})",
        "Порядок ссылка «никуда», строка 1: такой страницы на сайте нет (/razdel/net/)",
    ]
    assert report(theirs, "shutting") == [
        "Порядок Строка 1. Ссылка «Ушла» ведёт на удалённый материал: выберите другой или уберите её."
        " Строка 3. Заголовок «Глубоко» перескакивает через уровень: поставьте ##."
    ]
    former = theirs.open("reports/").main.one("section", aria_labelledby="former").one("table").all("tr")[1:]
    assert [[cell.text for cell in row.all("th", "td")][:2] for row in former] == [
        ["/razdel/stranica", "/razdel/novoe/"],
        ["/razdel/ushla", "материал в корзине"],
    ]


def _show_root() -> None:
    Node.update(status="published", live=1, live_from=NOON, first_public_at=NOON).where(Node.path == "").execute()


def test_what_nobody_has_reviewed_for_half_a_year(staff: Staff, desk: Opened) -> None:
    _show_root()
    page = at("published", staff.admin, make(staff.admin, title="Порядок"))
    theirs = desk(staff.author)
    old = dt.datetime(2025, 1, 10, 9, tzinfo=dt.UTC)
    Node.update(live_from=old, first_public_at=old).where(Node.id == page.id).execute()
    assert "Порядок /razdel/stranica/, с 10.01.2025" in report(theirs, "stale")
    theirs.send(f"{page.id}/confirm/", f"{page.id}/state/")
    assert not any(line.startswith("Порядок") for line in report(theirs, "stale"))


# --- The first page ---------------------------------------------------------------------------------------------------------


def test_what_waits_on_the_first_page(staff: Staff, desk: Opened) -> None:
    UserRole.create(user=staff.nobody, role=Role.SECRETARY)
    review = at("review", staff.author, make(staff.author, title="На проверке"))
    make(staff.author, name="moy", title="Мой черновик")
    save(at("published", staff.admin, make(staff.admin, name="kopiya")), staff.author, title="Моя копия")

    def told(user: User) -> dict[str, list[str]]:
        panel = open_page(desk(user).client, "/admin/").main.one("section", aria_labelledby="waiting-materials")
        titles, lists = [h3.text for h3 in panel.all("h3")], panel.all("ul")
        return {title: [link.text for link in one.all("a")] for title, one in zip(titles, lists, strict=True)}

    author, approver, nobody = told(staff.author), told(staff.approver), told(staff.nobody)
    assert sorted(author["Ваши черновики и рабочие копии"]) == ["Мой черновик", "Моя копия"]
    assert approver["Ждут вашей проверки"] == ["На проверке"]
    assert list(nobody) == ["Недавно изменены"]
    assert review.status == "review"


def test_the_journal_leads_to_the_material(staff: Staff, desk: Opened) -> None:
    page = make(staff.admin)
    links: dict[str, Any] = open_page(desk(staff.admin).client, "/admin/journal/?subject=node").links()
    assert links[f"Материал {page.id}"] == f"/admin/content/{page.id}/state/"
