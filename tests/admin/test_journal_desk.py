"""The journal at the desk: of cases that the reader may not open neither reasons nor experts are shown, found or exported."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.models import Application, User
from attestation.site import journal
from attestation.site.cases import moves
from attestation.tests.cases import SPB, World
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REASON = "сомнительный диплом"


@pytest.fixture
def case(app: Flask, world: World) -> Application:
    """A case of which the secretary and the expert have told the journal something."""
    case = world.walk(world.filled(SPB), "received")
    told = {"subject": moves.SUBJECT, "subject_id": case.id, "on": world.now}
    journal.write(by=world.cast.secretary, verb="case_withdraw", details=REASON, **told)
    journal.write(by=world.cast.expert, verb="save_review", details="раздел 1, оценка", **told)
    journal.write(by=world.cast.admin, verb="edit", subject="order", subject_id=5, on=world.now, details="срочный заголовок")
    return case


def rows(client: FlaskClient, query: str = "") -> list[list[str]]:
    """Who, what and details, by line."""
    page = open_page(client, f"/admin/journal/?{query}")
    lines = [[cell.text for cell in row.all("th", "td")] for row in page.main.all("tr")[1:]]
    return [[line[1], line[2], line[4]] for line in lines]


HIDDEN = "видит тот, кто ведёт дело"


@pytest.mark.parametrize("who", ["admin", "publisher"])
def test_of_foreign_cases_only_the_act_is_shown(world: World, case: Application, sign_in: SignInAs, who: str) -> None:
    shown = rows(sign_in(getattr(world.cast, who)))
    secretary, expert = world.cast.secretary, world.cast.expert
    assert [str(world.cast.admin), "Изменены реквизиты", "срочный заголовок"] in shown
    assert [str(secretary), "Отозвать", HIDDEN] in shown
    assert ["участник дела", "Сохранена оценка эксперта", HIDDEN] in shown
    everything = " ".join(" ".join(line) for line in shown)
    assert REASON not in everything
    assert expert.full_name not in everything
    assert world.teacher.full_name not in everything


def test_who_reads_cases_reads_what_was_told_of_them(world: World, case: Application, sign_in: SignInAs) -> None:
    shown = rows(sign_in(world.cast.controller))
    assert [str(world.cast.secretary), "Отозвать", REASON] in shown
    assert [str(world.cast.expert), "Сохранена оценка эксперта", "раздел 1, оценка"] in shown


@pytest.mark.parametrize(
    ("word", "admin", "controller"),
    [("сомнительный", 0, 1), ("Оценкина", 0, 1), ("Секретарева", 1, 1), ("срочный", 1, 1), ("chernilnitsyna", 0, 1)],
)
def test_what_is_not_shown_is_not_found(
    world: World, case: Application, sign_in: SignInAs, word: str, admin: int, controller: int
) -> None:
    found = [bool(rows(sign_in(user), f"search={word}")) for user in (world.cast.admin, world.cast.controller)]
    assert found == [bool(admin), bool(controller)]


def test_the_export_hides_the_same(world: World, case: Application, sign_in: SignInAs) -> None:
    text = sign_in(world.cast.admin).get("/admin/journal/export.csv").text
    assert "срочный заголовок" in text
    assert HIDDEN in text
    for word in (REASON, world.cast.expert.full_name, world.teacher.full_name):
        assert word not in text
    assert REASON in sign_in(world.cast.controller).get("/admin/journal/export.csv").text


def test_a_case_of_ones_own_is_not_there_at_all(world: World, case: Application, sign_in: SignInAs) -> None:
    Application.update(applicant=world.cast.controller).where(Application.id == case.id).execute()
    assert [line for line in rows(sign_in(world.cast.controller)) if line[1] == "Отозвать"] == []


def test_more_entries_cost_no_more_queries(world: World, case: Application, sign_in: SignInAs) -> None:
    client = sign_in(world.cast.admin)

    def cost() -> int:
        with count_queries() as counter:
            assert client.get("/admin/journal/").status_code == 200
        return int(counter.count)

    cost()
    few = cost()
    for number in range(2, 12):
        journal.write(by=world.cast.expert, verb="save_review", subject="application", subject_id=number, on=world.now)
    assert cost() == few <= 12
