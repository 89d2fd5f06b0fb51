"""«Версия для слабовидящих» in a real browser: by hand without JavaScript, and every kind of page in every scheme."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from .conftest import Installation
from .test_journeys import PATHS, sign_in

pytestmark = pytest.mark.browser

PUBLIC = (*PATHS, "/rubrics/6/calculator", "/rubrics/6/papers", "/rubrics/find", "/rubrics/compare", "/accessibility")
PUBLIC += ("/regulation/compare", "/regulation/editions?document=spb&on=2026-09-01", "/regulation/search?q=срок")
PUBLIC += ("/regulation/for/teacher/", "/regulation/section-2", "/regulation/appendix-1", "/search?q=школа")
PUBLIC += ("/verify", "/news/", "/news/forms/", "/teachers/", "/teachers/how-to-apply/", "/teachers/latest/")
DESKS = ("/admin/", "/admin/orders/", "/admin/orders/new/", "/admin/journal/", "/admin/users/", "/admin/users/new/")
DESKS += ("/about/", "/admin/regulation/", "/admin/content/", "/admin/content/1/")
DESKS += tuple(f"/admin/content/2/{step}/" for step in ("edit", "history", "state", "share", "trash"))
DESKS += tuple(f"/admin/content/{desk}/" for desk in ("1/new", "find", "reports", "trash"))
DESKS += ("/admin/regulation/import/",)
OF_A_DRAFT = ("", "edit/", "import/", "rows/new/", "delete/")
# Each scheme with another width, so that wide, zoomed and narrow pages are all seen; narrow with all that takes room.
LOOKS = {
    "black on white, 150 %": ("s1f0c1w0i1", 1280),
    "white on black, 200 %, serif, wide, no images": ("s2f1c2w1i0", 320),
    "blue on cyan": ("s0f0c3w0i1", 640),
}
# What is drawn in a colour that is neither of the scheme's two.
STRAY_COLOURS = """() => {
  const root = getComputedStyle(document.documentElement);
  const probe = document.body.appendChild(document.createElement('i'));
  const scheme = ['--ink', '--paper'].map((name) => {
    probe.style.color = root.getPropertyValue(name);
    return getComputedStyle(probe).color;
  });
  probe.remove();
  const stray = new Set();
  for (const element of document.querySelectorAll('body, body *:not(option)')) {
    if (!element.getClientRects().length) continue;
    for (const part of ['', '::before', '::after']) {
      const style = getComputedStyle(element, part || null);
      if (part && style.content === 'none') continue;
      const drawn = {color: style.color, background: style.backgroundColor};
      for (const side of ['Top', 'Right', 'Bottom', 'Left']) {
        if (parseFloat(style[`border${side}Width`])) drawn[`border${side}`] = style[`border${side}Color`];
      }
      if (style.boxShadow !== 'none') drawn.shadow = style.boxShadow.match(/rgba?\\([^)]*\\)/)[0];
      for (const [what, colour] of Object.entries(drawn)) {
        if (!scheme.includes(colour) && !colour.endsWith(', 0)')) {
          stray.add(`${element.localName}.${element.className}${part} ${what} ${colour}`);
        }
      }
    }
  }
  return [...stray];
}"""

UNMEASURABLE = {"bgImage", "bgGradient", "imgNode", "pseudoContent"}
# Whether one sees where the focus is.
OUTLINED = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
}"""


