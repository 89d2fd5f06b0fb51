"""Invented cases: applications of teachers at every stage of the road by which the installation works.

Each is walked by the acts that real ones are walked by, on days of the past; what comes next is left to whoever tries it out.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random

from weasyprint import HTML

from ...models import Application, CaseFile, Expert, Paper, Review, Sitting, Slot, User, database
from ...procedure.road import road
from ...procedure.terms import terms
from ...procedure.words import CaseRole, Category, Channel, Role
from ...rubrics import forms
from ...rubrics.shape import Form
from ...site import files, worksheet
from ...site.cases import answers, applying, duties, folder, judgement, moves
from ...site.cases.facts import NEGATIVE, POSITIVE
from ...site.cases.reading import read_conclusion
from ...site.dates import CITY, day_of
from ...site.worksheet import count_field
from ..acts.cases import assignment, checks, conclusions, dissents, hearing, intake, reviews
from . import Progress
from .accounts import TEACHER
from .bank import COUNTER, Bank, open_bank, open_reception, open_sittings
from .commission import open_commission
from .orders import working_day
from .people import DemoRuling, rulings

# So many rows with points are too few for a category.
FEW = 2
WALKED = "Заявления внесены"
PAPERS = ("Приказ о поощрении", "Диплом победителя конкурса", "Справка о результатах обучающихся", "Сертификат участника")
SCAN = '<html lang="ru"><title>Документ</title><h1>Демонстрационный документ</h1><p>На месте скана.</p></html>'

Staff = dict[Role, User]


@dataclass(frozen=True)
class Plan:
    """How far a case goes: the moves with the days that pass before each, and what the first expert concludes."""

    moves: tuple[tuple[str, int], ...]
    outcome: str = POSITIVE
    channel: Channel = Channel.PORTAL
    way: str = "electronic"

    @property
    def days(self) -> int:
        """The days from the filing to the last move."""
        return sum(days for _, days in self.moves)


# --- The plans of both roads, each with its share ---------------------------------------------------------------------------

_LEN_REVIEW = (("submit", 0), ("register", 3), ("assign_review", 4), ("confirm_portfolio", 3), ("start_review", 5))
_LEN_DONE = (*_LEN_REVIEW, ("comment", 4), ("upload_conclusion", 3), ("finish_review", 1))
_LEN_SITTING = (*_LEN_DONE, ("read_conclusion", 2), ("choose_sitting_day", 2), ("appoint_sitting", 2))
_LEN_DISSENT = (*_LEN_DONE, ("draw_up_dissent", 1), ("sign_dissent", 1), ("choose_sitting_day", 2), ("appoint_sitting", 2))
_SPB_OPEN = (("submit", 0), ("register", 1), ("set_term", 12))
_SPB_REVIEW = (*_SPB_OPEN, ("start_review", 4))
_SPB_AGAINST = (*_SPB_REVIEW, ("conclude_against", 14))
_SPB_SECOND = (*_SPB_AGAINST, ("start_second_review", 3))
_SPB_DONE = (*_SPB_REVIEW, ("conclude", 12))
_BY_POST = (("accept_from_post", 0), ("register", 2), ("receive_portfolio", 9))

PLANS: dict[str, tuple[tuple[int, Plan], ...]] = {
    "lenobl-2022-03-01": (
        (20, Plan(())),
        (24, Plan(_LEN_REVIEW[:1])),
        (26, Plan(_LEN_REVIEW[:2])),
        (28, Plan(_LEN_REVIEW[:3])),
        (22, Plan(_LEN_REVIEW[:4])),
        (36, Plan(_LEN_REVIEW)),
        (12, Plan(_LEN_DONE[:6])),
        (22, Plan(_LEN_DONE)),
        (8, Plan(_LEN_DONE, NEGATIVE)),
        (22, Plan(_LEN_SITTING)),
        (8, Plan((*_LEN_SITTING, ("move_sitting", 2)))),
        (46, Plan((*_LEN_SITTING, ("hear", 20)))),
        (12, Plan((*_LEN_DISSENT, ("hear", 20)), NEGATIVE)),
        (14, Plan((*_LEN_REVIEW[:2], ("withdraw", 3)))),
    ),
    "spb-2021-04-13": (
        (20, Plan(())),
        (18, Plan(_SPB_OPEN[:1])),
        (6, Plan((("accept_from_mfc", 0),), channel=Channel.MFC)),
        (6, Plan(_BY_POST[:1], channel=Channel.POST, way="paper")),
        (22, Plan(_SPB_OPEN[:2])),
        (8, Plan(_BY_POST[:2], channel=Channel.POST, way="paper")),
        (28, Plan(_SPB_OPEN)),
        (8, Plan((*_BY_POST, ("set_term", 5)), channel=Channel.POST, way="paper")),
        (44, Plan(_SPB_REVIEW)),
        (10, Plan((("accept_from_mfc", 0), *_SPB_REVIEW[1:]), channel=Channel.MFC)),
        (14, Plan(_SPB_AGAINST, NEGATIVE)),
        (14, Plan(_SPB_SECOND, NEGATIVE)),
        (34, Plan(_SPB_DONE)),
        (10, Plan((*_SPB_SECOND, ("conclude_second", 10)), NEGATIVE)),
        (36, Plan((*_SPB_DONE, ("propose_for_sitting", 3)))),
        (30, Plan((*_SPB_DONE, ("propose_for_sitting", 3), ("hear", 20)))),
        (8, Plan((*_SPB_SECOND, ("conclude_second", 10), ("propose_for_sitting", 3), ("hear", 20)), NEGATIVE)),
        (10, Plan((*_SPB_OPEN[:1], ("decline", 1)))),
        (12, Plan((*_SPB_OPEN[:2], ("withdraw", 3)))),
    ),
}


def fill_cases(cases_dir: Path, edition: str, staff: Staff, count: int, seed: int, now: dt.datetime, tell: Progress) -> int:
    """Put about so many cases into an installation without any demonstration case; how many there are now.

    `now`: the moment to which they have come, if it lies in the season; else the end of the season before.
    """
    if Application.select().where(Application.demo).exists():
        return 0
    last = last_day(edition, day_of(now))
    planned = list(_planned(edition, count, seed))
    # All or none: what was broken off in the middle could not be told from what is there.
    with database.atomic():
        around = Around.opened(cases_dir, edition, staff, last)
        if any(move.verb == "book_appointment" for move in road("application", edition).moves):
            open_reception(edition, by=staff[Role.REGISTRAR], on=now)
        for number, (plan, person, mine) in enumerate(planned, 1):
            Walk(around, plan, person, mine, Random(f"case {seed} {number}"), last).go()
            tell(WALKED, number, len(planned))
    return len(planned)


def _planned(edition: str, count: int, seed: int) -> Iterator[tuple[Plan, DemoRuling, bool]]:
    """Plan, person, and whether it belongs to the demonstration's teacher: the first with a folder to be confirmed or read."""
    shares = PLANS[edition]
    whole = sum(share for share, _ in shares)
    plans = [plan for share, plan in shares for _ in range(max(1, round(share * count / whole)))]
    Random(f"cases {seed}").shuffle(plans)
    people = rulings(len(plans), seed="cases")
    mine = {"assign_review", "conclude"}
    for plan, person in zip(plans, people, strict=True):
        last = plan.moves[-1][0] if plan.moves else ""
        yield plan, person, last in mine
        mine.discard(last)


