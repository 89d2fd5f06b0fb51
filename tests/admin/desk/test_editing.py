"""The editor: fields by kind, preview, autosave, the lock, two people saving; history and the page as visitors will see it."""

import io
import re

from attestation.admin.acts import content
from attestation.models import Autosave, EditLock, Node, utc_now
from attestation.procedure.words import NodeKind
from attestation.site.content import listing
from attestation.tests.admin.content.conftest import Staff, again, at, make, save
from attestation.tests.conftest import NOON

from .conftest import Desk, Opened, picture


def token(desk: Desk, path: str) -> dict[str, str]:
    """The hidden fields of a page's first form."""
    text = desk.client.get(f"/admin/content/{path}").text
    return {name: re.search(rf'name="{name}" value="([^"]+)"', text)[1] for name in ("csrf_token", "version")}  # type: ignore[index]


# --- Writing ----------------------------------------------------------------------------------------------------------------


def test_saving_and_what_is_said_beside_the_text(staff: Staff, desk: Opened) -> None:
    page = make(staff.author)
    theirs, path = desk(staff.author), f"{page.id}/edit/"
    body = "# Порядок\r\n\r\n![](/x.png)"
    answer = theirs.send(path, title="Порядок", summary="Кратко", body=body, note="Начало")
    said = again(page).revision()
    assert (answer.location, said.number, said.title, said.note) == (f"/admin/content/{path}", 2, "Порядок", "Начало")
    assert said.body == "# Порядок\n\n![](/x.png)"
    findings = theirs.open(path).main.one("ul", class_="findings").all("li")
    assert [(one.attributes["class"], one.one("strong").text) for one in findings] == [
        ("warning", "Стоит исправить, строка 1:"),
        ("error", "Нужно исправить до публикации, строка 3:"),
    ]
    left = theirs.send(path, title="Порядок", summary="", body="Текст.", leave="1")
    assert left.location == f"/admin/content/{page.id}/state/"
    assert EditLock.select().count() == 0


def test_what_is_refused_stays_in_the_fields(staff: Staff, desk: Opened) -> None:
    page = make(staff.author)
    answer = desk(staff.author).send(f"{page.id}/edit/", title="", summary="С" * 600, body="Мой <b>текст")
    assert answer.status_code == 409
    assert "Мой &lt;b&gt;текст" in answer.text
    assert again(page).head == 1


def test_looking_without_a_script_saves_nothing(staff: Staff, desk: Opened) -> None:
    page = make(staff.author)
    answer = desk(staff.author).send(f"{page.id}/edit/", title="Т", body="## Раздел <script>x</script>", look="1")
    assert answer.status_code == 200
    assert re.search(r"<h2[^>]*>Раздел", answer.text)
    assert "<script>x" not in answer.text
    assert again(page).head == 1


def test_live_preview_is_clean_and_knows_drafts(staff: Staff, desk: Opened) -> None:
    page, other = make(staff.author), make(staff.author, name="drugaya", title="Другая")
    theirs = desk(staff.author)
    hidden = token(theirs, f"{page.id}/edit/")
    body = f"[](node:{other.id}) <script>alert(1)</script>\n\n[здесь](/a)\n\n## Body\n\n[Выше](#body)"
    told = theirs.client.post(f"/admin/content/{page.id}/preview/", data=hidden | {"body": body}).json
    assert '<a href="/razdel/drugaya/"' in told["html"]
    assert "<script" not in told["html"]
    assert '<h2 id="shown-body">' in told["html"]  # the editor has a field of that id
    assert '<a href="#shown-body"' in told["html"]
    assert [(one["line"], one["grave"]) for one in told["findings"]] == [(3, "warning")]


def test_a_listing_a_link_and_a_file_have_fields_of_their_own(staff: Staff, desk: Opened) -> None:
    theirs = desk(staff.admin)
    gathering = make(staff.admin, NodeKind.LISTING, "podborka")
    query = {"under": str(staff.section.id), "kinds": ["news", "page"], "words": " приём ", "order": "alphabet", "limit": "5"}
    theirs.open(f"{gathering.id}/edit/")
    assert theirs.send(f"{gathering.id}/edit/", title="Подборка", body="", **query).status_code == 302
    assert listing.parse(again(gathering).revision().query) == listing.ListingQuery(
        staff.section.id, (NodeKind.PAGE, NodeKind.NEWS)[::-1], "приём", listing.Order.ALPHABET, 5
    )
    refused = theirs.send(f"{gathering.id}/edit/", title="Подборка", body="", **query | {"limit": "999999999999"})
    assert (refused.status_code, "Напишите число от 1 до 200." in refused.text) == (422, True)

    link = make(staff.admin, NodeKind.LINK, "ssylka")
    theirs.open(f"{link.id}/edit/")
    assert theirs.send(f"{link.id}/edit/", title="С", target="javascript:alert(1)").status_code == 409
    assert theirs.send(f"{link.id}/edit/", title="С", target=f"node:{gathering.id}").status_code == 302
    assert again(link).revision().target == f"node:{gathering.id}"


