"""A long order, printed in sections by several processes: one document all the same, tagged and numbered from end to end."""

import io
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdf
import pytest

from attestation.site.printing import orders, parallel
from attestation.site.printing.order_words import example_sheet
from attestation.site.printing.orders import OrderSheet, PrintedOrder, print_order, sections_of
from attestation.site.printing.press import order_apart

ROWS = 60


@pytest.fixture(scope="module")
def printed() -> Iterator[PrintedOrder]:
    """An order of 60 rows in sections of 25, 25 and 10, printed by two processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orders, "ROWS_OF_A_SECTION", 25)
        told: list[tuple[int, int]] = []
        made = print_order(example_sheet(ROWS), lambda done, total: told.append((done, total)), printers=2)
        assert told[-1] == (made.pages * 2, made.pages * 2)
        assert print_order(example_sheet(ROWS)) == made  # by one process
        yield made


@pytest.fixture(scope="module")
def pdf(printed: PrintedOrder) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(printed.data)) as opened:
        yield opened


@pytest.fixture(scope="module")
def texts(printed: PrintedOrder) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(printed.data)).pages]


def test_a_short_annex_is_one_section_without_a_heading() -> None:
    assert [(s.number, s.of, s.heading, len(s.sheet.lines)) for s in sections_of(example_sheet(250))] == [(1, 1, "", 250)]
    assert [(s.of, s.heading) for s in sections_of(OrderSheet(**{**vars(example_sheet(1)), "lines": ()}))] == [(1, "")]


def test_a_long_annex_is_cut_and_nothing_is_lost() -> None:
    sheet = example_sheet(501)
    sections = sections_of(sheet)
    assert [section.heading for section in sections] == ["Строки 1–250", "Строки 251–500", "Строки 501–501"]
    assert tuple(line for section in sections for line in section.sheet.lines) == sheet.lines
    assert {section.sheet.points for section in sections} == {sheet.points}


def test_pages_are_numbered_through(texts: list[str], printed: PrintedOrder) -> None:
    assert len(texts) == printed.pages == 6
    for number, text in enumerate(texts, 1):
        assert re.findall(r"стр\. \d+ из \d+", text) == [f"стр. {number} из 6"]


def test_each_section_begins_on_a_page_of_its_own_below_its_heading(texts: list[str], printed: PrintedOrder) -> None:
    assert [number for number, text in enumerate(texts, 1) if "Строки " in text] == [2, 4, 6]
    assert "Строки 1–25 № п/п" in texts[1] and texts[3].startswith("Строки 26–50 № п/п")
    assert [printed.row_pages[number] for number in (1, 25, 26, 50, 51, 60)] == [2, 3, 4, 5, 6, 6]
    assert list(printed.row_pages) == list(range(1, ROWS + 1))
    for row, page in printed.row_pages.items():
        person = example_sheet(ROWS).lines[row - 1].person
        assert f" {row} {person} " in texts[page - 1]


def test_the_outline_leads_to_the_sections(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        (order,) = outline.root
        assert order.title == "РАСПОРЯЖЕНИЕ"
        annex = order.children[-1]
        assert [item.title for item in annex.children] == ["Строки 1–25", "Строки 26–50", "Строки 51–60"]
        targets = [item.destination[0] for item in annex.children]
        assert [pikepdf.Page(target).index for target in targets] == [1, 3, 5]


def test_each_row_can_be_linked_to_on_its_page(pdf: pikepdf.Pdf, printed: PrintedOrder) -> None:
    flat = list(pdf.Root.Names.Dests.Names)
    names = [str(name) for name in flat[::2]]
    assert names == sorted(names)
    places = {name: pikepdf.Page(place[0]).index + 1 for name, place in zip(names, flat[1::2], strict=True)}
    assert places == {f"row-{row}": page for row, page in printed.row_pages.items()}


def test_the_structure_is_one_tree_from_the_root_to_the_marks_on_every_page(pdf: pikepdf.Pdf) -> None:
    """Going down the tree and going by the parent tree from each page's marks meet in the same elements."""
    root = pdf.Root.StructTreeRoot
    down: dict[tuple[int, int], tuple[int, int]] = {}
    kinds: list[str] = []

    def walk(element: pikepdf.Object, parent: pikepdf.Object) -> None:
        assert element.P.objgen == parent.objgen
        kinds.append(str(element.S))
        for kid in element.K:
            if isinstance(kid, int):
                down[element.Pg.objgen[0], kid] = element.objgen
            else:
                walk(kid, element)

    (document,) = root.K
    walk(document, root)
    up = {}
    flat = list(root.ParentTree.Nums)
    by_key = dict(zip(map(int, flat[::2]), flat[1::2], strict=True))
    assert sorted(by_key) == list(by_key) == [int(page.obj.StructParents) for page in pdf.pages] == list(range(6))
    for page in pdf.pages:
        for mark, element in enumerate(by_key[int(page.obj.StructParents)]):
            up[page.obj.objgen[0], mark] = element.objgen
    assert up == down
    assert kinds.count("/Document") == 1
    assert (kinds.count("/TD"), kinds.count("/Table"), kinds.count("/TH")) == (ROWS * 6, 5, 30)
    assert (kinds.count("/H1"), kinds.count("/H2"), kinds.count("/H3")) == (1, 2, 3)


