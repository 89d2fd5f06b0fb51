"""Numbers of requests for correction: «И-2026-000012-3», given once, in the order of coming in within a year."""

from ...models import CorrectionSequence
from ...procedure.numbers import MOST, CaseNumber
from ...procedure.refusal import Refusal

PREFIX = "И"


def next_number(year: int) -> str:
    """The next number of this year; call inside the transaction that keeps the request."""
    CorrectionSequence.insert(year=year, last=0).on_conflict_ignore().execute()
    mine = CorrectionSequence.year == year
    if not CorrectionSequence.update(last=CorrectionSequence.last + 1).where(mine, CorrectionSequence.last < MOST).execute():
        raise Refusal(f"Номера запросов {year} года закончились. Сообщите администратору.")
    return f"{PREFIX}-{CaseNumber(year, CorrectionSequence.select(CorrectionSequence.last).where(mine).scalar())}"
