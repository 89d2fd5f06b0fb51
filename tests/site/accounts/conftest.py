"""What tests of accounts share: somebody with an account, links that letters lead to, passwords that cost a millisecond."""

from collections.abc import Callable, Iterator

import pytest

from attestation.models import Database, Letter, User, UserRole
from attestation.procedure.words import Role
from attestation.site import passwords
from attestation.site.accounts.tokens import Links
from attestation.tests.conftest import NOON, PASSWORD

LINKS = Links(
    confirm=lambda token: f"confirm:{token}",
    reset=lambda token: f"reset:{token}",
    sign_in="sign-in",
    forgotten="forgotten",
    register="register",
)
VERA = "vera@example.org"
NAME = "Чернильницына Вера Павловна"
NEW = "совсем другая фраза"
KEY = "a key for tests only"

MakePerson = Callable[..., User]


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real hashing, with parameters that cost a millisecond."""
    monkeypatch.setattr(passwords, "HASHER", type(passwords.HASHER)(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def person(database: Database) -> MakePerson:
    """Somebody with an account and the password PASSWORD: `person()`, `person("ivan@example.org", Role.SECRETARY)`."""

    def make(email: str | None = VERA, *roles: Role, confirmed: bool = True, **fields: object) -> User:
        values = {"login": email, "full_name": NAME, "password_hash": passwords.hashed(PASSWORD), **fields}
        user = User.create(email=email, email_confirmed_at=NOON if confirmed else None, created_at=NOON, **values)
        for role in roles:
            UserRole.create(user=user, role=role)
        return user

    return make


def letters() -> list[tuple[str, str]]:
    """Every letter in the outbox: its name and whom it goes to."""
    return [(letter.name, letter.address) for letter in Letter.select().order_by(Letter.id)]


def token_of(kind: str = "confirm") -> str:
    """The token in the link of the latest letter that has one of this kind."""
    bodies = [letter.body for letter in Letter.select().order_by(Letter.id)]
    return next(word for body in reversed(bodies) for word in body.split() if word.startswith(f"{kind}:")).partition(":")[2]
