"""Letters to whoever asked for a correction, by e-mail where an address is given."""

import datetime as dt
from urllib.parse import quote

from ...models import Correction
from ..letters import outbox
from ..letters.texts import Text, text

UNKNOWN = "не указано"


def post(correction: Correction, name: str, *, ends: dt.date | None, on: dt.datetime) -> None:
    """Write a letter of the road to the address that was given, if any. `ends`: the last day of the term that runs."""
    if correction.email:
        filled = written(correction, name, ends)
        outbox.post_out(name, filled, address=correction.email, path=path_of(correction), on=on)


def written(correction: Correction, name: str, ends: dt.date | None) -> Text:
    """The letter of this name as it is said about this request."""
    return text(name, correction.edition).filled(figures_of(correction, ends))


def path_of(correction: Correction) -> str:
    """Where whoever asked sees what has become of it: the amending order, once it is published."""
    amending = correction.amending if correction.amending_id else None
    if amending is not None and amending.number and amending.status == "published":
        return f"/orders/{amending.year}/{quote(amending.number)}/"
    return f"/corrections/{correction.token}"


def figures_of(correction: Correction, ends: dt.date | None) -> dict[str, str]:
    """Every placeholder that these letters may have; one query at most."""
    amending = correction.amending if correction.amending_id else None
    return {
        "number": correction.number,
        "order_number": correction.order_number,
        "order_on": _day(correction.order_on),
        "registered_on": _day(correction.registered_on),
        "answer_by": _day(ends),
        "reason": correction.reason or UNKNOWN,
        "amendment": str(amending) if amending else UNKNOWN,
    }


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else UNKNOWN
