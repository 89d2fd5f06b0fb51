"""A sitting from its opening to its minutes, by acts: who is there, what is decided, what is refused and leaves no trace."""

import datetime as dt
from collections.abc import Callable

import pytest

from attestation.admin.acts.commission import attendance, minutes, moves, session, voting
from attestation.admin.acts.commission.proceedings import Proceedings
from attestation.models import (
    Application,
    Attendance,
    Commission,
    Hearing,
    Job,
    JournalEntry,
    Letter,
    Member,
    Minutes,
    MinutesSignature,
    Recusal,
    Sitting,
    Vote,
)
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import Choice, Decision
from attestation.site.dates import day_of
from attestation.tests.admin.commission.room import NEGATIVE, POSITIVE, Room, convene, crowd
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import Cast

FOR, AGAINST = Choice.FOR, Choice.AGAINST


def refused(act: Callable[[], object]) -> str:
    """The sentence of a refusal that has left every row as it was."""
    before = rows()
    with pytest.raises(Refusal) as refusal:
        act()
    assert rows() == before
    return refusal.value.sentence


def rows() -> list[object]:
    told = [Sitting, Hearing, Attendance, Vote, Recusal, Minutes, MinutesSignature, JournalEntry, Application, Letter, Job]
    return [list(record.select().order_by(record.id).dicts()) for record in told]


def tell(number: int, room: Room) -> tuple[str, int, int]:
    """What is decided on a case, and the votes for and against."""
    hearing = room.hearing(number)
    votes = [vote.choice for vote in Vote.select().where(Vote.hearing == hearing)]
    return hearing.decision, votes.count("for"), votes.count("against")


# --- Opening ----------------------------------------------------------------------------------------------------------------


def test_opening_numbers_the_agenda(world: World) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE, NEGATIVE)
    room.open()
    assert room.fresh().status == "open"
    assert room.sitting.opened_at == room.at()
    found = [(room.case(number).surname, room.hearing(number).roll_call) for number in (1, 2, 3)]
    # The negative one went through the second review, whose conclusion is negative too: nothing to talk over apart.
    assert found == [("Учителеваа", False), ("Учителеваб", False), ("Учителевав", False)]


def test_opening_is_the_secretarys(world: World, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE)
    for who in (cast.deputy, cast.chairperson, cast.controller, cast.admin, cast.expert):
        assert "недоступно" in refused(lambda who=who: session.open_session(room.fresh(), by=who, on=room.at()))


def test_opening_waits_for_its_day_its_composition_and_cases(world: World) -> None:
    room = convene(world, SPB, POSITIVE)
    early = room.at() - dt.timedelta(days=1)
    assert "день заседания ещё не наступил" in refused(lambda: session.open_session(room.fresh(), by=room.secretary, on=early))
    Commission.update(valid_until=day_of(room.at()) - dt.timedelta(days=1)).execute()
    assert "каким составом" in refused(room.open)
    Commission.update(valid_until=None).execute()
    Hearing.delete().execute()
    assert "в повестке нет ни одного дела" in refused(room.open)


def test_members_do_not_vote_in_their_own_case(world: World) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE)
    Member.update(user=world.teacher).where(Member.id == room.members[3].id).execute()
    other = Application.get(Application.surname == "Учителеваб")
    Application.update(applicant=world.other_teacher).where(Application.id == other.id).execute()
    Member.update(user=world.proxy).where(Member.id == room.members[4].id).execute()
    world.represent(other)
    room.open()
    told = {(row.hearing.number, row.member.full_name): row.reason for row in Recusal.select()}
    assert told == {
        (1, "Ареопагов Иван Ильич"): "подал это заявление",
        (2, "Большинская Ольга Юрьевна"): "представляет педагога",
    }
    # What somebody has to do with a member is not voted on with all the others.
    assert [room.hearing(number).roll_call for number in (1, 2)] == [True, True]
    assert "сторона этого дела" in refused(
        lambda: voting.end_recusal(room.hearing(1), room.members[3], by=room.secretary, on=room.at(1))
    )
    room.seat()
    assert "самоотвод" in refused(lambda: room.vote(1, "++++++++"))


