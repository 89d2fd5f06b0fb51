"""The whole year: who works, when sittings are, which applications come, what the worker does at night."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from random import Random
from unittest.mock import patch

import pikepdf
from flask import Flask

from attestation.admin import worker
from attestation.admin.acts import outgoing
from attestation.admin.acts.cases import reception
from attestation.admin.demo.accounts import ACCOUNTS, TEACHER
from attestation.admin.demo.bank import COUNTER, open_bank
from attestation.admin.demo.cases import Around, Plan
from attestation.admin.demo.commission import open_commission
from attestation.admin.demo.complaints import PEOPLE, fill_complaints
from attestation.admin.demo.people import DemoRuling, rulings
from attestation.models import Job, User, UserRole
from attestation.procedure.words import Role
from attestation.site import files
from attestation.site.cases.outgoing import systems
from attestation.site.printing.orders import OrderSheet, PrintedOrder, print_order
from attestation.site.printing.press import minutes_apart
from attestation.tests.year.commission import Commission
from attestation.tests.year.course import Course
from attestation.tests.year.diary import Diary, moment
from attestation.tests.year.ledger import Ledger
from attestation.tests.year.orders import Orders
from attestation.tests.year.plans import LENOBL, LENOBL_EDITION, SPB, SPB_EDITION

FIRST, LAST = dt.date(2025, 8, 15), dt.date(2026, 7, 15)
# Applications come from the first day to this one; the season itself ends on 15 May.
LAST_FILED, AFTER_SEASON = dt.date(2026, 5, 8), dt.date(2026, 5, 20)
COMPLAINED, WITHDRAWN, CARRIED = dt.date(2026, 3, 10), dt.date(2026, 7, 7), dt.date(2026, 7, 8)
# From so many applications on the commission meets every second week, and people complain.
LARGE = 300
PLANS = {SPB_EDITION: SPB, LENOBL_EDITION: LENOBL}
Tell = Callable[[dt.date, int], None]


class Year:
    """A year of an installation. `count`: applications of both procedures together; the same seed gives the same year.

    `sheets`: so many orders and minutes are printed in earnest, for all others a blank page stands in.
    """

    def __init__(self, app: Flask, count: int, *, seed: int = 1, sheets: int = 2) -> None:
        self.parts = app.extensions["attestation"]
        self.settings = self.parts.settings
        self.dice, self.sheets = Random(f"year {seed}"), {"order": sheets, "minutes": sheets}
        self.diary = Diary(FIRST, self.work)
        self.ledger = Ledger()
        self.courses: dict[int, Course] = {}
        self.scan = _blank()
        self.staff = _staff(self.diary.now)
        self.second_leader = _person("leader2", "Сменщикова Эльза Карловна", frozenset({Role.LEADER}), self.diary.now)
        self.teachers = 0
        self.bank = open_bank(leader=self.staff[Role.LEADER], keeper=self.staff[Role.SECRETARY], on=self.diary.now)
        self._turns = {number: cycle(experts) for number, experts in enumerate(self.bank.kinds)}
        self.around = {edition: self._around(edition) for edition in PLANS}
        open_commission(self.staff, FIRST, on=self.diary.now)
        self.orders = Orders(self)
        days = list(self._sitting_days(14 if count >= LARGE else 49))
        self.commission = {edition: Commission(self, edition, days) for edition in PLANS}
        self._open_reception()
        for edition, plans in PLANS.items():
            self._expect(edition, plans, count // len(PLANS))
        if count >= LARGE:
            self.diary.put(moment(COMPLAINED, 18), self._complain)
        self.diary.put(moment(WITHDRAWN, 18), self.orders.withdraw_one)
        self.diary.put(moment(CARRIED, 18), self._carry_over)

    def live(self, tell: Tell) -> None:
        """Live through it."""
        self.diary.live(LAST, lambda day: tell(day, len(self.courses)))

    # --- What is there at the beginning ---

    def _around(self, edition: str) -> Around:
        """What an application of this procedure meets."""
        cases = self.settings.cases_dir
        sha256 = files.freeze(cases, self.scan, suffix="")
        teacher = User.get(User.login == TEACHER.login)
        return Around(cases, edition, self.staff, teacher, self.bank, [], sha256, len(self.scan), self._turns)

    def teacher(self, person: DemoRuling, dice: Random, on: dt.datetime) -> User:
        """An account of a teacher, who may want letters by mail and by SMS too."""
        self.teachers += 1
        login = f"teacher-{self.teachers}@example.org"
        return User.create(
            login=login,
            full_name=" ".join(person[:3]),
            password_hash="-",
            email=login,
            email_confirmed_at=on,
            notify_email=dice.random() < 0.5,
            phone="+7 900 000-00-00" if dice.random() < 0.2 else "",
            notify_sms=dice.random() < 0.5,
            created_at=on,
        )

    def ways(self, user: User) -> tuple[str, ...]:
        """By which ways this person has chosen to get letters."""
        return ("cabinet", *("email",) * user.notify_email, *("sms",) * bool(user.phone and user.notify_sms))

    def _sitting_days(self, step: int) -> Iterator[dt.date]:
        day = FIRST + dt.timedelta(days=40)
        while day < LAST - dt.timedelta(days=14):
            yield self.diary.working(day)
            day += dt.timedelta(days=step)
        yield self.diary.working(LAST - dt.timedelta(days=14))

    def _open_reception(self) -> None:
        """Hours of the reception, two months at a time, long before they come."""
        for number in range(6):
            first = FIRST + dt.timedelta(days=60 * number)
            hours = reception.Hours(first, first + dt.timedelta(days=59), dt.time(10), dt.time(13), 1, COUNTER)
            self.diary.put(moment(first - dt.timedelta(days=50), 8), partial(self._open_hours, hours))

    def _open_hours(self, hours: reception.Hours) -> None:
        reception.open_slots(hours, edition=SPB_EDITION, by=self.staff[Role.REGISTRAR], on=self.diary.now)

    def _expect(self, edition: str, shares: tuple[tuple[int, Plan], ...], count: int) -> None:
        """Put the beginnings of so many applications into the diary, every plan once at least."""
        whole = sum(share for share, _ in shares)
        plans = [plan for _, plan in shares]
        weights = [share / whole for share, _ in shares]
        plans += self.dice.choices(plans, weights, k=max(0, count - len(plans)))
        self.dice.shuffle(plans)
        span = (LAST_FILED - FIRST).days
        for number, (plan, person) in enumerate(zip(plans, rulings(len(plans), seed=f"year {edition}"), strict=True)):
            day = self.diary.working(FIRST + dt.timedelta(days=number * span // len(plans)))
            course = Course(self, edition, plan, person, Random(f"course {edition} {number}"))
            self.diary.put(moment(day, self.dice.randint(9, 16), self.dice.randrange(60)), course.begin)
        if edition == SPB_EDITION:
            person = next(rulings(1, seed="too late"))
            late = Course(self, edition, Plan((("refused_out_of_season", 0),)), person, Random("too late"))
            self.diary.put(moment(AFTER_SEASON, 12), late.begin)

    def _complain(self) -> None:
        """Some complaints, each to a stage of its own; their acts are printed in earnest."""
        self.ledger.note("complaint", "enter", len(PEOPLE))
        fill_complaints(SPB_EDITION, self.settings.complaints_dir, self.settings.authority_name, self.staff, self.diary.now)

    def _carry_over(self) -> None:
        """All that waits for systems of others goes out in a file for each, and is marked as entered there."""
        by, now = self.staff[Role.SECRETARY], self.diary.now
        for system in systems():
            count = self.ledger.waiting_for(SPB_EDITION, system)
            last = max(record.id for record in outgoing.waiting_for(system, by))
            batch = outgoing.export(system, last=last, count=count, by=by, on=now)
            outgoing.mark_all(outgoing.unmarked(batch, by), last=last, count=count, by=by, on=now)
            self.ledger.note("outgoing", outgoing.EXPORT, count)
            self.ledger.note("outgoing", outgoing.MARK, count)

    # --- The worker ---

    def work(self) -> None:
        """Do all that waits: print, send, close, index, dump."""
        if not Job.select().where(Job.state == "queued").exists():
            return
        with self._worker():
            worker.run_pending(self.settings, self.parts.index)

    @contextmanager
    def _worker(self) -> Iterator[None]:
        """The worker lives in the simulated year, and its press prints a few documents only."""
        with (
            patch.object(worker, "utc_now", lambda: self.diary.now),
            patch.object(worker, "_print_here", self._order),
            patch.object(worker, "minutes_apart", self._minutes),
        ):
            yield

    def _order(self, sheet: OrderSheet, progress: Callable[[int, int], None], _watch: object) -> PrintedOrder:
        if self._in_earnest("order"):
            return print_order(sheet, progress)
        return PrintedOrder(_blank(str(sheet.number)), 1, {row.number: 1 for row in sheet.lines})

    def _minutes(self, sheet: dict[str, object], progress: object, watch: object) -> tuple[bytes, int]:
        if self._in_earnest("minutes"):
            return minutes_apart(sheet)
        return _blank(str(sheet)), 1

    def _in_earnest(self, kind: str) -> bool:
        self.sheets[kind] -= 1
        return self.sheets[kind] >= 0


def _blank(about: str = "") -> bytes:
    """A PDF of one empty page; `about` makes it another file."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Subject"] = about[:500]
        pdf.save(made)
    return made.getvalue()


def _staff(on: dt.datetime) -> dict[Role, User]:
    """Somebody for every role, by the names of the demonstration; nobody signs in."""
    people = [(one, _person(one.login, one.full_name, one.roles, on)) for one in ACCOUNTS]
    return {role: user for account, user in people for role in account.roles}


def _person(login: str, full_name: str, roles: frozenset[Role], on: dt.datetime) -> User:
    user = User.create(login=login, full_name=full_name, password_hash="-", created_at=on)
    for role in roles:
        UserRole.create(user=user, role=role)
    return user
