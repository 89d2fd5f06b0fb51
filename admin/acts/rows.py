"""Rows of an order as people bring them: typed in, or in an XLSX or CSV file. Every bad line is named with its reason."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl import load_workbook

from ...models import Ruling
from ...procedure.refusal import Refusal
from ...procedure.words import Category
from ...site import archives, fields

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 50
# How far down the header may stand, and how many empty lines are looked through.
HEADER_WITHIN = 30
MOST_LINES = 20_000


@dataclass(frozen=True)
class Row:
    """A row of an order's annex. `line` is where it stood in the file (0 if typed in) and does not make rows differ."""

    surname: str
    name: str
    patronymic: str
    position: str
    organization: str
    category: Category
    established: bool
    line: int = field(default=0, compare=False)

    def identity(self) -> tuple[str, ...]:
        """What makes it the same person in the same post: letter case and ё/е do not matter."""
        person = " ".join(filter(None, (self.surname, self.name, self.patronymic)))
        return fields.folded(person), fields.folded(self.position), fields.folded(self.organization)

    @classmethod
    def of(cls, ruling: Ruling) -> "Row":
        """The row that a record holds; its number stands for the line."""
        return cls(
            surname=ruling.surname,
            name=ruling.name,
            patronymic=ruling.patronymic,
            position=ruling.position,
            organization=ruling.organization,
            category=Category(ruling.category),
            established=ruling.established,
            line=ruling.number,
        )


@dataclass(frozen=True)
class Problem:
    """Why a line of the file cannot be taken."""

    line: int
    reason: str


@dataclass(frozen=True)
class Sheet:
    """What a file holds: good rows and problems, both in the order of the file."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


class SheetRefused(Refusal):
    """A file that cannot be read as a table at all; `status` is the HTTP status that says so."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.status = status


# --- One row ----------------------------------------------------------------------------------------------------------------

_CATEGORIES = {"первая": Category.FIRST, "1": Category.FIRST, "i": Category.FIRST}
_CATEGORIES |= {"высшая": Category.HIGHEST, "first": Category.FIRST, "highest": Category.HIGHEST}
_ESTABLISHED = {"установить", "установлена", "установлено", "присвоить", "да", "+", "1"}
_REFUSED = {"отказать", "отказано", "отказ", "отказать в установлении", "не установлена", "нет", "-", "0"}
_ESTABLISHED |= {"установить категорию", "категория установлена"}
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’()-])*")


def read_row(texts: dict[str, str], line: int = 0) -> tuple[Row | None, tuple[str, ...]]:
    """The row that these texts (field name → text) make, or all reasons why they make none."""
    reasons: list[str] = []

    def text(name: str, *, required: bool = True) -> str:
        try:
            return fields.line(getattr(Ruling, name), texts.get(name, ""), required=required)
        except Refusal as refusal:
            reasons.append(refusal.sentence)
            return ""

    surname, name, patronymic = text("surname"), text("name"), text("patronymic", required=False)
    reasons += [
        f"В имени «{part}» есть лишние знаки: нужны только буквы, дефис и пробел."
        for part in (surname, name, patronymic)
        if part and not _NAME.fullmatch(part)
    ]
    position, organization = text("position"), text("organization")
    category = read_category(texts.get("category", ""))
    if category is None:
        reasons.append(_unknown("Категория", texts.get("category", ""), "«первая» или «высшая»"))
    established = read_decision(texts.get("decision", ""))
    if established is None:
        reasons.append(_unknown("Решение", texts.get("decision", ""), "«установить» или «отказать»"))
    if reasons or category is None or established is None:
        return None, tuple(reasons)
    return Row(surname, name, patronymic, position, organization, category, established, line), ()


def read_category(text: str) -> Category | None:
    """The category this text means, None if it means none."""
    words = fields.folded(text).replace("квалификационная", "").replace("категория", "")
    return _CATEGORIES.get(words.strip(" ."))


def read_decision(text: str) -> bool | None:
    """True: the category is established; False: refused; None: the text says neither."""
    words = fields.folded(text).strip(" .")
    return True if words in _ESTABLISHED else False if words in _REFUSED else None


def _unknown(what: str, text: str, wanted: str) -> str:
    shown = fields.folded(text)[:40]
    return f"{what} «{shown}» не бывает: нужно {wanted}." if shown else f"Не указано: {what.lower()} ({wanted})."


def repeated(rows: Iterable[Row], present: Iterable[Row] = ()) -> tuple[Problem, ...]:
    """Rows that name somebody a second time: in the file itself, or somebody who is in the order already."""
    in_order = {row.identity(): row.line for row in present}
    in_file: dict[tuple[str, ...], int] = {}
    problems = []
    for row in rows:
        key = row.identity()
        who = " ".join(filter(None, (row.surname, row.name, row.patronymic)))
        if key in in_file:
            problems.append(
                Problem(row.line, f"{who}: уже есть в строке {in_file[key]} файла (та же должность и организация).")
            )
        elif key in in_order:
            problems.append(Problem(row.line, f"{who}: уже есть в распоряжении, строка {in_order[key]}."))
        in_file.setdefault(key, row.line)
    return tuple(problems)


