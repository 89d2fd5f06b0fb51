"""A sitting in a real browser: twelve cases, one against its conclusion, one by a tie; then minutes, order, correction."""

import datetime as dt
import io
import re
from collections.abc import Iterator

import pypdf
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from attestation import models
from attestation.admin.acts import users
from attestation.admin.demo.accounts import ACCOUNTS, TEACHER, Account
from attestation.models import User, utc_now
from attestation.procedure.words import Role
from attestation.tests.cases import ANSWERS, SPB, open_world
from attestation.tests.conftest import Cast
from attestation.tests.scans import pdf

from .cast import SECOND_SECRETARY, Company, Person, company, open_own, today
from .conftest import Installation, audit, running, visiting

pytestmark = pytest.mark.browser

SECRETARY, SECOND, PUBLISHER = "secretary", SECOND_SECRETARY.login, "publisher"
APPROVERS = {"controller": "Начальник отдела аттестации", "endorser": "Начальник Юридического отдела"}
APPROVERS |= {"deputy": "Заместитель или первый заместитель председателя Комитета"}
SURNAMES = ("Азбукина", "Букварёва", "Ведина", "Глаголева", "Доскина", "Единичкина", "Жукова", "Задачникова", "Иксова")
SURNAMES += ("Кляксина", "Линейкина", "Мелова")
AGAINST, MISSPELT, RIGHT, TIED = "Азбукина", "Кляксина", "Кляксинская", "Мелова"
MOTIVE = "Документы раздела 2 относятся к другой должности."
WRONG = "Напечатано «Кляксина», правильно «Кляксинская»."
REASON = "Издано повторно: такое же распоряжение уже есть."
NEW_EXPERT = Account("ekspert", "demo-ekspert-2026", "Судилова Анна Львовна", frozenset({Role.EXPERT}))
CERTIFICATE = {"Владелец сертификата": "Лугинина Евгения Сергеевна", "Кем выдан": "Удостоверяющий центр «Проба»"}
MEMBERS, NEEDED, VOTING = 12, 8, 10
MINUTES, ORDER, AMENDING = "77", "9801-р", "9802-р"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that works by the regulation of the city, with twelve cases that wait for a sitting."""
    with running(tmp_path_factory, SPB) as made:
        models.connect(f"sqlite:///{made.data_dir / 'attestation.sqlite'}")
        with models.connection():
            brings_cases(made)
        yield made


@pytest.fixture
def people(browser: Browser, city: Installation) -> Iterator[Company]:
    with company(browser, city) as known:
        yield known


@pytest.fixture
def visitor(browser: Browser, city: Installation) -> Iterator[Page]:
    with visiting(browser, city) as opened:
        yield opened


def brings_cases(installation: Installation) -> None:
    """Twelve cases with positive conclusions, the last of the demonstration's teacher; and a second secretary."""
    now = utc_now()
    _opened(SECOND_SECRETARY, now)
    logins = {role: account.login for account in reversed(ACCOUNTS) for role in account.roles}
    known = {role.value: User.get(User.login == login) for role, login in logins.items()}
    # An expert whom the bank of the demonstration does not have yet.
    known[Role.EXPERT.value] = _opened(NEW_EXPERT, now)
    cast = Cast(**known, departed=known[Role.EDITOR.value])
    world = open_world(cast, installation.data_dir / "cases", pdf(), now)
    for surname in SURNAMES:
        teacher = User.get(User.login == TEACHER.login) if surname == TIED else _teacher(surname, now)
        said = {"surname": surname, "search_text": surname.lower(), "answers": {**ANSWERS, "surname": surname}}
        world.walk(world.filled(SPB, teacher=teacher, **said), "reviewed")


def _opened(account: Account, now: dt.datetime) -> User:
    said = {"login": account.login, "full_name": account.full_name, "password": account.password, "roles": account.roles}
    return users.add_user(**said, by=None, on=now)


