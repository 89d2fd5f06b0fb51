"""The blank conclusion of a form: complete, tagged, made once."""

import io
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdf
import pytest

from attestation.rubrics.forms import form
from attestation.rubrics.shape import Form
from attestation.site.printing import conclusions, press
from attestation.site.printing.conclusions import Limit, blocks, conclusion_pdf, kept_conclusion, limits
from attestation.tests.site.printing.test_orders import evened, fonts, structure

NUMBERS = (1, 6, 8)


@pytest.fixture(scope="module", params=NUMBERS)
def printed(request: pytest.FixtureRequest) -> tuple[Form, bytes]:
    found = form(request.param)
    return found, conclusion_pdf(found)


def pages(data: bytes) -> list[str]:
    return [evened(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def test_the_head_names_the_form_and_whom_it_covers(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    words = found.conclusion
    head = pages(data)[0]
    covers = f" ({found.covers})" if found.covers else ""
    source = "Приложение № 3 Распоряжение Комитета по образованию «О внесении изменений в распоряжение Комитета по образованию "
    source += "от 03.12.2014 № 5488-р» от 13 апреля 2021 г. № 1016-р"
    opening = f"Форма {found.number} {source} {found.title}{covers} {words.person_hint}"
    assert "".join(head.split()).startswith("".join(opening.split()))  # lines also break after hyphens
    assert f"{words.person_hint} {words.expert} {words.expert_hint} {words.review} {words.date_hint} " in head
    assert head.endswith(f"Форма {found.number}. Редакция от 13 апреля 2021 года, № 1016-р стр. 1 из {len(pages(data))}")


def test_it_ends_with_the_conclusion_the_signature_and_the_thresholds(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    words = found.conclusion
    text = evened(" ".join(pages(data)))
    for part in (
        words.opening,
        words.opening_hint,
        words.verdict,
        words.demand,
        words.closing,
        words.signature,
        words.thresholds,
    ):
        assert evened(part) in text
    assert evened(f"{words.recommendations} {words.signature}") in text


def test_it_is_accessible(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.Lang == "ru"
        assert pdf.Root.MarkInfo.Marked is True
        assert b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()
        assert pdf.docinfo.Title == f"Форма {found.number}. {found.title}"
        elements = structure(pdf.Root.StructTreeRoot)
        kinds = [str(element.S) for element in elements]
        assert (kinds.count("/H1"), kinds.count("/H2")) == (1, 1)
        told = [[str(header) for header in element.A.Headers] for element in elements if element.S == "/TD"]
        assert all(told), "a cell without a header"
        assert {str(element.A.Scope) for element in elements if element.S == "/TH"} == {"/Column", "/Row"}
    assert fonts(data) <= {"PT-Sans", "PT-Sans-Bold", "PT-Sans-Italic", "PT-Serif", "PT-Serif-Bold"}


def test_cells_that_span_rows_keep_every_cell_under_its_header() -> None:
    """Criterion 1.1 of form 8: evidence and notes span four rows, the next row begins under «№» again."""
    with pikepdf.open(io.BytesIO(conclusion_pdf(form(8)))) as pdf:
        table = next(element for element in structure(pdf.Root.StructTreeRoot) if element.S == "/Table")
        rows = [list(element.K) for element in structure(table) if element.S == "/TR"]
        columns = [str(cell.ID) for cell in rows[0]]
        told = [[columns.index(str(header)) for cell in row for header in cell.A.Headers] for row in rows[1:]]
    assert told == [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3]]


def test_the_expert_can_type_every_price_and_the_head(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    reader = pypdf.PdfReader(io.BytesIO(data))
    fields = reader.get_fields() or {}
    drawn = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert sorted(note["/T"] for note in drawn) == sorted(fields)
    priced = [row for block in blocks(found) for row in block.rows if row.points]
    given = [field["/TU"] for name, field in fields.items() if name.startswith("given_")]
    assert [title.partition(", ")[2] for title in given] == [f"{evened(row.label)}: баллы эксперта" for row in priced]
    head = {"person", "expert", "reviewed_on", "teacher", "category", "signatory", "signed_on", "total"}
    assert head <= {name for name, field in fields.items() if field["/TU"]}


def test_filled_cyrillic_is_kept_and_drawn(printed: tuple[Form, bytes], tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(printed[1]))
    texts = {name: "Ёлкина «съезд»" for name in ("person", "expert", "teacher", "recommendation_1", "signatory")}
    values = texts | {name: "125" for name in writer.get_fields() or {} if name.startswith("given_")}
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    writer.write(tmp_path / "filled.pdf")
    fields = pypdf.PdfReader(tmp_path / "filled.pdf").get_fields() or {}
    assert {name: fields[name]["/V"] for name in values} == values
    said = subprocess.run(["pdftotext", tmp_path / "filled.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert said.count("Ёлкина «съезд»") == len(texts)


def test_the_same_form_gives_the_same_bytes(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    assert conclusion_pdf(found) == data


def test_no_block_of_a_form_is_too_long_for_a_page() -> None:
    assert max(len(block.rows) for number in NUMBERS for block in blocks(form(number))) <= 24


def test_thresholds_are_read_as_printed() -> None:
    assert limits(form(1))[0] == Limit("Учитель начальных классов", "140 и выше", "360 и выше")
    assert "–" in limits(form(6))[0].first


def test_it_is_made_once_by_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kept_conclusion(form(6), tmp_path)
    assert path == tmp_path / "conclusions" / f"spb-2021-04-13-06-{conclusions.look(form(6))}.pdf"
    assert path.read_bytes() == conclusion_pdf(form(6))
    monkeypatch.setattr(press, "COMMAND", ("false",))
    assert kept_conclusion(form(6), tmp_path) == path
    assert list(path.parent.iterdir()) == [path]


def test_a_corrected_form_or_a_new_look_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = conclusions.look(form(6))
    assert len({before, conclusions.look(replace(form(6), note="исправлено")), conclusions.look(form(8))}) == 3
    monkeypatch.setattr(conclusions, "LOOK", conclusions.LOOK + 1)
    assert conclusions.look(form(6)) != before


def test_two_at_once_give_one_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2)

    def slowly(number: int, edition: str) -> bytes:
        both.wait(10)
        return b"%PDF the same"

    monkeypatch.setattr(press, "conclusion_apart", slowly)
    threads = [threading.Thread(target=kept_conclusion, args=(form(6), tmp_path)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert [path.read_bytes() for path in (tmp_path / "conclusions").iterdir()] == [b"%PDF the same"]


def test_a_failed_print_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "COMMAND", ("false",))
    with pytest.raises(press.PressFailed):
        kept_conclusion(form(6), tmp_path)
    assert list((tmp_path / "conclusions").iterdir()) == []
