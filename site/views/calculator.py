"""The calculator: a scoring form as a worksheet. The server keeps nothing; with JavaScript nothing is even sent."""

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState

from ...rubrics import advice, forms
from ...rubrics.portable import portable
from .. import worksheet
from .rubrics import find_form

public = Blueprint("calculator", __name__)


@public.record_once
def no_token(state: BlueprintSetupState) -> None:
    """An answer without any effect needs no token, and a visitor of the public site no cookie."""
    state.app.extensions["csrf"].exempt(public)


@public.get("/rubrics/<string(maxlength=3):number>/calculator")
def calculator(number: str) -> tuple[str, int]:
    """The empty worksheet; the finder names the position in the address."""
    return _page(worksheet.blank(find_form(number), request.args))


@public.post("/rubrics/<string(maxlength=3):number>/calculator")
def counted(number: str) -> tuple[str, int]:
    """The worksheet counted, for browsers without JavaScript; the answer holds everything that was entered."""
    return _page(worksheet.read(find_form(number), request.form))


def _page(sheet: worksheet.Worksheet) -> tuple[str, int]:
    form = sheet.form
    text = render_template(
        "rubrics/calculator.html",
        form=form,
        edition=forms.edition(),
        entry=forms.edition().entry(form.number),
        sheet=sheet,
        engine=portable(form),
        advice=advice,
        counts=worksheet.counts,
        names_pupils=worksheet.names_pupils,
    )
    return text, 422 if sheet.errors else 200
