"""The finder and the comparison as pages: step by step, all at once, with nonsense in the address."""

from itertools import combinations
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from attestation.rubrics import finder, forms

from ...inspection import Element, OpenedPage
from .conftest import Open

# These pages read no records, so one kind of database is enough.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KNOWN = finder.finder()


def address(path: str, **asked: str) -> str:
    return f"/rubrics/{path}?{urlencode(asked)}"


def asked(page: OpenedPage) -> list[str]:
    return [select.attributes["name"] for select in page.main.all("select")]


def offered(page: OpenedPage, name: str) -> list[str]:
    options = page.main.one("select", name=name).all("option")
    return [option.attributes["value"] for option in options if option.attributes["value"]]


def chosen(page: OpenedPage, name: str) -> list[str]:
    return [
        option.attributes["value"]
        for option in page.main.one("select", name=name).all("option")
        if "selected" in option.attributes
    ]


def cards(page: OpenedPage) -> list[Element]:
    return page.main.all("li", class_="match")


# --- The finder -------------------------------------------------------------------------------------------------------------


def test_the_first_question_is_the_position(open_: Open) -> None:
    page = open_("/rubrics/find")
    assert page.h1 == "Найти свою форму"
    assert asked(page) == ["position"]
    assert offered(page, "position") == [choice.key for choice in KNOWN.positions]
    form = page.main.one("form")
    assert form.attributes["action"] == "/rubrics/find#next"
    assert form.attributes.get("method", "get") == "get"


def test_the_next_question_offers_what_leads_somewhere(open_: Open) -> None:
    page = open_(address("find", position="accompanist"))
    assert asked(page) == ["position", "institution"]
    assert chosen(page, "position") == ["accompanist"]
    assert offered(page, "institution") == ["additional", "arts", "atypical", "vocational", "sport-school"]
    assert cards(page) == []


def test_the_founder_is_asked_last_and_only_where_it_matters(open_: Open) -> None:
    page = open_(address("find", position="lecturer", institution="arts"))
    assert asked(page) == ["position", "institution", "founder"]
    assert offered(page, "founder") == ["district", "culture"]
    settled = open_(address("find", position="trainer", institution="sport-school"))
    assert asked(settled) == ["position", "institution"]
    assert settled.main.one("h2").text == "Ваша форма"


def test_one_row_with_its_points_and_ways_on(open_: Open) -> None:
    page = open_(address("find", position="educator", institution="kindergarten", founder="district"))
    (card,) = cards(page)
    assert card.one("h3").text == "Форма 3, строка таблицы баллов: Воспитатель"
    assert [part.text for part in card.all("dt", "dd")] == ["Первая категория", "от 90", "Высшая категория", "от 240"]
    assert [link.attributes["href"] for link in card.all("a")] == [
        address("3/calculator", position="Воспитатель"),
        "/rubrics/3/",
        address("compare", left="3", left_position="Воспитатель"),
    ]


def test_the_role_goes_with_the_row_to_the_calculator(open_: Open) -> None:
    (card,) = cards(open_(address("find", position="accompanist", institution="vocational", founder="culture")))
    assert "Роль: концертмейстер" in card.text
    position = "Преподаватель, концертмейстер"
    assert card.all("a")[0].attributes["href"] == address("8/calculator", position=position, role="концертмейстер")


def test_forms_with_points_by_section_show_them_all(open_: Open) -> None:
    (card,) = cards(open_(address("find", position="sport-methodist", institution="sport-school")))
    assert [part.text for part in card.all("dt", class_="part")] == [row.label for row in forms.form(7).section_thresholds]
    assert [figure.text for figure in card.all("dd")] == [
        *("от 100", "от 130"),
        *("от 0", "от 10"),
        *("от 0", "от 0"),
        *("от 110", "от 140"),
    ]


def test_several_rows_are_shown_with_their_conditions_and_compared(open_: Open) -> None:
    page = open_(address("find", position="teacher", institution="special"))
    assert page.main.one("h2").text == "Подходят 2 строки"
    assert "зависит от условия" in page.main.one("p", class_="notice").text
    first, second = cards(page)
    assert "Если учреждение для обучающихся с умственной отсталостью" in second.text
    assert first.all("a")[-1].attributes["href"] == address(
        "compare",
        left="1",
        left_position="Учитель ОУ для обучающихся с ОВЗ",
        right="1",
        right_position="Учитель ОУ для обучающихся с ОВЗ (умственная отсталость)",
    )


def test_when_none_fits_the_page_says_why_and_what_is_nearest(open_: Open) -> None:
    page = open_(address("find", position="methodist", institution="vocational", founder="culture"))
    assert page.main.one("h2").text == "Подходящей строки нет"
    assert "методиста СПО" in page.main.one("p", class_="notice").text
    assert [card.one("h3").text for card in cards(page)] == [
        "Форма 10, строка таблицы баллов: Методист учреждения дополнительного образования",
        "Форма 10, строка таблицы баллов: Методист учреждения дополнительного профессионального образования",
    ]


def test_an_answer_that_leads_nowhere_stays_chosen(open_: Open) -> None:
    page = open_(address("find", position="trainer", institution="school", founder="district"))
    assert offered(page, "institution") == ["sport-school", "school"]
    assert chosen(page, "institution") == ["school"]
    assert page.main.one("h2").text == "Подходящей строки нет"


