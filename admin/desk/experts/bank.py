# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Банк экспертов»: the list, the page of an expert, its rows, groups."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_admin import expose
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from peewee import DateField, Expression, fn

from ....models import Absence, Application, Approval, Expert, ExpertGroup, Review, Speciality, User, utc_now
from ....procedure.road import road
from ....procedure.words import CaseRole
from ....site import journal
from ....site.cases.workload import at_work
from ....site.dates import day_of
from ...access import Permission, may
from ...acts.cases.candidates import form_titles
from ...acts.experts import bank, keeping
from ..base import (
    LARGEST_ID,
    Answer,
    Choice,
    ListDesk,
    Query,
    alphabetical,
    attempt,
    done,
    found,
    invalid,
    link,
    person,
    refused_status,
    seen_version,
)
from . import forms, rows
from .groups import GroupPages

# An approval that ends within so many days is shown as ending soon.
SOON = dt.timedelta(days=30)
LOADS = {"0": ("свободны", 0, 0), "1": ("от 1 до 3 заявлений", 1, 3), "4": ("4 заявления и больше", 4, LARGEST_ID)}


def today() -> dt.date:
    """The day in the city."""
    return day_of(utc_now())


class ExpertDesk(GroupPages, ListDesk):
    """Experts in alphabetical order."""

    permission = Permission.READ_EXPERTS
    stricter = dict.fromkeys(
        ("new", "edit", "add_row", "remove_row", "leave", "come_back"), Permission.MANAGE_EXPERTS
    ) | dict.fromkeys(("new_group", "group", "close_group", "reopen_group"), Permission.GOVERN_GROUPS)
    model_class = Expert
    heading = "Банк экспертов"
    list_template = "desk/experts/list.html"
    can_export = True
    search_label = "Фамилия или место работы"
    nothing = "Ни одного эксперта не нашлось."
    column_list = ("surname", "specialities", "organization", "group", "until", "load", "away")
    column_labels = {  # noqa: RUF012
        "surname": "Эксперт",
        "specialities": "Что оценивает",
        "until": "Утверждён по",
        "load": "В работе",
        "away": "Отсутствует по",
    }
    sortable = ("surname", "organization")
    cells = {  # noqa: RUF012
        "surname": lambda expert: _name(expert),
        "specialities": lambda expert: "; ".join(map(speciality, expert.specialities)),
        "group": lambda expert: str(expert.group) if expert.group_id else "",
        "until": lambda expert: _until(expert),
        "away": lambda expert: _day_of(Absence.last_day, expert.away),
    }
    choices = (
        Choice("group", "Группа", lambda: _groups(), lambda query, group: query.where(Expert.group == int(group))),
        Choice(
            "form",
            "Форма оценки",
            lambda: [(str(number), title) for number, title in form_titles().items()],
            lambda query, form: query.where(_judges(Speciality.form == int(form))),
        ),
        Choice(
            "position",
            "Должность",
            lambda: _words("position"),
            lambda query, word: query.where(_judges(Speciality.position == word)),
        ),
        Choice(
            "subject",
            "Предмет",
            lambda: _words("subject"),
            lambda query, word: query.where(_judges(Speciality.subject == word)),
        ),
        Choice(
            "approval",
            "Утверждение",
            lambda: (("valid", "действует"), ("soon", "заканчивается за 30 дней"), ("none", "не действует")),
            lambda query, state: query.where(_approval(state)),
        ),
        Choice(
            "load",
            "Нагрузка",
            lambda: [(value, title) for value, (title, _, _) in LOADS.items()],
            lambda query, load: query.where(fn.COALESCE(_load(), 0).between(*LOADS[load][1:])),
        ),
        Choice(
            "presence",
            "Сегодня",
            lambda: (("here", "на месте"), ("away", "отсутствует")),
            lambda query, where: query.where(_away_now() if where == "away" else ~_away_now()),
        ),
        Choice(
            "active",
            "В банке",
            lambda: (("yes", "состоит"), ("no", "исключён")),
            lambda query, active: query.where(Expert.active == (active == "yes")),
        ),
    )

    def get_query(self) -> Query:
        day = today()
        until = Approval.select(fn.MAX(Approval.valid_until)).where(Approval.expert == Expert.id)
        away = Absence.select(fn.MAX(Absence.last_day)).where(_covers(day), Absence.expert == Expert.id)
        values = (_load().alias("load"), until.alias("until"), away.alias("away"))
        return Expert.select(Expert, User, ExpertGroup, *values).join(User).switch(Expert).left_outer_join(ExpertGroup)

    def read(self, query: Query) -> list[Any]:
        return list(query.prefetch(Speciality.select().order_by(Speciality.form, Speciality.id)))

    def matching(self, query: Query, word: str) -> Query:
        return query.where(User.full_name.contains(word) | Expert.organization.contains(word))

    def default_order(self) -> list[Any]:
        return [alphabetical(Expert.surname), alphabetical(User.full_name), Expert.id]

    # The expert

    @expose("/new/", methods=("GET", "POST"))
    def new(self) -> Answer:
        """An expert taken into the bank."""
        form = forms.NewExpertForm()
        self._offer(form)
        accounts = bank.free_accounts()
        form.user.choices = forms.chosen(accounts)
        if request.method == "POST" and not invalid(form):
            user = next(one for one in accounts if str(one.id) == form.user.data)
            expert = attempt(lambda: bank.add(user, **self._typed(form), by=person(), on=utc_now()))
            if expert:
                flash("Эксперт внесён в банк. Внесите утверждение и то, что он оценивает.", "success")
                return redirect(url_for(".expert", id=expert.id))
        page = self.render("desk/experts/form.html", form=form, expert=None, accounts=accounts)
        return page, refused_status(form) if request.method == "POST" else 200

    @expose("/<int:id>/")
    def expert(self, id: int) -> Answer:
        """The page of an expert."""
        return self._page(found(Expert, id))

    @expose("/<int:id>/edit/", methods=("GET", "POST"))
    def edit(self, id: int) -> Answer:
        """What conflicts and suggestions go by."""
        expert = found(Expert, id)
        form = forms.ExpertForm(obj=expert, group=str(expert.group_id or ""))
        self._offer(form, expert)
        if request.method == "POST" and not invalid(form):
            seen = seen_version()
            if done(lambda: bank.edit(keeping.as_seen(expert, seen), **self._typed(form), by=person(), on=utc_now())):
                flash("Сохранено.", "success")
                return redirect(url_for(".expert", id=id))
        page = self.render("desk/experts/form.html", form=form, expert=found(Expert, id), accounts=())
        return page, refused_status(form) if request.method == "POST" else 200

    @expose(f"/<int:id>/<any({','.join(rows.KINDS)}):kind>/", methods=("POST",))
    def add_row(self, id: int, kind: str) -> Answer:
        """A row of what belongs to the expert."""
        expert = found(Expert, id)
        form = rows.typed(kind)
        if not invalid(form):
            seen = seen_version()
            if done(lambda: rows.add(keeping.as_seen(expert, seen), kind, form, person())):
                flash(rows.KINDS[kind].added, "success")
                return redirect(f"{url_for('.expert', id=id)}#{kind}")
        return self._page(found(Expert, id), {kind: form}), refused_status(form)

    @expose(f"/<int:id>/<any({','.join(rows.KINDS)}):kind>/<int:row>/remove/", methods=("POST",))
    def remove_row(self, id: int, kind: str, row: int) -> Answer:
        """A row taken back."""
        expert = found(Expert, id)
        seen = seen_version()
        if done(lambda: rows.remove(keeping.as_seen(expert, seen), kind, min(row, LARGEST_ID - 1), person())):
            flash(rows.KINDS[kind].removed, "success")
            return redirect(f"{url_for('.expert', id=id)}#{kind}")
        return self._page(found(Expert, id)), 409

    @expose("/<int:id>/leave/", methods=("POST",))
    def leave(self, id: int) -> Answer:
        """The expert taken out of the bank."""
        expert, seen = found(Expert, id), seen_version()
        if done(lambda: bank.leave(keeping.as_seen(expert, seen), by=person(), on=utc_now())):
            flash("Эксперт исключён из банка. Его записи и история сохранены.", "success")
            return redirect(url_for(".expert", id=id))
        return self._page(found(Expert, id)), 409

    @expose("/<int:id>/return/", methods=("POST",))
    def come_back(self, id: int) -> Answer:
        """The expert taken into the bank again."""
        expert, seen = found(Expert, id), seen_version()
        if done(lambda: bank.come_back(keeping.as_seen(expert, seen), by=person(), on=utc_now())):
            flash("Эксперт возвращён в банк.", "success")
            return redirect(url_for(".expert", id=id))
        return self._page(found(Expert, id)), 409

    # Shared by the pages above

    def _page(self, expert: Expert, typed: dict[str, FlaskForm] | None = None) -> str:
        keeps = keeping.keeps(person(), expert.group)
        return self.render(
            "desk/experts/expert.html",
            expert=expert,
            keeps=keeps,
            kinds=rows.KINDS,
            rows=rows.rows_of(expert),
            typed=typed or {},
            blank=rows.blank,
            address_of_row=lambda of, kind: lambda row: url_for(".remove_row", id=of.id, kind=kind, row=row),
            today=today(),
            work=[work_of(review) for review in bank.cases_of(expert)],
            titles=form_titles(),
            history_entries=list(journal.history("expert", expert.id)),
            verbs=journal.VERBS,
        )

    def _offer(self, form: Any, expert: Expert | None = None) -> None:
        """The groups that this person may choose: who does not keep the whole bank has no expert without a group."""
        mine = [group for group in _open_groups(expert) if keeping.keeps(person(), group)]
        choices = forms.chosen(mine)
        form.group.choices = choices if may(person(), Permission.GOVERN_GROUPS) else choices[1:]

    def _typed(self, form: Any) -> dict[str, Any]:
        names = ("surname", "position", "organization", "address")
        group = ExpertGroup.get_by_id(int(form.group.data)) if form.group.data else None
        return {name: form[name].data or "" for name in names} | {"group": group, "department": form.department.data}