def test_a_namesake_without_an_account_is_presumed_to_be_the_teacher(world: World) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE)
    person = Application.get(Application.surname == "Учителеваб").person
    Member.update(full_name=person.upper()).where(Member.id == room.members[3].id).execute()
    room.open()
    told = [(row.hearing.number, row.member_id, row.reason) for row in Recusal.select()]
    assert told == [(2, room.members[3].id, "те же фамилия, имя и отчество")]
    assert [room.hearing(number).roll_call for number in (1, 2)] == [False, True]
    # It may be another person: that is for the secretary to say.
    voting.end_recusal(room.hearing(2), room.members[3], by=room.secretary, on=room.at(1))
    room.seat()
    assert room.vote(2, "++++++++").decision == "establish"


# --- Attendance -------------------------------------------------------------------------------------------------------------


def test_who_comes_and_leaves_is_counted_when_it_matters(world: World) -> None:
    room = convene(world, SPB, POSITIVE, size=9)
    room.open()
    secretary = room.secretary
    assert attendance.arrive_all(room.fresh(), by=secretary, on=room.at(5)) == 9
    late = room.members[8]
    attendance.leave(room.fresh(), late, at=room.at(20), by=secretary, on=room.at(30))
    assert len(Proceedings.of(room.fresh(), room.at(10)).present) == 9
    assert len(Proceedings.of(room.fresh(), room.at(25)).present) == 8
    attendance.arrive(room.fresh(), late, by=secretary, on=room.at(40))
    assert len(Proceedings.of(room.fresh(), room.at(40)).present) == 9
    attendance.take_back(room.fresh(), late, by=secretary, on=room.at(41))
    assert len(Proceedings.of(room.fresh(), room.at(41)).present) == 8
    attendance.take_back(room.fresh(), late, by=secretary, on=room.at(42))
    assert len(Proceedings.of(room.fresh(), room.at(42)).present) == 9


def test_attendance_is_refused_when_it_cannot_be(world: World, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE)
    one = room.members[3]
    act = attendance.arrive
    assert "не открыто" in refused(lambda: act(room.fresh(), one, by=room.secretary, on=room.at()))
    room.open()
    assert "недоступно" in refused(lambda: act(room.fresh(), one, by=cast.deputy, on=room.at()))
    assert "ещё не наступило" in refused(lambda: act(room.fresh(), one, at=room.at(9), by=room.secretary, on=room.at(8)))
    yesterday = room.at() - dt.timedelta(days=1)
    assert "в день заседания" in refused(lambda: act(room.fresh(), one, at=yesterday, by=room.secretary, on=room.at(8)))
    assert "уход отметить нельзя" in refused(lambda: attendance.leave(room.fresh(), one, by=room.secretary, on=room.at(8)))
    assert "на заседание не пришёл" in refused(lambda: attendance.preside(room.fresh(), one, by=room.secretary, on=room.at(8)))
    act(room.fresh(), one, by=room.secretary, on=room.at(8))
    assert "уже отмечено" in refused(lambda: act(room.fresh(), one, by=room.secretary, on=room.at(9)))
    assert "раньше прихода" in refused(
        lambda: attendance.leave(room.fresh(), one, at=room.at(7), by=room.secretary, on=room.at(9))
    )


def test_a_departure_does_not_take_a_vote_away(world: World) -> None:
    room = convene(world, SPB, POSITIVE)
    room.open()
    room.seat()
    room.vote(1, "++++++++++++", minute=20)
    sentence = refused(
        lambda: attendance.leave(room.fresh(), room.members[5], at=room.at(10), by=room.secretary, on=room.at(30))
    )
    assert sentence == "Вечевая Инна Глебовна: после этого времени записан голос (дело 1). Проверьте время."
    attendance.leave(room.fresh(), room.members[5], at=room.at(25), by=room.secretary, on=room.at(30))
    # The vote stands, and may still be corrected though its member has left.
    room.vote(1, "+++++-++++++", minute=31)
    assert tell(1, room) == ("establish", 11, 1)


