"""Giving conclusions on both roads: signed from the data, uploaded and compared, handed over, returned with versions."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pypdf
import pytest

from attestation.admin.acts.cases import conclusions, reviews
from attestation.models import (
    Application,
    CaseEvent,
    CaseFile,
    Conclusion,
    Dissent,
    DissentSignature,
    JournalEntry,
    Letter,
    Review,
    User,
)
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole
from attestation.site import files
from attestation.site.cases.conclusions import versions
from attestation.site.dates import day_of
from attestation.site.printing import press
from attestation.tests.admin.cases.sheets import BETWEEN, ENOUGH, LITTLE, bad, good, review, scored, sheet
from attestation.tests.admin.conftest import at_once
from attestation.tests.cases import LENOBL, NEGATIVE, POSITIVE, SPB, World
from attestation.tests.conftest import NOON
from attestation.tests.site.cases.telling import journal, letters, newest
from attestation.tests.site.printing.test_orders import evened

TODAY = day_of(NOON)
pytestmark = pytest.mark.usefixtures("database")


def trace() -> dict[str, list[Any]]:
    """All that a refused act could have left behind."""
    tables = (Application, Review, Conclusion, CaseFile, CaseEvent, Dissent, DissentSignature, JournalEntry, Letter)
    return {table.__name__: list(table.select().order_by(table.id).dicts()) for table in tables}


def sentence(act: Callable[[], Any]) -> str:
    before = trace()
    with pytest.raises(Refusal) as refused:
        act()
    assert trace() == before
    return refused.value.sentence


@pytest.fixture
def quick_press(monkeypatch: pytest.MonkeyPatch, small_pdf: bytes) -> Iterator[None]:
    """A press that answers at once, each time with another file: what it prints is tried by itself."""
    sheets = iter(range(100))
    monkeypatch.setattr(press, "conclusion_apart", lambda *_: small_pdf + b"%% %d\n" % next(sheets))
    yield


@pytest.fixture
def case(world: World) -> Application:
    """A case of the city under review."""
    return world.walk(world.filled(SPB), "review")


@pytest.fixture
def oblast(world: World) -> Application:
    """A case of the oblast under review, about which both additional experts have spoken."""
    found = world.walk(world.filled(LENOBL), "review")
    return world.step(found, "comment")


def sign(world: World, case: Application, by: User | None = None) -> Application:
    expert = by or world.cast.expert
    return conclusions.sign(case, reviews.review_of(case, expert), world.cases_dir, by=expert, on=NOON)


def upload(world: World, case: Application, data: bytes | None = None) -> Application:
    expert = world.cast.expert
    mine = reviews.review_of(case, expert)
    return conclusions.upload(case, mine, world.cases_dir, data or world.pdf, "Заключение.pdf", by=expert, on=NOON)


# --- The city ---------------------------------------------------------------------------------------------------------------


def test_a_signed_conclusion_is_printed_from_the_data_and_kept(world: World, case: Application) -> None:
    scored(world, case, good(case))
    sign(world, case)
    given = Conclusion.get()
    assert (case.status, given.number, given.outcome, given.signature) == ("reviewed", 1, POSITIVE, "electronic")
    assert (given.points_low, given.points_high, given.answers) == (180, 180, review(case).answers)
    assert (given.file.kind, given.file.name) == ("conclusion", f"Заключение {case.number}, версия 1.pdf")
    data = files.path_of(world.cases_dir, given.file.sha256, suffix="").read_bytes()
    text = evened(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))
    for words in (
        f"Заявление № {case.number}, версия 1",
        "Чернильницына Вера Павловна, ГБОУ школа № 901 г. Образцова, Учитель математики",
        "Оценкина Мария Львовна, ГБОУ лицей № 902 г. Образцова, Учитель математики",
        "Общее количество баллов: 180",
        "Строка описи № 1",
        "Подписано простой электронной подписью Оценкина Мария Львовна 10.03.2026 12:00 (время московское)",
        "М.Л. Оценкина",
        "Делиться опытом.",
    ):
        assert evened(words) in text
    assert "не соответствует" not in text
    assert "Проект" not in text
    assert conclusions.compared(case, review(case), data) == ()


@pytest.mark.usefixtures("quick_press")
class TestTheCity:
    """The road of St Petersburg."""

    def test_a_negative_conclusion_opens_the_second_review_and_a_second_one_closes_it(
        self, world: World, case: Application
    ) -> None:
        scored(world, case, bad(case))
        sign(world, case)
        assert case.status == "second_review_due"
        world.walk(case, "second_review", outcome=NEGATIVE)
        second = world.experts[1].user
        scored(world, case, good(case), by=second)
        sign(world, case, by=second)
        assert case.status == "reviewed"
        given = [(one.review.role, one.outcome) for one in Conclusion.select().order_by(Conclusion.id)]
        assert given == [("main_expert", NEGATIVE), ("second_expert", POSITIVE)]
        assert journal(world, case)[-2:] == ["expert2 add_file", "expert2 case_conclude_second"]

    @pytest.mark.parametrize(
        ("rows", "words", "said"),
        [
            (ENOUGH, {}, "Выберите вывод: соответствует или не соответствует."),
            (LITTLE, {"outcome": POSITIVE}, "вывод не согласуется с суммой баллов"),
            (BETWEEN, {"outcome": POSITIVE}, "вывод не согласуется с суммой баллов"),
        ],
        ids=["no outcome", "against the points", "within the range without a reason"],
    )
    def test_an_outcome_that_does_not_follow_is_refused(
        self, world: World, case: Application, rows: dict[str, str], words: dict[str, str], said: str
    ) -> None:
        scored(world, case, sheet(case, rows, **words))
        assert said in sentence(lambda: sign(world, case))

    def test_within_the_range_the_expert_decides_and_says_why(self, world: World, case: Application) -> None:
        words = {"outcome": NEGATIVE, "outcome_reason": "Публикации об одном и том же."}
        scored(world, case, sheet(case, BETWEEN, **words))
        sign(world, case)
        given = Conclusion.get()
        assert (given.points_low, given.points_high, given.outcome_reason) == (160, 170, "Публикации об одном и том же.")
        assert case.status == "second_review_due"

    def test_a_row_without_its_paper_is_refused(self, world: World, case: Application) -> None:
        whole = good(case)
        papers = {name: ids for name, ids in whole.papers.items() if name != "p-1.1"}
        scored(world, case, reviews.Entered(whole.fields, papers, POSITIVE))
        said = sentence(lambda: sign(world, case))
        assert "оценены не все строки формы или у оценённой строки нет документа папки" in said

    def test_only_its_expert_gives_it(self, world: World, case: Application) -> None:
        scored(world, case, good(case))
        mine = review(case)
        for by in (world.experts[1].user, world.cast.deputy, world.teacher):
            said = sentence(lambda by=by: conclusions.sign(case, mine, world.cases_dir, by=by, on=NOON))
            assert said == "Дать заключение сейчас нельзя: экспертиза не начата, завершена или передана другому эксперту."

    def test_of_two_at_once_one_is_given(self, world: World, case: Application) -> None:
        scored(world, case, good(case))
        one, other = Application.get_by_id(case.id), Application.get_by_id(case.id)
        told = at_once(lambda: sign(world, one), lambda: sign(world, other))
        assert (len(told), "done" in told, Conclusion.select().count()) == (2, True, 1)
        assert told.count("done") == 1

    def test_a_returned_conclusion_stays_and_the_next_is_another_version(self, world: World, case: Application) -> None:
        scored(world, case, good(case))
        sign(world, case)
        after = newest(Letter)
        conclusions.give_back(case, "return_conclusion", "Не названа должность.", by=world.cast.deputy, on=NOON)
        assert case.status == "review"
        assert (review(case).returned_at, review(case).return_reason) == (NOON, "Не названа должность.")
        assert letters(world, case, after) == ["conclusion_returned: expert/cabinet"]
        seen = versions(case, world.cast.deputy, TODAY)
        assert [(one.conclusion.number, one.current) for one in seen] == [(1, False)]
        scored(world, case, sheet(case, ENOUGH, outcome=POSITIVE, recommendations="Другая."))
        later = NOON.replace(hour=15)
        mine = reviews.review_of(case, world.cast.expert)
        conclusions.sign(case, mine, world.cases_dir, by=world.cast.expert, on=later)
        seen = versions(case, world.cast.deputy, TODAY)
        told = [(one.conclusion.number, one.current, one.conclusion.recommendations) for one in seen]
        assert told == [(2, True, "Другая."), (1, False, "Делиться опытом.")]

    def test_a_return_needs_its_role_and_a_reason(self, world: World, case: Application) -> None:
        scored(world, case, good(case))
        sign(world, case)
        for by in (world.cast.expert, world.cast.secretary, world.cast.leader):
            said = sentence(lambda by=by: conclusions.give_back(case, "return_conclusion", "Ошибка.", by=by, on=NOON))
            assert said == "Действие «Вернуть заключение на доработку» вам недоступно: нет нужной роли."
        said = sentence(lambda: conclusions.give_back(case, "return_conclusion", " ", by=world.cast.deputy, on=NOON))
        assert said == "Действие «Вернуть заключение на доработку» требует указать причину."

    def test_a_second_conclusion_is_returned_to_the_second_expert(self, world: World, case: Application) -> None:
        world.walk(case, "reviewed", outcome=NEGATIVE)
        deputy = world.cast.deputy
        said = sentence(lambda: conclusions.give_back(case, "return_conclusion", "Ошибка.", by=deputy, on=NOON))
        assert "после второй экспертизы первое заключение уже не исправляют" in said
        conclusions.give_back(case, "return_second_conclusion", "Ошибка.", by=deputy, on=NOON)
        assert (case.status, review(case, CaseRole.SECOND_EXPERT).returned_at) == ("second_review", NOON)

    def test_an_uploaded_one_ends_the_review_as_well(self, world: World, case: Application) -> None:
        scored(world, case, good(case))
        upload(world, case)
        given = Conclusion.get()
        assert (case.status, given.signature, given.file.name) == ("reviewed", "uploaded", "Заключение.pdf")

    def test_what_is_no_pdf_is_refused_without_a_trace(self, world: World, case: Application) -> None:
        scored(world, case, good(case))
        assert "Заключение.pdf" in sentence(lambda: upload(world, case, b"not a pdf"))


def test_a_press_that_fails_refuses_without_a_trace(world: World, case: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> bytes:
        raise press.PressFailed("no paper")

    monkeypatch.setattr(press, "conclusion_apart", broken)
    scored(world, case, good(case))
    assert sentence(lambda: sign(world, case)).startswith("Не удалось изготовить PDF заключения.")


# --- The oblast -------------------------------------------------------------------------------------------------------------


def test_the_oblast_uploads_first_and_hands_over_then(world: World, oblast: Application) -> None:
    case, expert = oblast, world.cast.expert
    scored(world, case, good(case))
    upload(world, case)
    assert (case.status, Conclusion.get().number) == ("review", 1)
    conclusions.finish(case, reviews.review_of(case, expert), by=expert, on=NOON)
    assert case.status == "review_done"
    assert journal(world, case)[-3:] == ["expert add_file", "expert case_upload_conclusion", "expert case_finish_review"]


def test_the_oblast_does_not_sign_electronically(world: World, oblast: Application) -> None:
    scored(world, oblast, good(oblast))
    assert sentence(lambda: sign(world, oblast)).startswith("Дать заключение сейчас нельзя")


def test_what_was_changed_after_the_upload_is_uploaded_anew(world: World, oblast: Application) -> None:
    case, expert = oblast, world.cast.expert
    scored(world, case, good(case))
    upload(world, case)
    scored(world, case, bad(case))
    said = sentence(lambda: conclusions.finish(case, reviews.review_of(case, expert), by=expert, on=NOON))
    assert said.startswith("После загрузки файла оценка изменена")


def test_nothing_is_handed_over_before_an_upload_and_both_comments(world: World) -> None:
    case, expert = world.walk(world.filled(LENOBL), "review"), world.cast.expert
    scored(world, case, good(case))
    said = sentence(lambda: conclusions.finish(case, reviews.review_of(case, expert), by=expert, on=NOON))
    assert "не загружен файл заключения в формате PDF; дополнительные эксперты высказались не оба" in said


def test_the_group_leader_returns_a_conclusion_and_signatures_of_disagreement_fall(world: World, oblast: Application) -> None:
    case = world.walk(oblast, "review_done", outcome=NEGATIVE)
    for verb in ("draw_up_dissent", "sign_dissent"):
        world.step(case, verb, outcome=NEGATIVE)
    assert DissentSignature.select().count() == 3
    conclusions.give_back(case, "return_conclusion", "Проверьте строку 1.4.", by=world.cast.leader, on=NOON)
    assert (case.status, DissentSignature.select().count(), Dissent.select().count()) == ("review", 0, 1)
