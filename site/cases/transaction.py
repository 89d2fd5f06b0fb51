"""A transaction over one case, after whose failure the object in hand is again what the table holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from ...models import Application, database


@contextmanager
def all_or_nothing(application: Application) -> Iterator[None]:
    """Everything inside, or nothing of it; then the application has its former version and columns again too."""
    before = dict(application.__data__)
    try:
        with database.atomic():
            yield
    except BaseException:
        application.__data__ = before
        raise
