# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Terms broken and at risk today, kept and broken over a period: of cases, and of all other records. Behind each figure stand
the records, also as a file; complaints only for whoever reads complaints."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from flask import Response, abort, flash, request, send_file, stream_with_context, url_for
from flask_admin import expose

from ....models import Application, Duty, database, utc_now
from ....procedure.road import EDITIONS, road
from ....procedure.terms import CASE, Term, TermState, terms
from ....procedure.words import CaseRole
from ....procedure.working_days import Calendar
from ....site import journal, regulation, sheets
from ....site.cases.calendar import counting_calendar
from ....site.cases.sight import own_cases
from ....site.control import deadlines, records, samples
from ....site.control.deadlines import Kept, Waiting
from ....site.dates import day_of
from ....site.views.paging import NoSuchPage, Pages, page_number
from ...access import Permission, may
from ..base import ROWS_PER_PAGE, Answer, Desk, csv_lines, harmless, person, within_ids
from ..cases.due import MARKS

AT_ONCE = 1_000
# A report over more would be about other times than those that somebody answers for.
LONGEST_PERIOD = dt.timedelta(days=366 * 3)
COLUMNS = (
    ("name", "Что"),
    ("status", "Состояние"),
    ("term", "Срок"),
    ("clause", "Пункт"),
    ("responsible", "Кто отвечает"),
    ("person", "Фамилия, имя, отчество"),
    ("ends", "Срок до"),
    ("met", "Исполнено"),
    ("days", "Просрочено, дней"),
)
WIDTHS = {"name": 30, "status": 34, "term": 46, "responsible": 34, "person": 36}
STATES = (TermState.BROKEN, TermState.LAST_DAY, TermState.SOON)
TITLES = {CASE: "Заявления", **records.TITLES}
# The page of a record of each kind.
ADDRESSES = {
    CASE: "office_cases.case",
    records.SITTING: "office_sittings.sitting",
    records.ORDER: "office_orders.order",
    records.COMPLAINT: "office_complaints.complaint",
    records.CORRECTION: "office_corrections.correction",
}
Figures = Waiting | Kept


@dataclass(frozen=True)
class Wanted:
    """Of which figure the records are asked for: of today (`state` is given or the period is not) or of a period."""

    kind: str
    edition: str
    term: str
    role: str
    person: int
    state: str
    period: tuple[dt.date, dt.date] | None


@dataclass(frozen=True)
class Line:
    """A record in which a term is broken or at risk, as pages and files show it."""

    name: str
    address: str
    status: str
    term: Term
    responsible: str
    person: str
    ends: dt.date
    met: dt.date | None
    late: int

    def cells(self) -> list[Any]:
        told = [self.term.title, self.term.clause, self.responsible, self.person, self.ends, self.met, self.late]
        return [self.name, self.status, *told]


# The pages of this module by the names of their methods.
PAGES = ("terms", "term_cases", "terms_csv", "terms_xlsx")


class TermPages(Desk):
    """Pages under `/admin/control/terms/`."""

    @expose("/terms/")
    def terms(self) -> Answer:
        """The report: today, and over a period; without one the current quarter until today."""
        today, calendar = day_of(utc_now()), counting_calendar()
        first, last = _period(today) or _this_quarter(today)
        asked = person(), today, calendar
        waiting = deadlines.waiting(*asked) + records.waiting(*asked)
        kept = deadlines.kept(first, last, today, calendar) + records.kept(person(), first, last, today, calendar)
        return self.render(
            "desk/control/terms.html",
            today=today,
            first=first,
            last=last,
            waiting=_by_kind(waiting),
            kept=_by_kind(kept),
            titles=TITLES,
            closed=_closed(),
            totals={state: sum(one.counts[state] for one in waiting if one.kind == CASE) for state in STATES},
            states=STATES,
            marks=MARKS,
            acts={edition: regulation.edition(edition).act for edition in EDITIONS},
            several=len({one.edition for one in waiting} | {one.edition for one in kept}) > 1,
        )

    @expose("/terms/cases")
    def term_cases(self) -> Answer:
        """The records behind a figure of the report."""
        wanted, today = _wanted(), day_of(utc_now())
        try:
            page = page_number(request.args.get("page", ""))
        except NoSuchPage:
            abort(404, "Номер страницы в адресе неверен: откройте первую страницу списка.")
        start = (page - 1) * ROWS_PER_PAGE
        source = _source(wanted, today)
        last = max(math.ceil(source.count / ROWS_PER_PAGE), 1)
        if page > last:
            abort(404, "Такой страницы в списке нет: откройте первую.")
        asked = {name: value for name, value in request.args.items() if name != "page"}
        return self.render(
            "desk/control/term_cases.html",
            what=journal.SUBJECTS[wanted.kind],
            title=_title(wanted),
            count=source.count,
            lines=source.lines(start, ROWS_PER_PAGE),
            pages=Pages(page, last, lambda number: _address({**asked, "page": number if number > 1 else None})),
            asked=asked,
        )

    @expose("/terms/export.csv")
    def terms_csv(self) -> Answer:
        """The same records as CSV."""
        titles = [title for _name, title in COLUMNS]
        text = csv_lines(chain([titles], ([harmless(_text(cell)) for cell in line] for line in _exported())))
        headers = {"Content-Disposition": f"attachment; filename={_file_name('csv')}"}
        return Response(stream_with_context(text), mimetype="text/csv", headers=headers)

    @expose("/terms/export.xlsx")
    def terms_xlsx(self) -> Answer:
        """The same records as a workbook."""
        file = sheets.workbook("Сроки", COLUMNS, _exported(), WIDTHS)
        return send_file(file, mimetype=sheets.XLSX, as_attachment=True, download_name=_file_name("xlsx"))


