"""«Жалобы» on the site: what a visitor reads, files and asks; what nobody learns; how often somebody may try."""

import io
import logging
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.admin.acts.complaints import considering
from attestation.models import Application, Complaint, FailedSignIn, Letter
from attestation.site.views import complaints
from attestation.tests.complaints import MORNING, SAID, enter, file, lead, picture, said
from attestation.tests.conftest import Cast

from ...conftest import csrf_token
from ...inspection import OpenedPage, faults, read
from .conftest import Open

NEW = "/complaints/new"


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(complaints, "utc_now", lambda: MORNING)


def sent(client: FlaskClient, key: str = "", **changes: Any) -> Any:
    """Fill in the form and send it."""
    page = client.get(NEW).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    made = re.search(r'name="key" value="([^"]+)"', page)
    assert token and made
    fields = {**SAID, "kinds": ["papers_declined"], "csrf_token": token[1], "key": key or made[1], **changes}
    return client.post(NEW, data=fields, content_type="multipart/form-data")


def opened(answer: Any, code: int) -> OpenedPage:
    assert answer.status_code == code, answer.text
    assert faults(answer.text, "Аттестация педагогов") == []
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    return OpenedPage(answer, read(answer.text)[0])


def asked(client: FlaskClient, number: str, surname: str = "Обидина", code: int = 200) -> OpenedPage:
    answer = client.post("/complaints/status", data={"number": number, "surname": surname})
    assert "Set-Cookie" not in answer.headers
    return opened(answer, code)


# --- The right --------------------------------------------------------------------------------------------------------------


def test_the_right_is_explained_with_its_clauses(open_: Open) -> None:
    page = open_("/complaints/")
    assert page.h1 == "Жалобы"
    links = page.links()
    assert (links["Подать жалобу"], links["Что с моей жалобой"]) == (NEW, "/complaints/status")
    for clause in ("5.1", "5.1.1", "5.1.2", "5.2", "5.3", "5.4.1.1", "5.4.1.2", "5.4.2", "5.6", "5.7", "5.8", "5.9", "5.12"):
        assert links[f"пункт {clause}"] == f"/regulation/{clause}"
    said = page.text.replace("\N{NO-BREAK SPACE}", " ")
    for term in ("Рассмотрение жалобы: 15 рабочих дней с регистрации", "исправить ошибку: 5 рабочих дней с регистрации"):
        assert term in said
    assert "/forms/complaint.pdf" in links.values() and "/forms/complaint.docx" in links.values()


def test_it_is_found_from_every_page_the_regulation_and_the_map(open_: Open, client: FlaskClient) -> None:
    assert open_("/regulation/5.4").links()["Подать жалобу на сайте"] == "/complaints/"
    assert open_("/regulation/section-5").links()["Подать жалобу на сайте"] == "/complaints/"
    assert "Подать жалобу на сайте" not in open_("/regulation/2.15").links()
    assert open_("/status").root.one("footer").one("a", href="/complaints/").text == "Жалобы"
    assert "/complaints/</loc>" in client.get("/sitemap.xml").text


def test_the_oblast_takes_none_here(change_settings: Any, client: FlaskClient) -> None:
    change_settings(procedure="lenobl-2022-03-01")
    assert [client.get(path).status_code for path in ("/complaints/", NEW, "/complaints/status")] == [404] * 3
    assert 'href="/complaints/"' not in client.get("/status").text


# --- The form ---------------------------------------------------------------------------------------------------------------


def test_a_stranger_files_a_complaint(client: FlaskClient) -> None:
    opened(client.get(NEW), 200)
    answer = sent(
        client,
        papers=[(io.BytesIO(picture()), "справка.jpg"), (io.BytesIO(picture() + b""), "вторая.jpg")],
        electronic_answer="yes",
    )
    assert answer.status_code == 303, answer.text
    made = Complaint.get()
    assert (made.person, made.electronic_answer, made.author_id) == ("Обидина Вера Павловна", True, None)
    assert [one.name for one in made.files] == ["справка.jpg", "вторая.jpg"]
    page = opened(client.get(answer.location), 200)
    assert page.main.one("h2", id="number").text == f"№ {made.number}"
    assert "не позднее 11 марта 2026 года (пункт 5.5)" in page.text
    assert "Обидина" not in page.text


