"""References to published orders by ГОСТ Р 7.0.5-2008, as theses, reports and letters need them."""

import datetime as dt


def citation(
    *,
    title: str,
    number: str,
    registered_on: dt.date,
    authority: str,
    site: str,
    year: int,
    address: str,
    seen_on: dt.date,
    row: int | None = None,
) -> str:
    """The reference to an electronic resource (section 10 of the standard): what it is, on which site, where, when it was seen.

    `year`: of publication. `row`: for a reference to one row of the annex.
    """
    place = f" Прил., строка {row}." if row else ""
    return (
        f"{title.rstrip('. ')} [Электронный ресурс]: распоряжение от {registered_on:%d.%m.%Y} № {number} / {authority}"
        f" // {site}: [сайт]. [{year}].{place} URL: {address} (дата обращения: {seen_on:%d.%m.%Y})."
    )
