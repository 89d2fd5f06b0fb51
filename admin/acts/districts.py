"""The office's list of organisations by district, for the statistics: brought in from a CSV file as a whole."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence

from peewee import chunked

from ...models import OrganizationDistrict, User, database
from ...procedure.refusal import Refusal
from ...site import fields, journal
from ...site.statistics import NO_DISTRICT, folded_name
from ..access import Permission, require

LARGEST_FILE = 2 * 1024 * 1024
MOST_LINES = 20_000
HEADER = ("организация", "район")
# Faults of a file that a refusal names.
NAMED = 10
AT_ONCE = 500


def bring_in(data: bytes, *, by: User, on: dt.datetime) -> int:
    """Put the list of this file in the place of the former one; how many organisations. Refusal names every bad line."""
    require(by, Permission.KEEP_DISTRICTS)
    rows = read(data)
    with database.atomic():
        OrganizationDistrict.delete().execute()
        for part in chunked(rows, AT_ONCE):
            names = ("key", "organization", "district")
            OrganizationDistrict.insert_many([dict(zip(names, row, strict=True)) for row in part]).execute()
        districts = len({district for _, _, district in rows})
        details = f"организаций: {len(rows)}, районов: {districts}"
        journal.write(by=by, on=on, verb="bring_in_districts", subject="districts", subject_id=0, details=details)
    return len(rows)


def read(data: bytes) -> list[tuple[str, str, str]]:
    """Key, organisation, district of each line that names a district. Refusal for what is no such table."""
    if len(data) > LARGEST_FILE:
        raise Refusal(f"Файл больше {LARGEST_FILE // 1024 // 1024} МБ: проверьте, тот ли это файл.")
    found: dict[str, tuple[str, str, str]] = {}
    faults: list[str] = []
    for number, cells in _lines(_decoded(data)):
        if not "".join(cells[1:2]).strip():
            continue  # of the organisations without a district, which the list that is given out names too
        try:
            row = _row(cells)
        except Refusal as refusal:
            faults.append(f"строка {number}: {refusal.sentence}")
            continue
        known = found.setdefault(row[0], row)
        if known[2] != row[2]:
            faults.append(f"строка {number}: «{row[1]}» уже отнесена к району «{known[2]}».")
    if faults:
        more = f" И ещё: {len(faults) - NAMED}." if len(faults) > NAMED else ""
        raise Refusal("Список не загружен, прежний остался. " + " ".join(faults[:NAMED]) + more)
    if not found:
        raise Refusal("Под заголовками нет ни одной строки с районом: прежний список остался.")
    return list(found.values())


def _row(cells: Sequence[str]) -> tuple[str, str, str]:
    typed = [*cells, "", ""]
    organization = fields.line(OrganizationDistrict.organization, typed[0])
    district = fields.line(OrganizationDistrict.district, typed[1])
    if district.lower() == NO_DISTRICT:
        raise Refusal(f"«{NO_DISTRICT}» – не район: уберите строку.")
    key = folded_name(organization)
    if not key:
        raise Refusal("В названии нет ни буквы, ни цифры.")
    return key, organization, district


def _lines(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines under the header that say something, by their number in the file."""
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [fields.folded(cell) for cell in cells]
                if tuple(header[:2]) != HEADER:
                    raise Refusal("В первой строке нужны заголовки «Организация» и «Район»: образец – в выгрузке списка.")
            elif reader.line_num > MOST_LINES:
                raise Refusal(f"В файле больше {MOST_LINES} строк: проверьте, тот ли это файл.")
            else:
                yield reader.line_num, cells
    except csv.Error:
        raise Refusal(f"Строка {reader.line_num} не читается: длинная ячейка или незакрытая кавычка.") from None
    if not header:
        raise Refusal("Файл пуст: выберите файл со списком организаций.")


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refusal("Это не таблица CSV: сохраните её как CSV (UTF-8) и загрузите снова.")
