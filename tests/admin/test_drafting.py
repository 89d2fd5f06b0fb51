"""From minutes to a registered order: drafts, comparison, approval, mark of signature; what is refused leaves no trace."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from flask import Flask
from flask.testing import FlaskClient
from peewee import DatabaseError, IntegrityError
from playhouse.test_utils import count_queries

from attestation.admin.acts import approval, comparison, drafting, order_facts, orders, signatures
from attestation.admin.acts.commission import minutes, session
from attestation.admin.acts.comparison import Decided, Difference, Kind, Stated
from attestation.admin.acts.drafting import Split
from attestation.admin.acts.rows import Row
from attestation.admin.acts.signatures import Certificate
from attestation.models import Database, Endorsement, JournalEntry, Order, OrderSignature, Ruling, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.terms import TermState
from attestation.procedure.words import Category, OrderKind
from attestation.procedure.working_days import Calendar
from attestation.site import order_terms
from attestation.tests.admin.commission.room import NEGATIVE, POSITIVE, Room, convene
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import NOON, Cast
from attestation.tests.inspection import open_page

from .conftest import ROWS, SIGNED, at_once, sentence
from .conftest import draft as archive_draft
from .conftest import send as send_form

SIGNATORY = {"signatory_position": "Председатель Комитета", "signatory_name": "А.Б. Образцова"}


def minuted(world: World, edition: str = SPB, *outcomes: str) -> Room:
    """A sitting that is closed: all members vote as the conclusions of these outcomes say."""
    outcomes = outcomes or (POSITIVE, POSITIVE, NEGATIVE)
    room = convene(world, edition, *outcomes, size=3)
    room.open()
    room.seat()
    for hearing in list(room.sitting.hearings):
        room.vote(hearing.number, "---" if outcomes[hearing.number - 1] == NEGATIVE else "+++")
    room.close()
    return room


WHOLE = Split()


def drafted(room: Room, split: Split = WHOLE, by: User | None = None) -> list[Order]:
    return drafting.draft(room.fresh(), split, **SIGNATORY, by=by or room.secretary, on=room.at(90))


def again(order: Order) -> Order:
    return Order.get_by_id(order.id)


def rows_of(order: Order) -> list[tuple[int, str, bool, int | None]]:
    rulings = Ruling.select().where(Ruling.order == order).order_by(Ruling.number)
    return [(row.number, row.surname, row.established, row.hearing_id) for row in rulings]


# --- The split, without a database --------------------------------------------------------------------------------------------


def decided(hearing: int, surname: str, category: Category = Category.FIRST) -> Decided:
    return Decided(hearing, hearing, Row(surname, "Анна", "Ильинична", "учитель", "ГБОУ школа № 1", category, True))


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        (Split(), [["Ежова", "Ёлкина", "Жукова", "Яшина"]]),
        (Split(by_category=True), [["Ёлкина", "Яшина"], ["Ежова", "Жукова"]]),
        (Split(most_rows=3), [["Ежова", "Ёлкина", "Жукова"], ["Яшина"]]),
        (Split(by_category=True, most_rows=1), [["Ёлкина"], ["Яшина"], ["Ежова"], ["Жукова"]]),
    ],
)
def test_portions(split: Split, expected: list[list[str]]) -> None:
    highest = Category.HIGHEST
    found = [decided(1, "Яшина", highest), decided(2, "Жукова"), decided(3, "Ёлкина", highest), decided(4, "Ежова")]
    assert [[one.row.surname for one in part] for part in drafting.portions(found, split)] == expected
    assert drafting.portions([], split) == []


# --- The comparison, without a database ---------------------------------------------------------------------------------------


def stated(one: Decided, line: int, **changes: Any) -> Stated:
    return Stated(replace(one.row, line=line, **changes), one.hearing)


def test_nothing_differs() -> None:
    one, two = decided(1, "Яшина"), decided(2, "Жукова")
    assert comparison.compare([one, two], [stated(two, 1), stated(one, 2)]) == ()
    # What another order states is not missing here.
    assert comparison.compare([one, replace(two, taken=True)], [stated(one, 1)]) == ()


def test_each_difference_is_told() -> None:
    one, two, three = decided(1, "Яшина"), decided(2, "Жукова"), decided(3, "Ежова")
    written = [
        stated(one, 1, position="воспитатель", category=Category.HIGHEST, established=False),
        stated(two, 2),
        Stated(replace(two.row, line=3), None),
        Stated(replace(two.row, line=4, surname="Лишняя"), None),
    ]
    yashina, outcome = "Яшина Анна Ильинична", "первая категория: установить"
    assert comparison.compare([one, two, three], written) == (
        Difference(Kind.CHANGED, 1, yashina, "Должность", "учитель", "воспитатель"),
        Difference(Kind.CHANGED, 1, yashina, "Категория", "первая", "высшая"),
        Difference(Kind.CHANGED, 1, yashina, "Решение", "установить", "отказать"),
        Difference(Kind.TWICE, 3, "Жукова Анна Ильинична", order=outcome),
        Difference(Kind.EXTRA, 4, "Лишняя Анна Ильинична", order=outcome),
        Difference(Kind.MISSING, 0, "Ежова Анна Ильинична", minutes=outcome),
    )


# --- Drafts -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", [SPB, LENOBL])
def test_a_draft_states_the_decisions(world: World, edition: str) -> None:
    room = minuted(world, edition, POSITIVE, POSITIVE, NEGATIVE)
    [order] = drafted(room)
    hearings = {one.number: one.id for one in room.sitting.hearings}
    assert rows_of(order) == [
        (1, "Учителеваа", True, hearings[1]),
        (2, "Учителеваб", True, hearings[2]),
        (3, "Учителевав", False, hearings[3]),
    ]
    kept = again(order)
    assert (kept.sitting_id, kept.minutes_id) == (room.sitting.id, room.sitting.last_minutes().id)
    assert kept.basis == f"протокол заседания аттестационной комиссии от {room.sitting.held_on:%d.%m.%Y} № 7"
    assert kept.title == "Об установлении (отказе в установлении) квалификационной категории педагогическим работникам"
    assert comparison.of_order(kept) == ()


def test_a_decision_stands_in_one_order(world: World) -> None:
    room = minuted(world)
    first, second = drafted(room, Split(most_rows=2))
    assert [len(rows_of(order)) for order in (first, second)] == [2, 1]
    assert sentence(lambda: drafted(room)) == "Все решения этого заседания уже стоят в распоряжениях."
    hearing = rows_of(first)[0][3]
    with pytest.raises(IntegrityError):
        Ruling.update(hearing=hearing).where(Ruling.order == second).execute()
    # A deleted draft sets its decisions free.
    orders.delete(second, by=room.secretary, on=room.at(95))
    [anew] = drafted(room)
    assert len(rows_of(anew)) == 1


def test_two_drafts_at_once(world: World) -> None:
    room = minuted(world)
    seen = [room.fresh(), room.fresh()]

    def act(sitting: Any) -> Callable[[], Any]:
        return lambda: drafting.draft(sitting, Split(), **SIGNATORY, by=room.secretary, on=room.at(90))

    assert at_once(*map(act, seen)) == sorted(["done", "Все решения этого заседания уже стоят в распоряжениях."])
    assert Order.select().count() == 1


def test_drafting_is_refused(world: World) -> None:
    room = convene(world, SPB, POSITIVE, size=3)
    room.open()
    assert "Протокола заседания ещё нет" in sentence(lambda: drafted(room))
    room.seat()
    room.vote(1, "+++")
    room.close()
    assert "недоступно" in sentence(lambda: drafted(room, by=world.cast.chairperson))
    assert "недоступно" in sentence(lambda: drafted(room, by=world.cast.departed))
    assert sentence(lambda: drafted(room, Split(most_rows=-1))) == "Строк в одном распоряжении может быть от 1 до 10000."
    old = room.fresh()
    session.reopen(room.fresh(), "описка", by=room.secretary, on=room.at(61))
    assert "Заседание уже изменено" in sentence(
        lambda: drafting.draft(old, Split(), **SIGNATORY, by=room.secretary, on=room.at(90))
    )


def test_mended_minutes_are_noticed_and_taken_over(world: World) -> None:
    room = minuted(world)
    [order] = drafted(room)
    session.reopen(room.fresh(), "описка", by=room.secretary, on=room.at(100))
    assert comparison.of_order(again(order)) == (Difference(Kind.OUTDATED, minutes="протокол открыт для исправления"),)
    assert "сначала завершите заседание" in sentence(lambda: drafting.align(again(order), by=room.secretary, on=room.at(105)))
    room.vote(3, "+++", motive="Папка подтверждает.", minute=101)
    room.vote(1, "---", motive="Папка не подтверждает.", minute=102)
    room.close(minute=110)
    kinds = [(one.kind, one.line, one.field, one.minutes, one.order) for one in comparison.of_order(again(order))]
    assert kinds == [
        (Kind.OUTDATED, 0, "", "версия 2", "версия 1"),
        (Kind.CHANGED, 1, "Решение", "отказать", "установить"),
        (Kind.CHANGED, 3, "Решение", "установить", "отказать"),
    ]
    told = sentence(lambda: orders.sign(again(order), signed_on=room.sitting.held_on, by=room.secretary, on=room.at(120)))
    assert "есть расхождения с протоколом заседания: они названы в сверке" in told
    drafting.align(again(order), by=room.secretary, on=room.at(130))
    assert [row[2] for row in rows_of(order)] == [False, True, True]
    assert comparison.of_order(again(order)) == ()


def test_edited_and_lost_rows_come_back(world: World) -> None:
    room = minuted(world)
    [order] = drafted(room)
    row = orders.rows_of(order)[0]
    orders.edit_row(order, 1, replace(row, position="тьютор"), by=room.secretary, on=room.at(91))
    orders.remove_row(order, 2, by=room.secretary, on=room.at(92))
    orders.append_rows(order, [ROWS[0]], by=room.secretary, on=room.at(93))
    found = comparison.of_order(again(order))
    assert [(one.kind, one.line) for one in found] == [(Kind.CHANGED, 1), (Kind.EXTRA, 3), (Kind.MISSING, 0)]
    drafting.align(order, by=room.secretary, on=room.at(94))
    assert [row[:2] for row in rows_of(order)] == [(1, "Учителеваа"), (2, "Учителеваб"), (3, "Учителевав")]
    assert order.version == again(order).version
    last = JournalEntry.select().order_by(JournalEntry.id.desc()).first()
    assert (last.verb, last.details) == ("align", "было строк: 3, стало 3")


# --- Approval -----------------------------------------------------------------------------------------------------------------


def send(order: Order, cast: Cast, on: dt.datetime = NOON) -> Order:
    return approval.send(order, {"first_deputy": cast.endorser}, by=cast.secretary, on=on)


def steps_of(order: Order) -> list[tuple[int, str, str, bool]]:
    asked = Endorsement.select().where(Endorsement.order == order).order_by(Endorsement.round, Endorsement.place)
    return [(one.round, one.name, one.outcome, one.came_at is not None) for one in asked]


def test_approval_of_a_decision(world: World) -> None:
    room, cast = minuted(world), world.cast
    [order] = drafted(room)
    day = room.sitting.held_on
    assert "проект ещё не согласован" in sentence(lambda: orders.sign(order, signed_on=day, by=cast.secretary, on=room.at(91)))
    send(order, cast, room.at(92))
    assert again(order).status == "approval"
    assert "Менять можно только проект" in sentence(
        lambda: orders.remove_row(again(order), 1, by=cast.secretary, on=room.at(93))
    )
    told = sentence(lambda: approval.approve(again(order), by=cast.deputy, on=room.at(94)))
    assert "проект сейчас согласует другой сотрудник" in told
    assert "недоступно" in sentence(lambda: approval.approve(again(order), by=cast.secretary, on=room.at(94)))
    approval.approve(order, by=cast.endorser, on=room.at(95))
    assert (order.status, steps_of(order)) == ("approval", [(1, "first_deputy", "approved", True)])
    told = sentence(lambda: orders.sign(again(order), signed_on=day, by=cast.secretary, on=room.at(95)))
    assert "протокол заседания ещё не подписан" in told
    room.sign_minutes(minute=95)
    orders.sign(order, signed_on=day, by=cast.secretary, on=room.at(96))
    assert again(order).status == "signed"
    with pytest.raises(DatabaseError):
        Endorsement.update(remark="задним числом").execute()
    # The minutes that it rests on stay as they are, marks of signatures too.
    chair = room.members[0].id
    told = sentence(lambda: minutes.take_back_signature(room.fresh(), chair, by=cast.secretary, on=room.at(97)))
    assert "больше не меняются" in told


def test_a_return_begins_anew(world: World) -> None:
    room, cast = minuted(world), world.cast
    [order] = drafted(room)
    send(order, cast, room.at(92))
    assert sentence(lambda: approval.return_for_revision(again(order), remark=" ", by=cast.endorser, on=room.at(93))) == (
        "Заполните поле «Замечание»."
    )
    approval.return_for_revision(order, remark="Нет отчества в строке 2", by=cast.endorser, on=room.at(94))
    kept = again(order)
    assert (kept.status, kept.round, order.round) == ("draft", 2, 2)
    assert Endorsement.get().remark == "Нет отчества в строке 2"
    assert "проект ещё не согласован" in sentence(
        lambda: orders.sign(again(order), signed_on=room.sitting.held_on, by=cast.secretary, on=room.at(95))
    )
    send(order, cast, room.at(96))
    approval.approve(order, by=cast.endorser, on=room.at(97))
    # What was approved does not stay so when the draft is taken back.
    orders.return_to_draft(order, reason="описка", by=cast.secretary, on=room.at(98))
    assert order_facts.observe(again(order), cast.secretary, {"approved"}) == frozenset()
    assert steps_of(order) == [(1, "first_deputy", "returned", True), (2, "first_deputy", "approved", True)]


def test_an_amendment_is_approved_by_three_in_turn(database: Database, cast: Cast) -> None:
    order = archive_draft(cast.secretary, kind=OrderKind.AMENDMENT)
    three = {"head_of_department": cast.controller, "lawyer": cast.endorser, "deputy_head": cast.deputy}
    approval.send(order, three, by=cast.secretary, on=NOON)
    assert [came for *_, came in steps_of(order)] == [True, False, False]
    for name in ("controller", "endorser", "deputy"):
        assert order_facts.waiting(order).user_id == getattr(cast, name).id
        approval.approve(order, by=getattr(cast, name), on=NOON)
    orders.sign(order, signed_on=SIGNED, by=cast.secretary, on=NOON)
    assert [outcome for _, _, outcome, _ in steps_of(order)] == ["approved"] * 3


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"lawyer": None}, "Не выбрано, кто согласует: начальник Юридического отдела."),
        ({"lawyer": "deputy"}, "Заместин Игорь Павлович не может согласовать как начальник Юридического отдела: нужна роль"),
        ({"lawyer": "departed"}, "Бывшева Инна Львовна не может согласовать"),
        ({"deputy_head": "endorser"}, "Согласова Ирина Маратовна указан(а) дважды"),
    ],
)
def test_who_may_be_named(database: Database, cast: Cast, changes: dict[str, str | None], told: str) -> None:
    order = archive_draft(cast.secretary, kind=OrderKind.AMENDMENT)
    names: dict[str, str | None] = {"head_of_department": "controller", "lawyer": "endorser", "deputy_head": "deputy"}
    people = {step: getattr(cast, name) for step, name in (names | changes).items() if name}
    assert told in sentence(lambda: approval.send(again(order), people, by=cast.secretary, on=NOON))


def test_nobody_approves_their_own_draft(database: Database, cast: Cast) -> None:
    from attestation.models import UserRole

    order = archive_draft(cast.publisher, kind=OrderKind.AMENDMENT)
    UserRole.create(user=cast.publisher, role="endorser")
    three = {"head_of_department": cast.controller, "lawyer": cast.publisher, "deputy_head": cast.deputy}
    told = sentence(lambda: approval.send(again(order), three, by=cast.secretary, on=NOON))
    assert told == "Печатников Лев Ильич готовит этот проект сам(а), согласовать его должен другой сотрудник."


def test_an_order_of_an_archive_needs_no_approval(database: Database, cast: Cast) -> None:
    order = archive_draft(cast.secretary)
    assert "согласование не нужно" in sentence(lambda: approval.send(again(order), {}, by=cast.secretary, on=NOON))


def test_of_two_who_approve_at_once_one_wins(world: World) -> None:
    room, cast = minuted(world), world.cast
    [order] = drafted(room)
    send(order, cast, room.at(92))
    seen = [again(order), again(order)]
    told = at_once(*(lambda one=one: approval.approve(one, by=cast.endorser, on=room.at(93)) for one in seen))
    # The slower one meets either the new version or the step that is taken already.
    taken = "Действие «Согласовать» пока невозможно: проект сейчас согласует другой сотрудник."
    assert told in (sorted(["done", orders.OVERTAKEN]), sorted(["done", taken]))
    assert steps_of(order) == [(1, "first_deputy", "approved", True)]


# --- Signatures ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def detached() -> bytes:
    """A detached signature in DER, with the certificate of an invented person for 2026."""
    return detached_until(dt.datetime(2026, 12, 31, 12))


def detached_until(end: dt.datetime) -> bytes:
    """A detached signature in DER with a certificate that ends then, in UTC."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Образцова Анна Борисовна")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 0x0ABC123)
    made = made.not_valid_before(dt.datetime(2026, 1, 1)).not_valid_after(end)
    certificate = made.sign(key, hashes.SHA256())
    builder = pkcs7.PKCS7SignatureBuilder().set_data(b"text").add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])


