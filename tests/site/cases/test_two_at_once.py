"""Two people at once on one case: of two moves that began from the same screen exactly one is made, on both databases."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest

from attestation import models
from attestation.models import Application, CaseEvent, Duty, JournalEntry, Letter
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole
from attestation.site.cases import moves
from attestation.tests.cases import LENOBL, SPB, World

from .telling import journal, letters, lines, newest, noon
from .test_walks import WALKS

Try = Callable[[Application], object]
WON = "won"


def at_once(case: Application, *tries: Try) -> list[str]:
    """What becomes of each try, all of them begun from the same version at the same moment, each with its own connection."""
    ready = threading.Barrier(len(tries))
    ends: list[str] = ["nothing"] * len(tries)

    def run(place: int, attempt: Try) -> None:
        with models.connection():
            mine = Application.get_by_id(case.id)
            ready.wait(timeout=20)
            try:
                attempt(mine)
                ends[place] = WON
            except Refusal as no:
                ends[place] = no.sentence

    threads = [threading.Thread(target=run, args=one) for one in enumerate(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def one_of(count: int) -> Counter[str]:
    """One winner, and all others told to look again."""
    return Counter({WON: 1, moves.OVERTAKEN: count - 1})


def test_one_button_in_several_windows(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_assigned")
    before = Letter.select().count()
    confirm = [lambda mine: moves.make(mine, "confirm_portfolio", by=world.teacher, on=world.now)] * 4
    assert Counter(at_once(case, *confirm)) == one_of(4)
    kept = Application.get_by_id(case.id)
    assert (kept.status, kept.version) == ("portfolio_confirmed", case.version + 1)
    assert Letter.select().count() == before + 1
    confirmed = JournalEntry.select().where(JournalEntry.verb == "case_confirm_portfolio")
    assert confirmed.count() == 1
    assert [(duty.role, duty.verb) for duty in Duty.select()] == [("main_expert", "start_review")]


def test_the_teacher_withdraws_while_the_secretary_registers(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "submitted")
    for fact in ("form_checked", "previous_category_checked"):
        world.tick(case, fact, world.cast.secretary)
    ends = at_once(
        case,
        lambda mine: moves.make(mine, "withdraw", by=world.teacher, on=world.now),
        lambda mine: moves.make(mine, "register", by=world.cast.secretary, on=world.now, group_leader=world.cast.leader),
    )
    assert Counter(ends) == one_of(2)
    winner = ("withdrawn", "registered")[ends.index(WON)]
    assert Application.get_by_id(case.id).status == winner
    events = {event.name for event in CaseEvent.select()}
    assert events == {"filed", winner}


def test_the_deputy_and_the_registrar_give_the_folder_to_two_experts(world: World) -> None:
    """The rows of the act that was too late are gone with it: the case has one expert."""
    case = world.walk(world.filled(SPB), "accepted")

    def start(expert: int, by: models.User) -> Try:
        def attempt(mine: Application) -> None:
            with models.database.atomic():
                moves.allow(mine, "start_review", by=by, on=world.now)
                world.entrust(mine, world.experts[expert], CaseRole.MAIN_EXPERT)
                moves.make(mine, "start_review", by=by, on=world.now)

        return attempt

    ends = at_once(case, start(0, world.cast.deputy), start(1, world.cast.reception))
    assert Counter(ends) == one_of(2)
    given = [review.expert for review in Application.get_by_id(case.id).reviews]
    assert given == [world.experts[ends.index(WON)].user]
    entrusted = Letter.select().where(Letter.name == "review_entrusted")
    assert [letter.user for letter in entrusted] == given


def test_a_deed_and_a_move_of_one_status(world: World) -> None:
    """The leader chooses a sitting while the conclusion is sent back: never both."""
    case = world.walk(world.filled(LENOBL), "review_done")
    sitting = world.sitting(world.now.date())
    ends = at_once(
        case,
        lambda mine: moves.make(mine, "choose_sitting_day", by=world.cast.leader, on=world.now, sitting=sitting),
        lambda mine: moves.make(mine, "return_conclusion", by=world.cast.leader, on=world.now, reason="Не названа должность."),
    )
    assert Counter(ends) == one_of(2)
    kept = Application.get_by_id(case.id)
    assert (kept.status, kept.sitting) == [("review_done", sitting), ("review", None)][ends.index(WON)]


def test_who_was_too_late_looks_again_and_goes_on(world: World) -> None:
    """Both additional experts comment at once; the second one repeats, and both comments are there."""
    case = world.walk(world.filled(LENOBL), "review")
    reviews = [one for one in case.reviews if one.role == CaseRole.ADDITIONAL_EXPERT]

    def comment(place: int) -> Try:
        def attempt(mine: Application) -> None:
            with models.database.atomic():
                moves.allow(mine, "comment", by=reviews[place].expert, on=world.now)
                models.Review.update(commented_at=world.now).where(models.Review.id == reviews[place].id).execute()
                moves.make(mine, "comment", by=reviews[place].expert, on=world.now)

        return attempt

    ends = at_once(case, comment(0), comment(1))
    assert Counter(ends) == one_of(2)
    comment(ends.index(moves.OVERTAKEN))(Application.get_by_id(case.id))
    assert all(one.commented_at for one in Application.get_by_id(case.id).reviews if one.role == CaseRole.ADDITIONAL_EXPERT)
    assert {(duty.role, duty.verb) for duty in Duty.select()} == {("main_expert", "upload_conclusion")}


@pytest.mark.parametrize("name", ["established", "refused", "second", "on paper", "declined"])
def test_every_move_of_a_walk_is_made_once(world: World, name: str) -> None:
    """Each button is pressed in two windows at the same moment: the letters and the journal are those of one."""
    edition, outcome, rows = WALKS[name]
    case = world.filled(edition, way="paper" if name == "on paper" else "electronic")
    for verb, day, who, status, _, posted, _ in rows:
        letter, entry = newest(Letter), newest(JournalEntry)
        press = [lambda mine, verb=verb, day=day: world.step(mine, verb, on=noon(day), outcome=outcome)] * 2
        assert (verb, Counter(at_once(case, *press))) == (verb, one_of(2))
        case = Application.get_by_id(case.id)
        assert (verb, case.status, letters(world, case, letter)) == (verb, status, lines(posted))
        assert journal(world, case, entry) == [f"{one} case_{verb}" for one in who.split()]


@pytest.mark.parametrize("writes", [{"review_day": None}, {}])
def test_a_note_without_a_move_takes_its_version_too(world: World, writes: dict[str, object]) -> None:
    case = world.walk(world.filled(LENOBL), "review_assigned")
    hold = [lambda mine: moves.hold(mine, on=world.now, **writes)] * 2
    assert Counter(at_once(case, *hold)) == one_of(2)
