"""From the coming in of a complaint to whoever decides it: registration, taking up, forwarding, leaving without an answer."""

import datetime as dt
from collections.abc import Sequence

from ....models import Complaint, ComplaintKind, PaperRequest, User, database
from ....procedure.complaints import Listed, lists
from ....procedure.refusal import Refusal
from ....site import fields
from ....site.complaints import moves
from ....site.dates import day_of


def register(complaint: Complaint, *, kinds: Sequence[str], respondent: str, by: User, on: dt.datetime) -> Complaint:
    """Register; the kinds of infringement and against whom it is are those that the official finds in it (5.5)."""
    known = lists(complaint.edition)
    moves.allow(complaint, "register", by=by)
    if not set(kinds) <= {kind.name for kind in known.kinds}:
        raise Refusal("Отметьте виды нарушения из списка.", "5.1.1")
    with database.atomic():
        moves.lock(complaint)
        ComplaintKind.delete().where(ComplaintKind.complaint == complaint).execute()
        for kind in dict.fromkeys(kinds):
            ComplaintKind.create(complaint=complaint, kind=kind)
        chosen = _one_of(known.respondents, respondent, "Выберите, на кого жалоба.")
        return moves.make(complaint, "register", by=by, on=on, respondent=chosen)


def take_up(complaint: Complaint, *, by: User, on: dt.datetime) -> Complaint:
    """Begin to consider it on the merits."""
    return moves.make(complaint, "take_up", by=by, on=on)


def forward(complaint: Complaint, *, recipient: str, letter: str, by: User, on: dt.datetime) -> Complaint:
    """Send it to whoever may decide it, with a covering letter, and tell the complainant (5.4.2)."""
    return moves.make(
        complaint,
        "forward",
        by=by,
        on=on,
        forwarded_to=fields.line(Complaint.forwarded_to, recipient),
        forwarding_letter=fields.line(Complaint.forwarding_letter, letter),
    )


def refer(complaint: Complaint, *, law: str, by: User, on: dt.datetime) -> Complaint:
    """Have it considered by another law, and tell the complainant (5.4.2, 5.12)."""
    return moves.make(complaint, "refer", by=by, on=on, law=fields.line(Complaint.law, law))


def leave(complaint: Complaint, *, silence: str, readable: bool, by: User, on: dt.datetime) -> Complaint:
    """Leave it without an answer on one of the two grounds; `readable`: whether surname and postal address are (5.4.2)."""
    ground = _one_of(lists(complaint.edition).silences, silence, "Выберите, почему жалоба остаётся без ответа.")
    if readable and not (complaint.complainant and complaint.postal_address):
        raise Refusal("Фамилии или почтового адреса в жалобе нет: снимите отметку, что они читаются.", "5.4.2")
    return moves.make(complaint, "leave", by=by, on=on, silence=ground, readable=readable)


def notify(complaint: Complaint, *, by: User, on: dt.datetime) -> Complaint:
    """Tell the complainant that there will be no answer."""
    return moves.make(complaint, "notify", by=by, on=on)


def close_unread(complaint: Complaint, *, by: User, on: dt.datetime) -> Complaint:
    """Close a complaint whose author nobody can write to."""
    return moves.make(complaint, "close_unread", by=by, on=on)


def ask_papers(complaint: Complaint, *, what: str, asked_on: dt.date, by: User, on: dt.datetime) -> Complaint:
    """Note what the complainant asks for to ground the complaint (5.9)."""
    asked = fields.line(PaperRequest.what, what)
    _come(asked_on, on)
    moves.allow(complaint, "ask_papers", by=by)
    with database.atomic():
        moves.lock(complaint)
        PaperRequest.create(complaint=complaint, what=asked, asked_on=asked_on)
        return moves.make(complaint, "ask_papers", by=by, on=on)


def give_papers(
    complaint: Complaint, request: PaperRequest, *, given_on: dt.date, how: str, by: User, on: dt.datetime
) -> Complaint:
    """Note what was given, when and how."""
    told = fields.line(PaperRequest.how, how)
    _come(given_on, on)
    moves.allow(complaint, "give_papers", by=by)
    if given_on < request.asked_on:
        raise Refusal("Документы даны раньше, чем запрошены: проверьте дату.", "5.9")
    with database.atomic():
        # The move first: it asks for a request that waits.
        made = moves.make(complaint, "give_papers", by=by, on=on)
        open_one = PaperRequest.id == request.id, PaperRequest.complaint == complaint, PaperRequest.given_on.is_null()
        if not PaperRequest.update(given_on=given_on, how=told).where(*open_one).execute():
            raise Refusal("По этому запросу уже отмечено, что дано.", "5.9")
    return made


def tell_prosecutor(complaint: Complaint, *, told_on: dt.date, letter: str, by: User, on: dt.datetime) -> Complaint:
    """Note that the papers went to the prosecutor's office (5.11)."""
    _come(told_on, on)
    words = fields.line(Complaint.prosecutor_letter, letter)
    return moves.make(complaint, "tell_prosecutor", by=by, on=on, prosecutor_on=told_on, prosecutor_letter=words)


def _one_of(rows: Sequence[Listed], name: str, sentence: str) -> str:
    if name not in {row.name for row in rows}:
        raise Refusal(sentence)
    return name


def _come(day: dt.date, on: dt.datetime) -> None:
    if day > day_of(on):
        raise Refusal("Этот день ещё не наступил: проверьте дату.")
