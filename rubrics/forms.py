"""The scoring forms as typed objects: `edition()` lists them, `form(1)` gives one. Read once, kept, never changed."""

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from .reading import BrokenData, Finding, read_edition, read_form
from .shape import Conclusion, Edition, Form

CURRENT = "spb-2021-04-13"


class UnknownForm(LookupError):
    """No such form or edition, or the form is not transcribed yet; the sentence is for people."""


def edition(name: str = CURRENT) -> Edition:
    """The edition and its list of forms; UnknownForm for a name without data."""
    return _edition(name)[0]


@cache
def form(number: int, edition: str = CURRENT) -> Form:
    """The form; UnknownForm outside the list or when its data is still being prepared, BrokenData when the file is wrong."""
    known, words = _edition(edition)
    entry = known.entry(number)
    if entry is None:
        raise UnknownForm(f"Формы {number} нет: в регламенте {len(known.forms)} форм, выберите номер из списка.")
    if not entry.ready:
        raise UnknownForm(f"Форма {number} ещё готовится, её данные появятся позже.")
    file = form_file(number)
    found, findings = read_form(tomllib.loads(_text(folder(edition) / file)), file, edition, words)
    if findings:
        raise BrokenData(findings)
    return found


def forms_in(place: Traversable, name: str) -> tuple[Form, ...]:
    """All forms of an edition in a folder anywhere, as `rubrics/<edition>/` holds them. BrokenData when a file is wrong."""
    try:
        read = {file: tomllib.loads(_text(place / file)) for file in ("edition.toml", *map(form_file, ready_forms(place)))}
    except (OSError, ValueError) as wrong:
        raise BrokenData([Finding(name, "", f"файл не читается: {wrong}")]) from None
    _, words, findings = read_edition(read["edition.toml"], "edition.toml", name, ready_forms(place))
    made = []
    for number in ready_forms(place):
        form, wrong_form = read_form(read[form_file(number)], form_file(number), name, words)
        made.append(form)
        findings += wrong_form
    if findings:
        raise BrokenData(findings)
    return tuple(made)


def folder(name: str) -> Traversable:
    """The packaged folder of an edition."""
    return files(__package__) / name


def form_file(number: int) -> str:
    """The file name of a form: form01.toml … form15.toml."""
    return f"form{number:02}.toml"


def ready_forms(place: Traversable) -> list[int]:
    """Numbers of the forms whose file lies in the folder, ascending."""
    stems = (item.name.removesuffix(".toml").removeprefix("form") for item in place.iterdir() if item.name.startswith("form"))
    return sorted(int(stem) for stem in stems if stem.isdigit())


@cache
def _edition(name: str) -> tuple[Edition, Conclusion]:
    place = folder(name)
    if not name or "/" in name or not (place / "edition.toml").is_file():
        raise UnknownForm(f"Редакции «{name}» нет.")
    found, words, findings = read_edition(
        tomllib.loads(_text(place / "edition.toml")), "edition.toml", name, ready_forms(place)
    )
    if findings:
        raise BrokenData(findings)
    return found, words


def _text(path: Traversable) -> str:
    return path.read_text(encoding="utf-8")
