"""The official text of the regulation: acts, the desk, the command; what cannot be imported leaves no trace."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from peewee import DatabaseError

from attestation import models
from attestation.admin.acts import regulation as acts
from attestation.models import JournalEntry, OfficialClause, OfficialText, User
from attestation.site import journal, regulation
from attestation.site.regulation.documents import DocumentRefused
from attestation.tests.conftest import NOON, Cast, csrf_token
from attestation.tests.inspection import open_page
from attestation.tests.site.regulation import workshop

from .conftest import at_once, everything, send, sentence

SignInAs = Callable[[User], FlaskClient]

SPB = regulation.edition()
# Every clause says its own title: nobody's text, and surely about the same.
WORDS = {number: f"{clause.title}." for number, clause in SPB.by_number.items()}
WHOLE = "\n\n".join(f"{number}. {words}" for number, words in WORDS.items()).encode()
NUMBERS = list(SPB.by_number)
OTHER = WHOLE.replace(WORDS["2.4"].encode(), "Сколько длится услуга по новой редакции.".encode())


def reading(data: bytes = WHOLE, name: str = "reestr.txt") -> acts.Reading:
    return acts.read(data, name, SPB)


def shown() -> dict[str, str]:
    """What the site shows."""
    return {clause.number: clause.text for clause in OfficialClause.shown(SPB.slug)}


def entries() -> list[tuple[str, str]]:
    return [(entry.verb, entry.details) for entry in JournalEntry.select().order_by(JournalEntry.id)]


def trace() -> tuple[Any, ...]:
    """All that an import could have left behind."""
    return everything(), list(OfficialText.select().dicts()), OfficialClause.select().count()


# --- Acts -------------------------------------------------------------------------------------------------------------------


def test_an_import_is_shown_whole(database: object, cast: Cast) -> None:
    text = acts.import_official(reading(), by=cast.editor, on=NOON)
    assert shown() == WORDS
    kept = OfficialText.get_by_id(text.id)
    assert (kept.edition, kept.file_name, kept.sha256) == (SPB.slug, "reestr.txt", hashlib.sha256(WHOLE).hexdigest())
    assert (kept.clauses_placed, kept.active, kept.imported_at, kept.imported_by) == (187, True, NOON, cast.editor)
    assert entries() == [("import_official", "reestr.txt: размещено пунктов: 187 из 187")]


def test_a_new_import_replaces_the_old_one_as_a_whole(database: object, cast: Cast) -> None:
    old = acts.import_official(reading(), by=cast.editor, on=NOON)
    part = "\n\n".join(f"{number}. {WORDS[number]}" for number in NUMBERS[:100]).encode()
    new = acts.import_official(reading(part, "part.txt"), by=cast.admin, on=NOON)
    assert shown() == {number: WORDS[number] for number in NUMBERS[:100]}
    assert [text.active for text in OfficialText.select().order_by(OfficialText.id)] == [False, True]
    acts.show_official(old, by=cast.editor, on=NOON)
    assert shown() == WORDS
    assert [verb for verb, _ in entries()] == ["import_official", "import_official", "show_official"]
    assert not OfficialText.get_by_id(new.id).active


def test_a_text_is_withdrawn_with_a_reason(database: object, cast: Cast) -> None:
    text = acts.import_official(reading(), by=cast.editor, on=NOON)
    acts.withdraw_official(text, reason=" опечатка \n в файле ", by=cast.editor, on=NOON)
    assert shown() == {}
    assert entries()[-1] == ("withdraw_official", "опечатка в файле")
    assert [entry.verb for entry in journal.history("official", text.id)] == ["withdraw_official", "import_official"]


@pytest.mark.parametrize("who", ["secretary", "publisher", "departed"])
def test_who_may_not(database: object, cast: Cast, who: str) -> None:
    text = acts.import_official(reading(), by=cast.editor, on=NOON)
    person = getattr(cast, who)
    before = trace()
    refusal = "Вам недоступно: загрузка официального текста регламента. Нужна роль: "
    for act in (
        lambda: acts.import_official(reading(OTHER), by=person, on=NOON),
        lambda: acts.show_official(text, by=person, on=NOON),
        lambda: acts.withdraw_official(text, reason="так надо", by=person, on=NOON),
    ):
        assert sentence(act).startswith(refusal)
    assert trace() == before


def test_refusals(database: object, cast: Cast) -> None:
    text = acts.import_official(reading(), by=cast.editor, on=NOON)
    by = {"by": cast.editor, "on": NOON}
    assert sentence(lambda: acts.import_official(reading(), **by)) == "Этот файл уже загружен, и его текст показан на сайте."
    assert sentence(lambda: acts.show_official(text, **by)) == "Этот текст уже показан на сайте."
    assert sentence(lambda: acts.withdraw_official(text, reason=" ", **by)) == "Заполните поле «Причина»."
    assert "непечатаемые" in sentence(lambda: acts.withdraw_official(text, reason="a\0b", **by))
    acts.withdraw_official(text, reason="опечатка", **by)
    assert sentence(lambda: acts.withdraw_official(text, reason="опечатка", **by)) == "Этого текста на сайте уже нет."
    assert len(shown()) == 0


def test_a_withdrawn_file_may_be_imported_again(database: object, cast: Cast) -> None:
    text = acts.import_official(reading(), by=cast.editor, on=NOON)
    acts.withdraw_official(text, reason="опечатка", by=cast.editor, on=NOON)
    acts.import_official(reading(), by=cast.editor, on=NOON)
    assert (shown(), OfficialText.select().count()) == (WORDS, 2)


def test_two_people_import_at_once(database: object, cast: Cast) -> None:
    told = at_once(
        lambda: acts.import_official(reading(), by=cast.editor, on=NOON),
        lambda: acts.import_official(reading(OTHER), by=cast.admin, on=NOON),
    )
    assert told.count("done") >= 1
    assert set(told) <= {"done", "Другой сотрудник только что показал другой текст этой редакции. Откройте список ещё раз."}
    assert OfficialText.select().where(OfficialText.active).count() == 1
    assert OfficialText.select().count() == told.count("done")


def test_the_database_keeps_what_was_imported(database: Any, cast: Cast) -> None:
    text = acts.import_official(reading(), by=cast.editor, on=NOON)
    second = {"edition": SPB.slug, "file_name": "b", "sha256": "0" * 64, "clauses_placed": 1, "imported_at": NOON}
    for statement in (
        lambda: OfficialText.create(**second, active=True),
        lambda: OfficialText.create(**second | {"sha256": "0"}, active=False),
        lambda: OfficialText.create(**second | {"clauses_placed": 0}, active=False),
        lambda: OfficialClause.update(text="иначе").execute(),
        lambda: OfficialClause.delete().execute(),
        lambda: OfficialText.delete().execute(),
        lambda: OfficialClause.create(official=text, number="2.4", text="ещё раз"),
        lambda: OfficialClause.create(official=text, number="9.9", text=""),
    ):
        with pytest.raises(DatabaseError), database.atomic():
            statement()
    assert shown() == WORDS


def test_showing_raises_the_content_version(database: object, cast: Cast) -> None:
    before = models.ContentVersion.current()
    text = acts.import_official(reading(), by=cast.editor, on=NOON)
    imported = models.ContentVersion.current()
    acts.withdraw_official(text, reason="опечатка", by=cast.editor, on=NOON)
    assert before < imported < models.ContentVersion.current()


# --- The desk ---------------------------------------------------------------------------------------------------------------


def put(client: FlaskClient, data: bytes, name: str, **fields: str) -> Any:
    """Choose a file at the desk and send it."""
    form = {"csrf_token": csrf_token(client, "/admin/regulation/import/"), "edition": SPB.slug, **fields}
    return client.post(
        "/admin/regulation/import/", data={**form, "file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )


def kept_files(app: Flask) -> list[Path]:
    folder = app.extensions["attestation"].settings.data_dir / "imports"
    return list(folder.iterdir()) if folder.exists() else []


def test_dry_run_then_the_site(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    client = sign_in(cast.editor)
    before = trace()
    data = OTHER.replace(b"2.9. ", b"2.99. ", 1)
    checked = put(client, data, "reestr.txt")
    assert checked.status_code == 303
    page = open_page(client, checked.location)
    assert page.root.one("h1").text == "Размещено 186 пунктов из 187"
    facts = page.main.one("dl")
    told = {name.text: value.text for name, value in zip(facts.all("dt"), facts.all("dd"), strict=True)}
    assert told == {"Нет в файле": "2.9", "Лишние номера": "2.99", "Мало похожи на изложение": "нет"}
    rows = [[cell.text for cell in row.children] for row in page.main.one("tbody").all("tr")]
    assert rows == [["строка 43", f"2.99. {WORDS['2.9']}", "Пункта 2.99 в этой редакции на сайте нет."]]
    assert len(page.main.all("details")) == 187
    assert trace() == before
    (file,) = kept_files(app)
    assert file.stat().st_mode & 0o777 == 0o600
    done = send(client, checked.location)
    text = OfficialText.get()
    assert (done.status_code, done.location) == (302, f"/admin/regulation/{text.id}/")
    assert shown()["2.4"] == "Сколько длится услуга по новой редакции."
    assert (text.file_name, text.imported_by, kept_files(app)) == ("reestr.txt", cast.editor, [])
    assert open_page(client, done.location).root.one("h1").text == "reestr.txt"


def test_confirming_twice_imports_once(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    client = sign_in(cast.editor)
    at = put(client, WHOLE, "a.txt").location
    form = {"csrf_token": csrf_token(client, at)}
    assert [client.post(at, data=form).status_code for _ in range(2)] == [302, 410]
    assert OfficialText.select().count() == 1


def test_what_was_shown_meanwhile_is_told(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    client = sign_in(cast.editor)
    at = put(client, WHOLE, "a.txt").location
    acts.import_official(reading(), by=cast.admin, on=NOON)
    answer = send(client, at)
    assert answer.status_code == 409
    assert "Этот файл уже загружен, и его текст показан на сайте." in answer.text
    assert len(kept_files(app)) == 1


def test_a_token_is_for_one_person(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    at = put(sign_in(cast.editor), WHOLE, "a.txt").location
    other = sign_in(cast.admin)
    assert other.get(at).status_code == 410
    page = open_page(other, f"/admin/regulation/import/{'x' * 32}/", 410)
    assert "Проверенный файл больше не хранится: загрузите его ещё раз." in page.text


def test_history_switch_and_withdrawal(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    old = acts.import_official(reading(), by=cast.admin, on=NOON)
    new = acts.import_official(reading(OTHER, "новый.txt"), by=None, on=NOON)
    client = sign_in(cast.editor)
    rows = [[cell.text for cell in row.children] for row in open_page(client, "/admin/regulation/").main.one("tbody").all("tr")]
    edition = "Санкт-Петербург, с 13.04.2021"
    assert rows == [
        ["новый.txt", edition, "187 из 187", "показан", "10.03.2026 12:00", "Система"],
        ["reestr.txt", edition, "187 из 187", "", "10.03.2026 12:00", cast.admin.full_name],
    ]
    assert send(client, f"/admin/regulation/{old.id}/show/", page=f"/admin/regulation/{old.id}/").status_code == 302
    assert shown() == WORDS
    page = f"/admin/regulation/{old.id}/"
    refused = send(client, f"{page}withdraw/", page=page, reason="")
    assert (refused.status_code, "Заполните поле «Причина»." in refused.text) == (409, True)
    assert send(client, f"{page}withdraw/", page=page, reason="опечатка").status_code == 302
    assert shown() == {}
    history = [line.text for line in open_page(client, page).main.one("ol", class_="history").all("strong")]
    assert history == ["Снят с сайта", "Показан на сайте", "Загружен официальный текст"]
    assert not OfficialText.get_by_id(new.id).active
    assert send(client, f"{page}withdraw/", page="/admin/regulation/import/", reason="ещё").status_code == 409


HUGE = b"a" * (30 * 1024 * 1024)


@pytest.mark.parametrize(
    ("data", "name", "status", "told"),
    [
        (b"", "", 422, "Выберите файл с официальным текстом."),
        (b"", "a.txt", 422, "Файл пуст: выберите файл с официальным текстом."),
        (WHOLE, "a.pdf", 415, "Файл назван PDF, но внутри не PDF."),
        (HUGE, "a.txt", 413, "Уменьшите файл или разделите его на части и отправьте снова."),
        (b"a" * (5 * 1024 * 1024 + 1), "a.txt", 413, "Файл больше 5 МБ"),
        (workshop.word()[:900], "a.docx", 422, "Документ DOCX повреждён и не читается."),
        ("Срок 5 дней".encode("koi8-r"), "a.txt", 422, "Кодировка файла не распознана."),
        ("Поздравляем!".encode(), "a.txt", 422, "В документе не нашлось ни одного пункта с номерами этой редакции."),
        (workshop.ANOTHER.encode(), "a.txt", 422, "Похоже, это другой документ"),
    ],
)  # fmt: skip
def test_bad_files_leave_nothing(
    app: Flask, cast: Cast, sign_in: SignInAs, data: bytes, name: str, status: int, told: str
) -> None:
    client = sign_in(cast.editor)
    before = trace()
    answer = put(client, data, name)
    assert (answer.status_code, told in answer.text) == (status, True)
    assert (trace(), kept_files(app)) == (before, [])


def test_an_unknown_edition(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    answer = put(sign_in(cast.editor), WHOLE, "a.txt", edition="spb-1999")
    assert (answer.status_code, kept_files(app)) == (422, [])


# --- The command ------------------------------------------------------------------------------------------------------------


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["regulation", "import", *arguments])


def test_the_command_shows_first_and_imports_when_told(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "reestr.txt"
    file.write_bytes(WHOLE.replace(b"2.9. ", b"2.99. ", 1))
    dry = run(app, str(file))
    assert dry.exit_code == 0
    assert dry.output.splitlines() == [
        "Размещено пунктов: 186 из 187.",
        "Нет в файле: 2.9.",
        "Нет в редакции на сайте: 2.99.",
        "",
        "Не размещено:",
        "  строка 43  Пункта 2.99 в этой редакции на сайте нет.",
        f"             2.99. {WORDS['2.9']}",
        "Ничего не загружено. Чтобы загрузить, повторите с --yes.",
    ]
    assert OfficialText.select().count() == 0
    done = run(app, str(file), "--yes")
    assert done.output.splitlines()[-1] == "Официальный текст из файла reestr.txt показан на сайте."
    assert (OfficialText.get().imported_by, len(shown())) == (None, 186)
    assert JournalEntry.get().who == journal.SYSTEM


@pytest.mark.parametrize(
    ("data", "options", "told"),
    [
        (b"", (), "Файл пуст: выберите файл с официальным текстом."),
        (WHOLE, ("--edition", "spb-1999"), "Такой редакции на сайте нет: выберите из списка редакций."),
    ],
)
def test_the_command_refuses(app: Flask, tmp_path: Path, data: bytes, options: tuple[str, ...], told: str) -> None:
    file = tmp_path / "reestr.txt"
    file.write_bytes(data)
    done = run(app, str(file), "--yes", *options)
    assert (done.exit_code, done.output) == (1, f"Error: {told}\n")
    assert OfficialText.select().count() == 0


def test_the_refusal_carries_its_status() -> None:
    with pytest.raises(DocumentRefused) as refused:
        acts.read(b"", "a.txt", SPB)
    assert refused.value.status == 422
