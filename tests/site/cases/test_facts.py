"""Each fact of both roads: it holds in a case that came where it is asked for, and ends when what makes it true is gone.

The rows of BROKEN name a status, a fact that holds there, and how the record is changed so that it does not.
"""

import datetime as dt
from collections.abc import Callable

import pytest

from attestation.models import (
    Application,
    Approval,
    CaseEvent,
    CaseFile,
    CheckMark,
    Conclusion,
    ConflictPermit,
    Dissent,
    DissentSignature,
    Expert,
    Identity,
    Paper,
    Representative,
    Review,
    Sitting,
    Slot,
    UserRole,
    database,
)
from attestation.procedure.road import road
from attestation.procedure.words import CaseRole, Category, Channel, Role
from attestation.site.cases.facts import observe
from attestation.site.dates import day_of
from attestation.tests.cases import LENOBL, NEGATIVE, SPB, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Change = Callable[[World, Application], object]
DAY = dt.timedelta(days=1)


def column(**values: object) -> Change:
    """Other columns of the application."""
    return lambda world, case: Application.update(values).where(Application.id == case.id).execute()


def without(record: type, *conditions: object) -> Change:
    """No such rows of the case any more."""
    return lambda world, case: record.delete().where(record.application == case, *conditions).execute()


def mark_gone(fact: str) -> Change:
    return without(CheckMark, CheckMark.fact == fact)


def review(role: CaseRole, **values: object) -> Change:
    """Another state of the review of this role."""
    return lambda world, case: Review.update(values).where(Review.application == case, Review.role == role).execute()


def sitting(**values: object) -> Change:
    return lambda world, case: Sitting.update(values).where(Sitting.id == case.sitting_id).execute()


def expert(place: int, **values: object) -> Change:
    """Another state of this expert of the bank."""
    return lambda world, case: Expert.update(values).where(Expert.id == world.experts[place].id).execute()


def approved_until(place: int, day: dt.date) -> Change:
    def change(world: World, case: Application) -> None:
        Approval.update(valid_until=day).where(Approval.expert == world.experts[place]).execute()

    return change


def role_lost(name: str, role: Role) -> Change:
    def change(world: World, case: Application) -> None:
        UserRole.delete().where(UserRole.user == getattr(world.cast, name), UserRole.role == role).execute()

    return change


def account_closed(name: str) -> Change:
    def change(world: World, case: Application) -> None:
        user = getattr(world.cast, name)
        type(user).update(active=False).where(type(user).id == user.id).execute()

    return change


def returned(world: World, case: Application) -> None:
    """Sent back after it was given."""
    late = world.now + dt.timedelta(hours=12)
    Review.update(returned_at=late).where(Review.application == case).execute()


def file_removed(world: World, case: Application) -> None:
    CaseFile.update(removed_at=world.now).where(CaseFile.application == case, CaseFile.name == "1.pdf").execute()


def colleague(place: int) -> Change:
    return expert(place, organization="гбоу ШКОЛА №901 г Образцова")


def unread(world: World, case: Application) -> None:
    mine = Review.select(Review.id).where(Review.application == case)
    newer = Conclusion.select().where(Conclusion.review.in_(mine)).get()
    values = {"number": 2, "outcome": "positive", "signature": "electronic", "given_at": world.now + DAY}
    Conclusion.create(review=newer.review, **values)


def signature_missing(world: World, case: Application) -> None:
    DissentSignature.delete().where(DissentSignature.expert == world.experts[2].user).execute()


def another_judged(world: World, case: Application) -> None:
    """An expert who replaced a signatory has to sign as well."""
    Review.update(ended_at=world.now).where(Review.application == case, Review.expert == world.experts[1].user).execute()
    world.entrust(case, world.experts[3], CaseRole.ADDITIONAL_EXPERT)


def dissent_gone(world: World, case: Application) -> None:
    Dissent.delete().where(Dissent.application == case).execute()


def document_expired(world: World, case: Application) -> None:
    Representative.update(expires_on=day_of(world.now) - DAY).where(Representative.application == case).execute()


