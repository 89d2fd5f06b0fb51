"""Somebody of the demonstration at a browser of their own, whose every screen is looked at."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser, Locator, Page, expect

from attestation.admin.demo.accounts import ACCOUNTS, TEACHER, Account
from attestation.models import utc_now
from attestation.procedure.words import Role
from attestation.site.dates import day_of

from .conftest import Installation, audit, fits_the_width, visiting

PHONE, DESK = ({"width": width, "height": 900} for width in (320, 1280))
# Judged by form 3 alone, which the experts of the demonstration know.
POSITION = "Музыкальный руководитель"
# Whom a journey adds to the accounts of the demonstration, if it needs two of them.
SECOND_SECRETARY = Account("secretary2", "demo-secretary2-2026", "Продолжаева Рита Юрьевна", frozenset({Role.SECRETARY}))
PASSWORDS = {account.login: account.password for account in (*ACCOUNTS, SECOND_SECRETARY)}


class Person:
    """Somebody who is signed in, by the screens that they see. `inspecting`: whether each screen is looked at in full."""

    def __init__(self, page: Page, inspecting: bool = True) -> None:
        self.page, self.inspecting = page, inspecting

    def sees(self, heading: str | re.Pattern[str]) -> None:
        """The screen has this heading, nothing for axe to find, and fits a desk and a telephone."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        if not self.inspecting:
            return
        audit(self.page)
        self.page.set_viewport_size(PHONE)
        fits_the_width(self.page)
        self.page.set_viewport_size(DESK)

    def told(self, words: str) -> None:
        """The page tells that it is done."""
        expect(self.page.locator(".message").filter(has_text=words).first).to_be_visible()

    def fill(self, fields: dict[str, str]) -> None:
        """Fill in the only visible field of each label."""
        for label, words in fields.items():
            self.page.get_by_label(label).fill(words)

    def press(self, button: str) -> None:
        """Press the button of exactly this name."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        """Follow the link of exactly this name in the page itself."""
        self.page.get_by_role("main").get_by_role("link", name=link, exact=True).click()

    def opens_case(self, number: str) -> None:
        """Open the page of a case out of what is to be done today."""
        self.page.goto("/admin/today/")
        self.sees(re.compile("^Сегодня, "))
        self.page.get_by_role("link", name=f"Заявление № {number}", exact=True).first.click()

    @property
    def main(self) -> Locator:
        """The page without its header and footer."""
        return self.page.get_by_role("main")


class Company:
    """The people of a journey; everybody signs in when they are first asked for."""

    def __init__(self, browser: Browser, installation: Installation, stack: ExitStack) -> None:
        self._browser, self._installation, self._stack = browser, installation, stack
        self._people: dict[str, Person] = {}
        self.inspecting = True

    def __getitem__(self, login: str) -> Person:
        if login not in self._people:
            page = self._stack.enter_context(visiting(self._browser, self._installation))
            self._people[login] = _signed_in(Person(page, self.inspecting), login)
        return self._people[login]

    def leaves(self, login: str) -> None:
        """Somebody's browser is closed, whatever they were about to do."""
        self._people.pop(login).page.context.close()


@contextmanager
def company(browser: Browser, installation: Installation) -> Iterator[Company]:
    """The people of the demonstration, each in a browser of their own; at the end no console may have complained."""
    with ExitStack() as stack:
        yield Company(browser, installation, stack)


def _signed_in(person: Person, login: str) -> Person:
    cabinet = login == TEACHER.login
    person.page.goto("/account/login" if cabinet else "/admin/login")
    person.page.get_by_label("имя для входа" if cabinet else "Имя для входа").fill(login)
    person.fill({"Пароль": PASSWORDS[login]})
    person.press("Войти")
    person.sees("Мои заявления" if cabinet else "Что ждёт")
    return person


# --- What both roads have in common -----------------------------------------------------------------------------------------


def fill_in(teacher: Person) -> None:
    """The teacher answers the questions that every application asks."""
    teacher.press("Подать заявление")
    teacher.sees("О себе")
    teacher.fill({"1. Фамилия": "Мелова", "2. Имя": "Нина", "4. Дата рождения": "07.03.1985"})
    teacher.press("Сохранить и продолжить")
    teacher.sees("Работа")
    teacher.fill({"5. Место работы": "ГБДОУ детский сад № 941", "6. Стаж работы": "9 лет"})
    teacher.fill({"7. Наименование": POSITION, "8. Стаж работы": "12 лет"})
    teacher.press("Сохранить и продолжить")
    teacher.sees("Форма оценки")
    expect(teacher.main).to_contain_text("оценивают по одной форме: форма 3")
    teacher.press("Сохранить и продолжить")
    teacher.sees("Категория")
    teacher.page.get_by_role("radio", name="первая").first.check()
    teacher.page.get_by_role("radio", name="нет").check()
    teacher.press("Сохранить и продолжить")
    teacher.sees("Заседание и связь")
    teacher.page.get_by_role("radio", name="без моего присутствия").check()
    teacher.fill({"18. Адрес": TEACHER.login})
    teacher.press("Сохранить и продолжить")


def submit(teacher: Person, done: str) -> str:
    """The teacher submits what is complete; the number of the application."""
    teacher.page.get_by_role("checkbox").check()
    teacher.press("Подать заявление")
    teacher.sees(done)
    return teacher.page.locator(".case-number").inner_text()


def open_own(teacher: Person, number: str) -> None:
    """The teacher opens their application from the list."""
    teacher.page.goto("/account/")
    teacher.page.get_by_role("link", name=f"Заявление № {number}").click()
    teacher.sees(f"Заявление № {number}")


def score(expert: Person, rows: dict[str, str], total: str) -> None:
    """The expert ticks the first line of these rows, each proved by a line of the inventory; the total counts as they tick."""
    expert.page.get_by_label("Строка таблицы").select_option(POSITION)
    for row, paper in rows.items():
        expert.page.locator(f"[id='c-{row}-1']").check()
        judged = expert.page.locator(f"[data-judged='{row}']")
        if judged.get_attribute("open") is None:
            judged.locator("summary").click()
        judged.get_by_label(f"Документ к строке {row}", exact=True).select_option(label=paper)
    expect(expert.page.locator(".bar [data-total]")).to_have_text(total)


def say(expert: Person, outcome: str) -> None:
    """The expert has seen every section, says the outcome, and goes on to the check."""
    for box in expert.page.get_by_role("checkbox", name=re.compile("просмотрен полностью")).all():
        box.check()
    expert.page.get_by_role("radio", name=outcome, exact=True).check()
    expert.press("Проверить и завершить")
    expert.sees("Проверьте заключение")


def today() -> dt.date:
    """Today where the commission sits."""
    return day_of(utc_now())
