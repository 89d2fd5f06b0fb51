"""The console command: what an operator sees."""

import socket
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from attestation import models
from attestation.models import Node, Order, Revision, User
from attestation.procedure.words import Role
from attestation.site.search import Query
from attestation.tests.conftest import MakeOrder


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    """The command in this installation."""
    return app.test_cli_runner().invoke(args=list(arguments), input=typed)


def test_init_loads_what_is_missing_and_then_nothing(app: Flask) -> None:
    first, second = run(app, "init"), run(app, "init")
    assert "Страница загружена: /about/" in first.output
    assert second.output == "База в порядке, ничего делать не нужно.\n"
    assert Node.select().where(Node.path == "about").count() == 1
    assert (Order.select().count(), User.select().count()) == (0, 0)


def test_an_edited_page_is_not_loaded_again(app: Flask) -> None:
    run(app, "init")
    about = Node.get(Node.path == "about")
    Revision.create(node=about, number=2, title="Наш заголовок")
    Node.update(head=2, live=2).where(Node.id == about.id).execute()
    run(app, "init")
    assert Node.get(Node.path == "about").revision().title == "Наш заголовок"


def test_user_add_asks_for_the_password(app: Flask) -> None:
    words = "длинный и надёжный пароль"
    done = run(
        app, "user", "add", "anna", "--name", "Секретарева Анна Петровна", "--role", "secretary", typed=f"{words}\n{words}\n"
    )
    assert done.exit_code == 0, done.output
    assert words not in done.output
    assert User.get(User.login == "anna").role_set() == {Role.SECRETARY}
    assert not User.get(User.login == "anna").demo


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--password", "коротко"), "12"),
        (("--password", "длинный и надёжный пароль", "--role", "wizard"), "wizard"),
    ],
)
def test_user_add_refuses(app: Flask, options: tuple[str, ...], told: str) -> None:
    done = run(app, "user", "add", "anna", "--name", "Секретарева Анна Петровна", "--role", "secretary", *options)
    assert done.exit_code != 0
    assert told in done.output
    assert User.select().count() == 0


def test_search_rebuild_finds_everything_again(app: Flask, make_order: MakeOrder) -> None:
    make_order()
    index = app.extensions["attestation"].index
    assert index.search(Query("Иванова")).total == 0
    done = run(app, "search", "rebuild")
    assert done.output.endswith("Указатель построен.\n")
    assert index.search(Query("Иванова")).total == 1


def test_demo_refuses_where_real_orders_are(app: Flask, make_order: MakeOrder) -> None:
    make_order()
    done = run(app, "demo", "--orders", "1", "--rows", "2", "3", "--cases", "0")
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert Order.select().count() == 1
    assert not models.demonstration()


def test_serve_says_that_the_port_is_taken(app: Flask, change_settings: object) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        change_settings(port=other.getsockname()[1])  # type: ignore[operator]
        done = run(app, "serve")
    assert done.exit_code == 1
    assert "занят" in done.output and "PORT=8001" in done.output


def test_every_command_explains_itself(app: Flask) -> None:
    for command in (["init"], ["demo"], ["serve"], ["worker"], ["search", "rebuild"], ["user", "add"], ["score"]):
        done = run(app, *command, "--help")
        assert done.exit_code == 0
        assert any("а" <= letter <= "я" for letter in done.output.lower()), command


def test_the_readme_lists_every_setting() -> None:
    root = Path(__file__).parents[2]
    readme = (root / "README.md").read_text()
    source = (root / "site" / "settings.py").read_text()
    names = {
        part.split('"')[0]
        for part in source.split('"')[1::2]
        if (part.isupper() and "_" in part) or part in {"HOST", "PORT", "WORKERS"}
    }
    assert {"DATA_DIR", "SECRET_KEY", "SHOW_REFUSALS", "TRUSTED_PROXIES", "PORT"} <= names
    assert [name for name in sorted(names - {"XDG_CONFIG_HOME"}) if f"`{name}`" not in readme] == []
