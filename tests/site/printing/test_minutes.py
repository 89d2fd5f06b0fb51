"""The minutes as a file: what they say, that they are the same each time, a later version with its reason."""

import io
from typing import Any

import pypdf

from attestation.site.printing import press
from attestation.site.printing.minutes import initials, print_minutes

NAMES = ("Председателева Алла Фёдоровна", "Секретарева Анна Петровна", "Голосов Пётр Кириллович", "Ареопагов Иван Ильич")
SEATS = ("chair", "secretary", "member", "member")


def case(number: int, **said: Any) -> dict[str, Any]:
    return {
        "number": number,
        "application": f"2026-{number:06}-1",
        "person": f"Учителева Вера {number}",
        "position": "учитель",
        "organization": "ГБОУ школа № 901",
        "category": "первая",
        "conclusion": "соответствует",
        "came": number == 1,
        "for": [1, 2, 3],
        "against": [],
        "recused": [],
        "tied": False,
        "roll_call": False,
        "put_off": False,
        "decision": "establish",
        "motive": "",
        **said,
    }


def sheet(*cases: dict[str, Any], version: int = 1, reason: str = "") -> dict[str, Any]:
    members = [
        {"id": id, "name": name, "position": "методист", "organization": "Центр", "seat": seat, "stretches": [["15:00", ""]]}
        for id, (name, seat) in enumerate(zip(NAMES, SEATS, strict=True), 1)
    ]
    members[2]["stretches"] = [["15:00", "15:40"], ["15:55", ""]]
    members[3]["stretches"] = []
    told = {
        "edition": "spb-2021-04-13",
        "number": "12-к",
        "held_on": "2026-03-31",
        "place": "Учебная ул., д. 1",
        "opened": "15:00",
        "closed": "16:40",
        "order": "распоряжение № 15-р от 10.03.2026",
        "needed": 3,
        "members": members,
        "presiding": 1,
        "secretary": "Секретарева Анна Петровна",
        "cases": list(cases),
        "signers": [1, 2, 3],
    }
    return {"authority": "Комитет по образованию", "told": told, "version": version, "reason": reason}


def text(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\N{NO-BREAK SPACE}", " ").split())


def test_what_the_minutes_say() -> None:
    refused = {"for": [1], "against": [2, 3], "decision": "refuse", "motive": "Участие не подтверждено.", "roll_call": True}
    tied = {"for": [1, 2], "against": [3, 4], "tied": True, "recused": [[4, "родственник"]]}
    put_off = {"for": [], "against": [], "put_off": True, "decision": "", "motive": "Просит выслушать лично."}
    said = text(print_minutes(sheet(case(1), case(2), case(3, **refused), case(4, **tied), case(5, **put_off))).data)
    for sentence in (
        "Протокол заседания аттестационной комиссии 31 марта 2026 г. № 12-к",
        "с 15:00 до 16:40",
        "распоряжение № 15-р от 10.03.2026, 4 человека",
        "3 из 4; для решения должны голосовать не меньше 3",
        "с 15:00 до 15:40, с 15:55 до конца",
        "не присутствовал(а)",
        "Рассмотрено дел: 5. Установить категорию: 3, отказать: 1, отложено: 1.",
        "Дела 1–2 За: А.Ф. Председателева, А.П. Секретарева, П.К. Голосов. Против: нет.",
        "Дело 3 За: А.Ф. Председателева. Против: А.П. Секретарева, П.К. Голосов.",
        "Самоотвод: И.И. Ареопагов (родственник).",
        "(голоса поровну)",
        "Дело 3, Учителева Вера 3 Участие не подтверждено.",
        "рассмотрение отложено",
    ):
        assert sentence in said, (sentence, said)
    # The sheet of signatures: by role, only those who sign.
    sheet_of_signatures = said.partition("Подписи")[2]
    roles = ["Председатель комиссии А.Ф. Председателева", "Секретарь комиссии А.П. Секретарева", "Член комиссии П.К. Голосов"]
    assert [role in sheet_of_signatures for role in roles] == [True] * 3
    assert "Ареопагов" not in sheet_of_signatures
    assert "Версия" not in said
    assert said.count("педагог присутствует") == 1


def test_a_later_version_says_why() -> None:
    said = text(print_minutes(sheet(case(1), version=2, reason="Голос записан неверно.")).data)
    assert "Версия 2, вместо прежней. Причина: Голос записан неверно." in said
    assert "версия 2" in said


def test_the_same_minutes_are_the_same_bytes_and_tagged() -> None:
    first, second = print_minutes(sheet(case(1))), press.minutes_apart(sheet(case(1)))
    assert (first.data, first.pages) == second
    root = pypdf.PdfReader(io.BytesIO(first.data)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfaid:part" in root["/Metadata"].get_data().decode()


def test_initials() -> None:
    assert initials("Иванова Анна Петровна") == "А. П. Иванова"
    assert initials("Ким Ир") == "И. Ким"
    assert initials("Мадонна") == "Мадонна"
