"""The road of materials: every status with every verb and role, dates of showing with a moved clock, sections for two."""

import datetime as dt

import pytest

from attestation.admin.acts import content
from attestation.models import Database, Node, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import NodeKind
from attestation.site.content.store import read_tree
from attestation.tests.admin.conftest import sentence
from attestation.tests.conftest import NOON

from .conftest import BODY, Staff, again, at, entries, make, root, save, step

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
STATUSES = ("draft", "review", "published", "published_draft", "published_review", "withdrawn")
# Typed by hand from what the office agreed on: status → verb → who may, where it leads. What is not here nobody may.
BOTH, APPROVER = ("author", "approver"), ("approver",)
ROADS: dict[str, dict[str, tuple[tuple[str, ...], str]]] = {
    "draft": {"submit": (BOTH, "review"), "publish": (APPROVER, "published")},
    "review": {"send_back": (BOTH, "draft"), "publish": (APPROVER, "published")},
    "published": {"begin_copy": (BOTH, "published_draft"), "withdraw": (APPROVER, "withdrawn")},
    "published_draft": {
        "submit_copy": (BOTH, "published_review"),
        "publish_copy": (APPROVER, "published"),
        "discard_copy": (BOTH, "published"),
        "withdraw": (APPROVER, "withdrawn"),
    },
    "published_review": {
        "send_back_copy": (BOTH, "published_draft"),
        "publish_copy": (APPROVER, "published"),
        "discard_copy": (BOTH, "published"),
        "withdraw": (APPROVER, "withdrawn"),
    },
    "withdrawn": {"publish": (APPROVER, "published"), "reopen": (BOTH, "draft")},
}
VERBS = (
    *("submit", "submit_copy", "send_back", "send_back_copy", "publish", "publish_copy", "begin_copy", "discard_copy"),
    *("withdraw", "reopen"),
)
REASONED = {"send_back", "send_back_copy", "withdraw"}


@pytest.mark.parametrize("status", STATUSES)
def test_status_by_verb_by_role(database: Database, staff: Staff, status: str) -> None:
    node = at(status, staff.admin)
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for verb in VERBS:
        for role in ("author", "approver", "secretary"):
            with database.atomic() as transaction:
                try:
                    moved = step(node, verb, getattr(staff, role), reason="Причина")
                    assert (moved.version, entries(node)[-1][0]) == (node.version + 1, verb)
                    found[verb] = (*found.get(verb, ((),))[0], role), moved.status
                except Refusal:
                    assert again(node).__data__ == node.__data__
                transaction.rollback()
    assert found == ROADS[status]


@pytest.mark.parametrize("verb", sorted(REASONED))
def test_some_moves_want_a_reason(database: Database, staff: Staff, verb: str) -> None:
    status = next(status for status in STATUSES if verb in ROADS[status])
    node = at(status, staff.admin)
    assert sentence(lambda: step(node, verb, staff.admin, reason=" ")).endswith("требует указать причину.")
    assert (
        sentence(lambda: step(node, verb, staff.admin, reason="а" * 301)) == "Поле «Причина» длиннее 300 знаков: сократите его."
    )
    step(node, verb, staff.admin, reason=" По  просьбе ")
    assert entries(node)[-1][::2] == (verb, "/razdel/stranica; По просьбе")


@pytest.mark.parametrize(("kind", "said"), [("page", {"body": ""}), ("news", {"body": ""}), ("link", {"target": ""})])
def test_what_says_nothing_is_shown_to_nobody(database: Database, staff: Staff, kind: str, said: dict[str, str]) -> None:
    node = make(staff.editor, NodeKind(kind), **said)
    missing = "материал не заполнен: проверьте заголовок, текст, файл или адрес ссылки"
    assert sentence(lambda: step(node, "submit", staff.editor)) == (
        f"Действие «Отправить на проверку» пока невозможно: {missing}."
    )
    assert sentence(lambda: step(node, "publish", staff.editor)) == f"Действие «Опубликовать» пока невозможно: {missing}."


def test_an_unknown_verb_is_a_mistake_of_the_program(database: Database, staff: Staff) -> None:
    with pytest.raises(KeyError):
        step(make(staff.editor), "publish_now", staff.editor)


# --- Dates ------------------------------------------------------------------------------------------------------------------


def shown(node: Node, now: dt.datetime) -> str | None:
    """The title that visitors read at this moment."""
    tree = read_tree()
    words = tree.showing(tree.by_id[node.id], now)
    return words.title if words else None


