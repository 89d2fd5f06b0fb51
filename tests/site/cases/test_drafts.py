"""Drafts: begun, filled in by steps, saved from two windows, thrown away."""

import datetime as dt
from pathlib import Path

import pytest

from attestation.models import Application, CaseFile, Duty, JournalEntry, Ruling, Slot, User
from attestation.procedure.refusal import Refusal
from attestation.site import files
from attestation.site.cases import attachments, drafts
from attestation.site.cases.steps import stamp, step_of, values
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import MakeOrder

EDITIONS = (SPB, LENOBL)
TEACHER_OF_ARCHIVE = ("Чернильницына", "Вера", "Павловна", "Учитель математики", "ГБОУ школа № 901", "first", True)


def begun(world: World, edition: str = SPB) -> Application:
    return drafts.begin(by=world.teacher, edition=edition, on=world.now)


def save(world: World, draft: Application, step: str, by: User | None = None, **typed: str) -> drafts.Saved:
    """Save a step as it is shown now, with these fields."""
    page = step_of(draft.edition, step)
    current = Application.get_by_id(draft.id)
    seen = stamp(values(current, page))
    return drafts.save(current, page, typed, seen=seen, by=by or world.teacher, on=world.now)


def verbs(case_id: int) -> list[str]:
    mine = JournalEntry.subject == "application", JournalEntry.subject_id == case_id
    return [entry.verb for entry in JournalEntry.select().where(*mine).order_by(JournalEntry.id)]


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_draft_begins_with_what_the_account_knows(world: World, edition: str) -> None:
    draft = begun(world, edition)
    assert (draft.edition, draft.status, draft.channel, draft.number) == (edition, "draft", "portal", None)
    assert draft.applicant == world.teacher
    assert draft.answers == {
        "surname": "Чернильницына",
        "name": "Вера",
        "patronymic": "Павловна",
        "email": "chernilnitsyna@example.org",
    }
    assert verbs(draft.id) == ["case_begin_draft"]
    assert {duty.user_id for duty in Duty.select().where(Duty.application == draft)} == {world.teacher.id}


def test_an_untouched_draft_is_taken_up_again_and_there_are_not_many(world: World) -> None:
    first = begun(world)
    assert begun(world) == first
    for number in range(drafts.MOST_DRAFTS):
        save(world, begun(world), "work", position=f"Учитель {number}")
    with pytest.raises(Refusal, match="У вас уже 5 черновиков"):
        begun(world)
    assert drafts.begin(by=world.other_teacher, edition=SPB, on=world.now).applicant == world.other_teacher


def test_a_saved_step_is_kept_with_its_columns(world: World) -> None:
    draft = begun(world)
    save(world, draft, "person", surname="  Кляксина ", born_on="07031985", home_address="г. Образцов, Садовая ул., д. 3")
    kept = Application.get_by_id(draft.id)
    assert (kept.surname, kept.born_on, kept.home_address) == (
        "Кляксина",
        dt.date(1985, 3, 7),
        "г. Образцов, Садовая ул., д. 3",
    )
    assert (kept.version, kept.answers["born_on"], kept.complete) == (2, "07031985", False)
    assert verbs(draft.id) == ["case_begin_draft", "case_save_draft"]


def test_fields_of_another_step_are_left_alone(world: World) -> None:
    draft = begun(world)
    save(world, draft, "person", surname="Кляксина", position="Методист", portfolio_way="paper")
    kept = Application.get_by_id(draft.id)
    assert (kept.position, kept.portfolio_way) == ("", "")


def test_what_is_wrong_is_kept_too(world: World) -> None:
    draft = begun(world)
    save(world, draft, "person", born_on="31.02.1985")
    assert Application.get_by_id(draft.id).answers["born_on"] == "31.02.1985"