def test_the_same_press_twice(client: FlaskClient) -> None:
    key = "b" * 32
    first, second = sent(client, key), sent(client, key)
    assert (first.status_code, second.status_code, first.location) == (303, 303, second.location)
    assert (Complaint.select().count(), Letter.select().count()) == (1, 1)


def test_what_was_typed_stays_beside_what_is_wrong(client: FlaskClient) -> None:
    page = opened(sent(client, surname="", kinds=[], respondent="head"), 422)
    summary = page.main.one("div", class_="wrong")
    assert {link.attributes["href"] for link in summary.all("a")} == {"#surname", "#kinds"}
    assert page.title.startswith("Ошибка: ")
    assert page.main.one("textarea", id="arguments").text == SAID["arguments"]
    assert page.main.one("input", id="name").attributes["value"] == "Вера"
    checked = [one.attributes["value"] for one in page.main.all("input") if "checked" in one.attributes]
    assert checked == ["head"]
    assert page.main.one("input", id="surname").attributes["aria-describedby"] == "h-surname e-surname"
    assert not Complaint.select().exists() and not FailedSignIn.select().exists()


def test_markup_in_what_is_typed_stays_text(client: FlaskClient) -> None:
    page = opened(sent(client, surname="", subject="</textarea><script>alert(1)</script>"), 422)
    assert page.main.one("textarea", id="subject").text == "</textarea><script>alert(1)</script>"


def test_a_bad_file_is_told_and_leaves_nothing(client: FlaskClient) -> None:
    page = opened(sent(client, papers=[(io.BytesIO(b"MZ\0\0"), "жалоба.pdf")]), 422)
    assert "Файл «жалоба.pdf» не принят: по содержанию это программа" in page.main.one("div", class_="wrong").text
    assert not Complaint.select().exists() and not FailedSignIn.select().exists()


def test_a_representative_without_the_document(client: FlaskClient) -> None:
    page = opened(sent(client, representative="Заступин И.И.", authority="доверенность № 4"), 422)
    assert page.main.one("p", id="e-scan").text == "Приложите документ, по которому действует представитель."


def test_a_request_larger_than_all_files_together(client: FlaskClient) -> None:
    answer = client.post(NEW, data={"papers": (io.BytesIO(b"x" * (50 * 1024 * 1024)), "том.pdf")})
    assert answer.status_code == 413 and "приложите меньше файлов" in answer.text


def test_nobody_files_one_after_another(client: FlaskClient) -> None:
    for sign in "12345":
        assert sent(client, sign * 32).status_code == 303
    page = opened(sent(client, "6" * 32), 429)
    assert "Слишком много жалоб подряд" in page.text and int(page.answer.headers["Retry-After"]) > 0
    assert page.main.one("textarea", id="arguments").text == SAID["arguments"]
    assert Complaint.select().count() == 5


def test_a_form_of_a_session_that_ended_keeps_what_was_typed(client: FlaskClient) -> None:
    page = opened(client.post(NEW, data={**SAID, "kinds": "fee", "key": "c" * 32, "csrf_token": "stale"}), 400)
    assert "Сеанс закончился" in page.main.one("div", class_="wrong").text
    assert page.main.one("textarea", id="arguments").text == SAID["arguments"]
    assert "checked" in page.main.one("input", value="fee").attributes
    assert not Complaint.select().exists()
    fields = {one.attributes["name"]: one.attributes["value"] for one in page.main.all("input", type="hidden")}
    again = client.post(NEW, data={**SAID, "kinds": "fee", **fields})
    assert (again.status_code, Complaint.get().token) == (303, "c" * 32)