def check(sheet: Sheet, present: Iterable[Row] = ()) -> Sheet:
    """The sheet with repetitions added to its problems."""
    problems = sorted((*sheet.problems, *repeated(sheet.rows, present)), key=lambda problem: problem.line)
    return replace(sheet, problems=tuple(problems))


# --- A whole file -----------------------------------------------------------------------------------------------------------

# What a column may be called, folded: the first word of the list is the field's name here.
_COLUMNS = {
    "no": ("№", "№ п/п", "n", "n п/п", "номер", "п/п", "№п/п"),
    "person": ("фио", "ф.и.о.", "ф.и.о", "ф. и. о.", "фамилия, имя, отчество", "фамилия имя отчество"),
    "surname": ("фамилия",),
    "name": ("имя",),
    "patronymic": ("отчество", "отчество (при наличии)"),
    "position": ("должность",),
    "organization": ("организация", "место работы", "образовательная организация", "наименование организации", "учреждение"),
    "category": ("категория", "квалификационная категория"),
    "decision": ("решение", "результат"),
}
_NAMES = {title: name for name, titles in _COLUMNS.items() for title in titles}
_TITLES = {"position": "Должность", "organization": "Организация", "category": "Категория"}

_NOT_A_TABLE = "Файл не похож на таблицу. Сохраните его в Excel или LibreOffice как XLSX или CSV и загрузите ещё раз."
_BROKEN = "Книга XLSX повреждена и не читается. Откройте её в Excel или LibreOffice, сохраните заново и загрузите ещё раз."
_TOO_MUCH = "Книга в развёрнутом виде слишком велика. Оставьте в ней один лист с данными."
_FORMULA = object()


def read_rows(data: bytes, filename: str) -> Sheet:
    """The rows of a file, at most 5 MB and 5,000 rows. SheetRefused if it cannot be read as a table at all."""
    if len(data) > LARGEST_FILE:
        raise SheetRefused(f"Файл больше {LARGEST_FILE // 1024 // 1024} МБ: разделите его на части.", 413)
    if not data.strip(b"\0 \r\n\t"):
        raise SheetRefused("Файл пуст: выберите файл со строками приложения.")
    suffix = filename.lower().rpartition(".")[2]
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetRefused("Это книга старого вида (XLS) или книга с паролем: сохраните её как XLSX без пароля.")
    zipped = data.startswith(b"PK\x03\x04")
    if suffix == "xlsx" and not zipped:
        raise SheetRefused("Файл назван XLSX, но внутри не книга Excel. Сохраните таблицу как XLSX и загрузите ещё раз.")
    if suffix in {"csv", "txt", "tsv"} and zipped:
        raise SheetRefused("Файл назван CSV, но внутри не текст. Сохраните таблицу как CSV и загрузите ещё раз.")
    return _read_table(_workbook_lines(data) if zipped else _text_lines(data))


def _read_table(lines: Iterable[tuple[int, Sequence[Any]]]) -> Sheet:
    """Find the header, then read every line under it."""
    columns: dict[int, str] = {}
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in lines:
        if not columns:
            columns = _header(cells)
            if not columns and number >= HEADER_WITHIN:
                break
        elif any(_shown(cell) for at, cell in enumerate(cells) if columns.get(at) != "no"):
            if len(rows) + len(problems) >= MOST_ROWS:
                raise SheetRefused(f"В файле больше {MOST_ROWS} строк: разделите его на части.", 413)
            row, reasons = _read_line(number, cells, columns)
            rows += [row] if row else []
            problems += [Problem(number, " ".join(reasons))] if reasons else []
    if not columns:
        raise SheetRefused(
            "В файле нет строки заголовков. Нужны столбцы: Фамилия, Имя, Отчество (или ФИО), Должность, Организация, Категория."
        )
    if not rows and not problems:
        raise SheetRefused("Под заголовками нет ни одной строки.")
    return Sheet(tuple(rows), tuple(problems))


def _header(cells: Sequence[Any]) -> dict[int, str]:
    """Column → field, if this line is the header; nothing if it is not. SheetRefused for a header with a fault."""
    found = {at: _NAMES[title] for at, cell in enumerate(cells) if (title := fields.folded(_shown(cell))) in _NAMES}
    names = list(found.values())
    if not {"person", "surname"} & set(names) or len(found) < 2:
        return {}
    missing = [title for name, title in _TITLES.items() if name not in names]
    missing += ["Имя"] if "surname" in names and "name" not in names else []
    if missing:
        raise SheetRefused(f"В заголовке нет столбцов: {', '.join(missing)}. Добавьте их и загрузите файл ещё раз.")
    twice = sorted({_COLUMNS[name][0] for name in names if names.count(name) > 1})
    if twice or {"person", "surname"} <= set(names):
        what = ", ".join(twice) or "ФИО и Фамилия"
        raise SheetRefused(f"Столбец указан дважды: {what}. Оставьте один и загрузите файл ещё раз.")
    return found


