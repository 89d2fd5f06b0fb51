"""The road of the Leningrad oblast in a real browser, every person at a screen of their own."""

import re
from collections.abc import Iterator

import docx
import pytest
from playwright.sync_api import Browser, expect
from weasyprint import HTML

from attestation.admin.demo.accounts import TEACHER
from attestation.tests import scans

from .cast import Company, company, fill_in, open_own, say, score, submit, today
from .conftest import Installation, running

pytestmark = pytest.mark.browser

SECRETARY, LEADER = "secretary", "leader"
MAIN, FIRST, SECOND = "expert", "expert2", "expert3"
HALL = "Малая Конюшенная ул., д. 1, зал 2"
# Row of the form → the line of the inventory that proves it.
PROVED = {"2.3": "1. Справка о мастер-классе", "4.3": "2. Приказ о премии", "1.4": "3. Отзывы родителей"}


@pytest.fixture(scope="module")
def oblast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that works by the letter of the oblast."""
    with running(tmp_path_factory, "lenobl-2022-03-01") as made:
        yield made


@pytest.fixture
def people(browser: Browser, oblast: Installation) -> Iterator[Company]:
    with company(browser, oblast) as known:
        yield known


def test_from_the_draft_to_the_category(people: Company) -> None:
    number = filed(people)
    registered(people, number)
    assigned(people, number)
    confirmed(people, number)
    taken(people, number)
    score(people[MAIN], PROVED, "110 баллов")
    commented(people, number)
    concluded(people, number, "соответствует", other_conclusion())
    read(people, number)
    heard(people, number, "09:40")

    announced(people, number, "09:40", "установить категорию", "17")
    secretary = people[SECRETARY]
    secretary.page.goto("/admin/cases/?registry=established")
    secretary.sees("Заявления")
    expect(secretary.main).to_contain_text(number)
    teacher = people[TEACHER.login]
    open_own(teacher, number)
    expect(teacher.page.locator("#now")).to_have_text("Категория установлена")


def test_a_refusal_goes_with_the_record_that_three_have_signed(people: Company) -> None:
    people.inspecting = False
    number = filed(people)
    registered(people, number)
    assigned(people, number)
    confirmed(people, number)
    taken(people, number)
    score(people[MAIN], {"1.4": PROVED["1.4"]}, "20 баллов")
    commented(people, number)
    concluded(people, number, "не соответствует")

    people.inspecting = True
    main = people[MAIN]
    main.inspecting = True
    main.opens_case(number)
    main.follow("Составить протокол разногласий")
    main.sees("Протокол разногласий")
    main.fill({"Дата и время анализа": f"{today()}T00:00", "Причины": "Баллов меньше порога: подтверждена одна строка формы."})
    main.press("Составить протокол разногласий")
    main.told("Протокол разногласий составлен")
    main.sees("Протокол разногласий")
    main.press("Подписать протокол")
    for login in (FIRST, SECOND):
        people[login].opens_case(number)
        people[login].follow("Подписать протокол разногласий")
        people[login].press("Подписать протокол")
        people[login].told("Протокол разногласий подписан.")
    main.page.reload()
    expect(main.main.get_by_role("listitem").filter(has_text=re.compile("подписано"))).to_have_count(3)

    heard(people, number, "08:20")
    announced(people, number, "08:20", "отказать", "18")
    open_own(people[TEACHER.login], number)
    expect(people[TEACHER.login].page.locator("#now")).to_have_text("Отказано в установлении категории")


def filed(people: Company) -> str:
    """The teacher fills in the steps, collects a portfolio, submits; the number of the application."""
    teacher = people[TEACHER.login]
    fill_in(teacher)
    teacher.sees("Проверьте ответы")

    teacher.follow("Изменить файлы")
    teacher.sees("Индивидуальная папка")
    for title, row in (("Справка о мастер-классе", "2.3"), ("Приказ о премии", "4.3"), ("Отзывы родителей", "1.4")):
        teacher.page.get_by_label("Документ", exact=True).fill(title)
        teacher.page.get_by_label("Что подтверждает").select_option(row)
        teacher.page.locator("#files").set_input_files(pdf(f"{title}.pdf", scans.pdf()))
        teacher.press("Добавить")
        teacher.told("Файл приложен.")
    teacher.sees("Индивидуальная папка")
    teacher.follow("Черновик заявления")
    teacher.sees("Черновик заявления")
    teacher.follow("Проверить и подать")
    return submit(teacher, "Заявление подано.")


def registered(people: Company, number: str) -> None:
    """The methodist checks the application and names the leader of the group."""
    secretary = people[SECRETARY]
    secretary.opens_case(number)
    secretary.sees(re.compile("Мелова"))
    secretary.follow("Зарегистрировать")
    secretary.sees("Зарегистрировать")
    secretary.page.get_by_label("заявление оформлено верно").check()
    secretary.page.get_by_label("Руководитель экспертной группы").select_option("Ведущев Антон Маркович")
    secretary.press("Зарегистрировать")
    secretary.told("Заявление зарегистрировано")


def assigned(people: Company, number: str) -> None:
    """The leader of the group names the day and three experts."""
    leader = people[LEADER]
    leader.opens_case(number)
    leader.sees(re.compile("Мелова"))
    leader.follow("Назначить экспертизу")
    leader.sees("Назначить экспертизу")
    leader.fill({"Дата экспертизы": today().isoformat()})
    for box in leader.page.get_by_role("checkbox").all():
        box.uncheck()
    leader.page.get_by_role("row", name="Оценкина").get_by_role("radio").check()
    for name in ("Сверялова", "Взвешин"):
        leader.page.get_by_role("row", name=name).get_by_role("checkbox").check()
    leader.press("Назначить экспертизу")
    leader.told("Экспертиза назначена")


def confirmed(people: Company, number: str) -> None:
    """The teacher confirms the portfolio, which closes it."""
    teacher = people[TEACHER.login]
    open_own(teacher, number)
    teacher.follow("Подтвердить портфолио")
    teacher.sees("Индивидуальная папка")
    teacher.press("Подтвердить портфолио")
    teacher.told("Портфолио подтверждено.")


def taken(people: Company, number: str) -> None:
    """The main expert takes the application up."""
    main = people[MAIN]
    main.opens_case(number)
    main.sees(re.compile("Мелова"))
    main.follow("Взять в работу")
    main.sees(f"Экспертиза № {number}")
    main.press("Взять в работу")
    main.told("Заявление взято в работу.")
    main.sees(f"Экспертиза № {number}")


def commented(people: Company, number: str) -> None:
    """One additional expert has something to say, the other has not; the main expert reads both."""
    first = people[FIRST]
    first.opens_case(number)
    first.follow("Оставить комментарий")
    first.sees(f"Комментарий к экспертизе № {number}")
    first.fill({"Ко всей экспертизе": "Мастер-класс прошёл на уровне района."})
    first.press("Оставить комментарий")
    first.told("Комментарий сохранён")
    second = people[SECOND]
    second.opens_case(number)
    second.follow("Оставить комментарий")
    second.page.get_by_label("Замечаний нет").check()
    second.press("Оставить комментарий")
    second.sees(f"Комментарий к экспертизе № {number}")
    main = people[MAIN]
    main.page.reload()
    for words in ("Сверялова Дарья Олеговна Мастер-класс прошёл на уровне района.", "Взвешин Пётр Ильич Замечаний нет."):
        expect(main.page.locator(".other-says").filter(has_text=words)).to_be_visible()
    main.sees(f"Экспертиза № {number}")


def concluded(people: Company, number: str, outcome: str, file: bytes | None = None) -> None:
    """The main expert says the outcome, downloads the conclusion, uploads the signed one and finishes.

    `file`: what is uploaded instead of the conclusion that was downloaded; it differs from the data.
    """
    main = people[MAIN]
    say(main, outcome)
    made = main.page.request.get(main.main.get_by_role("link", name=re.compile("Заключение в PDF")).get_attribute("href"))
    assert made.body().startswith(b"%PDF")
    with main.page.expect_download() as template:
        main.follow("Пустой бланк DOCX")
    assert docx.Document(template.value.path()).paragraphs[0].text == "Форма 3"
    main.page.get_by_label("Файл заключения").set_input_files(pdf("Заключение.pdf", file or made.body()))
    main.press("Загрузить")
    if file:
        main.sees("Проверьте файл")
        main.press("Файл верен, принять его")
    main.told("Файл заключения загружен.")
    main.sees("Проверьте заключение")
    main.press("Завершить экспертизу")
    main.told("Экспертиза завершена")
    main.sees(f"Заключение по заявлению № {number}")


def read(people: Company, number: str) -> None:
    """The teacher reads the conclusion and marks that they have."""
    teacher = people[TEACHER.login]
    open_own(teacher, number)
    teacher.follow("Заключение")
    teacher.sees("Экспертное заключение")
    expect(teacher.main).to_contain_text("Набрано 110 баллов, нужно 90.")
    teacher.press("Отметить, что ознакомлен")
    teacher.told("Отметка об ознакомлении сохранена.")
    teacher.sees("Экспертное заключение")


def heard(people: Company, number: str, at: str) -> None:
    """A sitting of today gets on the list without a place; the leader chooses it, the methodist names the place."""
    secretary = people[SECRETARY]
    secretary.page.goto("/admin/sittings/new")
    secretary.sees("Новое заседание")
    secretary.fill({"Дата заседания": today().isoformat(), "Начало": at})
    secretary.press("Добавить")
    secretary.told("Заседание внесено в список.")
    leader = people[LEADER]
    leader.opens_case(number)
    leader.sees(re.compile("Мелова"))
    leader.follow("Выбрать дату заседания")
    leader.sees("Выбрать дату заседания")
    leader.page.get_by_label("Заседание").select_option(f"{today():%d.%m.%Y}, {at}, место не указано")
    leader.press("Выбрать дату заседания")
    leader.told("Дата заседания выбрана")
    teacher = people[TEACHER.login]
    open_own(teacher, number)
    expect(teacher.page.locator(".standing dt", has_text="Заседание комиссии")).to_have_count(0)
    secretary.opens_case(number)
    secretary.follow("Подтвердить дату и место заседания")
    secretary.sees("Подтвердить дату и место заседания")
    secretary.fill({"Место": HALL})
    secretary.press("Подтвердить дату и место заседания")
    secretary.told("Заседание назначено")
    open_own(teacher, number)
    expect(teacher.page.locator("#now")).to_have_text("Заседание АК")
    expect(teacher.page.locator(".standing .facts")).to_contain_text(f"{at}, {HALL}")


def announced(people: Company, number: str, at: str, decision: str, minutes: str) -> None:
    """The commission sits and agrees with the conclusion; the teacher hears of it when the minutes are signed, not before."""
    secretary, teacher = people[SECRETARY], people[TEACHER.login]
    secretary.page.goto("/admin/today/")
    secretary.follow(f"Заседание {today():%d.%m.%Y}, {at}")
    secretary.follow("Провести заседание")
    secretary.press("Открыть заседание")
    secretary.press("Все присутствуют")
    secretary.press("Указать")
    secretary.press(f"Единогласно {decision}: 1 дело")
    secretary.fill({"Номер протокола": minutes})
    secretary.press("Завершить и составить протокол")
    expect(secretary.page.get_by_role("link", name="Открыть протокол (PDF)")).to_be_visible(timeout=60_000)
    expect(secretary.main).to_contain_text("Протокол подписали ещё не все")
    open_own(teacher, number)
    expect(teacher.page.locator("#now")).to_have_text("Заседание АК")
    secretary.press("Отметить подписи")
    secretary.press("Объявить решения")
    secretary.told("Решения объявлены: 1 дело.")


def pdf(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": data}


def other_conclusion() -> bytes:
    """A conclusion with another sum than that of the form."""
    text = "Экспертное заключение. Мелова Нина Сергеевна, музыкальный руководитель. Соответствует. " * 4
    made: bytes = HTML(string=f'<html lang="ru"><title>Заключение</title><p>{text}<p>Общее количество баллов: 95').write_pdf()
    return made
