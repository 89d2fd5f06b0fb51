"""Terms of sittings, orders, complaints, corrections and outgoing records; figures typed by hand from the calendar of 2026."""

import datetime as dt
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.models import (
    Application,
    Complaint,
    ComplaintEvent,
    ComplaintKind,
    Correction,
    Endorsement,
    Hearing,
    JournalEntry,
    Minutes,
    Order,
    OutgoingRecord,
    Sitting,
    User,
)
from attestation.procedure.terms import TermState
from attestation.procedure.working_days import Calendar
from attestation.site.control import records
from attestation.tests.cases import SPB, World
from attestation.tests.conftest import Cast
from attestation.tests.inspection import open_page

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignInAs = Callable[[User], FlaskClient]
D = dt.date
NUMBERS = count(1)
CALENDAR = Calendar()
# A Friday.
TODAY = D(2026, 4, 10)
YEAR = D(2026, 1, 1), D(2026, 12, 31)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), dt.UTC)


def today(cast: Cast) -> dict[str, tuple[int, int, int]]:
    """Term → broken, last day, soon."""
    order = (TermState.BROKEN, TermState.LAST_DAY, TermState.SOON)
    found = records.waiting(cast.controller, TODAY, CALENDAR)
    return {one.term.name: tuple(one.counts[state] for state in order) for one in found}  # type: ignore[misc]


def over(cast: Cast, first: dt.date = YEAR[0], last: dt.date = YEAR[1]) -> dict[str, tuple[int, int, int]]:
    """Term → met, late, missed."""
    found = records.kept(cast.controller, first, last, TODAY, CALENDAR)
    return {one.term.name: (one.met, one.late, one.missed) for one in found}


def sitting(held_on: dt.date, status: str = "closed", **columns: Any) -> Sitting:
    begun = {"opened_at": noon(held_on), "closed_at": noon(held_on) if status == "closed" else None}
    return Sitting.create(**{"edition": SPB, "held_on": held_on, "status": status, **begun, **columns})


def minutes(one: Sitting, by: User, made: dt.date, signed: dt.date | None = None, number: int = 1) -> None:
    told = {"told": {"signers": []}, "reason": "опечатка" if number > 1 else ""}
    Minutes.create(sitting=one, number=number, made_at=noon(made), made_by=by, signed_on=signed, **told)


def complaint(status: str, *kinds: str, **days: dt.date) -> Complaint:
    number = f"Ж-{next(NUMBERS)}"
    begun = {"edition": SPB, "number": number, "channel": "form", "status": status, "received_on": D(2026, 3, 16)}
    made = Complaint.create(**begun, surname="Обидчикова", due_on=TODAY if days else None, due_term="consideration")
    for kind in kinds:
        ComplaintKind.create(complaint=made, kind=kind)
    for name, day in days.items():
        ComplaintEvent.create(complaint=made, name=name, day=day)
    return made


def correction(status: str, registered: dt.date, closed: dt.date | None = None) -> Correction:
    asked = {"full_name": "Ошибкина", "order_number": "1", "order_on": D(2026, 3, 2), "errors": "иная фамилия"}
    begun = {"edition": SPB, "number": f"И-{next(NUMBERS)}", "token": f"{next(NUMBERS):032}", "status": status}
    days = {"received_on": registered, "registered_on": registered, "closed_on": closed}
    return Correction.create(**begun, **asked, **days, due_on=None if closed else TODAY, reason="нет" if closed else "")


def to_carry(case: Application, made: dt.date, entered: dt.date | None = None, by: User | None = None) -> OutgoingRecord:
    about = {"application": case, "edition": SPB, "name": "registration", "verb": "register", "system": "kais_kro"}
    state = {"status": "recorded", "settled_at": noon(entered), "settled_by": by} if entered else {"status": "waiting"}
    return OutgoingRecord.create(**about, made_at=noon(made), due_on=CALENDAR.working_day_after(made, 1), **state)


# --- Each kind --------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_minutes_are_drawn_up_and_signed_on_the_day_of_the_sitting(cast: Cast) -> None:
    in_time, late, going = sitting(D(2026, 3, 19)), sitting(D(2026, 3, 20)), sitting(TODAY, "open")
    minutes(in_time, cast.secretary, D(2026, 3, 19), D(2026, 3, 19))
    # Put right a week later: what was in time stays in time.
    minutes(in_time, cast.secretary, D(2026, 3, 26), D(2026, 3, 26), number=2)
    minutes(late, cast.secretary, D(2026, 3, 20))
    sitting(D(2026, 4, 9), "planned", opened_at=None)
    assert today(cast) == {"minutes": (0, 1, 0), "minutes_signature": (1, 1, 0)}
    assert over(cast) == {"minutes": (2, 0, 0), "minutes_signature": (1, 0, 1)}
    minutes(going, cast.secretary, TODAY, D(2026, 4, 11))
    assert over(cast)["minutes_signature"] == (1, 1, 1)


