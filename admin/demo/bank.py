"""The invented bank of experts, sittings of the commission, hours of the reception: what cases need. Told apart by `demo`."""

import datetime as dt
from random import Random
from typing import NamedTuple

from ...models import Expert, ExpertGroup, Hearing, Sitting, Slot, User, UserRole, database
from ...procedure.words import Role
from ...rubrics import forms
from ...site.dates import day_of
from ..acts.cases import reception
from ..acts.cases.reception import Hours
from ..acts.commission import compositions, sittings
from ..acts.commission.sittings import Plan
from ..acts.experts import bank, groups, standing
from .accounts import EXPERTS
from .orders import working_day
from .people import DemoRuling, rulings

GROUP = "Экспертная группа Санкт-Петербурга"
# Each form is judged by every third expert: the demonstration accounts among them come first, and judge the same forms.
KINDS = 3
PER_KIND = 5
PLACE = "Малая Конюшенная ул., д. 1, зал заседаний"
# Cases at one sitting.
CAPACITY = 40
COUNTER = "Малая Конюшенная ул., д. 1, каб. 12"


class Bank(NamedTuple):
    """The experts by kind of forms, and who leads them."""

    leader: User
    kinds: tuple[tuple[Expert, ...], ...]

    def judging(self, form: int) -> tuple[Expert, ...]:
        """The experts who judge by this form."""
        return self.kinds[form % KINDS]


def open_bank(*, leader: User, keeper: User, on: dt.datetime) -> Bank:
    """The group with its experts, approved for a year before `on` and two years after."""
    group = groups.create(GROUP, leader=leader, by=keeper, on=on, demo=True)
    known = [User.get(User.login == account.login) for account in EXPERTS]
    rows = iter(rulings(KINDS * PER_KIND, seed="experts"))
    kinds = []
    for kind in range(KINDS):
        people = known if kind == 0 else []
        people = people + [_account(next(rows), on) for _ in range(PER_KIND - len(people))]
        kinds.append(tuple(_expert(user, kind, group, keeper, on) for user in people))
    return Bank(leader, tuple(kinds))


def open_sittings(edition: str, today: dt.date, *, by: User) -> list[Sitting]:
    """A sitting every second week, from half a year ago to two months ahead."""
    days = [working_day(today + dt.timedelta(days=14 * number)) for number in range(-13, 5)]
    made = []
    for day in days:
        on = dt.datetime.combine(day - dt.timedelta(days=60), dt.time(9), dt.UTC)
        sitting = sittings.add(Plan(day, dt.time(15), PLACE, CAPACITY), edition=edition, by=by, on=on)
        Sitting.update(demo=True).where(Sitting.id == sitting.id).execute()
        made.append(sitting)
    return made


def cancel_empty(before: dt.date, *, by: User, on: dt.datetime) -> None:
    """The sittings before this day that no case needed."""
    vacant = Sitting.select().where(Sitting.demo, Sitting.held_on < before, Sitting.status == compositions.PLANNED)
    for sitting in vacant.where(Sitting.id.not_in(Hearing.select(Hearing.sitting))):
        sittings.cancel(sitting, by=by, on=on)


def open_reception(edition: str, *, by: User, on: dt.datetime) -> None:
    """Two windows on the working days of the next five weeks."""
    first, last = day_of(on) + dt.timedelta(days=1), day_of(on) + dt.timedelta(days=35)
    reception.open_slots(Hours(first, last, dt.time(10), dt.time(13), 2, COUNTER), edition=edition, by=by, on=on)
    Slot.update(demo=True).execute()


def _account(row: DemoRuling, on: dt.datetime) -> User:
    """An account that nobody can sign in with."""
    number = User.select().count()
    full_name = " ".join(row[:3])
    with database.atomic():
        user: User = User.create(
            login=f"demo-expert-{number}", full_name=full_name, password_hash="-", created_at=on, notify_email=False, demo=True
        )
        UserRole.create(user=user, role=Role.EXPERT)
    return user


def _expert(user: User, kind: int, group: ExpertGroup, keeper: User, on: dt.datetime) -> Expert:
    dice = Random(f"expert {user.login}")
    expert = bank.add(
        user,
        surname=user.full_name.split()[0],
        position="Методист",
        organization=f"Информационно-методический центр № {dice.randint(900, 999)}",
        group=group,
        by=keeper,
        on=on,
        demo=True,
    )
    for form in forms.edition().forms:
        if form.number % KINDS == kind:
            standing.add_speciality(expert, form=form.number, by=keeper, on=on)
    day = on.date()
    standing.add_approval(
        expert,
        order_number=f"{dice.randint(100, 900)}-р",
        order_on=day,
        valid_from=day,
        valid_until=day + dt.timedelta(days=3 * 365),
        by=keeper,
        on=on,
    )
    return expert
