"""What tests of control share: closed cases of a quarter, an inspection under way."""

import datetime as dt
from collections.abc import Callable

import pytest

from attestation.admin.acts.control import inspections
from attestation.models import Application, Inspection
from attestation.procedure.control import checklist
from attestation.tests.cases import SPB, World

# The first quarter is over; the cases below were closed in it.
APRIL = dt.datetime(2026, 4, 6, 9, 0, tzinfo=dt.UTC)
MARCH_12 = dt.date(2026, 3, 12)
Closed = Callable[[int], list[Application]]
RIGHT = {question.name: "right" for question in checklist().questions}


@pytest.fixture
def closed(world: World) -> Closed:
    """So many cases of other teachers, withdrawn on 12 March."""

    def made(count: int) -> list[Application]:
        cases = []
        for _ in range(count):
            case = world.walk(world.filled(SPB), "withdrawn")
            Application.update(closed_on=MARCH_12).where(Application.id == case.id).execute()
            cases.append(Application.get_by_id(case.id))
        return cases

    return made


@pytest.fixture
def under_way(world: World, closed: Closed) -> Inspection:
    """An inspection of a case that came to its conclusion."""
    closed(2)
    return inspections.appoint_planned(2026, 1, percent=None, seed="a1", by=world.cast.controller, on=APRIL)
