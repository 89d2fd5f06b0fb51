"""The road of Saint Petersburg in a real browser: a folder on paper, a second expert who knows nothing of the first."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from attestation.admin.demo.accounts import EXPERTS, TEACHER
from attestation.procedure.terms import terms

from .cast import Company, Person, company, fill_in, open_own, say, score, submit, today
from .conftest import Installation, running

pytestmark = pytest.mark.browser

EDITION = "spb-2021-04-13"
RECEPTION, SECRETARY, DEPUTY = "reception", "secretary", "deputy"
FIRST, SECOND = EXPERTS[0], EXPERTS[1]
PLACE = "Малая Конюшенная ул., д. 1, каб. 7"
# Row of the form → the line of the inventory that proves it.
PROVED = {"2.3": "1. Справка о мастер-классе", "4.3": "2. Приказ о премии", "1.4": "3. Отзывы родителей"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that works by the regulation of the city."""
    with running(tmp_path_factory, EDITION) as made:
        yield made


@pytest.fixture
def people(browser: Browser, city: Installation) -> Iterator[Company]:
    with company(browser, city) as known:
        yield known


def test_from_a_folder_on_paper_to_the_sitting(people: Company) -> None:
    opens_hours(people[RECEPTION])
    teacher = people[TEACHER.login]
    prepares(teacher)
    season = terms(EDITION).season
    if not season.is_open(today()):
        # Out of season the road ends here: a draft, and the day from which it may be sent.
        expect(teacher.main).to_contain_text("Сейчас заявления не принимают")
        expect(teacher.page.get_by_role("button", name="Подать заявление")).to_have_count(0)
        return
    number = submit(teacher, "Заявление отправлено.")
    registered(people[RECEPTION], number)
    received(people[RECEPTION], number)
    term_set(people[SECRETARY], number)

    given(people[DEPUTY], number, "Передать папку эксперту", FIRST.full_name)
    first = people[FIRST.login]
    first.opens_case(number)
    first.sees(re.compile("Мелова"))
    first.follow("Открыть экспертизу")
    score(first, {row: PROVED[row] for row in ("1.4", "4.3")}, "50 баллов")
    first.sees(f"Экспертиза № {number}")
    concluded(first, number, "не соответствует", "Заключение подписано, будет повторная независимая экспертиза.")
    open_own(teacher, number)
    expect(teacher.page.locator("#now")).to_have_text("Нужна повторная независимая экспертиза")
    expect(teacher.main.get_by_role("link", name="Заключение", exact=True)).to_have_count(0)

    given(people[DEPUTY], number, "Передать папку второму эксперту", SECOND.full_name)
    second = people[SECOND.login]
    second.opens_case(number)
    second.sees(re.compile("Мелова"))
    knows_nothing(second)
    second.follow("Открыть экспертизу")
    knows_nothing(second)
    score(second, PROVED, "110 баллов")
    second.sees(f"Экспертиза № {number}")
    concluded(second, number, "соответствует", "Повторная экспертиза завершена.")
    knows_nothing(second)

    proposed(people[SECRETARY], number)
    open_own(teacher, number)
    expect(teacher.page.locator("#now")).to_have_text("На заседании комиссии")
    expect(teacher.page.locator(".standing dt")).to_have_text(["Срок и место аттестации", "Заседание комиссии"])
    teacher.follow("Заключение")
    teacher.sees("Экспертное заключение")
    expect(teacher.main).to_contain_text("Набрано 50 баллов, нужно 90.")
    expect(teacher.main).to_contain_text("Набрано 110 баллов, нужно 90.")
    teacher.press("Отметить, что ознакомлен")
    teacher.told("Отметка об ознакомлении сохранена.")


def opens_hours(reception: Person) -> None:
    """The reception opens an hour on the days to come."""
    reception.page.goto("/admin/reception/")
    reception.sees("Приём папок")
    reception.follow("Открыть часы приёма")
    reception.sees("Открыть часы приёма")
    days = [(today() + dt.timedelta(days=number)).isoformat() for number in (1, 14)]
    reception.fill({"Первый день": days[0], "Последний день": days[1], "Приём с": "17:00", "Приём до": "18:00"})
    reception.fill({"Окон": "2", "Место": PLACE})
    reception.press("Открыть")
    reception.told("Открыто")
    reception.sees("Приём папок")


