"""Terms of real cases over the turn of the year, transferred days and the days that the office has corrected.

Every day was counted by hand with the production calendars of 2025 and 2026.
"""

import datetime as dt

import pytest

from attestation.models import Application, CalendarException, CalendarYear
from attestation.procedure.terms import TermState
from attestation.procedure.words import Channel
from attestation.site.cases.calendar import deadlines, office_calendar
from attestation.site.cases.moves import mark
from attestation.tests.cases import LENOBL, SPB, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def day(text: str) -> dt.date:
    """«10.03.2026»."""
    return dt.datetime.strptime(text, "%d.%m.%Y").date()


def off(text: str, *, working: bool = False) -> None:
    """The office corrects a day by hand."""
    CalendarException.create(day=day(text), working=working, note="распоряжение")


def standing(world: World, edition: str, status: str, events: dict[str, str], **columns: object) -> Application:
    """A case that stands in a status with events of these days."""
    filed = {} if status == "draft" else {"number": "2026-000001-5", "filed_on": dt.date(2026, 1, 1)}
    case = world.filled(edition, status=status, **filed, **columns)
    for name, when in events.items():
        mark(case, name, day(when))
    return Application.get_by_id(case.id)


def seen(case: Application, today: str) -> dict[str, tuple[str, str, str, int]]:
    """Term → last day, last working day to act, state, how much is left."""
    return {
        one.term.name: (f"{one.ends:%d.%m.%Y}", f"{one.act_by:%d.%m.%Y}", one.state.value, one.left)
        for one in deadlines(case, day(today), office_calendar())
    }


@pytest.mark.parametrize(
    ("channel", "received", "ends"),
    [
        # One working day from the portal, three from the post (2.15).
        ("portal", "10.03.2026", "11.03.2026"),
        ("mfc", "10.03.2026", "11.03.2026"),
        ("post", "10.03.2026", "13.03.2026"),
        # Friday evening: Monday.
        ("portal", "13.03.2026", "16.03.2026"),
        # 6 March is a Friday, 9 March, a Monday, is off after the holiday on Sunday.
        ("portal", "06.03.2026", "10.03.2026"),
        ("post", "06.03.2026", "12.03.2026"),
        # 30 December 2025 is the last working day of its year: 31 December and 9 January are transferred days off.
        ("portal", "29.12.2025", "30.12.2025"),
        ("portal", "30.12.2025", "12.01.2026"),
        ("post", "29.12.2025", "13.01.2026"),
        # 1 November 2025 is a working Saturday, 3 and 4 November are off.
        ("portal", "31.10.2025", "01.11.2025"),
        ("portal", "01.11.2025", "05.11.2025"),
    ],
)
def test_registration_in_working_days(world: World, channel: str, received: str, ends: str) -> None:
    case = standing(world, SPB, "received", {"received": received}, channel=Channel(channel))
    assert {name: row[:2] for name, row in seen(case, received).items()} == {f"registration_from_{channel}": (ends, ends)}


def test_a_day_that_the_office_has_off_moves_a_working_term(world: World) -> None:
    case = standing(world, SPB, "received", {"received": "10.03.2026"})
    off("11.03.2026")
    assert seen(case, "10.03.2026")["registration_from_portal"][:2] == ("12.03.2026", "12.03.2026")
    off("14.03.2026", working=True)
    mark(case, "received", day("13.03.2026"))
    assert seen(case, "13.03.2026")["registration_from_portal"][:2] == ("14.03.2026", "14.03.2026")


def test_thirty_days_over_the_turn_of_the_year(world: World) -> None:
    """Consideration ends on 5 January, a holiday: it stays there, but is red on the last working day of December (3.2.1)."""
    case = standing(world, SPB, "received", {"filed": "06.12.2025", "registered": "08.12.2025"})
    found = seen(case, "30.12.2025")
    assert found["consideration"] == ("05.01.2026", "30.12.2025", "last_day", 6)
    # The folder is brought on the first working day after the holidays (2.4), the service has ninety days.
    assert found["portfolio"] == ("12.01.2026", "12.01.2026", "soon", 13)
    assert found["service"][:2] == ("06.03.2026", "06.03.2026")
    assert seen(case, "29.12.2025")["consideration"][2] == "soon"
    assert seen(case, "05.01.2026")["consideration"][2:] == ("last_day", 0)
    assert seen(case, "06.01.2026")["consideration"][2:] == ("broken", -1)


