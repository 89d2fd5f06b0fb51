"""Days and months as pages, documents, acts and the regulation have them."""

import datetime as dt
from zoneinfo import ZoneInfo

MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)

# The day of a document is the day in the city of the authority.
CITY = ZoneInfo("Europe/Moscow")


def day_of(moment: dt.datetime) -> dt.date:
    """The day in the city at an aware moment."""
    return moment.astimezone(CITY).date()
