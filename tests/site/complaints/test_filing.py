"""Filing on the site: what a complaint must say, its papers, its number, one complaint for one form."""

import datetime as dt
from typing import Any

import pytest

from attestation.models import (
    Application,
    Complaint,
    ComplaintEvent,
    ComplaintFile,
    ComplaintKind,
    JournalEntry,
    Letter,
    User,
)
from attestation.procedure.numbers import WrongNumber
from attestation.procedure.refusal import Refusal
from attestation.site import files
from attestation.site.complaints import filing
from attestation.site.complaints.files import Brought
from attestation.site.complaints.numbers import read_number
from attestation.site.fields import Mistakes
from attestation.tests.complaints import MORNING, SAID, file, paper, said
from attestation.tests.conftest import Cast

TABLES = (Complaint, ComplaintKind, ComplaintEvent, ComplaintFile, JournalEntry, Letter)


def nothing() -> bool:
    """Whether no complaint has left a trace."""
    return not any(table.select().exists() for table in TABLES)


def test_a_complaint_is_received_numbered_and_told(database: Any, settings: Any) -> None:
    made = file(settings.complaints_dir, papers=[paper()])
    assert (made.number, made.status, made.channel) == ("Ж-2026-000001-5", "received", "form")
    assert (made.person, made.received_on, made.electronic_answer) == ("Обидина Вера Павловна", dt.date(2026, 3, 10), False)
    assert made.kind_names() == ["papers_declined"]
    assert [(event.name, event.day) for event in made.events] == [("received", dt.date(2026, 3, 10))]
    assert (made.due_term, made.due_on) == ("registration", dt.date(2026, 3, 11))
    (kept,) = made.files
    assert (kept.kind, kept.name, kept.pages, kept.added_by_id) == ("paper", "справка.jpg", 1, None)
    assert files.verify(settings.complaints_dir, kept.sha256, suffix="")


def test_no_complaint_has_a_key_that_forms_do_not_give(database: Any) -> None:
    """PostgreSQL takes no text with the character NUL."""
    assert [filing.sent(key) for key in ("", "\0", "x" * 32)] == [None] * 3


def test_the_letter_is_private_and_goes_to_the_address_given(database: Any, settings: Any) -> None:
    made = file(settings.complaints_dir)
    (letter,) = made.letters
    assert (letter.name, letter.channel, letter.address) == ("complaint_received", "email", "obidina@example.org")
    assert letter.private and letter.user_id is None
    assert letter.subject == f"Жалоба № {made.number} принята"
    assert "10.03.2026" in letter.body


def test_without_an_address_no_letter_is_written(database: Any, settings: Any) -> None:
    assert not file(settings.complaints_dir, contents=said(email="")).letters.exists()


def test_the_journal_tells_nothing_of_what_it_says(database: Any, settings: Any) -> None:
    made = file(settings.complaints_dir)
    (entry,) = JournalEntry.select()
    assert (entry.verb, entry.subject, entry.subject_id, entry.details) == ("complaint_submit", "complaint", made.id, "")


def test_the_journal_does_not_say_who_complained(cast: Cast, settings: Any) -> None:
    """Publishers and administrators read the journal, and no complaint."""
    made = file(settings.complaints_dir, by=cast.expert)
    assert made.author == cast.expert
    (entry,) = JournalEntry.select().where(JournalEntry.subject == "complaint")
    assert (entry.user_id, entry.who) == (None, "Система")


def test_the_same_form_sent_twice_is_one_complaint(database: Any, settings: Any) -> None:
    first = file(settings.complaints_dir)
    again = file(settings.complaints_dir, contents=said(arguments="Совсем другое."))
    assert (again.id, Complaint.select().count(), Letter.select().count()) == (first.id, 1, 1)


def test_numbers_follow_each_other(database: Any, settings: Any) -> None:
    numbers = [file(settings.complaints_dir, token=sign * 32).number for sign in "abc"]
    assert [number[:13] for number in numbers] == ["Ж-2026-000001", "Ж-2026-000002", "Ж-2026-000003"]
    next_year = MORNING.replace(year=2027)
    assert file(settings.complaints_dir, token="d" * 32, on=next_year).number.startswith("Ж-2027-000001-")


