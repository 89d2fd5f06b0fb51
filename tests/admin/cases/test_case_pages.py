"""The desk of applications through its pages: whose cases they are, what the page shows, both roads by their screens."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.models import Application, CheckMark, JournalEntry, Sitting, User, utc_now
from attestation.procedure.road import road
from attestation.procedure.words import Channel
from attestation.site.cases import messages
from attestation.site.dates import day_of
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import csrf_token
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]


STAGES = [
    (LENOBL, status) for status in ("submitted", "registered", "review", "review_done", "sitting", "established", "withdrawn")
]
STAGES += [(SPB, status) for status in ("received", "registered", "accepted", "review", "second_review", "reviewed", "sitting")]


@pytest.mark.parametrize(("edition", "status"), STAGES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # both walks below meet PostgreSQL
def test_the_page_of_a_case_is_sound(app: Flask, world: World, sign_in: SignInAs, edition: str, status: str) -> None:
    case = world.walk(world.filled(edition), status)
    for user in (world.cast.secretary, world.cast.chairperson):
        page = open_page(sign_in(user), f"/admin/cases/{case.id}/")
        assert page.main.all("h1")[0].text == "Чернильницына Вера Павловна"
        assert road("application", edition).statuses[status] in page.main.text


def sent(client: FlaskClient, path: str, /, page: str = "", **fields: object) -> int:
    """Fill in the form of a page and send it, hidden versions as they stand there; the status of the answer."""
    text = client.get(page or path).text
    hidden = dict(re.findall(r'<input type="hidden" name="((?:into_)?version)" value="([^"]*)"', text))
    token = csrf_token(client, page or path)
    return client.post(path, data={"csrf_token": token, **hidden, **fields}).status_code


def status_of(case: Application) -> str:
    found: str = Application.get_by_id(case.id).status
    return found


# --- Moves through their screens --------------------------------------------------------------------------------------------


def test_the_office_walks_the_oblast_road(app: Flask, world: World, sign_in: SignInAs) -> None:
    """Registration with the leader named, another leader, the sitting chosen, appointed with a place, moved, decided."""
    case = world.walk(world.filled(LENOBL), "submitted")
    secretary, path = sign_in(world.cast.secretary), f"/admin/cases/{case.id}"
    assert sent(secretary, f"{path}/register", group_leader=world.cast.leader.id) == 409  # nothing was ticked
    assert (status_of(case), CheckMark.select().count()) == ("submitted", 0)
    assert sent(secretary, f"{path}/register", group_leader="", stated="form_checked") == 422
    assert sent(secretary, f"{path}/register", group_leader=world.cast.leader.id, stated="form_checked") == 302
    assert status_of(case) == "registered"
    assert Application.get_by_id(case.id).group_leader == world.cast.leader
    assert sent(secretary, f"{path}/change_group_leader", group_leader=world.second_leader.id, reason="") == 409
    assert sent(secretary, f"{path}/change_group_leader", group_leader=world.second_leader.id, reason="Отпуск") == 302
    Application.update(group_leader=world.cast.leader).where(Application.id == case.id).execute()
    world.walk(Application.get_by_id(case.id), "review_done")
    today = day_of(utc_now())
    sitting = world.sitting(today + dt.timedelta(days=5), place="", edition=LENOBL)
    leader = sign_in(world.cast.leader)
    assert sent(leader, f"{path}/choose_sitting_day", sitting=sitting.id) == 302
    assert sent(secretary, f"{path}/appoint_sitting", place="", begins_at="") == 409
    assert sent(secretary, f"{path}/appoint_sitting", place="Актовый зал", begins_at="15:30") == 302
    assert (status_of(case), Sitting.get_by_id(sitting.id).place) == ("sitting", "Актовый зал")
    assert sent(secretary, f"{path}/move_sitting", reason="Нет кворума") == 302
    assert (status_of(case), Application.get_by_id(case.id).sitting) == ("sitting_moved", None)
    assert sent(leader, f"{path}/choose_sitting_day", sitting=world.sitting(today, edition=LENOBL).id) == 302
    assert sent(secretary, f"{path}/appoint_sitting") == 302
    assert status_of(case) == "sitting"


def test_the_office_walks_the_citys_road(app: Flask, world: World, sign_in: SignInAs) -> None:
    """A letter is taken over by its postmark, registered, its folder taken, the term named, the sitting proposed."""
    case = world.filled(SPB, channel=Channel.POST, way="paper")
    clerk, path = sign_in(world.cast.reception), f"/admin/cases/{case.id}"
    assert sent(clerk, f"{path}/accept_from_post", filed_on="2026-05-20") == 409  # out of season
    assert (status_of(case), Application.get_by_id(case.id).number) == ("draft", None)
    assert sent(clerk, f"{path}/accept_from_post", filed_on="2026-05-14") == 302
    taken = Application.get_by_id(case.id)
    assert (taken.status, taken.filed_on) == ("received", dt.date(2026, 5, 14))
    assert sent(clerk, f"{path}/register") == 302
    assert sent(clerk, f"{path}/receive_portfolio", stated="bearer_identified") == 409
    assert (
        sent(clerk, f"{path}/receive_portfolio", stated=["bearer_identified", "inventory_copy_kept"], note="Не прошита") == 302
    )
    today = day_of(utc_now())
    secretary = sign_in(world.cast.secretary)
    days = {"considered_on": f"{today}", "term_begins": f"{today}", "term_place": "Дом учителя"}
    assert sent(secretary, f"{path}/set_term", **days, term_ends=f"{today + dt.timedelta(days=61)}") == 409
    assert sent(secretary, f"{path}/set_term", **days, term_ends=f"{today - dt.timedelta(days=1)}") == 409
    assert sent(secretary, f"{path}/set_term", **days, term_ends=f"{today + dt.timedelta(days=30)}") == 302
    assert sent(clerk, f"{path}/withdraw", basis="") == 409
    assert status_of(case) == "accepted"
    now = dt.datetime.now(dt.UTC)
    world.walk(Application.get_by_id(case.id), "reviewed", on=now)
    sitting = world.sitting(today + dt.timedelta(days=9))
    assert sent(secretary, f"{path}/propose_for_sitting", sitting=sitting.id) == 302
    assert (status_of(case), Application.get_by_id(case.id).sitting_id) == ("sitting", sitting.id)


def test_a_case_that_somebody_else_has_moved(app: Flask, world: World, sign_in: SignInAs) -> None:
    """Two clerks have the same page open: the second is refused, nothing of what was typed is lost."""
    case = world.walk(world.filled(LENOBL), "submitted")
    path = f"/admin/cases/{case.id}/return_application"
    client = sign_in(world.cast.secretary)
    form = {"csrf_token": csrf_token(client, path), "version": case.version, "reason": "Нет документа"}
    Application.update(version=case.version + 1).where(Application.id == case.id).execute()
    page = client.post(path, data=form)
    assert (page.status_code, status_of(case)) == (409, "submitted")
    assert "Нет документа" in page.text and "уже изменено другим человеком" in page.text


def test_a_move_of_another_role_or_road(app: Flask, world: World, sign_in: SignInAs) -> None:
    case = world.walk(world.filled(LENOBL), "registered")
    client = sign_in(world.cast.secretary)
    answers = {verb: client.get(f"/admin/cases/{case.id}/{verb}").status_code for verb in ("assign_review", "set_term", "burn")}
    assert answers == {"assign_review": 403, "set_term": 404, "burn": 404}
    closed = open_page(client, f"/admin/cases/{case.id}/register")
    assert "сейчас невозможно" in closed.main.text
    assert not closed.main.all("form")


# --- What one sees ----------------------------------------------------------------------------------------------------------


def test_an_expert_sees_neither_telephone_nor_address(app: Flask, world: World, sign_in: SignInAs) -> None:
    case = world.walk(world.filled(SPB), "review")
    secrets = ("+7 900 000-00-01", "chernilnitsyna@example.org", "Садовая", "07.03.1985")
    expert = open_page(sign_in(world.cast.expert), f"/admin/cases/{case.id}/").main.text
    secretary = open_page(sign_in(world.cast.secretary), f"/admin/cases/{case.id}/").main.text
    assert [secret for secret in secrets if secret in expert] == []
    assert [secret for secret in secrets if secret in secretary] == list(secrets)
    assert "История" not in expert


def test_a_foreign_case_looks_like_none(app: Flask, world: World, sign_in: SignInAs) -> None:
    """Another expert's case, a draft of a teacher, a case that is not there: the same answer."""
    case, draft = world.walk(world.filled(SPB), "registered"), world.filled(SPB)
    expert, clerk = sign_in(world.cast.expert), sign_in(world.cast.reception)
    paths = [(expert, case.id), (clerk, draft.id), (clerk, 99_999)]
    assert {client.get(f"/admin/cases/{id}/").status_code for client, id in paths} == {404}


