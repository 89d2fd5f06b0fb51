"""The list of applications and the page of a case: where it stands, whose turn it is, what can be done."""

import datetime as dt
from collections.abc import Callable

import pytest
from playhouse.test_utils import count_queries

from attestation.admin.acts.cases import entering
from attestation.models import Application, Slot, User
from attestation.site.cases import drafts, messages
from attestation.tests.account.applying.conftest import SetClock, Visitor, at, page_of
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.inspection import OpenedPage

EDITIONS = (SPB, LENOBL)


def buttons(page: OpenedPage) -> dict[str, str]:
    """The ways to act that the page offers, by their words."""
    found = page.main.all("p", class_="actions")
    return {link.text: link.attributes["href"] for paragraph in found for link in paragraph.all("a")}


# --- The list ---------------------------------------------------------------------------------------------------------------


def test_who_has_no_application_is_told_how_to_begin(world: World, teacher: Visitor) -> None:
    page = teacher.open("/account/")
    assert page.h1 == "Мои заявления"
    assert "Заявлений пока нет." in page.text
    assert page.main.one("form").attributes["action"] == "/account/applications/new"


def test_the_list_says_whose_turn_it_is_and_by_when(world: World, teacher: Visitor) -> None:
    filed = world.walk(world.filled(SPB, way="paper"), "received")
    draft = world.filled(LENOBL)
    drafts.begin(by=world.other_teacher, edition=SPB, on=world.now)
    messages.write(filed, "Здравствуйте", by=world.cast.reception, on=world.now)
    page = teacher.open("/account/")
    first, second = page.main.one("ul", class_="own-cases").all("li")
    assert first.one("a").attributes["href"] == at(draft)
    facts = {row.one("dt").text: row.one("dd").text for row in second.all("div")}
    assert facts == {
        "Состояние": "Отправлено",
        "Чей ход": "эксперт СПб ГКУ «ЦАиМ», ответственный за приём документов",
        "Ближайший срок": "11 марта 2026 года: регистрация заявления с портала",
        "Подано": "10 марта 2026 года",
    }
    assert second.one("p", class_="unread").text == "1 новое сообщение"


def test_the_list_costs_the_same_for_one_and_for_many(world: World, teacher: Visitor) -> None:
    def counted() -> int:
        with count_queries() as counter:
            assert teacher.client.get("/account/").status_code == 200
        return counter.count

    world.walk(world.filled(SPB), "received")
    teacher.open("/account/")  # the navigation is read once
    one = counted()
    for edition in EDITIONS * 2:
        world.walk(world.filled(edition), {SPB: "accepted", LENOBL: "review"}[edition])
    assert counted() == one <= 8


def test_a_representative_finds_the_case_until_the_document_expires(
    world: World, visitor: Callable[[User], Visitor], set_clock: SetClock
) -> None:
    case = world.walk(world.filled(SPB), "received")
    world.represent(case, expires_on=dt.date(2026, 3, 11))
    proxy = visitor(world.proxy)
    assert "Вы действуете за педагога: Чернильницына Вера Павловна" in proxy.open("/account/").text
    proxy.open(at(case))
    set_clock(world.now + dt.timedelta(days=2))
    assert "Заявлений пока нет" in proxy.open("/account/").text
    proxy.open(at(case), 404)


# --- The page of a case -----------------------------------------------------------------------------------------------------


def test_a_draft_leads_into_its_steps(world: World, teacher: Visitor) -> None:
    case = drafts.begin(by=world.teacher, edition=SPB, on=world.now)
    page = teacher.open(at(case))
    assert page.h1 == "Черновик заявления"
    assert buttons(page) == {
        "Заполнять дальше": at(case, "steps/person"),
        "Проверить и подать": at(case, "check"),
        "Записаться на приём папки": at(case, "appointment"),
    }
    assert page.links()["Удалить черновик"] == at(case, "discard")
    assert "Отозвать заявление" not in page.links()


# Where a case stands, whose turn it is, the buttons that the teacher finds there, whether it can be withdrawn.
STANDING = [
    (SPB, "received", "Отправлено", "эксперт СПб ГКУ «ЦАиМ»", {}, True),
    (SPB, "accepted", "Принято к рассмотрению", "заместитель председателя", {}, True),
    (SPB, "review", "Экспертиза", "эксперт", {}, False),
    (SPB, "reviewed", "Экспертиза завершена", "секретарь", {"Отметить, что ознакомлен": "conclusion"}, False),
    (LENOBL, "submitted", "Подано", "методист (секретарь аттестационной комиссии)", {}, True),
    (
        LENOBL,
        "review_assigned",
        "Экспертиза назначена, портфолио на подтверждении",
        "Сейчас ваш ход",
        {"Подтвердить портфолио": "portfolio/"},
        True,
    ),
    (LENOBL, "established", "Категория установлена", "Дело закрыто", {"Отметить, что ознакомлен": "conclusion"}, False),
]


