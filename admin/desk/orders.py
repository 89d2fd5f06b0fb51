# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Распоряжения»: the list, the page of an order, its steps, its rows, the import of rows."""

import math
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, jsonify, redirect, request, send_file, url_for
from flask_admin import expose
from flask_wtf import FlaskForm
from markupsafe import Markup
from peewee import JOIN, fn

from ...models import Correction, Endorsement, Job, Order, OrderSignature, Ruling, User, utc_now
from ...procedure.refusal import Refusal
from ...procedure.road import Move, road
from ...procedure.words import OrderKind
from ...site import amendments as amended
from ...site import files, journal, order_terms
from ...site.cases.calendar import counting_calendar
from ...site.dates import CITY, day_of
from ...site.views.layout import parts
from ...site.views.paging import NoSuchPage, Pages, page_number
from ..access import Permission, may, may_move
from ..acts import amendments, approval, comparison, order_facts, publication, signatures
from ..acts import orders as acts
from . import forms, order_waiting
from .base import (
    ROWS_PER_PAGE,
    Answer,
    Choice,
    ListDesk,
    Query,
    Wanted,
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
from .cases.due import badge
from .drafting import DraftingPages, last_signatory, with_rows
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


def statuses() -> Iterable[tuple[str, str]]:
    """Statuses with the number of orders in each; one query."""
    counts = status_counts()
    return [(name, f"{title} ({counts.get(name, 0)})") for name, title in road("order").statuses.items()]


# Facts that the page of an order asks about itself.
CHAINED, COMPARED = "chained", "matches_minutes"
# Facts that a person makes true while taking the step: the page does not call them missing.
GIVEN_AT_THE_STEP = {"number_given", "date_given"}


def _publish(order: Order, _form: FlaskForm, by: User) -> Order:
    """Publish, but not for good without the very file whose hash stands in the order."""
    if order.pdf_sha256 and not files.verify(parts().settings.files_dir, order.pdf_sha256):
        raise Refusal(
            "Файла PDF нет в хранилище, или он повреждён. Сообщите администратору; затем снимите регистрацию и зарегистрируйте"
            " снова: файл будет изготовлен заново."
        )
    return acts.publish(order, by=by, on=utc_now(), edition=parts().settings.procedure)


def _withdraw(order: Order, form: forms.WithdrawForm, by: User) -> Order:
    """Take the order off the site."""
    reason = form.reason.data or ""
    return amendments.withdraw(order, reason=reason, by=by, on=utc_now(), edition=parts().settings.procedure)


def _send(order: Order, form: FlaskForm, by: User) -> Order:
    """Send for approval to the people that were chosen."""
    chosen = {step.name: User.get_or_none(User.id == int(form[step.name].data or 0)) for step in order_facts.chain(order)}
    return approval.send(order, {name: user for name, user in chosen.items() if user}, by=by, on=utc_now())


def _sign(order: Order, form: forms.SignForm, by: User) -> Order:
    """Mark the signature, with its file if one came."""
    typed, sent, file = form.certificate(), request.files.get("file"), None
    if sent and sent.filename:
        file = signatures.keep(parts().settings.files_dir, sent.read(), sent.filename)
    certificate = signatures.chosen(typed, file)
    return acts.sign(order, signed_on=form.signed_on.data, by=by, on=utc_now(), certificate=certificate, file=file)


def _asked(order: Order) -> FlaskForm:
    """The form that asks whom to send a draft to."""
    steps = [(step, approval.candidates(step)) for step in order_facts.chain(order)]
    return forms.send_form(steps, approval.usual([step.name for step, _people in steps]))


# How each step is asked for and taken.
STEPS: dict[str, tuple[Callable[[Order], FlaskForm], Callable[[Order, Any, User], Order]]] = {
    "send_for_approval": (_asked, _send),
    "approve": (
        lambda _order: forms.ConfirmForm(),
        lambda order, form, by: approval.approve(order, by=by, on=utc_now()),
    ),
    "return_for_revision": (
        lambda _order: forms.RemarkForm(),
        lambda order, form, by: approval.return_for_revision(order, remark=form.remark.data or "", by=by, on=utc_now()),
    ),
    "sign": (lambda _order: forms.SignForm(), _sign),
    "return_to_draft": (
        lambda _order: forms.ReasonForm(),
        lambda order, form, by: acts.return_to_draft(order, reason=form.reason.data, by=by, on=utc_now()),
    ),
    "register": (
        lambda _order: forms.RegisterForm(),
        lambda order, form, by: acts.register(
            order, number=form.number.data, registered_on=form.registered_on.data, by=by, on=utc_now()
        ),
    ),
    "unregister": (
        lambda _order: forms.ReasonForm(),
        lambda order, form, by: acts.unregister(order, reason=form.reason.data, by=by, on=utc_now()),
    ),
    "publish": (lambda _order: forms.ConfirmForm(), _publish),
    "withdraw": (lambda _order: forms.WithdrawForm(), _withdraw),
}


class OrderDesk(DraftingPages, RowPages, UploadPages, ListDesk):
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
            "draft",
            "align",
            "amend",
            "renew",
        ),
        Permission.WRITE_ORDERS,
    )
    model_class = Order
    heading = "Распоряжения"
    list_template = "desk/orders.html"
    can_export = True
    search_label = "Номер, заголовок или фамилия"
    nothing = "Ни одного распоряжения не нашлось."
    column_list = ("title", "number", "registered_on", "status", "due", "kind", "rows")
    column_labels = {"rows": "Строк", "due": "Срок"}  # noqa: RUF012
    sortable = ("title", "registered_on")
    cells = {  # noqa: RUF012
        "title": lambda order: _titled(order),
        "status": lambda order: _standing(order),
        "due": lambda order: badge(order.due),
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

    def read(self, query: Query) -> list[Any]:
        """The orders with the nearest term of each, and with the step of approval that waits."""
        orders, today, calendar = list(query), day_of(utc_now()), counting_calendar()
        steps = {step.order.id: step for step in order_waiting.steps()}
        for order in orders:
            running = order_terms.deadlines(order, today, calendar)
            order.due = order_waiting.due_of(running[0]) if running else None
            order.step = steps.get(order.id)
        return orders

    def more(self, query: Query, wanted: Wanted) -> dict[str, Any]:
        """Sittings whose decisions stand in no order yet, for whoever drafts them."""
        writes = may(person(), Permission.WRITE_ORDERS)
        return {"undrafted": order_waiting.undrafted(day_of(utc_now()), counting_calendar()) if writes else ()}

    def matching(self, query: Query, word: str) -> Query:
        word = word.removeprefix("№")
        named = Ruling.select(Ruling.id).where(Ruling.order == Order.id, Ruling.surname.startswith(word))
        return query.where(Order.number.contains(word) | Order.title.contains(word) | fn.EXISTS(named))

    # The order itself

    @expose("/new/", methods=("GET", "POST"))
    def new(self) -> Answer:
        """A new draft."""
        form = forms.OrderForm(data=last_signatory())
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
        if order.sitting_id or order.amends_id:  # the kind follows from what the draft was made of
            del form.kind
        if request.method == "GET":
            return self.render("desk/order_form.html", form=form, order=order, newer=None)
        if not invalid(form):
            change = {"kind": OrderKind(order.kind), **_requisites(form), "by": person(), "on": utc_now()}
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

    @expose(f"/<int:id>/<any({','.join(STEPS)}):verb>/", methods=("GET", "POST"))
    def move(self, id: int, verb: str) -> Answer:
        """One step of the road: what it means, what it needs, the button."""
        if not may_move(person(), verb):
            abort(403)
        order = found(Order, id)
        move = road("order").move(verb)
        form = STEPS[verb][0](order)
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

    @expose("/<int:id>/renew/", methods=("POST",))
    def renew(self, id: int) -> Answer:
        """Rows of an amending draft that do not stand any more are taken anew."""
        order = found(Order, id)
        if not done(lambda: amendments.renew(acts.as_seen(order, seen_version()), by=person(), on=utc_now())):
            return self._page(found(Order, id)), 409
        flash("Строки взяты заново: внесите в них исправления.", "success")
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

    @expose("/<int:id>/signatures/<int:mark>.sig")
    def signature(self, id: int, mark: int) -> Answer:
        """The file of a mark of signature, also of one that no longer counts."""
        order, one = found(Order, id), found(OrderSignature, mark)
        if one.order_id != order.id or not one.sha256:
            abort(404)
        path = files.path_of(parts().settings.files_dir, one.sha256, files.SIGNATURE)
        if not path.exists():
            abort(404, "Файла подписи нет в хранилище: сообщите администратору.")
        return send_file(
            path, mimetype=files.SIGNATURE_TYPE, as_attachment=True, download_name=one.file_name, conditional=False
        )

    # Shared by the pages above

    def _page(self, order: Order) -> str:
        user = person()
        words = " ".join(request.args.get("q", "").replace("\0", "").split())[:200]
        former = Ruling.alias("former")
        rows = Ruling.select(Ruling, former).join(former, JOIN.LEFT_OUTER, on=Ruling.amends, attr="amends")
        rows = rows.where(Ruling.order == order).order_by(Ruling.number)
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
        whole, calendar, chain = road("order"), counting_calendar(), order_facts.chain(order)
        # Steps ahead stand before steps back.
        moves = sorted(whole.open_moves(order.status, user.role_set()), key=lambda move: move.aside)
        facts = order_facts.observe(order, user, {need for move in moves for need in move.needs}) | GIVEN_AT_THE_STEP
        under_way = order.status not in whole.public
        compared = any(order.status in move.sources and COMPARED in move.needs for move in whole.moves)
        return self.render(
            "desk/order.html",
            order=order,
            statuses=[(status.name, status.title) for status in whole.states if _passed(status.name, order)],
            steps=[(move, whole.missing(move, facts)) for move in moves if chain or CHAINED not in move.needs],
            amending=amended.amending(order),
            answered=list(order.answers.order_by(Correction.id)) if order.amends_id else [],
            changed={} if under_way else amended.changed_rows(order),
            replaced=amended.replaced_rows(order) if order.amends_id else {},
            unchanged=amended.unchanged_rows(order) if order.amends_id and under_way else [],
            overtaken=amended.overtaken_rows(order) if order.amends_id and under_way else [],
            differences=comparison.of_order(order) if compared else (),
            compared=compared and order.sitting_id is not None,
            deadlines=[order_waiting.due_of(one) for one in order_terms.deadlines(order, day_of(utc_now()), calendar)],
            late=order_terms.late(order, calendar),
            approvals=_approvals(order),
            titles={step.name: step.title for step in whole.approvals},
            signatures=list(order.signatures.order_by(OrderSignature.id.desc())),
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
        facts = order_facts.observe(order, person(), move.needs) | GIVEN_AT_THE_STEP
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
    told = {name: form[name].data or "" for name in ("title", "basis", "signatory_position", "signatory_name")}
    return told | ({"kind": OrderKind(form.kind.data)} if form.kind else {})


def _titled(order: Order) -> Markup:
    """The title as a link; drafts have the same, so they are told apart by their sittings."""
    shown = link(order.title, url_for("office_orders.order", id=order.id))
    return shown if order.number or not order.sitting_id else shown + f", заседание {order.sitting.held_on:%d.%m.%Y}"


def _standing(order: Any) -> str:
    """Where an order stands; a draft that is being approved, at whom and since when."""
    title = road("order").statuses[order.status]
    step: order_waiting.Step | None = order.step
    if step:
        return f"{title}: {step.person.full_name}, с {step.since.astimezone(CITY):%d.%m.%Y}"
    approved = order.status in road("order").move("approve").sources
    return f"{title}: все согласовали, можно подписывать" if approved else title


def _passed(status: str, order: Order) -> bool:
    """Whether the road of this order leads through a status: approval only where it is asked for."""
    if status in {order.status, acts.BEGINNING}:
        return True
    makers = [move for move in road("order").moves if move.target == status]
    return any(not move.aside and (order_facts.chain(order) or CHAINED not in move.needs) for move in makers)


def _approvals(order: Order) -> list[Endorsement]:
    """All steps of all rounds of the approval, the newest round first; one query."""
    asked = Endorsement.select(Endorsement, User).join(User).where(Endorsement.order == order)
    return list(asked.order_by(Endorsement.round.desc(), Endorsement.place))


def _rows_address(order: Order, words: str, page: int) -> str:
    asked = {name: value for name, value in (("q", words), ("page", str(page) if page > 1 else "")) if value}
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{url_for('office_orders.order', id=order.id)}{query}#rows"
