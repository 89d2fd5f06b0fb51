# mypy: disallow-subclassing-any=False
"""What belongs to an expert, row by row: its form, its acts, what is said when it is done. One table for two desks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm

from ....models import Absence, Approval, DeclaredConflict, Employment, Expert, Record, Speciality, User, utc_now
from ...acts.experts import standing, ties
from . import forms


@dataclass(frozen=True)
class Kind:
    """A kind of rows. `added`, `removed`: what is said when it is done."""

    title: str
    form: type[FlaskForm]
    record: type[Record]
    add: Callable[..., Expert]
    remove: Callable[..., Expert]
    added: str
    removed: str


KINDS: Mapping[str, Kind] = {
    "approvals": Kind(
        "Утверждения распоряжением",
        forms.ApprovalForm,
        Approval,
        standing.add_approval,
        standing.remove_approval,
        "Утверждение внесено.",
        "Утверждение удалено.",
    ),
    "specialities": Kind(
        "Что оценивает",
        forms.SpecialityForm,
        Speciality,
        standing.add_speciality,
        standing.remove_speciality,
        "Специализация добавлена.",
        "Специализация удалена.",
    ),
    "absences": Kind(
        "Отсутствия",
        forms.AbsenceForm,
        Absence,
        standing.add_absence,
        standing.remove_absence,
        "Отсутствие внесено: в эти дни новых заявлений не поручат.",
        "Отсутствие удалено.",
    ),
    "employments": Kind(
        "Прежние места работы",
        forms.EmploymentForm,
        Employment,
        ties.add_employment,
        ties.remove_employment,
        "Прежнее место работы внесено.",
        "Прежнее место работы удалено.",
    ),
    "conflicts": Kind(
        "Конфликты интересов",
        forms.ConflictForm,
        DeclaredConflict,
        ties.declare,
        ties.take_back,
        "Конфликт интересов записан: такие заявления этому эксперту не поручат без решения председателя.",
        "Запись о конфликте интересов снята.",
    ),
}
# What experts may write about themselves, and take back.
OWN = ("absences", "employments", "conflicts")


def blank(kind: str) -> FlaskForm:
    """The form of a kind with nothing typed; its prefix keeps the fields of several forms of a page apart."""
    return KINDS[kind].form(formdata=None, prefix=f"{kind}-")


def typed(kind: str) -> FlaskForm:
    """The form of a kind as it was sent."""
    return KINDS[kind].form(prefix=f"{kind}-")


def add(expert: Expert, kind: str, form: FlaskForm, by: User) -> Expert:
    """Write a row of what was typed."""
    values: dict[str, Any] = {field.short_name: field.data or "" for field in form if field.short_name != "csrf_token"}
    if "form" in values:
        values["form"] = int(values["form"])
    return KINDS[kind].add(expert, **values, by=by, on=utc_now())


def remove(expert: Expert, kind: str, row: int, by: User) -> Expert:
    """Take a row back."""
    return KINDS[kind].remove(expert, row, by=by, on=utc_now())


def rows_of(expert: Expert, kinds: tuple[str, ...] = tuple(KINDS)) -> dict[str, list[Any]]:
    """What belongs to the expert, the newest first; one query for each kind."""
    found = {}
    for kind in kinds:
        table: Any = KINDS[kind].record
        found[kind] = list(table.select().where(table.expert == expert).order_by(table.id.desc()))
    return found
