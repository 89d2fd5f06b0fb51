"""Every address under /admin/ × every role and a stranger, compared with a table typed by hand."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.models import Order, Page, User
from attestation.procedure.words import Role
from attestation.tests.conftest import NOON, Cast, MakeOrder

# Whom each address lets in: s secretary, p publisher, e editor, a admin. The addresses of one row share their answer.
DOORS = {
    "spea": """
        GET /admin/
        GET /admin/orders/
        GET /admin/orders/export.csv
        GET /admin/orders/{order}/
        GET /admin/orders/{order}/order.pdf
        GET /admin/orders/{order}/progress
    """,
    "spa": """
        GET /admin/orders/new/
        POST /admin/orders/new/
        GET /admin/orders/sample.csv
        GET /admin/orders/{order}/edit/
        POST /admin/orders/{order}/edit/
        GET /admin/orders/{order}/delete/
        POST /admin/orders/{order}/delete/
        GET /admin/orders/{order}/import/
        POST /admin/orders/{order}/import/
        GET /admin/orders/{order}/import/{token}/
        POST /admin/orders/{order}/import/{token}/
        GET /admin/orders/{order}/rows/new/
        POST /admin/orders/{order}/rows/new/
        GET /admin/orders/{order}/rows/1/
        POST /admin/orders/{order}/rows/1/
        GET /admin/orders/{order}/rows/1/delete/
        POST /admin/orders/{order}/rows/1/delete/
        POST /admin/orders/{order}/pdf/
        GET /admin/orders/{order}/sign/
        POST /admin/orders/{order}/sign/
        GET /admin/orders/{order}/return_to_draft/
        POST /admin/orders/{order}/return_to_draft/
        GET /admin/orders/{order}/register/
        POST /admin/orders/{order}/register/
    """,
    "pa": """
        GET /admin/orders/{order}/unregister/
        POST /admin/orders/{order}/unregister/
        GET /admin/orders/{order}/publish/
        POST /admin/orders/{order}/publish/
        GET /admin/journal/
        GET /admin/journal/export.csv
    """,
    "ea": """
        GET /admin/pages/
        GET /admin/pages/export.csv
        GET /admin/pages/new/
        POST /admin/pages/new/
        GET /admin/pages/{page}/
        POST /admin/pages/{page}/
    """,
    # The official texts of the regulation.
    "ae": """
        GET /admin/regulation/
        GET /admin/regulation/export.csv
        GET /admin/regulation/import/
        POST /admin/regulation/import/
        GET /admin/regulation/import/{token}/
        POST /admin/regulation/import/{token}/
        GET /admin/regulation/1/
        POST /admin/regulation/1/show/
        POST /admin/regulation/1/withdraw/
    """,
    "a": """
        GET /admin/users/
        GET /admin/users/export.csv
        GET /admin/users/new/
        POST /admin/users/new/
        GET /admin/users/{user}/
        POST /admin/users/{user}/
        POST /admin/users/{user}/password/
        POST /admin/users/{user}/deactivate/
        POST /admin/users/{user}/activate/
    """,
}
OPEN_TO_ALL = {"GET /admin/login", "POST /admin/login", "POST /admin/logout"}
LETTERS = {Role.SECRETARY: "s", Role.PUBLISHER: "p", Role.EDITOR: "e", Role.ADMIN: "a"}
ADDRESSES = [(line.strip(), who) for who, lines in DOORS.items() for line in lines.strip().splitlines()]


@dataclass(frozen=True)
class House:
    """Records to knock at."""

    order: Order
    page: Page
    user: User

    def address(self, door: str) -> tuple[str, str]:
        method, _, path = door.partition(" ")
        return method, path.format(order=self.order.id, page=self.page.id, user=self.user.id, token="x" * 32)


@pytest.fixture
def database_url(tmp_path, sqlite_template):  # type: ignore[no-untyped-def]
    """Doors do not depend on the kind of database: the embedded one is enough."""
    import shutil

    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


@pytest.fixture
def house(app: Flask, cast: Cast, make_order: MakeOrder) -> House:
    app.config["WTF_CSRF_ENABLED"] = False  # who may enter is asked here; the token has a test of its own
    page = Page.create(path="about", title="О сервисе", body="Текст", updated_at=NOON)
    return House(make_order(), page, cast.departed)


def test_the_table_names_every_address(app: Flask) -> None:
    """No address of the office can appear without a line in the table above."""
    served = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/admin"):
            served |= {f"{method} {_shape(rule.rule)}" for method in rule.methods - {"HEAD", "OPTIONS"}}
    written = {re.sub(r"/(sign|return_to_draft|register|unregister|publish)/$", "/*/", door) for door, _ in ADDRESSES}
    written = {re.sub(r"\{\w+\}|/1/", lambda found: "/*/" if found[0] == "/1/" else "*", door) for door in written}
    assert served == written | OPEN_TO_ALL


def _shape(rule: str) -> str:
    return re.sub(r"<[^>]+>", "*", rule)


def test_strangers_are_sent_to_sign_in(house: House, client: FlaskClient) -> None:
    """Nothing under /admin/ answers a stranger: no page, no export, no look-up, no file."""
    answers = {door: client.open(house.address(door)[1], method=house.address(door)[0]) for door, _ in ADDRESSES}
    assert {door: answer.status_code for door, answer in answers.items()} == dict.fromkeys(answers, 302)
    assert {answer.location.partition("?")[0] for answer in answers.values()} == {"/admin/login"}


@pytest.mark.parametrize("role", list(Role))
def test_doors(house: House, cast: Cast, role: Role, sign_in: Callable[[User], FlaskClient], app: Flask) -> None:
    """403 exactly where the table does not let the role in."""
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(cast.of(role))
    app.config["WTF_CSRF_ENABLED"] = False
    refused = {}
    for door, _who in ADDRESSES:
        method, path = house.address(door)
        answer = client.open(path, method=method)
        assert answer.status_code < 500, (door, answer.status_code)
        refused[door] = answer.status_code == 403
    assert refused == {door: LETTERS[role] not in who for door, who in ADDRESSES}
    assert Order.get_by_id(house.order.id).status == "published"


def test_departed_cannot_sign_in(app: Flask, cast: Cast, sign_in: Callable[[User], FlaskClient]) -> None:
    with pytest.raises(AssertionError):
        sign_in(cast.departed)


def test_every_post_asks_for_the_token(
    app: Flask, cast: Cast, make_order: MakeOrder, sign_in: Callable[[User], FlaskClient]
) -> None:
    page = Page.create(path="about", title="О сервисе", body="Текст", updated_at=NOON)
    house = House(make_order(status="draft"), page, cast.departed)
    client = sign_in(cast.admin)
    posts = [door for door, _ in ADDRESSES if door.startswith("POST")] + ["POST /admin/login", "POST /admin/logout"]
    answers = {door: client.post(house.address(door)[1]).status_code for door in posts}
    assert answers == dict.fromkeys(posts, 400)
    assert client.get("/admin/").status_code == 200
