# mypy: disallow-subclassing-any=False
"""The forms of the office. Labels are those of the records; what is right is decided by the acts."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField
from peewee import Field
from wtforms import (
    DateField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from ...models import Order, Ruling, User
from ...procedure.words import Category, OrderKind, Role
from ..login import TypedForm

EMAIL_HINT = "Можно не указывать. Подтвердив адрес в своём профиле, сотрудник сможет сам задать забытый пароль."


def text(field: Field, **options: Any) -> StringField:
    """One line for a field of a record. No `maxlength`: a browser would cut pasted text without a word."""
    return StringField(str(field.verbose_name), **options)


def options(words: Iterable[Any]) -> list[SelectChoice]:
    """Words of the procedure to choose from, each with its label."""
    return [SelectChoice(word.value, word.label) for word in words]


class DayField(DateField):
    """A day, from the browser's calendar or typed as 13.04.2021; `needed` unless it may stay empty."""

    def __init__(self, label: str, needed: bool = True, **options: Any) -> None:
        asked = InputRequired("Укажите дату.") if needed else Optional()
        super().__init__(label, format=["%Y-%m-%d", "%d.%m.%Y"], validators=[asked], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError("Такой даты нет. Выберите день в календаре или наберите, например, 13.04.2021.") from None


class OrderForm(TypedForm):
    """Requisites of an order."""

    kind = SelectField("Вид", choices=options(OrderKind))
    title = TextAreaField("Заголовок", description="Начинается с «О» или «Об», без точки в конце.")
    basis = TextAreaField("Основание", description="Чем вызвано распоряжение: протокол комиссии, его дата и номер.")
    signatory_position = text(Order.signatory_position)
    signatory_name = text(Order.signatory_name, description="Как в подписи: инициалы и фамилия.")


class SignForm(TypedForm):
    """The day of signing."""

    signed_on = DayField("Дата подписания")


class RegisterForm(TypedForm):
    """Number and date."""

    number = StringField("Номер", description="Например, 1016-р.")
    registered_on = DayField("Дата регистрации")


class ReasonForm(TypedForm):
    """Why a step is taken back."""

    reason = StringField("Причина", description="Останется в журнале. Фамилий не пишите.")


class ConfirmForm(TypedForm):
    """Nothing but the token of the form."""


class RowForm(TypedForm):
    """A row of the annex."""

    surname = text(Ruling.surname)
    name = text(Ruling.name)
    patronymic = text(Ruling.patronymic, description="Если есть.")
    position = text(Ruling.position)
    organization = text(Ruling.organization)
    category = RadioField("Категория", choices=options(Category), default="first")
    decision = RadioField("Решение", choices=[SelectChoice("установить"), SelectChoice("отказать")], default="установить")


class ImportForm(TypedForm):
    """A file with rows."""

    file = FileField("Файл XLSX или CSV")
    mode = RadioField(
        "Что сделать со строками файла",
        choices=[SelectChoice("append", "Добавить к имеющимся"), SelectChoice("replace", "Заменить ими все имеющиеся")],
        default="append",
    )


class OfficialForm(TypedForm):
    """A file with the official text of the regulation."""

    edition = SelectField("Редакция")
    file = FileField("Файл TXT, MD, DOCX или PDF с текстовым слоем")


class RolesForm(TypedForm):
    """Name and roles of a person."""

    full_name = text(User.full_name)
    roles = SelectMultipleField(
        "Роли",
        choices=options(Role),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def role_set(self) -> frozenset[Role]:
        """The roles that are ticked."""
        return frozenset(map(Role, self.roles.data or ()))


class UserForm(RolesForm):
    """A new account."""

    login = text(User.login, description="Латиницей или кириллицей, без пробелов.")
    email = text(User.email, description=EMAIL_HINT)
    password = PasswordField("Пароль", description="Не короче 12 знаков, лучше фраза из нескольких слов.")


class EmailForm(TypedForm):
    """The address that letters go to."""

    email = text(User.email, description=EMAIL_HINT)


class PasswordForm(TypedForm):
    """A new password."""

    password = PasswordField("Новый пароль", description="Не короче 12 знаков, лучше фраза из нескольких слов.")
