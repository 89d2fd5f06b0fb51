"""«Что собрать»: the papers for the ticked rows of the calculator, who certifies each, and the inventory. Nothing is kept."""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, Response, render_template, request, send_file
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import ServiceUnavailable

from ...rubrics import forms, papers
from ...rubrics.inventory import Entry, entries
from ...rubrics.papers import Need
from .. import worksheet
from ..worksheet import Worksheet
from .layout import parts
from .rubric_files import MEDIA_TYPES, kept_file
from .rubrics import find_form

public = Blueprint("papers", __name__)

Made = TypeVar("Made")
WAIT_SECONDS = 20
# Printing takes a second of a processor: one at a time in a process, the others wait their turn.
_press = threading.BoundedSemaphore(1)


@public.record_once
def no_token(state: BlueprintSetupState) -> None:
    """An answer without any effect needs no token, and a visitor of the public site no cookie."""
    state.app.extensions["csrf"].exempt(public)


@dataclass(frozen=True)
class Field:
    """A field of the calculator, handed on to the next form."""

    name: str
    value: str


@public.route("/rubrics/<string(maxlength=3):number>/papers", methods=["GET", "POST"])
def collect(number: str) -> str:
    """The papers of the ticked rows; the fields are those of the calculator."""
    sheet, needs = _asked(number)
    return render_template(
        "rubrics/papers.html",
        form=sheet.form,
        entry=forms.edition().entry(sheet.form.number),
        sheet=sheet,
        refusals=[sentence for name, sentence in sheet.errors.items() if name.startswith("c-")],
        needs=needs,
        piles=papers.piles(needs),
        nobody=papers.Certifier.NOBODY,
        fields=[Field(name, value) for name, value in sheet.entered.items() if name.startswith("c-")],
    )


@public.route("/rubrics/<string(maxlength=3):number>/inventory.pdf", methods=["GET", "POST"])
def inventory_pdf(number: str) -> Response:
    """The inventory of these papers as PDF."""
    from ..printing.press import inventory_apart

    return _inventory(number, ".pdf", lambda rows: in_turn(lambda: inventory_apart(rows), "опись"))


@public.route("/rubrics/<string(maxlength=3):number>/inventory.docx", methods=["GET", "POST"])
def inventory_docx(number: str) -> Response:
    """The inventory of these papers for a word processor."""
    from ..printing import inventory

    return _inventory(number, ".docx", inventory.inventory_docx)


@public.get("/forms/inventory.<any(pdf, docx):kind>")
def empty_inventory(kind: str) -> Response:
    """The empty inventory, made once per edition."""
    from ..printing.inventory import kept_inventory

    return kept_file(kept_inventory(kind, parts().settings.cache_dir), "Опись документов")


def _asked(number: str) -> tuple[Worksheet, tuple[Need, ...]]:
    """The worksheet as sent and its papers. Names of pupils are not even read."""
    form = find_form(number)
    fields = {name: value for name, value in request.values.items() if not name.startswith("n-")}
    sheet = worksheet.read(form, fields)
    # Without a position nobody can say which rows are open.
    return sheet, papers.needs(form, sheet.claims) if sheet.position else ()


def _inventory(number: str, kind: str, make: Callable[[tuple[Entry, ...]], bytes]) -> Response:
    _, needs = _asked(number)
    answer = send_file(
        io.BytesIO(make(entries(needs))),
        mimetype=MEDIA_TYPES[kind],
        download_name=f"Опись документов{kind}",
        as_attachment=True,
        max_age=0,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def in_turn(make: Callable[[], Made], what: str = "") -> Made:
    """Print when nobody else in this process does; 503 with a sentence for whoever waits too long.

    `what` (опись, заявление) can be had as an editable document meanwhile.
    """
    if not _press.acquire(timeout=WAIT_SECONDS):
        instead = f" или скачайте {what} в формате DOCX" if what else ""
        sentence = f"Сейчас печатают многие. Попробуйте ещё раз через минуту{instead}."
        raise ServiceUnavailable(sentence, retry_after=60)
    try:
        return make()
    finally:
        _press.release()