def test_a_teacher_finds_what_the_cabinet_knows(app: Flask, cast: Cast, sign_in: Any) -> None:
    asked_for = {"edition": "spb-2021-04-13", "channel": "portal", "status": "received", "filed_on": MORNING.date()}
    who = {"surname": "Оценкина", "name": "Мария", "home_address": "г. Образцов, Тихая ул., д. 5"}
    mine = Application.create(**asked_for, **who, number="2026-000001-5", applicant=cast.expert, position="Учитель")
    other = Application.create(**asked_for, number="2026-000002-8", applicant=cast.leader, position="Учитель")
    client = sign_in(cast.expert)
    page = opened(client.get(f"{NEW}?application={mine.id}"), 200)
    assert page.main.one("input", id="surname").attributes["value"] == "Оценкина"
    assert page.main.one("input", id="residence").attributes["value"] == "г. Образцов, Тихая ул., д. 5"
    options = {
        one.attributes["value"]: "selected" in one.attributes for one in page.main.one("select", id="application").all("option")
    }
    assert options == {"": False, str(mine.id): True}
    token = csrf_token(client, NEW)
    fields = {**SAID, "kinds": "fee", "csrf_token": token}
    assert client.post(NEW, data={**fields, "key": "d" * 32, "application": str(mine.id)}).status_code == 303
    made = Complaint.get()
    assert (made.author_id, made.application_id) == (cast.expert.id, mine.id)
    assert client.post(NEW, data={**fields, "key": "e" * 32, "application": str(other.id)}).status_code == 303
    assert Complaint.get(Complaint.token == "e" * 32).application_id is None


def test_a_page_that_nobody_was_sent_to(client: FlaskClient) -> None:
    assert client.get("/complaints/accepted/" + "f" * 32).status_code == 404


def test_a_complaint_from_paper_has_no_such_page(client: FlaskClient, cast: Cast) -> None:
    enter(cast.complaints)
    assert client.get("/complaints/accepted/None").status_code == 404


# --- What became of it ------------------------------------------------------------------------------------------------------


def test_who_knows_number_and_surname_learns_where_it_stands_and_by_when(
    client: FlaskClient, cast: Cast, settings: Any
) -> None:
    made = lead(file(settings.complaints_dir), "registered", cast.complaints, settings.complaints_dir)
    page = asked(client, f" {made.number.lower()} ", " обидина ")
    stage = page.main.one("section", class_="accepted")
    assert stage.one("h2").text == "Зарегистрирована"
    assert "до 17 марта 2026 года (пункт 5.5)" in stage.text
    assert not [word for word in ("Вера", "Кассирова", "заявление по почте", "Тихая") if word in page.text]


def test_what_is_over(client: FlaskClient, cast: Cast, settings: Any) -> None:
    made = lead(file(settings.complaints_dir), "unanswerable", cast.complaints, settings.complaints_dir)
    considering.notify(made, by=cast.complaints, on=MORNING)
    stage = asked(client, made.number).main.one("section", class_="accepted")
    assert stage.one("h2").text == "Оставлена без ответа" and "Ближайший срок" not in stage.text


def test_a_wrong_surname_is_as_a_number_that_was_never_given(client: FlaskClient, settings: Any) -> None:
    made, never = file(settings.complaints_dir), "Ж-2026-000077-3"
    wrong = asked(client, made.number, "Кляксина", 404)
    other = asked(client, never, "Кляксина", 404)
    assert "Жалобы с таким номером и фамилией нет." in wrong.text
    assert wrong.answer.text.replace(made.number, "") == other.answer.text.replace(never, "")


def test_nobody_asks_for_a_nameless_one(client: FlaskClient, cast: Cast) -> None:
    made = enter(cast.complaints, contents=said(surname=""))
    asked(client, made.number, "-", 404)


def test_what_is_no_number_is_no_try(client: FlaskClient) -> None:
    page = asked(client, "2026", code=422)
    assert "Ж-2026-000012-4" in page.main.one("p", id="e-number").text
    assert asked(client, "Ж-2026-000001-5", " ", 422).main.one("p", id="e-surname").text
    assert not FailedSignIn.select().exists()


def test_surnames_are_not_guessed(client: FlaskClient, settings: Any) -> None:
    made = file(settings.complaints_dir)
    for number in range(5):
        asked(client, made.number, f"Кляксин{'а' * number}", 404)
    assert asked(client, made.number, code=429).answer.headers["Retry-After"]


def test_nothing_typed_is_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    # Debugging of the database is never on where people work.
    with caplog.at_level(logging.INFO):
        sent(client)
        asked(client, Complaint.get().number)
    assert not [word for word in ("Обидина", "Кассирова", "Тихая") if word in caplog.text]
