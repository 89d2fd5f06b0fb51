# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Сегодня»: what the person has to do in cases now, by term, red before a term is broken."""

import math

from flask import abort, request, url_for
from flask_admin import expose

from ....models import utc_now
from ....site.dates import day_of
from ....site.views.layout import parts
from ....site.views.paging import NoSuchPage, Pages, page_number
from ...access import Permission
from ..base import ROWS_PER_PAGE, Answer, Desk, person
from ..commission.waiting import waiting as waiting_sittings
from ..complaints.waiting import waiting
from ..corrections import waiting as waiting_corrections
from ..order_waiting import waiting as waiting_orders
from ..outgoing import waiting as waiting_outgoing
from .agenda import agenda


class TodayDesk(Desk):
    """Duties, the most pressing first."""

    permission = Permission.READ_TODAY

    @expose("/")
    def index(self) -> Answer:
        """What is to be done."""
        verb = request.args.get("do", "")
        try:
            page = page_number(request.args.get("page", ""))
        except NoSuchPage:
            abort(404, "Номер страницы в адресе неверен: откройте первую страницу списка.")
        found = agenda(person(), day_of(utc_now()), parts().settings.procedure, verb=verb, page=page, size=ROWS_PER_PAGE)
        last = max(math.ceil(found.listed / ROWS_PER_PAGE), 1)
        if page > last:
            abort(404, "Такой страницы в списке нет: откройте первую.")
        pages = Pages(page, last, lambda number: url_for(".index", do=verb or None, page=number if number > 1 else None))
        today = day_of(utc_now())
        complaints = waiting(person(), today, ROWS_PER_PAGE)
        sittings = waiting_sittings(person(), today, parts().settings.procedure)
        return self.render(
            "desk/cases/today.html",
            agenda=found,
            verb=verb,
            pages=pages,
            today=today,
            complaints=complaints,
            corrections=waiting_corrections(person(), today, ROWS_PER_PAGE),
            sittings=sittings,
            orders=waiting_orders(person(), today),
            outgoing=waiting_outgoing(person(), today),
        )