# --- The vote for all at once -----------------------------------------------------------------------------------------------


def test_all_agree_with_all_conclusions(world: World) -> None:
    """Three positive, one negative, one pulled out: two clicks for the rest."""
    room = convene(world, SPB, POSITIVE, POSITIVE, POSITIVE, NEGATIVE)
    room.open()
    room.seat(9)
    voting.pull_out(room.hearing(2), by=room.secretary, on=room.at(5))
    assert voting.agree(room.fresh(), Decision.ESTABLISH, by=room.secretary, on=room.at(6)) == 2
    assert voting.agree(room.fresh(), Decision.REFUSE, by=room.secretary, on=room.at(7)) == 1
    assert [tell(number, room) for number in (1, 2, 3, 4)] == [
        ("establish", 9, 0),
        ("", 0, 0),
        ("establish", 9, 0),
        # To agree with a negative conclusion is to vote against.
        ("refuse", 0, 9),
    ]
    assert "таких дел нет" in refused(lambda: voting.agree(room.fresh(), Decision.ESTABLISH, by=room.secretary, on=room.at(8)))


def test_nothing_is_agreed_without_a_quorum(world: World) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE)
    room.open()
    room.seat(7)

    def agree(minute: int = 9) -> int:
        return voting.agree(room.fresh(), Decision.ESTABLISH, by=room.secretary, on=room.at(minute))

    assert refused(agree) == "Кворума нет: присутствуют 7, для решения нужно 8."
    attendance.arrive(room.fresh(), room.members[7], by=room.secretary, on=room.at(7))
    voting.recuse(room.hearing(2), room.members[0], "училась вместе с педагогом", by=room.secretary, on=room.at(7))
    assert refused(agree) == "Из-за самоотводов нет кворума: дело 2. Вынесите на поимённое голосование или отложите."
    voting.pull_out(room.hearing(2), by=room.secretary, on=room.at(8))
    assert agree() == 1
    assert tell(1, room) == ("establish", 8, 0)


def test_agreement_is_the_secretarys_and_of_what_was_seen(world: World, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE)
    room.open()
    room.seat()
    seen = room.fresh()
    assert "недоступно" in refused(lambda: voting.agree(room.fresh(), Decision.ESTABLISH, by=cast.deputy, on=room.at(6)))
    # In another window a case is pulled out meanwhile.
    voting.pull_out(room.hearing(2), by=room.secretary, on=room.at(6))
    assert refused(lambda: voting.agree(seen, Decision.ESTABLISH, by=room.secretary, on=room.at(7))) == moves.OVERTAKEN


def test_a_hundred_cases_in_ten_requests(world: World) -> None:
    room = crowd(world, SPB, 100)
    room.open()
    attendance.arrive_all(room.fresh(), by=room.secretary, on=room.at(1))
    attendance.preside(room.fresh(), room.members[0], by=room.secretary, on=room.at(1))
    voting.pull_out(room.hearing(17), by=room.secretary, on=room.at(2))
    assert voting.agree(room.fresh(), Decision.ESTABLISH, by=room.secretary, on=room.at(3)) == 99
    room.vote(17, "+++++++--------", motive="Документы не подтверждают участия.", minute=4)
    made = room.close()
    assert Vote.select().count() == 99 * 15 + 15
    assert len(made.told["cases"]) == 100
    decided = Application.select().where(Application.status == "decided", Application.minutes_number == "7")
    assert decided.count() == 100
    assert [case.decision for case in decided].count("refuse") == 1


