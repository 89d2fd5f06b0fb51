"""The demonstration: what is invented, and how it gets into an installation."""

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from attestation.admin import demo
from attestation.admin.demo import filling, orders, people
from attestation.admin.demo.districts import list_districts
from attestation.admin.demo.names import feminine, names
from attestation.admin.demo.printing import print_all
from attestation.admin.demo.schools import posts
from attestation.models import Job, JournalEntry, Order, OrganizationDistrict, OutgoingRecord, Ruling, User, utc_now
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import Category, OrderKind, Role
from attestation.site import amendments, files, passwords
from attestation.site.printing.order_words import example_sheet
from attestation.site.search import Query, open_index
from attestation.site.settings import Settings
from attestation.tests.conftest import Cast

# --- People -----------------------------------------------------------------------------------------------------------------


def digest(rows: object) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@pytest.fixture(scope="module")
def crowd() -> list[demo.DemoRuling]:
    return list(people.rulings(20_000, seed=3))


def test_the_same_seed_gives_the_same_rows() -> None:
    rows = list(people.rulings(2_300, seed=5))
    assert len(rows) == 2_300
    assert digest(rows) == digest(list(people.rulings(2_300, seed=5)))
    assert digest(rows) != digest(list(people.rulings(2_300, seed=6)))


def test_the_archive_does_not_depend_on_the_process() -> None:
    """Python's own hashes differ from process to process; the figure was taken once and must come out anywhere."""
    assert digest([row[:5] for row in people.rulings(700, seed=1)])[:16] == "6b62007bb7029317"


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501])
def test_exactly_so_many_rows(count: int) -> None:
    assert len(list(people.rulings(count))) == count


def test_names_agree_in_gender(crowd: list[demo.DemoRuling]) -> None:
    known = names()
    hers = dict((her, his) for his, her in known.patronymics.values)
    his_surnames = {his for his, _ in known.surnames.values}
    her_surnames = {her for _, her in known.surnames.values}
    for row in crowd:
        woman = row.patronymic in hers
        assert row.name in (known.women if woman else known.men).values, row
        assert row.surname in (her_surnames if woman else his_surnames), row


@pytest.mark.parametrize(
    ("his", "hers"),
    [
        ("Иванов", "Иванова"),
        ("Королёв", "Королёва"),
        ("Лебедев", "Лебедева"),
        ("Кузьмин", "Кузьмина"),
        ("Покровский", "Покровская"),
        ("Троицкий", "Троицкая"),
        ("Толстой", "Толстая"),
        ("Белый", "Белая"),
        ("Черных", "Черных"),
        ("Шевченко", "Шевченко"),
        ("Мельник", "Мельник"),
        ("Петросян", "Петросян"),
        ("Станкевич", "Станкевич"),
        ("Фомин-Черных", "Фомина-Черных"),
        ("Белов-Садовский", "Белова-Садовская"),
    ],
)
def test_surnames_are_declined(his: str, hers: str) -> None:
    assert feminine(his) == hers


def test_every_surname_is_there_once_and_well_formed() -> None:
    known = [his for his, _ in names().surnames.values]
    assert [surname for surname, times in Counter(known).items() if times > 1] == []
    assert [surname for surname in known if not re.fullmatch(r"[А-ЯЁ][а-яё]+(-[А-ЯЁ][а-яё]+)?", surname)] == []


def test_frequencies(crowd: list[demo.DemoRuling]) -> None:
    size = len(crowd)
    stems = Counter(re.sub("а$", "", row.surname) for row in crowd)
    assert 0.012 < stems["Иванов"] / size < 0.025
    assert stems["Иванов"] > stems["Соколов"] > stems["Радищев"] > 0
    assert sum(times == 1 for times in stems.values()) > 300, "a long tail of rare surnames"
    women = sum(row.patronymic.endswith("на") for row in crowd) / size
    assert 0.82 < women < 0.88
    trainers = [row for row in crowd if row.position == "Тренер-преподаватель"]
    assert sum(row.patronymic.endswith("на") for row in trainers) < len(trainers) / 2
    assert 0.52 < sum(row.category is Category.FIRST for row in crowd) / size < 0.60
    assert 0.01 < sum(not row.established for row in crowd) / size < 0.02


