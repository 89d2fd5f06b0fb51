"""The case that an address of the office names."""

from flask import abort

from ....models import Application, utc_now
from ....site.cases.sight import at_desk
from ....site.dates import day_of
from ..base import found, person


def seen_case(id: int) -> Application:
    """The case of this id, if the person meets it at the desk; otherwise 404, as if it were not there."""
    application = found(Application, id)
    if not at_desk(application, person(), day_of(utc_now())):
        abort(404)
    return application