CERTIFICATE = Certificate("Образцова А.Б.", "УЦ", "0a bc:12 3", dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def test_a_signature_with_its_file(database: Database, cast: Cast, detached: bytes, tmp_path: Path) -> None:
    order = archive_draft(cast.secretary)
    file = signatures.keep(tmp_path, detached, r"C:\приказ.sig")
    assert (file.name, file.size) == ("приказ.sig", len(detached))
    kept = signatures.chosen(None, file)
    orders.sign(order, signed_on=SIGNED, by=cast.secretary, on=NOON, certificate=kept, file=file)
    [mark] = OrderSignature.select()
    assert (mark.owner, mark.serial, mark.marked_by_id) == ("Образцова Анна Борисовна", "ABC123", cast.secretary.id)
    assert (mark.valid_from, mark.valid_until) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert (tmp_path / mark.sha256[:2] / f"{mark.sha256}.sig").read_bytes() == detached
    orders.return_to_draft(order, reason="описка", by=cast.secretary, on=NOON)
    mark = OrderSignature.get()
    assert (mark.dropped_at, mark.sha256) == (NOON, file.sha256)
    assert "уже подписывали" in sentence(lambda: orders.delete(again(order), by=cast.secretary, on=NOON))
    for statement in (OrderSignature.delete(), OrderSignature.update(owner="Другая"), OrderSignature.update(dropped_at=None)):
        with pytest.raises(DatabaseError), database.atomic():
            statement.execute()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"valid_until": dt.date(2026, 3, 1)}, "В день подписания (02.03.2026) сертификат не действовал"),
        ({"valid_from": dt.date(2026, 3, 3)}, "В день подписания (02.03.2026) сертификат не действовал"),
        ({"valid_until": dt.date(2025, 1, 1)}, "Сертификат кончается раньше, чем начинает действовать"),
        ({"serial": "№ 5"}, "Серийный номер сертификата состоит"),
        ({"owner": "о" * 301}, "Поле «Владелец сертификата» длиннее 300 знаков"),
    ],
)
def test_a_certificate_that_cannot_be(database: Database, cast: Cast, changes: dict[str, Any], told: str) -> None:
    order = archive_draft(cast.secretary)
    wrong = replace(CERTIFICATE, **changes)
    assert told in sentence(lambda: orders.sign(again(order), signed_on=SIGNED, by=cast.secretary, on=NOON, certificate=wrong))


