"""The portfolio and the appointment in the cabinet: pages, uploads, refusals that lose nothing, doors of strangers."""

import datetime as dt
import errno
import io
import os
import re
from collections.abc import Callable

import pypdf
import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from attestation.models import Application, CaseFile, Paper, Slot, User, utc_now
from attestation.site.cases import appointments, folder
from attestation.tests import scans
from attestation.tests.cases import LENOBL, PLACE, SPB, World
from attestation.tests.inspection import OpenedPage, faults, open_page, read

SignIn = Callable[[User], FlaskClient]
ROW = {"title": "Приказ о поощрении", "state": "копия", "sheets": "2", "criterion": ""}


class Cabinet:
    """A person in the cabinet with one case: opens its pages and sends its forms as a browser does."""

    def __init__(self, client: FlaskClient, case: Application) -> None:
        self.client, self.home = client, f"/account/applications/{case.id}"

    def open(self, page: str = "/portfolio/", status: int = 200) -> OpenedPage:
        return open_page(self.client, self.home + page, status)

    def send(self, page: str, fields: dict[str, object], seen: str = "/portfolio/") -> TestResponse:
        text = self.client.get(self.home + seen).text
        hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', text) for name in ("csrf_token", "version")}
        known = {name: found[1] for name, found in hidden.items() if found}
        return self.client.post(self.home + page, data={**known, **fields})


@pytest.fixture
def case(world: World) -> Application:
    """A draft with an empty folder."""
    return world.filled(SPB, way="")


@pytest.fixture
def cabinet(sign_in: SignIn, world: World, case: Application) -> Cabinet:
    """Its teacher."""
    return Cabinet(sign_in(world.teacher), case)


