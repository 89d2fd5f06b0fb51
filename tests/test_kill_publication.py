"""A publication killed at each of its steps by kill -9: nothing is lost, nothing is done twice, nobody hears of it before."""

import signal
from collections import Counter

import pytest

from attestation.admin.acts import orders, publication
from attestation.models import (
    Application,
    Hearing,
    Job,
    JournalEntry,
    Letter,
    Order,
    OutgoingRecord,
    Publication,
    PublicationStep,
    Ruling,
    Subscriber,
    Subscription,
    utc_now,
)
from attestation.site import files
from attestation.site.settings import Settings
from attestation.tests.cases import SPB, World
from attestation.tests.conftest import MakeOrder
from attestation.tests.test_kill import WORKER, found, process, wait_until

CASES = 5
PORTION = 2
SURNAME = "Чернильницына"

# What is in the way of the commit: the whole act is written, and never ends.
PUBLISHER = """
import time
from attestation import models
from attestation.admin.acts import orders, publication
from attestation.models import Order, User, utc_now
from attestation.site.settings import read_settings

whole = publication.release

def never(order, **values):
    whole(order, **values)
    print("here", flush=True)
    time.sleep(600)

publication.release = never
models.connect(read_settings().database_url)
with models.connection():
    orders.publish(Order.get(), by=User.get(login="publikator"), on=utc_now())
"""

# A worker that does one step alone, until an accident.
ACCIDENT = """
import time
from attestation.admin import worker
from attestation.admin.acts import publication
from attestation.site import dumps, jobs
from attestation.site.cases import moves
from attestation.site.search import sources
from attestation.site.settings import read_settings
from attestation.site.subscriptions import notices

def never(*values, **named):
    print("here", flush=True)
    time.sleep(600)

def before_second(act):
    calls = []
    def counted(*values, **named):
        calls.append(1)
        return never() if len(calls) == 2 else act(*values, **named)
    return counted

publication.AT_ONCE = notices.AT_ONCE = {portion}
worker.KINDS = {{"{kind}": worker.KINDS["{kind}"]}}
{accident}
worker.serve(read_settings())
"""
ACCIDENTS = [
    # (the step, what never ends, cases closed by then)
    ("close_cases", "publication.close_cases = never", 0),
    ("close_cases", "publication._tell_order = never", 0),
    ("close_cases", "moves.follow_all = before_second(moves.follow_all)", PORTION),
    ("close_cases", "publication.settle = never", CASES),
    ("close_cases", "jobs.finish = never", CASES),
    ("answer_corrections", "publication.settle = never", CASES),
    ("search", "sources.sync = never", CASES),
    ("search", "publication.settle = never", CASES),
    ("dumps", "dumps.make = never", CASES),
    ("dumps", "publication.settle = never", CASES),
    ("subscriptions", "notices._write = before_second(notices._write)", CASES),
    ("subscriptions", "publication.settle = never", CASES),
]


@pytest.fixture
def registered(make_order: MakeOrder, world: World, settings: Settings, small_pdf: bytes) -> Order:
    """A registered order with its file; each of its rows states the decision of a case."""
    cases = [world.walk(world.filled(SPB), "decided") for _ in range(CASES)]
    row = (SURNAME, "Вера", "Павловна", "Учитель математики", "ГБОУ школа № 901", "first", True)
    order = make_order("145-р", rows=(row,) * CASES, status="registered")
    for number, case in enumerate(cases, 1):
        heard = Hearing.get(Hearing.application == case)
        Ruling.update(hearing=heard).where(Ruling.order == order, Ruling.number == number).execute()
    sha256 = files.freeze(settings.files_dir, small_pdf)
    return orders.freeze_pdf(order, sha256=sha256, size=len(small_pdf), pages=1, row_pages={}, on=utc_now())


def killed(script: str, settings: Settings) -> None:
    """Run this until it says that it is where the accident happens, and kill it there."""
    with process(script, settings) as started:
        assert started.stdout and started.stdout.readline() == "here\n"
        started.send_signal(signal.SIGKILL)
        assert started.wait() == -signal.SIGKILL


def closed() -> int:
    return Application.select().where(Application.status == "established").count()


def told() -> Counter[tuple[int, str]]:
    """How often each case's result was written, by channel."""
    results = Letter.select().where(Letter.name == "category_established")
    return Counter((letter.application_id, letter.channel) for letter in results)


def all_done() -> bool:
    return not PublicationStep.select().where(PublicationStep.done_at.is_null()).exists()


def test_a_publication_killed_at_each_step_is_whole_in_the_end(settings: Settings, registered: Order, world: World) -> None:
    killed(PUBLISHER, settings)
    assert Order.get_by_id(registered.id).status == "registered"
    assert Publication.select().count() == Job.select().where(Job.kind.in_(list(publication.STEPS))).count() == 0
    for number in range(CASES):
        mailbox = Subscriber.create(email=f"s{number}@example.org", seed="0" * 32, created_at=utc_now())
        Subscription.create(subscriber=mailbox, kind="orders", asked_at=utc_now(), confirmed_at=utc_now())
    orders.publish(Order.get_by_id(registered.id), by=world.cast.publisher, on=utc_now())
    assert (closed(), told()) == (0, Counter())
    for kind, accident, cases in ACCIDENTS:
        killed(ACCIDENT.format(kind=kind, accident=accident, portion=PORTION), settings)
        # Whole cases alone: whichever is closed is told of, by every way, and nobody else.
        assert (accident, closed(), sum(told().values())) == (accident, cases, 2 * cases)
    with process(WORKER, settings):
        wait_until(all_done, "every step done")
    ids = {case.id for case in Application.select()}
    assert closed() == CASES == len(ids)
    assert told() == Counter((id, channel) for id in ids for channel in ("cabinet", "email"))
    entries = JournalEntry.select().where(JournalEntry.verb == "case_establish")
    assert sorted(entry.subject_id for entry in entries) == sorted(ids)
    assert JournalEntry.select().where(JournalEntry.verb == "publish").count() == 1
    results = OutgoingRecord.select().where(OutgoingRecord.name.in_(["decision", "result"]))
    assert Counter((record.application_id, record.name, record.order_id) for record in results) == Counter(
        (id, name, registered.id) for id in ids for name in ("decision", "result")
    )
    assert found(settings, SURNAME) == CASES
    notices = [letter.address for letter in Letter.select().where(Letter.name == "subscription_published")]
    assert sorted(notices) == [f"s{number}@example.org" for number in range(CASES)]
