"""The regulation for machines: schema.org `Legislation` as JSON-LD."""

import datetime as dt
from collections.abc import Callable

from .shape import Edition

SCHEMA = "https://schema.org"


def legislation(
    edition: Edition, address: Callable[[str], str], today: dt.date, target: str = "", name: str = ""
) -> dict[str, object]:
    """The whole document, or the part of it at `target` called `name`; `address` gives full addresses, of "" for the whole."""
    whole: dict[str, object] = {
        "@type": "Legislation",
        "name": f"{edition.name}. {edition.title}",
        "legislationIdentifier": edition.act,
        "legislationJurisdiction": edition.jurisdiction,
        "legislationDateOfApplicability": edition.in_force_from.isoformat(),
        "legislationLegalForce": f"{SCHEMA}/{'InForce' if edition.in_force_on(today) else 'NotInForce'}",
        "inLanguage": "ru",
        "url": address(""),
    }
    if edition.in_force_until:
        whole["expires"] = edition.in_force_until.isoformat()
    if not target:
        return {"@context": SCHEMA, **whole}
    part = {"@type": "Legislation", "name": name, "inLanguage": "ru", "url": address(target), "isPartOf": whole}
    return {"@context": SCHEMA, **part}