@pytest.mark.usefixtures("database")
def test_an_order_is_drafted_and_signed_in_a_week_and_published_in_three_working_days(cast: Cast) -> None:
    """From the sitting of Friday 27 March: until Friday 3 April. Registered on Friday: until Wednesday."""
    day = D(2026, 3, 27)
    one = sitting(day)
    minutes(one, cast.secretary, day, day)
    common = {"title": "Об установлении", "created_at": noon(day), "sitting": one}
    waits = Order.create(**common, status="approval")
    Endorsement.create(order=waits, round=1, place=1, name="legal", user=cast.chairperson, came_at=noon(D(2026, 4, 4)))
    signed = Order.create(**common, status="signed", signed_on=D(2026, 4, 3))
    assert today(cast) == {"signature": (1, 0, 0)}
    assert over(cast) == {**over(cast), "draft": (0, 1, 0), "signature": (1, 0, 1)}
    numbered = {"number": "1-р", "registered_on": D(2026, 4, 3), "year": 2026}
    Order.update(status="registered", **numbered).where(Order.id == signed.id).execute()
    assert today(cast) == {"signature": (1, 0, 0), "publication": (1, 0, 0)}
    assert [(item.record.name, item.ends) for item in records.due("order", cast.controller, TODAY, CALENDAR)] == [
        ("Распоряжение Об установлении", D(2026, 4, 3)),
        ("Распоряжение № 1-р от 03.04.2026", D(2026, 4, 8)),
    ]


def test_a_sitting_without_an_order_breaks_the_term_of_its_draft(world: World) -> None:
    one = sitting(D(2026, 3, 27))
    minutes(one, world.cast.secretary, D(2026, 3, 27), D(2026, 3, 27))
    case = world.walk(world.filled(SPB), "received")
    decided = {"decision": "establish", "decided_at": noon(D(2026, 3, 27))}
    Hearing.create(sitting=one, application=case, place=1, added_at=noon(D(2026, 3, 20)), **decided)
    OutgoingRecord.delete().execute()
    assert today(world.cast) == {"draft": (1, 0, 0), "signature": (1, 0, 0)}
    found = records.due("order", world.cast.controller, TODAY, CALENDAR)
    assert {item.record.page for item in found} == {("sitting", one.id)}


@pytest.mark.usefixtures("database")
def test_the_kinds_of_a_complaint_say_how_long_it_is_considered(cast: Cast) -> None:
    """Registered on Monday 16 March: five working days end on the 23rd, fifteen on 6 April."""
    day = D(2026, 3, 16)
    begun = {"received": day, "registered": day, "taken_up": day}
    complaint("considered", "papers_declined", **begun)
    complaint("considered", "fee", **begun)
    complaint("answered", "fee", **begun, decided=D(2026, 4, 6), answered=D(2026, 4, 8))
    complaint("received", received=D(2026, 4, 8))
    assert today(cast) == {"short_consideration": (1, 0, 0), "consideration": (1, 0, 0), "registration": (1, 0, 0)}
    found = over(cast)
    assert (found["consideration"], found["short_consideration"]) == ((1, 0, 1), (0, 0, 1))
    assert (found["registration"], found["answer"], found["forwarding"]) == ((3, 0, 1), (0, 1, 0), (3, 0, 0))
    assert over(cast, D(2026, 4, 6), D(2026, 4, 6)) == {"consideration": (1, 0, 1)}


@pytest.mark.usefixtures("database")
def test_a_remedy_is_finished_in_five_working_days(cast: Cast) -> None:
    """Granted on Friday 3 April: until Friday 10 April."""
    day = D(2026, 4, 3)
    complaint("granted", "fee", received=day, registered=day, taken_up=day, decided=day, granted=day, answered=day)
    assert today(cast) == {"remedy": (0, 1, 0)}


@pytest.mark.usefixtures("database")
def test_nobody_counts_their_own_complaint(cast: Cast) -> None:
    mine = complaint("received", received=D(2026, 4, 8))
    Complaint.update(author=cast.controller).where(Complaint.id == mine.id).execute()
    assert today(cast) == {}


@pytest.mark.usefixtures("database")
def test_a_correction_takes_seven_working_days(cast: Cast) -> None:
    """From Monday 16 March until Wednesday 25 March."""
    correction("registered", D(2026, 3, 16))
    correction("declined", D(2026, 3, 16), D(2026, 3, 25))
    correction("declined", D(2026, 3, 16), D(2026, 3, 26))
    correction("registered", D(2026, 4, 1))
    assert today(cast) == {"correction": (1, 1, 0)}
    assert over(cast, D(2026, 3, 25), D(2026, 3, 25)) == {"correction": (1, 1, 1)}


