"""Collecting a portfolio in a real browser: files refused before they are sent, the score live, an hour booked."""

import datetime as dt
import re
import secrets
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from attestation.models import russian_key
from attestation.site import passwords
from attestation.tests import scans

from .conftest import Installation

pytestmark = pytest.mark.browser
PASSWORD = "верный пароль для проверок"
WIDTHS = (320, 768, 1280)
LIMIT = 3 * scans.MEGABYTE


def execute(installation: Installation, statement: str, *values: object) -> None:
    def compare(one: str, other: str) -> int:
        return (russian_key(one) > russian_key(other)) - (russian_key(one) < russian_key(other))

    with sqlite3.connect(installation.data_dir / "attestation.sqlite", timeout=30) as database:
        database.create_collation("russian", compare)
        database.execute(statement, values)


@pytest.fixture
def teacher(installation: Installation) -> str:
    """The address of a teacher whose account was just opened."""
    email = f"papka-{secrets.token_hex(4)}@example.org"
    row = {"login": email, "full_name": "Папкина Ольга Львовна", "password_hash": passwords.hashed(PASSWORD), "email": email}
    row |= {"email_confirmed_at": "2026-03-10 09:00:00", "created_at": "2026-03-10 09:00:00", "phone": "", "totp_secret": ""}
    row |= dict.fromkeys(("notify_email", "notify_sms", "notify_push", "totp_counter", "demo"), 0) | {"active": 1}
    places = ", ".join("?" * len(row))
    execute(installation, f"INSERT INTO account ({', '.join(row)}) VALUES ({places})", *row.values())
    return email


def begin(page: Page, installation: Installation, email: str) -> str:
    """Sign in and begin an application of a teacher of mathematics; the address of its page."""
    page.goto("/account/login")
    page.get_by_label("Адрес электронной почты или имя для входа").fill(email)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.get_by_role("button", name="Подать заявление").click()
    expect(page).to_have_url(re.compile(r"/account/applications/\d+/steps/"))
    case = re.search(r"/account/applications/(\d+)/", page.url)[1]
    chosen = "form = 1, position = 'Учитель математики', category = 'first'"
    execute(installation, f"UPDATE application SET {chosen} WHERE id = ?", case)
    return f"/account/applications/{case}"


def at_every_width(page: Page, accessible: Callable[[], None]) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        accessible()


def pdf(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": data}


def test_a_folder_from_the_first_paper_to_the_booked_hour(
    page: Page, installation: Installation, teacher: str, accessible: Callable[[], None]
) -> None:
    case = begin(page, installation, teacher)
    page.goto(f"{case}/portfolio/")
    at_every_width(page, accessible)

    # A file that is too large is refused before it is sent, with its size and what to do.
    chooser, told = page.locator("#files"), page.locator("#files-fault")
    chooser.set_input_files(pdf("том.pdf", scans.padded_pdf(LIMIT + 1)))
    expect(told).to_have_text("Отмеченные файлы не примут. Исправьте их и выберите заново.")
    expect(page.locator(".chosen li")).to_have_text(
        "том.pdf, 3,0 МБ: больше 3 МБ: разделите на 2 или отсканируйте в серых тонах"
    )
    accessible()
    page.get_by_label("Документ", exact=True).fill("Приказ о поощрении")
    page.get_by_role("button", name="Добавить").click()
    assert chooser.evaluate("field => field.validity.customError")
    expect(page.get_by_text("Пока ни одного документа.")).to_be_visible()

    chooser.set_input_files([pdf("Приказ.pdf", scans.pdf(pages=3)), pdf("Оборот.pdf", scans.pdf())])
    expect(told).to_be_hidden()
    page.get_by_label("Что подтверждает").select_option("1.1")
    page.get_by_role("button", name="Добавить").click()
    expect(page.get_by_text("Приложено файлов: 2.")).to_be_visible()
    expect(page.locator(".folder-lines > li")).to_have_count(1)
    expect(page.locator(".folder-totals")).to_contain_text("4\xa0листа")
    page.get_by_label("Документ", exact=True).fill("Диплом конкурса")
    page.get_by_role("button", name="Добавить").click()
    page.locator("form[action$='/up'] button").click()
    expect(page.locator(".paper-title").first).to_have_text(re.compile("Диплом конкурса"))
    at_every_width(page, accessible)

    # The score counts as one ticks, and says at once which row has no paper.
    page.get_by_role("link", name="Оценить себя").click()
    page.get_by_label("Должность").select_option("Учитель прочих предметов")
    page.locator("#c-1\\.1-1").check()
    page.locator("#c-1\\.2-1").check()
    expect(page.locator('[data-unproved="1.2"]')).to_be_visible()
    expect(page.locator("#row-1\\.1 + .row-proofs")).to_contain_text("Приказ о поощрении")
    expect(page.locator(".result .total")).to_have_text("30\xa0баллов")
    at_every_width(page, accessible)
    page.locator(".result").get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Самооценка сохранена.")).to_be_visible()
    expect(page.locator(".own-rows dd").nth(1)).to_have_text("нет документа")

    hour = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).replace(hour=7, minute=0, second=0, microsecond=0)
    columns = 'starts_at, "window", place, missed, demo'
    for window in (41, 42):
        starts = f"{hour + dt.timedelta(minutes=15 * window):%Y-%m-%d %H:%M:%S}"
        execute(installation, f"INSERT INTO slot ({columns}) VALUES (?, ?, ?, 0, 0)", starts, window, "каб. 5")
    page.goto(f"{case}/appointment")
    at_every_width(page, accessible)
    page.locator("details:not([open]) summary").evaluate_all("all => all.forEach((one) => one.click())")
    page.locator('input[name="slot"]').last.check()
    page.get_by_role("button", name="Записаться").click()
    expect(page.get_by_role("heading", name="Вы записаны")).to_be_visible()
    at_every_width(page, accessible)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Добавить в календарь").click()
    assert saved.value.suggested_filename == "appointment.ics"
    page.get_by_role("button", name="Отменить запись").click()
    expect(page.get_by_role("heading", name="Свободное время")).to_be_visible()


def test_a_folder_is_collected_without_javascript(browser: Browser, installation: Installation, teacher: str) -> None:
    context = browser.new_context(base_url=installation.url, locale="ru-RU", java_script_enabled=False)
    page = context.new_page()
    case = begin(page, installation, teacher)
    page.goto(f"{case}/portfolio/")
    page.get_by_label("Документ", exact=True).fill("Приказ о поощрении")
    page.locator("#files").set_input_files([pdf("Приказ.pdf", scans.pdf()), pdf("том.pdf", scans.padded_pdf(LIMIT + 1))])
    page.get_by_role("button", name="Добавить").click()
    expect(page.get_by_role("alert").filter(has_text="том.pdf")).to_contain_text("это на 1\xa0байт больше разрешённых 3 МБ")
    expect(page.locator(".paper-files li")).to_have_count(1)
    context.close()
