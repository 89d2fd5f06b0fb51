"""The record of disagreement (протокол разногласий): drawn up by the main expert, signed by all three (18 of the letter)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from peewee import JOIN, CharField

from ....models import Application, Dissent, DissentSignature, Expert, Review, User, database
from ....procedure.refusal import Refusal
from ....procedure.words import CaseRole
from ....site import fields
from ....site.cases import moves
from ....site.cases.conclusions import initials
from ....site.cases.facts import NEGATIVE
from ....site.dates import CITY, day_of

EARLIEST_YEAR = 2000
REASONS = CharField(4000, verbose_name="Причины конфликтной ситуации")


@dataclass(frozen=True)
class Record:
    """The five facts of the record, as they are typed. `analysed_at`: the moment of the analysis."""

    analysed_at: dt.datetime
    person: str
    position: str
    organization: str
    reasons: str


@dataclass(frozen=True)
class Signatory:
    """An expert who has to sign, and when they did."""

    user: User
    role: CaseRole
    position: str
    signed_at: dt.datetime | None


def dissent_of(application: Application) -> Dissent | None:
    """The record of this case; one query."""
    found: Dissent | None = Dissent.get_or_none(Dissent.application == application)
    return found


def needed(application: Application) -> bool:
    """Whether the conclusion is negative, which is what the record is for; one query."""
    main = Review.application == application, Review.role == CaseRole.MAIN_EXPERT, Review.ended_at.is_null()
    return bool(Review.select().where(*main, Review.outcome == NEGATIVE).exists())


def as_seen(dissent: Dissent, version: int | None) -> Dissent:
    """The record, if it still says what the person's screen showed; Refusal otherwise."""
    if dissent.version != version:
        raise Refusal("Протокол уже изменён: прочтите его заново.")
    return dissent


def draw_up(application: Application, record: Record, *, version: int | None = None, by: User, on: dt.datetime) -> Application:
    """Write the record, or write it anew (`version` of what was seen): whoever has signed the old one signs again."""
    if not needed(application):
        raise Refusal("Протокол разногласий составляют, когда вывод заключения отрицательный.")
    if record.analysed_at.year < EARLIEST_YEAR:
        raise Refusal("Проверьте год в дате анализа.")
    if record.analysed_at > on:
        raise Refusal("Анализ ещё не проводился: укажите дату и время, которые уже прошли.")
    written = {
        "analysed_at": record.analysed_at,
        "person": fields.line(Dissent.person, record.person),
        "position": fields.line(Dissent.position, record.position),
        "organization": fields.line(Dissent.organization, record.organization),
        "reasons": fields.paragraph(REASONS, record.reasons, required=True),
        "drawn_up_by": by,
        "drawn_up_at": on,
    }
    with database.atomic():
        moves.allow(application, "draw_up_dissent", by=by, on=on)
        present = dissent_of(application)
        if present is None:
            # Whoever is second in the same moment writes nothing here, and is refused by the move.
            Dissent.insert(application=application, **written).on_conflict_ignore().execute()
        else:
            as_seen(present, version)
            Dissent.update({**written, "version": present.version + 1}).where(Dissent.id == present.id).execute()
            DissentSignature.delete().where(DissentSignature.dissent == present).execute()
        return moves.make(application, "draw_up_dissent", by=by, on=on)


def sign(application: Application, dissent: Dissent, *, by: User, on: dt.datetime) -> Application:
    """An expert of the case signs the record as it stands."""
    with database.atomic():
        moves.allow(application, "sign_dissent", by=by, on=on)
        mine = DissentSignature.dissent == dissent, DissentSignature.expert == by
        if DissentSignature.select().where(*mine).exists():
            raise Refusal("Вы уже подписали этот протокол.")
        DissentSignature.insert(dissent=dissent, expert=by, signed_at=on).on_conflict_ignore().execute()
        return moves.make(application, "sign_dissent", by=by, on=on)


def signatories(application: Application, dissent: Dissent | None) -> tuple[Signatory, ...]:
    """Who has to sign, the main expert first, each with the moment of signing; two queries."""
    reviews = (
        Review.select(Review, User, Expert)
        .join(User)
        .join(Expert, JOIN.LEFT_OUTER, on=Expert.user == User.id, attr="listed")
        .where(Review.application == application, Review.ended_at.is_null())
        .order_by(Review.role == CaseRole.ADDITIONAL_EXPERT, Review.id)
    )
    signatures = DissentSignature.select().where(DissentSignature.dissent == dissent)
    signed = {row.expert_id: row.signed_at for row in signatures} if dissent else {}
    return tuple(
        Signatory(
            user=review.expert,
            role=CaseRole(review.role),
            position=getattr(getattr(review.expert, "listed", None), "position", "") or "",
            signed_at=signed.get(review.expert_id),
        )
        for review in reviews
    )


def printed_answers(dissent: Dissent, signing: tuple[Signatory, ...]) -> Mapping[str, str]:
    """What the form `dissent` prints of this record."""
    answers = {
        "held_at": f"{dissent.analysed_at.astimezone(CITY):%d.%m.%Y, %H:%M}",
        "teacher": dissent.person,
        "position": dissent.position,
        "organization": dissent.organization,
        "reasons": dissent.reasons,
    }
    for number, one in enumerate(signing, 1):
        answers[f"specialist_{number}"] = initials(one.user.full_name)
        answers[f"specialist_{number}_position"] = one.position
        answers[f"specialist_{number}_signature"] = f"подписано {day_of(one.signed_at):%d.%m.%Y}" if one.signed_at else ""
    return answers
