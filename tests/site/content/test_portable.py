"""The content tree as a folder: how files are written and read, what is refused, links by path and by identity."""

import datetime as dt
from pathlib import Path

import pytest

from attestation.procedure.words import NodeKind
from attestation.site.content.portable import (
    BrokenFile,
    Document,
    Text,
    by_identity,
    by_path,
    documents,
    files,
    query_by_identity,
    query_by_path,
)

AT = dt.datetime(2026, 8, 15, 6, 0, tzinfo=dt.UTC)


def written(folder: Path, *made: Document) -> list[str]:
    """The documents written into a folder; the names of the files."""
    names = []
    for document in made:
        for name, data in files(document):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            names.append(name)
    return names


SITE = (
    Document(path="", kind=NodeKind.FOLDER, text=Text(title="Главная"), status="published", live_from=AT, first_public_at=AT),
    Document(
        path="about",
        kind=NodeKind.PAGE,
        text=Text(
            title='О «сервисе» и "кавычках"', summary="Кратко: \\ и табуляция\tздесь", body="## Часть\n\nТекст +++ внутри."
        ),
        status="published_draft",
        position=3,
        legal=True,
        in_navigation=False,
        live_from=AT,
        first_public_at=AT,
        expires_at=AT + dt.timedelta(days=700, microseconds=5),
        reviewed_on=dt.date(2026, 9, 1),
        draft=Text(title="О сервисе", body="Новый текст."),
        previous=Text(title="О сервисе", body="Старый текст."),
    ),
    Document(path="docs", kind=NodeKind.FOLDER, text=Text(title="Документы"), restricted=True),
    Document(
        path="docs/map.png",
        kind=NodeKind.FILE,
        text=Text(title="Карта", file_name="карта проезда.png"),
        data={"": b"\x89PNG one", "draft": b"\x89PNG two"},
        draft=Text(title="Карта", file_name="карта.png"),
    ),
    Document(
        path="old",
        kind=NodeKind.LINK,
        text=Text(title="Старое", target="https://example.org/"),
        status="withdrawn",
        reason="Устарело",
    ),
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    names = written(tmp_path, *SITE)
    assert names == [
        "index.md",
        *("about.md", "about.draft.md", "about.previous.md"),
        "docs/index.md",
        *("docs/map.png.md", "docs/map.png.draft.md", "docs/map.png", "docs/map.png.draft"),
        "old.md",
    ]
    assert documents(tmp_path) == list(SITE)


def test_a_file_says_no_more_than_it_must(tmp_path: Path) -> None:
    written(tmp_path, Document(path="a", kind=NodeKind.PAGE, text=Text(title="Имя", body="Текст.")))
    assert (tmp_path / "a.md").read_text() == '+++\ntitle = "Имя"\n+++\n\nТекст.\n'


def test_a_file_written_by_hand_is_enough(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('\ufeff+++\r\ntitle = "Имя"\r\nstatus = "published"\r\n+++\r\nТекст.\r\n')
    assert documents(tmp_path) == [Document(path="a", kind=NodeKind.PAGE, text=Text("Имя", body="Текст."), status="published")]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.md", "Текст", "описания между"),
        ("a.md", '+++\ntitle = "А"\n', "описания между"),
        ("a.md", "+++\ntitle = А\n+++\n", "описание не читается"),
        ("a.md", "+++\n+++\n", "нет заголовка"),
        ("a.md", '+++\ntitle = " "\n+++\n', "нет заголовка"),
        ("a.md", '+++\ntitle = "А"\ncolour = "red"\n+++\n', "неизвестный ключ «colour»"),
        ("a.md", '+++\ntitle = "А"\nlegal = "да"\n+++\n', "«legal» не того вида"),
        ("a.md", '+++\ntitle = "А"\nposition = true\n+++\n', "«position» не того вида"),
        ("a.md", '+++\ntitle = "А"\nlive_from = 2026-01-01T00:00:00\n+++\n', "«live_from» не того вида"),
        ("a.md", '+++\ntitle = "А"\nkind = "poem"\n+++\n', "неизвестный вид материала «poem»"),
        ("a.md", '+++\ntitle = "А"\nkind = "folder"\n+++\n', "описывается файлом index.md"),
        ("b/index.md", '+++\ntitle = "А"\n+++\n', "описывается файлом index.md"),
        ("a.md", '+++\ntitle = "А"\nstatus = "lost"\n+++\n', "неизвестное состояние «lost»"),
        ("a.md", '+++\ntitle = "А"\nstatus = "withdrawn"\n+++\n', "нужна причина"),
        ("a.md", f'+++\ntitle = "А"\nposition = {2**31}\n+++\n', "«position» слишком велико"),
        ("a.md", '+++\ntitle = "А"\nexpires_at = 9999-12-31T23:59:59Z\n+++\n', "«expires_at» слишком велико"),
        ("a.md", '+++\ntitle = "А"\nlive_from = 0001-01-01T00:00:00+14:00\n+++\n', "«live_from» слишком велико или мало"),
        ("a.md", f"+++\ntitle = {'[' * 5000}\n+++\n", "описание не читается"),
        ("a.draft.md", '+++\ntitle = "А"\n+++\n', "рядом нет файла самого материала"),
        ("Раздел.md", '+++\ntitle = "А"\n+++\n', "из латинских букв"),
        ("a b.md", '+++\ntitle = "А"\n+++\n', "из латинских букв"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text)
    with pytest.raises(BrokenFile) as broken:
        documents(tmp_path)
    assert str(broken.value).startswith(f"{name}: ")
    assert said in str(broken.value)


def test_a_file_that_is_no_text_or_too_large_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("+++\ntitle = «Имя»".encode("cp1251"))
    with pytest.raises(BrokenFile, match=r"a\.md: файл не в кодировке UTF-8"):
        documents(tmp_path)
    (tmp_path / "a.md").write_bytes(b"+" * 1_000_001)
    with pytest.raises(BrokenFile, match=r"a\.md: файл больше 1 МБ"):
        documents(tmp_path)


@pytest.mark.parametrize("linked", ["a.txt", "a.txt.md", "a.txt.draft", "a.txt.draft.md"])
def test_a_link_out_of_the_folder_brings_nothing_in(tmp_path: Path, linked: str) -> None:
    folder, secret = tmp_path / "folder", tmp_path / "secret"
    folder.mkdir()
    secret.write_text('+++\ntitle = "А"\nkind = "file"\n+++\nТайна')
    for name in {"a.txt", "a.txt.md", "a.txt.draft", "a.txt.draft.md"} - {linked}:
        (folder / name).write_text('+++\ntitle = "А"\nkind = "file"\n+++\n')
    (folder / linked).symlink_to(secret)
    with pytest.raises(BrokenFile, match=f"{linked}: это ссылка на файл вне папки"):
        documents(folder)
    # One that stays inside is an ordinary file.
    (folder / linked).unlink()
    (folder / "inside").write_text('+++\ntitle = "А"\nkind = "file"\n+++\n')
    (folder / linked).symlink_to("inside")
    assert [document.path for document in documents(folder)] == ["a.txt"]


def test_files_are_measured_before_they_are_read_and_read_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt.md").write_text('+++\ntitle = "А"\nkind = "file"\n+++\n')
    (tmp_path / "a.txt").write_bytes(b"1")
    (found,) = documents(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"2")
    assert dict(found.data) == {"": b"2"}
    with (tmp_path / "a.txt").open("wb") as large:
        large.truncate(20 * 1024 * 1024 + 1)
    with pytest.raises(BrokenFile, match=r"a\.txt: файл больше 20 МБ"):
        documents(tmp_path)


def test_links_by_identity_and_by_path() -> None:
    paths = {17: "about/contacts", 1: ""}
    text = "[а](node:17#part) [б](node:1) [в](node:99) ![г](node:17)"
    moved = by_path(text, paths.get)
    assert moved == "[а](node:/about/contacts#part) [б](node:/) [в](node:99) ![г](node:/about/contacts)"
    assert by_identity(moved, {path: id for id, path in paths.items()}.get) == text
    assert by_identity("[д](node:/nowhere)", {}.get) == "[д](node:/nowhere)"


def test_the_section_of_a_listing_by_identity_and_by_path() -> None:
    query = '{"under": 17, "kinds": ["news"]}'
    moved = query_by_path(query, {17: "news"}.get)
    assert moved == '{"under": "node:/news", "kinds": ["news"]}'
    assert query_by_identity(moved, {"news": 17}.get) == query
    assert query_by_path(query, {}.get) == '{"under": null, "kinds": ["news"]}'
    assert [query_by_path(same, {17: "news"}.get) for same in ("", "{", "[" * 9999, "[]", '{"under": null}')] == [
        "",
        "{",
        "[" * 9999,
        "[]",
        '{"under": null}',
    ]