def prepares(teacher: Person) -> None:
    """The teacher fills in the draft, writes the inventory, books an hour; what is left is to submit it."""
    fill_in(teacher)
    teacher.sees("Папка")
    teacher.page.get_by_role("radio", name="на бумаге").check()
    teacher.press("Сохранить и продолжить")
    teacher.sees("Проверьте ответы")
    teacher.follow("Изменить файлы")
    for paper, row in zip(PROVED.values(), PROVED, strict=True):
        teacher.page.get_by_label("Документ", exact=True).fill(paper.partition(" ")[2])
        teacher.page.get_by_label("Что подтверждает").select_option(row)
        teacher.press("Добавить")
        expect(teacher.page.locator(".folder-lines > li")).to_have_count(int(paper[0]))
    teacher.sees("Индивидуальная папка")
    teacher.follow("Черновик заявления")
    teacher.sees("Черновик заявления")
    teacher.follow("Записаться на приём папки")
    teacher.sees("Запись на приём папки")
    teacher.page.locator('input[name="slot"]').first.check()
    teacher.press("Записаться")
    teacher.sees("Запись на приём папки")
    expect(teacher.page.get_by_role("heading", name="Вы записаны")).to_be_visible()
    with teacher.page.expect_download() as saved:
        teacher.follow("Добавить в календарь")
    assert "BEGIN:VEVENT" in saved.value.path().read_text()
    teacher.follow("Черновик заявления")
    expect(teacher.page.locator(".standing dt")).to_have_text("Приём папки")
    teacher.follow("Проверить и подать")
    teacher.sees("Проверьте ответы")


def registered(reception: Person, number: str) -> None:
    """The reception checks who has applied, and registers."""
    reception.opens_case(number)
    reception.sees(re.compile("Мелова"))
    reception.follow("Зарегистрировать")
    reception.sees("Зарегистрировать")
    reception.page.get_by_label("личность заявителя подтверждена").check()
    reception.press("Зарегистрировать")
    reception.told("Заявление зарегистрировано.")


def received(reception: Person, number: str) -> None:
    """The reception takes the folder, keeps a copy of the inventory, and writes down what is wrong with the folder."""
    reception.opens_case(number)
    reception.follow("Принять папку")
    reception.sees("Принять папку")
    reception.page.get_by_label("личность и полномочия того, кто принёс папку").check()
    reception.page.get_by_label("копия описи изъята").check()
    reception.fill({"Замечания к папке": "Листы 2 и 3 не пронумерованы."})
    reception.press("Принять папку")
    reception.told("Индивидуальная папка принята.")
    reception.sees(re.compile("Мелова"))


def term_set(secretary: Person, number: str) -> None:
    """The secretary names term and place of the attestation."""
    secretary.opens_case(number)
    secretary.follow("Назначить срок аттестации")
    secretary.sees("Назначить срок аттестации")
    ends = today() + dt.timedelta(days=45)
    secretary.fill({"День рассмотрения": today().isoformat(), "Первый день": today().isoformat()})
    secretary.fill({"Последний день": ends.isoformat(), "Место аттестации": PLACE})
    secretary.press("Назначить срок аттестации")
    secretary.told("Срок аттестации назначен")


def given(deputy: Person, number: str, move: str, expert: str) -> None:
    """The deputy chair gives the folder to an expert."""
    deputy.opens_case(number)
    deputy.sees(re.compile("Мелова"))
    deputy.follow(move)
    deputy.sees(move)
    deputy.page.get_by_role("row", name=expert).get_by_role("radio").check()
    deputy.press(move)
    deputy.told("Папка передана")


def concluded(expert: Person, number: str, outcome: str, done: str) -> None:
    """The expert says the outcome and signs."""
    say(expert, outcome)
    expert.press("Подписать и завершить")
    expert.told(done)
    expert.sees(f"Заключение по заявлению № {number}")


def knows_nothing(second: Person) -> None:
    """The second expert's page says neither who judged before nor with what result."""
    surname = FIRST.full_name.split()[0]
    assert re.findall(rf"{surname}|\b50\s+баллов", second.page.content()) == []


def proposed(secretary: Person, number: str) -> None:
    """The secretary puts the application on the agenda of the next sitting."""
    secretary.opens_case(number)
    secretary.follow("Вынести на заседание")
    secretary.sees("Вынести на заседание")
    secretary.page.get_by_label("Заседание").select_option(index=1)
    secretary.press("Вынести на заседание")
    secretary.told("Заявление вынесено на заседание комиссии.")
