"""Numbers of complaints: «Ж-2026-000012-3», given once, in the order of coming in within a year."""

from ...models import ComplaintSequence
from ...procedure.numbers import MOST, CaseNumber, WrongNumber, parse
from ...procedure.refusal import Refusal

PREFIX = "Ж"
SENTENCE = "Номер жалобы выглядит так: Ж-2026-000012-4. Сверьте его с подтверждением или письмом."


def next_number(year: int) -> str:
    """The next number of this year; call inside the transaction that keeps the complaint."""
    ComplaintSequence.insert(year=year, last=0).on_conflict_ignore().execute()
    mine = ComplaintSequence.year == year
    if not ComplaintSequence.update(last=ComplaintSequence.last + 1).where(mine, ComplaintSequence.last < MOST).execute():
        raise Refusal(f"Номера жалоб {year} года закончились. Сообщите администратору.")
    return f"{PREFIX}-{CaseNumber(year, ComplaintSequence.select(ComplaintSequence.last).where(mine).scalar())}"


def read_number(text: str) -> str:
    """The number that somebody typed, with or without its letter; WrongNumber says what it looks like."""
    digits = text.strip().removeprefix("№").strip().upper().removeprefix(PREFIX)
    try:
        return f"{PREFIX}-{parse(digits)}"
    except WrongNumber:
        raise WrongNumber(SENTENCE) from None