# --- One by one -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("votes", "motive", "decision"),
    [
        ("++++++++....", "", "establish"),
        ("+++++++-----", "", "establish"),
        ("------++++++", "", "establish"),  # a tie is for the teacher
        ("-------+++++", "Участие не подтверждено.", "refuse"),
        ("+++++++.....", "", ""),  # seven of twelve are no quorum
        ("............", "", ""),
    ],
)
def test_a_roll_call_decides(world: World, votes: str, motive: str, decision: str) -> None:
    room = convene(world, SPB, POSITIVE)
    room.open()
    room.seat()
    room.vote(1, votes, motive=motive)
    assert tell(1, room) == (decision, votes.count("+"), votes.count("-"))
    assert room.hearing(1).roll_call
    assert (room.hearing(1).decided_at is None) is (decision == "")


def test_a_decision_against_the_conclusion_has_its_motive(world: World) -> None:
    room = convene(world, SPB, POSITIVE, NEGATIVE)
    room.open()
    room.seat()
    assert "запишите мотивы" in refused(lambda: room.vote(1, "------------"))
    assert "запишите мотивы" in refused(lambda: room.vote(2, "++++++++++++"))
    room.vote(2, "++++++++++++", motive="Комиссия нашла подтверждение в папке.")
    assert tell(2, room) == ("establish", 12, 0)


def test_who_may_vote(world: World, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE)
    room.open()
    room.seat(8)
    assert "сейчас не в зале" in refused(lambda: room.vote(1, "+++++++++"))
    assert "недоступно" in refused(
        lambda: voting.vote(room.hearing(1), {room.members[0].id: FOR}, by=cast.chairperson, on=room.at(2))
    )
    stranger = Member.create(
        commission=Commission.create(order_number="1-р", order_on=day_of(world.now), valid_from=day_of(world.now)),
        full_name="Чужой Ким Ким",
        seat="member",
    )
    assert "сейчас не в зале" in refused(
        lambda: voting.vote(room.hearing(1), {stranger.id: FOR}, by=room.secretary, on=room.at(2))
    )
    # Who comes after the vote changes nothing; who left before does not count for later ones.
    room.vote(1, "++++++++")
    attendance.arrive(room.fresh(), room.members[8], by=room.secretary, on=room.at(20))
    assert tell(1, room) == ("establish", 8, 0)


def test_a_recusal_comes_before_the_vote(world: World) -> None:
    room = convene(world, SPB, POSITIVE)
    room.open()
    room.seat(9)
    one = room.members[2]
    voting.recuse(room.hearing(1), one, "учит его детей", by=room.secretary, on=room.at(2))
    assert "уже записан" in refused(
        lambda: voting.recuse(room.hearing(1), one, "учит его детей", by=room.secretary, on=room.at(3))
    )
    room.vote(1, "++.++++++")
    assert tell(1, room) == ("establish", 8, 0)
    assert "голос по этому делу уже записан" in refused(
        lambda: voting.recuse(room.hearing(1), room.members[0], "родня", by=room.secretary, on=room.at(12))
    )
    voting.end_recusal(room.hearing(1), one, by=room.secretary, on=room.at(13))
    assert "самоотвода нет" in refused(lambda: voting.end_recusal(room.hearing(1), one, by=room.secretary, on=room.at(14)))


def test_a_vote_is_corrected_until_the_close_and_the_journal_says_how(world: World) -> None:
    room = convene(world, SPB, POSITIVE, size=4)
    room.open()
    room.seat()
    room.vote(1, "+++.")
    room.vote(1, "+++-", minute=12)
    told = [entry.details for entry in JournalEntry.select().where(JournalEntry.verb == "case_vote").order_by(JournalEntry.id)]
    assert told == [
        "дело 1. Председателева Алла Фёдоровна: за; Заместин Игорь Павлович: за; Секретарева Анна Петровна: за",
        "дело 1. Ареопагов Иван Ильич: было не голосовал, стало против",
    ]
    room.close()
    assert "не открыто" in refused(lambda: room.vote(1, "++++", minute=70))


