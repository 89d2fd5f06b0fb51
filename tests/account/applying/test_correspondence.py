"""Messages and the representative, as the teacher's side meets them."""

import io
from collections.abc import Callable

import pytest

from attestation.models import Application, CaseFile, Message, Representative, User
from attestation.site.cases import messages
from attestation.tests import scans
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


def test_a_known_address_does_not_wash_guesses_away(world: World, teacher: Visitor) -> None:
    case = world.filled(SPB)
    told = []
    for number in range(3):
        told.append(teacher.send(at(case, "representative"), **{**PROXY, "email": f"n{number}@example.org"}).status_code)
        told.append(teacher.send(at(case, "representative"), **PROXY).status_code)
        ended = {**teacher.fields(at(case, "messages")), "version": Application.get_by_id(case.id).version}
        teacher.client.post(at(case, "representative/end"), data=ended)
    assert told == [409, 302, 409, 302, 409, 429]


def scan(data: bytes, name: str = "Доверенность.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def kept_scans() -> list[tuple[str, bool]]:
    """The scans of documents, and whether they are in the case."""
    rows = CaseFile.select().where(CaseFile.kind == "authority").order_by(CaseFile.id)
    return [(row.name, row.removed_at is None) for row in rows]


def test_the_document_is_brought_with_the_representative_and_leaves_with_them(
    world: World, teacher: Visitor, visitor: Callable[[User], Visitor]
) -> None:
    case = world.walk(world.filled(SPB), "received")
    path = at(case, "representative")
    hint = teacher.open(path).main.one("p", id="scan-hint").text
    assert hint.startswith("Можно не прикладывать, если документ покажут на приёме. PDF или JPEG до 3 МБ (пункт 2.6.2).")
    assert teacher.send(path, **{**PROXY, "scan": scan(scans.pdf())}).location == path
    file = CaseFile.get(CaseFile.kind == "authority")
    for person in (teacher, visitor(world.proxy)):
        assert person.open(path).links()["Доверенность.pdf"] == f"/account/files/{file.id}"
    office = visitor(world.cast.reception).open(f"/admin/cases/{case.id}/")
    assert office.links()["Доверенность.pdf"] == f"/account/files/{file.id}"
    assert office.links()["скан документа"] == f"/account/files/{file.id}"
    assert "документ действует по 01.03.2027" in office.main.text
    teacher.send(path, f"{path}/end")
    assert kept_scans() == [("Доверенность.pdf", False)]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(scans.png(), "по содержанию это PNG"), (b"%PDF-1.4" + bytes(7 * 1024 * 1024), "больше разрешённых 3 МБ")],
    ids=["png", "7 MB"],
)
def test_a_refused_scan_loses_nothing_that_was_typed(world: World, teacher: Visitor, data: bytes, sentence: str) -> None:
    case = world.filled(SPB)
    page = page_of(teacher.send(at(case, "representative"), **{**PROXY, "scan": scan(data)}), 409)
    assert sentence in page.main.one("p", class_="error").text
    assert {name: page.main.one("input", id=name).attributes["value"] for name in PROXY} == PROXY
    assert (Representative.select().count(), kept_scans()) == (0, [])


def test_a_scan_is_brought_later_until_the_document_is_checked(world: World, teacher: Visitor) -> None:
    case = world.walk(world.filled(SPB), "received")
    path = at(case, "representative")
    teacher.send(path, **PROXY)
    assert "Скан не приложен" in teacher.open(path).text
    page_of(teacher.send(path, f"{path}/authority"), 422)
    for name in ("Лист 1.pdf", "Лист 2.pdf"):
        assert teacher.send(path, f"{path}/authority", scan=scan(scans.pdf(pages=int(name[5])), name)).status_code == 303
    first = CaseFile.get(CaseFile.name == "Лист 1.pdf")
    teacher.send(path, f"{path}/authority/{first.id}/remove")
    assert kept_scans() == [("Лист 1.pdf", False), ("Лист 2.pdf", True)]
    world.tick(case, "authority_proved", world.cast.reception)
    page = teacher.open(path)
    assert "Сотрудники проверили документ." in page.text
    assert len(page.main.all("form")) == 1
    page = page_of(teacher.send(path, f"{path}/authority", scan=scan(scans.pdf(pages=3))), 409)
    assert "Документ представителя уже проверен." in page.main.one("p", class_="error").text
    second = CaseFile.get(CaseFile.name == "Лист 2.pdf")
    teacher.send(path, f"{path}/authority/{second.id}/remove")
    assert kept_scans() == [("Лист 1.pdf", False), ("Лист 2.pdf", True)]


def test_only_the_teacher_brings_the_document(world: World, visitor: Callable[[User], Visitor]) -> None:
    case = world.walk(world.filled(SPB), "received")
    world.represent(case)
    proxy = visitor(world.proxy)
    answer = proxy.post(f"{at(case, 'representative')}/authority", version=str(case.version), scan=scan(scans.pdf()))
    assert "Представителя указывает сам педагог" in page_of(answer, 409).main.one("p", class_="error").text
    assert kept_scans() == []


def test_the_oblast_knows_no_representative(world: World, teacher: Visitor) -> None:
    case = world.filled(LENOBL)
    teacher.open(at(case, "representative"), 404)
    assert "Представитель" not in teacher.open(at(case)).links()