def test_saving_by_itself_is_no_act_of_the_journal(world: World) -> None:
    draft, page = begun(world), step_of(SPB, "work")
    seen = stamp(values(draft, page))
    first = drafts.save(draft, page, {"position": "Учитель"}, seen=seen, by=world.teacher, on=world.now, by_itself=True)
    drafts.save(draft, page, {"position": "Учитель физики"}, seen=first.stamp, by=world.teacher, on=world.now, by_itself=True)
    assert Application.get_by_id(draft.id).position == "Учитель физики"
    assert verbs(draft.id) == ["case_begin_draft"]


def test_the_second_of_two_windows_overwrites_nothing(world: World) -> None:
    draft, page = begun(world), step_of(SPB, "work")
    seen = stamp(values(draft, page))
    save(world, draft, "work", position="Учитель физики")
    with pytest.raises(drafts.Overtaken):
        drafts.save(draft, page, {"position": "Учитель химии"}, seen=seen, by=world.teacher, on=world.now)
    assert Application.get_by_id(draft.id).position == "Учитель физики"


def test_two_windows_at_different_steps_are_in_nobodys_way(world: World) -> None:
    draft, page = begun(world), step_of(SPB, "person")
    seen = stamp(values(draft, page))
    save(world, draft, "work", position="Учитель физики")
    drafts.save(draft, page, {"surname": "Кляксина"}, seen=seen, by=world.teacher, on=world.now)
    kept = Application.get_by_id(draft.id)
    assert (kept.surname, kept.position) == ("Кляксина", "Учитель физики")


def test_any_change_has_to_be_confirmed_anew(world: World) -> None:
    draft = world.filled(SPB)
    Application.update(answers={**draft.answers, "confirmed": "да"}).where(Application.id == draft.id).execute()
    save(world, draft, "work", position_years="13 лет")
    kept = Application.get_by_id(draft.id)
    assert ("confirmed" in kept.answers, kept.complete) == (False, False)


@pytest.mark.parametrize("who", ["other_teacher", "proxy"])
def test_a_stranger_fills_in_nothing(world: World, who: str) -> None:
    draft = begun(world)
    with pytest.raises(Refusal, match="нет нужной роли"):
        save(world, draft, "person", by=getattr(world, who), surname="Кляксина")
    with pytest.raises(Refusal, match="нет нужной роли"):
        drafts.discard(draft, world.cases_dir, by=getattr(world, who), on=world.now)
    assert Application.get_by_id(draft.id).version == 1


@pytest.mark.parametrize(("edition", "may"), [(SPB, True), (LENOBL, False)])
def test_a_representative_fills_in_where_the_source_knows_one(world: World, edition: str, may: bool) -> None:
    draft = begun(world, edition)
    world.represent(draft)
    if may:
        save(world, draft, "person", by=world.proxy, surname="Кляксина")
    else:
        with pytest.raises(Refusal):
            save(world, draft, "person", by=world.proxy, surname="Кляксина")
    assert Application.get_by_id(draft.id).surname == ("Кляксина" if may else "")


def test_a_filed_application_is_no_draft(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "submitted")
    with pytest.raises(Refusal, match="в состоянии «Подано»"):
        save(world, case, "person", surname="Кляксина")
    with pytest.raises(Refusal, match="в состоянии «Подано»"):
        drafts.discard(case, world.cases_dir, by=world.teacher, on=world.now)


# --- The archive as proof ---------------------------------------------------------------------------------------------------


def archived(make_order: MakeOrder, row: tuple[str, str, str, str, str, str, bool] = TEACHER_OF_ARCHIVE, **more: str) -> Ruling:
    return make_order("77-р", dt.date(2021, 4, 20), rows=(row,), **more).rulings.get()


def test_a_row_of_the_archive_is_the_proof_and_fills_in_what_is_empty(world: World, make_order: MakeOrder) -> None:
    ruling, draft = archived(make_order), begun(world)
    save(world, draft, "person")
    save(world, draft, "category", held_ruling=str(ruling.id), category="высшая", held_act="Распоряжение Комитета № 77-р")
    kept = Application.get_by_id(draft.id)
    assert (kept.held_ruling, kept.held_category, kept.category) == (ruling, "first", "highest")
    assert (kept.answers["held_since"], kept.answers["held_act"]) == ("20.04.2021", "Распоряжение Комитета № 77-р")