def test_a_certificate_that_is_not_told_is_typed(detached: bytes) -> None:
    """Without an end (RFC 5280, 4.1.2.5), or of a version that there is not: the signature is taken all the same."""
    assert signatures.read(detached_until(dt.datetime(9999, 12, 31, 23, 59, 59))) is None
    version = bytes.fromhex("a003020102")
    assert detached.count(version) == 1
    assert signatures.read(detached.replace(version, version[:-1] + b"#")) is None


def test_files_that_are_no_detached_signature(detached: bytes, small_pdf: bytes) -> None:
    for data in (b"", b"text", small_pdf, detached[:-1], detached + b"\0", b"-----BEGIN CMS-----\nAA\n-----END CMS-----"):
        with pytest.raises(Refusal, match="не похож на электронную подпись"):
            signatures.read(data)
    with pytest.raises(Refusal, match="больше 1 МБ"):
        signatures.read(b"0" * (1024 * 1024 + 1))


def test_the_typed_certificate_is_that_of_the_file(detached: bytes, tmp_path: Path) -> None:
    file = signatures.keep(tmp_path, detached, "a.sig")
    assert signatures.chosen(CERTIFICATE, file) is CERTIFICATE
    assert signatures.chosen(None, None) is None
    with pytest.raises(Refusal, match=r"Серийный номер не тот, что в файле подписи \(ABC123\)"):
        signatures.chosen(replace(CERTIFICATE, serial="FF"), file)


