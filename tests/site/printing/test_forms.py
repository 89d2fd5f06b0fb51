"""The forms of the procedure on paper: tagged, fillable, the same every time, with every word of the source."""

import io
import subprocess
from pathlib import Path

import docx
import pikepdf
import pypdf
import pytest
from docx.oxml.ns import qn

from attestation.site import forms
from attestation.site.forms import Form, Kind
from attestation.site.printing import press
from attestation.site.printing.form_word import form_docx
from attestation.site.printing.forms import edition_words, form_pdf, kept_form
from attestation.tests.site.printing.office import convert
from attestation.tests.site.printing.test_orders import fonts, structure
from attestation.tests.site.test_forms import FULL

ANSWERS = {**FULL, "asked_position": "Учитель"}


def squeezed(text: str) -> str:
    return "".join(text.split())


def texts(data: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def words_of(found: Form) -> list[str]:
    """Every printed word of a form, but for the fields' names."""
    own = [found.appendix, found.regulation, found.kind, *found.columns, found.footnote, found.addition]
    every = [piece for part in found.parts for piece in (part, *part.cells)]
    return [squeezed(text) for text in (*own, *(text for part in every for text in (part.text, part.under, *part.options)))]


@pytest.fixture(scope="module", params=forms.NAMES)
def printed(request: pytest.FixtureRequest) -> tuple[Form, bytes]:
    return forms.form(request.param), form_pdf(request.param)


@pytest.fixture(scope="module")
def filled() -> bytes:
    return form_pdf("application", ANSWERS)


def test_it_is_tagged_russian_and_named(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert (pdf.Root.Lang, pdf.Root.MarkInfo.Marked, pdf.Root.ViewerPreferences.DisplayDocTitle) == ("ru", True, True)
        assert pdf.docinfo.Title == found.title
        assert b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()
        tags = [str(element.S) for element in structure(pdf.Root.StructTreeRoot)]
    assert tags.count("/H1") == 1
    in_three = Kind.DATE if found.layout == "lines" else None
    widgets = sum(len(part.answers) or (3 if part.kind is in_three else 1) for part in found.fields)
    assert tags.count("/Form") == widgets
    assert (tags.count("/Table") > 0) == (found.layout == "table")


def test_its_fonts_are_embedded_and_ours(printed: tuple[Form, bytes]) -> None:
    assert fonts(printed[1]) == {"PT-Serif", "PT-Serif-Bold"}


def test_every_word_and_the_edition_are_printed(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    pages = texts(data)
    whole = "".join(pages).replace(squeezed(edition_words(found)), "")
    assert [word for word in words_of(found) if word not in whole] == []
    foot = squeezed(edition_words(found))
    ends = [f"стр.{number}из{len(pages)}" for number in range(1, len(pages) + 1)]
    assert [end for end, text in zip(ends, pages, strict=True) if end not in text or foot not in text] == []


def test_every_field_has_its_name_and_a_tooltip(printed: tuple[Form, bytes]) -> None:
    found, data = printed
    fields = pypdf.PdfReader(io.BytesIO(data)).get_fields() or {}
    expected: dict[str, str] = {}
    for part in found.fields:
        if part.kind is Kind.DATE and found.layout == "lines":
            ends = {"day": "число", "month": "месяц", "year": "год, две последние цифры"}
            expected |= {f"{part.name}_{end}": f"{part.said}: {words}" for end, words in ends.items()}
        else:
            expected[part.name] = part.said
    assert {name: field["/TU"] for name, field in fields.items()} == expected


def test_a_choice_is_one_field_with_its_answers() -> None:
    with pikepdf.open(io.BytesIO(form_pdf("application"))) as pdf:
        group = next(field for field in pdf.Root.AcroForm.Fields if field.T == "category")
        assert [str(kid.TU) for kid in group.Kids] == [f"{group.TU}: первая", f"{group.TU}: высшая"]
        assert [str(option) for option in group.Opt] == ["первая", "высшая"]
        assert all("/T" not in kid and kid.Parent.objgen == group.objgen for kid in group.Kids)


def test_filled_cyrillic_is_kept(printed: tuple[Form, bytes], tmp_path: Path) -> None:
    found, data = printed
    names = [part.name for part in found.fields if part.kind in (Kind.LINE, Kind.LINES)]
    values = {name: f"Ёлкина № {place}, съезд" for place, name in enumerate(names)}
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    writer.write(tmp_path / "filled.pdf")
    again = pypdf.PdfReader(tmp_path / "filled.pdf")
    fields = again.get_fields() or {}
    assert {name: fields[name]["/V"] for name in names} == values
    notes = [note.get_object() for page in again.pages for note in page["/Annots"]]
    drawn = [note["/AP"]["/N"] for note in notes if note.get("/T") in names]
    assert len(drawn) == len(names)


def test_long_words_shrink_instead_of_being_cut(printed: tuple[Form, bytes]) -> None:
    with pikepdf.open(io.BytesIO(printed[1])) as pdf:
        texts = [field for field in pdf.Root.AcroForm.Fields if field.FT == "/Tx"]
        spoken = [str(field.DA).split() for field in texts]
        assert {tuple(words[1:]) for words in spoken} == {("0", "Tf", "0", "g")}
        named = {str(pdf.Root.AcroForm.DR.Font[words[0]].BaseFont).partition("+")[2] for words in spoken}
    assert named == {"PT-Serif"}


def test_what_was_typed_is_seen_on_paper(tmp_path: Path) -> None:
    """Longer than the line: poppler draws all of it within the field."""
    surname = "Ёлкина-Подъяблонская-Щукина, урождённая Цыплёнкова-Фёдорова № 45"
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(form_pdf("application")))
    writer.update_page_form_field_values(writer.pages[0], {"surname": surname}, auto_regenerate=False)
    writer.write(tmp_path / "filled.pdf")
    (field,) = [note for note in writer.pages[0]["/Annots"] if note.get_object().get("/T") == "surname"]
    left, bottom, right, top = map(float, field.get_object()["/Rect"])
    box = ["-x", str(int(left)), "-y", str(int(841.89 - max(bottom, top)) - 1), "-W", str(int(right - left)), "-H", "20"]
    said = subprocess.run(
        ["pdftotext", "-r", "72", *box, tmp_path / "filled.pdf", "-"], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == surname


def test_signatures_stand_side_by_side_over_their_hints() -> None:
    document = docx.Document(io.BytesIO(form_docx("application", {**ANSWERS, "signatory": "А. П. Ёлкина"})))
    lines = [[cell.text for cell in row.cells][::2] for row in document.tables[1].rows]
    assert lines == [["", "А. П. Ёлкина", ""], ["подпись заявителя", "расшифровка подписи", "дата"]]
    ruled = [bool(cell._tc.findall(f".//{qn('w:tcBorders')}")) for cell in document.tables[1].rows[0].cells]
    assert ruled == [True, False, True, False, True]


def test_a_filled_application_says_every_answer_and_has_nothing_to_type_in(filled: bytes) -> None:
    pages = texts(filled)
    assert len(pages) == 1
    labels = [(part.text, ANSWERS[part.name]) for part in forms.form("application").numbered if part.kind is not Kind.CHOICE]
    told = [squeezed(label + answer) for label, answer in labels if answer not in ("", "да")]
    assert [words for words in told if words not in pages[0]] == []
    assert "первая<1>Хвысшая<1>" in pages[0]
    assert "вмоемприсутствии<1>Хбезмоегоприсутствия<1>" in pages[0]
    assert "подтверждаюХ" in pages[0]
    assert not pypdf.PdfReader(io.BytesIO(filled)).get_fields()
    assert fonts(filled) == {"PT-Serif", "PT-Serif-Bold", "PT-Sans-Bold"}


def test_the_longest_answers_are_printed_whole_on_two_sheets() -> None:
    longest = {"surname": "Ёлкина-Подъяблонская" * 8, "workplace": "«Щука»-съезд" * 33, "email": "e" * 148 + "@example.org"}
    pages = texts(form_pdf("application", {**ANSWERS, **{name: "Я" * 160 for name in ("name", "position")}, **longest}))
    foot = squeezed(edition_words(forms.form("application")))
    assert [foot in page for page in pages] == [True, True]
    assert [value for value in longest.values() if squeezed(value) not in "".join(pages)] == []


def test_answers_are_text_and_not_markup() -> None:
    pages = texts(form_pdf("application", {**ANSWERS, "surname": "<img src=x> & {{ 7*7 }}"}))
    assert "<imgsrc=x>&{{7*7}}" in pages[0]


def test_the_same_answers_give_the_same_bytes(filled: bytes) -> None:
    assert form_pdf("application", ANSWERS) == filled
    assert form_pdf("application", {**ANSWERS, "name": "Инна"}) != filled
    assert form_pdf("dissent") == form_pdf("dissent")
    assert form_docx("application", ANSWERS) == form_docx("application", ANSWERS)


def test_the_press_prints_the_same_in_a_process_of_its_own(filled: bytes) -> None:
    assert press.form_apart("application", ANSWERS) == filled


def test_blanks_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = [kept_form("dissent", kind, tmp_path) for kind in ("pdf", "docx")]
    made = [path.read_bytes() for path in first]
    assert [data[:4] for data in made] == [b"%PDF", b"PK\x03\x04"]
    monkeypatch.setattr(press, "form_apart", lambda _: b"another")
    monkeypatch.setattr("attestation.site.printing.form_word.form_docx", lambda _: b"another")
    again = [kept_form("dissent", kind, tmp_path) for kind in ("pdf", "docx")]
    assert (again, [path.read_bytes() for path in again]) == (first, made)


@pytest.mark.parametrize("name", forms.NAMES)
def test_the_document_holds_every_word(name: str) -> None:
    found = forms.form(name)
    document = docx.Document(io.BytesIO(form_docx(name)))
    text = squeezed("".join(node.text or "" for node in document.element.body.iter(qn("w:t"))))
    assert [word for word in words_of(found) if word not in text] == []
    assert squeezed(document.sections[0].footer.paragraphs[0].text).startswith(squeezed(edition_words(found)))
    assert (document.core_properties.title, document.core_properties.language) == (found.title, "ru-RU")
    assert len([paragraph for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]) == 1


def test_the_filled_document_has_every_answer_in_its_row() -> None:
    rows = docx.Document(io.BytesIO(form_docx("application", ANSWERS))).tables[0].rows
    told = {row.cells[0].text: row.cells[2].text for row in rows if row.cells[0].text.isdigit()}
    expected = {str(part.number): ANSWERS[part.name] for part in forms.form("application").numbered}
    expected |= {
        "12": "☐\xa0первая\xa0<1>    ☒\xa0высшая\xa0<1>",
        "14": "☐\xa0в\xa0моем\xa0присутствии\xa0<1>    ☒\xa0без\xa0моего\xa0присутствия\xa0<1>",
        "19": "☒",
    }
    assert told == expected


def test_libreoffice_opens_every_document(tmp_path: Path) -> None:
    files = []
    for name in forms.NAMES:
        files.append(tmp_path / f"{name}.docx")
        files[-1].write_bytes(form_docx(name))
    pages = {path.stem: texts(path.read_bytes()) for path in convert(files, "pdf", tmp_path)}
    assert {name: len(found) for name, found in pages.items()} == {"application": 1, "complaint": 2, "dissent": 1, "consent": 1}
    assert squeezed("Достоверность сообщенных сведений подтверждаю") in pages["application"][0]
    assert [name for name, found in pages.items() for page in found if page.startswith("(")] == []  # a hint without its line
