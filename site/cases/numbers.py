"""Numbers of applications: given once, in the order of filing within a year."""

from ...models import CaseSequence
from ...procedure.numbers import MOST, CaseNumber
from ...procedure.refusal import Refusal


def next_number(year: int) -> CaseNumber:
    """The next number of this year; call inside the transaction that files the application, which keeps it or gives it back."""
    CaseSequence.insert(year=year, last=0).on_conflict_ignore().execute()
    mine = CaseSequence.year == year
    if not CaseSequence.update(last=CaseSequence.last + 1).where(mine, CaseSequence.last < MOST).execute():
        raise Refusal(f"Номера заявлений {year} года закончились. Сообщите администратору.")
    return CaseNumber(year, CaseSequence.select(CaseSequence.last).where(mine).scalar())
