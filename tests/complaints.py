"""Complaints for tests: what one says, and how the office leads it along its road by the acts themselves."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

from PIL import Image

from attestation.admin.acts.complaints import considering, deciding, entering
from attestation.models import Complaint, User
from attestation.procedure.words import ComplaintChannel
from attestation.site.complaints import filing
from attestation.site.complaints.contents import Contents
from attestation.site.complaints.files import Brought

SPB = "spb-2021-04-13"
AUTHORITY = "Комитет по образованию"
# A Tuesday; registration ends on Wednesday.
MORNING = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
SAID = {
    "surname": "Обидина",
    "name": "Вера",
    "patronymic": "Павловна",
    "residence": "г. Образцов, Тихая ул., д. 3, кв. 8",
    "postal_address": "190000, г. Образцов, Тихая ул., д. 3, кв. 8",
    "phone": "+7 000 123-45-67",
    "email": "obidina@example.org",
    "respondent": "institution",
    "respondent_name": "регистратор Кассирова Е.А.",
    "subject": "9 марта у меня не приняли заявление по почте.",
    "arguments": "Бланк заполнен полностью, подпись есть, причину мне не назвали.",
}
LINES = {
    "place": "г. Образцов",
    "official_position": "Заместитель председателя Комитета",
    "official_name": "О.П. Решаева",
    "against": "Отказ принять заявление, регистратор Кассирова Е.А.",
    "summary": "Заявительнице не приняли заявление, пришедшее по почте.",
    "grounds": "Пункт 2.9 Административного регламента такого основания не называет.",
    "decision_on_act": "Признать отказ неправомерным полностью.",
    "decision": "Удовлетворить жалобу.",
    "measures": "",
    "advice": "Подавать заявление заново не нужно.",
    "higher_authority": "Правительство Санкт-Петербурга",
    "court": "суд по месту жительства",
}


def said(*kinds: str, electronic: bool = False, **changes: str) -> Contents:
    """What a complaint says; of the kind with five days unless others are named."""
    return Contents({**SAID, **changes}, kinds or ("papers_declined",), electronic)


def picture() -> bytes:
    """A photograph of a paper."""
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "JPEG")
    return data.getvalue()


def file(folder: Path, *, on: dt.datetime = MORNING, token: str = "a" * 32, by: User | None = None, **values: Any) -> Complaint:
    """A complaint filed on the site."""
    given: dict[str, Any] = {"papers": [], "authority": [], **values}
    contents = given.pop("contents", None) or said()
    return filing.submit(contents, token=token, folder=folder, edition=SPB, by=by, on=on, **given)


def enter(by: User, *, on: dt.datetime = MORNING, contents: Contents | None = None) -> Complaint:
    """A complaint that came by post on the day it is entered."""
    return entering.enter(contents or said(), channel=ComplaintChannel.POST, received_on=on.date(), edition=SPB, by=by, on=on)


def write(complaint: Complaint, by: User, *, outcome: str = "grant", ground: str = "", on: dt.datetime = MORNING) -> Complaint:
    """Write the draft of the act."""
    return deciding.write_act(complaint, outcome=outcome, ground=ground, lines=LINES, by=by, on=on)


def plan(complaint: Complaint, by: User, *, due_on: dt.date = dt.date(2026, 3, 16), on: dt.datetime = MORNING) -> Complaint:
    """Plan a measure."""
    return deciding.plan_remedy(complaint, title="Принять заявление", responsible="СПб ГКУ «ЦАиМ»", due_on=due_on, by=by, on=on)


def sign(complaint: Complaint, by: User, folder: Path, *, number: str = "1", on: dt.datetime = MORNING) -> Complaint:
    """Sign the act on this day."""
    return deciding.sign(complaint, number=number, decided_on=on.date(), authority=AUTHORITY, folder=folder, by=by, on=on)


def lead(complaint: Complaint, status: str, by: User, folder: Path, *, on: dt.datetime = MORNING) -> Complaint:
    """Lead a complaint that has come in to this status, everything on one day."""
    if status == "received":
        return complaint
    considering.register(complaint, kinds=complaint.kind_names(), respondent="institution", by=by, on=on)
    if status == "unanswerable":
        return considering.leave(complaint, silence="abusive", readable=True, by=by, on=on)
    if status == "registered":
        return complaint
    considering.take_up(complaint, by=by, on=on)
    if status == "considered":
        return complaint
    granted = status == "granted"
    write(complaint, by, outcome="grant" if granted else "refuse", on=on)
    if granted:
        plan(complaint, by, on=on)
    return sign(complaint, by, folder, on=on)


def paper(name: str = "справка.jpg") -> Brought:
    """A paper as it is brought."""
    return Brought(picture(), name)
