"""Putting the invented archive into an installation, the way real orders go: drafted, signed, registered, printed, published.

Each step looks at what is there and does what is missing, so that work broken off anywhere goes on where it stopped.
"""

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from peewee import chunked

from ...models import Job, Order, OutgoingRecord, Ruling, User, connection, database, utc_now
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.words import Role
from ...site import passwords
from ...site.dates import day_of
from ...site.printing.order_words import order_sheet
from ...site.printing.orders import OrderSheet
from ...site.search import open_index
from ...site.search.sources import sync
from ...site.settings import Settings
from .. import first_pages
from ..acts import amendments, approval, outgoing, publication, users
from ..acts import orders as acts
from ..acts.rows import Row
from . import Progress
from .accounts import ACCOUNTS, Account
from .bank import cancel_empty
from .cases import Staff, fill_cases, last_day
from .commission import hold_sittings
from .complaints import fill_complaints
from .districts import list_districts
from .issuing import approvers, draft_from_minutes, file_corrections
from .orders import MOSCOW, WITHDRAWAL, DemoOrder, amending, published, unpublished
from .printing import Frozen, print_all

# Accounts are older than the first order by so much.
LEAD = dt.timedelta(days=30)

WRITTEN = "Распоряжения внесены"
PUBLISHED = "Изготовлены PDF, распоряжения опубликованы"
INDEXED = "Поисковый указатель"


def fill(
    settings: Settings,
    orders: int,
    rows_range: tuple[int, int],
    seed: int,
    until: dt.date,
    progress: Progress | None,
    processes: int | None,
    cases: int,
) -> int:
    """What `generate` of the package says."""
    tell = progress or _silence
    archive = list(published(orders, rows_range, seed, until))
    mending = amending(archive[-1], seed, until)
    with connection():
        if _complete((*archive, mending)):
            _write_pages()
            _index(settings, 0, _silence)
            _walk_cases(settings, cases, seed, _open_accounts(on=archive[0].created_at - LEAD), tell)
            return 0
        desk = unpublished(archive[-1], rows_range, seed, until)
        _refuse_mixture((*archive, *desk, mending), until)
        staff = _open_accounts(on=archive[0].created_at - LEAD)
        _write_pages()
        _write((*archive, *desk), staff, tell)
        processes = processes or os.cpu_count() or 1
        done = _publish((*desk, *archive), staff, settings, tell, processes)
        # It is drafted from rows that are published.
        _write([mending], staff, _silence)
        done += _publish([mending], staff, settings, _silence, processes)
        _index(settings, sum(len(order.rulings) for order in (*archive, mending)), tell)
        _walk_cases(settings, cases, seed, staff, tell)
        return done


def _walk_cases(settings: Settings, cases: int, seed: int, staff: Staff, tell: Progress) -> None:
    _enter_outgoing(staff[Role.SECRETARY], day_of(utc_now()))
    list_districts(by=staff[Role.SECRETARY], on=utc_now())
    if cases:
        fill_cases(settings.cases_dir, settings.procedure, staff, cases, seed, utc_now(), tell)
        before = last_day(settings.procedure, day_of(utc_now()))
        hold_sittings(settings.minutes_dir, settings.authority_name, settings.procedure, staff, before, seed, tell)
        cancel_empty(before, by=staff[Role.SECRETARY], on=utc_now())
        _enter_outgoing(staff[Role.SECRETARY], before)
        draft_from_minutes(settings, staff, on=utc_now())
        file_corrections(settings.procedure, staff, on=utc_now())
        fill_complaints(settings.procedure, settings.complaints_dir, settings.authority_name, staff, utc_now())


def _enter_outgoing(by: User, last: dt.date) -> None:
    """What has happened before the last two days is entered in the systems of others."""
    before = dt.datetime.combine(last - dt.timedelta(days=2), dt.time(), MOSCOW)
    old = outgoing.fit_for(outgoing.seen_by(by).where(OutgoingRecord.made_at < before), outgoing.MARK)
    ids = [record.id for record in old.select(OutgoingRecord.id)]
    if ids:
        outgoing.mark_all(old, last=max(ids), count=len(ids), by=by, on=utc_now())


