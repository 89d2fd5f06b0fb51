"""The calculator without JavaScript: the worksheet of each form, the answer to a submitted one, what is refused and where."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.rubrics.forms import edition, form
from attestation.site import worksheet
from attestation.tests.inspection import Element, OpenedPage, faults, read

from .conftest import Open

# The calculator reads no records: one kind of database is enough.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FORMS = [entry.number for entry in edition().forms if entry.ready]
TEACHER = {"position": "Учитель прочих предметов", "category": "highest"}
MUSICIAN = {"position": "Преподаватель, концертмейстер", "category": "first"}
TRAINER = {"position": "Тренер-преподаватель", "category": "highest"}
Submit = Callable[..., OpenedPage]


@pytest.fixture
def submit(client: FlaskClient) -> Submit:
    """Submit a worksheet: `submit(1, {...}, status=422)`; the answer is a sound page."""

    def send(number: int, fields: dict[str, str], status: int = 200) -> OpenedPage:
        answer = client.post(f"/rubrics/{number}/calculator", data=fields)
        assert answer.status_code == status, answer.status
        assert faults(answer.text, "Аттестация педагогов") == []
        return OpenedPage(answer, read(answer.text)[0])

    return send


def fields(page: OpenedPage) -> list[Element]:
    return [one for one in page.main.all("input", "textarea") if one.attributes.get("name", "")[:2] in ("c-", "n-")]


def field(page: OpenedPage, name: str) -> Element:
    return next(one for one in fields(page) if one.attributes["name"] == name)


def visible(page: OpenedPage, *tags: str, **wanted: str) -> list[str]:
    return [one.text for one in page.main.all(*tags, **wanted) if "hidden" not in one.attributes]


def chosen(page: OpenedPage) -> list[str]:
    return [one.attributes["value"] for one in page.main.all("input", type="radio") if "checked" in one.attributes]


def total(page: OpenedPage) -> str:
    return page.main.one("p", class_="total").text


def outlooks(page: OpenedPage) -> list[str]:
    return [goal.all("p")[0].text for goal in page.main.all("div", class_="goal")]


@pytest.mark.parametrize("number", FORMS)
def test_every_form_is_a_worksheet_with_a_field_for_each_option(open_: Open, number: int) -> None:
    page = open_(f"/rubrics/{number}/calculator")
    sheet = form(number)
    assert page.h1 == f"Форма {number}. {edition().entry(number).title} Калькулятор баллов"  # type: ignore[union-attr]
    kinds = {
        worksheet.count_field(row, option): "text" if worksheet.counts(row) else "checkbox"
        for row in sheet.criteria
        for option in row.options
    }
    assert {one.attributes["name"]: one.attributes["type"] for one in fields(page) if one.tag == "input"} == kinds
    pupils = [worksheet.pupils_field(row, one) for row in sheet.criteria for one in row.options if row.rule.distinct_students]
    assert [one.attributes["name"] for one in fields(page) if one.tag == "textarea"] == pupils
    positions = [one.text for one in page.main.one("select", id="position").all("option") if one.attributes.get("value") != ""]
    assert positions == list(sheet.positions)
    assert [part.attributes["data-section"] for part in page.main.all("details", class_="part")] == [
        section.number for section in sheet.sections
    ]
    assert not any("disabled" in one.attributes for one in fields(page)) or len(sheet.positions) == 1


@pytest.mark.parametrize("number", ["0", "16", "01", "-1", "x"])
def test_there_is_no_other_form(client: FlaskClient, number: str) -> None:
    assert client.get(f"/rubrics/{number}/calculator").status_code == 404
    assert client.post(f"/rubrics/{number}/calculator").status_code == 404


def test_a_visitor_gets_no_cookie_and_needs_no_token(client: FlaskClient) -> None:
    opened = client.get("/rubrics/1/calculator")
    counted = client.post("/rubrics/1/calculator", data=TEACHER)
    assert (opened.headers.get("Set-Cookie"), counted.headers.get("Set-Cookie"), counted.status_code) == (None, None, 200)


def test_the_total_against_both_thresholds(submit: Submit) -> None:
    page = submit(1, {**TEACHER, "c-1.4-4": "2", "c-1.6-1": "1"})
    assert total(page) == "420 баллов"
    assert outlooks(page) == ["Для первой категории баллов достаточно.", "До высшей категории не хватает 30 баллов."]
    assert page.main.one("div", class_="bar").one("p").text == "420 баллов до высшей не хватает 30"
    bars = [(bar.attributes["max"], bar.attributes["value"]) for bar in page.main.all("progress")]
    assert bars == [("170", "420"), ("450", "420")]
    assert visible(page, "p", class_="said") == [
        "Засчитано 400 баллов: «победители (призеры) международного уровня» — 400 за 2.", "Засчитано 20 баллов.",
    ]  # fmt: skip
    assert [part.one("span", class_="subtotal").text for part in page.main.all("details", class_="part")] == [
        "420 баллов", "", "", "",
    ]  # fmt: skip
    assert visible(page, "p", class_="silence") == []
    advised = page.main.one("div", class_="advice")
    assert [step.one("strong").text for step in advised.all("li")] == ["+30"]
    assert visible(page, "div", class_="advice") == [advised.text]
    # What was entered stays.
    assert field(page, "c-1.4-4").attributes["value"] == "2"
    assert "checked" in field(page, "c-1.6-1").attributes
    assert [one.text for one in page.main.all("option") if "selected" in one.attributes] == [TEACHER["position"]]
    assert chosen(page) == ["highest"]


def test_a_range_where_the_source_is_silent(submit: Submit) -> None:
    page = submit(1, {**TEACHER, "c-4.5-1": "1", "c-4.5-2": "1"})
    assert total(page) == "от 50 до 80 баллов"
    assert visible(page, "p", class_="silence") == [
        "Регламент не уточняет, складываются ли варианты в строке 4.5: решает эксперт."
    ]
    assert page.main.all("details", class_="part")[3].one("span", class_="subtotal").text == "от 50 до 80 баллов"


def test_rows_of_another_position_are_closed_and_say_why(submit: Submit, open_: Open) -> None:
    page = submit(1, TEACHER)
    closed = {row.clause for row in form(1).criteria if not row.open_to(TEACHER["position"])}
    assert len(closed) > 0
    disabled = {one.attributes["name"].split("-")[1] for one in fields(page) if "disabled" in one.attributes}
    assert disabled == closed
    assert {row.attributes["data-row"] for row in page.main.all(class_="closed")} == closed
    reasons = visible(page, "p", class_="closed-why")
    assert len(reasons) == len(closed)
    assert all(reason.startswith("Строка не для вашей должности: в примечании сказано «") for reason in reasons)
    named = open_("/rubrics/1/calculator?position=учитель прочих предметов&category=highest")
    assert {one.attributes["name"].split("-")[1] for one in fields(named) if "disabled" in one.attributes} == closed
    assert chosen(named) == ["highest"]


def test_a_claim_of_a_closed_row_is_refused_beside_it_and_can_be_taken_back(submit: Submit) -> None:
    page = submit(1, {**TEACHER, "c-1.3-1": "1"}, status=422)
    box = field(page, "c-1.3-1")
    assert ("checked" in box.attributes, "disabled" in box.attributes) == (True, False)
    assert visible(page, id="e-c-1.3-1")[0].startswith("Строка 1.3 не для должности «Учитель прочих предметов»")


REFUSED = [
    ("-1", "Количество не может быть отрицательным: укажите ноль или больше."),
    ("−3", "Количество не может быть отрицательным: укажите ноль или больше."),
    ("две", "Количество «две» — не целое число: укажите, сколько результатов."),
    ("1,5", "Количество «1,5» — не целое число: укажите, сколько результатов."),
    ("1001", "Количество больше 1000: проверьте, нет ли опечатки."),
    ("9" * 5000, "Количество больше 1000: проверьте, нет ли опечатки."),
    ("²", "Количество «²» — не целое число: укажите, сколько результатов."),
]


@pytest.mark.parametrize(("typed", "sentence"), REFUSED)
def test_a_figure_that_is_none_is_refused_at_its_field_and_nothing_is_lost(submit: Submit, typed: str, sentence: str) -> None:
    page = submit(1, {**TEACHER, "c-1.4-4": typed, "c-1.5-1": "-2", "c-1.6-1": "1"}, status=422)
    wrong = field(page, "c-1.4-4")
    assert (wrong.attributes["value"], wrong.attributes["aria-invalid"]) == (typed, "true")
    assert wrong.attributes["aria-describedby"] == "e-c-1.4-4"
    assert visible(page, id="e-c-1.4-4") == [sentence]
    assert visible(page, id="e-c-1.5-1") == [REFUSED[0][1]]
    assert "checked" in field(page, "c-1.6-1").attributes
    links = page.main.one("div", class_="wrong").all("a")
    assert [(link.attributes["href"], link.text) for link in links] == [
        ("#c-1.4-4", f"Строка 1.4. {sentence}"), ("#c-1.5-1", f"Строка 1.5. {REFUSED[0][1]}"),
    ]  # fmt: skip
    assert total(page) == "—"


@pytest.mark.parametrize(
    ("number", "entered", "name", "sentence"),
    [
        (1, {}, "position", "Выберите должность: от неё зависит, сколько баллов нужно."),
        (1, {"position": "Директор"}, "position",
         "Форма 1 не охватывает должность «Директор»: выберите строку её таблицы баллов."),
        (1, {**TEACHER, "category": "third"}, "category", "Выберите категорию: первую или высшую."),
        (8, {**MUSICIAN, "c-1.1-1": "2"}, "role",
         "Баллы строки 1.1 зависят от роли: укажите, преподаватель или концертмейстер."),
        (8, {**MUSICIAN, "role": "певец"}, "role",
         "Роль «певец» не подходит к должности: укажите «преподаватель» или «концертмейстер»."),
        (9, {"position": "Преподаватель", "c-1.1-1": "2"}, "discipline",
         "Баллы за каждого следующего зависят от дисциплины: укажите «по специальности», «групповые дисциплины, общий курс "
         "фортепиано»."),
    ],
)  # fmt: skip
def test_what_the_position_needs_is_asked_for(
    submit: Submit, number: int, entered: dict[str, str], name: str, sentence: str
) -> None:
    page = submit(number, entered, status=422)
    assert visible(page, id=f"e-{name}") == [sentence]
    assert page.main.one(id=name).attributes["aria-invalid"] == "true"


def test_a_wrong_figure_is_named_even_without_a_position(submit: Submit) -> None:
    page = submit(1, {"c-1.4-1": "много"}, status=422)
    assert [link.attributes["href"] for link in page.main.one("div", class_="wrong").all("a")] == ["#position", "#c-1.4-1"]


def test_an_unknown_position_in_the_address_is_said(open_: Open) -> None:
    page = open_("/rubrics/1/calculator?position=Директор", status=422)
    assert visible(page, id="e-position") == ["Форма 1 не охватывает должность «Директор»: выберите свою из списка."]


def test_points_follow_the_role(submit: Submit) -> None:
    teacher = submit(8, {**MUSICIAN, "role": "преподаватель", "c-1.1-1": "2"})
    assert total(teacher) == "20 баллов"
    pianist = submit(8, {**MUSICIAN, "role": "концертмейстер", "c-1.1-2": "2"})
    assert total(pianist) == "14 баллов"
    assert "disabled" in field(pianist, "c-1.1-1").attributes
    assert "disabled" not in field(pianist, "c-1.1-2").attributes
    assert "Только для роли «преподаватель»." in visible(pianist, "span", class_="closed-why")
    refused = submit(8, {**MUSICIAN, "role": "концертмейстер", "c-1.1-1": "2"}, status=422)
    assert "не для роли «концертмейстер»" in visible(refused, id="e-c-1.1-1")[0]


def test_points_follow_the_discipline(submit: Submit) -> None:
    entered = {"position": "Преподаватель", "c-1.1-1": "3"}
    assert total(submit(9, {**entered, "discipline": "по специальности"})) == "50 баллов"
    assert total(submit(9, {**entered, "discipline": "групповые дисциплины, общий курс фортепиано"})) == "30 баллов"


def test_a_pupil_counts_once(submit: Submit) -> None:
    entered = {**MUSICIAN, "role": "преподаватель", "c-1.4-1": "2"}
    assert total(submit(8, entered)) == "80 баллов"
    assert total(submit(8, {**entered, "n-1.4-1": "А. П., а. п."})) == "40 баллов"
    page = submit(8, {**entered, "n-1.4-1": "первый\nвторой"})
    assert (total(page), field(page, "n-1.4-1").text) == ("80 баллов", "первый второй")
    # Only one is named: the other is somebody else.
    assert total(submit(8, {**entered, "n-1.4-1": "А. П."})) == "80 баллов"
    refused = submit(8, {**entered, "n-1.4-1": "А, Б, В"}, status=422)
    assert visible(refused, id="e-n-1.4-1") == ["Обучающихся 3, а результатов 2: укажите столько же результатов или больше."]
    assert field(refused, "n-1.4-1").text == "А, Б, В"


def test_sections_of_form_6_and_their_minima(submit: Submit) -> None:
    page = submit(6, {**TRAINER, "c-1.4.3-1": "1", "c-1.1.1-1": "1", "c-2.4-1": "1"})
    rows = [[cell.text for cell in row.all("th", "td")] for row in page.main.one("table", class_="minima").all("tr")]
    assert rows[0] == ["Разделы", "У вас", "Первая", "Высшая"]
    assert rows[1:] == [["1", "37", "20", "80"], ["2", "2", "2", "4"], ["3", "0", "0", "0"]]
    assert outlooks(page) == [
        "Для первой категории баллов достаточно.",
        "До высшей категории не хватает: в разделе 1 — 43 баллов, в разделе 2 — 2 баллов, всего — 45 баллов.",
    ]
    groups = page.main.all("details", class_="group")
    assert [group.attributes["data-group"] for group in groups if "open" in group.attributes] == ["1.1", "1.4"]
    said = visible(page, "p", class_="said")
    assert said[0].startswith("Не засчитано 20 баллов: в разделе засчитывается только лучшая строка, здесь 1.4.3")


def test_fields_of_nobody_are_left_alone(submit: Submit) -> None:
    page = submit(1, {**TEACHER, "c-9.9-1": "5", "c-1.6-7": "1", "x": "y", "c-1.6-1": "1"})
    assert total(page) == "20 баллов"


def test_what_was_typed_is_never_markup(submit: Submit) -> None:
    page = submit(1, {**TEACHER, "c-1.4-1": '"><script>x</script>'}, status=422)
    assert field(page, "c-1.4-1").attributes["value"] == '"><script>x</script>'


def test_the_data_for_the_script_is_the_form_itself(open_: Open, app: Flask) -> None:
    from attestation.rubrics.portable import portable

    data = open_("/rubrics/6/calculator").main.one("form", id="sheet").attributes["data-form"]
    assert app.json.loads(data) == app.json.loads(app.json.dumps(portable(form(6))))
