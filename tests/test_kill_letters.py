"""Workers really killed while letters go to a real server of mail: none is lost; what comes twice has one name."""

import random
import signal
from collections import Counter
from functools import partial

import pytest

from attestation.models import Letter
from attestation.site.letters import outbox
from attestation.site.settings import Mail, Settings
from attestation.tests.conftest import NOON
from attestation.tests.mailserver import Mailbox, serving
from attestation.tests.test_kill import process, wait_until

pytestmark = pytest.mark.usefixtures("database")

# A worker in a hurry: what takes minutes in life takes a second here.
WORKER = """
import datetime as dt
import time
from dataclasses import replace
from attestation.admin import worker
from attestation.site.letters import sending
from attestation.site.settings import Mail, read_settings

sending.LEASE = dt.timedelta(seconds=1)
worker.SWEEP_SECONDS = 0.3
{accident}
worker.serve(replace(read_settings(), mail=Mail("127.0.0.1", {port}, sender="noreply@attestation.example.org")))
"""
# Between what the server said and what the table says.
AFTER_ACCEPTANCE = """
def never(letter, **values):
    print("accepted, not marked", flush=True)
    time.sleep(600)

sending._settle = never
"""


def script(mail: Mail, accident: str = "") -> str:
    return WORKER.format(port=mail.port, accident=accident)


def post(count: int) -> None:
    for number in range(count):
        outbox.post_private(None, "account_email_changed", address=f"u{number}@example.org", on=NOON)


def has_taken(mailbox: Mailbox, count: int) -> bool:
    return len(mailbox.taken) >= count


def all_sent() -> bool:
    return not Letter.select().where(Letter.state != "sent").exists()


def test_killed_in_the_middle_of_a_letter_it_goes_after_the_next_start(settings: Settings) -> None:
    post(1)
    with serving(Mailbox(seconds=600)) as slow, process(script(slow), settings) as worker:
        wait_until(lambda: bool(Letter.get().attempts), "the letter in hand")
        worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
    assert (Letter.get().state, Letter.get().body != "") == ("queued", True)
    mailbox = Mailbox()
    with serving(mailbox) as mail, process(script(mail), settings):
        wait_until(all_sent, "the letter sent")
    assert [message["To"] for message in mailbox.taken] == ["u0@example.org"]
    assert mailbox.taken[0]["Message-ID"] == Letter.get().message_id


def test_killed_between_acceptance_and_mark_the_letter_comes_again_under_its_name(settings: Settings) -> None:
    post(1)
    mailbox = Mailbox()
    with serving(mailbox) as mail:
        with process(script(mail, AFTER_ACCEPTANCE), settings) as worker:
            assert worker.stdout and worker.stdout.readline() == "accepted, not marked\n"
            worker.send_signal(signal.SIGKILL)
            assert worker.wait() == -signal.SIGKILL
        assert Letter.get().state == "queued"
        with process(script(mail), settings):
            wait_until(all_sent, "the letter marked")
    assert len(mailbox.taken) == 2
    assert {message["Message-ID"] for message in mailbox.taken} == {Letter.get().message_id}
    assert mailbox.taken[0].as_bytes() == mailbox.taken[1].as_bytes()


def test_of_many_letters_and_several_deaths_none_is_lost(settings: Settings) -> None:
    post(40)
    deaths, chance = 3, random.Random(5)
    mailbox = Mailbox(seconds=0.02)
    with serving(mailbox) as mail:
        for _ in range(deaths):
            enough = len(mailbox.taken) + chance.randint(1, 8)
            with process(script(mail), settings) as worker:
                wait_until(partial(has_taken, mailbox, enough), "some letters")
                worker.send_signal(signal.SIGKILL)
                worker.wait()
        with process(script(mail), settings):
            wait_until(all_sent, "all letters")
    came = Counter(message["Message-ID"] for message in mailbox.taken)
    assert set(came) == {letter.message_id for letter in Letter.select()}
    assert {message["To"] for message in mailbox.taken} == {f"u{number}@example.org" for number in range(40)}
    assert sum(times - 1 for times in came.values()) <= deaths