def held_before(world: World, case: Application) -> None:
    """A category that the teacher names and proves by nothing."""
    column(held_category=Category.FIRST.value)(world, case)


YESTERDAY, TOMORROW = dt.date(2026, 3, 9), dt.date(2026, 3, 11)
MAIN, ADDITIONAL, SECOND = CaseRole.MAIN_EXPERT, CaseRole.ADDITIONAL_EXPERT, CaseRole.SECOND_EXPERT

# Edition, status, outcome of the first conclusion → fact and what takes it away.
BROKEN: dict[tuple[str, str, str], list[tuple[str, Change]]] = {
    (LENOBL, "draft", "positive"): [
        ("application_complete", column(complete=False)),
        ("previous_category_attached", column(category=Category.HIGHEST.value)),
        ("portfolio_filled", without(Paper)),
        ("portfolio_filled", file_removed),
    ],
    (LENOBL, "registered", "positive"): [
        ("form_checked", mark_gone("form_checked")),
        ("previous_category_checked", lambda world, case: _highest_unchecked(world, case)),
        ("group_leader_named", column(group_leader=None)),
        ("group_leader_named", role_lost("leader", Role.LEADER)),
        ("group_leader_named", account_closed("leader")),
    ],
    (LENOBL, "review", "positive"): [
        ("review_day_set", column(review_day=None)),
        ("review_day_set", column(review_day=YESTERDAY)),
        ("main_expert_named", review(MAIN, ended_at=dt.datetime(2026, 3, 10, tzinfo=dt.UTC))),
        ("additional_experts_named", lambda world, case: _ended(world, case, 1)),
        ("experts_in_bank", expert(2, active=False)),
        ("experts_in_bank", approved_until(0, dt.date(2026, 3, 16))),
        ("experts_in_bank", role_lost("expert", Role.EXPERT)),
        ("experts_in_bank", account_closed("expert")),
        ("no_conflict", colleague(1)),
    ],
    (LENOBL, "review_done", "positive"): [
        ("additional_experts_commented", lambda world, case: _silent(world, case, 1)),
        ("outcome_stated", review(MAIN, outcome="")),
        ("outcome_stated", column(position="")),
        ("conclusion_uploaded", returned),
    ],
    (LENOBL, "sitting", "negative"): [
        ("dissent_drawn_up", dissent_gone),
        ("dissent_signed", dissent_gone),
        ("dissent_signed", signature_missing),
        ("dissent_signed", another_judged),
        ("sitting_day_chosen", column(sitting=None)),
        ("sitting_day_chosen", sitting(held_on=YESTERDAY)),
        ("sitting_day_chosen", sitting(status="cancelled")),
        ("sitting_place_named", sitting(place="")),
    ],
    (LENOBL, "established", "positive"): [
        ("decided_to_establish", column(decision="refuse")),
        ("decided_to_establish", column(minutes_number="")),
        ("decided_to_establish", column(minutes_on=None)),
    ],
    (LENOBL, "refused", "positive"): [
        ("decided_to_refuse", column(decision="establish")),
        ("decided_to_refuse", column(minutes_on=None)),
    ],
    (SPB, "draft", "positive"): [
        ("held_category_attached", held_before),
        ("applicant_named", column(surname="")),
        ("applicant_named", column(name="")),
        ("applicant_named", column(position="")),
        ("applicant_named", column(category=None)),
        ("portfolio_way_chosen", column(portfolio_way="")),
        ("portfolio_way_chosen", column(portfolio_way="paper")),
        ("portfolio_way_chosen", without(Paper)),
        ("portfolio_way_chosen", file_removed),
        ("appointment_booked", without(Paper)),
        ("authority_proved", lambda world, case: world.represent(case)),
        ("filed_in_season", column(filed_on=dt.date(2026, 5, 16))),
    ],
    (SPB, "accepted", "positive"): [
        ("identity_proved", mark_gone("identity_proved")),
        ("portfolio_received", without(CaseEvent, CaseEvent.name == "portfolio_received")),
        ("considered", column(considered_on=None)),
        ("term_named", column(term_begins=None)),
        ("term_named", column(term_ends=None)),
        ("term_named", column(term_ends=dt.date(2026, 5, 17))),
        ("place_named", column(term_place="")),
    ],
    (SPB, "review", "positive"): [
        ("expert_named", review(MAIN, ended_at=dt.datetime(2026, 3, 10, tzinfo=dt.UTC))),
        ("expert_listed", approved_until(0, YESTERDAY)),
        ("expert_listed", expert(0, active=False)),
        ("no_conflict", colleague(0)),
        # The teacher's own neighbour of the same name.
        ("no_conflict", expert(0, surname="Чернильницын", address="г.Образцов,Садовая ул.,д.3,кв.4")),
    ],
    (SPB, "reviewed", "positive"): [
        ("rubric_scored", review(MAIN, scored=False)),
        ("outcome_follows_points", review(MAIN, implied="negative")),
        ("outcome_follows_points", review(MAIN, implied="open")),
        ("outcome_follows_points", review(MAIN, outcome="")),
        ("conclusion_signed", returned),
        ("conclusion_positive", review(MAIN, outcome="negative")),
        ("sitting_named", column(sitting=None)),
    ],
    (SPB, "reviewed", "negative"): [
        ("conclusion_negative", review(MAIN, outcome="positive")),
        ("second_expert_named", review(SECOND, ended_at=dt.datetime(2026, 3, 10, tzinfo=dt.UTC))),
        ("second_expert_listed", expert(1, active=False)),
        ("second_no_conflict", colleague(1)),
        ("second_rubric_scored", review(SECOND, scored=False)),
        ("second_outcome_follows_points", review(SECOND, implied="negative")),
        ("second_conclusion_signed", returned),
        ("second_conclusion_given", review(SECOND, ended_at=dt.datetime(2026, 3, 10, tzinfo=dt.UTC))),
        ("conclusion_read", unread),
        ("conclusion_read", returned),
    ],
    (SPB, "decided", "positive"): [
        ("decision_minuted", column(decision="")),
        ("decision_minuted", column(minutes_number="")),
        ("decision_minuted", column(minutes_on=None)),
        ("decided_to_establish", column(decision="refuse")),
        ("decided_to_establish", column(minutes_number="")),
    ],
    (SPB, "refused", "positive"): [
        ("decided_to_refuse", column(decision="establish")),
        ("decided_to_refuse", column(minutes_on=None)),
    ],
}


