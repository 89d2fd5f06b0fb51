"""Reports of servers of mail that a letter was not delivered (RFC 3464), as a mail pipe hands them over."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default


@dataclass(frozen=True)
class Report:
    """What a report says: which letter it is about, and why it was not delivered."""

    message_id: str
    reason: str


def read_report(data: bytes) -> Report | None:
    """The report of a delivery that failed for good; None for anything else, such as a delay or somebody's answer."""
    message = message_from_bytes(data, policy=default)
    fields = [
        block for part in message.walk() if part.get_content_type() == "message/delivery-status" for block in _blocks(part)
    ]
    failed = next((block for block in fields if _said(block, "Action").lower() == "failed"), None)
    letter = next(_returned(message), "")
    if failed is None or not letter:
        return None
    reason = _said(failed, "Diagnostic-Code").partition(";")[2].strip() or _said(failed, "Status")
    return Report(letter, " ".join(f"Почта адресата вернула письмо. {reason}".split()))


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report: about the message, and about each recipient."""
    blocks = part.get_payload()
    return [block for block in blocks if isinstance(block, Message)] if isinstance(blocks, list) else []


def _returned(message: EmailMessage | Message) -> Iterator[str]:
    """The Message-ID of the letter that came back, whole or its headers alone."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            yield from (_said(inner, "Message-ID") for inner in _blocks(part))
        elif part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            yield _said(message_from_bytes(content if isinstance(content, bytes) else b"", policy=default), "Message-ID")


def _said(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip()
