"""Letters go to a real server of mail, once; what it does not take is tried again or given up; nothing is lost on the way."""

import datetime as dt
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from attestation import models
from attestation.models import Job, Letter
from attestation.site import jobs
from attestation.site.letters import carriers, outbox, sending
from attestation.site.settings import Mail
from attestation.tests.conftest import NOON
from attestation.tests.mailserver import serving

MINUTE = dt.timedelta(minutes=1)
CLOSED = Mail("127.0.0.1", 9, sender="noreply@attestation.example.org")


def at(letter: Letter) -> Letter:
    return Letter.get_by_id(letter.id)


def test_a_letter_arrives_whole_and_its_private_text_is_wiped(posted, mailing, mailbox, send):
    assert send(posted, mailing) == "sent"
    (message,) = mailbox.taken
    assert message["Subject"] == "Новый пароль"
    assert message["From"] == "Аттестация педагогов <noreply@attestation.example.org>"
    assert message["To"] == "u@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOON
    assert mailbox.envelopes[0].mail_from == "noreply@attestation.example.org"
    assert mailbox.envelopes[0].rcpt_tos == ["u@example.org"]
    plain, shown = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert plain.startswith("Здравствуйте!") and "https://x.example/r/1" in plain and "завтра" in plain
    assert '<a href="https://x.example/r/1">https://x.example/r/1</a>' in shown
    letter = at(posted)
    assert (letter.state, letter.body, letter.sent_at, letter.next_try_at, letter.attempts) == ("sent", "", NOON, None, 1)
    assert message["Message-ID"] == letter.message_id
    assert letter.message_id.endswith("@attestation.example.org>")


def test_what_was_sent_is_not_sent_again(posted, mailing, mailbox, send):
    assert [send(posted, mailing), send(posted, mailing, on=NOON + 60 * MINUTE)] == ["sent", "not waiting"]
    assert len(mailbox.taken) == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"to_recipient": "451 4.7.1 Greylisted, come back later"}, "451 4.7.1 Greylisted, come back later"),
        ({"to_text": "452 4.3.1 Insufficient system storage"}, "452 4.3.1 Insufficient system storage"),
        ({"hang_up": True}, "SMTPServerDisconnected"),
    ],
)
def test_a_temporary_refusal_is_tried_again_after_growing_rests(posted, mailing, mailbox, send, values, error):
    for name, value in values.items():
        setattr(mailbox, name, value)
    on = NOON
    for number, rest in enumerate((MINUTE, 5 * MINUTE, 15 * MINUTE), 1):
        assert send(posted, mailing, on=on) == "put off"
        letter = at(posted)
        assert (letter.state, letter.attempts, letter.next_try_at) == ("queued", number, on + rest)
        assert error in letter.error
        assert send(posted, mailing, on=on + rest - dt.timedelta(seconds=1)) == "not waiting"
        on += rest
    identity = at(posted).message_id
    mailbox.to_recipient = mailbox.to_text = None
    mailbox.hang_up = False
    assert send(posted, mailing, on=on) == "sent"
    assert mailbox.taken[0]["Message-ID"] == identity == at(posted).message_id
    assert at(posted).error == ""


@pytest.mark.parametrize("values", [{"to_recipient": "550 5.1.1 No such user"}, {"to_text": "550 5.1.1 No such user"}])
def test_a_refusal_for_good_is_not_tried_again(posted, mailing, mailbox, send, values):
    for name, value in values.items():
        setattr(mailbox, name, value)
    assert send(posted, mailing) == "failed"
    letter = at(posted)
    assert (letter.state, letter.next_try_at, letter.body) == ("failed", None, "")
    assert letter.error.endswith("Ответ сервера: 550 5.1.1 No such user")
    assert sending.sweep(NOON + dt.timedelta(days=30)) == 0


def test_after_two_days_of_rests_a_letter_has_failed(posted, mailing, send):
    settings = replace(mailing, mail=CLOSED)
    on, outcomes = NOON, []
    while (letter := at(posted)).state == "queued":
        outcomes.append(send(posted, settings, on=on))
        on = at(posted).next_try_at or on
    assert outcomes == ["put off"] * len(sending.RESTS) + ["failed"]
    assert dt.timedelta(days=2) < on - NOON < dt.timedelta(days=3)
    assert letter.error == "Сервер почты недоступен или прервал связь (ConnectionRefusedError)."


