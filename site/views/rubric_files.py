"""The files of a form besides its blank PDF: the editable conclusion and the spreadsheet, each made once per edition."""

from pathlib import Path

from flask import Blueprint, Response, send_file

from .layout import parts
from .rubrics import A_DAY, find_form

public = Blueprint("rubric_files", __name__)

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@public.get("/rubrics/<string(maxlength=3):number>.docx")
def conclusion_docx(number: str) -> Response:
    """The blank conclusion for a word processor."""
    form = find_form(number)
    from ..printing.conclusion_word import kept_conclusion_docx  # slow to load, needed once in a while

    path = kept_conclusion_docx(form, parts().settings.cache_dir)
    return kept_file(path, f"Экспертное заключение, форма {form.number}")


@public.get("/rubrics/<string(maxlength=3):number>.xlsx")
def calculation(number: str) -> Response:
    """The form as a spreadsheet that counts."""
    form = find_form(number)
    from ..printing.calculation import kept_calculation

    path = kept_calculation(form, parts().settings.cache_dir)
    return kept_file(path, f"Расчёт баллов, форма {form.number}")


def kept_file(path: Path, name: str) -> Response:
    """A file that changes only with the edition, to be saved under this name; PDF opens in the browser."""
    answer = send_file(
        path,
        mimetype=MEDIA_TYPES[path.suffix],
        download_name=f"{name}{path.suffix}",
        as_attachment=path.suffix != ".pdf",
        max_age=A_DAY,
    )
    answer.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    return answer
