# mypy: disallow-subclassing-any=False
"""The forms of the desk of materials. Labels are those of the records; what is right is decided by the acts."""

import datetime as dt
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, DateTimeLocalField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from ....models import Node, Revision
from ....procedure.words import LocalRole, NodeKind
from ....site.content import listing
from ....site.dates import CITY
from ...login import TypedForm
from ..forms import options, text

ACCEPTED = "JPEG, PNG, WebP, GIF, PDF, DOCX, XLSX, ODT, ODS, TXT, CSV, до 20 МБ."
IN_MOSCOW = "Время московское."
WHOLE_SITE = ""
EARLIEST = 1900


class MomentField(DateTimeLocalField):
    """A moment in Moscow, or nothing; `data` is aware."""

    def __init__(self, label: str, **more: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"]
        super().__init__(label, format=formats, **more)

    def process_data(self, value: dt.datetime | None) -> None:
        super().process_data(value.astimezone(CITY) if value else None)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        if not typed:
            self.data = None
            return
        try:
            super().process_formdata([typed])
            moment: Any = self.data
            # Years of few digits have no place on the time line of every zone.
            self.data = moment.replace(tzinfo=CITY) if moment.year >= EARLIEST else None
        except ValueError:
            self.data = None
        if self.data is None:
            raise ValueError("Такого времени нет. Выберите день и час или наберите, например, 13.04.2026 09:00.")


class NewForm(TypedForm):
    """A new material: what it is called and where it stands."""

    title = text(Revision.title)
    name = StringField("Имя в адресе", description="Латинские буквы, цифры, дефисы. Если оставить пустым, составится само.")
    target = text(Revision.target, description="https://…, адрес этого сайта с «/» или материал: node:17.")
    file = FileField("Файл", description=ACCEPTED)


class TextsForm(TypedForm):
    """What a material says; fields that its kind does not have are taken out."""

    title = text(Revision.title)
    summary = TextAreaField("Кратко", description="Одно-два предложения: видны в списках и в поиске.")
    target = text(Revision.target, description="https://…, адрес этого сайта с «/» или материал: node:17.")
    file = FileField("Новый файл вместо нынешнего", description=ACCEPTED)
    under = SelectField("Из какого раздела", validate_choice=False)
    kinds = SelectMultipleField(
        "Какие материалы",
        choices=options(NodeKind),
        description="Если не отметить ни одного, попадут все.",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    words = StringField("Слова в заголовке или кратком тексте")
    order = SelectField("Порядок", choices=options(listing.Order))
    limit = StringField("Не больше материалов", description=f"От 1 до {listing.LONGEST_LIST}.")
    body = TextAreaField("Текст")
    note = StringField("Что изменилось", description="Необязательно: останется в истории.")

    def validate_limit(self, field: StringField) -> None:
        """A number of materials."""
        typed = (field.data or "").strip()
        if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= listing.LONGEST_LIST):
            raise ValidationError(f"Напишите число от 1 до {listing.LONGEST_LIST}.")


class StepForm(TypedForm):
    """What a move asks for."""

    start = MomentField("Показывать с", description=f"Пусто: сразу. {IN_MOSCOW}")
    reason = StringField("Причина")


class SettingsForm(TypedForm):
    """What else is said of a material."""

    expires_at = MomentField("Показывать до", description=f"Пусто: без срока. {IN_MOSCOW}")
    in_navigation = BooleanField(str(Node.in_navigation.verbose_name))
    legal = BooleanField(str(Node.legal.verbose_name))
    restricted = BooleanField(str(Node.restricted.verbose_name))


class NameForm(TypedForm):
    """Another name in the address."""

    name = StringField("Имя в адресе")


class PlaceForm(TypedForm):
    """Another section."""

    to = SelectField("Раздел", validate_choice=False)


class RestoreForm(TypedForm):
    """Out of the trash: where to and under which name."""

    to = SelectField("В какой раздел", validate_choice=False)
    name = StringField("Имя в адресе", description="Пусто: прежнее.")


class RevisionForm(TypedForm):
    """Why an old text comes back."""

    reason = StringField("Причина", description="Останется в истории рядом с новой редакцией.")


class ShareForm(TypedForm):
    """Who else may work here."""

    person = SelectField("Сотрудник", validate_choice=False)
    role = RadioField("Что может", choices=options(LocalRole), default=LocalRole.AUTHOR.value)


class FoundForm(TypedForm):
    """A file brought from the editor."""

    file = FileField("Файл", description=ACCEPTED)
    title = text(Revision.title)
    to = SelectField("В какой раздел положить", validate_choice=False)


def whole_site() -> SelectChoice:
    """The choice of no section in particular."""
    return SelectChoice(WHOLE_SITE, "Весь сайт")
