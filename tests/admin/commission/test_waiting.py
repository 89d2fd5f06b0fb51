"""What the commission asks of its secretary, and what the teacher learns of it: «Сегодня», the case, the cabinet, /status."""

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.admin.acts.cases import hearing
from attestation.admin.acts.commission import invitations
from attestation.admin.desk.cases.agenda import agenda
from attestation.admin.desk.commission.waiting import waiting
from attestation.models import Application, Hearing, Letter, Sitting, User, UserRole
from attestation.procedure.words import Role
from attestation.site.cases import moves
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]
THURSDAY = dt.date(2026, 3, 19)


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """What is tried here does not depend on the kind of database."""
    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


def put(world: World, sitting: Sitting, on: dt.datetime | None = None) -> Application:
    case = world.walk(world.filled(SPB), "reviewed", on=on)
    return hearing.propose(case, sitting, by=world.cast.secretary, on=on or world.now)


def decided(world: World, case: Application, decision: str = "establish") -> Application:
    """The sitting has been closed with this decision."""
    on = dt.datetime(2026, 3, 19, 14, tzinfo=dt.UTC)
    told = {"decision": decision, "minutes_number": "3", "minutes_on": THURSDAY}
    return moves.follow(Application.get_by_id(case.id), "sitting.close", by=world.cast.secretary, on=on, **told)


# --- The office -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    """A request under way: tasks know their addresses."""
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("asked")
def test_a_sitting_is_one_thing_to_do(world: World) -> None:
    """However many cases it hears; with the nearest of their terms, and where it is done."""
    sitting = world.sitting(THURSDAY)
    first, second = put(world, sitting), put(world, sitting)
    Application.update(sitting=sitting).where(Application.id == second.id).execute()
    found = agenda(world.cast.secretary, THURSDAY, SPB)
    tasks = [task for _title, _mark, lines in found.groups for task in lines]
    assert [(task.title, task.cases, task.case) for task in tasks] == [("Провести заседание 19.03.2026", 2, None)]
    assert (found.total, found.listed, found.counts) == (1, 0, (("record_decision", "Провести заседание", 1),))
    decided(world, first)
    decided(world, second)
    (group,) = agenda(world.cast.secretary, THURSDAY, SPB).groups
    assert [(task.title, task.cases) for task in group[2]] == [("Издать распоряжение по заседанию 19.03.2026", 2)]
    assert agenda(world.cast.leader, THURSDAY, SPB).groups == ()


@pytest.mark.usefixtures("asked")
def test_in_the_oblast_decisions_are_announced(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "sitting")
    day = case.sitting.held_on

    def said() -> list[str]:
        return [
            task.title for _t, _m, lines in agenda(world.cast.secretary, day, LENOBL).groups for task in lines if not task.case
        ]

    assert said() == [f"Провести заседание {day:%d.%m.%Y}"]
    Sitting.update(status="closed").execute()
    assert said() == [f"Объявить решения заседания {day:%d.%m.%Y}"]


def test_what_waits_for_whoever_keeps_sittings(world: World) -> None:
    today = dt.date(2026, 3, 18)
    past, near = world.sitting(dt.date(2026, 3, 17)), world.sitting(THURSDAY, place="", capacity=40)
    world.sitting(dt.date(2026, 4, 2))
    put(world, near)
    put(world, past)
    world.sitting(dt.date(2026, 3, 16))
    lonely = world.walk(world.filled(SPB), "reviewed")
    Application.update(due_on=dt.date(2026, 3, 18)).where(Application.id == lonely.id).execute()
    found = waiting(world.cast.secretary, today, SPB)
    assert found is not None
    assert [(one.sitting, one.taken, one.lacks) for one in found.near] == [
        (past, 1, ("день прошёл, а заседание не открыто", "нет состава комиссии")),
        (near, 1, ("нет состава комиссии", "не указано место")),
    ]
    assert (found.cases, found.late, found.upcoming) == (1, 1, near)
    assert waiting(world.cast.chairperson, today, SPB) is None


def test_today_of_the_secretary(app: Flask, world: World, sign_in: SignInAs) -> None:
    now = dt.datetime.now(dt.UTC)
    sitting = world.sitting(now.date() + dt.timedelta(days=5), capacity=40)
    put(world, sitting, on=now)
    world.walk(world.filled(SPB), "reviewed", on=now)
    client = sign_in(world.cast.secretary)
    main = open_page(client, "/admin/today/").main
    assert "1 дело из 40" in main.text and "1 дело ждёт заседания." in main.text
    links = {link.text: link.attributes["href"] for link in main.all("a")}
    assert links[f"Вынести на заседание {sitting}"] == f"/admin/sittings/{sitting.id}/propose"
    assert links[f"Провести заседание {sitting}"] == f"/admin/sittings/{sitting.id}/"
    with count_queries() as few:
        client.get("/admin/today/")
    for days in (6, 7):
        put(world, world.sitting(now.date() + dt.timedelta(days=days)), on=now)
    with count_queries() as many:
        client.get("/admin/today/")
    assert few.count == many.count