def test_what_goes_out_is_entered_on_the_next_working_day(world: World) -> None:
    """What arose on Friday 27 March: on Monday."""
    case = world.walk(world.filled(SPB), "draft")
    to_carry(case, D(2026, 3, 27))
    to_carry(case, D(2026, 3, 27), D(2026, 3, 30), world.cast.secretary)
    to_carry(case, D(2026, 3, 27), D(2026, 3, 31), world.cast.secretary)
    to_carry(case, D(2026, 4, 9))
    assert today(world.cast) == {"registration": (1, 1, 0)}
    assert over(world.cast, D(2026, 3, 30), D(2026, 3, 30)) == {"registration": (1, 1, 1)}
    own = records.waiting(case.applicant, TODAY, CALENDAR)
    assert own == []


# --- Cost, pages ------------------------------------------------------------------------------------------------------------


def some_of_each(world: World) -> None:
    case = world.walk(world.filled(SPB), "received")
    one = sitting(D(2026, 3, 20))
    Order.create(title="Проект", status="draft", sitting=one, created_at=noon(D(2026, 3, 20)))
    complaint("considered", "fee", received=D(2026, 3, 2), registered=D(2026, 3, 2), taken_up=D(2026, 3, 2))
    correction("registered", D(2026, 3, 2))
    to_carry(case, D(2026, 3, 2))


@on_sqlite
def test_counting_costs_the_same_for_many(world: World) -> None:
    def cost() -> tuple[int, int]:
        with count_queries() as now:
            records.waiting(world.cast.controller, TODAY, CALENDAR)
        with count_queries() as then:
            records.kept(world.cast.controller, *YEAR, TODAY, CALENDAR)
        return int(now.count), int(then.count)

    some_of_each(world)
    few = cost()
    for _ in range(3):
        some_of_each(world)
    # Sittings 1, orders 3, complaints 3, corrections 1, outgoing 1 and the person's own cases 1.
    assert cost() == few == (10, 10)


@on_sqlite
def test_each_figure_leads_to_its_records(app: Flask, world: World, sign_in: SignInAs) -> None:
    some_of_each(world)
    client = sign_in(world.cast.controller)
    page = open_page(client, "/admin/control/terms/")
    groups = [row.text for row in page.main.all("tr") if "group" in row.attributes.get("class", "")]
    assert groups[:6] == ["Заявления", "Заседания", "Распоряжения", "Жалобы", "Исправления", "Внешние системы"]
    figures = [one.attributes["href"] for one in page.main.all("a") if "kind=" in one.attributes["href"]]
    seen = set()
    for address in figures:
        listed = open_page(client, address)
        for row in listed.main.one("tbody").all("tr"):
            link = row.one("th").one("a")
            seen.add(link.text.split()[0])
            assert open_page(client, link.attributes["href"]).status == 200
    assert seen == {"№", "Заседание", "Распоряжение", "Жалоба", "Запрос", "Регистрация"}
    assert "Обидчикова" not in client.get("/admin/control/terms/cases?kind=complaint").text
    text = client.get("/admin/control/terms/export.csv?kind=correction&state=broken").text
    assert (
        ";исправление ошибки в распоряжении;3.7.2;специалист отдела аттестации, ответственный за услугу;;12.03.2026;;" in text
    )
    assert JournalEntry.select().where(JournalEntry.verb == "export_terms").count() == 1


@on_sqlite
def test_whoever_reads_no_complaints_sees_how_many_there_are(app: Flask, world: World, sign_in: SignInAs) -> None:
    some_of_each(world)
    client = sign_in(world.cast.secretary)
    page = open_page(client, "/admin/control/terms/")
    assert "Рассмотрение жалобы" in page.text
    assert "kind=complaint" not in client.get("/admin/control/terms/").text
    for address in ("cases", "export.csv", "export.xlsx"):
        assert client.get(f"/admin/control/terms/{address}?kind=complaint").status_code == 403
    for link in page.main.all("a"):
        if "kind=" in link.attributes["href"]:
            row = open_page(client, link.attributes["href"]).main.one("tbody").one("th")
            assert open_page(client, row.one("a").attributes["href"]).status == 200


@on_sqlite
@pytest.mark.parametrize("query", ["kind=user", "kind=order&term=consideration", "kind=outgoing&term=x"])
def test_kinds_that_are_none(app: Flask, cast: Cast, sign_in: SignInAs, query: str) -> None:
    assert sign_in(cast.controller).get(f"/admin/control/terms/cases?{query}").status_code == 404
