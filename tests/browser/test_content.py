"""A material in a real browser: written, reviewed, published, moved, trashed and restored; autosave; every screen."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .test_journeys import sign_in

pytestmark = pytest.mark.browser
WIDTHS = (320, 768, 1280)
SCREENS = ("", "find/?q=приём", "reports/", "trash/")
OF_A_SECTION = ("", "new/", "new/?kind=page", "new/?kind=file", "edit/", "state/", "share/", "history/")
OF_A_PAGE = ("edit/", "state/", "history/", "history/compare/?old=1&new=1", "share/", "trash/", "preview/")


def picture() -> dict[str, object]:
    """A file as a person chooses it."""
    made = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(made, "PNG")
    return {"name": "Фасад.png", "mimeType": "image/png", "buffer": made.getvalue()}


def change_person(page: Page, login: str) -> None:
    """Sign out, and in as somebody else."""
    page.get_by_role("button", name="Выйти").click()
    sign_in(page, login)


def open_section(page: Page, title: str) -> None:
    """Open a section of the first level."""
    page.goto("/admin/content/")
    page.get_by_role("row").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def new_page(page: Page, section: str, title: str) -> None:
    """Begin a page in a section; its name comes from the title."""
    open_section(page, section)
    page.get_by_role("link", name="Добавить материал").click()
    page.get_by_role("link", name="Страница", exact=True).click()
    page.get_by_label("Заголовок").fill(title)
    expect(page.get_by_label("Имя в адресе")).not_to_have_value("")
    page.get_by_role("button", name="Создать черновик").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Править")


def test_a_material_from_its_first_word_to_the_trash_and_back(page: Page, accessible: Callable[[], None]) -> None:
    # The section «Педагогу» becomes one where two people publish.
    sign_in(page, "admin")
    open_section(page, "Педагогу")
    page.get_by_role("link", name="Состояние").first.click()
    page.get_by_label("Публикуют только вдвоём").check()
    page.get_by_role("button", name="Сохранить настройки").click()
    expect(page.get_by_role("status").first).to_have_text("Настройки сохранены.")

    # The editor writes, with a link picked from the tree and a picture that is described before it is put in.
    change_person(page, "editor")
    new_page(page, "Педагогу", "Где нас найти")
    accessible()
    editor = page.url
    text = page.get_by_label("Текст", exact=True)
    text.fill("Мы в старом здании.\n\n")
    page.get_by_role("button", name="Заголовок", exact=True).click()
    page.keyboard.type("Как подать заявление")
    expect(text).to_have_value(re.compile(r"## Как подать заявление$"))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ссылка…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Слова заголовка или адреса").fill("подать заявление")
    accessible()
    dialog.get_by_role("button", name="Как подать заявление").click()
    expect(text).to_have_value(re.compile(r"\[Как подать заявление\]\(node:\d+\)$"))
    page.get_by_role("button", name="Картинка, файл…").click()
    dialog.get_by_label("Файл").set_input_files(picture())
    dialog.get_by_label("В какой раздел положить").select_option(label="— Новости")
    accessible()
    dialog.get_by_role("button", name="Загрузить").click()
    dialog.get_by_role("button", name="Вставить картинку").click()
    expect(dialog.get_by_text("Опишите картинку словами")).to_be_visible()
    dialog.get_by_label("Что на ней видно").fill("Фасад здания с улицы")
    dialog.get_by_role("button", name="Вставить картинку").click()
    expect(text).to_have_value(re.compile(r"!\[Фасад здания с улицы\]\(node:\d+\)$"))
    expect(page.locator("[data-shown] h2")).to_have_text("Как подать заявление")
    expect(page.locator("[data-shown] img")).to_have_attribute("alt", "Фасад здания с улицы")
    accessible()
    page.get_by_role("button", name="Сохранить и перейти к публикации").click()
    expect(page.get_by_text("Текст ссылается на то, чего посетители не видят")).to_be_visible()
    accessible()
    # The picture stands in a section where one person publishes.
    page.get_by_role("link", name=re.compile("fasad.png")).click()
    page.get_by_role("button", name="Опубликовать", exact=True).click()
    page.goto(editor.replace("/edit/", "/state/"))
    expect(page.locator("main")).to_contain_text("публикует другой сотрудник")
    page.get_by_role("button", name="Отправить на проверку").click()
    expect(page.get_by_role("status").first).to_have_text("Материал отправлен на проверку.")
    state = page.url

    # A second person publishes; visitors see it.
    change_person(page, "admin")
    page.get_by_role("link", name="Где нас найти").first.click()
    page.get_by_role("button", name="Опубликовать", exact=True).click()
    expect(page.get_by_role("status").first).to_have_text("Материал опубликован.")
    page.goto("/teachers/gde-nas-nayti/")
    expect(page.get_by_role("img", name="Фасад здания с улицы")).to_be_visible()
    assert page.evaluate("document.querySelector('article img').naturalWidth") > 0
    accessible()

    # Another page refers to it; then it moves.
    new_page(page, "Новости", "Переезд")
    page.get_by_label("Текст", exact=True).fill("Новый адрес: ")
    page.get_by_role("button", name="Ссылка…").click()
    dialog.get_by_label("Слова заголовка или адреса").fill("где нас")
    dialog.get_by_role("button", name="Где нас найти").click()
    page.get_by_role("button", name="Сохранить и перейти к публикации").click()
    page.get_by_role("button", name="Опубликовать", exact=True).click()
    page.goto(state)
    page.get_by_label("Раздел", exact=True).select_option(label="— Новости")
    page.get_by_role("button", name="Перенести").click()
    expect(page.get_by_role("status").first).to_contain_text("Материал перенесён.")
    page.goto("/teachers/gde-nas-nayti/")
    assert page.url.endswith("/news/gde-nas-nayti/")
    page.goto("/news/pereezd/")
    page.get_by_role("link", name="Где нас найти").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Где нас найти")

    # Into the trash, with a warning, and back.
    page.goto(state)
    page.get_by_role("link", name="Убрать в корзину…").click()
    expect(page.locator("main")).to_contain_text("«Где нас найти» в материале Переезд")
    accessible()
    page.get_by_role("button", name="Убрать в корзину: 1").click()
    assert page.request.get("/news/gde-nas-nayti/").status in {404, 410}
    page.goto("/admin/content/trash/")
    accessible()
    page.get_by_role("link", name=re.compile("Восстановить.*Где нас найти")).click()
    accessible()
    page.get_by_role("button", name="Восстановить").click()
    expect(page.get_by_role("status").first).to_contain_text("Материал восстановлен")
    assert page.request.get("/news/gde-nas-nayti/").status == 200
    page.goto(state.replace("/state/", "/history/"))
    accessible()


def test_what_was_typed_survives_a_closed_tab(page: Page, accessible: Callable[[], None]) -> None:
    sign_in(page, "editor")
    new_page(page, "Новости", "Недописанное")
    address = page.url
    tab = page.context.new_page()
    tab.clock.install()
    tab.goto(address)
    tab.get_by_label("Текст", exact=True).fill("Первая строка, которую не успели сохранить")
    tab.clock.fast_forward(21_000)
    expect(tab.get_by_text(re.compile(r"Черновик сохранён в \d\d:\d\d"))).to_be_visible()
    tab.close(run_before_unload=False)
    page.goto(address)
    expect(page.get_by_text("Есть несохранённый текст от")).to_be_visible()
    accessible()
    page.get_by_role("link", name="Вернуть").click()
    expect(page.get_by_label("Текст", exact=True)).to_have_value("Первая строка, которую не успели сохранить")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Сохранено")
    expect(page.get_by_text("Есть несохранённый текст от")).to_have_count(0)


def test_saving_over_somebody_shows_both_texts(page: Page, accessible: Callable[[], None]) -> None:
    sign_in(page, "editor")
    new_page(page, "Новости", "Спорное")
    page.get_by_label("Текст", exact=True).fill("Мой текст.")
    tab = page.context.new_page()
    tab.goto(page.url)
    tab.get_by_label("Текст", exact=True).fill("Чужой текст.")
    tab.get_by_role("button", name="Сохранить", exact=True).click()
    expect(tab.get_by_role("status").first).to_contain_text("Сохранено")
    tab.close()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Ваш текст не потерян")
    expect(page.locator(".newer")).to_contain_text("Чужой")
    expect(page.get_by_label("Текст", exact=True)).to_have_value("Мой текст.")
    accessible()


def test_rows_are_dragged_to_another_place(page: Page) -> None:
    sign_in(page, "editor")
    open_section(page, "Педагогу")
    titles = page.locator(".materials tbody th > a")
    before = titles.all_inner_texts()
    page.locator(".materials tbody .handle").last.drag_to(
        page.locator(".materials tbody tr").first, target_position={"x": 200, "y": 3}
    )
    expect(titles.first).to_have_text(before[-1])
    page.reload()
    assert titles.all_inner_texts() == [before[-1], *before[:-1]]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_at_every_width(page: Page, accessible: Callable[[], None], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "admin")
    accessible()
    open_section(page, "Педагогу")
    section = page.url
    page.get_by_role("link", name="Частые вопросы", exact=True).click()
    material = page.url.removesuffix("edit/")
    addresses = [*(f"/admin/content/{screen}" for screen in SCREENS), *(section + screen for screen in OF_A_SECTION)]
    for address in [*addresses, *(material + screen for screen in OF_A_PAGE)]:
        page.goto(address)
        accessible()


def test_a_title_without_spaces_widens_no_page(page: Page) -> None:
    title = "Приложение_к_приказу_" + "об_утверждении_формы_" * 6
    sign_in(page, "admin")
    open_section(page, "Новости")
    page.get_by_role("link", name="Добавить материал").click()
    page.get_by_role("link", name="Новость", exact=True).click()
    page.get_by_label("Заголовок").fill(title)
    page.get_by_label("Имя в адресе").fill("title-without-spaces")
    page.get_by_role("button", name="Создать черновик").click()
    page.get_by_label("Текст", exact=True).fill("Текст.")
    page.get_by_role("button", name="Сохранить и перейти к публикации").click()
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.get_by_role("status").first).to_have_text("Материал опубликован.")
    page.set_viewport_size({"width": 320, "height": 800})
    for address in (page.url, "/", "/news/", "/news/title-without-spaces/"):
        page.goto(address)
        expect(page.get_by_text(title.strip()).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 320, address
