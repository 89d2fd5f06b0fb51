"""What the product exists for, in a real browser: look an order up, read a rubric, publish an order."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdf
import pytest
from playwright.sync_api import Page, expect

from .conftest import Installation

pytestmark = pytest.mark.browser
WIDTHS = (320, 768, 1280)
PATHS = ("/", "/orders/", "/orders/?q=школа", "/rubrics/", "/rubrics/6/", "/regulation/", "/regulation/2.6.1", "/about/")
PATHS += ("/forms/", "/forms/application", "/admin/login", "/no-such")
HEADER = ("Фамилия", "Имя", "Отчество", "Должность", "Организация", "Категория", "Решение")
ROWS = [
    ("Заозёрская", "Евлампия", "Тихоновна", "Учитель начальных классов", "ГБОУ СОШ № 9901", "высшая", "установить"),
    ("Переяславцев", "Никодим", "Гордеевич", "Воспитатель", "ГБДОУ детский сад № 9902", "первая", "установить"),
    ("Отклонилова", "Ия", "Карповна", "Воспитатель", "ГБДОУ детский сад № 9902", "первая", "отказать"),
]


def spreadsheet(rows: list[tuple[str, ...]]) -> bytes:
    """An XLSX file with the header row and these rows."""
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def attach(page: Page, rows: list[tuple[str, ...]]) -> None:
    """Choose a spreadsheet with these rows and have it checked."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("Файл XLSX или CSV").set_input_files(
        {"name": "строки.xlsx", "mimeType": kind, "buffer": spreadsheet(rows)}
    )
    page.get_by_role("button", name="Проверить файл").click()


def sign_in(page: Page, login: str) -> None:
    """Sign in with a demonstration account."""
    page.goto("/admin/")
    page.get_by_label("Имя для входа").fill(login)
    page.get_by_label("Пароль").fill(f"demo-{login}-2026")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Что ждёт")


def fill_and_submit(page: Page, button: str, fields: dict[str, str]) -> None:
    """Fill fields by their labels and press the button."""
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name=button).click()


def test_a_visitor_finds_an_order_and_its_pdf(page: Page, accessible: Callable[[], None], tmp_path: Path) -> None:
    page.goto("/")
    accessible()
    latest = page.locator("main a[href^='/orders/2']").first.get_attribute("href")
    assert latest is not None
    page.goto(latest)
    accessible()
    surname = page.locator("main table tbody tr").first.locator("th, td").nth(1).inner_text().split()[0]
    page.goto("/")
    page.get_by_label("Что найти").fill(surname)
    page.get_by_role("button", name="Найти").click()
    accessible()
    hit = page.locator("main table tbody tr").filter(has_text=surname).first
    pdf_address = hit.locator("a[href*='order.pdf']").get_attribute("href")
    hit.get_by_role("link", name=surname).first.click()
    expect(page.locator("main table")).to_contain_text(surname)
    assert pdf_address is not None
    answer = page.request.get(pdf_address.split("#")[0])
    assert answer.headers["content-type"] == "application/pdf"
    number = int(pdf_address.split("#page=")[1])
    assert surname in pypdf.PdfReader(io.BytesIO(answer.body())).pages[number - 1].extract_text()
    page.go_back()
    page.goto("/orders/?q=такойфамилииникогданебыло")
    expect(page.locator("main")).to_contain_text("Ничего не найдено")
    accessible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PATHS)
def test_public_pages_at_every_width(page: Page, accessible: Callable[[], None], path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path)
    accessible()


def test_a_teacher_reads_a_rubric_by_keyboard(page: Page, accessible: Callable[[], None]) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/rubrics/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.locator("main a[href='/rubrics/6/']").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("6")
    expect(page.locator("main")).to_contain_text("Почетное спортивное звание «Заслуженный тренер»")
    accessible()
    pdf = page.request.get("/rubrics/6.pdf")
    assert "Заслуженный тренер" in "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf.body())).pages)


def test_an_order_from_import_to_search(
    page: Page, accessible: Callable[[], None], installation: Installation, tmp_path: Path
) -> None:
    sign_in(page, "publisher")
    accessible()
    page.get_by_role("link", name="Новое распоряжение").click()
    accessible()
    requisites = {
        "Заголовок": "Об установлении (отказе в установлении) квалификационной категории педагогическим работникам",
        "Основание": "протокол заседания аттестационной комиссии от 20.11.2026 № 11",
        "Должность подписывающего": "Председатель Комитета",
        "Подписывающий (И.О. Фамилия)": "А.Б. Образцова",
    }
    fill_and_submit(page, "Создать проект", requisites)
    order_page = page.url
    page.get_by_role("link", name="Загрузить из файла").click()
    accessible()

    attach(page, [*ROWS, ROWS[0], ("", "Пустая", "", "Учитель", "Школа", "первая", "установить")])
    expect(page.locator("main")).to_contain_text("Файл не загружен")
    accessible()
    attach(page, ROWS)
    expect(page.get_by_role("heading", level=1)).to_contain_text("ошибок нет")
    accessible()
    page.get_by_role("button", name="Добавить строки: 3").click()
    expect(page.locator("#rows-title")).to_contain_text("3 строки")
    accessible()

    # Who marks the signature does not publish.
    page.get_by_role("button", name="Выйти").click()
    sign_in(page, "secretary")
    page.goto(order_page)
    page.get_by_role("link", name="Отметить подписание").click()
    accessible()
    fill_and_submit(page, "Отметить подписание", {"Дата подписания": "2026-11-19"})
    page.get_by_role("button", name="Выйти").click()
    sign_in(page, "publisher")
    page.goto(order_page)
    page.get_by_role("link", name="Зарегистрировать").click()
    fill_and_submit(page, "Зарегистрировать", {"Номер": "9917-Р", "Дата регистрации": "2026-11-20"})
    accessible()
    expect(page.get_by_role("link", name="Опубликовать")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Опубликовать").click()
    accessible()
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.locator("main")).to_contain_text("Изменить или удалить его нельзя")
    accessible()
    page.get_by_role("button", name="Выйти").click()

    address = "/orders/2026/9917-р/"
    page.goto(address)
    accessible()
    expect(page.locator("main")).to_contain_text("Заозёрская Евлампия Тихоновна")
    expect(page.locator("main")).not_to_contain_text("Отклонилова")
    body = page.request.get(f"{address}order.pdf").body()
    assert hashlib.sha256(body).hexdigest() in (page.locator("main").text_content() or "")
    assert "Отклонилова" in "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(body)).pages)
    for words in ("заозерская", "pfjpthcrfz", "9917р", "Заозёрская Е.Т."):
        page.goto(f"/orders/?q={words}")
        for _ in range(20):
            if page.locator("main table").count():
                break
            page.wait_for_timeout(250)
            page.reload()
        expect(page.locator("main table")).to_contain_text("Заозёрская Евлампия Тихоновна")
    page.goto("/orders/?q=Отклонилова")
    expect(page.locator("main table")).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_desks_at_every_width(page: Page, accessible: Callable[[], None], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "admin")
    draft = page.locator("main a[href*='/admin/orders/']:not([href*='new'])").first.get_attribute("href")
    for path in ("/admin/orders/", draft, "/admin/pages/", "/admin/journal/", "/admin/users/"):
        page.goto(path or "")
        accessible()
