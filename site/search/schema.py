"""What Whoosh holds of a row: one exact value per field, no positions, no weights, nothing stored but the row's id."""

import datetime as dt
from typing import NamedTuple, Self

from whoosh import columns, fields
from whoosh.codec.whoosh3 import W3Codec

from .interface import Entry

FORMAT = 1
"""To be raised when the schema changes: an index of another format is not opened but built anew."""

COLUMN = columns.NumericColumn("q", default=-1)
ROW_FORMAT = fields.ID().format
SCHEMA = fields.Schema(
    row=fields.COLUMN(COLUMN),
    order=fields.ID(),
    surname=fields.ID(),
    name=fields.ID(),
    patronymic=fields.ID(),
    position=fields.ID(),
    organization=fields.ID(),
    category=fields.ID(),
    refused=fields.ID(),
)
TERMS = ("surname", "name", "patronymic", "position", "organization", "category")
"""Fields with a term per row, named as in Entry."""

_SEPARATOR = "\x1f"


class RowCodec(W3Codec):  # type: ignore[misc]
    """Blocks of 4,096 uncompressed numbers: a term is read in few gulps. No statistics for scores, which nobody asks."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__(blocklimit=4096, compression=0)


class OrderTerm(NamedTuple):
    """The requisites of an order, which is one term of the field `order`."""

    order_id: int
    date: dt.date
    kind: str
    number: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(entry.order_id, entry.registered_on, entry.kind, entry.number)

    @classmethod
    def parse(cls, term: str) -> Self:
        order_id, date, kind, number = term.split(_SEPARATOR, 3)
        return cls(int(order_id), dt.date.fromisoformat(date), kind, number)

    def __str__(self) -> str:
        return _SEPARATOR.join((str(self.order_id), self.date.isoformat(), self.kind, self.number))
