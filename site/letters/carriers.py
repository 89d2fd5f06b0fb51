"""The ways out: mail by SMTP, and files for whatever has no service of its own yet. A way is an object with `carry`."""

import os
import smtplib
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from ...models import Letter
from ..settings import Mail, Settings
from .envelope import addressee, mail_of, text_message_of
from .trouble import PutOff, Refused

# How long a server of mail may keep silent, in seconds.
SILENCE_SECONDS = 30.0


class Carrier(Protocol):
    """Carries letters of one channel."""

    def carry(self, letter: Letter) -> None:
        """Hand the letter over. Raises PutOff or Refused when it was not taken."""


def carriers_of(settings: Settings) -> dict[str, Carrier]:
    """How each channel goes in this installation."""
    notes = NoteFiles(settings)
    return {"email": Smtp(settings) if settings.mail.host else MailFiles(settings), "sms": notes, "push": notes}


class MailFiles:
    """Mail written as .eml files, which any mail program opens: for an installation without a server of mail."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def carry(self, letter: Letter) -> None:
        """See Carrier."""
        data = mail_of(letter, self.settings).as_bytes()
        _write(self.settings.outbox_dir, f"{letter.id:08d}.eml", data)


class NoteFiles:
    """Short messages written as files: the place of a service of SMS or push messages."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def carry(self, letter: Letter) -> None:
        """See Carrier."""
        note = f"{letter.address}\n{text_message_of(letter, self.settings)}\n"
        _write(self.settings.outbox_dir, f"{letter.id:08d}-{letter.channel}.txt", note.encode())


class Smtp:
    """Mail by a server of mail, one connection for a letter."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def carry(self, letter: Letter) -> None:
        """See Carrier."""
        message = mail_of(letter, self.settings)
        try:
            server = _open(self.settings.mail)
            try:
                server.send_message(message, self.settings.mail.sender, [addressee(letter.address).addr_spec])
            finally:
                with suppress(OSError, smtplib.SMTPException):  # taken is taken, however they part
                    server.quit()
        except smtplib.SMTPRecipientsRefused as refused:
            code, reply = next(iter(refused.recipients.values()))
            raise _judged("Сервер почты не принял адрес.", code, reply) from None
        except smtplib.SMTPDataError as refused:
            raise _judged("Сервер почты не принял письмо.", refused.smtp_code, refused.smtp_error) from None
        except smtplib.SMTPResponseException as refused:  # of the connection, the password, the sender: the operator mends it
            raise PutOff("Сервер почты отказал сайту.", _said(refused.smtp_code, refused.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise PutOff(f"Сервер почты недоступен или прервал связь ({type(error).__name__}).") from None


def _open(mail: Mail) -> smtplib.SMTP:
    """A connection ready for a letter."""
    context = ssl.create_default_context()
    if mail.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=SILENCE_SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=SILENCE_SECONDS)
    try:
        if mail.tls == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, mail.password)
    except BaseException:
        server.close()
        raise
    return server


def _judged(sentence: str, code: int, reply: bytes | str) -> PutOff | Refused:
    """4xx is temporary, 5xx is for good (RFC 5321, 4.2.1)."""
    kind = Refused if code >= 500 else PutOff
    return kind(sentence, _said(code, reply))


def _said(code: int, reply: bytes | str) -> str:
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(words.split())}"


def _write(folder: Path, name: str, data: bytes) -> None:
    """A file that is there as a whole or not at all, for the eyes of the service alone."""
    draft = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / name)
    except OSError as error:
        raise PutOff(f"Файл письма не записан: {error.strerror or type(error).__name__}.") from None
