# mypy: disallow-subclassing-any=False
"""The forms of the desks over experts. Labels are those of the records; what is right is decided by the acts."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from ....models import (
    Absence,
    Application,
    Approval,
    DeclaredConflict,
    Employment,
    Expert,
    ExpertGroup,
    Speciality,
)
from ...acts.cases.candidates import form_titles
from ...login import TypedForm
from ..forms import DayField, text

NO_CHOICE = "Выберите из списка."
NOBODY = SelectChoice("", "— не выбрано —")


def chosen(people: Iterable[Any]) -> list[SelectChoice]:
    """People or groups to choose from; none at first."""
    return [NOBODY, *(SelectChoice(str(one.id), getattr(one, "full_name", None) or str(one)) for one in people)]


class ExpertForm(TypedForm):
    """What conflicts and suggestions go by."""

    surname = text(Expert.surname, description="По ней замечают родственников.")
    position = text(Expert.position)
    organization = text(Expert.organization, description="Полностью, как в заявлениях: по нему замечают конфликт интересов.")
    address = text(Expert.address, description="Можно не указывать. Виден только тем, кто ведёт банк экспертов.")
    group = SelectField(str(Expert.group.verbose_name))
    department = BooleanField("Сотрудник отдела аттестации: утверждение распоряжением не нужно")


class NewExpertForm(ExpertForm):
    """An expert out of the accounts that have the role."""

    user = SelectField(
        str(Expert.user.verbose_name),
        validators=[InputRequired(NO_CHOICE)],
        description="Показаны учётные записи с ролью «эксперт», которых в банке ещё нет.",
    )


class GroupForm(TypedForm):
    """A group and its leader."""

    name = text(ExpertGroup.name)
    leader = SelectField(str(ExpertGroup.leader.verbose_name))


class SpecialityForm(TypedForm):
    """What the expert judges."""

    form = SelectField(str(Speciality.form.verbose_name), validators=[InputRequired(NO_CHOICE)])
    position = text(Speciality.position, description="Пусто – любая должность этой формы.")
    subject = text(Speciality.subject, description="Пусто – любой предмет.")

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.form.choices = [NOBODY, *(SelectChoice(str(number), title) for number, title in form_titles().items())]


class ApprovalForm(TypedForm):
    """The order that approves the expert."""

    order_number = text(Approval.order_number)
    order_on = DayField(str(Approval.order_on.verbose_name))
    valid_from = DayField(str(Approval.valid_from.verbose_name))
    valid_until = DayField(str(Approval.valid_until.verbose_name))


class AbsenceForm(TypedForm):
    """Days on which the expert takes nothing new."""

    first_day = DayField("Первый день")
    last_day = DayField("Последний день")
    reason = text(Absence.reason, description="Например, «отпуск». Можно не указывать.")


class EmploymentForm(TypedForm):
    """A former employer."""

    organization = text(Employment.organization)
    until = DayField(str(Employment.until.verbose_name))


class ConflictForm(TypedForm):
    """A conflict with a person or an organisation."""

    person = text(DeclaredConflict.person, description="С кем из педагогов: полностью, как в заявлении.")
    organization = text(DeclaredConflict.organization, description="Или с какой организацией.")
    reason = text(DeclaredConflict.reason)


class DeclareForm(TypedForm):
    """A conflict in a case that was given to the expert."""

    reason = text(
        DeclaredConflict.reason, description="Например, «работали вместе до 2025 года». Увидят те, кто назначает экспертов."
    )


class AssignForm(TypedForm):
    """When, and if somebody is replaced, why. Whom, stands in the table of candidates."""

    review_day = DayField(str(Application.review_day.verbose_name))
    reason = StringField("Причина", description="Останется в истории дела. Фамилий не пишите.")


class PermitForm(TypedForm):
    """The chair's reason."""

    reason = StringField("Причина", description="Почему эксперта можно оставить. Останется в деле.")
