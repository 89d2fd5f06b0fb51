"""The frozen PDF of an order, served byte for byte."""

from flask.testing import FlaskClient

from ...conftest import MakeOrder

ADDRESS = "/orders/2021/1016-р/order.pdf"


def test_it_is_the_frozen_file(client: FlaskClient, make_order: MakeOrder, small_pdf: bytes) -> None:
    order = make_order()
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, small_pdf, "application/pdf")
    assert answer.headers["ETag"] == f'"{order.pdf_sha256}"'
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
    )


def test_it_opens_in_the_browser_under_a_name_that_says_what_it_is(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order()
    disposition = client.get(ADDRESS).headers["Content-Disposition"]
    assert disposition.startswith("inline;")
    assert disposition.endswith(
        "filename*=UTF-8''%D0%A0%D0%B0%D1%81%D0%BF%D0%BE%D1%80%D1%8F%D0%B6%D0%B5%D0%BD%D0%B8%D0%B5"
        "%201016-%D1%80%20%D0%BE%D1%82%2013.04.2021.pdf"
    )


def test_a_part_of_it_can_be_had(client: FlaskClient, make_order: MakeOrder, small_pdf: bytes) -> None:
    make_order()
    answer = client.get(ADDRESS, headers={"Range": "bytes=0-7"})
    assert (answer.status_code, answer.data) == (206, small_pdf[:8])
    assert answer.headers["Content-Range"] == f"bytes 0-7/{len(small_pdf)}"


def test_who_has_it_is_not_sent_it_again(client: FlaskClient, make_order: MakeOrder) -> None:
    order = make_order()
    answer = client.get(ADDRESS, headers={"If-None-Match": f'"{order.pdf_sha256}"'})
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_range_that_cannot_be_is_refused_in_russian(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order()
    answer = client.get(ADDRESS, headers={"Range": "bytes=999999-"})
    assert answer.status_code == 416
