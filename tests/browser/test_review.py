"""The desk of an expert in a real browser: a live total, saving by itself, two windows, no script, a phone."""

import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from attestation.models import russian_key as _key

from .conftest import Installation

pytestmark = pytest.mark.browser

SUBJECTS = "Учитель прочих предметов"


@pytest.fixture
def case(installation: Installation) -> tuple[int, str]:
    """A case of the demonstration under review by the rules of form 1, nothing scored yet, and the login of its expert."""
    found = (
        "SELECT application.id, review.id, account.login FROM review"
        " JOIN application ON application.id = review.application_id JOIN account ON account.id = review.expert_id"
        " WHERE review.role = 'main_expert' AND review.ended_at IS NULL AND application.status = 'review'"
        " AND account.login LIKE 'expert%' AND EXISTS (SELECT 1 FROM paper WHERE paper.application_id = application.id)"
    )
    with sqlite3.connect(installation.data_dir / "attestation.sqlite", timeout=30) as database:
        # Indexes over names need the order in which the application keeps them.
        database.create_collation("russian", lambda one, other: (_key(one) > _key(other)) - (_key(one) < _key(other)))
        case_id, review_id, login = database.execute(found).fetchone()
        database.execute("UPDATE application SET form = 1, category = 'first' WHERE id = ?", (case_id,))
        empty = "answers = '{}', proofs = '{}', outcome = '', returned_at = NULL, version = version + 1"
        database.execute(f"UPDATE review SET {empty} WHERE id = ?", (review_id,))
    return case_id, login


def open_sheet(page: Page, case: tuple[int, str]) -> None:
    page.goto("/admin/login")
    page.get_by_label("Имя для входа").fill(case[1])
    page.get_by_label("Пароль").fill(f"demo-{case[1]}-2026")
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    page.goto(f"/admin/cases/{case[0]}/review")


def test_the_total_follows_and_the_sheet_saves_itself(
    page: Page, case: tuple[int, str], accessible: Callable[[], None]
) -> None:
    open_sheet(page, case)
    page.get_by_label("Строка таблицы").select_option(SUBJECTS)
    bar = page.locator(".bar")
    expect(bar).to_contain_text("0 баллов")
    page.locator("#c-1\\.1-3").check()
    expect(bar).to_contain_text("40 баллов")
    expect(bar).to_contain_text("до первой не хватает 130")
    expect(page.locator('[data-said="1.1"]')).to_have_text("Засчитано 40 баллов: «от 60% и более от числа участвующих» — 40.")
    # A row with points asks for its paper, and offers a place for one more.
    unproved = page.locator('[data-unproved="1.1"]')
    expect(unproved).to_be_visible()
    page.locator("#p-1\\.1").select_option(index=1)
    expect(unproved).to_be_hidden()
    expect(page.locator("#p-1\\.1-2")).to_be_visible()
    expect(page.locator("#saved")).to_contain_text("Сохранено в")
    # Options whose addition the form leaves open make the total a range.
    page.locator("#c-2\\.1-2").check()
    page.locator("#c-2\\.1-3").check()
    expect(bar).to_contain_text("от 60 до 70 баллов")
    accessible()
    expect(page.locator("#saved")).to_contain_text("Сохранено в")
    page.wait_for_timeout(3000)
    page.reload()
    expect(page.locator("#c-2\\.1-3")).to_be_checked()
    page.set_viewport_size({"width": 320, "height": 700})
    accessible()


def test_of_two_windows_the_second_learns_of_the_first(page: Page, case: tuple[int, str]) -> None:
    open_sheet(page, case)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#recommendations").fill("Написано в другом окне.")
    other.get_by_role("button", name="Сохранить", exact=True).click()
    expect(other.locator(".message.success")).to_have_text("Оценка сохранена.")
    page.locator("#recommendations").fill("Написано здесь.")
    expect(page.locator("#saved")).to_contain_text("Оценка уже изменена в другом окне", timeout=10_000)
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator(".message.error")).to_contain_text("Оценка уже изменена в другом окне")
    # Nothing of what was typed is lost.
    expect(page.locator("#recommendations")).to_have_value("Написано здесь.")


def test_everything_missing_is_named_before_the_end(page: Page, case: tuple[int, str], accessible: Callable[[], None]) -> None:
    open_sheet(page, case)
    page.get_by_label("Строка таблицы").select_option(SUBJECTS)
    page.locator("#c-1\\.1-3").check()
    page.get_by_role("button", name="Проверить и завершить").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Проверьте заключение")
    gaps = page.locator(".todo")
    expect(gaps).to_contain_text("Строка 1.1: не выбран документ папки.")
    expect(gaps).to_contain_text("Раздел 4 не отмечен как просмотренный.")
    expect(gaps).to_contain_text("Вывод не выбран.")
    accessible()
    gaps.get_by_role("link", name="Строка 1.1").click()
    expect(page.locator("#row-1\\.1")).to_be_in_viewport()


def test_without_a_script_it_works_by_submitting(browser: Browser, installation: Installation, case: tuple[int, str]) -> None:
    context = browser.new_context(base_url=installation.url, locale="ru-RU", java_script_enabled=False)
    page = context.new_page()
    open_sheet(page, case)
    page.get_by_label("Строка таблицы").select_option(SUBJECTS)
    page.locator("#c-1\\.2-3").check()
    page.get_by_role("button", name="Сохранить и пересчитать").click()
    expect(page.locator(".bar")).to_contain_text("80 баллов")
    expect(page.locator('[data-unproved="1.2"]')).to_be_visible()
    page.locator("#p-1\\.2").select_option(index=1)
    page.get_by_role("button", name="Сохранить и пересчитать").click()
    expect(page.locator('[data-unproved="1.2"]')).to_be_hidden()
    context.close()
