"""Acts on accounts: each does it, writes the journal, refuses the wrong person and leaves no trace then."""

from collections.abc import Callable
from typing import Any

import pytest

from attestation.admin.acts import users
from attestation.models import Database, JournalEntry, User, UserRole
from attestation.procedure.words import Role
from attestation.tests.conftest import NOON, Cast

from .conftest import at_once, sentence

NEW = {"login": "novyj", "full_name": "Новая Яна Ильинична", "password": "длинная фраза для входа", "roles": {Role.EDITOR}}
NOT_YOURS = "Вам недоступно: управление учётными записями. Нужна роль: администратор."
LAST = "Это последний администратор: сначала дайте роль администратора другому сотруднику."


def last_entry() -> tuple[str, str, int, str]:
    entry = JournalEntry.select().order_by(JournalEntry.id.desc()).get()
    return entry.verb, entry.who, entry.subject_id, entry.details


def test_add(database: Database, cast: Cast) -> None:
    user = users.add_user(**NEW | {"login": " Novyj "}, by=cast.admin, on=NOON)
    kept = User.get_by_id(user.id)
    assert (kept.login, kept.full_name, kept.active, kept.demo) == ("novyj", "Новая Яна Ильинична", True, False)
    assert kept.role_set() == {Role.EDITOR}
    assert kept.password_hash.startswith("$argon2id$")
    assert last_entry() == ("add_user", "Настройкин Пётр Олегович (admin)", user.id, "редактор")


def test_add_from_the_shell(database: Database) -> None:
    user = users.add_user(**NEW, by=None, on=NOON, demo=True)
    assert User.get_by_id(user.id).demo
    assert last_entry() == ("add_user", "Система", user.id, "редактор")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"login": "a"}, "Имя для входа: от 2 до 80 знаков, буквы, цифры и знаки . _ - @, первой — буква или цифра."),
        ({"login": "два слова"}, "Имя для входа: от 2 до 80 знаков, буквы, цифры и знаки . _ - @, первой — буква или цифра."),
        ({"login": "sekretar"}, "Имя для входа «sekretar» уже занято: выберите другое."),
        ({"login": "SEKRETAR"}, "Имя для входа «sekretar» уже занято: выберите другое."),
        ({"full_name": " "}, "Заполните поле «Фамилия, имя, отчество»."),
        ({"password": "коротко"}, "Пароль короче 12 знаков: придумайте длиннее, лучше фразу из нескольких слов."),
        ({"roles": set()}, "Отметьте хотя бы одну роль."),
    ],
)
def test_add_refuses(database: Database, cast: Cast, changes: dict[str, Any], told: str) -> None:
    assert sentence(lambda: users.add_user(**NEW | changes, by=cast.admin, on=NOON)) == told


ACTS: dict[str, Callable[[User, User], Any]] = {
    "add_user": lambda user, by: users.add_user(**NEW, by=by, on=NOON),
    "rename": lambda user, by: users.rename(user, "Другая Фамилия", by=by, on=NOON),
    "set_roles": lambda user, by: users.set_roles(user, {Role.PUBLISHER, Role.EDITOR}, by=by, on=NOON),
    "set_password": lambda user, by: users.set_password(user, "другая длинная фраза", by=by, on=NOON),
    "set_email": lambda user, by: users.set_email(user, "new@example.org", by=by, on=NOON),
    "deactivate": lambda user, by: users.deactivate(user, by=by, on=NOON),
    "activate": lambda user, by: users.activate(user, by=by, on=NOON),
}


@pytest.mark.parametrize("name", ACTS)
def test_only_administrators(database: Database, cast: Cast, name: str) -> None:
    for person in (cast.secretary, cast.publisher, cast.editor, cast.departed):
        assert sentence(lambda person=person: ACTS[name](cast.secretary, person)) == NOT_YOURS
    ACTS[name](cast.secretary, cast.admin)
    assert last_entry()[:2] == (name, "Настройкин Пётр Олегович (admin)")


def test_what_they_do(database: Database, cast: Cast) -> None:
    ACTS["rename"](cast.secretary, cast.admin)
    ACTS["set_roles"](cast.secretary, cast.admin)
    assert last_entry()[3] == "публикатор, редактор"
    ACTS["deactivate"](cast.secretary, cast.admin)
    kept = User.get_by_id(cast.secretary.id)
    assert (kept.full_name, kept.role_set(), kept.active) == ("Другая Фамилия", {Role.PUBLISHER, Role.EDITOR}, False)
    ACTS["activate"](cast.secretary, cast.admin)
    assert User.get_by_id(cast.secretary.id).active


