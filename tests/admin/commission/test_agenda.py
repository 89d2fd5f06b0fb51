"""The agenda of a sitting: how it is filled, ordered and printed, whom something speaks against, who is invited for when."""

import datetime as dt
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.admin.acts.cases import hearing
from attestation.admin.acts.commission import invitations, proposals
from attestation.admin.acts.commission.agenda import agenda
from attestation.models import Application, Commission, Hearing, JournalEntry, Letter, Member, Sitting, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import Category, Seat
from attestation.site.dates import CITY
from attestation.tests.admin.cases.test_case_pages import sent
from attestation.tests.cases import ANSWERS, LENOBL, NEGATIVE, PLACE, SPB, World
from attestation.tests.conftest import csrf_token
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]
THURSDAY = dt.date(2026, 3, 19)
COMING = {**ANSWERS, "presence": "в моем присутствии <1>"}


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """What is tried here does not depend on the kind of database; races are tried on both in test_races.py."""
    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


def put(world: World, sitting: Sitting, *, outcome: str = "positive", edition: str = SPB, **columns: Any) -> Application:
    """A case on the agenda of this sitting."""
    if edition == SPB:
        case = world.walk(world.filled(SPB, **columns), "reviewed", outcome=outcome)
        return hearing.propose(case, sitting, by=world.cast.secretary, on=world.now)
    case = world.walk(world.filled(LENOBL, **columns), "review_done", outcome=outcome)
    if outcome == NEGATIVE:
        world.step(case, "draw_up_dissent")
        world.step(case, "sign_dissent")
    hearing.choose_sitting(case, sitting, by=world.cast.leader, on=world.now)
    return hearing.appoint_sitting(case, by=world.cast.secretary, on=world.now)


def composed(world: World, *people: tuple[str, str]) -> Commission:
    """A composition with members of these names and places of work."""
    commission = Commission.create(order_number="1-р", order_on=THURSDAY, valid_from=dt.date(2026, 1, 1))
    for full_name, organization in people:
        Member.create(commission=commission, full_name=full_name, organization=organization, seat=Seat.MEMBER)
    return commission


def sentence(act: Callable[[], Any]) -> str:
    """What the refusal of this act says; agendas, letters and the journal stay as they were."""
    tables = Sitting, Hearing, Application, Letter, JournalEntry
    before = [list(table.select().order_by(table.id).dicts()) for table in tables]
    with pytest.raises(Refusal) as refused:
        act()
    assert [list(table.select().order_by(table.id).dicts()) for table in tables] == before
    return refused.value.sentence


# --- Order and groups -------------------------------------------------------------------------------------------------------


def test_cases_stand_by_category_position_and_conclusion(world: World) -> None:
    sitting = world.sitting(THURSDAY)
    put(world, sitting, surname="Ясенева", position="Учитель физики")
    put(world, sitting, surname="Высшина", category=Category.HIGHEST.value)
    put(world, sitting, surname="Ёлкина", position="Воспитатель")
    put(world, sitting, surname="Ежова", position="Воспитатель")
    put(world, sitting, surname="Арбузова", position="Воспитатель", outcome=NEGATIVE)
    whole = agenda(sitting, THURSDAY)
    told = [
        (part.category, [(group.position, [line.case.surname for line in group.lines]) for group in part.groups])
        for part in whole.parts
    ]
    assert told == [
        (
            Category.FIRST,
            [("Воспитатель", ["Ежова", "Ёлкина", "Арбузова"]), ("Учитель физики", ["Ясенева"])],
        ),
        (Category.HIGHEST, [("Учитель математики", ["Высшина"])]),
    ]
    assert [(kind.label, count) for kind, count in whole.kinds] == [("соответствует", 4), ("после повторной экспертизы", 1)]
    assert whole.lines[2].outcome.words == "первое: не соответствует, повторное: соответствует"


def test_a_dissent_of_the_oblast_stands_apart(world: World) -> None:
    sitting = world.sitting(THURSDAY, edition=LENOBL)
    put(world, sitting, edition=LENOBL)
    put(world, sitting, edition=LENOBL, outcome=NEGATIVE)
    whole = agenda(sitting, THURSDAY)
    assert [(kind.label, count) for kind, count in whole.kinds] == [("соответствует", 1), ("с протоколом разногласий", 1)]
    assert whole.lines[1].outcome.words == "не соответствует, есть протокол разногласий"


