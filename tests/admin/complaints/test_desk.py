"""The desk «Жалобы»: list, filters, the page of a complaint and its moves, files and letters, what others see of it all."""

import io
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.admin.acts.complaints import deciding
from attestation.admin.desk.complaints import desk, pages, steps
from attestation.models import Complaint, ComplaintFile, DecisionAct, JournalEntry, User
from attestation.procedure.words import Role
from attestation.tests.admin.conftest import send
from attestation.tests.complaints import AUTHORITY, LINES, MORNING, SAID, enter, file, lead, picture, said, write
from attestation.tests.conftest import Cast
from attestation.tests.inspection import open_page

DESK = "/admin/complaints/"
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def database_url(tmp_path: Any, sqlite_template: Any) -> str:
    """The acts were tried on both kinds of database: the embedded one is enough for pages."""
    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (desk, pages, steps):
        monkeypatch.setattr(module, "utc_now", lambda: MORNING)


@pytest.fixture
def officer(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.complaints)


def rows(page: Any) -> list[str]:
    return [row.one("th").text for row in page.main.all("tbody")[0].all("tr")] if page.main.all("tbody") else []


def test_the_list_by_term_with_filters_and_search(officer: FlaskClient, cast: Cast, settings: Any) -> None:
    place = settings.complaints_dir
    closed = lead(enter(cast.complaints, contents=said("fee")), "refused", cast.complaints, place)
    deciding.answer(closed, authority=AUTHORITY, folder=place, by=cast.complaints, on=MORNING)
    waiting = enter(cast.complaints, contents=said(surname="Ёлкина", organization="ГБОУ школа № 7"))
    assert rows(open_page(officer, DESK)) == [str(waiting), str(closed)]
    for query, found in {
        "status=answered": [str(closed)],
        "kind=papers_declined": [str(waiting)],
        "term=none": [str(closed)],
        "term=week": [str(waiting)],
        "term=overdue": [],
        "channel=mfc": [],
        "search=елкина": [str(waiting)],
        "search=школа": [str(waiting)],
        f"search={waiting.number}": [str(waiting)],
        "search=Никто": [],
        "status=nonsense": [str(waiting), str(closed)],
    }.items():
        assert rows(open_page(officer, f"{DESK}?{query}")) == found, query


def test_the_list_costs_the_same_however_long(officer: FlaskClient, cast: Cast) -> None:
    def cost() -> int:
        with count_queries() as counter:
            assert officer.get(DESK).status_code == 200
        return counter.count

    enter(cast.complaints)
    one = cost()
    for _ in range(5):
        enter(cast.complaints)
    assert cost() == one < 20


def test_paper_is_entered_and_its_scan_attached(officer: FlaskClient, cast: Cast) -> None:
    page = open_page(officer, f"{DESK}enter")
    assert page.h1 == "Внести жалобу с бумаги"
    answer = send(officer, f"{DESK}enter", channel="post", received_on="2026-03-10", email="нет", kinds="fee", respondent="")
    assert answer.status_code == 422 and "Проверьте адрес электронной почты" in answer.text
    fields = {"channel": "post", "received_on": "2026-03-10", "surname": "Обидина", "kinds": "fee", "respondent": ""}
    answer = send(officer, f"{DESK}enter", **fields)
    made = Complaint.get()
    assert (answer.status_code, made.surname, made.status) == (302, "Обидина", "received")
    answer = send(officer, f"{DESK}{made.id}/files", kind="scan")
    assert answer.status_code == 422 and "Выберите файл." in answer.text
    answer = send(officer, f"{DESK}{made.id}/files", kind="scan", file=(io.BytesIO(picture()), "жалоба.jpg"))
    assert answer.status_code == 302
    kept = ComplaintFile.get()
    shown = officer.get(f"{DESK}files/{kept.id}")
    assert (shown.data, shown.headers["Cache-Control"]) == (picture(), "no-store")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert JournalEntry.select().where(JournalEntry.verb == "complaint_read_file").count() == 1


