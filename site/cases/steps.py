"""The steps in which a teacher fills in an application: which questions stand together. The form itself is `content/forms/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from ...models import Application
from ...procedure.road import road
from . import answers

SUBMIT = "submit"
# What is asked besides the form and stands in columns of its own.
HOME, WAY, RULING = "home_address", "portfolio_way", "held_ruling"
COLUMNS = frozenset({HOME, WAY, RULING})
ELECTRONIC, PAPER = "electronic", "paper"
WAYS = {ELECTRONIC: "скан-образами через кабинет", PAPER: "на бумаге, по записи на приём"}


@dataclass(frozen=True)
class Step:
    """A page of questions. `fields`: names of the form's rows; `beside`: what is asked besides them."""

    name: str
    title: str
    fields: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of all its fields."""
        return self.fields + self.beside


STEPS = (
    Step("person", "О себе", ("surname", "name", "patronymic", "born_on"), (HOME,)),
    Step("work", "Работа", ("workplace", "workplace_years", "position", "position_years")),
    Step("rubric", "Форма оценки", (), (answers.RUBRIC,)),
    Step("category", "Категория", ("category", "held_category", "held_since", "held_act"), (RULING,)),
    Step("sitting", "Заседание и связь", ("presence", "phone_work", "phone_home", "phone_mobile", "email")),
    Step("folder", "Папка", (), (WAY,)),
)
# Steps of a fact: asked where the road asks for it.
NEEDED_FOR = {"folder": "portfolio_way_chosen"}


def steps(edition: str) -> tuple[Step, ...]:
    """The steps of an application of this edition, in order."""
    needs = road("application", edition).move(SUBMIT).needs
    return tuple(step for step in STEPS if NEEDED_FOR.get(step.name, needs[0]) in needs)


def step_of(edition: str, name: str) -> Step:
    """The step of this name; KeyError for one that this edition does not have."""
    return {step.name: step for step in steps(edition)}[name]


def step_asking(edition: str, field: str) -> Step | None:
    """The step where this field is asked; None for the confirmation, which stands at the end."""
    return next((step for step in steps(edition) if field in step.asked), None)


def values(application: Application, step: Step) -> dict[str, str]:
    """What the case holds of a step's fields, as they were typed."""
    held = {**application.answers, HOME: application.home_address, WAY: application.portfolio_way}
    held[RULING] = str(application.held_ruling_id or "")
    return {name: held.get(name, "") for name in step.asked}


def stamp(told: Mapping[str, str]) -> str:
    """What a page holds on to, so that saving it overwrites nothing that came in from another window."""
    return sha256(repr(sorted(told.items())).encode()).hexdigest()[:16]
