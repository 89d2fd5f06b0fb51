"""Writing materials: create, save, an old revision once more."""

import pytest

from attestation.admin.acts import content
from attestation.models import Autosave, Blob, Database, Node, Revision
from attestation.procedure.words import NodeKind
from attestation.tests.admin.conftest import everything, sentence
from attestation.tests.conftest import NOON

from .conftest import BODY, Staff, Texts, again, at, entries, make, root, save, step

OVERTAKEN = "Пока вы правили, материал изменился. Ваш текст не потерян: сравните его с последней редакцией и сохраните ещё раз."


def numbers(node: Node) -> list[tuple[int, str, str]]:
    """The revisions of a node: number, body, note."""
    rows = node.revisions.order_by(Revision.number)
    return [(row.number, row.body, row.note) for row in rows]


def test_create(database: Database, staff: Staff) -> None:
    node = content.create(
        staff.section,
        kind=NodeKind.NEWS,
        name="",
        texts=Texts("  Приём   заявлений: ёлка ", "Кратко", "Текст\r\nдальше\n"),
        by=staff.author,
        on=NOON,
        in_navigation=False,
    )
    assert (node.path, node.kind, node.status, node.version, node.head, node.live) == (
        *("razdel/priyom-zayavleniy-yolka", "news", "draft", 1, 1, None),
    )
    assert (node.in_navigation, node.position, node.created_by_id, node.created_at) == (False, 1, staff.author.id, NOON)
    first = node.revision()
    assert (first.title, first.summary, first.body) == ("Приём заявлений: ёлка", "Кратко", "Текст\nдальше")
    assert (first.number, first.author_id, first.created_at) == (1, staff.author.id, NOON)
    assert entries(node) == [("create", "Писалова Ия Глебовна (avtor)", "/razdel/priyom-zayavleniy-yolka; новость")]
    assert make(staff.author).position == 2


def test_namesakes_get_numbers_only_when_nobody_chose_the_name(database: Database, staff: Staff) -> None:
    assert [make(staff.editor, name="", title="Новый приказ").name for _ in range(3)] == [
        *("novyy-prikaz", "novyy-prikaz-2", "novyy-prikaz-3"),
    ]
    # A fixed part of the site is as good as taken.
    assert make(staff.editor, name="", title="Search", parent=root()).path == "search-2"
    with pytest.raises(content.Taken) as taken:
        make(staff.editor, name="novyy-prikaz")
    assert taken.value.suggestion == "novyy-prikaz-4"
    assert taken.value.sentence == (
        "Адрес /razdel/novyy-prikaz уже занят: выберите другое имя, например «novyy-prikaz-4», или другой раздел."
    )


def test_only_sections_hold_materials(database: Database, staff: Staff) -> None:
    told = "Материалы стоят только в разделах: выберите раздел, который не в корзине."
    for kind in (NodeKind.PAGE, NodeKind.NEWS, NodeKind.LINK, NodeKind.LISTING):
        parent = make(staff.editor, kind, f"x-{kind.value}")
        assert sentence(lambda parent=parent: make(staff.editor, parent=parent)) == told
    gone = make(staff.editor, NodeKind.FOLDER, "gone")
    content.trash(gone, version=1, by=staff.editor, on=NOON)
    assert sentence(lambda: make(staff.editor, parent=gone)) == "Материал в корзине: сначала восстановите его."


def test_nothing_to_make_a_name_from(database: Database, staff: Staff) -> None:
    told = "Имя в адресе из заголовка не получается: введите его сами латинскими буквами."
    assert sentence(lambda: make(staff.editor, name="", title="№ …")) == told


def test_save(database: Database, staff: Staff) -> None:
    node = make(staff.author)
    text = Texts("Как подать заявление", "", "Другой текст")
    saved = content.save(node, version=1, texts=text, note=" Уточнён  срок ", by=staff.editor, on=NOON)
    assert (saved.version, saved.head, saved.status) == (2, 2, "draft")
    assert numbers(node) == [(1, BODY, ""), (2, "Другой текст", "Уточнён срок")]
    assert saved.revision().author_id == staff.editor.id
    assert entries(node)[-1] == ("save", "Словесная Вера Юрьевна (redaktor)", "/razdel/stranica; редакция 2; Уточнён срок")


