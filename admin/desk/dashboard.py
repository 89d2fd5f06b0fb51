# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The first page of the office: what waits for the person who looks at it."""

from flask_admin import expose

from ...models import Order, utc_now
from ...procedure.road import road
from ...site.dates import day_of
from ...site.views.layout import parts
from ..access import Permission, may
from .base import Answer, Desk, person
from .cases.agenda import agenda
from .complaints.waiting import waiting as waiting_complaints
from .content.waiting import waiting as waiting_materials
from .corrections import waiting as waiting_corrections
from .drafting import with_rows
from .order_waiting import waiting as waiting_orders
from .orders import status_counts
from .progress import jobs_of, progress_of

SHOWN = 10


class Dashboard(Desk):
    """What is to be done in cases; orders on their way, each with what is next; what waits among the materials of the site."""

    @expose("/")
    def index(self) -> Answer:
        """What waits."""
        user = person()
        edition, today = parts().settings.procedure, day_of(utc_now())
        cases = agenda(user, today, edition, size=SHOWN) if may(user, Permission.READ_CASES) else None
        asked = {"complaints": waiting_complaints(user, today, SHOWN), "corrections": waiting_corrections(user, today, SHOWN)}
        if not may(user, Permission.READ_ORDERS):
            return self.render("desk/dashboard.html", waiting=(), materials=None, cases=cases, **asked)
        on_the_way = [status.name for status in road("order").states if not status.public]
        counts = status_counts()
        waiting = [
            (
                status,
                counts.get(status, 0),
                list(with_rows().where(Order.status == status).order_by(Order.id.desc()).limit(SHOWN)),
            )
            for status in on_the_way
        ]
        registered = [order for status, _count, orders in waiting if status == "registered" for order in orders]
        return self.render(
            "desk/dashboard.html",
            waiting=waiting,
            published=counts.get("published", 0),
            progress_of=progress_of,
            jobs=jobs_of("order_pdf", [order.id for order in registered]),
            materials=waiting_materials(user, utc_now()),
            cases=cases,
            orders=waiting_orders(user, today),
            **asked,
        )
