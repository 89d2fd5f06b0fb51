"""Addresses where something stood: it has moved, or it is gone and the reason is told."""

import datetime as dt

import pytest
from flask.testing import FlaskClient

from attestation.admin.acts import content
from attestation.models import FormerAddress, Node

from ...conftest import NOON, Cast
from .conftest import MakeNode, Open

DAY = dt.timedelta(days=1)


def test_old_addresses_lead_to_where_the_material_is_now(client: FlaskClient, make_node: MakeNode, cast: Cast) -> None:
    """Moved by the acts, twice, with all that is below."""
    section, page = make_node("staryj", "folder"), make_node("staryj/stranitsa")
    elsewhere = make_node("novyj", "folder")
    section = content.rename(section, version=1, name="srednij", by=cast.admin, on=NOON)
    content.move(section, version=section.version, to=elsewhere, by=cast.admin, on=NOON)
    led = {path: client.get(path) for path in ("/staryj/stranitsa/", "/staryj", "/srednij/stranitsa")}
    assert {path: (answer.status_code, answer.location) for path, answer in led.items()} == {
        "/staryj/stranitsa/": (301, "/novyj/srednij/stranitsa/"),
        "/staryj": (301, "/novyj/srednij/"),
        "/srednij/stranitsa": (301, "/novyj/srednij/stranitsa/"),
    }
    assert client.get("/novyj/srednij/stranitsa/").status_code == 200
    assert Node.get_by_id(page.id).path == "novyj/srednij/stranitsa"


def test_what_was_trashed_is_gone_until_it_is_restored(
    open_: Open, client: FlaskClient, make_node: MakeNode, cast: Cast
) -> None:
    page = make_node("stranitsa", title="Забытое")
    content.trash(page, version=1, by=cast.admin, on=NOON)
    gone = open_("/stranitsa/", status=410)
    assert gone.h1 == "Материал удалён"
    assert "Забытое" not in gone.answer.text
    content.restore(Node.get_by_id(page.id), by=cast.admin, on=NOON)
    assert open_("/stranitsa/").h1 == "Забытое"


def test_a_draft_that_is_trashed_was_never_there(client: FlaskClient, make_node: MakeNode, cast: Cast) -> None:
    content.trash(make_node("stranitsa", status="draft"), version=1, by=cast.admin, on=NOON)
    assert client.get("/stranitsa/").status_code == 404


def test_a_withdrawn_page_tells_the_reason(open_: Open, make_node: MakeNode) -> None:
    make_node("stranitsa", status="withdrawn", title="Снятое", reason="Порядок изменился")
    page = open_("/stranitsa/", status=410)
    assert (page.h1, page.main.one("p", class_="lead").text) == ("Материал снят с публикации", "Причина: Порядок изменился")
    assert page.root.one("meta", name="robots").attributes["content"] == "noindex"
    assert "Снятое" not in page.answer.text


def test_it_stays_gone_while_it_is_rewritten(open_: Open, make_node: MakeNode, cast: Cast) -> None:
    page = make_node("stranitsa", status="withdrawn", reason="Порядок изменился")
    content.reopen(page, version=1, by=cast.admin, on=NOON)
    assert "Порядок изменился" in open_("/stranitsa/", status=410).text


def test_what_stood_in_a_withdrawn_section_is_gone_with_it(open_: Open, client: FlaskClient, make_node: MakeNode) -> None:
    make_node("razdel", "folder", title="Снятый раздел", status="withdrawn", reason="Раздел устарел")
    make_node("razdel/stranitsa")
    make_node("razdel/chernovik", status="draft")
    assert "Раздел устарел" in open_("/razdel/stranitsa/", status=410).text
    assert client.get("/razdel/chernovik/").status_code == 404


def test_the_day_of_expiry_is_told(open_: Open, make_node: MakeNode) -> None:
    make_node("razdel", "folder", title="Раздел")
    make_node("razdel/stranitsa", expires_at=NOON + DAY)
    page = open_("/razdel/stranitsa/", status=410)
    assert (page.h1, page.main.one("p", class_="lead").text) == (
        "Срок публикации истёк",
        "Материал был доступен до 11 марта 2026 года.",
    )
    assert page.links()["Раздел «Раздел»"] == "/razdel/"


def test_an_old_address_of_what_is_withdrawn_tells_its_reason(open_: Open, make_node: MakeNode) -> None:
    page = make_node("stranitsa", status="withdrawn", reason="Порядок изменился")
    FormerAddress.create(path="ranshe", node=page, left_at=NOON)
    assert "Порядок изменился" in open_("/ranshe/", status=410).text


@pytest.mark.parametrize("status", ["draft", "review"])
def test_a_draft_at_an_old_address_changes_nothing_for_visitors(client: FlaskClient, make_node: MakeNode, status: str) -> None:
    page = make_node("teper")
    make_node("ranshe", status=status)
    FormerAddress.create(path="ranshe", node=page, left_at=NOON)
    assert client.get("/ranshe/").location == "/teper/"