def test_every_mark_in_the_pages_has_its_element_and_numbers_are_no_content(pdf: pikepdf.Pdf) -> None:
    flat = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    for page, elements in zip(pdf.pages, flat[1::2], strict=True):
        marks, open_marks, bare = [], [], 0
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "BDC":
                open_marks.append(str(operands[0]))
                if "/MCID" in operands[1]:
                    marks.append(int(operands[1].MCID))
                else:
                    assert (str(operands[0]), str(operands[1].Type)) == ("/Artifact", "/Pagination")
            elif str(operator) == "BMC":
                open_marks.append(str(operands[0]))
            elif str(operator) == "EMC":
                open_marks.pop()
            elif str(operator) in {"Tj", "TJ", "Do"}:
                bare += not open_marks
        assert marks == list(range(len(elements)))
        assert bare == 0 and not open_marks


def test_headers_are_named_once_and_found_by_the_cells(pdf: pikepdf.Pdf) -> None:
    flat = list(pdf.Root.StructTreeRoot.IDTree.Names)
    names = [bytes(name) for name in flat[::2]]
    assert names == sorted(set(names)) and len(names) == 30
    heads = dict(zip(names, flat[1::2], strict=True))
    assert {str(head.S) for head in heads.values()} == {"/TH"}
    assert all(bytes(head.ID) == name for name, head in heads.items())
    cells = [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/TD"]
    assert len(cells) == ROWS * 6
    for cell in cells:
        (header,) = cell.A.Headers
        assert heads[bytes(header)].Pg.objgen == cell.Pg.objgen  # the header repeated on the same page


def test_the_whole_is_pdf_a_and_sound(pdf: pikepdf.Pdf, printed: PrintedOrder, tmp_path: Path) -> None:
    assert pdf.check_pdf_syntax() == []
    assert (str(pdf.pdf_version), str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("1.7", "ru", True)
    with pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "2A"
    assert [str(intent.S) for intent in pdf.Root.OutputIntents] == ["/GTS_PDFA1"]
    (tmp_path / "order.pdf").write_bytes(printed.data)
    listed = subprocess.run(["pdffonts", tmp_path / "order.pdf"], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()[2:]]
    assert rows and {row[-5] for row in rows} == {"yes"}  # embedded, every one
    assert listed.stderr == ""


def test_numbers_stand_in_the_upper_field_and_at_the_foot_of_the_first_page(printed: PrintedOrder, tmp_path: Path) -> None:
    """Millimetres from the top and from the right or left edge; the annex lies on its side."""
    (tmp_path / "order.pdf").write_bytes(printed.data)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "order.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    found = []
    for page in boxes.split("<page ")[1:]:
        width = float(re.search(r'width="([\d.]+)"', page)[1])  # type: ignore[index]
        words = [(word, *map(float, at)) for *at, word in re.findall(WORD, page)]
        first = next(place for place, (word, *_) in enumerate(words) if word == "стр.")
        left, top, right = words[first][1], words[first][2], words[first + 3][3]
        found.append(tuple(round(points / 72 * 25.4) for points in (top, left, width - right)))
    assert found == [(285, 184, 10)] + [(10, 141, 141)] * 5


WORD = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">([^<]+)</word>'


def test_a_cell_holds_its_words_itself(pdf: pikepdf.Pdf) -> None:
    """An element between a cell and its marks says nothing, and there would be six of them in a row."""
    cells = [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/TD"]
    assert all(isinstance(kid, int) for cell in cells for kid in cell.K)


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(parallel.PrinterDied, match="status 3"):
        parallel.run(die, [1], 1, lambda *_: None)


def die(_task: int, _progress: object) -> None:
    os._exit(3)


def test_who_stops_waiting_leaves_no_printing_process_behind() -> None:
    """A press that is killed takes its helpers with it."""
    presses: set[int] = set()

    class Enough(Exception):
        pass

    def watch() -> None:
        presses.update(process for process in children(os.getpid()) if os.getpgid(process) == process)
        if len([helper for press in presses for helper in children(press)]) >= 2:
            raise Enough

    with pytest.raises(Enough):
        order_apart(example_sheet(501), watch=watch)
    (press,) = presses
    for _ in range(100):
        if not members(press):
            break
        time.sleep(0.1)
    assert members(press) == []


def children(parent: int) -> list[int]:
    return [process for process, (mother, _) in processes().items() if mother == parent]


def members(group: int) -> list[int]:
    return [process for process, (_, its) in processes().items() if its == group]


def processes() -> dict[int, tuple[int, int]]:
    """Every living process: its parent and its group."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if state != "Z":
            found[int(folder.name)] = int(parent), int(group)
    return found