def test_who_marked_the_signature_does_not_publish(database: Database, cast: Cast) -> None:
    from .conftest import REGISTERED, SHA

    order = archive_draft(cast.publisher)
    orders.sign(order, signed_on=SIGNED, by=cast.publisher, on=NOON)
    orders.register(order, number="7-р", registered_on=REGISTERED, by=cast.publisher, on=NOON)
    orders.freeze_pdf(order, sha256=SHA, size=10, pages=1, row_pages={}, on=NOON)
    told = sentence(lambda: orders.publish(again(order), by=cast.publisher, on=NOON))
    assert "подписание отмечали вы, поэтому опубликовать должен другой сотрудник" in told
    orders.publish(order, by=cast.admin, on=NOON)
    assert again(order).status == "published"


# --- Terms --------------------------------------------------------------------------------------------------------------------


def test_terms(world: World) -> None:
    """Seven days from the sitting for draft and signature; three working days from the number for publication."""
    room, cast, calendar = minuted(world), world.cast, Calendar()
    [order] = drafted(room)
    held = room.sitting.held_on
    told = [(one.term.name, one.ends - held, one.state) for one in order_terms.deadlines(order, held, calendar)]
    week = dt.timedelta(days=7)
    assert told == [("draft", week, TermState.FAR), ("signature", week, TermState.FAR)]
    late = order_terms.deadlines(order, held + dt.timedelta(days=8), calendar)
    assert [one.state for one in late] == [TermState.BROKEN, TermState.BROKEN]
    send(order, cast, room.at(92))
    assert [one.term.name for one in order_terms.deadlines(order, held, calendar)] == ["signature"]
    approval.approve(order, by=cast.endorser, on=room.at(93))
    room.sign_minutes(minute=94)
    on = room.at(60 * 24 * 9)
    orders.sign(order, signed_on=held + dt.timedelta(days=9), by=cast.secretary, on=on)
    [broken] = order_terms.late(order, calendar)
    assert (broken.term.name, broken.ends, broken.met) == ("signature", held + week, held + dt.timedelta(days=9))
    orders.register(order, number="8-р", registered_on=held + dt.timedelta(days=9), by=cast.secretary, on=on)
    [publication] = order_terms.deadlines(order, held, calendar)
    assert (publication.term.name, publication.ends) == (
        "publication",
        calendar.working_day_after(held + dt.timedelta(days=9), 3),
    )