@pytest.mark.parametrize("name", ["position", "institution", "founder"])
def test_an_unknown_word_is_explained_beside_its_question(open_: Open, name: str) -> None:
    for value in ("нет такого", "<b>", "' or 1=1", "x" * 3000, "\x00", "%ff"):
        page = open_(address("find", **({"position": "methodist"} | {name: value})))
        select = page.main.one("select", name=name)
        assert select.attributes["aria-invalid"] == "true"
        assert f"{name}-refusal" in select.attributes["aria-describedby"].split()
        assert page.main.one("p", id=f"{name}-refusal").text.startswith("Ошибка: Так")
        assert chosen(page, name) == []


def test_answers_without_a_position_are_kept(open_: Open) -> None:
    page = open_(address("find", institution="school", founder="district"))
    assert asked(page) == ["position", "institution", "founder"]
    assert (chosen(page, "institution"), chosen(page, "founder")) == (["school"], ["district"])
    assert cards(page) == []


def test_names_are_understood_as_well_as_keys(open_: Open) -> None:
    page = open_(address("find", position="Педагог-библиотекарь"))
    assert chosen(page, "position") == ["librarian"]
    assert [card.one("h3").text for card in cards(page)] == ["Форма 11, строка таблицы баллов: Педагог-библиотекарь"]


def test_every_way_through_the_questions_ends_with_an_answer(open_: Open) -> None:
    for position in (choice.key for choice in KNOWN.positions):
        page = open_(address("find", position=position))
        for institution in offered(page, "institution") if "institution" in asked(page) else ():
            further = open_(address("find", position=position, institution=institution))
            if "founder" in asked(further):
                founder = offered(further, "founder")[-1]
                further = open_(address("find", position=position, institution=institution, founder=founder))
            assert cards(further), (position, institution)


# --- The comparison ---------------------------------------------------------------------------------------------------------


def test_the_comparison_begins_with_a_choice(open_: Open) -> None:
    page = open_("/rubrics/compare")
    assert page.h1 == "Сравнить формы"
    assert asked(page) == ["left", "right"]
    assert offered(page, "left") == [str(number) for number in range(1, 16)]
    assert page.main.all("table") == []


def test_the_rows_of_a_chosen_form_can_be_chosen(open_: Open) -> None:
    page = open_(address("compare", left="2", right="6"))
    assert asked(page) == ["left", "left_position", "right"]
    assert offered(page, "left_position") == ["Старший методист", "Методист"]


def test_what_differs_is_marked_and_counted(open_: Open) -> None:
    page = open_(address("compare", left="1", right="4"))
    marked = page.main.all("tr", class_="differs")
    assert [[cell.text for cell in row.children] for row in marked] == [
        ["лауреат (дипломант) конкурса всероссийского уровня", "25", "30"]
    ]
    summary = "Общих строк 18: одинаковых 17, с разными баллами или правилами 1. Только в форме 1: 10, только в форме 4: 13."
    assert summary in page.text


def test_lines_of_one_side_have_a_dash_on_the_other(open_: Open) -> None:
    page = open_(address("compare", left="1", right="10"))
    rows = [[cell.text for cell in row.children] for row in page.main.all("tr", class_="differs")]
    assert ["созданных самостоятельно", "15", "10"] in rows
    assert ["лицензионных", "—нет", "5"] in rows
    assert ["вся строка, без вариантов", "—нет", "20"] in rows


def test_thresholds_of_both_stand_side_by_side(open_: Open) -> None:
    page = open_(address("compare", left="5", left_position="Педагог-психолог", right="5", right_position="социальный педагог"))
    tables = page.main.all("table", class_="thresholds")
    assert [[cell.text for cell in table.one("tbody").all("th", "td")] for table in tables] == [
        ["Педагог-психолог", "160", "420"],
        ["Социальный педагог", "130", "380"],
    ]
    assert chosen(page, "right_position") == ["Социальный педагог"]


def test_the_same_on_both_sides_is_no_comparison(open_: Open) -> None:
    page = open_(address("compare", left="1", right="1"))
    assert "Слева и справа одно и то же" in page.main.one("p", class_="notice").text
    assert page.main.all("table") == []


def test_an_unknown_form_is_explained(open_: Open) -> None:
    for value in ("0", "16", "первая", "1.5", "-1", "²", "x" * 3000, "\x00"):
        page = open_(address("compare", left=value, right="2"))
        assert page.main.one("p", id="left-refusal").text == "Ошибка: Такой формы нет: выберите её из списка."
        assert page.main.all("table") == []


def test_a_row_of_another_form_is_explained_and_the_whole_form_compared(open_: Open) -> None:
    page = open_(address("compare", left="2", left_position="Тьютор", right="6", right_position="Тьютор"))
    for name, number in (("left", 2), ("right", 6)):
        refusal = page.main.one("p", id=f"{name}_position-refusal").text
        assert refusal == f"Ошибка: В форме {number} такой должности нет: выберите из списка или оставьте всю форму."
    assert "Общих строк" in page.text


def test_pages_of_all_kinds_of_forms_are_sound(open_: Open) -> None:
    for left, right in combinations((1, 6, 8, 9, 10, 15), 2):
        page = open_(address("compare", left=str(left), right=str(right)))
        lines = page.main.all("td", class_="points")
        assert len(lines) >= forms.form(left).options_count


def test_nothing_is_stored(client: FlaskClient) -> None:
    for path in (address("find", position="teacher"), address("compare", left="1", right="2")):
        assert "Set-Cookie" not in client.get(path).headers
