"""Inspections of cases (4.2): appointed, answered case by case, closed with an act that is frozen."""

import datetime as dt
from collections.abc import Mapping

from peewee import CharField, IntegrityError, ModelSelect

from ....models import Application, InspectedCase, Inspection, User, database
from ....procedure.control import checklist
from ....procedure.refusal import Refusal
from ....site import fields, jobs, journal
from ....site.cases import moves
from ....site.cases.sight import at_desk
from ....site.control import samples, scrutiny
from ....site.dates import day_of
from ...access import Permission, require

PLANNED, UNSCHEDULED = "planned", "unscheduled"
KINDS = {PLANNED: "Плановая", UNSCHEDULED: "Внеплановая"}
JOB = "inspection_act"
SUBJECT = "inspection"
INSPECT_CASE = "inspect_case"
OVERTAKEN = "Пока вы смотрели, эту проверку изменили в другом окне. Посмотрите, что изменилось, и, если нужно, повторите."
CLOSED = "Проверка закончена, её акт больше не меняется."
# Appointed twice for one quarter at once.
APPOINTED = "Плановая проверка этого квартала уже идёт: закончите её."
LONGEST_TEXT = 4000
REASON = CharField(500, verbose_name="Основание")
CLAUSE = "4.2"


# --- Appointing -------------------------------------------------------------------------------------------------------------


def appoint_planned(year: int, quarter: int, *, percent: int | None, seed: str, by: User, on: dt.datetime) -> Inspection:
    """Draw a sample of the cases that were closed in a quarter; without `percent` the usual share.

    Refusal before the quarter is over, when nothing was closed in it, while an inspection of it goes on.
    """
    require(by, Permission.INSPECT)
    today, rules = day_of(on), checklist().sample
    share = rules.percent if percent is None else percent
    if not (1 <= quarter <= 4 and 2000 <= year <= 9998 and 1 <= share <= 100):
        raise Refusal("Укажите год, квартал от 1 до 4 и долю от 1 до 100 процентов.")
    last = samples.days_of(year, quarter)[1]
    if last >= today:
        raise Refusal(f"Квартал кончается {last:%d.%m.%Y}: проверить можно дела квартала, который уже кончился.", CLAUSE)
    closed = {str(case.number): case.id for case in samples.closed(year, quarter, to=by, today=today)}
    if not closed:
        raise Refusal("В этом квартале не закрыто ни одного дела: проверять нечего.", CLAUSE)
    if (
        Inspection.select()
        .where(Inspection.year == year, Inspection.quarter == quarter, Inspection.closed_at.is_null())
        .exists()
    ):
        raise Refusal(APPOINTED)
    drawn = samples.draw(closed, seed, rules.size(len(closed), share))
    basis = f"выборочная проверка за {samples.QUARTERS[quarter - 1]} квартал {year} года"
    values = {"year": year, "quarter": quarter, "percent": share, "seed": seed, "population": len(closed), "basis": basis}
    return _appointed(PLANNED, [closed[number] for number in drawn], values, by, on)


def appoint_unscheduled(application: Application, basis: str, *, by: User, on: dt.datetime) -> Inspection:
    """Have one case checked for a reason, such as a complaint."""
    require(by, Permission.INSPECT)
    reason = fields.line(REASON, basis)
    if not application.number or not at_desk(application, by, day_of(on)):
        raise Refusal("Это дело проверить нельзя: оно не подано или вы в нём участвуете сами.")
    open_one = (
        InspectedCase.select()
        .join(Inspection)
        .where(InspectedCase.application == application, Inspection.kind == UNSCHEDULED, Inspection.closed_at.is_null())
    )
    if open_one.exists():
        raise Refusal(f"Внеплановая проверка дела {application} уже идёт: закончите её.")
    return _appointed(UNSCHEDULED, [application.id], {"basis": reason}, by, on)


def _appointed(kind: str, cases: list[int], values: Mapping[str, object], by: User, on: dt.datetime) -> Inspection:
    try:
        with database.atomic():
            made: Inspection = Inspection.create(kind=kind, appointed_by=by, appointed_at=on, **values)
            InspectedCase.insert_many(
                [{"inspection": made.id, "application": case, "place": place} for place, case in enumerate(cases, 1)]
            ).execute()
            details = f"{KINDS[kind].lower()}, дел: {len(cases)} из {made.population}" + (
                f", зерно {made.seed}" if made.seed else f": {made.basis}"
            )
            _note("appoint_inspection", made, by, on, details)
    except IntegrityError:
        raise Refusal(APPOINTED) from None
    return made


# --- Answering --------------------------------------------------------------------------------------------------------------


