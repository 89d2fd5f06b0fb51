"""The steps of a draft: saved, gone on, told what is wrong, saved by themselves, kept in two windows."""

import datetime as dt
from collections.abc import Callable

import pytest
from playhouse.test_utils import count_queries

from attestation.models import Application, User
from attestation.site.cases import drafts
from attestation.site.search.sources import sync
from attestation.tests.account.applying.conftest import SUMMER, SetClock, Visitor, at, page_of
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import MakeOrder

STEPS = {
    "person": {"surname": "Кляксина", "name": "Анна", "patronymic": "", "born_on": "7.3.1985", "home_address": "г. Образцов"},
    "work": {"workplace": "ГБОУ школа № 901", "workplace_years": "9 лет", "position": "Учитель физики", "position_years": "12"},
    "rubric": {"rubric": "1"},
    "category": {"category": "первая", "held_category": "нет", "held_since": "", "held_act": ""},
    "sitting": {"presence": "без моего присутствия", "phone_mobile": "+7 900 000-00-01", "email": "a@example.org"},
    "folder": {"portfolio_way": "paper"},
}


def draft_of(world: World, edition: str = SPB) -> Application:
    return drafts.begin(by=world.teacher, edition=edition, on=world.now)


def kept(case: Application) -> Application:
    return Application.get_by_id(case.id)


def test_a_teacher_walks_through_all_steps(world: World, teacher: Visitor) -> None:
    answer = teacher.post("/account/applications/new")
    case = Application.get()
    for name, answers in STEPS.items():
        assert answer.status_code == 302
        assert answer.location == at(case, f"steps/{name}")
        answer = teacher.send(answer.location, **answers)
    assert answer.location == at(case, "check")
    filled = kept(case)
    assert (filled.person, filled.born_on, filled.form, filled.category, filled.portfolio_way) == (
        "Кляксина Анна",
        dt.date(1985, 3, 7),
        1,
        "first",
        "paper",
    )
    for name, answers in STEPS.items():
        shown = teacher.fields(at(case, f"steps/{name}"))
        assert {key: shown[key] for key, value in answers.items() if value} == {k: v for k, v in answers.items() if v}


@pytest.mark.parametrize(("edition", "number"), [(SPB, 6), (LENOBL, 5)])
def test_the_steps_are_those_of_the_procedure(world: World, teacher: Visitor, edition: str, number: int) -> None:
    case = draft_of(world, edition)
    page = teacher.open(at(case, "steps/person"))
    assert page.title == f"О себе, шаг 1 из {number} — личный кабинет — Аттестация педагогов"
    assert len(page.main.one("nav", class_="steps-nav").all("a")) == number + 1
    teacher.open(at(case, "steps/folder"), 200 if edition == SPB else 404)
    teacher.open(at(case, "steps/nothing"), 404)


def test_the_draft_begins_with_the_name_and_is_taken_up_again(world: World, teacher: Visitor) -> None:
    first = teacher.post("/account/applications/new").location
    assert teacher.post("/account/applications/new").location == first
    assert teacher.fields(first)["surname"] == "Чернильницына"


def test_too_many_drafts_are_refused_on_the_list(world: World, teacher: Visitor) -> None:
    for _ in range(drafts.MOST_DRAFTS):
        teacher.send(teacher.post("/account/applications/new").location, surname="Кляксина")
    assert teacher.post("/account/applications/new").location == "/account/"
    assert "У вас уже 5 черновиков" in teacher.open("/account/").text


