"""The second expert sees neither the first score nor its author (3.3.2): every screen, file and letter is searched for them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.admin.acts.cases import conclusions, reviews
from attestation.models import Application, CaseFile, Conclusion, Letter, User, UserRole
from attestation.procedure.words import CaseRole, Role
from attestation.site.cases.conclusions import versions
from attestation.site.dates import day_of
from attestation.site.printing import press
from attestation.tests.admin.cases.sheets import LITTLE, good, review, scored, sheet
from attestation.tests.cases import NEGATIVE, SPB, World
from attestation.tests.conftest import NOON
from attestation.tests.inspection import open_page

# Figures and words that nothing else on the pages has.
REMARK, REASONS = "Справка просрочена", "Рекомендую пройти курсы"
PAGES = ("", "review", "review/check", "conclusion", "files")
CLOSED = ("dissent", "dissent.pdf", "experts", "conflict", "return_conclusion", "return_second_conclusion")


@pytest.fixture
def database_url(tmp_path, sqlite_template):  # type: ignore[no-untyped-def]
    """Pages do not depend on the kind of database."""
    import shutil

    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


@pytest.fixture
def case(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, small_pdf: bytes) -> Application:
    """A case under the second review, the first one scored, remarked on and negative."""
    monkeypatch.setattr(press, "conclusion_apart", lambda *_: small_pdf + b"%1\n")
    found = world.walk(world.filled(SPB), "review")
    told = sheet(found, LITTLE)
    first = reviews.Entered({**told.fields, "r-1.1": REMARK}, told.papers, NEGATIVE, "", REASONS)
    scored(world, found, first)
    expert = world.cast.expert
    conclusions.sign(found, reviews.review_of(found, expert), world.cases_dir, by=expert, on=NOON)
    return world.walk(found, "second_review", outcome=NEGATIVE)


def traces(text: str) -> list[str]:
    """What of the first review stands in a text."""
    return [word for word in ("Оценкин", REMARK, REASONS, "не соответствует требованиям", "первое заключение") if word in text]


def test_no_screen_names_the_first_expert_or_the_first_score(
    world: World, case: Application, sign_in: Callable[[User], FlaskClient]
) -> None:
    client = sign_in(world.experts[1].user)
    seen = {}
    for page in PAGES:
        answer = client.get(f"/admin/cases/{case.id}/{page}")
        assert answer.status_code in {200, 403, 404}, page
        seen[page] = traces(answer.text)
    for path in ("/admin/", "/admin/today/", "/admin/cases/", "/admin/participation/", "/admin/cases/export.csv"):
        seen[path] = traces(client.get(path).text)
    assert {path: found for path, found in seen.items() if found} == {}
    assert open_page(client, f"/admin/cases/{case.id}/review").root.one("p", class_="total").text == "0 баллов"
    assert open_page(client, f"/admin/cases/{case.id}/conclusion").text.endswith("Заключения ещё нет.")


def test_lists_cannot_be_narrowed_by_the_first_expert(
    world: World, case: Application, sign_in: Callable[[User], FlaskClient]
) -> None:
    second, path = world.experts[1].user, f"/admin/cases/?registry=all&expert={world.cast.expert.id}"
    # The address is not heeded: the case is found, as it is without a filter.
    assert str(case.number) in sign_in(second).get(path).text
    UserRole.create(user=second, role=Role.REGISTRAR)
    client = sign_in(second)
    assert str(case.number) not in client.get(path).text
    assert str(case.number) in client.get(f"/admin/cases/?registry=all&expert={second.id}").text
    assert str(case.number) in sign_in(world.cast.deputy).get(path).text


def test_the_journal_of_the_office_is_silent_about_cases_of_ones_own(
    world: World, case: Application, sign_in: Callable[[User], FlaskClient]
) -> None:
    second, path = world.experts[1].user, "/admin/journal/?subject=application"
    for user in (second, world.cast.publisher, world.teacher):
        UserRole.insert(user=user, role=Role.PUBLISHER).on_conflict_ignore().execute()
    named = f"Заявление {case.id}"
    assert {user.login: named in sign_in(user).get(path).text for user in (second, world.cast.publisher, world.teacher)} == {
        second.login: False,
        world.cast.publisher.login: True,
        world.teacher.login: False,
    }


def test_what_is_not_theirs_is_not_there(world: World, case: Application, sign_in: Callable[[User], FlaskClient]) -> None:
    client = sign_in(world.experts[1].user)
    told = {rest: client.get(f"/admin/cases/{case.id}/{rest}").status_code for rest in CLOSED}
    assert set(told.values()) <= {403, 404}, told
    first = Conclusion.get()
    assert client.get(f"/account/files/{first.file_id}").status_code == 404
    assert sign_in(world.cast.deputy).get(f"/account/files/{first.file_id}").status_code == 200


def test_the_printed_conclusion_of_the_second_expert_is_their_own(
    world: World, case: Application, sign_in: Callable[[User], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(press, "conclusion_apart", lambda *given: asked.append(str(given)) or b"%PDF-")
    second = world.experts[1].user
    scored(world, case, good(case), by=second)
    assert sign_in(second).get(f"/admin/cases/{case.id}/review/preview.pdf").data == b"%PDF-"
    assert traces(asked[0]) == []
    assert "Сличкина Дарья Олеговна" in asked[0]


def test_letters_to_the_second_expert_are_silent_about_the_first(world: World, case: Application) -> None:
    mine = [letter for letter in Letter.select().where(Letter.user == world.experts[1].user)]
    assert mine
    assert [traces(f"{letter.subject} {letter.body}") for letter in mine] == [[]] * len(mine)


def test_the_first_expert_learns_nothing_of_the_second(
    world: World, case: Application, sign_in: Callable[[User], FlaskClient]
) -> None:
    client = sign_in(world.cast.expert)
    for page in ("", "review", "conclusion"):
        text = client.get(f"/admin/cases/{case.id}/{page}").text
        assert "второе заключение" not in text.lower(), page
    world.walk(case, "reviewed", outcome=NEGATIVE)
    assert len(versions(case, world.cast.expert, day_of(NOON))) == 1


def test_a_new_second_expert_does_not_see_what_the_former_one_gave(world: World, case: Application) -> None:
    world.walk(case, "reviewed", outcome=NEGATIVE)
    conclusions.give_back(case, "return_second_conclusion", "Ошибка.", by=world.cast.deputy, on=NOON.replace(hour=15))
    former = review(case, CaseRole.SECOND_EXPERT)
    former.ended_at = NOON
    former.save()
    world.entrust(case, world.experts[2], CaseRole.SECOND_EXPERT)
    assert versions(case, world.experts[2].user, day_of(NOON)) == ()
    assert len(versions(case, world.cast.deputy, day_of(NOON))) == 2
    assert CaseFile.select().where(CaseFile.kind == "conclusion").count() == 1
