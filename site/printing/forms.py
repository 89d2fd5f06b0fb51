"""A form of the procedure as one tagged PDF: blank with fields to type in, or with answers printed."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from ..files import kept
from ..forms import Form, Offer, form
from . import press
from .choices import JOINT
from .conclusions import digest
from .paper import print_document, template_text
from .russian import date_in_words

VARIANT = "pdf/ua-1"
# Raise it when these modules put other things on the paper: files kept from before are then made anew.
LOOK = 3


def form_pdf(name: str, answers: Mapping[str, str] | None = None) -> bytes:
    """The form of this name; the same answers give the same bytes. Without answers it is blank and can be filled in."""
    found = form(name)
    filled = answers is not None
    identity = sha256(repr((found, LOOK, sorted((answers or {}).items()), filled)).encode()).hexdigest()
    made = print_document(
        "form",
        {"form": found, "edition": edition_words(found), "answers": answers or {}, "filled": filled, "joint": JOINT},
        variant=VARIANT,
        identity=f"form {name} {identity}",
        fillable=not filled,
    )
    return made.data


def edition_words(found: Form | Offer) -> str:
    """What stands at the foot of every sheet: the date of the edition and the act."""
    return f"Редакция от {date_in_words(found.edition)}, {found.act.replace('№ ', '№' + chr(0xA0))}"


def kept_form(name: str, kind: str, cache_dir: Path) -> Path:
    """The file of the blank form (`pdf` or `docx`), made at the first call for these words and look.

    A PDF is printed in a process of its own. Raises `press.PressFailed` or OSError.
    """
    if kind == "docx":
        from .form_word import form_docx

        return kept(_path(name, kind, cache_dir), lambda: form_docx(name))
    return kept(_path(name, kind, cache_dir), lambda: press.form_apart(name))


def _path(name: str, kind: str, cache_dir: Path) -> Path:
    found = form(name)
    return cache_dir / "forms" / f"{name}-{found.edition}-{digest(LOOK, template_text('form'), found)}.{kind}"