def test_from_registration_to_the_signed_act(officer: FlaskClient, cast: Cast, settings: Any) -> None:
    made = file(settings.complaints_dir)
    address = f"{DESK}{made.id}/"
    page = open_page(officer, address)
    assert page.links()["Зарегистрировать"] == f"{address}do/register"
    register = open_page(officer, f"{address}do/register")
    checked = {one.attributes["value"] for one in register.main.all("input") if "checked" in one.attributes}
    assert checked == {"papers_declined", "institution"}
    assert send(officer, f"{address}do/register", kinds="papers_declined", respondent="institution").status_code == 302
    assert send(officer, f"{address}do/take_up").status_code == 302
    draft = open_page(officer, f"{address}do/write_act")
    assert SAID["subject"] in draft.main.one("textarea", id="against").text
    assert "Правительство Санкт-Петербурга" in draft.main.one("input", id="higher_authority").attributes["value"]
    assert officer.get(f"{address}act.pdf").status_code == 409
    assert send(officer, f"{address}do/write_act", outcome="grant", ground="", **LINES).status_code == 302
    page = open_page(officer, address)
    assert page.links()["Назвать меру и её срок"] == f"{address}do/plan_remedy"
    assert "Подписать акт: удовлетворить – пока невозможно: не названо ни одной меры" in page.text
    assert "Подписать акт: отказать" not in page.text
    assert officer.get(f"{address}act.pdf").data.startswith(b"%PDF-")
    plan = open_page(officer, f"{address}do/plan_remedy")
    assert plan.main.one("input", id="due_on").attributes["value"] == "2026-03-17"
    fields = {"title": "Принять заявление", "responsible": "отдел", "due_on": "2026-03-16"}
    assert send(officer, f"{address}do/plan_remedy", **fields).status_code == 302
    sign = open_page(officer, f"{address}do/grant")
    assert sign.main.one("input", id="number").attributes["value"] == "1"
    assert send(officer, f"{address}do/grant", number="1", decided_on="2026-03-10").status_code == 302
    page = open_page(officer, address)
    assert page.main.one("h2", id="act").text == "Акт № 1 от 10.03.2026"
    answer = open_page(officer, f"{address}do/answer_granted")
    assert "Принять заявление: до 16.03.2026, отдел" in answer.text
    assert send(officer, f"{address}do/answer_granted").status_code == 302
    kept = ComplaintFile.get(ComplaintFile.kind == "answer")
    letter = officer.get(f"{address}letters/complaint_granted.pdf")
    assert (letter.status_code, letter.location) == (302, f"{DESK}files/{kept.id}")
    assert officer.get(f"{address}letters/complaint_refused.pdf").status_code == 404
    assert officer.get(f"{address}letters/complaint_registered.pdf").data.startswith(b"%PDF-")


def test_an_old_screen_and_a_move_out_of_turn(officer: FlaskClient, cast: Cast, settings: Any) -> None:
    made = enter(cast.complaints)
    address = f"{DESK}{made.id}/do/"
    old = send(officer, f"{address}link", application="", order_number="", order_year="", version="77")
    assert old.status_code == 409 and "уже изменена" in old.text
    assert "сейчас невозможно" in open_page(officer, f"{address}close").text
    assert officer.get(f"{address}praise").status_code == 404
    assert officer.get(f"{address}submit").status_code == 404


@pytest.mark.parametrize("role", [Role.CHAIR, Role.CONTROLLER])
def test_whoever_leads_reads_and_does_nothing(sign_in: SignIn, cast: Cast, settings: Any, role: Role) -> None:
    made = lead(file(settings.complaints_dir), "considered", cast.complaints, settings.complaints_dir)
    write(made, cast.complaints)
    page = open_page(sign_in(cast.of(role)), f"{DESK}{made.id}/")
    assert SAID["arguments"] in page.text and "Что дальше" not in page.text
    assert not [link for link in page.links().values() if "/do/" in link or link.endswith(("/files", "act.pdf"))]


def test_nobody_else_learns_of_it(sign_in: SignIn, cast: Cast, settings: Any) -> None:
    """An administrator reads the journal and the log of letters: neither tells who complained of what."""
    made = lead(file(settings.complaints_dir), "registered", cast.complaints, settings.complaints_dir)
    admin = sign_in(cast.admin)
    assert admin.get(f"{DESK}{made.id}/").status_code == 403
    told = (
        open_page(admin, "/admin/journal/").text + open_page(admin, "/admin/letters/").text + open_page(admin, "/admin/").text
    )
    assert f"Жалоба {made.id}" in told
    assert not [word for word in ("Обидина", "obidina", "Кассирова", made.number) if word in told]
    letter = made.letters.get()
    assert admin.get(f"/admin/letters/{letter.id}/").status_code == 404


def test_what_waits_stands_on_the_first_page_and_today(officer: FlaskClient, cast: Cast, settings: Any) -> None:
    made = enter(cast.complaints)
    for path in ("/admin/", "/admin/today/"):
        panel = open_page(officer, path).main.one("section", aria_labelledby="waiting-complaints")
        assert panel.one("a").attributes["href"] == f"{DESK}{made.id}/"
        assert "Регистрация жалобы, пункт 5.5" in panel.text


def test_garbage_in_what_is_sent(officer: FlaskClient, cast: Cast) -> None:
    made = enter(cast.complaints)
    address = f"{DESK}{made.id}/do/register"
    for fields in ({"kinds": "\0"}, {"respondent": "x" * 5000}, {"kinds": "fee", "respondent": ""}):
        assert send(officer, address, **fields).status_code in (409, 422)
    assert officer.get(f"{DESK}99999999999999/").status_code == 404
    assert officer.get(f"{DESK}files/99999999999999").status_code == 404
    assert Complaint.get().status == "received" and not DecisionAct.select().exists()


def test_a_script_in_a_complaint_stays_text(officer: FlaskClient, cast: Cast) -> None:
    made = enter(cast.complaints, contents=said(subject="<script>alert(1)</script>"))
    assert "<script>alert(1)</script>" in open_page(officer, f"{DESK}{made.id}/").text