@contextmanager
def silent_server() -> Iterator[int]:
    """A server that takes a connection and says nothing; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_server_that_keeps_silent_is_not_waited_for_for_ever(posted, mailing, send, monkeypatch):
    monkeypatch.setattr(carriers, "SILENCE_SECONDS", 0.2)
    with silent_server() as port:
        assert send(posted, replace(mailing, mail=Mail("127.0.0.1", port, sender="a@example.org"))) == "put off"
    assert at(posted).error == "Сервер почты недоступен или прервал связь (SMTPServerDisconnected)."


def test_a_wrong_password_is_the_operators_to_mend(posted, mailing, send):
    settings = replace(mailing, mail=replace(mailing.mail, user="site", password="wrong"))
    assert send(posted, settings) == "put off"


def test_a_server_without_protection_gets_no_password_and_no_letter(posted, mailing, mailbox, send):
    assert send(posted, replace(mailing, mail=replace(mailing.mail, tls="starttls"))) == "put off"
    assert mailbox.taken == []


def test_of_many_workers_one_has_the_letter(posted, database_url):
    won = []

    def grab():
        with models.connection():
            letter = sending.claim(posted.id, domain="example.org", on=NOON)
            won.append(letter.message_id if letter else None)

    threads = [threading.Thread(target=grab) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 6 and sum(one is not None for one in won) == 1
    assert at(posted).attempts == 1


def test_a_letter_whose_worker_died_is_swept_up_when_its_lease_is_over(posted, mailing, mailbox, send):
    Job.delete().execute()
    claimed = sending.claim(posted.id, domain="example.org", on=NOON)
    assert sending.sweep(NOON + sending.LEASE - MINUTE) == 0
    assert send(posted, mailing, on=NOON + sending.LEASE - MINUTE) == "not waiting"
    assert sending.sweep(NOON + sending.LEASE) == 1
    assert sending.sweep(NOON + sending.LEASE) == 0
    assert [(job.kind, job.target) for job in Job.select()] == [(outbox.JOB, posted.id)]
    assert send(posted, mailing, on=NOON + sending.LEASE) == "sent"
    assert mailbox.taken[0]["Message-ID"] == claimed.message_id


def test_what_an_abandoned_attempt_says_changes_nothing(posted, mailing, send):
    first = sending.claim(posted.id, domain="example.org", on=NOON)
    assert send(posted, mailing, on=NOON + sending.LEASE) == "sent"
    sending._settle(first, state="failed", error="поздно")
    assert (at(posted).state, at(posted).error) == ("sent", "")


def test_a_letter_is_asked_for_once_and_goes_with_its_act(teacher):
    class Stop(Exception):
        pass

    with pytest.raises(Stop), models.database.atomic():
        outbox.post_private(teacher, "account_email_changed", address="u@example.org", on=NOON)
        raise Stop
    assert (Letter.select().count(), Job.select().count(), jobs.line(outbox.JOB).storage.queue_size()) == (0, 0, 0)
    outbox.post_private(teacher, "account_email_changed", address="u@example.org", on=NOON)
    assert [(job.kind, job.target) for job in Job.select()] == [(outbox.JOB, Letter.get().id)]
    assert sending.sweep(NOON + MINUTE) == 0


def test_without_a_server_letters_are_files_for_the_service_alone(posted, settings, send):
    assert send(posted, settings) == "sent"
    (path,) = settings.outbox_dir.iterdir()
    assert path.name == f"{posted.id:08d}.eml"
    assert (path.stat().st_mode & 0o777, settings.outbox_dir.stat().st_mode & 0o777) == (0o600, 0o700)
    assert path.read_bytes().startswith(f"Message-ID: {at(posted).message_id}\r\n".encode())


@pytest.mark.parametrize("channel", ["sms", "push"])
def test_a_message_to_a_telephone_is_a_file(teacher, settings, send, channel):
    values = {
        "channel": channel,
        "address": "+7 900 000-00-01",
        "subject": "Заявление № 1 подано",
        "body": "Текст",
        "name": "x",
    }
    letter = Letter.create(user=teacher, created_at=NOON, **values)
    assert send(letter, settings) == "sent"
    path = settings.outbox_dir / f"{letter.id:08d}-{channel}.txt"
    assert path.read_text() == "+7 900 000-00-01\nЗаявление № 1 подано\n"
    assert at(letter).body == "Текст"


def test_a_folder_that_cannot_be_written_puts_letters_off(posted, settings, send):
    settings.outbox_dir.write_text("a file where the folder should be")
    assert send(posted, settings) == "put off"
    assert at(posted).error == "Файл письма не записан: File exists."


# --- A protected connection -------------------------------------------------------------------------------------------------


@pytest.fixture
def certified(tmp_path, monkeypatch):
    """A certificate for the loopback that this process trusts, as a context for a server."""
    made = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    where = ["-keyout", key, "-out", certificate, "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", *made, *where], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


def known(_server, _session, _envelope, _mechanism, told):
    return AuthResult(success=told == LoginPassword(b"site", b"secret"), handled=False)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_protected_connection_with_a_password(posted, settings, mailbox, send, certified, tls):
    options = {"tls_context": certified, "require_starttls": True} if tls == "starttls" else {"ssl_context": certified}
    with serving(mailbox, authenticator=known, auth_required=True, auth_require_tls=tls == "starttls", **options) as mail:
        told = replace(mail, user="site", password="secret", tls=tls)
        assert send(posted, replace(settings, mail=replace(told, password="wrong"))) == "put off"
        assert at(posted).error.startswith("Сервер почты отказал сайту. Ответ сервера: 535")
        assert send(posted, replace(settings, mail=told), on=NOON + MINUTE) == "sent"
    assert len(mailbox.taken) == 1


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(posted, settings, mailbox, send, certified, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with serving(mailbox, ssl_context=certified) as mail:
        assert send(posted, replace(settings, mail=replace(mail, tls="tls"))) == "put off"
    assert at(posted).error == "Сервер почты недоступен или прервал связь (SSLCertVerificationError)."
    assert mailbox.taken == []
