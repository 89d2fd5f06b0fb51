"""A teacher with a telephone and a keyboard, no mouse: from «какая форма моя» to the inventory, to the application."""

import re
from collections.abc import Callable
from pathlib import Path

import docx
import pypdf
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .conftest import Installation

pytestmark = pytest.mark.browser

MOST_TABS = 150


def reach(page: Page, element: Locator) -> None:
    """Tab forward until the element has the focus and can be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if element.evaluate("(one) => one === document.activeElement"):
            expect(element).to_be_in_viewport()
            return
    raise AssertionError(f"Tab does not lead to {element}")


def press(page: Page, element: Locator, key: str = "Enter") -> None:
    """Reach the element and press a key on it."""
    reach(page, element)
    page.keyboard.press(key)


def choose(page: Page, element: Locator, value: str) -> None:
    """Reach a list and go down to the value."""
    reach(page, element)
    for _ in range(element.locator("option").count()):
        if element.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    expect(element).to_have_value(value)


def test_from_the_finder_to_the_inventory_by_keyboard_at_320(
    page: Page, accessible: Callable[[], None], tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/rubrics/find")
    accessible()
    choose(page, page.get_by_label("Ваша должность"), "teacher")
    press(page, page.get_by_role("button", name="Дальше"))
    # The new question is the next stop of the keyboard, and it is in sight.
    expect(page.get_by_label("Вид учреждения")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Вид учреждения")).to_be_focused()
    accessible()
    page.keyboard.press("Shift+Tab")
    choose(page, page.get_by_label("Вид учреждения"), "school")
    press(page, page.get_by_role("button", name="Дальше"))
    expect(page.get_by_role("heading", level=2)).to_have_text("Подходят 3 строки")
    accessible()

    press(page, page.locator(".match a[href='/rubrics/1/']").first)
    expect(page.locator("h1 .form-number")).to_have_text("Форма 1.")
    accessible()

    press(page, page.get_by_role("link", name="Посчитать баллы"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Калькулятор баллов")
    accessible()
    choose(page, page.get_by_label("Должность"), "Учитель прочих предметов")
    press(page, page.get_by_label("первая"), "ArrowRight")
    expect(page.get_by_label("высшая")).to_be_checked()
    press(page, page.locator('[name="c-1.2-2"]'), "Space")
    press(page, page.locator('[name="c-1.4-4"]'), "ArrowUp")
    expect(page.locator("#announce")).to_have_text("240 баллов. До высшей категории не хватает 210 баллов.")
    expect(page.locator(".bar strong")).to_have_text("240 баллов")
    press(page, page.locator('[data-section="4"] > summary'))
    press(page, page.locator('[name="c-4.5-1"]'), "Space")
    expect(page.locator("#announce")).not_to_contain_text("240 баллов")
    accessible()

    press(page, page.get_by_role("button", name="Показать список документов"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Что собрать")
    expect(page.locator(".lead")).to_contain_text("Отмечено 3 строки формы")
    accessible()
    reach(page, page.get_by_role("button", name="Скачать опись, PDF"))
    with page.expect_download(timeout=60_000) as download:
        page.keyboard.press("Enter")
    file = tmp_path / "inventory.pdf"
    download.value.save_as(file)
    text = " ".join(" ".join(sheet.extract_text() for sheet in pypdf.PdfReader(file).pages).split())
    assert "Справка, заверенная работодателем" in text
    # On with the list: papers are ticked off as they come in.
    paper = page.get_by_role("checkbox").first
    press(page, paper, "Space")
    expect(paper).to_be_checked()


ANSWERS = {
    "Фамилия": "Ёлкина-Подъяблонская",
    "Имя": "Анна",
    "Дата рождения": "07031985",
    "Место работы": "Государственное бюджетное общеобразовательное учреждение № 45",
    "Стаж работы в учреждении": "4 года",
    "Наименование занимаемой должности": "Учитель",
    "Стаж работы в должности": "7 лет",
}


def test_from_a_clause_to_the_application_filled_in_by_keyboard_at_320(
    page: Page, accessible: Callable[[], None], tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    main = page.get_by_role("main")
    page.goto("/regulation/2.6.2")
    press(page, main.get_by_role("link", name="Опись индивидуальной папки", exact=True))
    expect(page).to_have_url(re.compile("/forms/#inventory$"))
    accessible()
    page.goto("/forms/")
    press(page, page.get_by_role("link", name="Заполнить на сайте"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Заполнить заявление")
    main.get_by_label("Имя").fill(ANSWERS["Имя"])
    press(page, page.get_by_role("button", name="Скачать PDF"))

    # The list of mistakes has the focus; its first line leads to the first field, where what was typed is kept.
    expect(page.get_by_role("alert")).to_be_focused()
    accessible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(main.get_by_label("Фамилия")).to_be_focused()
    expect(main.get_by_label("Имя")).to_have_value("Анна")

    for label, answer in ANSWERS.items():
        field = main.get_by_label(label)
        if not field.evaluate("(one) => one === document.activeElement"):
            reach(page, field)
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(answer)
    press(page, page.get_by_role("radio", name="нет"), "Space")
    press(page, page.get_by_role("radio", name="первая").last, "Space")
    press(page, page.get_by_role("radio", name="в моем присутствии"), "Space")
    press(page, page.get_by_role("checkbox"), "Space")
    reach(page, page.get_by_role("button", name="Скачать PDF"))
    with page.expect_download(timeout=60_000) as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "Заявление.pdf"
    download.value.save_as(tmp_path / "application.pdf")
    (sheet,) = pypdf.PdfReader(tmp_path / "application.pdf").pages
    text = " ".join(sheet.extract_text().split())
    said = ["Ёлкина-Подъяблонская", "07.03.1985", "общеобразовательное учреждение № 45", "4 года", "7 лет"]
    assert [words for words in said if words not in text] == []


def test_the_application_needs_no_script(browser: Browser, installation: Installation) -> None:
    with browser.new_context(base_url=installation.url, java_script_enabled=False) as context:
        page = context.new_page()
        main = page.get_by_role("main")
        page.goto("/forms/application")
        main.get_by_label("Фамилия").fill("Ёлкина")
        page.get_by_role("button", name="Скачать DOCX").click()
        expect(page.get_by_role("alert").get_by_role("link")).to_have_count(10)
        for label, answer in ANSWERS.items():
            main.get_by_label(label).fill(answer)
        for place, answer in ((0, "нет"), (1, "первая"), (0, "без моего присутствия")):
            page.get_by_role("radio", name=answer).nth(place).check()
        page.get_by_role("checkbox").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Скачать DOCX").click()
        rows = docx.Document(download.value.path()).tables[0].rows
    assert rows[2].cells[2].text == "Ёлкина-Подъяблонская"
