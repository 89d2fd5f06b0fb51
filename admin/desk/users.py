# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Пользователи»: accounts, their roles and passwords. For administrators."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from peewee import fn

from ...models import SignIn, User, UserRole, database, utc_now
from ...procedure.words import Role
from ...site import journal
from ..access import Permission
from ..acts import users as acts
from . import forms
from .base import Answer, Choice, ListDesk, Query, alphabetical, attempt, done, found, invalid, link, person, refused_status


class UserDesk(ListDesk):
    """Accounts in alphabetical order."""

    permission = Permission.MANAGE_USERS
    model_class = User
    heading = "Пользователи"
    list_template = "desk/users.html"
    search_label = "Имя, имя для входа или почта"
    column_list = ("full_name", "login", "role", "active", "seen")
    column_labels = {"role": "Роли", "seen": "Последний вход"}  # noqa: RUF012
    sortable = ("full_name", "login")
    cells = {  # noqa: RUF012
        "full_name": lambda user: link(user.full_name, url_for("office_users.user", id=user.id)),
        "role": lambda user: ", ".join(str(role) for role in user.roles),
        "seen": lambda user: SignIn.started_at.python_value(user.seen),
    }
    choices = (
        Choice(
            "role",
            "Роль",
            lambda: [(role.value, role.label) for role in Role],
            lambda query, role: query.where(User.id.in_(UserRole.select(UserRole.user).where(UserRole.role == role))),
        ),
    )

    def get_query(self) -> Query:
        seen = SignIn.select(fn.MAX(SignIn.started_at)).where(SignIn.user == User.id)
        return User.select(User, seen.alias("seen"))

    def read(self, query: Query) -> list[Any]:
        return list(query.prefetch(UserRole.select().order_by(UserRole.role)))

    def matching(self, query: Query, word: str) -> Query:
        return query.where(User.full_name.contains(word) | User.login.contains(word) | User.email.contains(word))

    def default_order(self) -> list[Any]:
        return [alphabetical(User.full_name), User.id]

    @expose("/new/", methods=("GET", "POST"))
    def new(self) -> Answer:
        """A new account."""
        form = forms.UserForm()
        if request.method == "GET":
            return self.render("desk/user_form.html", form=form)
        if not invalid(form):
            given: dict[str, Any] = {
                "login": form.login.data or "",
                "full_name": form.full_name.data or "",
                "email": form.email.data or "",
                "password": form.password.data or "",
            }
            user = attempt(lambda: acts.add_user(**given, roles=form.role_set(), by=person(), on=utc_now()))
            if user:
                flash(f"Учётная запись «{user.login}» создана. Передайте пароль лично.", "success")
                return redirect(url_for(".index_view"))
        return self.render("desk/user_form.html", form=form), refused_status(form)

    @expose("/<int:id>/", methods=("GET", "POST"))
    def user(self, id: int) -> Answer:
        """A person's name and roles."""
        user = found(User, id)
        form = forms.RolesForm(full_name=user.full_name, roles=[role.value for role in user.role_set()])
        if request.method == "GET":
            return self._user_page(user, form)
        if not invalid(form) and done(lambda: self._save(user, form)):
            flash("Сохранено.", "success")
            return redirect(url_for(".user", id=id))
        return self._user_page(user, form), refused_status(form)

    @expose("/<int:id>/password/", methods=("POST",))
    def password(self, id: int) -> Answer:
        """A new password."""
        user = found(User, id)
        form = forms.PasswordForm()
        if done(lambda: acts.set_password(user, form.password.data or "", by=person(), on=utc_now())):
            flash("Новый пароль задан, все сеансы этого сотрудника завершены. Передайте пароль лично.", "success")
            return redirect(url_for(".user", id=id))
        return self._user_page(user), 409

    @expose("/<int:id>/email/", methods=("POST",))
    def email(self, id: int) -> Answer:
        """Another address, or none."""
        user, form = found(User, id), forms.EmailForm()
        if done(lambda: acts.set_email(user, form.email.data or "", by=person(), on=utc_now())):
            flash("Адрес сохранён. Подтверждает его сам человек в своём профиле." if user.email else "Адрес убран.", "success")
            return redirect(url_for(".user", id=id))
        return self._user_page(user, email_form=form), 409

    @expose("/<int:id>/second-factor/", methods=("POST",))
    def second_factor(self, id: int) -> Answer:
        """Let in without codes whoever has lost the telephone."""
        user = found(User, id)
        if done(lambda: acts.forget_second_factor(user, by=person(), on=utc_now())):
            flash("Подтверждение входа кодом снято, все сеансы завершены.", "success")
            return redirect(url_for(".user", id=id))
        return self._user_page(user), 409

    @expose("/<int:id>/deactivate/", methods=("POST",))
    def deactivate(self, id: int) -> Answer:
        """Close the account."""
        user = found(User, id)
        if done(lambda: acts.deactivate(user, by=person(), on=utc_now())):
            flash("Вход закрыт, все сеансы этого сотрудника завершены.", "success")
            return redirect(url_for(".user", id=id))
        return self._user_page(user), 409

    @expose("/<int:id>/activate/", methods=("POST",))
    def activate(self, id: int) -> Answer:
        """Open the account again."""
        user = found(User, id)
        if done(lambda: acts.activate(user, by=person(), on=utc_now())):
            flash("Вход открыт.", "success")
            return redirect(url_for(".user", id=id))
        return self._user_page(user), 409

    def _save(self, user: User, form: forms.RolesForm) -> User:
        """Name and roles, each journalled only if it changes."""
        with database.atomic():
            if form.role_set() != user.role_set():
                acts.set_roles(user, form.role_set(), by=person(), on=utc_now())
            if (form.full_name.data or "") != user.full_name:
                acts.rename(user, form.full_name.data or "", by=person(), on=utc_now())
        return user

    def _user_page(self, user: User, form: forms.RolesForm | None = None, email_form: forms.EmailForm | None = None) -> str:
        return self.render(
            "desk/user.html",
            account=user,
            form=form or forms.RolesForm(formdata=None, full_name=user.full_name, roles=[r.value for r in user.role_set()]),
            password_form=forms.PasswordForm(formdata=None),
            email_form=email_form or forms.EmailForm(formdata=None, email=user.email),
            history_entries=list(journal.history("user", user.id)),
            verbs=journal.VERBS,
        )
