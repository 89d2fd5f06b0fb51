"""A real server of mail on the loopback that takes, refuses, hangs or hangs up, as a test tells it."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from attestation.models import Letter, User
from attestation.site.letters import outbox, sending
from attestation.site.letters.carriers import carriers_of
from attestation.site.settings import Mail, Settings
from attestation.tests.conftest import NOON, plain_settings


@dataclass
class Mailbox:
    """What a server has taken, and what it answers: to a recipient, to a text. An answer of None takes it."""

    to_recipient: str | None = None
    to_text: str | None = None
    hang_up: bool = False
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any) -> str:
        if self.hang_up:
            server.transport.close()
        if self.to_recipient is None:
            envelope.rcpt_tos.append(address)
        return self.to_recipient or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.to_text is None:
            self.envelopes.append(envelope)
            self.taken.append(message_from_bytes(envelope.content, policy=default))
        return self.to_text or "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def controller(mailbox: Mailbox) -> Iterator[Controller]:
    """The server itself, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:  # aiosmtpd wants to know its port beforehand
        port = free.getsockname()[1]
    started = Controller(mailbox, hostname="127.0.0.1", port=port)
    started.start()
    yield started
    started.stop()


def mail_to(controller: Controller, **values: Any) -> Mail:
    return Mail(**{"host": "127.0.0.1", "port": controller.port, "sender": "noreply@attestation.example.org", **values})


@pytest.fixture
def mailing(controller: Controller, database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation whose letters go to the server."""
    return replace(plain_settings(tmp_path, database_url), mail=mail_to(controller))


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