def test_the_folder_waits_for_the_day_the_office_works(world: World) -> None:
    """30 days from 10 March end on 9 April, a Thursday; when that is off by an order of the office, on Friday."""
    case = standing(world, SPB, "registered", {"filed": "10.03.2026"}, portfolio_way="")
    assert seen(case, "10.03.2026")["portfolio"][0] == "09.04.2026"
    off("09.04.2026")
    found = seen(case, "10.03.2026")
    assert found["portfolio"][:2] == ("10.04.2026", "10.04.2026")
    assert found["consideration"][:2] == ("09.04.2026", "08.04.2026")


def test_the_nearest_term_comes_first_and_what_has_happened_ends_it(world: World) -> None:
    case = standing(world, SPB, "registered", {"filed": "10.03.2026", "received": "10.03.2026", "registered": "12.03.2026"})
    assert list(seen(case, "12.03.2026")) == ["consideration", "portfolio", "notice", "service"]
    mark(case, "portfolio_received", day("16.03.2026"))
    assert list(seen(case, "16.03.2026")) == ["consideration", "notice", "service"]
    mark(case, "term_set", day("17.03.2026"))
    assert list(seen(case, "17.03.2026")) == ["service"]


def test_three_terms_of_sixty_days_run_at_once(world: World) -> None:
    """3.2.3, 3.3.2 and the term that the commission named: 11 May 2026 is a day off after the Victory Day on Saturday."""
    events = {"filed": "02.03.2026", "term_set": "12.03.2026", "review_started": "13.03.2026"}
    case = standing(world, SPB, "review", events, term_begins=day("16.03.2026"), term_ends=day("30.04.2026"))
    found = seen(case, "13.03.2026")
    assert {name: row[:2] for name, row in found.items()} == {
        "individual_term": ("30.04.2026", "30.04.2026"),
        "attestation": ("11.05.2026", "08.05.2026"),
        "review": ("12.05.2026", "12.05.2026"),
        "service": ("31.05.2026", "29.05.2026"),
    }


@pytest.mark.parametrize(
    ("status", "event", "column", "term"),
    [
        ("review_assigned", "review_assigned", "review_day", "portfolio_confirmation"),
        ("portfolio_confirmed", "portfolio_confirmed", "review_day", "review"),
    ],
)
def test_the_oblast_keeps_named_days(world: World, status: str, event: str, column: str, term: str) -> None:
    """Clauses 8 and 9: Sunday 22 March is red on Friday 20 March already."""
    case = standing(world, LENOBL, status, {event: "10.03.2026"}, **{column: day("22.03.2026")})
    assert seen(case, "16.03.2026") == {term: ("22.03.2026", "20.03.2026", "far", 6)}
    assert seen(case, "17.03.2026")[term][2] == TermState.SOON
    assert seen(case, "20.03.2026")[term][2] == TermState.LAST_DAY
    assert seen(case, "23.03.2026")[term][2:] == (TermState.BROKEN, -1)


def test_the_decision_is_awaited_on_the_day_of_the_sitting(world: World) -> None:
    sitting = world.sitting(dt.date(2026, 3, 24))
    case = standing(world, LENOBL, "sitting", {"sitting_appointed": "10.03.2026"}, sitting=sitting)
    assert seen(case, "24.03.2026") == {"decision": ("24.03.2026", "24.03.2026", "last_day", 0)}


def test_without_a_named_day_no_term_runs(world: World) -> None:
    assert seen(standing(world, LENOBL, "review_assigned", {"review_assigned": "10.03.2026"}), "10.03.2026") == {}
    assert seen(standing(world, LENOBL, "draft", {}), "10.03.2026") == {}


def test_a_year_without_transfers_is_told_until_the_office_has_entered_them(world: World) -> None:
    case = standing(world, SPB, "received", {"filed": "10.12.2040", "received": "10.12.2040"})

    def unloaded() -> dict[str, list[int]]:
        found = deadlines(case, day("10.12.2040"), office_calendar())
        return {one.term.name: [year.year for year in one.unloaded] for one in found}

    assert unloaded()["registration_from_portal"] == [2040]
    assert unloaded()["service"] == [2040, 2041]
    CalendarYear.create(year=2040)
    assert unloaded()["registration_from_portal"] == []
    assert unloaded()["service"] == [2041]
