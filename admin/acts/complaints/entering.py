"""Complaints that came on paper (5.4.1.1), entered by the office; files that it brings; what they are linked to."""

import datetime as dt
from pathlib import Path

from ....models import Application, Complaint, ComplaintFile, Correction, Order, User, database
from ....procedure.numbers import WrongNumber, parse
from ....procedure.refusal import Refusal
from ....procedure.words import ComplaintChannel
from ....site import evidence, fields
from ....site.complaints import contents as texts
from ....site.complaints import files, filing, moves
from ....site.complaints.contents import Contents
from ....site.complaints.files import Brought
from ....site.dates import day_of
from ...access import Permission, require

PAPER = (ComplaintChannel.POST, ComplaintChannel.MFC, ComplaintChannel.IN_PERSON)


def enter(
    contents: Contents,
    *,
    channel: ComplaintChannel,
    received_on: dt.date,
    edition: str,
    by: User,
    on: dt.datetime,
    demo: bool = False,
) -> Complaint:
    """A complaint from paper: what could be read of it, received on a day that has come."""
    require(by, Permission.KEEP_COMPLAINTS)
    if channel not in PAPER:
        raise Refusal("Жалобы с сайта приходят сами: выберите, как пришла бумага.", "5.4.1.1")
    if received_on > day_of(on):
        raise Refusal("День поступления ещё не наступил: проверьте дату.")
    columns = texts.columns(contents, edition, whole=False)
    with database.atomic():
        made = filing.begin(
            columns, contents.kinds, edition=edition, channel=channel, on=on, received_on=received_on, entered_by=by, demo=demo
        )
        return moves.make(made, "enter", by=by, on=on, days={"received": received_on}, details=channel.label)


def attach(complaint: Complaint, kind: str, brought: Brought, folder: Path, *, by: User, on: dt.datetime) -> ComplaintFile:
    """Put a file that the office brings into the complaint."""
    require(by, Permission.KEEP_COMPLAINTS)
    if kind not in files.BROUGHT:
        raise Refusal("Выберите, что это за файл.")
    found = evidence.examine(brought.data, brought.name, files.bounds_of(complaint.edition))
    with database.atomic():
        made = files.keep(complaint, kind, folder, found, by=by, on=on)
        moves.note(complaint, "add_file", by=by, on=on, details=files.TITLES[kind])
    return made


def link(
    complaint: Complaint,
    *,
    application: str,
    order_number: str,
    order_year: int | None,
    correction: str = "",
    by: User,
    on: dt.datetime,
) -> Complaint:
    """Tie the complaint to an application and a request for correction by their numbers, to an order by number and year; empty
    unties."""
    moves.allow(complaint, "link", by=by)
    return moves.make(
        complaint,
        "link",
        by=by,
        on=on,
        application=_application(application),
        order=_order(order_number, order_year),
        correction=_correction(correction),
    )


def _application(typed: str) -> Application | None:
    if not typed.strip():
        return None
    try:
        number = str(parse(typed))
    except WrongNumber as wrong:
        raise Refusal(wrong.sentence) from None
    found: Application | None = Application.get_or_none(Application.number == number)
    if found is None:
        raise Refusal("Заявления с таким номером нет: сверьте номер.")
    return found


def _correction(typed: str) -> Correction | None:
    number = typed.strip().removeprefix("№").strip().upper()
    if not number:
        return None
    found: Correction | None = Correction.get_or_none(Correction.number == number[:20])
    if found is None:
        raise Refusal("Запроса об исправлении с таким номером нет: сверьте его, например И-2026-000012-3.")
    return found


def _order(typed: str, year: int | None) -> Order | None:
    if not typed.strip() and year is None:
        return None
    number = fields.order_number(typed)
    # A year of no order is no number for the database either.
    asked = year in range(1990, 2200)
    found: Order | None = Order.get_or_none(Order.number == number, Order.year == year) if asked else None
    if found is None:
        raise Refusal("Распоряжения с таким номером и годом нет: сверьте их.")
    return found
