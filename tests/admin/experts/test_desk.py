"""The desks over experts as people use them: the bank, giving cases, the chair's word, an expert's own part."""

import csv
import dataclasses
import datetime as dt
import io
import re
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from peewee import chunked
from playhouse.test_utils import count_queries

from attestation.models import (
    Absence,
    Application,
    Approval,
    ConflictPermit,
    DeclaredConflict,
    Employment,
    Expert,
    ExpertGroup,
    Review,
    Speciality,
    User,
    UserRole,
    utc_now,
)
from attestation.procedure.words import CaseRole, Role
from attestation.site.dates import day_of
from attestation.tests.cases import FORM, LENOBL, NEGATIVE, SPB, World
from attestation.tests.conftest import csrf_token
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]


@pytest.fixture
def database_url(tmp_path, sqlite_template):  # type: ignore[no-untyped-def]
    """Pages do not depend on the kind of database: the acts behind them are tested on both."""
    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


@pytest.fixture
def now(app: Flask, world: World) -> World:
    """The world of cases at this moment: screens ask the clock."""
    moment = utc_now()
    Approval.update(
        valid_from=day_of(moment).replace(year=2020), valid_until=day_of(moment).replace(year=2090, day=1)
    ).execute()
    return dataclasses.replace(world, now=moment)


def rows(page: Any) -> list[list[str]]:
    """The cells of the page's table, row by row."""
    return [[cell.text for cell in row.all("th", "td")] for row in page.main.one("tbody").all("tr")]


def crowd(now: World, count: int) -> None:
    """So many more experts in the bank, approved, each for the same form."""
    first, day = User.select().count() + 1000, dt.date(2020, 1, 1)
    people = range(first, first + count)

    def fill(table: type[Any], values: Callable[[int], dict[str, Any]]) -> None:
        for batch in chunked([values(number) for number in people], 500):
            table.insert_many(batch).execute()

    fill(User, lambda n: {"id": n, "login": f"e{n}", "full_name": f"Экспертов Иван {n}", "password_hash": "-"})
    fill(UserRole, lambda n: {"user": n, "role": Role.EXPERT})
    place = {"group": now.group.id, "position": "Учитель математики"}
    fill(Expert, lambda n: {"id": n, "user": n, "surname": "Экспертов", "organization": f"ГБОУ школа № {n}", **place})
    valid = {"order_number": "1-р", "order_on": day, "valid_from": day, "valid_until": dt.date(2090, 1, 1)}
    fill(Approval, lambda n: {"expert": n, **valid})
    fill(Speciality, lambda n: {"expert": n, "form": FORM, "position": "Учитель математики"})


def send(client: FlaskClient, path: str, /, page: str = "", **fields: Any) -> Any:
    text = client.get(page or path).text
    version = re.search(r'name="version" value="(\d+)"', text)
    hidden = {"version": version[1]} if version else {}
    return client.post(path, data={"csrf_token": csrf_token(client, page or path), **hidden, **fields})


# --- The bank ---------------------------------------------------------------------------------------------------------------


def test_the_bank_is_listed_and_filtered(now: World, sign_in: SignInAs) -> None:
    client = sign_in(now.cast.leader)
    today = day_of(now.now)
    first, second, third, fourth = now.experts
    now.walk(now.filled(LENOBL), "review")
    Absence.create(expert=second, first_day=today, last_day=today.replace(year=today.year + 1), reason="отпуск")
    Approval.update(valid_until=today).where(Approval.expert == third).execute()
    Approval.delete().where(Approval.expert == fourth).execute()
    Speciality.create(expert=first, form=2, position="Воспитатель", subject="музыка")

    def names(query: str = "") -> list[str]:
        return [row[0].split()[0] for row in rows(open_page(client, f"/admin/experts/{query}"))]

    assert names() == ["Замечанин", "Оценкина", "Свежевзгляд", "Сличкина"]
    assert names("?search=лицей") == ["Оценкина"]
    assert names("?search=свежевзг") == ["Свежевзгляд"]
    assert names("?presence=away") == ["Сличкина"]
    assert names("?approval=soon") == ["Замечанин"]
    assert names("?approval=none") == ["Свежевзгляд"]
    assert names("?approval=valid") == ["Замечанин", "Оценкина", "Сличкина"]
    assert names("?load=0") == ["Свежевзгляд"]
    assert names("?load=1") == ["Замечанин", "Оценкина", "Сличкина"]
    assert names("?form=2") == names("?position=Воспитатель") == names("?subject=музыка") == ["Оценкина"]
    assert names(f"?group={now.group.id}") == names()
    shown = rows(open_page(client, "/admin/experts/"))
    assert shown[0][4] == f"{today:%d.%m.%Y} скоро истекает"
    assert shown[1][1] == "форма 1, Учитель математики; форма 2, Воспитатель, музыка"
    assert [row[5] for row in shown] == ["1", "1", "0", "1"]


