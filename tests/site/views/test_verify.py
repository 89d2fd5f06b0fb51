"""«Проверка файла распоряжения»: what a sum tells, and that it tells nothing of drafts."""

import datetime as dt
import hashlib

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.models import Order
from attestation.tests.conftest import MakeOrder

from .conftest import Open

UNKNOWN = "ab" * 32


def with_file(order: Order, status: str = "published") -> str:
    """Bring a registered order here with a file of its own; the SHA-256 of it."""
    data = f"%PDF of {order.number}".encode()
    file = {"pdf_sha256": hashlib.sha256(data).hexdigest(), "pdf_size": len(data), "pdf_pages": 1}
    published = {"published_at": dt.datetime(2021, 4, 14, 9, tzinfo=dt.UTC)} if status == "published" else {}
    Order.update(status=status, **file, **published).where(Order.id == order.id).execute()
    return file["pdf_sha256"]


def test_the_question_works_without_scripts(open_: Open) -> None:
    page = open_("/verify")
    assert page.h1 == "Проверка файла распоряжения"
    form = page.main.one("form")
    assert (form.attributes["method"], form.attributes["action"]) == ("get", "/verify")
    assert [field.attributes["name"] for field in form.all("input")] == ["sha256"]
    assert "hidden" in page.main.one("div", id="drop").attributes  # shown by the script, which can do something with it
    assert [code.text for code in page.main.all("code")] == [
        "certutil -hashfile order.pdf SHA256",
        "sha256sum order.pdf",
        "shasum -a 256 order.pdf",
    ]
    assert page.root.one("footer").one("a", href="/verify").text == "Проверка файла распоряжения"


def test_a_published_file_is_confirmed(open_: Open, make_order: MakeOrder) -> None:
    order = make_order("1016-р", dt.date(2021, 4, 13))
    page = open_(f"/verify/{order.pdf_sha256}")
    verdict = page.main.one("section", class_="accepted")
    assert verdict.one("h2").text == "Это опубликованный файл"
    assert "Распоряжение № 1016-р от 13 апреля 2021 года, опубликовано 13 апреля 2021 года." in verdict.text
    assert verdict.one("a").attributes["href"] == "/orders/2021/1016-%D1%80/"
    assert page.title.startswith("Файл опубликован:")
    assert page.answer.headers["X-Robots-Tag"] == "noindex"


def test_the_order_page_leads_here(open_: Open, make_order: MakeOrder) -> None:
    make_order("1016-р", dt.date(2021, 4, 13))
    page = open_("/orders/2021/1016-р/")
    assert page.main.one("a", href="/verify").text == "проверьте его"


def test_an_unknown_sum_is_told_with_what_to_do(open_: Open) -> None:
    page = open_(f"/verify/{UNKNOWN}", 404)
    assert page.main.one("section", class_="wrong").one("h2").text == "Такого файла среди опубликованных нет"
    assert page.main.one("section", class_="wrong").one("a").attributes["href"] == "/orders/"


def test_a_file_that_is_not_published_is_as_unknown_as_any(open_: Open, make_order: MakeOrder) -> None:
    sha256 = with_file(make_order("77-р", status="registered"), "registered")
    told = open_(f"/verify/{sha256}", 404).answer.text.replace(sha256, "")
    assert told == open_(f"/verify/{UNKNOWN}", 404).answer.text.replace(UNKNOWN, "")


def test_a_withdrawn_order_is_told_as_such(open_: Open, make_order: MakeOrder) -> None:
    order = make_order("5-р", dt.date(2021, 4, 13))
    moment = dt.datetime(2021, 5, 1, 9, tzinfo=dt.UTC)
    Order.update(status="withdrawn", withdrawn_at=moment, withdrawal_reason="Подписано не тем лицом.").execute()
    page = open_(f"/verify/{order.pdf_sha256}")
    verdict = page.main.one("section", class_="wrong")
    assert verdict.one("h2").text == "Файл был опубликован, но распоряжение отозвано"
    assert "отозвано 1 мая 2021 года. Причина: Подписано не тем лицом." in verdict.text
    assert page.title.startswith("Распоряжение отозвано:")


def test_an_amended_order_is_told_with_what_changed_it(open_: Open, make_order: MakeOrder) -> None:
    order = make_order("5-р", dt.date(2021, 4, 13), status="registered")
    sha256 = with_file(order)
    make_order("9-р", dt.date(2021, 6, 1), kind="amendment", amends=order)
    verdict = open_(f"/verify/{sha256}").main.one("section", class_="accepted")
    assert "С тех пор изменено распоряжением № 9-р от 1 июня 2021 года" in verdict.text


@pytest.mark.parametrize("spelled", ["{}", " {} ", "upper", "pairs"])
def test_a_typed_sum_is_understood_as_programs_write_it(client: FlaskClient, spelled: str) -> None:
    typed = {"upper": UNKNOWN.upper(), "pairs": " ".join(["ab"] * 32)}.get(spelled) or spelled.format(UNKNOWN)
    answer = client.get("/verify", query_string={"sha256": typed})
    assert (answer.status_code, answer.location) == (303, f"/verify/{UNKNOWN}")


@pytest.mark.parametrize("typed", ["", "abc", "g" * 64, "ab" * 33, "\0", "я" * 64, "<b>&" * 100])
def test_a_sum_that_is_none_is_kept_and_explained(open_: Open, typed: str, client: FlaskClient) -> None:
    answer = client.get("/verify", query_string={"sha256": typed})
    assert answer.status_code == 422
    assert "64 знака" in answer.text and 'aria-invalid="true"' in answer.text
    assert "<b>" not in answer.text


def test_an_address_that_is_no_sum_leads_to_the_question(client: FlaskClient) -> None:
    answer = client.get(f"/verify/{UNKNOWN.upper()}")
    assert (answer.status_code, answer.location) == (303, f"/verify?sha256={UNKNOWN.upper()}")


def test_few_queries(client: FlaskClient, make_order: MakeOrder) -> None:
    order = make_order("1016-р", dt.date(2021, 4, 13))
    client.get(f"/verify/{order.pdf_sha256}")
    with count_queries() as asked:
        client.get(f"/verify/{order.pdf_sha256}")
    assert asked.count <= 4


def test_the_page_of_the_file_gives_what_is_confirmed(client: FlaskClient, make_order: MakeOrder, open_: Open) -> None:
    """The bytes a visitor downloads are those that are confirmed."""
    make_order("1016-р", dt.date(2021, 4, 13))
    data = client.get("/orders/2021/1016-р/order.pdf").data
    open_(f"/verify/{hashlib.sha256(data).hexdigest()}")