def test_people_come_again_and_rise() -> None:
    """Somebody's first category, then the highest: never the other way round, nobody twice in one order."""
    batches = list(people.batches([300] * 20, seed=2))
    seen: dict[tuple[str, str, str], list[tuple[int, people.DemoRuling]]] = {}
    for number, rows in enumerate(batches):
        assert len({row[:3] for row in rows}) == 300
        for row in rows:
            seen.setdefault(row[:3], []).append((number, row))
    again = [(first, second) for first, second in (found for found in seen.values() if len(found) == 2)]
    apart = Counter(later - earlier for (earlier, _), (later, _) in again)
    assert apart.most_common(1)[0][0] == 10, "half of the twenty orders, five years"
    same_place = [(a, b) for (x, a), (y, b) in again if y - x == 10 and a.organization == b.organization]
    rises = Counter((a.category.value, b.category.value) for a, b in same_place if a.established)
    assert rises["first", "highest"] > rises["first", "first"] > 0
    assert rises["highest", "highest"] > 0
    assert rises["highest", "first"] <= len(same_place) // 50, "only namesakes"


def test_the_town() -> None:
    organizations = {post.organization for post in posts().values}
    assert 300 < len(organizations) < 1000
    assert [name for name in organizations if "{" in name or "  " in name] == []
    assert any(re.fullmatch(r"ГБОУ СОШ № \d+ Невского района Санкт-Петербурга", name) for name in organizations)
    districts = {found[1] for name in organizations if (found := re.search(r"(\S+) района Санкт-Петербурга", name))}
    assert len(districts) == 18
    positions = {post.position for post in posts().values}
    assert {"Учитель начальных классов", "Учитель-логопед", "Тренер-преподаватель", "Концертмейстер"} <= positions
    pairs = [(post.organization, post.position) for post in posts().values]
    assert len(pairs) == len(set(pairs))


# --- Orders -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive() -> list[demo.DemoOrder]:
    return list(orders.published())


def test_forty_orders_of_all_sizes(archive: list[demo.DemoOrder]) -> None:
    sizes = sorted(len(order.rulings) for order in archive)
    assert (len(sizes), sizes[0], sizes[-1]) == (40, 300, 1500)
    assert 18_000 < sum(sizes) < 22_000
    assert sizes[20] < 500, "most are small"


def test_the_same_archive_for_the_same_seed(archive: list[demo.DemoOrder]) -> None:
    assert archive == list(orders.published())
    assert archive != list(orders.published(seed=2))


def test_days_and_numbers(archive: list[demo.DemoOrder]) -> None:
    days = [order.registered_on for order in archive if order.registered_on]
    assert days == sorted(days)
    assert (days[0].year, days[-1]) == (2016, dt.date(2026, 8, 31))
    assert [day for day in days if day.weekday() > 4 or (day.month, day.day) in orders.HOLIDAYS] == []
    assert len({(day.year, order.number) for day, order in zip(days, archive, strict=True)}) == 40
    assert all(re.fullmatch(r"\d{1,4}-р", order.number or "") for order in archive)
    moments = [order.published_at for order in archive if order.published_at]
    assert moments == sorted(moments)
    for order, day, moment in zip(archive, days, moments, strict=True):
        assert order.signed_on == day
        sitting = re.fullmatch(r"протокол заседания аттестационной комиссии от (\d\d\.\d\d\.\d{4}) № \d+", order.basis)
        assert sitting
        held = dt.datetime.strptime(sitting[1], "%d.%m.%Y").date()
        assert dt.timedelta(0) < day - held <= dt.timedelta(days=20)
        assert order.created_at.date() == held
        assert day < moment.date() <= day + dt.timedelta(days=11), "within three working days, holidays between (3.6.2)"
    assert len({order.created_at for order in archive}) == 40


def test_the_number_of_the_regulation_is_not_given_again() -> None:
    on = dt.date(2021, 4, 22)  # the day on which the run of numbers passes 1016
    given = {number for seed in range(200) for number in orders.order_numbers([on], Random(seed))}
    assert given == {1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 1017}


def test_signatories_change_over_the_years(archive: list[demo.DemoOrder]) -> None:
    signed = [order.signatory_name for order in archive]
    assert list(dict.fromkeys(signed)) == ["Н.В. Ольховская", "П.А. Заречнов", "Е.С. Лугинина"]
    assert {order.title for order in archive} == {
        "Об установлении (отказе в установлении) квалификационной категории педагогическим работникам"
    }


@pytest.mark.parametrize(("count", "rows_range"), [(1, (1, 1)), (2, (1, 3)), (300, (1, 4))])
def test_any_number_of_orders(count: int, rows_range: tuple[int, int]) -> None:
    made = list(orders.published(count, rows_range))
    assert len(made) == count
    assert len({(order.registered_on and order.registered_on.year, order.number) for order in made}) == count
    assert len({order.created_at for order in made}) == count
    assert all(order.created_at < (order.published_at or order.created_at) for order in made)


