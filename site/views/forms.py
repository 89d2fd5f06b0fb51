"""«Бланки»: the list, the blank files, and the application filled in on the page. Nothing typed is kept or logged."""

import datetime as dt
import io

from flask import Blueprint, Response, make_response, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as Redirect

from .. import application, forms
from .layout import parts
from .papers import in_turn
from .phrases import local_day
from .ready import ready
from .rubric_files import MEDIA_TYPES, kept_file
from .rubrics import find_form, ready_entries

public = Blueprint("forms", __name__)

LARGEST_REQUEST = 64 * 1024
BLANKS = ", ".join(forms.NAMES)


@public.record_once
def no_token(state: BlueprintSetupState) -> None:
    """An answer without any effect needs no token, and a visitor of the public site no cookie."""
    state.app.extensions["csrf"].exempt(public)


@public.get("/forms/")
@ready
def index() -> str:
    """Every form: what it is for, who fills it in, which clause asks for it, its files."""
    return render_template("forms/index.html", offers=forms.offers(), entries=ready_entries())


@public.get(f"/forms/<any({BLANKS}):name>.<any(pdf, docx):kind>")
def blank(name: str, kind: str) -> Response:
    """The blank form; the PDF has fields to type in."""
    from ..printing.forms import kept_form  # slow to load, needed once in a while

    return kept_file(kept_form(name, kind, parts().settings.cache_dir), forms.form(name).title)


@public.get("/forms/conclusion-<string(maxlength=3):number>.<any(pdf, docx):kind>")
def conclusion(number: str, kind: str) -> Redirect:
    """The blank conclusions stand with their forms."""
    form = find_form(number)
    view = "rubrics.conclusion" if kind == "pdf" else "rubric_files.conclusion_docx"
    return redirect(url_for(view, number=form.number), 301)


@public.get("/forms/application")
@ready
def fill_in() -> str:
    """The application to fill in, empty."""
    return _page(application.blank())


@public.post("/forms/application")
def filled() -> Response:
    """The application as PDF or DOCX; what is wrong is said at the field, and everything typed is kept there."""
    request.max_content_length = LARGEST_REQUEST
    typed = application.read(request.form, local_day(dt.datetime.now(dt.UTC)))
    if typed.errors:
        answer = make_response(_page(typed), 422)
    else:
        kind = "docx" if request.form.get("kind") == "docx" else "pdf"
        data = _printed(typed, kind)
        answer = send_file(
            io.BytesIO(data), mimetype=MEDIA_TYPES[f".{kind}"], download_name=f"Заявление.{kind}", as_attachment=True, max_age=0
        )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(typed: application.Typed) -> str:
    return render_template("forms/application.html", typed=typed, offer=forms.form(application.NAME))


def _printed(typed: application.Typed, kind: str) -> bytes:
    if kind == "docx":
        from ..printing.form_word import form_docx

        return form_docx(typed.form.name, typed.answers)
    from ..printing.press import form_apart

    return in_turn(lambda: form_apart(typed.form.name, typed.answers), "заявление")