def file(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def messages(answer: TestResponse) -> list[str]:
    assert faults(answer.text, "Аттестация педагогов") == []
    return [message.text for message in read(answer.text)[0].one("main").all("p", class_="message")]


# --- Lines ------------------------------------------------------------------------------------------------------------------


def test_the_page_states_limits_before_choosing(cabinet: Cabinet, case: Application) -> None:
    page = cabinet.open()
    assert page.h1 == "Индивидуальная папка"
    hint = page.root.one("p", id="files-hint").text
    assert hint.startswith("PDF или JPEG до 3 МБ каждый, до 10 файлов за раз (пункт 2.6.2).")
    chooser = page.root.one("input", id="files")
    assert (chooser.attributes["accept"], "multiple" in chooser.attributes) == (".jpg,.jpeg,.pdf", True)
    groups = page.root.one("select", id="criterion").all("optgroup")
    assert [group.attributes["label"].split(".")[0] for group in groups if group.attributes["label"]] == [
        section.number for section in folder.form_of(case).sections
    ]


def test_a_line_with_files_is_added_and_its_sheets_counted(cabinet: Cabinet, case: Application) -> None:
    files = [file(scans.pdf(pages=3), "Приказ.pdf"), file(scans.jpeg(), "Оборот.jpg")]
    answer = cabinet.send("/portfolio/lines", {**ROW, "sheets": "", "files": files})
    paper = folder.papers_of(case)[0]
    assert (answer.status_code, answer.location) == (303, f"{cabinet.home}/portfolio/#line-{paper.id}")
    assert (paper.title, paper.sheets, [(one.name, one.pages) for one in paper.files]) == (
        "Приказ о поощрении",
        4,
        [("Приказ.pdf", 3), ("Оборот.jpg", 1)],
    )
    page = cabinet.open()
    line = page.root.one("li", id=f"line-{paper.id}")
    links = {link.text: link.attributes["href"] for link in line.all("a")}
    assert links["Приказ.pdf"] == f"/account/files/{next(iter(paper.files)).id}"
    size = sum(one.size for one in paper.files)
    assert (
        page.root.one("ul", class_="folder-totals").text == f"1 документ 2 файла, {size / 1024:.0f} КБ 4 листа с одной стороны"
    )
    assert [message.text for message in page.main.all("p", class_="message")] == ["Приложено файлов: 2."]


def test_files_that_are_refused_stop_no_other(cabinet: Cabinet, case: Application) -> None:
    files = [file(scans.png(), "фото.jpg"), file(scans.pdf(), "Приказ.pdf"), file(b"", "пусто.pdf")]
    assert cabinet.send("/portfolio/lines", {**ROW, "files": files}).status_code == 303
    said = [message.text for message in cabinet.open().main.all("p", class_="message")]
    by = "(пункт 2.6.2 регламента)"
    assert said == [
        f"Файл «фото.jpg» не принят: по содержанию это PNG. Сохраните документ как PDF или JPEG до 3 МБ. {by}",
        f"Файл «пусто.pdf» не принят: файл пуст. Проверьте его и выберите ещё раз. {by}",
        "Файл приложен.",
    ]
    assert [[one.name for one in paper.files] for paper in folder.papers_of(case)] == [["Приказ.pdf"]]


def test_a_refused_line_keeps_what_was_typed(cabinet: Cabinet, case: Application) -> None:
    answer = cabinet.send("/portfolio/lines", {**ROW, "sheets": "много"})
    assert (answer.status_code, messages(answer)) == (409, ["Укажите число листов от 0 до 1000."])
    typed = read(answer.text)[0]
    assert [typed.one("input", id=name).attributes["value"] for name in ("title", "sheets")] == ["Приказ о поощрении", "много"]
    answer = cabinet.send("/portfolio/lines", {**ROW, "title": ""})
    assert (answer.status_code, messages(answer)) == (409, ["Заполните поле «Документ»."])
    answer = cabinet.send("/portfolio/lines", {**ROW, "state": "ксерокс"})
    assert (answer.status_code, messages(answer)) == (422, ["Исправьте отмеченные поля."])
    assert folder.papers_of(case) == []


def test_a_line_is_edited_moved_and_removed(cabinet: Cabinet, case: Application) -> None:
    for title in ("Приказ", "Диплом"):
        cabinet.send("/portfolio/lines", {**ROW, "title": title})
    first, second = folder.papers_of(case)
    page = cabinet.open(f"/portfolio/lines/{first.id}")
    assert (page.h1, page.root.one("input", id="title").attributes["value"]) == ("Строка 1 описи", "Приказ")
    fields = {**ROW, "title": "Приказ № 5", "sheets": ""}
    cabinet.send(f"/portfolio/lines/{first.id}", fields, seen=f"/portfolio/lines/{first.id}")
    assert [(paper.title, paper.sheets) for paper in folder.papers_of(case)] == [("Приказ № 5", 2), ("Диплом", 2)]
    cabinet.send(f"/portfolio/lines/{second.id}/up", {})
    assert [paper.title for paper in folder.papers_of(case)] == ["Диплом", "Приказ № 5"]
    cabinet.send(f"/portfolio/lines/{second.id}/down", {})
    assert cabinet.send(f"/portfolio/lines/{first.id}/remove", {}).status_code == 303
    assert [(paper.number, paper.title) for paper in folder.papers_of(case)] == [(1, "Диплом")]
    assert cabinet.open(f"/portfolio/lines/{first.id}", 404).status == 404


def test_a_second_window_is_told_and_loses_nothing(cabinet: Cabinet, case: Application, world: World) -> None:
    cabinet.send("/portfolio/lines", ROW)
    for page in ("/portfolio/lines", f"/portfolio/lines/{folder.papers_of(case)[0].id}/remove"):
        answer = cabinet.send(page, {**ROW, "title": "Из второго окна", "version": "1"})
        assert answer.status_code == 409
        assert "уже изменено" in messages(answer)[0]
    assert [paper.title for paper in folder.papers_of(case)] == ["Приказ о поощрении"]


# --- Files ------------------------------------------------------------------------------------------------------------------


def test_files_are_added_to_a_line_and_taken_out(cabinet: Cabinet, case: Application) -> None:
    cabinet.send("/portfolio/lines", ROW)
    paper = folder.papers_of(case)[0]
    assert cabinet.send(f"/portfolio/lines/{paper.id}/files", {"files": [file(scans.pdf(), "a.pdf")]}).status_code == 303
    kept = CaseFile.get(CaseFile.paper == paper)
    answer = cabinet.send(f"/portfolio/lines/{paper.id}/files", {"files": []})
    assert (answer.status_code, messages(answer)) == (422, ["Выберите файлы."])
    answer = cabinet.send(f"/portfolio/lines/{paper.id}/files", {"files": [file(scans.encrypted_pdf(), "b.pdf")]})
    assert answer.status_code == 409
    assert cabinet.send(f"/portfolio/files/{kept.id}/remove", {}).status_code == 303
    assert [list(one.files) for one in folder.papers_of(case)] == [[]]
    assert cabinet.send(f"/portfolio/files/{kept.id}/remove", {}).status_code == 409


def test_more_than_one_request_holds_is_said_with_its_size(cabinet: Cabinet, case: Application) -> None:
    answer = cabinet.send("/portfolio/lines", {**ROW, "files": [file(b"%PDF-" + b"0" * 33 * scans.MEGABYTE, "том.pdf")]})
    assert answer.status_code == 413
    assert "Вы отправили 33,0\xa0МБ, а за один раз принимаем до 31,0\xa0МБ." in answer.text
    assert folder.papers_of(case) == []


def test_more_files_than_are_taken_at_once(cabinet: Cabinet, case: Application) -> None:
    files = [file(scans.pdf(pages=pages), f"{pages}.pdf") for pages in range(1, 13)]
    cabinet.send("/portfolio/lines", {**ROW, "files": files})
    assert len(list(folder.papers_of(case)[0].files)) == 10
    said = [message.text for message in cabinet.open().main.all("p", class_="message")]
    assert said[0].startswith("За один раз прикладывают до 10 файлов")


def test_a_full_disk_is_said_and_loses_nothing(cabinet: Cabinet, case: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    cabinet.send("/portfolio/lines", ROW)
    paper = folder.papers_of(case)[0]

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    cabinet.client.application.testing = False
    answer = cabinet.send(f"/portfolio/lines/{paper.id}/files", {"files": [file(scans.pdf(), "a.pdf")]})
    monkeypatch.undo()
    assert (answer.status_code, "На сервере кончилось место" in answer.text) == (507, True)
    assert [list(one.files) for one in folder.papers_of(case)] == [[]]


def test_the_page_of_a_long_folder_costs_no_more_queries(cabinet: Cabinet, case: Application, world: World) -> None:
    def cost() -> int:
        with count_queries() as counter:
            assert cabinet.client.get(f"{cabinet.home}/portfolio/").status_code == 200
        return int(counter.count)

    world.paper(case, "Первый")
    cost()  # the first page of a process asks for what does not change
    few = cost()
    for number in range(15):
        world.paper(case, f"Документ {number}")
    assert (cost(), few) == (8, 8)


def test_the_paper_on_the_previous_category_is_attached_until_the_case_is_filed(
    cabinet: Cabinet, case: Application, world: World
) -> None:
    assert cabinet.open().root.all("input", id="previous-files") == []
    Application.update(held_category="first").where(Application.id == case.id).execute()
    assert "Приложите копию документа о прежней категории." in cabinet.open().text
    files = [file(scans.pdf(), "Распоряжение.pdf"), file(scans.png(), "фото.jpg")]
    answer = cabinet.send("/portfolio/previous", {"files": files})
    assert (answer.status_code, answer.location) == (303, f"{cabinet.home}/portfolio/#previous")
    kept = CaseFile.get(CaseFile.kind == "previous_category")
    assert (kept.name, kept.paper_id) == ("Распоряжение.pdf", None)
    assert cabinet.open().links()["Распоряжение.pdf"] == f"/account/files/{kept.id}"
    assert cabinet.send("/portfolio/previous", {"files": []}).status_code == 422
    assert cabinet.send(f"/portfolio/files/{kept.id}/remove", {}).status_code == 409
    assert cabinet.send(f"/portfolio/previous/{kept.id}/remove", {}).status_code == 303
    assert CaseFile.get_by_id(kept.id).removed_at is not None
    filed = {"status": "received", "number": "2026-000001-1", "filed_on": world.now.date()}
    Application.update(filed).where(Application.id == case.id).execute()
    assert cabinet.open().root.all("input", id="previous-files") == []
    assert cabinet.send("/portfolio/previous", {"files": [file(scans.pdf(), "b.pdf")]}).status_code == 409


# --- Score, inventory, confirmation -------------------------------------------------------------------------------------------


def test_the_own_score_says_which_rows_have_papers(cabinet: Cabinet, case: Application, world: World) -> None:
    form = folder.folder_of(case).form
    ticked = [row for row in form.criteria if not folder.worksheet.counts(row) and not row.negative][:2]
    world.paper(case, "Диплом", criterion=ticked[0].clause)
    page = cabinet.open("/portfolio/score")
    assert page.h1 == "Самооценка"
    fields = {"position": form.positions[1], **{f"c-{row.clause}-1": "1" for row in ticked}}
    assert cabinet.send("/portfolio/score", fields, seen="/portfolio/score").status_code == 302
    page = cabinet.open("/portfolio/score")
    said = [one.attributes for one in page.root.all("p", class_="row-proofs")]
    rows = {one["data-unproved"]: "hidden" not in one for one in said if "data-unproved" in one}
    assert rows[ticked[1].clause] is True and ticked[0].clause not in rows
    assert sum(rows.values()) == 1
    own = cabinet.open().root.one("dl", class_="own-rows")
    assert [one.text for one in own.all("dd")] == ["№ 1", "нет документа"]


def test_what_cannot_be_counted_stays_on_the_page(cabinet: Cabinet, case: Application) -> None:
    form = folder.folder_of(case).form
    row = next(row for row in form.criteria if folder.worksheet.counts(row))
    fields = {"position": form.positions[1], f"c-{row.clause}-1": "много"}
    answer = cabinet.send("/portfolio/score", fields, seen="/portfolio/score")
    assert answer.status_code == 422
    assert faults(answer.text, "Аттестация педагогов") == []
    assert read(answer.text)[0].one("input", id=f"c-{row.clause}-1").attributes["value"] == "много"


def test_the_inventory_is_printed_from_the_lines(cabinet: Cabinet, case: Application) -> None:
    cabinet.send("/portfolio/lines", {**ROW, "title": "Диплом победителя", "sheets": "17", "state": "оригинал"})
    answer = cabinet.client.get(f"{cabinet.home}/inventory.pdf")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "private, no-store")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    words = " ".join(text.split())
    assert "Чернильницына Вера Павловна" in words and "ГБОУ школа № 901" in words
    assert all(word in words for word in ("Диплом победителя", "17", "оригинал"))
    assert "МФЦ сканирует не больше 15" in cabinet.open().text


def test_the_folder_of_the_oblast_is_confirmed_once(sign_in: SignIn, world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_assigned")
    cabinet = Cabinet(sign_in(world.teacher), case)
    assert "Подтвердить портфолио" in [button.text for button in cabinet.open().main.all("button")]
    answer = cabinet.send("/portfolio/confirm", {})
    assert (answer.status_code, answer.location) == (302, f"{cabinet.home}/")
    assert Application.get_by_id(case.id).status == "portfolio_confirmed"
    page = cabinet.open()
    assert "Папка закрыта: документы можно читать, но не менять." in page.text
    assert page.main.all("form") == []
    assert cabinet.client.post(f"{cabinet.home}/portfolio/confirm").status_code == 400
    assert cabinet.send("/portfolio/lines", ROW, seen="/").status_code in {400, 409}


# --- The appointment ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def times() -> list[Slot]:
    """Two free times of the coming days."""
    start = (utc_now() + dt.timedelta(days=2)).replace(hour=7, minute=0, second=0, microsecond=0)
    return [Slot.create(starts_at=start + dt.timedelta(days=days), window=1, place=PLACE) for days in (0, 1)]


def test_a_time_is_booked_moved_and_given_back(cabinet: Cabinet, case: Application, times: list[Slot]) -> None:
    page = cabinet.open("/appointment")
    assert [field.attributes["value"] for field in page.root.all("input", name="slot")] == [str(slot.id) for slot in times]
    assert "10:00" in page.text and PLACE in page.text and "пункт 2.4" in page.text

    def book(slot: object) -> TestResponse:
        return cabinet.send("/appointment", {"slot": slot}, seen="/appointment")

    assert book(times[0].id).status_code == 303
    assert appointments.booked(case) == times[0]
    page = cabinet.open("/appointment")
    assert "Вы записаны" in page.text and "Перенести запись" in page.text
    calendar = cabinet.client.get(f"{cabinet.home}/appointment.ics")
    assert (calendar.status_code, calendar.mimetype) == (200, "text/calendar")
    assert f"DTSTART:{times[0].starts_at:%Y%m%dT%H%M%SZ}" in calendar.text
    assert book(times[1].id).status_code == 303
    assert appointments.booked(case) == times[1]
    assert cabinet.send("/appointment/cancel", {}, seen="/appointment").status_code == 303
    assert appointments.booked(case) is None
    assert cabinet.client.get(f"{cabinet.home}/appointment.ics").status_code == 404


def test_a_taken_time_is_said_and_nothing_is_booked(
    cabinet: Cabinet, case: Application, times: list[Slot], world: World
) -> None:
    world.book(world.filled(SPB, way="", teacher=world.other_teacher), times[0])
    answer = cabinet.send("/appointment", {"slot": times[0].id}, seen="/appointment")
    assert (answer.status_code, messages(answer)[0]) == (409, appointments.TAKEN)
    for nothing in ("", "x", "-1", str(2**40)):
        answer = cabinet.send("/appointment", {"slot": nothing}, seen="/appointment")
        assert (answer.status_code, messages(answer)[0]) == (422, "Выберите день и время.")
    assert appointments.booked(case) is None


def test_the_oblast_has_no_appointments(sign_in: SignIn, world: World) -> None:
    cabinet = Cabinet(sign_in(world.teacher), world.filled(LENOBL))
    assert cabinet.open("/appointment", 404).status == 404


# --- Doors ------------------------------------------------------------------------------------------------------------------

DOORS = """
    GET /portfolio/
    POST /portfolio/lines
    GET /portfolio/lines/{paper}
    POST /portfolio/lines/{paper}
    POST /portfolio/lines/{paper}/remove
    POST /portfolio/lines/{paper}/up
    POST /portfolio/lines/{paper}/down
    POST /portfolio/lines/{paper}/files
    POST /portfolio/files/{file}/remove
    POST /portfolio/previous
    POST /portfolio/previous/{file}/remove
    GET /portfolio/score
    POST /portfolio/score
    POST /portfolio/confirm
    GET /inventory.pdf
    GET /appointment
    POST /appointment
    POST /appointment/cancel
    GET /appointment.ics
"""


def test_a_folder_is_nobodys_but_the_teachers(sign_in: SignIn, world: World) -> None:
    case = world.filled(SPB)
    paper = folder.papers_of(case)[0]
    before = (Paper.select().count(), CaseFile.select().where(CaseFile.removed_at.is_null()).count())
    people = (world.other_teacher, world.cast.secretary, world.cast.expert, world.cast.admin)
    for client in map(sign_in, people):
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account/").text)
        assert token
        for line in DOORS.split("\n"):
            if not line.strip():
                continue
            method, address = line.split()
            path = address.format(paper=paper.id, file=next(iter(paper.files)).id)
            answer = client.open(
                f"/account/applications/{case.id}{path}", method=method, data={"csrf_token": token[1], "version": "1"}
            )
            assert answer.status_code == 404, line
    assert before == (Paper.select().count(), CaseFile.select().where(CaseFile.removed_at.is_null()).count())
