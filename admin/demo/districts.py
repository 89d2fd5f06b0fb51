"""The invented office's list of organisations by district, for the statistics; their names say where they stand."""

import csv
import datetime as dt
import io
import re
from typing import Any

from ...models import Order, OrganizationDistrict, Ruling, User
from ..acts import districts

_GENITIVE = re.compile(r"(?<!\w)(\w+?)(ского|ного) района(?!\w)")
_ENDINGS = {"ского": "ский", "ного": "ный"}


def list_districts(*, by: User, on: dt.datetime) -> None:
    """Bring in the list of all organisations of invented orders whose name names a district; nothing where there is a list."""
    if OrganizationDistrict.select().exists():
        return
    names: Any = Ruling.select(Ruling.organization).join(Order).where(Order.demo).distinct().tuples()
    found = [(name, _GENITIVE.search(name)) for (name,) in names]
    text = io.StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(("Организация", "Район"))
    table.writerows((name, place[1] + _ENDINGS[place[2]]) for name, place in found if place)
    if any(place for _name, place in found):
        districts.bring_in(text.getvalue().encode(), by=by, on=on)
