"""What addresses hold in the place of a number."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

# PostgreSQL refuses such numbers for an id, SQLite those beyond 2**63.
LARGEST_ID = 2**31


class Number(IntegerConverter):
    """A number that a record could have: an address with any other leads nowhere, whatever the page would do with it."""

    def to_python(self, value: str) -> Any:
        """See IntegerConverter; ValidationError for a number that is too large."""
        found = super().to_python(value)
        if found >= LARGEST_ID:
            raise ValidationError
        return found


def init_app(app: Flask) -> None:
    """Read every number of an address so; before any address is made known."""
    app.url_map.converters["int"] = Number
