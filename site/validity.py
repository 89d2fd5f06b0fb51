"""How long an established category stands, where the law gives it a term."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass


@dataclass(frozen=True)
class Validity:
    """`years`: the length of the term, 0 for none. `before`: orders registered from this day on give no term.

    In Russia categories were given for five years; since 01.09.2023 (order 196 of 24.03.2023) they have no term.
    """

    years: int = 0
    before: dt.date | None = None

    def until(self, registered_on: dt.date, *, established: bool = True) -> dt.date | None:
        """The last day of a category: the same day of the month, so many years after the order (ГК РФ, статья 192).

        A month without that day gives its last one. None without a term, and for a refusal.
        """
        if not (self.years and established) or (self.before and registered_on >= self.before):
            return None
        year, month = registered_on.year + self.years, registered_on.month
        return dt.date(year, month, min(registered_on.day, monthrange(year, month)[1]))


NO_TERM = Validity()