def test_a_file_is_replaced_and_keeps_its_history(staff: Staff, desk: Opened) -> None:
    theirs, path = desk(staff.author), f"{staff.section.id}/new/"
    file = (io.BytesIO(picture()), "plan.png")
    theirs.send(path, f"{path}?kind=file", kind="file", title="План", name="", file=file)
    node = Node.get(Node.name == "plan.png")
    edit = f"{node.id}/edit/"
    theirs.open(edit)
    assert theirs.send(edit, title="План", file=(io.BytesIO(b"%PDF-x"), "plan.pdf")).status_code == 409
    assert theirs.send(edit, title="План этажа", file=(io.BytesIO(picture("red")), "plan-2.png")).status_code == 302
    assert theirs.send(edit, title="План дома").status_code == 302
    names = [revision.file_name for revision in node.revisions.order_by(content.writing.Revision.number)]
    assert names == ["plan.png", "plan-2.png", "plan-2.png"]
    for number, name in ((1, "plan.png"), (3, "plan-2.png")):
        sent = theirs.client.get(f"/admin/content/{node.id}/file/{number}")
        assert (sent.status_code, sent.mimetype) == (200, "image/png")
        assert sent.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert theirs.client.get(f"/admin/content/{node.id}/file/9").status_code == 404
    changed = theirs.open(f"{node.id}/history/compare/?old=1&new=2").text
    assert "plan.png (PNG," in changed


def test_uploading_from_the_editor(staff: Staff, desk: Opened) -> None:
    page = make(staff.author)
    theirs = desk(staff.author)
    hidden = {"csrf_token": token(theirs, f"{page.id}/edit/")["csrf_token"]}
    address = f"/admin/content/{staff.section.id}/upload/"
    told = theirs.client.post(address, data=hidden | {"title": "", "file": (io.BytesIO(picture()), "Фасад.png")}).json
    node = Node.get(Node.name == "fasad.png")
    assert (told["reference"], told["title"], told["picture"], told["seen"]) == (f"node:{node.id}", "Фасад", True, False)
    none = theirs.client.post(address, data=hidden)
    assert (none.status_code, none.json) == (422, {"refusal": "Выберите файл."})
    bad = theirs.client.post(address, data=hidden | {"file": (io.BytesIO(b"MZ"), "x.exe")})
    assert (bad.status_code, "программа" in bad.json["refusal"]) == (409, True)


# --- Two people -------------------------------------------------------------------------------------------------------------


def test_saving_over_a_newer_text_shows_both_and_loses_neither(staff: Staff, desk: Opened) -> None:
    page = make(staff.author, body="Было так.")
    theirs, path = desk(staff.author), f"{page.id}/edit/"
    stale = token(theirs, path)
    save(page, staff.admin, body="Было так.\n\nЧужая строка.")
    mine = {"title": "Как подать заявление", "summary": "", "body": "Стало иначе."}
    answer = theirs.client.post(f"/admin/content/{path}", data=stale | mine)
    assert answer.status_code == 409
    assert "Ваш текст не потерян" in answer.text
    assert "Чужая строка." in answer.text
    assert re.search(r'<textarea[^>]*id="body"[^>]*>\s*Стало иначе.</textarea>', answer.text)
    assert again(page).revision().body == "Было так.\n\nЧужая строка."
    # What was typed is kept even if the window is closed now.
    assert Autosave.get().body == "Стало иначе."
    # Looking does not turn the old version into a new one; the page of the conflict does.
    looked = theirs.client.post(f"/admin/content/{path}", data=stale | mine | {"look": "1"})
    assert f'name="version" value="{stale["version"]}"' in looked.text
    newer = re.search(r'name="version" value="(\d+)"', answer.text)[1]  # type: ignore[index]
    assert theirs.client.post(f"/admin/content/{path}", data=stale | mine | {"version": newer}).status_code == 302
    assert again(page).revision().body == "Стало иначе."
    assert Autosave.select().count() == 0


def test_the_lock_tells_others_and_stops_nobody(staff: Staff, desk: Opened) -> None:
    page = make(staff.author)
    desk(staff.editor).open(f"{page.id}/edit/")
    theirs = desk(staff.author)
    shown = theirs.open(f"{page.id}/edit/")
    assert "Сейчас правит Словесная Вера Юрьевна, до" in shown.text
    assert theirs.send(f"{page.id}/edit/", title="Моё", body="Текст.").status_code == 302
    assert EditLock.get().user_id == staff.editor.id


