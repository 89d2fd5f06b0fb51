# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Распоряжения»: the list, the page of an order, its steps, its rows, the import of rows."""

import math
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, jsonify, redirect, request, send_file, url_for
from flask_admin import expose
from flask_wtf import FlaskForm
from peewee import fn

from ...models import Job, Order, Ruling, User, utc_now
from ...procedure.refusal import Refusal
from ...procedure.road import Move, road
from ...procedure.words import OrderKind
from ...site import files, journal
from ...site.views.layout import parts
from ...site.views.paging import NoSuchPage, Pages, page_number
from ..access import Permission, may_move
from ..acts import amendments, publication
from ..acts import orders as acts
from . import forms
from .base import (
    ROWS_PER_PAGE,
    Answer,
    Choice,
    ListDesk,
    Query,
    attempt,
    done,
    found,
    invalid,
    link,
    person,
    refused_status,
    seen_version,
    to_order,
)
from .progress import progress_of
from .rows import RowPages
from .uploads import UploadPages


def years() -> Iterable[tuple[str, str]]:
    """Years of registered orders, newest first; one query."""
    present = Order.select(Order.year).where(Order.year.is_null(False)).distinct().order_by(Order.year.desc())
    return [(str(order.year), str(order.year)) for order in present]


def status_counts() -> dict[str, int]:
    """How many orders stand in each status; one query."""
    counted: Any = Order.select(Order.status, fn.COUNT(Order.id)).group_by(Order.status).tuples()
    return dict(counted)


def with_rows() -> Query:
    """Orders with the number of their rows as `rows`."""
    rows = Ruling.select(fn.COUNT(Ruling.id)).where(Ruling.order == Order.id)
    return Order.select(Order, rows.alias("rows"))


def statuses() -> Iterable[tuple[str, str]]:
    """Statuses with the number of orders in each; one query."""
    counts = status_counts()
    return [(name, f"{title} ({counts.get(name, 0)})") for name, title in road("order").statuses.items()]


# Facts that a person makes true while taking the step: the page does not call them missing.
GIVEN_AT_THE_STEP = {"number_given", "date_given"}


def _publish(order: Order, _form: FlaskForm, by: User) -> Order:
    """Publish, but not for good without the very file whose hash stands in the order."""
    if order.pdf_sha256 and not files.verify(parts().settings.files_dir, order.pdf_sha256):
        raise Refusal(
            "Файла PDF нет в хранилище, или он повреждён. Сообщите администратору; затем снимите регистрацию и зарегистрируйте"
            " снова: файл будет изготовлен заново."
        )
    return acts.publish(order, by=by, on=utc_now())


# How each step is asked for and taken.
STEPS: dict[str, tuple[type[FlaskForm], Callable[[Order, Any, User], Order]]] = {
    "sign": (
        forms.SignForm,
        lambda order, form, by: acts.sign(order, signed_on=form.signed_on.data, by=by, on=utc_now()),
    ),
    "return_to_draft": (
        forms.ReasonForm,
        lambda order, form, by: acts.return_to_draft(order, reason=form.reason.data, by=by, on=utc_now()),
    ),
    "register": (
        forms.RegisterForm,
        lambda order, form, by: acts.register(
            order, number=form.number.data, registered_on=form.registered_on.data, by=by, on=utc_now()
        ),
    ),
    "unregister": (
        forms.ReasonForm,
        lambda order, form, by: acts.unregister(order, reason=form.reason.data, by=by, on=utc_now()),
    ),
    "publish": (forms.ConfirmForm, _publish),
    "withdraw": (
        forms.ReasonForm,
        lambda order, form, by: amendments.withdraw(order, reason=form.reason.data, by=by, on=utc_now()),
    ),
}


