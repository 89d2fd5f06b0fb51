"""Orders of the year: drafted from minutes, approved, signed, registered, published by another person; amended; withdrawn."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from attestation.admin.acts import amendments, approval, corrections, drafting, order_facts
from attestation.admin.acts import orders as acts
from attestation.models import Application, Correction, Hearing, Order, Ruling, Sitting
from attestation.procedure.words import Role
from attestation.site.corrections import filing
from attestation.tests.year.plans import SPB_EDITION

if TYPE_CHECKING:
    from attestation.tests.year.year import Year

SPLITS = (drafting.Split(by_category=True), drafting.Split(), drafting.Split(most_rows=25))
# Who approves which step: one person each, and nobody who writes the draft.
APPROVING = {
    "first_deputy": Role.ENDORSER,
    "head_of_department": Role.CONTROLLER,
    "lawyer": Role.ENDORSER,
    "deputy_head": Role.DEPUTY_CHAIR,
}
# Which orders, by their number in the year, are returned with a remark, lose their registration, have an error found in them,
# and are asked about in vain.
RETURNED, UNREGISTERED, ERRONEOUS, DOUBTED = {2, 9}, {3}, {1, 4, 7}, {5}


class Orders:
    """The orders of the year by the script; `published`: how many rows each published decision has."""

    def __init__(self, year: "Year") -> None:
        self.year = year
        self.secretary, self.publisher = year.staff[Role.SECRETARY], year.staff[Role.PUBLISHER]
        self.drafted = self.numbers = 0
        self.published: dict[int, int] = {}
        self.amended: set[int] = set()
        self.amending_rows = 0
        self.withdrawn: list[int] = []

    def note(self, verb: str, record: str = "order") -> None:
        self.year.ledger.note(record, verb)

    # --- A decision ---

    def begin(self, sitting_id: int) -> None:
        """Draft orders for all decisions of a sitting."""
        sitting = Sitting.get_by_id(sitting_id)
        split = SPLITS[sitting_id % len(SPLITS)]
        made = drafting.draft(
            sitting,
            split,
            signatory_position="Председатель Комитета",
            signatory_name="Е.С. Лугинина",
            by=self.secretary,
            on=self.year.diary.now,
        )
        for order in made:
            self.drafted += 1
            self.note("draft_order")
            number = self.drafted
            self.year.diary.later(1, lambda id=order.id, number=number: self.send(id, number))

    def send(self, order_id: int, number: int = 0) -> None:
        """Send the draft round; `number`: which decision of the year it is, 0 for an amending order."""
        order = Order.get_by_id(order_id)
        people = {step.name: self.year.staff[APPROVING[step.name]] for step in order_facts.chain(order)}
        approval.send(order, people, by=self.secretary, on=self.year.diary.now)
        self.note("send_for_approval")
        if number in RETURNED:
            self.year.diary.later(1, lambda: self._return(order_id))
        else:
            self.year.diary.later(1, lambda: self.approve(order_id, number))

    def _return(self, order_id: int) -> None:
        """The endorser sends it back; it is brought to the minutes again and goes round once more."""
        by, now = self.year.staff[Role.ENDORSER], self.year.diary.now
        approval.return_for_revision(Order.get_by_id(order_id), remark="Проверьте отчества.", by=by, on=now)
        self.note("return_for_revision")
        drafting.align(Order.get_by_id(order_id), by=self.secretary, on=now)
        self.note("align")
        self.year.diary.later(1, lambda: self.send(order_id))

    def approve(self, order_id: int, number: int) -> None:
        """Everybody approves in turn, then it is signed."""
        for step in order_facts.chain(Order.get_by_id(order_id)):
            by = self.year.staff[APPROVING[step.name]]
            approval.approve(Order.get_by_id(order_id), by=by, on=self.year.diary.now)
            self.note("approve")
        self.year.diary.later(1, lambda: self.sign(order_id, number))

    def sign(self, order_id: int, number: int) -> None:
        today = self.year.diary.today
        acts.sign(Order.get_by_id(order_id), signed_on=today, by=self.secretary, on=self.year.diary.now)
        self.note("sign")
        self.year.diary.later(1, lambda: self.register(order_id, number))

    def register(self, order_id: int, number: int) -> None:
        """Give it a number and have the file printed; once the number was wrong."""
        self._number(order_id)
        if number in UNREGISTERED:
            self.year.work()
            reason = "Ошибка в номере."
            acts.unregister(Order.get_by_id(order_id), reason=reason, by=self.publisher, on=self.year.diary.now)
            self.note("unregister")
            self._number(order_id)
        self.year.work()
        self.year.diary.later(1, lambda: self.publish(order_id, number))

    def _number(self, order_id: int) -> None:
        self.numbers += 1
        today, now = self.year.diary.today, self.year.diary.now
        acts.register(Order.get_by_id(order_id), number=f"{self.numbers}-р", registered_on=today, by=self.secretary, on=now)
        self.note("register")

    def publish(self, order_id: int, number: int) -> None:
        """Published by another person; the worker does what follows."""
        order = Order.get_by_id(order_id)
        acts.publish(order, by=self.publisher, on=self.year.diary.now)
        self.year.ledger.order(SPB_EDITION, "publish", order.kind)
        self.year.work()
        if order.amends_id:
            self.amending_rows += Ruling.select().where(Ruling.order == order_id).count()
            self.note("correct", "correction")
            return
        stated = Application.select(Application.id).join(Hearing).join(Ruling).where(Ruling.order == order_id)
        courses = [self.year.courses[case.id] for case in stated]
        for course in courses:
            course.announced()
        self.published[order_id] = len(courses)
        if number in ERRONEOUS:
            self.amended.add(order_id)
            self.year.diary.later(3, lambda: self.ask(order_id, self.prepare))
        if number in DOUBTED:
            self.year.diary.later(3, lambda: self.ask(order_id, self.decline))

    # --- Errors in it ---

    def ask(self, order_id: int, then: Callable[[int], None]) -> None:
        """A teacher finds an error and writes; the office registers the request."""
        order, now = Order.get_by_id(order_id), self.year.diary.now
        row = Ruling.get(Ruling.order == order_id, Ruling.number == 1)
        said = {
            "full_name": f"{row.surname} {row.name}",
            "email": "reader@example.org",
            "order_number": order.number,
            "order_on": f"{order.registered_on:%d.%m.%Y}",
            "line": "1",
            "errors": "Должность названа не полностью.",
        }
        token = f"{order_id:032x}"
        correction = filing.submit(said, token=token, edition=SPB_EDITION, by=None, on=now)
        self.note("submit", "correction")
        corrections.register(correction, order, by=self.secretary, on=now)
        self.note("register", "correction")
        self.year.diary.later(1, lambda: then(correction.id))

    def decline(self, correction_id: int) -> None:
        correction = Correction.get_by_id(correction_id)
        corrections.decline(correction, reason="Ошибки нет.", by=self.secretary, on=self.year.diary.now)
        self.note("decline", "correction")

    def prepare(self, correction_id: int) -> None:
        """An amending order with the row put right; it goes the way of every order."""
        now = self.year.diary.now
        drafted = corrections.prepare(Correction.get_by_id(correction_id), [1], by=self.secretary, on=now)
        self.note("create")
        self.note("prepare", "correction")
        (row,) = acts.rows_of(drafted)
        better = replace(row, position=f"{row.position} (по совместительству)")
        acts.edit_row(Order.get_by_id(drafted.id), 1, better, by=self.secretary, on=now)
        self.note("edit_row")
        self.year.diary.later(1, lambda: self.send(drafted.id))

    def withdraw_one(self) -> None:
        """The smallest of the orders that nobody has amended is taken off the site."""
        whole = {id: rows for id, rows in self.published.items() if id not in self.amended}
        order_id = min(whole, key=lambda id: (whole[id], id))
        reason = "Опубликовано раньше времени."
        amendments.withdraw(Order.get_by_id(order_id), reason=reason, by=self.publisher, on=self.year.diary.now)
        self.year.ledger.order(SPB_EDITION, "withdraw", Order.get_by_id(order_id).kind)
        self.withdrawn.append(order_id)
        self.year.work()
