"""The regulation on paper: what is on it, where its links lead, that it is tagged, repeatable and kept per edition."""

import io
import logging
from dataclasses import asdict
from pathlib import Path

import pikepdf
import pypdf
import pytest

from attestation.site import regulation
from attestation.site.printing import press
from attestation.site.printing.regulation import Extract, Sheet, kept_regulation, permanent, print_regulation, sheet
from attestation.site.regulation import UnknownClause

SITE = "https://example.org/regulation/edition/spb-2021-04-13/"


def sheet_of(target: str) -> Sheet:
    """What the PDF of a part of the packaged edition shows."""
    return sheet(Extract.of(regulation.edition(), target), permanent("https://example.org", regulation.edition()))


def printed(target: str) -> bytes:
    """The part as PDF."""
    return print_regulation(asdict(sheet_of(target)))


def test_a_clause_takes_those_nested_in_it_along() -> None:
    found = sheet_of("2.17")
    (chapter,) = found.chapters
    assert [(one.title.split(". ")[0], one.level) for one in chapter.passages] == [
        ("2.17", 0),
        *((f"2.17.{number}", 2) for number in range(1, 5)),
    ]
    assert (found.heading, found.address, found.contents) == (
        "Пункт 2.17. Показатели доступности и качества",
        f"{SITE}2.17",
        False,
    )


def test_references_lead_down_the_page_or_to_the_site() -> None:
    (chapter,) = sheet_of("2.6").chapters
    first = chapter.passages[0].html
    assert 'href="#p-2.6.1"' in first
    assert f'href="{SITE}appendix-1"' in chapter.passages[1].html


def test_the_whole_has_all_clauses_and_appendices() -> None:
    found = sheet_of("")
    edition = regulation.edition()
    assert [chapter.heading for chapter in found.chapters] == [*(part.heading for part in edition.sections), "Приложения"]
    anchors = [one.anchor for chapter in found.chapters for one in chapter.passages]
    assert anchors == [*(f"p-{number}" for number in edition.by_number), *(f"appendix-{number}" for number in range(1, 5))]
    assert found.contents


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("", "Административный регламент"),
        ("section-2", "Административный регламент, раздел II"),
        ("2.6.2", "Административный регламент, пункт 2.6.2"),
        ("appendix-3", "Административный регламент, приложение №\N{NO-BREAK SPACE}3"),
    ],
)
def test_a_file_is_named_after_what_is_in_it(target: str, name: str) -> None:
    assert Extract.of(regulation.edition(), target).file_name == name


@pytest.mark.parametrize("target", ["9.9", "section-9", "section", "appendix-9", "..", "section-"])
def test_a_part_that_is_not_there_is_refused(target: str) -> None:
    with pytest.raises(UnknownClause):
        Extract.of(regulation.edition(), target)


def test_a_section_as_pdf(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        data = printed("section-5")
    assert caplog.messages == []
    reader = pypdf.PdfReader(io.BytesIO(data))
    first, last = reader.pages[0], reader.pages[-1]
    assert "Раздел V. Досудебное обжалование решений и действий Комитета" in " ".join(first.extract_text().split())
    count = len(reader.pages)
    foot = " ".join(last.extract_text().split())
    assert "Редакция действует с 13 апреля 2021 г. Изложение, не официальный текст." in foot
    assert f"стр. {count} из {count}" in foot
    (top, under) = reader.outline
    assert top.title == "Раздел V. Досудебное обжалование решений и действий Комитета"
    numbers = [clause.number for clause in regulation.edition().section("5").clauses if clause.depth == 1]
    assert [one.title.split(". ")[0] for one in under if not isinstance(one, list)] == numbers


def test_it_is_tagged_and_says_its_language_and_its_pictures() -> None:
    with pikepdf.open(io.BytesIO(printed("2.12"))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "ru"
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
        alternatives = [str(tag.Alt) for tag in pdf.objects if isinstance(tag, pikepdf.Dictionary) and "/Alt" in tag]
    assert f"QR-код адреса {SITE}2.12" in alternatives


def test_it_is_made_once_for_an_edition_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = Extract.of(regulation.edition(), "2.12")
    kept = kept_regulation(extract, "https://example.org", tmp_path)
    assert kept.read_bytes() == printed("2.12")
    monkeypatch.setattr(press, "COMMAND", ("false",))
    assert kept_regulation(extract, "https://example.org", tmp_path) == kept
    with pytest.raises(press.PressFailed):
        kept_regulation(extract, "https://other.example", tmp_path)