class OrderDesk(RowPages, UploadPages, ListDesk):
    """Orders, newest first."""

    permission = Permission.READ_ORDERS
    stricter = dict.fromkeys(
        (
            "new",
            "edit",
            "delete",
            "add_row",
            "edit_row",
            "remove_row",
            "upload",
            "uploaded",
            "sample",
            "request_pdf",
            "retry_step",
        ),
        Permission.WRITE_ORDERS,
    )
    model_class = Order
    heading = "Распоряжения"
    list_template = "desk/orders.html"
    can_export = True
    search_label = "Номер, заголовок или фамилия"
    nothing = "Ни одного распоряжения не нашлось."
    column_list = ("title", "number", "registered_on", "status", "kind", "rows")
    column_labels = {"rows": "Строк"}  # noqa: RUF012
    sortable = ("title", "registered_on")
    cells = {  # noqa: RUF012
        "title": lambda order: link(order.title, url_for("office_orders.order", id=order.id)),
        "status": lambda order: road("order").statuses[order.status],
        "kind": lambda order: OrderKind(order.kind).label,
    }
    choices = (
        Choice("status", "Состояние", statuses, lambda query, status: query.where(Order.status == status)),
        Choice(
            "kind",
            "Вид",
            lambda: [(kind.value, kind.label) for kind in OrderKind],
            lambda query, kind: query.where(Order.kind == kind),
        ),
        Choice("year", "Год", years, lambda query, year: query.where(Order.year == int(year))),
    )

    def get_query(self) -> Query:
        return with_rows()

    def matching(self, query: Query, word: str) -> Query:
        word = word.removeprefix("№")
        named = Ruling.select(Ruling.id).where(Ruling.order == Order.id, Ruling.surname.startswith(word))
        return query.where(Order.number.contains(word) | Order.title.contains(word) | fn.EXISTS(named))

    # The order itself

    @expose("/new/", methods=("GET", "POST"))
    def new(self) -> Answer:
        """A new draft."""
        form = forms.OrderForm(data=_last_signatory())
        if request.method == "GET":
            return self.render("desk/order_form.html", form=form, order=None)
        if not invalid(form):
            order = attempt(lambda: acts.create(**_requisites(form), by=person(), on=utc_now()))
            if order:
                flash("Проект создан. Добавьте строки приложения.", "success")
                return to_order(order)
        return self.render("desk/order_form.html", form=form, order=None), refused_status(form)

    @expose("/<int:id>/")
    def order(self, id: int) -> Answer:
        """The page of an order: what it says, where it stands, what is next, its rows, its history."""
        order = found(Order, id)
        return self._page(order)

    @expose("/<int:id>/edit/", methods=("GET", "POST"))
    def edit(self, id: int) -> Answer:
        """Requisites of a draft."""
        order = found(Order, id)
        form = forms.OrderForm(obj=order)
        if request.method == "GET":
            return self.render("desk/order_form.html", form=form, order=order, newer=None)
        if not invalid(form):
            change = {**_requisites(form), "by": person(), "on": utc_now()}
            if done(lambda: acts.edit(acts.as_seen(order, seen_version()), **change)):
                flash("Реквизиты сохранены.", "success")
                return to_order(order)
        newer = found(Order, id)
        overtaken = newer.version != seen_version()
        return self.render("desk/order_form.html", form=form, order=newer, newer=overtaken), refused_status(form)

    @expose("/<int:id>/delete/", methods=("GET", "POST"))
    def delete(self, id: int) -> Answer:
        """Delete a draft, after a question."""
        order = found(Order, id)
        if request.method == "POST" and done(
            lambda: acts.delete(acts.as_seen(order, seen_version()), by=person(), on=utc_now())
        ):
            flash("Проект удалён.", "success")
            return redirect(url_for(".index_view"))
        order = found(Order, id)
        page = self.render(
            "desk/delete.html",
            form=forms.ConfirmForm(),
            order=order,
            rows=order.rulings.count(),
            changeable=order.status == acts.BEGINNING,
        )
        return page, 409 if request.method == "POST" else 200

    # Its steps

    @expose("/<int:id>/<any(sign,return_to_draft,register,unregister,publish):verb>/", methods=("GET", "POST"))
    def move(self, id: int, verb: str) -> Answer:
        """One step of the road: what it means, what it needs, the button."""
        if not may_move(person(), verb):
            abort(403)
        order = found(Order, id)
        move = road("order").move(verb)
        form = STEPS[verb][0]()
        if request.method == "POST" and not invalid(form):
            act = STEPS[verb][1]
            if done(lambda: act(acts.as_seen(order, seen_version()), form, person())):
                flash(move.done, "success")
                return to_order(order)
        status = refused_status(form) if request.method == "POST" else 200
        return self._step(found(Order, id), move, form), status

    @expose("/<int:id>/pdf/", methods=("POST",))
    def request_pdf(self, id: int) -> Answer:
        """Have the PDF made again."""
        order = found(Order, id)
        if not done(lambda: acts.request_pdf(order, by=person(), on=utc_now())):
            return self._page(found(Order, id)), 409
        flash("PDF поставлен в очередь на изготовление.", "success")
        return to_order(order)

    @expose("/<int:id>/steps/<step>/", methods=("POST",))
    def retry_step(self, id: int, step: str) -> Answer:
        """Have a step of the publication begun again."""
        order = found(Order, id)
        if step not in publication.STEPS:
            abort(404)
        if not done(lambda: publication.retry(order, step, by=person(), on=utc_now())):
            return self._page(found(Order, id)), 409
        flash("Шаг поставлен в очередь.", "success")
        return to_order(order)

    @expose("/<int:id>/progress")
    def progress(self, id: int) -> Answer:
        """How the making of the PDF goes, for the page's script."""
        order = found(Order, id)
        now = progress_of(order, Job.latest("order_pdf", order.id))
        return jsonify(state=now.state, sentence=now.sentence, done=now.done, total=now.total, moving=now.moving)

    @expose("/<int:id>/order.pdf")
    def pdf(self, id: int) -> Answer:
        """The finished PDF, to the staff, published or not."""
        order = found(Order, id)
        if not order.pdf_sha256:
            abort(404, "PDF этого распоряжения ещё не изготовлен.")
        path = files.path_of(parts().settings.files_dir, order.pdf_sha256)
        if not path.exists():
            abort(404, "Файла PDF нет в хранилище: сообщите администратору.")
        return send_file(path, mimetype="application/pdf", download_name=f"{order.year}-{order.number}.pdf", conditional=False)

    # Shared by the pages above

    def _page(self, order: Order) -> str:
        user = person()
        words = " ".join(request.args.get("q", "").replace("\0", "").split())[:200]
        rows = Ruling.select().where(Ruling.order == order).order_by(Ruling.number)
        total = rows.count()
        for word in words.split():
            rows = rows.where(Ruling.surname.startswith(word) | Ruling.name.startswith(word))
        matched = rows.count() if words else total
        last = max(math.ceil(matched / ROWS_PER_PAGE), 1)
        try:
            page = page_number(request.args.get("page", ""))
        except NoSuchPage:
            page = last + 1
        if page > last:
            abort(404, "Такой страницы в списке строк нет: откройте первую.")
        # Steps ahead stand before steps back.
        moves = sorted(road("order").open_moves(order.status, user.role_set()), key=lambda move: move.reason)
        facts = order.observe()
        return self.render(
            "desk/order.html",
            order=order,
            statuses=list(road("order").statuses.items()),
            steps=[(move, road("order").missing(move, facts | GIVEN_AT_THE_STEP)) for move in moves],
            changeable=order.status == acts.BEGINNING,
            progress=progress_of(order, Job.latest("order_pdf", order.id)),
            rows=list(rows.limit(ROWS_PER_PAGE).offset((page - 1) * ROWS_PER_PAGE)),
            total=total,
            matched=matched,
            refused=Ruling.select().where(Ruling.order == order, ~Ruling.established).count(),
            words=words,
            pages=Pages(page, last, lambda number: _rows_address(order, words, number)),
            publication=publication.shown(order),
            history_entries=list(journal.history("order", order.id)),
            verbs=journal.VERBS,
            kind=OrderKind(order.kind).label,
            form=forms.ConfirmForm(),
        )

    def _step(self, order: Order, move: Move, form: FlaskForm) -> str:
        facts = order.observe() | GIVEN_AT_THE_STEP
        closed = order.status not in move.sources
        return self.render(
            "desk/step.html",
            order=order,
            move=move,
            form=form,
            closed=road("order").statuses[order.status] if closed else "",
            missing=road("order").missing(move, facts),
            rows=order.rulings.count(),
            progress=progress_of(order, Job.latest("order_pdf", order.id)),
        )


def _requisites(form: forms.OrderForm) -> dict[str, Any]:
    return {name: form[name].data or "" for name in ("title", "basis", "signatory_position", "signatory_name")} | {
        "kind": OrderKind(form.kind.data)
    }


def _last_signatory() -> dict[str, str]:
    """Who signed the newest order signs the next one, most likely."""
    last = Order.select().order_by(Order.id.desc()).first()
    return {"signatory_position": last.signatory_position, "signatory_name": last.signatory_name} if last else {}


def _rows_address(order: Order, words: str, page: int) -> str:
    asked = {name: value for name, value in (("q", words), ("page", str(page) if page > 1 else "")) if value}
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{url_for('office_orders.order', id=order.id)}{query}#rows"