def _teacher(surname: str, now: dt.datetime) -> User:
    teacher: User = User.create(
        login=f"{SURNAMES.index(surname)}@example.org", full_name=f"{surname} Вера Павловна", password_hash="-", created_at=now
    )
    return teacher


def test_from_the_agenda_to_an_order_that_is_corrected(people: Company, visitor: Page) -> None:
    secretary = people[SECRETARY]
    composes(secretary)
    sitting = plans_the_sitting(secretary)
    proposes_all(secretary)
    gathers(secretary)
    agrees(secretary)
    refuses_against_the_conclusion(secretary)
    # The browser is closed in the middle of the next vote; what was recorded is there for whoever goes on.
    secretary.page.get_by_role("radio", name="против").first.check()
    people.leaves(SECRETARY)
    decides_by_a_tie(people[SECOND], sitting)
    closes(people[SECOND])
    secretary = people[SECRETARY]
    order = drafts(secretary, sitting)
    goes_for_approval(secretary, order, {"endorser": "Первый заместитель председателя Комитета"})
    approves(people["endorser"], order, *SURNAMES)
    hides_until_published(people[TEACHER.login])
    signs_and_registers(secretary, order, ORDER)
    publishes(people[PUBLISHER], order, ORDER)
    reads_the_result(people[TEACHER.login])

    file = finds_and_checks(visitor)
    request = asks_for_a_correction(visitor)
    amending = corrects(secretary)
    goes_for_approval(secretary, amending, APPROVERS)
    for login in APPROVERS:
        approves(people[login], amending, RIGHT)
    signs_and_registers(secretary, amending, AMENDING)
    publishes(people[PUBLISHER], amending, AMENDING)
    sees_the_correction(visitor, request, file)
    withdraws(people[PUBLISHER], amending)
    sees_the_notice(visitor)


# --- The sitting ------------------------------------------------------------------------------------------------------------


def composes(secretary: Person) -> None:
    """A new composition by an order of today, the members as they were."""
    secretary.page.goto("/admin/sittings/")
    secretary.sees("Заседания")
    secretary.follow("Составы комиссии")
    secretary.sees("Составы комиссии")
    secretary.main.get_by_role("link", name=re.compile("^№ 118-р")).click()
    secretary.follow("Скопировать состав")
    secretary.sees("Новый состав по образцу прежнего")
    secretary.fill({"Номер распоряжения о составе": "201-р"})
    secretary.fill(dict.fromkeys(("Дата распоряжения", "Действует с"), today().isoformat()))
    secretary.press("Скопировать")
    secretary.told("Состав скопирован.")
    secretary.sees("Состав комиссии")
    expect(secretary.main.get_by_role("heading", name="Члены комиссии")).to_contain_text(str(MEMBERS))


def plans_the_sitting(secretary: Person) -> str:
    """A sitting of today; the address of its page."""
    secretary.page.goto("/admin/sittings/")
    secretary.follow("Добавить заседание")
    secretary.sees("Новое заседание")
    secretary.fill({"Дата заседания": today().isoformat(), "Начало": "23:30", "Место": "Учебная ул., д. 1, каб. 5"})
    secretary.fill({"Дел не больше": str(len(SURNAMES))})
    secretary.press("Добавить")
    secretary.sees(re.compile("^Заседание "))
    expect(secretary.main).to_contain_text("201-р")
    return secretary.page.url


def proposes_all(secretary: Person) -> None:
    """All twelve in one go, after a list to be checked."""
    secretary.follow("Вынести дела")
    secretary.sees(re.compile("^Вынести дела на заседание"))
    for surname in SURNAMES:
        secretary.page.get_by_role("checkbox", name=re.compile(f"^{surname} Вера")).check()
    secretary.press("Дальше")
    secretary.sees(re.compile(r"12\sдел$"))
    secretary.page.get_by_role("button", name=re.compile(": 12$")).click()
    expect(secretary.main).to_contain_text("В повестке 12 дел из 12.")
    secretary.follow("Открыть повестку")
    secretary.sees(re.compile("^Повестка заседания"))
    expect(secretary.main.locator(".agenda li")).to_have_count(len(SURNAMES))
    secretary.page.go_back()