def test_saving_the_same_changes_nothing(database: Database, staff: Staff) -> None:
    """Also of a published material, which stays as it is; also the second click, which comes with the old version."""
    node = at("published", staff.editor)
    before = everything()
    same = save(node, staff.editor, title=" Как подать   заявление ")
    assert (everything(), same.status, same.version) == (before, "published", node.version)
    changed = Texts(**{**Texts.of(node.revision()).columns(), "body": "Иначе"})
    once = content.save(node, version=node.version, texts=changed, by=staff.editor, on=NOON)
    before = everything()
    twice = content.save(node, version=node.version, texts=changed, by=staff.editor, on=NOON)
    assert (everything(), twice.version) == (before, once.version)


@pytest.mark.parametrize(
    ("status", "after"),
    [
        ("draft", "draft"),
        ("review", "review"),
        ("published", "published_draft"),
        ("published_draft", "published_draft"),
        ("published_review", "published_review"),
    ],
)
def test_where_saving_leads(database: Database, staff: Staff, status: str, after: str) -> None:
    node = at(status, staff.approver)
    shown = node.live
    saved = save(node, staff.approver, body="Совсем новый текст")
    assert (saved.status, saved.head, saved.live) == (after, node.head + 1, shown)
    verbs = [verb for verb, _, _ in entries(node)]
    assert verbs[-2:] == (["begin_copy", "save"] if status == "published" else [verbs[-2], "save"])


def test_what_is_withdrawn_is_reopened_first(database: Database, staff: Staff) -> None:
    node = at("withdrawn", staff.editor)
    assert sentence(lambda: save(node, staff.editor, body="Иначе")) == (
        "Материал снят с публикации: сначала верните его в работу."
    )


def test_saving_over_a_newer_version_loses_neither(database: Database, staff: Staff) -> None:
    node = make(staff.author)
    content.autosave(node, version=1, title="Мой", summary="", body="мой текст", by=staff.author, on=NOON)
    content.save(node, version=1, texts=Texts("Чужой", "", "чужой текст"), by=staff.editor, on=NOON)
    before = everything()
    with pytest.raises(content.Overtaken) as overtaken:
        content.save(node, version=1, texts=Texts("Мой", "", "мой текст"), by=staff.author, on=NOON)
    assert (overtaken.value.sentence, overtaken.value.newer.body) == (OVERTAKEN, "чужой текст")
    assert everything() == before
    assert Autosave.get().body == "мой текст"
    content.save(node, version=2, texts=Texts("Мой", "", "мой текст"), by=staff.author, on=NOON)
    assert [body for _, body, _ in numbers(node)] == [BODY, "чужой текст", "мой текст"]
    assert Autosave.select().count() == 0


@pytest.mark.parametrize(
    ("kind", "said", "told"),
    [
        ("page", {"title": "  "}, "Заполните поле «Заголовок»."),
        ("page", {"title": "А" * 201}, "Поле «Заголовок» длиннее 200 знаков: сократите его."),
        ("page", {"summary": "а" * 501}, "Поле «Кратко» длиннее 500 знаков: сократите его."),
        ("page", {"body": "а" * 200_001}, "Поле «Текст (Markdown)» длиннее 200000 знаков: сократите его."),
        ("page", {"body": "а\0б"}, "В поле «Текст (Markdown)» есть непечатаемые знаки: наберите его заново."),
        ("page", {"target": "/a/"}, "У материала вида «страница» нет поля «Куда ведёт»: очистите его."),
        ("folder", {"query": "{}"}, "У материала вида «раздел» нет поля «Что собирает»: очистите его."),
        ("link", {"body": "текст"}, "У материала вида «ссылка» нет поля «Текст (Markdown)»: очистите его."),
        ("listing", {"query": "{"}, "Условия подборки не читаются: откройте её в редакторе и задайте их заново."),
        ("file", {}, "Приложите файл."),
    ],
)
def test_texts_that_cannot_be_kept(database: Database, staff: Staff, kind: str, said: dict[str, str], told: str) -> None:
    assert sentence(lambda: make(staff.editor, NodeKind(kind), **said)) == told


