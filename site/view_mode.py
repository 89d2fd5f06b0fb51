"""How a visitor wants pages to look (ГОСТ Р 52872-2019, «Версия для слабовидящих»), as a cookie keeps it. No Flask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

COOKIE = "view"


class Size(Enum):
    """The size of all text: 100, 150 or 200 per cent of the ordinary."""

    NORMAL = "s0"
    LARGE = "s1"
    LARGEST = "s2"

    @property
    def factor(self) -> float:
        """How many times larger than ordinary."""
        return {Size.NORMAL: 1.0, Size.LARGE: 1.5, Size.LARGEST: 2.0}[self]


class Typeface(Enum):
    """The typeface of all text."""

    SANS = "f0"
    SERIF = "f1"


class Scheme(Enum):
    """The colours: the site's own, or two colours and no other."""

    STANDARD = "c0"
    BLACK_ON_WHITE = "c1"
    WHITE_ON_BLACK = "c2"
    BLUE_ON_CYAN = "c3"

    @property
    def bar(self) -> str:
        """The colour a browser gives its own bar above the page: the header's, which a style sheet cannot tell it."""
        return {"c0": "#0a5158", "c1": "#ffffff", "c2": "#000000", "c3": "#9dd1ff"}[self.value]


class Spacing(Enum):
    """The space between letters, words, lines and paragraphs; wide is that of WCAG 1.4.12."""

    NORMAL = "w0"
    WIDE = "w1"


class Images(Enum):
    """Whether pictures are drawn, or told in words."""

    HIDDEN = "i0"
    SHOWN = "i1"


Choice = Size | Typeface | Scheme | Spacing | Images
_FIELDS: dict[type[Enum], str] = {
    Size: "size",
    Typeface: "typeface",
    Scheme: "scheme",
    Spacing: "spacing",
    Images: "images",
}
CHOICES: Mapping[str, Choice] = {choice.value: choice for kind in (Size, Typeface, Scheme, Spacing, Images) for choice in kind}
_CODE = re.compile("(s[0-2])(f[01])(c[0-3])(w[01])(i[01])")
_SENT = re.compile(rf"(?:^|;) *{COOKIE}=([^;]*)")


@dataclass(frozen=True, slots=True)
class ViewMode:
    """The look of pages. `panel` tells whether the visitor is in the version for low vision, with its panel on each page."""

    panel: bool = False
    size: Size = Size.NORMAL
    typeface: Typeface = Typeface.SANS
    scheme: Scheme = Scheme.STANDARD
    spacing: Spacing = Spacing.NORMAL
    images: Images = Images.SHOWN

    @classmethod
    def from_cookie(cls, text: str | None) -> "ViewMode":
        """The mode of this cookie, such as `s2f1c3w1i0`; without a cookie, or with anything else in it, the ordinary one."""
        found = _CODE.fullmatch(text) if text else None
        return cls(True, *(CHOICES[code] for code in found.groups())) if found else ORDINARY  # type: ignore[arg-type]

    @classmethod
    def from_environ(cls, environ: Mapping[str, Any]) -> "ViewMode":
        """The mode of a WSGI request. Pages are kept by it, so it is read here and nowhere else."""
        found = _SENT.search(environ.get("HTTP_COOKIE", ""))
        return cls.from_cookie(found[1].strip()) if found else ORDINARY

    @property
    def code(self) -> str:
        """The one way this mode is written in the cookie; the ordinary mode needs none."""
        return "".join(choice.value for choice in self._choices) if self.panel else ""

    @property
    def classes(self) -> str:
        """The words of the `class` of <html>: `low-vision`, and what differs from the ordinary look; ordinarily none."""
        differing = [_word(choice) for choice in self._choices if choice not in ORDINARY._choices]
        return " ".join(["low-vision", *differing] if self.panel else [])

    @property
    def images_hidden(self) -> bool:
        """Whether pictures are told in words."""
        return self.images is Images.HIDDEN

    def with_choice(self, choice: Choice) -> "ViewMode":
        """This mode with one thing chosen; it is the version for low vision, whatever it was before."""
        changed: dict[str, Any] = {"panel": True, _FIELDS[type(choice)]: choice}
        return replace(self, **changed)

    @property
    def _choices(self) -> tuple[Choice, ...]:
        return self.size, self.typeface, self.scheme, self.spacing, self.images


def _word(choice: Choice) -> str:
    return f"{_FIELDS[type(choice)]}-{choice.name.lower().replace('_', '-')}"


ORDINARY = ViewMode()
# What the way in the header turns on.
FIRST = ViewMode(panel=True, size=Size.LARGE, scheme=Scheme.BLACK_ON_WHITE)
