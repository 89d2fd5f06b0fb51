"""The texts of letters: `content/letters/<edition>/<name>.md`, or `content/letters/<name>.md` for letters of no road.

The subject stands in the first line, placeholders in braces.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TITLE = "# "
LONGEST_SUBJECT = 300


class NoText(LookupError):
    """There is no letter of this name."""


@dataclass(frozen=True)
class Text:
    """A letter before its figures are known."""

    subject: str
    body: str

    @property
    def placeholders(self) -> frozenset[str]:
        """What it wants to be told."""
        return frozenset(_PLACEHOLDER.findall(f"{self.subject}\n{self.body}"))

    def filled(self, figures: Mapping[str, str]) -> "Text":
        """The letter with these figures, one pass over it: braces in a figure stay as they are. KeyError for a missing one."""
        subject, body = (_PLACEHOLDER.sub(lambda found: figures[found[1]], text) for text in (self.subject, self.body))
        return Text(" ".join(subject.split())[:LONGEST_SUBJECT], body)


@cache
def text(name: str, edition: str = "") -> Text:
    """The letter of this name on the road of this edition, or the one for all; NoText."""
    shelf = files("attestation") / "content" / "letters"
    for path in (shelf / edition / f"{name}.md", shelf / f"{name}.md"):
        if path.is_file():
            first, _, body = path.read_text(encoding="utf-8").partition("\n")
            return Text(first.removeprefix(_TITLE).strip(), body.strip() + "\n")
    raise NoText(f"{edition} {name}".strip())