def test_a_long_body_is_kept(database: Database, staff: Staff) -> None:
    assert len(make(staff.editor, body="ё" * 200_000).revision().body) == 200_000


@pytest.mark.parametrize(
    "target",
    [
        *("https://example.org/", "http://example.org:8080/a?b=c#d", "https://пример.рф/приказ", "/orders/", "/", "/a/b#c"),
        *("mailto:office@example.org", "tel:+7(812)000-00-00"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a question of words
def test_where_a_link_may_lead(database: Database, staff: Staff, target: str) -> None:
    assert make(staff.editor, NodeKind.LINK, target=target).revision().target == target


@pytest.mark.parametrize(
    "target",
    [
        *(
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.org/",
        ),
        *("//example.org/", "/\\example.org/", "\\\\example.org", "https://", "https:example.org", "example.org", "#a", "?q=1"),
        *(
            "https://a@b.example/",
            "https://exa mple.org/",
            'https://example.org/"onclick="x',
            "http://[::1",
            "http://a:b/",
            "mailto:x",
        ),
        *(
            "mailto:a@b.example?bcc=c@d.example",
            "tel:112;ext=x",
            "java\tscript:alert(1)",
            "https://example.org/<b>",
            "node:1#a b",
        ),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a question of words
def test_where_a_link_may_not_lead(database: Database, staff: Staff, target: str) -> None:
    assert sentence(lambda: make(staff.editor, NodeKind.LINK, target=target)) == content.texts.NOWHERE


def test_a_link_to_a_material(database: Database, staff: Staff) -> None:
    page = make(staff.editor)
    link = make(staff.editor, NodeKind.LINK, "link", target=f"node:{page.id}#srok")
    assert link.revision().target == f"node:{page.id}#srok"
    told = "Материала, на который ведёт ссылка, на сайте нет: выберите другой."
    for target in ("node:999999", "node:", "node:x", f"node:-{page.id}", "node:" + "9" * 400):
        assert sentence(lambda target=target: save(link, staff.editor, target=target)) == told
    content.trash(page, version=page.version, by=staff.editor, on=NOON)
    assert sentence(lambda: save(link, staff.editor, target=f"node:{page.id}")) == told


def test_a_link_leads_to_no_other_link(database: Database, staff: Staff) -> None:
    """Neither to itself: readers would be sent round for ever."""
    told = "Ссылка ведёт на другую ссылку: укажите то, на что ведёт та."
    first, second = (make(staff.editor, NodeKind.LINK, name) for name in ("first", "second"))
    for target in (f"node:{first.id}", "/razdel/first/", "/razdel/first?a=b", f"node:{second.id}", "/razdel/second"):
        assert sentence(lambda target=target: save(second, staff.editor, target=target)) == told


def test_a_file(database: Database, staff: Staff) -> None:
    blob = Blob.create(sha256="ab" * 32, media_type="application/pdf", size=10)
    node = make(staff.editor, NodeKind.FILE, "", blob=blob, file_name=" Приказ № 5 (копия).PDF ")
    assert (node.path, node.revision().blob_id) == ("razdel/prikaz-5-kopiya.pdf", blob.id)
    assert node.revision().file_name == "Приказ № 5 (копия).PDF"
    other = Blob.create(sha256="cd" * 32, media_type="application/msword", size=10)
    told = "Имя в адресе и файл «приказ.docx» разного вида: расширение должно быть одно."
    assert sentence(lambda: save(node, staff.editor, blob=other, file_name="приказ.docx")) == told
    assert sentence(lambda: make(staff.editor, NodeKind.FILE, "a.pdf", blob=other, file_name="приказ.docx")) == told
    saved = save(node, staff.editor, blob=other, file_name="новый.pdf")
    assert (saved.head, saved.revision().blob_id) == (2, other.id)
    picture = make(staff.editor, NodeKind.FILE, "foto.jpg", blob=other, file_name="Фото.jpeg")
    assert picture.path == "razdel/foto.jpg"


def test_the_ways_to_the_fixed_parts(database: Database, staff: Staff) -> None:
    """Only a link that leads just there may bear the name of a fixed part, and only as long as it leads there."""
    told = "Имя «orders» занято постоянным разделом сайта: выберите другое."
    link = make(staff.editor, NodeKind.LINK, "orders", parent=root(), target="/orders/")
    assert link.path == "orders"
    assert save(link, staff.editor, title="Распоряжения").head == 2
    assert sentence(lambda: save(link, staff.editor, target="/razdel/")) == told
    assert sentence(lambda: make(staff.editor, NodeKind.PAGE, "rubrics", parent=root())) == told.replace("orders", "rubrics")
    elsewhere = make(staff.editor, NodeKind.LINK, "orders", target="/razdel/")
    assert elsewhere.path == "razdel/orders"
    content.trash(link, version=again(link).version, by=staff.editor, on=NOON)
    assert sentence(lambda: content.move(elsewhere, version=1, to=root(), by=staff.editor, on=NOON)) == told
    # Another link may lead to a fixed part, whose own link is no obstacle.
    content.restore(link, by=staff.editor, on=NOON)
    assert make(staff.editor, NodeKind.LINK, "to-orders", target="/orders/").revision().target == "/orders/"


def test_restore_revision(database: Database, staff: Staff) -> None:
    node = at("published", staff.editor)
    save(node, staff.editor, body="Ошибочный текст")

    def restore(number: int, reason: str = "Ошибка в тексте") -> Node:
        now = again(node)
        return content.restore_revision(now, version=now.version, number=number, reason=reason, by=staff.editor, on=NOON)

    assert sentence(lambda: restore(7)) == "Редакции 7 у материала нет: обновите страницу."
    assert sentence(lambda: restore(2)) == "Редакция 2 ничем не отличается от последней."
    assert sentence(lambda: restore(1, " ")) == "Заполните поле «Причина»."
    assert sentence(lambda: restore(1, "а" * 251)) == "Поле «Причина» длиннее 250 знаков: сократите его."
    back = restore(1)
    assert (back.head, back.live, back.status) == (3, 1, "published_draft")
    assert numbers(node) == [(1, BODY, ""), (2, "Ошибочный текст", ""), (3, BODY, "Возвращена редакция 1: Ошибка в тексте")]
    assert entries(node)[-1][::2] == ("restore_revision", "/razdel/stranica; редакция 1 как 3; Ошибка в тексте")


def test_numbers_go_on_after_a_copy_was_discarded(database: Database, staff: Staff) -> None:
    node = at("published_draft", staff.editor)
    back = step(node, "discard_copy", staff.editor)
    assert (back.status, back.head, back.live) == ("published", 1, 1)
    assert again(node).revision().body == BODY
    saved = save(node, staff.editor, body="Ещё раз")
    assert (saved.head, saved.live, saved.status) == (3, 1, "published_draft")
    assert [number for number, _, _ in numbers(node)] == [1, 2, 3]


def test_the_home_page_is_written_like_any_other(database: Database, staff: Staff) -> None:
    saved = save(root(), staff.editor, summary="Аттестация педагогов")
    assert (saved.status, saved.head) == ("published_draft", 2)
    told = "Вам недоступно: этот раздел сайта. Нужно право «пишет и правит», его даёт администратор."
    assert sentence(lambda: save(root(), staff.author, summary="Иначе")) == told
