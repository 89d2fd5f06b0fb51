"""The desk of the reception: hours opened and closed, who comes, who did not, an hour for somebody who telephoned."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from attestation.models import Application, Slot, User, utc_now
from attestation.site.cases import appointments, moves
from attestation.site.dates import CITY, day_of
from attestation.tests.cases import LENOBL, PLACE, SPB, World
from attestation.tests.inspection import OpenedPage, open_page

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def clerk(sign_in: SignIn, world: World) -> FlaskClient:
    """The reception at its desk."""
    return sign_in(world.cast.reception)


def send(client: FlaskClient, path: str, seen: str, **fields: object) -> TestResponse:
    text = client.get(seen).text
    hidden = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', text) for name in ("csrf_token", "version")}
    return client.post(path, data={**{name: found[1] for name, found in hidden.items() if found}, **fields})


def a_time(days: int = 2, hour: int = 7, minute: int = 0, window: int = 1) -> Slot:
    starts = (utc_now() + dt.timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return Slot.create(starts_at=starts, window=window, place=PLACE)


def day_page(client: FlaskClient, slot: Slot) -> OpenedPage:
    return open_page(client, f"/admin/reception/?day={day_of(slot.starts_at)}")


def rows(page: OpenedPage) -> list[list[str]]:
    table = page.root.one("table", class_="list")
    return [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")][1:]


def test_hours_are_opened_from_the_desk(clerk: FlaskClient) -> None:
    page = open_page(clerk, "/admin/reception/open")
    assert "15 минут" in page.text
    # Three weeks ahead, so that no holidays of a new year take all of it.
    monday = day_of(utc_now()) + dt.timedelta(days=21 - day_of(utc_now()).weekday())
    fields = {
        "first_day": monday,
        "last_day": monday + dt.timedelta(days=6),
        "begins": "10:00",
        "ends": "10:30",
        "windows": "2",
    }
    answer = send(clerk, "/admin/reception/open", "/admin/reception/open", **fields, place="каб. 5")
    assert (answer.status_code, answer.location) == (302, f"/admin/reception/?day={monday}")
    assert Slot.select().count() % 4 == 0 and Slot.select().count() >= 4
    refused = send(clerk, "/admin/reception/open", "/admin/reception/open", **{**fields, "windows": "много"}, place="каб. 5")
    assert (refused.status_code, "Исправьте отмеченные поля." in refused.text) == (422, True)
    refused = send(clerk, "/admin/reception/open", "/admin/reception/open", **{**fields, "ends": "09:00"}, place="каб. 5")
    assert (refused.status_code, "Приём кончается раньше, чем начинается" in refused.text) == (409, True)
    assert 'value="каб. 5"' in refused.text


def test_a_day_says_who_comes(clerk: FlaskClient, world: World) -> None:
    first, second = a_time(), a_time(minute=15)
    case = world.walk(world.filled(SPB, way="electronic"), "registered")
    world.book(world.filled(SPB, way="", teacher=world.other_teacher), second)
    page = day_page(clerk, first)
    time = first.starts_at.astimezone(CITY).strftime("%H:%M")
    assert rows(page)[0][:3] == [f"{time}, окно 1: отметить, чтобы закрыть", "1", "свободно"]
    assert rows(page)[1][2:] == ["черновик", "Чернильницына Вера Павловна", "заявление ещё не зарегистрировано"]
    assert page.root.one("ul", class_="reception-days").text.endswith("занято 1 из 2")
    world.book(case, first)
    assert rows(day_page(clerk, first))[0][4] == "принята"


def test_a_registered_case_leads_to_taking_its_folder(clerk: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "registered")
    slot = appointments.booked(case)
    assert slot is not None
    links = day_page(clerk, slot).links()
    assert links[f"Принять папку: № {case.number}"] == f"/admin/cases/{case.id}/receive_portfolio"
    assert links[f"№ {case.number}"] == f"/admin/cases/{case.id}/"


@pytest.mark.parametrize("entrance", ["the reception's day", "the page of the case"])
def test_a_booked_folder_is_taken_on_one_page_from_both_entrances(clerk: FlaskClient, world: World, entrance: str) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "registered")
    slot = appointments.booked(case)
    assert slot is not None
    way, link = (
        (f"/admin/reception/?day={day_of(slot.starts_at)}", f"Принять папку: № {case.number}")
        if entrance == "the reception's day"
        else (f"/admin/cases/{case.id}/", moves.move_of(case, "receive_portfolio").title)
    )
    page = next(href for text, href in open_page(clerk, way).links().items() if text.startswith(link))
    assert page == f"/admin/cases/{case.id}/receive_portfolio"
    assert send(clerk, page, page, stated=["bearer_identified", "inventory_copy_kept"]).status_code == 302
    assert appointments.received(case)
    assert rows(day_page(clerk, slot))[0][4] == "принята"


def test_an_empty_day_leads_to_the_nearest_one(clerk: FlaskClient) -> None:
    slot = a_time(days=3)
    day = day_of(slot.starts_at)
    page = open_page(clerk, "/admin/reception/")
    assert "В этот день приёма нет. Ближайший день с приёмом" in page.text
    assert page.main.one("p", class_="nothing").one("a").attributes["href"] == f"/admin/reception/?day={day}"


def test_free_hours_are_closed(clerk: FlaskClient, world: World) -> None:
    free, taken = a_time(), a_time(minute=15)
    world.book(world.filled(SPB, way=""), taken)
    seen = f"/admin/reception/?day={day_of(free.starts_at)}"
    answer = send(clerk, "/admin/reception/close", seen, day=day_of(free.starts_at), slot=[free.id, taken.id])
    assert (answer.status_code, answer.location) == (303, seen)
    assert [slot.id for slot in Slot.select()] == [taken.id]
    assert send(clerk, "/admin/reception/close", seen, day=day_of(free.starts_at)).status_code == 409


def test_who_did_not_come_is_marked(clerk: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "registered")
    slot = appointments.booked(case)
    assert slot is not None
    Slot.update(starts_at=utc_now() - dt.timedelta(hours=1)).where(Slot.id == slot.id).execute()
    slot = Slot.get_by_id(slot.id)
    seen = f"/admin/reception/?day={day_of(slot.starts_at)}"
    assert send(clerk, f"/admin/reception/{slot.id}/missed", seen).status_code == 303
    assert Slot.get_by_id(slot.id).missed is True
    assert rows(day_page(clerk, slot))[0][4] == "не пришли"
    assert send(clerk, f"/admin/reception/{slot.id}/missed", "/admin/reception/open").status_code == 409


def test_an_hour_is_booked_for_whoever_wrote_by_post(clerk: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "registered")
    new = a_time(hour=9)
    page = f"/admin/reception/cases/{case.id}"
    assert "Сейчас записаны" in open_page(clerk, page).text
    answer = send(clerk, page, page, slot=new.id)
    assert (answer.status_code, answer.location) == (303, f"/admin/cases/{case.id}/")
    assert appointments.booked(case) == new
    assert send(clerk, page, page, slot="x").status_code == 422
    assert send(clerk, page, page, slot=new.id, version="1").status_code == 409
    assert send(clerk, f"{page}/cancel", page).status_code == 303
    assert appointments.booked(Application.get_by_id(case.id)) is None
    assert send(clerk, f"{page}/cancel", page).status_code == 409


def test_only_cases_that_are_seen_and_brought_on_paper_are_booked(clerk: FlaskClient, world: World) -> None:
    oblast = world.walk(world.filled(LENOBL), "registered")
    for id in (oblast.id, 999_999, 2**40):
        assert clerk.get(f"/admin/reception/cases/{id}").status_code == 404


def test_a_full_day_costs_no_more_queries(clerk: FlaskClient, world: World) -> None:
    def cost() -> int:
        with count_queries() as counter:
            assert clerk.get(f"/admin/reception/?day={day_of(slot.starts_at)}").status_code == 200
        return int(counter.count)

    slot = a_time()
    world.book(world.filled(SPB, way=""), slot)
    cost()
    few = cost()
    for minute in (15, 30, 45):
        world.book(world.filled(SPB, way=""), a_time(minute=minute))
    assert (cost(), few) == (few, few)
    assert few <= 8


def test_the_oblast_has_no_reception(clerk: FlaskClient, change_settings: Callable[..., None]) -> None:
    assert "Приём папок" in clerk.get("/admin/").text
    change_settings(procedure=LENOBL)
    assert clerk.get("/admin/reception/").status_code == 404
    assert "Приём папок" not in clerk.get("/admin/").text
