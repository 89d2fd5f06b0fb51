"""The portfolio: lines of the inventory, their files, the teacher's own score, and until when any of it may be changed."""

import datetime as dt
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from attestation.models import Application, CaseFile, JournalEntry, Paper
from attestation.procedure.refusal import Refusal
from attestation.procedure.road import road
from attestation.procedure.words import Channel
from attestation.rubrics.inventory import Entry
from attestation.site.cases import folder, moves
from attestation.site.cases.folder import Line
from attestation.tests import scans
from attestation.tests.cases import LENOBL, SPB, World

FOLDER_OPEN = {
    LENOBL: "draft submitted registered review_assigned",
    SPB: "draft received registered accepted",
}


@pytest.fixture(params=[SPB, LENOBL])
def case(world: World, request: pytest.FixtureRequest) -> Application:
    """A draft of each procedure whose folder is still empty."""
    return world.filled(request.param, way="")


def acting(world: World) -> dict[str, Any]:
    return {"by": world.teacher, "on": world.now}


def lines(case: Application) -> list[tuple[int, str]]:
    return [(paper.number, paper.title) for paper in folder.papers_of(case)]


def three(world: World, case: Application) -> list[Paper]:
    return [folder.add(case, Line(title), **acting(world)) for title in ("Приказ", "Диплом", "Грамота")]


# --- Lines ------------------------------------------------------------------------------------------------------------------


def test_a_line_says_what_lies_in_the_folder(world: World, case: Application) -> None:
    version = case.version
    paper = folder.add(case, Line("  Приказ  о поощрении ", "копия", 2, "1.1"), **acting(world))
    found = Paper.get_by_id(paper.id)
    said = (found.number, found.title, found.state, found.sheets, found.criterion)
    assert said == (1, "Приказ о поощрении", "копия", 2, "1.1")
    assert Application.get_by_id(case.id).version == case.version == version + 1
    folder.edit(case, paper.id, Line("Приказ", "оригинал", 0), **acting(world))
    found = Paper.get_by_id(paper.id)
    assert (found.title, found.state, found.sheets, found.criterion) == ("Приказ", "оригинал", 0, "")
    entries = JournalEntry.select().where(JournalEntry.verb == "edit_folder").order_by(JournalEntry.id)
    assert [entry.details for entry in entries] == ["добавлена строка", "изменена строка 1"]


