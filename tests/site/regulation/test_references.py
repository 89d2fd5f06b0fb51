"""References of the text to its own parts: found, made into links, and told when they lead nowhere."""

from pathlib import Path

import pytest

from attestation.site import regulation
from attestation.site.regulation import check
from attestation.site.regulation.references import leads_nowhere, references

from . import second_edition
from .second_edition import SLUG, change


def found(text: str, slug: str = regulation.SPB) -> list[tuple[str, str]]:
    """What a text refers to: kind and number."""
    return [(reference.kind, reference.number) for reference in references(text, regulation.edition(slug))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("по пункту 2.6", [("clause", "2.6")]),
        ("пунктами 2.6.1–2.6.3 и 2.9.", [("clause", "2.6.1"), ("clause", "2.6.3"), ("clause", "2.9")]),
        ("в подпункте\n3.1.2.5, в пункте 3-1.1.1.2", [("clause", "3.1.2.5"), ("clause", "3-1.1.1.2")]),
        ("пункты 2.4, 2.6.7 или 3.1.1", [("clause", "2.4"), ("clause", "2.6.7"), ("clause", "3.1.1")]),
        ("пункта 2.4 и пункта 2.5", [("clause", "2.4"), ("clause", "2.5")]),
        ("форма из приложения № 3, приложения № 1 и № 2", [("appendix", "3"), ("appendix", "1"), ("appendix", "2")]),
        ("описывает раздел VI. А раздел 3-1 — нет", [("section", "VI"), ("section", "3-1")]),
        ("пункт 4 части 1 статьи 6; пункт «в»; число 3.14; раздел 1 номенклатуры; раздел «МФЦ»", []),
        ("в пункте есть 2.6", []),
    ],
)
def test_what_is_a_reference(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_plain_numbers_are_references_where_clauses_have_plain_numbers() -> None:
    assert found("пункт 18 и пункты 12 и 13", regulation.LENOBL) == [("clause", "18"), ("clause", "12"), ("clause", "13")]
    assert found("пункт 4 части 1 закона, пункт 10 статьи 2", regulation.LENOBL) == []


def test_links_show_what_they_lead_to() -> None:
    edition = regulation.edition()
    made = regulation.linked("Пункт 2.6, пункт 9.9, приложение № 4, раздел V.", edition, lambda target: f"/to/{target}")
    assert made == (
        'Пункт [2.6](/to/2.6 "Какие документы подаёт заявитель"), пункт 9.9, '
        'приложение [№ 4](/to/appendix-4 "Акт о рассмотрении жалобы"), '
        'раздел [V](/to/section-5 "Досудебное обжалование решений и действий Комитета").'
    )


def test_both_ends_of_a_range_say_what_it_spans() -> None:
    made = regulation.linked("Пункты 2.6.1–2.6.3.", regulation.edition(), lambda target: target)
    span = "Пункты 2.6.1–2.6.3, всего 3: от «Заявление об аттестации» до «Копия документа о прежней категории»"
    assert made == (
        f'Пункты [2.6.1](2.6.1 "Заявление об аттестации. {span}")–[2.6.3](2.6.3 "Копия документа о прежней категории. {span}").'
    )


def test_a_line_becomes_html_and_signs_stay_signs() -> None:
    made = regulation.linked_line("по пункту 2.12 <b> & «да»", regulation.edition(), lambda target: f"/?a&b={target}")
    assert made == 'по пункту <a href="/?a&amp;b=2.12" title="Услуга бесплатна">2.12</a> &lt;b&gt; &amp; «да»'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("пункт 9.9", "пункта 9.9 нет"),
        ("приложение № 7", "приложения № 7 нет"),
        ("раздел IX", "раздела IX нет"),
        ("пункты 2.6.1–2.7", "пункты 2.6.1–2.7 не образуют ряда"),
        ("пункты 2.6.3–2.6.1", "пункты 2.6.3–2.6.1 не образуют ряда"),
        ("пункты 2.6.1–2.6.3", ""),
    ],
)
def test_what_leads_nowhere_is_said(text: str, why: str) -> None:
    edition = regulation.edition()
    assert {leads_nowhere(reference, edition) for reference in references(text, edition)} == {why}


def test_the_texts_we_ship_have_no_dangling_reference(tmp_path: Path) -> None:
    editions, findings = check.check(tmp_path)
    assert findings == []
    assert [edition.slug for edition in editions] == list(regulation.EDITIONS)


def test_dangling_references_are_told_with_file_and_line(tmp_path: Path) -> None:
    own = second_edition.make(tmp_path)
    change(own / "1-general.md", "# I. Общие положения\n", "# I. Общие положения\n\nСмотрите пункт 2.14 и приложение № 9.\n")
    _, findings = check.check(tmp_path)
    assert [str(finding) for finding in findings] == [
        f"{SLUG}: 1-general.md:3: пункта 2.14 нет",
        f"{SLUG}: 1-general.md:3: приложения № 9 нет",
    ]


def test_overlapping_dates_and_wrong_forms_are_told(tmp_path: Path) -> None:
    own = second_edition.make(tmp_path)
    second_edition.make(tmp_path, "spb-2027-10-01")
    change(own / "rubrics" / "form02.toml", "number = 2", "number = 22")
    _, findings = check.check(tmp_path)
    assert [str(finding) for finding in findings] == [
        f"{SLUG}: rubrics/form02.toml: number: файл формы 22 называется form22.toml",
        "spb-2027-10-01: edition.toml: in_force_from: с этого дня уже действует редакция spb-2027-09-01",
    ]