def test_what_speaks_against_a_vote_is_shown(world: World) -> None:
    people = ("Чернильницын Олег Ильич", "Институт"), ("Соседова Инна Ивановна", "ГБОУ школа № 901 г.  Образцова")
    commission = composed(world, *people, ("Другов А.", ""))
    teacher = Member.create(commission=commission, user=world.teacher, full_name="Другая Фамилия", seat=Seat.CHAIR)
    sitting = world.sitting(THURSDAY, commission=commission)
    put(world, sitting)
    (line,) = agenda(sitting, THURSDAY).lines
    assert {member.full_name: reasons for member, reasons in line.against} == {
        teacher.full_name: ("подал это заявление",),
        "Чернильницын Олег Ильич": ("та же фамилия",),
        "Соседова Инна Ивановна": ("работает в той же организации",),
    }


def test_an_agenda_costs_the_same_for_many(world: World) -> None:
    commission = composed(world, ("Соседова Инна Ивановна", "ГБОУ школа № 901 г. Образцова"))
    sitting = world.sitting(THURSDAY, commission=commission)
    put(world, sitting)
    with count_queries() as few:
        agenda(Sitting.get_by_id(sitting.id), THURSDAY)
    for _ in range(3):
        put(world, sitting)
    with count_queries() as many:
        agenda(Sitting.get_by_id(sitting.id), THURSDAY)
    assert few.count == many.count <= 11


def test_the_page_of_an_agenda(app: Flask, world: World, sign_in: SignInAs) -> None:
    """Whoever keeps sittings can take cases off; who only reads cannot. Nobody's contacts stand there."""
    sitting = world.sitting(THURSDAY, commission=composed(world, ("Соседова Инна Ивановна", "ГБОУ школа № 901 г. Образцова")))
    path = f"/admin/sittings/{sitting.id}/agenda/"
    chair = sign_in(world.cast.chairperson)
    assert "В повестке пока нет ни одного дела." in open_page(chair, path).main.text
    case = put(world, sitting, answers=COMING)
    main = open_page(chair, path).main
    assert "1 дело: соответствует – 1." in main.text
    assert "Возможен конфликт интересов: Соседова Инна Ивановна – работает в той же организации." in main.text
    assert "Просит присутствовать." in main.text
    assert "Просят присутствовать, но ещё не приглашены: 1." in main.text
    assert not main.all("a", href=f"/admin/cases/{case.id}/move_sitting")
    assert "+7 900" not in main.text and "example.org" not in main.text
    main = open_page(sign_in(world.cast.secretary), path).main
    assert main.one("a", href=f"/admin/cases/{case.id}/move_sitting").text == f"Снять с повестки заявление {case}"
    assert main.one("a", href=f"/admin/cases/{case.id}/").text == "Чернильницына Вера Павловна"


