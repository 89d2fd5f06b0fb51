"""A real server of mail on the loopback that takes, refuses, hangs or hangs up, as a test tells it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from attestation.site.settings import Mail


@dataclass
class Mailbox:
    """What a server has taken, and what it answers: to a recipient, to a text. An answer of None takes it."""

    to_recipient: str | None = None
    to_text: str | None = None
    hang_up: bool = False
    seconds: float = 0
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any) -> str:
        if self.hang_up:
            server.transport.close()
        if self.to_recipient is None:
            envelope.rcpt_tos.append(address)
        return self.to_recipient or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds)
        if self.to_text is None:
            self.envelopes.append(envelope)
            self.taken.append(message_from_bytes(envelope.content, policy=default))
        return self.to_text or "250 OK"


@contextmanager
def serving(mailbox: Mailbox, **options: Any) -> Iterator[Mail]:
    """The server in a thread of its own, with options of aiosmtpd; gives the settings that lead to it."""
    with socket.create_server(("127.0.0.1", 0)) as free:  # aiosmtpd wants to know its port beforehand
        port = free.getsockname()[1]
    started = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    started.start()
    try:
        yield Mail("127.0.0.1", port, sender="noreply@attestation.example.org")
    finally:
        started.stop()
