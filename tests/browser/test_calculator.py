"""The calculator alive: counts while one types, says it aloud, keeps the draft in the browser, sends nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Installation

pytestmark = pytest.mark.browser

TEACHER = "Учитель прочих предметов"
EDUCATOR = "Воспитатель (в том числе группы продленного дня)"


def field(name: str) -> str:
    return f'[name="{name}"]'


@pytest.fixture
def sent(page: Page) -> list[str]:
    """Requests of the page that are not for reading files of the site."""
    found: list[str] = []
    page.on("request", lambda request: None if request.method == "GET" else found.append(request.url))
    return found


def fill_in(page: Page) -> None:
    """240 points of form 1 for the first category."""
    page.goto("/rubrics/1/calculator")
    page.get_by_label("Должность").select_option(TEACHER)
    page.locator(field("c-1.4-4")).fill("1")
    page.locator(field("c-1.2-2")).check()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")


def test_ticks_count_at_once_and_are_announced(page: Page, accessible: Callable[[], None], sent: list[str]) -> None:
    page.goto("/rubrics/1/calculator")
    expect(page.locator(".total")).to_have_text("Выберите должность")
    page.get_by_label("Должность").select_option(TEACHER)
    expect(page.locator(".goal p")).to_have_text(
        ["До первой категории не хватает 170 баллов.", "До высшей категории не хватает 450 баллов."]
    )
    expect(page.locator(field("c-1.3-1"))).to_be_disabled()
    expect(page.locator('[data-closed="1.3"]')).to_contain_text("Строка не для вашей должности")
    page.locator(field("c-1.4-4")).fill("1")
    expect(page.locator(".total")).to_have_text("200 баллов")
    page.locator(field("c-1.2-2")).check()
    page.get_by_label("высшая").check()
    expect(page.locator(".total")).to_have_text("240 баллов")
    expect(page.locator('[data-said="1.2"]')).to_contain_text("Засчитано 40 баллов")
    expect(page.locator("[data-subtotal='1']")).to_have_text("240 баллов")
    expect(page.locator("#announce")).to_have_text("240 баллов. До высшей категории не хватает 210 баллов.")
    expect(page.locator("[data-advice] li")).to_have_count(1)
    page.locator('[data-section="4"] > summary').click()
    page.locator(field("c-4.5-1")).check()
    page.locator(field("c-4.5-2")).check()
    expect(page.locator(".total")).to_have_text("от 290 до 320 баллов")
    expect(page.locator(".silence")).to_contain_text("в строке 4.5")
    accessible()
    page.set_viewport_size({"width": 320, "height": 640})
    unfold(page)
    accessible()
    assert sent == []


def test_what_is_mistyped_is_said_and_the_rest_is_counted(page: Page) -> None:
    fill_in(page)
    page.locator(field("c-1.5-1")).fill("две")
    said = "Количество «две» — не целое число: укажите, сколько результатов."
    expect(page.locator(page_id("e-c-1.5-1"))).to_have_text(said)
    expect(page.locator(field("c-1.5-1"))).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-wrong]")).to_have_text(f"Не всё посчитано. Строка 1.5. {said}")
    expect(page.locator(".total")).to_have_text("240 баллов")
    page.locator(field("c-1.5-1")).fill("2")
    expect(page.locator(page_id("e-c-1.5-1"))).to_be_hidden()
    expect(page.locator("[data-wrong]")).to_be_hidden()


def page_id(name: str) -> str:
    return f'[id="{name}"]'


def test_a_tick_waits_while_its_row_is_closed(page: Page) -> None:
    page.goto("/rubrics/1/calculator")
    page.get_by_label("Должность").select_option("Учитель-логопед, учитель-дефектолог, логопед")
    page.locator(field("c-1.3-1")).check()
    expect(page.locator(".total")).to_have_text("60 баллов")
    page.get_by_label("Должность").select_option(TEACHER)
    expect(page.locator(".total")).to_have_text("0 баллов")
    expect(page.locator(field("c-1.3-1"))).to_be_disabled()
    page.get_by_label("Должность").select_option("Учитель-логопед, учитель-дефектолог, логопед")
    expect(page.locator(".total")).to_have_text("60 баллов")


def test_the_draft_outlives_a_reload_and_can_be_cleared_and_taken_back(page: Page, sent: list[str]) -> None:
    fill_in(page)
    page.reload()
    expect(page.locator("#restored")).to_contain_text("Вернули ваш черновик")
    expect(page.locator(".total")).to_have_text("240 баллов")
    expect(page.locator(field("c-1.4-4"))).to_have_value("1")
    page.locator("#restored").get_by_role("button", name="Начать заново").click()
    expect(page.locator(".total")).to_have_text("0 баллов")
    expect(page.locator(field("c-1.2-2"))).not_to_be_checked()
    page.get_by_role("button", name="Вернуть, как было").click()
    expect(page.locator(".total")).to_have_text("240 баллов")
    # Drafts of two forms do not meet.
    page.goto("/rubrics/2/calculator")
    expect(page.locator("#restored")).to_be_hidden()
    # What the finder names in the address stays.
    page.goto(f"/rubrics/1/calculator?position={EDUCATOR}&category=highest")
    expect(page.get_by_label("высшая")).to_be_checked()
    expect(page.get_by_label("Должность")).to_have_value(EDUCATOR)
    expect(page.locator(field("c-1.4-4"))).to_have_value("1")
    assert sent == []


def test_a_draft_goes_to_a_file_and_comes_back(page: Page, browser: Browser, tmp_path: Path) -> None:
    fill_in(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Сохранить в файл").click()
    assert download.value.suggested_filename == "Калькулятор, форма 1.json"
    file = tmp_path / "draft.json"
    download.value.save_as(file)
    draft = json.loads(file.read_text(encoding="utf-8"))
    assert (draft["form"], draft["position"], draft["fields"]) == (1, TEACHER, {"c-1.2-2": "1", "c-1.4-4": "1"})
    expect(page.locator("#told")).to_have_text("Черновик сохранён в файл.")
    page.get_by_role("button", name="Начать заново").click()
    expect(page.locator(".total")).to_have_text("0 баллов")
    page.get_by_label("Загрузить из файла").set_input_files(file)
    expect(page.locator(".total")).to_have_text("240 баллов")
    expect(page.locator("#told")).to_have_text("Черновик загружен из файла.")


def test_wrong_files_are_refused_and_nothing_is_lost(page: Page) -> None:
    fill_in(page)
    sound: dict[str, object] = {"kind": "attestation-worksheet", "version": 1, "edition": "spb-2021-04-13", "form": 1}
    sound |= {"position": TEACHER, "category": "first", "role": "", "discipline": "", "fields": {}, "saved": "2026-03-10"}
    spoilt = "Файл черновика повреждён: в нём есть то, чего нет в форме. Выберите другой файл."
    alien = "Это не черновик калькулятора: выберите файл, который сохранили кнопкой «Сохранить в файл»."
    wrong: list[tuple[str | dict[str, object], str]] = [
        ("not json", alien),
        ("[]", alien),
        ("null", alien),
        (" " * 1_000_001, "Файл слишком большой: черновик калькулятора занимает не больше мегабайта."),
        ({"form": 8}, "Это черновик формы 8, а открыта форма 1: откройте калькулятор той формы."),
        ({"edition": "spb-2030-01-01"}, "Черновик сделан по другой редакции регламента: перенесите его строки сами."),
        ({"fields": {"c-99-1": "1"}}, spoilt),
        ({"fields": {"c-1.4-4": 5}}, spoilt),
        ({"fields": None}, spoilt),
        ({"position": "Директор"}, spoilt),
        ({"category": "toString"}, spoilt),
    ]
    for change, sentence in wrong:
        text = change if isinstance(change, str) else json.dumps({**sound, **change})
        page.evaluate("document.querySelector('#told').textContent = ''")
        page.get_by_label("Загрузить из файла").set_input_files(
            [{"name": "draft.json", "mimeType": "application/json", "buffer": text.encode()}]
        )
        expect(page.locator("#told")).to_have_text(sentence)
        expect(page.locator(".total")).to_have_text("240 баллов")


def test_a_spoilt_draft_in_the_browser_is_passed_over(page: Page) -> None:
    page.goto("/rubrics/1/calculator")
    page.evaluate("localStorage.setItem('calculator:spb-2021-04-13:1', '{\"kind\":')")
    page.reload()
    expect(page.locator("#restored")).to_be_hidden()
    page.get_by_label("Должность").select_option(TEACHER)
    expect(page.locator(".total")).to_have_text("0 баллов")


def test_by_keyboard_on_a_phone_nothing_in_focus_is_under_the_bar(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/rubrics/8/calculator")
    unfold(page)
    page.locator("#position").focus()
    covered = """() => {
        const focused = document.activeElement;
        const bar = document.querySelector('.bar').getBoundingClientRect();
        const box = focused.getBoundingClientRect();
        const under = box.bottom > bar.top + 1 && !focused.closest('.bar') && box.top < bar.bottom;
        const outside = box.bottom < 0 || box.top > innerHeight;
        return under || outside ? focused.outerHTML.slice(0, 120) : '';
    }"""
    seen = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        assert page.evaluate(covered) == ""
        where = page.evaluate("document.activeElement.id || document.activeElement.closest('[id]')?.id || ''")
        seen.add(where)
        if page.evaluate("Boolean(document.activeElement.closest('.bottom'))"):
            break
    assert {"c-1.1-1", "n-1.4-1", "c-3.1-1", "save", "load", "again"} <= seen


def test_by_keyboard_only(page: Page) -> None:
    page.goto("/rubrics/8/calculator?position=Преподаватель, концертмейстер")
    page.locator('[name="role"]').first.focus()
    page.keyboard.press("Space")
    page.locator(field("c-1.1-1")).focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(field("c-1.1-1"))).to_have_value("2")
    expect(page.locator(".total")).to_have_text("20 баллов")
    assert "#result" not in page.url
    expect(page.locator(field("c-1.1-2"))).to_be_disabled()
    # From the advice to its row, which is unfolded on the way.
    link = page.locator("[data-advice] a").first
    clause = (link.get_attribute("href") or "").removeprefix("#row-")
    link.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name").startswith(f"c-{clause}-")
    expect(page.locator(page_id(f"row-{clause}"))).to_be_visible()


def test_without_javascript_it_works_by_submitting(browser: Browser, installation: Installation) -> None:
    context = browser.new_context(base_url=installation.url, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto("/rubrics/6/calculator")
    page.locator('[data-group="1.1"] > summary').click()
    page.locator(field("c-1.1.1-1")).check()
    page.get_by_role("button", name="Посчитать").click()
    expect(page.locator(".total")).to_have_text("20 баллов")
    expect(page.locator(".total")).to_be_in_viewport()
    expect(page.locator(field("c-1.1.1-1"))).to_be_checked()
    expect(page.get_by_role("button", name="Сохранить в файл")).to_be_hidden()
    context.close()