def _address(values: dict[str, Any]) -> str:
    return url_for(".term_cases", **values)


def _by_kind(lines: Iterable[Figures]) -> list[tuple[str, list[tuple[Figures, str]]]]:
    """The lines of a table under the kinds of record, each with who answers."""
    return [(kind, [(one, _answers(one)) for one in mine]) for kind, mine in groupby(lines, lambda one: one.kind)]


def _answers(one: Figures) -> str:
    if isinstance(one, Waiting) and one.role:
        return road(CASE, one.edition).title_of(CaseRole(one.role))
    return deadlines.title_of(one.edition, one.term, one.kind)


def _closed() -> frozenset[str]:
    """The kinds whose records this person does not see one by one: of complaints only the figures."""
    return frozenset() if may(person(), Permission.READ_COMPLAINTS) else frozenset({records.COMPLAINT})


# --- What is asked ----------------------------------------------------------------------------------------------------------


def _period(today: dt.date) -> tuple[dt.date, dt.date] | None:
    """The period that the address names; None without one, and for one that is none."""
    try:
        first, last = (dt.date.fromisoformat(request.args.get(name, "")) for name in ("since", "until"))
    except ValueError:
        if request.args.get("since") or request.args.get("until"):
            flash("Укажите обе даты периода. Показан текущий квартал.", "error")
        return None
    if not first <= last or last - first > LONGEST_PERIOD:
        flash("Период должен начинаться раньше, чем кончается, и быть не длиннее трёх лет. Показан текущий квартал.", "error")
        return None
    return first, last


def _this_quarter(today: dt.date) -> tuple[dt.date, dt.date]:
    return samples.days_of(*samples.quarter_of(today))[0], today


def _wanted() -> Wanted:
    kind = request.args.get("kind", CASE)
    edition, term, role, state = (request.args.get(name, "") for name in ("edition", "term", "role", "state"))
    if kind not in TITLES or (edition and edition not in EDITIONS) or (term and term not in _titles(kind)):
        abort(404)
    if (role and role not in set(CaseRole)) or (state and state not in set(STATES)):
        abort(404)
    if kind in _closed():
        abort(403, "Жалобы по одной видят те, кто их рассматривает и контролирует. Вам видны только их числа.")
    user_id = within_ids(request.args.get("person", type=int, default=0))
    return Wanted(kind, edition, term, role, user_id, state, _period(day_of(utc_now())))


def _titles(kind: str) -> dict[str, str]:
    return {one.name: one.title for _edition, one in deadlines.known()} if kind == CASE else records.titles(kind)


def _title(wanted: Wanted) -> str:
    """The heading of the list."""
    named = _titles(wanted.kind).get(wanted.term, "")
    term, kind = f": {named}" if named else "", "" if wanted.kind == CASE else f" ({TITLES[wanted.kind].lower()})"
    if wanted.period:
        first, last = wanted.period
        return f"Нарушенные сроки с {first:%d.%m.%Y} по {last:%d.%m.%Y}{kind}{term}"
    states = {"broken": "Сегодня срок нарушен", "last_day": "Последний день сегодня", "soon": "Срок скоро кончится"}
    return f"{states.get(wanted.state, 'Сроки нарушены и под угрозой сегодня')}{kind}{term}"