def last_day(edition: str, today: dt.date) -> dt.date:
    """Today, or the last day of the season that is over."""
    season = terms(edition).season
    day = today
    while season is not None and not season.is_open(day):
        day -= dt.timedelta(days=1)
    return day


# --- What is around the cases -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Around:
    cases_dir: Path
    edition: str
    staff: Staff
    teacher: User
    bank: Bank
    sittings: list[Sitting]
    scan: str
    scan_size: int
    turns: dict[int, Iterator[Expert]]

    @classmethod
    def opened(cls, cases_dir: Path, edition: str, staff: Staff, last: dt.date) -> "Around":
        opened_on = _moment(last - dt.timedelta(days=300), 9)
        bank = open_bank(leader=staff[Role.LEADER], keeper=staff[Role.SECRETARY], on=opened_on)
        data = HTML(string=SCAN).write_pdf()
        return cls(
            cases_dir=cases_dir,
            edition=edition,
            staff=staff,
            teacher=User.get(User.login == TEACHER.login),
            bank=bank,
            sittings=_sittings(edition, staff, last, opened_on),
            scan=files.freeze(cases_dir, data, suffix=""),
            scan_size=len(data),
            turns={number: cycle(experts) for number, experts in enumerate(bank.kinds)},
        )


def _sittings(edition: str, staff: Staff, last: dt.date, on: dt.datetime) -> list[Sitting]:
    """The sittings of a commission that was put together before the first of them."""
    open_commission(staff, day_of(on), on=on)
    return open_sittings(edition, last, by=staff[Role.SECRETARY])


