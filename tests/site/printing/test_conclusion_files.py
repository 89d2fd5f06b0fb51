"""The files of a form besides the web page: the blank conclusion as PDF and DOCX, the calculation as XLSX. All fifteen."""

import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pikepdf
import pypdf
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from attestation.rubrics.forms import edition, form
from attestation.rubrics.inventory import Entry, inventory
from attestation.rubrics.scoring import Claim, Score, score
from attestation.rubrics.shape import Form
from attestation.site.printing import calculation, conclusion_word
from attestation.site.printing.calculation import calculation_xlsx, kept_calculation
from attestation.site.printing.calculation_sheet import Filling
from attestation.site.printing.conclusion_word import conclusion_docx, kept_conclusion_docx
from attestation.site.printing.conclusions import blocks, conclusion_pdf, digest, limits
from attestation.site.printing.inventory import inventory_docx, inventory_pdf

from .office import convert

NUMBERS = [entry.number for entry in edition().forms]
SITUATIONS = Path(__file__).parents[2] / "rubrics" / "situations"
CATEGORIES = {"first": "первая", "highest": "высшая"}


def squeezed(text: str) -> str:
    """Without any white space: lines of a page break anywhere."""
    return "".join(text.split())


def printed_pages(data: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def words_of(found: Form) -> list[str]:
    """Every word of the form that a blank must hold, in the order of the form."""
    words = [found.title, found.covers, found.note]
    for section in found.sections:
        words += [section.title] if section.heading else []
        words += [text for group in section.groups for text in (group.clause, group.label, group.evidence, group.note)]
        for row in section.criteria:
            words += [row.clause.removesuffix("bis"), row.label, row.context, row.tail, row.evidence, row.note]
            words += [text for option in row.options for text in (option.label, option.context, option.note)]
    return [*filter(None, words), *(text for limit in limits(found) for text in (limit.label, limit.first, limit.highest))]


# --- The blank as PDF -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=NUMBERS)
def printed(request: pytest.FixtureRequest) -> tuple[Form, bytes]:
    return form(request.param), conclusion_pdf(form(request.param))


def test_the_pdf_is_tagged_and_holds_every_word(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert (pdf.Root.Lang, pdf.Root.MarkInfo.Marked) == ("ru", True)
        assert "/StructTreeRoot" in pdf.Root
    text = "".join(printed_pages(data))
    assert [words for words in words_of(found) if squeezed(words) not in text] == []
    prices = [row for block in blocks(found) for row in block.rows if row.points]
    assert len(prices) == found.options_count
    missing = [row.label for row in prices if squeezed(row.label + row.points) not in text]
    assert missing == []


def test_the_header_of_the_table_is_on_every_page_of_it(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    columns = found.conclusion.columns
    header = squeezed("".join([*columns[:3], "Баллы, выставленные экспертом", *columns[3:]]))
    texts = printed_pages(data)
    last = next(number for number, text in enumerate(texts) if squeezed(found.conclusion.total) in text)
    with_header = [number for number, text in enumerate(texts) if header in text]
    assert with_header == list(range(with_header[0], last + 1))
    assert with_header[0] in {0, 1}


def test_recommendations_and_thresholds_are_not_torn(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    words = found.conclusion
    texts = printed_pages(data)
    pages = {
        number for number, text in enumerate(texts) for limit in limits(found) if squeezed(limit.label + limit.first) in text
    }
    assert len(pages) == 1
    assert squeezed(words.thresholds) in texts[pages.pop()]
    assert [squeezed(words.signature) in text for text in texts if squeezed(words.recommendations) in text] == [True]


# --- The blank to edit ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=NUMBERS)
def edited(request: pytest.FixtureRequest) -> tuple[Form, bytes]:
    return form(request.param), conclusion_docx(form(request.param))


def test_the_document_holds_every_word_and_every_price(edited: tuple[Form, bytes]) -> None:
    found, data = edited
    document = docx.Document(io.BytesIO(data))
    text = squeezed("".join(node.text or "" for node in document.element.body.iter(qn("w:t"))))
    words = found.conclusion
    fixed = [
        words.opening,
        words.opening_hint,
        words.verdict,
        words.demand,
        words.closing,
        words.recommendations,
        words.signature,
    ]
    assert [
        part for part in [*words_of(found), *fixed, words.person_hint, words.expert_hint] if squeezed(part) not in text
    ] == []
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    expected = [row for block in blocks(found) for row in block.rows]
    assert len(rows) == len(expected) + 2
    assert [(row[1], row[2]) for row in rows[1:-1] if row[2] != row[1]] == [
        (row.label, row.points) for row in expected if row.kind != "section"
    ]


def test_the_document_is_russian_landscape_and_its_header_is_told_apart(edited: tuple[Form, bytes]) -> None:
    found, data = edited
    document = docx.Document(io.BytesIO(data))
    entry = edition().entry(found.number)
    assert entry
    properties = document.core_properties
    assert (properties.title, properties.language) == (
        f"Экспертное заключение, форма {found.number}. {entry.title}",
        "ru-RU",
    )
    assert document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").get(qn("w:val")) == "ru-RU"
    page = document.sections[0]
    assert (page.orientation, round(page.page_width.mm), round(page.page_height.mm)) == (WD_ORIENT.LANDSCAPE, 297, 210)
    assert len(document.tables) == 2
    for table in document.tables:
        marked = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert marked == [True] + [False] * (len(table.rows) - 1)
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"] == [found.title]
    assert {document.styles[name].font.name for name in ("Normal", "Heading 1", "Heading 2")} == {"PT Serif"}


def test_libreoffice_opens_every_document(tmp_path: Path) -> None:
    files = []
    for number in NUMBERS:
        files.append(tmp_path / f"{number:02}.docx")
        files[-1].write_bytes(conclusion_docx(form(number)))
    files.append(tmp_path / "inventory.docx")
    files[-1].write_bytes(inventory_docx([Entry("Копия диплома (строка 1.5)", "копия")]))
    texts = [printed_pages(path.read_bytes()) for path in convert(files, "pdf", tmp_path)]
    for number, pages in zip(NUMBERS, texts, strict=False):
        found = form(number)
        columns = [squeezed(name) for name in found.conclusion.columns[1:]]
        last = next(place for place, text in enumerate(pages) if squeezed(found.conclusion.total) in text)
        headed = [place for place, text in enumerate(pages) if all(name in text for name in columns)]
        assert headed == list(range(headed[0], last + 1))
        whole = "".join(pages)
        labels = [squeezed(row.label) for row in found.criteria]
        assert [label for label in labels if label not in whole] == []
        assert [f"стр.{place}из{len(pages)}" in text for place, text in enumerate(pages, 1)] == [True] * len(pages)
    assert squeezed("Копия диплома (строка 1.5)") in "".join(texts[-1])


def test_the_same_form_gives_the_same_files() -> None:
    assert conclusion_docx(form(7)) == conclusion_docx(form(7))
    assert calculation_xlsx(form(7)) == calculation_xlsx(form(7))


def test_files_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document, sheet = kept_conclusion_docx(form(7), tmp_path), kept_calculation(form(7), tmp_path)
    assert document == tmp_path / "conclusions" / f"spb-2021-04-13-07-{digest(conclusion_word.LOOK, form(7))}.docx"
    assert sheet == tmp_path / "calculations" / f"spb-2021-04-13-07-{digest(calculation.LOOK, form(7))}.xlsx"
    made = document.read_bytes(), sheet.read_bytes()
    monkeypatch.setattr(conclusion_word, "conclusion_docx", lambda _: b"another")
    monkeypatch.setattr(calculation, "calculation_xlsx", lambda _: b"another")
    kept_conclusion_docx(form(7), tmp_path), kept_calculation(form(7), tmp_path)
    assert (document.read_bytes(), sheet.read_bytes()) == made


def test_the_files_of_a_corrected_form_are_made_anew(tmp_path: Path) -> None:
    corrected = replace(form(7), note="исправлено")
    for kept_file in (kept_conclusion_docx, kept_calculation):
        assert kept_file(corrected, tmp_path) != kept_file(form(7), tmp_path)


# --- The inventory ----------------------------------------------------------------------------------------------------------


def test_the_inventory_numbers_its_rows_and_leaves_the_rest_to_the_applicant() -> None:
    entries = [Entry("Копия диплома (строка 1.5)", "копия"), Entry("Справка работодателя (строка 3)", "оригинал")]
    table = docx.Document(io.BytesIO(inventory_docx(entries))).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == list(inventory().columns)
    assert rows[1] == ["1", "", "", "Копия диплома (строка 1.5)", "", "", "копия"]
    assert rows[2] == ["2", "", "", "Справка работодателя (строка 3)", "", "", "оригинал"]
    assert [row[0] for row in rows[3:]] == ["3", "4", "5"]
    assert {text for row in rows[3:] for text in row[1:]} == {""}


def test_the_inventory_is_tagged_and_says_what_the_appendix_says() -> None:
    data = inventory_pdf()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert (pdf.Root.Lang, pdf.Root.MarkInfo.Marked) == ("ru", True)
        assert pdf.docinfo.Title == "Внутренняя опись документов индивидуальной папки"
    pages = printed_pages(data)
    words = inventory()
    header = squeezed("".join(words.columns))
    assert all(header in text for text in pages)
    text = "".join(pages)
    for part in (words.appendix, words.regulation, words.person_hint, words.work_hint, words.applicant_hint):
        assert squeezed(part) in text, part
    for part in (words.organization_hint, words.name_hint, words.stamp, words.date_hint, words.footnote):
        assert squeezed(part) in text, part
    assert inventory_pdf() == data


def test_the_empty_inventory_can_be_typed_into_and_names_its_edition() -> None:
    reader = pypdf.PdfReader(io.BytesIO(inventory_pdf()))
    fields = reader.get_fields() or {}
    columns = inventory().columns[1:]
    cells = {f"row_{row}_{place}": f"Строка {row}, {name}" for row in range(1, 15) for place, name in enumerate(columns, 2)}
    named = {"person": inventory().person_hint, "work": inventory().work_hint, "signed_on": "дата"}
    organization = "подпись уполномоченного лица организации, осуществляющей образовательную деятельность"
    signed = {"applicant": "подпись заявителя или доверенного лица: расшифровка подписи"}
    signed["organization"] = f"{organization}: расшифровка подписи"
    expected = {**named, **cells, **signed}
    assert {name: field["/TU"] for name, field in fields.items()} == expected
    foot = squeezed("Редакция от 13 апреля 2021 г., распоряжение Комитета по образованию от 13.04.2021 № 1016-р")
    assert [foot in text for text in printed_pages(inventory_pdf())] == [True, True]
    assert "row_1_4" not in (pypdf.PdfReader(io.BytesIO(inventory_pdf([Entry("Диплом")]))).get_fields() or {})


# --- The spreadsheet --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A filled sheet and what the engine makes of the same claims."""

    name: str
    filling: Filling
    expected: Score


def told(number: int) -> Iterator[Case]:
    """The hand-calculated situations of the form without named pupils."""
    sheet = tomllib.loads((SITUATIONS / f"form{number:02}.toml").read_text(encoding="utf-8"))
    for told in sheet["situation"]:
        if "error" in told or any(len(claim) > 3 for claim in told["claims"]):
            continue
        position = form(number).position(told.get("position", sheet.get("position")))
        assert position
        counts: dict[tuple[str, int], int] = {}
        for clause, option, count in told["claims"]:
            counts[clause.rstrip("."), option] = counts.get((clause.rstrip("."), option), 0) + count
        yield made(form(number), told["name"], position, told["category"], counts, told)


def everything(found: Form) -> Iterator[Case]:
    """Everything claimed, for each position (and role): one result or several of every option, in turn."""
    asked = [(position, role) for position in found.positions for role in found.roles(position) or ("",)]
    if len(asked) == 1:
        asked *= 2
    for place, (position, role) in enumerate(asked):
        results, category = (1, "first") if place % 2 else (4, "highest")
        counts = {
            (row.clause, option.index): results
            for row in found.criteria
            if row.open_to(position)
            for option in row.options
            if option.role in ("", role)
        }
        discipline = found.disciplines[place % 2].name if found.disciplines else ""
        yield made(found, f"everything × {results}", position, category, counts, {"role": role, "discipline": discipline})


def made(
    found: Form, name: str, position: str, category: str, counts: dict[tuple[str, int], int], asked: dict[str, Any]
) -> Case:
    role, discipline = asked.get("role", ""), found.discipline(asked.get("discipline", "")) or ""
    claims = [Claim(clause, option, count) for (clause, option), count in counts.items()]
    expected = score(found, position, category, claims, role=role or None, discipline=discipline or None)
    return Case(name, Filling(position, CATEGORIES[expected.category], expected.role or "", discipline, counts), expected)


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[list[Case], openpyxl.Workbook]]:
    """All sheets of all forms, calculated by LibreOffice in one run."""
    folder = tmp_path_factory.mktemp("calculated")
    cases = {number: [*told(number), *everything(form(number))] for number in NUMBERS}
    files = []
    for number in NUMBERS:
        files.append(folder / f"{number:02}.xlsx")
        files[-1].write_bytes(calculation_xlsx(form(number), [case.filling for case in cases[number]]))
    books = [openpyxl.load_workbook(path, data_only=True) for path in convert(files, "xlsx", folder)]
    return {number: (cases[number], book) for number, book in zip(NUMBERS, books, strict=True)}


def test_libreoffice_calculates_what_the_engine_counts(calculated: dict[int, tuple[list[Case], openpyxl.Workbook]]) -> None:
    """One test for all forms: test processes that share the work would each calculate all of them."""
    for number, (cases, book) in calculated.items():
        assert len(book.sheetnames) == len(cases) + 2
        for place, case in enumerate(cases):
            sheet, expected = book.worksheets[place], case.expected
            about = f"form {number}: {case.name}, {case.filling.position}"
            found = (sheet["F3"].value, sheet["G3"].value, sheet["F4"].value, sheet["F5"].value, sheet["F6"].value)
            assert found == (expected.total, expected.low, expected.required, expected.missing, verdict(expected)), about
            assert points_shown(form(number), sheet, expected) == dict(expected.points), about
            texts = ((cell.coordinate, cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str))
            assert [where for where, text in texts if text.startswith("#")] == [], about


def verdict(expected: Score) -> str:
    """What the sheet says to this score."""
    if len(form(expected.form).roles(expected.position)) > 1 and not expected.role:
        return "выберите роль"
    if expected.meets and not expected.meets_strictly:
        return "соответствует, если варианты складываются: решает эксперт"
    return expected.verdict


def points_shown(found: Form, sheet: Any, expected: Score) -> dict[str, int]:
    """The points beside each row, zeros of unclaimed rows left out."""
    headings = {group.clause for section in found.sections for group in section.groups}
    headings |= {section.number for section in found.sections if section.heading}
    keys = iter(row.clause for row in found.criteria)
    rows = list(sheet.iter_rows(max_col=7, values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "№")
    shown = {next(keys): row[5] for row in rows[start + 1 :] if row[0] is not None and row[0] not in headings}
    assert next(keys, None) is None
    return {clause: value for clause, value in shown.items() if value or clause in dict(expected.points)}


def test_rows_of_other_positions_are_said_to_be_closed(calculated: dict[int, tuple[list[Case], openpyxl.Workbook]]) -> None:
    """Form 5: a social teacher is shown rows 1.1, 1.2, 2.2, 2.3 of the psychologist as closed."""
    cases, book = calculated[5]
    place = next(place for place, case in enumerate(cases) if case.filling.position == "Социальный педагог")
    sheet = book.worksheets[place]
    marks = {sheet.cell(row, 1).value: sheet.cell(row, 8).value for row in range(8, sheet.max_row) if sheet.cell(row, 1).value}
    closed = [clause for clause, mark in marks.items() if mark == "закрыто: не для этой должности"]
    assert closed == ["1.1", "1.2", "2.2", "2.3"]
    options = [sheet.cell(row, 2).value for row in range(8, sheet.max_row) if sheet.cell(row, 8).value == "закрыто"]
    assert options == [option.label for clause in ("2.2", "2.3") for option in form(5).criterion(clause).options]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_sheet_has_a_row_for_every_option(number: int) -> None:
    found = form(number)
    sheet = openpyxl.load_workbook(io.BytesIO(calculation_xlsx(found))).worksheets[0]
    start = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "№")
    inputs = [row for row in range(start + 1, sheet.max_row + 1) if not sheet.cell(row, 4).protection.locked]
    options = [option for row in found.criteria for option in row.options]
    labels = [row.full_label if row.plain else option.label for row in found.criteria for option in row.options]
    assert [sheet.cell(row, 2).value for row in inputs] == labels
    prices = [sheet.cell(row, 3).value for row in inputs]
    for price, option in zip(prices, options, strict=True):
        assert price == option.points or (option.points_by_role and str(price).startswith("=IF($B$5="))
    assert [sheet.cell(row, 4).value for row in inputs] == [None] * len(inputs)


@pytest.mark.parametrize("number", (1, 6, 9))
def test_the_sheet_is_guarded_and_printable(number: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(calculation_xlsx(form(number))))
    sheet = book.worksheets[0]
    start = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "№")
    assert all(one.protection.sheet and one.protection.password is None for one in book.worksheets)
    assert sheet.freeze_panes == f"C{start + 1}"
    assert sheet.print_title_rows == f"${start}:${start}"
    counts = [rule for rule in sheet.data_validations.dataValidation if rule.type == "whole"]
    assert {(rule.operator or "between", rule.formula1, rule.formula2) for rule in counts} == {("between", "0", "1000")}
    guarded = {str(cell) for rule in counts for cell in rule.sqref.ranges}
    assert len(guarded) == form(number).options_count
    lists = [str(rule.sqref) for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert lists == ["B3", "B4", *(["B6"] if number == 9 else [])]
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == guarded | set(lists)


def test_rows_that_need_different_pupils_are_named() -> None:
    notes = openpyxl.load_workbook(io.BytesIO(calculation_xlsx(form(8))))["Пояснения"]
    texts = [str(row[0].value) for row in notes.iter_rows()]
    (said,) = [text for text in texts if text.startswith("Чего таблица не умеет")]
    assert said.startswith("Чего таблица не умеет: в строках 1.4, 1.5, 1.6, 1.7, 1.8")