# --- Screens ------------------------------------------------------------------------------------------------------------------


def test_through_the_screens(app: Flask, world: World, sign_in: Callable[[User], FlaskClient], detached: bytes) -> None:
    """The secretary drafts and sends, the endorser finds it among today's work and approves, the signature is marked."""
    cast, room = world.cast, minuted(world)
    secretary, endorser = sign_in(cast.secretary), sign_in(cast.endorser)
    address = f"/admin/orders/sitting/{room.sitting.id}/"
    assert address in secretary.get("/admin/orders/").text
    page = open_page(secretary, f"{address}?otherwise=1&by_category=y&most_rows=2").main
    assert page.text.count("Учителева") == 3
    assert "Правило отдела: обе категории вместе, строк в распоряжении сколько угодно." in page.text
    assert "Здесь выбрано иначе: каждая категория в своём распоряжении, строк в распоряжении не больше 2." in page.text
    assert send_form(secretary, address, **SIGNATORY, most_rows="нет").status_code == 422
    answer = send_form(secretary, address, **SIGNATORY, most_rows="")
    order = Order.get()
    home = f"/admin/orders/{order.id}/"
    assert answer.location == home
    assert "Решений, которые не стоят ни в одном распоряжении, нет" in open_page(secretary, address).text
    assert "расхождений нет" in open_page(secretary, home).text

    assert send_form(secretary, f"{home}send_for_approval/", first_deputy="").status_code == 409
    assert send_form(secretary, f"{home}send_for_approval/", first_deputy=str(cast.endorser.id)).location == home
    assert "На согласовании: Согласова Ирина Маратовна, с " in secretary.get("/admin/orders/").text
    assert "Согласовать проект" in open_page(endorser, "/admin/today/").text
    assert secretary.get(f"{home}approve/").status_code == 403
    assert send_form(endorser, f"{home}return_for_revision/", remark="Нет отчества").location == home
    assert "Замечание: Нет отчества" in open_page(secretary, home).text
    send_form(secretary, f"{home}send_for_approval/", first_deputy=str(cast.endorser.id))
    assert send_form(endorser, f"{home}approve/").location == home
    assert "Согласовать проект" not in endorser.get("/admin/today/").text
    assert again(order).status == "approval"
    assert "протокол заседания ещё не подписан" in open_page(secretary, home).text
    room.sign_minutes()

    # The certificate is of 2026, as the sitting is.
    day = room.sitting.held_on.isoformat()
    wrong = send_form(secretary, f"{home}sign/", signed_on=day, file=(io.BytesIO(b"text"), "a.sig"))
    assert (wrong.status_code, "не похож на электронную подпись" in wrong.text) == (409, True)
    part = send_form(secretary, f"{home}sign/", signed_on=day, owner="Образцова А.Б.")
    assert (part.status_code, "указаны не все" in part.text, "Образцова А.Б." in part.text) == (409, True, True)
    assert send_form(secretary, f"{home}sign/", signed_on=day, file=(io.BytesIO(detached), "a.sig")).location == home
    mark = OrderSignature.get()
    assert (mark.serial, again(order).status) == ("ABC123", "signed")
    assert endorser.get(f"{home}signatures/{mark.id}.sig").data == detached
    assert endorser.get(f"/admin/orders/{order.id + 1}/signatures/{mark.id}.sig").status_code == 404