@pytest.mark.parametrize(
    "name", ["surname", "name", "residence", "postal_address", "phone", "subject", "arguments", "respondent"]
)
def test_what_it_must_say(database: Any, settings: Any, name: str) -> None:
    with pytest.raises(Mistakes) as told:
        file(settings.complaints_dir, contents=said(**{name: "  "}))
    assert list(told.value.errors) == [name]
    assert nothing()


def test_everything_wrong_is_told_at_once_in_the_order_of_the_form(database: Any, settings: Any) -> None:
    with pytest.raises(Mistakes) as told:
        file(
            settings.complaints_dir,
            contents=said("nonsense", surname="", email="нет", arguments="", representative="Заступин И."),
        )
    assert list(told.value.errors) == ["surname", "authority", "email", "kinds", "arguments"]
    assert nothing()


def test_an_electronic_answer_needs_an_address(database: Any, settings: Any) -> None:
    with pytest.raises(Mistakes) as told:
        file(settings.complaints_dir, contents=said(email="", electronic=True))
    assert told.value.errors == {"email": "Укажите адрес, на который отправить электронный ответ."}


def test_a_representative_brings_the_document(database: Any, settings: Any) -> None:
    acting = said(representative="Заступин Иван Ильич", authority="доверенность от 01.03.2026 № 4")
    with pytest.raises(Refusal, match="Приложите документ") as told:
        file(settings.complaints_dir, contents=acting)
    assert told.value.clause == "5.1.2" and nothing()
    made = file(settings.complaints_dir, contents=acting, authority=[paper("доверенность.jpg")])
    assert [(one.kind, one.name) for one in made.files] == [("authority", "доверенность.jpg")]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "пустой.pdf", "файл пуст"),
        (b"MZ" + b"\0" * 100, "программа.pdf", "по содержанию это программа"),
        (b"%PDF-1.7 torn", "рваный.pdf", "PDF повреждён"),
        (b"\xff\xd8\xff" + b"\0" * (3 * 1024 * 1024), "большой.jpg", "больше разрешённых 3 МБ"),
    ],
)
def test_bad_files_leave_nothing(database: Any, settings: Any, data: bytes, name: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        file(settings.complaints_dir, papers=[paper(), Brought(data, name)])
    assert nothing() and not settings.complaints_dir.exists()


def test_too_many_files(database: Any, settings: Any) -> None:
    with pytest.raises(Refusal, match="8"):
        file(settings.complaints_dir, papers=[paper()] * 9)
    assert nothing()


def test_a_key_that_no_page_has_made_is_refused(database: Any, settings: Any) -> None:
    with pytest.raises(Refusal, match="откройте её заново"):
        file(settings.complaints_dir, token="../x")
    assert nothing()


def test_only_an_application_of_one_s_own_is_pointed_to(cast: Cast, settings: Any) -> None:
    asked = {"edition": "spb-2021-04-13", "channel": "portal", "status": "received", "filed_on": MORNING.date()}
    case = Application.create(**asked, number="2026-000001-5", applicant=cast.departed)
    for by in (None, cast.expert):
        with pytest.raises(Refusal, match="своё заявление"):
            file(settings.complaints_dir, application=case, by=by)
    made = file(settings.complaints_dir, application=case, by=User.get_by_id(cast.departed.id))
    assert (made.application_id, made.author_id) == (case.id, cast.departed.id)


def test_what_is_typed_is_kept_as_text(database: Any, settings: Any) -> None:
    made = file(settings.complaints_dir, contents=said(subject="<script>alert(1)</script>\r\nвторая строка", surname=" Ли "))
    assert (made.subject, made.surname) == ("<script>alert(1)</script>\nвторая строка", "Ли")


@pytest.mark.parametrize("typed", ["Ж-2026-000001-5", " ж-2026-000001-5", "№ Ж 2026 000001 5", "20260000015"])
def test_numbers_as_people_type_them(typed: str) -> None:
    assert read_number(typed) == "Ж-2026-000001-5"


@pytest.mark.parametrize("typed", ["", "Ж", "Ж-2026-000001-4", "ЖЖ-2026-000001-5", "2026-000001"])
def test_what_is_no_number(typed: str) -> None:
    with pytest.raises(WrongNumber, match="Ж-2026-000012-4"):
        read_number(typed)


def test_the_longest_text(database: Any, settings: Any) -> None:
    with pytest.raises(Mistakes, match="длиннее 20000"):
        file(settings.complaints_dir, contents=said(arguments="а" * 20_001))
    assert len(SAID["arguments"]) < 20_000 and nothing()
