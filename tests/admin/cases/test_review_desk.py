"""The desk of an expert as pages: the sheet, saving from two windows, the check, signing, uploading, comments, dissent."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.models import Application, Conclusion, Dissent, DissentSignature, JournalEntry, Paper, Review, User
from attestation.procedure.words import CaseRole
from attestation.rubrics import advice
from attestation.site.printing import press
from attestation.tests.admin.cases.sheets import BETWEEN, ENOUGH, LITTLE, good, review, scored, sheet
from attestation.tests.cases import LENOBL, NEGATIVE, SPB, World
from attestation.tests.conftest import csrf_token
from attestation.tests.inspection import OpenedPage, open_page

SignIn = Callable[[User], FlaskClient]
MOST_QUERIES = 30


@pytest.fixture
def database_url(tmp_path, sqlite_template):  # type: ignore[no-untyped-def]
    """Pages do not depend on the kind of database: the acts are tried on both."""
    import shutil

    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


@pytest.fixture
def case(app: Flask, world: World) -> Application:
    """A case of the city under review."""
    return world.walk(world.filled(SPB), "review")


@pytest.fixture
def oblast(app: Flask, world: World) -> Application:
    """A case of the oblast under review."""
    return world.walk(world.filled(LENOBL), "review")


def address(case: Application, rest: str = "review") -> str:
    return f"/admin/cases/{case.id}/{rest}"


def fields(case: Application, rows: dict[str, str], *, version: int | None = None, **words: str) -> dict[str, Any]:
    """The sheet as the page sends it."""
    told = sheet(case, rows)
    return {**told.fields, **told.papers, "version": version or review(case).version, **words}


def send(client: FlaskClient, path: str, page: str = "", /, **data: Any) -> Any:
    return client.post(path, data={"csrf_token": csrf_token(client, page or path), **data})


def ask(client: FlaskClient, path: str) -> OpenedPage:
    return open_page(client, path)


# --- The sheet --------------------------------------------------------------------------------------------------------------


def test_the_folder_stands_beside_the_form(world: World, case: Application, sign_in: SignIn) -> None:
    page = ask(sign_in(world.cast.expert), address(case))
    assert page.h1 == f"Экспертиза № {case.number}"
    papers = list(Paper.select().where(Paper.application == case).order_by(Paper.number))
    files = {link.attributes["href"] for link in page.main.one("ol", class_="papers-list").all("a")}
    assert files == {f"/account/files/{paper.files[0].id}" for paper in papers}
    # What the teacher has tied to the row stands first.
    choice = page.root.one("select", id="p-2.1")
    told = [group.attributes["label"] for group in choice.all("optgroup")]
    assert told == ["Педагог указал к этой строке", "Остальная опись"]
    assert [option.text for option in choice.all("option")] == [
        "Не выбран",
        "2. Диплом победителя конкурса",
        "1. Приказ о поощрении",
    ]
    assert "+7 900" not in page.text
    assert JournalEntry.select().where(JournalEntry.verb == "read_folder", JournalEntry.user == world.cast.expert).count() == 1


def test_saved_without_a_script_it_is_counted_and_shown_again(world: World, case: Application, sign_in: SignIn) -> None:
    client = sign_in(world.cast.expert)
    answer = send(client, address(case), **fields(case, ENOUGH, outcome="positive", recommendations="Делиться опытом."))
    assert (answer.status_code, answer.location) == (303, address(case))
    page = ask(client, address(case))
    assert page.root.one("p", class_="total").text == advice.total_words(180, 180)
    kept = review(case)
    assert (kept.scored, kept.outcome, kept.recommendations) == (True, "positive", "Делиться опытом.")
    proofs = [option for option in page.root.one("select", id="p-1.1").all("option") if "selected" in option.attributes]
    assert [option.text for option in proofs] == ["1. Приказ о поощрении"]
    # One more paper may prove the row.
    assert page.root.one("select", id="p-1.1-2").all("option")[0].text == "Ещё один документ"


def test_what_the_other_window_saved_is_not_lost_and_neither_is_this(world: World, case: Application, sign_in: SignIn) -> None:
    client = sign_in(world.cast.expert)
    scored(world, case, good(case))
    answer = send(client, address(case), **fields(case, LITTLE, version=1, recommendations="Моё."))
    assert answer.status_code == 409
    assert "Оценка уже изменена в другом окне" in answer.text
    assert 'name="recommendations" rows="4">Моё.</textarea>' in answer.text
    assert 'name="version" value="2"' in answer.text
    assert review(case).answers == good(case).fields


def test_the_page_saves_by_itself(world: World, case: Application, sign_in: SignIn) -> None:
    client = sign_in(world.cast.expert)
    token = csrf_token(client, address(case))
    told = {"csrf_token": token, **fields(case, ENOUGH)}
    answer = client.post(address(case, "review/draft"), data=told)
    assert (answer.status_code, answer.json["version"]) == (200, 2)
    again = client.post(address(case, "review/draft"), data=told)
    assert (again.status_code, again.json["sentence"].startswith("Оценка уже изменена")) == (409, True)


def test_an_unreadable_figure_is_told_at_its_row(world: World, case: Application, sign_in: SignIn) -> None:
    client = sign_in(world.cast.expert)
    send(client, address(case), **fields(case, {"c-1.4-1": "много"}))
    page = ask(client, address(case))
    assert page.root.one("p", id="e-c-1.4-1").text.startswith("Количество «много» — не целое число")


def test_a_case_without_a_form_asks_for_it_first(world: World, sign_in: SignIn) -> None:
    case = world.walk(world.filled(SPB, form=None), "review")
    client = sign_in(world.cast.expert)
    assert ask(client, address(case)).h1 == "Выберите форму оценки"
    send(client, address(case, "review/form"), address(case), form="1", version=case.version)
    assert ask(client, address(case)).h1 == f"Экспертиза № {case.number}"


@pytest.mark.parametrize("who", ["secretary", "deputy", "chairperson", "reception", "leader"])
def test_nobody_but_an_expert_opens_the_sheet(world: World, case: Application, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(world.cast, who))
    assert {client.get(address(case, rest)).status_code for rest in ("review", "review/check", "review/preview.pdf")} == {404}


def test_the_sheet_costs_few_queries(world: World, case: Application, sign_in: SignIn) -> None:
    client = sign_in(world.cast.expert)
    client.get(address(case))
    with count_queries() as counted:
        client.get(address(case))
    for number in range(20):
        world.paper(case, f"Документ {number}")
    with count_queries() as more:
        client.get(address(case))
    assert counted.count == more.count <= MOST_QUERIES


# --- The end ----------------------------------------------------------------------------------------------------------------


def test_the_check_names_everything_that_is_missing(world: World, case: Application, sign_in: SignIn) -> None:
    client = sign_in(world.cast.expert)
    left = {name: value for name, value in fields(case, ENOUGH).items() if name not in {"p-1.1", "s-4"}}
    answer = send(client, address(case), **left, check="1")
    assert answer.location == address(case, "review/check")
    page = ask(client, address(case, "review/check"))
    gaps = [item.text for item in page.root.one("ul", class_="todo").all("li")]
    assert gaps == [
        "Оценены не все строки формы или у оценённой строки нет документа папки.",
        "Вывод не согласуется с суммой баллов.",
        "Строка 1.1: не выбран документ папки.",
        "Раздел 4 не отмечен как просмотренный.",
        "Вывод не выбран.",
    ]
    assert not page.root.all("form", action=address(case, "review/sign"))
    refused = send(client, address(case, "review/sign"), address(case), version=review(case).version)
    assert (refused.status_code, case.status, Conclusion.select().count()) == (409, "review", 0)


def test_a_threshold_within_the_range_asks_for_a_reason(world: World, case: Application, sign_in: SignIn) -> None:
    scored(world, case, sheet(case, BETWEEN, outcome=NEGATIVE))
    page = ask(sign_in(world.cast.expert), address(case, "review/check"))
    assert "порог лежит внутри промежутка баллов, напишите, почему вывод такой" in page.text


def test_signed_it_ends_the_review(
    world: World, case: Application, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, small_pdf: bytes
) -> None:
    monkeypatch.setattr(press, "conclusion_apart", lambda *_: small_pdf)
    scored(world, case, good(case))
    client = sign_in(world.cast.expert)
    answer = send(client, address(case, "review/sign"), address(case, "review/check"), version=review(case).version)
    assert answer.location == address(case, "conclusion")
    page = ask(client, address(case, "conclusion"))
    assert "Эксперт: Оценкина Мария Львовна" in page.text
    assert "180 баллов, порог 170. Вывод: соответствует." in page.text
    file = Conclusion.get().file
    assert client.get(f"/account/files/{file.id}").data == small_pdf
    assert client.get(address(case, "review/check")).status_code == 409
    assert "Экспертиза завершена: оценку уже не изменить." in ask(client, address(case)).text


def test_the_preview_says_that_it_is_a_draft(world: World, case: Application, sign_in: SignIn) -> None:
    import io

    import pypdf

    scored(world, case, good(case))
    answer = sign_in(world.cast.expert).get(address(case, "review/preview.pdf"))
    assert answer.mimetype == "application/pdf"
    first = pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "ПРОЕКТ, НЕ ПОДПИСАН" in first.upper()


def upload(client: FlaskClient, case: Application, data: bytes, name: str = "Заключение.pdf") -> Any:
    import io

    token = csrf_token(client, address(case, "review/check"))
    told = {"csrf_token": token, "version": review(case).version, "file": (io.BytesIO(data), name)}
    return client.post(address(case, "review/upload"), data=told)


def test_an_uploaded_scan_is_taken_after_a_question(
    world: World, oblast: Application, sign_in: SignIn, small_pdf: bytes
) -> None:
    case = world.step(oblast, "comment")
    scored(world, case, good(case))
    client = sign_in(world.cast.expert)
    answer = upload(client, case, small_pdf)
    assert re.fullmatch(rf"/admin/cases/{case.id}/review/upload/[\w-]{{32}}", answer.location)
    page = ask(client, answer.location)
    assert "похоже, это скан" in page.text
    assert Conclusion.select().count() == 0
    assert send(client, answer.location).location == address(case, "review/check")
    assert (Conclusion.get().signature, Conclusion.get().file.name) == ("uploaded", "Заключение.pdf")
    told = JournalEntry.select().where(JournalEntry.verb == "case_upload_conclusion").get().details
    assert told == "версия 1; подтверждено расхождений файла и данных: 1"
    # Nobody confirms the same file twice.
    assert client.get(answer.location).status_code == 410
    answer = send(client, address(case, "review/finish"), address(case, "review/check"), version=review(case).version)
    assert answer.location == address(case, "conclusion")
    assert Application.get_by_id(case.id).status == "review_done"


def test_the_page_that_was_printed_from_the_data_is_taken_without_a_question(
    world: World, oblast: Application, sign_in: SignIn
) -> None:
    case = world.step(oblast, "comment")
    scored(world, case, good(case))
    client = sign_in(world.cast.expert)
    printed = client.get(address(case, "review/preview.pdf")).data
    assert upload(client, case, printed).location == address(case, "review/check")
    assert Conclusion.get().number == 1


def test_what_is_no_pdf_and_what_is_nothing_is_refused(world: World, case: Application, sign_in: SignIn) -> None:
    scored(world, case, good(case))
    client = sign_in(world.cast.expert)
    assert upload(client, case, b"not a pdf").status_code == 422
    # Larger than what other forms of the office may send, smaller than what a conclusion may be.
    assert upload(client, case, b"not a pdf" * 1_000_000).status_code == 422
    assert upload(client, case, b"%PDF-1.7" + bytes(20 * 1024 * 1024)).status_code == 413
    token = csrf_token(client, address(case, "review/check"))
    assert client.post(address(case, "review/upload"), data={"csrf_token": token}).status_code == 422


# --- Additional experts -----------------------------------------------------------------------------------------------------


def test_an_additional_expert_reads_and_comments_and_the_main_one_sees_it(
    world: World, oblast: Application, sign_in: SignIn
) -> None:
    scored(world, oblast, good(oblast))
    second = world.experts[1].user
    client = sign_in(second)
    page = ask(client, address(oblast))
    assert page.h1 == f"Комментарий к экспертизе № {oblast.number}"
    assert "180 баллов" in page.text
    mine = review_of(oblast, second)
    told = {"version": mine.version, "comment": "Прошу проверить.", "r-1.1": "Справка не заверена."}
    assert send(client, address(oblast), **told).status_code == 303
    page = ask(sign_in(world.cast.expert), address(oblast))
    said = [one.text for one in page.root.all("p", class_="other-says")]
    assert said == [
        "Сличкина Дарья Олеговна Прошу проверить.",
        "Замечанин Пётр Ильич Ещё не высказались.",
        "Сличкина Дарья Олеговна Справка не заверена.",
    ]


def test_a_comment_that_says_nothing_is_asked_for(world: World, oblast: Application, sign_in: SignIn) -> None:
    client = sign_in(world.experts[1].user)
    answer = send(client, address(oblast), version=1, comment=" ")
    assert answer.status_code == 409
    assert "Напишите замечание или отметьте, что замечаний нет." in answer.text
    assert send(client, address(oblast), version=1, nothing="1").status_code == 303


def review_of(case: Application, user: User) -> Review:
    return Review.get(Review.application == case, Review.expert == user, Review.ended_at.is_null())


def test_the_main_expert_takes_the_case_up_here(world: World, sign_in: SignIn) -> None:
    case = world.walk(world.filled(LENOBL), "portfolio_confirmed")
    client = sign_in(world.cast.expert)
    assert "Взять в работу" in ask(client, address(case)).text
    answer = send(client, address(case, "review/start"), address(case), version=case.version)
    assert (answer.status_code, Application.get_by_id(case.id).status) == (303, "review")


# --- Conclusions and the record of disagreement -----------------------------------------------------------------------------


def test_a_returned_conclusion_stays_readable_and_the_expert_learns_why(
    world: World, case: Application, sign_in: SignIn
) -> None:
    world.walk(case, "reviewed")
    deputy = sign_in(world.cast.deputy)
    page = ask(deputy, address(case, "conclusion"))
    assert page.links()["Вернуть заключение на доработку"] == address(case, "return_conclusion")
    answer = send(deputy, address(case, "return_conclusion"), version=case.version, reason="Не названа должность.")
    assert answer.status_code == 302
    expert = sign_in(world.cast.expert)
    assert "Не названа должность." in ask(expert, address(case)).text
    assert "версия 1, прежняя" in ask(expert, address(case, "conclusion")).text


def test_the_record_of_disagreement_is_drawn_up_signed_and_printed(world: World, oblast: Application, sign_in: SignIn) -> None:
    case = world.walk(oblast, "review_done", outcome=NEGATIVE)
    main = sign_in(world.cast.expert)
    told = {
        "analysed_at": "2026-03-10T10:00",
        "person": case.person,
        "position": case.position,
        "organization": case.organization,
        "reasons": "Дипломы не заверены.",
    }
    wrong = {**told, "analysed_at": "скоро"}
    assert send(main, address(case, "dissent"), version=case.version, record="", **wrong).status_code == 422
    assert send(main, address(case, "dissent"), version=case.version, record="", **told).status_code == 303
    for expert in world.experts[:3]:
        client = sign_in(expert.user)
        ask(client, address(case, "dissent"))
        version = Application.get_by_id(case.id).version
        answer = send(client, address(case, "dissent/sign"), address(case, "dissent"), version=version, record="1")
        assert answer.status_code == 303
    assert (Dissent.get().reasons, DissentSignature.select().count()) == ("Дипломы не заверены.", 3)
    page = ask(sign_in(world.cast.leader), address(case, "dissent"))
    assert page.text.count("подписано") == 3
    assert sign_in(world.cast.leader).get(address(case, "dissent.pdf")).data[:5] == b"%PDF-"


def test_the_city_knows_no_record_of_disagreement(world: World, case: Application, sign_in: SignIn) -> None:
    client = sign_in(world.cast.expert)
    assert {client.get(address(case, rest)).status_code for rest in ("dissent", "dissent.pdf")} == {404}


def test_the_role_of_a_conclusion_is_said_in_the_words_of_the_road(world: World, case: Application, sign_in: SignIn) -> None:
    world.walk(case, "reviewed", outcome=NEGATIVE)
    page = ask(sign_in(world.cast.deputy), address(case, "conclusion"))
    assert len(page.root.all("section", class_="version")) == 2
    assert review(case, CaseRole.SECOND_EXPERT).expert.full_name in page.text