def gathers(secretary: Person) -> None:
    """The sitting is opened, members come one by one until there is a quorum and more; who presides is named."""
    secretary.follow("Провести заседание")
    secretary.sees(re.compile("^Ход заседания"))
    secretary.press("Открыть заседание")
    expect(secretary.main).to_contain_text("Кворума нет. Присутствуют 0 из 12")
    for count in range(1, VOTING + 1):
        secretary.page.get_by_role("button", name=re.compile("^Пришёл ?:")).first.click()
        expect(secretary.main).to_contain_text(f"Присутствуют {count} из 12")
        expect(secretary.main).to_contain_text("Кворум есть." if count >= NEEDED else "Кворума нет.")
    meter = secretary.page.get_by_role("meter", name="Кворум")
    assert [meter.get_attribute(name) for name in ("value", "low", "max")] == ["10", "8", "12"]
    secretary.press("Указать")
    expect(secretary.main.locator(".room .badge")).to_have_text("председательствует")
    secretary.sees(re.compile("^Ход заседания"))


def agrees(secretary: Person) -> None:
    """Two cases are pulled out, the others decided by one vote; then one more member comes."""
    for surname in (AGAINST, TIED):
        secretary.page.get_by_role("button", name=re.compile(f"^Отдельно ?: дело .+{surname}")).click()
        expect(secretary.page.locator("#separate").get_by_role("link", name=re.compile(surname))).to_be_visible()
    secretary.press("Единогласно установить категорию: 10 дел")
    expect(secretary.page.locator("#settled summary")).to_have_text("10 дел из 12")
    secretary.page.get_by_role("button", name=re.compile("^Пришёл ?:")).first.click()
    expect(secretary.main).to_contain_text("Присутствуют 11 из 12")


def votes(person: Person, votes_for: int, votes_against: int) -> None:
    """The first so many vote for, the next against; the rest do not vote."""
    said = ["за"] * votes_for + ["против"] * votes_against
    voters = person.page.locator("fieldset.voter")
    for place in range(voters.count()):
        choice = said[place] if place < len(said) else "не голосовал"
        voters.nth(place).get_by_role("radio", name=choice, exact=True).check()


def refuses_against_the_conclusion(secretary: Person) -> None:
    """Most vote against; that is not what the conclusion says, so the page asks for a motive before it sends anything."""
    secretary.follow("Голосовать поимённо: 2 дела")
    secretary.sees(re.compile(AGAINST))
    votes(secretary, 3, 8)
    expect(secretary.page.locator("[data-count]")).to_contain_text("За 3, против 8, не голосовали 0")
    secretary.page.get_by_role("button", name=re.compile("^Записать и перейти")).click()
    expect(secretary.page.get_by_label("Мотивы")).to_be_focused()
    secretary.fill({"Мотивы": MOTIVE})
    secretary.page.get_by_role("button", name=re.compile("^Записать и перейти")).click()
    secretary.told("отказать")
    secretary.sees(re.compile(TIED))


def decides_by_a_tie(second: Person, sitting: str) -> None:
    """Another secretary goes on: five and five, which is for the teacher."""
    second.page.goto(sitting)
    second.follow("Провести заседание")
    expect(second.main).to_contain_text("Присутствуют 11 из 12")
    expect(second.page.locator("#settled summary")).to_have_text("11 дел из 12")
    expect(second.page.locator("#close")).to_contain_text("Не голосовали")
    second.follow("Голосовать поимённо: 1 дело")
    second.sees(re.compile(TIED))
    votes(second, 5, 5)
    expect(second.page.locator("[data-count]")).to_contain_text("За 5, против 5, не голосовали 1")
    second.fill({"Мотивы": "Голоса разделились поровну."})
    second.press("Записать голоса")
    second.told("установить")
    expect(second.page.locator("#settled")).to_contain_text("За 5, против 5, голоса поровну")


