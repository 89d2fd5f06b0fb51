"""Uploaded files at their addresses: what they are told to be, who gets them, how long they are kept."""

import datetime as dt
import hashlib
import io

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.http import parse_options_header

from attestation.site.files import path_of
from attestation.site.settings import Settings

from ...conftest import NOON
from .conftest import MakeFile, MakeNode

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


def picture(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, "PNG")
    return made.getvalue()


def test_a_document_is_saved_under_its_russian_name(client: FlaskClient, make_file: MakeFile) -> None:
    make_file("plan.pdf", b"%PDF-1.7 \xd0\xbf", "application/pdf", file_name="План работы.pdf")
    answer = client.get("/plan.pdf")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"%PDF-1.7 \xd0\xbf", "application/pdf")
    disposition = answer.headers["Content-Disposition"]
    assert parse_options_header(disposition) == ("attachment", {"filename": "План работы.pdf"})
    assert "filename*=UTF-8''%D0%9F%D0%BB%D0%B0%D0%BD" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == SANDBOX
    assert (answer.headers["Cache-Control"], "Set-Cookie" in answer.headers) == ("no-cache", False)


def test_a_picture_is_shown(client: FlaskClient, make_file: MakeFile) -> None:
    data = picture(30, 20)
    make_file("karta.png", data, "image/png")
    answer = client.get("/karta.png")
    assert (answer.data, answer.mimetype) == (data, "image/png")
    assert parse_options_header(answer.headers["Content-Disposition"])[0] == "inline"
    assert answer.headers["Content-Security-Policy"] == SANDBOX


def test_an_address_with_the_hash_is_kept_for_good(client: FlaskClient, make_file: MakeFile) -> None:
    data = b"text"
    sha256 = hashlib.sha256(data).hexdigest()
    make_file("a.txt", data, "text/plain")
    kept = {
        version: client.get(f"/a.txt?v={version}").headers["Cache-Control"] for version in (sha256[:10], sha256, "0" * 10, "1")
    }
    forever = "public, max-age=31536000, immutable"
    assert kept == {sha256[:10]: forever, sha256: forever, "0" * 10: "no-cache", "1": "no-cache"}
    first = client.get("/a.txt")
    assert first.headers["ETag"] == f'"{sha256}"'
    again = client.get("/a.txt", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_picture_comes_in_smaller_sizes(client: FlaskClient, make_file: MakeFile) -> None:
    make_file("karta.png", picture(1000, 500), "image/png")
    answer = client.get("/karta.png?width=640")
    with Image.open(io.BytesIO(answer.data)) as image:
        assert (answer.mimetype, image.format, image.size) == ("image/webp", "WEBP", (640, 320))
    assert parse_options_header(answer.headers["Content-Disposition"]) == ("inline", {"filename": "karta-640.webp"})
    assert answer.headers["ETag"] != client.get("/karta.png").headers["ETag"]
    # Nobody makes the site draw sizes that no page offers.
    assert [client.get(f"/karta.png?width={width}").status_code for width in ("641", "1280", "x", "-1")] == [404] * 4


def test_a_page_offers_its_picture_in_these_sizes(client: FlaskClient, make_file: MakeFile, make_node: MakeNode) -> None:
    node = make_file("karta.png", picture(1000, 500), "image/png")
    make_node("stranitsa", body=f"![Карта района](node:{node.id})")
    text = client.get("/stranitsa/").text
    offered = text.partition('srcset="')[2].partition('"')[0].replace("&amp;", "&")
    addresses = [address.split()[0] for address in offered.split(", ")]
    assert len(addresses) == 3
    assert [client.get(address).status_code for address in addresses] == [200] * 3
    assert {client.get(address).headers["Cache-Control"] for address in addresses} == {"public, max-age=31536000, immutable"}


def test_a_file_has_one_address_and_keeps_its_question(client: FlaskClient, make_file: MakeFile) -> None:
    make_file("a.txt", b"text", "text/plain")
    answer = client.get("/A.txt/?v=12")
    assert (answer.status_code, answer.location) == (301, "/a.txt?v=12")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({"status": "draft"}, 404),
        ({"status": "withdrawn"}, 410),
        ({"expires_at": NOON}, 410),
        ({"live_from": NOON + dt.timedelta(days=5000), "first_public_at": NOON + dt.timedelta(days=5000)}, 404),
    ],
)
def test_a_file_that_is_not_shown_gives_nothing(
    client: FlaskClient, make_file: MakeFile, state: dict[str, object], status: int
) -> None:
    make_file("a.txt", b"secret", "text/plain", **state)
    for address in ("/a.txt", f"/a.txt?v={hashlib.sha256(b'secret').hexdigest()}"):
        answer = client.get(address)
        assert (answer.status_code, b"secret" in answer.data) == (status, False)


def test_a_lost_file_says_so(client: FlaskClient, make_file: MakeFile, settings: Settings) -> None:
    make_file("a.txt", b"text", "text/plain")
    path_of(settings.uploads_dir, hashlib.sha256(b"text").hexdigest(), suffix="").unlink()
    answer = client.get("/a.txt")
    assert (answer.status_code, "Файла нет в хранилище" in answer.text) == (404, True)
