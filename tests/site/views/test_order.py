"""The page of an order: requisites, rows, file; spellings of its address."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from attestation.models import Order, OrderSignature
from attestation.site import files
from attestation.site.settings import Settings

from ...conftest import NOON, MakeOrder, Row
from ...inspection import OpenedPage
from .conftest import Open

ADDRESS = "/orders/2021/1016-р/"


def people(amount: int) -> tuple[Row, ...]:
    """Rows of as many people; every tenth is refused."""
    return tuple(
        (f"Фамилия{i}", "Анна", "Львовна", "Воспитатель", f"ДОУ № {i}", "first", i % 10 != 0) for i in range(1, amount + 1)
    )


def rows(page: OpenedPage) -> list[str]:
    """The people of the page's table."""
    return [row.one("th").text for row in page.main.one("tbody").all("tr")]


def test_it_shows_requisites_rows_and_the_file(open_: Open, make_order: MakeOrder) -> None:
    order = make_order()
    page = open_(ADDRESS)
    assert page.h1 == "Распоряжение № 1016-р от 13 апреля 2021 года"
    facts = {fact.one("dt").text: fact.one("dd").text for fact in page.main.one("dl").all("div")}
    assert facts == {
        "Номер и дата": "№ 1016-р от 13.04.2021",
        "Вид": "Об установлении (отказе)",
        "Подписано": "Председатель Комитета А.Б. Образцова",
        "Основание": "Протокол заседания аттестационной комиссии от 08.04.2021 № 4",
        "Опубликовано": "13 апреля 2021 года",
        "Постоянный адрес": "http://127.0.0.1:8000/orders/2021/1016-р/",
    }
    document = page.main.one("section", class_="document")
    assert document.one("a", class_="button").attributes["href"] == "/orders/2021/1016-%D1%80/order.pdf"
    assert document.one("code").text == order.pdf_sha256
    assert f"1 страница, {order.pdf_size} байт" in document.text
    assert rows(page) == [
        "Иванова Мария Петровна Учитель начальных классов",
        "Соловьёва Алёна Игоревна Воспитатель",
        "Римская-Корсакова Ольга Львовна Концертмейстер",
    ]


def test_refusals_are_left_to_the_pdf_and_this_is_said(open_: Open, make_order: MakeOrder) -> None:
    make_order()
    page = open_(ADDRESS)
    assert "Отказова" not in page.answer.text
    assert page.main.one("p", class_="notice").text.startswith("В распоряжении есть и решения об отказе.")


def test_an_order_without_refusals_says_nothing_of_them(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=people(9))
    page = open_(ADDRESS)
    assert page.main.all("p", class_="notice") == []
    assert page.main.one("h2", id="rows").text == "Категория установлена: 9 человек"


def test_the_setting_shows_refusals(open_: Open, make_order: MakeOrder, change_settings: Callable[..., None]) -> None:
    make_order()
    change_settings(show_refusals=True)
    page = open_(ADDRESS)
    assert len(rows(page)) == 4
    assert page.main.one("tr", id="row-4").all("td")[1].text == "первая: отказ"


def test_it_is_not_for_search_engines(open_: Open, make_order: MakeOrder) -> None:
    make_order()
    page = open_(ADDRESS)
    assert page.answer.headers["X-Robots-Tag"] == "noindex"
    assert page.root.one("meta", name="robots").attributes["content"] == "noindex"


@pytest.mark.parametrize("status", ["draft", "signed", "registered"])
def test_what_is_not_published_is_not_there(open_: Open, make_order: MakeOrder, status: str) -> None:
    make_order(status=status)
    page = open_(ADDRESS, status=404)
    assert (
        page.main.one("p", class_="lead").text
        == "Опубликованного распоряжения № 1016-р за 2021 год нет. Проверьте номер и год."
    )
    assert open_(f"{ADDRESS}order.pdf", status=404).h1 == "Страница не найдена"


@pytest.mark.parametrize(
    "path", ["/orders/2020/1016-р/", "/orders/0/1/", "/orders/99999999999999999999/1/", "/orders/год/1016-р/"]
)
def test_an_unknown_year_is_not_there(open_: Open, make_order: MakeOrder, path: str) -> None:
    make_order()
    assert open_(path, status=404).h1 == "Страница не найдена"


@pytest.mark.parametrize("spelling", ["1016р", "1016-Р", "1016", "№ 1016-р", "1016-p", " 1016-р "])
def test_other_spellings_lead_to_the_one_address(client: FlaskClient, make_order: MakeOrder, spelling: str) -> None:
    make_order()
    make_order("10161-р")
    for file in ("", "order.pdf"):
        answer = client.get(f"/orders/2021/{spelling}/{file}")
        assert (answer.status_code, answer.location) == (301, f"/orders/2021/1016-%D1%80/{file}")


def test_a_spelling_of_two_orders_is_neither(open_: Open, make_order: MakeOrder) -> None:
    make_order("1016-р")
    make_order("1016-к")
    open_("/orders/2021/1016/", status=404)


