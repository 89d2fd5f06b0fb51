"""Applying in a real browser: steps that save themselves, two windows, no connection, no JavaScript."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from attestation.site import passwords

from .conftest import Installation

pytestmark = pytest.mark.browser

PASSWORD = "верный пароль для проверок"
STEPS = {
    "О себе": {"1. Фамилия": "Кляксина", "2. Имя": "Анна", "4. Дата рождения": "07.03.1985"},
    "Работа": {
        "5. Место работы": "ГБОУ школа № 901",
        "6. Стаж работы": "9 лет",
        "7. Наименование": "Учитель физики",
        "8. Стаж работы": "12 лет",
    },
    "Форма оценки": {"Форма 1.": ""},
    "Категория": {"первая >> 0": "", "нет": ""},
    "Заседание и связь": {"без моего присутствия": "", "18. Адрес": "klyaksina@example.org"},
    "Папка": {"на бумаге": ""},
}


@pytest.fixture
def teacher(installation: Installation, request: pytest.FixtureRequest) -> str:
    """The address of a teacher of this test, whose account was just opened."""
    email = f"{request.node.name.partition('[')[0]}@example.org"[-80:].lstrip("_")
    row = {
        "login": email,
        "full_name": "Кляксина Анна Петровна",
        "password_hash": passwords.hashed(PASSWORD),
        "email": email,
        "email_confirmed_at": "2026-03-10 09:00:00",
        "phone": "",
        "notify_email": 0,
        "notify_sms": 0,
        "notify_push": 0,
        "totp_secret": "",
        "totp_counter": 0,
        "active": 1,
        "demo": 0,
        "created_at": "2026-03-10 09:00:00",
    }
    with sqlite3.connect(installation.data_dir / "attestation.sqlite", timeout=30) as database:
        names = ", ".join(row)
        database.execute(f"INSERT INTO account ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    return email


def sign_in(page: Page, email: str) -> None:
    page.goto("/account/login")
    page.get_by_label("Адрес электронной почты или имя для входа").fill(email)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Мои заявления")


def begin(page: Page, email: str) -> None:
    sign_in(page, email)
    page.get_by_role("button", name="Подать заявление").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("О себе")


def answer(page: Page, fields: dict[str, str]) -> None:
    """Fill in the fields of a step by their labels; a choice has no text, and of several alike the place."""
    for label, text in fields.items():
        words, _, place = label.partition(" >> ")
        if text:
            page.get_by_label(words).fill(text)
        else:
            page.get_by_role("radio", name=words).nth(int(place or 0)).check()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Сохранить и продолжить").click()


def test_a_teacher_walks_through_the_steps(page: Page, teacher: str, accessible: Callable[[], None]) -> None:
    page.goto("/status")
    accessible()
    begin(page, teacher)
    for title, fields in STEPS.items():
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        accessible()
        answer(page, fields)
        go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Проверьте ответы")
    accessible()
    page.set_viewport_size({"width": 320, "height": 800})
    accessible()
    page.get_by_role("link", name="Черновик", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Черновик заявления")
    accessible()
    page.get_by_role("link", name="Переписка").click()
    accessible()
    page.goto("/account/")
    accessible()


def test_a_step_saves_itself_while_it_is_filled_in(page: Page, teacher: str) -> None:
    begin(page, teacher)
    page.get_by_label("4. Дата рождения").fill("07.03.1985")
    expect(page.locator("[data-saved]")).to_contain_text("Сохранено в ")
    page.reload()
    expect(page.get_by_label("4. Дата рождения")).to_have_value("07.03.1985")
    # The button right after typing does not meet its own page as another window.
    page.get_by_label("1. Фамилия").fill("Чернильницына")
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Работа")


def test_two_windows_keep_both_texts(page: Page, teacher: str) -> None:
    begin(page, teacher)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("1. Фамилия").fill("Чернильницына")
    expect(other.locator("[data-saved]")).to_contain_text("Сохранено в ")
    page.get_by_label("1. Фамилия").fill("Кляксова")
    expect(page.locator("[data-saved]")).to_contain_text("изменён в другом окне")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("сохранили в другом окне")
    expect(page.get_by_label("1. Фамилия")).to_have_value("Кляксова")
    expect(page.get_by_text("В другом окне: Чернильницына")).to_be_visible()


@pytest.fixture
def loose_page(browser: Browser, installation: Installation) -> Iterator[Page]:
    """A page whose console may say that the network is away."""
    context = browser.new_context(base_url=installation.url, locale="ru-RU")
    yield context.new_page()
    context.close()


def test_without_a_connection_what_is_typed_waits_for_it(loose_page: Page, teacher: str) -> None:
    begin(loose_page, teacher)
    loose_page.context.set_offline(True)
    loose_page.get_by_label("2. Имя").fill("Вера")
    expect(loose_page.locator("[data-saved]")).to_contain_text("Нет связи с сервером")
    loose_page.context.set_offline(False)
    expect(loose_page.locator("[data-saved]")).to_contain_text("Сохранено в ", timeout=15_000)
    loose_page.reload()
    expect(loose_page.get_by_label("2. Имя")).to_have_value("Вера")


@pytest.fixture
def plain_page(browser: Browser, installation: Installation) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    context = browser.new_context(base_url=installation.url, locale="ru-RU", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_javascript_every_step_is_saved_by_its_button(plain_page: Page, teacher: str) -> None:
    begin(plain_page, teacher)
    answer(plain_page, {"4. Дата рождения": "31.02.1985"})
    go_on(plain_page)
    expect(plain_page.get_by_role("alert")).to_contain_text("Такой даты нет")
    for title, fields in STEPS.items():
        expect(plain_page.get_by_role("heading", level=1)).to_have_text(title)
        answer(plain_page, fields)
        go_on(plain_page)
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Проверьте ответы")
    expect(plain_page.get_by_text("ГБОУ школа № 901")).to_be_visible()
    plain_page.get_by_role("link", name="Изменить шаг «Работа»").click()
    expect(plain_page.get_by_label("7. Наименование")).to_have_value("Учитель физики")


def test_the_check_tells_axe_nothing_when_something_is_missing(page: Page, teacher: str) -> None:
    begin(page, teacher)
    page.get_by_label("1. Фамилия").fill("")
    go_on(page)
    expect(page.get_by_role("alert")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="Проверка", exact=True).click()
    expect(page.get_by_text("Пока не хватает")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
