"""The decision on a complaint: the draft of the act, the measures, the signed act as a frozen PDF, the answer, the remedy."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from ....models import Complaint, ComplaintFile, DecisionAct, Remedy, User, database
from ....procedure.complaints import RECORD, lists
from ....procedure.refusal import Refusal
from ....procedure.terms import terms
from ....site import fields, files
from ....site.cases.calendar import office_calendar
from ....site.complaints import files as papers
from ....site.complaints import letters, moves
from ....site.complaints.printing import act_answers, answer_sheet
from ....site.dates import day_of
from ....site.printing import press

# The lines of the act that are typed: one line, or several; what may stay empty.
LINES = ("place", "official_position", "official_name", "higher_authority", "court")
TEXTS = ("against", "summary", "grounds", "decision_on_act", "decision", "measures", "advice")
OPTIONAL = frozenset({"measures", "advice"})
DEEDS = {"granted": "answer_granted", "refused": "answer_refused"}


def write_act(
    complaint: Complaint, *, outcome: str, ground: str, lines: Mapping[str, str], by: User, on: dt.datetime
) -> Complaint:
    """Save the draft of the act: the outcome, the ground on which it had to be refused (may be empty), the lines by name."""
    known = lists(complaint.edition)
    moves.allow(complaint, "write_act", by=by)
    if outcome not in {row.name for row in known.outcomes}:
        raise Refusal("Выберите решение.", "5.6")
    if ground and (outcome != "refuse" or ground not in {row.name for row in known.grounds}):
        raise Refusal("Основание отказа указывают только при отказе в удовлетворении.", "5.6")
    values = {name: fields.line(getattr(DecisionAct, name), lines.get(name, "")) for name in LINES}
    for name in TEXTS:
        values[name] = fields.paragraph(getattr(DecisionAct, name), lines.get(name, ""), required=name not in OPTIONAL)
    values |= {"outcome": outcome, "ground": ground}
    with database.atomic():
        moves.lock(complaint)
        if not DecisionAct.update(values).where(DecisionAct.complaint == complaint).execute():
            DecisionAct.create(complaint=complaint, **values)
        return moves.make(complaint, "write_act", by=by, on=on)


def plan_remedy(complaint: Complaint, *, title: str, responsible: str, due_on: dt.date, by: User, on: dt.datetime) -> Complaint:
    """Name a measure, who takes it and until when."""
    values = {"title": fields.line(Remedy.title, title), "responsible": fields.line(Remedy.responsible, responsible)}
    fields.soon(due_on, day_of(on))
    moves.allow(complaint, "plan_remedy", by=by)
    if due_on < day_of(on):
        raise Refusal("Этот день уже прошёл: назовите срок, который можно соблюсти.", "5.7")
    with database.atomic():
        moves.lock(complaint)
        Remedy.create(complaint=complaint, due_on=due_on, **values)
        return moves.make(complaint, "plan_remedy", by=by, on=on)


def drop_remedy(complaint: Complaint, remedy: Remedy, *, by: User, on: dt.datetime) -> Complaint:
    """Take a measure out before the act is signed."""
    with database.atomic():
        # The move first: it asks for a measure that is there.
        made = moves.make(complaint, "drop_remedy", by=by, on=on)
        if not Remedy.delete().where(Remedy.id == remedy.id, Remedy.complaint == complaint).execute():
            raise Refusal("Этой меры уже нет.")
    return made


def preview(complaint: Complaint, *, authority: str) -> bytes:
    """The draft as it will be printed, without number and day. Refusal without a draft; raises PressFailed."""
    return press.form_apart(papers.FORM, act_answers(complaint, _draft(complaint), authority=authority))


def sign(
    complaint: Complaint, *, number: str, decided_on: dt.date, authority: str, folder: Path, by: User, on: dt.datetime
) -> Complaint:
    """Mark the act as signed: it gets its number and day, is printed and frozen, and the complaint is decided as it says.

    The file first, in no transaction: a second press finds the complaint decided. Raises PressFailed or OSError.
    """
    act = _draft(complaint)
    moves.allow(complaint, act.outcome, by=by)
    told = fields.line(DecisionAct.number, number)
    _require_day(complaint, decided_on, on)
    if DecisionAct.select().where(DecisionAct.number == told, *_in_year(decided_on.year)).exists():
        raise Refusal(f"Акт с номером {told} в этом году уже есть: укажите следующий.")
    _require_in_time(complaint, act, decided_on)
    act.number, act.decided_on = told, decided_on
    data = press.form_apart(papers.FORM, act_answers(complaint, act, authority=authority))
    sha256 = files.freeze(folder, data, suffix="", mode=files.PRIVATE)
    with database.atomic():
        moves.lock(complaint)
        name = f"Акт {told} от {decided_on:%d.%m.%Y}.pdf"
        kept = papers.keep_made(complaint, papers.ACT, name, sha256, len(data), by=by, on=on)
        DecisionAct.update(number=told, decided_on=decided_on, file=kept).where(DecisionAct.id == act.id).execute()
        days = {"decided": decided_on, "granted": decided_on}
        return moves.make(complaint, act.outcome, by=by, on=on, days=days, details=f"акт № {told}")


def answer(complaint: Complaint, *, authority: str, folder: Path, by: User, on: dt.datetime) -> Complaint:
    """Answer: the letter is printed and frozen, and goes by e-mail too where that was wished (5.7). Once for a complaint."""
    verb = DEEDS.get(complaint.status, "answer_granted")
    moves.allow(complaint, verb, by=by)
    if complaint.files.where(ComplaintFile.kind == papers.ANSWER).exists():
        raise Refusal("Ответ уже отправлен.", "5.7")
    name = letters.GRANTED if verb == "answer_granted" else letters.REFUSED
    data = press.letter_apart(answer_sheet(complaint, name, authority=authority, on=day_of(on)))
    sha256 = files.freeze(folder, data, suffix="", mode=files.PRIVATE)
    with database.atomic():
        title = f"Ответ по жалобе {complaint.number}.pdf"
        made = moves.make(complaint, verb, by=by, on=on)
        papers.keep_made(complaint, papers.ANSWER, title, sha256, len(data), by=by, on=on)
        return made


def finish_remedy(
    complaint: Complaint, remedy: Remedy, *, done_on: dt.date, done_by: str, by: User, on: dt.datetime
) -> Complaint:
    """Note when and by whom a measure was taken."""
    told = fields.line(Remedy.done_by, done_by)
    if done_on > day_of(on):
        raise Refusal("Этот день ещё не наступил: проверьте дату.")
    moves.allow(complaint, "finish_remedy", by=by)
    with database.atomic():
        moves.lock(complaint)
        mine = Remedy.id == remedy.id, Remedy.complaint == complaint, Remedy.done_on.is_null()
        if not Remedy.update(done_on=done_on, done_by=told).where(*mine).execute():
            raise Refusal("Исполнение этой меры уже отмечено.")
        return moves.make(complaint, "finish_remedy", by=by, on=on)


def close(complaint: Complaint, *, by: User, on: dt.datetime) -> Complaint:
    """Close a granted complaint: answered, and every measure taken."""
    return moves.make(complaint, "close", by=by, on=on)


def last_day_of_remedy(complaint: Complaint, decided_on: dt.date) -> dt.date:
    """Until when infringements have to be put right after a decision of this day (5.7); two queries."""
    return terms(complaint.edition, RECORD).term("remedy").end(decided_on, office_calendar())


def _draft(complaint: Complaint) -> DecisionAct:
    act = complaint.act()
    if act is None:
        raise Refusal("Проекта акта ещё нет: составьте его.", "5.6")
    if act.number:
        raise Refusal("Акт уже подписан.", "5.6")
    return act


def _require_day(complaint: Complaint, decided_on: dt.date, on: dt.datetime) -> None:
    registered = next((event.day for event in complaint.events if event.name == "registered"), complaint.received_on)
    if decided_on > day_of(on):
        raise Refusal("День решения ещё не наступил: проверьте дату.", "5.6")
    if decided_on < registered:
        raise Refusal(f"Решение не может быть раньше регистрации ({registered:%d.%m.%Y}): проверьте дату.", "5.6")


def _require_in_time(complaint: Complaint, act: DecisionAct, decided_on: dt.date) -> None:
    """No measure may be promised later than the regulation allows."""
    if act.outcome not in ("grant", "grant_partly"):
        return
    last = last_day_of_remedy(complaint, decided_on)
    late = [one.title for one in complaint.remedies if one.due_on > last]
    if late:
        raise Refusal(f"Нарушения устраняют до {last:%d.%m.%Y}. Позже назначено: {'; '.join(late)}. Измените срок.", "5.7")


def _in_year(year: int) -> tuple[object, ...]:
    return DecisionAct.decided_on >= dt.date(year, 1, 1), DecisionAct.decided_on <= dt.date(year, 12, 31)
