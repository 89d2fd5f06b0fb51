"""Numbers of applications: each is given once, in order, under concurrency too; what was not kept goes back."""

import threading

import pytest
from peewee import DatabaseError

from attestation import models
from attestation.models import Application, CaseSequence
from attestation.procedure.numbers import MOST, WrongNumber, parse
from attestation.procedure.refusal import Refusal
from attestation.site.cases.numbers import next_number
from attestation.tests.cases import SPB, World


def test_each_year_counts_for_itself(database: models.Database) -> None:
    given = [str(next_number(year)) for year in (2026, 2026, 2027, 2026)]
    # The check digits were counted by hand with the table of the scheme of Damm.
    assert given == ["2026-000001-5", "2026-000002-8", "2027-000001-7", "2026-000003-1"]


def test_a_wrong_digit_and_neighbours_that_changed_places_are_noticed(database: models.Database) -> None:
    number = next_number(2026)
    assert parse(str(number)) == number
    for wrong in ("2026-000001-6", "2026-000010-5", "2062-000001-5", "2026-000002-5"):
        with pytest.raises(WrongNumber, match="опечатка"):
            parse(wrong)


def test_eight_at_once_get_forty_numbers_without_a_gap(database: models.Database) -> None:
    ready, given = threading.Barrier(8), []

    def take() -> None:
        with models.connection():
            ready.wait(timeout=20)
            for _ in range(5):
                with models.database.atomic():
                    given.append(next_number(2026).sequence)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(given) == list(range(1, 41))


def test_a_number_that_was_not_kept_was_never_given(database: models.Database) -> None:
    next_number(2026)
    with models.database.atomic() as transaction:
        lost = next_number(2026)
        transaction.rollback()
    assert str(next_number(2026)) == str(lost)


def test_a_filed_number_is_never_given_again(world: World) -> None:
    """Not even when its application is withdrawn; the database changes and deletes none."""
    case = world.walk(world.filled(SPB), "withdrawn")
    assert str(next_number(2026)) != case.number
    with pytest.raises(DatabaseError, match="is not changed"), models.database.atomic():
        Application.update(number="2026-000009-0").where(Application.id == case.id).execute()
    with pytest.raises(DatabaseError, match="is not deleted"), models.database.atomic():
        case.delete_instance()
    assert Application.get_by_id(case.id).number == case.number


def test_the_last_number_of_a_year(database: models.Database) -> None:
    CaseSequence.create(year=2026, last=MOST - 1)
    assert next_number(2026).sequence == MOST
    with pytest.raises(Refusal, match="Номера заявлений 2026 года закончились"):
        next_number(2026)