# --- One case ---------------------------------------------------------------------------------------------------------------


class Walk:
    """One case on its way. Every verb of the plans is a method of the same name."""

    def __init__(self, around: Around, plan: Plan, person: DemoRuling, mine: bool, dice: Random, last: dt.date) -> None:
        self.around, self.plan, self.person, self.dice = around, plan, person, dice
        self.staff = around.staff
        self.begins = last - dt.timedelta(days=plan.days + dice.randint(1, 7))
        self.on = _moment(self.begins, dice.randint(9, 16))
        self.mine = mine
        self.case: Application

    def go(self) -> None:
        """Write the draft, then make the moves of the plan."""
        self.case = self._draft()
        for verb, days in self.plan.moves:
            self.on += dt.timedelta(days=days, minutes=self.dice.randint(3, 40))
            act: Callable[[], object] = getattr(self, verb)
            act()
        if not self.plan.moves:
            duties.refresh(self.case, day_of(self.on))

    # --- The draft ---

    def _draft(self) -> Application:
        by_hand = self.plan.channel is not Channel.PORTAL
        today = day_of(self.on)
        case: Application = Application.create(
            edition=self.around.edition,
            channel=self.plan.channel.value,
            applicant=None if by_hand else self._applicant(),
            entered_by=self.staff[Role.REGISTRAR] if by_hand else None,
            portfolio_way=self.plan.way,
            mfc_sheets=self.dice.randint(6, 15) if self.plan.channel is Channel.MFC else None,
            home_address=f"Санкт-Петербург, Садовая ул., д. {self.dice.randint(1, 120)}, кв. {self.dice.randint(1, 90)}",
            created_at=self.on,
            changed_at=self.on,
            demo=True,
            **answers.columns(self._answers(), today),
        )
        if self.plan.way == "electronic" and (self.plan.moves or self.dice.random() < 0.5):
            self._papers(case)
        if case.held_category:
            self._file(case, "previous_category", "Распоряжение о категории.pdf")
        return case

    def _applicant(self) -> User:
        if self.mine:
            surname, name, patronymic = self.around.teacher.full_name.split()
            self.person = self.person._replace(surname=surname, name=name, patronymic=patronymic)
            return self.around.teacher
        user: User = User.create(
            login=f"demo-teacher-{User.select().count()}",
            full_name=" ".join(self.person[:3]),
            password_hash="-",
            notify_email=False,
            created_at=self.on,
            demo=True,
        )
        return user

    def _answers(self) -> dict[str, str]:
        person, dice = self.person, self.dice
        highest = person.category is Category.HIGHEST
        held_on = self.begins - dt.timedelta(days=dice.randint(4 * 365, 5 * 365))
        years = dice.randint(6, 30)
        return {
            "surname": person.surname,
            "name": person.name,
            "patronymic": person.patronymic,
            "born_on": f"{dice.randint(1, 28):02}.{dice.randint(1, 12):02}.{self.begins.year - 24 - years}",
            "workplace": person.organization,
            "workplace_years": f"{dice.randint(2, years)} лет",
            answers.POSITION: person.position,
            "position_years": f"{years} лет",
            "held_category": "первая" if highest else "нет",
            "held_since": f"{held_on:%d.%m.%Y}" if highest else "",
            "held_act": f"распоряжение от {held_on:%d.%m.%Y} № {dice.randint(200, 2900)}-р" if highest else "",
            "category": person.category.label,
            "presence": "без моего присутствия" if dice.random() < 0.8 else "в моем присутствии",
            "phone_mobile": f"+7 900 {dice.randint(0, 999):03}-{dice.randint(0, 99):02}-{dice.randint(0, 99):02}",
            "email": "teacher@example.org",
            answers.CONFIRMED: "yes" if self.plan.moves else "",
            answers.RUBRIC: str(self._form_number()),
        }

    def _form_number(self) -> int:
        fitting = answers.rubrics_of(self.person.position)
        return next((number for number in fitting if forms.form(number).position(self.person.position)), fitting[0])

    def _papers(self, case: Application) -> None:
        rows = self._form_of(case).criteria
        for number in range(1, self.dice.randint(3, 6)):
            row = rows[(number - 1) % len(rows)]
            title = PAPERS[number % len(PAPERS)]
            paper = Paper.create(application=case, number=number, title=title, state="копия", criterion=row.clause)
            self._file(case, "portfolio", f"Документ {number}.pdf", paper)

    def _file(self, case: Application, kind: str, name: str, paper: Paper | None = None) -> CaseFile:
        file: CaseFile = CaseFile.create(
            application=case,
            kind=kind,
            paper=paper,
            name=name,
            media_type="application/pdf",
            sha256=self.around.scan,
            size=self.around.scan_size,
            pages=1,
            added_by=case.applicant or case.entered_by,
            added_at=self.on,
        )
        return file

    def _form_of(self, case: Application) -> Form:
        assert case.form
        return forms.form(case.form)

    # --- Intake ---

    def _teacher(self) -> User:
        assert self.case.applicant
        return self.case.applicant

    def submit(self) -> None:
        applying.submit(self.case, confirmed=True, by=self._teacher(), on=self.on)

    def _accept(self) -> None:
        sent = day_of(self.on) - dt.timedelta(days=self.dice.randint(0, 3))
        intake.accept(self.case, filed_on=max(sent, self.begins), by=self.staff[Role.REGISTRAR], on=self.on)

    accept_from_mfc = accept_from_post = _accept

    def register(self) -> None:
        leads = self.around.edition.startswith("lenobl")
        by = self.staff[Role.SECRETARY if leads else Role.REGISTRAR]
        stated = checks.asked(self.case, "register")
        leader = self.around.bank.leader if leads else None
        intake.register(self.case, stated=stated, group_leader=leader, by=by, on=self.on)

    def receive_portfolio(self) -> None:
        day = working_day(day_of(self.on), -1)
        starts = _moment(day, 10) + dt.timedelta(minutes=15 * self.dice.randrange(20))
        taken = Slot.select().where(Slot.starts_at == starts).count()
        Slot.create(
            starts_at=starts, window=taken + 1, place=COUNTER, application=self.case, booked_at=self.case.created_at, demo=True
        )
        stated = checks.asked(self.case, "receive_portfolio")
        intake.receive_portfolio(self.case, stated=stated, by=self.staff[Role.REGISTRAR], on=self.on)
        self._papers(self.case)

    def decline(self) -> None:
        reason = "Не представлен действующий документ, удостоверяющий личность."
        moves.make(self.case, "decline", reason=reason, by=self.staff[Role.REGISTRAR], on=self.on)

    def withdraw(self) -> None:
        applying.withdraw(self.case, by=self._teacher(), on=self.on)

    def set_term(self) -> None:
        today = day_of(self.on)
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

    def _next_experts(self, count: int, but: frozenset[int] = frozenset()) -> list[int]:
        """So many experts by account who judge by the form of the case, in turn; those of the teacher's case come first."""
        assert self.case.form
        turn = self.around.turns[self.case.form % len(self.around.turns)]
        found: list[int] = []
        while len(found) < count:
            expert = next(turn)
            if expert.user_id not in but and expert.user_id not in found:
                found.append(expert.user_id)
        return found

    def _seat(self, verb: str, by: User, seats: dict[CaseRole, list[int]], review_day: dt.date | None = None) -> None:
        assignment.assign(self.case, verb, seats, review_day=review_day, by=by, on=self.on)

    def assign_review(self) -> None:
        main, *others = self._next_experts(3)
        seats = {CaseRole.MAIN_EXPERT: [main], CaseRole.ADDITIONAL_EXPERT: others}
        self._seat("assign_review", self.around.bank.leader, seats, working_day(day_of(self.on) + dt.timedelta(days=10)))

    def confirm_portfolio(self) -> None:
        folder.confirm(self.case, by=self._teacher(), on=self.on)

    def start_review(self) -> None:
        if self.around.edition.startswith("lenobl"):
            reviews.start(self.case, by=self._judge(CaseRole.MAIN_EXPERT).expert, on=self.on)
        else:
            self._seat("start_review", self.staff[Role.DEPUTY_CHAIR], {CaseRole.MAIN_EXPERT: self._next_experts(1)})

    def start_second_review(self) -> None:
        but = frozenset({self._judge(CaseRole.MAIN_EXPERT).expert_id})
        seats = {CaseRole.SECOND_EXPERT: self._next_experts(1, but)}
        self._seat("start_second_review", self.staff[Role.DEPUTY_CHAIR], seats)

    def _judge(self, role: CaseRole) -> Review:
        mine = Review.application == self.case, Review.role == role, Review.ended_at.is_null()
        review: Review = Review.select(Review, User).join(User).where(*mine).get()
        return review

    def comment(self) -> None:
        seated = Review.application == self.case, Review.role == CaseRole.ADDITIONAL_EXPERT, Review.ended_at.is_null()
        for review in Review.select().where(*seated):
            text = "" if self.dice.random() < 0.6 else "Посмотрите, относится ли последний документ к этому периоду."
            reviews.comment(self.case, review, text, reviews.Entered(), nothing=not text, by=review.expert, on=self.on)

    def _score(self, role: CaseRole, outcome: str) -> Review:
        review = self._judge(role)
        fields, papers = _scoring(self.case, self._form_of(self.case), outcome)
        entered = reviews.Entered(
            fields=fields,
            papers=papers,
            outcome=outcome,
            outcome_reason="" if outcome == POSITIVE else "Сумма баллов меньше порога для этой категории.",
            recommendations="Продолжить работу по обобщению опыта.",
        )
        return reviews.save(self.case, review, entered, by=review.expert, on=self.on)

    def _give(self, role: CaseRole, outcome: str) -> None:
        review = self._score(role, outcome)
        conclusions.upload(
            self.case,
            review,
            self.around.cases_dir,
            files.path_of(self.around.cases_dir, self.around.scan, suffix="").read_bytes(),
            "Заключение.pdf",
            by=review.expert,
            on=self.on,
        )

    def upload_conclusion(self) -> None:
        self._give(CaseRole.MAIN_EXPERT, self.plan.outcome)

    def conclude(self) -> None:
        self._give(CaseRole.MAIN_EXPERT, POSITIVE)

    def conclude_against(self) -> None:
        self._give(CaseRole.MAIN_EXPERT, NEGATIVE)

    def conclude_second(self) -> None:
        self._give(CaseRole.SECOND_EXPERT, self.dice.choice((POSITIVE, NEGATIVE)))

    def finish_review(self) -> None:
        review = self._judge(CaseRole.MAIN_EXPERT)
        conclusions.finish(self.case, review, by=review.expert, on=self.on)

    def read_conclusion(self) -> None:
        read_conclusion(self.case, by=self._teacher(), on=self.on)

    def draw_up_dissent(self) -> None:
        main = self._judge(CaseRole.MAIN_EXPERT)
        record = dissents.Record(
            analysed_at=self.on - dt.timedelta(hours=1),
            person=self.case.person,
            position=self.case.position,
            organization=self.case.organization,
            reasons="Документы не подтверждают результатов, за которые форма даёт баллы.",
        )
        dissents.draw_up(self.case, record, by=main.expert, on=self.on)

    def sign_dissent(self) -> None:
        drawn_up = dissents.dissent_of(self.case)
        assert drawn_up
        for review in Review.select().where(Review.application == self.case, Review.ended_at.is_null()):
            dissents.sign(self.case, drawn_up, by=review.expert, on=self.on)

    # --- The sitting ---

    def _sitting_ahead(self) -> Sitting:
        """The first sitting a week from now; of what the commission has heard already, an earlier one."""
        heard = "hear" in dict(self.plan.moves)
        earliest = day_of(self.on) + dt.timedelta(days=3 if heard else 7)
        return next(sitting for sitting in self.around.sittings if sitting.held_on >= earliest)

    def choose_sitting_day(self) -> None:
        hearing.choose_sitting(self.case, self._sitting_ahead(), by=self.around.bank.leader, on=self.on)

    def appoint_sitting(self) -> None:
        hearing.appoint_sitting(self.case, by=self.staff[Role.SECRETARY], on=self.on)

    def move_sitting(self) -> None:
        reason = "На заседании не будет кворума."
        hearing.take_off(self.case, reason=reason, by=self.staff[Role.SECRETARY], on=self.on)

    def propose_for_sitting(self) -> None:
        hearing.propose(self.case, self._sitting_ahead(), by=self.staff[Role.SECRETARY], on=self.on)

    def hear(self) -> None:
        """The commission sits when all cases have come so far: `commission.hold_sittings`."""


