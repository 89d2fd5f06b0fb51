"""An account in a real browser: opened by a letter, guarded by codes, its password forgotten and set anew."""

import re
import secrets
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default

import pyotp
import pytest
from playwright.sync_api import Page, expect

from .conftest import Installation

pytestmark = pytest.mark.browser
FIRST, SECOND = "первая фраза для входа", "вторая фраза для входа"
WIDTHS = (320, 768, 1280)


def mailed(installation: Installation, address: str, before: int = 0) -> str:
    """The link in the letter that comes to this address after so many others; the worker writes letters into files."""
    for _ in range(150):
        letters = [
            message_from_bytes(path.read_bytes(), policy=default) for path in installation.data_dir.glob("outbox/**/*.eml")
        ]
        mine = sorted((letter for letter in letters if letter["To"] == address), key=lambda letter: letter["Date"].datetime)
        if len(mine) > before:
            text = mine[before].get_body(("plain",)).get_content()
            found = re.search(r"http\S+/account/\S+", text)
            assert found, text
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no letter to {address}")


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def fill(page: Page, button: str, fields: dict[str, str]) -> None:
    """Fill fields by their labels and press the button."""
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name=button, exact=True).click()


def test_an_account_from_the_letter_to_a_forgotten_password(
    page: Page, installation: Installation, accessible: Callable[[], None]
) -> None:
    address = f"vera-{secrets.token_hex(4)}@example.org"
    page.goto("/")
    page.get_by_role("link", name="Личный кабинет").click()
    heading(page, "Вход в личный кабинет")
    accessible()
    page.get_by_role("link", name="Откройте учётную запись").click()
    accessible()
    name = {"Фамилия, имя, отчество": "Чернильницына Вера Павловна", "Электронная почта": address}
    fill(page, "Получить письмо со ссылкой", name)
    heading(page, "Проверьте почту")
    accessible()

    page.goto(mailed(installation, address))
    heading(page, "Придумайте пароль")
    accessible()
    fill(page, "Открыть учётную запись", {"Пароль": FIRST})
    expect(page.get_by_role("status")).to_have_text("Учётная запись открыта, вы вошли.")

    page.get_by_role("link", name="Профиль").click()
    accessible()
    page.get_by_role("link", name="Безопасность").click()
    accessible()
    page.get_by_role("link", name="Включить").click()
    accessible()
    secret = page.locator(".totp-secret").inner_text().replace(" ", "")
    assert page.locator(".totp-picture").evaluate("picture => picture.complete && picture.naturalWidth > 100")
    fill(page, "Включить", {"Код из приложения": pyotp.TOTP(secret).at(int(time.time())), "Текущий пароль": FIRST})
    heading(page, "Резервные коды")
    accessible()
    recovery = page.locator(".recovery-codes code").all_inner_texts()
    page.get_by_role("link", name="Коды сохранены").click()
    page.get_by_role("button", name="Выйти", exact=True).click()

    # The application's own next code is half a minute away: a clock may be one step ahead.
    fill(page, "Войти", {"Адрес электронной почты или имя для входа": address, "Пароль": FIRST})
    heading(page, "Код подтверждения")
    accessible()
    fill(page, "Войти", {"Код": pyotp.TOTP(secret).at(int(time.time()) + 30)})
    expect(page.get_by_role("link", name="Безопасность")).to_be_visible()
    page.get_by_role("button", name="Выйти", exact=True).click()

    page.get_by_role("link", name="Забыли пароль?").click()
    accessible()
    fill(page, "Получить письмо со ссылкой", {"Электронная почта": address})
    heading(page, "Проверьте почту")
    link = mailed(installation, address, before=1)
    page.goto(link)
    accessible()
    fill(page, "Задать пароль", {"Новый пароль": SECOND})
    fill(page, "Войти", {"Адрес электронной почты или имя для входа": address, "Пароль": SECOND})
    fill(page, "Войти", {"Код": recovery[0]})
    expect(page.get_by_role("link", name="Безопасность")).to_be_visible()
    page.goto(link)
    heading(page, "Ссылка не действует")
    accessible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_way_in_at_every_width(page: Page, accessible: Callable[[], None], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/account/login", "/account/register", "/account/reset"):
        page.goto(path)
        accessible()
    fill(page, "Получить письмо со ссылкой", {"Электронная почта": "nobody@example.org"})
    page.goto("/account/login")
    fill(page, "Войти", {"Адрес электронной почты или имя для входа": "secretary", "Пароль": "demo-secretary-2026"})
    for path in ("/account/profile", "/account/security", "/account/security/totp"):
        page.goto(path)
        expect(page).to_have_url(re.compile(f"{path}$"))
        accessible()
