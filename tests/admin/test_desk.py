"""The desks as people use them: pages through the inspector, forms as they are sent, lists, exports, conflicts."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from playhouse.test_utils import count_queries

from attestation import models
from attestation.admin.acts import content, orders
from attestation.models import Job, JournalEntry, Node, Order, Ruling, User
from attestation.procedure.words import NodeKind
from attestation.site import files
from attestation.site.settings import Settings
from attestation.site.sheets import harmless
from attestation.tests.conftest import NOON, Cast, MakeOrder, csrf_token
from attestation.tests.inspection import open_page

from .conftest import REGISTERED, ROWS, SIGNED, TITLE, at, draft, send

SignInAs = Callable[[User], FlaskClient]
OVERTAKEN = "Распоряжение уже изменено другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."


@pytest.fixture
def ready(app: Flask, cast: Cast, settings: Settings, small_pdf: bytes) -> Order:
    """A registered order whose PDF lies in the store."""
    order = at("registered", cast.publisher)
    sha = files.freeze(settings.files_dir, small_pdf)
    return orders.freeze_pdf(order, sha256=sha, size=len(small_pdf), pages=1, row_pages={1: 1}, on=NOON)


def material(by: User, name: str) -> Node:
    """A draft of the first level."""
    texts = content.Texts(title="О сервисе", body="## Раздел")
    return content.create(Node.get(Node.path == ""), kind=NodeKind.PAGE, name=name, texts=texts, by=by, on=NOON)


# --- Every page is sound ----------------------------------------------------------------------------------------------------


def test_pages_are_sound(app: Flask, cast: Cast, sign_in: SignInAs, ready: Order) -> None:
    """Each page of the office through the inspector: one h1, labels, ids, language, nothing the policy would block."""
    material(cast.editor, "about")
    plan, signed = draft(cast.secretary), at("signed", cast.secretary)
    published = at("published", cast.publisher, "5-р")
    failed = at("registered", cast.publisher, "6-р")
    Job.update(state="failed", error="Нет места на диске.").where(Job.target == failed.id).execute()
    open_page(app.test_client(), "/admin/login")
    client = sign_in(cast.admin)
    paths = ["/admin/", "/admin/orders/", "/admin/orders/?search=нет", "/admin/orders/new/", "/admin/journal/"]
    paths += ["/admin/users/", "/admin/users/new/", f"/admin/users/{cast.editor.id}/"]
    paths += [f"/admin/orders/{order.id}/" for order in (plan, signed, ready, published, failed)]
    paths += [
        f"/admin/orders/{plan.id}/{page}/" for page in ("edit", "delete", "import", "rows/new", "rows/1", "rows/1/delete")
    ]
    paths += [f"/admin/orders/{order.id}/{page}/" for order in (plan, published) for page in ("sign", "publish", "delete")]
    paths += [f"/admin/orders/{signed.id}/register/", f"/admin/orders/{signed.id}/return_to_draft/"]
    paths += [f"/admin/orders/{ready.id}/publish/", f"/admin/orders/{ready.id}/unregister/"]
    for path in paths:
        open_page(client, path)


NOT_THERE = [
    "/admin/orders/99999/",
    "/admin/orders/99999999999999999999/",
    "/admin/orders/abc/",
    "/admin/orders/?page=0",
    "/admin/orders/?page=2",
    "/admin/orders/?page=-1",
    "/admin/orders/?page=99999999999999999999",
    "/admin/orders/?page=abc",
    "/admin/orders/1/?page=7",
    "/admin/orders/1/rows/99/",
    "/admin/orders/1/rows/99999999999999999999/",
    "/admin/orders/1/burn/",
    "/admin/orders/1/order.pdf",
    "/admin/users/99999/",
    "/admin/pages/",
    "/admin/nothing/",
]


def test_what_is_not_there(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    draft(cast.secretary)
    client = sign_in(cast.admin)
    for path in NOT_THERE:
        open_page(client, path, 404)


ODD = ("sort=status", "sort=9&desc=1", "status=burnt", "year=abc", "search=%25_%27%22%5C", "search=%00", "kind=%00", "desc=x")


def test_odd_addresses_of_lists(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    draft(cast.secretary)
    client = sign_in(cast.admin)
    assert {query: client.get(f"/admin/orders/?{query}").status_code for query in ODD} == dict.fromkeys(ODD, 200)


# --- Lists ------------------------------------------------------------------------------------------------------------------


def found(client: FlaskClient, query: str) -> list[str]:
    """Titles in the list of orders at this address."""
    page = open_page(client, f"/admin/orders/?{query}")
    return [row.all("th")[0].text for row in page.main.all("tr")[1:]]


FOUND = {
    "": ["Четвёртое", "Третье", "Второе", "Первое"],
    "status=draft": ["Четвёртое", "Третье"],
    "status=registered": ["Второе"],
    "kind=amendment": ["Третье"],
    "year=2026": ["Второе"],
    "search=1016": ["Второе"],
    "search=1016-Р": ["Второе"],
    "search=№+1016-р": ["Второе"],
    "search=№1016": ["Второе"],
    "search=первОЕ": ["Первое"],
    "search=Тьютор": ["Четвёртое"],  # a surname, not a position
    "search=ТЬЮТОРОВА": ["Четвёртое"],
    "search=учитель": [],
    "search=иванова+первое": ["Первое"],
    "search=%25": [],
    "search=_": [],
    "sort=title": ["Второе", "Первое", "Третье", "Четвёртое"],
    "sort=title&desc=1": ["Четвёртое", "Третье", "Первое", "Второе"],
    "sort=registered_on&desc=1": ["Второе", "Четвёртое", "Третье", "Первое"],
}


@pytest.mark.parametrize("version", ["9" * 30, str(2**63), str(2**31 - 1), "-5", "0", "x", ""])
def test_a_version_that_no_page_shows(app: Flask, cast: Cast, sign_in: SignInAs, version: str) -> None:
    """Numbers that neither database can hold are refused as any other old version."""
    client = sign_in(cast.admin)
    page = material(cast.admin, "about")
    answer = send(client, f"/admin/content/{page.id}/edit/", version=version, title="Другое", body="Другое")
    assert (answer.status_code, page.revision().title) == (409, "О сервисе")
    order = draft(cast.secretary)
    assert send(client, f"/admin/orders/{order.id}/delete/", version=version).status_code == 409


FORMS = {
    "/admin/orders/new/": ("title", "basis", "signatory_name"),
    "/admin/orders/{order}/edit/": ("basis",),
    "/admin/orders/{order}/rows/new/": ("surname", "position", "category"),
    "/admin/orders/{order}/sign/": ("signed_on",),
    "/admin/content/{section}/new/?kind=page": ("name", "title"),
    "/admin/content/{page}/edit/": ("title", "summary", "body", "note"),
    "/admin/users/new/": ("login", "full_name", "email", "password", "roles"),
}


@pytest.mark.parametrize(("path", "fields"), FORMS.items())
def test_files_and_json_in_place_of_text(app: Flask, cast: Cast, sign_in: SignInAs, path: str, fields: tuple[str, ...]) -> None:
    client = sign_in(cast.admin)
    page = material(cast.admin, "about")
    path = path.format(order=draft(cast.secretary).id, section=page.parent_id, page=page.id)
    token = csrf_token(client, path)
    files = {name: (io.BytesIO(b"x"), "x.txt") for name in fields}
    sent = client.post(path, data={"csrf_token": token, **files}, content_type="multipart/form-data")
    numbers = client.post(path, json=dict.fromkeys(fields, 5), headers={"X-CSRFToken": token})
    listed = client.post(path, json=[5], headers={"X-CSRFToken": token})
    assert {answer.status_code for answer in (sent, numbers, listed)} <= {409, 422}


def test_list_of_orders(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    from dataclasses import replace

    from attestation.procedure.words import OrderKind

    who = {"signatory_position": "", "signatory_name": "А", "by": cast.publisher, "on": NOON}
    orders.edit(first := draft(cast.publisher), title="Первое", **who | {"signatory_position": "Б"})
    orders.sign(first, signed_on=SIGNED, by=cast.publisher, on=NOON)
    second = draft(cast.publisher)
    orders.edit(second, title="Второе", **who | {"signatory_position": "Б"})
    orders.sign(second, signed_on=SIGNED, by=cast.publisher, on=NOON)
    orders.register(second, number="1016-р", registered_on=REGISTERED, by=cast.publisher, on=NOON)
    orders.create(title="Третье", kind=OrderKind.AMENDMENT, **who)
    fourth = orders.create(title="Четвёртое", **who)
    orders.append_rows(fourth, [replace(ROWS[0], surname="Тьюторова")], by=cast.publisher, on=NOON)
    client = sign_in(cast.editor)
    assert {query: found(client, query) for query in FOUND} == FOUND


@pytest.mark.parametrize("path", ["/admin/orders/", "/admin/journal/", "/admin/users/", "/admin/content/", "/admin/"])
def test_queries_do_not_grow_with_the_list(app: Flask, cast: Cast, sign_in: SignInAs, path: str) -> None:
    client = sign_in(cast.admin)
    hashed = cast.admin.password_hash

    def add(count: int) -> None:
        for number in range(count):
            order = at("registered", cast.publisher, f"{Order.select().count() + 1}-р")
            material(cast.editor, f"page-{order.id}")
            user = User.create(login=f"user{order.id}", full_name=f"Кто-то {number}", password_hash=hashed, created_at=NOON)
            models.UserRole.create(user=user, role="editor")

    def queries() -> int:
        with count_queries() as counter:
            assert client.get(path).status_code == 200
        return counter.count

    client.get(path)
    add(1)
    few = queries()
    add(20)
    # The first page asks every room what waits there, each once.
    assert queries() == few < 24


def test_pages_of_a_long_list(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    for number in range(51):
        Order.create(title=f"Проект {number}", created_at=NOON)
    client = sign_in(cast.secretary)
    assert found(client, "") == [f"Проект {number}" for number in range(50, 0, -1)]
    assert found(client, "page=2&search=проект") == ["Проект 0"]
    page = open_page(client, "/admin/orders/?search=проект&sort=title")
    assert page.links()["Дальше →"] == "/admin/orders/?search=%D0%BF%D1%80%D0%BE%D0%B5%D0%BA%D1%82&sort=title&page=2"


def exported(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("title", ["=1+1", "+7", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org";"x")'])
def test_exports_carry_no_formulas(app: Flask, cast: Cast, sign_in: SignInAs, title: str) -> None:
    Order.create(title=title, created_at=NOON)
    lines = exported(sign_in(cast.secretary), "/admin/orders/export.csv")
    assert lines[0] == ["Заголовок", "Номер", "Дата", "Состояние", "Срок", "Вид", "Строк"]
    assert lines[1] == ["'" + title, "", "", "Проект", "", "Об установлении (отказе)", "0"]


@pytest.mark.parametrize(
    ("value", "cell"), [("  =1", "'  =1"), ("\t1", "'\t1"), ("1-2", "1-2"), (5, "5"), (Markup("<a>=1 &amp; 2</a>"), "'=1 & 2")]
)
def test_harmless(value: object, cell: str) -> None:
    assert harmless(value) == cell


def test_exports_follow_the_filters(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    Order.create(title="<b>Первое</b> & второе", created_at=NOON)
    at("signed", cast.secretary)
    client = sign_in(cast.publisher)
    assert [line[0] for line in exported(client, "/admin/orders/export.csv?status=draft")[1:]] == ["<b>Первое</b> & второе"]
    assert [line[2] for line in exported(client, "/admin/journal/export.csv?verb=sign")[1:]] == ["Отмечено подписание"]
    assert client.get("/admin/orders/?status=draft").text.count("/admin/orders/export.csv?status=draft") == 1


# --- An order from draft to publication -------------------------------------------------------------------------------------


def test_the_whole_road_through_the_screens(
    app: Flask, cast: Cast, sign_in: SignInAs, settings: Settings, small_pdf: bytes
) -> None:
    client = sign_in(cast.publisher)
    requisites = {"kind": "decision", "title": TITLE, "signatory_position": "Председатель", "signatory_name": "А.Б. Образцова"}
    made = send(client, "/admin/orders/new/", **requisites)
    order = Order.get()
    home = f"/admin/orders/{order.id}/"
    assert (made.status_code, made.location) == (302, home)
    page = open_page(client, home)
    assert "Отметить подписание — пока невозможно: в приложении нет ни одной строки" in page.text

    row = {"surname": "Иванова", "name": "Мария", "patronymic": "", "position": "учитель", "organization": "ГБОУ СОШ № 45"}
    row |= {"category": "first", "decision": "отказать"}
    assert send(client, f"{home}rows/new/", **row).location == home
    assert (
        send(client, f"{home}rows/new/", **row | {"name": "Анна", "decision": "установить"}, more="1").location
        == f"{home}rows/new/"
    )
    assert [(r.number, r.name, r.category, r.established) for r in Ruling.select().order_by(Ruling.number)] == [
        (1, "Мария", "first", False),
        (2, "Анна", "first", True),
    ]
    assert send(client, f"{home}rows/1/", **row | {"category": "highest"}).location == home
    assert send(client, f"{home}rows/2/delete/").location == home
    assert [(r.number, r.name, r.category) for r in Ruling.select()] == [(1, "Мария", "highest")]

    # Who marks the signature does not publish.
    assert send(sign_in(cast.secretary), f"{home}sign/", signed_on="2026-03-02").location == home
    assert send(client, f"{home}register/", number="№ 7-Р", registered_on="03.03.2026").location == home
    assert "PDF ждёт очереди на изготовление" in open_page(client, home).text
    assert client.get(f"{home}progress").json == {
        "state": "queued", "sentence": "PDF ждёт очереди на изготовление.", "done": 0, "total": 0, "moving": True,
    }  # fmt: skip
    sha = files.freeze(settings.files_dir, small_pdf)
    orders.freeze_pdf(Order.get(), sha256=sha, size=len(small_pdf), pages=1, row_pages={1: 1}, on=NOON)
    assert client.get(f"{home}order.pdf").data == small_pdf
    confirm = open_page(client, f"{home}publish/")
    assert confirm.main.one("button").text == "Опубликовать № 7-р от 03.03.2026"
    assert sha in confirm.text
    assert send(client, f"{home}publish/").location == home
    page = open_page(client, home)
    assert page.links()["Открыть на сайте"] == "/orders/2026/7-%D1%80/"
    assert "Опубликовано" in page.text
    history = [entry.text.split(" ", 2)[2] for entry in page.main.one("ol", class_="history").all("li")]
    assert history[0] == "Опубликовано Печатников Лев Ильич (publikator) № 7-р"
    assert len(history) == 9


STEPS = [
    ("sign", "draft", {"signed_on": "2026-03-02"}),
    ("register", "signed", {"number": "5-р", "registered_on": "2026-03-03"}),
    ("return_to_draft", "signed", {"reason": "Опечатка"}),
    ("unregister", "ready", {"reason": "Ошибка"}),
    ("publish", "ready", {}),
]


@pytest.mark.parametrize(("verb", "status", "fields"), STEPS)
def test_the_second_click_is_refused_politely(
    app: Flask,
    cast: Cast,
    sign_in: SignInAs,
    request: pytest.FixtureRequest,
    verb: str,
    status: str,
    fields: dict[str, str],
) -> None:
    """Two people had the same page open; the second is told, on a page that shows how things stand now."""
    order = request.getfixturevalue("ready") if status == "ready" else at(status, cast.publisher)
    path = f"/admin/orders/{order.id}/{verb}/"
    first, second = sign_in(cast.publisher), sign_in(cast.admin)
    form = {"version": str(order.version), "csrf_token": _token(second, path), **fields}
    assert send(first, path, **fields).status_code == 302
    entries = JournalEntry.select().count()
    answer = second.post(path, data=form)
    assert answer.status_code == 409
    assert OVERTAKEN in answer.text
    assert "Этот шаг сейчас невозможен: распоряжение в состоянии" in answer.text
    assert JournalEntry.select().count() == entries


def _token(client: FlaskClient, path: str) -> str:
    from attestation.tests.conftest import csrf_token

    return csrf_token(client, path)


@pytest.mark.parametrize(
    ("verb", "status", "fields", "code", "told"),
    [
        ("sign", "draft", {"signed_on": ""}, 422, "Укажите дату."),
        ("sign", "draft", {"signed_on": "31.02.2026"}, 422, "Такой даты нет. Выберите день в календаре"),
        ("sign", "draft", {"signed_on": "2999-01-01"}, 409, "Дата подписания ещё не наступила"),
        ("sign", "draft", {"signed_on": "0021-04-13"}, 409, "Дата подписания раньше 1990 года"),
        ("register", "signed", {"number": "1/2", "registered_on": "2026-03-03"}, 409, "Номер состоит из цифр, русских букв"),
        ("register", "signed", {"number": "5", "registered_on": "2026-03-01"}, 409, "Дата регистрации раньше даты подписания"),
        ("unregister", "ready", {"reason": " "}, 409, "требует указать причину"),
        ("publish", "registered", {}, 409, "файл PDF ещё не изготовлен и не зафиксирован"),
    ],
)
def test_a_refused_step_keeps_what_was_typed(
    app: Flask, cast: Cast, sign_in: SignInAs, verb: str, status: str, fields: dict[str, str], code: int, told: str
) -> None:
    order = at(status, cast.publisher)
    client = sign_in(cast.publisher)
    form = {"version": str(order.version), "csrf_token": _token(client, f"/admin/orders/{order.id}/")}
    answer = client.post(f"/admin/orders/{order.id}/{verb}/", data=form | fields)
    assert answer.status_code == code
    assert told in answer.text
    assert all(f'value="{value}"' in answer.text for value in fields.values() if value.strip())
    assert Order.get_by_id(order.id).status == order.status


def test_editing_over_somebody_elses_edit(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    """The second person sees what stands there now, keeps what they typed, and may then save it knowingly."""
    order = draft(cast.secretary)
    client, path = sign_in(cast.secretary), f"/admin/orders/{order.id}/edit/"
    stale = {"version": str(order.version), "csrf_token": _token(client, path)}
    orders.edit(order, title="О новом", signatory_position="", signatory_name="Б", by=cast.publisher, on=NOON)
    answer = client.post(path, data=stale | {"kind": "decision", "title": "О своём", "signatory_name": "В"})
    assert answer.status_code == 409
    assert OVERTAKEN in answer.text
    assert "О новом" in answer.text
    assert "О своём" in answer.text
    assert Order.get_by_id(order.id).title == "О новом"
    again = stale | {"version": str(order.version), "kind": "decision", "title": "О своём", "signatory_name": "В"}
    assert client.post(path, data=again).status_code == 302
    assert Order.get_by_id(order.id).title == "О своём"


def test_a_bad_row_is_told_and_kept(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    order = draft(cast.secretary, ())
    client = sign_in(cast.secretary)
    answer = send(client, f"/admin/orders/{order.id}/rows/new/", surname="Иванов1", name="", category="third", decision="да?")
    assert answer.status_code == 422
    for told in (
        "Заполните поле «Имя».",
        "В имени «Иванов1» есть лишние знаки",
        "Категория «third» не бывает",
        "Решение «да?» не бывает",
    ):
        assert told in answer.text
    assert 'value="Иванов1"' in answer.text
    assert Ruling.select().count() == 0


def test_nothing_is_published_without_its_file(
    app: Flask, cast: Cast, sign_in: SignInAs, settings: Settings, ready: Order
) -> None:
    """What is published stays for good: a file that was lost or damaged after it was frozen is noticed before."""
    path = files.path_of(settings.files_dir, ready.pdf_sha256 or "")
    client = sign_in(cast.publisher)
    path.chmod(0o644)
    whole = path.read_bytes()
    for spoil in (lambda: path.write_bytes(whole[:-1]), path.unlink):
        spoil()
        answer = send(client, f"/admin/orders/{ready.id}/publish/")
        assert (answer.status_code, Order.get_by_id(ready.id).status) == (409, "registered")
        assert "Файла PDF нет в хранилище, или он повреждён." in answer.text


def test_failed_pdf_again(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    order = at("registered", cast.publisher)
    Job.update(state="failed", error="Нет места на диске.").execute()
    client = sign_in(cast.secretary)
    page = open_page(client, "/admin/")
    assert "PDF не получился" in page.text
    assert "Изготовить PDF не удалось. Нет места на диске." in open_page(client, f"/admin/orders/{order.id}/").text
    path = f"/admin/orders/{order.id}/pdf/"
    assert send(client, path, page=f"/admin/orders/{order.id}/").status_code == 302
    assert Job.select().where(Job.state == "queued").count() == 1
    answer = send(client, path, page=f"/admin/orders/{order.id}/")
    assert answer.status_code == 409
    assert "PDF уже изготавливается" in answer.text


def test_deleting_a_draft(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    order = draft(cast.secretary)
    client = sign_in(cast.secretary)
    assert "3\u00a0строки" in client.get(f"/admin/orders/{order.id}/delete/").text
    assert send(client, f"/admin/orders/{order.id}/delete/").location == "/admin/orders/"
    assert (Order.select().count(), Ruling.select().count()) == (0, 0)


def test_published_cannot_be_changed_by_any_screen(app: Flask, cast: Cast, sign_in: SignInAs, make_order: MakeOrder) -> None:
    order = make_order()
    client = sign_in(cast.admin)
    home = f"/admin/orders/{order.id}/"
    form = {"version": str(order.version), "csrf_token": _token(client, home), "kind": "decision", "title": "Другое"}
    form |= {"signed_on": "2026-03-02", "number": "9", "registered_on": "2026-03-03", "reason": "Так", "surname": "Другая"}
    form |= {"name": "А", "position": "Б", "organization": "В", "category": "first", "decision": "установить"}
    before = (Order.select().dicts().get(), list(Ruling.select().dicts()), JournalEntry.select().count())
    paths = ["edit/", "delete/", "rows/new/", "rows/1/", "rows/1/delete/", "pdf/"]
    paths += ["sign/", "return_to_draft/", "register/", "unregister/", "publish/"]
    assert {path: client.post(home + path, data=form).status_code for path in paths} == dict.fromkeys(paths, 409)
    assert (Order.select().dicts().get(), list(Ruling.select().dicts()), JournalEntry.select().count()) == before
    links = open_page(client, home).links()
    assert not {"Изменить реквизиты", "Удалить проект", "Загрузить из файла", "Добавить строку"} & set(links)


CASES_MENU = [
    *("Что ждёт", "Сегодня", "Заявления", "Приём папок", "Назначение экспертов", "Банк экспертов", "Письма", "Заседания"),
    *("Календарь", "Районы", "Исправления", "Распоряжения", "Внешние системы", "Материалы", "Контроль", "Роли"),
]


def test_people_see_what_they_may(app: Flask, cast: Cast, sign_in: SignInAs, ready: Order) -> None:
    buttons = {
        person.login: [
            link
            for link in ("Опубликовать", "Снять регистрацию")
            if link in open_page(sign_in(person), f"/admin/orders/{ready.id}/").links()
        ]
        for person in (cast.secretary, cast.publisher, cast.editor, cast.admin)
    }
    both = ["Опубликовать", "Снять регистрацию"]
    assert buttons == {"sekretar": [], "publikator": both, "redaktor": [], "admin": both}
    menus = {
        person.login: [link.text for link in open_page(sign_in(person), "/admin/").root.one("nav", class_="ways").all("a")]
        for person in (cast.secretary, cast.publisher, cast.editor, cast.admin)
    }
    assert menus == {
        "sekretar": CASES_MENU,
        "publikator": ["Что ждёт", "Сегодня", "Распоряжения", "Материалы", "Журнал", "Роли"],
        "redaktor": ["Что ждёт", "Распоряжения", "Материалы", "Регламент", "Роли"],
        "admin": [
            *("Что ждёт", "Письма", "Календарь", "Районы", "Распоряжения", "Материалы", "Регламент", "Контроль", "Журнал"),
            *("Пользователи", "Роли"),
        ],
    }


def test_rows_are_paged_and_searched(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    from dataclasses import replace

    people = [replace(ROWS[0], name="Анна", patronymic="А" * (i + 1)) for i in range(60)]
    order = draft(cast.secretary, (*people, ROWS[1]))
    client = sign_in(cast.secretary)
    path = f"/admin/orders/{order.id}/"
    numbers = [cell.text for cell in open_page(client, f"{path}?page=2").main.all("td", class_="ordinal")]
    assert numbers == [str(number) for number in range(51, 62)]
    assert [cell.text for cell in open_page(client, f"{path}?q=СОЛОВЬ+алёна").main.all("td", class_="ordinal")] == ["61"]
    assert "Никого не нашлось" in open_page(client, f"{path}?q=никто").text


# --- Users ------------------------------------------------------------------------------------------------------------------


def test_users_desk(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    client = sign_in(cast.admin)
    fields = {
        "login": "novyj",
        "full_name": "Новая Яна",
        "password": "длинная фраза для входа",
        "roles": ["editor", "secretary"],
    }
    assert send(client, "/admin/users/new/", **fields).location == "/admin/users/"
    user = User.get(User.login == "novyj")
    assert "редактор, секретарь комиссии" in open_page(client, "/admin/users/?role=editor").text
    path = f"/admin/users/{user.id}/"
    assert send(client, path, full_name="Другая Яна", roles=["publisher"]).location == path
    kept = User.get_by_id(user.id)
    assert (kept.full_name, [role.value for role in kept.role_set()]) == ("Другая Яна", ["publisher"])
    assert send(client, f"{path}password/", page=path, password="короткий").status_code == 409
    assert send(client, f"{path}password/", page=path, password="новая длинная фраза").status_code == 302
    assert send(client, f"{path}deactivate/", page=path).status_code == 302
    assert not User.get_by_id(user.id).active
    assert send(client, f"{path}activate/", page=path).status_code == 302
    own = f"/admin/users/{cast.admin.id}/"
    assert send(client, f"{own}deactivate/", page=own).status_code == 409
    assert send(client, own, full_name="Настройкин Пётр Олегович", roles=["editor"]).status_code == 409
    wrong = send(client, "/admin/users/new/", **fields | {"roles": []})
    assert (wrong.status_code, 'value="novyj"' in wrong.text, "длинная фраза" in wrong.text) == (409, True, False)


def test_a_name_and_roles_are_saved_together_or_not_at_all(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    own = f"/admin/users/{cast.admin.id}/"
    assert send(sign_in(cast.admin), own, full_name=" ", roles=["admin", "editor"]).status_code == 409
    assert [role.value for role in User.get_by_id(cast.admin.id).role_set()] == ["admin"]