def test_work_for_the_desk(archive: list[demo.DemoOrder]) -> None:
    desk = orders.unpublished(archive[-1])
    withdrawn, registered, signed, draft = desk
    assert [order.status for order in desk] == ["withdrawn", "registered", "signed", "draft"]
    assert withdrawn.published_at and withdrawn.withdrawn_at and withdrawn.published_at < withdrawn.withdrawn_at
    assert (draft.signed_on, draft.number, signed.number) == (None, None, None)
    assert len({archive[-1].number, withdrawn.number, registered.number, orders.amending(archive[-1]).number}) == 4
    assert all(dt.date(2026, 8, 31) < order.created_at.date() < orders.UNTIL for order in desk)


def test_an_order_that_puts_the_last_one_right(archive: list[demo.DemoOrder]) -> None:
    last = archive[-1]
    amending = orders.amending(last)
    assert (amending.status, amending.kind, amending.amends) == ("published", OrderKind.AMENDMENT, last.number)
    assert amending.title == f"О внесении изменений в распоряжение № {last.number} от 31.08.2026"
    pairs = list(zip(amending.rulings, last.rulings, strict=False))
    assert 0 < len(pairs) == len(amending.rulings) < len(last.rulings)
    assert all(new != old and new[:3] == old[:3] for new, old in pairs)
    assert amending.published_at and amending.published_at.date() < orders.UNTIL


# --- Into an installation -----------------------------------------------------------------------------------------------------

TINY = {"orders": 3, "rows_range": (5, 12), "seed": 7, "processes": 1}
PLAN = list(orders.published(3, (5, 12), seed=7))
DESK = orders.unpublished(PLAN[-1], (5, 12), seed=7)
AMENDING = orders.amending(PLAN[-1], seed=7)


class Killed(Exception):
    """The process ends here."""


def killed_at(step: str, done: int) -> Callable[[str, int, int], None]:
    def progress(now: str, so_far: int, _total: int) -> None:
        if (now, so_far) == (step, done):
            raise Killed

    return progress


def stored(order: Order) -> tuple[object, ...]:
    rows = order.rulings.order_by(Ruling.number)
    return (
        order.status,
        order.number,
        order.registered_on,
        order.signed_on,
        order.published_at,
        order.created_at,
        order.title,
        order.basis,
        order.signatory_name,
        order.demo,
        [
            (row.surname, row.name, row.patronymic, row.position, row.organization, row.category, row.established)
            for row in rows
        ],
    )


def planned(order: demo.DemoOrder) -> tuple[object, ...]:
    return (
        order.status,
        order.number,
        order.registered_on,
        order.signed_on,
        order.published_at,
        order.created_at,
        order.title,
        order.basis,
        order.signatory_name,
        True,
        [tuple(row) for row in order.rulings],
    )


def assert_complete(settings: Settings) -> None:
    """All orders once, as planned, with files, pages, journal; the published ones found by search."""
    assert [stored(order) for order in Order.select().order_by(Order.id)] == [
        planned(order) for order in (*PLAN, *DESK, AMENDING)
    ]
    for order in Order.select().where(Order.number.is_null(False)):
        assert files.verify(settings.files_dir, order.pdf_sha256)
        assert not order.rulings.where(Ruling.page.is_null()).exists()
    verbs = Counter(entry.verb for entry in JournalEntry.select() if entry.subject == "order")
    # The amending order was approved by three.
    approved = {"send_for_approval": 1, "approve": 3}
    printed = {"register": 6, "freeze_pdf": 6, "publish": 5, "withdraw": 1}
    assert verbs == {"create": 8, "append_rows": 7, "edit_row": 1, **approved, "sign": 7, **printed}
    changed = amendments.changed_rows(Order.get(Order.number == PLAN[-1].number))
    assert [(row, change.number) for row, change in changed.items()] == [(1, AMENDING.number)]
    assert amendments.replaced_rows(Order.get(Order.number == AMENDING.number))[1].number == PLAN[-1].number
    assert {record.status for record in OutgoingRecord.select()} == {"recorded"}
    assert {job.state for job in Job.select()} == {"done"}
    index = open_index(settings.index_dir, show_refusals=settings.show_refusals)
    someone = next(row for row in PLAN[0].rulings if row.established)
    answer = index.search(Query(f"{someone.surname} {someone.name} {someone.patronymic}"))
    index.close()
    found = [ruling.person for ruling in Ruling.select().where(Ruling.id.in_(answer.ruling_ids))]
    assert set(found) == {f"{someone.surname} {someone.name} {someone.patronymic}"}


