"""Letters that wait, and installations that send them to a real server of mail."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attestation.models import Letter, User
from attestation.site.letters import outbox, sending
from attestation.site.letters.carriers import carriers_of
from attestation.site.settings import Settings
from attestation.tests.conftest import NOON, plain_settings
from attestation.tests.mailserver import Mailbox, serving


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mailing(mailbox: Mailbox, database_url: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation whose letters go to a server with this mailbox."""
    with serving(mailbox) as mail:
        yield replace(plain_settings(tmp_path, database_url), mail=mail)


@pytest.fixture
def teacher(database: object) -> User:
    return User.create(
        login="u", full_name="Чернильницына Вера Павловна", password_hash="", email="u@example.org", created_at=NOON
    )


@pytest.fixture
def posted(teacher: User) -> Letter:
    """A private letter that waits."""
    outbox.post_private(
        teacher, "account_reset", address="u@example.org", on=NOON, link="https://x.example/r/1", until="завтра"
    )
    return Letter.get()


Send = Callable[..., str]


@pytest.fixture
def send() -> Send:
    """`send(letter, settings, on=…)`: one try."""

    def tried(letter: Letter, settings: Settings, *, on: Any = NOON) -> str:
        domain = settings.mail.sender.rpartition("@")[2]
        return sending.send(letter.id, carriers_of(settings), domain=domain, on=on)

    return tried