def test_the_bank_as_csv(now: World, sign_in: SignInAs) -> None:
    text = sign_in(now.cast.deputy).get("/admin/experts/export.csv?search=лицей").data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert lines[0] == ["Эксперт", "Что оценивает", "Место работы", "Группа", "Утверждён по", "В работе", "Отсутствует по"]
    assert [line[0] for line in lines[1:]] == ["Оценкина Мария Львовна"]


def test_a_large_bank_costs_ten_queries(now: World, sign_in: SignInAs) -> None:
    crowd(now, 2000)
    client = sign_in(now.cast.leader)
    with count_queries() as counted:
        page = client.get("/admin/experts/?position=Учитель+математики&load=0&approval=valid&sort=organization")
    assert "Найдено: 2004" in page.text
    assert counted.count <= 10
    case = now.walk(now.filled(LENOBL), "registered")
    with count_queries() as counted:
        page = client.get(f"/admin/cases/{case.id}/experts")
    assert page.status_code == 200
    assert counted.count <= 20


def test_an_expert_is_taken_in_and_kept(now: World, sign_in: SignInAs) -> None:
    user = User.create(login="novyj", full_name="Новикова Юлия Игоревна", password_hash="-")
    UserRole.create(user=user, role=Role.EXPERT)
    client = sign_in(now.cast.leader)
    open_page(client, "/admin/experts/new/")
    fields = {"user": user.id, "surname": "Новикова", "organization": "ГБОУ школа № 7", "group": now.group.id}
    assert send(client, "/admin/experts/new/", **{**fields, "user": ""}).status_code == 422
    assert send(client, "/admin/experts/new/", **{**fields, "surname": " "}).status_code == 409
    answer = send(client, "/admin/experts/new/", **fields)
    expert = Expert.get(Expert.user == user)
    assert (answer.status_code, answer.location) == (302, f"/admin/experts/{expert.id}/")
    base = f"/admin/experts/{expert.id}/"
    added = {
        "approvals": {"order_number": "7-р", "order_on": "2026-01-12", "valid_from": "2026-01-12", "valid_until": "12.01.2028"},
        "specialities": {"form": "3", "position": "Педагог-психолог", "subject": ""},
        "absences": {"first_day": "2026-06-01", "last_day": "2026-06-14", "reason": "отпуск"},
        "employments": {"organization": "ГБОУ школа № 1", "until": "2024-08-31"},
        "conflicts": {"person": "Иванова Мария Петровна", "organization": "", "reason": "сестра"},
    }
    for kind, values in added.items():
        prefixed = {f"{kind}-{name}": value for name, value in values.items()}
        assert send(client, f"{base}{kind}/", page=base, **prefixed).status_code == 302, kind
    page = open_page(client, base)
    said = ("№ 7-р от 12.01.2026", "Педагог-психолог", "отпуск", "ГБОУ школа № 1, по 31.08.2024")
    for words in (*said, "Иванова Мария Петровна: сестра"):
        assert words in page.text
    bad = send(client, f"{base}absences/", page=base, **{"absences-first_day": "завтра", "absences-last_day": ""})
    assert bad.status_code == 422
    assert "Такой даты нет" in bad.text
    row = Speciality.get(Speciality.expert == expert)
    assert send(client, f"{base}specialities/{row.id}/remove/", page=base).status_code == 302
    assert send(client, f"{base}specialities/{row.id}/remove/", page=base).status_code == 409
    stale = client.post(f"{base}leave/", data={"csrf_token": csrf_token(client, base), "version": 1})
    assert stale.status_code == 409
    assert "Запись эксперта уже изменил кто-то другой" in stale.text
    assert send(client, f"{base}leave/", page=base).status_code == 302
    assert "исключён из банка" in open_page(client, base).text
    assert send(client, f"{base}return/", page=base).status_code == 302
    open_page(client, f"{base}edit/")
    change = {"surname": "Новикова", "position": "Методист", "organization": "ГБОУ школа № 9", "group": now.group.id}
    assert send(client, f"{base}edit/", **change).status_code == 302
    assert Expert.get_by_id(expert.id).organization == "ГБОУ школа № 9"


