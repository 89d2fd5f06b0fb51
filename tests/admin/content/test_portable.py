"""The whole site out into a folder and in again: equality, what is left alone, what is refused."""

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from attestation.admin import first_pages
from attestation.admin.acts import content
from attestation.admin.acts.content.portable import Change, bring_in, take_out
from attestation.models import Blob, Database, JournalEntry, Node, Revision
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import NodeKind
from attestation.site.content.portable import Document, Text, documents
from attestation.tests.conftest import NOON, Cast
from attestation.tests.site.content.test_portable import written

LATER = NOON + dt.timedelta(days=1)


class Store:
    """Kept bytes, by their hash."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}

    def keep(self, data: bytes, _text: Text) -> Blob:
        sha256 = hashlib.sha256(data).hexdigest()
        self.data[sha256] = data
        found = Blob.get_or_none(Blob.sha256 == sha256)
        return found or Blob.create(sha256=sha256, media_type="image/png", size=len(data), width=1, height=1)

    def read(self, sha256: str) -> bytes:
        return self.data[sha256]


def out(store: Store) -> list[Document]:
    return list(take_out(read=store.read, on=LATER))


def bring(store: Store, *made: Document, **how: bool) -> dict[str, str]:
    """Bring documents in; what was done by path."""
    changes = bring_in(made, keep=store.keep, by=None, on=LATER, **how)
    return {change.path: change.what for change in changes}


def a_site(cast: Cast, store: Store) -> None:
    """Every kind and every state, links by identity, a working copy, a scheduled text, a shared file."""
    by = {"by": cast.admin, "on": NOON}
    root = Node.get(Node.path == "")
    folder = content.create(root, kind=NodeKind.FOLDER, name="docs", texts=content.Texts("Документы"), **by)
    folder = content.publish(folder, version=folder.version, **by)
    blob = store.keep(b"picture", "map.png")
    file = content.create(
        folder, kind=NodeKind.FILE, name="map.png", texts=content.Texts("Карта", blob=blob, file_name="карта.png"), **by
    )
    content.publish(file, version=file.version, **by)
    page = content.create(
        folder, kind=NodeKind.PAGE, name="page", texts=content.Texts("Страница", body=f"![Карта](node:{file.id})"), **by
    )
    page = content.publish(page, version=page.version, **by)
    page = content.save(page, version=page.version, texts=content.Texts("Страница", body=f"[Раздел](node:{folder.id}#a)"), **by)
    news = content.create(root, kind=NodeKind.NEWS, name="news-1", texts=content.Texts("Новость", body="Раз"), **by)
    news = content.publish(news, version=news.version, **by)
    news = content.save(news, version=news.version, texts=content.Texts("Новость", body="Два"), **by)
    content.publish_copy(news, version=news.version, start=NOON + dt.timedelta(days=30), **by)
    link = content.create(root, kind=NodeKind.LINK, name="link", texts=content.Texts("Ссылка", target=f"node:{page.id}"), **by)
    link = content.publish(link, version=link.version, **by)
    content.withdraw(link, version=link.version, reason="Устарела", **by)
    query = f'{{"under": {folder.id}, "kinds": ["page"], "words": "", "order": "newest", "limit": 5}}'
    listing = content.create(root, kind=NodeKind.LISTING, name="listing", texts=content.Texts("Подборка", query=query), **by)
    content.submit(listing, version=listing.version, **by)


def test_out_into_a_folder_and_into_an_empty_site_gives_the_same_site(database: Database, cast: Cast, tmp_path: Path) -> None:
    store = Store()
    a_site(cast, store)
    before = out(store)
    written(tmp_path, *before)
    read_back = documents(tmp_path)
    assert read_back == sorted(before, key=lambda document: document.path.split("/") if document.path else [])
    empty_the_site()
    # Other identities than before: links have to find their materials by path.
    root = Node.get(Node.path == "")
    content.create(root, kind=NodeKind.PAGE, name="other", texts=content.Texts("Другая"), by=cast.admin, on=NOON)
    assert bring(store, *read_back) == {document.path: "added" if document.path else "same" for document in read_back}
    after = {document.path: document for document in out(store)}
    del after["other"]
    assert after == {document.path: document for document in before}
    page, file = Node.get(Node.path == "docs/page"), Node.get(Node.path == "docs/map.png")
    assert page.revision(page.live).body == f"![Карта](node:{file.id})"
    assert bring(store, *read_back) == dict.fromkeys([document.path for document in read_back], "same")


def empty_the_site() -> None:
    """Everything but the root into the trash, under other addresses."""
    for node in Node.kept().where(Node.path != ""):
        Node.update(trashed_with=node, trashed_at=NOON, path=f"gone/{node.id}").where(Node.id == node.id).execute()


def test_what_differs_becomes_a_new_revision_and_nothing_is_removed(database: Database, cast: Cast) -> None:
    store = Store()
    page = Document(path="a", kind=NodeKind.PAGE, text=Text("А", body="Раз"), status="published")
    assert bring(store, page) == {"a": "added"}
    node = Node.get(Node.path == "a")
    assert (node.status, node.live, node.live_from, node.first_public_at) == ("published", 1, LATER, LATER)
    assert bring(store, page) == {"a": "same"}
    assert bring(store, replace(page, text=Text("А", body="Два"))) == {"a": "changed"}
    assert bring(store, page) == {"a": "changed"}
    node = Node.get(Node.path == "a")
    assert [revision.body for revision in node.revisions.order_by(Revision.number)] == ["Раз", "Два"]
    assert (node.live, node.head) == (1, 1)
    assert JournalEntry.select().where(JournalEntry.verb == "bring_in", JournalEntry.subject_id == node.id).count() == 3
    assert bring(store, Document(path="b", kind=NodeKind.PAGE, text=Text("Б"))) == {"b": "added"}
    assert Node.kept().where(Node.path == "a").exists()


def test_a_trial_changes_nothing(database: Database, cast: Cast) -> None:
    store = Store()
    page = Document(path="a", kind=NodeKind.PAGE, text=Text("А", body="Раз"))
    before = list(Node.select().dicts())
    assert bring_in([page], keep=store.keep, by=None, on=LATER, trial=True) == [Change("a", "added")]
    assert list(Node.select().dicts()) == before


def test_first_texts_come_once(database: Database, cast: Cast) -> None:
    assert first_pages.load() == ["about", "accessibility", "forms", "news", "orders", "privacy", "regulation", "rubrics"]
    about = Node.get(Node.path == "about")
    content.trash(about, version=about.version, by=cast.admin, on=NOON)
    privacy = Node.get(Node.path == "privacy")
    content.rename(privacy, version=privacy.version, name="personal-data", by=cast.admin, on=NOON + dt.timedelta(days=365 * 50))
    assert first_pages.load() == []


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (Document(path="x/a", kind=NodeKind.PAGE, text=Text("А")), "нет раздела «x»"),
        (Document(path="admin", kind=NodeKind.PAGE, text=Text("А")), "«admin»: Имя «admin» занято"),
        (Document(path="a", kind=NodeKind.FILE, text=Text("А")), "«a»: Имя файла в адресе"),
        (
            Document(path="a.png", kind=NodeKind.FILE, text=Text("А", file_name="a.png")),
            "«a.png»: рядом с описанием нет самого файла",
        ),
        (
            Document(path="a", kind=NodeKind.LINK, text=Text("А", target="javascript:alert(1)")),
            "«a»: Ссылка ведёт на адрес вида",
        ),
        (Document(path="a", kind=NodeKind.PAGE, text=Text("А" * 201)), "«a»: Поле «Заголовок» длиннее"),
        (Document(path="a", kind=NodeKind.PAGE, text=Text("А"), reason="а" * 301), "«a»: Поле «Причина» длиннее 300"),
        (Document(path="index", kind=NodeKind.PAGE, text=Text("А")), "«index»: Имя «index» занято"),
        (
            Document(path="a", kind=NodeKind.PAGE, text=Text("А"), status="published"),
            "«a»: опубликованный материал не заполнен",
        ),
        (
            Document(path="a", kind=NodeKind.LINK, text=Text("А"), status="published"),
            "«a»: опубликованный материал не заполнен",
        ),
        (Document(path="", kind=NodeKind.FOLDER, text=Text("А")), "«/»: главная страница не скрывается"),
        (
            Document(path="", kind=NodeKind.FOLDER, text=Text("А"), status="published", expires_at=NOON),
            "«/»: главная страница не скрывается",
        ),
        (
            Document(path="", kind=NodeKind.FOLDER, text=Text("А"), status="published", live_from=LATER + dt.timedelta(days=1)),
            "«/»: главная страница не скрывается",
        ),
    ],
)
def test_a_refused_material_takes_all_others_back(database: Database, cast: Cast, document: Document, said: str) -> None:
    good = Document(path="good", kind=NodeKind.PAGE, text=Text("Хорошая"))
    with pytest.raises(Refusal) as refused:
        bring(Store(), good, document)
    assert said in refused.value.sentence
    assert not Node.kept().where(Node.path == "good").exists()


def test_another_kind_at_the_same_address_is_refused(database: Database, cast: Cast) -> None:
    store = Store()
    bring(store, Document(path="a", kind=NodeKind.PAGE, text=Text("А")))
    with pytest.raises(Refusal, match="«a»: на сайте здесь страница, в папке новость"):
        bring(store, Document(path="a", kind=NodeKind.NEWS, text=Text("А")))
