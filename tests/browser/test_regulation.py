"""The regulation in a real browser: contents that follow, addresses to copy, references at the keyboard, a clean console."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_contents_follow_the_reader(page: Page) -> None:
    page.goto("/regulation/")
    page.locator("#p-3\\.4\\.2").evaluate("clause => clause.scrollIntoView()")
    current = page.locator(".toc a[aria-current]")
    expect(current).to_have_text("3.4. Решение аттестационной комиссии")
    expect(current).to_be_in_viewport()
    page.locator("#appendix-2").evaluate("appendix => appendix.scrollIntoView()")
    expect(current).to_have_text("Приложение № 2. Опись индивидуальной папки")


def test_the_address_of_any_clause_is_copied_with_the_keyboard(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/regulation/")
    assert page.locator(".clause .copy").count() == 191
    assert page.locator("main [role=status]").count() == 1
    page.locator("#t-2\\.6\\.2 a").focus()
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Скопировать адрес пункта 2.6.2", exact=True)
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main [role=status]")).to_have_text("Адрес скопирован")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/regulation/2.6.2")


def test_a_reference_says_where_it_leads_at_the_keyboard_too(page: Page) -> None:
    page.goto("/regulation/2.6")
    reference = page.locator(".prose a[title]").first
    reference.focus()
    note = page.get_by_role("tooltip")
    expect(note).to_contain_text("Заявление об аттестации. Пункты 2.6.1–2.6.7, всего 7")
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    assert (reference.get_attribute("title") or "").startswith("Заявление об аттестации")


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_kind_of_page_is_accessible(page: Page, accessible: Callable[[], None], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    paths = ("regulation/", "regulation/section-3-1", "regulation/2.6.2", "regulation/appendix-1", "regulation/compare")
    paths += ("regulation/search?q=сколько листов", "regulation/search?q=жираф", "regulation/editions?date=2021-09-01")
    for path in paths:
        page.goto(f"/{path}")
        accessible()
