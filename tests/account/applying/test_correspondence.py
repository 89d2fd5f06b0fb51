"""Messages and the representative, as the teacher's side meets them."""

from collections.abc import Callable

import pytest

from attestation.models import Message, Representative, User
from attestation.site.cases import messages
from attestation.tests.account.applying.conftest import Visitor, at, page_of
from attestation.tests.cases import LENOBL, SPB, World

PROXY = {
    "full_name": "Доверенная Зоя Эдуардовна",
    "document": "доверенность от 01.03.2026 № 5",
    "expires_on": "01.03.2027",
    "email": "doverennaya@example.org",
}


# --- Messages ---------------------------------------------------------------------------------------------------------------


def test_a_teacher_writes_and_reads(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(SPB), "received")
    messages.write(case, "Принесите <b>опись</b>.", by=world.cast.reception, on=world.now)
    path = at(case, "messages")
    assert "1 новое" in teacher.open(at(case)).text
    page = teacher.open(path)
    assert page.main.one("li", class_="theirs").one("p", class_="lines").text == "Принесите <b>опись</b>."
    assert world.cast.reception.full_name not in page.text
    assert Message.get().read_at == world.now
    assert teacher.send(path, text="Принесу завтра.").location == path
    assert teacher.open(path).main.one("li", class_="ours").one("p", class_="lines").text == "Принесу завтра."
    assert "новое" not in teacher.open(at(case)).text


def test_an_empty_message_is_refused_and_a_long_one_is_kept_on_the_page(world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    path = at(case, "messages")
    assert "Заполните поле «Сообщение»" in page_of(teacher.send(path, text=" "), 409).text
    page = page_of(teacher.send(path, text="я" * 5001), 409)
    assert page.main.one("textarea").text == "я" * 5001
    assert not Message.select().exists()


# --- The representative -----------------------------------------------------------------------------------------------------


def test_a_representative_is_named_and_let_go(world: World, teacher: Visitor, visitor: Callable[[User], Visitor]) -> None:
    case = world.walk(world.filled(SPB), "received")
    path = at(case, "representative")
    assert teacher.send(path, **PROXY).location == path
    shown = teacher.open(path)
    assert "доверенность от 01.03.2026 № 5" in shown.text and "1 марта 2027 года" in shown.text
    proxy = visitor(world.proxy)
    assert not proxy.open(path).main.all("form")
    assert proxy.open(at(case)).main.one("h2", id="now").text == "Отправлено"
    assert teacher.send(path, f"{path}/end").location == path
    assert Representative.get().ended_at == world.now
    proxy.open(at(case), 404)


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"expires_on": "31.02.2027"}, 422, "Такой даты нет"),
        ({"expires_on": "01.03.2026"}, 409, "уже прошёл"),
        ({"full_name": ""}, 409, "Заполните поле «Фамилия, имя, отчество представителя»"),
        ({"email": "nikto@example.org"}, 409, "Учётной записи с такой почтой нет"),
    ],
)
def test_a_wrong_representative_is_told_and_kept_on_the_page(
    world: World, teacher: Visitor, changes: dict[str, str], status: int, sentence: str
) -> None:
    case = world.filled(SPB)
    page = page_of(teacher.send(at(case, "representative"), **{**PROXY, **changes}), status)
    assert sentence in page.text
    assert page.main.one("input", id="document").attributes["value"] == PROXY["document"]
    assert not Representative.select().exists()


def test_addresses_of_accounts_are_not_found_out_by_trying(world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    fields = teacher.fields(at(case, "representative"))
    tries = [
        teacher.client.post(at(case, "representative"), data={**fields, **PROXY, "email": f"n{number}@example.org"})
        for number in range(6)
    ]
    assert [answer.status_code for answer in tries] == [409] * 5 + [429]


def test_the_oblast_knows_no_representative(world: World, teacher: Visitor) -> None:
    case = world.filled(LENOBL)
    teacher.open(at(case, "representative"), 404)
    assert "Представитель" not in teacher.open(at(case)).links()
