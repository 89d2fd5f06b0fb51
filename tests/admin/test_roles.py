"""Who can do what: the page is told from the tables of the code, the code is tried, and an extract is typed by hand."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation import procedure
from attestation.admin import matrix
from attestation.admin.access import ALLOWED, Permission, require
from attestation.models import Application, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole, Role
from attestation.site.cases import moves
from attestation.site.cases.people import roles_in
from attestation.site.cases.rights import seen_by
from attestation.site.dates import day_of
from attestation.tests.cases import SPB, World
from attestation.tests.conftest import Cast
from attestation.tests.inspection import Element, OpenedPage, open_page

SignInAs = Callable[[User], FlaskClient]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Typed by hand: who may, by the words of the page.
TYPED = {
    ("permissions", "Просмотр журнала"): "публикатор, начальник отдела аттестации, администратор",
    ("permissions", "Управление учётными записями"): "администратор",
    ("permissions", "Проверки дел"): "начальник отдела аттестации",
    ("permissions", "Уничтожение по срокам хранения"): "начальник отдела аттестации",
    ("permissions", "Внесение заявлений с бумаги и объединение повторных"): "регистратор, секретарь комиссии",
    ("in-cases", "Секретарь комиссии"): "регистратор, секретарь комиссии",
    ("in-cases", "Начальник отдела аттестации"): "начальник отдела аттестации",
    ("parts", "Телефон, адрес почты и дата рождения педагога"): (
        "педагог, представитель педагога, регистратор, секретарь комиссии, заместитель председателя комиссии"
    ),
    ("parts", "Самооценка педагога"): "педагог, представитель педагога",
    ("lenobl-2022-03-01-application", "Назначить экспертизу"): "руководитель экспертной группы",
    ("office-content", "Отправить на проверку"): "пишет и правит, пишет, правит и публикует",
}


@pytest.fixture
def page(app: Flask, cast: Cast, sign_in: SignInAs) -> OpenedPage:
    return open_page(sign_in(cast.editor), "/admin/roles/")


def tables(page: OpenedPage) -> dict[str, Element]:
    """The tables of the page by the anchors of their headings."""
    names = [heading.attributes["id"] for heading in page.main.all("h2")]
    return dict(zip(names, page.main.all("table"), strict=True))


def told(table: Element) -> dict[str, str]:
    """Row → the columns that say yes, in words."""
    columns = [cell.text for cell in table.one("thead").all("th")][1:]
    found = {}
    for row in table.one("tbody").all("tr"):
        hint = row.one("th").all("span")
        title = row.one("th").text.removesuffix(hint[0].text if hint else "")
        yes = [column for column, cell in zip(columns, row.all("td"), strict=True) if cell.text == "да"]
        found.setdefault(title.strip(), ", ".join(word[:1].lower() + word[1:] for word in yes))
    return found


def test_the_page_says_what_was_typed(page: OpenedPage) -> None:
    found = {name: told(table) for name, table in tables(page).items()}
    missing = {key for key in TYPED if key[1] not in found[key[0]]}
    assert missing == set()
    assert {(name, row): found[name][row] for name, row in TYPED} == TYPED


def test_every_permission_and_every_road_is_on_the_page(page: OpenedPage) -> None:
    """Every file with moves is found here anew, so that neither a road nor a verb of one can be missed."""
    found = tables(page)
    folder = Path(procedure.__file__).parent
    read = {file: tomllib.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*/*.toml")}
    moves_of = {f"{file.parent.name}-{file.stem}": data["move"] for file, data in read.items() if "move" in data}
    assert set(found) == {"permissions", "in-cases", "parts", *moves_of}
    assert len(told(found["permissions"])) == len(Permission) == len(ALLOWED)
    for name, written in moves_of.items():
        titles = [row.one("th").text for row in found[name].one("tbody").all("tr")]
        assert len(titles) == len(written)
        assert all(title.startswith(move["title"]) for title, move in zip(titles, written, strict=True))


@pytest.mark.parametrize("role", list(Role))
def test_the_code_lets_in_whom_the_page_names(cast: Cast, page: OpenedPage, role: Role) -> None:
    """Every permission is asked for by every person of the cast, through the door that acts go through."""
    table = told(tables(page)["permissions"])
    for permission in Permission:
        said = role.label in table[permission[:1].upper() + permission[1:]].split(", ")
        try:
            require(cast.of(role), permission)
            tried = True
        except Refusal:
            tried = False
        assert (permission, tried) == (permission, said)


def test_the_code_makes_moves_for_whom_the_page_names(world: World, page: OpenedPage) -> None:
    """A case that was just received: every person of the office tries every move of it."""
    case = world.walk(world.filled(SPB), "received")
    table = told(tables(page)["spb-2021-04-13-application"])
    whole = moves.road("application", SPB)
    today = day_of(world.now)
    tried = 0
    for move in whole.moves:
        if case.status not in move.sources or not move.roles:
            continue
        for person in (world.cast.of(role) for role in Role):
            mine = roles_in(case, person, today)
            said = any(whole.title_of(role) in table[move.title] for role in mine)
            try:
                moves.allow(case, move.verb, by=person, on=world.now)
                allowed = True
            except Refusal:
                allowed = False
            assert (move.verb, person.login, allowed) == (move.verb, person.login, said)
            tried += allowed
    assert tried > 2


def test_the_code_shows_parts_to_whom_the_page_names(page: OpenedPage) -> None:
    table = told(tables(page)["parts"])
    case = Application(status="reviewed", number="2026-000001-1", edition=SPB)
    for role in CaseRole:
        said = {title for title, columns in table.items() if role.label in columns.split(", ")}
        assert {part[:1].upper() + part[1:] for part in seen_by(case, frozenset({role}))} == said


def test_whoever_comes_for_cases_only_reads_it_too(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    assert open_page(sign_in(cast.expert), "/admin/roles/").h1 == "Кто что может"


def test_a_move_that_follows_another_says_so(app: Flask) -> None:
    rows = [row for one in matrix.roads() for row in one.rows if not any(row.may)]
    assert all("вслед за другим действием" in row.beside for row in rows)