def _read_line(number: int, cells: Sequence[Any], columns: dict[int, str]) -> tuple[Row | None, tuple[str, ...]]:
    texts: dict[str, str] = {}
    for at, name in columns.items():
        cell = cells[at] if at < len(cells) else None
        if cell is _FORMULA and name != "no":
            return None, ("В ячейке формула: вставьте вместо неё значение.",)
        texts[name] = _shown(cell)
    if "person" in texts:
        surname, name, patronymic = (*texts["person"].split(maxsplit=2), "", "", "")[:3]
        texts |= {"surname": surname, "name": name, "patronymic": patronymic}
    if "decision" not in columns.values():
        texts["decision"] = "установить"
    row, reasons = read_row(texts, number)
    if any(_shown(cell) for cell in cells[MOST_COLUMNS:]):
        return None, (f"В строке больше {MOST_COLUMNS} столбцов: проверьте разделитель.",)
    return row, reasons


def _shown(cell: Any) -> str:
    """A cell as a person sees it."""
    if cell is None:
        return ""
    if cell is _FORMULA:
        return "="
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date):
        return f"{cell:%d.%m.%Y}"
    return str(cell)


# --- XLSX -------------------------------------------------------------------------------------------------------------------


def _workbook_lines(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    _check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception:  # whatever a broken book breaks in the library, the person's remedy is the same
        raise SheetRefused(_BROKEN) from None
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise SheetRefused("В книге нет ни одного видимого листа.")
    sheets[0].reset_dimensions()  # what a book says of its own size is not always true
    lines = sheets[0].iter_rows(max_row=MOST_LINES + 1, max_col=MOST_COLUMNS + 1)
    number = 0
    while True:
        try:
            cells = next(lines, None)
        except Exception:
            raise SheetRefused(_BROKEN) from None
        if cells is None:
            return
        number += 1
        if number > MOST_LINES:
            raise SheetRefused(f"В листе больше {MOST_LINES} строк: удалите лишние и загрузите файл ещё раз.", 413)
        yield number, [_FORMULA if cell.data_type == "f" else cell.value for cell in cells]


def _check_archive(data: bytes) -> None:
    """Refuse an archive that is broken, is not a workbook, or would unfold without end."""
    try:
        names = archives.checked(data)
    except archives.BrokenArchive:
        raise SheetRefused(_BROKEN) from None
    except archives.LockedArchive:
        raise SheetRefused("Книга защищена паролем: снимите защиту и загрузите ещё раз.") from None
    except archives.HugeArchive:
        raise SheetRefused(_TOO_MUCH, 413) from None
    if "[Content_Types].xml" not in names:
        raise SheetRefused(_NOT_A_TABLE)


# --- CSV --------------------------------------------------------------------------------------------------------------------


def _text_lines(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    text = _decoded(data)
    if "\0" in text or any(ord(sign) < 9 for sign in text[:1000]):
        raise SheetRefused(_NOT_A_TABLE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    previous = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise SheetRefused(
                f"Строка {previous + 1} не читается: длинная ячейка или незакрытая кавычка. Исправьте и загрузите снова."
            ) from None
        if cells is None:
            return
        # A cell may hold line breaks; the line shown to people is the first one of the record.
        yield previous + 1, cells
        previous = reader.line_num


def _decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused(_NOT_A_TABLE)


def _delimiter(text: str) -> str:
    """The separator under which the header is one; a header with its faults is still better than none."""
    for line in text[:100_000].splitlines()[:HEADER_WITHIN]:
        for delimiter in ";\t,":
            titles = {fields.folded(cell.strip('"')) for cell in line.split(delimiter)}
            if len(titles & _NAMES.keys()) > 1:
                return delimiter
    return ";"


SAMPLE = (
    ("№", "Фамилия", "Имя", "Отчество", "Должность", "Организация", "Категория", "Решение"),
    ("1", "Примерова", "Анна", "Ивановна", "учитель математики", "ГБОУ школа № 000", "высшая", "установить"),
    ("2", "Образцов", "Пётр", "Сергеевич", "воспитатель", "ГБДОУ детский сад № 000", "первая", "отказать"),
)


def sample() -> bytes:
    """An example file that Excel opens as it is: CSV with semicolons, UTF-8 with a mark."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(SAMPLE)
    return text.getvalue().encode("utf-8-sig")