def test_a_foreign_leader_only_reads(now: World, sign_in: SignInAs) -> None:
    client = sign_in(now.second_leader)
    base = f"/admin/experts/{now.experts[0].id}/"
    page = open_page(client, base)
    assert "Изменить сведения" not in page.links()
    assert now.experts[0].address not in page.text
    token = csrf_token(client, "/admin/experts/new/")
    answer = client.post(f"{base}leave/", data={"csrf_token": token, "version": 1})
    assert answer.status_code == 409
    assert "вы ведёте только экспертов своей группы" in answer.text


def test_groups_are_kept(now: World, sign_in: SignInAs) -> None:
    client = sign_in(now.cast.secretary)
    open_page(client, "/admin/experts/groups/new/")
    assert (
        send(client, "/admin/experts/groups/new/", name="Группа воспитателей", leader=now.second_leader.id).status_code == 302
    )
    assert send(client, "/admin/experts/groups/new/", name="группа воспитателей", leader="").status_code == 409
    group = ExpertGroup.get(ExpertGroup.name == "Группа воспитателей")
    base = f"/admin/experts/groups/{group.id}/"
    open_page(client, base)
    assert send(client, base, name="Дошкольная группа", leader="").status_code == 302
    assert send(client, f"{base}close/", page=base).status_code == 302
    assert send(client, f"{base}open/", page=base).status_code == 302
    full = f"/admin/experts/groups/{now.group.id}/"
    assert send(client, f"{full}close/", page=full).status_code == 409
    assert [row[:3] for row in rows(open_page(client, "/admin/experts/groups/"))] == [
        ["Группа учителей математики", "Группова Нина Сергеевна", "4"],
        ["Дошкольная группа", "не назначен", "0"],
    ]
    open_page(sign_in(now.cast.leader), "/admin/experts/groups/")


# --- One case ---------------------------------------------------------------------------------------------------------------


def test_a_case_is_given_from_its_page(now: World, sign_in: SignInAs) -> None:
    case = now.walk(now.filled(LENOBL), "registered")
    address = f"/admin/cases/{case.id}/experts"
    client = sign_in(now.cast.leader)
    page = open_page(client, address)
    marked = [box.attributes["value"] for box in page.main.all("input", checked="")]
    ids = {expert.user_id: expert for expert in now.experts}
    assert len(marked) == 3 and {int(value) for value in marked} <= set(ids)
    main, *others = marked
    chosen = {"main_expert": main, "additional_expert": others}
    assert send(client, address, review_day="", **chosen).status_code == 422
    refused = send(client, address, review_day="2020-01-01", **chosen)
    assert refused.status_code == 409
    assert "Дата экспертизы уже прошла" in refused.text
    assert refused.text.count(" checked") == 3
    day = day_of(now.now).isoformat()
    answer = send(client, address, review_day=day, **chosen)
    assert (answer.status_code, answer.location) == (302, f"/admin/cases/{case.id}/")
    assert Application.get_by_id(case.id).status == "review_assigned"
    # The same page now replaces: who has a seat is marked, and a reason is asked for.
    page = open_page(client, address)
    assert page.h1 == "Изменить дату или экспертов"
    assert sorted(box.attributes["value"] for box in page.main.all("input", checked="")) == sorted(marked)
    fourth = next(str(user_id) for user_id in ids if str(user_id) not in marked)
    change = {"review_day": day, "main_expert": fourth, "additional_expert": others}
    assert send(client, address, reason=" ", **change).status_code == 409
    assert send(client, address, reason="Болезнь", **change).status_code == 302
    left = Review.get(Review.expert == int(main))
    assert left.ended_at is not None
    stale = client.post(address, data={"csrf_token": csrf_token(client, address), "version": 1, "reason": "Ещё", **change})
    assert stale.status_code == 409
    assert "уже изменено другим человеком" in stale.text


