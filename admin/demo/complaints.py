"""Invented complaints at several stages, led there by the acts that real ones are led by, on days of the past."""

import datetime as dt
from pathlib import Path

from ...models import Complaint, User
from ...procedure.complaints import taken
from ...procedure.words import ComplaintChannel, Role
from ...site.cases.calendar import office_calendar
from ...site.complaints.contents import Contents
from ...site.dates import CITY, day_of
from ..acts.complaints import considering, deciding, entering
from .cases import Staff

# Who complains, of which kind, against whom, and what of: nobody of them exists.
PEOPLE = (
    ("Огорчева", "Лидия", "Макаровна", "papers_declined", "institution", "Не приняли заявление, пришедшее по почте."),
    ("Терпелин", "Глеб", "Антонович", "late_service", "authority", "Аттестация идёт дольше девяноста дней."),
    ("Сердитова", "Раиса", "Львовна", "errors_left", "authority", "В распоряжении ошибка в фамилии, исправить её отказались."),
    ("Ждунова", "Инна", "Олеговна", "late_registration", "institution", "Заявление зарегистрировали на пятый день."),
    ("Платонов", "Егор", "Кириллович", "fee", "head", "Просили оплатить экспертизу."),
    ("Бранин", "Олег", "Петрович", "other", "official", "Текст с оскорблениями здесь не повторяется."),
    ("Новикова", "Софья", "Ильинична", "excess_papers", "institution", "Потребовали справку, которой нет в перечне."),
)
# How far each goes, and how many working days ago it came in.
STAGES = (
    ("remedied", 12),
    ("considered", 4),
    ("granted", 3),
    ("refused", 6),
    ("forwarded", 5),
    ("unanswerable", 2),
    ("received", 0),
)
LINES = {
    "place": "г. Образцов",
    "official_position": "Заместитель председателя Комитета",
    "official_name": "О.П. Решаева",
    "grounds": "Сведения, изложенные в жалобе, проверены по материалам дела; применены пункты 2.9 и 2.15 регламента.",
    "higher_authority": "Правительство Санкт-Петербурга",
    "court": "суд в порядке и сроки, которые определяет законодательство",
}


def fill_complaints(edition: str, folder: Path, authority: str, staff: Staff, on: dt.datetime) -> None:
    """Lead the invented complaints along their road; nothing where there are some already, or the procedure knows none."""
    if not taken(edition) or Complaint.select().exists():
        return
    by, calendar = staff[Role.COMPLAINTS], office_calendar()
    for number, (who, (stage, days)) in enumerate(zip(PEOPLE, STAGES, strict=True), 1):
        day = day_of(on)
        for _ in range(days):
            day = calendar.last_working(day - dt.timedelta(days=1))
        moment = min(dt.datetime.combine(day, dt.time(11), CITY), on)
        made = entering.enter(
            _contents(who), channel=ComplaintChannel.POST, received_on=day, edition=edition, by=by, on=moment, demo=True
        )
        _lead(made, stage, number, folder, authority, by, moment)


def _contents(who: tuple[str, ...]) -> Contents:
    surname, name, patronymic, kind, respondent, subject = who
    address = "190000, г. Образцов, Садовая ул., д. 12, кв. 4"
    said = {
        "surname": surname,
        "name": name,
        "patronymic": patronymic,
        "residence": address,
        "postal_address": address,
        "phone": "+7 000 000-00-00",
        "respondent": respondent,
        "subject": subject,
        "arguments": "Считаю, что так поступать нельзя: регламент этого не предусматривает. Прошу разобраться.",
    }
    return Contents(said, (kind,))


def _lead(complaint: Complaint, stage: str, number: int, folder: Path, authority: str, by: User, on: dt.datetime) -> None:
    if stage == "received":
        return
    considering.register(complaint, kinds=complaint.kind_names(), respondent=complaint.respondent, by=by, on=on)
    if stage == "forwarded":
        letter = f"от {on:%d.%m.%Y} № 4{number}"
        considering.forward(complaint, recipient="вице-губернатору Санкт-Петербурга", letter=letter, by=by, on=on)
    elif stage == "unanswerable":
        considering.leave(complaint, silence="abusive", readable=True, by=by, on=on)
    else:
        considering.take_up(complaint, by=by, on=on)
        if stage != "considered":
            _decide(complaint, stage, number, folder, authority, by, on)


def _decide(complaint: Complaint, stage: str, number: int, folder: Path, authority: str, by: User, on: dt.datetime) -> None:
    granted, day = stage != "refused", day_of(on)
    words = "Удовлетворить жалобу полностью." if granted else "В удовлетворении жалобы отказать."
    judged = "Признать обжалованное действие неправомерным." if granted else "Признать обжалованное действие правомерным."
    lines = {
        **LINES,
        "against": complaint.subject,
        "summary": complaint.arguments,
        "decision": words,
        "decision_on_act": judged,
    }
    deciding.write_act(complaint, outcome="grant" if granted else "refuse", ground="", lines=lines, by=by, on=on)
    if granted:
        last = deciding.last_day_of_remedy(complaint, day)
        deciding.plan_remedy(
            complaint,
            title="Устранить нарушение и сообщить заявителю",
            responsible="отдел аттестации",
            due_on=last,
            by=by,
            on=on,
        )
    deciding.sign(complaint, number=str(number), decided_on=day, authority=authority, folder=folder, by=by, on=on)
    if stage == "remedied":
        deciding.answer(complaint, authority=authority, folder=folder, by=by, on=on)
        deciding.finish_remedy(complaint, complaint.remedies.get(), done_on=day, done_by="отдел аттестации", by=by, on=on)
        deciding.close(complaint, by=by, on=on)