def _scoring(case: Application, form: Form, outcome: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Fields of a sheet that give this outcome, and the papers of the case that prove its rows."""
    papers = list(Paper.select().where(Paper.application == case).order_by(Paper.number))
    position = form.position(case.position) or form.positions[0]
    fields, rows = _claims(form.number, position, case.category or Category.FIRST, outcome)
    return dict(fields), {row: [str(papers[number % len(papers)].id)] for number, row in enumerate(rows)}


@cache
def _claims(number: int, position: str, category: str, outcome: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Fields and the names of the fields of papers for rows with points: enough of them, or too few."""
    form = forms.form(number)
    fields = {judgement.section_field(section): "1" for section in form.sections} | {"position": position}
    rows: list[str] = []
    low = 0
    for row in form.criteria:
        for option in row.options:
            tried = {**fields, count_field(row, option): "1"}
            told = worksheet.read(form, {**tried, "category": category})
            if told.errors or told.score is None:
                continue
            if outcome == NEGATIVE and (told.score.meets or len(rows) >= FEW):
                return tuple(fields.items()), tuple(rows)
            if told.score.low <= low:
                continue  # counts for nothing beside what is there
            fields, low = tried, told.score.low
            rows.append(judgement.papers_field(row))
            if told.score.meets_strictly:
                return tuple(fields.items()), tuple(rows)
    return tuple(fields.items()), tuple(rows)


def _moment(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), CITY).astimezone(dt.UTC)
