"""Writing to subscribers that an order was published, or withdrawn: once to each, whatever number of subscriptions it meets."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ...models import Order, Ruling, Subscriber, Subscription, SubscriptionNotice, database
from ...procedure.words import OrderKind, SubscriptionKind
from ..letters import outbox
from ..letters.texts import text
from ..search.organizations import Organizations
from ..settings import Settings
from .asking import title_of
from .links import Links

JOB = "subscriptions"
PUBLISHED, WITHDRAWN = "published", "withdrawn"
# Mailboxes that are written to in one transaction: others write in between.
AT_ONCE = 200
# Organisations that a letter names for one subscription.
NAMED = 5

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class News:
    """What has become of an order, and for whom that is of interest."""

    order: Order
    event: str
    at: dt.datetime
    organizations: Organizations

    @classmethod
    def of(cls, order: Order, *, refusals: bool) -> "News | None":
        """The last that happened; None for an order that nobody was told of. Rows that are not shown interest nobody."""
        if order.published_at is None:
            return None
        names = Organizations(_organizations(order, refusals))
        if order.withdrawn_at:
            return cls(order, WITHDRAWN, order.withdrawn_at, names)
        return cls(order, PUBLISHED, order.published_at, names)

    def reason(self, subscription: Subscription) -> str:
        """Why the subscriber is told, as a line of the letter; empty when there is no reason."""
        match SubscriptionKind(subscription.kind):
            case SubscriptionKind.ORDERS:
                meets = self.event == PUBLISHED
            case SubscriptionKind.CHANGES:
                meets = self.event == WITHDRAWN or self.order.kind == OrderKind.AMENDMENT
            case SubscriptionKind.ORGANIZATION:
                named = self.organizations.found(subscription.words)
                return f"{title_of(subscription.kind, subscription.words)} – {_listed(named)}" if named else ""
        return title_of(subscription.kind, "") if meets else ""


def tell(order: Order, settings: Settings, *, on: dt.datetime, progress: Progress) -> int:
    """Write to everybody whom the last news of this order interests; gives to how many. Beginning it again does no harm."""
    news = News.of(order, refusals=settings.show_refusals)
    if news is None:
        return 0
    links, told, last = Links.of(settings), 0, 0
    total = _left(news, 0).count()
    while subscribers := list(_left(news, last).limit(AT_ONCE)):
        with database.atomic():
            told += _write(news, subscribers, links, on)
        last = subscribers[-1].id
        progress(told, total)
    return told


def _left(news: News, last: int) -> Any:
    """Mailboxes that were confirmed when it happened and were not told yet."""
    then = Subscription.select(Subscription.subscriber).where(Subscription.confirmed_at <= news.at)
    noticed = SubscriptionNotice.select(SubscriptionNotice.subscriber)
    noticed = noticed.where(SubscriptionNotice.order == news.order, SubscriptionNotice.event == news.event)
    wanted = Subscriber.id > last, Subscriber.id.in_(then), Subscriber.id.not_in(noticed)
    return Subscriber.select().where(*wanted).order_by(Subscriber.id)


def _write(news: News, subscribers: Sequence[Subscriber], links: Links, on: dt.datetime) -> int:
    """Letters and notices of these mailboxes, inside the transaction."""
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    mine = Subscription.subscriber.in_([one.id for one in subscribers]), Subscription.confirmed_at <= news.at
    for subscription in Subscription.select().where(*mine).order_by(Subscription.id):
        if reason := news.reason(subscription):
            reasons[subscription.subscriber_id].append(reason)
    met = [one for one in subscribers if one.id in reasons]
    if met:
        values = [{"subscriber": one.id, "order": news.order.id, "event": news.event} for one in met]
        # Whoever ended everything a moment ago is not there any more: the whole portion is done again.
        SubscriptionNotice.insert_many(values).execute()
    words = text(f"subscription_{news.event}")
    for one in met:
        figures = _figures(news, links, one, reasons[one.id])
        outbox.post_subscriber(one, f"subscription_{news.event}", words.filled(figures), on=on)
    return len(met)


def _figures(news: News, links: Links, subscriber: Subscriber, reasons: Sequence[str]) -> dict[str, str]:
    order = news.order
    assert order.registered_on is not None
    return {
        "order_number": str(order.number),
        "order_on": f"{order.registered_on:%d.%m.%Y}",
        "title": order.title,
        "amended": f"\n\nОно изменяет распоряжение {order.amends}." if order.amends_id and order.amends else "",
        "reason": order.withdrawal_reason,
        "link": f"{links.site_url}/orders/{order.year}/{quote(str(order.number))}/",
        "reasons": "\n".join(f"– {reason}" for reason in reasons),
        "own": links.own(subscriber),
        "stop": links.stop(subscriber),
    }


def _organizations(order: Order, refusals: bool) -> list[str]:
    """The organisations of its shown rows and of those that they replace; two queries."""
    former = Ruling.alias("former")
    shown = [Ruling.order == order] + ([] if refusals else [Ruling.established])
    own: Any = Ruling.select(Ruling.organization).where(*shown).distinct().tuples()
    replaced: Any = (
        Ruling.select(former.organization).join(former, on=Ruling.amends == former.id).where(*shown).distinct().tuples()
    )
    return sorted({name for (name,) in (*own, *replaced)})


def _listed(names: Sequence[str]) -> str:
    more = f" и ещё {len(names) - NAMED}" if len(names) > NAMED else ""
    return "; ".join(names[:NAMED]) + more
