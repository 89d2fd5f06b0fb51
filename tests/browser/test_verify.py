"""Checking a file in a real browser: the true one, a changed one, another; chosen, dropped, and where it cannot be computed."""

import hashlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DROPPED = """(bytes) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], 'order.pdf', { type: 'application/pdf' }));
  const event = { dataTransfer: carried, bubbles: true, cancelable: true };
  document.querySelector('#drop').dispatchEvent(new DragEvent('drop', event));
}"""


@pytest.fixture
def published(page: Page) -> bytes:
    """A file as a visitor downloads it from the page of its order."""
    page.goto("/orders/")
    page.locator("main a[href*='/orders/20']").first.click()
    address = page.get_by_role("link", name="Открыть PDF").get_attribute("href")
    assert address
    return page.request.get(address).body()


def answer_about(data: bytes) -> re.Pattern[str]:
    return re.compile(f"/verify/{hashlib.sha256(data).hexdigest()}$")


def choose(page: Page, data: bytes) -> None:
    page.get_by_label("Файл распоряжения").set_input_files({"name": "order.pdf", "mimeType": "application/pdf", "buffer": data})


def test_a_visitor_learns_whether_a_file_is_the_published_one(
    page: Page, published: bytes, accessible: Callable[[], None]
) -> None:
    sent: list[str] = []
    page.goto("/verify")
    accessible()
    page.on("request", lambda request: sent.append(request.method + (request.post_data or "")))
    choose(page, published)
    expect(page).to_have_url(answer_about(published))
    expect(page.get_by_role("heading", name="Это опубликованный файл")).to_be_focused()
    accessible()
    assert set(sent) == {"GET"}  # the file itself went nowhere

    changed = bytearray(published)
    changed[len(changed) // 2] ^= 1
    page.evaluate(DROPPED, list(changed))
    expect(page.get_by_role("heading", name="Такого файла среди опубликованных нет")).to_be_focused()
    accessible()

    choose(page, b"%PDF-1.4 of somebody else")
    expect(page).to_have_url(answer_about(b"%PDF-1.4 of somebody else"))
    expect(page.get_by_role("heading", name="Такого файла среди опубликованных нет")).to_be_visible()


def test_where_the_browser_may_not_compute_the_sum_is_typed(page: Page, published: bytes) -> None:
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto("/verify")
    expect(page.locator("#drop")).to_be_hidden()
    expect(page.get_by_text("только на страницах с адресом https://")).to_be_visible()
    page.get_by_label("Контрольная сумма SHA-256").fill(hashlib.sha256(published).hexdigest().upper())
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_role("heading", name="Это опубликованный файл")).to_be_visible()


def test_a_file_that_is_too_large_or_not_alone_is_told(page: Page) -> None:
    page.goto("/verify")
    page.evaluate("check([{ name: 'фильм.mp4', size: 3e9 }])")
    expect(page.get_by_role("status").filter(has_text="«фильм.mp4» больше 256 МБ")).to_be_visible()
    page.evaluate("check([{}, {}])")
    expect(page.get_by_role("status").filter(has_text="Проверяйте их по одному")).to_be_visible()
    page.evaluate("check([{ name: 'папка', size: 10, stream() { throw new Error(); } }])")
    expect(page.get_by_role("status").filter(has_text="«папка» не читается")).to_be_visible()
