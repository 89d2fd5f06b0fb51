"""«Проверьте ответы», the number, the receipt."""

import datetime as dt
import io
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pypdf
import pytest
from flask import Flask
from playhouse.test_utils import count_queries

from attestation.models import Application, CaseFile, CaseSequence, JournalEntry, User
from attestation.procedure.numbers import parse
from attestation.site import files
from attestation.site.settings import Settings
from attestation.tests.account.applying.conftest import SetClock, Visitor, at, page_of
from attestation.tests.cases import LENOBL, SPB, World

EDITIONS = (SPB, LENOBL)


def kept(case: Application) -> Application:
    return Application.get_by_id(case.id)


# --- The check --------------------------------------------------------------------------------------------------------------


def test_the_check_shows_all_answers_with_ways_to_change_them(world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    page = teacher.open(at(case, "check"))
    shown = {row.one("dt").text: row.one("dd").text for row in page.main.all("div") if row.all("dt")}
    assert shown["7. Наименование занимаемой должности"] == "Учитель математики"
    assert shown["13. По должности (наименование должности в соответствии с пунктом 7)"] == "Учитель математики"
    assert shown["15. Телефон служебный"] == "не заполнено"
    numbers = [int(found[0]) for name in shown if (found := re.match(r"\d+", name))]
    assert sorted(numbers) == list(range(1, 19))
    steps = [address.rpartition("/")[2] for address in page.links().values() if "/steps/" in address]
    assert steps == ["person", "work", "rubric", "category", "sitting", "folder"]
    assert [item.one("a").text for item in page.main.one("ul", class_="file-list").all("li")] == ["1.pdf", "2.pdf"]
    assert page.main.one("input", name="confirmed").attributes.get("checked") is None


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_missing_leads_to_where_it_is_mended(world: World, teacher: Visitor, edition: str) -> None:
    case = world.filled(
        edition, way="", answers={"surname": "Кляксина"}, category="highest", held_category="first", complete=False
    )
    page = teacher.open(at(case, "check"))
    links = {link.text: link.attributes["href"] for link in page.main.one("div", class_="wrong").all("a")}
    assert links["Строка 2, «Имя». Заполните эту строку."] == at(case, "steps/person#name")
    assert links["Строка 14, «Аттестацию на заседании аттестационной комиссии прошу провести». Выберите ответ."] == at(
        case, "steps/sitting#presence"
    )
    document = {SPB: "Не приложена копия документа о прежней категории", LENOBL: "Не приложен документ о предыдущей аттестации"}
    assert links[document[edition]] == at(case, "steps/category")
    folder = [text for text in links if text.startswith("Не выбран способ подачи папки")]
    assert len(folder) == (1 if edition == SPB else 0)


# --- Submitting -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_filed_application_has_its_number_before_its_teacher(world: World, teacher: Visitor, edition: str) -> None:
    case = world.filled(edition)
    answer = teacher.send(at(case, "check"), confirmed="да")
    assert answer.location == at(case, "submitted")
    page = teacher.open(answer.location)
    number = page.main.one("p", class_="case-number").text
    assert number == kept(case).number == str(parse(number))
    assert page.links()["Скачать расписку"] == at(case, "receipt.pdf")
    assert page.main.one("caption").text == "Шаги и сроки по порядку"


def test_an_unticked_box_is_told(world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    page = page_of(teacher.send(at(case, "check")), 422)
    assert page.main.one("p", id="e-confirmed").text.startswith("Отметьте, что сведения достоверны")
    assert (kept(case).status, CaseSequence.select().count()) == ("draft", 0)


def test_a_second_press_finds_it_filed(world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    fields = {**teacher.fields(at(case, "check")), "confirmed": "да"}
    answers = [teacher.client.post(at(case, "check"), data=fields) for _ in range(2)]
    assert [answer.location for answer in answers] == [at(case, "submitted")] * 2
    assert CaseSequence.get().last == 1


def test_presses_at_once_give_one_number(app: Flask, world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    fields = {**teacher.fields(at(case, "check")), "confirmed": "да"}
    cookie = teacher.client.get_cookie("attestation")
    gate = threading.Barrier(3)

    def press(_: int) -> str:
        client = app.test_client()
        client.set_cookie("attestation", cookie.value)
        gate.wait()
        return client.post(at(case, "check"), data=fields).location

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(press, range(3))) == {at(case, "submitted")}
    assert (CaseSequence.get().last, JournalEntry.select().where(JournalEntry.verb == "case_submit").count()) == (1, 1)


def test_a_draft_that_changed_in_another_window_is_shown_anew(world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    fields = {**teacher.fields(at(case, "check")), "confirmed": "да"}
    teacher.send(at(case, "steps/work"), position="Учитель физики")
    page = page_of(teacher.client.post(at(case, "check"), data=fields), 409)
    assert "уже изменено" in page.text and "Учитель физики" in page.text
    assert kept(case).number is None


def test_what_is_missing_is_refused_with_its_sentence(world: World, teacher: Visitor) -> None:
    case = world.filled(SPB, way="")
    page = page_of(teacher.send(at(case, "check"), confirmed="да"), 409)
    assert "не выбран способ подачи папки" in page.text
    teacher.open(at(case, "check"))
    assert teacher.client.get(at(case, "submitted")).location == at(case, "check")


def test_submitting_costs_few_queries(world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    fields = {**teacher.fields(at(case, "check")), "confirmed": "да"}
    with count_queries() as counter:
        teacher.client.post(at(case, "check"), data=fields)
    assert kept(case).number
    assert counter.count <= 55


# --- The receipt ------------------------------------------------------------------------------------------------------------


def receipt_of(teacher: Visitor, case: Application) -> bytes:
    answer = teacher.client.get(at(case, "receipt.pdf"))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.data


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


def test_the_receipt_says_number_answers_files_and_terms(world: World, teacher: Visitor, settings: Settings) -> None:
    case = world.filled(SPB)
    teacher.send(at(case, "check"), confirmed="да")
    later = world.file(case, "other", "Позже.pdf", data=world.pdf + b"\n% later")
    CaseFile.update(added_at=world.now.replace(hour=20)).where(CaseFile.id == later.id).execute()
    data = receipt_of(teacher, case)
    text = text_of(data)
    number = kept(case).number
    assert f"Номер {number}" in text
    assert "10 марта 2026 года в 12:00, через личный кабинет" in text
    assert "Чернильницына Вера Павловна" in text and "ГБОУ школа № 901 г. Образцова" in text
    squeezed = text.replace(" ", "")
    brought = list(CaseFile.select().where(CaseFile.kind == "portfolio"))
    assert len(brought) == 2 and all(file.sha256 in squeezed and file.name in text for file in brought)
    assert later.sha256 not in squeezed
    # One working day for the registration, 30 and 90 calendar days for the rest, each by its clause.
    assert "до 11.03.2026 2.15" in text
    assert "до 09.04.2026 3.2.1" in text
    assert "до 08.06.2026 2.4" in text
    assert "http://127.0.0.1:8000/status" in text


def test_the_receipt_of_the_oblast_names_the_steps_whose_term_is_open(world: World, teacher: Visitor) -> None:
    case = world.filled(LENOBL)
    teacher.send(at(case, "check"), confirmed="да")
    text = text_of(receipt_of(teacher, case))
    assert "Подтверждение портфолио педагогический работник дата экспертизы 8" in text
    assert "не установлен" in text


def test_the_receipt_is_frozen(world: World, teacher: Visitor, settings: Settings) -> None:
    case = world.filled(SPB)
    teacher.send(at(case, "check"), confirmed="да")
    first = receipt_of(teacher, case)
    world.walk(kept(case), "accepted")
    assert receipt_of(teacher, case) == first
    (file,) = CaseFile.select().where(CaseFile.kind == "receipt")
    assert (file.sha256, file.name) == (files.freeze(settings.cases_dir, first, suffix=""), f"Расписка {kept(case).number}.pdf")
    assert kept(case).version == 4


def test_each_filing_has_its_own_receipt(world: World, teacher: Visitor, set_clock: SetClock) -> None:
    case = world.filled(LENOBL)
    teacher.send(at(case, "check"), confirmed="да")
    first = receipt_of(teacher, case)
    world.step(kept(case), "return_application")
    teacher.send(at(case, "steps/work"), position_years="13 лет")
    assert receipt_of(teacher, case) == first
    set_clock(world.now + dt.timedelta(days=1))
    teacher.send(at(case, "check"), confirmed="да")
    second = text_of(receipt_of(teacher, case))
    assert "11 марта 2026 года" in second and "13 лет" in second
    assert CaseFile.select().where(CaseFile.kind == "receipt").count() == 2


def test_a_draft_has_no_receipt(world: World, teacher: Visitor) -> None:
    teacher.open(at(world.filled(SPB), "receipt.pdf"), 404)


def test_two_ask_for_the_receipt_at_once(app: Flask, world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    teacher.send(at(case, "check"), confirmed="да")
    cookie = teacher.client.get_cookie("attestation")

    def ask(_: int) -> bytes:
        client = app.test_client()
        client.set_cookie("attestation", cookie.value)
        return client.get(at(case, "receipt.pdf")).data

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ask, range(2))
    assert first == second
    assert CaseFile.select().where(CaseFile.kind == "receipt").count() == 1


def test_a_representative_reads_the_receipt_and_nobody_else_does(
    world: World, teacher: Visitor, visitor: Callable[[User], Visitor]
) -> None:
    case = world.filled(SPB)
    world.represent(case)
    teacher.send(at(case, "check"), confirmed="да")
    data = receipt_of(teacher, case)
    assert visitor(world.proxy).client.get(at(case, "receipt.pdf")).data == data
    visitor(world.other_teacher).open(at(case, "receipt.pdf"), 404)