def speciality(row: Speciality) -> str:
    """What an expert judges, in one line."""
    return ", ".join(filter(None, (f"форма {row.form}", row.position, row.subject)))


def work_of(review: Review) -> dict[str, Any]:
    """A case in the work of an expert, as pages show it."""
    case = review.application
    return {
        "case": case,
        "seat": CaseRole(review.role).label,
        "status": road("application", case.edition).statuses[case.status],
        "day": case.review_day,
    }


def _open_groups(expert: Expert | None) -> list[ExpertGroup]:
    """Groups that act, and the expert's own whatever it is; one query."""
    mine = ExpertGroup.active | (ExpertGroup.id == (expert.group_id if expert else None))
    return list(ExpertGroup.select().where(mine).order_by(ExpertGroup.name))


def _groups() -> Iterable[tuple[str, str]]:
    if "expert_groups" not in g:
        g.expert_groups = [(str(group.id), str(group)) for group in ExpertGroup.select().order_by(ExpertGroup.name)]
    kept: list[tuple[str, str]] = g.expert_groups
    return kept


def _words(name: str) -> Iterable[tuple[str, str]]:
    """All positions or subjects that anybody judges; one query for both, kept for the request."""
    if "expert_words" not in g:
        pairs: Any = Speciality.select(Speciality.position, Speciality.subject).distinct().tuples()
        g.expert_words = {name: {pair[place] for pair in pairs} - {""} for place, name in enumerate(("position", "subject"))}
    return [(word, word) for word in sorted(g.expert_words[name], key=str.casefold)]


