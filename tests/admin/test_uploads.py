"""Import through the screens: a dry run that changes nothing, then all rows or none; what was checked is what is imported."""

import datetime as dt
import io
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from attestation.admin.acts import orders
from attestation.models import Order, Ruling, User
from attestation.site.settings import Settings
from attestation.tests.conftest import NOON, Cast, csrf_token
from attestation.tests.inspection import OpenedPage, open_page

from .conftest import ROWS, draft, everything, send
from .test_rows import BROKEN, HEADER, LINES, text, xlsx

SignInAs = Callable[[User], FlaskClient]


def put(client: FlaskClient, order: Order, data: bytes, name: str = "rows.xlsx", **fields: Any) -> TestResponse:
    """Choose a file and send it."""
    path = f"/admin/orders/{order.id}/import/"
    form = {"file": (io.BytesIO(data), name), "mode": "append", "csrf_token": csrf_token(client, path), **fields}
    return client.post(path, data=form, content_type="multipart/form-data")


def told(page: OpenedPage) -> dict[str, str]:
    """The list of facts on a page."""
    facts = page.main.one("dl")
    return {name.text: value.text for name, value in zip(facts.all("dt"), facts.all("dd"), strict=True)}


def kept_files(settings: Settings) -> list[Path]:
    folder = settings.data_dir / "imports"
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(
    ("data", "name"), [(xlsx(HEADER, *LINES), "rows.xlsx"), (text(HEADER, *LINES, encoding="cp1251"), "rows.csv")]
)
def test_dry_run_then_all(app: Flask, cast: Cast, sign_in: SignInAs, settings: Settings, data: bytes, name: str) -> None:
    order = draft(cast.secretary, ROWS[1:2])
    client = sign_in(cast.secretary)
    before = everything()
    checked = put(client, order, data, name)
    assert checked.status_code == 303
    page = open_page(client, checked.location)
    assert told(page) == {
        "Строк в файле": "2",
        "Категория первая": "1",
        "Отказов": "1",
        "Уже в распоряжении": "1",
        "Станет строк": "3",
    }
    assert everything() == before
    (file,) = kept_files(settings)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    done = send(client, checked.location)
    assert (done.status_code, done.location) == (302, f"/admin/orders/{order.id}/")
    assert [row.surname for row in orders.rows_of(order)] == ["Соловьёва", "Иванова", "Отказова"]
    assert kept_files(settings) == []