def _highest_unchecked(world: World, case: Application) -> None:
    """For the highest category the document of the previous one is checked."""
    column(category=Category.HIGHEST.value)(world, case)
    mark_gone("previous_category_checked")(world, case)


def _ended(world: World, case: Application, place: int) -> None:
    mine = Review.application == case, Review.expert == world.experts[place].user
    Review.update(ended_at=world.now).where(*mine).execute()


def _silent(world: World, case: Application, place: int) -> None:
    mine = Review.application == case, Review.expert == world.experts[place].user
    Review.update(commented_at=None).where(*mine).execute()


def facts(case: Application, day: dt.date) -> frozenset[str]:
    return observe(Application.get_by_id(case.id), day)


@pytest.mark.parametrize("edition, status, outcome", BROKEN)
def test_what_makes_a_fact_true_and_what_takes_it_away(world: World, edition: str, status: str, outcome: str) -> None:
    case = world.walk(world.filled(edition), status, outcome=outcome)
    today = day_of(world.now)
    if status == "reviewed":
        world.step(case, "read_conclusion")
        Application.update(sitting=world.sitting(TOMORROW)).where(Application.id == case.id).execute()
    before = facts(case, today)
    for fact, change in BROKEN[edition, status, outcome]:
        with database.atomic() as trial:
            change(world, case)
            assert (fact, fact in before, fact in facts(case, today)) == (fact, True, False)
            trial.rollback()
    assert facts(case, today) == before


@pytest.mark.usefixtures("database_url")
def test_every_fact_of_both_roads_is_tried() -> None:
    """Here or below; a road that learns a new fact fails this until somebody types what makes it true."""
    below = {
        LENOBL: {"conclusion_read", "sitting_held"},
        SPB: {
            *("application_complete", "ground_to_decline", "sheets_within_limit", "bearer_identified", "inventory_copy_kept"),
            *("single_conclusion", "sitting_held"),
        },
    }
    for edition in (LENOBL, SPB):
        tried = {fact for (where, _, _), rows in BROKEN.items() if where == edition for fact, _ in rows} | below[edition]
        assert tried == set(road("application", edition).facts)


