"""What among the materials waits for a person: shown on the first page of the office."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ....models import Node, Revision, User
from ....procedure.words import LocalRole, NodeKind
from ....site.views.phrases import moment
from ...access import within_reach
from .place import state_of

SHOWN = 5
SOON = dt.timedelta(days=30)
IN_REVIEW = ("review", "published_review")
BEING_WRITTEN = ("draft", "published_draft")


@dataclass(frozen=True)
class Card:
    """A material that waits: its newest title and what is said of it."""

    node: Node
    title: str
    said: str

    @property
    def kind(self) -> NodeKind:
        """The kind of the material."""
        return NodeKind(self.node.kind)


@dataclass(frozen=True)
class Waiting:
    """Each list holds the first few."""

    to_review: list[Card]
    mine: list[Card]
    soon: list[Card]
    changed: list[Card]

    @property
    def lists(self) -> list[tuple[str, list[Card]]]:
        """Those that hold something, each with its title."""
        named = [
            ("Ждут вашей проверки", self.to_review),
            ("Ваши черновики и рабочие копии", self.mine),
            ("Скоро появятся или скроются", self.soon),
            ("Недавно изменены", self.changed),
        ]
        return [(title, cards) for title, cards in named if cards]


def waiting(user: User, now: dt.datetime) -> Waiting:
    """What waits for this person; six queries at most."""
    newest_first = (Revision.created_at.desc(), Node.id.desc())
    until = now + SOON
    appears, disappears = Node.live_from.between(now, until), Node.expires_at.between(now, until)
    public = Node.status.startswith("published")
    return Waiting(
        to_review=_cards(
            _newest().where(Node.status.in_(IN_REVIEW), within_reach(user, LocalRole.APPROVER)).order_by(Revision.created_at),
            lambda row: f"с {moment(row.changed_at)}",
        ),
        mine=_cards(
            _newest().where(Node.status.in_(BEING_WRITTEN), Revision.author == user).order_by(*newest_first),
            lambda row: state_of(row, now),
        ),
        soon=_cards(
            _newest().where(public, appears | disappears).order_by(Node.expires_at, Node.live_from, Node.id),
            lambda row: state_of(row, now),
        ),
        changed=_cards(_newest().order_by(*newest_first), lambda row: moment(row.changed_at)),
    )


def _newest() -> Any:
    """Materials outside the trash with their newest title and when it was written."""
    query: Any = Node.kept().order_by()
    return query.select(Node, Revision.title, Revision.created_at.alias("changed_at")).join(
        Revision, on=(Revision.node == Node.id) & (Revision.number == Node.head)
    )


def _cards(query: Any, said: Any) -> list[Card]:
    return [Card(row, row.title, said(row)) for row in query.limit(SHOWN).objects()]
