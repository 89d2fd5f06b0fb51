"""Asking to be written to: confirmed by a letter, no oracle, no flood, forgotten in time."""

import datetime as dt
import re

import pytest

from attestation.models import Database, Letter, Subscriber, Subscription
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import SubscriptionKind
from attestation.site.fields import Mistakes
from attestation.site.letters import envelope
from attestation.site.subscriptions import asking
from attestation.site.subscriptions.links import Links
from attestation.tests.conftest import NOON, plain_settings

LINKS = Links("https://attestation.example.org", "a key for tests only")
ANNA = "anna@example.org"
ORDERS, ORGANIZATION, CHANGES = SubscriptionKind.ORDERS, SubscriptionKind.ORGANIZATION, SubscriptionKind.CHANGES
DAY = dt.timedelta(days=1)


def ask(email: str = ANNA, kind: SubscriptionKind = ORDERS, words: str = "", on: dt.datetime = NOON) -> str:
    return asking.ask(email, kind, words, links=LINKS, on=on)


def letters() -> list[str]:
    return [letter.name for letter in Letter.select().order_by(Letter.id)]


def last_token() -> str:
    body = Letter.select().order_by(Letter.id.desc()).get().body
    return re.search(r"/subscribe/confirm/(\S+)", body)[1]


def subscribed(email: str = ANNA, kind: SubscriptionKind = ORDERS, words: str = "", on: dt.datetime = NOON) -> Subscriber:
    ask(email, kind, words, on)
    return asking.confirm(last_token(), on=on).subscriber


def test_a_subscription_begins_when_the_letter_is_answered(database: Database) -> None:
    assert ask(" Anna@Example.org ", ORGANIZATION, "  школа   № 145 ") == ANNA
    mine = Subscription.get()
    assert (mine.kind, mine.words, mine.confirmed_at, mine.subscriber.email) == ("organization", "школа № 145", None, ANNA)
    letter = Letter.get()
    assert (letter.name, letter.address, letter.private, letter.state) == ("subscription_confirm", ANNA, True, "queued")
    assert "«школа № 145»" in letter.body and "12.03.2026 12:00" in letter.body
    assert asking.confirmed(mine.subscriber) == []
    token = last_token()
    assert token not in (mine.token_hash, mine.subscriber.seed)
    asking.confirm(token, on=NOON + DAY)
    again = Subscription.get()
    assert (again.confirmed_at, again.token_hash) == (NOON + DAY, None)
    with pytest.raises(Refusal, match="уже использована"):
        asking.confirm(token, on=NOON + DAY)


def test_a_link_works_two_days_and_what_is_not_confirmed_is_forgotten(database: Database) -> None:
    ask()
    token = last_token()
    assert asking.waiting(token, on=NOON + 2 * DAY - dt.timedelta(seconds=1))
    with pytest.raises(Refusal, match="не действует"):
        asking.confirm(token, on=NOON + 2 * DAY)
    assert asking.forget_unconfirmed(on=NOON + 2 * DAY) == 1
    assert Subscriber.select().count() == Subscription.select().count() == Letter.select().count() == 0


def test_forgetting_leaves_what_was_confirmed(database: Database) -> None:
    subscribed()
    ask(kind=CHANGES)
    assert asking.forget_unconfirmed(on=NOON + 3 * DAY) == 1
    assert [one.kind for one in Subscription.select()] == ["orders"]
    assert asking.forget_unconfirmed(on=NOON + 3 * DAY) == 0


def test_asking_again_makes_the_former_link_worthless(database: Database) -> None:
    ask()
    former = last_token()
    ask(on=NOON + DAY)
    with pytest.raises(Refusal):
        asking.confirm(former, on=NOON + DAY)
    asking.confirm(last_token(), on=NOON + 2 * DAY)
    assert Subscription.select().count() == 1


def test_whoever_is_subscribed_is_told_so_by_letter_alone(database: Database) -> None:
    subscriber = subscribed()
    assert ask() == ask("boris@example.org").replace("boris", "anna")
    assert letters() == ["subscription_confirm", "subscription_known", "subscription_confirm"]
    known = Letter.get(Letter.name == "subscription_known")
    assert LINKS.own(subscriber) in known.body and "/confirm/" not in known.body


def test_whoever_is_subscribed_is_told_so_once_a_day(database: Database) -> None:
    subscribed()
    for hour in (0, 1, 23):
        ask(on=NOON + dt.timedelta(hours=hour))
    assert letters() == ["subscription_confirm", "subscription_known"]
    ask(on=NOON + DAY)
    ask(on=NOON + DAY)
    assert letters() == ["subscription_confirm", "subscription_known", "subscription_known"]


