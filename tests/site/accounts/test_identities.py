"""Who comes through a provider of identities: an account of their own, never somebody else's."""

import datetime as dt
from dataclasses import replace

import pytest

from attestation.models import Database, Identity, JournalEntry, User
from attestation.procedure.words import Role
from attestation.site.accounts import identities
from attestation.site.accounts.identities import Claims
from attestation.site.accounts.own import WrongProof
from attestation.tests.admin.conftest import at_once, sentence
from attestation.tests.conftest import NOON, PASSWORD

from .conftest import NAME, VERA, MakePerson

CLAIMS = Claims("https://id.example.org", "17", "Чернильницына", "Вера", "Павловна", dt.date(1985, 3, 7), VERA)


def sign_in(claims: Claims = CLAIMS) -> User:
    return identities.sign_in(claims, on=NOON)


def link(user: User, claims: Claims = CLAIMS, by: User | None = None) -> None:
    identities.link(user, claims, by=by or user, on=NOON)


def test_the_first_time_opens_an_account(database: Database) -> None:
    user = User.get_by_id(sign_in().id)
    assert (user.login, user.email, user.email_confirmed_at, user.full_name, user.password_hash) == (VERA, VERA, NOON, NAME, "")
    (row,) = Identity.select()
    assert (row.user_id, row.issuer, row.subject, row.surname, row.born_on) == (
        user.id,
        CLAIMS.issuer,
        "17",
        "Чернильницына",
        dt.date(1985, 3, 7),
    )
    assert JournalEntry.get().verb == "open_account"


def test_the_next_time_is_the_same_account_with_the_name_of_the_day(database: Database) -> None:
    first = sign_in()
    again = sign_in(replace(CLAIMS, surname="Промокашкина", email="another@example.org"))
    assert (again.id, again.full_name, User.select().count()) == (first.id, "Промокашкина Вера Павловна", 1)
    assert (Identity.get().surname, User.get().email) == ("Промокашкина", VERA)


def test_the_first_time_twice_at_once(database: Database) -> None:
    told = at_once(sign_in, sign_in)
    assert len(told) == 2
    assert set(told) <= {"done", "Учётная запись только что открыта: войдите ещё раз."}
    assert (User.select().count(), Identity.select().count()) == (1, 1)


def test_another_request_opens_the_account_meanwhile(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """After this one has found no identity, and before it looks for the address."""
    sign_in()
    found = identities._known
    answers = iter([lambda _claims: None, found])
    monkeypatch.setattr(identities, "_known", lambda claims: next(answers)(claims))
    assert sentence(sign_in) == "Учётная запись только что открыта: войдите ещё раз."


def test_an_equal_address_hands_no_account_over(person: MakePerson) -> None:
    user = person()
    told = sentence(sign_in)
    assert told.startswith("Учётная запись с вашим адресом электронной почты уже есть. Войдите в неё с паролем")
    assert (User.select().count(), Identity.select().count()) == (1, 0)
    link(user)
    assert sign_in().id == user.id


def test_another_subject_with_the_same_address(person: MakePerson) -> None:
    link(person())
    assert sentence(lambda: sign_in(replace(CLAIMS, subject="18"))).startswith("Учётная запись с вашим адресом")
    assert sentence(lambda: sign_in(replace(CLAIMS, issuer="https://other.example.org"))).startswith("Учётная запись с вашим")


@pytest.mark.parametrize("email", ["", "nonsense"])
def test_without_an_address(database: Database, email: str) -> None:
    user = sign_in(replace(CLAIMS, email=email))
    assert (user.email, user.login[:3], len(user.login)) == (None, "id-", 27)
    assert sign_in(replace(CLAIMS, email=email)).id == user.id


def test_a_closed_account(database: Database) -> None:
    User.update(active=False).where(User.id == sign_in().id).execute()
    assert sentence(sign_in) == "Вход в эту учётную запись закрыт. Обратитесь в отдел аттестации."


def test_tying(person: MakePerson) -> None:
    user = person(full_name="Вера")
    link(user)
    link(user)
    assert User.get().full_name == NAME
    assert [entry.verb for entry in JournalEntry.select().order_by(JournalEntry.id)] == ["rename", "link_identity"]


def test_tying_what_is_tied_elsewhere(person: MakePerson) -> None:
    link(person())
    other = person("other@example.org")
    assert sentence(lambda: link(other)).startswith("Этот вход уже привязан к другой учётной записи")
    assert sentence(lambda: link(other, by=User.get(User.login == VERA))) == "Менять можно только собственную учётную запись."


def test_tying_to_two_at_once(person: MakePerson) -> None:
    people = [person(), person("other@example.org")]
    told = at_once(*(lambda user=user: link(user) for user in people))
    assert (told.count("done"), len(told), Identity.select().count()) == (1, 2, 1)


def test_tying_takes_the_password(person: MakePerson) -> None:
    user = person()
    with pytest.raises(WrongProof):
        identities.allow_link(user, "не тот пароль", by=user)
    identities.allow_link(user, PASSWORD, by=user)


def test_staff_keep_the_name_of_the_office(person: MakePerson) -> None:
    user = person(VERA, Role.SECRETARY, full_name="Секретарева А. П.")
    link(user)
    assert sign_in().full_name == User.get().full_name == "Секретарева А. П."


def test_untying(person: MakePerson) -> None:
    user = person()
    link(user)
    identities.unlink(user, by=user, on=NOON)
    assert identities.of(user) == []
    assert sentence(lambda: identities.unlink(user, by=user, on=NOON)) == "Вход через государственную систему не привязан."


def test_who_could_not_come_back_stays_tied(database: Database) -> None:
    user = sign_in()
    assert sentence(lambda: identities.unlink(user, by=user, on=NOON)) == (
        "Сначала укажите адрес электронной почты и задайте пароль: иначе войти будет нечем."
    )