def test_opening_a_case_is_in_the_journal_once(app: Flask, world: World, sign_in: SignInAs) -> None:
    case = world.walk(world.filled(SPB), "registered")
    client = sign_in(world.cast.reception)
    for path in ("/admin/cases/", f"/admin/cases/{case.id}/", f"/admin/cases/{case.id}/"):
        assert client.get(path).status_code == 200
    told = JournalEntry.select().where(JournalEntry.verb == "case_read_case")
    assert [(entry.subject_id, entry.user) for entry in told] == [(case.id, world.cast.reception)]


def test_messages_go_to_and_fro(app: Flask, world: World, sign_in: SignInAs) -> None:
    """The office reads what the teacher wrote by opening the case, and answers there."""
    case = world.walk(world.filled(SPB), "registered")
    asked = messages.write(case, "Когда приём?", by=world.teacher, on=world.now)
    client, path = sign_in(world.cast.reception), f"/admin/cases/{case.id}/"
    assert sent(client, f"{path}messages", page=path, text="") == 409
    assert sent(client, f"{path}messages", page=path, text="Во вторник.") == 302
    assert type(asked).get_by_id(asked.id).read_at is not None
    assert [one.text for one in messages.of(case)] == ["Когда приём?", "Во вторник."]
    assert "ещё не прочитано" in open_page(client, path).main.text


def test_terms_are_red_before_they_are_broken(app: Flask, world: World, sign_in: SignInAs) -> None:
    """A portal application is to be registered on the next working day: it is red already on the day before the breach."""
    now = dt.datetime.now(dt.UTC)
    case = world.walk(world.filled(SPB), "received", on=now - dt.timedelta(days=30))
    text = open_page(sign_in(world.cast.reception), f"/admin/cases/{case.id}/").main
    assert "Регистрация заявления с портала" in text.text and "срок нарушен" in text.text
    assert "Пункт 2.15." in text.text
    assert text.all("div", class_="failed")
