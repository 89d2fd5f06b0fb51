"""The statistics that visitors see: counted from cases and orders, kept, shown as pictures and tables."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from attestation.admin import worker
from attestation.models import (
    Application,
    CaseEvent,
    Database,
    Job,
    Order,
    OrganizationDistrict,
    Publication,
    PublicationStep,
    Review,
)
from attestation.site import charts, yearbook
from attestation.site.cases import statistics as cases
from attestation.site.cases.statistics import Days
from attestation.site.settings import Settings
from attestation.site.statistics import Line, Table, folded_name
from attestation.tests.conftest import NOON, Cast, MakeOrder
from attestation.tests.inspection import open_page

DAY = dt.timedelta(days=1)


def rows(amount: int, position: str = "Учитель", organization: str = "ДОУ", category: str = "first", established: bool = True):
    return tuple((f"Фамилия{i}", "Анна", "", position, organization, category, established) for i in range(amount))


def case(cast: Cast, decision: str, published: dt.date, *, twice: bool = False, days: tuple[int, ...] = (3, 10)) -> None:
    """A finished case: registered so many days after it was filed, published so many days after that."""
    told = {
        "edition": "spb-2021-04-13",
        "channel": "portal",
        "status": "draft",
        "decision": decision,
        "entered_by": cast.secretary,
    }
    made = Application.create(**told)
    filed = published - dt.timedelta(days=sum(days))
    for name, day in (("filed", filed), ("registered", filed + dt.timedelta(days=days[0])), ("published", published)):
        CaseEvent.create(application=made, name=name, day=day)
    for role, expert in (("main_expert", cast.expert), ("second_expert", cast.leader))[: 1 + twice]:
        Review.create(application=made, role=role, expert=expert, assigned_at=NOON)


def test_cases_are_counted_by_the_year_of_their_publication(database: Database, cast: Cast) -> None:
    for _ in range(3):
        case(cast, "establish", dt.date(2026, 3, 1))
    case(cast, "refuse", dt.date(2026, 12, 31), twice=True)
    case(cast, "refuse", dt.date(2025, 1, 1))
    Application.create(edition="spb-2021-04-13", channel="portal", status="draft", decision="refuse", entered_by=cast.secretary)
    with assert_query_count(2):
        outcomes, reviews = cases.by_year()
    assert {year: dict(found) for year, found in outcomes.items()} == {2026: {"granted": 3, "refused": 1}, 2025: {"refused": 1}}
    assert {year: dict(found) for year, found in reviews.items()} == {2026: {"once": 3, "twice": 1}, 2025: {"once": 1}}


def test_days_are_told_by_quarters_and_not_of_a_few(database: Database, cast: Cast) -> None:
    for wait in (1, 2, 3, 4):
        case(cast, "establish", dt.date(2026, 3, 1), days=(wait, 10))
    before = {one.name: one[2:] for one in cases.days()}
    assert before["registration"] == (None, None, None, None) and before["review"] == (0, None, None, None)
    case(cast, "refuse", dt.date(2026, 3, 9), days=(10, 10))
    after = {one.name: one[2:] for one in cases.days()}
    assert after["registration"] == (5, 2, 3, 4)
    assert after["whole"] == (5, 12, 13, 14)


def test_what_was_counted_is_kept_until_something_changes(make_order: MakeOrder, settings: Settings, cast: Cast) -> None:
    assert yearbook.read(settings) is None and not yearbook.level(settings, on=NOON)
    make_order(rows=rows(6) + rows(7, "Воспитатель", "Лицей № 1", "highest") + rows(8, "Педагог", established=False))
    OrganizationDistrict.create(key=folded_name("ЛИЦЕЙ №1"), organization="Лицей № 1", district="Ясный")
    yearbook.make(settings, on=NOON)
    book = yearbook.read(settings)
    assert book and book.made_at == NOON and yearbook.level(settings, on=NOON)
    assert book.tables["years"].lines == (Line(2021, {"first": 6, "highest": 7, "refused": 8}, 21),)
    assert [row.name for row in book.tables["districts"].lines] == ["Ясный", "не указан"]
    assert book.tables["districts"].totals == Line("", {"first": 6, "highest": 7, "refused": 8}, 21)
    assert book.tables["outcomes"].lines == ()
    assert not yearbook.level(settings, on=NOON + DAY)
    order = make_order("2-р", dt.date(2022, 4, 1), rows(5))
    assert not yearbook.level(settings, on=NOON)
    yearbook.make(settings, on=NOON)
    assert [row.name for row in yearbook.read(settings).tables["years"].lines] == [2022, 2021]
    Order.update(status="withdrawn", withdrawn_at=NOON, withdrawal_reason="Ошибка").where(Order.id == order.id).execute()
    assert not yearbook.level(settings, on=NOON)
    yearbook.make(settings, on=NOON)
    OrganizationDistrict.create(key="доу", organization="ДОУ", district="Новый")
    assert not yearbook.level(settings, on=NOON)
    yearbook.make(settings, on=NOON)
    publication = Publication.create(order=order, by=cast.publisher, at=NOON)
    step = PublicationStep.create(publication=publication, name="close_cases")
    assert yearbook.level(settings, on=NOON)
    PublicationStep.update(done_at=NOON).where(PublicationStep.id == step.id).execute()
    assert not yearbook.level(settings, on=NOON)  # the cases of the order are finished only now


def test_the_days_do_not_tell_how_many_cases_there_were_where_refusals_are_left_out(settings: Settings, cast: Cast) -> None:
    for decision in ("establish",) * 9 + ("refuse",) * 3:
        case(cast, decision, dt.date(2026, 3, 1))
    yearbook.make(settings, on=NOON)
    book = yearbook.read(settings)
    assert book and book.tables["outcomes"].totals == Line("", {"granted": 9, "refused": None}, None)
    assert book.tables["reviews"].totals == Line("", {"once": None, "twice": 0}, None)
    assert {one.name: one[2:] for one in book.days}["registration"] == (None, 3, 3, 3)


def test_a_damaged_file_is_as_good_as_none(settings: Settings, database: Database) -> None:
    yearbook.make(settings, on=NOON)
    path = yearbook.path_of(settings)
    path.unlink()
    path.write_text("{", encoding="utf-8")
    assert yearbook.read(settings) is None


def test_the_worker_counts(app: Flask, make_order: MakeOrder) -> None:
    parts = app.extensions["attestation"]
    make_order()
    bench = worker.Bench(parts)
    worker._keep_statistics_level(bench)
    worker._keep_statistics_level(bench)
    assert [job.kind for job in Job.select()] == ["statistics"]
    worker.run_pending(parts.settings, parts.index)
    assert yearbook.read(parts.settings) and Job.get().state == "done"
    worker._keep_statistics_level(bench)
    assert Job.select().count() == 1


# --- The page ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def count(app: Flask) -> Callable[[], None]:
    return lambda: yearbook.make(app.extensions["attestation"].settings, on=NOON)


def test_before_the_first_time_it_says_so(client: FlaskClient) -> None:
    assert "ещё не посчитаны" in open_page(client, "/statistics/").text
    assert client.get("/statistics/years.csv").status_code == 404


def test_an_empty_archive_is_told_too(client: FlaskClient, count: Callable[[], None]) -> None:
    count()
    page = open_page(client, "/statistics/")
    assert page.main.all("svg") == [] and page.text.count("Считать пока нечего.") == 5


def test_pictures_and_tables_tell_the_same(client: FlaskClient, make_order: MakeOrder, count: Callable[[], None]) -> None:
    make_order(rows=rows(60) + rows(30, category="highest") + rows(10, established=False) + rows(3, "Редкая <должность>"))
    count()
    page = open_page(client, "/statistics/")
    assert "Посчитано 10.03.2026 12:00." in page.text
    years = page.main.one("section", aria_labelledby="years")
    drawing = years.one("svg", class_="chart")
    widths = [float(piece.attributes["width"]) for piece in drawing.all("rect")]
    assert [piece.attributes["class"] for piece in drawing.all("rect")] == ["first", "highest", "refused"]
    assert [round(width * 103 / 308) for width in widths] == [63, 30, 10]
    assert drawing.one("title").text == "Категории по годам" and "2021 – 103" in drawing.one("desc").text
    table = [[cell.text for cell in row.all("th", "td")] for row in years.one("tbody").all("tr")]
    assert table == [["2021", "63", "30", "10", "103"]]
    positions = page.main.one("section", aria_labelledby="positions")
    hidden = [[cell.text for cell in row.all("th", "td")] for row in positions.one("tbody").all("tr")]
    assert hidden == [["Редкая <должность>", "скрыто", "0", "0", "скрыто"], ["Учитель", "скрыто", "30", "10", "скрыто"]]


def test_the_page_asks_the_database_nothing_and_is_not_sent_twice(
    client: FlaskClient, make_order: MakeOrder, count: Callable[[], None]
) -> None:
    make_order(rows=rows(60))
    count()
    client.get("/statistics/")
    with assert_query_count(0):
        first = client.get("/statistics/")
    for path in ("/statistics/", "/statistics/years.csv"):
        first = client.get(path)
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["years", "districts", "positions", "outcomes", "reviews", "days"])
def test_every_table_is_a_file(client: FlaskClient, make_order: MakeOrder, count: Callable[[], None], name: str) -> None:
    make_order(rows=rows(60, "=1+1") + rows(2, "Редкая"))
    count()
    assert f"/statistics/{name}.csv" in open_page(client, "/statistics/").links().values() or name in {
        "outcomes",
        "reviews",
        "days",
    }
    answer = client.get(f"/statistics/{name}.csv")
    assert answer.status_code == 200 and answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert len({len(line) for line in lines}) == 1
    if name == "positions":
        assert lines == [
            ["Должность", "первая категория", "высшая категория", "отказы", "всего"],
            ["'=1+1", "скрыто", "0", "0", "скрыто"],
            ["Редкая", "скрыто", "0", "0", "скрыто"],
            ["Всего", "62", "0", "0", "62"],
        ]
    assert not re.search(r"\b2\b", answer.text) or name == "days"


def test_bars_are_drawn_of_what_is_told() -> None:
    lines = (
        Line("a", {"x": 10, "y": 30}, 40),
        Line("b", {"x": None, "y": 20}, 80),
        Line("c", {"x": None, "y": 5}, None),
        Line("d", {"x": 0, "y": 0}, 0),
        Line("e", {"x": None, "y": 0}, None),
    )
    chart = charts.stacked(Table(("x", "y"), lines, Line("", {"x": None, "y": None}, None)), longest_first=True, most=5)
    assert [(bar.label, bar.number, bar.y) for bar in chart.bars] == [("b", "80", 0), ("a", "40", 40), ("c", "5+", 80)]
    assert [[(piece.kind, piece.x, piece.width) for piece in bar.pieces] for bar in chart.bars] == [
        [("y", 0, 77.0), ("unknown", 77.0, 231.0)],
        [("x", 0, 38.5), ("y", 38.5, 115.5)],
        [("y", 0, 19.25)],
    ]
    assert (chart.left_out, chart.height) == (2, 120)


def test_spans_are_drawn_around_the_median() -> None:
    days = [Days("a", "a", 9, 1, 2.5, 10), Days("b", "b", None, None, None, None), Days("c", "c", 9, 0, 0, 0)]
    chart = charts.spans(days)
    assert [(bar.label, bar.number, bar.mark, bar.pieces[0].x, bar.pieces[0].width) for bar in chart.bars] == [
        ("a", "2,5", 77.0, 30.8, 277.2),
        ("c", "0", 0, 0, 2),
    ]
    assert charts.spans([]).bars == () and chart.left_out == 1