def _write_pages() -> None:
    """The pages of every installation, and the invented ones that stand beside them."""
    first_pages.load()
    first_pages.load(first_pages.CONTENT / "demo")


# --- What is there ----------------------------------------------------------------------------------------------------------


def _known() -> dict[dt.datetime, Order]:
    """The invented orders that are there, by the moment of their creation."""
    return {order.created_at: order for order in Order.select().where(Order.demo)}


def _complete(archive: Sequence[DemoOrder]) -> bool:
    """Whether all these orders are published. Work for the desk comes before them, and is never put back."""
    moments = {order.created_at for order in Order.published().where(Order.demo)}
    return all(order.created_at in moments for order in archive)


def _refuse_mixture(planned: Sequence[DemoOrder], until: dt.date) -> None:
    if Order.select().where(~Order.demo).exists():
        raise Refusal(
            "В базе есть настоящие распоряжения: демонстрационные данные загружают только в пустую установку. "
            "Укажите для них другую папку данных (DATA_DIR) или другую базу (DATABASE_URL)."
        )
    moments = {order.created_at for order in planned}
    if any(moment not in moments and moment.date() < until for moment in _known()):
        raise Refusal(
            "В базе уже есть демонстрационные распоряжения, созданные с другими параметрами. "
            "Повторите с прежними параметрами или начните с пустой базы."
        )


# --- Accounts ---------------------------------------------------------------------------------------------------------------


def _open_accounts(on: dt.datetime) -> Staff:
    """The accounts by role; those that are missing are added. Refusal if a real account bears one of the names."""
    return {role: user for account in ACCOUNTS for user in [_opened(account, on)] for role in account.roles}


def _opened(account: Account, on: dt.datetime) -> User:
    found: User | None = User.get_or_none(User.login == account.login)
    if found is None and not account.roles:
        return User.create(
            login=account.login,
            full_name=account.full_name,
            password_hash=passwords.hashed(account.password),
            email=account.login,
            email_confirmed_at=on,
            created_at=on,
            demo=True,
        )
    if found is None:
        return users.add_user(
            login=account.login,
            full_name=account.full_name,
            password=account.password,
            roles=account.roles,
            by=None,
            on=on,
            demo=True,
        )
    if not found.demo:
        raise Refusal(
            f"Имя для входа «{account.login}» занято настоящей учётной записью: "
            "демонстрационные данные загружают только в пустую установку."
        )
    return found


# --- Writing ----------------------------------------------------------------------------------------------------------------


def _write(planned: Sequence[DemoOrder], staff: Staff, tell: Progress) -> None:
    """Bring every order up to registration, as far as it is to go."""
    known = _known()
    for number, plan in enumerate(planned, 1):
        order = known.get(plan.created_at) or _draft(plan, staff[Role.SECRETARY])
        if plan.signed_on and _open(order, "send_for_approval"):
            _approve(order, plan.signed_on, staff)
        if plan.signed_on and _open(order, "sign"):
            acts.sign(order, signed_on=plan.signed_on, by=staff[Role.SECRETARY], on=_at(plan.signed_on, 15))
        if plan.number and plan.registered_on and _open(order, "register"):
            on = _at(plan.registered_on, 16)
            acts.register(order, number=plan.number, registered_on=plan.registered_on, by=staff[Role.SECRETARY], on=on)
        tell(WRITTEN, number, len(planned))


def _approve(order: Order, day: dt.date, staff: Staff) -> None:
    """Have the draft approved, if orders of its kind are: by somebody of the first role that may, each step by another."""
    people = approvers(order, staff)
    if not people:
        return
    with database.atomic():
        approval.send(order, people, by=staff[Role.SECRETARY], on=_at(day, 12))
        for person in people.values():
            approval.approve(order, by=person, on=_at(day, 13))


def _draft(plan: DemoOrder, by: User) -> Order:
    """The draft with all its rows, or nothing."""
    if plan.amends:
        return _amending_draft(plan, by)
    with database.atomic():
        order = acts.create(
            kind=plan.kind,
            title=plan.title,
            basis=plan.basis,
            signatory_position=plan.signatory_position,
            signatory_name=plan.signatory_name,
            demo=True,
            by=by,
            on=plan.created_at,
        )
        return acts.append_rows(order, [Row(*ruling) for ruling in plan.rulings], by=by, on=plan.created_at)