def publish(node: Node, staff: Staff, start: dt.datetime | None = None, on: dt.datetime = NOON) -> Node:
    node = again(node)
    verb = content.publish if node.live is None or node.status in {"draft", "withdrawn"} else content.publish_copy
    return verb(node, version=node.version, start=start, by=staff.editor, on=on)


def expire(node: Node, staff: Staff, expires_at: dt.datetime | None, on: dt.datetime = NOON) -> Node:
    node = again(node)
    kept = {"in_navigation": True, "legal": False, "restricted": False}
    return content.settings(node, version=node.version, **kept, expires_at=expires_at, by=staff.editor, on=on)


def test_publish_now(database: Database, staff: Staff) -> None:
    for start in (None, NOON, NOON - DAY):
        node = publish(make(staff.editor, name=""), staff, start)
        assert (node.status, node.live, node.live_from, node.previous, node.first_public_at) == (
            "published",
            1,
            NOON,
            None,
            NOON,
        )
        assert entries(node)[-1][2].endswith("; редакция 1")


def test_publish_later(database: Database, staff: Staff) -> None:
    node = publish(make(staff.editor, title="Первый"), staff, NOON + DAY)
    assert (node.live_from, node.first_public_at) == (NOON + DAY, NOON + DAY)
    assert [shown(node, NOON + DAY + shift) for shift in (-HOUR, 0 * HOUR, HOUR)] == [None, "Первый", "Первый"]
    assert entries(node)[-1][2] == "/razdel/stranica; редакция 1; показ с 11.03.2026 12:00"
    # Put off, then brought forward.
    step(node, "begin_copy", staff.editor)
    publish(node, staff, NOON + 2 * DAY)
    assert shown(node, NOON + DAY) is None
    step(node, "begin_copy", staff.editor)
    assert publish(node, staff, on=NOON + HOUR).first_public_at == NOON + HOUR
    assert shown(node, NOON + HOUR) == "Первый"


def test_a_copy_comes_later_and_the_old_text_stays_until_then(database: Database, staff: Staff) -> None:
    node = publish(make(staff.editor, title="Первый"), staff)
    save(node, staff.editor, title="Второй")
    copy = publish(node, staff, NOON + DAY)
    assert (copy.live, copy.previous, copy.live_from, copy.first_public_at) == (2, 1, NOON + DAY, NOON)
    assert [shown(node, NOON + shift) for shift in (HOUR, DAY - HOUR, DAY)] == ["Первый", "Первый", "Второй"]
    # One more before the second was ever seen: the first is still the one shown.
    save(node, staff.editor, title="Третий")
    assert [shown(node, NOON + shift) for shift in (HOUR, DAY)] == ["Первый", "Второй"]
    third = publish(node, staff, NOON + 2 * DAY)
    assert (third.live, third.previous) == (3, 1)
    # And one after: by then the third is what visitors read.
    save(node, staff.editor, title="Четвёртый")
    fourth = publish(node, staff, NOON + 4 * DAY, on=NOON + 3 * DAY)
    assert (fourth.live, fourth.previous) == (4, 3)
    save(node, staff.editor, title="Пятый")
    assert (publish(node, staff, on=NOON + 3 * DAY).previous, shown(node, NOON + 3 * DAY)) == (None, "Пятый")


def test_a_date_too_far_away_is_a_slip(database: Database, staff: Staff) -> None:
    node = make(staff.editor)
    told = "До начала показа больше двух лет: проверьте год."
    assert sentence(lambda: publish(node, staff, NOON.replace(year=2028) + DAY)) == told
    assert publish(node, staff, NOON.replace(year=2028)).live_from == NOON.replace(year=2028)


def test_expiry(database: Database, staff: Staff) -> None:
    node = publish(make(staff.editor, title="Первый"), staff)
    expire(node, staff, NOON + DAY)
    assert [shown(node, NOON + shift) for shift in (HOUR, DAY - HOUR, DAY)] == ["Первый", "Первый", None]
    told = "Срок показа уже прошёл: исправьте дату или снимите материал с публикации."
    for moment in (NOON, NOON - DAY):
        assert sentence(lambda moment=moment: expire(node, staff, moment)) == told
    assert sentence(lambda: expire(root(), staff, NOON + DAY)) == (
        "У главной страницы не бывает срока показа: без неё не открыть ни одной другой."
    )
    later = publish(make(staff.editor, name="later"), staff, NOON + 2 * DAY)
    ends_first = "Показ закончится раньше, чем начнётся: исправьте срок показа."
    for moment in (NOON + DAY, NOON + 2 * DAY):
        assert sentence(lambda moment=moment: expire(later, staff, moment)) == ends_first


