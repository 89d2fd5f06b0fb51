"""One application on its way through the year, step by step, by the acts of the product. Every step is a method."""

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from attestation.admin.acts.cases import assignment, checks, conclusions, entering, hearing, intake
from attestation.admin.acts.experts import ties
from attestation.admin.demo.bank import COUNTER
from attestation.admin.demo.cases import PAPERS, Plan, Walk
from attestation.admin.demo.people import DemoRuling
from attestation.models import Application, Expert, Sitting, Slot, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole, Channel, Role
from attestation.site.cases import appointments, drafts, folder, moves
from attestation.site.cases.facts import NEGATIVE, POSITIVE
from attestation.site.cases.steps import HOME, PAPER, WAY, stamp, steps, values
from attestation.tests.year.plans import LENOBL_EDITION

if TYPE_CHECKING:
    from attestation.tests.year.year import Year

CABINET = ("cabinet",)
# What the commission decides when it agrees with a conclusion.
AGREED = {POSITIVE: "establish", NEGATIVE: "refuse"}
# The steps that are moves of the road under another name, and those that are none or count themselves.
MOVES = {"take_portfolio": "receive_portfolio", "book": "book_appointment"}
BESIDES = frozenset({"refused_out_of_season", "merge_duplicate", "declare_conflict"})
# A sitting that begins within so many working days has its agenda already.
LEAST_AHEAD = 6