def test_two_secretaries_at_one_case(world: World) -> None:
    """The later click is refused, the earlier one stands; on another case both may work at once."""
    room = convene(world, SPB, POSITIVE, POSITIVE)
    room.open()
    room.seat()
    mine, theirs, other = room.hearing(1), room.hearing(1), room.hearing(2)
    first = room.members[0].id
    voting.vote(theirs, {first: FOR}, by=room.secretary, on=room.at(2))
    assert refused(lambda: voting.vote(mine, {first: AGAINST}, by=room.secretary, on=room.at(2))) == voting.OVERTAKEN
    voting.vote(other, {first: FOR}, by=room.secretary, on=room.at(2))
    assert tell(1, room) == ("", 1, 0)


# --- Putting off and closing ------------------------------------------------------------------------------------------------


def test_closing_says_what_is_missing(world: World) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE, POSITIVE, POSITIVE)
    room.open()
    attendance.arrive_all(room.fresh(), by=room.secretary, on=room.at(1))
    for number in (2, 3):
        room.vote(number, "++++++......")
    room.vote(4, "++++++++++++")
    assert refused(room.close) == (
        "Не указано, кто председательствует. Не голосовали: дело 1. Нет кворума: дела 2–3 – голосовало 6, нужно 8."
        " Проголосуйте или отложите эти дела с указанием причины."
    )


def test_closing_needs_a_number_of_its_own(world: World) -> None:
    room = convene(world, SPB, POSITIVE)
    Sitting.create(edition=SPB, held_on=room.sitting.held_on - dt.timedelta(days=7), minutes_number="7", status="closed")
    room.open()
    room.seat()
    room.vote(1, "++++++++")
    assert "Заполните поле «Номер протокола»" in refused(lambda: room.close("  "))
    assert "Протокол № 7 в 2026 году уже есть" in refused(room.close)
    assert room.close("8").number == 1


def test_closing_is_the_secretarys_and_of_what_was_seen(world: World, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE)
    room.open()
    room.seat()
    room.vote(1, "++++++++")
    seen = room.fresh()
    assert "недоступно" in refused(lambda: session.close_session(room.fresh(), "7", by=cast.deputy, on=room.at(60)))
    room.vote(1, "+++++++++", minute=12)
    assert refused(lambda: session.close_session(seen, "7", by=room.secretary, on=room.at(60))) == moves.OVERTAKEN


def test_a_decision_goes_on_in_the_city_and_no_letter_leaves(world: World) -> None:
    room = convene(world, SPB, POSITIVE, NEGATIVE)
    room.open()
    room.seat(10)
    voting.agree(room.fresh(), Decision.ESTABLISH, by=room.secretary, on=room.at(3))
    room.vote(2, "-----+++++", motive="Равенство голосов.")
    letters = Letter.select().count()
    made = room.close("7-к")
    found = [(case.status, case.decision, case.minutes_number, case.minutes_on) for case in (room.case(1), room.case(2))]
    held = room.sitting.held_on
    assert found == [("decided", "establish", "7-к", held), ("decided", "establish", "7-к", held)]
    assert Letter.select().count() == letters
    assert [(job.kind, job.target) for job in Job.select().where(Job.kind == minutes.JOB)] == [("minutes_pdf", made.id)]
    assert room.fresh().status == "closed"


