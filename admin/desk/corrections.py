# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Исправления»: requests to correct published orders by term, entry from paper, the page of a request."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField

from ...models import Correction, Ruling, User, utc_now
from ...procedure.refusal import Refusal
from ...procedure.road import EDITION, EDITIONS, Move, road
from ...procedure.terms import Deadline
from ...procedure.words import CorrectionChannel
from ...site import fields, journal
from ...site.cases.calendar import office_calendar
from ...site.corrections import filing, letters, moves
from ...site.dates import day_of
from ...site.fields import Mistakes
from ...site.views.corrections import CorrectionForm
from ...site.views.layout import parts
from ..access import Permission, may
from ..acts import corrections as acts
from ..login import TypedForm
from .base import (
    Answer,
    Choice,
    ListDesk,
    Query,
    done,
    found,
    invalid,
    link,
    person,
    refused_status,
    seen_version,
    to_order,
)
from .cases.due import MARKS, Due, badge, calendar_at_hand, due
from .forms import DayField, RowNumbersField

TERM = "correction"
ROWS_SHOWN = 20


# --- Forms ------------------------------------------------------------------------------------------------------------------


class PaperForm(CorrectionForm):
    """A request on paper: the same, and when it came."""

    received_on = DayField(str(Correction.received_on.verbose_name))


class OrderForm(TypedForm):
    """Which published order is meant."""

    number = StringField(str(Correction.order_number.verbose_name))
    registered_on = DayField(str(Correction.order_on.verbose_name))


class RowsForm(TypedForm):
    """The rows with the error."""

    lines = RowNumbersField("Строки с ошибкой")


class ReasonForm(TypedForm):
    """Why."""

    reason = TextAreaField(str(Correction.reason.verbose_name))


# --- Steps ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """How a move is asked for and made; `given`: facts that the person makes true while making it."""

    form: Callable[[Correction], FlaskForm]
    act: Callable[[Correction, Any, User], object]
    given: frozenset[str] = frozenset()


def _meant(correction: Correction, form: Any, by: User) -> Correction:
    order = filing.meant(fields.order_number(form.number.data or ""), form.registered_on.data)
    if order is None:
        raise Refusal("Опубликованного распоряжения с таким номером и датой нет: проверьте их.", "3.7.1")
    return acts.register(correction, order, by=by, on=utc_now())


def _meant_rows(correction: Correction) -> list[Ruling]:
    """The rows that the request may be about: the one that it names, those of the surname of whoever wrote; one query."""
    named = Ruling.surname.in_(correction.full_name.split()) | (Ruling.number == correction.line)
    return list(Ruling.select().where(Ruling.order == correction.order_id, named).order_by(Ruling.number).limit(ROWS_SHOWN))


STEPS: dict[str, Step] = {
    "register": Step(
        lambda correction: OrderForm(data={"number": correction.order_number, "registered_on": correction.order_on}),
        _meant,
        frozenset({"order_found"}),
    ),
    "prepare": Step(
        lambda correction: RowsForm(data={"lines": str(correction.line or "")}),
        lambda correction, form, by: acts.prepare(correction, form.lines.numbers, by=by, on=utc_now()),
        frozenset({"amendment_drafted"}),
    ),
    "put_back": Step(
        lambda _correction: ReasonForm(),
        lambda correction, form, by: acts.put_back(correction, reason=form.reason.data or "", by=by, on=utc_now()),
    ),
    "decline": Step(
        lambda _correction: ReasonForm(),
        lambda correction, form, by: acts.decline(correction, reason=form.reason.data or "", by=by, on=utc_now()),
    ),
}


# --- The desk ---------------------------------------------------------------------------------------------------------------


def open_statuses() -> list[str]:
    """The statuses in which somebody still has to do something."""
    roads = [road(moves.RECORD, edition) for edition in EDITIONS if moves.taken(edition)]
    return sorted({status.name for one in roads for status in one.states if not status.final})


@dataclass(frozen=True)
class Waiting:
    """Requests that are not closed: how many, and the most pressing ones with where they stand and their term."""

    total: int
    shown: tuple[tuple[Correction, str, Due | None], ...]


def waiting(user: User, today: dt.date, size: int) -> Waiting | None:
    """What waits for whoever keeps requests; None for others and when there is nothing. Two queries."""
    if not may(user, Permission.KEEP_CORRECTIONS):
        return None
    mine = Correction.select().where(Correction.status.in_(open_statuses()))
    rows = mine.order_by(Correction.due_on.asc(nulls="LAST"), Correction.id).limit(size)
    shown = [(one, road(moves.RECORD, one.edition).statuses[one.status], _due(one, today)) for one in rows]
    return Waiting(mine.count(), tuple(shown)) if shown else None


def _due(correction: Correction, today: dt.date) -> Due | None:
    term = TERM if correction.due_on else ""
    return due(correction.edition, term, correction.due_on, today, calendar_at_hand(), moves.RECORD)