@pytest.fixture
def plain_page(browser: Browser, installation: Installation) -> Iterator[Page]:
    """A page of a visitor whose browser runs no scripts."""
    context = browser.new_context(base_url=installation.url, java_script_enabled=False, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    yield opened
    context.close()


def choose_look(page: Page, installation: Installation, look: str) -> None:
    """Come with the cookie of this look, in a window of its width."""
    code, width = LOOKS[look]
    page.context.add_cookies([{"name": "view", "value": code, "url": installation.url}])
    page.set_viewport_size({"width": width, "height": 900})


def check(page: Page) -> None:
    """Sound for axe, with nothing behind text that keeps it from measuring contrast; two colours; no scrolling sideways."""
    # Style sheets are not copied into the page for axe to read twice: the content policy would block the copies.
    # Elements that are in order are not described one by one: that took half of the time.
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations", "incomplete"]}).response
    assert [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found["violations"]] == [], page.url
    unsure = [node for fault in found["incomplete"] if fault["id"] == "color-contrast" for node in fault["nodes"]]
    assert [node["html"] for node in unsure if node["any"][0]["data"]["messageKey"] in UNMEASURABLE] == [], page.url
    assert page.evaluate(STRAY_COLOURS) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def button(page: Page, group: str, words: str) -> Locator:
    """A button of the panel."""
    return page.get_by_role("group", name=group).get_by_role("button", name=words, exact=True)


def test_without_javascript_it_is_turned_on_changed_remembered_and_left(plain_page: Page) -> None:
    page = plain_page
    html = page.locator("html")
    page.goto("/orders/?q=школа")
    page.get_by_role("button", name="Версия для слабовидящих").click()
    expect(page).to_have_url("/orders/?q=%D1%88%D0%BA%D0%BE%D0%BB%D0%B0#viewing")
    expect(html).to_have_class("low-vision size-large scheme-black-on-white")
    expect(page.get_by_role("form", name="Версия для слабовидящих")).to_be_visible()
    button(page, "Цвета", "Белым по чёрному").click()
    button(page, "Размер текста", "А самый крупный").click()
    button(page, "Изображения", "Скрыть").click()
    expect(button(page, "Цвета", "Белым по чёрному")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("searchbox").first).to_have_value("школа")
    page.get_by_role("link", name="Заключения").first.click()
    expect(page).to_have_url("/rubrics/")
    expect(html).to_have_class("low-vision size-largest scheme-white-on-black images-hidden")
    expect(page.locator("body")).to_have_css("background-color", "rgb(0, 0, 0)")
    expect(page.locator("html")).to_have_css("font-size", "32px")
    expect(page.locator("img")).to_have_count(0)
    expect(page.get_by_role("group", name="Шрифт")).to_be_hidden()  # at this size it would fill the screen
    page.get_by_role("link", name="Настроить").click()
    button(page, "Шрифт", "С засечками").click()
    expect(html).to_have_class("low-vision size-largest typeface-serif scheme-white-on-black images-hidden")
    page.get_by_role("button", name="Обычная версия").click()
    expect(page).to_have_url("/rubrics/")
    assert html.get_attribute("class") is None
    expect(page.get_by_role("button", name="Версия для слабовидящих")).to_be_visible()


def test_the_panel_is_worked_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/rubrics/6/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Версия для слабовидящих")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/rubrics/6/#viewing")
    expect(page.get_by_role("form", name="Версия для слабовидящих")).to_be_focused()
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()"))
        assert page.evaluate(OUTLINED), seen
    assert seen[0] == "Свернуть настройки"
    assert seen[1:] == [
        *("Обычная версия", "А обычный", "А крупный", "А самый крупный", "Без засечек", "С засечками"),
        *("Обычные", "Чёрным по белому", "Белым по чёрному", "Синим по голубому", "Обычные", "Широкие"),
        "Показать",
    ]


@pytest.mark.parametrize("path", ["/", "/regulation/2.6.2", "/forms/application"])
def test_the_keyboard_reaches_the_end_of_a_page(page: Page, path: str) -> None:
    page.goto(path)
    last = page.locator(".bottom a").last
    for _ in range(400):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINED), page.evaluate("document.activeElement.outerHTML")
        if last.evaluate("link => link === document.activeElement"):
            return
    pytest.fail("the keyboard does not get to the footer")


@pytest.mark.parametrize("look", LOOKS)
def test_public_pages_in_each_scheme(page: Page, installation: Installation, look: str) -> None:
    page.goto("/orders/")
    order = page.locator("main a[href^='/orders/2']").first.get_attribute("href") or ""
    choose_look(page, installation, look)
    for path in (*PUBLIC, order):
        page.goto(path)
        check(page)


@pytest.mark.parametrize("look", LOOKS)
def test_desks_in_each_scheme(page: Page, installation: Installation, look: str) -> None:
    sign_in(page, "admin")
    draft = page.locator("main a[href*='/admin/orders/']:not([href*='new'])").first.get_attribute("href") or ""
    choose_look(page, installation, look)
    for path in (*DESKS, *(f"{draft}{step}" for step in OF_A_DRAFT)):
        page.goto(path)
        check(page)


def test_zoomed_and_still(page: Page, accessible: Callable[[], None]) -> None:
    """A window of 1280 pixels at 200 % is 640 wide; what a device asks for is heard."""
    page.set_viewport_size({"width": 640, "height": 450})
    for path in PUBLIC:
        page.goto(path)
        accessible()
    page.emulate_media(reduced_motion="reduce", forced_colors="active", contrast="more")
    page.goto("/rubrics/6/")
    assert page.locator("a.button").first.evaluate("link => getComputedStyle(link).transitionDuration") == "0s"
    assert page.locator(".hint, .source, .positions").first.evaluate("words => getComputedStyle(words).color") == page.evaluate(
        "getComputedStyle(document.body).color"
    )
