"""Requests to correct an order: filing on the site, the road, its term, its letters."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from attestation.models import Correction, JournalEntry, Letter, Order
from attestation.procedure.refusal import Refusal
from attestation.procedure.road import road
from attestation.procedure.working_days import Calendar
from attestation.site.corrections import filing, moves
from attestation.site.fields import Mistakes
from attestation.tests.conftest import NOON, Cast, MakeOrder
from attestation.tests.procedure.matrix import Table, reached, typed

SPB = "spb-2021-04-13"
ROAD = road("correction", SPB)
TABLE: Table = {
    "submit": ("written", "received", "teacher"),
    "enter": ("written", "received", "reception secretary"),
    "register": ("received", "registered", "reception secretary"),
    "prepare": ("registered", "preparing", "secretary"),
    "put_back": ("preparing", "registered", "secretary"),
    "correct": ("preparing", "corrected", ""),
    "decline": ("received registered", "declined", "secretary"),
}
NEEDS = {"register": {"order_found"}, "prepare": {"order_found", "amendment_drafted"}}
SAID = {
    "full_name": "  Опечаткина  Вера Ильинична ",
    "email": "vera@example.org",
    "order_number": "№ 1016-Р",
    "order_on": "13.04.2021",
    "line": "2",
    "errors": "Напечатано «Петрва»,\r\nправильно «Петрова».",
}
KEY = "0123456789abcdef" * 2
Submit = Callable[..., Correction]


@pytest.fixture
def submit(make_order: MakeOrder) -> Submit:
    make_order()

    def made(token: str = KEY, **said: str) -> Correction:
        return filing.submit({**SAID, **said}, token=token, edition=SPB, by=None, on=NOON)

    return made


def test_the_road_is_as_typed() -> None:
    assert [move.verb for move in ROAD.moves] == list(TABLE)
    for verb in TABLE:
        assert reached(ROAD, verb) == typed(TABLE, verb)
        assert set(ROAD.move(verb).needs) == NEEDS.get(verb, set())
    assert ROAD.move("correct").follows == "order.publish"
    assert {status.name for status in ROAD.states if status.final} == {"corrected", "declined"}


def test_a_request_is_kept_as_it_was_meant(submit: Submit) -> None:
    made = submit()
    kept = Correction.get_by_id(made.id)
    assert kept.number == f"И-{NOON.year}-000001-{kept.number[-1]}"
    assert (kept.full_name, kept.order_number, kept.order_on) == ("Опечаткина Вера Ильинична", "1016-р", dt.date(2021, 4, 13))
    assert (kept.line, kept.errors) == (2, "Напечатано «Петрва»,\nправильно «Петрова».")
    assert (kept.status, kept.order, kept.due_on) == ("received", Order.get(), None)
    letter = Letter.get()
    assert (letter.address, letter.path, letter.private) == ("vera@example.org", f"/corrections/{KEY}", True)
    assert kept.number in letter.subject
    assert [entry.verb for entry in JournalEntry.select()] == ["correction_submit"]


def test_the_same_form_makes_one_request(submit: Submit) -> None:
    assert submit().id == submit(errors="Другое").id
    assert (Correction.select().count(), Letter.select().count()) == (1, 1)
    assert submit(token="f" * 32).number != Correction.get().number


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"full_name": " "}, "full_name", "Заполните поле"),
        ({"email": "vera"}, "email", "name@example.org"),
        ({"email": ""}, "email", "Укажите, куда ответить"),
        ({"order_number": ""}, "order_number", "Укажите номер распоряжения"),
        ({"order_number": "1" * 41}, "order_number", "длиннее 40"),
        ({"order_on": "31.02.2021"}, "order_on", "день, месяц и год"),
        ({"order_on": "13.04.2121"}, "order_on", "ещё не наступил"),
        ({"line": "-1"}, "line", "целое число"),
        ({"line": "٣"}, "line", "целое число"),
        ({"line": "0"}, "line", "целое число"),
        ({"line": "000000001" + "9" * 30}, "line", "целое число"),
        ({"errors": ""}, "errors", "Заполните поле"),
        ({"errors": "о" * 5001}, "errors", "длиннее 5000"),
        ({"errors": "нуль \0"}, "errors", "непечатаемые"),
    ],
)
def test_bad_input_is_said_at_its_field(submit: Submit, said: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(Mistakes) as found:
        submit(**said)
    assert list(found.value.errors) == [field]
    assert words in found.value.errors[field]
    assert (Correction.select().count(), Letter.select().count(), JournalEntry.select().count()) == (0, 0, 0)


def test_a_form_without_its_key_is_refused(submit: Submit) -> None:
    with pytest.raises(Refusal, match="устарела"):
        submit(token="x" * 32)


def test_no_request_has_a_key_that_forms_do_not_give(database: Any) -> None:
    """PostgreSQL takes no text with the character NUL."""
    assert [filing.sent(key) for key in ("", "\0", f"{KEY[:-1]}\0", KEY.upper())] == [None] * 4


def test_an_order_that_is_not_public_is_not_found(submit: Submit, make_order: MakeOrder) -> None:
    make_order("77-р", dt.date(2022, 2, 2), status="registered")
    assert submit(order_number="77-р", order_on="02.02.2022").order is None


def test_seven_working_days_from_registration(submit: Submit, cast: Cast) -> None:
    """3.7.2: registered on Friday 27 December 2024, due on 17 January 2025: the holidays do not count."""
    made = submit()
    with pytest.raises(Refusal, match="нет нужной роли"):
        moves.make(made, "register", by=cast.publisher, on=NOON)
    friday = dt.datetime(2024, 12, 27, 9, tzinfo=dt.UTC)
    moves.make(made, "register", by=cast.reception, on=friday)
    (deadline,) = moves.deadlines(made, dt.date(2024, 12, 28), Calendar())
    # 28 December 2024 was a working Saturday, 30 and 31 December days off, 9 January the first working day.
    assert (deadline.term.number, deadline.ends) == (7, dt.date(2025, 1, 16))
    assert made.due_on == dt.date(2025, 1, 16)
    assert "16.01.2025" in Letter.select().order_by(Letter.id.desc()).get().body


def test_an_answer_needs_a_reason_and_closes(submit: Submit, cast: Cast) -> None:
    made = submit()
    with pytest.raises(Refusal, match="указать причину"):
        moves.make(made, "decline", by=cast.secretary, on=NOON)
    moves.make(made, "decline", by=cast.secretary, on=NOON, reason="Написано верно.")
    assert (made.status, made.closed_on, made.due_on) == ("declined", NOON.date(), None)
    assert "Написано верно." in Letter.select().order_by(Letter.id.desc()).get().body
    with pytest.raises(Refusal, match="«Ошибки нет»"):
        moves.make(made, "register", by=cast.secretary, on=NOON)


def test_the_second_of_two_is_refused(submit: Submit, cast: Cast) -> None:
    mine = submit()
    theirs = Correction.get_by_id(mine.id)
    moves.make(mine, "register", by=cast.secretary, on=NOON)
    with pytest.raises(Refusal, match="уже изменён"):
        moves.make(theirs, "register", by=cast.reception, on=NOON)
    assert JournalEntry.select().where(JournalEntry.verb == "correction_register").count() == 1
    with pytest.raises(Refusal, match="уже изменён"):
        moves.as_seen(mine, 1)