def test_who_opens_the_page_of_a_case(now: World, sign_in: SignInAs) -> None:
    """404 for whose business the case is not, 403 for another part in it; the second expert learns no names."""
    oblast = now.walk(now.filled(LENOBL), "registered")
    city = now.walk(now.filled(SPB), "accepted")
    expected = {
        now.cast.leader: (200, 404),
        now.second_leader: (404, 404),
        now.cast.secretary: (403, 200),
        now.cast.reception: (403, 200),
        now.cast.deputy: (403, 200),
        now.cast.chairperson: (403, 403),
        now.cast.expert: (403, 403),
        now.cast.admin: (403, 403),
    }
    for user, statuses in expected.items():
        client = sign_in(user)
        answers = tuple(client.get(f"/admin/cases/{case.id}/experts").status_code for case in (oblast, city))
        assert answers == statuses, user.full_name
    assert sign_in(now.cast.leader).get("/admin/cases/999/experts").status_code == 404


def test_pages_of_a_case_that_has_gone_on(now: World, sign_in: SignInAs) -> None:
    case = now.walk(now.filled(SPB), "reviewed")
    page = open_page(sign_in(now.cast.deputy), f"/admin/cases/{case.id}/experts")
    assert "В состоянии «Экспертиза завершена» состав экспертов не меняют." in page.text
    open_page(sign_in(now.cast.chairperson), f"/admin/cases/{case.id}/conflict")


def test_what_is_missing_before_anybody_can_be_named(now: World, sign_in: SignInAs) -> None:
    """A folder on paper has not been brought yet: the page says so and offers no button; the act refuses all the same."""
    case = now.walk(now.filled(SPB, way="paper"), "accepted")
    client = sign_in(now.cast.deputy)
    address = f"/admin/cases/{case.id}/experts"
    page = open_page(client, address)
    assert "Пока невозможно: индивидуальная папка ещё не подана." in page.text
    assert "Передать папку эксперту" not in [button.text for button in page.main.all("button")]
    answer = send(client, address, main_expert=now.cast.expert.id)
    assert answer.status_code == 409
    assert Review.select().count() == 0
    assert "Заявлений, которые ждут от вас назначения экспертов, нет." in open_page(client, "/admin/experts/assign").text


def test_search_and_the_whole_bank(now: World, sign_in: SignInAs) -> None:
    case = now.walk(now.filled(SPB), "accepted")
    Speciality.update(form=5).where(Speciality.expert == now.experts[3]).execute()
    client = sign_in(now.cast.deputy)
    address = f"/admin/cases/{case.id}/experts"

    def names(query: str) -> set[str]:
        return {row[0].split()[0] for row in rows(open_page(client, address + query))}

    assert names("") == {"Оценкина", "Сличкина", "Замечанин"}
    assert names("?all=1") == {"Оценкина", "Сличкина", "Замечанин", "Свежевзгляд"}
    assert names("?search=свежевзгляд") == {"Свежевзгляд"}