def test_what_is_wrong_is_told_at_its_field_and_saved_all_the_same(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    page = page_of(teacher.send(at(case, "steps/person"), surname="", born_on="31.02.1985"), 422)
    assert page.title.startswith("Ошибка: О себе")
    wrong = page.main.one("div", class_="wrong")
    assert [link.attributes["href"] for link in wrong.all("a")] == ["#surname", "#born_on", at(case, "steps/work")]
    assert page.main.one("input", id="born_on").attributes["value"] == "31.02.1985"
    assert page.main.one("input", id="born_on").attributes["aria-invalid"] == "true"
    assert (kept(case).answers["born_on"], kept(case).surname) == ("31.02.1985", "")


def test_an_untouched_step_shows_no_mistakes(world: World, teacher: Visitor) -> None:
    assert not teacher.open(at(draft_of(world), "steps/work")).main.all("p", class_="refusal")


def test_line_thirteen_is_not_asked(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    assert "asked_position" not in teacher.fields(at(case, "steps/work"))
    teacher.send(at(case, "steps/work"), position="Методист", asked_position="Учитель")
    assert kept(case).answers["asked_position"] == "Методист"


def test_known_positions_are_offered_and_another_may_be_typed(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    page = teacher.open(at(case, "steps/work"))
    offered = [option.attributes["value"] for option in page.main.one("datalist").all("option")]
    assert {"Учитель", "Педагог-библиотекарь"} <= set(offered)
    teacher.send(at(case, "steps/work"), position="Педагог-библиотекарь")
    assert "по одной форме: форма 11" in teacher.open(at(case, "steps/rubric")).text
    teacher.send(at(case, "steps/work"), position="Звонарь")
    assert len(teacher.open(at(case, "steps/rubric")).main.all("input", name="rubric")) == 15
    teacher.send(at(case, "steps/work"), position="")
    assert "Сначала назовите должность" in teacher.open(at(case, "steps/rubric")).text


# --- Saved by itself, and in two windows --------------------------------------------------------------------------------------


def test_a_step_saves_itself(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    path = at(case, "steps/work")
    first = teacher.send(path, f"{path}/autosave", position="Учитель")
    assert (first.status_code, first.json["saved"]) == (200, "Сохранено в 12:00")
    again = teacher.client.post(
        f"{path}/autosave", data={**teacher.fields(path), "position": "Учитель физики", "seen": first.json["seen"]}
    )
    assert (again.status_code, kept(case).position) == (200, "Учитель физики")


def test_two_windows_keep_both_texts(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    path = at(case, "steps/work")
    other = teacher.fields(path)
    teacher.send(path, position="Учитель физики", workplace="ГБОУ школа № 901")
    said = teacher.client.post(f"{path}/autosave", data={**other, "position": "Учитель химии"})
    assert (said.status_code, "изменён в другом окне" in said.json["refusal"]) == (409, True)
    page = page_of(teacher.client.post(path, data={**other, "position": "Учитель химии"}), 409)
    assert page.main.one("input", id="position").attributes["value"] == "Учитель химии"
    assert page.main.one("p", id="o-position").text == "В другом окне: Учитель физики"
    assert page.main.one("p", id="o-workplace").text == "В другом окне: ГБОУ школа № 901"
    assert kept(case).position == "Учитель физики"
    # Having seen both, the teacher decides.
    seen = page.main.one("input", name="seen").attributes["value"]
    typed = {**other, "seen": seen, "position": "Учитель химии", "workplace": "ГБОУ школа № 901"}
    assert teacher.client.post(path, data=typed).status_code == 422
    assert (kept(case).position, kept(case).organization) == ("Учитель химии", "ГБОУ школа № 901")


def test_the_button_after_saving_by_itself_is_no_other_window(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    path = at(case, "steps/folder")
    shown = teacher.fields(path)
    assert teacher.client.post(f"{path}/autosave", data={**shown, "portfolio_way": "paper"}).status_code == 200
    assert teacher.client.post(path, data={**shown, "portfolio_way": "paper"}).status_code == 302


def test_a_filed_application_is_not_filled_in(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(LENOBL), "submitted")
    for rest in ("steps/person", "check"):
        assert teacher.client.get(at(case, rest)).location == at(case)
    teacher.open(at(case, "discard"), 404)
    assert teacher.post(at(case, "steps/person/autosave"), surname="Кляксина").status_code == 409
    assert teacher.post(at(case, "steps/person"), surname="Кляксина").status_code == 409
    assert kept(case).surname == "Чернильницына"


def test_far_too_long_an_answer_is_told_and_fills_no_disk(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    page = page_of(teacher.send(at(case, "steps/work"), workplace="я" * 40_000), 422)
    assert "помещается 400 знаков, сейчас 2000" in page.main.one("p", id="e-workplace").text
    assert len(kept(case).answers["workplace"]) == 2000


# --- The archive ------------------------------------------------------------------------------------------------------------


def test_the_archive_is_looked_up_and_chosen(world: World, teacher: Visitor, make_order: MakeOrder) -> None:
    rows = (
        ("Чернильницына", "Вера", "Павловна", "Учитель", "ГБОУ школа № 901", "first", True),
        ("Чернильницына", "Вера", "Ивановна", "Учитель", "ГБОУ школа № 902", "first", True),
    )
    order = make_order("77-р", dt.date(2021, 4, 20), rows=rows)
    sync(teacher.client.application.extensions["attestation"].index)
    case = draft_of(world)
    teacher.send(at(case, "steps/person"))
    page = teacher.open(at(case, "steps/category"))
    shown = [label.text for label in page.main.one("fieldset", id="held_ruling").all("label")]
    assert shown == [
        "распоряжение № 77-р от 20.04.2021: первая категория, Учитель, ГБОУ школа № 901",
        "это не я или категория другая: приложу документ",
    ]
    ruling = order.rulings.get()
    answer = teacher.send(at(case, "steps/category"), category="высшая", held_ruling=str(ruling.id))
    assert answer.status_code == 302
    assert (kept(case).held_ruling, kept(case).answers["held_since"]) == (ruling, "20.04.2021")
    assert "распоряжение № 77-р от 20.04.2021, строка 1" in teacher.open(at(case, "check")).text


def test_without_a_row_in_the_archive_a_file_is_asked_for(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    teacher.send(at(case, "steps/person"))
    page = teacher.open(at(case, "steps/category"))
    assert "приложите файл: jpg, jpeg, pdf, до 3 МБ" in page.text


# --- Thrown away, and who may do all this -----------------------------------------------------------------------------------


def test_a_draft_is_thrown_away_after_asking(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    assert teacher.open(at(case, "discard")).h1 == "Удалить черновик?"
    assert kept(case)
    assert teacher.send(at(case, "discard")).location == "/account/"
    assert not Application.select().exists()
    teacher.open(at(case), 404)


@pytest.mark.parametrize(
    "rest",
    ["", "steps/person", "check", "discard", "withdraw", "submitted", "receipt.pdf", "messages", "representative"],
)
def test_somebody_elses_case_is_as_one_that_is_not_there(world: World, visitor: Callable[[User], Visitor], rest: str) -> None:
    case = draft_of(world)
    for who in (world.other_teacher, world.cast.reception, world.cast.expert):
        stranger = visitor(who)
        addresses = (at(case, rest), f"/account/applications/99999/{rest}")
        answers = [stranger.client.get(address) for address in addresses]
        assert {answer.status_code for answer in answers} == {404}
        # The address itself stands in the page, for whoever changes the look of it.
        texts = {answer.text.replace(address, "") for answer, address in zip(answers, addresses, strict=True)}
        assert len(texts) == 1


def test_a_stranger_is_sent_to_sign_in(world: World, client: object) -> None:
    case = draft_of(world)
    answer = client.get(at(case, "steps/person"))
    assert (answer.status_code, answer.location.startswith("/account/login")) == (302, True)


def test_out_of_season_the_draft_is_open_and_says_when(world: World, teacher: Visitor, set_clock: SetClock) -> None:
    set_clock(SUMMER)
    assert "приём откроется 15 августа 2026 года" in teacher.open("/account/").text
    case = world.filled(SPB)
    assert teacher.send(at(case, "steps/work"), position="Методист").status_code == 302
    assert "с 15 августа 2026 года" in teacher.open(at(case)).text
    check = teacher.open(at(case, "check"))
    assert "Это можно будет отправить с 15 августа 2026 года" in check.text
    assert not check.main.all("button")
    answer = teacher.post(at(case, "check"), version=str(kept(case).version), confirmed="да")
    assert "с 15 августа по 15 мая" in page_of(answer, 409).text


def test_a_step_costs_few_queries(world: World, teacher: Visitor) -> None:
    case = draft_of(world)
    with count_queries() as counter:
        teacher.client.get(at(case, "steps/work"))
    assert counter.count <= 6
