"""Sessions in the database: begun, seen, ended one by one and all together."""

import datetime as dt

import pytest

from attestation.models import JournalEntry, SignIn, User
from attestation.site.accounts import sessions
from attestation.tests.admin.conftest import sentence
from attestation.tests.conftest import NOON

from .conftest import MakePerson


def begin(user: User, device: str = "Firefox, Linux", on: dt.datetime = NOON) -> str:
    return sessions.begin(user, device=device, network="192.0.2.0/24", on=on)


def living(user: User, on: dt.datetime = NOON) -> list[str]:
    return [session.device for session in sessions.of(user, on=on)]


def test_what_is_kept(person: MakePerson) -> None:
    user = person()
    token = begin(user)
    (row,) = SignIn.select()
    assert (row.device, row.network, row.started_at, row.seen_at, row.ended_at) == (
        "Firefox, Linux",
        "192.0.2.0/24",
        NOON,
        NOON,
        None,
    )
    assert token not in (row.token_hash, row.device)
    assert sessions.whose(token, on=NOON) == user


@pytest.mark.parametrize(
    ("after", "lives"),
    [
        ([dt.timedelta(hours=11, minutes=59)], True),
        ([dt.timedelta(hours=12)], False),
        ([dt.timedelta(hours=11)] * 15, True),
        ([dt.timedelta(hours=11)] * 16, False),
    ],
)
def test_how_long(person: MakePerson, after: list[dt.timedelta], lives: bool) -> None:
    token, moment = begin(person()), NOON
    found = None
    for pause in after:
        moment += pause
        found = sessions.whose(token, on=moment)
    assert (found is not None) == lives


def test_end_one(person: MakePerson) -> None:
    user, other = person(), person("other@example.org")
    token = begin(user)
    begin(user, "Chrome, Windows")
    foreign = SignIn.get(SignIn.token_hash == sessions.hash_of(begin(other)))
    own = SignIn.get(SignIn.token_hash == sessions.hash_of(token))
    sessions.end(user, own.id, by=user, on=NOON)
    assert sessions.whose(token, on=NOON) is None
    assert living(user) == ["Chrome, Windows"]
    for refused in (own.id, foreign.id, 0, 10**15):
        assert sentence(lambda id=refused: sessions.end(user, id, by=user, on=NOON)) == "Этот сеанс уже завершён."
    assert living(other) == ["Firefox, Linux"]
    assert JournalEntry.get().verb == "end_session"


def test_end_the_others(person: MakePerson) -> None:
    user, other = person(), person("other@example.org")
    mine, _, _ = begin(user, "этот"), begin(user, "второй"), begin(user, "третий")
    begin(other)
    assert sessions.end_others(user, sessions.hash_of(mine), by=user, on=NOON) == 2
    assert (living(user), living(other)) == (["этот"], ["Firefox, Linux"])


def test_end_everywhere(person: MakePerson) -> None:
    user, other = person(), person("other@example.org")
    begin(user)
    begin(user)
    begin(other)
    sessions.end_everywhere(user, by=user, on=NOON)
    assert (living(user), living(other)) == ([], ["Firefox, Linux"])
    assert (
        sentence(lambda: sessions.end_everywhere(user, by=other, on=NOON)) == "Менять можно только собственную учётную запись."
    )


def test_the_table_forgets_after_a_year(person: MakePerson) -> None:
    user = person()
    begin(user, on=NOON - dt.timedelta(days=366))
    begin(user)
    assert SignIn.select().count() == 1