def test_autosave_is_offered_at_the_next_opening(staff: Staff, desk: Opened) -> None:
    page = make(staff.author)
    theirs, path = desk(staff.author), f"{page.id}/edit/"
    typed = token(theirs, path) | {"title": "Начатое", "summary": "", "body": "Недописанный те"}
    told = theirs.client.post(f"/admin/content/{page.id}/autosave/", data=typed).json
    assert re.fullmatch(r"Черновик сохранён в \d\d:\d\d", told["saved"])
    assert (told["other"], told["overtaken"], again(page).head) == ("", "", 1)
    assert "Есть несохранённый текст от" in theirs.open(path).text
    assert "Есть несохранённый" not in desk(staff.admin).open(path).text
    returned = theirs.open(f"{path}?typed=1")
    assert returned.root.one("textarea", id="body").text == "Недописанный те"
    save(page, staff.admin, body="Другое.")
    overtaken = theirs.client.post(f"/admin/content/{page.id}/autosave/", data=typed).json
    assert overtaken["overtaken"].startswith("Пока вы правите, материал изменили.")
    # It was typed over the older text: saving it asks.
    assert theirs.open(f"{path}?typed=1").root.all("input", name="version")[0].attributes["value"] == "1"
    assert theirs.send(f"{page.id}/forget/", path).location == f"/admin/content/{path}"
    assert Autosave.select().count() == 0
    assert "Есть несохранённый" not in theirs.open(path).text


def test_autosave_tells_what_is_wrong(staff: Staff, desk: Opened) -> None:
    page = make(staff.author)
    theirs = desk(staff.author)
    typed = token(theirs, f"{page.id}/edit/") | {"title": "Т", "summary": "", "body": "т" * 200_001}
    answer = theirs.client.post(f"/admin/content/{page.id}/autosave/", data=typed)
    assert (answer.status_code, "длиннее 200000 знаков" in answer.json["refusal"]) == (409, True)


# --- History ----------------------------------------------------------------------------------------------------------------


def test_history_compares_any_two_and_restores_with_a_reason(staff: Staff, desk: Opened) -> None:
    page = make(staff.author, body="## Срок\n\nПодают до 1 мая.")
    save(page, staff.admin, body="## Срок\n\nПодают до 15 августа.")
    theirs, path = desk(staff.author), f"{page.id}/history/"
    shown = theirs.open(path)
    assert [row.one("th").text for row in shown.main.one("table").all("tr")[1:]] == [
        "2 последняя Как подать заявление",
        "1 Как подать заявление",
    ]
    compared = theirs.open(f"{path}compare/?old=2&new=1")  # from the older to the newer, whatever was asked
    assert compared.main.one("article").one("ins").text.endswith("15 августа")
    assert compared.main.one("article").one("del").text.endswith("1 мая")
    assert theirs.client.get(f"/admin/content/{path}compare/?old=1&new=9").status_code == 404
    assert "Редакции не отличаются." in theirs.open(f"{path}compare/?old=1&new=1").text
    theirs.open(f"{path}1/restore/")
    assert theirs.send(f"{path}1/restore/", reason="").status_code == 409
    assert theirs.send(f"{path}1/restore/", reason="Срок прежний").location == f"/admin/content/{path}"
    newest = again(page).revision()
    assert (newest.number, newest.body) == (3, "## Срок\n\nПодают до 1 мая.")
    assert "Срок прежний" in theirs.open(path).text
    theirs.open(f"{path}?page=2", 404)


def test_the_working_copy_as_visitors_will_see_it(staff: Staff, desk: Opened) -> None:
    page = at("published", staff.admin, make(staff.admin, body="Опубликованный текст."))
    save(page, staff.admin, body="Текст рабочей копии.")
    theirs = desk(staff.author)
    shown = theirs.open(f"{page.id}/preview/")
    assert (shown.h1, "Текст рабочей копии." in shown.text) == ("Как подать заявление", True)
    assert "Редакция 2, не опубликована." in shown.root.text
    assert "Опубликованный текст." in theirs.open(f"{page.id}/preview/?revision=1").text
    theirs.open(f"{page.id}/preview/?revision=9", 404)
    theirs.open(f"{staff.section.id}/preview/")


def test_now_is_not_asked_of_the_clock_of_the_browser(staff: Staff, desk: Opened) -> None:
    """The moment that is shown is the server's, in Moscow."""
    page = make(staff.author)
    desk(staff.editor).open(f"{page.id}/edit/")
    until = EditLock.get().until
    assert (until - utc_now()).total_seconds() > 800
    assert until > NOON
