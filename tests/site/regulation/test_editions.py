"""Editions in time: which is in force, those an office adds, those that cannot be read."""

import datetime as dt
from pathlib import Path

import pytest

from attestation.site import regulation
from attestation.site.regulation import UnknownClause

from . import second_edition
from .second_edition import SLUG, change

FIRST = dt.date(2021, 4, 13)
SECOND = dt.date(2027, 9, 1)


def test_the_package_has_one_edition_of_each_document(tmp_path: Path) -> None:
    shelf = regulation.shelf(tmp_path)
    assert [edition.slug for edition in shelf.editions] == [regulation.SPB, regulation.LENOBL]
    assert shelf.broken == ()
    assert shelf.in_force("spb", FIRST) is shelf.edition(regulation.SPB)
    assert shelf.in_force("spb", FIRST - dt.timedelta(days=1)) is None
    assert shelf.edition(regulation.SPB).in_force_until is None


def test_an_edition_of_the_office_ends_the_one_before(tmp_path: Path) -> None:
    second_edition.make(tmp_path)
    shelf = regulation.shelf(tmp_path)
    assert [edition.slug for edition in shelf.of("spb")] == [regulation.SPB, SLUG]
    assert [edition.in_force_until for edition in shelf.of("spb")] == [SECOND - dt.timedelta(days=1), None]
    days = (FIRST, SECOND - dt.timedelta(days=1), SECOND, dt.date(2030, 1, 1))
    assert [shelf.in_force("spb", day).slug for day in days] == [regulation.SPB, regulation.SPB, SLUG, SLUG]
    assert [edition.slug for edition in shelf.of("lenobl")] == [regulation.LENOBL]
    # What is packaged stays as it was read.
    assert regulation.edition(regulation.SPB).in_force_until is None


def test_today_shows_the_edition_in_force_or_the_nearest(tmp_path: Path) -> None:
    own = second_edition.make(tmp_path)
    change(own / "edition.toml", "in_force_from = 2027-09-01", "in_force_from = 2027-09-01\nin_force_until = 2027-12-31")
    shelf = regulation.shelf(tmp_path)
    shown = {day: shelf.current("spb", day).slug for day in (dt.date(2020, 1, 1), FIRST, SECOND, dt.date(2028, 1, 1))}
    assert list(shown.values()) == [regulation.SPB, regulation.SPB, SLUG, SLUG]
    assert shelf.in_force("spb", dt.date(2028, 1, 1)) is None


def test_a_day_between_two_editions_has_none(tmp_path: Path) -> None:
    own = second_edition.make(tmp_path)
    third = second_edition.make(tmp_path, "spb-2029-01-01")
    change(own / "edition.toml", "in_force_from = 2027-09-01", "in_force_from = 2027-09-01\nin_force_until = 2027-12-31")
    change(third / "edition.toml", "in_force_from = 2027-09-01", "in_force_from = 2029-01-01")
    shelf = regulation.shelf(tmp_path)
    assert shelf.in_force("spb", dt.date(2027, 12, 31)) is shelf.edition(SLUG)
    assert shelf.in_force("spb", dt.date(2028, 6, 1)) is None
    assert shelf.current("spb", dt.date(2028, 6, 1)) is shelf.edition(SLUG)


def test_a_change_of_a_file_is_seen_at_the_next_look(tmp_path: Path) -> None:
    own = second_edition.make(tmp_path)
    before = regulation.shelf(tmp_path)
    assert regulation.shelf(tmp_path) is before
    change(own / "2-standard.md", "## 2.12. Услуга бесплатна", "## 2.12. Услуга всегда бесплатна")
    after = regulation.shelf(tmp_path)
    assert (before.edition(SLUG).clause("2.12").title, after.edition(SLUG).clause("2.12").title) == (
        "Услуга бесплатна",
        "Услуга всегда бесплатна",
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("edition.toml", "in_force_from = 2027-09-01", "", "edition.toml: не хватает ключей: in_force_from"),
        ("edition.toml", "in_force_from = 2027-09-01", 'in_force_from = "2027"', "edition.toml: in_force_from: нужна дата"),
        ("edition.toml", "name = ", "nom = ", "edition.toml: неизвестные ключи: nom"),
        ("edition.toml", 'name = "', "name = ", "edition.toml: файл не читается"),
        ("2-standard.md", "## 2.12. Услуга", "## Услуга", "2-standard.md:"),
        ("2-standard.md", "## 2.12. Услуга", "## 2.13. Услуга", "номер повторяется: 2.13"),
        ("appendices.md", "required: 2.6.1", "required: 9.9", "appendices.md: приложение № 1: required: пунктов нет: 9.9"),
    ],
)
def test_a_broken_edition_is_told_and_left_out(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    change(second_edition.make(tmp_path) / file, old, new)
    shelf = regulation.shelf(tmp_path)
    assert [edition.slug for edition in shelf.editions] == [regulation.SPB, regulation.LENOBL]
    (broken,) = shelf.broken
    assert broken.startswith(f"{SLUG}: {said}")


@pytest.mark.parametrize("slug", ["moscow-2027-09-01", "spb 2027", "spb-2021-04-13"])
def test_a_folder_needs_a_name_of_its_own(tmp_path: Path, slug: str) -> None:
    second_edition.make(tmp_path, slug)
    shelf = regulation.shelf(tmp_path)
    assert [edition.slug for edition in shelf.editions] == [regulation.SPB, regulation.LENOBL]
    assert len(shelf.broken) == 1 and shelf.broken[0].startswith(f"{slug}: ")


def test_an_unknown_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownClause):
        regulation.shelf(tmp_path).edition("spb-1999-01-01")