def test_replacing_all_rows(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    order = draft(cast.secretary)
    client = sign_in(cast.secretary)
    checked = put(client, order, text(HEADER, *LINES), "a.csv", mode="replace")
    facts = told(open_page(client, checked.location))
    assert (facts["Будет удалено строк"], facts["Станет строк"]) == ("3", "2")
    assert send(client, checked.location).status_code == 302
    assert [row.surname for row in orders.rows_of(order)] == ["Иванова", "Отказова"]


def test_every_bad_line_is_listed_and_nothing_imported(app: Flask, cast: Cast, sign_in: SignInAs, settings: Settings) -> None:
    order = draft(cast.secretary, ROWS[:1])
    bad = (LINES[0], ("2", "Ким", "", "", "учитель", "школа", "третья", "установить"), LINES[1], LINES[1])
    before = everything()
    answer = put(sign_in(cast.secretary), order, text(HEADER, *bad), "a.csv")
    assert answer.status_code == 422
    rows = re.findall(r'<th scope="row"[^>]*>(\d+)</th><td[^>]*>([^<]+)</td>', answer.text)
    assert [(line, told.replace("&#34;", '"')) for line, told in rows] == [
        ("2", "Иванова Мария Петровна: уже есть в распоряжении, строка 1."),
        ("3", "Заполните поле «Имя». Категория «третья» не бывает: нужно «первая» или «высшая»."),
        ("5", "Отказова Нина: уже есть в строке 4 файла (та же должность и организация)."),
    ]
    assert everything() == before
    assert kept_files(settings) == []


@pytest.mark.parametrize(
    ("name", "data", "status", "told"),
    [
        ("broken.xlsx", xlsx(HEADER, *LINES)[:900], 422, BROKEN),
        ("big.csv", b"a" * (5 * 1024 * 1024 + 1), 413, "Файл больше 5 МБ: разделите его на части."),
        ("huge.csv", b"a" * (10 * 1024 * 1024), 413, "Уменьшите файл или разделите его на части и отправьте снова."),
        ("zeros.csv", bytes(1000), 422, "Файл пуст: выберите файл со строками приложения."),
        ("", b"", 422, "Выберите файл со строками приложения."),
    ],
)
def test_bad_files(app: Flask, cast: Cast, sign_in: SignInAs, name: str, data: bytes, status: int, told: str) -> None:
    order = draft(cast.secretary)
    before = everything()
    answer = put(sign_in(cast.secretary), order, data, name)
    assert answer.status_code == status
    assert told in answer.text
    assert everything() == before


def test_the_order_changed_meanwhile(app: Flask, cast: Cast, sign_in: SignInAs, settings: Settings) -> None:
    """The confirmation is refused, the checked rows are still there and are checked against the order as it is now."""
    order = draft(cast.secretary, ())
    client = sign_in(cast.secretary)
    at = put(client, order, text(HEADER, *LINES), "a.csv").location
    stale = {"version": str(order.version), "csrf_token": csrf_token(client, at)}
    orders.append_rows(order, [replace(ROWS[1])], by=cast.publisher, on=NOON)
    answer = client.post(at, data=stale)
    assert answer.status_code == 409
    assert "Распоряжение уже изменено другим сотрудником." in answer.text
    assert len(kept_files(settings)) == 1
    assert Ruling.select().count() == 1
    assert send(client, at).status_code == 302
    assert Ruling.select().count() == 3


def test_somebody_added_the_same_person_meanwhile(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    order = draft(cast.secretary, ())
    client = sign_in(cast.secretary)
    at = put(client, order, text(HEADER, *LINES), "a.csv").location
    orders.append_rows(order, [ROWS[0]], by=cast.publisher, on=NOON)
    page = open_page(client, at)
    assert "Строка 2. Иванова Мария Петровна: уже есть в распоряжении, строка 1." in page.text
    assert page.main.all("button") == []


def test_signed_meanwhile(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    order = draft(cast.secretary)
    client = sign_in(cast.secretary)
    at = put(client, order, text(HEADER, ("1", "Ким", "Ян", "", "у", "ш", "первая", "да")), "a.csv").location
    form = {"version": str(order.version), "csrf_token": csrf_token(client, at)}
    orders.sign(order, signed_on=dt.date(2026, 3, 2), by=cast.publisher, on=NOON)
    assert client.post(at, data=form | {"version": str(order.version)}).status_code == 409
    assert Ruling.select().count() == 3


def test_a_token_is_for_one_person_and_one_order(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    order, other = draft(cast.secretary, ()), draft(cast.secretary, ())
    client = sign_in(cast.secretary)
    at = put(client, order, text(HEADER, *LINES), "a.csv").location
    assert sign_in(cast.publisher).get(at).status_code == 410
    assert client.get(at.replace(f"/{order.id}/", f"/{other.id}/")).status_code == 410
    assert client.get(f"/admin/orders/{order.id}/import/{'x' * 32}/").status_code == 410
    assert client.get(f"/admin/orders/{order.id}/import/..%2f..%2fattestation/").status_code in {404, 410}
    assert client.get(at).status_code == 200


def test_confirming_twice(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    order = draft(cast.secretary, ())
    client = sign_in(cast.secretary)
    at = put(client, order, text(HEADER, *LINES), "a.csv").location
    form = {"version": str(order.version), "csrf_token": csrf_token(client, at)}
    assert [client.post(at, data=form).status_code for _ in range(2)] == [302, 410]
    assert Ruling.select().count() == 2


def test_kept_for_two_hours(app: Flask, cast: Cast, sign_in: SignInAs, settings: Settings) -> None:
    order = draft(cast.secretary, ())
    with time_machine.travel(NOON, tick=False) as clock:
        client = sign_in(cast.secretary)
        at = put(client, order, text(HEADER, *LINES), "a.csv").location
        (file,) = kept_files(settings)
        os.utime(file, (NOON.timestamp(), NOON.timestamp()))
        clock.shift(dt.timedelta(hours=1, minutes=59))
        assert client.get(at).status_code == 200
        clock.shift(dt.timedelta(minutes=2))
        gone = client.get(at)
        assert gone.status_code == 410
        assert "Проверенный файл больше не хранится: загрузите его ещё раз." in gone.text
        put(client, order, text(HEADER, *LINES), "a.csv")
        assert file not in kept_files(settings)
        assert len(kept_files(settings)) == 1


def test_five_thousand_rows(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    letters = "абвгдежзик"
    people = [
        (
            "",
            "Ким",
            f"{letters[i // 1000]}{letters[i // 100 % 10]}{letters[i // 10 % 10]}{letters[i % 10]}",
            "",
            "у",
            "ш",
            "1",
            "да",
        )
        for i in range(5000)
    ]
    order = draft(cast.secretary, ())
    client = sign_in(cast.secretary)
    at = put(client, order, xlsx(HEADER, *people), "a.xlsx").location
    assert send(client, at).status_code == 302
    assert Ruling.select().where(Ruling.order == order).count() == 5000