def _amending_draft(plan: DemoOrder, by: User) -> Order:
    """The draft that changes the first rows of another order, put right as planned."""
    with database.atomic():
        amended = Order.published().where(Order.demo, Order.number == plan.amends).get()
        numbers = range(1, len(plan.rulings) + 1)
        order = amendments.draft(amended, numbers, basis=plan.basis, by=by, on=plan.created_at)
        for number, ruling in zip(numbers, plan.rulings, strict=True):
            acts.edit_row(order, number, Row(*ruling), by=by, on=plan.created_at)
    return order


# --- Printing and publishing ------------------------------------------------------------------------------------------------


def _publish(planned: Sequence[DemoOrder], staff: Staff, settings: Settings, tell: Progress, processes: int) -> int:
    """Print, freeze and publish what is registered, one after the other in the order of the plan; how many were published."""
    known = _known()
    ready = [(plan, known[plan.created_at]) for plan in planned if plan.created_at in known]
    unprinted = [order for _, order in ready if _unprinted(order)]
    processes = min(processes, max(1, len(unprinted)))
    count = 0
    with closing(print_all(_sheets(unprinted, settings), settings.files_dir, processes)) as printed:
        for number, (plan, order) in enumerate(ready, 1):
            if _unprinted(order):
                _freeze(order, next(printed), plan)
            if plan.published_at and _open(order, "publish"):
                acts.publish(order, by=staff[Role.PUBLISHER], on=plan.published_at, edition=settings.procedure)
                count += 1
            if plan.withdrawn_at and _open(order, "withdraw"):
                _withdraw(order, plan.withdrawn_at, staff, settings)
            tell(PUBLISHED, number, len(ready))
    return count


def _withdraw(order: Order, on: dt.datetime, staff: Staff, settings: Settings) -> None:
    amendments.withdraw(order, reason=WITHDRAWAL, by=staff[Role.PUBLISHER], on=on, edition=settings.procedure)


def _unprinted(order: Order) -> bool:
    return _open(order, "publish") and order.pdf_sha256 is None


def _open(order: Order, verb: str) -> bool:
    """Whether this move starts from where the order stands; what else it needs, the act itself asks."""
    return order.status in road("order").move(verb).sources


def _sheets(orders: Iterable[Order], settings: Settings) -> Iterator[OrderSheet]:
    for order in orders:
        yield order_sheet(order, order.rulings.order_by(Ruling.number), settings)


def _freeze(order: Order, file: Frozen, plan: DemoOrder) -> None:
    assert plan.registered_on
    with database.atomic():
        acts.freeze_pdf(
            order,
            sha256=file.sha256,
            size=file.size,
            pages=file.pages,
            row_pages=file.row_pages,
            on=_at(plan.registered_on, 17),
        )
        _settle("order_pdf", [order.id])


# --- Search and jobs --------------------------------------------------------------------------------------------------------


def _index(settings: Settings, rows: int, tell: Progress) -> None:
    """Bring the search index level with so many published rows."""
    tell(INDEXED, 0, rows)
    public = sorted(road("order").public)
    archive = Order.demo, Order.sitting.is_null(), Order.status.in_(public)
    before = [order.id for order in Order.select().where(*archive)]
    index = open_index(settings.index_dir, show_refusals=settings.show_refusals)
    try:
        sync(index, lambda done, total: tell(INDEXED, done, total))
    finally:
        index.close()
    # No case stands behind these orders, and a worker brings the open data level at its start.
    for step in publication.STEPS:
        _settle(step, before)
    tell(INDEXED, rows, rows)


def _settle(kind: str, targets: Sequence[int]) -> None:
    """Close the jobs that the acts have queued: this process has done their work, a worker need not do it again."""
    for part in chunked(targets, 500):
        waiting = Job.kind == kind, Job.target.in_(list(part)), Job.state.in_(["queued", "running"])
        Job.update(state="done", finished_at=utc_now()).where(*waiting).execute()
        for target in part:
            publication.settle(target, kind, on=utc_now())


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), MOSCOW)


def _silence(step: str, done: int, total: int) -> None:
    """Progress told to nobody."""
