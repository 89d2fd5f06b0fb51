"""The test world of cases: a teacher, a bank of experts, and applications that walk both roads by real moves.

The fixture `world` (tests/conftest.py) gives a World over the standing cast:

    case = world.filled(SPB)                    a draft with nothing left to fill in
    world.walk(case, "review")                  the same case where the status is reached, every letter and duty as in life
    world.step(case, "read_conclusion")         one more move, with the rows that it asks for
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attestation.admin.acts.cases import hearing
from attestation.models import (
    Application,
    Approval,
    CaseEvent,
    CaseFile,
    CheckMark,
    Conclusion,
    Dissent,
    DissentSignature,
    Expert,
    ExpertGroup,
    Paper,
    Representative,
    Review,
    Sitting,
    Slot,
    Speciality,
    User,
    UserRole,
    database,
)
from attestation.procedure.words import CaseRole, Category, Channel, Role
from attestation.site import files
from attestation.site.cases import moves
from attestation.site.cases.numbers import next_number
from attestation.site.dates import day_of

if TYPE_CHECKING:
    from attestation.tests.conftest import Cast

SPB, LENOBL = "spb-2021-04-13", "lenobl-2022-03-01"
POSITIVE, NEGATIVE = "positive", "negative"
PLACE = "г. Образцов, Учебная ул., д. 1, каб. 5"
FORM = 1

# The 19 fields of Appendix 1 as a teacher types them (content/forms/application.toml).
ANSWERS = {
    "surname": "Чернильницына",
    "name": "Вера",
    "patronymic": "Павловна",
    "born_on": "07.03.1985",
    "workplace": "ГБОУ школа № 901 г. Образцова",
    "workplace_years": "9 лет 6 месяцев",
    "position": "Учитель математики",
    "position_years": "12 лет",
    "held_category": "нет",
    "held_since": "",
    "held_act": "",
    "category": "первая",
    "asked_position": "Учитель математики",
    "presence": "без моего присутствия",
    "phone_work": "",
    "phone_home": "",
    "phone_mobile": "+7 900 000-00-01",
    "email": "chernilnitsyna@example.org",
    "confirmed": "yes",
}
# The same as columns.
COLUMNS: dict[str, Any] = {
    "surname": "Чернильницына",
    "name": "Вера",
    "patronymic": "Павловна",
    "born_on": dt.date(1985, 3, 7),
    "position": "Учитель математики",
    "organization": "ГБОУ школа № 901 г. Образцова",
    "home_address": "г. Образцов, Садовая ул., д. 3, кв. 4",
    "category": Category.FIRST.value,
    "search_text": "чернильницына вера павловна учитель математики гбоу школа № 901 г. образцова",
    "form": FORM,
}
EXPERTS = (
    # The first of them is the expert of the cast.
    ("ekspert", "Оценкина Мария Львовна", "ГБОУ лицей № 902 г. Образцова"),
    ("ekspert-2", "Сличкина Дарья Олеговна", "ГБОУ гимназия № 903 г. Образцова"),
    ("ekspert-3", "Замечанин Пётр Ильич", "ГБОУ школа № 904 г. Образцова"),
    ("ekspert-4", "Свежевзгляд Раиса Яновна", "ГБОУ школа № 905 г. Образцова"),
)


@dataclass(frozen=True)
class World:
    """Who takes part in cases besides the cast, and what happens to cases. Without `on` everything is done at `now`."""

    cast: "Cast"
    teacher: User
    other_teacher: User
    proxy: User
    second_leader: User
    group: ExpertGroup
    experts: tuple[Expert, ...]
    cases_dir: Path
    pdf: bytes
    now: dt.datetime

    # --- What there is before a case moves ---

    def filled(
        self,
        edition: str,
        *,
        teacher: User | None = None,
        channel: Channel = Channel.PORTAL,
        way: str = "electronic",
        **columns: Any,
    ) -> Application:
        """A draft with nothing left to fill in. `way` of the folder: electronic (two papers with files), paper (a booked hour).

        What came in on paper is entered by the reception and has no account of a teacher, unless one is given.
        """
        on_paper = channel is not Channel.PORTAL
        values = {
            **COLUMNS,
            "edition": edition,
            "channel": channel.value,
            "applicant": teacher or (None if on_paper else self.teacher),
            "entered_by": self.cast.reception if on_paper else None,
            "answers": ANSWERS,
            "complete": True,
            "portfolio_way": way,
            "mfc_sheets": 12 if channel is Channel.MFC else None,
            "created_at": self.now,
            "changed_at": self.now,
            **columns,
        }
        case = Application.create(**values)
        if way == "electronic":
            self.paper(case, "Приказ о поощрении", criterion="1.1")
            self.paper(case, "Диплом победителя конкурса", criterion="2.1")
        elif way == "paper":
            self.book(case)
        return Application.get_by_id(case.id)

    def paper(self, case: Application, title: str, *, criterion: str = "", data: bytes | None = None) -> Paper:
        """A line of the inventory with a file of its own."""
        number = case.papers.count() + 1
        paper = Paper.create(application=case, number=number, title=title, state="копия", criterion=criterion)
        self.file(case, "portfolio", f"{number}.pdf", paper=paper, data=data)
        return paper

    def file(
        self, case: Application, kind: str, name: str, *, paper: Paper | None = None, data: bytes | None = None
    ) -> CaseFile:
        """A file of the case, frozen where files of cases live."""
        content = self.pdf if data is None else data
        return CaseFile.create(
            application=case,
            kind=kind,
            paper=paper,
            name=name,
            media_type="application/pdf",
            sha256=files.freeze(self.cases_dir, content, suffix=""),
            size=len(content),
            pages=1,
            added_by=self.teacher,
            added_at=self.now,
        )

    def slot(self, *, days: int = 7, window: int = 1, hour: int = 8, minute: int = 0) -> Slot:
        """A free stretch of the reception's time, so many days from now."""
        starts = (self.now + dt.timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
        return Slot.create(starts_at=starts, window=window, place=PLACE)

    def book(self, case: Application, slot: Slot | None = None) -> Slot:
        """An hour taken for the folder of the case, the row alone."""
        taken = slot or self.slot(minute=15 * (Slot.select().count() % 4), window=1 + Slot.select().count() // 4)
        taken.application, taken.booked_at = case, self.now
        taken.save()
        return taken

    def sitting(self, on: dt.date, *, place: str = PLACE, edition: str = SPB, **columns: Any) -> Sitting:
        """A sitting of this day in the list."""
        return Sitting.create(**{"held_on": on, "begins_at": dt.time(15), "place": place, "edition": edition, **columns})

    def represent(self, case: Application, *, expires_on: dt.date | None = None) -> Representative:
        """The proxy acts for the teacher in this case."""
        return Representative.create(
            application=case,
            user=self.proxy,
            full_name=self.proxy.full_name,
            document="доверенность от 01.03.2026",
            expires_on=expires_on,
            added_at=self.now,
        )

    def entrust(self, case: Application, expert: Expert, role: CaseRole, *, on: dt.datetime | None = None) -> Review:
        """The review of this expert in the case, the row alone."""
        return Review.create(application=case, role=role.value, expert=expert.user, assigned_at=on or self.now)

    def tick(self, case: Application, fact: str, by: User) -> CheckMark:
        """A mark of the staff that they have checked something."""
        return CheckMark.create(application=case, fact=fact, by=by, at=self.now)

    # --- What happens to a case ---

    def walk(
        self, case: Application, status: str, *, on: dt.datetime | None = None, outcome: str = POSITIVE, until_sitting: int = 14
    ) -> Application:
        """Bring the case to a status by the moves that lead there from where it stands, a minute apart from `on`.

        `outcome` of the first conclusion: a negative one draws up and signs the dissent, or goes through the second review.
        Decisions are written on the day of the sitting, `until_sitting` days after `on`. KeyError when no way leads there.
        """
        if case.status != status:
            before, verbs = _way(case.edition, status, outcome)
            self.walk(case, before, on=on, outcome=outcome, until_sitting=until_sitting)
            for verb in verbs:
                days = until_sitting if verb in DECISIONS else 0
                moment = (on or self.now) + dt.timedelta(days=days)
                self.step(case, verb, on=moment, outcome=outcome, until_sitting=until_sitting)
        return case

    def step(
        self, case: Application, verb: str, *, on: dt.datetime | None = None, outcome: str = POSITIVE, until_sitting: int = 14
    ) -> Application:
        """Make one move of the way with the rows that it asks for, by the person of the cast whose turn it is."""
        moment = (on or self.now) + dt.timedelta(minutes=case.version)
        with database.atomic():
            moves.lock(case)
            STEPS[case.edition][verb](_Act(self, case, moment, outcome, until_sitting))
        return case

    def people(self) -> Iterator[User]:
        """Everybody of the cast and of this world."""
        yield from (getattr(self.cast, name) for name in self.cast.__dataclass_fields__)
        yield from (self.teacher, self.other_teacher, self.proxy, self.second_leader)
        yield from (expert.user for expert in self.experts[1:])


@database.atomic()
def open_world(cast: "Cast", cases_dir: Path, pdf: bytes, now: dt.datetime) -> World:
    """The people and the bank of experts in the database; everybody's password is that of the cast."""
    hashed = cast.admin.password_hash

    def person(login: str, full_name: str, *roles: Role, **values: Any) -> User:
        user = User.create(login=login, full_name=full_name, password_hash=hashed, created_at=now, **values)
        UserRole.insert_many([{"user": user, "role": role} for role in roles]).execute() if roles else None
        return user

    def teacher(email: str, full_name: str) -> User:
        return person(email, full_name, email=email, email_confirmed_at=now)

    group = ExpertGroup.create(name="Группа учителей математики", leader=cast.leader)
    experts = []
    for number, (login, full_name, organization) in enumerate(EXPERTS, 1):
        user = cast.expert if login == cast.expert.login else person(login, full_name, Role.EXPERT)
        experts.append(enlisted(user, group, organization, number=number, now=now))
    return World(
        cast=cast,
        teacher=teacher("chernilnitsyna@example.org", "Чернильницына Вера Павловна"),
        other_teacher=teacher("postoronnev@example.org", "Посторонев Глеб Адамович"),
        proxy=teacher("doverennaya@example.org", "Доверенная Зоя Эдуардовна"),
        second_leader=person("rukovoditel-2", "Сменщикова Эльза Карловна", Role.LEADER),
        group=group,
        experts=tuple(experts),
        cases_dir=cases_dir,
        pdf=pdf,
        now=now,
    )


def enlisted(user: User, group: ExpertGroup, organization: str, *, number: int, now: dt.datetime) -> Expert:
    """An expert of the bank, approved by an order for a year before and two years after this moment."""
    today = day_of(now)
    expert = Expert.create(
        user=user,
        group=group,
        surname=user.full_name.split()[0],
        position="Учитель математики",
        organization=organization,
        address=f"г. Образцов, Экспертная ул., д. {number}",
    )
    Approval.create(
        expert=expert,
        order_number=f"{number}-р",
        order_on=today - dt.timedelta(days=365),
        valid_from=today - dt.timedelta(days=365),
        valid_until=today + dt.timedelta(days=730),
    )
    Speciality.create(expert=expert, form=FORM, position="Учитель математики")
    return expert


# --- The ways to a status ---------------------------------------------------------------------------------------------------

# What is written on the day of the sitting, or after it.
DECISIONS = frozenset({"record_decision", "establish", "refuse"})
# Status → the status before it on the way, and the moves from there.
Ways = dict[str, tuple[str, tuple[str, ...]]]
WAYS: dict[str, Ways] = {
    LENOBL: {
        "submitted": ("draft", ("submit",)),
        "registered": ("submitted", ("register",)),
        "review_assigned": ("registered", ("assign_review",)),
        "portfolio_confirmed": ("review_assigned", ("confirm_portfolio",)),
        "review": ("portfolio_confirmed", ("start_review",)),
        "review_done": ("review", ("comment", "upload_conclusion", "finish_review")),
        "sitting": ("review_done", ("choose_sitting_day", "appoint_sitting")),
        "sitting_moved": ("sitting", ("move_sitting",)),
        "established": ("sitting", ("establish",)),
        "refused": ("sitting", ("refuse",)),
        "withdrawn": ("submitted", ("withdraw",)),
    },
    SPB: {
        "received": ("draft", ("submit",)),
        "registered": ("received", ("register",)),
        "accepted": ("registered", ("set_term",)),
        "review": ("accepted", ("start_review",)),
        "second_review_due": ("review", ("conclude_against",)),
        "second_review": ("second_review_due", ("start_second_review",)),
        "reviewed": ("review", ("conclude",)),
        "sitting": ("reviewed", ("propose_for_sitting",)),
        "decided": ("sitting", ("record_decision",)),
        "established": ("decided", ("establish",)),
        "refused": ("decided", ("refuse",)),
        "declined": ("received", ("decline",)),
        "withdrawn": ("received", ("withdraw",)),
    },
}
# Where a negative conclusion leads another way.
AGAINST: dict[str, Ways] = {
    LENOBL: {
        "sitting": ("review_done", ("draw_up_dissent", "sign_dissent", "choose_sitting_day", "appoint_sitting")),
    },
    SPB: {"reviewed": ("second_review", ("conclude_second",))},
}


def _way(edition: str, status: str, outcome: str) -> tuple[str, tuple[str, ...]]:
    against = AGAINST[edition] if outcome == NEGATIVE else {}
    return against.get(status) or WAYS[edition][status]


# --- The moves with their rows ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Act:
    """One move of the world: in which case, when, to which outcome."""

    world: World
    case: Application
    on: dt.datetime
    outcome: str
    until_sitting: int

    @property
    def today(self) -> dt.date:
        return day_of(self.on)

    @property
    def teacher(self) -> User:
        return self.case.applicant or self.world.cast.reception

    def day(self, days: int) -> dt.date:
        return self.today + dt.timedelta(days=days)

    def make(self, verb: str, by: User, **values: Any) -> None:
        moves.make(self.case, verb, by=by, on=self.on, **values)

    def follow(self, cause: str, **values: Any) -> None:
        """What comes with a move of another road, made by the secretary."""
        moves.follow(self.case, cause, by=self.world.cast.secretary, on=self.on, **values)

    def review(self, role: CaseRole) -> Review:
        return Review.get(Review.application == self.case, Review.role == role, Review.ended_at.is_null())

    def given(self, role: CaseRole, outcome: str, *, uploaded: bool) -> None:
        """The expert has scored everything and given a conclusion, uploaded or marked as signed electronically."""
        review = self.review(role)
        review.scored, review.implied, review.outcome = True, outcome, outcome
        review.points_low = review.points_high = 120 if outcome == POSITIVE else 30
        review.save()
        Conclusion.create(
            review=review,
            number=review.conclusions.count() + 1,
            file=self.world.file(self.case, "conclusion", "Заключение.pdf") if uploaded else None,
            points_low=review.points_low,
            points_high=review.points_high,
            outcome=outcome,
            signature="uploaded" if uploaded else "electronic",
            given_at=self.on,
        )

    def number(self) -> str:
        return self.case.number or str(next_number(self.today.year))

    def tick(self, *facts: str, by: User) -> None:
        for fact in facts:
            self.world.tick(self.case, fact, by)


Step = Callable[[_Act], None]


def _by(verb: str, who: str, reason: str = "") -> Step:
    """A move that asks for no rows, by the person of the cast with this name."""
    return lambda act: act.make(verb, getattr(act.world.cast, who), reason=reason)


def _of_teacher(verb: str) -> Step:
    return lambda act: act.make(verb, act.teacher)


def _submit(act: _Act) -> None:
    verb = {Channel.PORTAL: "submit", Channel.MFC: "accept_from_mfc", Channel.POST: "accept_from_post"}[
        Channel(act.case.channel)
    ]
    act.make(verb, act.teacher if verb == "submit" else act.world.cast.reception, number=act.number())


def _lenobl_register(act: _Act) -> None:
    act.tick("form_checked", "previous_category_checked", by=act.world.cast.secretary)
    act.make("register", act.world.cast.secretary, group_leader=act.world.cast.leader)


def _assign_review(act: _Act) -> None:
    roles = (CaseRole.MAIN_EXPERT, CaseRole.ADDITIONAL_EXPERT, CaseRole.ADDITIONAL_EXPERT)
    for expert, role in zip(act.world.experts, roles, strict=False):
        act.world.entrust(act.case, expert, role, on=act.on)
    act.make("assign_review", act.world.cast.leader, review_day=act.day(7))


def _comment(act: _Act) -> None:
    silent = Review.commented_at.is_null(), Review.ended_at.is_null(), Review.role == CaseRole.ADDITIONAL_EXPERT
    for review in Review.select().where(Review.application == act.case, *silent).order_by(Review.id):
        review.comment, review.commented_at = "Замечаний нет.", act.on
        review.save()
        act.make("comment", review.expert)


def _upload_conclusion(act: _Act) -> None:
    act.given(CaseRole.MAIN_EXPERT, act.outcome, uploaded=True)
    act.make("upload_conclusion", act.world.cast.expert)


def _draw_up_dissent(act: _Act) -> None:
    Dissent.create(
        application=act.case,
        analysed_at=act.on,
        person=act.case.person,
        position=act.case.position,
        organization=act.case.organization,
        reasons="Баллов меньше порога.",
        drawn_up_by=act.world.cast.expert,
        drawn_up_at=act.on,
    )
    act.make("draw_up_dissent", act.world.cast.expert)


def _sign_dissent(act: _Act) -> None:
    dissent = Dissent.get(Dissent.application == act.case)
    signed = {signature.expert_id for signature in dissent.signatures}
    for review in Review.select().where(Review.application == act.case, Review.ended_at.is_null()).order_by(Review.id):
        if review.expert_id not in signed:
            DissentSignature.create(dissent=dissent, expert=review.expert, signed_at=act.on)
            act.make("sign_dissent", review.expert)


def _choose_sitting_day(act: _Act) -> None:
    sitting = act.world.sitting(act.day(act.until_sitting), edition=LENOBL)
    act.make("choose_sitting_day", act.world.cast.leader, sitting=sitting)


def _decided(verb: str) -> Step:
    """The commission has decided, and the minutes are signed; how it sits is tried elsewhere."""
    return lambda act: act.follow("sitting.release", decision=verb, minutes_number="3", minutes_on=act.today)


def _minuted(act: _Act) -> None:
    act.follow("sitting.close", decision="establish", minutes_number="3", minutes_on=act.today)


def _announced(decision: str) -> Step:
    def announce(act: _Act) -> None:
        Application.update(decision=decision).where(Application.id == act.case.id).execute()
        act.case.decision = decision
        act.follow("order.publish", figures={"order_number": "145-р", "order_on": f"{act.today:%d.%m.%Y}"})

    return announce


def _spb_register(act: _Act) -> None:
    act.tick("identity_proved", by=act.world.cast.reception)
    if act.case.representatives.exists():
        act.tick("authority_proved", by=act.world.cast.reception)
    act.make("register", act.world.cast.reception)


def _book_appointment(act: _Act) -> None:
    act.world.book(act.case)
    act.make("book_appointment", act.teacher)


def _receive_portfolio(act: _Act) -> None:
    act.tick("bearer_identified", "inventory_copy_kept", by=act.world.cast.reception)
    act.make("receive_portfolio", act.world.cast.reception)


def _set_term(act: _Act) -> None:
    days = {"considered_on": act.today, "term_begins": act.day(7), "term_ends": act.day(50)}
    act.make("set_term", act.world.cast.secretary, term_place=PLACE, **days)


def _spb_start_review(act: _Act) -> None:
    """With the folder taken first, if it came on paper and nobody has taken it yet."""
    if not CaseEvent.select().where(CaseEvent.application == act.case, CaseEvent.name == "portfolio_received").exists():
        if not act.case.slots.exists():
            _book_appointment(act)
        _receive_portfolio(act)
    act.world.entrust(act.case, act.world.experts[0], CaseRole.MAIN_EXPERT, on=act.on)
    act.make("start_review", act.world.cast.deputy)


def _conclude(verb: str, role: CaseRole, outcome: str) -> Step:
    def step(act: _Act) -> None:
        act.given(role, outcome, uploaded=False)
        act.make(verb, act.review(role).expert)

    return step


def _start_second_review(act: _Act) -> None:
    act.world.entrust(act.case, act.world.experts[1], CaseRole.SECOND_EXPERT, on=act.on)
    act.make("start_second_review", act.world.cast.deputy)


def _propose_for_sitting(act: _Act) -> None:
    sitting = act.world.sitting(act.day(act.until_sitting))
    hearing.propose(act.case, sitting, by=act.world.cast.secretary, on=act.on)


def _appoint_sitting(act: _Act) -> None:
    hearing.appoint_sitting(act.case, by=act.world.cast.secretary, on=act.on)


def _move_sitting(act: _Act) -> None:
    hearing.take_off(act.case, reason="Нет кворума.", by=act.world.cast.secretary, on=act.on)


def _returned(verb: str, who: str, role: CaseRole) -> Step:
    def step(act: _Act) -> None:
        Review.update(returned_at=act.on).where(Review.id == act.review(role).id).execute()
        act.make(verb, getattr(act.world.cast, who), reason="Не названа должность.")

    return step


def _read_conclusion(act: _Act) -> None:
    mine = Review.select(Review.id).where(Review.application == act.case, Review.ended_at.is_null())
    Conclusion.update(read_at=act.on).where(Conclusion.review.in_(mine)).execute()
    act.make("read_conclusion", act.teacher)


STEPS: dict[str, dict[str, Step]] = {
    LENOBL: {
        "submit": _submit,
        "register": _lenobl_register,
        "return_application": _by("return_application", "secretary", "Не указан стаж."),
        "assign_review": _assign_review,
        "confirm_portfolio": _of_teacher("confirm_portfolio"),
        "start_review": _by("start_review", "expert"),
        "comment": _comment,
        "upload_conclusion": _upload_conclusion,
        "finish_review": _by("finish_review", "expert"),
        "return_conclusion": _returned("return_conclusion", "leader", CaseRole.MAIN_EXPERT),
        "read_conclusion": _read_conclusion,
        "draw_up_dissent": _draw_up_dissent,
        "sign_dissent": _sign_dissent,
        "choose_sitting_day": _choose_sitting_day,
        "appoint_sitting": _appoint_sitting,
        "move_sitting": _move_sitting,
        "establish": _decided("establish"),
        "refuse": _decided("refuse"),
        "withdraw": _of_teacher("withdraw"),
    },
    SPB: {
        "submit": _submit,
        "register": _spb_register,
        "decline": _by("decline", "reception", "Личность не подтверждена."),
        "book_appointment": _book_appointment,
        "receive_portfolio": _receive_portfolio,
        "set_term": _set_term,
        "start_review": _spb_start_review,
        "conclude": _conclude("conclude", CaseRole.MAIN_EXPERT, POSITIVE),
        "conclude_against": _conclude("conclude_against", CaseRole.MAIN_EXPERT, NEGATIVE),
        "start_second_review": _start_second_review,
        "conclude_second": _conclude("conclude_second", CaseRole.SECOND_EXPERT, POSITIVE),
        "return_conclusion": _returned("return_conclusion", "deputy", CaseRole.MAIN_EXPERT),
        "return_second_conclusion": _returned("return_second_conclusion", "deputy", CaseRole.SECOND_EXPERT),
        "read_conclusion": _read_conclusion,
        "propose_for_sitting": _propose_for_sitting,
        "move_sitting": _move_sitting,
        "record_decision": _minuted,
        "establish": _announced("establish"),
        "refuse": _announced("refuse"),
        "withdraw": _of_teacher("withdraw"),
    },
}
