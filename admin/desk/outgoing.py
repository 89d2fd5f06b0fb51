# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Внешние системы»: what is to be carried over into КАИС КРО and МАИС ЭГУ, files for it, marks that it is entered."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_wtf import FlaskForm
from markupsafe import Markup
from peewee import fn

from ...models import Application, Order, OutgoingBatch, OutgoingRecord, User, utc_now
from ...procedure.road import road
from ...site import journal
from ...site.cases import outgoing_file
from ...site.cases.outgoing import RECORDED, ROAD, Left, counted, kinds, left, row_of, systems
from ...site.dates import day_of
from ..access import Permission, may
from ..acts import outgoing as acts
from . import forms
from .base import (
    LARGEST_ID,
    Answer,
    Choice,
    ListDesk,
    Query,
    Wanted,
    attempt,
    csv_lines,
    done,
    found,
    invalid,
    link,
    person,
    refused_status,
    within_ids,
)

# A list to be looked through before something is done to all of it.
SHOWN = 100
BATCHES_SHOWN = 10
LATE, TODAY = "late", "today"


def waiting(user: User, today: dt.date) -> Left | None:
    """What is left to be carried over; None for whoever does not do it, or when there is nothing. One query."""
    if not may(user, Permission.KEEP_OUTGOING):
        return None
    found_left = counted(left().where(acts.within_reach(user)), today)
    return found_left if found_left.all else None


def due_badge(record: OutgoingRecord) -> Any:
    """The last day for the record, and in words how near it is."""
    day, today = Markup("{:%d.%m.%Y}").format(record.due_on), day_of(utc_now())
    if record.status == RECORDED or record.due_on > today:
        return day
    said = "срок нарушен" if record.due_on < today else "последний день"
    return day + Markup(' <span class="badge failed">{}</span>').format(said)


def about(record: OutgoingRecord) -> Any:
    """The case or the order that the record is about, as a link to the record."""
    said = str(record.application) if record.application_id else f"распоряжение {record.order}"
    return link(said, url_for("office_outgoing.record", id=record.id))


def batch_of(record: OutgoingRecord) -> Any:
    """The file in which the record went; a link to it."""
    return link(f"№ {record.batch_id}", url_for("office_outgoing.batch", id=record.batch_id)) if record.batch_id else ""


def _narrow_days(query: Query, word: str) -> Query:
    today = day_of(utc_now())
    return query.where(OutgoingRecord.due_on < today if word == LATE else OutgoingRecord.due_on == today)


