"""Letters to whoever complained: by e-mail where an address is given, else on paper, printed from the same text."""

import datetime as dt

from ...models import Complaint, ComplaintEvent, DecisionAct
from ...procedure.complaints import RECORD, lists, title_of
from ...procedure.road import road
from ..cases.calendar import office_calendar
from ..letters import outbox
from ..letters.texts import Text, text
from . import terms

# The answer goes by e-mail only to whoever wished so (5.7); any other letter wherever an address is given.
GRANTED, REFUSED = "complaint_granted", "complaint_refused"
ANSWERS = frozenset({GRANTED, REFUSED})
UNKNOWN = "не указано"


def post(complaint: Complaint, name: str, *, on: dt.datetime) -> None:
    """Write a letter of the road to the address of the complainant, if there is one for it."""
    if by_email(complaint, name):
        outbox.post_complaint(complaint, name, written(complaint, name), on=on)


def by_email(complaint: Complaint, name: str) -> bool:
    """Whether this letter goes by e-mail; else the office prints it."""
    return bool(complaint.email) and (name not in ANSWERS or complaint.electronic_answer)


def written(complaint: Complaint, name: str) -> Text:
    """The letter of this name as it is said about this complaint."""
    return text(name, complaint.edition).filled(figures_of(complaint))


def sent_by(complaint: Complaint) -> tuple[str, ...]:
    """The letters of the moves that were made, by name, in the order of the road; one query."""
    happened = {event.name for event in complaint.events}
    # Both answers are the same event: which of them it was says the decision.
    other = REFUSED if "granted" in happened else GRANTED
    made = [move for move in road(RECORD, complaint.edition).moves if move.marks and happened.issuperset(move.marks)]
    return tuple(dict.fromkeys(name for move in made for name in move.letters if name != other))


def figures_of(complaint: Complaint) -> dict[str, str]:
    """Every placeholder that letters about a complaint may have; nine queries at most."""
    days = {event.name: event.day for event in ComplaintEvent.select().where(ComplaintEvent.complaint == complaint)}
    registered, known = days.get("registered"), lists(complaint.edition)
    answer_by = terms.answer_by(complaint, registered, office_calendar()) if registered else None
    return {
        "number": complaint.number,
        "complainant": complaint.complainant or UNKNOWN,
        "received_on": _day(complaint.received_on),
        "registered_on": _day(registered),
        "answer_by": _day(answer_by),
        "recipient": complaint.forwarded_to,
        "forwarding_letter": complaint.forwarding_letter,
        "law": complaint.law,
        "ground": title_of(known.silences, complaint.silence).lower(),
        **_decided(complaint, complaint.act()),
    }


def _decided(complaint: Complaint, act: DecisionAct | None) -> dict[str, str]:
    if act is None:
        return {}
    return {
        "act_number": act.number or UNKNOWN,
        "decided_on": _day(act.decided_on),
        "act_place": act.place,
        "official": f"{act.official_name}, {act.official_position}",
        "against": act.against,
        "grounds": act.grounds,
        "decision_on_act": act.decision_on_act,
        "decision": act.decision,
        "remedies": "\n".join(f"– {one.title}: до {one.due_on:%d.%m.%Y}, {one.responsible}" for one in complaint.remedies),
        "advice": act.advice or "Для получения услуги Вам ничего дополнительно делать не нужно.",
        "higher_authority": act.higher_authority,
        "court": act.court,
    }


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else UNKNOWN