def test_not_oneself_and_not_the_last(database: Database, cast: Cast) -> None:
    assert sentence(lambda: users.deactivate(cast.admin, by=cast.admin, on=NOON)) == (
        "Закрыть вход самому себе нельзя: попросите другого администратора."
    )
    assert sentence(lambda: users.set_roles(cast.admin, {Role.EDITOR}, by=cast.admin, on=NOON)) == LAST
    assert sentence(lambda: users.deactivate(cast.admin, by=None, on=NOON)) == LAST
    # An administrator whose account is closed does not count.
    UserRole.create(user=cast.departed, role=Role.ADMIN)
    assert sentence(lambda: users.set_roles(cast.admin, {Role.EDITOR}, by=cast.admin, on=NOON)) == LAST


def test_two_administrators_close_each_other_at_once(database: Database, cast: Cast) -> None:
    second = users.add_user(**NEW | {"roles": {Role.ADMIN}}, by=cast.admin, on=NOON)
    told = at_once(
        lambda: users.deactivate(second, by=User.get_by_id(cast.admin.id), on=NOON),
        lambda: users.deactivate(cast.admin, by=User.get_by_id(second.id), on=NOON),
    )
    assert told[0] == "done"
    assert told[1] in {LAST, NOT_YOURS}
    assert User.select().join(UserRole).where(UserRole.role == "admin", User.active).count() == 1


def test_the_same_name_at_once(database: Database, cast: Cast) -> None:
    told = at_once(*(lambda: users.add_user(**NEW, by=User.get_by_id(cast.admin.id), on=NOON) for _ in range(2)))
    assert told == sorted(["done", "Имя для входа «novyj» уже занято: выберите другое."])


def test_addresses(database: Database, cast: Cast) -> None:
    teacher = User.create(
        login="vera@example.org", email="vera@example.org", full_name="Вера", password_hash="", created_at=NOON
    )
    users.set_email(teacher, " Nina@Example.org", by=cast.admin, on=NOON)
    kept = User.get_by_id(teacher.id)
    assert (kept.email, kept.login, kept.email_confirmed_at) == ("nina@example.org", "nina@example.org", None)
    users.set_email(cast.secretary, "anna@example.org", by=cast.admin, on=NOON)
    assert User.get_by_id(cast.secretary.id).login == "sekretar"
    taken = "Адрес «nina@example.org» уже занят другой учётной записью: укажите другой."
    assert sentence(lambda: users.set_email(cast.secretary, "nina@example.org", by=cast.admin, on=NOON)) == taken
    assert sentence(lambda: users.add_user(**NEW, email="nina@example.org", by=cast.admin, on=NOON)) == taken
    users.set_email(cast.secretary, " ", by=cast.admin, on=NOON)
    assert User.get_by_id(cast.secretary.id).email is None


def test_one_address_for_two_at_once(database: Database, cast: Cast) -> None:
    people = (cast.secretary, cast.editor)
    told = at_once(
        *(
            lambda user=user: users.set_email(user, "one@example.org", by=User.get_by_id(cast.admin.id), on=NOON)
            for user in people
        )
    )
    assert told == sorted(["done", "Адрес «one@example.org» уже занят другой учётной записью: укажите другой."])


def test_a_lost_telephone(database: Database, cast: Cast) -> None:
    off = "Подтверждение входа кодом у этой учётной записи не включено."
    assert sentence(lambda: users.forget_second_factor(cast.secretary, by=cast.admin, on=NOON)) == off
    User.update(totp_secret="sealed", totp_counter=5).where(User.id == cast.secretary.id).execute()
    user = User.get_by_id(cast.secretary.id)
    assert sentence(lambda: users.forget_second_factor(user, by=cast.editor, on=NOON)) == NOT_YOURS
    users.forget_second_factor(user, by=cast.admin, on=NOON)
    kept = User.get_by_id(user.id)
    assert (kept.totp_secret, kept.totp_counter, last_entry()[0]) == ("", 0, "totp_forgotten")
