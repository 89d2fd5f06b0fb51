"""The scoring forms (приложение № 3) of an edition, and what changed in them from one edition to another."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path

from ...rubrics import forms
from ...rubrics.comparison import Comparison, compare_editions
from ...rubrics.reading import BrokenData
from ...rubrics.shape import Form
from .editions import EDITIONS
from .shape import Edition

FOLDER = "rubrics"


@dataclass(frozen=True)
class FormChange:
    """A form in two editions: what differs in it, or, without a comparison, that the old or the new edition has it alone."""

    form: Form
    compared: Comparison | None
    only_old: bool = False


def place(edition: Edition, own: Path) -> Traversable | None:
    """Where the forms of an edition lie: in the package, or beside the texts an office has added; None without any."""
    found = forms.folder(edition.slug) if edition.slug in EDITIONS else own / edition.slug / FOLDER
    return found if (found / "edition.toml").is_file() else None


@lru_cache(maxsize=8)
def scoring_forms(edition: Edition, own: Path) -> tuple[Form, ...]:
    """The forms of the edition; none when it has none or they cannot be read: `attestation regulation check` says why."""
    found = place(edition, own)
    try:
        return forms.forms_in(found, edition.slug) if found else ()
    except BrokenData:
        return ()


def changes(old: tuple[Form, ...], new: tuple[Form, ...]) -> Iterator[FormChange]:
    """The forms that differ in points, limits, periods or thresholds, and those that one edition has alone, by number."""
    before, after = ({form.number: form for form in side} for side in (old, new))
    for number in sorted(before | after):
        if number in before and number in after:
            compared = compare_editions(before[number], after[number])
            if not compared.nothing_differs:
                yield FormChange(after[number], compared)
        else:
            yield FormChange((before | after)[number], None, only_old=number in before)
