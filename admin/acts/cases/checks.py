"""What a member of staff states to have checked in a case; every fact once, by whoever checked it last."""

import datetime as dt
from collections.abc import Collection

from ....models import Application, CheckMark, Representative, User
from ....procedure.road import road
from ....procedure.words import Category, Channel
from ....site import fields

# Fact → what the clerk states by ticking it.
STATED = {
    "form_checked": "заявление оформлено верно",
    "previous_category_checked": "документ о предыдущей аттестации проверен",
    "identity_proved": "личность заявителя подтверждена действующим документом",
    "authority_proved": "полномочия представителя подтверждены действующим документом",
    "bearer_identified": "личность и полномочия того, кто принёс папку, проверены",
    "inventory_copy_kept": "копия описи изъята и оставлена на хранение",
}


def asked(application: Application, verb: str) -> tuple[str, ...]:
    """The facts that a person has to state before this move of the case, in the order of the road; one query at most."""
    needs = road("application", application.edition).move(verb).needs
    return tuple(fact for fact in needs if fact in STATED and _matters(application, fact))


def stated(application: Application) -> frozenset[str]:
    """What has been stated in the case; one query."""
    return frozenset(mark.fact for mark in CheckMark.select(CheckMark.fact).where(CheckMark.application == application))


def state(
    application: Application, of: Collection[str], true: Collection[str], *, by: User, on: dt.datetime, note: str = ""
) -> None:
    """Let exactly these of the facts `of` be stated; call inside the transaction of the move. What stays keeps its author."""
    known = stated(application)
    gone = [fact for fact in of if fact in known and fact not in true]
    CheckMark.delete().where(CheckMark.application == application, CheckMark.fact.in_(gone)).execute()
    said = fields.line(CheckMark.note, note, required=False)
    rows = [
        {"application": application.id, "fact": fact, "by": by, "at": on, "note": said}
        for fact in of
        if fact in true and fact not in known
    ]
    if rows:
        CheckMark.insert_many(rows).execute()


def _matters(application: Application, fact: str) -> bool:
    """Whether a person has to look at it in this case: the road holds it true of itself otherwise."""
    if fact == "previous_category_checked":
        return application.category != Category.FIRST
    if fact == "identity_proved":
        return application.channel == Channel.PORTAL
    if fact == "authority_proved":
        acting = Representative.application == application, Representative.ended_at.is_null()
        return bool(Representative.select().where(*acting).exists())
    return True