def _name(expert: Expert) -> Markup:
    name = link(expert.user.full_name, url_for("office_experts.expert", id=expert.id))
    return name if expert.active else name + Markup(' <span class="badge">исключён</span>')


def _until(expert: Any) -> Any:
    """Until when the expert is approved; marked if that is over or soon will be."""
    if expert.department:
        return "отдел аттестации"
    until = _day_of(Approval.valid_until, expert.until)
    if until is None:
        return Markup('<span class="badge failed">нет</span>')
    if until - SOON > today():
        return until
    word = "истекло" if until < today() else "скоро истекает"
    return Markup('{} <span class="badge failed">{}</span>').format(escape(f"{until:%d.%m.%Y}"), word)


def _day_of(field: DateField, value: Any) -> dt.date | None:
    """A day that an inner query gave: SQLite gives it as text."""
    day: dt.date | None = field.python_value(value)  # type: ignore[no-untyped-call]
    return day


def _load() -> Any:
    waiting = Review.select(fn.COUNT(Review.id)).join(Application)
    return waiting.where(Review.expert == Expert.user, at_work())


def _judges(condition: Expression) -> Expression:
    found: Expression = Expert.id.in_(Speciality.select(Speciality.expert).where(condition))
    return found


def _covers(day: dt.date) -> Expression:
    covers: Expression = (Absence.first_day <= day) & (Absence.last_day >= day)
    return covers


def _away_now() -> Expression:
    away: Expression = Expert.id.in_(Absence.select(Absence.expert).where(_covers(today())))
    return away


def _approval(state: str) -> Expression:
    """Experts whose approval is in this state today; the department needs none and always acts."""
    now, later = today(), today() + SOON
    in_force = Approval.select(Approval.expert).where(Approval.valid_from <= now, Approval.valid_until >= now)
    after = Approval.select(Approval.expert).where(Approval.valid_from <= later, Approval.valid_until > later)
    valid: Expression = Expert.department | Expert.id.in_(in_force)
    if state == "valid":
        return valid
    if state == "soon":
        soon: Expression = ~Expert.department & Expert.id.in_(in_force) & Expert.id.not_in(after)
        return soon
    none: Expression = ~valid
    return none