def test_lines_keep_their_numbers_without_gaps(world: World, case: Application) -> None:
    first, second, third = three(world, case)
    folder.shift(case, third.id, -1, **acting(world))
    assert lines(case) == [(1, "Приказ"), (2, "Грамота"), (3, "Диплом")]
    folder.shift(case, first.id, 1, **acting(world))
    assert lines(case) == [(1, "Грамота"), (2, "Приказ"), (3, "Диплом")]
    folder.shift(case, third.id, -1, **acting(world))
    folder.shift(case, second.id, 1, **acting(world))
    assert lines(case) == [(1, "Грамота"), (2, "Приказ"), (3, "Диплом")]
    folder.remove(case, third.id, **acting(world))
    assert lines(case) == [(1, "Приказ"), (2, "Диплом")]
    folder.add(case, Line("Отзыв"), **acting(world))
    assert lines(case)[-1] == (3, "Отзыв")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (Line(" "), "Заполните поле «Документ»."),
        (Line("д" * 501), "Поле «Документ» длиннее 500 знаков: сократите его."),
        (Line("Приказ", "ксерокс"), "Выберите, что лежит в папке: копия, заверенная копия или оригинал."),
        (Line("Приказ", "копия", -1), "Укажите число листов от 0 до 1000."),
        (Line("Приказ", "копия", 1001), "Укажите число листов от 0 до 1000."),
        (Line("Приказ", "копия", 1, "99.9"), "Такой строки в вашей форме оценки нет: выберите её из списка."),
    ],
)
def test_a_wrong_line_is_refused_in_words(world: World, case: Application, line: Line, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        folder.add(case, line, **acting(world))
    assert refused.value.sentence == sentence
    assert (lines(case), case.version) == ([], 1)


def test_of_two_windows_the_second_learns_of_the_first(world: World, case: Application) -> None:
    paper = three(world, case)[0]
    stale = Application.get_by_id(case.id)
    folder.edit(case, paper.id, Line("Из первого окна"), **acting(world))
    for act in (
        lambda: folder.edit(stale, paper.id, Line("Из второго окна"), **acting(world)),
        lambda: folder.remove(stale, paper.id, **acting(world)),
        lambda: folder.shift(stale, paper.id, 1, **acting(world)),
        lambda: folder.add(stale, Line("Лишняя"), **acting(world)),
        lambda: folder.score(stale, {}, **acting(world)),
    ):
        with pytest.raises(Refusal, match="уже изменено"):
            act()
    assert lines(case) == [(1, "Из первого окна"), (2, "Диплом"), (3, "Грамота")]


def test_lines_of_other_cases_are_not_there(world: World, case: Application) -> None:
    foreign = three(world, case)[0]
    mine = world.filled(case.edition, way="")
    for act in (
        lambda: folder.edit(mine, foreign.id, Line("Чужая"), **acting(world)),
        lambda: folder.remove(mine, foreign.id, **acting(world)),
        lambda: folder.bring(mine, foreign.id, world.cases_dir, data=scans.pdf(), name="a.pdf", **acting(world)),
    ):
        with pytest.raises(Refusal, match="уже нет"):
            act()
    assert Paper.get_by_id(foreign.id).title == "Приказ"


# --- Files ------------------------------------------------------------------------------------------------------------------


def test_files_go_with_their_line(world: World, case: Application) -> None:
    first, second, _ = three(world, case)
    for paper, name in ((first, "1.pdf"), (first, "2.pdf"), (second, "3.pdf")):
        data = scans.pdf(pages=int(name[0]))
        folder.bring(case, paper.id, world.cases_dir, data=data, name=name, **acting(world))
    whole = folder.folder_of(case)
    assert [[file.name for file in paper.files] for paper in whole.papers] == [["1.pdf", "2.pdf"], ["3.pdf"], []]
    assert (whole.count, whole.sheets, [paper.title for paper in whole.bare]) == (3, 3, ["Грамота"])
    assert whole.size == sum(len(scans.pdf(pages=pages)) for pages in (1, 2, 3))
    taken = CaseFile.get(CaseFile.name == "2.pdf")
    folder.take_out(case, taken.id, **acting(world))
    folder.remove(case, second.id, **acting(world))
    kept = [file.name for paper in folder.papers_of(case) for file in paper.files]
    assert kept == ["1.pdf"]
    removed = CaseFile.select().where(CaseFile.removed_at == world.now).order_by(CaseFile.name)
    assert [file.name for file in removed] == ["2.pdf", "3.pdf"]


def test_only_files_of_the_folder_are_taken_out_of_it(world: World, case: Application) -> None:
    other = world.file(case, "previous_category", "a.pdf")
    with pytest.raises(Refusal, match="Такого файла в папке нет"):
        folder.take_out(case, other.id, **acting(world))
    assert CaseFile.get_by_id(other.id).removed_at is None


def test_a_folder_costs_two_queries_however_many_lines_it_has(world: World, case: Application) -> None:
    for number in range(12):
        world.paper(case, f"Документ {number}")
    with count_queries() as counter:
        whole = folder.folder_of(case)
        assert (whole.count, whole.sheets, whole.bare, len(whole.papers)) == (12, 12, (), 12)
    assert counter.count == 2


# --- Who and until when -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", [SPB, LENOBL])
def test_the_road_says_until_when_the_folder_is_open(edition: str) -> None:
    found = [status.name for status in road("application", edition).states if status.folder_open]
    assert found == FOLDER_OPEN[edition].split()


def test_a_confirmed_folder_is_closed(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_assigned")
    paper = folder.papers_of(case)[0]
    assert folder.may_change(case, world.teacher, world.now.date())
    folder.confirm(case, **acting(world))
    assert (case.status, folder.is_open(case)) == ("portfolio_confirmed", False)
    for act in (
        lambda: folder.edit(case, paper.id, Line("Позже"), **acting(world)),
        lambda: folder.remove(case, paper.id, **acting(world)),
        lambda: folder.add(case, Line("Позже"), **acting(world)),
        lambda: folder.bring(case, paper.id, world.cases_dir, data=scans.pdf(), name="a.pdf", **acting(world)),
        lambda: folder.take_out(case, next(iter(paper.files)).id, **acting(world)),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.sentence == folder.CLOSED


def test_an_empty_folder_is_not_confirmed(world: World) -> None:
    case = world.walk(world.filled(LENOBL, way=""), "review_assigned")
    folder.add(case, Line("Без файла"), **acting(world))
    with pytest.raises(Refusal, match="портфолио пусто"):
        folder.confirm(case, **acting(world))


def test_an_electronic_folder_is_closed_once_it_was_filed(world: World) -> None:
    case = world.walk(world.filled(SPB, way="electronic"), "received")
    assert not folder.is_open(case)


def test_a_paper_folder_is_open_until_it_is_received(world: World) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "registered")
    assert folder.is_open(case)
    folder.add(case, Line("Приказ"), **acting(world))
    moves.mark(case, folder.RECEIVED, world.now.date())
    assert not folder.is_open(case)


def test_who_changes_a_folder(world: World) -> None:
    portal, paper = world.filled(SPB), world.filled(SPB, channel=Channel.MFC, teacher=world.teacher)
    world.represent(portal)
    today = world.now.date()
    able = [
        {person.full_name for person in world.people() if folder.may_change(case, person, today)} for case in (portal, paper)
    ]
    cast = world.cast
    assert able == [
        {world.teacher.full_name, world.proxy.full_name},
        {world.teacher.full_name, cast.reception.full_name, cast.secretary.full_name},
    ]
    with pytest.raises(Refusal, match="только педагог"):
        folder.add(portal, Line("Чужая"), by=cast.reception, on=world.now)
    folder.add(paper, Line("С бумаги"), by=cast.reception, on=world.now)


# --- Score ------------------------------------------------------------------------------------------------------------------


def test_the_own_score_is_kept_and_says_what_no_paper_proves(world: World, case: Application) -> None:
    rows, position = folder.form_of(case).criteria, folder.form_of(case).positions[1]
    counted, ticked = [next(row for row in rows if folder.worksheet.counts(row) is asks) for asks in (True, False)]
    typed = {"position": position, f"c-{counted.clause}-1": "2", f"c-{ticked.clause}-1": "1"}
    sheet = folder.score(case, {**typed, "c-77.7-1": "1", "csrf_token": "x", "category": "highest"}, **acting(world))
    assert Application.get_by_id(case.id).worksheet == typed
    assert (sheet.category, sheet.position, sheet.errors) == ("first", position, {})
    world.paper(case, "Приказ", criterion=counted.clause)
    whole = folder.folder_of(Application.get_by_id(case.id))
    assert whole.unproved == (ticked.clause,)
    assert [paper.title for paper in whole.proofs[counted.clause]] == ["Приказ"]


def test_what_cannot_be_counted_is_kept_too(world: World, case: Application) -> None:
    row = next(row for row in folder.form_of(case).criteria if folder.worksheet.counts(row))
    name = f"c-{row.clause}-1"
    sheet = folder.score(case, {"position": folder.form_of(case).positions[1], name: "много"}, **acting(world))
    assert (list(sheet.errors), sheet.value(name), sheet.scores) == ([name], "много", {})
    assert folder.folder_of(case).unproved == ()


def test_nobody_scores_for_the_teacher(world: World, case: Application) -> None:
    for user in (world.cast.secretary, world.cast.expert, world.other_teacher):
        with pytest.raises(Refusal, match="Самооценку заполняет педагог"):
            folder.score(case, {}, by=user, on=world.now)


def test_without_a_form_there_is_nothing_to_score(world: World) -> None:
    case = world.filled(SPB, way="", form=None)
    assert folder.folder_of(case).sheet is None
    with pytest.raises(Refusal, match="Сначала укажите"):
        folder.score(case, {}, **acting(world))


# --- Sheets -----------------------------------------------------------------------------------------------------------------


def test_the_city_says_when_the_mfc_would_not_scan_the_folder(world: World) -> None:
    spb, lenobl = world.filled(SPB, way=""), world.filled(LENOBL, way="")
    limit = folder.sheets_remark(spb, 16)
    assert limit is not None
    assert (limit.number, limit.clause) == (15, "2.6.2")
    assert [folder.sheets_remark(spb, 15), folder.sheets_remark(lenobl, 900)] == [None, None]


def test_the_inventory_has_the_lines(world: World, case: Application) -> None:
    folder.add(case, Line("Приказ", "заверенная копия", 3), **acting(world))
    folder.add(case, Line("Грамота", "", 0), **acting(world))
    assert folder.entries(folder.papers_of(case)) == (Entry("Приказ", "заверенная копия", 3), Entry("Грамота", "", 0))


def test_whoever_looks_at_the_folder_stands_in_the_journal(world: World, case: Application) -> None:
    folder.note_reading(case, by=world.cast.expert, on=world.now + dt.timedelta(hours=1))
    entry = JournalEntry.get(JournalEntry.verb == "read_folder")
    assert (entry.user, entry.subject, entry.subject_id) == (world.cast.expert, "application", case.id)
