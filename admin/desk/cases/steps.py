# mypy: disallow-subclassing-any=False
"""The moves that are made on the desk's own page: what each asks of the clerk, and the act behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm

from ....models import Application, User


@dataclass(frozen=True)
class Step:
    """A move as a page: its form for one case, and what is done with what was typed."""

    form: Callable[[Application], FlaskForm]
    act: Callable[[Application, Any, User], object]


# Edition → verb → page.
STEPS: dict[str, dict[str, Step]] = {}
