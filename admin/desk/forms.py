# mypy: disallow-subclassing-any=False
"""The forms of the office. Labels are those of the records; what is right is decided by the acts."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf.file import FileField
from peewee import Field
from wtforms import (
    BooleanField,
    DateField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from ...models import Order, OrderSignature, Ruling, User
from ...procedure.refusal import Refusal
from ...procedure.shape import Approval
from ...procedure.words import Category, OrderKind, Role
from ..acts.drafting import Split
from ..acts.orders import MOST_ROWS
from ..acts.signatures import Certificate
from ..login import TypedForm

# A number of a row, or numbers one after the other; dashes of every kind.
_SPAN = re.compile(r"([0-9]{1,5})(?:\s*[-–—−]\s*([0-9]{1,5}))?")
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


class RowNumbersField(StringField):
    """Numbers of rows, typed as «2, 5–8»; `numbers` once the form is found right."""

    def __init__(self, label: str = "Номера строк", **options: Any) -> None:
        asked = InputRequired("Укажите номера строк.")
        super().__init__(label, description="Через запятую, подряд идущие через тире: 2, 5–8.", validators=[asked], **options)

    @property
    def numbers(self) -> list[int]:
        """Every number once, ascending; none for what is no list of numbers."""
        parts = [_SPAN.fullmatch(part.strip()) for part in (self.data or "").split(",") if part.strip()]
        spans = [(int(found[1]), int(found[2] or found[1])) for found in parts if found]
        if len(spans) < len(parts) or any(not 0 < first <= last <= MOST_ROWS for first, last in spans):
            return []
        return sorted({number for first, last in spans for number in range(first, last + 1)})

    def pre_validate(self, form: Any) -> None:
        """Numbers of rows that an order may have."""
        if not self.numbers:
            raise ValidationError(f"Нужны номера от 1 до {MOST_ROWS} через запятую, например: 2, 5–8.")


class AmendForm(TypedForm):
    """Which rows of a published order are wrong, and why they are put right."""

    lines = RowNumbersField()
    basis = TextAreaField("Основание", description="Кто и когда нашёл ошибку.")


class DraftingForm(TypedForm):
    """How the decisions of a sitting are split into orders, and who signs them."""

    by_category = BooleanField("Каждую категорию – в своё распоряжение")
    most_rows = StringField("Строк в одном распоряжении, не больше", description="Пусто: сколько угодно.")
    signatory_position = text(Order.signatory_position)
    signatory_name = text(Order.signatory_name, description="Как в подписи: инициалы и фамилия.")

    def validate_most_rows(self, field: StringField) -> None:
        """A whole number, or nothing."""
        typed = (field.data or "").strip()
        if typed and not (typed.isdecimal() and 0 < int(typed) <= MOST_ROWS):
            raise ValidationError(f"Нужно целое число от 1 до {MOST_ROWS} или ничего.")

    def split(self) -> Split:
        """The rules of the split; what is no number is no limit."""
        typed = (self.most_rows.data or "").strip()
        return Split(bool(self.by_category.data), int(typed) if typed.isdecimal() and int(typed) <= MOST_ROWS else 0)


class SignForm(TypedForm):
    """The day of signing; of an electronic signature also the certificate and the file, if they are there."""

    signed_on = DayField("Дата подписания")
    file = FileField(str(OrderSignature.file_name.verbose_name), description="Отсоединённая подпись CMS: SIG или P7S, до 1 МБ.")
    owner = text(OrderSignature.owner)
    issuer = text(OrderSignature.issuer)
    serial = text(OrderSignature.serial)
    valid_from = DayField(str(OrderSignature.valid_from.verbose_name), needed=False)
    valid_until = DayField(str(OrderSignature.valid_until.verbose_name), needed=False)

    def certificate(self) -> Certificate | None:
        """What was typed of the certificate, None for nothing. Refusal for a part of it."""
        values = [self[name].data for name in ("owner", "issuer", "serial", "valid_from", "valid_until")]
        if not any(values):
            return None
        if not all(values):
            raise Refusal("Сведения о сертификате указаны не все: заполните их до конца или оставьте пустыми.")
        return Certificate(*values)


def send_form(steps: Iterable[tuple[Approval, list[User]]], usual: Mapping[str, int]) -> TypedForm:
    """For each step of the approval, whom of these people to ask; whoever had it the last time stands chosen."""
    fields = {
        step.name: SelectField(
            step.title[:1].upper() + step.title[1:],
            choices=[SelectChoice("", "Выберите"), *(SelectChoice(str(one.id), one.full_name) for one in people)],
            default=str(usual.get(step.name, people[0].id if len(people) == 1 else "")),
            description=f"Пункт {step.clause} регламента.",
        )
        for step, people in steps
    }
    form: TypedForm = type("SendForm", (TypedForm,), fields)()
    return form


class RemarkForm(TypedForm):
    """What is wrong with a draft."""

    remark = TextAreaField("Замечание", description="Его увидят все, кто работает с проектом.")


class RegisterForm(TypedForm):
    """Number and date."""

    number = StringField("Номер", description="Например, 1016-р.")
    registered_on = DayField("Дата регистрации")


class ReasonForm(TypedForm):
    """Why a step is taken back."""

    reason = StringField("Причина", description="Останется в журнале. Фамилий не пишите.")


class WithdrawForm(TypedForm):
    """Why an order is taken off the site."""

    reason = StringField("Причина", description="Её прочитают все посетители на месте распоряжения. Фамилий не пишите.")


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
