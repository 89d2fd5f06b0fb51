"""Duties: whose, by which term, until when. What they are after each move of the roads stands in test_walks."""

import datetime as dt
import threading

import pytest

from attestation import models
from attestation.models import (
    Application,
    CalendarException,
    Dissent,
    DissentSignature,
    Duty,
    Representative,
    Review,
    Sitting,
    UserRole,
    database,
)
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole, Channel, Role
from attestation.site.cases import duties, moves
from attestation.site.cases.calendar import office_calendar
from attestation.site.dates import day_of
from attestation.tests.cases import LENOBL, NEGATIVE, SPB, World

from .telling import duties as told
from .telling import noon

MARCH_10 = dt.date(2026, 3, 10)


def off(day: dt.date) -> None:
    CalendarException.create(day=day, working=False, note="распоряжение")


# --- Whose --------------------------------------------------------------------------------------------------------------------


def test_an_additional_expert_who_has_commented_is_free(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review")
    quick = next(one for one in case.reviews if one.expert == world.experts[2].user)
    quick.commented_at = world.now
    quick.save()
    moves.make(case, "comment", by=quick.expert, on=world.now)
    assert told(world, case) == {"main_expert/expert upload_conclusion", "additional_expert/expert2 comment"}


def test_an_expert_who_has_signed_is_free(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_done", outcome=NEGATIVE)
    world.step(case, "draw_up_dissent")
    DissentSignature.create(dissent=Dissent.get(), expert=world.cast.expert, signed_at=world.now)
    moves.make(case, "sign_dissent", by=world.cast.expert, on=world.now)
    assert told(world, case) == {
        "group_leader/leader choose_sitting_day",
        "additional_expert/expert2 sign_dissent",
        "additional_expert/expert3 sign_dissent",
    }


def test_a_replaced_expert_has_none(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review")
    with database.atomic():
        Review.update(ended_at=world.now).where(Review.expert == world.experts[1].user).execute()
        world.entrust(case, world.experts[3], CaseRole.ADDITIONAL_EXPERT)
        moves.make(case, "change_review", by=world.cast.leader, on=world.now, reason="Заболела.")
    assert told(world, case) == {
        "main_expert/expert upload_conclusion",
        "additional_expert/expert3 comment",
        "additional_expert/expert4 comment",
    }


def test_another_leader_takes_the_duty_over(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "registered")
    by = {"by": world.cast.secretary, "on": world.now}
    moves.make(case, "change_group_leader", **by, reason="Отпуск.", group_leader=world.second_leader)
    assert told(world, case) == {"group_leader/second_leader assign_review"}


def test_nobody_has_duties_whose_account_is_closed_or_role_is_taken(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review")
    UserRole.delete().where(UserRole.user == world.cast.expert, UserRole.role == Role.EXPERT).execute()
    world.experts[1].user.active = False
    world.experts[1].user.save()
    duties.refresh(case, MARCH_10)
    assert told(world, case) == {"additional_expert/expert3 comment"}


def test_the_teacher_and_not_the_representative_is_expected(world: World) -> None:
    """The representative may do it; the turn is the teacher's in the words of the road."""
    case = world.filled(SPB, way="")
    world.represent(case)
    case.portfolio_way = "paper"
    case.save()
    world.book(case)
    world.walk(case, "registered")
    models.Slot.update(missed=True).execute()
    duties.refresh(case, MARCH_10)
    assert told(world, case) == {
        "commission_secretary/- set_term consideration by 09.04",
        "registrar/- book_appointment",
        "teacher/teacher book_appointment portfolio by 09.04",
    }


def test_what_came_on_paper_has_no_duty_of_a_teacher(world: World) -> None:
    case = world.walk(world.filled(SPB, channel=Channel.POST, way=""), "registered")
    assert told(world, case) == {"commission_secretary/- set_term consideration by 09.04", "registrar/- book_appointment"}


def test_a_refused_move_leaves_the_duties(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "submitted")
    before = [(duty.id, duty.verb) for duty in Duty.select()]
    with pytest.raises(Refusal):
        moves.make(case, "register", by=world.cast.secretary, on=world.now)
    assert [(duty.id, duty.verb) for duty in Duty.select()] == before


@pytest.mark.parametrize("edition, status", [(LENOBL, "established"), (LENOBL, "withdrawn"), (SPB, "declined")])
def test_at_the_end_nobody_has_any(world: World, edition: str, status: str) -> None:
    case = world.walk(world.filled(edition), status)
    kept = Application.get_by_id(case.id)
    assert (told(world, case), kept.due_on, kept.due_term) == (set(), None, "")


# --- By when ------------------------------------------------------------------------------------------------------------------


def test_the_nearest_term_stands_with_the_case(world: World) -> None:
    case = world.walk(world.filled(SPB), "received")
    assert (case.due_on, case.due_term) == (dt.date(2026, 3, 11), "registration_from_portal")
    world.walk(case, "registered")
    kept = Application.get_by_id(case.id)
    assert (kept.due_on, kept.due_term) == (case.due_on, case.due_term) == (dt.date(2026, 4, 9), "consideration")


def test_a_corrected_calendar_moves_the_days_of_all_open_cases(world: World) -> None:
    waiting = world.walk(world.filled(SPB), "received")
    considered = world.walk(world.filled(SPB), "registered")
    gone = world.walk(world.filled(SPB), "withdrawn")
    versions = [Application.get_by_id(case.id).version for case in (waiting, considered, gone)]
    off(dt.date(2026, 3, 11))
    off(dt.date(2026, 4, 9))
    assert duties.refresh_open(MARCH_10) == 2
    assert told(world, waiting) == {"registrar/- register registration_from_portal by 12.03"}
    # Consideration stays in calendar days, but is to be done a working day earlier.
    assert told(world, considered) == {"commission_secretary/- set_term consideration by 08.04"}
    assert Application.get_by_id(waiting.id).due_on == dt.date(2026, 3, 12)
    # Whoever has such a case open goes on: nobody has changed it.
    assert [Application.get_by_id(case.id).version for case in (waiting, considered, gone)] == versions
    assert duties.refresh_open(MARCH_10) == 0


def test_a_new_day_is_told_to_cases_without_a_term(world: World) -> None:
    """The chosen sitting has passed: the leader chooses again, although no term runs in that status."""
    case = world.walk(world.filled(LENOBL), "review_done")
    world.step(case, "choose_sitting_day")
    assert (told(world, case), case.due_on) == ({"commission_secretary/- appoint_sitting"}, None)
    assert duties.refresh_open(case.sitting.held_on) == 0
    assert duties.refresh_open(case.sitting.held_on + dt.timedelta(days=1)) == 1
    assert told(world, case) == {"group_leader/leader choose_sitting_day"}


def test_a_cancelled_sitting_and_an_expired_representative_are_noticed_too(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_done")
    world.step(case, "choose_sitting_day")
    Sitting.update(status="cancelled").execute()
    other = world.walk(world.filled(SPB, way="paper"), "registered")
    Representative.create(application=other, full_name="Доверенная З.Э.", document="доверенность", added_at=world.now)
    assert duties.refresh_open(MARCH_10) == 1
    assert told(world, case) == {"group_leader/leader choose_sitting_day"}


def test_a_returned_draft_keeps_its_duty_and_a_fresh_one_has_none(world: World) -> None:
    case, fresh = world.walk(world.filled(LENOBL), "submitted"), world.filled(LENOBL)
    world.step(case, "return_application")
    Duty.delete().execute()
    assert duties.refresh_open(MARCH_10) == 1
    assert (told(world, case), told(world, fresh)) == ({"teacher/teacher submit"}, set())


def test_a_merged_case_has_no_duties_of_its_own(world: World) -> None:
    kept, merged = world.walk(world.filled(SPB), "registered"), world.walk(world.filled(SPB), "received")
    Application.update(merged_into=kept).where(Application.id == merged.id).execute()
    Duty.delete().where(Duty.application == merged).execute()
    off(dt.date(2026, 3, 11))
    assert duties.refresh_open(MARCH_10) == 0
    assert told(world, merged) == set()


def test_a_case_that_moves_on_meanwhile_keeps_its_new_duties(world: World) -> None:
    """The calendar is corrected while others work: whatever comes first, the duties are those of the status at the end."""
    cases = [world.walk(world.filled(SPB), "received") for _ in range(4)]
    for case in cases:
        world.tick(case, "identity_proved", world.cast.reception)
    off(dt.date(2026, 3, 11))
    off(dt.date(2026, 4, 9))
    ready = threading.Barrier(2)

    def register() -> None:
        with models.connection():
            ready.wait(timeout=20)
            for case in cases:
                moves.make(Application.get_by_id(case.id), "register", by=world.cast.reception, on=world.now)

    clerk = threading.Thread(target=register)
    clerk.start()
    ready.wait(timeout=20)
    duties.refresh_open(MARCH_10)
    clerk.join(timeout=60)
    assert [told(world, case) for case in cases] == [{"commission_secretary/- set_term consideration by 08.04"}] * 4


def test_refreshing_twice_writes_the_same(world: World) -> None:
    case = world.walk(world.filled(SPB), "review", on=noon("10.03"))
    once = told(world, case)
    duties.refresh(case, day_of(world.now), office_calendar())
    assert told(world, case) == once == {"main_expert/expert conclude"}
