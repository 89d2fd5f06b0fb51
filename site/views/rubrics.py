"""The scoring forms: the list, a form as a table, its blank conclusion as PDF."""

from flask import Blueprint, Response, abort, render_template, send_file

from ...rubrics import forms
from ...rubrics.shape import Form, FormEntry
from .layout import parts
from .ready import ready

public = Blueprint("rubrics", __name__)
A_DAY = 86_400


@public.get("/rubrics/")
@ready
def index() -> str:
    """All forms of the edition; those without data say so."""
    return render_template("rubrics/index.html", edition=forms.edition())


@public.get("/rubrics/<string(maxlength=3):number>/")
@ready
def rubric(number: str) -> str:
    """A form as the source prints it."""
    return render_template("rubrics/rubric.html", edition=forms.edition(), form=find_form(number))


@public.get("/rubrics/<string(maxlength=3):number>.pdf")
def conclusion(number: str) -> Response:
    """The blank conclusion, made once per edition."""
    form = find_form(number)
    from ..printing.conclusions import kept_conclusion  # WeasyPrint is slow to load and not needed by any other page

    answer = send_file(
        kept_conclusion(form, parts().settings.cache_dir),
        mimetype="application/pdf",
        download_name=f"Экспертное заключение, форма {form.number}.pdf",
        max_age=A_DAY,
    )
    answer.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    return answer


def ready_entries() -> tuple[FormEntry, ...]:
    """The forms that can be read."""
    return tuple(entry for entry in forms.edition().forms if entry.ready)


def find_form(number: str) -> Form:
    """The form of this number as an address writes it; ends with 404 and a sentence when there is none."""
    if not (number.isascii() and number.isdigit() and number == str(int(number))):
        abort(404, "Такой формы нет: выберите номер из списка форм.")
    try:
        return forms.form(int(number))
    except forms.UnknownForm as unknown:
        abort(404, str(unknown))
