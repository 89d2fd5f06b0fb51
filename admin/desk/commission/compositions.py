# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Комиссия»: compositions by numbered order, their members, what is wrong with them."""

from collections.abc import Mapping
from itertools import groupby
from typing import ClassVar

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from ....models import Commission, Member, User, UserRole, utc_now
from ....procedure.words import Seat
from ....site import journal
from ....site.dates import day_of
from ...access import Permission
from ...acts.commission import compositions as acts
from ..base import LARGEST_ID, Answer, Desk, attempt, done, found, invalid, person, refused_status, seen_version
from . import forms

NEW = ("new", "copy", "members", "member", "remove", "end", "order")


class CommissionDesk(Desk):
    """Compositions, the newest first."""

    permission = Permission.READ_SITTINGS
    stricter: ClassVar[Mapping[str, Permission]] = dict.fromkeys(NEW, Permission.KEEP_SITTINGS)

    def is_visible(self) -> bool:
        """Not in the menu: the list of sittings leads here."""
        return False

    @expose("/")
    def index(self) -> Answer:
        """All compositions, and what is wrong with them together."""
        whole, today = acts.everyone(), day_of(utc_now())
        return self.render(
            "desk/commission/compositions.html",
            compositions=[(one, acts.wanting(list(one.members))) for one in whole],
            warnings=acts.clashes(whole),
            now=acts.of_day(today, whole),
            today=today,
        )

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> Answer:
        """A composition by a new order."""
        form = forms.OrderForm()
        if request.method == "POST" and not invalid(form):
            made = attempt(lambda: acts.create(form.order(), by=person(), on=utc_now()))
            if made:
                flash("Состав внесён. Теперь добавьте членов комиссии.", "success")
                return redirect(url_for(".composition", id=made.id))
        page = self.render("desk/commission/order.html", form=form, former=None)
        return page, refused_status(form) if request.method == "POST" else 200

    @expose("/<int:id>/copy", methods=("GET", "POST"))
    def copy(self, id: int) -> Answer:
        """A composition with the members of this one, by a new order."""
        former, form = found(Commission, id), forms.OrderForm()
        if request.method == "POST" and not invalid(form):
            made = attempt(lambda: acts.copy(former, form.order(), by=person(), on=utc_now()))
            if made:
                flash("Состав скопирован. Проверьте членов комиссии.", "success")
                return redirect(url_for(".composition", id=made.id))
        page = self.render("desk/commission/order.html", form=form, former=former)
        return page, refused_status(form) if request.method == "POST" else 200

    @expose("/<int:id>/")
    def composition(self, id: int) -> Answer:
        """A composition with its members."""
        return self._page(found(Commission, id))

    @expose("/<int:id>/order", methods=("POST",))
    def order(self, id: int) -> Answer:
        """Another number or other days of the order."""
        commission, form, seen = found(Commission, id), forms.OrderForm(), seen_version()
        if not invalid(form) and done(
            lambda: acts.change(acts.as_seen(commission, seen), form.order(), by=person(), on=utc_now())
        ):
            flash("Сохранено.", "success")
            return redirect(url_for(".composition", id=id))
        return self._page(found(Commission, id), order_form=form), refused_status(form)

    @expose("/<int:id>/end", methods=("POST",))
    def end(self, id: int) -> Answer:
        """The last day of a composition."""
        commission, form, seen = found(Commission, id), forms.EndForm(), seen_version()
        if not invalid(form) and done(
            lambda: acts.end(acts.as_seen(commission, seen), form.valid_until.data, by=person(), on=utc_now())
        ):
            flash("Сохранено.", "success")
            return redirect(url_for(".composition", id=id))
        return self._page(found(Commission, id), end_form=form), refused_status(form)

    @expose("/<int:id>/members", methods=("GET", "POST"))
    def members(self, id: int) -> Answer:
        """One member more."""
        commission, form, accounts = found(Commission, id), forms.MemberForm(), _accounts()
        form.offer(accounts)
        if request.method == "GET":
            return self._member_page(commission, None, form)
        seen = seen_version()
        if not invalid(form) and done(
            lambda: acts.seat(acts.as_seen(commission, seen), form.person(accounts), by=person(), on=utc_now())
        ):
            flash(f"{form.full_name.data}: внесено.", "success")
            return redirect(url_for(".composition", id=id))
        return self._member_page(found(Commission, id), None, form), refused_status(form)

    @expose("/<int:id>/members/<int:member_id>", methods=("GET", "POST"))
    def member(self, id: int, member_id: int) -> Answer:
        """What is written of a member."""
        commission, accounts = found(Commission, id), _accounts()
        member = _member(commission, member_id)
        form = forms.MemberForm(obj=member) if request.method == "POST" else _filled(member)
        form.offer(accounts)
        if request.method == "GET":
            return self._member_page(commission, member, form)
        seen = seen_version()
        if not invalid(form) and done(
            lambda: acts.change_member(acts.as_seen(commission, seen), member, form.person(accounts), by=person(), on=utc_now())
        ):
            flash("Сохранено.", "success")
            return redirect(url_for(".composition", id=id))
        return self._member_page(found(Commission, id), member, form), refused_status(form)

    @expose("/<int:id>/members/<int:member_id>/remove", methods=("POST",))
    def remove(self, id: int, member_id: int) -> Answer:
        """Take a member out."""
        commission, seen = found(Commission, id), seen_version()
        member = _member(commission, member_id)
        if done(lambda: acts.remove_member(acts.as_seen(commission, seen), member, by=person(), on=utc_now())):
            flash(f"{member}: исключено из состава.", "success")
            return redirect(url_for(".composition", id=id))
        return self._page(found(Commission, id)), 409

    def _page(
        self, commission: Commission, order_form: forms.OrderForm | None = None, end_form: forms.EndForm | None = None
    ) -> str:
        members = acts.seated(commission)
        return self.render(
            "desk/commission/composition.html",
            commission=commission,
            members=members,
            seats=[(Seat(name).label, list(group)) for name, group in groupby(members, lambda one: one.seat)],
            frozen=acts.frozen(commission),
            warnings=acts.wanting(members),
            sittings=list(commission.sittings.order_by("held_on")),
            order_form=order_form or forms.OrderForm(formdata=None, obj=commission),
            end_form=end_form or forms.EndForm(formdata=None, obj=commission),
            history_entries=list(journal.history(acts.SUBJECT, commission.id)),
            verbs=journal.VERBS,
        )

    def _member_page(self, commission: Commission, member: Member | None, form: forms.MemberForm) -> str:
        frozen = acts.frozen(commission)
        return self.render("desk/commission/member.html", commission=commission, member=member, form=form, frozen=frozen)


def _member(commission: Commission, member_id: int) -> Member:
    member: Member | None = None
    if member_id < LARGEST_ID:
        member = commission.members.where(Member.id == member_id).first()
    return member or abort(404)


def _filled(member: Member) -> forms.MemberForm:
    return forms.MemberForm(
        formdata=None,
        full_name=member.full_name,
        seat=member.seat,
        position=member.position,
        organization=member.organization,
        user=str(member.user_id or ""),
    )


def _accounts() -> list[User]:
    """Accounts of the office: teachers have none in it; one query."""
    staff = User.id.in_(UserRole.select(UserRole.user))
    return list(User.select().where(User.active, staff).order_by(User.full_name, User.id))
