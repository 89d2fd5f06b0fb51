"""Opening an account: by a letter, once, over nobody's head."""

import datetime as dt

import pytest

from attestation.models import Database, JournalEntry, OneTimeToken, User
from attestation.procedure.refusal import Refusal
from attestation.site import passwords
from attestation.site.accounts import registration, tokens
from attestation.tests.admin.conftest import at_once, sentence
from attestation.tests.conftest import NOON, PASSWORD

from .conftest import LINKS, NAME, VERA, MakePerson, letters, token_of

OVER = "Ссылка не действует: она устарела, уже использована или заменена новой. Запросите новую."
TAKEN = "Учётная запись с этим адресом уже есть: войдите в неё или задайте новый пароль."


def register(email: str = VERA, name: str = NAME) -> str:
    return registration.register(email, name, links=LINKS, on=NOON)


def confirm(token: str, password: str = PASSWORD, on: dt.datetime = NOON, name: str = NAME) -> User:
    return registration.confirm(token, full_name=name, password=password, on=on)


def test_a_letter_first(database: Database) -> None:
    """Nobody exists before the link is used; the table does not know the token itself."""
    assert register(f" {VERA.upper()} ") == VERA
    assert letters() == [("account_confirm", VERA)]
    (row,) = OneTimeToken.select()
    assert (row.purpose, row.email, row.full_name, row.user_id, row.used_at) == ("confirm", VERA, NAME, None, None)
    assert row.token_hash == tokens.hash_of(token_of()) != token_of()
    assert User.select().count() == 0


def test_the_link_opens_the_account(database: Database) -> None:
    register()
    user = confirm(token_of(), name="  Чернильницына  Вера ")
    kept = User.get_by_id(user.id)
    assert (kept.login, kept.email, kept.email_confirmed_at, kept.full_name) == (VERA, VERA, NOON, "Чернильницына Вера")
    assert passwords.matches(kept.password_hash, PASSWORD)
    assert (kept.active, kept.role_set(), kept.totp_secret) == (True, frozenset(), "")
    entry = JournalEntry.get()
    assert (entry.verb, entry.subject, entry.subject_id, entry.details) == ("open_account", "user", user.id, "")


def test_once(database: Database) -> None:
    register()
    token = token_of()
    confirm(token)
    assert sentence(lambda: confirm(token)) == OVER
    assert User.select().count() == 1


def test_the_same_link_twice_at_once(database: Database) -> None:
    register()
    token = token_of()
    told = at_once(*(lambda: confirm(token) for _ in range(2)))
    assert told.count("done") == 1
    assert set(told) <= {"done", OVER, "Эта ссылка только что использована.", TAKEN}
    assert User.select().count() == 1


def test_two_letters_to_one_address_at_once(database: Database) -> None:
    links = []
    for _ in range(2):
        register()
        links.append(token_of())
    told = at_once(*(lambda token=token: confirm(token) for token in links))
    assert (told.count("done"), len(told)) == (1, 2)
    assert User.select().count() == 1


def test_the_other_letter_is_worthless_then(database: Database) -> None:
    register()
    first = token_of()
    register()
    confirm(token_of())
    assert sentence(lambda: confirm(first)) == OVER


@pytest.mark.parametrize(("later", "works"), [(dt.timedelta(hours=24, seconds=-1), True), (dt.timedelta(hours=24), False)])
def test_a_link_lives_a_day(database: Database, later: dt.timedelta, works: bool) -> None:
    register()
    token = token_of()
    if works:
        assert confirm(token, on=NOON + later).login == VERA
    else:
        assert sentence(lambda: confirm(token, on=NOON + later)) == OVER


def test_what_has_expired_goes(database: Database) -> None:
    register()
    registration.register("other@example.org", NAME, links=LINKS, on=NOON + dt.timedelta(days=2))
    assert [row.email for row in OneTimeToken.select()] == ["other@example.org"]


def test_a_refused_password_leaves_the_link(database: Database) -> None:
    register()
    token = token_of()
    assert sentence(lambda: confirm(token, "коротко")).startswith("Пароль короче 12 знаков")
    assert sentence(lambda: confirm(token, name="\0")) != ""
    assert confirm(token).login == VERA


def test_a_worthless_link_costs_no_hashing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda _password: pytest.fail("hashed"))
    assert sentence(lambda: confirm("x" * 43)) == OVER


def test_a_known_address_gets_another_letter(database: Database, person: MakePerson) -> None:
    """The answer is the same; only the mailbox learns that there is an account."""
    person()
    assert register() == VERA
    assert letters() == [("account_known", VERA)]
    assert OneTimeToken.select().count() == 0


def test_an_account_opened_in_between(database: Database, person: MakePerson) -> None:
    register()
    token = token_of()
    person()
    assert sentence(lambda: confirm(token)) == TAKEN


NO_ADDRESSES = ("", " ", "vera", "vera@", "@example.org", "vera@example", "vera@@example.org", "ve ra@example.org")
NO_ADDRESSES += ("vera@example.org\0", "vera@-example.org", "vera@example..org", "вера@example.org", "a" * 70 + "@example.org")
NO_ADDRESSES += ("vera@example.org\r\nBcc: x@example.org", "x" * 100_000)


@pytest.mark.parametrize("email", NO_ADDRESSES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before any query
def test_no_address(database: Database, email: str) -> None:
    assert "адрес" in sentence(lambda: register(email)).lower()
    assert letters() == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Vera@Example.ORG", "vera@example.org"),
        ("ｖｅｒａ@example.org", "vera@example.org"),
        ("vera+work@школа.рф", "vera+work@школа.рф"),
        ("o'brien_1@mail.example.org", "o'brien_1@mail.example.org"),
    ],
)
def test_addresses_as_they_are_kept(database: Database, typed: str, kept: str) -> None:
    assert register(typed) == kept
    assert letters() == [("account_confirm", kept)]


@pytest.mark.parametrize("name", ["", "Вера\0", "я" * 201, "\u202e" * 300])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before any query
def test_no_name(database: Database, name: str) -> None:
    with pytest.raises(Refusal):
        register(name=name)
    assert letters() == []