# --- What is found ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """Records that were asked for: how many, and some of them from a place on."""

    count: int
    lines: Callable[[int, int], list[Line]]


def _source(wanted: Wanted, today: dt.date) -> Source:
    calendar = counting_calendar()
    if wanted.kind != CASE:
        counted = _counted(wanted, today, calendar)
        return Source(len(counted), lambda start, size: [_of_record(one, today) for one in counted[start : start + size]])
    if wanted.period is None:
        query = deadlines.waiting_cases(
            person(),
            today,
            calendar,
            edition=wanted.edition,
            term=wanted.term,
            role=wanted.role,
            person=wanted.person,
            state=wanted.state,
        )
        return Source(query.count(), lambda start, size: _of_duties(query.limit(size).offset(start), today))
    own = set(own_cases(person(), today))
    first, last = wanted.period
    broken = deadlines.broken(first, last, today, calendar, edition=wanted.edition, term=wanted.term, person=wanted.person)
    found = [one for one in broken if one.case not in own]
    return Source(len(found), lambda start, size: _of_broken(found[start : start + size], today))


def _counted(wanted: Wanted, today: dt.date, calendar: Calendar) -> list[records.Counted]:
    """The terms of records that are no cases, as they were asked for."""
    if wanted.period:
        found = records.broken(wanted.kind, person(), *wanted.period, today, calendar)
    else:
        found = [one for one in records.due(wanted.kind, person(), today, calendar) if wanted.state in ("", one.state)]
    return [one for one in found if wanted.edition in ("", one.record.edition) and wanted.term in ("", one.term.name)]


def _of_record(one: records.Counted, today: dt.date) -> Line:
    record = one.record
    kind, id = record.page
    return Line(
        name=record.name,
        address=url_for(ADDRESSES[kind], id=id),
        status=records.status_of(record),
        term=one.term,
        responsible=deadlines.title_of(record.edition, one.term, record.kind),
        person="",
        ends=one.ends,
        met=one.met,
        late=_late(one.ends, one.met or today),
    )


def _of_duties(duties: Iterable[Duty], today: dt.date) -> list[Line]:
    rows = list(duties)
    cases = _cases([row.application_id for row in rows])
    names = deadlines.names_of(row.user_id for row in rows)
    return [
        _of_case(
            case := cases[row.application_id],
            terms(case.edition).term(row.term),
            road(CASE, case.edition).title_of(CaseRole(row.role)),
            names.get(row.user_id or 0, ""),
            # Those without a day were not asked for.
            ends=row.due_on or today,
            met=None,
            until=today,
        )
        for row in rows
    ]


def _of_broken(broken: Sequence[deadlines.Broken], today: dt.date) -> list[Line]:
    cases = _cases([one.case for one in broken])
    names = deadlines.names_of(one.user for one in broken)
    return [
        _of_case(
            cases[one.case],
            one.term,
            deadlines.title_of(one.edition, one.term),
            names.get(one.user or 0, ""),
            ends=one.ends,
            met=one.met,
            until=one.met or cases[one.case].closed_on or today,
        )
        for one in broken
    ]


def _of_case(
    case: Application, term: Term, responsible: str, name: str, *, ends: dt.date, met: dt.date | None, until: dt.date
) -> Line:
    status, address = road(CASE, case.edition).statuses[case.status], url_for("office_cases.case", id=case.id)
    return Line(str(case), address, status, term, responsible, name, ends, met, _late(ends, until))


def _late(ends: dt.date, until: dt.date) -> int:
    return max((until - ends).days, 0)


def _cases(ids: list[int]) -> dict[int, Application]:
    columns = (Application.id, Application.number, Application.status, Application.edition, Application.closed_on)
    return {row.id: row for row in Application.select(*columns).where(Application.id.in_(ids))} if ids else {}


def _exported() -> Iterator[list[Any]]:
    """The rows of a file, read in pieces; that it was taken out is in the journal."""
    wanted, today = _wanted(), day_of(utc_now())
    source = _source(wanted, today)
    with database.atomic():
        said = f"строк: {source.count}"
        journal.write(by=person(), on=utc_now(), verb="export_terms", subject="journal", subject_id=0, details=said)
    return (line.cells() for start in range(0, source.count, AT_ONCE) for line in source.lines(start, AT_ONCE))


def _text(value: Any) -> str:
    return "" if value is None else f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else str(value)


def _file_name(extension: str) -> str:
    return f"sroki-{day_of(utc_now()):%Y-%m-%d}.{extension}"
