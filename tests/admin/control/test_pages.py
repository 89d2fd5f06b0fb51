"""The pages of control: who opens them, what they show, that typed answers are kept, how many queries they cost."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from playhouse.test_utils import count_queries

from attestation.admin import worker
from attestation.admin.acts.control import inspections
from attestation.models import (
    Application,
    CaseEvent,
    CaseFile,
    Destruction,
    Duty,
    InspectedCase,
    Inspection,
    Job,
    JournalCheck,
    JournalEntry,
    Letter,
    User,
    utc_now,
)
from attestation.procedure.words import CaseRole
from attestation.site import files, seals
from attestation.site.control import samples
from attestation.site.dates import day_of
from attestation.tests.admin.conftest import send
from attestation.tests.cases import SPB, World
from attestation.tests.inspection import open_page

from .conftest import RIGHT

SignInAs = Callable[[User], FlaskClient]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def client(app: Flask, world: World, sign_in: SignInAs) -> FlaskClient:
    """The head of the department."""
    return sign_in(world.cast.controller)


@pytest.fixture
def last_quarter(world: World) -> list[Application]:
    """Three cases closed in the quarter before this one."""
    begins, _ = samples.days_of(*samples.quarter_of(day_of(utc_now())))
    cases = [world.walk(world.filled(SPB), "withdrawn") for _ in range(3)]
    ids = [case.id for case in cases]
    Application.update(closed_on=begins - dt.timedelta(days=1)).where(Application.id.in_(ids)).execute()
    return [Application.get_by_id(id) for id in ids]


def work(app: Flask) -> None:
    """The worker does what waits, but sends no letters."""
    Job.delete().where(Job.kind == "letter").execute()
    parts = app.extensions["attestation"]
    worker.run_pending(parts.settings, parts.index)


# --- First page -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("controller", ["Проверки дел", "Сроки", "Сроки хранения", "Целостность журнала"]),
        ("secretary", ["Сроки"]),
        ("chairperson", ["Сроки"]),
        ("admin", ["Целостность журнала"]),
    ],
)
def test_each_finds_what_they_may_open(app: Flask, world: World, sign_in: SignInAs, who: str, titles: list[str]) -> None:
    client = sign_in(getattr(world.cast, who))
    page = open_page(client, "/admin/control/")
    assert [heading.text for heading in page.main.all("h2")] == titles
    for link in page.main.all("a"):
        assert open_page(client, link.attributes["href"]).status == 200


# --- Inspections ------------------------------------------------------------------------------------------------------------


def test_from_the_sample_to_the_act(app: Flask, client: FlaskClient, last_quarter: list[Application]) -> None:
    page = open_page(client, "/admin/control/inspections/")
    assert "Проверок ещё не было." in page.text
    year = page.main.one("input", name="year").attributes["value"]
    quarter = next(one for one in page.main.one("select", name="quarter").all("option") if "selected" in one.attributes)
    first, _last = samples.days_of(int(year), int(quarter.attributes["value"]))
    assert first < last_quarter[0].closed_on
    form = {"year": year, "quarter": quarter.attributes["value"], "percent": "100"}
    answer = send(client, "/admin/control/inspections/", **form)
    inspection = Inspection.get()
    place = f"/admin/control/inspections/{inspection.id}/"
    assert (answer.status_code, answer.location) == (303, place)
    again = send(client, "/admin/control/inspections/", **form)
    assert (again.status_code, "уже идёт" in again.text, f'value="{year}"' in again.text) == (409, True, True)
    assert "Не проверено дел: 3." in open_page(client, place).text
    for one in inspection.cases.order_by(InspectedCase.place):
        page = open_page(client, f"{place}{one.place}/")
        assert str(one.application) in page.h1
        answers = {**RIGHT, "terms": "wrong" if one.place == 1 else "right"}
        done = send(client, f"{place}{one.place}/", **answers, remarks="Опоздали на день", proposals="Следить за сроком")
        assert (done.status_code, done.location) == (303, f"{place}{one.place + 1}/" if one.place < 3 else place)
    page = open_page(client, place)
    assert "нарушений: 1" in page.text
    assert send(client, f"{place}close", place, proposals="Провести занятие").status_code == 303
    assert client.get(f"{place}act.pdf").status_code == 404
    assert "изготавливается" in open_page(client, place).text
    work(app)
    page = open_page(client, place)
    assert "Акт изготовлен и зафиксирован." in page.text
    pdf = client.get(f"{place}act.pdf")
    kept = Inspection.get()
    assert (pdf.mimetype, pdf.data[:5], len(pdf.data)) == ("application/pdf", b"%PDF-", kept.act_size)
    assert files.verify(app.extensions["attestation"].settings.control_dir, kept.act_sha256 or "")
    closed = open_page(client, f"{place}1/")
    assert "ответы больше не меняются" in closed.text
    assert not closed.main.all("textarea")


def test_typed_answers_are_kept_when_they_are_refused(
    client: FlaskClient, last_quarter: list[Application], world: World
) -> None:
    year, quarter = samples.quarter_of(last_quarter[0].closed_on)
    by = world.cast.controller
    made = inspections.appoint_planned(year, quarter, percent=5, seed="a1", by=by, on=utc_now())
    place = f"/admin/control/inspections/{made.id}/1/"
    refused = send(client, place, **{**RIGHT, "terms": "wrong"}, remarks="", proposals="Проверить остальные")
    assert refused.status_code == 409
    assert "напишите, в чём оно" in refused.text
    assert "Проверить остальные</textarea>" in refused.text
    assert send(client, place, remarks="Слово").status_code == 422
    assert send(client, place, **RIGHT, version="7").status_code == 409
    assert InspectedCase.get(InspectedCase.inspection == made, InspectedCase.place == 1).checked_at is None
    for wrong in ("99/", "0/", "999999999999/"):
        assert client.get(f"/admin/control/inspections/{made.id}/{wrong}").status_code == 404


def test_one_case_is_checked_for_a_reason(client: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB), "received")
    listed = "/admin/control/inspections/"
    where = f"{listed}unscheduled"
    assert f'value="{case.number}"' in client.get(f"{listed}?case={case.number}").text
    assert send(client, where, listed, number="чепуха", basis="жалоба").status_code == 422
    assert send(client, where, listed, number=case.number, basis="").status_code == 422
    assert send(client, where, listed, number=f"№ {case.number}", basis="жалоба № 7").status_code == 303
    made = Inspection.get()
    assert (made.basis, [one.application for one in made.cases]) == ("жалоба № 7", [case])
    assert send(client, where, listed, number=case.number, basis="снова").status_code == 409


def test_the_list_of_inspections_costs_no_more_queries(client: FlaskClient, world: World) -> None:
    def cost(path: str) -> int:
        with count_queries() as counter:
            assert client.get(path).status_code == 200
        return int(counter.count)

    def appoint() -> Inspection:
        case = world.walk(world.filled(SPB), "received")
        return inspections.appoint_unscheduled(case, "жалоба", by=world.cast.controller, on=utc_now())

    made = appoint()
    cost("/admin/control/inspections/")
    few = cost("/admin/control/inspections/"), cost(f"/admin/control/inspections/{made.id}/")
    for place in (2, 3, 4):
        other = appoint().cases.get()
        InspectedCase.create(inspection=made, application=other.application, place=place)
    assert (cost("/admin/control/inspections/"), cost(f"/admin/control/inspections/{made.id}/")) == few


# --- Terms ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def late(world: World) -> Application:
    """A registration that should have been made a week ago."""
    case = world.walk(world.filled(SPB), "received")
    day = day_of(utc_now()) - dt.timedelta(days=7)
    Duty.update(due_on=day).where(Duty.application == case, Duty.role == CaseRole.REGISTRAR).execute()
    CaseEvent.update(day=day - dt.timedelta(days=5)).where(CaseEvent.application == case).execute()
    return case


def test_the_report_leads_to_the_cases(client: FlaskClient, late: Application) -> None:
    page = open_page(client, "/admin/control/terms/")
    assert "Регистрация заявления с портала" in page.text
    today, period = (table.all("tr")[1:] for table in page.main.all("table"))
    assert any("Регистрация заявления с портала" in row.text for row in today)
    broken = next(
        link for link in page.main.all("a") if "state=broken" in link.attributes["href"] and "term=" in link.attributes["href"]
    )
    listed = open_page(client, broken.attributes["href"])
    assert listed.h1 == "Сегодня срок нарушен: регистрация заявления с портала"
    row = listed.main.all("tr")[1]
    assert row.one("th").one("a").text == str(Application.get_by_id(late.id))
    assert row.all("td")[4].text == "7"
    assert open_page(client, row.one("a").attributes["href"]).status == 200
    behind = next(
        link
        for link in page.main.all("a")
        if "since=" in link.attributes["href"] and "term=registration" in link.attributes["href"]
    )
    listed = open_page(client, behind.attributes["href"])
    assert listed.h1.startswith("Нарушенные сроки с ")
    assert period


def test_the_report_as_files(client: FlaskClient, late: Application) -> None:
    text = client.get("/admin/control/terms/export.csv?state=broken").text
    lines = text.removeprefix("\ufeff").split("\r\n")
    assert lines[0] == ("Что;Состояние;Срок;Пункт;Кто отвечает;Фамилия, имя, отчество;Срок до;Исполнено;Просрочено, дней")
    assert lines[1].startswith(f"№ {Application.get_by_id(late.id).number};")
    assert lines[1].endswith(";7")
    today = day_of(utc_now())
    book = load_workbook(io.BytesIO(client.get(f"/admin/control/terms/export.xlsx?since=2026-01-01&until={today}").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][0] == "Что"
    assert [row[0] for row in rows[1:]] == [str(Application.get_by_id(late.id))]
    told = JournalEntry.select().where(JournalEntry.verb == "export_terms")
    assert [entry.details for entry in told] == ["строк: 1", "строк: 1"]


@pytest.mark.parametrize("query", ["edition=x", "term=x", "role=x", "state=x", "page=0", "page=9", "page=x", "term=%00"])
def test_addresses_that_ask_for_nothing_that_is_there(client: FlaskClient, query: str) -> None:
    assert client.get(f"/admin/control/terms/cases?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["since=x&until=y", "since=2026-01-01", "since=2026-02-01&until=2026-01-01", "since=1900-01-01&until=2026-01-01"]
)
def test_a_period_that_is_none_is_told(client: FlaskClient, query: str) -> None:
    page = open_page(client, f"/admin/control/terms/?{query}")
    assert "Показан текущий квартал." in page.text


def test_the_report_costs_no_more_queries_with_more_cases(client: FlaskClient, late: Application, world: World) -> None:
    def cost(path: str) -> int:
        with count_queries() as counter:
            assert client.get(path).status_code == 200
        return int(counter.count)

    paths = ("/admin/control/terms/", "/admin/control/terms/cases?state=broken")
    [cost(path) for path in paths]
    few = [cost(path) for path in paths]
    for _ in range(3):
        case = world.walk(world.filled(SPB), "received")
        Duty.update(due_on=dt.date(2026, 3, 1)).where(Duty.application == case).execute()
    assert [cost(path) for path in paths] == few


# --- Retention --------------------------------------------------------------------------------------------------------------


def test_from_the_dry_run_to_the_act(app: Flask, client: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB), "withdrawn")
    Application.update(closed_on=dt.date(2020, 1, 10)).where(Application.id == case.id).execute()
    CaseEvent.update(day=dt.date(2020, 1, 10)).where(CaseEvent.application == case).execute()
    Job.delete().execute()
    Letter.delete().execute()
    page = open_page(client, "/admin/control/retention/")
    ticked = [one.attributes["value"] for one in page.main.all("input", type="checkbox") if "checked" in one.attributes]
    assert ticked == ["portfolios", "inventories"]
    answer = send(client, "/admin/control/retention/", store=ticked)
    made = Destruction.get()
    place = f"/admin/control/retention/{made.id}/"
    assert (answer.status_code, answer.location) == (303, place)
    assert send(client, "/admin/control/retention/", store=ticked).status_code == 409
    page = open_page(client, place)
    assert f"Заявление {Application.get_by_id(case.id)}: документ папки" in page.text
    sure = send(client, f"{place}confirm", place, count="3")
    assert (sure.status_code, "Отметьте, что список проверен" in sure.text) == (422, True)
    assert send(client, f"{place}confirm", place, count="2", sure="yes").status_code == 409
    assert CaseFile.select().where(CaseFile.application == case).count() == 2
    assert send(client, f"{place}confirm", place, count="3", sure="yes").status_code == 303
    work(app)
    page = open_page(client, place)
    assert "Акт изготовлен и зафиксирован." in page.text
    assert client.get(f"{place}act.pdf").data[:5] == b"%PDF-"
    assert CaseFile.select().where(CaseFile.application == case).count() == 0
    assert open_page(client, f"/admin/cases/{case.id}/").status == 200


def test_nothing_to_destroy_is_said(client: FlaskClient) -> None:
    Job.delete().execute()
    page = open_page(client, "/admin/control/retention/")
    assert "Уничтожать нечего: сроки хранения не вышли." in page.text
    assert send(client, "/admin/control/retention/", store="jobs").status_code == 409


def test_a_list_is_dropped(client: FlaskClient) -> None:
    old = utc_now() - dt.timedelta(days=100)
    Job.create(kind="search", target=0, state="done", finished_at=old)
    send(client, "/admin/control/retention/", store="jobs")
    made = Destruction.get()
    answer = send(client, f"/admin/control/retention/{made.id}/drop", f"/admin/control/retention/{made.id}/")
    assert (answer.status_code, Destruction.get().state) == (303, "dropped")
    assert "отклонён" in open_page(client, "/admin/control/retention/").text


# --- The journal's chain ----------------------------------------------------------------------------------------------------


def test_the_chain_is_shown_and_verified(app: Flask, client: FlaskClient, world: World) -> None:
    world.walk(world.filled(SPB), "received")
    page = open_page(client, "/admin/control/journal/")
    assert "Цепочку ещё не проверяли." in page.text
    worker.seal_journal()
    assert seals.head().hash in open_page(client, "/admin/control/journal/").text
    assert send(client, "/admin/control/journal/").status_code == 303
    assert "Проверка идёт" in open_page(client, "/admin/control/journal/").text
    work(app)
    check = JournalCheck.get()
    assert (check.by, check.finding) == (world.cast.controller, "")
    page = open_page(client, "/admin/control/journal/")
    assert "Цепочка цела." in page.text
    JournalCheck.create(at=utc_now(), sealed=2, head="0" * 64, finding="Звено 3: записи журнала 3 больше нет.")
    page = open_page(client, "/admin/control/journal/")
    assert "Цепочка нарушена. Звено 3: записи журнала 3 больше нет." in page.text
