# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Журнал»: who did what and when. To read and to export, never to change."""

from typing import Any

from flask import url_for

from ...models import JournalEntry
from ...site import journal
from ...site.cases.moves import SUBJECT as CASE
from ..access import Permission
from ..acts.letters import not_own
from .base import Choice, ListDesk, Query, link, person


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
    cells = {"verb": lambda entry: journal.VERBS.get(entry.verb, entry.verb), "subject": subject_of}  # noqa: RUF012
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
        return query.where(JournalEntry.who.contains(word) | JournalEntry.details.contains(word))

    def default_order(self) -> list[Any]:
        return [JournalEntry.at.desc(), JournalEntry.id.desc()]