def test_what_is_put_off_is_taken_off(world: World) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE)
    room.open()
    room.seat()
    voting.put_off(room.hearing(2), "Педагог попросил выслушать его лично.", by=room.secretary, on=room.at(4))
    assert "уже голосовали или оно отложено" in refused(
        lambda: voting.pull_out(room.hearing(2), by=room.secretary, on=room.at(4))
    )
    voting.take_up(room.hearing(2), by=room.secretary, on=room.at(5))
    assert "не отложено" in refused(lambda: voting.take_up(room.hearing(2), by=room.secretary, on=room.at(5)))
    assert "Заполните поле «Причина»" in refused(lambda: voting.put_off(room.hearing(2), " ", by=room.secretary, on=room.at(5)))
    voting.put_off(room.hearing(2), "Педагог попросил выслушать его лично.", by=room.secretary, on=room.at(6))
    room.vote(1, "++++++++")
    told = room.close().told
    assert (told["cases"][1]["put_off"], told["cases"][1]["motive"]) == (True, "Педагог попросил выслушать его лично.")
    case = room.case(2)
    assert (case.status, case.sitting_id) == ("reviewed", None)


# --- Minutes ----------------------------------------------------------------------------------------------------------------


def held(room: Room) -> Minutes:
    """The sitting is over, everybody has agreed; the file is there."""
    room.open()
    room.seat(9)
    voting.agree(room.fresh(), Decision.ESTABLISH, by=room.secretary, on=room.at(3))
    made = room.close()
    minutes.freeze(made, sha256="a" * 64, size=1000, pages=2, on=room.at(61))
    return made


def test_the_minutes_tell_everything(world: World) -> None:
    room = convene(world, SPB, POSITIVE, NEGATIVE, size=6)
    room.open()
    room.seat(5)
    voting.recuse(room.hearing(1), room.members[4], "родственник", by=room.secretary, on=room.at(4))
    attendance.arrive(room.fresh(), room.members[5], by=room.secretary, on=room.at(8))
    room.vote(1, "+++-")
    room.vote(2, "++----", motive="Второе заключение убедило.")
    attendance.leave(room.fresh(), room.members[5], by=room.secretary, on=room.at(30))
    told = room.close().told
    ids = [member.id for member in room.members]
    assert told["number"] == "7" and told["opened"] == "15:00" and told["closed"] == "16:00"
    assert told["needed"] == 4 and told["presiding"] == ids[0]
    assert told["secretary"] == "Секретарева Анна Петровна"
    # Chair, deputy and secretary first, then by the alphabet.
    assert [(one["name"], one["stretches"]) for one in told["members"]] == [
        ("Председателева Алла Фёдоровна", [["15:00", ""]]),
        ("Заместин Игорь Павлович", [["15:00", ""]]),
        ("Секретарева Анна Петровна", [["15:00", ""]]),
        ("Ареопагов Иван Ильич", [["15:00", ""]]),
        ("Большинская Ольга Юрьевна", [["15:00", ""]]),
        ("Вечевая Инна Глебовна", [["15:08", "15:30"]]),
    ]
    first, second = told["cases"]
    assert (first["for"], first["against"], first["recused"]) == (ids[:3], [ids[3]], [[ids[4], "родственник"]])
    assert (first["decision"], first["conclusion"], first["motive"]) == ("establish", "соответствует", "")
    assert (second["decision"], second["for"], second["against"]) == ("refuse", ids[:2], ids[2:])
    assert second["motive"] == "Второе заключение убедило."
    assert sorted(told["signers"]) == ids


def test_who_signs(world: World) -> None:
    """Chair, deputy and secretary who came, and those who voted; not a member who came and did not vote."""
    room = convene(world, SPB, POSITIVE, size=6)
    room.open()
    room.seat(6)
    room.vote(1, "++.++.", minute=4)
    signers = room.close().told["signers"]
    assert sorted(signers) == sorted(room.members[place].id for place in (0, 1, 2, 3, 4))