@pytest.mark.parametrize(
    "row",
    [
        ("Чернильницына", "Вера", "Ивановна", "Учитель", "ГБОУ школа № 901", "first", True),
        (*TEACHER_OF_ARCHIVE[:6], False),
    ],
)
def test_neither_a_namesake_nor_a_refusal_proves_anything(
    world: World, make_order: MakeOrder, row: tuple[str, str, str, str, str, str, bool]
) -> None:
    ruling, draft = archived(make_order, row), begun(world)
    save(world, draft, "person")
    save(world, draft, "category", held_ruling=str(ruling.id))
    assert Application.get_by_id(draft.id).held_ruling is None


@pytest.mark.parametrize("chosen", ["0", "999999", "x", "1" * 40, "１"])
def test_what_is_no_row_of_a_published_order_is_no_proof(world: World, make_order: MakeOrder, chosen: str) -> None:
    draft = begun(world)
    archived(make_order, status="registered")
    save(world, draft, "person")
    save(world, draft, "category", held_ruling=chosen)
    assert Application.get_by_id(draft.id).held_ruling is None


def test_another_name_loses_the_proof(world: World, make_order: MakeOrder) -> None:
    ruling, draft = archived(make_order), begun(world)
    save(world, draft, "person")
    save(world, draft, "category", held_ruling=str(ruling.id))
    save(world, draft, "work", position="Методист")
    assert Application.get_by_id(draft.id).held_ruling == ruling
    save(world, draft, "person", surname="Кляксина")
    assert Application.get_by_id(draft.id).held_ruling is None


# --- Thrown away ------------------------------------------------------------------------------------------------------------


def held(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_a_discarded_draft_leaves_nothing_but_the_journal(world: World) -> None:
    draft, other = world.filled(SPB), world.filled(SPB, teacher=world.other_teacher)
    own = world.paper(draft, "Диплом", data=world.pdf + b"\n% own").files.get()
    slot = world.book(draft)
    assert own.sha256 in held(world.cases_dir)
    drafts.discard(draft, world.cases_dir, by=world.teacher, on=world.now)
    assert Application.get_or_none(Application.id == draft.id) is None
    assert not CaseFile.select().where(CaseFile.application == draft.id).exists()
    assert Slot.get_by_id(slot.id).application is None
    assert held(world.cases_dir) == {file.sha256 for file in CaseFile.select().where(CaseFile.application == other)}
    assert verbs(draft.id) == ["case_discard_draft"]


def test_a_content_that_somebody_brings_meanwhile_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, other = world.filled(SPB), world.filled(SPB, teacher=world.other_teacher)
    data = world.pdf + b"\n% own"
    own = world.paper(draft, "Диплом", data=data).files.get()
    named, asked = attachments._named, []

    def overtaken(hashes: set[str]) -> set[str]:
        found = named(hashes)
        if not asked:
            # Between the question and the removal; its own look at the file is over before that.
            asked.append(world.paper(other, "Такой же диплом", data=data))
        return found

    monkeypatch.setattr(attachments, "_named", overtaken)
    drafts.discard(draft, world.cases_dir, by=world.teacher, on=world.now)
    assert files.path_of(world.cases_dir, own.sha256, suffix="").read_bytes() == data
    assert not [name for name in held(world.cases_dir) if name.startswith(".")]


def test_what_was_filed_once_is_not_thrown_away(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "submitted")
    world.step(case, "return_application")
    with pytest.raises(Refusal, match="уже подавали"):
        drafts.discard(case, world.cases_dir, by=world.teacher, on=world.now)
    assert files.verify(world.cases_dir, CaseFile.get(CaseFile.application == case).sha256, suffix="")