class Course(Walk):
    """An application with what the script knows of it: its fate, its experts, the sitting to which it is bound.

    `fate`: draft, under way, withdrawn, declined, merged, establish, refuse.
    """

    def __init__(self, year: "Year", edition: str, plan: Plan, person: DemoRuling, dice: Random) -> None:
        self.year, self.edition = year, edition
        self.around, self.staff = year.around[edition], year.staff
        self.plan, self.person, self.dice, self.mine = plan, person, dice, False
        self.left = list(plan.moves)
        self.fate, self.sitting = "draft", 0
        self.on_agenda = self.put_off = self.recused = False
        self.first, self.second, self.decided = "", "", ""
        self.seated: dict[str, int] = {}
        self.leader = self.around.bank.leader
        self.slot: Slot
        self.teacher_ways: list[tuple[str, ...]] = []

    @property
    def lenobl(self) -> bool:
        return self.edition == LENOBL_EDITION

    @property
    def agreed(self) -> str:
        """What follows from the conclusions; empty when there are two that differ."""
        said = {self.first, self.second} - {""}
        return AGREED[said.pop()] if len(said) == 1 else ""

    # --- Going ---

    def begin(self) -> None:
        """Write the draft, then go on as the plan says."""
        self.on, self.begins = self.year.diary.now, self.year.diary.today
        self.case = self._draft()
        self.year.courses[self.case.id] = self
        self.proceed()

    def proceed(self) -> None:
        """Put the next step of the plan into the diary."""
        if not self.left:
            return
        verb, days = self.left.pop(0)
        minute = self.dice.randrange(60)
        if verb == "take_portfolio":
            self.year.diary.put(self.slot.starts_at + dt.timedelta(minutes=5), lambda: self._do(verb))
        elif days == 0:
            self.year.diary.put(self.year.diary.now + dt.timedelta(minutes=minute + 1), lambda: self._do(verb))
        else:
            self.year.diary.later(days, lambda: self._do(verb), self.dice.randint(9, 17), minute)

    def _do(self, verb: str) -> None:
        self.on = self.year.diary.now
        self.case = Application.get_by_id(self.case.id)
        act: Callable[[], int | None] = getattr(self, verb)
        times = act()
        if verb not in BESIDES and times != 0:
            self.count(MOVES.get(verb, verb), times or 1)
        self.proceed()

    def count(self, verb: str, times: int = 1) -> None:
        """Tell the ledger that a move was made in this case."""
        one = [CABINET]
        known = {
            "teacher": self.teacher_ways,
            "group_leader": one if self.lenobl and self.case.group_leader_id else [],
            "commission_secretary": one,
            "registrar": one,
            "deputy_chair": one,
            **{role: one * number for role, number in self.seated.items()},
        }
        self.year.ledger.case(self.edition, verb, known, times)

    # --- The draft ---

    def _draft(self) -> Application:
        by_hand = self.plan.channel is not Channel.PORTAL
        made = self._entered() if by_hand else self._typed()
        by = self.staff[Role.REGISTRAR] if by_hand else self._teacher_of(made)
        self._fill(made, by)
        if made.held_category and not by_hand:
            folder.bring_previous(made, self.around.cases_dir, data=self.year.scan, name="Распоряжение.pdf", by=by, on=self.on)
        return made

    def _typed(self) -> Application:
        """A draft of the cabinet, page after page."""
        teacher = self.year.teacher(self.person, self.dice, self.on)
        self.teacher_ways = [self.year.ways(teacher)]
        said = self._answers() | {HOME: f"г. Образцов, Садовая ул., д. {self.dice.randint(1, 120)}", WAY: self.plan.way}
        draft = drafts.begin(by=teacher, edition=self.edition, on=self.on)
        for step in steps(self.edition):
            typed = {name: said.get(name, "") for name in step.asked}
            seen = stamp(values(draft, step))
            draft = drafts.save(draft, step, typed, seen=seen, by=teacher, on=self.on).application
        return draft

    def _entered(self) -> Application:
        """What came on paper, entered by the reception."""
        sheets = self.dice.randint(6, 15) if self.plan.channel is Channel.MFC else None
        brought = entering.Brought(self.plan.channel, self.begins, self._answers(), sheets, self.plan.way)
        return entering.enter(brought, edition=self.edition, by=self.staff[Role.REGISTRAR], on=self.on)

    def _fill(self, case: Application, by: User) -> None:
        """The lines of the inventory, with files where the folder is electronic."""
        rows = self._form_of(case).criteria
        for number in range(self.dice.randint(1, 2)):
            line = folder.Line(PAPERS[number], "копия", 1, rows[number % len(rows)].clause)
            paper = folder.add(case, line, by=by, on=self.on)
            if case.portfolio_way != PAPER:
                name = f"Документ {number + 1}.pdf"
                folder.bring(case, paper.id, self.around.cases_dir, data=self.year.scan, name=name, by=by, on=self.on)

    def _teacher_of(self, case: Application) -> User:
        assert case.applicant
        return case.applicant

    # --- Intake ---

    def submit(self) -> None:
        super().submit()
        self.fate = "under way"

    def _accept(self) -> None:
        intake.accept(self.case, filed_on=self.begins, by=self.staff[Role.REGISTRAR], on=self.on)
        self.fate = "under way"

    accept_from_mfc = accept_from_post = _accept

    def refused_out_of_season(self) -> None:
        """Filed too late: nothing happens but a refusal."""
        try:
            super().submit()
        except Refusal:
            self.year.ledger.refused += 1
            return
        raise AssertionError("filed out of season")

    def return_application(self) -> None:
        """Back to the teacher, who files it again under the same number."""
        moves.make(self.case, "return_application", reason="Не указан стаж.", by=self.staff[Role.SECRETARY], on=self.on)

    def register(self) -> None:
        by = self.staff[Role.SECRETARY if self.lenobl else Role.REGISTRAR]
        stated = checks.asked(self.case, "register")
        intake.register(self.case, stated=stated, group_leader=self.leader if self.lenobl else None, by=by, on=self.on)

    def change_group_leader(self) -> None:
        self.leader = self.year.second_leader
        reason = "Прежний руководитель в отпуске."
        intake.change_group_leader(
            self.case, group_leader=self.leader, reason=reason, by=self.staff[Role.SECRETARY], on=self.on
        )

    def decline(self) -> None:
        super().decline()
        self.fate = "declined"

    def withdraw(self) -> None:
        super().withdraw()
        self.fate = "withdrawn"

    def book(self) -> None:
        """Take an hour of the reception, three days from now or later."""
        days = appointments.offer(self.case, on=self.on).days
        day = next(day for day in days if (day.on - self.year.diary.today).days >= 3)
        by = self.case.applicant or self.staff[Role.REGISTRAR]
        self.slot = appointments.book(self.case, self.dice.choice(day.slots).id, by=by, on=self.on)

    def take_portfolio(self) -> None:
        stated = checks.asked(self.case, "receive_portfolio")
        intake.receive_portfolio(self.case, stated=stated, by=self.staff[Role.REGISTRAR], on=self.on)

    def merge_duplicate(self) -> None:
        """The same application comes by post too: it is entered, taken over and merged into this one."""
        plan = Plan((("accept_from_post", 0),), channel=Channel.POST, way="paper")
        other = Course(self.year, self.edition, plan, self.person, self.dice)
        other.on, other.begins = self.on, self.year.diary.today
        other._answers = lambda: dict(self.case.answers)  # type: ignore[method-assign]
        other.case = other._draft()
        self.year.courses[other.case.id] = other
        other._accept()
        other.count("accept_from_post")
        other.case = Application.get_by_id(other.case.id)
        by = self.staff[Role.REGISTRAR]
        entering.merge(other.case, self.case, reason="То же заявление пришло по почте.", by=by, on=self.on)
        other.fate = "merged"
        self.count("merge_case")
        self.count("take_over_case")

    def set_term(self) -> None:
        today = self.year.diary.today
        hearing.set_term(
            self.case,
            considered_on=today,
            begins=today + dt.timedelta(days=3),
            ends=today + dt.timedelta(days=50),
            place=COUNTER,
            by=self.staff[Role.SECRETARY],
            on=self.on,
        )

    # --- Experts ---

    def assign_review(self) -> None:
        main, *others = self._next_experts(3)
        seats = {CaseRole.MAIN_EXPERT: [main], CaseRole.ADDITIONAL_EXPERT: others}
        self._seat("assign_review", self.leader, seats, self._review_day())
        self.seated = {"main_expert": 1, "additional_expert": 2}

    def change_review(self) -> None:
        """One of the additional experts gives way to another."""
        seats = assignment.seated(self.case)
        now = frozenset(user for users in seats.values() for user in users)
        stays = seats[CaseRole.ADDITIONAL_EXPERT][0]
        seats[CaseRole.ADDITIONAL_EXPERT] = [stays, *self._next_experts(1, now)]
        assignment.assign(
            self.case,
            "change_review",
            seats,
            review_day=self._review_day(),
            reason="Эксперт болен.",
            by=self.leader,
            on=self.on,
        )

    def _review_day(self) -> dt.date:
        return self.year.diary.working(self.year.diary.today + dt.timedelta(days=10))

    def start_review(self) -> None:
        super().start_review()
        self.seated.setdefault("main_expert", 1)

    def start_second_review(self) -> None:
        super().start_second_review()
        self.seated["second_expert"] = 1

    def replace_expert(self) -> None:
        now = frozenset({self._judge(CaseRole.MAIN_EXPERT).expert_id})
        seats = {CaseRole.MAIN_EXPERT: self._next_experts(1, now)}
        by = self.staff[Role.DEPUTY_CHAIR]
        assignment.assign(self.case, "replace_expert", seats, reason="Эксперт в отпуске.", by=by, on=self.on)

    def declare_conflict(self) -> None:
        expert = Expert.get(Expert.user == self._judge(CaseRole.MAIN_EXPERT).expert)
        ties.declare_in(self.case, expert, reason="Работали вместе.", by=expert.user, on=self.on)
        self.count("declare_conflict")

    def allow_conflict(self) -> None:
        expert = Expert.get(Expert.user == self._judge(CaseRole.MAIN_EXPERT).expert)
        reason = "Другого эксперта по этой форме нет."
        assignment.allow_conflict(self.case, expert, reason=reason, by=self.staff[Role.CHAIR], on=self.on)

    def comment(self) -> int:
        super().comment()
        return 2

    def upload_conclusion(self) -> None:
        super().upload_conclusion()
        self.first = self.plan.outcome

    def conclude(self) -> None:
        super().conclude()
        self.first = POSITIVE

    def conclude_against(self) -> None:
        super().conclude_against()
        self.first = NEGATIVE

    def conclude_second(self) -> None:
        self.second = self.dice.choice((POSITIVE, NEGATIVE))
        self._give(CaseRole.SECOND_EXPERT, self.second)

    def return_conclusion(self) -> None:
        by = self.leader if self.lenobl else self.staff[Role.DEPUTY_CHAIR]
        conclusions.give_back(self.case, "return_conclusion", "Не описано мастер-классов.", by=by, on=self.on)
        self.first = ""

    def sign_dissent(self) -> int:
        super().sign_dissent()
        return 3

    # --- The sitting ---

    def _sitting_ahead(self) -> Sitting | None:
        """The next sitting that is far enough ahead; none at the end of the year, where the case stays as it is."""
        diary = self.year.diary
        found = self.year.commission[self.edition].ahead(diary.calendar.working_day_after(diary.today, LEAST_AHEAD))
        self.sitting = found.id if found else 0
        if found is None:
            self.left.clear()
        return found

    def choose_sitting_day(self) -> int:
        sitting = self._sitting_ahead()
        if sitting:
            hearing.choose_sitting(self.case, sitting, by=self.leader, on=self.on)
        return int(sitting is not None)

    def propose_for_sitting(self) -> int:
        sitting = self._sitting_ahead()
        if sitting:
            hearing.propose(self.case, sitting, by=self.staff[Role.SECRETARY], on=self.on)
            self.on_agenda = True
        return int(sitting is not None)

    def appoint_sitting(self) -> None:
        super().appoint_sitting()
        self.on_agenda = True

    def move_sitting(self) -> int:
        """Taken off the agenda while the sitting is some days ahead."""
        if self.year.commission[self.edition].days[self.sitting] <= self.year.diary.today + dt.timedelta(days=3):
            self.left.clear()
            return 0
        super().move_sitting()
        self.sitting, self.on_agenda = 0, False
        return 1

    def announced(self) -> None:
        """The teacher's side learns of the decision: the road ends."""
        self.case = Application.get_by_id(self.case.id)
        self.count(self.decided)
        self.fate = self.decided

    def again(self) -> None:
        """Put off: it is heard at another sitting."""
        self.sitting, self.on_agenda = 0, False
        self.left = [("choose_sitting_day", 2), ("appoint_sitting", 1)] if self.lenobl else [("propose_for_sitting", 3)]
        self.proceed()