def test_signatures_are_marked_once_and_when_there_is_something_to_sign(world: World, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE)
    made = held(room)
    everybody = made.told["signers"]
    today = day_of(room.at())

    def sign(members: list[int], *, by=None, day=today) -> int:
        return minutes.sign(room.fresh(), members, day, by=by or room.secretary, on=room.at(70))

    assert "недоступно" in refused(lambda: sign(everybody, by=cast.deputy))
    assert "ещё не наступил" in refused(lambda: sign(everybody, day=today + dt.timedelta(days=1)))
    assert "раньше его подписать не могли" in refused(lambda: sign(everybody, day=today - dt.timedelta(days=1)))
    assert "не нужна" in refused(lambda: sign([room.members[11].id]))
    assert sign(everybody[:2]) == 2
    assert "Выберите, кто подписал" in refused(lambda: sign(everybody[:2]))
    assert sign(everybody) == 7
    assert made.unsigned() == []
    minutes.take_back_signature(room.fresh(), everybody[0], by=room.secretary, on=room.at(71))
    assert made.unsigned() == [everybody[0]]


def test_nobody_signs_before_the_file_is_there(world: World) -> None:
    room = convene(world, SPB, POSITIVE)
    room.open()
    room.seat()
    room.vote(1, "++++++++")
    made = room.close()
    sentence = refused(
        lambda: minutes.sign(room.fresh(), made.told["signers"], day_of(room.at()), by=room.secretary, on=room.at(70))
    )
    assert "файл протокола ещё не изготовлен" in sentence
    assert "уже изготавливается" in refused(lambda: session.request_minutes(made, by=room.secretary, on=room.at(70)))
    Job.update(state="failed").execute()
    session.request_minutes(made, by=room.secretary, on=room.at(71))
    minutes.freeze(made, sha256="a" * 64, size=1000, pages=2, on=room.at(72))
    minutes.freeze(made, sha256="b" * 64, size=9, pages=1, on=room.at(73))
    assert Minutes.get_by_id(made.id).pdf_sha256 == "a" * 64
    assert "уже изготовлен" in refused(lambda: session.request_minutes(made, by=room.secretary, on=room.at(74)))


def test_minutes_are_put_right_by_a_new_version(world: World, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE)
    first = held(room)
    minutes.sign(room.fresh(), first.told["signers"], day_of(room.at()), by=room.secretary, on=room.at(65))
    assert "недоступно" in refused(lambda: session.reopen(room.fresh(), "описка", by=cast.deputy, on=room.at(70)))
    assert "причину" in refused(lambda: session.reopen(room.fresh(), " ", by=room.secretary, on=room.at(70)))
    session.reopen(room.fresh(), "Голос Голосова записан неверно.", by=room.secretary, on=room.at(70))
    assert [(case.status, case.decision) for case in (room.case(1), room.case(2))] == [("sitting", ""), ("sitting", "")]
    room.vote(1, "++++++-++", minute=75)
    second = room.close(minute=80)
    assert (second.number, second.reason) == (2, "Голос Голосова записан неверно.")
    assert (len(second.told["cases"][0]["against"]), len(first.told["cases"][0]["against"])) == (1, 0)
    # The old version stays as it was, file and signatures included; the new one is signed anew.
    kept = Minutes.get_by_id(first.id)
    assert (kept.told, kept.pdf_sha256, kept.unsigned()) == (first.told, "a" * 64, [])
    assert len(second.unsigned()) == 9
    assert room.case(1).status == "decided"
    # What is put right later makes the sitting no longer.
    assert (first.told["closed"], second.told["closed"], room.sitting.closed_at) == ("16:00", "16:00", room.at(60))


