"""What came on paper: entered for the teacher, the same twice noticed and made one; through the pages of the office."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.admin.acts.cases import entering, intake
from attestation.models import Application, CaseFile, Duty, JournalEntry, Paper, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import Channel
from attestation.site.cases import messages, moves
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import csrf_token
from attestation.tests.inspection import open_page

from .test_case_pages import sent

SignInAs = Callable[[User], FlaskClient]
PATH = "/admin/cases/enter"
TYPED = {
    "channel": "post",
    "filed_on": "2026-03-02",
    "surname": "Бумажкина",
    "name": "Алла",
    "born_on": "1980-02-29",
    "position": "Воспитатель",
    "category": "first",
    "held_category": "нет",
    "way": "paper",
}


def test_a_letter_becomes_an_application_at_once(app: Flask, world: World, sign_in: SignInAs) -> None:
    client = sign_in(world.cast.reception)
    open_page(client, PATH)
    assert sent(client, PATH, **TYPED) == 302
    made = Application.get()
    assert (made.status, made.channel, made.person, made.born_on, made.filed_on, made.portfolio_way, made.entered_by) == (
        "received",
        "post",
        "Бумажкина Алла",
        dt.date(1980, 2, 29),
        dt.date(2026, 3, 2),
        "paper",
        world.cast.reception,
    )
    assert (made.answers["position"], made.search_text) == ("Воспитатель", "бумажкина алла воспитатель")
    assert [
        one.verb for one in JournalEntry.select().where(JournalEntry.subject == "application").order_by(JournalEntry.id)
    ] == [
        "case_enter_case",
        "case_accept_from_post",
    ]


def test_what_cannot_be_taken_over_stays_a_draft(app: Flask, world: World, sign_in: SignInAs) -> None:
    """A letter out of season; a folder of the MFC whose scans are not there yet, which are then attached."""
    client = sign_in(world.cast.reception)
    assert sent(client, PATH, **{**TYPED, "filed_on": "2026-06-30"}) == 302
    assert (Application.get().status, Application.get().number) == ("draft", None)
    mfc = {**TYPED, "channel": "mfc", "surname": "Сканова", "way": "electronic", "mfc_sheets": "15"}
    assert sent(client, PATH, **{**mfc, "mfc_sheets": "16"}) == 409
    assert sent(client, PATH, **mfc) == 302
    case = Application.get(Application.surname == "Сканова")
    assert (case.status, case.mfc_sheets) == ("draft", 15)
    upload = {"kind": "portfolio", "title": "Диплом", "file": (io.BytesIO(world.pdf), "скан.pdf")}
    assert sent(client, f"/admin/cases/{case.id}/files", **upload) == 302
    assert [(paper.title, paper.files.count()) for paper in Paper.select()] == [("Диплом", 1)]
    assert sent(client, f"/admin/cases/{case.id}/accept_from_mfc", filed_on="2026-03-02") == 302
    assert Application.get_by_id(case.id).status == "received"


BAD = {"surname": "", "name": "", "position": "", "filed_on": "2099-01-01"}


@pytest.mark.parametrize("field", BAD)
def test_what_tells_nobody_apart_is_refused(app: Flask, world: World, sign_in: SignInAs, field: str) -> None:
    client = sign_in(world.cast.reception)
    assert sent(client, PATH, **{**TYPED, field: BAD[field]}) == 409
    assert Application.select().count() == 0


def test_paper_under_a_road_that_knows_none(
    app: Flask, world: World, sign_in: SignInAs, change_settings: Callable[..., None]
) -> None:
    change_settings(procedure=LENOBL)
    assert sign_in(world.cast.secretary).get(PATH).status_code == 404


def test_the_same_again_is_noticed(app: Flask, world: World, sign_in: SignInAs) -> None:
    """Name, day of birth and position: shown with a link, entered only when somebody says that it is another one."""
    client = sign_in(world.cast.reception)
    assert sent(client, PATH, **TYPED) == 302
    first = Application.get()
    again = {**TYPED, "surname": "БУМАЖКИНА", "position": "воспитатель"}
    assert sent(client, PATH, **again) == 409
    page = client.post(PATH, data={"csrf_token": csrf_token(client, PATH), **again})
    assert f'href="/admin/cases/{first.id}/"' in page.text
    assert Application.select().count() == 1
    assert sent(client, PATH, **{**again, "born_on": "1981-01-01"}) == 302
    assert sent(client, PATH, **again, anyway="1") == 302
    assert Application.select().count() == 3


def test_two_become_one(app: Flask, world: World, sign_in: SignInAs) -> None:
    """Files, lines and messages go over; both numbers lead to what remains; both histories say why; nothing moves the other."""
    into = world.walk(world.filled(SPB), "registered")
    twice = world.walk(world.filled(SPB), "received")
    messages.write(twice, "Отправила второй раз", by=world.teacher, on=world.now)
    client = sign_in(world.cast.secretary)
    assert "Похожие заявления" in open_page(client, f"/admin/cases/{twice.id}/").main.text
    path = f"/admin/cases/{twice.id}/merge/{into.id}"
    open_page(client, path)
    assert sent(client, path, reason="") == 409
    assert sent(client, path, reason="Отправлено дважды") == 302
    merged = Application.get_by_id(twice.id)
    assert (merged.merged_into, merged.status, merged.due_on) == (into, "received", None)
    assert [paper.number for paper in Paper.select().where(Paper.application == into).order_by(Paper.number)] == [1, 2, 3, 4]
    assert CaseFile.select().where(CaseFile.application == into).count() == 4
    assert (messages.of(into).count(), Duty.select().where(Duty.application == twice).count()) == (1, 0)
    answer = client.get(f"/admin/cases/{twice.id}/")
    assert answer.location == f"/admin/cases/{into.id}/"
    page = open_page(client, f"/admin/cases/?registry=all&search={twice.number}")
    assert [row.all("th")[0].text for row in page.main.all("tr")[1:]] == [f"№ {into.number}"]
    with pytest.raises(Refusal, match="объединено"):
        intake.register(merged, by=world.cast.reception, on=world.now)
    verbs = {
        (one.verb, one.subject_id) for one in JournalEntry.select() if one.verb in {"case_merge_case", "case_take_over_case"}
    }
    assert verbs == {("case_merge_case", twice.id), ("case_take_over_case", into.id)}


def test_what_is_not_merged(app: Flask, world: World) -> None:
    """Other people, other cabinets, what experts have in hand, the same twice, what somebody has changed meanwhile."""
    into = world.walk(world.filled(SPB), "registered")
    stranger = world.walk(world.filled(SPB, surname="Другова", teacher=world.other_teacher), "received")
    namesake = world.walk(world.filled(SPB, teacher=world.other_teacher), "received")
    judged = world.walk(world.filled(SPB), "review")
    stale = world.walk(world.filled(SPB), "received")
    Application.update(version=stale.version + 1).where(Application.id == stale.id).execute()
    said = {}
    for name, case in {"self": into, "stranger": stranger, "namesake": namesake, "judged": judged, "stale": stale}.items():
        with pytest.raises(Refusal) as refused:
            entering.merge(case, into, reason="Дважды", by=world.cast.secretary, on=world.now)
        said[name] = refused.value.sentence.split(":")[0].split(".")[0]
    assert said == {
        "self": "Это одно и то же заявление",
        "stranger": "Это заявления разных людей",
        "namesake": "Заявления поданы из разных кабинетов",
        "judged": "По этому заявлению уже назначены эксперты",
        "stale": moves.OVERTAKEN.split(".")[0],
    }
    with pytest.raises(Refusal, match="Вам недоступно"):
        entering.merge(stale, into, reason="Дважды", by=world.cast.expert, on=world.now)
    assert Application.select().where(Application.merged_into.is_null(False)).count() == 0


def test_the_limit_of_the_mfc_is_of_scans_alone(app: Flask, world: World) -> None:
    """A thick folder comes on paper (6.2.3.5)."""
    said = {"surname": "Томова", "name": "Яна", "position": "Воспитатель", "category": "первая"}
    brought = entering.Brought(Channel.MFC, dt.date(2026, 3, 2), said, sheets=200, way="paper")
    made = entering.enter(brought, edition=SPB, by=world.cast.reception, on=world.now)
    assert (made.mfc_sheets, made.portfolio_way) == (200, "paper")
