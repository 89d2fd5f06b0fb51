"""What a person says about themselves, and the address that letters come to."""

from flask import flash, redirect, request, url_for
from wtforms import BooleanField, EmailField, PasswordField, StringField, TelField

from ....models import User, utc_now
from ...accounts import profile as acts
from ..acting import done
from ..signing import TypedForm
from .room import Answer, links, page, person, prove, public


class ProfileForm(TypedForm):
    """Name, telephone, and how letters reach the person."""

    full_name = StringField(str(User.full_name.verbose_name))
    phone = TelField(str(User.phone.verbose_name), description="Например, +7 921 000-00-00. Можно не указывать.")
    notify_email = BooleanField(str(User.notify_email.verbose_name))
    notify_sms = BooleanField(str(User.notify_sms.verbose_name))
    notify_push = BooleanField(str(User.notify_push.verbose_name))

    def said(self, user: User) -> acts.Profile:
        """What the form says; a name that somebody else keeps is not in it."""
        return acts.Profile(
            full_name=self.full_name.data if self.full_name.data is not None else user.full_name,
            phone=self.phone.data or "",
            notify_email=bool(self.notify_email.data),
            notify_sms=bool(self.notify_sms.data),
            notify_push=bool(self.notify_push.data),
        )


class EmailForm(TypedForm):
    """A new address."""

    email = EmailField("Новый адрес", description="Придёт письмо со ссылкой. Пока она не открыта, действует прежний адрес.")
    password = PasswordField("Текущий пароль")


@public.route("/profile", methods=["GET", "POST"])
def profile() -> Answer:
    """The profile."""
    user = person()
    form = ProfileForm(obj=user)
    if request.method == "GET":
        return _page(form, EmailForm(formdata=None))
    if done(lambda: acts.edit(user, form.said(user), by=user, on=utc_now())):
        flash("Сохранено.", "success")
        return redirect(url_for("account.profile"))
    return _page(form, EmailForm(formdata=None)), 409


@public.post("/profile/email")
def change_email() -> Answer:
    """Ask for a link to a new address."""
    user, form = person(), EmailForm()
    given = {"email": form.email.data or "", "password": form.password.data or ""}
    address = prove(lambda: acts.ask_change_email(user, **given, links=links(), by=user, on=utc_now()))
    if address:
        flash(f"Письмо со ссылкой отправлено на {address}. Откройте её в течение суток.", "success")
        return redirect(url_for("account.profile"))
    return _page(ProfileForm(formdata=None, obj=user), form), 409


def _page(form: ProfileForm, email_form: EmailForm) -> str:
    return page("profile.html", form=form, email_form=email_form, name_kept=acts.name_kept_by(person()))
