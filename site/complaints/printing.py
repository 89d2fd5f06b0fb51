"""What the papers of a complaint say: the act in the lines of Appendix 4, letters as they are printed."""

import datetime as dt
from typing import Any

from ...models import Complaint, DecisionAct
from ..dates import MONTHS
from ..letters.envelope import paragraphs
from . import letters


def act_answers(complaint: Complaint, act: DecisionAct, *, authority: str) -> dict[str, str]:
    """The lines of the form `complaint` by name; number and day stay empty in a draft."""
    day = act.decided_on
    return {
        "authority": authority,
        "number": act.number or "проект",
        "made_on": f"«{day.day:02}» {MONTHS[day.month - 1]} {day.year} г." if day else "проект, дата не указана",
        "place": act.place,
        "reviewer": f"{act.official_name}, {act.official_position}",
        "complainant": _whose(complaint),
        "subject": act.against,
        "summary": act.summary,
        "grounds": act.grounds,
        "decision_on_act": act.decision_on_act,
        "decision": act.decision,
        "measures": "\n".join(filter(None, (act.measures, _remedies(complaint)))) or "Не требуются.",
        "decider_position": act.official_position,
        "decider_name": act.official_name,
        "higher_authority": act.higher_authority,
        "court": act.court,
        "author_position": act.official_position,
        "author_name": act.official_name,
    }


def answer_sheet(complaint: Complaint, name: str, *, authority: str, on: dt.date) -> dict[str, Any]:
    """A letter about the complaint as it is printed for the post: head, addressee, text, who signs."""
    words, act = letters.written(complaint, name), complaint.act()
    return {
        "authority": authority,
        "day": f"{on.day} {MONTHS[on.month - 1]} {on.year} года",
        "to": complaint.complainant,
        "address": complaint.postal_address,
        "title": words.subject,
        "paragraphs": [list(lines) for lines in paragraphs(words.body)],
        "position": act.official_position if act else "",
        "signatory": act.official_name if act else "",
    }


def _whose(complaint: Complaint) -> str:
    """The person, or the organisation with whoever signed for it; the representative after either."""
    signed = f", {complaint.person}" if complaint.organization and complaint.person else ""
    acting = f"; представитель: {complaint.representative}" if complaint.representative else ""
    return f"{complaint.complainant}{signed}{acting}"


def _remedies(complaint: Complaint) -> str:
    return "\n".join(
        f"{number}) {one.title} – до {one.due_on:%d.%m.%Y}, {one.responsible}."
        for number, one in enumerate(complaint.remedies, 1)
    )
