"""The screen of the sitting and of its minutes: a secretary in a room, on pages that are whole without scripts."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from attestation.admin.acts.commission import attendance, minutes, moves, voting
from attestation.admin.acts.commission.proceedings import Proceedings
from attestation.admin.worker import run_pending
from attestation.models import Application, Hearing, Member, Minutes, Recusal, User, Vote, utc_now
from attestation.site import files
from attestation.site.dates import day_of
from attestation.tests.admin.commission.room import NEGATIVE, POSITIVE, Room, convene, crowd
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import Cast
from attestation.tests.inspection import OpenedPage, faults, open_page

SignIn = Callable[[User], FlaskClient]


class Desk:
    """A secretary at the screen of one sitting."""

    def __init__(self, client: FlaskClient, room: Room) -> None:
        self.client, self.room = client, room
        self.base = f"/admin/sittings/{room.sitting.id}"

    def page(self, path: str = "/run/") -> OpenedPage:
        return open_page(self.client, self.base + path)

    def press(self, path: str, seen: str = "/run/", **fields: object) -> TestResponse:
        """Submit the form of this address as the page `seen` has it, with these fields."""
        page = self.page(seen)
        form = page.main.all("form", action=self.base + path)[0]
        hidden = {field.attributes["name"]: field.attributes["value"] for field in form.all("input", type_="hidden")}
        return self.client.post(self.base + path, data={**hidden, **fields})

    def settle(self, path: str, seen: str = "/run/", **fields: object) -> str:
        """The same; it was done, and the next page is there."""
        answer = self.press(path, seen, **fields)
        assert answer.status_code in {302, 303}, re.sub(r"\s+", " ", answer.text)[:2000]
        return answer.location


@pytest.fixture
def desk_of(sign_in: SignIn, cast: Cast) -> Callable[[Room], Desk]:
    return lambda room: Desk(sign_in(cast.secretary), room)


def test_a_sitting_from_the_screen(world: World, desk_of: Callable[[Room], Desk], app: Flask) -> None:
    """Open, everybody present, who presides, one vote for all, two apart, close: ten presses for six cases."""
    room = convene(world, SPB, POSITIVE, POSITIVE, POSITIVE, NEGATIVE, POSITIVE)
    desk = desk_of(room)
    assert "Открыть заседание" in desk.page().text
    desk.settle("/run/open")
    assert "Присутствуют 0 из 12" in desk.page().text
    desk.settle("/run/attendance", all="1")
    page = desk.page()
    assert "Кворум есть. Присутствуют 12 из 12, для решения должны проголосовать не меньше 8." in page.text
    assert page.main.one("meter").attributes["value"] == "12"
    # The chair is offered first.
    assert page.main.one("select", name="presiding").one("option", selected="").text == "Председателева Алла Фёдоровна"
    desk.settle("/run/presiding", presiding=room.members[0].id)
    desk.settle("/run/sort", pull=f"2-{room.hearing(2).version}")
    desk.settle("/run/agree", decision="establish")
    form = desk.page().main.all("form", action=f"{desk.base}/run/agree")
    assert [one.one("button").text for one in form] == ["Единогласно отказать: 1 дело"]
    desk.settle("/run/agree", decision="refuse")
    page = desk.page()
    assert "Голосовать поимённо: 1 дело" in page.links()
    assert "Не голосовали: дело 2." in page.text
    votes = {f"member-{member.id}": "for" if place < 6 else "against" for place, member in enumerate(room.members)}
    assert desk.settle("/run/2/vote", "/run/2/", **votes).endswith("#close")
    page = desk.page()
    assert "Дело 2: установить категорию." in page.root.text
    desk.settle("/run/close", number="12")
    page = desk.page("/minutes/")
    assert "Протокол ждёт очереди на изготовление." in page.text
    assert desk.client.get(f"{desk.base}/minutes/progress").json["moving"] is True
    parts = app.extensions["attestation"]
    run_pending(parts.settings, parts.index)
    page = desk.page("/minutes/")
    assert "Протокол изготовлен и зафиксирован." in page.text
    answer = desk.client.get(f"{desk.base}/minutes/1.pdf")
    made = Minutes.get()
    assert answer.data == files.read(parts.settings.minutes_dir, made.pdf_sha256)
    assert files.path_of(parts.settings.minutes_dir, made.pdf_sha256).stat().st_mode & 0o777 == 0o600
    everybody = [member.id for member in room.members]
    desk.settle("/minutes/sign", "/minutes/", members=everybody, signed_on=str(day_of(utc_now())))
    page = desk.page("/minutes/")
    assert "Подписали все, чьи подписи нужны." in page.text
    assert not [link for link in page.main.all("form") if "release" in link.attributes["action"]]


def test_a_roll_call_that_is_refused_keeps_what_was_typed(world: World, desk_of: Callable[[Room], Desk]) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    room.open()
    room.seat()
    desk = desk_of(room)
    votes = {f"member-{member.id}": "against" for member in room.members}
    answer = desk.press("/run/1/vote", "/run/1/", **votes)
    assert answer.status_code == 409
    assert "запишите мотивы" in answer.text
    assert faults(answer.text, "Аттестация педагогов") == []
    assert answer.text.count('value="against" checked') == 3
    assert Vote.select().count() == 0


def test_a_late_press_is_refused_and_shows_what_changed(world: World, desk_of: Callable[[Room], Desk]) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE)
    room.open()
    room.seat()
    desk = desk_of(room)
    version = room.fresh().version
    voting.pull_out(room.hearing(2), by=world.cast.secretary, on=utc_now())
    answer = desk.press("/run/agree", version=version, decision="establish")
    assert answer.status_code == 409
    assert moves.OVERTAKEN in answer.text
    assert "Дело вынесено на поимённое голосование" in answer.text
    assert Vote.select().count() == 0
    # The same of one case.
    room.vote(1, "++++++++++++")
    answer = desk.press("/run/1/vote", "/run/1/", version=1, **{f"member-{room.members[0].id}": "against"})
    assert answer.status_code == 409
    assert "в другом окне" in answer.text
    assert Vote.select().count() == 12


def test_attendance_from_the_screen(world: World, desk_of: Callable[[Room], Desk]) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    room.open()
    desk = desk_of(room)
    first = room.members[0]
    desk.settle("/run/attendance", arrived=first.id, time="15:05")
    assert "с 15:05" in desk.page().text
    desk.settle("/run/attendance", left=first.id, time="15:20")
    assert "с 15:05 до 15:20" in desk.page().text
    answer = desk.press("/run/attendance", arrived=first.id, time="15:10")
    assert (answer.status_code, "уже отмечено присутствие" in answer.text) == (409, True)
    answer = desk.press("/run/attendance", arrived=first.id, time="25:99")
    assert answer.status_code == 422
    desk.settle("/run/attendance", undo=first.id)
    desk.settle("/run/attendance", undo=first.id)
    assert "с 15:05" not in desk.page().main.one("section", id="attendance").text
    assert desk.press("/run/attendance", arrived=999).status_code == 404


def test_teachers_who_are_expected(world: World, desk_of: Callable[[Room], Desk]) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE, size=3)
    Hearing.update(slot_at=room.at(30)).where(Hearing.application == Application.get(surname="Учителеваб")).execute()
    room.open()
    desk = desk_of(room)
    page = desk.page()
    assert "на 15:30" in page.text
    assert [button.attributes["value"] for button in page.main.all("button", name="came")] == ["2"]
    assert desk.settle("/run/guests", came="2").endswith("#guests")
    assert room.hearing(2).came
    assert "Педагог присутствует" in desk.page().text
    assert desk.press("/run/guests", came="2").status_code == 409
    desk.settle("/run/guests", undo="2")
    assert not room.hearing(2).came
    assert desk.press("/run/guests", came="77").status_code == 404


def test_recusals_and_putting_off_from_the_screen(world: World, desk_of: Callable[[Room], Desk]) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    Member.update(organization="ГБОУ школа № 901 г. Образцова").where(Member.id == room.members[1].id).execute()
    room.open()
    room.seat()
    desk = desk_of(room)
    # The conflict is suggested, and the case stands apart.
    page = desk.page("/run/1/")
    assert "Возможен конфликт интересов: Заместин Игорь Павлович – работает в той же организации." in page.text
    assert room.hearing(1).roll_call
    desk.settle("/run/1/recuse", "/run/1/", member=room.members[1].id, reason="работаем вместе")
    page = desk.page("/run/1/")
    assert "Заместин Игорь Павлович" not in [legend.text for legend in page.main.all("legend")]
    desk.settle("/run/1/end-recusal", "/run/1/", member=room.members[1].id)
    assert Recusal.select().count() == 0
    assert desk.press("/run/1/put-off", "/run/1/", why=" ").status_code == 409
    desk.settle("/run/1/put-off", "/run/1/", why="Педагог просит выслушать.")
    assert "отложено" in desk.page().main.one("section", id="settled").text
    desk.settle("/run/1/take-up", "/run/1/")
    assert not Hearing.get().put_off


def test_minutes_are_opened_again_and_old_versions_stay(world: World, desk_of: Callable[[Room], Desk], app: Flask) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    room.open()
    room.seat()
    room.vote(1, "+++")
    room.close()
    parts = app.extensions["attestation"]
    run_pending(parts.settings, parts.index)
    desk = desk_of(room)
    assert desk.press("/minutes/reopen", "/minutes/", reason="").status_code == 409
    desk.settle("/minutes/reopen", "/minutes/", reason="Голос записан неверно.")
    room.vote(1, "++-")
    desk.settle("/run/close", number="7")
    run_pending(parts.settings, parts.index)
    page = desk.page("/minutes/")
    assert {"Версия 1", "Версия 2"} <= set(page.links())
    assert desk.client.get(f"{desk.base}/minutes/1.pdf").data != desk.client.get(f"{desk.base}/minutes/2.pdf").data
    assert desk.client.get(f"{desk.base}/minutes/3.pdf").status_code == 404


def test_decisions_are_announced_from_the_screen(world: World, desk_of: Callable[[Room], Desk], app: Flask) -> None:
    room = convene(world, LENOBL, POSITIVE, size=3)
    room.open()
    room.seat()
    room.vote(1, "+++")
    made = room.close()
    parts = app.extensions["attestation"]
    run_pending(parts.settings, parts.index)
    desk = desk_of(room)
    assert "Протокол подписали ещё не все, кто голосовал" in desk.page("/minutes/").text
    desk.settle("/minutes/sign", "/minutes/", members=made.told["signers"], signed_on=str(day_of(utc_now())))
    desk.settle("/minutes/release", "/minutes/")
    assert room.case(1).status == "established"
    assert "Решения объявлены" in desk.page("/minutes/").text


@pytest.mark.parametrize("who", ["deputy", "chairperson", "controller"])
def test_others_read_and_press_nothing(world: World, sign_in: SignIn, who: str) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    room.open()
    room.seat()
    desk = Desk(sign_in(getattr(world.cast, who)), room)
    for path in ("/run/", "/run/1/"):
        forms = [form.attributes["action"] for form in desk.page(path).main.all("form") if form.all("button")]
        assert forms == [], path


def test_nobody_runs_a_sitting_with_a_case_of_their_own(world: World, sign_in: SignIn, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    case = Hearing.get().application
    case.applicant = cast.secretary
    case.save()
    client = sign_in(cast.secretary)
    for path in ("/run/", "/run/1/", "/minutes/", "/agenda/", "/agenda.pdf", "/invitations/"):
        assert client.get(f"/admin/sittings/{room.sitting.id}{path}").status_code == 403


def test_garbage(world: World, desk_of: Callable[[Room], Desk]) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    room.open()
    room.seat()
    desk = desk_of(room)
    assert desk.press("/run/agree", decision="whatever").status_code == 400
    assert desk.press("/run/sort", pull="x").status_code == 400
    assert desk.press("/run/sort", pull="9-1").status_code == 404
    assert desk.press("/run/1/vote", "/run/1/", **{f"member-{10**12}": "for"}).status_code in {303, 409}
    assert desk.press("/run/1/recuse", "/run/1/", member="x", reason="r").status_code == 404
    for path in ("/run/2/", "/run/99999999999/", "/minutes/1.pdf"):
        assert desk.client.get(desk.base + path).status_code == 404
    assert desk.client.get("/admin/sittings/99999999999/run/").status_code == 404


def test_the_page_of_a_hundred_cases_costs_as_much_as_of_two(
    world: World, desk_of: Callable[[Room], Desk], database_url: str
) -> None:
    room = crowd(world, SPB, 100)
    room.open()
    desk = desk_of(room)
    attendance.arrive_all(room.fresh(), by=world.cast.secretary, on=utc_now())
    with count_queries() as counter:
        page = desk.page()
    assert counter.count <= 24, counter.count
    assert len(page.main.all("li")) > 100
    with count_queries() as counter:
        desk.client.get(f"{desk.base}/run/7/")
    assert counter.count <= 34, counter.count
    with count_queries() as counter:
        answer = desk.press("/run/agree", decision="establish")
    assert answer.status_code == 303
    assert len(Proceedings.of(room.fresh(), utc_now()).settled) == 100
    # The page and the act: 1,500 votes go in by portions.
    assert counter.count <= 60, counter.count


def test_what_is_not_signed_on_its_day_stands_in_today(world: World, sign_in: SignIn, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    room.open()
    room.seat()
    client = sign_in(cast.secretary)
    page = open_page(client, "/admin/today/")
    assert f"Заседание {room.sitting} не завершено" in page.links()
    assert "протокол заседания: срок нарушен" in page.text
    room.vote(1, "+++")
    made = room.close()
    minutes.freeze(made, sha256="a" * 64, size=9, pages=1, on=room.at(61))
    page = open_page(client, "/admin/today/")
    assert f"Протокол заседания {room.sitting}" in page.links()
    assert "подписание протокола: срок нарушен" in page.text
    assert "Подписание протокола – до 31.03.2026, пункт 3.4.2." in page.text
    minutes.sign(room.fresh(), made.told["signers"], room.sitting.held_on, by=cast.secretary, on=room.at(70))
    assert f"Протокол заседания {room.sitting}" not in open_page(client, "/admin/today/").links()


def test_the_page_of_a_case_tells_how_it_was_decided(world: World, sign_in: SignIn, cast: Cast) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    room.open()
    room.seat()
    room.vote(1, "++-", motive="")
    room.close("12")
    case = room.case(1)
    page = open_page(sign_in(cast.chairperson), f"/admin/cases/{case.id}/")
    assert "За 2, против 1 из 3, нужно было 2." in page.text
    assert "Протокол № 12" in page.links()
    assert "Секретарева Анна Петровна: против" in page.text
    # The reception keeps papers and has no business with votes; the teacher waits for the order.
    page = open_page(sign_in(cast.reception), f"/admin/cases/{case.id}/")
    assert "против" not in page.text
    assert "установить категорию" not in page.text
