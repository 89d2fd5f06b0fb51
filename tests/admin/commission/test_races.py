"""Two at once over one sitting, on both kinds of database: one of them is refused politely, nothing is done twice."""

import datetime as dt

from attestation.admin.acts.cases import hearing
from attestation.admin.acts.commission import moves, sittings
from attestation.admin.acts.commission.sittings import Plan
from attestation.models import Application, Hearing, Sitting
from attestation.tests.admin.conftest import at_once
from attestation.tests.cases import SPB, World

THURSDAY = dt.date(2026, 3, 19)
AT_THREE = dt.time(15)


def propose(world: World, sitting: Sitting, case: Application) -> None:
    hearing.propose(case, sitting, by=world.cast.secretary, on=world.now)


def test_two_take_the_last_place_at_once(world: World) -> None:
    sitting = world.sitting(THURSDAY, capacity=1)
    one, two = (world.walk(world.filled(SPB), "reviewed") for _ in range(2))
    said = at_once(lambda: propose(world, sitting, one), lambda: propose(world, sitting, two))
    assert said == sorted(["done", "На заседании 19.03.2026 дел уже 1, а рассчитано оно на 1."])
    assert Hearing.select().count() == 1


def test_two_change_a_sitting_at_once(world: World) -> None:
    made = world.sitting(THURSDAY, place="")
    one, two = Sitting.get_by_id(made.id), Sitting.get_by_id(made.id)

    def change(sitting: Sitting, place: str) -> None:
        sittings.change(sitting, Plan(THURSDAY, AT_THREE, place), by=world.cast.secretary, on=world.now)

    assert at_once(lambda: change(one, "Зал"), lambda: change(two, "Класс")) == sorted(["done", moves.OVERTAKEN])
    assert Sitting.get_by_id(made.id).version == 2


def test_a_sitting_moves_while_a_case_comes(world: World) -> None:
    """Whichever is first, the case ends up on the agenda of the moved sitting, and its letter is not lost."""
    sitting = world.sitting(THURSDAY)
    first, second = (world.walk(world.filled(SPB), "reviewed") for _ in range(2))
    propose(world, sitting, first)
    fresh = Sitting.get_by_id(sitting.id)

    def move() -> None:
        values = {"held_on": dt.date(2026, 3, 26), "begins_at": AT_THREE, "place": "Зал", "reason": "Болезнь."}
        sittings.reschedule(fresh, **values, by=world.cast.secretary, on=world.now)

    assert at_once(move, lambda: propose(world, sitting, second)) == ["done", "done"]
    assert Hearing.select().where(Hearing.sitting == sitting).count() == 2
    assert {Application.get_by_id(case.id).sitting.held_on for case in (first, second)} == {dt.date(2026, 3, 26)}