@pytest.mark.parametrize(("edition", "status", "title", "turn", "ways", "withdrawable"), STANDING)
def test_the_page_shows_where_the_case_stands(
    world: World, teacher: Visitor, edition: str, status: str, title: str, turn: str, ways: dict[str, str], withdrawable: bool
) -> None:
    case = world.walk(world.filled(edition), status)
    page = teacher.open(at(case))
    assert page.h1 == f"Заявление № {case.number}"
    assert page.main.one("h2", id="now").text == title
    assert turn in page.main.one("section", class_="standing").text
    appointment = {name: address for name, address in buttons(page).items() if address.endswith("appointment")}
    assert {name: address for name, address in buttons(page).items() if name not in appointment} == {
        name: at(case, rest) for name, rest in ways.items()
    }
    assert ("Отозвать заявление" in page.links()) == withdrawable
    assert page.links()["Расписка"] == at(case, "receipt.pdf")


def test_what_has_happened_stands_in_order_with_days_and_clauses(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "accepted")
    page = teacher.open(at(case))
    items = page.main.one("ol", class_="timeline").all("li")
    assert [(item.one("time").attributes["datetime"], item.one("span").text) for item in items] == [
        ("2026-03-10", "Подача заявления"),
        ("2026-03-10", "Поступление заявления"),
        ("2026-03-10", "Регистрация заявления"),
        ("2026-03-10", "Определение срока аттестации"),
    ]
    assert items[2].one("a").attributes["href"] == "/regulation/3.2.3"


def test_running_terms_have_their_days_and_clauses(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "received")
    terms = teacher.open(at(case)).main.one("ul", class_="terms").all("li")
    told = [(term.one("span", class_="term-title").text, term.one("strong").text, term.one("a").text) for term in terms]
    assert told == [
        ("регистрация заявления с портала", "до 11 марта 2026 года", "пункт 2.15"),
        ("рассмотрение заявления комиссией", "до 9 апреля 2026 года", "пункт 3.2.1"),
        ("подача индивидуальной папки на бумаге", "до 9 апреля 2026 года", "пункт 2.4"),
        ("государственная услуга в целом", "до 8 июня 2026 года", "пункт 2.4"),
    ]


def test_the_oblast_has_clauses_of_its_own(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(LENOBL), "registered")
    timeline = teacher.open(at(case)).main.one("ol", class_="timeline")
    assert [link.attributes["href"] for link in timeline.all("a")] == ["/regulation/lenobl/4", "/regulation/lenobl/5"]


def test_what_comes_next_is_a_table_with_terms(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(LENOBL), "submitted")
    rows = teacher.open(at(case)).main.one("table").one("tbody").all("tr")
    assert [row.one("th").text for row in rows] == [
        "Регистрация заявления",
        "Назначение экспертизы",
        "Подтверждение портфолио",
        "Начало экспертизы",
        "Завершение экспертизы",
        "Назначение заседания",
        "Решение комиссии",
    ]


def test_the_conclusion_is_linked_once_it_may_be_read(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(SPB), "review")
    assert "Заключение" not in teacher.open(at(case)).links()
    world.walk(case, "reviewed")
    assert teacher.open(at(case)).links()["Заключение"] == at(case, "conclusion")


def test_a_merged_case_leads_to_where_it_went(world: World, teacher: Visitor) -> None:
    case, other = (world.walk(world.filled(SPB), "received") for _ in range(2))
    entering.merge(case, other, reason="подано дважды", by=world.cast.secretary, on=world.now)
    page = teacher.open(at(case))
    assert page.links()[f"заявление № {other.number}"] == at(other)
    assert page.main.all("p", class_="actions") == []
    assert teacher.open("/account/").text.count("объединено с другим заявлением") == 1


def test_a_merged_case_names_what_is_not_for_this_person_without_a_link(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(SPB), "received")
    other = world.walk(world.filled(SPB, teacher=world.other_teacher), "received")
    Application.update(merged_into=other).where(Application.id == case.id).execute()
    page = teacher.open(at(case))
    assert f"дальше рассматривают заявление № {other.number}." in page.text
    assert at(other) not in page.links().values()


@pytest.mark.parametrize(("edition", "status"), [(SPB, "accepted"), (LENOBL, "review_assigned")])
def test_the_page_costs_few_queries(world: World, teacher: Visitor, edition: str, status: str) -> None:
    case = world.walk(world.filled(edition), status)
    with count_queries() as counter:
        teacher.client.get(at(case))
    assert counter.count <= 16


# --- Taking it back ---------------------------------------------------------------------------------------------------------


def test_an_application_is_withdrawn_after_asking(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "received")
    page = teacher.open(at(case, "withdraw"))
    assert page.h1 == f"Отозвать заявление № {case.number}?"
    assert Application.get_by_id(case.id).status == "received"
    assert teacher.send(at(case, "withdraw")).location == at(case)
    assert "Заявление отозвано." in teacher.open(at(case)).text
    assert (Application.get_by_id(case.id).status, Slot.get().application) == ("withdrawn", None)
    teacher.open(at(case, "withdraw"), 404)


def test_a_case_that_moved_on_meanwhile_is_not_withdrawn_unseen(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(SPB), "received")
    fields = teacher.fields(at(case, "withdraw"))
    world.walk(case, "registered")
    page = page_of(teacher.client.post(at(case, "withdraw"), data=fields), 409)
    assert "уже изменено" in page.text
    assert Application.get_by_id(case.id).status == "registered"


def test_once_the_review_has_begun_there_is_nothing_to_withdraw(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(SPB), "review")
    teacher.open(at(case, "withdraw"), 404)
    assert teacher.post(at(case, "withdraw"), version=str(case.version)).status_code == 404