def answer(
    one: InspectedCase,
    answers: Mapping[str, str],
    *,
    remarks: str,
    proposals: str,
    by: User,
    on: dt.datetime,
) -> InspectedCase:
    """Answer every question about a case; what the system notices at this moment is kept beside the answers.

    Refusal when a question is left out, when a fault is found without a word about it, when the inspection is closed, in an
    own matter, or when the case was answered in another window meanwhile.
    """
    require(by, Permission.INSPECT)
    known = checklist()
    given = {question.name: answers.get(question.name, "") for question in known.questions}
    if not set(given.values()) <= {one.name for one in known.answers}:
        raise Refusal("Ответьте на каждый вопрос.")
    said = {name: text.replace("\0", "").strip() for name, text in (("remarks", remarks), ("proposals", proposals))}
    for text in said.values():
        _fits(text)
    if any(known.answer(word).explained for word in given.values()) and not said["remarks"]:
        raise Refusal("Найдено нарушение: напишите, в чём оно.", CLAUSE)
    application = one.application
    if not at_desk(application, by, day_of(on)):
        raise Refusal("В этом деле вы участвуете сами: его проверяет другой сотрудник.")
    values = {
        "answers": given,
        "noticed": scrutiny.noticed(application, day_of(on)),
        "checked_by": by,
        "checked_at": on,
        "version": one.version + 1,
        **said,
    }
    with database.atomic():
        _keep_open(one.inspection)
        if not InspectedCase.update(values).where(InspectedCase.id == one.id, InspectedCase.version == one.version).execute():
            raise Refusal(OVERTAKEN)
        faults = [word for word in given.values() if known.answer(word).explained]
        details = f"дело {application}, нарушений: {len(faults)}"
        _note("check_case", one.inspection, by, on, details)
        moves.note(application, INSPECT_CASE, by=by, on=on, details=f"проверка {one.inspection_id}")
    for name, value in values.items():
        setattr(one, name, value)
    return one


# --- Closing ----------------------------------------------------------------------------------------------------------------


def close(inspection: Inspection, proposals: str, *, by: User, on: dt.datetime) -> Inspection:
    """End an inspection whose cases are all answered; the act is printed at once and never changes."""
    require(by, Permission.INSPECT)
    said = proposals.replace("\0", "").strip()
    _fits(said)
    with database.atomic():
        _keep_open(inspection)
        if left := unanswered(inspection).count():
            raise Refusal(f"Не проверено дел: {left}. Акт составляют, когда проверены все.", CLAUSE)
        _change(inspection, proposals=said, closed_by=by, closed_at=on)
        jobs.queue(JOB, inspection.id)
        _note("close_inspection", inspection, by, on)
    return inspection


def freeze_act(inspection: Inspection, *, sha256: str, size: int, on: dt.datetime) -> None:
    """Keep the printed act; the system does it. Nothing happens for an act that is there already."""
    with database.atomic():
        there = Inspection.id == inspection.id, Inspection.closed_at.is_null(False), Inspection.act_sha256.is_null()
        if Inspection.update(act_sha256=sha256, act_size=size).where(*there).execute():
            _note("freeze_act", inspection, None, on, f"SHA-256 {sha256}")


def print_again(inspection: Inspection, *, by: User, on: dt.datetime) -> None:
    """Have the act printed once more, after the printing failed."""
    require(by, Permission.INSPECT)
    if inspection.closed_at is None or inspection.act_sha256:
        raise Refusal("Акт ещё не составлен или уже изготовлен.")
    jobs.queue(JOB, inspection.id)


def unanswered(inspection: Inspection) -> "ModelSelect[InspectedCase]":
    """The cases of an inspection that are still to be checked."""
    return inspection.cases.where(InspectedCase.checked_at.is_null()).order_by(InspectedCase.place)


def as_seen(inspection: Inspection, version: int | None) -> Inspection:
    """The inspection, if it is still the version that the screen showed."""
    if inspection.version != version:
        raise Refusal(OVERTAKEN)
    return inspection


def case_as_seen(one: InspectedCase, version: int | None) -> InspectedCase:
    """The answers about a case, if they are still the version that the screen showed."""
    if one.version != version:
        raise Refusal(OVERTAKEN)
    return one


def _keep_open(inspection: Inspection) -> None:
    """Nobody closes the inspection until the transaction ends; Refusal if somebody has."""
    same = Inspection.id == inspection.id, Inspection.closed_at.is_null()
    if not Inspection.update(version=Inspection.version).where(*same).execute():
        raise Refusal(CLOSED)


def _change(inspection: Inspection, **values: object) -> None:
    same = Inspection.id == inspection.id, Inspection.version == inspection.version
    values["version"] = inspection.version + 1
    if not Inspection.update(values).where(*same).execute():
        raise Refusal(OVERTAKEN)
    for name, value in values.items():
        setattr(inspection, name, value)


def _fits(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise Refusal(f"Слишком длинный текст: не больше {LONGEST_TEXT} знаков.")


def _note(verb: str, inspection: Inspection, by: User | None, on: dt.datetime, details: str = "") -> None:
    journal.write(by=by, on=on, verb=verb, subject=SUBJECT, subject_id=inspection.id, details=details)
