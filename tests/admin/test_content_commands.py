"""The console: the content tree out into a folder and in from it, with real files."""

import io
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from PIL import Image

from attestation.admin.acts import content
from attestation.admin.acts.content.files import keep_file
from attestation.models import Blob, Node
from attestation.procedure.words import NodeKind
from attestation.site.settings import Settings
from attestation.tests.conftest import NOON, Cast


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["content", *arguments])


def photograph() -> bytes:
    """A JPEG as a telephone makes it, with the place where it was taken."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.effect_noise((80, 60), 60).convert("RGB").save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.fixture
def picture(cast: Cast, settings: Settings) -> Node:
    """A published photograph in the tree."""
    root = Node.get(Node.path == "")
    blob = keep_file(settings.uploads_dir, root, data=photograph(), name="фото.jpg", by=cast.admin, on=NOON)
    texts = content.Texts("Фото", blob=blob, file_name="фото.jpg")
    node = content.create(root, kind=NodeKind.FILE, name="foto.jpg", texts=texts, by=cast.admin, on=NOON)
    return content.publish(node, version=node.version, by=cast.admin, on=NOON)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_site_goes_out_and_comes_in_the_same(app: Flask, picture: Node, tmp_path: Path) -> None:
    app.test_cli_runner().invoke(args=["init"])
    first, second = tmp_path / "first", tmp_path / "second"
    done = run(app, "export", str(first))
    assert (done.exit_code, done.output) == (0, f"Выгружено материалов: 10. Папка: {first}\n")
    assert b"taken at home" not in snapshot(first)["foto.jpg"]
    assert run(app, "import", str(first)).output.splitlines()[-1].endswith("добавлено: 0, изменено: 0, без изменений: 10.")
    # Everything away, so that it comes as into an empty installation.
    for node in Node.kept().where(Node.path != ""):
        Node.update(trashed_with=node, trashed_at=NOON, path=f"gone/{node.id}").where(Node.id == node.id).execute()
    done = run(app, "import", str(first))
    assert done.exit_code == 0, done.output
    assert "Добавлено: /foto.jpg" in done.output.splitlines()
    assert done.output.splitlines()[-1] == "Материалов 10, из них добавлено: 9, изменено: 0, без изменений: 1."
    run(app, "export", str(second))
    assert snapshot(second) == snapshot(first)
    assert Blob.select().count() == 1


def test_a_trial_shows_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text('+++\ntitle = "Новая"\nstatus = "published"\n+++\nТекст.\n')
    (tmp_path / "photo.jpg").write_bytes(photograph())
    (tmp_path / "photo.jpg.md").write_text('+++\ntitle = "Фото"\nkind = "file"\nfile_name = "photo.jpg"\n+++\n')
    done = run(app, "import", "--trial", str(tmp_path))
    assert done.output.splitlines() == [
        "Добавлено: /page",
        "Добавлено: /photo.jpg",
        "Проба, ничего не записано. Материалов 2, из них добавлено: 2, изменено: 0, без изменений: 0.",
    ]
    assert (Node.select().count(), Blob.select().count()) == (1, 0)


def test_files_written_by_hand_come_in_clean_and_once(app: Flask, tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "photo.jpg").write_bytes(photograph())
    (tmp_path / "photo.jpg.md").write_text('+++\ntitle = "Фото"\nkind = "file"\nfile_name = "photo.jpg"\n+++\n')
    assert run(app, "import", str(tmp_path)).output.splitlines()[0] == "Добавлено: /photo.jpg"
    (blob,) = Blob.select()
    kept = settings.uploads_dir / blob.sha256[:2] / blob.sha256
    assert b"taken at home" not in kept.read_bytes()
    assert run(app, "import", str(tmp_path)).output == "Материалов 1, из них добавлено: 0, изменено: 0, без изменений: 1.\n"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("page.md", b"no front matter", "page.md: файл начинается не с описания"),
        ("photo.jpg.md", '+++\ntitle = "Ф"\nkind = "file"\nfile_name = "photo.jpg"\n+++\n'.encode(), "нет самого файла"),
        ("admin.md", '+++\ntitle = "А"\n+++\n'.encode(), "«admin»: Имя «admin» занято"),
    ],
)
def test_what_cannot_come_in_is_named(app: Flask, tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    done = run(app, "import", str(tmp_path))
    assert (done.exit_code, said in done.output) == (1, True), done.output
    assert Node.select().count() == 1


def test_export_wants_an_empty_folder(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "mine.md").write_text("keep me")
    done = run(app, "export", str(folder))
    assert (done.exit_code, "не пуста" in done.output) == (1, True)
    assert snapshot(folder) == {"mine.md": b"keep me"}
