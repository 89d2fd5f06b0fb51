"""Passwords of one's own: forgotten and changed."""

import datetime as dt

import pytest

from attestation.models import Database, JournalEntry, OneTimeToken, User
from attestation.procedure.words import Role
from attestation.site import passwords
from attestation.site.accounts import resets, sessions
from attestation.site.accounts.own import WrongProof
from attestation.tests.admin.conftest import at_once, sentence
from attestation.tests.conftest import NOON, PASSWORD

from .conftest import LINKS, NEW, VERA, MakePerson, letters, token_of
from .test_registration import OVER


def ask(email: str = VERA) -> str:
    return resets.ask_reset(email, links=LINKS, on=NOON)


def reset(token: str, password: str = NEW, on: dt.datetime = NOON) -> User:
    return resets.reset(token, password=password, links=LINKS, on=on)


def verbs() -> list[str]:
    return [entry.verb for entry in JournalEntry.select().order_by(JournalEntry.id)]


def test_a_letter_with_a_link(database: Database, person: MakePerson) -> None:
    user = person()
    assert ask(f" {VERA.title()} ") == VERA
    assert letters() == [("account_reset", VERA)]
    (row,) = OneTimeToken.select()
    assert (row.user_id, row.purpose, row.expires_at) == (user.id, "reset", NOON + dt.timedelta(hours=1))
    assert passwords.matches(User.get().password_hash, PASSWORD)


def test_unknown_addresses_are_answered_alike(database: Database, person: MakePerson) -> None:
    """An unknown address and a closed account look the same from outside, and lead nowhere."""
    person("closed@example.org", active=False)
    assert [ask("nobody@example.org"), ask("closed@example.org")] == ["nobody@example.org", "closed@example.org"]
    assert letters() == [("account_unknown", "nobody@example.org"), ("account_unknown", "closed@example.org")]
    assert OneTimeToken.select().count() == 0


@pytest.mark.parametrize(
    ("roles", "confirmed", "letter"),
    [
        ((Role.SECRETARY,), True, "account_reset"),
        ((Role.SECRETARY,), False, "account_unknown"),
        ((), False, "account_reset"),
    ],
)
def test_staff_confirm_their_address_first(
    database: Database, person: MakePerson, roles: tuple[Role, ...], confirmed: bool, letter: str
) -> None:
    person(VERA, *roles, confirmed=confirmed)
    ask()
    assert letters() == [(letter, VERA)]


def test_the_link_sets_the_password_and_ends_sessions(database: Database, person: MakePerson) -> None:
    user = person(confirmed=False)
    session = sessions.begin(user, device="", network="", on=NOON)
    User.update(totp_secret="sealed").where(User.id == user.id).execute()
    ask()
    reset(token_of("reset"))
    kept = User.get_by_id(user.id)
    assert (passwords.matches(kept.password_hash, NEW), passwords.matches(kept.password_hash, PASSWORD)) == (True, False)
    assert (kept.email_confirmed_at, kept.totp_secret) == (NOON, "sealed")
    assert sessions.whose(session, on=NOON) is None
    assert letters()[-1] == ("account_password_changed", VERA)
    assert verbs() == ["ask_reset", "reset_password"]


def test_once_and_the_newest_only(database: Database, person: MakePerson) -> None:
    person()
    ask()
    older = token_of("reset")
    ask()
    newer = token_of("reset")
    assert sentence(lambda: reset(older)) == OVER
    reset(newer)
    assert sentence(lambda: reset(newer, "третья фраза для входа")) == OVER
    assert passwords.matches(User.get().password_hash, NEW)


def test_the_same_link_twice_at_once(database: Database, person: MakePerson) -> None:
    person()
    ask()
    token = token_of("reset")
    told = at_once(lambda: reset(token, "первая фраза для входа"), lambda: reset(token, "вторая фраза для входа"))
    assert (told.count("done"), len(told)) == (1, 2)
    assert verbs().count("reset_password") == 1


@pytest.mark.parametrize(("later", "works"), [(dt.timedelta(minutes=59, seconds=59), True), (dt.timedelta(hours=1), False)])
def test_an_hour(database: Database, person: MakePerson, later: dt.timedelta, works: bool) -> None:
    person()
    ask()
    token = token_of("reset")
    if works:
        reset(token, on=NOON + later)
    else:
        assert sentence(lambda: reset(token, on=NOON + later)) == OVER


def test_a_link_for_one_thing_does_nothing_else(database: Database, person: MakePerson) -> None:
    from attestation.site.accounts import profile, registration

    person()
    ask()
    token = token_of("reset")
    assert sentence(lambda: registration.confirm(token, full_name="Кто-то", password=NEW, on=NOON)) == OVER
    assert sentence(lambda: profile.change_email(token, on=NOON)) == OVER


def test_a_password_that_breaks_the_rules_leaves_the_link(database: Database, person: MakePerson) -> None:
    person()
    ask()
    token = token_of("reset")
    assert sentence(lambda: reset(token, "а" * 50)).startswith("Пароль слишком прост")
    reset(token)


def change(user: User, by: User, current: str = PASSWORD, password: str = NEW) -> None:
    resets.change_password(user, current=current, password=password, links=LINKS, by=by, on=NOON)


def test_change(database: Database, person: MakePerson) -> None:
    user = person()
    session = sessions.begin(user, device="", network="", on=NOON)
    ask()
    change(user, user)
    assert passwords.matches(User.get().password_hash, NEW)
    assert sessions.whose(session, on=NOON) is None
    assert sentence(lambda: reset(token_of("reset"))) == OVER
    assert letters()[-1] == ("account_password_changed", VERA)
    assert verbs() == ["ask_reset", "change_password"]


def test_change_needs_the_old_one_and_ones_own(database: Database, person: MakePerson) -> None:
    user, other = person(), person("other@example.org")
    with pytest.raises(WrongProof, match="Текущий пароль неверен"):
        change(user, user, current="не тот пароль")
    assert sentence(lambda: change(user, other)) == "Менять можно только собственную учётную запись."
    assert sentence(lambda: change(user, user, password="коротко")).startswith("Пароль короче")


def test_who_has_none_yet_sets_the_first_one(database: Database, person: MakePerson) -> None:
    user = person(password_hash="")
    change(user, user, current="")
    assert passwords.matches(User.get().password_hash, NEW)