def test_a_case_leads_to_its_sitting(app: Flask, world: World, sign_in: SignInAs) -> None:
    sitting = world.sitting(THURSDAY)
    case = put(world, sitting)
    path = f"/admin/cases/{case.id}/"
    section = open_page(sign_in(world.cast.secretary), path).main.one("section", aria_labelledby="next")
    assert section.one("a", class_="button").attributes["href"] == f"/admin/sittings/{sitting.id}/"
    assert section.one("a", class_="button").text == "Провести заседание 19.03.2026"
    decided(world, case)
    section = open_page(sign_in(world.cast.secretary), path).main.one("section", aria_labelledby="next")
    assert section.one("a", class_="button").text == "Издать распоряжение по заседанию 19.03.2026"
    section = open_page(sign_in(world.cast.chairperson), path).main.one("section", aria_labelledby="next")
    assert not section.all("a", class_="button")


def test_moves_that_follow_have_no_page(app: Flask, world: World, sign_in: SignInAs) -> None:
    case = put(world, world.sitting(THURSDAY))
    client = sign_in(world.cast.secretary)
    verbs = ("record_decision", "reschedule_sitting", "invite", "reopen_decision", "establish", "refuse")
    assert {client.get(f"/admin/cases/{case.id}/{verb}").status_code for verb in verbs} == {403}


def test_nobody_meets_their_own_case_among_those_that_wait(world: World) -> None:
    """A secretary who is a teacher as well does not see it, nor can put it on an agenda."""
    UserRole.create(user=world.teacher, role=Role.SECRETARY)
    world.walk(world.filled(SPB), "reviewed")
    found = waiting(world.teacher, THURSDAY, SPB)
    assert found is not None and found.cases == 0


# --- The teacher ------------------------------------------------------------------------------------------------------------


def status_page(client: FlaskClient, case: Application) -> str:
    return client.post("/status", data={"number": case.number, "surname": case.surname}).text


def test_the_cabinet_tells_the_time_and_status_only_the_sitting(app: Flask, world: World, sign_in: SignInAs) -> None:
    sitting = world.sitting(THURSDAY)
    case = put(world, sitting)
    times = {Hearing.get().id: dt.time(15, 20)}
    invitations.invite(Sitting.get_by_id(sitting.id), times, by=world.cast.secretary, on=world.now)
    cabinet = open_page(sign_in(world.teacher), f"/account/applications/{case.id}/").main.text
    assert re.search(r"Вас ждут на заседании\s*в 15:20", cabinet)
    public = status_page(app.test_client(), case)
    assert re.search(r"Заседание комиссии: 19\W+марта 2026\W+года, 15:00", public)
    assert "15:20" not in public


def test_a_day_that_is_only_chosen_is_not_told(app: Flask, world: World) -> None:
    """In the oblast the secretary has not confirmed it yet."""
    case = world.walk(world.filled(LENOBL), "review_done")
    hearing.choose_sitting(case, world.sitting(THURSDAY, edition=LENOBL), by=world.cast.leader, on=world.now)
    assert "Заседание комиссии" not in status_page(app.test_client(), case)


@pytest.mark.parametrize("edition", [SPB, LENOBL])
def test_the_decision_is_a_secret_until_it_is_announced(
    app: Flask, world: World, sign_in: SignInAs, edition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page of the teacher's side differs by what was decided: cabinet, messages, conclusion, /status."""
    case = world.walk(world.filled(edition), "sitting")
    if edition == SPB:
        on = dt.datetime(2026, 3, 24, 14, tzinfo=dt.UTC)
        told = {"decision": "establish", "minutes_number": "3", "minutes_on": on.date()}
        moves.follow(Application.get_by_id(case.id), "sitting.close", by=world.cast.secretary, on=on, **told)
    client, public = sign_in(world.teacher), app.test_client()
    token = re.compile(r'(name="csrf_token"[^>]*value="|nonce-|name="token" value=")[^"]*"')

    def shown(decision: str) -> list[str]:
        told = {"decision": decision, "minutes_number": "3", "minutes_on": THURSDAY}
        Application.update(told).where(Application.id == case.id).execute()
        Hearing.update(decision=decision, decided_at=world.now, motive=f"Мотив {decision}").execute()
        path = f"/account/applications/{case.id}/"
        pages = [client.get(f"{path}{page}") for page in ("", "conclusion", "messages")] + [client.get("/account/")]
        assert [page.status_code for page in pages] == [200] * 4
        return [token.sub("", page.text) for page in pages] + [status_page(public, case)]

    established, refused = shown("establish"), shown("refuse")
    assert established == refused
    if edition == SPB:
        assert "Решение принято, готовится распоряжение" in established[0]
        assert "Решение принято, готовится распоряжение" in established[-1]


def test_no_letter_leaves_with_the_decision(app: Flask, world: World) -> None:
    """What the letters of a decided case say depends on nothing that was decided."""
    case = put(world, world.sitting(THURSDAY))
    before = Letter.select().count()
    decided(world, case)
    assert Letter.select().count() == before