def test_an_agenda_on_paper(app: Flask, world: World, sign_in: SignInAs) -> None:
    sitting = world.sitting(THURSDAY)
    case = put(world, sitting, answers=COMING)
    answer = sign_in(world.cast.chairperson).get(f"/admin/sittings/{sitting.id}/agenda.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages).split())
    for said in ("Повестка заседания аттестационной комиссии", "19 марта 2026", "начало в 15:00", "Первая категория: 1"):
        assert said in text
    for said in (
        "Чернильницына Вера Павловна",
        str(case.number),
        "Учитель математики",
        "соответствует",
        "просит присутствовать",
    ):
        assert said in text
    assert "+7 900" not in text and "example.org" not in text and "07.03.1985" not in text


# --- Filling it -------------------------------------------------------------------------------------------------------------


def test_what_waits_stands_by_the_end_of_its_term(world: World) -> None:
    sitting = world.sitting(THURSDAY)
    cases = [world.walk(world.filled(SPB), "reviewed") for _ in range(3)]
    for case, day in zip(cases, (20, 12, 16), strict=True):
        Application.update(due_on=dt.date(2026, 3, day)).where(Application.id == case.id).execute()
    by, today = world.cast.secretary, world.now.date()
    assert [case.due_on.day for case in proposals.fitting(sitting, by, today)] == [12, 16, 20]
    assert list(proposals.fitting(world.sitting(THURSDAY, edition=LENOBL), by, today)) == []
    done = proposals.put(sitting, [case.id for case in cases], by=by, on=world.now)
    assert ([case.id for case in done.put], done.refused) == ([cases[place].id for place in (1, 2, 0)], ())
    assert list(proposals.fitting(sitting, by, today)) == []


def test_in_the_oblast_only_who_chose_the_day_waits_for_it(world: World) -> None:
    sitting, other = (world.sitting(THURSDAY + dt.timedelta(days=n), edition=LENOBL) for n in (0, 7))
    case = world.walk(world.filled(LENOBL), "review_done")
    by, today = world.cast.secretary, world.now.date()
    assert list(proposals.fitting(sitting, by, today)) == []
    hearing.choose_sitting(case, sitting, by=world.cast.leader, on=world.now)
    assert list(proposals.fitting(sitting, by, today)) == [case]
    assert list(proposals.fitting(other, by, today)) == []
    assert proposals.put(other, [case.id], by=by, on=world.now).refused == ((case, "Для этого дела выбрано другое заседание."),)
    assert proposals.put(sitting, [case.id], by=by, on=world.now).put == (case,)
    assert Hearing.get().application == case


def test_what_does_not_fit_does_not_stop_the_others(world: World) -> None:
    sitting = world.sitting(THURSDAY, capacity=1)
    cases = [world.walk(world.filled(SPB), "reviewed") for _ in range(2)]
    done = proposals.put(sitting, [case.id for case in cases], by=world.cast.secretary, on=world.now)
    assert [case.id for case in done.put] == [cases[0].id]
    assert [said for _case, said in done.refused] == ["На заседании 19.03.2026 дел уже 1, а рассчитано оно на 1."]
    assert "Вам недоступно" in sentence(lambda: proposals.put(sitting, [cases[1].id], by=world.cast.leader, on=world.now))


def test_cases_are_put_on_an_agenda_after_a_question(app: Flask, world: World, sign_in: SignInAs) -> None:
    now = dt.datetime.now(dt.UTC)
    sitting = world.sitting(now.date() + dt.timedelta(days=30), capacity=3)
    cases = [world.walk(world.filled(SPB), "reviewed", on=now) for _ in range(2)]
    Application.update(due_on=now.date() + dt.timedelta(days=29)).where(Application.id == cases[0].id).execute()
    client, path = sign_in(world.cast.secretary), f"/admin/sittings/{sitting.id}/propose"
    main = open_page(client, path).main
    assert "Мест осталось: 3 из 3." in main.text
    assert main.one("span", class_="failed").text.endswith("раньше заседания")
    assert [box.attributes.get("checked") for box in main.all("input", name="case")] == [None, None]
    ticked = open_page(client, f"{path}?first=1").main
    assert ["checked" in box.attributes for box in ticked.all("input", name="case")] == [True, False]
    assert sent(client, path) == 422
    data = {"csrf_token": csrf_token(client, path), "case": [case.id for case in cases]}
    asked = client.post(path, data=data)
    assert asked.status_code == 200 and "Вынести на заседание" in asked.text and Hearing.select().count() == 0
    assert re.search(r"Вынести на заседание: 2</button>", asked.text)
    done = client.post(path, data={**data, "sure": "yes"})
    assert done.status_code == 303 and done.location == f"/admin/sittings/{sitting.id}/"
    assert "Вынесено дел: 2." in client.get(done.location).text
    assert {row.application_id for row in Hearing.select()} == {case.id for case in cases}
    again = client.post(path, data={**data, "sure": "yes"})
    assert again.status_code == 409 and "Не вынесено дел: 2." in again.text


# --- Invitations ------------------------------------------------------------------------------------------------------------


def test_times_are_offered_in_the_order_of_the_agenda(world: World) -> None:
    """Around those that were told already."""
    sitting = world.sitting(THURSDAY, slot_minutes=15)
    first, second, third = (put(world, sitting, surname=name, answers=COMING) for name in ("Арбузова", "Белова", "Ветрова"))
    put(world, sitting, surname="Гостева")
    Hearing.update(slot_at=dt.datetime(2026, 3, 19, 12, 10, tzinfo=dt.UTC)).where(Hearing.application == second).execute()
    whole = agenda(sitting, THURSDAY)
    by_case = {line.hearing.id: line.case.id for line in whole.lines}
    told = {by_case[id]: f"{time:%H:%M}" for id, time in invitations.offered(whole).items()}
    assert told == {first.id: "15:25", second.id: "15:10", third.id: "15:40"}


def test_an_invitation_tells_day_time_and_place(world: World) -> None:
    """Who is told another time gets another letter; who keeps theirs gets none."""
    sitting = world.sitting(THURSDAY)
    first, second = (put(world, sitting, surname=name, answers=COMING) for name in ("Арбузова", "Белова"))
    lines = {row.application_id: row.id for row in Hearing.select()}
    Letter.delete().execute()
    times = {lines[first.id]: dt.time(15), lines[second.id]: dt.time(15, 10)}
    invitations.invite(Sitting.get_by_id(sitting.id), times, by=world.cast.secretary, on=world.now)
    letters = list(Letter.select().where(Letter.channel == "cabinet").order_by(Letter.id))
    assert [(letter.name, letter.application_id) for letter in letters] == [
        ("sitting_invited", first.id),
        ("sitting_invited", second.id),
    ]
    assert f"День: 19.03.2026\nВас ждут: 15:10\nМесто: {PLACE}" in letters[1].body
    assert Hearing.get_by_id(lines[second.id]).slot_at == dt.datetime(2026, 3, 19, 12, 10, tzinfo=dt.UTC)
    changed = {lines[first.id]: dt.time(15), lines[second.id]: dt.time(16)}
    told = invitations.invite(Sitting.get_by_id(sitting.id), changed, by=world.cast.secretary, on=world.now)
    assert [case.id for case in told] == [second.id]
    assert Letter.select().where(Letter.channel == "cabinet").count() == 3
    verbs = [row.verb for row in JournalEntry.select().where(JournalEntry.verb.in_(["case_invite", "sitting_invite"]))]
    assert sorted(verbs) == ["case_invite"] * 3 + ["sitting_invite"] * 2


def test_two_may_change_places(world: World) -> None:
    sitting = world.sitting(THURSDAY)
    first, second = (put(world, sitting, answers=COMING) for _ in range(2))
    lines = {row.application_id: row.id for row in Hearing.select()}
    for one, other in ((first, second), (second, first)):
        times = {lines[one.id]: dt.time(15), lines[other.id]: dt.time(15, 10)}
        invitations.invite(Sitting.get_by_id(sitting.id), times, by=world.cast.secretary, on=world.now)
    assert Hearing.get_by_id(lines[first.id]).slot_at.astimezone(CITY).time() == dt.time(15, 10)


def test_what_no_invitation_can_be(world: World) -> None:
    sitting = world.sitting(THURSDAY)
    first, second = (put(world, sitting, answers=COMING) for _ in range(2))
    lines = {row.application_id: row.id for row in Hearing.select()}

    def invite(by: User, **times: dt.time) -> list[Application]:
        named = {lines[{"first": first, "second": second}[name].id]: time for name, time in times.items()}
        return invitations.invite(Sitting.get_by_id(sitting.id), named, by=by, on=world.now)

    secretary = world.cast.secretary
    assert sentence(lambda: invite(secretary, first=dt.time(15), second=dt.time(15, 5))) == (
        "На каждого отведено 10 мин., а двое приглашены на 15:00 и 15:05. Разведите их по времени."
    )
    assert sentence(lambda: invite(secretary, first=dt.time(14, 50))) == "Заседание начнётся в 15:00: раньше приглашать нельзя."
    assert sentence(lambda: invite(secretary)) == "Времена прежние: писать некому."
    assert "Вам недоступно" in sentence(lambda: invite(world.cast.chairperson, first=dt.time(15)))
    gone = {999: dt.time(15)}
    assert (
        sentence(lambda: invitations.invite(Sitting.get_by_id(sitting.id), gone, by=secretary, on=world.now))
        == "Из повестки тем временем ушли дела (1): проверьте список и повторите."
    )
    invite(secretary, first=dt.time(15))
    Sitting.update(status="open").where(Sitting.id == sitting.id).execute()
    assert "сейчас невозможно" in sentence(lambda: invite(secretary, second=dt.time(15, 20)))


def test_the_page_of_invitations(app: Flask, world: World, sign_in: SignInAs) -> None:
    sitting = world.sitting(THURSDAY)
    case, other = put(world, sitting, surname="Арбузова", answers=COMING), put(world, sitting, surname="Белова")
    client, path = sign_in(world.cast.secretary), f"/admin/sittings/{sitting.id}/invitations/"
    line, second = (Hearing.get(Hearing.application == one).id for one in (case, other))
    main = open_page(client, path).main
    assert main.one("input", id=f"time-{line}").attributes["value"] == "15:00"
    assert main.one("input", id=f"time-{second}").attributes["value"] == ""
    assert sent(client, path, **{f"time-{line}": "25:00"}) == 422
    assert sent(client, path, **{f"time-{line}": "15:00", f"time-{second}": "15:04"}) == 409
    assert Letter.select().where(Letter.name == "sitting_invited").count() == 0
    assert sent(client, path, **{f"time-{line}": "15:00"}) == 302
    assert "Приглашён на 15:00." in open_page(client, path).main.text
    assert "Приглашён на 15:00." in open_page(client, f"/admin/sittings/{sitting.id}/agenda/").main.text


def test_a_sitting_without_an_hour_invites_nobody(app: Flask, world: World, sign_in: SignInAs) -> None:
    sitting = world.sitting(THURSDAY, begins_at=None)
    put(world, sitting, answers=COMING)
    main = open_page(sign_in(world.cast.secretary), f"/admin/sittings/{sitting.id}/invitations/").main
    assert "Укажите, во сколько начнётся заседание" in main.text
    assert invitations.offered(agenda(sitting, THURSDAY)) == {}
