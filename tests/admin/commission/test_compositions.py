"""Compositions of the commission by order: put together, copied, ended, frozen; what is wrong with them; their screens."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.admin.acts.commission import compositions as acts
from attestation.admin.acts.commission.compositions import Order, Person
from attestation.models import Commission, JournalEntry, Member, Sitting, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import Seat
from attestation.tests.admin.cases.test_case_pages import sent
from attestation.tests.cases import World
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]
JANUARY, DECEMBER = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
ORDER = Order("12-р", dt.date(2025, 12, 22), JANUARY, DECEMBER)
CHAIR = Person("Председателева Алла Фёдоровна", Seat.CHAIR, "заместитель председателя", "Комитет")
CLERK = Person("Секретарева Анна Петровна", Seat.SECRETARY, "методист", "Центр")


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """What is tried here does not depend on the kind of database."""
    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


def composed(world: World, order: Order = ORDER, *people: Person) -> Commission:
    made = acts.create(order, by=world.cast.secretary, on=world.now)
    for person in people or (CHAIR, CLERK):
        acts.seat(made, person, by=world.cast.secretary, on=world.now)
    return made


def sentence(act: Callable[[], Any]) -> str:
    """What the refusal of this act says; compositions, members, sittings and the journal stay as they were."""
    tables = Commission, Member, Sitting, JournalEntry
    before = [list(table.select().order_by(table.id).dicts()) for table in tables]
    with pytest.raises(Refusal) as refused:
        act()
    assert [list(table.select().order_by(table.id).dicts()) for table in tables] == before
    return refused.value.sentence


def fresh(commission: Commission) -> Commission:
    return Commission.get_by_id(commission.id)


def open_with(world: World, commission: Commission, day: dt.date) -> Sitting:
    """A sitting that was opened with this composition."""
    return world.sitting(day, commission=commission, status="open", opened_at=world.now)


# --- Acts -------------------------------------------------------------------------------------------------------------------


def test_a_composition_is_put_together(world: World) -> None:
    made = composed(world, ORDER, Person("  Членов   Ян ", Seat.MEMBER), CLERK, CHAIR)
    assert str(fresh(made)) == "распоряжение № 12-р от 22.12.2025"
    assert [(one.full_name, Seat(one.seat)) for one in acts.seated(made)] == [
        ("Председателева Алла Фёдоровна", Seat.CHAIR),
        ("Секретарева Анна Петровна", Seat.SECRETARY),
        ("Членов Ян", Seat.MEMBER),
    ]
    entries = JournalEntry.select().where(JournalEntry.subject == "commission").order_by(JournalEntry.id)
    assert [row.verb for row in entries] == ["add_commission", "seat_member", "seat_member", "seat_member"]
    # Names of members are no business of the journal.
    assert not any("Членов" in row.details for row in entries)


def test_a_member_changes_seat_and_leaves(world: World) -> None:
    made = composed(world)
    chair, clerk = acts.seated(made)
    acts.change_member(made, chair, Person("Иначева Алла", Seat.DEPUTY), by=world.cast.deputy, on=world.now)
    acts.remove_member(made, clerk, by=world.cast.deputy, on=world.now)
    assert [(one.full_name, one.seat, one.position) for one in Member.select()] == [("Иначева Алла", "deputy_chair", "")]


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (Person("Вторая Ольга", Seat.CHAIR), "Председатель в составе уже есть, а он один."),
        (Person(" ", Seat.MEMBER), "Заполните поле «Фамилия, имя, отчество»."),
        (Person("П" * 201, Seat.MEMBER), "Поле «Фамилия, имя, отчество» длиннее 200 знаков: сократите его."),
        (Person("СЕКРЕТАРЕВА Анна Петровна", Seat.MEMBER, "", "центр"), "Этот человек уже есть в составе."),
    ],
)
def test_who_cannot_take_a_seat(world: World, person: Person, said: str) -> None:
    made = composed(world)
    assert sentence(lambda: acts.seat(fresh(made), person, by=world.cast.secretary, on=world.now)) == said


def test_an_account_has_one_seat(world: World) -> None:
    chair = world.cast.chairperson
    made = composed(world, ORDER, Person("Председателева Алла", Seat.CHAIR, user=chair))
    other = Person("Другая Алла", Seat.MEMBER, user=chair)
    assert sentence(lambda: acts.seat(fresh(made), other, by=world.cast.secretary, on=world.now)) == (
        "Эта учётная запись уже указана у другого члена комиссии."
    )


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order(" ", JANUARY, JANUARY), "Заполните поле «Номер распоряжения о составе»."),
        (Order("13-р", JANUARY, DECEMBER, JANUARY), "Последний день раньше первого: проверьте даты."),
        (Order("13-р", JANUARY, dt.date(2036, 1, 1)), "Проверьте год: 01.01.2036 слишком далеко впереди."),
        (Order("12-Р", dt.date(2025, 12, 22), JANUARY), "Состав по распоряжению № 12-Р от 22.12.2025 уже внесён."),
    ],
)
def test_what_no_order_can_be(world: World, order: Order, said: str) -> None:
    composed(world)
    assert sentence(lambda: acts.create(order, by=world.cast.secretary, on=world.now)) == said


def test_who_may_put_one_together(world: World) -> None:
    made, by = composed(world), world.cast.chairperson
    member = made.members.first()
    for act in (
        lambda: acts.create(Order("2-р", JANUARY, JANUARY), by=by, on=world.now),
        lambda: acts.copy(made, Order("2-р", JANUARY, JANUARY), by=by, on=world.now),
        lambda: acts.change(made, ORDER, by=by, on=world.now),
        lambda: acts.end(made, DECEMBER, by=by, on=world.now),
        lambda: acts.seat(made, Person("Новый Пётр", Seat.MEMBER), by=by, on=world.now),
        lambda: acts.change_member(made, member, CHAIR, by=by, on=world.now),
        lambda: acts.remove_member(made, member, by=by, on=world.now),
    ):
        assert sentence(act).startswith("Вам недоступно: ведение списка заседаний и составов комиссии.")


def test_a_copy_has_the_same_members(world: World) -> None:
    former = composed(world, ORDER, CHAIR, Person("Секретарева Анна", Seat.SECRETARY, user=world.cast.secretary))
    order = Order("1-р", DECEMBER, dt.date(2027, 1, 1))
    made = acts.copy(former, order, by=world.cast.secretary, on=world.now)
    assert [(one.full_name, one.seat, one.position, one.user) for one in acts.seated(made)] == [
        ("Председателева Алла Фёдоровна", "chair", "заместитель председателя", None),
        ("Секретарева Анна", "secretary", "", world.cast.secretary),
    ]
    assert former.members.count() == 2


def test_with_an_opened_sitting_it_is_frozen(world: World) -> None:
    """Only the day until which it holds may still be written, not before the sitting."""
    made = composed(world, Order("12-р", JANUARY, JANUARY))
    member = made.members.first()
    open_with(world, made, dt.date(2026, 3, 19))
    by, on = world.cast.secretary, world.now
    for act in (
        lambda: acts.change(fresh(made), ORDER, by=by, on=on),
        lambda: acts.seat(fresh(made), Person("Новый Пётр", Seat.MEMBER), by=by, on=on),
        lambda: acts.change_member(fresh(made), member, CHAIR, by=by, on=on),
        lambda: acts.remove_member(fresh(made), member, by=by, on=on),
    ):
        assert sentence(act) == acts.FROZEN
    assert sentence(lambda: acts.end(fresh(made), dt.date(2026, 3, 18), by=by, on=on)) == (
        "С этим составом проведено заседание 19.03.2026: закончиться раньше он не может."
    )
    acts.end(fresh(made), dt.date(2026, 3, 19), by=by, on=on)
    assert fresh(made).valid_until == dt.date(2026, 3, 19)


def test_sittings_take_the_composition_of_their_day(world: World) -> None:
    """Those that had none when it was put together; after its end those that it would have held take the next."""
    before, during, after = (world.sitting(day) for day in (dt.date(2025, 12, 31), dt.date(2026, 6, 1), dt.date(2027, 1, 12)))
    made = composed(world)
    assert [Sitting.get_by_id(one.id).commission for one in (before, during, after)] == [None, made, None]
    later = composed(world, Order("1-р", DECEMBER, dt.date(2026, 5, 1)))
    acts.end(fresh(made), dt.date(2026, 4, 30), by=world.cast.secretary, on=world.now)
    assert [Sitting.get_by_id(one.id).commission for one in (during, after)] == [later, later]


def test_days_under_planned_sittings_stay(world: World) -> None:
    made = composed(world)
    world.sitting(dt.date(2026, 6, 1), commission=made)
    shorter = Order("12-р", dt.date(2025, 12, 22), JANUARY, dt.date(2026, 5, 31))
    said = sentence(lambda: acts.change(fresh(made), shorter, by=world.cast.secretary, on=world.now))
    assert said == "С этим составом назначены заседания (01.06.2026), а действовать в эти дни он перестанет."


def test_which_composition_holds(world: World) -> None:
    old, new = composed(world), composed(world, Order("1-р", JANUARY, dt.date(2026, 9, 1)))
    days = (dt.date(2025, 12, 31), JANUARY, dt.date(2026, 8, 31), dt.date(2026, 9, 1), DECEMBER, dt.date(2027, 1, 1))
    assert [acts.of_day(day) for day in days] == [None, old, old, new, new, new]


def test_what_is_wrong_is_said(world: World) -> None:
    """Days with two compositions, days without any, seats that nobody has."""
    composed(world, ORDER, Person("Членов Ян", Seat.MEMBER))
    composed(world, Order("1-р", JANUARY, dt.date(2026, 12, 1), dt.date(2027, 3, 1)))
    composed(world, Order("2-р", JANUARY, dt.date(2027, 3, 2), dt.date(2027, 3, 30)))
    composed(world, Order("3-р", JANUARY, dt.date(2027, 4, 1)))
    whole = acts.everyone()
    assert acts.clashes(whole) == [
        "С 01.12.2026 действуют сразу два состава: распоряжение № 12-р от 22.12.2025 и распоряжение № 1-р от 01.01.2026."
        " Заседания берут второй; укажите, по какой день действует первый.",
        "31.03.2027 не действует ни один состав: заседаний в эти дни провести нельзя.",
    ]
    assert [acts.wanting(list(one.members)) for one in whole] == [
        [],
        [],
        [],
        ["Нет председателя.", "Нет секретаря: протокол некому вести."],
    ]


def test_who_was_slower_is_told(world: World) -> None:
    made = composed(world)
    one, two = fresh(made), fresh(made)
    acts.seat(one, Person("Первый Пётр", Seat.MEMBER), by=world.cast.secretary, on=world.now)
    late = lambda: acts.seat(two, Person("Второй Пётр", Seat.MEMBER), by=world.cast.secretary, on=world.now)  # noqa: E731
    assert sentence(late) == acts.OVERTAKEN


# --- The screens ------------------------------------------------------------------------------------------------------------


def test_the_screens_of_a_composition(app: Flask, world: World, sign_in: SignInAs) -> None:
    """Put together, changed, copied; after an opened sitting the forms are gone."""
    client, path = sign_in(world.cast.secretary), "/admin/commission/"
    assert "без состава заседание не открыть" in open_page(client, path).main.text
    days = {"order_number": "12-р", "order_on": "2025-12-22", "valid_from": "2026-01-01", "valid_until": ""}
    assert sent(client, f"{path}new", **{**days, "valid_from": "31.02.2026"}) == 422
    assert sent(client, f"{path}new", **{**days, "order_number": " "}) == 409
    assert sent(client, f"{path}new", **days) == 302
    made = Commission.get()
    page = f"{path}{made.id}/"
    empty = open_page(client, page).main.text
    assert "В составе пока никого нет." in empty and "Нет председателя." in empty
    chair = {"full_name": "Председателева Алла Фёдоровна", "seat": "chair", "user": f"{world.cast.chairperson.id}"}
    assert sent(client, f"{page}members", **chair, position="", organization="Комитет") == 302
    assert sent(client, f"{page}members", full_name="Ещё один", seat="chair", user="") == 409
    assert sent(client, f"{page}members", full_name="Ещё один", seat="king", user="") == 422
    member = Member.get()
    assert (member.user, member.organization) == (world.cast.chairperson, "Комитет")
    assert sent(client, f"{page}members/{member.id}", **{**chair, "position": "председатель", "organization": "Комитет"}) == 302
    assert Member.get_by_id(member.id).position == "председатель"
    assert sent(client, f"{page}order", page=page, **{**days, "order_number": "14-р"}) == 302
    assert sent(client, f"{page}copy", **{**days, "order_number": "15-р", "valid_from": "2026-09-01"}) == 302
    copied = Commission.get(Commission.order_number == "15-р")
    other = copied.members.first()
    assert sent(client, f"{path}{copied.id}/members/{other.id}/remove", page=f"{path}{copied.id}/members/{other.id}") == 302
    assert client.get(f"{page}members/{other.id}").status_code == 404
    main = open_page(client, path).main
    assert "С 01.09.2026 действуют сразу два состава" in main.text
    open_with(world, fresh(made), dt.date(2026, 3, 19))
    main = open_page(client, page).main
    assert "менять его нельзя" in main.text and not main.all("a", href=f"{page}members")
    assert "менять его нельзя" in open_page(client, f"{page}members/{member.id}").main.text
    assert sent(client, f"{page}end", page=page, valid_until="2026-03-18") == 409
    assert sent(client, f"{page}end", page=page, valid_until="2026-08-31") == 302
    assert fresh(made).valid_until == dt.date(2026, 8, 31)


def test_who_reads_only_sees_no_forms(app: Flask, world: World, sign_in: SignInAs) -> None:
    made = composed(world)
    client = sign_in(world.cast.controller)
    main = open_page(client, f"/admin/commission/{made.id}/").main
    assert (main.all("form"), "Председателева Алла Фёдоровна" in main.text) == ([], True)
    assert not open_page(client, "/admin/commission/").main.all("a", href="/admin/commission/new")


def test_the_list_costs_the_same_for_many(app: Flask, world: World, sign_in: SignInAs) -> None:
    client = sign_in(world.cast.secretary)
    composed(world)
    with count_queries() as few:
        client.get("/admin/commission/")
    for year in (2022, 2023, 2024):
        composed(world, Order(f"{year}", JANUARY, dt.date(year, 1, 1), dt.date(year, 12, 31)))
    with count_queries() as many:
        client.get("/admin/commission/")
    assert few.count == many.count <= 8
