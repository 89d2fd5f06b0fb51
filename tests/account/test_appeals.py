"""«Жалобы и запросы» of the cabinet: one's own alone, where they stand, nothing of what they say."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.admin.acts.complaints import considering
from attestation.models import Complaint, Correction, User
from attestation.site.corrections import filing
from attestation.site.views.account import cases
from attestation.tests.complaints import MORNING, SAID, SPB, enter, file, said
from attestation.tests.conftest import Cast
from attestation.tests.inspection import open_page

SignIn = Callable[[User], FlaskClient]
PAGE = "/account/appeals"
ASKED = {
    "full_name": "Опечаткина Вера",
    "phone": "1",
    "order_number": "7-р",
    "order_on": "02.03.2026",
    "errors": "Не та школа.",
}
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "utc_now", lambda: MORNING)


def ask(by: User | None, token: str = "c" * 32) -> Correction:
    return filing.submit(ASKED, token=token, edition=SPB, by=by, on=MORNING)


def cards(page: Any) -> list[str]:
    return [" ".join(card.text.split()) for card in page.main.all("li", class_="panel")]


def test_what_one_sent_and_where_it_stands(sign_in: SignIn, cast: Cast, settings: Any) -> None:
    complaint = file(settings.complaints_dir, by=cast.publisher)
    considering.register(complaint, kinds=["papers_declined"], respondent="institution", by=cast.complaints, on=MORNING)
    request = ask(cast.publisher)
    page = open_page(sign_in(cast.publisher), PAGE)
    assert sorted(cards(page)) == [
        "Жалоба № Ж-2026-000001-5 СостояниеЗарегистрирована Ближайший срок17 марта 2026 года:"
        " рассмотрение жалобы на отказ принять документы или исправить ошибку (пункт 5.5) Отправлено10 марта 2026 года",
        f"Запрос об исправлении {request} СостояниеПоступил Отправлено10 марта 2026 года",
    ]
    assert page.links()[f"Запрос об исправлении {request}"] == f"/corrections/{request.token}"
    said_in_it = (*SAID.values(), *ASKED.values())
    assert not [words for words in said_in_it if len(words) > 3 and words in page.text]


def test_nobody_else_s_and_nothing_sent_from_elsewhere(sign_in: SignIn, cast: Cast, settings: Any) -> None:
    """The address in a form proves nothing: anybody may type it. Whoever entered a paper is not its author."""
    file(settings.complaints_dir, by=cast.editor)
    file(settings.complaints_dir, token="b" * 32, contents=said(email=cast.complaints.email or "x@example.org"))
    enter(cast.complaints)
    ask(cast.editor)
    ask(None, "d" * 32)
    page = open_page(sign_in(cast.complaints), PAGE)
    assert cards(page) == []
    assert "Отсюда вы ещё ничего не отправляли." in page.text
    assert (Complaint.select().count(), Correction.select().count()) == (3, 2)


def test_the_list_costs_the_same_however_long(sign_in: SignIn, cast: Cast, settings: Any) -> None:
    client = sign_in(cast.publisher)
    costs = []
    for letter in "abc":
        file(settings.complaints_dir, by=cast.publisher, token=letter * 32)
        ask(cast.publisher, letter * 32)
        with count_queries() as counter:
            assert len(cards(open_page(client, PAGE))) == 2 * (len(costs) + 1)
        costs.append(counter.count)
    assert costs[1] == costs[2] <= MOST_QUERIES


def test_the_oblast_takes_none_here(change_settings: Any, sign_in: SignIn, cast: Cast) -> None:
    change_settings(procedure="lenobl-2022-03-01")
    client = sign_in(cast.publisher)
    assert client.get(PAGE).status_code == 404
    assert PAGE not in open_page(client, "/account/").links().values()
