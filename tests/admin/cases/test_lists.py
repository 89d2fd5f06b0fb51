"""Registries as lists: whose they are, filters, search, order, totals, kept filters, files; how many queries they cost."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from playhouse.test_utils import count_queries

from attestation.models import Application, Duty, JournalEntry, SavedView, User
from attestation.procedure.words import CaseRole, Category, Channel
from attestation.site.cases import numbers
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import csrf_token
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]
ChangeSettings = Callable[..., None]


def listed(client: FlaskClient, query: str = "") -> list[str]:
    """The numbers in the list at this address, from top to bottom."""
    page = open_page(client, f"/admin/cases/?{query}")
    return [row.all("th")[0].text.removeprefix("№ ") for row in page.main.all("tr")[1:]]


def numbered(*cases: Application) -> list[str]:
    return [str(Application.get_by_id(case.id).number) for case in cases]


TABS = {
    LENOBL: {
        "secretary": "Зарегистрированные заявления|Назначенные заявления|Категория установлена|Отозванные заявления"
        "|Все заявления",
        "leader": "Назначенные заявления|Все заявления",
        "expert": "Назначенные заявления|Все заявления",
    },
    SPB: {
        "reception": "Зарегистрированные заявления|Назначенные заявления|Категория установлена|Отозванные заявления"
        "|Все заявления",
        "expert": "Назначенные заявления|Все заявления",
    },
}


@pytest.mark.parametrize("edition", [LENOBL, SPB])
def test_registries_are_those_of_the_road(
    app: Flask, world: World, sign_in: SignInAs, change_settings: ChangeSettings, edition: str
) -> None:
    change_settings(procedure=edition)
    for who, titles in TABS[edition].items():
        page = open_page(sign_in(getattr(world.cast, who)), "/admin/cases/")
        tabs = page.main.one("nav", aria_label="Реестры").all("a")
        assert "|".join(link.text for link in tabs) == titles


def test_each_sees_their_own(app: Flask, world: World, sign_in: SignInAs, change_settings: ChangeSettings) -> None:
    """The office sees all that was filed, a leader the cases of their group, an expert those that they judge now."""
    change_settings(procedure=LENOBL)
    review = world.walk(world.filled(LENOBL), "review")
    others = world.walk(world.filled(LENOBL), "registered")
    Application.update(group_leader=world.second_leader).where(Application.id == others.id).execute()
    world.filled(LENOBL)  # a draft is nobody's
    withdrawn = world.walk(world.filled(LENOBL), "withdrawn")
    seen = {
        "secretary": listed(sign_in(world.cast.secretary), "registry=all"),
        "leader": listed(sign_in(world.cast.leader), "registry=all"),
        "expert": listed(sign_in(world.cast.expert), "registry=all"),
    }
    assert seen == {
        "secretary": numbered(withdrawn, others, review),
        "leader": numbered(review),
        "expert": numbered(review),
    }
    assert listed(sign_in(world.cast.secretary), "registry=withdrawn") == numbered(withdrawn)
    client = sign_in(world.second_leader)
    assert client.get(f"/admin/cases/{review.id}/").status_code == 404
    assert client.get(f"/admin/cases/{others.id}/").status_code == 200


def test_nobody_finds_their_own_application_at_a_desk(app: Flask, world: World, sign_in: SignInAs) -> None:
    mine = world.walk(world.filled(SPB, teacher=world.cast.secretary), "registered")
    client = sign_in(world.cast.secretary)
    assert (listed(client, "registry=all"), client.get(f"/admin/cases/{mine.id}/").status_code) == ([], 404)


@pytest.fixture
def several(app: Flask, world: World) -> dict[str, Application]:
    """Applications that differ in what filters ask for."""
    first = world.walk(world.filled(SPB), "registered")
    second = world.walk(world.filled(SPB, channel=Channel.POST, way="paper"), "received")
    third = world.walk(world.filled(SPB, teacher=world.other_teacher), "review")
    other = {
        "surname": "Ёлкина",
        "position": "Концертмейстер",
        "organization": "Детская школа искусств № 77",
        "filed_on": dt.date(2026, 3, 11),
    }
    told = "ёлкина вера павловна концертмейстер детская школа искусств № 77".replace("ё", "е")
    Application.update({**other, "category": Category.HIGHEST.value, "search_text": told}).where(
        Application.id == third.id
    ).execute()
    Application.update(filed_on=dt.date(2026, 2, 2), due_on=dt.date(2026, 2, 3)).where(Application.id == second.id).execute()
    return {"first": first, "second": second, "third": third}


FOUND = {
    "": "third first second",
    "status=registered": "first",
    "category=highest": "third",
    "channel=post": "second",
    "position=концерт": "third",
    "position=математики": "first second",
    "position=учитель": "first second",
    "organization=школа+77": "third",
    "since=2026-03-01": "third first",
    "until=2026-02-02": "second",
    "since=чепуха": "third first second",
    "search=ЁЛКИН": "third",
    "search=елкина": "third",
    "search=чернильницына": "first second",
    "search=901": "first second",
    "search=никто": "",
    "search=%25": "",
    "sort=surname": "third first second",
    "sort=surname&desc=1": "second first third",
    "sort=filed_on": "second first third",
    "sort=due_on": "second first third",
}


def test_filters_search_and_order(app: Flask, world: World, sign_in: SignInAs, several: dict[str, Application]) -> None:
    client = sign_in(world.cast.secretary)
    names = {str(Application.get_by_id(case.id).number): name for name, case in several.items()}
    found = {query: " ".join(names[number] for number in listed(client, f"registry=all&{query}")) for query in FOUND}
    # Of the same surname the earlier name counts, and that is the same here: only the set is told.
    loose = {"sort=surname", "sort=surname&desc=1", "sort=due_on", "position=учитель", "search=чернильницына", "search=901"}
    assert {query: text for query, text in found.items() if query not in loose} == {
        query: text for query, text in FOUND.items() if query not in loose
    }
    assert {query: sorted(found[query].split()) for query in loose} == {query: sorted(FOUND[query].split()) for query in loose}
    assert found["sort=surname"].split()[0] == "third"
    assert found["sort=due_on"].split()[0] == "second"


def test_a_number_finds_its_application(app: Flask, world: World, sign_in: SignInAs, several: dict[str, Application]) -> None:
    client = sign_in(world.cast.secretary)
    number = str(several["first"].number)
    for typed in (number, f"№ {number}".replace(" ", ""), number.replace("-", ""), number[:11]):
        assert listed(client, f"registry=all&search={typed}") == [number], typed


def test_totals_are_told(app: Flask, world: World, sign_in: SignInAs, several: dict[str, Application]) -> None:
    page = open_page(sign_in(world.cast.secretary), "/admin/cases/?registry=all&channel=post")
    assert page.main.one("p", class_="count").text == ("Найдено: 1. На первую категорию – 1, на высшую – 0, срок прошёл – 1.")


def test_kept_filters(app: Flask, world: World, sign_in: SignInAs, several: dict[str, Application]) -> None:
    """Filters are kept under a name for one person, written over under the same name, and forgotten."""
    client = sign_in(world.cast.secretary)
    page = "/admin/cases/?registry=all&channel=post"
    form = {"csrf_token": csrf_token(client, page), "name": "Почта", "query": "registry=all&channel=post&page=1"}
    assert client.post("/admin/cases/views", data=form).status_code == 302
    assert client.post("/admin/cases/views", data={**form, "query": "registry=all&channel=mfc"}).status_code == 302
    view = SavedView.get()
    assert (SavedView.select().count(), view.user, view.name, view.query) == (
        1,
        world.cast.secretary,
        "Почта",
        "registry=all&channel=mfc",
    )
    assert "Почта" in open_page(client, "/admin/cases/").links()
    stranger = sign_in(world.cast.reception)
    token = {"csrf_token": csrf_token(stranger, page)}
    stranger.post(f"/admin/cases/views/{view.id}/remove", data=token)
    assert SavedView.select().count() == 1
    client.post(f"/admin/cases/views/{view.id}/remove", data={"csrf_token": form["csrf_token"]})
    assert SavedView.select().count() == 0


def test_files_hold_what_the_list_finds(app: Flask, world: World, sign_in: SignInAs, several: dict[str, Application]) -> None:
    """CSV with the mark of UTF-8 and XLSX with true days; formulas stay text; the journal says how many rows went out."""
    Application.update(organization="=HYPERLINK(1)").where(Application.id == several["second"].id).execute()
    client = sign_in(world.cast.secretary)
    text = client.get("/admin/cases/export.csv?registry=all&sort=filed_on").data.decode("utf-8")
    lines = text.splitlines()
    assert text.startswith(
        "\ufeffНомер;Педагог;Должность;Организация;Категория;Состояние;Как поступило;Подано;Срок;Какой срок;"
    )
    assert len(lines) == 4
    assert lines[1].split(";")[:8] == [
        several["second"].number,
        "Чернильницына Вера Павловна",
        "Учитель математики",
        "'=HYPERLINK(1)",
        "первая",
        "Отправлено",
        "по почте",
        "02.02.2026",
    ]
    book = load_workbook(io.BytesIO(client.get("/admin/cases/export.xlsx?registry=all&sort=filed_on").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Номер", *numbered(several["second"], several["first"], several["third"])]
    assert (rows[1][3], rows[1][7]) == ("=HYPERLINK(1)", dt.datetime(2026, 2, 2))
    told = [entry.details for entry in JournalEntry.select().where(JournalEntry.verb == "export_cases")]
    assert told == ["строк: 3", "строк: 3"]


def test_a_list_costs_ten_queries_at_most(app: Flask, world: World, sign_in: SignInAs) -> None:
    """However many rows there are: registries, the same narrowed. «Сегодня» asks every room what waits there, each once."""
    case = world.walk(world.filled(SPB), "registered")
    kept = {name: value for name, value in case.__data__.items() if name != "id"}
    rows = [{**kept, "number": str(numbers.next_number(2026))} for _ in range(120)]
    Application.insert_many(rows).execute()
    Duty.insert_many(
        [{"application": row.id, "role": CaseRole.REGISTRAR, "verb": "receive_portfolio"} for row in Application.select()]
    ).execute()
    paths = ["", "?registry=all&search=чернильницына&page=2", "?category=first&sort=surname&term=week&position=учитель"]
    for user in (world.cast.secretary, world.cast.expert):
        client = sign_in(user)
        for path in [f"/admin/cases/{query}" for query in paths] + ["/admin/today/"]:
            client.get(path)
            with count_queries() as counter:
                answer = client.get(path)
            most = 24 if path == "/admin/today/" else 10
            assert (answer.status_code in {200, 404}, counter.count <= most) == (True, True), (path, counter.count)
