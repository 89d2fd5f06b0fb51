"""Subscribing on the site: the form, the links of letters, the button of mail programs."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from attestation.models import Letter, Subscriber, Subscription

from ...conftest import MakeOrder, csrf_token
from ...inspection import open_page
from .conftest import Open

FORM = "/subscribe"
SITE = "http://127.0.0.1:8000"
Index = Callable[[], None]


def send(client: FlaskClient, path: str = FORM, **form: str):
    return client.post(path, data={"csrf_token": csrf_token(client, path), **form})


def link(kind: str) -> str:
    """The address of this kind in the last letter."""
    body = Letter.select().order_by(Letter.id.desc()).get().body
    pattern = {"confirm": r"/subscribe/confirm/\S+", "stop": r"/subscribe/\S+/stop"}[kind]
    return re.search(SITE + f"({pattern})", body)[1]


def subscribed(client: FlaskClient) -> str:
    """Subscribe and confirm; the address of the mailbox's page."""
    send(client, kind="orders", email="anna@example.org")
    address = link("confirm")
    answer = client.post(address, data={"csrf_token": csrf_token(client, address)})
    assert answer.status_code == 303
    return answer.location.partition("?")[0]


def test_from_the_form_to_the_page_of_the_mailbox(client: FlaskClient, open_: Open) -> None:
    assert open_(FORM).h1 == "Подписка на распоряжения"
    answer = send(client, kind="orders", email="anna@example.org")
    assert (answer.status_code, answer.location) == (303, "/subscribe/sent")
    assert "anna" not in open_("/subscribe/sent").text
    address = link("confirm")
    page = open_page(client, address)
    assert "Новые распоряжения" in page.text and Subscription.get().confirmed_at is None  # programs open links
    answer = client.post(address, data={"csrf_token": csrf_token(client, address)})
    own = open_page(client, answer.location)
    assert own.main.one("p", class_="notice").text == "Подписка подтверждена: о новом напишем."
    assert open_page(client, address, 410).h1 == "Ссылка не действует"
    assert client.post(address, data={"csrf_token": csrf_token(client, FORM)}).status_code == 410
    for path in (address, answer.location, link("stop"), "/subscribe/sent"):
        headers = client.get(path).headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_the_answer_is_the_same_whoever_is_subscribed(client: FlaskClient) -> None:
    subscribed(client)
    answers = [send(client, kind="orders", email=f"{name}@example.org") for name in ("anna", "boris")]
    assert answers[0].data == answers[1].data
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/subscribe/sent")}


def test_it_shows_what_the_archive_finds_by_the_organisation(
    client: FlaskClient, make_order: MakeOrder, index: Index, open_: Open
) -> None:
    make_order()
    index()
    page = open_(FORM + "?kind=organization&words=сад+145")
    notice = page.main.one("div", class_="notice")
    assert notice.one("p").text == "Сейчас в архиве по этим словам 1 решение:"
    assert [line.text for line in notice.all("li")] == ["ГБДОУ детский сад № 145"]
    looked = send(client, kind="organization", words="сош 45", email="", look="1")
    assert looked.status_code == 200 and "ГБОУ СОШ № 45" in looked.text.replace("\xa0", " ")
    assert Subscriber.select().count() == 0
    assert send(client, kind="organization", words="сад 145", email="anna@example.org").status_code == 303
    assert Subscription.get().words == "сад 145"


def test_an_organisation_that_is_not_there_yet_is_asked_about_twice(
    client: FlaskClient, make_order: MakeOrder, index: Index
) -> None:
    make_order()
    index()
    values = {"kind": "organization", "words": "лицей 999", "email": "anna@example.org"}
    first = send(client, **values)
    assert first.status_code == 422 and "Подписаться всё равно" in first.text and 'value="anna@example.org"' in first.text
    assert Subscriber.select().count() == 0
    assert send(client, **values, anyway="1").status_code == 303


def test_a_person_is_no_organisation(client: FlaskClient, make_order: MakeOrder, index: Index) -> None:
    make_order()
    index()
    answer = send(client, kind="organization", words="Иванова", email="anna@example.org")
    assert answer.status_code == 422 and "такой организации нет" in answer.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"kind": "orders", "email": ""}, "Укажите адрес электронной почты."),
        ({"kind": "orders", "email": "<b>"}, "Проверьте адрес"),
        ({"kind": "organization", "words": "", "email": "a@example.org"}, "Заполните поле «Организация»."),
        ({"kind": "organization", "words": "13.04.2021", "email": "a@example.org"}, "Назовите организацию"),
        ({"kind": "everything", "email": "a@example.org"}, "Выберите, о чём писать."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client: FlaskClient, form: dict[str, str], said: str) -> None:
    answer = send(client, **form)
    assert answer.status_code == 422 and said in answer.text
    if form["email"] == "a@example.org":
        assert 'value="a@example.org"' in answer.text
    assert Letter.select().count() == 0


def test_a_mailbox_is_spared_letters(client: FlaskClient) -> None:
    for _ in range(5):
        assert send(client, kind="orders", email="anna@example.org").status_code == 303
    refused = send(client, kind="changes", email=" Anna@example.org")
    assert refused.status_code == 429 and "Слишком много писем подряд" in refused.text
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert Letter.select().count() == 5
    assert send(client, kind="orders", email="boris@example.org").status_code == 303


def test_one_subscription_is_ended_and_then_all(client: FlaskClient) -> None:
    own = subscribed(client)
    mine = Subscription.get()
    Subscription.create(subscriber=mine.subscriber, kind="changes", asked_at=mine.asked_at, confirmed_at=mine.asked_at)
    page = open_page(client, own)
    assert len(page.main.one("ul", class_="subscriptions").all("li")) == 2
    token = csrf_token(client, own)
    assert client.post(own, data={"csrf_token": token, "subscription": "x"}).status_code == 400
    assert client.post(own, data={"subscription": str(mine.id)}).status_code == 400  # forged
    answer = client.post(own, data={"csrf_token": token, "subscription": str(mine.id)})
    assert "От этой подписки вы отказались." in open_page(client, answer.location).text
    assert [one.kind for one in Subscription.select()] == ["changes"]
    assert client.post(own + "/stop", data={"csrf_token": token}).status_code == 200
    assert open_page(client, own).h1 == "Подписок нет"
    assert Subscriber.select().count() == 0


def test_the_button_of_a_mail_program_ends_all_without_cookie_or_token(app, client: FlaskClient) -> None:
    own = subscribed(client)
    assert open_page(client, own + "/stop").h1 == "Отказ от писем"
    assert Subscriber.select().count() == 1  # opening is not pressing
    program = app.test_client()
    for _ in range(2):
        answer = program.post(own + "/stop", data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, Subscriber.select().count()) == (200, 0)


@pytest.mark.parametrize("key", ["1-00", "abc", "1", "-", "1-" + "0" * 64])
def test_a_forged_address_shows_and_ends_nothing(client: FlaskClient, key: str) -> None:
    subscribed(client)
    assert open_page(client, f"/subscribe/{key}").h1 == "Подписок нет"
    client.post(f"/subscribe/{key}/stop")
    assert Subscription.select().count() == 1


def test_the_page_of_a_mailbox_costs_the_same_however_much_it_has(client: FlaskClient) -> None:
    own = subscribed(client)
    mine = Subscription.get()
    for number in range(15):
        values = {"kind": "organization", "words": f"школа {number}", "asked_at": mine.asked_at, "confirmed_at": mine.asked_at}
        Subscription.create(subscriber=mine.subscriber, **values)
    client.get(own)
    with assert_query_count(2):
        client.get(own)
