# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Groups of experts: the list, a group, its leader."""

from flask import flash, redirect, request, url_for
from flask_admin import expose
from peewee import fn

from ....models import Expert, ExpertGroup, User, UserRole, utc_now
from ....procedure.words import Role
from ....site import journal
from ...acts.experts import groups as acts
from ..base import Answer, Desk, attempt, done, found, invalid, person, refused_status, seen_version
from . import forms


class GroupPages(Desk):
    """Pages of the desk «Банк экспертов» for groups."""

    @expose("/groups/")
    def groups(self) -> Answer:
        """All groups with their leaders and how many experts each has."""
        members = Expert.select(fn.COUNT(Expert.id)).where(Expert.group == ExpertGroup.id, Expert.active)
        query = ExpertGroup.select(ExpertGroup, User, members.alias("members")).left_outer_join(User)
        return self.render("desk/experts/groups.html", groups=list(query.order_by(ExpertGroup.active.desc(), ExpertGroup.name)))

    @expose("/groups/new/", methods=("GET", "POST"))
    def new_group(self) -> Answer:
        """A new group."""
        form = forms.GroupForm()
        leaders = _leaders()
        form.leader.choices = forms.chosen(leaders)
        if request.method == "POST" and not invalid(form):
            leader = next((one for one in leaders if str(one.id) == form.leader.data), None)
            group = attempt(lambda: acts.create(form.name.data or "", leader=leader, by=person(), on=utc_now()))
            if group:
                flash(f"Группа «{group}» создана.", "success")
                return redirect(url_for(".groups"))
        page = self.render("desk/experts/group.html", form=form, group=None, members=0)
        return page, refused_status(form) if request.method == "POST" else 200

    @expose("/groups/<int:id>/", methods=("GET", "POST"))
    def group(self, id: int) -> Answer:
        """Name and leader of a group."""
        group = found(ExpertGroup, id)
        form = forms.GroupForm(name=group.name, leader=str(group.leader_id or ""))
        leaders = _leaders(group)
        form.leader.choices = forms.chosen(leaders)
        if request.method == "GET":
            return self._group_page(group, form)
        if not invalid(form):
            leader = next((one for one in leaders if str(one.id) == form.leader.data), None)
            change, seen = {"name": form.name.data or "", "leader": leader}, seen_version()
            if done(lambda: acts.edit(acts.as_seen(group, seen), **change, by=person(), on=utc_now())):  # type: ignore[arg-type]
                flash("Сохранено.", "success")
                return redirect(url_for(".groups"))
        return self._group_page(found(ExpertGroup, id), form), refused_status(form)

    @expose("/groups/<int:id>/close/", methods=("POST",))
    def close_group(self, id: int) -> Answer:
        """A group that acts no longer."""
        group, seen = found(ExpertGroup, id), seen_version()
        if done(lambda: acts.close(acts.as_seen(group, seen), by=person(), on=utc_now())):
            flash("Группа закрыта.", "success")
            return redirect(url_for(".groups"))
        return self._group_page(found(ExpertGroup, id)), 409

    @expose("/groups/<int:id>/open/", methods=("POST",))
    def reopen_group(self, id: int) -> Answer:
        """A closed group that acts again."""
        group, seen = found(ExpertGroup, id), seen_version()
        if done(lambda: acts.reopen(acts.as_seen(group, seen), by=person(), on=utc_now())):
            flash("Группа снова действует.", "success")
            return redirect(url_for(".groups"))
        return self._group_page(found(ExpertGroup, id)), 409

    def _group_page(self, group: ExpertGroup, form: forms.GroupForm | None = None) -> str:
        if form is None:
            form = forms.GroupForm(formdata=None, name=group.name, leader=str(group.leader_id or ""))
            form.leader.choices = forms.chosen(_leaders(group))
        return self.render(
            "desk/experts/group.html",
            form=form,
            group=group,
            members=Expert.select().where(Expert.group == group, Expert.active).count(),
            history_entries=list(journal.history(acts.SUBJECT, group.id)),
            verbs=journal.VERBS,
        )


def _leaders(group: ExpertGroup | None = None) -> list[User]:
    """Who can lead a group, and who leads this one whatever their role has become; one query."""
    fit = User.active & User.id.in_(UserRole.select(UserRole.user).where(UserRole.role == Role.LEADER))
    mine = User.id == (group.leader_id if group else None)
    return list(User.select().where(fit | mine).order_by(User.full_name, User.id))