def closes(second: Person) -> None:
    """The minutes are there the moment the sitting is closed, and are signed."""
    second.fill({"Номер протокола": MINUTES})
    second.press("Завершить и составить протокол")
    second.sees(re.compile(f"^Протокол № {MINUTES}"))
    link = second.page.get_by_role("link", name="Открыть протокол (PDF)")
    expect(link).to_be_visible(timeout=60_000)
    told = text_of(second.page, link)
    for words in (*SURNAMES, MOTIVE, "Голоса разделились поровну.", "201-р"):
        assert words in told
    second.press("Отметить подписи")
    expect(second.main).to_contain_text("Подписали все, чьи подписи нужны.")


def text_of(page: Page, link: Locator) -> str:
    """What stands in the PDF that a link leads to, in one line."""
    data = page.request.get(link.get_attribute("href") or "").body()
    return " ".join(" ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(data)).pages).split())


def hides_until_published(teacher: Person) -> None:
    """No decision is told before it is announced."""
    open_own(teacher, _number(teacher))
    assert not re.search("установлена|отказано|Решение комиссии:", teacher.main.inner_text())


def _number(teacher: Person) -> str:
    """The number of the application that the sitting decides, the newest of the teacher's."""
    teacher.page.goto("/account/")
    return teacher.page.get_by_role("link", name=re.compile("^Заявление №")).first.inner_text().split()[2]


# --- Orders -----------------------------------------------------------------------------------------------------------------


def drafts(secretary: Person, sitting: str) -> str:
    """The draft that comes from the minutes without anything typed anew; the address of its page."""
    secretary.page.goto(sitting)
    secretary.follow("Распоряжения")
    secretary.sees(re.compile("^Распоряжения по заседанию"))
    expect(secretary.main).to_contain_text("12 строк, из них отказов: 1")
    secretary.press("Подготовить 1 проект")
    secretary.told("Строки внесены из протокола.")
    secretary.sees(re.compile("^Об установлении"))
    expect(secretary.main).to_contain_text("Сверка с протоколом: расхождений нет")
    return secretary.page.url


def goes_for_approval(secretary: Person, order: str, chain: dict[str, str]) -> None:
    """The draft is sent to these people, by who they are for it."""
    secretary.page.goto(order)
    secretary.follow("Отправить на согласование")
    secretary.sees("Отправить на согласование")
    names = {account.login: account.full_name for account in ACCOUNTS}
    for login, title in chain.items():
        secretary.page.get_by_label(title, exact=True).select_option(label=names[login])
    secretary.press("Отправить на согласование")
    secretary.told("Проект отправлен на согласование.")


def approves(person: Person, order: str, *people: str) -> None:
    """Somebody of the chain finds the draft waiting, reads whom it names, and approves it."""
    person.page.goto("/admin/")
    expect(person.main.get_by_role("link", name=re.compile("^Согласовать проект")).first).to_be_visible()
    person.page.goto(order)
    for surname in people:
        expect(person.page.locator("#rows")).to_contain_text(f"{surname} Вера Павловна")
    person.follow("Согласовать")
    person.sees("Согласовать")
    person.press("Согласовать")
    person.told("Проект согласован.")


def signs_and_registers(secretary: Person, order: str, number: str) -> None:
    """The signature is marked with its certificate, then the order gets its number."""
    secretary.page.goto(order)
    secretary.follow("Отметить подписание")
    secretary.sees("Отметить подписание")
    secretary.fill({"Дата подписания": today().isoformat()})
    secretary.page.get_by_text("Электронная подпись").click()
    secretary.fill({**CERTIFICATE, "Серийный номер": "01A2B3C4"})
    secretary.fill({"Действует с": today().replace(day=1).isoformat(), "Действует по": f"{today().year + 1}-12-31"})
    secretary.press("Отметить подписание")
    secretary.told("Подписание отмечено.")
    secretary.follow("Зарегистрировать")
    secretary.fill({"Номер": number, "Дата регистрации": today().isoformat()})
    secretary.press("Зарегистрировать")
    secretary.told("Распоряжение зарегистрировано")
    expect(secretary.main).to_contain_text(CERTIFICATE["Владелец сертификата"])


def publishes(publisher: Person, order: str, number: str) -> None:
    """Another person publishes; everything that follows from it gets done."""
    publisher.page.goto(order)
    publisher.sees(re.compile(number))
    expect(publisher.page.get_by_role("link", name="Опубликовать")).to_be_visible(timeout=60_000)
    publisher.follow("Опубликовать")
    publisher.sees("Опубликовать")
    publisher.page.get_by_role("button", name=re.compile("^Опубликовать")).click()
    publisher.told("Распоряжение опубликовано.")
    steps = publisher.page.get_by_role("region", name="Что следует за публикацией").locator("li")
    for _ in range(100):
        if all("сделано" in words for words in steps.all_inner_texts()):
            break
        publisher.page.wait_for_timeout(300)
        publisher.page.reload()
    publisher.sees(re.compile(number))
    for words in steps.all_inner_texts():
        assert "сделано" in words


def withdraws(publisher: Person, order: str) -> None:
    """The order leaves the site for a reason that everybody will read."""
    publisher.page.goto(order)
    publisher.follow("Отозвать распоряжение")
    publisher.sees("Отозвать распоряжение")
    publisher.fill({"Причина": REASON})
    publisher.press("Отозвать распоряжение")
    publisher.told("Распоряжение отозвано")


def corrects(secretary: Person) -> str:
    """The request is registered, its order drafted, the row put right there; the address of the draft."""
    secretary.page.goto("/admin/corrections/")
    secretary.sees("Исправления в распоряжениях")
    secretary.main.get_by_role("row", name=re.compile(RIGHT)).get_by_role("link").first.click()
    secretary.sees(re.compile("^Запрос об исправлении"))
    secretary.follow("Зарегистрировать")
    secretary.sees("Зарегистрировать")
    secretary.press("Зарегистрировать")
    secretary.told("Запрос зарегистрирован")
    secretary.follow("Подготовить распоряжение о внесении изменений")
    secretary.sees("Подготовить распоряжение о внесении изменений")
    expect(secretary.page.get_by_label("Строки с ошибкой")).to_have_value(re.compile(r"^\d+$"))
    expect(secretary.main).to_contain_text(MISSPELT)
    secretary.press("Подготовить распоряжение о внесении изменений")
    secretary.told("Проект распоряжения о внесении изменений подготовлен.")
    secretary.sees(re.compile("^О внесении изменений"))
    draft = secretary.page.url
    secretary.follow("Изменить строку 1")
    secretary.fill({"Фамилия": RIGHT})
    secretary.press("Сохранить")
    expect(secretary.main).to_contain_text(f"{RIGHT} Вера Павловна")
    return draft


# --- What others see --------------------------------------------------------------------------------------------------------


def reads_the_result(teacher: Person) -> None:
    """The teacher sees the category and its order in the cabinet, and the letter that tells of it."""
    open_own(teacher, _number(teacher))
    expect(teacher.page.locator("#now")).to_contain_text("Категория установлена")
    expect(teacher.page.locator(".standing dd").last).to_contain_text(f"№ {ORDER}")
    teacher.follow("Письма")
    teacher.sees("Письма")
    teacher.main.get_by_role("link", name=re.compile("категория установлена$")).first.click()
    teacher.sees(re.compile("категория установлена$"))
    expect(teacher.main).to_contain_text(f"распоряжение № {ORDER}")


def finds_and_checks(visitor: Page) -> bytes:
    """A visitor finds a person by surname, opens the order, and has its file checked; the file."""
    visitor.goto(f"/orders/?q={MISSPELT}")
    visitor.get_by_role("main").get_by_role("link", name=re.compile(MISSPELT)).first.click()
    audit(visitor)
    visitor.goto(address(ORDER))
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(ORDER)
    audit(visitor)
    main = visitor.get_by_role("main")
    expect(main.get_by_role("heading", name="Категория установлена: 11 человек")).to_be_visible()
    expect(main.locator("table.people")).not_to_contain_text(AGAINST)
    link = visitor.get_by_role("link", name="Открыть PDF")
    assert MISSPELT in text_of(visitor, link)
    file = visitor.request.get(link.get_attribute("href") or "").body()
    checks(visitor, file)
    return file


def checks(visitor: Page, file: bytes) -> None:
    visitor.goto("/verify")
    sent = {"name": "order.pdf", "mimeType": "application/pdf", "buffer": file}
    visitor.get_by_label("Файл распоряжения").set_input_files(sent)
    expect(visitor.get_by_role("heading", name="Это опубликованный файл")).to_be_focused()
    audit(visitor)


def address(number: str) -> str:
    return f"/orders/{today().year}/{number}/"


def asks_for_a_correction(visitor: Page) -> str:
    """A visitor says what is wrong in the row; the address of the request."""
    visitor.goto(address(ORDER))
    visitor.get_by_role("link", name=re.compile(f"^Строка .+{MISSPELT}")).click()
    visitor.get_by_role("link", name="Сообщить об ошибке в этой строке").click()
    audit(visitor)
    expect(visitor.get_by_label("Номер распоряжения")).to_have_value(ORDER)
    visitor.get_by_role("textbox", name=re.compile("^Что написано неверно")).fill(WRONG)
    visitor.get_by_label("Фамилия, имя, отчество").first.fill(f"{RIGHT} Вера Павловна")
    visitor.get_by_label("Электронная почта").fill("klyaksinskaya@example.org")
    visitor.get_by_role("button", name="Отправить запрос").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Запрос об исправлении")
    audit(visitor)
    return visitor.url


def sees_the_correction(visitor: Page, request: str, file: bytes) -> None:
    """Both orders point at each other, the old file is there, and the request says what became of it."""
    visitor.goto(address(ORDER))
    row = visitor.locator("table.people tr").filter(has_text=MISSPELT)
    expect(row).to_contain_text(re.compile(f"изменено распоряжением №\\s{AMENDING}"))
    audit(visitor)
    row.get_by_role("link", name=re.compile("изменено распоряжением")).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(f"{RIGHT} Вера Павловна")
    expect(visitor.get_by_role("main")).to_contain_text("Строка стоит вместо прежней")
    visitor.goto(address(AMENDING))
    expect(visitor.get_by_role("main")).to_contain_text(f"Вносит изменения в распоряжение № {ORDER}")
    audit(visitor)
    checks(visitor, file)
    expect(visitor.get_by_role("main")).to_contain_text("С тех пор изменено")
    visitor.goto(request)
    expect(visitor.locator(".lead")).to_contain_text("Исправлено")
    audit(visitor)


def sees_the_notice(visitor: Page) -> None:
    """In the place of what was withdrawn stands why; the row that it had changed stands as it was."""
    assert visitor.request.get(f"{address(AMENDING)}order.pdf").status == 410
    visitor.goto(address(AMENDING))
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("отозвано")
    expect(visitor.get_by_role("main")).to_contain_text(REASON)
    audit(visitor)
    visitor.goto(address(ORDER))
    expect(visitor.locator("table.people")).not_to_contain_text("изменено распоряжением")
