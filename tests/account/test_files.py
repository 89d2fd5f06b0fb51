"""The one address of private files: who gets one, in which headers, and that a stranger cannot tell a foreign one from none."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from attestation.models import CaseFile, JournalEntry, User
from attestation.procedure.words import CaseRole
from attestation.site.cases.attachments import remove
from attestation.site.files import path_of
from attestation.tests import scans
from attestation.tests.cases import SPB, World
from attestation.tests.inspection import open_page

SignIn = Callable[[User], FlaskClient]
NOT_THERE = "Такого файла нет, или он не для вас. Откройте его со страницы дела."


@pytest.fixture
def file(world: World) -> CaseFile:
    """A paper of the teacher's folder."""
    case = world.walk(world.filled(SPB), "received")
    world.entrust(case, world.experts[0], CaseRole.MAIN_EXPERT)
    paper = world.paper(case, "Сертификат", data=scans.pdf(pages=2))
    CaseFile.update(name="Сертификат «Лучший урок».pdf").where(CaseFile.paper == paper).execute()
    return CaseFile.get(CaseFile.paper == paper)


def test_the_file_comes_as_it_was_brought_and_is_kept_nowhere(world: World, file: CaseFile, sign_in: SignIn) -> None:
    answer = sign_in(world.teacher).get(f"/account/files/{file.id}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", scans.pdf(pages=2))
    name = quote("Сертификат «Лучший урок».pdf")
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert f"filename*=UTF-8''{name}" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert "ETag" not in answer.headers and "Last-Modified" not in answer.headers


def test_every_reader_but_the_teachers_side_stands_in_the_journal(world: World, file: CaseFile, sign_in: SignIn) -> None:
    for user in (world.teacher, world.cast.expert, world.cast.secretary):
        assert sign_in(user).get(f"/account/files/{file.id}").status_code == 200
    read = JournalEntry.select().where(JournalEntry.verb == "read_file").order_by(JournalEntry.id)
    assert [entry.user for entry in read] == [world.cast.expert, world.cast.secretary]


def test_foreign_removed_and_missing_files_look_the_same(world: World, file: CaseFile, sign_in: SignIn) -> None:
    for user in (world.other_teacher, world.cast.editor, world.experts[1].user):
        assert open_page(sign_in(user), f"/account/files/{file.id}", 404).main.one("p", class_="lead").text == NOT_THERE
    stranger = sign_in(world.other_teacher)
    # The page names its own address and nothing else.
    foreign = stranger.get(f"/account/files/{file.id}").text.replace(f"/files/{file.id}", "/files/999999")
    missing = stranger.get("/account/files/999999").text
    remove(file, file.application, by=world.teacher, on=world.now)
    removed = sign_in(world.teacher).get(f"/account/files/{file.id}")
    assert (removed.status_code, foreign) == (404, missing)
    assert stranger.get("/account/files/99999999999999999999").status_code == 404


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: FlaskClient, file: CaseFile) -> None:
    answer = client.get(f"/account/files/{file.id}")
    assert (answer.status_code, answer.location) == (302, f"/account/login?next=/account/files/{file.id}")


def test_a_file_that_is_lost_is_no_failure(world: World, file: CaseFile, sign_in: SignIn) -> None:
    path_of(world.cases_dir, file.sha256, suffix="").unlink()
    page = open_page(sign_in(world.teacher), f"/account/files/{file.id}", 404)
    assert "Файла нет в хранилище" in page.text


def test_a_draft_that_was_never_filed_is_the_teachers_alone(world: World, sign_in: SignIn) -> None:
    draft = world.filled(SPB)
    file = CaseFile.get(CaseFile.application == draft)
    readers = (world.teacher, world.cast.secretary, world.cast.deputy)
    assert [sign_in(user).get(f"/account/files/{file.id}").status_code for user in readers] == [200, 404, 404]
    assert sign_in(world.cast.secretary).get(f"/admin/reception/cases/{draft.id}").status_code == 404