def test_publishing_lifts_what_has_expired_and_keeps_what_has_not(database: Database, staff: Staff) -> None:
    node = make(staff.editor, title="Первый")
    expire(node, staff, NOON + DAY)
    told = "Показ закончится раньше, чем начнётся: исправьте дату начала или срок показа."
    assert sentence(lambda: publish(node, staff, NOON + DAY)) == told
    assert publish(node, staff).expires_at == NOON + DAY
    save(node, staff.editor, title="Второй")
    again_shown = publish(node, staff, on=NOON + 2 * DAY)
    assert (again_shown.expires_at, shown(node, NOON + 3 * DAY)) == (None, "Второй")
    assert entries(node)[-1][2] == "/razdel/stranica; редакция 2; прошедший срок показа снят"
    # What had expired is not shown again until the new text comes.
    expire(node, staff, NOON + 4 * DAY, on=NOON + 3 * DAY)
    save(node, staff.editor, title="Третий")
    assert publish(node, staff, NOON + 6 * DAY, on=NOON + 5 * DAY).previous is None
    assert [shown(node, NOON + days * DAY) for days in (5, 6)] == [None, "Третий"]


def test_withdraw_and_reopen(database: Database, staff: Staff) -> None:
    node = at("published_draft", staff.editor)
    gone = step(node, "withdraw", staff.editor, reason="Порядок изменился")
    assert (gone.status, gone.reason, gone.live, gone.first_public_at) == ("withdrawn", "Порядок изменился", 1, NOON)
    assert shown(node, NOON + DAY) is None
    # Visitors go on reading the reason until something is shown here again.
    assert step(node, "reopen", staff.editor).reason == "Порядок изменился"
    assert (publish(node, staff).reason, again(node).live) == ("", 2)


def test_what_never_appeared_has_not_been_public(database: Database, staff: Staff) -> None:
    node = publish(make(staff.editor), staff, NOON + DAY)
    gone = step(node, "withdraw", staff.editor, reason="Передумали")
    assert gone.first_public_at is None
    assert publish(node, staff, on=NOON + 3 * DAY).first_public_at == NOON + 3 * DAY


def test_a_section_hides_what_is_in_it(database: Database, staff: Staff) -> None:
    node = publish(make(staff.editor, title="Первый"), staff)
    step(staff.section, "withdraw", staff.editor, reason="Ремонт")
    assert (again(node).status, shown(node, NOON)) == ("published", None)
    publish(staff.section, staff)
    assert shown(node, NOON) == "Первый"


def test_the_home_page_stays(database: Database, staff: Staff) -> None:
    told = "Главную страницу нельзя снять с публикации: без неё не открыть ни одной другой."
    assert sentence(lambda: step(root(), "withdraw", staff.admin, reason="Ремонт")) == told


# --- Sections for two -------------------------------------------------------------------------------------------------------


@pytest.fixture
def legal(staff: Staff) -> Staff:
    """/razdel, where two people publish."""
    section = again(staff.section)
    kept = {"in_navigation": True, "restricted": False, "expires_at": None}
    content.settings(section, version=section.version, legal=True, **kept, by=staff.admin, on=NOON)
    return staff


NOT_REVIEWED = "в этом разделе публикуют только после проверки: сначала отправьте материал на проверку"
SAME_PERSON = "в этом разделе публикует другой сотрудник, не тот, кто писал текст"


def test_two_people_publish_what_is_legal(database: Database, legal: Staff) -> None:
    node = make(legal.editor)
    first = "Действие «Опубликовать» пока невозможно: "
    assert sentence(lambda: step(node, "publish", legal.editor)) == f"{first}{NOT_REVIEWED}; {SAME_PERSON}."
    assert sentence(lambda: step(node, "publish", legal.approver)) == f"{first}{NOT_REVIEWED}."
    step(node, "submit", legal.editor)
    assert sentence(lambda: step(node, "publish", legal.editor)) == f"{first}{SAME_PERSON}."
    assert step(node, "publish", legal.approver).status == "published"
    save(node, legal.approver, body="Иначе")
    copy = "Действие «Опубликовать рабочую копию» пока невозможно: "
    assert sentence(lambda: step(node, "publish_copy", legal.editor)) == f"{copy}{NOT_REVIEWED}."
    step(node, "submit_copy", legal.approver)
    assert sentence(lambda: step(node, "publish_copy", legal.approver)) == f"{copy}{SAME_PERSON}."
    # The editor wrote the first text, not this one.
    assert step(node, "publish_copy", legal.editor).live == 2