def test_the_chair_lets_an_expert_stay(now: World, sign_in: SignInAs) -> None:
    case = now.walk(now.filled(LENOBL), "registered")
    friend = now.experts[0]
    Expert.update(organization=case.organization).where(Expert.id == friend.id).execute()
    address = f"/admin/cases/{case.id}/conflict"
    page = open_page(sign_in(now.cast.leader), f"/admin/cases/{case.id}/experts")
    assert "конфликт интересов: работает в той же организации" in page.text
    assert str(friend.user_id) not in {box.attributes.get("value") for box in page.main.all("input")}
    assert sign_in(now.cast.leader).get(address).status_code == 403
    chair = sign_in(now.cast.chairperson)
    page = open_page(chair, f"{address}?expert={friend.user_id}")
    assert [box.attributes["value"] for box in page.main.all("input", type="radio")] == [str(friend.user_id)]
    assert send(chair, address, expert="", reason="Других нет").status_code == 409
    assert send(chair, address, expert=friend.user_id, reason="").status_code == 409
    assert send(chair, address, expert=friend.user_id, reason="Других нет").status_code == 302
    assert ConflictPermit.get().expert_id == friend.user_id
    page = open_page(sign_in(now.cast.leader), f"/admin/cases/{case.id}/experts")
    assert "председатель комиссии разрешил" in page.text
    assert str(friend.user_id) in {box.attributes.get("value") for box in page.main.all("input")}


# --- Many cases -------------------------------------------------------------------------------------------------------------


def test_many_cases_at_once(now: World, sign_in: SignInAs) -> None:
    """The proposal shows count and loads, the confirmation gives each case; a refused one does not spoil the rest."""
    cases = [now.walk(now.filled(SPB), "accepted") for _ in range(5)]
    client = sign_in(now.cast.deputy)
    page = open_page(client, "/admin/experts/assign")
    assert len(rows(page)) == 5
    address = "/admin/experts/assign/proposal?" + "&".join(f"case={case.id}" for case in cases[:4])
    page = open_page(client, address)
    assert page.main.all("p")[0].text.startswith("Готово к назначению: 4 из 4.")
    assert page.text.count("было 0, станет 1") == 4
    assert Review.select().count() == 0
    form = {
        field.attributes["name"]: field.attributes["value"]
        for field in page.main.all("input")
        if field.attributes["name"] not in {"case", "csrf_token"}
    }
    # Meanwhile one of them changes and another is given by somebody else.
    Application.update(version=Application.version + 1).where(Application.id == cases[0].id).execute()
    now.step(Application.get_by_id(cases[1].id), "start_review")
    token = csrf_token(client, address)
    sent = {"csrf_token": token, "case": [str(case.id) for case in cases[:4]], **form}
    answer = client.post("/admin/experts/assign/proposal", data=sent)
    assert answer.status_code == 200
    assert "Назначено: 2 из 4." in answer.text
    assert "Других (1) в вашем списке уже нет" in answer.text
    statuses = [Application.get_by_id(case.id).status for case in cases]
    assert statuses == ["accepted", "review", "review", "review", "accepted"]
    assert client.get("/admin/experts/assign/proposal").status_code == 302


def test_many_cases_of_the_oblast_need_a_day(now: World, sign_in: SignInAs) -> None:
    cases = [now.walk(now.filled(LENOBL), "registered") for _ in range(2)]
    client = sign_in(now.cast.leader)
    chosen = "&".join(f"case={case.id}" for case in cases)
    assert client.get(f"/admin/experts/assign/proposal?{chosen}&review_day=завтра").status_code == 302
    page = open_page(client, f"/admin/experts/assign/proposal?{chosen}&review_day={day_of(now.now).isoformat()}")
    assert "Готово к назначению: 2 из 2." in page.text
    open_page(sign_in(now.second_leader), "/admin/experts/assign")


# --- An expert's own part ---------------------------------------------------------------------------------------------------


