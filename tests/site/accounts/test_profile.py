"""The profile and the address: who may change what, and that a new address is proved first."""

import datetime as dt
from dataclasses import replace

import pytest

from attestation.models import Database, Identity, JournalEntry, OneTimeToken, User
from attestation.procedure.words import Role
from attestation.site.accounts import profile, resets
from attestation.site.accounts.own import WrongProof
from attestation.site.accounts.profile import Profile
from attestation.tests.admin.conftest import at_once, sentence
from attestation.tests.conftest import NOON, PASSWORD

from .conftest import LINKS, NAME, VERA, MakePerson, letters, token_of
from .test_registration import OVER

SAID = Profile(full_name=NAME, phone="+7 (000) 000-00-00", notify_email=False, notify_sms=True, notify_push=True)
FRESH = "fresh@example.org"
BUSY = "Этот адрес уже занят другой учётной записью: укажите другой."


def edit(user: User, said: Profile = SAID) -> None:
    profile.edit(user, said, by=user, on=NOON)


def ask(user: User, email: str = FRESH, password: str = PASSWORD) -> str:
    return profile.ask_change_email(user, email, password=password, links=LINKS, by=user, on=NOON)


def kept(user: User) -> User:
    return User.get_by_id(user.id)


def test_edit(person: MakePerson) -> None:
    user = person()
    edit(user, replace(SAID, full_name=" Другая  Вера "))
    now = kept(user)
    assert (now.full_name, now.phone, now.notify_email, now.notify_sms, now.notify_push) == (
        "Другая Вера",
        "+7 (000) 000-00-00",
        False,
        True,
        True,
    )
    entry = JournalEntry.get()
    assert (entry.verb, entry.details) == ("edit_profile", "")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (replace(SAID, phone=""), "Чтобы получать СМС и уведомления на телефон, укажите номер."),
        (replace(SAID, phone="12-34"), "Проверьте телефон: в номере должно быть от 5 до 20 цифр."),
        (replace(SAID, phone="1" * 21), "Проверьте телефон: в номере должно быть от 5 до 20 цифр."),
        (replace(SAID, phone="1" * 31), "Поле «Телефон» длиннее 30 знаков: сократите его."),
        (replace(SAID, phone="12345\0"), "В поле «Телефон» есть непечатаемые знаки: наберите его заново."),
        (replace(SAID, full_name=" "), "Заполните поле «Фамилия, имя, отчество»."),
    ],
)
def test_what_cannot_be_kept(person: MakePerson, said: Profile, told: str) -> None:
    user = person()
    assert sentence(lambda: edit(user, said)) == told


def test_names_that_others_keep(person: MakePerson) -> None:
    staff, proved = person(VERA, Role.SECRETARY), person("proved@example.org")
    Identity.create(user=proved, issuer="i", subject="s", surname="А", name="Б", linked_at=NOON)
    renamed = replace(SAID, full_name="Кто-то Другой")
    assert sentence(lambda: edit(staff, renamed)) == "Имя сотрудника меняет администратор."
    assert sentence(lambda: edit(proved, renamed)).startswith("Имя подтверждено государственной системой")
    edit(staff)
    edit(proved)
    assert (kept(staff).phone, kept(proved).phone) == (SAID.phone, SAID.phone)


def test_a_new_address_by_a_link_to_it(person: MakePerson) -> None:
    user = person()
    assert ask(user, " Fresh@Example.org") == FRESH
    assert kept(user).email == VERA
    assert letters() == [("account_new_email", FRESH)]
    resets.ask_reset(VERA, links=LINKS, on=NOON)
    profile.change_email(token_of(), on=NOON)
    now = kept(user)
    assert (now.email, now.login, now.email_confirmed_at) == (FRESH, FRESH, NOON)
    assert letters()[-1] == ("account_email_changed", VERA)
    assert OneTimeToken.select().where(OneTimeToken.purpose == "reset").count() == 0
    assert sentence(lambda: profile.change_email(token_of(), on=NOON)) == OVER


def test_a_login_that_is_no_address_stays(person: MakePerson) -> None:
    user = person(VERA, Role.SECRETARY, login="sekretar")
    ask(user)
    profile.change_email(token_of(), on=NOON)
    assert (kept(user).login, kept(user).email) == ("sekretar", FRESH)


def test_one_confirms_what_the_administrator_has_written(person: MakePerson) -> None:
    user = person(VERA, Role.SECRETARY, login="sekretar", confirmed=False)
    ask(user, VERA)
    profile.change_email(token_of(), on=NOON)
    assert kept(user).email_confirmed_at == NOON
    assert letters() == [("account_new_email", VERA)]
    assert sentence(lambda: ask(kept(user), VERA)) == "Это и есть ваш нынешний адрес."


def test_an_address_of_somebody_else(person: MakePerson) -> None:
    """The answer does not tell; the mailbox does."""
    user = person()
    person(FRESH)
    assert ask(user) == FRESH
    assert letters() == [("account_known", FRESH)]
    assert OneTimeToken.select().count() == 0


def test_an_address_taken_in_between(person: MakePerson) -> None:
    user = person()
    ask(user)
    token = token_of()
    person("other@example.org", login=FRESH)
    assert sentence(lambda: profile.change_email(token, on=NOON)) == BUSY


def test_one_address_for_two_at_once(person: MakePerson) -> None:
    links = []
    for email in (VERA, "other@example.org"):
        ask(person(email))
        links.append(token_of())
    told = at_once(*(lambda token=token: profile.change_email(token, on=NOON) for token in links))
    assert told == sorted(["done", BUSY])
    assert User.select().where(User.email == FRESH).count() == 1


def test_the_same_link_twice_at_once(person: MakePerson) -> None:
    ask(person())
    token = token_of()
    told = at_once(*(lambda: profile.change_email(token, on=NOON) for _ in range(2)))
    assert (told.count("done"), len(told)) == (1, 2)


def test_a_newer_link_and_a_day(person: MakePerson) -> None:
    user = person()
    ask(user)
    older = token_of()
    ask(user)
    assert sentence(lambda: profile.change_email(older, on=NOON)) == OVER
    assert sentence(lambda: profile.change_email(token_of(), on=NOON + dt.timedelta(hours=24))) == OVER


def test_asking_takes_password_and_an_address(database: Database, person: MakePerson) -> None:
    user = person()
    with pytest.raises(WrongProof):
        ask(user, password="не тот пароль")
    assert sentence(lambda: ask(user, "nonsense")).startswith("Проверьте адрес")
    assert sentence(lambda: ask(user, f"{'a' * 64}@{'b' * 20}.org")).startswith("Адрес электронной почты длиннее 80 знаков")
    assert letters() == []