def test_what_is_recorded_on_another_day_says_so(world: World) -> None:
    """A sitting of which the office records everything the day after; and one that is opened again then."""
    room = convene(world, SPB, POSITIVE, size=3)
    late = 24 * 60
    session.open_session(room.fresh(), by=room.secretary, on=room.at(late))
    attendance.arrive(
        room.fresh(), room.members[0], at=attendance.moment_of(room.sitting, dt.time(15)), by=room.secretary, on=room.at(late)
    )
    for member in room.members[1:]:
        attendance.arrive(room.fresh(), member, by=room.secretary, on=room.at(late + 1))
    attendance.preside(room.fresh(), room.members[0], by=room.secretary, on=room.at(late + 1))
    room.vote(1, "+++", minute=late + 2)
    told = room.close(minute=late + 5).told
    next_day = f"{room.sitting.held_on + dt.timedelta(days=1):%d.%m.%Y}"
    assert (told["opened"], told["closed"]) == (f"{next_day} 15:00", f"{next_day} 15:05")
    assert [member["stretches"] for member in told["members"]] == [
        [["15:00", ""]],
        [[f"{next_day} 15:01", ""]],
        [[f"{next_day} 15:01", ""]],
    ]
    session.reopen(room.fresh(), "описка", by=room.secretary, on=room.at(late + 10))
    assert "укажите время" in refused(
        lambda: attendance.leave(room.fresh(), room.members[2], by=room.secretary, on=room.at(late + 11))
    )


def test_a_teacher_who_has_come_stands_in_the_minutes(world: World, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE, size=3)
    assert "не открыто" in refused(lambda: attendance.receive(_line(room), True, by=room.secretary, on=room.at()))
    room.open()
    assert "недоступно" in refused(lambda: attendance.receive(room.hearing(1), True, by=cast.deputy, on=room.at()))
    attendance.receive(room.hearing(1), True, by=room.secretary, on=room.at(1))
    assert "уже отмечено" in refused(lambda: attendance.receive(room.hearing(1), True, by=room.secretary, on=room.at(1)))
    attendance.receive(room.hearing(2), True, by=room.secretary, on=room.at(1))
    attendance.receive(room.hearing(2), False, by=room.secretary, on=room.at(2))
    room.seat()
    voting.agree(room.fresh(), Decision.ESTABLISH, by=room.secretary, on=room.at(3))
    assert [case["came"] for case in room.close().told["cases"]] == [True, False]


def _line(room: Room) -> Hearing:
    return Hearing.select().where(Hearing.sitting == room.sitting).first()


# --- The oblast: decisions are announced ------------------------------------------------------------------------------------


def test_nothing_leaves_before_the_release(world: World, cast: Cast) -> None:
    room = convene(world, LENOBL, POSITIVE, NEGATIVE)
    room.open()
    room.seat(9)
    voting.agree(room.fresh(), Decision.ESTABLISH, by=room.secretary, on=room.at(3))
    # A record of disagreement makes it a case of its own or not; either way the commission refuses here.
    room.vote(2, "---------")
    letters = Letter.select().count()
    made = room.close()
    assert [(case.status, case.decision) for case in (room.case(1), room.case(2))] == [("sitting", ""), ("sitting", "")]
    assert "файл протокола ещё не изготовлен" in refused(
        lambda: session.release(room.fresh(), by=room.secretary, on=room.at(65))
    )
    minutes.freeze(made, sha256="a" * 64, size=1000, pages=2, on=room.at(66))
    assert "подписали ещё не все" in refused(lambda: session.release(room.fresh(), by=room.secretary, on=room.at(66)))
    minutes.sign(room.fresh(), made.told["signers"], day_of(room.at()), by=room.secretary, on=room.at(67))
    assert "недоступно" in refused(lambda: session.release(room.fresh(), by=cast.deputy, on=room.at(68)))
    assert Letter.select().count() == letters
    assert session.release(room.fresh(), by=room.secretary, on=room.at(69)) == 2
    assert [(case.status, case.decision, case.minutes_number) for case in (room.case(1), room.case(2))] == [
        ("established", "establish", "7"),
        ("refused", "refuse", "7"),
    ]
    assert Letter.select().count() > letters
    assert "сейчас невозможно" in refused(lambda: session.release(room.fresh(), by=room.secretary, on=room.at(70)))
    assert "сейчас невозможно" in refused(lambda: session.reopen(room.fresh(), "описка", by=room.secretary, on=room.at(70)))
    assert "больше не меняются" in refused(
        lambda: minutes.take_back_signature(room.fresh(), made.told["signers"][0], by=room.secretary, on=room.at(70))
    )