# --- Facts with edges of their own ------------------------------------------------------------------------------------------


def test_a_document_or_a_record_of_the_archive_proves_the_previous_category(world: World) -> None:
    case = world.filled(LENOBL, category=Category.HIGHEST.value)
    today = day_of(world.now)
    assert "previous_category_attached" not in facts(case, today)
    kept = world.file(case, "previous_category", "Выписка.pdf")
    assert "previous_category_attached" in facts(case, today)
    kept.removed_at = world.now
    kept.save()
    assert "previous_category_attached" not in facts(case, today)


@pytest.mark.parametrize(
    ("day", "open_"),
    [("2026-05-15", True), ("2026-05-16", False), ("2026-08-14", False), ("2026-08-15", True), ("2026-12-31", True)],
)
def test_the_season_includes_its_first_and_last_day(world: World, day: str, open_: bool) -> None:
    """2.6.7; the oblast takes applications all year and asks nothing."""
    assert ("filed_in_season" in facts(world.filled(SPB), dt.date.fromisoformat(day))) is open_


@pytest.mark.parametrize(
    ("channel", "marked", "signed_in", "represented", "proved", "authority"),
    [
        (Channel.PORTAL, False, False, False, False, True),
        (Channel.PORTAL, True, False, False, True, True),
        (Channel.PORTAL, False, True, False, True, True),
        (Channel.MFC, False, False, False, True, True),
        (Channel.POST, False, False, False, True, True),
        (Channel.PORTAL, True, False, True, True, False),
    ],
)
def test_identity_and_authority_are_the_only_grounds(
    world: World, channel: Channel, marked: bool, signed_in: bool, represented: bool, proved: bool, authority: bool
) -> None:
    """2.9.1."""
    case = world.filled(SPB, channel=channel)
    if marked:
        world.tick(case, "identity_proved", world.cast.reception)
    if signed_in:
        person = {"surname": "Чернильницына", "name": "Вера", "linked_at": world.now}
        Identity.create(user=world.teacher, issuer="https://provider.example.org", subject="1", **person)
    if represented:
        world.represent(case)
    held = facts(case, day_of(world.now))
    assert ("identity_proved" in held, "authority_proved" in held) == (proved, authority)
    assert ("ground_to_decline" in held) is not (proved and authority)


def test_a_checked_document_of_a_representative_runs_out(world: World) -> None:
    case = world.filled(SPB)
    world.represent(case, expires_on=dt.date(2026, 3, 10))
    world.tick(case, "authority_proved", world.cast.reception)
    assert "authority_proved" in facts(case, dt.date(2026, 3, 10))
    assert "authority_proved" not in facts(case, dt.date(2026, 3, 11))


@pytest.mark.parametrize(
    ("way", "sheets", "holds"),
    [("electronic", 15, True), ("electronic", 16, False), ("electronic", None, False), ("paper", 80, True)],
)
def test_the_mfc_scans_fifteen_sheets(world: World, way: str, sheets: int | None, holds: bool) -> None:
    """2.6.2."""
    case = world.filled(SPB, channel=Channel.MFC, way=way, mfc_sheets=sheets)
    assert ("sheets_within_limit" in facts(case, day_of(world.now))) is holds


def test_a_missed_hour_is_no_appointment(world: World) -> None:
    case = world.filled(SPB, way="paper")
    today = day_of(world.now)
    assert {"appointment_booked", "portfolio_way_chosen"} <= facts(case, today)
    Slot.update(missed=True).where(Slot.application == case).execute()
    assert not {"appointment_booked", "portfolio_way_chosen"} & facts(case, today)


def test_the_reception_marks_what_only_a_person_sees(world: World) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "registered")
    marks = {"bearer_identified", "inventory_copy_kept"}
    assert not marks & facts(case, day_of(world.now))
    for fact in marks:
        world.tick(case, fact, world.cast.reception)
    assert marks <= facts(case, day_of(world.now))


