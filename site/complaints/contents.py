"""What a complaint says (5.2), as typed on the site or read from paper, made fit to be kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ...models import Complaint
from ...procedure.complaints import lists
from ...procedure.refusal import Refusal
from .. import fields
from ..application import looks_like_email
from ..fields import Mistakes

CLAUSE = "5.2"
LONGEST_TEXT = 20_000
LINES = (
    *("surname", "name", "patronymic", "organization", "residence", "postal_address", "phone", "email"),
    *("representative", "authority", "respondent_name"),
)
TEXTS = ("subject", "arguments")
# What a complaint must say; the site asks for all of it, on paper some may be missing.
NEEDED = ("surname", "name", "residence", "postal_address", "phone", "subject", "arguments")


@dataclass(frozen=True)
class Contents:
    """The fields by name as they were typed; kinds and respondent by their names in the data."""

    said: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    electronic_answer: bool = False


def columns(contents: Contents, edition: str, *, whole: bool) -> dict[str, Any]:
    """The columns of a complaint that says this. Mistakes for what cannot be kept, of a whole one for what is missing too."""
    errors: dict[str, str] = {}
    found: dict[str, Any] = {}
    for name in (*LINES, *TEXTS):
        found[name] = _told(errors, name, partial(_text, name, contents.said.get(name, ""), whole))
    found["respondent"] = _told(errors, "respondent", lambda: _respondent(contents, edition, whole))
    _told(errors, "kinds", lambda: _kinds(contents, edition, whole))
    if whole and found["representative"] and not found["authority"] and "authority" not in errors:
        errors["authority"] = "Назовите документ, по которому действует представитель."
    if found["email"] and not looks_like_email(found["email"]):
        errors["email"] = "Проверьте адрес электронной почты: он выглядит как name@example.org."
    if contents.electronic_answer and not found["email"]:
        errors.setdefault("email", "Укажите адрес, на который отправить электронный ответ.")
    if errors:
        raise Mistakes({name: errors[name] for name in ORDER if name in errors}, CLAUSE)
    people = (found["organization"], found["surname"], found["name"], found["patronymic"])
    return {
        **found,
        "electronic_answer": contents.electronic_answer,
        "search_text": fields.folded(" ".join(filter(None, people))),
    }


# In which order the form asks.
ORDER = (
    *("surname", "name", "patronymic", "organization", "representative", "authority", "residence", "postal_address", "phone"),
    *("email", "respondent", "respondent_name", "kinds", "subject", "arguments"),
)


def _told(errors: dict[str, str], name: str, read: Callable[[], str]) -> str:
    try:
        return read()
    except Refusal as refusal:
        errors[name] = refusal.sentence
        return ""


def _text(name: str, typed: str, whole: bool) -> str:
    column, required = getattr(Complaint, name), whole and name in NEEDED
    if name in LINES:
        return fields.line(column, typed, required=required)
    found = fields.paragraph(column, typed, required=required)
    if len(found) > LONGEST_TEXT:
        raise Refusal(f"Поле «{column.verbose_name}» длиннее {LONGEST_TEXT} знаков: сократите его или приложите файлом.")
    return found


def _respondent(contents: Contents, edition: str, whole: bool) -> str:
    chosen = contents.said.get("respondent", "")
    if chosen in {row.name for row in lists(edition).respondents}:
        return chosen
    if chosen or whole:
        raise Refusal("Выберите, на кого жалоба.")
    return ""


def _kinds(contents: Contents, edition: str, whole: bool) -> str:
    known = {row.name for row in lists(edition).kinds}
    if not set(contents.kinds) <= known or (whole and not contents.kinds):
        raise Refusal("Отметьте хотя бы один вид нарушения.")
    return ""
