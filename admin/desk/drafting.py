# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Drafts made of something: of the decisions of a sitting, split into orders; of rows of a published order, to be put right."""

from flask import flash, redirect, request, url_for
from flask_admin import expose
from peewee import JOIN, fn

from ...models import Order, Ruling, Sitting, utc_now
from ...procedure.road import road
from ...site.views.acting import attempt
from ...site.views.layout import parts
from ..acts import amendments, comparison, drafting
from ..acts import orders as acts
from ..acts.commission.moves import as_seen
from ..acts.drafting import Split
from . import forms
from .base import Answer, Desk, Query, done, found, invalid, person, refused_status, seen_version, to_order

PREVIEWED = 10


class DraftingPages(Desk):
    """Pages of the desk «Распоряжения» for drafts that come from minutes or change what is published."""

    @expose("/sitting/<int:id>/", methods=("GET", "POST"))
    def draft(self, id: int) -> Answer:
        """What orders the decisions of a sitting would make, and the button that drafts them."""
        sitting = found(Sitting, id)
        rule = rule_of_the_office()
        asked = {"by_category": rule.by_category, "most_rows": str(rule.most_rows or "")}
        if "otherwise" in request.args:
            asked = {"by_category": "by_category" in request.args, "most_rows": request.args.get("most_rows", "")}
        form = forms.DraftingForm(data={**last_signatory(), **asked})
        if request.method == "GET":
            return self._draft_page(sitting, form)
        made = None
        if not invalid(form):
            made = attempt(
                lambda: drafting.draft(
                    as_seen(sitting, seen_version()),
                    form.split(),
                    signatory_position=form.signatory_position.data or "",
                    signatory_name=form.signatory_name.data or "",
                    by=person(),
                    on=utc_now(),
                )
            )
        if not made:
            return self._draft_page(found(Sitting, id), form), refused_status(form)
        flash(f"Подготовлено проектов: {len(made)}. Строки внесены из протокола.", "success")
        return to_order(made[0]) if len(made) == 1 else redirect(url_for(".index_view", status=acts.BEGINNING))

    @expose("/<int:id>/align/", methods=("GET", "POST"))
    def align(self, id: int) -> Answer:
        """Bring the rows of a draft to the minutes, after a question."""
        order = found(Order, id)
        if request.method == "POST" and done(
            lambda: drafting.align(acts.as_seen(order, seen_version()), by=person(), on=utc_now())
        ):
            flash("Строки приведены к протоколу.", "success")
            return to_order(order)
        order = found(Order, id)
        page = self.render(
            "desk/align.html",
            form=forms.ConfirmForm(),
            order=order,
            differences=comparison.of_order(order),
            changeable=order.status == acts.BEGINNING and order.sitting_id is not None,
        )
        return page, 409 if request.method == "POST" else 200

    @expose("/<int:id>/amend/", methods=("GET", "POST"))
    def amend(self, id: int) -> Answer:
        """Which rows of a published order are wrong; the draft that repeats them."""
        order, form = found(Order, id), forms.AmendForm()
        drafted = None
        if request.method == "POST" and not invalid(form):
            basis = form.basis.data or ""
            drafted = attempt(lambda: amendments.draft(order, form.lines.numbers, basis=basis, by=person(), on=utc_now()))
        if drafted:
            flash("Проект подготовлен: исправьте в нём строки.", "success")
            return to_order(drafted)
        page = self.render("desk/amend.html", order=order, form=form)
        return page, refused_status(form) if request.method == "POST" else 200

    def _draft_page(self, sitting: Sitting, form: forms.DraftingForm) -> str:
        minutes = comparison.in_force(sitting)
        free = drafting.free(minutes) if minutes else []
        split = form.split()
        return self.render(
            "desk/draft.html",
            sitting=sitting,
            minutes=minutes,
            form=form,
            basis=drafting.basis(sitting),
            title=drafting.TITLE,
            split=split,
            rule=rule_of_the_office(),
            portions=drafting.portions(free, split),
            orders=list(with_rows().where(Order.sitting == sitting).order_by(Order.id)),
            statuses=road("order").statuses,
            shown=PREVIEWED,
            person_of=comparison.person,
        )


def with_rows() -> Query:
    """Orders with their sittings and the number of their rows as `rows`."""
    rows = Ruling.select(fn.COUNT(Ruling.id)).where(Ruling.order == Order.id)
    return Order.select(Order, Sitting, rows.alias("rows")).join(Sitting, JOIN.LEFT_OUTER)


def rule_of_the_office() -> Split:
    """How this office splits decisions into orders, unless somebody chooses otherwise for one sitting."""
    settings = parts().settings
    return Split(settings.orders_by_category, settings.order_rows)


def last_signatory() -> dict[str, str]:
    """Who signed the newest order signs the next one, most likely."""
    last = Order.select().order_by(Order.id.desc()).first()
    return {"signatory_position": last.signatory_position, "signatory_name": last.signatory_name} if last else {}
