"""The teacher reads the conclusions: when they may be seen, what they explain, the mark of having read them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.admin.acts.cases import conclusions, reviews
from attestation.models import Application, Conclusion, User
from attestation.site.printing import press
from attestation.tests.admin.cases.sheets import good, scored, sheet
from attestation.tests.cases import LENOBL, NEGATIVE, SPB, World
from attestation.tests.conftest import NOON, csrf_token
from attestation.tests.inspection import open_page
from attestation.tests.site.cases.telling import journal

SignIn = Callable[[User], FlaskClient]
MOST_QUERIES = 30


@pytest.fixture
def database_url(tmp_path, sqlite_template):  # type: ignore[no-untyped-def]
    """Pages do not depend on the kind of database: the acts are tried on both."""
    import shutil

    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


def address(case: Application) -> str:
    return f"/account/applications/{case.id}/conclusion"


@pytest.fixture
def given(app: Any, world: World, monkeypatch: pytest.MonkeyPatch, small_pdf: bytes) -> Application:
    """A case of the city with a conclusion that was scored row by row."""
    monkeypatch.setattr(press, "conclusion_apart", lambda *_: small_pdf)
    case = world.walk(world.filled(SPB), "review")
    told = good(case)
    scored(world, case, reviews.Entered({**told.fields, "r-1.1": "Справка на месте."}, told.papers, "positive", "", "Пишите."))
    expert = world.cast.expert
    return conclusions.sign(case, reviews.review_of(case, expert), world.cases_dir, by=expert, on=NOON)


def test_each_row_is_explained_with_its_papers_and_the_remark(world: World, given: Application, sign_in: SignIn) -> None:
    page = open_page(sign_in(world.teacher), address(given))
    rows = [" ".join(row.text.split()) for row in page.root.one("ol", class_="given-rows").all("li") if row.all("h4")]
    assert rows[0] == (
        "1.1 Результаты освоения обучающимися образовательных программ по итогам мониторинга, проводимого образовательной"
        " организацией* 40 баллов Засчитано 40 баллов: «от 60% и более от числа участвующих» — 40."
        " № 1. Приказ о поощрении Эксперт: Справка на месте."
    )
    assert len(rows) == 4
    for words in ("соответствует требованиям", "Набрано 180 баллов, нужно 170.", "Пишите.", "Оценкина Мария Львовна"):
        assert words in page.text
    assert page.links()["Открыть заключение в PDF"] == f"/account/files/{Conclusion.get().file_id}"
    assert sign_in(world.teacher).get(f"/account/files/{Conclusion.get().file_id}").status_code == 200


def test_the_teacher_marks_it_as_read_once(world: World, given: Application, sign_in: SignIn) -> None:
    client = sign_in(world.teacher)
    told = {"csrf_token": csrf_token(client, address(given)), "version": given.version}
    assert client.post(address(given), data=told).location == address(given)
    assert Conclusion.get().read_at is not None
    assert journal(world, given)[-1] == "teacher case_read_conclusion"
    assert "Отметить, что ознакомлен" not in open_page(client, address(given)).text
    assert client.post(address(given), data=told).status_code == 409


def test_strangers_and_experts_are_told_nothing(world: World, given: Application, sign_in: SignIn) -> None:
    for user in (world.other_teacher, world.cast.expert, world.cast.secretary):
        assert sign_in(user).get(address(given)).status_code == 404


@pytest.mark.parametrize("status", ["review", "second_review_due", "second_review"])
def test_nothing_is_seen_before_the_whole_review_is_over(app: Any, world: World, sign_in: SignIn, status: str) -> None:
    case = world.walk(world.filled(SPB), status, outcome=NEGATIVE)
    client = sign_in(world.teacher)
    assert client.get(address(case)).status_code == 404
    for conclusion in Conclusion.select().where(Conclusion.file.is_null(False)):
        assert client.get(f"/account/files/{conclusion.file_id}").status_code == 404


def test_both_conclusions_stand_side_by_side(app: Any, world: World, sign_in: SignIn) -> None:
    case = world.walk(world.filled(SPB), "reviewed", outcome=NEGATIVE)
    client = sign_in(world.teacher)
    page = open_page(client, address(case))
    told = [section.all("strong")[0].text for section in page.root.all("section", class_="version")]
    assert told == ["не соответствует", "соответствует"]
    client.post(address(case), data={"csrf_token": csrf_token(client, address(case)), "version": case.version})
    assert Conclusion.select().where(Conclusion.read_at.is_null()).count() == 0


def test_a_returned_version_is_named_as_a_former_one(app: Any, world: World, sign_in: SignIn) -> None:
    case = world.walk(world.filled(LENOBL), "review_done")
    conclusions.give_back(case, "return_conclusion", "Ошибка.", by=world.cast.leader, on=NOON.replace(hour=12))
    client = sign_in(world.teacher)
    assert client.get(address(case)).status_code == 404
    later = NOON.replace(hour=14)
    scored(world, case, sheet(case, {}, outcome=NEGATIVE))
    expert = world.cast.expert
    mine = reviews.review_of(case, expert)
    conclusions.upload(case, mine, world.cases_dir, world.pdf + b"%2\n", "Второе.pdf", by=expert, on=later)
    conclusions.finish(case, reviews.review_of(case, expert), by=expert, on=later)
    page = open_page(client, address(case))
    assert "Версия 1 от" in page.root.one("section", aria_labelledby="former").text
    # Why it was returned is between the office and the expert.
    assert "Ошибка." not in page.text


def test_it_costs_few_queries(world: World, given: Application, sign_in: SignIn) -> None:
    client = sign_in(world.teacher)
    client.get(address(given))
    with count_queries() as counted:
        client.get(address(given))
    assert counted.count <= MOST_QUERIES
