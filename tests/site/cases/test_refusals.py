"""A refused move leaves no trace: not a row of any table, not an attribute of the case in hand."""

import datetime as dt

import pytest

from attestation.models import Application, Record, User, database
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole
from attestation.site.cases import moves
from attestation.site.letters import outbox, texts
from attestation.tests.cases import LENOBL, SPB, World

Dump = dict[str, list[tuple[object, ...]]]


def dump() -> Dump:
    """Every row of every table."""
    return {
        record._meta.table_name: [tuple(row) for row in record.select().order_by(record._meta.primary_key).tuples()]
        for record in Record.__subclasses__()
    }


def as_kept(case: Application) -> None:
    """The case in hand is what the table holds."""
    kept = Application.get_by_id(case.id)
    assert case.__data__ == kept.__data__
    assert case.sitting == kept.sitting and case.group_leader == kept.group_leader


def refused(case: Application, verb: str, *, by: User, on: dt.datetime, **values: object) -> str:
    """The sentence of the refusal, after which everything is as before."""
    before = dump()
    with pytest.raises(Refusal) as no:
        moves.make(case, verb, by=by, on=on, **values)
    assert dump() == before
    as_kept(case)
    return no.value.sentence


def test_the_wrong_role(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "submitted")
    sentence = refused(case, "register", by=world.teacher, on=world.now, group_leader=world.cast.leader)
    assert sentence == "Действие «Зарегистрировать» вам недоступно: нет нужной роли."


def test_the_wrong_status(world: World) -> None:
    case = world.walk(world.filled(SPB), "received")
    sentence = refused(case, "set_term", by=world.cast.secretary, on=world.now, term_place="каб. 5")
    assert sentence == "Действие «Назначить срок аттестации» сейчас невозможно: заявление в состоянии «Отправлено»."


def test_a_missing_fact(world: World) -> None:
    """Columns that would be right by themselves are not kept either."""
    case = world.walk(world.filled(LENOBL), "submitted")
    sentence = refused(case, "register", by=world.cast.secretary, on=world.now, group_leader=world.cast.leader)
    assert sentence == ("Действие «Зарегистрировать» пока невозможно: методист не отметил, что проверил оформление заявления.")


def test_a_missing_reason(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "sitting")
    for reason in ("", "  \n "):
        sentence = refused(case, "move_sitting", by=world.cast.secretary, on=world.now, reason=reason)
        assert sentence == "Действие «Перенести заседание» требует указать причину."


def test_a_reason_too_long(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "sitting")
    sentence = refused(case, "move_sitting", by=world.cast.secretary, on=world.now, reason="ё" * 301)
    assert sentence == "Поле «Причина» длиннее 300 знаков: сократите его."


def test_a_stale_version(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_assigned")
    stale = Application.get_by_id(case.id)
    world.step(case, "confirm_portfolio")
    before = dump()
    with pytest.raises(Refusal) as no:
        moves.make(stale, "withdraw", by=world.teacher, on=world.now)
    assert (no.value.sentence, dump()) == (moves.OVERTAKEN, before)
    with pytest.raises(Refusal) as no:
        moves.as_seen(case, case.version - 1)
    assert no.value.sentence == moves.OVERTAKEN


def test_a_merged_application_moves_no_more(world: World) -> None:
    kept = world.walk(world.filled(SPB), "registered")
    merged = world.walk(world.filled(SPB), "received")
    merged.merged_into = kept
    merged.save()
    sentence = refused(merged, "register", by=world.cast.reception, on=world.now)
    assert sentence == f"Заявление объединено с заявлением № {kept.number}: откройте его."


def test_a_letter_that_cannot_be_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two letters fails: the first one is not sent, and nothing has happened."""
    real = texts.text

    def one_is_missing(name: str, edition: str = "") -> texts.Text:
        if name == "review_entrusted":
            raise texts.NoText(name)
        return real(name, edition)

    case = world.walk(world.filled(LENOBL), "registered")
    monkeypatch.setattr(outbox, "text", one_is_missing)
    before = dump()
    with pytest.raises(texts.NoText):
        world.step(case, "assign_review")
    assert dump() == before
    as_kept(case)
    monkeypatch.undo()
    world.step(case, "assign_review")
    assert case.status == "review_assigned"


def test_rows_of_the_act_go_with_its_refusal(world: World) -> None:
    """An act writes its own rows first; the move that is refused then takes them along."""
    case = world.walk(world.filled(LENOBL), "registered")
    before = dump()

    def assign(*, review_day: dt.date) -> None:
        with database.atomic():
            moves.allow(case, "assign_review", by=world.cast.leader, on=world.now)
            roles = (CaseRole.MAIN_EXPERT, CaseRole.ADDITIONAL_EXPERT, CaseRole.ADDITIONAL_EXPERT)
            for expert, role in zip(world.experts, roles, strict=False):
                world.entrust(case, expert, role)
            moves.make(case, "assign_review", by=world.cast.leader, on=world.now, review_day=review_day)

    yesterday = world.now.date() - dt.timedelta(days=1)
    with pytest.raises(Refusal, match="не назначена дата экспертизы"):
        assign(review_day=yesterday)
    assert dump() == before
    as_kept(case)
    assign(review_day=world.now.date())
    assert case.status == "review_assigned"


def test_a_number_is_given_back_with_the_refusal(world: World) -> None:
    case = world.filled(SPB)
    before = dump()
    with pytest.raises(Refusal, match="документы принимают только с 15 августа по 15 мая"):
        world.step(case, "submit", on=dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC))
    assert dump() == before
    as_kept(case)
    world.step(case, "submit")
    assert case.number == "2026-000001-5"
