"""What an expert may judge, and when: specialities, approvals by a numbered order, absences. Each act with its journal."""

import datetime as dt

from ....models import Absence, Approval, Expert, Speciality, User, database
from ....procedure.refusal import Refusal
from ....rubrics.forms import edition
from ....site import fields
from .keeping import hold, note, require_keeper, require_keeper_or_self, seen

EARLIEST = dt.date(1990, 1, 1)
LATEST = dt.date(2100, 1, 1)


def add_speciality(expert: Expert, *, form: int, position: str = "", subject: str = "", by: User, on: dt.datetime) -> Expert:
    """Say what the expert judges: a scoring form; within it one position or subject, any if not named."""
    require_keeper(by, expert.group)
    if edition().entry(form) is None:
        raise Refusal("Такой формы оценки нет: выберите форму из списка.")
    values = {
        "form": form,
        "position": fields.line(Speciality.position, position, required=False),
        "subject": fields.line(Speciality.subject, subject, required=False),
    }
    with database.atomic():
        hold(expert)
        if any(_same(values, known) for known in Speciality.select().where(Speciality.expert == expert)):
            raise Refusal("Такая специализация у эксперта уже есть.")
        Speciality.create(expert=expert, **values)
        note(expert, "add_speciality", by=by, on=on, details=f"форма {form}")
    return seen(expert)


def add_approval(
    expert: Expert,
    *,
    order_number: str,
    order_on: dt.date,
    valid_from: dt.date,
    valid_until: dt.date,
    by: User,
    on: dt.datetime,
) -> Expert:
    """Enter the order that puts the expert on the list, and the days for which it does."""
    require_keeper(by, expert.group)
    number = fields.line(Approval.order_number, order_number)
    _in_order(valid_from, valid_until, "Срок утверждения заканчивается раньше, чем начинается: поменяйте даты.")
    if not EARLIEST <= order_on <= LATEST:
        raise Refusal("Проверьте год в дате распоряжения.")
    with database.atomic():
        hold(expert)
        days = {"order_on": order_on, "valid_from": valid_from, "valid_until": valid_until}
        Approval.create(expert=expert, order_number=number, **days)
        until = f"№ {number} от {order_on:%d.%m.%Y}, действует с {valid_from:%d.%m.%Y} по {valid_until:%d.%m.%Y}"
        note(expert, "add_approval", by=by, on=on, details=until)
    return seen(expert)


def add_absence(
    expert: Expert, *, first_day: dt.date, last_day: dt.date, reason: str = "", by: User, on: dt.datetime
) -> Expert:
    """Enter days on which the expert takes nothing new; the expert may as well."""
    require_keeper_or_self(by, expert)
    why = fields.line(Absence.reason, reason, required=False)
    _in_order(first_day, last_day, "Отсутствие заканчивается раньше, чем начинается: поменяйте даты.")
    with database.atomic():
        hold(expert)
        Absence.create(expert=expert, first_day=first_day, last_day=last_day, reason=why)
        note(expert, "add_absence", by=by, on=on, details=f"с {first_day:%d.%m.%Y} по {last_day:%d.%m.%Y}")
    return seen(expert)


def remove_speciality(expert: Expert, row: int, *, by: User, on: dt.datetime) -> Expert:
    """Take back a speciality."""
    require_keeper(by, expert.group)
    return _remove(expert, Speciality, row, "remove_speciality", by, on)


def remove_approval(expert: Expert, row: int, *, by: User, on: dt.datetime) -> Expert:
    """Take back an approval that was entered by mistake."""
    require_keeper(by, expert.group)
    return _remove(expert, Approval, row, "remove_approval", by, on)


def remove_absence(expert: Expert, row: int, *, by: User, on: dt.datetime) -> Expert:
    """Take back an absence; the expert may as well."""
    require_keeper_or_self(by, expert)
    return _remove(expert, Absence, row, "remove_absence", by, on)


def _remove(
    expert: Expert, rows: type[Speciality | Approval | Absence], row: int, verb: str, by: User, on: dt.datetime
) -> Expert:
    with database.atomic():
        hold(expert)
        if not rows.delete().where(rows.id == row, rows.expert == expert).execute():
            raise Refusal("Этой строки у эксперта уже нет: обновите страницу.")
        note(expert, verb, by=by, on=on)
    return seen(expert)


def _in_order(first: dt.date, last: dt.date, sentence: str) -> None:
    if first > last:
        raise Refusal(sentence)
    if first < EARLIEST or last > LATEST:
        raise Refusal("Проверьте год в датах.")


def _same(values: dict[str, object], known: Speciality) -> bool:
    return all(fields.folded(str(value)) == fields.folded(str(getattr(known, name))) for name, value in values.items())
