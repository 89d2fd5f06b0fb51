"""Files of a case: who brings which, where they lie, who reads them and what the journal says of it."""

import datetime as dt
import errno
import hashlib
import os
import stat

import pytest

from attestation.models import Application, CaseFile, Conclusion, JournalEntry, Review, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole, Channel
from attestation.site import files
from attestation.site.cases import attachments, moves
from attestation.site.cases.attachments import KINDS, attach, readable, remove
from attestation.site.cases.rights import Part
from attestation.site.dates import day_of
from attestation.tests import scans
from attestation.tests.cases import LENOBL, NEGATIVE, SPB, World

LATER = dt.timedelta(minutes=5)


def brought(
    world: World, case: Application, kind: str = "previous_category", by: User | None = None, **more: object
) -> CaseFile:
    values = {"data": scans.pdf(), "name": "Приказ.pdf", "by": by or world.teacher, "on": world.now, **more}
    return attach(case, kind, world.cases_dir, **values)


def said_of(case: Application) -> list[tuple[str, str]]:
    mine = JournalEntry.subject == "application", JournalEntry.subject_id == case.id
    return [(entry.verb, entry.who) for entry in JournalEntry.select().where(*mine).order_by(JournalEntry.id)]


def under_review(world: World) -> Application:
    """A case whose journal is still empty."""
    return world.filled(SPB, status="review", number="2026-000123-4", filed_on=day_of(world.now))


def test_a_file_is_kept_byte_for_byte_for_nobody_but_the_application(world: World) -> None:
    case, data = world.filled(SPB), scans.pdf(pages=3)
    version = case.version
    file = brought(world, case, data=data, name="folder/Приказ.pdf")
    path = files.path_of(world.cases_dir, hashlib.sha256(data).hexdigest(), suffix="")
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0
    facts = (file.name, file.media_type, file.size, file.pages, file.added_by, file.removed_at)
    assert facts == ("Приказ.pdf", "application/pdf", len(data), 3, world.teacher, None)
    assert Application.get_by_id(case.id).version == case.version == version + 1
    assert said_of(case) == [("add_file", str(world.teacher))]


def test_the_journal_names_the_file_by_number_and_not_by_its_words(world: World) -> None:
    file = brought(world, world.filled(SPB), name="Диплом Незабудкиной.pdf")
    entry = JournalEntry.get(JournalEntry.verb == "add_file")
    assert entry.details == f"Документ о прежней категории, файл {file.id}, SHA-256 {file.sha256[:16]}"


def test_the_same_file_twice_is_one(world: World) -> None:
    case = world.filled(SPB)
    first = brought(world, case)
    assert brought(world, case) == first
    assert CaseFile.select().where(CaseFile.kind == "previous_category").count() == 1
    # In another place of the case it is another one.
    assert brought(world, case, "authority") != first


def test_a_case_that_has_changed_meanwhile_takes_nothing(world: World) -> None:
    case = world.filled(SPB)
    stale = Application.get_by_id(case.id)
    brought(world, case)
    with pytest.raises(Refusal, match="уже изменено"):
        brought(world, stale, "authority")
    assert CaseFile.select().where(CaseFile.kind == "authority").count() == 0


def test_a_full_disk_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = world.filled(SPB)
    before = CaseFile.select().count()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        brought(world, case, data=scans.pdf(pages=2))
    monkeypatch.undo()
    assert CaseFile.select().count() == before
    assert not list(world.cases_dir.rglob(".*"))
    assert Application.get_by_id(case.id).version == case.version


def test_too_many_files_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_FILES", 2)
    with pytest.raises(Refusal, match="уже 2 файлов"):
        brought(world, world.filled(SPB))


def test_files_that_were_taken_out_count_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_BROUGHT", 3)
    case = world.filled(SPB)
    remove(brought(world, case), case, by=world.teacher, on=world.now)
    with pytest.raises(Refusal, match="уже прикладывали 3 файлов, вместе с убранными"):
        brought(world, case, data=scans.pdf(pages=2))


