"""What to collect: every row gives its papers, each with a certifier that its words name."""

import pytest

from attestation.rubrics.forms import edition, form
from attestation.rubrics.inventory import Entry, entries, inventory
from attestation.rubrics.papers import Certifier, Need, Paper, State, need, needs, papers, piles
from attestation.rubrics.scoring import Claim

NUMBERS = [entry.number for entry in edition().forms]
# The words that name a certifier, typed by hand; a paper without any of them is taken as issued.
WORDS = {
    Certifier.EMPLOYER: ("работодател", "с места работы"),
    Certifier.HEAD: ("руководител", "директора"),
    Certifier.CENTRE: ("Учебно-методического центра",),
    Certifier.COMMITTEE: ("Комитета по культуре",),
    Certifier.ACADEMY: ("печатью СПб АППО",),
    Certifier.QUALITY_CENTRE: ("печатью ГБУ ДПО «СПб ЦОКОиИТ»",),
}


def all_needs(number: int) -> list[Need]:
    return [need(section, row) for section in form(number).sections for row in section.criteria]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_row_with_evidence_gives_a_paper(number: int) -> None:
    assert [found.row.clause for found in all_needs(number) if bool(found.papers) != bool(found.evidence)] == []


def test_rows_without_evidence_are_those_where_the_source_names_none() -> None:
    assert [(number, found.row.clause) for number in NUMBERS for found in all_needs(number) if not found.papers] == [
        (6, "3.1"),
        (6, "3.2"),
    ]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_paper_is_a_paper(number: int) -> None:
    """No paper is empty, a counting rule, a torn bracket or a quotation without an end."""
    for paper in (paper for found in all_needs(number) for paper in found.papers):
        assert len(paper.text) >= 6, paper.text
        assert paper.text == paper.text.strip(" .;,") or paper.text.endswith(("пр.", "др.")), paper.text
        assert paper.text[0].isupper(), paper.text
        assert "уммир" not in paper.text
        assert paper.text.count("(") == paper.text.count(")"), paper.text
        assert paper.text.count("«") == paper.text.count("»"), paper.text


@pytest.mark.parametrize("number", NUMBERS)
def test_the_certifier_is_named_by_the_words(number: int) -> None:
    for paper in (paper for found in all_needs(number) for paper in found.papers):
        for certifier in filter(None, (paper.certifier, paper.also)):
            if certifier is not Certifier.NOBODY:
                assert any(words in paper.text for words in WORDS[certifier]), (certifier, paper.text)
        if paper.certifier is Certifier.NOBODY:
            assert "заверенн" not in paper.text.lower() or paper.text.startswith("Заверенная копия распоряжения"), paper.text
            assert "печатью" not in paper.text


@pytest.mark.parametrize("number", NUMBERS)
def test_no_word_of_the_evidence_is_lost(number: int) -> None:
    for found in all_needs(number):
        kept = "".join(letter for paper in found.papers for letter in paper.text.lower() if letter.isalnum())
        lines = [line for line in found.evidence.splitlines() if "уммир" not in line]
        assert kept == "".join(letter for line in lines for letter in line.lower() if letter.isalnum())


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (
            "Справка, заверенная работодателем.\nСуммирование баллов по данным показателям не производится.",
            [("Справка, заверенная работодателем", Certifier.EMPLOYER, State.ORIGINAL)],
        ),
        (
            "Копия сертификата на получение премии, заверенная работодателем, Постановление Правительства Санкт-Петербурга",
            [
                ("Копия сертификата на получение премии, заверенная работодателем", Certifier.EMPLOYER, State.CERTIFIED_COPY),
                ("Постановление Правительства Санкт-Петербурга", Certifier.NOBODY, State.UNSAID),
            ],
        ),
        (
            "План работы группы, объединения, заверенный работодателем; анализ деятельности; отзывы.",
            [
                ("План работы группы, объединения, заверенный работодателем", Certifier.EMPLOYER, State.UNSAID),
                ("Анализ деятельности", Certifier.NOBODY, State.UNSAID),
                ("Отзывы", Certifier.NOBODY, State.UNSAID),
            ],
        ),
        (
            "Заверенная печатью ГБУ ДПО «СПб ЦОКОиИТ» справка об участии",
            [("Заверенная печатью ГБУ ДПО «СПб ЦОКОиИТ» справка об участии", Certifier.QUALITY_CENTRE, State.UNSAID)],
        ),
        (
            "Копии протоколов, заверенные работодателем, содержащие информацию (о числе стран; участников).",
            [
                (
                    "Копии протоколов, заверенные работодателем, содержащие информацию (о числе стран; участников)",
                    Certifier.EMPLOYER,
                    State.CERTIFIED_COPY,
                )
            ],
        ),
        ("Копия приказа о назначении", [("Копия приказа о назначении", Certifier.NOBODY, State.COPY)]),
    ],
)
def test_an_evidence_cell_is_read(evidence: str, expected: list[tuple[str, Certifier, State]]) -> None:
    assert [(paper.text, paper.certifier, paper.state) for paper in papers(evidence)] == expected


def test_two_stamps_are_both_named() -> None:
    invitation = next(paper for found in all_needs(1) if found.row.clause == "2.8" for paper in found.papers)
    assert (invitation.certifier, invitation.also) == (Certifier.EMPLOYER, Certifier.QUALITY_CENTRE)


def test_only_claimed_rows_are_needed_in_the_order_of_the_form() -> None:
    claims = [Claim("2.9", 1), Claim("1.4", 2, 2), Claim("1.4", 1), Claim("1.5", 1, 0), Claim("77", 1)]
    assert [(found.row.clause, found.results) for found in needs(form(1), claims)] == [("1.4", 3), ("2.9", 1)]


def test_a_row_under_a_heading_takes_the_papers_of_the_heading() -> None:
    found = needs(form(6), [Claim("1.5.4", 1)])
    assert [paper.text.split()[1] for paper in found[0].papers] == ["протоколов", "(копии"]


def test_piles_hold_every_paper_once() -> None:
    asked = all_needs(8)
    sorted_out = piles(asked)
    assert [pile.certifier for pile in sorted_out] == [
        who for who in Certifier if who in {pile.certifier for pile in sorted_out}
    ]
    assert all(paper.certifier is pile.certifier for pile in sorted_out for paper, _ in pile.papers)
    assert sum(len(pile.papers) for pile in sorted_out) == sum(len(found.papers) for found in asked)
    assert all(pile.papers for pile in sorted_out)


def test_the_inventory_names_the_papers_and_leaves_out_what_is_not_obligatory() -> None:
    row = next(found for found in all_needs(9) if found.row.clause == "2.7")
    assert [paper.optional for paper in row.papers] == [False, False, False, False, True]
    assert entries([row])[0] == Entry("Приглашение (строка 2.7)", "")
    assert len(entries([row])) == 4
    paper = Paper("Копия диплома", Certifier.NOBODY, State.COPY)
    assert entries([Need(row.section, row.row, "", (paper,))]) == (Entry("Копия диплома (строка 2.7)", "копия"),)


def test_the_blank_has_the_seven_columns_of_the_source() -> None:
    assert [title.split(" (")[0] for title in inventory().columns] == [
        "N п/п",
        "Дата выдачи документа",
        "Серия, номер документа",
        "Наименование документа",
        "Кем выдан документ",
        "Количество листов",
        "Примечание",
    ]
