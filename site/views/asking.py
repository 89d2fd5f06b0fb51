"""A question by number and surname, without signing in. Whoever knows only the number learns nothing; nothing asked is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request

from ...procedure.numbers import WrongNumber
from ..cases.conflicts import plain
from . import throttle
from .account.cases import clause_address
from .personal import personal, too_often
from .throttle import Door, Wait, tried

LONGEST = 200


@dataclass(frozen=True)
class Question:
    """What is asked for.

    `read`: the number as it is kept, raises WrongNumber; `find`: the record of a number, with its surname; `stage`: what is
    told of it; `nameless`, `nobody`: what is said without a surname, and where the two do not fit.
    """

    template: str
    door: Door
    read: Callable[[str], str]
    find: Callable[[str], Any]
    stage: Callable[[Any], object]
    nameless: str
    nobody: str

    def page(self, **values: Any) -> str:
        """The question, with what was typed and what is told."""
        known: dict[str, Any] = {"typed": {}, "errors": {}, "refusal": "", "stage": None, "clause_address": clause_address}
        return render_template(self.template, **{**known, **values})

    def answer(self) -> Response:
        """What is told to whoever typed this; a wrong surname is answered as a number that was never given."""
        typed = {name: request.form.get(name, "").strip()[:LONGEST] for name in ("number", "surname")}
        errors = {} if typed["surname"] else {"surname": self.nameless}
        try:
            number = self.read(typed["number"])
        except WrongNumber as wrong:
            errors["number"] = wrong.sentence
        if errors:
            return personal(self.page(typed=typed, errors=errors), 422)
        try:
            attempt = tried(self.door, number)
        except Wait as wait:
            return too_often(self.page(typed=typed, refusal=throttle.sentence(wait.pause, "попыток")), wait)
        found = self.find(number)
        if found is None or not found.surname or plain(found.surname) != plain(typed["surname"]):
            return personal(self.page(typed=typed, refusal=self.nobody), 404)
        attempt.forgive()
        return personal(self.page(typed=typed, stage=self.stage(found)))
