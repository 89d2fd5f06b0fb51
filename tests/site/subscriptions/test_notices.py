"""Writing to subscribers about an order: whom, once, whatever comes in between."""

import datetime as dt

import pytest
from playhouse.test_utils import count_queries

from attestation.models import Letter, Order, Subscriber, Subscription, SubscriptionNotice
from attestation.site.settings import Settings
from attestation.site.subscriptions import notices
from attestation.tests.conftest import NOON, MakeOrder
from attestation.tests.site.test_amendments import amended, row_id

BEFORE = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
PUBLISHED = dt.datetime(2021, 4, 13, 9, tzinfo=dt.UTC)


def subscriber(name: str, *wishes: tuple[str, str], confirmed_at: dt.datetime | None = BEFORE) -> Subscriber:
    made = Subscriber.create(email=f"{name}@example.org", seed="0" * 32, created_at=BEFORE)
    for place, (kind, words) in enumerate(wishes):
        token = None if confirmed_at else f"{made.id:032}{place:032}"
        values = {"kind": kind, "words": words, "asked_at": BEFORE, "confirmed_at": confirmed_at, "token_hash": token}
        Subscription.create(subscriber=made, **values)
    return made


def tell(order: Order, settings: Settings) -> int:
    return notices.tell(order, settings, on=NOON, progress=lambda _done, _total: None)


def told(name: str = "subscription_published") -> list[str]:
    found = Letter.select().where(Letter.name == name).order_by(Letter.id)
    return [letter.address.partition("@")[0] for letter in found]


def withdrawn(order: Order) -> Order:
    values = {"status": "withdrawn", "withdrawn_at": NOON, "withdrawal_reason": "Опубликовано по ошибке"}
    Order.update(**values).where(Order.id == order.id).execute()
    return Order.get_by_id(order.id)


def test_whoever_wished_is_told_once(make_order: MakeOrder, settings: Settings) -> None:
    subscriber("all", ("orders", ""))
    subscriber("both", ("orders", ""), ("organization", "школы 45"), ("organization", "сад № 145"))
    subscriber("school", ("organization", "СОШ 45"))
    subscriber("other", ("organization", "СОШ 46"))
    subscriber("changes", ("changes", ""))
    subscriber("waits", ("orders", ""), confirmed_at=None)
    subscriber("later", ("orders", ""), confirmed_at=PUBLISHED + dt.timedelta(seconds=1))
    order = make_order()
    assert tell(order, settings) == 3
    assert told() == ["all", "both", "school"]
    assert tell(order, settings) == 0
    assert told() == ["all", "both", "school"]
    body = Letter.get(Letter.address == "both@example.org").body
    assert "http://127.0.0.1:8000/orders/2021/1016-%D1%80/" in body
    assert "– Новые распоряжения\n– Решения по одной организации: «сад № 145» – ГБДОУ детский сад № 145\n" in body
    assert "«школы 45»" not in body and "Соловьёва" not in body


@pytest.mark.parametrize(("refusals", "names"), [(False, []), (True, ["school"])])
def test_refusals_that_are_not_shown_are_not_told(
    make_order: MakeOrder, settings: Settings, refusals: bool, names: list[str]
) -> None:
    subscriber("school", ("organization", "школа 450"))
    object.__setattr__(settings, "show_refusals", refusals)
    tell(make_order(), settings)
    assert told() == names


def test_an_order_with_a_slash_in_its_number_is_led_to(make_order: MakeOrder, settings: Settings) -> None:
    subscriber("all", ("orders", ""))
    tell(make_order("12/3"), settings)
    assert "/orders/2021/12/3/\n" in Letter.get().body


def test_an_amending_order_is_a_change_and_concerns_the_organisation_it_takes_away(
    make_order: MakeOrder, settings: Settings
) -> None:
    subscriber("changes", ("changes", ""))
    subscriber("former", ("organization", "сош 45"))
    subscriber("later", ("organization", "сад 145"))
    subscriber("stranger", ("organization", "лицей 1"))
    first = make_order()
    order = amended(make_order, first, "2-р", dt.date(2021, 5, 1), {2: row_id(first, 1)})
    assert tell(order, settings) == 3
    assert told() == ["changes", "former", "later"]
    assert "Оно изменяет распоряжение № 1016-р от 13.04.2021." in Letter.select().first().body


def test_a_withdrawal_is_told_to_whoever_follows_changes_or_the_organisation(make_order: MakeOrder, settings: Settings) -> None:
    subscriber("all", ("orders", ""))
    subscriber("changes", ("changes", ""))
    subscriber("school", ("organization", "сош 45"))
    order = make_order()
    tell(order, settings)
    gone = withdrawn(order)
    assert (tell(gone, settings), tell(gone, settings)) == (2, 0)
    assert told("subscription_withdrawn") == ["changes", "school"]
    assert told() == ["all", "school"]
    assert "Опубликовано по ошибке" in Letter.get(Letter.name == "subscription_withdrawn").body


def test_nothing_is_told_of_what_was_not_published(make_order: MakeOrder, settings: Settings) -> None:
    subscriber("all", ("orders", ""))
    assert tell(make_order(status="registered"), settings) == 0


def test_a_death_between_portions_leaves_nobody_out_and_tells_nobody_twice(
    make_order: MakeOrder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "AT_ONCE", 2)
    for number in range(5):
        subscriber(f"s{number}", ("orders", ""))
    order, seen = make_order(), []

    def dies(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        notices.tell(order, settings, on=NOON, progress=dies)
    assert (seen, told()) == ([(2, 5), (4, 5)], ["s0", "s1", "s2", "s3"])
    assert tell(order, settings) == 1
    assert told() == ["s0", "s1", "s2", "s3", "s4"]
    assert SubscriptionNotice.select().count() == 5


def test_a_broken_portion_leaves_no_trace(make_order: MakeOrder, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    subscriber("all", ("orders", ""))

    def broken(*_values: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(notices.outbox, "post_subscriber", broken)
    with pytest.raises(RuntimeError):
        tell(make_order(), settings)
    assert SubscriptionNotice.select().count() == 0


def test_whom_it_does_not_concern_costs_no_query(make_order: MakeOrder, settings: Settings) -> None:
    for number in range(30):
        subscriber(f"s{number}", ("organization", f"лицей {number}"))
    order = make_order()
    with count_queries() as counted:
        tell(order, settings)
    assert counted.count <= 8
