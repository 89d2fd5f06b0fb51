# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The first page of control: each part with how it stands, for whoever may open it."""

from collections.abc import Mapping
from typing import ClassVar

from flask import url_for
from flask_admin import expose

from ....models import Destruction, Inspection, utc_now
from ....procedure.terms import TermState
from ....site import seals
from ....site.cases.calendar import counting_calendar
from ....site.control import deadlines, records
from ....site.dates import day_of
from ....site.views.phrases import moment
from ...access import Permission, may
from ..base import Answer, person
from . import inspections, journal, retention, terms
from .inspections import InspectionPages
from .journal import SealPages
from .retention import RetentionPages
from .terms import TermPages


class ControlDesk(InspectionPages, TermPages, RetentionPages, SealPages):
    """Pages under `/admin/control/`."""

    permission = Permission.READ_CONTROL
    stricter: ClassVar[Mapping[str, Permission]] = {
        **dict.fromkeys(inspections.PAGES, Permission.INSPECT),
        **dict.fromkeys(terms.PAGES, Permission.WATCH_TERMS),
        **dict.fromkeys(retention.PAGES, Permission.DESTROY),
        **dict.fromkeys(journal.PAGES, Permission.VERIFY_JOURNAL),
    }

    @expose("/")
    def index(self) -> Answer:
        """What there is to control, and how it stands."""
        user = person()
        cards = [
            (title, url_for(f".{page}"), words, told())
            for permission, page, title, words, told in (
                (Permission.INSPECT, "inspections", "Проверки дел", "Выборка за квартал, внеплановые, акты", _inspections),
                (Permission.WATCH_TERMS, "terms", "Сроки", "Нарушенные и под угрозой, сегодня и за период", _terms),
                (Permission.DESTROY, "retention", "Сроки хранения", "Что и когда можно уничтожить, акты", _retention),
                (Permission.VERIFY_JOURNAL, "seals", "Целостность журнала", "Цепочка записей, её голова, проверка", _journal),
            )
            if may(user, permission)
        ]
        return self.render("desk/control/index.html", cards=cards)


def _inspections() -> str:
    going = Inspection.select().where(Inspection.closed_at.is_null()).count()
    return f"Идёт проверок: {going}" if going else "Сейчас проверок нет"


def _terms() -> str:
    asked = person(), day_of(utc_now()), counting_calendar()
    waiting = deadlines.waiting(*asked) + records.waiting(*asked)
    broken = sum(one.counts[TermState.BROKEN] for one in waiting)
    last = sum(one.counts[TermState.LAST_DAY] for one in waiting)
    return f"Сегодня нарушено: {broken}, последний день: {last}"


def _retention() -> str:
    listed = Destruction.select().where(Destruction.state.in_(["prepared", "confirmed"])).count()
    return "Есть неисполненный список" if listed else "Списков, которые ждут, нет"


def _journal() -> str:
    last = seals.last_check()
    if last is None:
        return "Ещё не проверялся"
    return f"{'Нарушена' if last.finding else 'Цела'}, проверено {moment(last.at)}"