# --- Who brings what ----------------------------------------------------------------------------------------------------------

# kind → who may bring it in a case of the portal and in one that came on paper; typed by hand.
BRINGERS = {
    "portfolio": ("teacher", "teacher reception secretary"),
    "previous_category": ("teacher", "teacher reception secretary"),
    "authority": ("teacher", "teacher reception secretary"),
    "conclusion": ("expert", "expert"),
    "receipt": ("", ""),
    "notice": ("", ""),
    "other": ("reception secretary", "reception secretary"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channel", [Channel.PORTAL, Channel.MFC])
def test_who_brings_which_file(world: World, kind: str, channel: Channel) -> None:
    case = world.filled(SPB, teacher=world.teacher, channel=channel)
    world.entrust(case, world.experts[0], CaseRole.MAIN_EXPERT)
    cast = world.cast
    people = {"teacher": world.teacher, "reception": cast.reception, "secretary": cast.secretary, "expert": cast.expert}
    people |= {"deputy": cast.deputy, "admin": cast.admin, "stranger": world.other_teacher, "departed": cast.departed}
    allowed = set()
    for pages, (name, user) in enumerate(people.items(), 1):
        try:
            brought(world, case, kind, user, data=scans.pdf(pages=pages))
            allowed.add(name)
        except Refusal as refusal:
            assert KINDS[kind].title in refusal.sentence
    assert allowed == set(BRINGERS[kind][channel is Channel.MFC].split())


def test_the_system_brings_what_nobody_does(world: World) -> None:
    case = world.filled(SPB)
    file = attach(case, "receipt", world.cases_dir, data=scans.pdf(), name="Расписка.pdf", by=None, on=world.now)
    assert (file.added_by_id, said_of(case)) == (None, [("add_file", "Система")])


def test_each_kind_has_its_bounds(world: World) -> None:
    words = {kind: attachments.bounds_of(SPB, kind).words for kind in KINDS}
    folder, office = "PDF или JPEG до 3 МБ", "PDF или JPEG до 20 МБ"
    assert words == {
        **dict.fromkeys(("portfolio", "previous_category", "authority", "receipt", "notice"), folder),
        "conclusion": "PDF до 20 МБ",
        "other": office,
    }
    assert [attachments.bounds_of(edition, "portfolio").clause for edition in (SPB, LENOBL)] == ["2.6.2", "8"]


# --- Taking out ---------------------------------------------------------------------------------------------------------------


def test_a_removed_file_is_out_of_the_case_and_its_content_stays(world: World) -> None:
    case = world.filled(SPB)
    file = brought(world, case)
    remove(file, case, by=world.teacher, on=world.now + LATER)
    assert file not in list(attachments.kept(case))
    assert CaseFile.get_by_id(file.id).removed_at == world.now + LATER
    assert files.verify(world.cases_dir, file.sha256, suffix="")
    assert readable(file.id, world.teacher, on=world.now) is None
    with pytest.raises(Refusal, match="уже убран"):
        remove(file, case, by=world.teacher, on=world.now + LATER)


def test_nobody_takes_out_what_they_may_not_bring(world: World) -> None:
    case = world.filled(SPB)
    file = brought(world, case)
    for user in (world.other_teacher, world.cast.reception, world.cast.admin):
        with pytest.raises(Refusal):
            remove(file, case, by=user, on=world.now)
    assert CaseFile.get_by_id(file.id).removed_at is None


# --- Reading ------------------------------------------------------------------------------------------------------------------

# Part of the case that each kind belongs to.
PARTS = {
    "portfolio": Part.PORTFOLIO,
    "previous_category": Part.APPLICATION,
    "authority": Part.CONTACTS,
    "receipt": Part.LETTERS,
    "notice": Part.LETTERS,
    "other": Part.CONTACTS,
}


@pytest.mark.parametrize("kind", PARTS)
def test_a_file_belongs_to_the_part_of_its_kind(world: World, kind: str) -> None:
    assert attachments.part_of(world.file(world.filled(SPB), kind, "a.pdf")) is PARTS[kind]


def test_a_conclusion_belongs_to_the_review_of_whoever_brought_it(world: World) -> None:
    case = under_review(world)
    first, second = world.experts[:2]
    world.entrust(case, first, CaseRole.MAIN_EXPERT)
    world.entrust(case, second, CaseRole.SECOND_EXPERT)
    one = brought(world, case, "conclusion", first.user)
    other = brought(world, case, "conclusion", second.user, data=scans.pdf(pages=2))
    assert [attachments.part_of(file) for file in (one, other)] == [Part.FIRST_CONCLUSION, Part.SECOND_CONCLUSION]
    # Neither reads the other's, and the teacher none before they are given.
    readers = (first.user, second.user, world.teacher)
    seen = [[readable(file.id, user, on=world.now) is not None for user in readers] for file in (one, other)]
    assert seen == [[True, False, False], [False, True, False]]


def test_who_reads_a_paper_and_what_the_journal_says(world: World) -> None:
    case = under_review(world)
    world.represent(case)
    world.entrust(case, world.experts[0], CaseRole.MAIN_EXPERT)
    file = case.files.where(CaseFile.kind == "portfolio").first()
    cast = world.cast
    for user in (
        world.teacher,
        world.proxy,
        world.other_teacher,
        cast.editor,
        cast.admin,
        cast.departed,
        world.experts[1].user,
    ):
        readable(file.id, user, on=world.now)
    assert said_of(case) == []
    for user in (cast.expert, cast.secretary):
        assert readable(file.id, user, on=world.now) == file
    assert said_of(case) == [("read_file", str(cast.expert)), ("read_file", str(cast.secretary))]
    assert readable(file.id + 999, world.teacher, on=world.now) is None


def test_an_expert_does_not_read_scans_that_show_a_telephone(world: World) -> None:
    case = world.filled(SPB, channel=Channel.POST, way="paper")
    world.entrust(case, world.experts[0], CaseRole.MAIN_EXPERT)
    scan = brought(world, case, "other", world.cast.reception)
    assert readable(scan.id, world.cast.expert, on=world.now) is None
    assert readable(scan.id, world.cast.secretary, on=world.now) == scan


def test_a_conclusion_is_the_teachers_where_it_may_be_read(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_done")
    given = case.files.where(CaseFile.kind == "conclusion").first()
    assert given is not None
    assert readable(given.id, world.teacher, on=world.now) == given
    assert moves.move_of(case, "read_conclusion").sources[0] == case.status


def test_a_conclusion_of_a_replaced_expert_is_for_the_office_alone(world: World) -> None:
    case = world.walk(world.filled(SPB), "second_review_due", outcome=NEGATIVE)
    given = world.file(case, "conclusion", "Заключение.pdf", data=scans.pdf(pages=2))
    review = Review.get(Review.application == case)
    Conclusion.update(file=given).where(Conclusion.review == review).execute()
    assert readable(given.id, world.cast.expert, on=world.now) == given
    Review.update(ended_at=world.now).where(Review.id == review.id).execute()
    world.entrust(case, world.experts[2], CaseRole.MAIN_EXPERT)
    readers = (world.cast.expert, world.experts[2].user, world.cast.deputy)
    assert [readable(given.id, user, on=world.now) is not None for user in readers] == [False, False, True]


def test_a_content_that_is_thrown_away_while_it_is_brought_comes_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case, data = world.filled(SPB), scans.pdf(pages=3)
    path = files.path_of(world.cases_dir, hashlib.sha256(data).hexdigest(), suffix="")
    note = attachments._note
    monkeypatch.setattr(attachments, "_note", lambda *told: (note(*told), path.unlink()))
    brought(world, case, data=data)
    assert path.read_bytes() == data