def test_an_expert_declares_a_conflict(now: World, sign_in: SignInAs) -> None:
    case = now.walk(now.filled(LENOBL), "review")
    client = sign_in(now.cast.expert)
    page = open_page(client, "/admin/participation/")
    assert f"{case}: Чернильницына Вера Павловна" in page.links()
    address = f"/admin/participation/conflict/{case.id}"
    open_page(client, address)
    assert send(client, address, reason=" ").status_code == 409
    assert send(client, address, reason="Дружим семьями").status_code == 302
    page = open_page(client, "/admin/participation/")
    assert "вы заявили о конфликте интересов, ждите решения" in page.text
    leader = open_page(sign_in(now.cast.leader), "/admin/experts/assign")
    assert "Оценкина Мария Львовна" in leader.text and "Дружим семьями" in leader.text
    assert leader.links()[f"Заменить эксперта: заявление {case}"] == f"/admin/cases/{case.id}/experts"
    chair = open_page(sign_in(now.cast.chairperson), "/admin/experts/assign")
    assert chair.links()[f"Решить: заявление {case}"] == f"/admin/cases/{case.id}/conflict?expert={now.cast.expert.id}"
    page = open_page(sign_in(now.cast.leader), f"/admin/cases/{case.id}/experts")
    marked = {box.attributes["value"] for box in page.main.all("input", checked="")}
    assert marked == {str(expert.user_id) for expert in now.experts[1:3]}
    assert str(now.cast.expert.id) not in {box.attributes.get("value") for box in page.main.all("input")}
    assert "Дружим семьями" not in open_page(sign_in(now.second_leader), "/admin/experts/assign").text


def test_an_expert_sees_only_their_own(now: World, sign_in: SignInAs) -> None:
    """Foreign cases are not there; a second expert finds their own case without the first one's name."""
    case = now.walk(now.filled(SPB), "second_review", outcome=NEGATIVE)
    client = sign_in(now.experts[3].user)
    assert client.get(f"/admin/participation/conflict/{case.id}").status_code == 404
    assert sign_in(now.cast.expert).get(f"/admin/participation/conflict/{case.id}").status_code == 404
    second = sign_in(now.experts[1].user)
    page = open_page(second, "/admin/participation/")
    assert "Заявления в работе: 1" in page.text
    assert "Оценкина" not in page.text
    assert second.get(f"/admin/cases/{case.id}/experts").status_code == 403
    assert Review.select().where(Review.role == CaseRole.SECOND_EXPERT).count() == 1


def test_an_expert_says_when_they_are_away(now: World, sign_in: SignInAs) -> None:
    client = sign_in(now.cast.expert)
    base = "/admin/participation/"
    days = {"absences-first_day": "2027-06-01", "absences-last_day": "2027-06-14", "absences-reason": "отпуск"}
    assert send(client, f"{base}absences/", page=base, **days).status_code == 302
    absence = Absence.get()
    assert (absence.expert_id, f"{absence.first_day}") == (now.experts[0].id, "2027-06-01")
    assert "01.06.2027 – 14.06.2027, отпуск" in open_page(client, base).text
    assert send(client, f"{base}absences/{absence.id}/remove/", page=base).status_code == 302
    work = {"employments-organization": "ГБОУ школа № 1", "employments-until": "2024-08-31"}
    assert send(client, f"{base}employments/", page=base, **work).status_code == 302
    assert send(client, f"{base}conflicts/", page=base, **{"conflicts-person": ""}).status_code == 409
    assert send(client, f"{base}conflicts/", page=base, **{"conflicts-organization": "ГБОУ школа № 3"}).status_code == 302
    assert (Employment.select().count(), DeclaredConflict.select().count(), Absence.select().count()) == (1, 1, 0)


def test_whom_the_bank_does_not_know(now: World, sign_in: SignInAs) -> None:
    user = User.create(login="novyj", full_name="Новикова Юлия Игоревна", password_hash=now.cast.expert.password_hash)
    UserRole.create(user=user, role=Role.EXPERT)
    client = sign_in(user)
    assert "Вас ещё нет в банке экспертов." in open_page(client, "/admin/participation/").text
    token = csrf_token(client, "/admin/participation/")
    assert client.post("/admin/participation/absences/", data={"csrf_token": token}).status_code == 404
