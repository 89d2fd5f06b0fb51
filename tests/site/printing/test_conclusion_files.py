"""The files of a form besides the web page: the blank conclusion as PDF and DOCX, the calculation as XLSX. All fifteen."""

import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from attestation.rubrics.forms import edition, form
from attestation.rubrics.scoring import Claim, InvalidClaims, Score, score
from attestation.rubrics.shape import Counting, Form
from attestation.site.printing.calculation import REPEATED, Filling, calculation_xlsx

from .office import convert

NUMBERS = [entry.number for entry in edition().forms]
SITUATIONS = Path(__file__).parents[2] / "rubrics" / "situations"
CATEGORIES = {"first": "первая", "highest": "высшая"}


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
    """Everything claimed, for each position and category (and role): one result, then several of every option."""
    for position in found.positions:
        roles = found.roles(position) or ("",)
        for place, (category, role) in enumerate((category, role) for category in CATEGORIES for role in roles):
            results = 1 + 3 * (place % 2)
            counts = {
                (row.clause, option.index): results
                for row in found.criteria
                if row.open_to(position)
                for option in row.options
                if option.role in ("", role)
            }
            asked = {"role": role, "discipline": found.disciplines[place % 2].name if found.disciplines else ""}
            yield made(found, f"everything × {results}", position, category, counts, asked)


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


@pytest.mark.parametrize("number", NUMBERS)
def test_libreoffice_calculates_what_the_engine_counts(
    calculated: dict[int, tuple[list[Case], openpyxl.Workbook]], number: int
) -> None:
    cases, book = calculated[number]
    assert len(book.sheetnames) == len(cases) + 2
    for place, case in enumerate(cases):
        sheet, expected = book.worksheets[place], case.expected
        found = (sheet["F3"].value, sheet["G3"].value, sheet["F4"].value, sheet["F5"].value, sheet["F6"].value)
        verdict = "соответствует" if expected.meets else "не соответствует"
        if expected.meets and not expected.meets_strictly:
            verdict = "соответствует, если варианты складываются: решает эксперт"
        if len(form(number).roles(expected.position)) > 1 and not expected.role:
            verdict = "выберите роль"
        wanted = (expected.total, expected.low, expected.required, expected.missing, verdict)
        assert found == wanted, f"{case.name}, {case.filling.position}"
        texts = ((cell.coordinate, cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str))
        assert [place for place, text in texts if text.startswith("#")] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_libreoffice_gives_each_row_the_points_of_the_engine(
    calculated: dict[int, tuple[list[Case], openpyxl.Workbook]], number: int
) -> None:
    cases, book = calculated[number]
    for place, case in enumerate(cases):
        sheet = book.worksheets[place]
        points = dict(case.expected.points)
        keys = iter(row.clause for row in form(number).criteria)
        groups = {group.clause for section in form(number).sections for group in section.groups}
        bands = {section.number for section in form(number).sections if section.heading}
        shown = {}
        started = False
        for row in sheet.iter_rows(max_col=7, values_only=True):
            if started and row[0] is not None and row[0] not in groups | bands:
                shown[next(keys)] = row[5]
            started = started or row[0] == "№"
        assert {clause: value for clause, value in shown.items() if value or clause in points} == points, case.name