@pytest.mark.parametrize(("days", "holds"), [(0, True), (60, True), (61, False)])
def test_an_individual_term_is_sixty_days_at_most(world: World, days: int, holds: bool) -> None:
    """3.2.3."""
    first = dt.date(2026, 3, 10)
    case = world.filled(SPB, term_begins=first, term_ends=first + dt.timedelta(days=days))
    assert ("term_named" in facts(case, first)) is holds


def test_an_approval_includes_its_first_and_last_day(world: World) -> None:
    case = world.walk(world.filled(SPB), "review")
    days = {"valid_from": dt.date(2026, 4, 1), "valid_until": dt.date(2026, 4, 30)}
    Approval.update(days).where(Approval.expert == world.experts[0]).execute()
    listed = {day: "expert_listed" in facts(case, dt.date.fromisoformat(day)) for day in ("2026-03-31", "2026-04-01")}
    listed |= {day: "expert_listed" in facts(case, dt.date.fromisoformat(day)) for day in ("2026-04-30", "2026-05-01")}
    assert listed == {"2026-03-31": False, "2026-04-01": True, "2026-04-30": True, "2026-05-01": False}
    # Who works in the department needs no order (3.3.2).
    expert(0, department=True)(world, case)
    assert "expert_listed" in facts(case, dt.date(2026, 5, 1))


def test_the_oblast_asks_for_the_bank_on_the_day_of_the_review(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_assigned")
    assert case.review_day == dt.date(2026, 3, 17)
    approved_until(0, dt.date(2026, 3, 17))(world, case)
    assert "experts_in_bank" in facts(case, dt.date(2026, 3, 10))
    approved_until(0, dt.date(2026, 3, 16))(world, case)
    assert "experts_in_bank" not in facts(case, dt.date(2026, 3, 10))


def test_a_permit_of_the_chair_is_for_one_expert(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review")
    colleague(1)(world, case)
    colleague(2)(world, case)
    by = {"by": world.cast.chairperson, "reason": "Других экспертов по предмету нет.", "at": world.now}
    ConflictPermit.create(application=case, expert=world.experts[1].user, **by)
    assert "no_conflict" not in facts(case, day_of(world.now))
    ConflictPermit.create(application=case, expert=world.experts[2].user, **by)
    assert "no_conflict" in facts(case, day_of(world.now))


def test_where_the_threshold_lies_within_the_range_the_expert_says_why(world: World) -> None:
    """3.3.4."""
    case = world.walk(world.filled(SPB), "review")
    review(MAIN, implied="open", outcome="positive")(world, case)
    assert "outcome_follows_points" not in facts(case, day_of(world.now))
    review(MAIN, outcome_reason="Результаты сложены.")(world, case)
    assert "outcome_follows_points" in facts(case, day_of(world.now))


def test_a_second_conclusion_closes_the_first_one(world: World) -> None:
    case = world.walk(world.filled(SPB), "second_review", outcome=NEGATIVE)
    assert "single_conclusion" in facts(case, day_of(world.now))
    world.walk(case, "reviewed", outcome=NEGATIVE)
    assert "single_conclusion" not in facts(case, day_of(world.now))


def test_a_newer_conclusion_is_read_anew(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_done")
    assert "conclusion_read" not in facts(case, day_of(world.now))
    world.step(case, "read_conclusion")
    assert "conclusion_read" in facts(case, day_of(world.now))
    world.step(case, "return_conclusion")
    for verb in ("upload_conclusion", "finish_review"):
        world.step(case, verb)
    assert "conclusion_read" not in facts(case, day_of(world.now))


def test_a_positive_conclusion_needs_no_dissent(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_done")
    assert {"dissent_drawn_up", "dissent_signed"} <= facts(case, day_of(world.now))


def test_a_sitting_is_held_from_its_day_on(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "sitting")
    held = case.sitting.held_on
    assert held == dt.date(2026, 3, 24)
    assert "sitting_held" not in facts(case, held - DAY)
    assert "sitting_held" in facts(case, held)
