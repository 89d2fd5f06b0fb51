"""The teacher's draft: begun, filled in step by step, saved by itself meanwhile, thrown away."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...models import Application, CaseFile, Order, Ruling, Slot, User, database
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.words import Category, Channel
from .. import fields
from ..dates import day_of
from ..fields import folded
from . import answers, attachments, duties, moves
from .steps import HOME, RULING, SUBMIT, WAY, WAYS, Step, stamp, values

_NAMES = ("surname", "name", "patronymic")
# Untouched ones are taken up again; more than these at once nobody needs.
MOST_DRAFTS = 5


class Overtaken(Refusal):
    """The step was saved in another window meanwhile; what was typed here is not lost, the page shows both."""


@dataclass(frozen=True)
class Saved:
    """A draft after saving a step: the case, and what the next saving of the same step holds on to."""

    application: Application
    stamp: str


def begin(*, by: User, edition: str, on: dt.datetime) -> Application:
    """A new draft of this person, or the one that they have begun and not filled in yet. Refusal when there are too many."""
    first = road("application", edition).states[0].name
    mine = Application.applicant == by, Application.status == first, Application.number.is_null()
    with database.atomic():
        begun = list(Application.select().where(*mine).order_by(Application.id))
        untouched = next((draft for draft in begun if draft.version == 1 and draft.edition == edition), None)
        if untouched:
            return untouched
        if len(begun) >= MOST_DRAFTS:
            raise Refusal(f"У вас уже {len(begun)} черновиков. Закончите один из них или удалите лишний.")
        draft: Application = Application.create(
            edition=edition,
            channel=Channel.PORTAL.value,
            status=first,
            applicant=by,
            answers=_known_of(by),
            created_at=on,
            changed_at=on,
        )
        duties.refresh(draft, day_of(on))
        moves.note(draft, "begin_draft", by=by, on=on)
    return draft


def save(
    application: Application,
    step: Step,
    typed: Mapping[str, str],
    *,
    seen: str,
    by: User,
    on: dt.datetime,
    by_itself: bool = False,
) -> Saved:
    """Keep what was typed into a step, right or wrong. `seen`: the stamp of the step as the page showed it.

    Whatever is changed has to be confirmed anew. What the page saves `by_itself` is no act of the journal.
    Raises Overtaken if the step holds something else by now, Refusal for who may not fill in this case.
    """
    with database.atomic():
        current: Application = Application.get_by_id(application.id)
        moves.allow(current, SUBMIT, by=by, on=on)
        held = values(current, step)
        said = {**held, **{name: typed[name] for name in step.asked if name in typed}}
        # What the page has just saved by itself may come once more with the button.
        if stamp(held) != seen and said != held:
            raise Overtaken(moves.OVERTAKEN)
        moves.hold(current, on=on, **_columns(current, step, said, day_of(on)))
        if not by_itself:
            moves.note(current, "save_draft", by=by, on=on, details=step.title)
    return Saved(current, stamp(values(current, step)))


def discard(application: Application, folder: Path, *, by: User, on: dt.datetime) -> None:
    """Throw a draft away with all that belongs to it, files in `folder` (`settings.cases_dir`) included.

    Refusal for one that was filed before and came back to be corrected.
    """
    with database.atomic():
        moves.allow(application, SUBMIT, by=by, on=on)
        if application.number:
            raise Refusal(f"Заявление № {application.number} уже подавали: его можно исправить и подать снова, но не удалить.")
        moves.hold(application, on=on)
        Slot.update(application=None, booked_at=None).where(Slot.application == application).execute()
        held = {file.sha256 for file in CaseFile.select(CaseFile.sha256).where(CaseFile.application == application)}
        CaseFile.delete().where(CaseFile.application == application).execute()
        moves.note(application, "discard_draft", by=by, on=on)
        Application.delete().where(Application.id == application.id).execute()
    # Only now: what was rolled back still has its files.
    attachments.throw_away(held, folder)


def proves(ruling: Ruling, application: Application) -> bool:
    """Whether this row of an order gives the teacher of the case a category: established, and all names are the same."""
    same = (folded(getattr(ruling, name)) == folded(getattr(application, name)) for name in _NAMES)
    return bool(ruling.established) and all(same)


def _known_of(user: User) -> dict[str, str]:
    """What the account knows of a teacher already; the draft offers it to be changed."""
    names = dict(zip(_NAMES, user.full_name.split(maxsplit=2), strict=False))
    known = {**names, "phone_mobile": user.phone, "email": user.email or ""}
    return {name: text for name, text in known.items() if text}


def _columns(application: Application, step: Step, said: dict[str, str], today: dt.date) -> dict[str, Any]:
    """All columns after a step was filled in. A proof from the archive stays only with the name that it was found by."""
    ruling = _chosen(said[RULING]) if RULING in step.asked else application.held_ruling
    if RULING in step.asked and ruling:
        said |= _told_by(ruling, said)
    own = {name: text for name, text in said.items() if name not in {HOME, WAY, RULING}}
    kept = {name: text for name, text in application.answers.items() if name != answers.CONFIRMED}
    written = answers.columns({**kept, **own}, today)
    proof = ruling if ruling and proves(ruling, Application(**{name: written[name] for name in _NAMES})) else None
    if HOME in step.asked:
        written[HOME] = fields.line(Application.home_address, said[HOME][: Application.home_address.max_length], required=False)
    if WAY in step.asked:
        written[WAY] = said[WAY] if said[WAY] in WAYS else ""
    return {**written, RULING: proof}


def _chosen(ruling_id: str) -> Ruling | None:
    """The row of a published order with this id."""
    if not (ruling_id.isascii() and ruling_id.isdigit() and len(ruling_id) < 10):
        return None
    published = Ruling.select(Ruling, Order).join(Order).where(Order.status == "published", Ruling.id == int(ruling_id))
    found: Ruling | None = published.first()
    return found


def _told_by(ruling: Ruling, said: Mapping[str, str]) -> dict[str, str]:
    """What an order says about the category, for rows of the form that are still empty."""
    order = ruling.order
    told = {
        "held_category": Category(ruling.category).label,
        "held_since": f"{order.registered_on:%d.%m.%Y}",
        "held_act": f"распоряжение от {order.registered_on:%d.%m.%Y} № {order.number}",
    }
    return {name: text for name, text in told.items() if not said[name] or said[name] == "нет"}
