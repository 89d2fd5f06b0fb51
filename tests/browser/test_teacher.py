"""A teacher with a telephone and a keyboard, no mouse: from the question «какая форма моя» to the inventory in hand."""

from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect

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