def test_the_slash_at_the_end_may_be_forgotten(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order()
    answer = client.get("/orders/2021/1016-р?q=мария")
    assert (answer.status_code, answer.location) == (
        308,
        "http://localhost/orders/2021/1016-%D1%80/?q=мария".replace("мария", "%D0%BC%D0%B0%D1%80%D0%B8%D1%8F"),
    )


def test_a_number_with_a_slash_has_an_address(open_: Open, client: FlaskClient, make_order: MakeOrder) -> None:
    make_order("12/3-р")
    assert open_("/orders/2021/12/3-р/").h1 == "Распоряжение № 12/3-р от 13 апреля 2021 года"
    assert client.get("/orders/2021/12/3-р/order.pdf").mimetype == "application/pdf"


def test_many_rows_have_pages(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=people(230))
    assert len(rows(open_(ADDRESS))) == 100
    last = open_(f"{ADDRESS}?page=3")
    assert (len(rows(last)), rows(last)[-1]) == (7, "Фамилия229 Анна Львовна Воспитатель")
    assert open_(f"{ADDRESS}?page=4", status=404).links()["Открыть первую страницу списка"] == "/orders/2021/1016-%D1%80/"


def test_a_link_to_a_row_opens_the_page_where_it_stands(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=people(230))
    page = open_(f"{ADDRESS}?row=115")
    assert page.main.one("tr", id="row-115").one("th").text == "Фамилия115 Анна Львовна Воспитатель"
    assert page.main.one("a", aria_current="page").text == "2"


@pytest.mark.parametrize("row", ["0x1", "-5", "9999999999", "999999"])
def test_a_row_that_is_not_there(open_: Open, make_order: MakeOrder, row: str) -> None:
    make_order(rows=people(230))
    open_(f"{ADDRESS}?row={row}", status=404 if row != "999999" else 200)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("соловьева", ["Соловьёва"]),
        ("петровна ИВАНОВА", ["Иванова"]),
        ("сош № 45", ["Иванова"]),
        ("145", ["Соловьёва"]),
        ("%", []),
        ("иванова\0", ["Иванова"]),
        ("отказова", []),
    ],
)
def test_rows_of_an_order_can_be_searched(open_: Open, make_order: MakeOrder, words: str, found: list[str]) -> None:
    make_order()
    page = open_(f"{ADDRESS}?q={words.replace('%', '%25')}")
    shown = [row.one("th").text.split()[0] for body in page.main.all("tbody") for row in body.all("tr")]
    assert shown == found
    assert (f"Со словами «{words}» строк нет." in page.text) == (not found)


def test_a_long_search_inside_is_refused_beside_the_field(open_: Open, make_order: MakeOrder) -> None:
    make_order()
    page = open_(f"{ADDRESS}?q={'ы' * 300}", status=400)
    assert page.main.one("p", id="inside-refusal").text == "Ошибка: Слишком длинный запрос: оставьте не больше 200 знаков."


def test_an_order_of_refusals_only_has_no_table(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=(("Отказова", "Нина", "", "Методист", "Школа", "first", False),))
    page = open_(ADDRESS)
    assert page.main.all("table") == []
    assert "Строк, которыми категория установлена, в этом распоряжении нет." in page.text


def test_it_asks_the_database_a_fixed_number_of_times(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=people(230))
    open_(ADDRESS)
    with assert_query_count(6):  # the order, counts, signature, rows, orders that change it, rows that were changed
        open_(ADDRESS)
    with assert_query_count(7):
        open_(f"{ADDRESS}?row=150")
    assert Order.select().count() == 1


def test_an_electronic_signature_is_shown_and_its_file_given(
    open_: Open, client: FlaskClient, make_order: MakeOrder, settings: Settings
) -> None:
    order, other = make_order(), make_order("1017-р")
    sha = files.freeze(settings.files_dir, b"signature", files.SIGNATURE)
    OrderSignature.create(
        order=order,
        signed_on=dt.date(2021, 4, 13),
        owner="Образцова Анна Борисовна",
        issuer="Удостоверяющий центр",
        serial="ABC123",
        valid_from=dt.date(2021, 1, 1),
        valid_until=dt.date(2021, 12, 31),
        file_name="приказ.sig",
        sha256=sha,
        size=9,
        marked_at=NOON,
    )
    page = open_("/orders/2021/1016-р/")
    assert "Подписано электронной подписью: Образцова Анна Борисовна. Сертификат № ABC123" in page.text
    assert page.links()["Файл подписи (9 байт)"] == "/orders/2021/1016-%D1%80/signature.sig"
    answer = client.get("/orders/2021/1016-р/signature.sig")
    assert (answer.data, answer.mimetype) == (b"signature", "application/pkcs7-signature")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Электронная подпись" not in open_(f"/orders/2021/{other.number}/").text
    assert client.get("/orders/2021/1017-р/signature.sig").status_code == 404
