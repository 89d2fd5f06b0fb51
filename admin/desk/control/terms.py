# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Terms of cases: broken and at risk today, kept and broken over a period; behind each figure the cases, also as a file."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask import Response, abort, flash, request, send_file, stream_with_context, url_for
from flask_admin import expose

from ....models import Application, Duty, database, utc_now
from ....procedure.road import EDITIONS, road
from ....procedure.terms import TermState, terms
from ....procedure.words import CaseRole
from ....site import journal, regulation, sheets
from ....site.cases.calendar import counting_calendar
from ....site.cases.sight import own_cases
from ....site.control import deadlines, samples
from ....site.dates import day_of
from ....site.views.paging import NoSuchPage, Pages, page_number
from ..base import LARGEST_ID, ROWS_PER_PAGE, Answer, Desk, csv_lines, harmless, person
from ..cases.due import MARKS

AT_ONCE = 1_000
# A report over more would be about other times than those that somebody answers for.
LONGEST_PERIOD = dt.timedelta(days=366 * 3)
COLUMNS = (
    ("number", "Заявление"),
    ("status", "Состояние дела"),
    ("term", "Срок"),
    ("clause", "Пункт"),
    ("responsible", "Кто отвечает"),
    ("name", "Фамилия, имя, отчество"),
    ("ends", "Срок до"),
    ("met", "Исполнено"),
    ("days", "Просрочено, дней"),
)
WIDTHS = {"number": 15, "status": 34, "term": 46, "responsible": 34, "name": 36}
STATES = (TermState.BROKEN, TermState.LAST_DAY, TermState.SOON)


@dataclass(frozen=True)
class Wanted:
    """Which figure the cases are asked for: that of today (`state` is given or the period is not) or of a period."""

    edition: str
    term: str
    role: str
    person: int
    state: str
    period: tuple[dt.date, dt.date] | None


@dataclass(frozen=True)
class Line:
    """A case in which a term is broken or at risk, as pages and files show it."""

    case: Application
    edition: str
    term: Any
    responsible: str
    name: str
    ends: dt.date
    met: dt.date | None
    late: int

    def cells(self) -> list[Any]:
        status = road("application", self.edition).statuses[self.case.status]
        told = [self.term.title, self.term.clause, self.responsible, self.name, self.ends, self.met, max(self.late, 0)]
        return [self.case.number, status, *told]


# The pages of this module by the names of their methods.
PAGES = ("terms", "term_cases", "terms_csv", "terms_xlsx")


class TermPages(Desk):
    """Pages under `/admin/control/terms/`."""

    @expose("/terms/")
    def terms(self) -> Answer:
        """The report: today, and over a period; without one the current quarter until today."""
        today, calendar = day_of(utc_now()), counting_calendar()
        first, last = _period(today) or _this_quarter(today)
        waiting = deadlines.waiting(person(), today, calendar)
        kept = deadlines.kept(first, last, today, calendar)
        return self.render(
            "desk/control/terms.html",
            today=today,
            first=first,
            last=last,
            waiting=[(one, road("application", one.edition).title_of(CaseRole(one.role))) for one in waiting],
            kept=[(one, deadlines.title_of(one.edition, one.term)) for one in kept],
            totals={state: sum(one.count(state) for one in waiting) for state in STATES},
            states=STATES,
            marks=MARKS,
            acts={edition: regulation.edition(edition).act for edition in EDITIONS},
            several=len({one.edition for one in waiting} | {one.edition for one in kept}) > 1,
        )

    @expose("/terms/cases")
    def term_cases(self) -> Answer:
        """The cases behind a figure of the report."""
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
            wanted=wanted,
            title=_title(wanted),
            count=source.count,
            lines=source.lines(start, ROWS_PER_PAGE),
            pages=Pages(page, last, lambda number: _address({**asked, "page": number if number > 1 else None})),
            asked=asked,
        )

    @expose("/terms/export.csv")
    def terms_csv(self) -> Answer:
        """The same cases as CSV."""
        titles = [title for _name, title in COLUMNS]
        text = csv_lines(chain([titles], ([harmless(_text(cell)) for cell in line] for line in _exported())))
        headers = {"Content-Disposition": f"attachment; filename={_file_name('csv')}"}
        return Response(stream_with_context(text), mimetype="text/csv", headers=headers)

    @expose("/terms/export.xlsx")
    def terms_xlsx(self) -> Answer:
        """The same cases as a workbook."""
        file = sheets.workbook("Сроки", COLUMNS, _exported(), WIDTHS)
        return send_file(file, mimetype=sheets.XLSX, as_attachment=True, download_name=_file_name("xlsx"))


def _address(values: dict[str, Any]) -> str:
    return url_for(".term_cases", **values)


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
    edition, term, role, state = (request.args.get(name, "") for name in ("edition", "term", "role", "state"))
    if edition and edition not in EDITIONS:
        abort(404)
    known = {one.name for name in ([edition] if edition else EDITIONS) for one in terms(name).terms}
    if (term and term not in known) or (role and role not in set(CaseRole)) or (state and state not in set(STATES)):
        abort(404)
    user_id = min(max(request.args.get("person", type=int, default=0), 0), LARGEST_ID - 1)
    return Wanted(edition, term, role, user_id, state, _period(day_of(utc_now())))


def _title(wanted: Wanted) -> str:
    """The heading of the list."""
    named = [one.title for name, one in deadlines.known() if one.name == wanted.term and wanted.edition in ("", name)]
    term = f": {named[0]}" if named else ""
    if wanted.period:
        first, last = wanted.period
        return f"Нарушенные сроки с {first:%d.%m.%Y} по {last:%d.%m.%Y}{term}"
    states = {"broken": "Сегодня срок нарушен", "last_day": "Последний день сегодня", "soon": "Срок скоро кончится"}
    return f"{states.get(wanted.state, 'Сроки нарушены и под угрозой сегодня')}{term}"


# --- What is found ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """Cases that were asked for: how many, and some of them from a place on."""

    count: int
    lines: Callable[[int, int], list[Line]]


def _source(wanted: Wanted, today: dt.date) -> Source:
    calendar = counting_calendar()
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


def _of_duties(duties: Iterable[Duty], today: dt.date) -> list[Line]:
    rows = list(duties)
    cases = _cases([row.application_id for row in rows])
    names = deadlines.names_of(row.user_id for row in rows)
    found = []
    for row in rows:
        case = cases[row.application_id]
        responsible = road("application", case.edition).title_of(CaseRole(row.role))
        term = terms(case.edition).term(row.term)
        # Those without a day were not asked for.
        ends = row.due_on or today
        name = names.get(row.user_id or 0, "")
        found.append(Line(case, case.edition, term, responsible, name, ends, None, (today - ends).days))
    return found


def _of_broken(broken: Sequence[deadlines.Broken], today: dt.date) -> list[Line]:
    cases = _cases([one.case for one in broken])
    names = deadlines.names_of(one.user for one in broken)
    return [
        Line(
            case=cases[one.case],
            edition=one.edition,
            term=one.term,
            responsible=deadlines.title_of(one.edition, one.term),
            name=names.get(one.user or 0, ""),
            ends=one.ends,
            met=one.met,
            late=((one.met or cases[one.case].closed_on or today) - one.ends).days,
        )
        for one in broken
    ]


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