class OutgoingDesk(ListDesk):
    """Records that are not entered yet, the most pressing first; those that are, on a list of their own."""

    permission = Permission.KEEP_OUTGOING
    model_class = OutgoingRecord
    heading = "Внешние системы"
    list_template = "desk/outgoing/list.html"
    can_export = True
    search_label = "Номер заявления или распоряжения, фамилия"
    nothing = "Записей нет."
    column_list = ("application", "name", "system", "due_on", "status", "batch")
    column_labels = {"application": "О чём"}  # noqa: RUF012
    cells = {  # noqa: RUF012
        "application": about,
        "name": lambda record: row_of(record).title,
        "system": lambda record: systems()[record.system].title,
        "due_on": due_badge,
        "status": lambda record: road(ROAD).statuses[record.status],
        "batch": batch_of,
    }
    choices = (
        Choice(
            "system",
            "Система",
            lambda: [(system.name, system.title) for system in systems().values()],
            lambda query, name: query.where(OutgoingRecord.system == name),
        ),
        Choice(
            "name",
            "Что передать",
            lambda: [(row.name, row.title) for row in kinds().values()],
            lambda query, name: query.where(OutgoingRecord.name == name),
        ),
        Choice(
            "status",
            "Состояние",
            lambda: [(name, title) for name, title in road(ROAD).statuses.items() if name != RECORDED],
            lambda query, status: query.where(OutgoingRecord.status == status),
        ),
        Choice("due", "Срок", lambda: [(LATE, "Нарушен"), (TODAY, "Последний день")], _narrow_days),
        # Which of the two lists; not a field of the sieve.
        Choice("done", "", lambda: [("1", "")], lambda query, _word: query),
    )

    def get_query(self) -> Query:
        entered = OutgoingRecord.status == RECORDED
        return acts.seen_by(person()).where(entered if request.args.get("done") == "1" else ~entered)

    def default_order(self) -> list[Any]:
        if request.args.get("done") == "1":
            return [OutgoingRecord.settled_at.desc(), OutgoingRecord.id.desc()]
        return [OutgoingRecord.due_on, OutgoingRecord.id]

    def matching(self, query: Query, word: str) -> Query:
        found = Application.number.startswith(word) | Application.surname.startswith(word)
        return query.where(found | Order.number.startswith(word.removeprefix("№").lower()))

    def more(self, query: Query, wanted: Wanted) -> dict[str, Any]:
        return {"left": counted(left().where(acts.within_reach(person())), day_of(utc_now()))}

    # One record

    @expose("/<int:id>/")
    def record(self, id: int) -> Answer:
        """What is to be entered where, and what has been done about it."""
        return self._page(self._record(id))

    @expose("/<int:id>/mark/", methods=("POST",))
    def mark(self, id: int) -> Answer:
        """Mark that the record is entered."""
        return self._changed(id, acts.MARK, lambda record: acts.mark(record, by=person(), on=utc_now()))

    @expose("/<int:id>/take-back/", methods=("POST",))
    def take_back(self, id: int) -> Answer:
        """Undo the mark, or take the record out of its file."""
        form = forms.ReasonForm()
        if invalid(form):
            return self._page(self._record(id), form), refused_status(form)
        reason = form.reason.data or ""
        back = partial(acts.take_back, reason=reason, by=person(), on=utc_now())
        return self._changed(id, acts.TAKE_BACK, back, form)

    # Many at once

    @expose("/mark/", methods=("GET", "POST"))
    def mark_many(self) -> Answer:
        """Mark all that the address names, looked through before."""
        wanted = self._chosen()
        if request.method == "POST":
            last, count = _seen()
            marked = attempt(lambda: acts.mark_all(wanted, last=last, count=count, by=person(), on=utc_now()))
            if marked is not None:
                flash(f"Отмечено записей: {marked}.", "success")
                return redirect(url_for(".index_view"))
        page = self._sure("desk/outgoing/mark.html", acts.fit_for(wanted, acts.MARK))
        return page, 409 if request.method == "POST" else 200

    @expose("/export/", methods=("GET", "POST"))
    def export_file(self) -> Answer:
        """All that waits for one system, looked through before it goes out as a file."""
        known = systems()
        system = request.args.get("system", "")
        if system not in known:
            system = next(iter(known))
        if request.method == "POST":
            last, count = _seen()
            batch = attempt(lambda: acts.export(system, last=last, count=count, by=person(), on=utc_now()))
            if batch is not None:
                flash(f"{road(ROAD).move(acts.EXPORT).done} Записей в нём: {count}.", "success")
                return redirect(url_for(".batch", id=batch.id))
        page = self._sure(
            "desk/outgoing/export.html",
            acts.waiting_for(system, person()),
            system=known[system],
            systems=list(known.values()),
            batches=_latest(),
        )
        return page, 409 if request.method == "POST" else 200

    # Files that went out

    @expose("/batches/<int:id>/")
    def batch(self, id: int) -> Answer:
        """A file that went out: to be taken again, marked as entered, or called back."""
        return self._batch_page(found(OutgoingBatch, id))

    @expose("/batches/<int:id>/records.csv")
    def batch_csv(self, id: int) -> Answer:
        """The file for people."""
        batch = found(OutgoingBatch, id)
        return _attached(csv_lines(outgoing_file.table(_records(batch))), batch, "csv", "text/csv")

    @expose("/batches/<int:id>/records.json")
    def batch_json(self, id: int) -> Answer:
        """The file for programs."""
        batch = found(OutgoingBatch, id)
        return _attached([outgoing_file.as_json(batch, _records(batch))], batch, "json", "application/json")

    @expose("/batches/<int:id>/take-back/", methods=("POST",))
    def take_batch_back(self, id: int) -> Answer:
        """The file was lost or not accepted."""
        batch, form = found(OutgoingBatch, id), forms.ReasonForm()
        if invalid(form):
            return self._batch_page(batch, form), refused_status(form)
        reason, count = form.reason.data or "", _seen()[1]
        back = attempt(lambda: acts.take_back_all(batch, reason=reason, count=count, by=person(), on=utc_now()))
        if back is None:
            return self._batch_page(batch, form), 409
        flash(f"Снова ждут передачи: {back}.", "success")
        return redirect(url_for(".index_view"))

    # Shared by the pages above

    def _record(self, id: int) -> OutgoingRecord:
        record: OutgoingRecord | None = None
        if id < LARGEST_ID:
            record = acts.seen_by(person()).where(OutgoingRecord.id == id).first()
        return record or abort(404)

    def _changed(self, id: int, verb: str, act: Callable[[OutgoingRecord], object], form: FlaskForm | None = None) -> Answer:
        if done(lambda: act(self._record(id))):
            flash(road(ROAD).move(verb).done, "success")
            return redirect(url_for(".record", id=id))
        return self._page(self._record(id), form), 409

    def _page(self, record: OutgoingRecord, form: FlaskForm | None = None) -> str:
        return self.render(
            "desk/outgoing/record.html",
            record=record,
            row=row_of(record),
            system=systems()[record.system],
            state=road(ROAD).statuses[record.status],
            open=road(ROAD).open_moves(record.status, person().role_set()),
            said=zip(outgoing_file.FIELDS.items(), outgoing_file.said(record).values(), strict=True),
            due=due_badge(record),
            form=form or forms.ReasonForm(),
            history_entries=list(journal.history(acts.SUBJECT, record.id)),
            verbs=journal.VERBS,
        )

    def _batch_page(self, batch: OutgoingBatch, form: FlaskForm | None = None) -> str:
        records = _records(batch)
        unmarked = acts.unmarked(batch, person()).select(OutgoingRecord.id).order_by().count()
        return self.render(
            "desk/outgoing/batch.html",
            batch=batch,
            system=systems()[batch.system],
            rows=[_line(record) for record in records.limit(SHOWN)],
            count=records.select(OutgoingRecord.id).order_by().count(),
            unmarked=unmarked,
            form=form or forms.ReasonForm(),
        )

    def _sure(self, template: str, records: Query, **values: Any) -> str:
        """A list to be looked through, with what the form says of it: how many there are, and the last of them."""
        first = list(records.limit(SHOWN))
        ids = records.select(fn.COUNT(OutgoingRecord.id), fn.MAX(OutgoingRecord.id)).order_by().tuples()[0]
        rows = [_line(record) for record in first]
        return self.render(template, rows=rows, count=ids[0], last=ids[1] or 0, asked=request.args, **values)

    def _chosen(self) -> Query:
        """The records that the address names: by system, by kind, of one file."""
        wanted = acts.seen_by(person())
        if system := request.args.get("system", "").replace("\0", ""):
            wanted = wanted.where(OutgoingRecord.system == system)
        if name := request.args.get("name", "").replace("\0", ""):
            wanted = wanted.where(OutgoingRecord.name == name)
        if batch := request.args.get("batch", type=int):
            wanted = wanted.where(OutgoingRecord.batch == within_ids(batch))
        return wanted


def _line(record: OutgoingRecord) -> tuple[Any, ...]:
    """A record in a list to be looked through: itself, what, of whom, where to, by when, in which state."""
    person_named = record.application.person if record.application else ""
    state = road(ROAD).statuses[record.status]
    return record, row_of(record).title, person_named, systems()[record.system].title, due_badge(record), state


def _seen() -> tuple[int, int]:
    """The last record and the number of them that the page has shown."""
    last, count = (request.form.get(name, type=int, default=0) for name in ("last", "count"))
    return within_ids(last), count


def _records(batch: OutgoingBatch) -> Query:
    mine = acts.seen_by(person()).where(OutgoingRecord.batch == batch)
    return mine.order_by(OutgoingRecord.due_on, OutgoingRecord.id)


def _latest() -> list[tuple[OutgoingBatch, str]]:
    newest = OutgoingBatch.select(OutgoingBatch, User).join(User).order_by(OutgoingBatch.id.desc()).limit(BATCHES_SHOWN)
    return [(batch, systems()[batch.system].title) for batch in newest]


def _attached(body: Iterable[str], batch: OutgoingBatch, ending: str, mimetype: str) -> Response:
    name = f"{batch.system}-{batch.id}.{ending}"
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f"attachment; filename={name}"})
