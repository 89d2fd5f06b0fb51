"""Asking to be written to, confirming it, ending it."""

import datetime as dt
import secrets
import unicodedata

from peewee import Expression

from ...models import Letter, Subscriber, Subscription, database, locked
from ...procedure.control import store
from ...procedure.refusal import Refusal
from ...procedure.words import SubscriptionKind
from .. import fields
from ..accounts.addresses import email_address
from ..accounts.tokens import hash_of
from ..dates import CITY
from ..letters import outbox
from ..letters.texts import text
from ..search import QueryRefused
from ..search.organizations import may_mean_one
from .links import Links

# Of one mailbox, confirmed or not: whoever has letters sent to somebody else's soon comes to an end.
MOST = 20
# Letters that may be asked for in a day to one mailbox: whoever types its address need not own it.
CONFIRM, KNOWN, FULL = "subscription_confirm", "subscription_known", "subscription_full"
LETTERS_A_DAY = {CONFIRM: MOST, KNOWN: 1, FULL: 1}
LONGEST_ADDRESS = 254
A_DAY = dt.timedelta(days=1)
# How long the link of a letter works is how long what was not confirmed is kept.
STORE = "subscriptions"


def lives() -> dt.timedelta:
    """How long a subscription waits to be confirmed."""
    return dt.timedelta(days=store(STORE).number)


def title_of(kind: str, words: str) -> str:
    """What a subscription is about, in words."""
    label = SubscriptionKind(kind).label
    return f"{label}: «{words}»" if words else label


def ask(email: str, kind: SubscriptionKind, words: str, *, links: Links, on: dt.datetime) -> str:
    """Write to this address how to confirm; whoever is subscribed already is told so. Nothing here tells which. The address.

    Mistakes for what cannot be read. `words`: the organisation, for that kind alone. No letter beyond those of a day.
    """
    address, wanted = _checked(email, kind, words)
    forget_unconfirmed(on=on)
    with database.atomic():
        Subscriber.insert(email=address, seed=secrets.token_hex(16), created_at=on).on_conflict_ignore().execute()
        # Locked: of two requests at one moment the second counts the first.
        subscriber = locked(Subscriber.select().where(Subscriber.email == address)).get()
        known = {(one.kind, one.words): one for one in subscriber.subscriptions}
        mine = known.get((kind.value, wanted))
        if mine and mine.confirmed_at:
            name = KNOWN
        elif mine is None and len(known) >= MOST:
            name = FULL
        else:
            name = CONFIRM
        lately = Letter.subscriber == subscriber, Letter.name == name, Letter.created_at > on - A_DAY
        if Letter.select().where(*lately).count() < LETTERS_A_DAY[name]:
            told = {"what": title_of(kind, wanted), "own": links.own(subscriber), "stop": links.stop(subscriber)}
            if name == CONFIRM:
                told["link"] = links.confirm(_begun(subscriber, kind, wanted, mine, on))
                told["until"] = f"{(on + lives()).astimezone(CITY):%d.%m.%Y %H:%M}"
            outbox.post_subscriber(subscriber, name, text(name).filled({**told, "most": str(MOST)}), on=on)
    return address


def _begun(subscriber: Subscriber, kind: SubscriptionKind, words: str, former: Subscription | None, on: dt.datetime) -> str:
    """Keep what is asked for until it is confirmed; the token of its link. One asked for before loses its former link."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": hash_of(token), "asked_at": on}
    if former:
        Subscription.update(values).where(Subscription.id == former.id).execute()
    else:
        Subscription.create(subscriber=subscriber, kind=kind.value, words=words, **values)
    return token


def waiting(token: str, *, on: dt.datetime) -> Subscription:
    """The subscription that this link confirms; Refusal for one that does not work (any more)."""
    mine = Subscription.token_hash == hash_of(token), Subscription.asked_at > on - lives()
    found: Subscription | None = Subscription.select(Subscription, Subscriber).join(Subscriber).where(*mine).first()
    if found is None:
        raise Refusal("Ссылка не действует: она устарела, уже использована или заменена новой. Подпишитесь ещё раз.")
    return found


def confirm(token: str, *, on: dt.datetime) -> Subscription:
    """From now on the mailbox is written to. Of two at one moment one is refused."""
    found = waiting(token, on=on)
    mine = Subscription.id == found.id, Subscription.token_hash == hash_of(token)
    if not Subscription.update(token_hash=None, confirmed_at=on).where(*mine).execute():
        raise Refusal("Эта ссылка только что использована.")
    return found


def confirmed(subscriber: Subscriber) -> list[Subscription]:
    """What the mailbox is written to about, in the order of asking; one query."""
    mine = Subscription.subscriber == subscriber, Subscription.confirmed_at.is_null(False)
    return list(Subscription.select().where(*mine).order_by(Subscription.id))


def stop(subscriber: Subscriber, subscription_id: int) -> None:
    """End one subscription; with the last one the mailbox is forgotten. Ending it twice does no harm."""
    with database.atomic():
        locked(Subscriber.select().where(Subscriber.id == subscriber.id)).first()
        mine = Subscription.id == subscription_id, Subscription.subscriber == subscriber
        Subscription.delete().where(*mine).execute()
        _forget_idle(Subscriber.id == subscriber.id)


def stop_all(subscriber: Subscriber) -> None:
    """Forget the mailbox with everything: subscriptions, letters on their way to it and those that went."""
    Subscriber.delete().where(Subscriber.id == subscriber.id).execute()


def forget_unconfirmed(*, on: dt.datetime) -> int:
    """Forget what nobody confirmed in time, and mailboxes of which nothing else is known; gives how many subscriptions."""
    over = Subscription.confirmed_at.is_null(), Subscription.asked_at <= on - lives()
    # Asked every few seconds: a transaction that writes is begun only when there is something to write.
    if not Subscription.select().where(*over).exists():
        return 0
    with database.atomic():
        gone: int = Subscription.delete().where(*over).execute()
        _forget_idle(Subscriber.created_at <= on - lives())
    return gone


def _forget_idle(these: Expression) -> None:
    Subscriber.delete().where(these, Subscriber.id.not_in(Subscription.select(Subscription.subscriber))).execute()


def _checked(email: str, kind: SubscriptionKind, words: str) -> tuple[str, str]:
    """Address and words as they are kept. Mistakes, field by field."""
    errors: dict[str, str] = {}
    wanted = address = ""
    if kind is SubscriptionKind.ORGANIZATION:
        try:
            wanted = organization(words)
        except Refusal as refusal:
            errors["words"] = refusal.sentence
    try:
        address = email_address(email, longest=LONGEST_ADDRESS)
    except Refusal as refusal:
        errors["email"] = refusal.sentence
    if errors:
        raise fields.Mistakes(errors)
    return address, wanted


def organization(words: str) -> str:
    """The text by which an organisation is found, as it is kept. Refusal for what cannot mean one."""
    typed = fields.line(Subscription.words, unicodedata.normalize("NFC", words))
    try:
        meant = may_mean_one(typed)
    except QueryRefused as refused:
        raise Refusal(str(refused)) from None
    if not meant:
        raise Refusal("Назовите организацию так, чтобы её нашёл поиск: например, «школа № 145» или «лицей 30».")
    return typed
