"""The official text split into clauses: numbers, words and paragraphs as a conversion leaves them."""

import pytest

from attestation.site.regulation import official
from attestation.site.regulation.documents import Document, DocumentRefused, Line, read
from attestation.site.regulation.mending import Words
from attestation.site.regulation.official import Official

from . import workshop
from .workshop import EDITION, OFFICIAL


def split(text: str, name: str = "order.txt") -> Official:
    return official.split(read(text.encode(), name), EDITION)


def placed(found: Official) -> dict[str, tuple[str, ...]]:
    """Number → paragraphs."""
    return {piece.number: tuple(piece.text.split("\n\n")) for piece in (*found.sections, *found.clauses)}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (workshop.WHOLE.encode(), "order.txt"),
        (workshop.TROUBLED.encode(), "order.md"),
        (workshop.word(), "order.docx"),
        (workshop.pdf(), "order.pdf"),
    ],
    ids=["txt", "troubled", "docx", "pdf"],
)
def test_every_clause_comes_out_whole(data: bytes, name: str) -> None:
    found = official.split_file(data, name, EDITION)
    assert placed(found) == OFFICIAL
    assert (found.missing, found.unknown, found.doubtful) == ((), (), ())
    assert [left.reason for left in found.unplaced] == [
        "Стоит до регламента.",
        "Стоит до первого пункта.",
        "Приложение: пункты регламента в нём не ищутся.",
    ]


def test_what_was_taken_out_is_told() -> None:
    assert split(workshop.TROUBLED).taken_out == (
        "I. Общие положения ........ 1",
        "II. Сроки ........ 2",
        "1",
        "Порядок выдачи ключей",
        "2",
        "3",
    )


def test_places_are_those_of_the_file() -> None:
    lines = workshop.TROUBLED.split("\n")
    for clause in split(workshop.TROUBLED).clauses:
        line = lines[int(clause.place.removeprefix("строка ")) - 1]
        assert line.lstrip("*# ").replace(" ", "").replace("–", "-").startswith(clause.number.rpartition(".")[0])


def test_a_missing_number_is_told() -> None:
    found = split(workshop.WHOLE.replace("2.1. Срок", "Срок"))
    assert found.missing == ("2.1",)
    assert placed(found)["II"][-1].startswith("Срок держания")


def test_an_unknown_number_keeps_its_text_out_of_its_neighbours() -> None:
    found = split(workshop.WHOLE.replace("\n\n2-1. ", "\n\n2.3. Ключи красят ежегодно.\n\nЦвет любой.\n\n2-1. "))
    assert found.unknown == ("2.3",)
    assert placed(found) == OFFICIAL
    (left,) = [left for left in found.unplaced if "2.3" in left.reason]
    assert (left.text, left.reason) == ("2.3. Ключи красят ежегодно.", "Пункта 2.3 в этой редакции на сайте нет.")


def test_a_number_that_stands_twice() -> None:
    text = workshop.WHOLE.replace("\n\nII. Сроки", "\n\n2.2. Об утере ключа говорят вслух.\n\nII. Сроки")
    found = split(text)
    assert placed(found) == OFFICIAL
    (left,) = [left for left in found.unplaced if "дважды" in left.reason]
    assert left.text == "2.2. Об утере ключа говорят вслух."


def test_clauses_out_of_order_are_placed_by_number() -> None:
    first, second = (f"{number}. {OFFICIAL[number][0]}" for number in ("2.1", "2.2"))
    found = split(workshop.WHOLE.replace(f"{first}\n\n{second}", f"{second}\n\n{first}"))
    assert placed(found) == OFFICIAL


@pytest.mark.parametrize(
    "sentence",
    [
        "лица, указанные в пункте\n2.1. Порядка",
        "согласно пунктам 1.2,\n2.2 и 2-1.1 порядка",
        "в течение\n2.1 часа",
        "разделом\nII настоящего порядка",
        "по форме приложения\n№ 1 к порядку",
        "ежегодно\n1.2.1 раза",
    ],
)
def test_numbers_inside_sentences_begin_nothing(sentence: str) -> None:
    addition = f"Ключи берут {sentence}."
    found = split(workshop.WHOLE.replace("\n\n1.2. Ключи", f"\n\n{addition}\n\n1.2. Ключи"))
    assert placed(found) == {**OFFICIAL, "1.1": (*OFFICIAL["1.1"], addition.replace("\n", " "))}


def test_a_sentence_about_an_appendix_is_no_appendix() -> None:
    addition = "Приложение № 1 к порядку заполняется ежедневно."
    found = split(workshop.WHOLE.replace("\n\n1.2. Ключи", f"\n\n{addition}\n\n1.2. Ключи"))
    assert placed(found) == {**OFFICIAL, "1.1": (*OFFICIAL["1.1"], addition)}


def test_a_sentence_broken_by_a_page_is_joined() -> None:
    found = split(workshop.WHOLE.replace("дежурному до закрытия", "дежурному\n\nдо закрытия"))
    assert placed(found) == OFFICIAL


def test_a_lone_number_of_the_text_stays() -> None:
    document = Document(tuple(Line(text, "") for text in ("1.1. Ключи держат", "90", "минут.")), wrapped=True)
    (found,) = official.split(document, EDITION).clauses
    assert found.text == "Ключи держат 90 минут."


@pytest.mark.parametrize(
    ("left", "right", "word"),
    [
        ("пре", "доставление", "предоставление"),
        ("текстово", "цифровой", "текстово-цифровой"),
        ("программно", "методического", "программно-методического"),
        ("со", "трудниками", "сотрудниками"),
        ("Санкт", "Петербург", "Санкт-Петербург"),
        ("какой", "либо", "какой-либо"),
        ("по", "прежнему", "по-прежнему"),
        ("по", "лучен", "получен"),
        ("во", "первых", "во-первых"),
        ("образо", "вание", "образование"),
    ],
)
def test_words_broken_at_the_end_of_a_line(left: str, right: str, word: str) -> None:
    words = Words(["предоставление текстово-цифровой лучен цифровой методическое доставление"])
    assert words.joined(left, right) == word


def test_words_broken_before_the_lines_were_joined() -> None:
    words = Words(["предоставление", "кресло-коляска"])
    assert words.within("пре- доставление, кресло- коляска, одно- и двухместное") == (
        "предоставление, кресло-коляска, одно- и двухместное"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Поздравляем с праздником!", "В документе не нашлось ни одного пункта с номерами этой редакции."),
        (workshop.ANOTHER, "Похоже, это другой документ"),
    ],
)
def test_another_document_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        official.split_file(text.encode(), "a.txt", EDITION)
    assert refused.value.sentence.startswith(sentence)
    assert refused.value.status == 422


def test_doubtful_clauses_are_named() -> None:
    found = split(workshop.WHOLE.replace(OFFICIAL["2.2"][0], workshop.ANOTHER.split("\n\n")[0][5:]))
    assert found.doubtful == ("2.2",)
    assert not found.another
