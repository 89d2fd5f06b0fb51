"""A complaint in a real browser: from the form on the site to the signed act, the answer and what the complainant sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from attestation.tests.complaints import picture

from .cast import Company, Person, company
from .conftest import Installation, audit

pytestmark = pytest.mark.browser

WHO = {"Фамилия": "Обидина", "Имя": "Вера", "Место жительства": "г. Образцов, Тихая ул., д. 3"}
WHERE = {"Почтовый адрес для ответа": "190000, г. Образцов, Тихая ул., д. 3", "Телефон": "+7 000 123-45-67"}
WHAT = {"Что обжалуется": "9 марта не приняли заявление по почте.", "Доводы": "Бланк заполнен, причину не назвали."}
ACT = {
    "Место составления": "г. Образцов",
    "Должность решившего": "Заместитель председателя Комитета",
    "Инициалы и фамилия решившего": "О.П. Решаева",
    "Доводы и основания решения": "Пункт 2.9 такого основания не называет.",
    "Решение об обжалованном решении, действии, бездействии": "Признать отказ неправомерным.",
    "Решение по существу жалобы": "Удовлетворить жалобу.",
}


@pytest.fixture
def people(browser: Browser, installation: Installation) -> Iterator[Company]:
    with company(browser, installation) as known:
        yield known


def test_from_the_form_to_the_act(page: Page, people: Company, tmp_path: Path) -> None:
    number = files_a_complaint(page, tmp_path)
    officer = people["complaints"]
    officer.page.goto("/admin/complaints/")
    officer.follow(f"№ {number}")
    officer.sees(f"Жалоба № {number}")
    makes(officer, "Зарегистрировать", "Жалоба зарегистрирована.")
    makes(officer, "Принять к рассмотрению", "Жалоба принята к рассмотрению.")
    officer.follow("Составить проект акта")
    officer.sees("Составить проект акта")
    officer.page.get_by_role("radio", name="Удовлетворить", exact=True).check()
    for label, words in ACT.items():
        officer.page.get_by_label(label, exact=True).fill(words)
    officer.press("Сохранить проект")
    officer.told("Проект акта сохранён.")
    officer.follow("Назвать меру и её срок")
    officer.fill({"Мера": "Принять заявление", "Кто исполняет": "отдел аттестации"})
    officer.press("Назвать меру и её срок")
    officer.told("Мера записана.")
    makes(officer, "Подписать акт: удовлетворить", "Акт подписан, жалоба удовлетворена.")
    makes(officer, "Отправить ответ", "Ответ отправлен.")
    officer.sees(f"Жалоба № {number}")
    expect(officer.main.get_by_role("link", name="Открыть PDF акта")).to_be_visible()

    page.goto("/complaints/status")
    page.get_by_label("Номер жалобы").fill(number)
    page.get_by_label("Фамилия").fill("обидина")
    page.get_by_role("button", name="Узнать").click()
    expect(page.locator("#stage")).to_have_text("Удовлетворена")
    audit(page)


def files_a_complaint(page: Page, place: Path) -> str:
    """A visitor fills the form in, forgets the kind, is told so, and files it; the number."""
    page.goto("/complaints/")
    audit(page)
    page.get_by_role("link", name="Подать жалобу", exact=True).click()
    for label, words in {**WHO, **WHERE, **WHAT}.items():
        page.get_by_label(label).first.fill(words)
    page.get_by_role("radio", name="Подведомственное учреждение").check()
    page.get_by_role("button", name="Подать жалобу").click()
    page.get_by_role("link", name="Отметьте хотя бы один вид нарушения.").click()
    audit(page)
    page.get_by_role("checkbox", name="Отказались принять документы").check()
    (place / "справка.jpg").write_bytes(picture())
    page.get_by_label("Документы к жалобе").set_input_files(place / "справка.jpg")
    page.get_by_role("button", name="Подать жалобу").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Жалоба принята")
    audit(page)
    return page.locator("#number").inner_text().removeprefix("№").strip()


def makes(officer: Person, move: str, told: str) -> None:
    """The officer makes a move that asks nothing but to be confirmed."""
    officer.follow(move)
    officer.sees(move)
    officer.press(move)
    officer.told(told)
