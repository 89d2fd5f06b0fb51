"""The restated regulation: how its files are read, and that the texts we ship hold together."""

from pathlib import Path

import pytest

from attestation.site import regulation
from attestation.site.regulation import BrokenText, Clause, UnknownClause, reading

GOOD = """# II. Стандарт

## 2.4. Сколько длится услуга
acts: Комитет; учреждение
term: 30 calendar_days; со дня регистрации; рассмотрение
term: 15.08-15.05 date; ежегодно; приём
document: application
document: справка
for: teacher, secretary
remark: Чьи это дни, не сказано.

Смотрите пункты 2.6 и 2.6.1, а также пункт 9.9. Число 3.14 — не ссылка.

Второй абзац.
"""


def section(tmp_path: Path, text: str) -> regulation.Section:
    """A section read from a file with this text."""
    path = tmp_path / "2-standard.md"
    path.write_text(text, encoding="utf-8")
    return reading.read_section(path)


def test_a_clause_is_read_whole(tmp_path: Path) -> None:
    read = section(tmp_path, GOOD)
    assert (read.number, read.title, read.lead) == ("II", "Стандарт", "")
    (clause,) = read.clauses
    assert (clause.number, clause.title, clause.depth) == ("2.4", "Сколько длится услуга", 1)
    assert clause.actors == ("Комитет", "учреждение")
    length, season = clause.terms
    assert (length.count, length.since, length.purpose) == (30, "со дня регистрации", "рассмотрение")
    assert length.forms[2] == "календарных дней"
    assert season.season == ("15 августа", "15 мая")
    assert clause.documents == ("заявление", "справка")
    assert clause.remarks == ("Чьи это дни, не сказано.",)
    assert clause.text.endswith("Второй абзац.")
    assert (clause.matters_to("teacher"), clause.matters_to("expert")) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("# II. Стандарт", "II. Стандарт", "заголовок"),
        ("## 2.4. Сколько", "## 2.4 Сколько", "заголовок"),
        ("for: teacher, secretary\n", "", "for: не указано"),
        ("for: teacher", "for: pupil", "for: не указано"),
        ("acts: Комитет", "who: Комитет", "«ключ: значение»"),
        ("30 calendar_days", "30 moons", "срок пишется так"),
        ("30 calendar_days; со дня регистрации; рассмотрение", "30 calendar_days", "срок пишется так"),
        ("30 calendar_days", "15.08 calendar_days", "срок пишется так"),
        ("15.08-15.05 date", "15.13-15.05 date", "срок пишется так"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    with pytest.raises(BrokenText, match=complaint) as broken:
        section(tmp_path, GOOD.replace(old, new))
    assert str(broken.value).startswith("2-standard.md:")


def test_the_city_s_regulation_has_all_its_clauses() -> None:
    edition = regulation.edition(regulation.SPB)
    assert [part.number for part in edition.sections] == ["I", "II", "III", "3-1", "IV", "V", "VI"]
    assert len(edition.by_number) == 187
    assert edition.clause("2.6.2").depth == 2
    assert {"3-1.1.1.1", "6.1.1.1.2"} <= edition.by_number.keys()


@pytest.mark.parametrize("slug", regulation.EDITIONS)
def test_the_texts_hold_together(slug: str) -> None:
    edition = regulation.edition(slug)
    assert edition.sections
    numbers = [clause.number for part in edition.sections for clause in part.clauses]
    assert len(numbers) == len(set(numbers))
    assert [clause.number for clause in edition.by_number.values() if len(clause.text) < 15] == []
    assert [clause.number for clause in edition.by_number.values() if "<" in clause.text] == []


def test_the_way_around_a_clause() -> None:
    edition = regulation.edition()
    assert edition.parent("2.6.2") == edition.clause("2.6")
    assert edition.parent("2.6") is None
    assert edition.clause("2.6.2") in edition.children("2.6")
    assert all(child.number.count(".") == 2 for child in edition.children("2.6"))
    first, *_, last = edition.by_number
    assert edition.neighbours(first)[0] is None and edition.neighbours(last)[1] is None
    assert isinstance(edition.neighbours("2.6.2")[1], Clause)


@pytest.mark.parametrize("number", ["", "2", "9.9", "2.6.2.1.1", "../edition"])
def test_an_unknown_clause_is_refused(number: str) -> None:
    with pytest.raises(UnknownClause):
        regulation.edition().clause(number)
    with pytest.raises(UnknownClause):
        regulation.edition("../pages")


def test_the_city_s_appendices() -> None:
    edition = regulation.edition(regulation.SPB)
    assert [(one.number, one.title, one.required_by, one.form) for one in edition.appendices] == [
        ("1", "Форма заявления", ("2.6.1",), "application"),
        ("2", "Опись индивидуальной папки", ("2.6.2",), "inventory"),
        ("3", "Экспертные заключения: формы 1–15", ("3.3.2", "3.3.5"), "conclusion"),
        ("4", "Акт о рассмотрении жалобы", ("5.6", "6.5.6"), "complaint"),
    ]
    assert edition.appendix("2").matters_to("expert") and not edition.appendix("2").matters_to("mfc")
    with pytest.raises(UnknownClause):
        edition.appendix("5")


def test_sections_have_places() -> None:
    edition = regulation.edition(regulation.SPB)
    assert [part.place for part in edition.sections] == ["1", "2", "3", "3-1", "4", "5", "6"]
    assert edition.section_of("2.6.2") is edition.section("2")
    assert [clause.number for clause in edition.within("2.17")] == ["2.17", "2.17.1", "2.17.2", "2.17.3", "2.17.4"]
    assert [clause.number for clause in edition.between("2.6.1", "2.6.3")] == ["2.6.1", "2.6.2", "2.6.3"]
    with pytest.raises(UnknownClause):
        edition.section("7")
