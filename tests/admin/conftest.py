"""What tests of the office share: drafts made by the acts themselves, threads with connections of their own."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from attestation import models
from attestation.admin.acts import orders
from attestation.admin.acts.rows import Row
from attestation.models import JournalEntry, Order, Ruling, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import Category
from attestation.site import passwords
from attestation.tests.conftest import NOON, csrf_token

TITLE = "Об установлении квалификационной категории"
ROWS = (
    Row("Иванова", "Мария", "Петровна", "учитель", "ГБОУ СОШ № 45", Category.FIRST, True),
    Row("Соловьёва", "Алёна", "Игоревна", "воспитатель", "ГБДОУ детский сад № 145", Category.HIGHEST, True),
    Row("Отказова", "Нина", "", "учитель-логопед", "ГБОУ школа № 450", Category.FIRST, False),
)
SIGNED = dt.date(2026, 3, 2)
REGISTERED = dt.date(2026, 3, 3)
SHA = "ab" * 32

CONTENT = (
    *(models.Blob, models.Node, models.Revision, models.Autosave, models.EditLock, models.Share, models.FormerAddress),
    models.ContentVersion,
)

Draft = Callable[..., Order]


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real hashing, with parameters that cost a millisecond."""
    monkeypatch.setattr(passwords, "HASHER", type(passwords.HASHER)(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


def draft(by: User, rows: tuple[Row, ...] = ROWS, **fields: Any) -> Order:
    """A draft with rows, made by the acts."""
    order = orders.create(
        **{"title": TITLE, "signatory_position": "Председатель", "signatory_name": "А.Б. Образцова", **fields}, by=by, on=NOON
    )
    return orders.append_rows(order, rows, by=by, on=NOON) if rows else order


def at(status: str, by: User, number: str = "1016-р", rows: tuple[Row, ...] = ROWS) -> Order:
    """An order brought to this status by the acts, signed by the secretary; `ready` is registered with its PDF frozen."""
    order = draft(by, rows)
    if status == "draft":
        return order
    orders.sign(order, signed_on=SIGNED, by=User.get(User.login == "sekretar"), on=NOON)
    if status == "signed":
        return order
    orders.register(order, number=number, registered_on=REGISTERED, by=by, on=NOON)
    if status == "registered":
        return order
    orders.freeze_pdf(order, sha256=SHA, size=1000, pages=3, row_pages={1: 2, 2: 2, 3: 3}, on=NOON)
    return order if status == "ready" else orders.publish(order, by=by, on=NOON)


def everything() -> dict[str, list[Any]]:
    """All that an act could have left behind."""
    tables = (
        Order,
        Ruling,
        models.Endorsement,
        models.OrderSignature,
        JournalEntry,
        User,
        models.UserRole,
        models.Job,
        *CONTENT,
    )
    return {table.__name__: list(table.select().order_by(table.id).dicts()) for table in tables}


def sentence(act: Callable[[], Any]) -> str:
    """What the refusal of this act says; nothing may have changed."""
    before = everything()
    with pytest.raises(Refusal) as refused:
        act()
    assert everything() == before
    return refused.value.sentence


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts at the same moment, each on a connection of its own: `done` or the refusal of each, sorted."""
    barrier = threading.Barrier(len(acts))
    told: list[str] = []

    def run(act: Callable[[], Any]) -> None:
        with models.connection():
            barrier.wait()
            try:
                act()
                told.append("done")
            except Refusal as refusal:
                told.append(refusal.sentence)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(told)


def send(client: FlaskClient, path: str, /, page: str = "", **fields: Any) -> Any:
    """Fill in the form of a page (the address itself if not named) and send it, hidden fields as they stand there."""
    import re

    form = page or path
    text = client.get(form).text
    hidden = dict(re.findall(r'<input type="hidden" name="(version)" value="([^"]*)"', text))
    return client.post(path, data={"csrf_token": csrf_token(client, form), **hidden, **fields})