@pytest.mark.usefixtures("database")
def test_generate_goes_the_whole_way_and_then_does_nothing(settings: Settings) -> None:
    steps: list[tuple[str, int, int]] = []
    assert demo.generate(settings, progress=lambda *step: steps.append(step), **TINY) == 5
    assert_complete(settings)
    assert [step for step in steps if step[0] == filling.WRITTEN] == [(filling.WRITTEN, n, 7) for n in range(1, 8)]
    assert [step for step in steps if step[0] == filling.PUBLISHED] == [(filling.PUBLISHED, n, 7) for n in range(1, 8)]
    total = sum(len(order.rulings) for order in (*PLAN, AMENDING))
    assert steps[-1] == (filling.INDEXED, total, total)
    steps.clear()
    assert demo.generate(settings, progress=lambda *step: steps.append(step), **TINY) == 0
    assert steps == []
    assert_complete(settings)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("step", "done"),
    [(filling.WRITTEN, 2), (filling.WRITTEN, 7), (filling.PUBLISHED, 1), (filling.PUBLISHED, 7), (filling.INDEXED, 0)],
    ids=["some written", "all written", "withdrawn", "archive published", "all published"],
)
def test_goes_on_where_it_was_killed(settings: Settings, step: str, done: int) -> None:
    with pytest.raises(Killed):
        demo.generate(settings, progress=killed_at(step, done), **TINY)
    demo.generate(settings, **TINY)
    assert_complete(settings)


@pytest.mark.usefixtures("database")
def test_one_account_for_each_role(settings: Settings) -> None:
    demo.generate(settings, orders=1, rows_range=(1, 1), processes=1)
    made = {user.login: user for user in User.select()}
    assert {login: user.role_set() for login, user in made.items()} == {
        "publisher": {Role.PUBLISHER},
        "secretary": {Role.SECRETARY},
        "editor": {Role.EDITOR},
        "admin": {Role.ADMIN},
        "reception": {Role.REGISTRAR},
        "leader": {Role.LEADER},
        "deputy": {Role.DEPUTY_CHAIR},
        "chair": {Role.CHAIR},
        "endorser": {Role.ENDORSER},
        "complaints": {Role.COMPLAINTS},
        "controller": {Role.CONTROLLER},
        **{login: {Role.EXPERT} for login in ("expert", "expert2", "expert3")},
        "teacher@example.org": set(),
    }
    for account in demo.ACCOUNTS:
        assert made[account.login].demo
        assert passwords.matches(made[account.login].password_hash, account.password)


def test_refuses_where_there_are_real_orders(settings: Settings, make_order: Callable[..., Order]) -> None:
    make_order(status="draft")
    with pytest.raises(Refusal, match="настоящие распоряжения"):
        demo.generate(settings, **TINY)
    assert (Order.select().count(), User.select().count()) == (1, 0)


@pytest.mark.usefixtures("database")
def test_refuses_to_mix_two_archives(settings: Settings) -> None:
    with pytest.raises(Killed):
        demo.generate(settings, progress=killed_at(filling.WRITTEN, 1), **TINY)
    with pytest.raises(Refusal, match="с другими параметрами"):
        demo.generate(settings, **TINY | {"seed": 8})
    assert Order.select().count() == 1


@pytest.mark.usefixtures("database")
def test_leaves_the_work_of_the_desk_alone(settings: Settings) -> None:
    """What somebody did with the unpublished orders is not undone by running again."""
    demo.generate(settings, **TINY)
    draft = Order.get(Order.status == "draft")
    Ruling.delete().where(Ruling.order == draft).execute()
    draft.delete_instance()
    assert demo.generate(settings, **TINY) == 0
    assert not Order.select().where(Order.status == "draft").exists()


@pytest.mark.usefixtures("database")
def test_refuses_a_login_taken_by_a_real_account(settings: Settings) -> None:
    User.create(login="editor", full_name="Настоящая Вера Ильинична", password_hash="—")
    with pytest.raises(Refusal, match="«editor» занято"):
        demo.generate(settings, **TINY)
    assert Order.select().count() == 0


def test_printing_in_a_pool_keeps_the_order(tmp_path: Path) -> None:
    sheets = [example_sheet(rows) for rows in (40, 1, 2)]
    here = list(print_all(sheets, tmp_path / "here", processes=1))
    assert [len(file.row_pages) for file in here] == [40, 1, 2]
    assert list(print_all(sheets, tmp_path / "there", processes=2)) == here
    assert all(files.verify(tmp_path / "there", file.sha256) for file in here)


def test_districts_are_read_from_the_names_of_invented_organisations(make_order: Callable[..., Order], cast: Cast) -> None:
    places = ("СОШ № 1 Невского района Города", "Лицей Центрального района Города", "Колледж")
    make_order(rows=[("Иванова", "Анна", "", "Учитель", place, "first", True) for place in places], status="registered")
    Order.update(demo=True).execute()
    for _ in range(2):
        list_districts(by=cast.secretary, on=utc_now())
    found = {row.organization: row.district for row in OrganizationDistrict.select()}
    assert found == {places[0]: "Невский", places[1]: "Центральный"}