def test_the_rule_of_the_office_is_followed_unless_it_is_put_aside(
    app: Flask, world: World, sign_in: Callable[[User], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = app.extensions["attestation"]
    ruled = replace(parts, settings=replace(parts.settings, orders_by_category=True, order_rows=2))
    monkeypatch.setitem(app.extensions, "attestation", ruled)
    room, secretary = minuted(world), sign_in(world.cast.secretary)
    address = f"/admin/orders/sitting/{room.sitting.id}/"
    told = open_page(secretary, address).main
    assert "Получится 2 распоряжения" in told.text and "Здесь выбрано иначе" not in told.text
    assert "Получится 1 распоряжение" in open_page(secretary, f"{address}?otherwise=1").main.text
    hidden = [(field.attributes["name"], field.attributes["value"]) for field in told.all("input", type="hidden")]
    asked = {name: value for name, value in hidden if name in {"most_rows", "by_category"}}
    assert asked == {"most_rows": "2", "by_category": "y"}
    assert send_form(secretary, address, **SIGNATORY, **asked).status_code == 302
    assert sorted(len(rows_of(order)) for order in Order.select()) == [1, 2]
    noted = JournalEntry.select().where(JournalEntry.verb == "draft_order").order_by(JournalEntry.id)
    assert noted[0].details.endswith("строк: 2; каждая категория в своём распоряжении, строк в распоряжении не больше 2")


def test_a_decision_left_out_is_told_with_a_way_out(app: Flask, world: World, sign_in: Callable[[User], FlaskClient]) -> None:
    """A deleted draft holds up its neighbours; another order for its decisions lets them go on."""
    room, cast = minuted(world), world.cast
    kept, lost = drafted(room, Split(most_rows=2))
    orders.delete(lost, by=cast.secretary, on=room.at(91))
    page = open_page(sign_in(cast.secretary), f"/admin/orders/{kept.id}/").main
    assert "1 решение заседания не стоит ни в одном распоряжении" in page.text
    assert page.all("a", href=f"/admin/orders/sitting/{room.sitting.id}/")
    assert "есть расхождения" in sentence(lambda: send(again(kept), cast, room.at(92)))
    assert len(drafted(room)) == 1
    send(again(kept), cast, room.at(93))
    # Whoever only reads is told, and not led to a page that is closed to them.
    told = open_page(sign_in(cast.endorser), f"/admin/orders/{kept.id}/").main
    assert not told.all("a", href=f"/admin/orders/sitting/{room.sitting.id}/")


def test_lists_ask_the_same_however_many(app: Flask, world: World, sign_in: Callable[[User], FlaskClient]) -> None:
    room = minuted(world)
    client = sign_in(world.cast.secretary)
    first, second, third = drafted(room, Split(most_rows=1))
    send(first, world.cast, room.at(92))

    def queries(path: str) -> int:
        with count_queries() as counter:
            assert client.get(path).status_code == 200
        return counter.count

    paths = ("/admin/orders/", "/admin/today/", "/admin/")
    few = [queries(path) for path in paths]
    for order in (second, third):
        send(order, world.cast, room.at(93))
    assert [queries(path) for path in paths] == few