def test_a_mailbox_gets_no_more_than_twenty_letters_to_confirm_in_a_day(database: Database) -> None:
    for _ in range(25):
        ask()
    assert letters() == ["subscription_confirm"] * 20
    assert asking.confirm(last_token(), on=NOON)  # a request without a letter leaves the last link as it was
    ask(kind=CHANGES)
    assert Subscription.select().count() == 1  # without a letter nothing waits for an answer
    ask(kind=CHANGES, on=NOON + DAY)
    assert letters() == ["subscription_confirm"] * 21


def test_a_mailbox_has_no_more_than_twenty(database: Database) -> None:
    for number in range(20):
        ask(kind=ORGANIZATION, words=f"школа {number}")
    ask()
    ask()
    assert (Subscription.select().count(), letters()[20:]) == (20, ["subscription_full"])
    ask(kind=ORGANIZATION, words="школа 3", on=NOON + DAY)
    assert (Subscription.select().count(), letters()[-1]) == (20, "subscription_confirm")
    assert ask("boris@example.org") and letters()[-1] == "subscription_confirm"


@pytest.mark.parametrize(
    ("email", "kind", "words", "wrong"),
    [
        ("", ORDERS, "", ["email"]),
        ("anna", ORDERS, "", ["email"]),
        ("anna@example.org\nBcc: b@example.org", ORDERS, "", ["email"]),
        (ANNA, ORGANIZATION, "", ["words"]),
        (ANNA, ORGANIZATION, "13.04.2021", ["words"]),
        (ANNA, ORGANIZATION, "школа" * 50, ["words"]),
        ("anna", ORGANIZATION, "\x00", ["words", "email"]),
    ],
)
def test_what_cannot_be_read_leaves_nothing(
    database: Database, email: str, kind: SubscriptionKind, words: str, wrong: list[str]
) -> None:
    with pytest.raises(Mistakes) as caught:
        ask(email, kind, words)
    assert list(caught.value.errors) == wrong
    assert Subscriber.select().count() == Letter.select().count() == 0


def test_with_the_last_subscription_the_mailbox_is_forgotten(database: Database) -> None:
    anna = subscribed()
    subscribed(kind=CHANGES)
    boris = subscribed("boris@example.org")
    mine = asking.confirmed(anna)
    asking.stop(anna, asking.confirmed(boris)[0].id)
    assert [one.kind for one in asking.confirmed(boris)] == ["orders"]  # somebody else's
    asking.stop(anna, mine[0].id)
    asking.stop(anna, mine[0].id)
    assert [one.kind for one in asking.confirmed(anna)] == ["changes"]
    asking.stop(anna, mine[1].id)
    assert [one.email for one in Subscriber.select()] == ["boris@example.org"]
    assert {letter.address for letter in Letter.select()} == {"boris@example.org"}


def test_ending_everything_forgets_the_letters_too(database: Database) -> None:
    anna = subscribed()
    asking.stop_all(anna)
    asking.stop_all(anna)
    assert Subscriber.select().count() == Subscription.select().count() == Letter.select().count() == 0


def test_a_key_is_known_by_its_seal(database: Database) -> None:
    anna, boris = subscribed(), subscribed("boris@example.org")
    key = LINKS.key(anna)
    assert LINKS.subscriber(key) == anna
    for forged in (
        f"{boris.id}-{key.partition('-')[2]}",
        key[:-1],
        f"{anna.id}-",
        str(anna.id),
        "",
        "-",
        "9" * 30 + "-a",
        "1-ё",
    ):
        assert LINKS.subscriber(forged) is None
    assert Links(LINKS.site_url, "another key").subscriber(key) is None
    asking.stop_all(anna)
    assert subscribed() and LINKS.subscriber(key) is None  # the mailbox came back, the link did not


def test_every_letter_carries_the_button_of_mail_programs(database: Database, tmp_path) -> None:
    subscriber = subscribed()
    settings = plain_settings(tmp_path, "sqlite:///nothing")
    message = envelope.mail_of(Letter.get(), settings)
    stop = f"http://127.0.0.1:8000/subscribe/{Links.of(settings).key(subscriber)}/stop"
    lines = message.as_bytes().decode().split("\r\n")
    # As they stand on the wire: a folded or encoded address would be none.
    assert f"List-Unsubscribe: <{stop}>" in lines and "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
