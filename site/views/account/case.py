"""The page of a case, and taking the application back."""

from typing import Any

from flask import abort, flash, redirect, url_for
from flask import request as asked
from werkzeug.wrappers import Response as AnyResponse

from ....models import Application, utc_now
from ....procedure.road import Move, road
from ...cases import applying, appointments, attachments, messages, moves, story
from ...cases.calendar import deadlines, office_calendar
from ...cases.rights import CONCLUSIONS, parts_seen
from ...dates import CITY
from ..acting import done
from ..phrases import long_date, sitting_words
from ..signing import TypedForm
from .cases import PLACES, clause_address, mine, place, today
from .home import category, closed_season
from .room import Answer, page, person, public
from .steps import fillable

# What the teacher's side keeps of a case besides the folder and the conclusions, which have pages of their own.
DOCUMENTS = (attachments.RECEIPT, attachments.NOTICE, attachments.PREVIOUS_CATEGORY, attachments.AUTHORITY)


@public.get("/applications/<int:id>/")
def application(id: int) -> str:
    """Where the case stands: whose turn it is, the terms that run, what has happened, what comes next."""
    case = mine(id)
    whole = road("application", case.edition)
    merged = case.merged_into_id is not None
    # Of a merged case nothing more is made, and no term of its own runs.
    running = () if merged else deadlines(case, today(), office_calendar())
    turn = story.turn(case, story.duties_of([case])[case.id])
    open_now = () if merged else moves.open_moves(case, person(), today())
    return page(
        "case.html",
        case=case,
        category=category(case),
        status=whole.status(case.status),
        turn=turn,
        running=running,
        expected=_ways(case, turn.mine),
        others=_others(case, open_now, turn.mine),
        withdrawal=next((move for move in open_now if move.verb == "withdraw"), None),
        happened=story.happened(case),
        ahead=() if merged else story.ahead(case, running),
        appointed=() if merged else _appointed(case),
        announced=story.announced(case) if whole.status(case.status).final else None,
        draft=fillable(case),
        season=closed_season(case.edition) if fillable(case) else None,
        **_belongings(case),
    )


def _appointed(case: Application) -> list[tuple[str, str]]:
    """The days and places that are set for this case, each in a line."""
    found = []
    slot = appointments.booked(case)
    if slot is not None and not appointments.received(case):
        starts = slot.starts_at.astimezone(CITY)
        found.append(("Приём папки", f"{long_date(starts.date())}, {starts:%H:%M}, {slot.place}, окно {slot.window}"))
    if case.review_day:
        found.append(("Дата экспертизы", long_date(case.review_day)))
    if case.term_begins and case.term_ends:
        days = f"с {long_date(case.term_begins)} по {long_date(case.term_ends)}"
        found.append(("Срок и место аттестации", f"{days}, {case.term_place}"))
    if sitting := story.sitting_told(case):
        found.append(("Заседание комиссии", sitting_words(sitting)))
        if invited := story.invited_at(case):
            found.append(("Вас ждут на заседании", f"в {invited.astimezone(CITY):%H:%M}"))
    return found


def _belongings(case: Application) -> dict[str, Any]:
    """What stands beside the story: documents, messages, who acts for the teacher."""
    files = [file for file in attachments.kept(case) if file.kind in DOCUMENTS]
    seen = parts_seen(case, person(), today())
    return {
        "documents": files,
        "kinds": attachments.KINDS,
        "unread": messages.unread([case.id], from_office=True).get(case.id, 0),
        "represented": applying.represented(case.edition),
        "acting": applying.acting(case),
        "conclusions": bool(CONCLUSIONS & seen),
        "heir": _heir(case),
        "clause_address": lambda clause: clause_address(case.edition, clause),
        "today": today(),
    }


def _heir(case: Application) -> str:
    """The address of the case into which this one was merged; empty for none, or for one that is not for this person."""
    other = case.merged_into
    return url_for("account.application", id=other.id) if other and parts_seen(other, person(), today()) else ""


def _ways(case: Application, open_now: tuple[Move, ...]) -> list[tuple[Move, str]]:
    """Moves with the addresses where they are made."""
    return [(move, place(case, move.verb)) for move in open_now if move.verb in PLACES]


def _others(case: Application, open_now: tuple[Move, ...], mine: tuple[Move, ...]) -> list[tuple[Move, str]]:
    """What is possible but expected of nobody; one way to each page, withdrawal apart."""
    taken = {address for _, address in _ways(case, mine)}
    found: dict[str, Move] = {}
    for move, address in _ways(case, open_now):
        if address not in taken and move.verb != "withdraw":
            found.setdefault(address, move)
    return [(move, address) for address, move in found.items()]


@public.route("/applications/<int:id>/withdraw", methods=["GET", "POST"])
def withdraw(id: int) -> Answer:
    """Take the application back, after asking; only where the road lets this person."""
    case = mine(id)
    if not any(move.verb == "withdraw" for move in moves.open_moves(case, person(), today())):
        abort(404, "Сейчас это заявление отозвать нельзя. Посмотрите, где оно находится, на его странице.")
    move = moves.move_of(case, "withdraw")
    if asked.method == "POST" and done(lambda: applying.withdraw(as_seen(case), by=person(), on=utc_now())):
        flash(move.done, "success")
        return redirect(url_for("account.application", id=case.id))
    text = page("withdraw.html", case=case, move=move, form=TypedForm(), clause=clause_address(case.edition, move.clause))
    return text, 409 if asked.method == "POST" else 200


def as_seen(case: Application) -> Application:
    """The case, if it is still as the page showed it; Refusal otherwise."""
    text = asked.form.get("version", "")
    return moves.as_seen(case, int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None)


def back(case: Application) -> AnyResponse:
    """To the page of the case."""
    return redirect(url_for("account.application", id=case.id))
