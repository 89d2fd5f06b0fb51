"""The cases of the teacher's side: which one an address means, and where its parts stand."""

import datetime as dt

from flask import abort, url_for

from ....models import Application, utc_now
from ...cases.people import APPLICANTS, roles_in
from ...cases.rights import Part, seen_by
from ...dates import day_of
from ...regulation import ACTS
from .. import regulation
from .room import person

# PostgreSQL refuses larger numbers for an id.
LARGEST_ID = 2**31
NOT_HERE = "Такого заявления нет среди ваших. Откройте его из списка «Мои заявления»."
# Where a move is made, by the last part of the address below the page of the case.
PLACES = {
    "submit": "check",
    "withdraw": "withdraw",
    "book_appointment": "appointment",
    "cancel_appointment": "appointment",
    "confirm_portfolio": "portfolio/",
    "read_conclusion": "conclusion",
}


def mine(id: int, part: Part = Part.APPLICATION) -> Application:
    """The case of this id, if this person is on the teacher's side of it and sees this part; otherwise 404.

    Nobody can tell somebody else's case from one that is not there.
    """
    found = Application.get_or_none(Application.id == id) if id < LARGEST_ID else None
    if found is None:
        abort(404, NOT_HERE)
    roles = roles_in(found, person(), today()) & APPLICANTS
    if part not in seen_by(found, roles):
        abort(404, NOT_HERE)
    case: Application = found
    return case


def today() -> dt.date:
    """The day in the city."""
    return day_of(utc_now())


def place(application: Application, verb: str) -> str:
    """The address where this move is made; KeyError for a move that the teacher's side does not make."""
    return url_for("account.application", id=application.id) + PLACES[verb]


def clause_address(edition: str, clause: str) -> str:
    """Where the regulation of this edition has the clause."""
    document = edition.partition("-")[0]
    # The first of the documents needs no word of its own in addresses.
    return regulation.address("" if document == ACTS[0] else document, clause)