def test_who_mends_in_review_has_become_an_author(database: Database, legal: Staff) -> None:
    node = make(legal.author)
    step(node, "submit", legal.author)
    assert "недоступно" in sentence(lambda: save(node, legal.author, body="Поправка"))
    save(node, legal.approver, body="Поправка")
    assert sentence(lambda: step(node, "publish", legal.approver)) == f"Действие «Опубликовать» пока невозможно: {SAME_PERSON}."
    assert step(node, "publish", legal.editor).status == "published"


def test_a_text_brought_back_is_still_its_authors(database: Database, legal: Staff) -> None:
    """Discarding a copy and having somebody else bring it back makes nobody a second person."""
    node = at_published(legal)
    save(node, legal.editor, body="Текст редактора")
    step(node, "discard_copy", legal.editor)
    now = again(node)
    content.restore_revision(now, version=now.version, number=2, reason="Нужен", by=legal.author, on=NOON)
    step(node, "submit_copy", legal.author)
    assert SAME_PERSON in sentence(lambda: step(node, "publish_copy", legal.editor))


def at_published(legal: Staff) -> Node:
    node = make(legal.author)
    step(node, "submit", legal.author)
    return step(node, "publish", legal.approver)


def test_what_visitors_have_read_leaves_a_section_for_two_by_an_administrator_only(database: Database, legal: Staff) -> None:
    outside = make(legal.editor, NodeKind.FOLDER, "outside", parent=root())
    page = at_published(legal)
    told = "Здесь публикуют вдвоём: опубликованное отсюда переносит администратор, попросите его."

    def moved(by: User) -> Node:
        now = again(page)
        return content.move(now, version=now.version, to=outside, by=by, on=NOON)

    assert sentence(lambda: moved(legal.editor)) == told
    step(page, "withdraw", legal.editor, reason="Устарело")
    assert sentence(lambda: moved(legal.editor)) == told
    content.trash(again(page), version=again(page).version, by=legal.editor, on=NOON)
    assert sentence(lambda: content.restore(again(page), to=outside, by=legal.editor, on=NOON)) == told
    content.restore(again(page), by=legal.editor, on=NOON)
    assert moved(legal.admin).path == f"outside/{page.name}"
    # What nobody has read yet may leave.
    draft = make(legal.editor, name="draft")
    assert content.move(draft, version=draft.version, to=outside, by=legal.editor, on=NOON).path == "outside/draft"


def test_nobody_gets_round_the_second_person_by_moving(database: Database, legal: Staff) -> None:
    outside = make(legal.editor, NodeKind.FOLDER, "outside", parent=root())
    page = make(legal.editor, name="p", parent=outside)
    page = step(page, "publish", legal.editor)
    told = "В этом разделе публикуют вдвоём: перенесите материал неопубликованным и опубликуйте после проверки."
    for node in (page, outside):
        now = again(node)
        move = {"version": now.version, "to": legal.section, "by": legal.editor, "on": NOON}
        assert sentence(lambda now=now, move=move: content.move(now, **move)) == told
    content.trash(page, version=page.version, by=legal.editor, on=NOON)
    assert sentence(lambda: content.restore(page, to=legal.section, by=legal.editor, on=NOON)) == told
    # A draft may come in, and what is legal already may move about.
    draft = make(legal.editor, name="d", parent=outside)
    assert content.move(draft, version=1, to=legal.section, by=legal.editor, on=NOON).path == "razdel/d"
    inner = make(legal.editor, NodeKind.FOLDER, "inner")
    public = at_published(legal)
    assert content.move(public, version=public.version, to=inner, by=legal.editor, on=NOON).path == "razdel/inner/stranica"
    assert public.revision().body == BODY


def test_nobody_gets_round_the_second_person_by_publishing_elsewhere_first(database: Database, legal: Staff) -> None:
    outside = make(legal.editor, NodeKind.FOLDER, "outside", parent=root())
    inner = make(legal.editor, name="inner", parent=outside)
    for verb, more in (("publish", {}), ("withdraw", {"reason": "Перенос"})):
        step(inner, verb, legal.editor, **more)
    content.move(outside, version=again(outside).version, to=legal.section, by=legal.editor, on=NOON)
    assert (again(inner).path, again(inner).live, again(inner).live_from) == ("razdel/outside/inner", None, None)
    for verb in ("reopen", "submit"):
        step(inner, verb, legal.editor)
    alone = sentence(lambda: step(inner, "publish", legal.editor))
    assert alone == f"Действие «Опубликовать» пока невозможно: {SAME_PERSON}."
    assert step(inner, "publish", legal.approver).live == 1
