"""Letters in the cabinet: whose they are, read when opened, nobody else's."""

import datetime as dt

import pytest
from playhouse.test_utils import count_queries

from attestation.models import Letter, utc_now
from attestation.site.cases import messages
from attestation.site.letters import outbox
from attestation.tests.cases import LENOBL, SPB
from attestation.tests.conftest import NOON
from attestation.tests.inspection import open_page


@pytest.fixture
def case(world):
    return world.walk(world.filled(SPB), "registered")


def test_letters_of_a_case_come_to_the_cabinet_and_are_read_when_opened(case, world, sign_in):
    client = sign_in(world.teacher)
    shown = open_page(client, "/account/letters/").main
    assert [link.text for link in shown.all("a")] == [
        f"Заявление № {case.number} зарегистрировано",
        f"Заявление № {case.number} отправлено",
    ]
    assert len(shown.all("span", class_="badge")) == 2
    before = utc_now()
    letter = open_page(client, shown.all("a")[0].attributes["href"]).main
    assert letter.one("h1").text == f"Заявление № {case.number} зарегистрировано"
    assert "Основание: пункт 2.17.3 порядка." in letter.text
    assert letter.one("a", class_="button").attributes["href"] == f"/account/applications/{case.id}/"
    read = Letter.get(Letter.name == "application_registered", Letter.channel == "cabinet")
    assert before <= read.read_at <= utc_now()
    open_page(client, shown.all("a")[0].attributes["href"])
    assert Letter.get_by_id(read.id).read_at == read.read_at
    assert len(open_page(client, "/account/letters/").main.all("span", class_="badge")) == 1


def test_an_expert_is_led_to_the_office(world, sign_in):
    case = world.walk(world.filled(LENOBL), "review_assigned")
    client = sign_in(world.cast.expert)
    letter = Letter.get(Letter.user == world.cast.expert, Letter.channel == "cabinet")
    shown = open_page(client, f"/account/letters/{letter.id}/").main
    assert shown.one("a", class_="button").attributes["href"] == f"/admin/cases/{case.id}/"
    assert "это заявление Чернильницыной Веры Павловны, учителя математики" in shown.text


def test_nobody_reads_letters_of_others_nor_those_that_are_held_or_went_another_way(case, world, sign_in):
    stranger, owner = sign_in(world.other_teacher), sign_in(world.teacher)
    cabinet, mail = Letter.select().where(Letter.name == "application_registered").order_by(Letter.id)
    assert stranger.get(f"/account/letters/{cabinet.id}/").status_code == 404
    assert open_page(stranger, "/account/letters/").main.one("p", class_="nothing").text.startswith("Писем пока нет.")
    assert [owner.get(f"/account/letters/{id}/").status_code for id in (mail.id, 10**6, 2**40)] == [404, 404, 404]
    Letter.update(state="held").where(Letter.id == cabinet.id).execute()
    assert owner.get(f"/account/letters/{cabinet.id}/").status_code == 404
    assert Letter.select().where(Letter.read_at.is_null(False)).count() == 0


def test_the_list_has_pages_and_costs_the_same(case, world, sign_in):
    client = sign_in(world.teacher)

    def cost() -> int:
        with count_queries() as counted:
            open_page(client, "/account/letters/")
        return counted.count

    cost()  # the first page of a session asks more
    few = cost()
    about = {"application": case, "user": world.teacher, "name": "x", "channel": "cabinet", "state": "sent", "body": "Текст"}
    for number in range(40):
        Letter.create(subject=f"Письмо {number}", created_at=NOON, sent_at=NOON + dt.timedelta(days=number + 1), **about)
    assert cost() == few <= 6
    assert len(open_page(client, "/account/letters/?page=2").main.one("tbody").all("tr")) == 12
    assert [client.get(f"/account/letters/?page={page}").status_code for page in ("3", "0", "x")] == [404, 404, 404]


def test_strangers_are_sent_to_sign_in(client):
    assert client.get("/account/letters/").location == "/account/login?next=/account/letters/"


def test_one_letter_tells_of_all_messages_that_wait(case, world):
    def told() -> list[str]:
        found = Letter.select().where(Letter.name == outbox.MESSAGE).order_by(Letter.id)
        return [f"{letter.user.login} {letter.channel}" for letter in found]

    both = [f"{world.teacher.login} cabinet", f"{world.teacher.login} email"]
    messages.write(case, "Когда удобно?", by=world.teacher, on=NOON)
    assert told() == []
    messages.write(case, "В среду.", by=world.cast.secretary, on=NOON)
    messages.write(case, "Или в четверг.", by=world.cast.secretary, on=NOON)
    assert told() == both
    messages.mark_read(case, by=world.teacher, on=NOON)
    messages.write(case, "Ждём.", by=world.cast.reception, on=NOON)
    assert told() == both * 2