class CorrectionDesk(ListDesk):
    """Requests, the most pressing first, those that are closed after them."""

    permission = Permission.READ_CORRECTIONS
    stricter = dict.fromkeys(("enter", "move"), Permission.KEEP_CORRECTIONS)
    model_class = Correction
    heading = "Исправления в распоряжениях"
    list_template = "desk/corrections/list.html"
    can_export = True
    search_label = "Номер запроса, распоряжения или фамилия"
    nothing = "Ни одного запроса не нашлось."
    column_list = ("number", "full_name", "order_number", "status", "received_on", "due_on")
    sortable = ("full_name", "received_on", "due_on")
    choices = (
        Choice(
            "status",
            "Состояние",
            lambda: list(road(moves.RECORD).statuses.items())[1:],
            lambda query, name: query.where(Correction.status == name),
        ),
        Choice(
            "channel",
            "Как поступил",
            lambda: [(one.value, one.label) for one in CorrectionChannel],
            lambda query, name: query.where(Correction.channel == name),
        ),
    )

    def is_accessible(self) -> bool:
        return super().is_accessible() and moves.taken(parts().settings.procedure)

    def _handle_view(self, name: str, **values: Any) -> AnyResponse | None:
        refused = super()._handle_view(name, **values)
        if refused is None and not moves.taken(parts().settings.procedure):
            abort(404, "Этот порядок об исправлениях не говорит: их вносят вне сайта.")
        return refused

    def matching(self, query: Query, word: str) -> Query:
        columns = (Correction.number, Correction.order_number, Correction.full_name)
        wanted = columns[0].contains(word) | columns[1].contains(word) | columns[2].contains(word)
        return query.where(wanted)

    def default_order(self) -> list[Any]:
        return [Correction.due_on.asc(nulls="LAST"), Correction.id.desc()]

    def cell(self, row: Any, name: str) -> Any:
        """What a column shows of a request; the term with its state in words."""
        if name == "number":
            return link(str(row), url_for(".correction", id=row.id))
        if name == "order_number":
            return f"№ {row.order_number} от {row.order_on:%d.%m.%Y}"
        if name == "status":
            return road(moves.RECORD, row.edition).statuses[row.status]
        if name == "due_on":
            return badge(_due(row, day_of(utc_now())))
        return super().cell(row, name)

    @expose("/enter", methods=("GET", "POST"))
    def enter(self) -> Answer:
        """A request that came on paper."""
        form = PaperForm(data={"received_on": day_of(utc_now())})
        if request.method == "GET":
            return self.render("desk/corrections/enter.html", form=form)
        if invalid(form):
            return self.render("desk/corrections/enter.html", form=form), 422
        edition = parts().settings.procedure
        try:
            said = {"received_on": form.received_on.data, "edition": edition if moves.taken(edition) else EDITION}
            made = acts.enter(form.said(), **said, by=person(), on=utc_now())
        except Mistakes as mistakes:
            form.blame(mistakes.errors)
            flash("Исправьте отмеченные поля.", "error")
            return self.render("desk/corrections/enter.html", form=form), 422
        flash(f"Запрос внесён под номером {made.number}.", "success")
        return redirect(url_for(".correction", id=made.id))

    @expose("/<int:id>/")
    def correction(self, id: int) -> Answer:
        """The request."""
        return self._page(found(Correction, id))

    @expose("/<int:id>/do/<verb>", methods=("GET", "POST"))
    def move(self, id: int, verb: str) -> Answer:
        """One move: what it means, what it needs, the button."""
        correction = found(Correction, id)
        if verb not in STEPS:
            abort(404)
        move, step = road(moves.RECORD, correction.edition).move(verb), STEPS[verb]
        form = step.form(correction)
        if request.method == "POST" and not invalid(form):
            version = seen_version()
            if done(lambda: step.act(moves.as_seen(correction, version), form, person())):
                flash(move.done, "success")
                if verb == "prepare" and correction.amending:
                    return to_order(correction.amending)
                return redirect(url_for(".correction", id=id))
        status = refused_status(form) if request.method == "POST" else 200
        return self._move_page(found(Correction, id), move, form, step.given), status

    def _page(self, correction: Correction) -> str:
        user, whole = person(), road(moves.RECORD, correction.edition)
        facts = correction.observe()
        running = moves.deadlines(correction, day_of(utc_now()), office_calendar())
        mine = whole.open_moves(correction.status, user.role_set()) if may(user, Permission.KEEP_CORRECTIONS) else ()
        return self.render(
            "desk/corrections/correction.html",
            correction=correction,
            channel=CorrectionChannel(correction.channel).label,
            status=whole.status(correction.status),
            main=[move for move in mine if not move.aside and move.verb in STEPS],
            others=[move for move in mine if move.aside and move.verb in STEPS],
            missing={move.verb: whole.missing(move, facts | STEPS[move.verb].given) for move in mine if move.verb in STEPS},
            deadlines=running,
            marks=MARKS,
            days=[(event.title, getattr(correction, moves.DAYS[event.name])) for event in whole.events],
            letters=_letters(correction, running),
            history_entries=list(journal.history(moves.RECORD, correction.id).limit(200)),
            verbs=journal.VERBS,
        )

    def _move_page(self, correction: Correction, move: Move, form: FlaskForm, given: frozenset[str]) -> str:
        whole = road(moves.RECORD, correction.edition)
        closed = correction.status not in move.sources
        return self.render(
            "desk/corrections/move.html",
            correction=correction,
            move=move,
            form=form,
            closed=whole.statuses[correction.status] if closed else "",
            missing=() if closed else whole.missing(move, correction.observe() | given),
            rows=_meant_rows(correction) if move.verb == "prepare" else (),
        )


def _letters(correction: Correction, running: tuple[Deadline, ...]) -> list[tuple[str, str]]:
    """For whoever gave no address: the letter of what has happened last, to be printed and sent by post."""
    if correction.email:
        return []
    whole = road(moves.RECORD, correction.edition)
    told = {move.target: letter for move in whole.moves for letter in move.letters}
    name = told.get(correction.status)
    ends = running[0].ends if running else None
    return [(whole.letter(name).title, letters.written(correction, name, ends).body)] if name else []
