# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Журнал»: who did what and when. To read and to export, never to change.

Of a case that the reader may not open only the act and the moment are shown: details name experts and reasons, and who acted
may be an expert or the teacher.
"""

from typing import Any

from flask import url_for
from peewee import Expression

from ...models import Application, JournalEntry, User, UserRole, utc_now
from ...site import journal
from ...site.cases.moves import SUBJECT as CASE
from ...site.cases.sight import within_sight
from ...site.dates import day_of
from ..access import VISITING, Permission, may
from ..acts.letters import not_own
from .base import Choice, ListDesk, Query, link, person

HIDDEN = "видит тот, кто ведёт дело"
SOMEBODY = "участник дела"


def subject_of(entry: JournalEntry) -> Any:
    """What the entry is about; a link where there is a page to look at."""
    name = f"{journal.SUBJECTS[entry.subject]} {entry.subject_id}"
    # A deleted draft has no page any more; the entry that says so stands in its history.
    if entry.subject == "order" and entry.verb != "delete":
        return link(name, url_for("office_orders.order", id=entry.subject_id))
    if entry.subject == "node" and entry.verb != "trash":
        return link(name, url_for("office_content.state", id=entry.subject_id))
    return name


class JournalDesk(ListDesk):
    """Entries, newest first."""

    permission = Permission.READ_JOURNAL
    model_class = JournalEntry
    heading = "Журнал"
    can_export = True
    column_list = ("at", "who", "verb", "subject", "details")
    column_labels = {"subject": "Запись"}  # noqa: RUF012 — Flask-Admin's own attribute
    search_label = "Кто или подробности"
    cells = {  # noqa: RUF012
        "who": lambda entry: SOMEBODY if getattr(entry, "somebody", False) else entry.who,
        "verb": lambda entry: journal.VERBS.get(entry.verb, entry.verb),
        "subject": subject_of,
        "details": lambda entry: HIDDEN if getattr(entry, "hidden", False) else entry.details,
    }
    choices = (
        Choice("verb", "Действие", lambda: journal.VERBS.items(), lambda query, verb: query.where(JournalEntry.verb == verb)),
        Choice(
            "subject",
            "Вид записи",
            lambda: journal.SUBJECTS.items(),
            lambda query, subject: query.where(JournalEntry.subject == subject),
        ),
    )

    def get_query(self) -> Query:
        """Nothing of cases in which the person asks or judges: a second expert would learn who the first one is (3.3.2)."""
        apart = not_own(JournalEntry.subject_id, person())
        return JournalEntry.select().where((JournalEntry.subject != CASE) | apart)

    def matching(self, query: Query, word: str) -> Query:
        """What is not shown is not found either."""
        told = JournalEntry.who.contains(word) | JournalEntry.details.contains(word)
        of_office = JournalEntry.who.contains(word) & JournalEntry.user.in_(_office())
        return query.where((told & ((JournalEntry.subject != CASE) | _within_sight())) | of_office)

    def read(self, query: Query) -> list[Any]:
        """The entries, each marked when its details, and who acted, are not for this reader; two queries more."""
        rows = list(query)
        seen = _seen([row.subject_id for row in rows if row.subject == CASE])
        office = {row.user_id for row in _office()} if any(row.subject == CASE for row in rows) else set()
        for row in rows:
            row.hidden = row.subject == CASE and bool(row.subject_id) and row.subject_id not in seen
            row.somebody = row.hidden and row.user_id not in office and row.user_id is not None
        return rows

    def default_order(self) -> list[Any]:
        return [JournalEntry.at.desc(), JournalEntry.id.desc()]


def _within_sight() -> Expression:
    """The condition for entries of cases that this person may open at a desk."""
    if not may(person(), Permission.READ_CASES):
        nothing: Expression = JournalEntry.id.is_null()
        return nothing
    cases = Application.select(Application.id).where(within_sight(person(), day_of(utc_now())))
    found: Expression = JournalEntry.subject_id.in_(cases)
    return found


def _seen(ids: list[int]) -> set[int]:
    """Those of these cases that this person may open."""
    if not ids or not may(person(), Permission.READ_CASES):
        return set()
    sight = within_sight(person(), day_of(utc_now()))
    found: set[int] = set()
    for start in range(0, len(ids), 500):
        some = sorted(set(ids[start : start + 500]))
        found |= {row.id for row in Application.select(Application.id).where(Application.id.in_(some), sight)}
    return found


def _office() -> Query:
    """Accounts of those who work in the office itself: neither experts nor teachers."""
    working = UserRole.role.not_in([role.value for role in VISITING])
    return UserRole.select(UserRole.user).join(User).where(working).distinct()
