"""A file that somebody brings: checked, kept once, in the journal; refused without a trace."""

import hashlib
from pathlib import Path

import pytest

from attestation.admin.acts import content
from attestation.models import Blob, JournalEntry
from attestation.procedure.refusal import Refusal
from attestation.tests.conftest import NOON

from .conftest import Staff, entries, make, save

pytestmark = pytest.mark.usefixtures("database")

TEXT = "Порядок подачи заявления".encode()
SHA256 = hashlib.sha256(TEXT).hexdigest()


@pytest.mark.parametrize("who", ["admin", "editor", "author", "approver"])
def test_whoever_writes_here_may_bring_a_file(staff: Staff, tmp_path: Path, who: str) -> None:
    (by,) = staff.named(who)
    blob = content.keep_file(tmp_path / "uploads", staff.section, data=TEXT, name="Порядок.txt", by=by, on=NOON)
    assert (blob.sha256, blob.media_type, blob.size) == (SHA256, "text/plain", len(TEXT))
    assert (blob.width, blob.height, blob.created_at) == (None, None, NOON)
    assert (tmp_path / "uploads" / SHA256[:2] / SHA256).read_bytes() == TEXT
    assert entries(staff.section)[-1] == ("keep_file", str(by), f"TXT, байт: {len(TEXT)}, SHA-256 {SHA256}")


@pytest.mark.parametrize("who", ["secretary", "nobody", "departed"])
def test_nobody_else_may(staff: Staff, tmp_path: Path, who: str) -> None:
    (by,) = staff.named(who)
    before = JournalEntry.select().count()
    with pytest.raises(Refusal, match="Вам недоступно"):
        content.keep_file(tmp_path / "uploads", staff.section, data=TEXT, name="Порядок.txt", by=by, on=NOON)
    assert ((tmp_path / "uploads").exists(), Blob.select().count(), JournalEntry.select().count()) == (False, 0, before)


def test_the_same_content_is_one_record(staff: Staff, tmp_path: Path) -> None:
    first = content.keep_file(tmp_path / "uploads", staff.section, data=TEXT, name="Порядок.txt", by=staff.editor, on=NOON)
    again = content.keep_file(tmp_path / "uploads", staff.section, data=TEXT, name="Копия.txt", by=staff.author, on=NOON)
    assert (again.id, Blob.select().count()) == (first.id, 1)


def test_a_file_that_is_refused_leaves_nothing(staff: Staff, tmp_path: Path) -> None:
    before = JournalEntry.select().count()
    with pytest.raises(Refusal, match="Это рисунок SVG"):
        content.keep_file(tmp_path / "uploads", staff.section, data=b"<svg/>", name="a.svg", by=staff.editor, on=NOON)
    assert ((tmp_path / "uploads").exists(), Blob.select().count(), JournalEntry.select().count()) == (False, 0, before)


def test_a_picture_that_nobody_described_is_not_published(staff: Staff) -> None:
    page = make(staff.editor, body="Вход со двора.\n\n![](node:18)")
    with pytest.raises(Refusal) as refused:
        content.publish(page, version=page.version, by=staff.editor, on=NOON)
    assert refused.value.sentence == (
        "Публиковать рано (строка 3). У картинки нет описания: впишите между квадратными скобками, что на ней видно."
    )
    page = save(page, staff.editor, body="![Вход со двора](node:18)")
    assert content.publish(page, version=page.version, by=staff.editor, on=NOON).status == "published"
