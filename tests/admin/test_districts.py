"""The list of organisations by district: brought in as a whole or not at all."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.admin.acts import districts
from attestation.models import Database, JournalEntry, OrganizationDistrict, User
from attestation.procedure.refusal import Refusal
from attestation.tests.conftest import NOON, Cast, MakeOrder, csrf_token
from attestation.tests.inspection import open_page

LIST = "Организация;Район\nГБОУ СОШ № 45;Ясный\n«Лицей» №1;Береговой\n\nГБОУ сош №45;Ясный\n"
SignIn = Callable[[User], FlaskClient]


def listed() -> list[tuple[str, str, str]]:
    return [
        (row.key, row.organization, row.district) for row in OrganizationDistrict.select().order_by(OrganizationDistrict.id)
    ]


def bring_in(text: str | bytes, by: User) -> int:
    return districts.bring_in(text.encode() if isinstance(text, str) else text, by=by, on=NOON)


@pytest.mark.parametrize(
    "data", [LIST.encode(), LIST.encode("utf-8-sig"), LIST.encode("cp1251"), LIST.replace(";", ",").encode()]
)
def test_a_list_takes_the_place_of_the_former(database: Database, cast: Cast, data: bytes) -> None:
    OrganizationDistrict.create(key="старая", organization="Старая", district="Прежний")
    assert bring_in(data, cast.secretary) == 2
    assert listed() == [("гбоу сош 45", "ГБОУ СОШ № 45", "Ясный"), ("лицей 1", "«Лицей» №1", "Береговой")]
    entry = JournalEntry.get()
    assert (entry.verb, entry.subject, entry.user, entry.details) == (
        "bring_in_districts",
        "districts",
        cast.secretary,
        "организаций: 2, районов: 2",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Файл пуст"),
        ("Организация;Район\n", "нет ни одной строки"),
        ("Школа;Ясный\n", "нужны заголовки"),
        ("Организация;Район\nШкола\nЛицей; \n", "нет ни одной строки с районом"),
        ("Организация;Район\n;Ясный\n", "строка 2: Заполните поле «Организация»."),
        ("Организация;Район\n№;Ясный\n", "строка 2: В названии нет ни буквы"),
        ("Организация;Район\nШкола;не указан\n", "не район"),
        ("Организация;Район\nШкола 2;А\nшкола №2;Б\n", "строка 3: «школа №2» уже отнесена к району «А»."),
        ("Организация;Район\n" + "ш" * 501 + ";А\n", "длиннее 500"),
        (b"PK\x03\x04\x00\x00", "не таблица CSV"),
        (b"x" * (2 * 1024 * 1024 + 1), "больше 2 МБ"),
        ("Организация;Район\n" + "Школа;А\n" * 20_000, "больше 20000 строк"),
    ],
)
def test_a_bad_list_changes_nothing(database: Database, cast: Cast, text: str | bytes, said: str) -> None:
    OrganizationDistrict.create(key="старая", organization="Старая", district="Прежний")
    with pytest.raises(Refusal, match=said):
        bring_in(text, cast.secretary)
    assert [row[0] for row in listed()] == ["старая"] and JournalEntry.select().count() == 0


def test_only_who_keeps_it_brings_it_in(database: Database, cast: Cast) -> None:
    for person in (cast.editor, cast.publisher, cast.expert, cast.controller, cast.departed):
        with pytest.raises(Refusal, match="недоступно"):
            bring_in(LIST, person)
    assert listed() == []


def test_the_desk_tells_what_is_missing_and_takes_a_file(make_order: MakeOrder, cast: Cast, sign_in: SignIn) -> None:
    make_order()
    client = sign_in(cast.secretary)
    page = open_page(client, "/admin/districts/")
    assert "Списка ещё нет" in page.text and "ГБДОУ детский сад № 145 (1)" in page.text
    token = csrf_token(client, "/admin/districts/")

    def send(text: str, **form: str):
        data = {"csrf_token": token, "file": (io.BytesIO(text.encode()), "districts.csv"), **form}
        return client.post("/admin/districts/", data=data)

    assert client.post("/admin/districts/", data={"csrf_token": token}).status_code == 422
    assert send("Школа").status_code == 409
    assert send(LIST).status_code == 303
    assert "ГБОУ СОШ № 45" not in open_page(client, "/admin/districts/").text
    assert send(LIST).status_code == 422  # nobody said that the former list may go
    assert send(LIST, replace="1").status_code == 303
    assert client.get("/admin/districts/districts.csv").text.splitlines()[1:] == [
        *("«Лицей» №1;Береговой", "ГБОУ СОШ № 45;Ясный"),
        *("ГБДОУ детский сад № 145;", "ГБОУ школа № 450;"),
        "СПб ГБПОУ «Музыкальное училище»;",
    ]
    given = client.get("/admin/districts/districts.csv").text
    assert send(given, replace="1").status_code == 303 and len(listed()) == 2  # what has no district is passed over
    with count_queries() as few:
        client.get("/admin/districts/")
    assert few.count < 15
