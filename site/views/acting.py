"""Acts done from a page that stays after a refusal: the sentence is shown on it, what was typed remains."""

from collections.abc import Callable
from typing import TypeVar

from flask import flash
from flask_wtf import FlaskForm

from ...procedure.refusal import Refusal

Result = TypeVar("Result")


def attempt(act: Callable[[], Result]) -> Result | None:
    """Do an act. What it gives; None after a refusal, whose sentence is shown on the page that stays (status 409)."""
    try:
        return act()
    except Refusal as refusal:
        clause = f" (пункт {refusal.clause} регламента)" if refusal.clause else ""
        flash(refusal.sentence + clause, "error")
        return None


def done(act: Callable[[], object]) -> bool:
    """Do an act whose result is not needed; whether it was done."""
    return attempt(lambda: (act(),)) is not None


def invalid(form: FlaskForm) -> bool:
    """Whether fields of a submitted form cannot be read; says so above the form."""
    if form.validate():
        return False
    flash("Исправьте отмеченные поля.", "error")
    return True


def refused_status(form: FlaskForm) -> int:
    """The status of a page that stays: 422 for fields that cannot be read, 409 for an act that was refused."""
    return 422 if form.errors else 409
