"""Files with rows, as situations: what is in the file, what comes out of it."""

import csv
import io
import struct
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from attestation.admin.acts import rows as module
from attestation.admin.acts.rows import Problem, Row, SheetRefused, check, read_rows
from attestation.procedure.words import Category

HEADER = ("№", "Фамилия", "Имя", "Отчество", "Должность", "Организация", "Категория", "Решение")
LINES = (
    (1, "Иванова", "Мария", "Петровна", "учитель", "ГБОУ СОШ № 45", "первая", "установить"),
    (2, "Отказова", "Нина", "", "учитель-логопед", "ГБОУ школа № 450", "высшая", "отказать"),
)
ROWS = (
    Row("Иванова", "Мария", "Петровна", "учитель", "ГБОУ СОШ № 45", Category.FIRST, True),
    Row("Отказова", "Нина", "", "учитель-логопед", "ГБОУ школа № 450", Category.HIGHEST, False),
)
Table = tuple[tuple[Any, ...], ...]


def xlsx(*lines: tuple[Any, ...], title: str = "Лист1") -> bytes:
    """A real workbook with these lines."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(line)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def text(*lines: tuple[Any, ...], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """A real CSV with these lines."""
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(lines)
    return made.getvalue().encode(encoding)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (xlsx(HEADER, *LINES), "rows.xlsx"),
        (xlsx(("Приложение к распоряжению",), (), HEADER, (), *LINES, (), ("",)), "with title.XLSX"),
        (text(HEADER, *LINES), "rows.csv"),
        (text(HEADER, *LINES, delimiter=","), "rows.csv"),
        (text(HEADER, *LINES, delimiter="\t"), "rows.tsv"),
        (text(HEADER, *LINES, encoding="utf-8-sig"), "rows.csv"),
        (text(HEADER, *LINES, encoding="cp1251"), "rows.csv"),
        (text(HEADER, *LINES, encoding="utf-16", delimiter="\t"), "rows.txt"),
        (text(HEADER, *LINES).replace(b"\r\n", b"\n"), "rows.csv"),
        (text(("", *HEADER), *(("", *line) for line in LINES)), "shifted.csv"),
    ],
)
def test_shapes_of_files(data: bytes, name: str) -> None:
    assert read_rows(data, name) == module.Sheet(ROWS, ())


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (("ФИО", "Должность", "Место работы", "Категория"), ("Иванова Мария Петровна", "учитель", "ГБОУ СОШ № 45", "1")),
        (
            ("Ф.И.О.", "ДОЛЖНОСТЬ", "Образовательная организация", "Категория"),
            ("Иванова  Мария  Петровна", "учитель", "ГБОУ СОШ № 45", "I"),
        ),
        (
            ("Категория", "Организация", "Фамилия ", "Имя", "Отчество (при наличии)", "Должность"),
            ("Первая квалификационная категория", "ГБОУ  СОШ № 45", " Иванова", "Мария", "Петровна", "учитель"),
        ),
    ],
)
def test_headers(header: tuple[str, ...], line: tuple[str, ...]) -> None:
    for data, name in ((xlsx(header, line), "a.xlsx"), (text(header, line), "a.csv")):
        assert read_rows(data, name) == module.Sheet(ROWS[:1], ())


@pytest.mark.parametrize(
    ("person", "parts"),
    [
        ("Римская-Корсакова Анна-Мария Львовна", ("Римская-Корсакова", "Анна-Мария", "Львовна")),
        ("Мамедов Али Гусейн оглы", ("Мамедов", "Али", "Гусейн оглы")),
        ("Ким Ир", ("Ким", "Ир", "")),
        ("О'Нил Пётр", ("О'Нил", "Пётр", "")),
    ],
)
def test_names_in_one_column(person: str, parts: tuple[str, str, str]) -> None:
    sheet = read_rows(text(("ФИО", "Должность", "Организация", "Категория"), (person, "учитель", "школа", "высшая")), "a.csv")
    assert [(row.surname, row.name, row.patronymic) for row in sheet.rows] == [parts]


def test_every_bad_line_is_named() -> None:
    """Each with its number in the file and every reason; good lines are read all the same."""
    bad = (
        ("", "", "", "", "", "", "", ""),
        ("1", "", "Мария", "", "учитель", "школа", "первая", "установить"),
        ("2", "Иванова", "Мария", "", "", "", "третья", "подумать"),
        ("3", "Иванов1", "Пётр", "", "учитель", "школа", "", ""),
        ("4", "Иванова", "Мария", "", "учитель", "школа", "высшая", "установить"),
        ("5", "И" * 101, "Мария", "", "учитель", "школа", "высшая", "установить"),
        ("6", "ИВАНОВА", "Мария", "", "Учитель", "Школа", "первая", "отказать"),
        ("7", "Ива\x1bнова", "Мария", "", "учитель", "школа", "высшая", "установить"),
    )
    sheet = check(read_rows(text(HEADER, *bad), "a.csv"))
    assert [row.line for row in sheet.rows] == [6, 8]
    assert sheet.problems == (
        Problem(3, "Заполните поле «Фамилия»."),
        Problem(
            4,
            "Заполните поле «Должность». Заполните поле «Организация»."
            " Категория «третья» не бывает: нужно «первая» или «высшая»."
            " Решение «подумать» не бывает: нужно «установить» или «отказать».",
        ),
        Problem(
            5,
            "В имени «Иванов1» есть лишние знаки: нужны только буквы, дефис и пробел."
            " Не указано: категория («первая» или «высшая»). Не указано: решение («установить» или «отказать»).",
        ),
        Problem(7, "Поле «Фамилия» длиннее 100 знаков: сократите его."),
        Problem(8, "ИВАНОВА Мария: уже есть в строке 6 файла (та же должность и организация)."),
        Problem(9, "В поле «Фамилия» есть непечатаемые знаки: наберите его заново."),
    )


def test_already_in_the_order() -> None:
    present = Row("Соловьёва", "Алёна", "", "воспитатель", "детский сад", Category.FIRST, True, line=12)
    header = ("ФИО", "Должность", "Организация", "Категория")
    sheet = read_rows(text(header, ("СОЛОВЬЕВА Алена", "Воспитатель", "Детский сад", "высшая")), "a.csv")
    assert check(sheet, [present]).problems == (Problem(2, "СОЛОВЬЕВА Алена: уже есть в распоряжении, строка 12."),)
    other_post = read_rows(text(header, ("Соловьёва Алёна", "учитель", "детский сад", "высшая")), "a.csv")
    assert check(other_post, [present]).problems == ()


def test_formulas() -> None:
    """In the counting column they are usual; anywhere else a formula is not a value."""
    lines = [("=ROW()-1", *LINES[0][1:]), (2, "=B2", *LINES[1][2:])]
    sheet = read_rows(xlsx(HEADER, *lines), "a.xlsx")
    assert sheet == module.Sheet(ROWS[:1], (Problem(3, "В ячейке формула: вставьте вместо неё значение."),))


def test_numbers_and_dates_in_cells() -> None:
    import datetime as dt

    line = (1.0, "Иванова", "Мария", "", dt.date(2026, 3, 1), 45.0, 1, "да")
    sheet = read_rows(xlsx(HEADER, line), "a.xlsx")
    assert sheet.rows == (Row("Иванова", "Мария", "", "01.03.2026", "45", Category.FIRST, True),)


def test_hidden_sheet_and_second_sheet() -> None:
    book = Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.sheet_state = "hidden"
    hidden.append(("Заметки",))
    shown = book.create_sheet("Приложение")
    for line in (HEADER, *LINES):
        shown.append(line)
    kept = io.BytesIO()
    book.save(kept)
    assert read_rows(kept.getvalue(), "a.xlsx").rows == ROWS


def zipped(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return kept.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose sheet is this XML."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(HEADER, *LINES))) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part, xml if part.filename == "xl/worksheets/sheet1.xml" else old.read(part))
    return kept.getvalue()


def encrypted() -> bytes:
    """An archive whose parts say they are encrypted."""
    data = bytearray(xlsx(HEADER))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8 : at + 10] = struct.pack("<H", 1)
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def damaged() -> bytes:
    """A workbook in which a part does not give the checksum that it should."""
    data = bytearray(xlsx(HEADER, *LINES))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    at = part.header_offset + 30 + len(part.filename) + part.compress_size // 2
    data[at] ^= 0xFF
    return bytes(data)


BILLION = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c t="inlineStr"><is>'
    b"<t>&b;</t></is></c></row></sheetData></worksheet>"
)
BROKEN = "Книга XLSX повреждена и не читается. Откройте её в Excel или LibreOffice, сохраните заново и загрузите ещё раз."
NO_TABLE = "Файл не похож на таблицу. Сохраните его в Excel или LibreOffice как XLSX или CSV и загрузите ещё раз."
TOO_BIG_INSIDE = "Книга в развёрнутом виде слишком велика. Оставьте в ней один лист с данными."
NO_HEADER = "В файле нет строки заголовков. Нужны столбцы: Фамилия, Имя, Отчество (или ФИО), Должность, Организация, Категория."


@pytest.mark.parametrize(
    ("name", "data", "status", "told"),
    [
        ("empty.csv", b"", 422, "Файл пуст: выберите файл со строками приложения."),
        ("zeros.csv", bytes(5000), 422, "Файл пуст: выберите файл со строками приложения."),
        ("zero.xlsx", b"", 422, "Файл пуст: выберите файл со строками приложения."),
        ("zeros inside.csv", text(HEADER, *LINES).replace("Мария".encode(), b"\0\0"), 422, NO_TABLE),
        ("big.csv", b"x" * (5 * 1024 * 1024 + 1), 413, "Файл больше 5 МБ: разделите его на части."),
        ("cut.xlsx", xlsx(HEADER, *LINES)[:-100], 422, BROKEN),
        ("half.xlsx", xlsx(HEADER, *LINES)[:2000], 422, BROKEN),
        ("bad xml.xlsx", with_sheet(b"<worksheet><sheetData><row>"), 422, BROKEN),
        ("entities.xlsx", with_sheet(BILLION), 422, BROKEN),
        ("archive.xlsx", zipped(**{"readme.txt": b"hello"}), 422, NO_TABLE),
        ("archive.zip", zipped(**{"readme.txt": b"hello"}), 422, NO_TABLE),
        ("bomb.xlsx", zipped(**{"[Content_Types].xml": b"\0" * (61 * 1024 * 1024)}), 413, TOO_BIG_INSIDE),
        ("many.xlsx", zipped(**{f"{i}": b"" for i in range(2001)}), 413, TOO_BIG_INSIDE),
        ("rows.xlsx", with_sheet(b"<worksheet>" + b"<row/>" * 1_000_000 + b"</worksheet>"), 413, TOO_BIG_INSIDE),
        ("styles.xlsx", zipped(**{"[Content_Types].xml": b"", "xl/styles.xml": b"<xf/>" * 1_000_001}), 413, TOO_BIG_INSIDE),
        ("damaged.xlsx", damaged(), 422, BROKEN),
        ("locked.xlsx", encrypted(), 422, "Книга защищена паролем: снимите защиту и загрузите ещё раз."),
        (
            "old.xls",
            b"\xd0\xcf\x11\xe0" + bytes(600) + b"x",
            422,
            "Это книга старого вида (XLS) или книга с паролем: сохраните её как XLSX без пароля.",
        ),
        (
            "text.xlsx",
            text(HEADER, *LINES),
            422,
            "Файл назван XLSX, но внутри не книга Excel. Сохраните таблицу как XLSX и загрузите ещё раз.",
        ),
        (
            "page.xlsx",
            b"%PDF-1.7 \n" + bytes(range(256)),
            422,
            "Файл назван XLSX, но внутри не книга Excel. Сохраните таблицу как XLSX и загрузите ещё раз.",
        ),
        (
            "book.csv",
            xlsx(HEADER, *LINES),
            422,
            "Файл назван CSV, но внутри не текст. Сохраните таблицу как CSV и загрузите ещё раз.",
        ),
        ("page.csv", b"%PDF-1.7\n" + bytes(range(256)), 422, NO_TABLE),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 422, NO_TABLE),
        ("words.csv", "просто письмо\nбез таблицы".encode(), 422, NO_HEADER),
        ("header only.csv", text(HEADER), 422, "Под заголовками нет ни одной строки."),
        (
            "no category.csv",
            text(("ФИО", "Должность"), ("Иванова Мария", "учитель")),
            422,
            "В заголовке нет столбцов: Организация, Категория. Добавьте их и загрузите файл ещё раз.",
        ),
        (
            "no name.csv",
            text(("Фамилия", "Должность", "Организация", "Категория"), ("Иванова", "у", "ш", "1")),
            422,
            "В заголовке нет столбцов: Имя. Добавьте их и загрузите файл ещё раз.",
        ),
        (
            "twice.csv",
            text((*HEADER, "Категория"), (*LINES[0], "высшая")),
            422,
            "Столбец указан дважды: категория. Оставьте один и загрузите файл ещё раз.",
        ),
        (
            "both.csv",
            text((*HEADER, "ФИО"), (*LINES[0], "Иванова")),
            422,
            "Столбец указан дважды: ФИО и Фамилия. Оставьте один и загрузите файл ещё раз.",
        ),
        (
            "long line.csv",
            text(HEADER, *LINES) + b"a" * 4_000_000,
            422,
            "Строка 4 не читается: длинная ячейка или незакрытая кавычка. Исправьте и загрузите снова.",
        ),
        ("many lines.csv", text(HEADER, *[LINES[0]] * 5001), 413, "В файле больше 5000 строк: разделите его на части."),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-6:] and len(value) < 20 else "",
)
def test_files_that_are_no_table(name: str, data: bytes, status: int, told: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_rows(data, name)
    assert (refused.value.sentence, refused.value.status) == (told, status)


def test_a_quote_that_is_never_closed() -> None:
    data = (
        text(HEADER, *LINES)
        + '3;"Ким;Ир;;учитель;школа;первая;установить\r\n4;Ким;Ян;;учитель;школа;первая;установить\r\n'.encode()
    )
    sheet = read_rows(data, "a.csv")
    assert sheet.rows == ROWS
    assert [problem.line for problem in sheet.problems] == [4]


def test_many_separators_in_one_line() -> None:
    sheet = read_rows(text(HEADER, *LINES) + b";" * 3_000_000 + b"x", "a.csv")
    assert sheet.problems == (Problem(4, "В строке больше 50 столбцов: проверьте разделитель."),)


def test_a_row_far_below_does_not_hang() -> None:
    """A cell in the last line a workbook can have: the empty lines between are not waded through."""
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    with pytest.raises(SheetRefused) as refused:
        read_rows(with_sheet(far), "a.xlsx")
    assert refused.value.sentence == NO_HEADER


def test_the_sample_reads_itself() -> None:
    sheet = read_rows(module.sample(), "rows-sample.csv")
    assert (len(sheet.rows), sheet.problems) == (2, ())
    assert [row.established for row in sheet.rows] == [True, False]
