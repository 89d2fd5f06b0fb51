# mypy: disallow-subclassing-any=False
"""The forms of the desks over cases. Labels are those of the records; what is right is decided by the acts."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from ....models import Application, Sitting, User
from ....procedure.words import Category, Channel
from ...acts.cases import checks, entering
from ...login import TypedForm
from ..forms import DayField, options, text

NO_CHOICE = "Выберите из списка."


class TimeOfDay(TimeField):
    """An hour and minute, which may stay empty."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, validators=[Optional()], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError("Такого времени нет. Напишите часы и минуты, например, 15:00.") from None


class Ticks(SelectMultipleField):
    """Boxes to tick."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **options)


class CheckedForm(TypedForm):
    """What the clerk has looked at. Without anything to look at the boxes are left out."""

    stated = Ticks("Проверено")
    note = StringField("Пометка", description="Например, какой документ показан. Серию и номер не пишите.")

    def offer(self, application: Application, verb: str) -> None:
        """The boxes that this move of the case needs, those ticked before already ticked."""
        asked = checks.asked(application, verb)
        if not asked:
            del self.stated, self.note
            return
        self.stated.choices = [SelectChoice(fact, checks.STATED[fact]) for fact in asked]
        if not self.is_submitted():
            self.stated.data = sorted(checks.stated(application) & set(asked))

    def ticked(self) -> frozenset[str]:
        """The facts that are ticked."""
        return frozenset(self.stated.data or ()) if self.stated else frozenset()


class RegisterForm(CheckedForm):
    """Registration under the city's procedure."""


class RegisterToLeaderForm(CheckedForm):
    """Registration under the oblast's procedure: it names the leader of the group of experts."""

    group_leader = SelectField(str(Application.group_leader.verbose_name), validators=[InputRequired(NO_CHOICE)])


class ChangeLeaderForm(TypedForm):
    """Another leader, and why."""

    group_leader = SelectField(str(Application.group_leader.verbose_name), validators=[InputRequired(NO_CHOICE)])
    reason = StringField("Причина", description="Останется в истории дела. Фамилий не пишите.")


class ReceiveForm(CheckedForm):
    """A folder on paper."""

    note = TextAreaField(
        "Замечания к папке", description="Не прошита, не пронумерована, не заверена: напишите, что именно не так."
    )


class BasisForm(TypedForm):
    """The document by which the teacher withdraws."""

    basis = StringField("Чем отозвано", description="Например, заявление на бумаге от 12.03.2026, принято на приёме.")


class AcceptForm(TypedForm):
    """The day on which an application on paper counts as filed."""

    filed_on = DayField("День подачи", description="Из МФЦ – день приёма там, по почте – день на почтовом штемпеле.")


class TermForm(TypedForm):
    """Term and place of the attestation."""

    considered_on = DayField("День рассмотрения заявления комиссией")
    term_begins = DayField(str(Application.term_begins.verbose_name))
    term_ends = DayField(str(Application.term_ends.verbose_name))
    term_place = text(Application.term_place)


class SittingForm(TypedForm):
    """A sitting out of the list."""

    sitting = SelectField("Заседание", validators=[InputRequired(NO_CHOICE)])


class PlaceForm(TypedForm):
    """Time and place of a sitting that has none yet."""

    begins_at = TimeOfDay(str(Sitting.begins_at.verbose_name))
    place = text(Sitting.place, description="Время и место – всего заседания: их увидят все, чьи дела на него вынесены.")


class DatesForm(TypedForm):
    """A sitting in the list."""

    held_on = DayField(str(Sitting.held_on.verbose_name))
    begins_at = TimeOfDay(str(Sitting.begins_at.verbose_name))
    place = text(Sitting.place, description="Можно указать позже, до подтверждения заседания.")


class ExceptionForm(TypedForm):
    """A day against the rule."""

    day = DayField("День")
    working = RadioField(
        "Какой это день", choices=[SelectChoice("no", "выходной"), SelectChoice("yes", "рабочий")], default="no"
    )
    note = StringField("Основание", description="Например, постановление о переносе выходных дней, его дата и номер.")


class MessageForm(TypedForm):
    """A message to the teacher."""

    text = TextAreaField("Сообщение педагогу")


class MergeForm(TypedForm):
    """Why two applications are one."""

    reason = StringField("Причина", description="Останется в истории обоих дел. Фамилий не пишите.")


class ViewForm(TypedForm):
    """A name for the filters of a list."""

    name = StringField("Название отбора")


def offered(people: Iterable[User]) -> list[SelectChoice]:
    """People to choose from; nobody at first."""
    return [SelectChoice("", "— выберите —"), *(SelectChoice(str(user.id), user.full_name) for user in people)]


def offered_sittings(sittings: Iterable[Sitting]) -> list[SelectChoice]:
    """Sittings to choose from, each with its day, hour and place; none at first."""
    return [SelectChoice("", "— выберите —"), *(SelectChoice(str(one.id), told(one)) for one in sittings)]


def told(sitting: Sitting) -> str:
    """A sitting in one line."""
    hour = f"{sitting.begins_at:%H:%M}" if sitting.begins_at else ""
    return ", ".join(filter(None, (f"{sitting.held_on:%d.%m.%Y}", hour, sitting.place or "место не указано")))


# --- From paper -------------------------------------------------------------------------------------------------------------


WAYS = {"electronic": "сканы из МФЦ", "paper": "на бумаге, по записи на приём"}


class EnterForm(TypedForm):
    """What is on the paper; only what tells applications apart has to be there (2.6.1)."""

    channel = RadioField("Как поступило")
    filed_on = DayField("День подачи", description="Из МФЦ – день приёма там, по почте – день на почтовом штемпеле.")
    surname = text(Application.surname)
    name = text(Application.name)
    patronymic = text(Application.patronymic, description="Если есть.")
    born_on = DayField(str(Application.born_on.verbose_name), needed=False, description="Если указана.")
    position = text(Application.position)
    workplace = text(Application.organization, description="Если указана.")
    category = RadioField("На какую категорию", choices=options(Category), default=Category.FIRST.value)
    held_category = SelectField("Имеющаяся категория", choices=[SelectChoice("нет"), *options(Category)], default="нет")
    phone_mobile = StringField("Телефон", description="Если указан.")
    email = StringField("Электронная почта", description="Если указана.")
    mfc_sheets = IntegerField("Листов с одной стороны в папке из МФЦ", validators=[Optional()])
    way = RadioField("Папка", choices=[SelectChoice(*one) for one in WAYS.items()])

    def brought(self) -> entering.Brought:
        """What was typed, in the words of the form of appendix 1."""
        labels = {one.value: one.label for one in Category}
        said = {name: self[name].data or "" for name in ENTERED}
        said |= {
            "born_on": f"{self.born_on.data:%d.%m.%Y}" if self.born_on.data else "",
            "category": labels.get(self.category.data, ""),
            "held_category": labels.get(self.held_category.data, "нет"),
        }
        return entering.Brought(
            channel=Channel(self.channel.data),
            filed_on=self.filed_on.data,
            answers=said,
            sheets=self.mfc_sheets.data,
            way=self.way.data or "paper",
        )


ENTERED = ("surname", "name", "patronymic", "position", "workplace", "phone_mobile", "email")


class ScanForm(TypedForm):
    """A scan to put into the case."""

    kind = RadioField("Что это")
    title = StringField("Название документа папки", description="Как в описи. Для других файлов оставьте пустым.")
    file = FileField("Файл PDF или JPG")
