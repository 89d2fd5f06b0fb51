"""What the office does with letters: let held ones go, call them back, send failed ones again, mark what has come back.

Each is one transaction with its journal. Letters about accounts are nobody's but their addressee's: they are not touched here.
"""

import datetime as dt
from typing import Any

from peewee import Expression, Field

from ...models import Application, Declined, Letter, Representative, Review, User, database
from ...procedure.refusal import Refusal
from ...site import fields, jobs, journal
from ...site.letters.declension import Kind
from ...site.letters.outbox import JOB, let_go, ways
from ...site.letters.words import titles
from ..access import Permission, require

CHANGED = "Пока вы смотрели, с письмом уже что-то сделали. Посмотрите на него ещё раз."
LIST_CHANGED = "Пока вы смотрели, список задержанных писем изменился. Проверьте его ещё раз."
_GONE = ("sent", "bounced")


def within_reach(user: User) -> Expression:
    """The condition for letters that this person may look after: not those of cases in which they ask, or act, or judge.

    Nor those about complaints, whose addressees are confidential: what became of them shows the page of the complaint.
    """
    reach: Expression = Letter.application.is_null() | not_own(Letter.application, user)
    return Letter.complaint.is_null() & reach


def case_within_reach(user: User) -> Expression:
    """The same for cases themselves."""
    return not_own(Application.id, user)


def not_own(case: Field, user: User) -> Expression:
    """The same for whatever names a case in this column."""
    acting = Representative.user == user, Representative.ended_at.is_null()
    own = (
        Application.select(Application.id).where(Application.applicant == user),
        Representative.select(Representative.application).where(*acting),
        Review.select(Review.application).where(Review.expert == user),
    )
    apart: Expression = case.not_in(own[0]) & case.not_in(own[1]) & case.not_in(own[2])
    return apart


def release(letter: Letter, *, by: User, on: dt.datetime) -> Letter:
    """Let a held letter go."""
    with database.atomic():
        _require(letter, by)
        _go(letter, "held", on)
        _note("release_letter", letter, by, on)
    return letter


def held(user: User) -> Any:
    """The held letters that this person may let go, the oldest first, with addressee and case."""
    query = Letter.select(Letter, User, Application).left_outer_join(User).switch(Letter).left_outer_join(Application)
    return query.where(Letter.state == "held", within_reach(user)).order_by(Letter.id)


def release_all(*, last: int, count: int, by: User, on: dt.datetime) -> int:
    """Let all held letters go up to the last one that the person has seen; Refusal if there are not as many any more."""
    require(by, Permission.KEEP_LETTERS)
    with database.atomic():
        waiting = list(held(by).where(Letter.id <= last))
        if len(waiting) != count:
            raise Refusal(LIST_CHANGED)
        for letter in waiting:
            _go(letter, "held", on)
            _note("release_letter", letter, by, on)
    return count


def recall(letter: Letter, *, by: User, on: dt.datetime) -> Letter:
    """Take a held letter out: it is never sent."""
    with database.atomic():
        _require(letter, by)
        _change(letter, ("held",), state="recalled")
        _note("recall_letter", letter, by, on)
    return letter


def retry(letter: Letter, *, by: User, on: dt.datetime) -> Letter:
    """Send a letter again that has failed or come back, from the first try on, to the address that the person has now."""
    with database.atomic():
        _require(letter, by)
        if letter.private:
            raise Refusal("Текст этого письма уже стёрт: человек может запросить его ещё раз сам.")
        state = "bounced" if letter.state == "bounced" else "failed"
        if letter.user:
            _change(letter, (state,), address=dict(ways(letter.user)).get(letter.channel, letter.address))
        _go(letter, state, on)
        _note("retry_letter", letter, by, on)
    return letter


def bounce(letter: Letter, reason: str, *, on: dt.datetime) -> Letter:
    """Mark a letter that the addressee's server has sent back; the system does it. Nothing for one that is marked already."""
    with database.atomic():
        if letter.state == "bounced":
            return letter
        _change(letter, ("sent",), state="bounced", error=" ".join(reason.split())[: Letter.error.max_length])
        _note("bounce_letter", letter, None, on)
    return letter


def confirm_form(kind: Kind, words: str, genitive: str, *, by: User, on: dt.datetime) -> None:
    """Keep the genitive of a name or a position as this clerk says it is; letters written from now on use it."""
    require(by, Permission.ENTER_CASES)
    named, form = fields.line(Declined.words, words), fields.line(Declined.genitive, genitive)
    told = {Declined.genitive: form, Declined.confirmed_by: by, Declined.confirmed_at: on}
    added = Declined.insert({Declined.kind: kind.value, Declined.words: named, **told})
    with database.atomic():
        added.on_conflict(conflict_target=[Declined.kind, Declined.words], update=told).execute()
        kept = Declined.get(Declined.kind == kind.value, Declined.words == named)
        journal.write(by=by, on=on, verb="confirm_form", subject="declined", subject_id=kept.id, details=kind.label)


def last_sent_to(address: str) -> Letter | None:
    """The latest mail that went to this address."""
    sent = Letter.address == address.strip().lower(), Letter.channel == "email", Letter.state.in_(_GONE)
    found: Letter | None = Letter.select().where(*sent).order_by(Letter.sent_at.desc(), Letter.id.desc()).first()
    return found


def by_message_id(message_id: str) -> Letter | None:
    """The mail with this Message-ID, in angle brackets or without."""
    bare = message_id.strip().strip("<>")
    found: Letter | None = Letter.get_or_none(Letter.message_id == f"<{bare}>") if bare else None
    return found


def _require(letter: Letter, by: User) -> None:
    require(by, Permission.KEEP_LETTERS)
    if not Letter.select().where(Letter.id == letter.id, within_reach(by)).exists():
        raise Refusal("Это письмо по делу, в котором вы участвуете сами: им занимается другой сотрудник.")


def _go(letter: Letter, state: str, on: dt.datetime) -> None:
    _change(letter, (state,), **let_go(letter, on=on))
    if letter.state == "queued":
        jobs.queue(JOB, letter.id)


def _change(letter: Letter, states: tuple[str, ...], **values: Any) -> None:
    """Write, if the letter is still in one of these states; Refusal if not."""
    if not Letter.update(values).where(Letter.id == letter.id, Letter.state.in_(states)).execute():
        raise Refusal(CHANGED)
    for name, value in values.items():
        setattr(letter, name, value)


def _note(verb: str, letter: Letter, by: User | None, on: dt.datetime) -> None:
    """The journal names the letter and the case, not the addressee."""
    title = titles().get(letter.name, letter.name)
    about = f"{title}, заявление {letter.application}" if letter.application else title
    about = "письмо по жалобе" if letter.complaint_id else about
    journal.write(by=by, on=on, verb=verb, subject="letter", subject_id=letter.id, details=about)
