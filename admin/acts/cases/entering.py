"""Applications that came on paper, entered by the office for the teacher; the same one twice, and how two become one."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from peewee import Expression, ModelSelect, fn

from ....models import Application, CaseFile, Duty, Message, Paper, Review, Slot, User, database
from ....procedure.refusal import Refusal
from ....procedure.road import road
from ....procedure.terms import terms
from ....procedure.words import Channel
from ....site import fields
from ....site.cases import answers, duties, moves
from ....site.cases.people import OFFICE, roles_in
from ....site.cases.sight import unfiled
from ....site.dates import day_of
from ....site.fields import folded
from ...access import Permission, require
from .intake import ACCEPTS

SHEETS = "mfc_sheets"
MOST_SHEETS = 10_000
REASON = moves.REASON


@dataclass(frozen=True)
class Brought:
    """An application on paper: how and on which day it came, what is written in it (the fields of appendix 1 by name), how
    many one-sided sheets there are, and whether the MFC has scanned them or the folder comes on paper."""

    channel: Channel
    filed_on: dt.date
    answers: Mapping[str, str]
    sheets: int | None = None
    way: str = "paper"


def channels(edition: str) -> tuple[Channel, ...]:
    """The ways other than the cabinet by which applications come in under this procedure; none where it knows no paper."""
    known = {move.verb for move in road("application", edition).moves}
    return tuple(channel for channel, verb in ACCEPTS.items() if verb in known)


def enter(brought: Brought, *, edition: str, by: User, on: dt.datetime) -> Application:
    """A draft with what is on the paper; it becomes an application when it is taken over (`intake.accept`).

    Refusal when somebody cannot be told from others by it: no surname, name, position or category (2.6.1).
    """
    require(by, Permission.ENTER_CASES)
    if brought.channel not in channels(edition):
        raise Refusal("По этому порядку заявления подают только через личный кабинет.")
    columns = answers.columns(brought.answers, day_of(on))
    if not all((columns["surname"], columns["name"], columns["position"], columns["category"])):
        raise Refusal(f"Пока {road('application', edition).facts['applicant_named']}.", "2.6.1")
    if brought.filed_on > day_of(on):
        raise Refusal("День подачи ещё не наступил: проверьте дату.")
    _require_few_sheets(brought, edition)
    with database.atomic():
        made: Application = Application.create(
            edition=edition,
            channel=brought.channel.value,
            status=road("application", edition).states[0].name,
            entered_by=by,
            portfolio_way="paper" if brought.channel is Channel.POST else brought.way,
            filed_on=brought.filed_on,
            mfc_sheets=brought.sheets if brought.channel is Channel.MFC else None,
            created_at=on,
            changed_at=on,
            **columns,
        )
        duties.refresh(made, day_of(on))
        moves.note(made, "enter_case", by=by, on=on, details=brought.channel.label)
    return made


def alike(surname: str, name: str, born_on: dt.date | None, position: str, *, but: int | None = None) -> list[Application]:
    """Applications on the road or in the office's drafts of the same person for the same position, the newest first.

    The same: surname and name whatever the letter case and ё, the position likewise, the day of birth where both tell it.
    Two queries at most.
    """
    found: dict[int, Application] = {}
    for condition in _candidates(surname, name, born_on):
        for other in _standing().where(condition).order_by(Application.id.desc()).limit(200):
            same = (other.surname, surname), (other.name, name), (other.position, position)
            born = born_on is None or other.born_on is None or other.born_on == born_on
            if born and other.id != but and all(folded(one) == folded(two) for one, two in same):
                found[other.id] = other
    return [found[id] for id in sorted(found, reverse=True)]


def merge(duplicate: Application, into: Application, *, reason: str, by: User, on: dt.datetime) -> Application:
    """Hand everything of one application over to another of the same person; its number goes on leading there.

    Both are held: Refusal when either has changed, is merged or belongs to somebody else, or the duplicate has got as far as
    experts or a decision. The clerk confirms by a reason, which stands in both histories.
    """
    require(by, Permission.ENTER_CASES)
    for one in (duplicate, into):
        # Not who asks or judges there, whatever their role in the office; nor anybody what a teacher is still writing.
        if unfiled(one) or roles_in(one, by, day_of(on)).isdisjoint(OFFICE):
            raise Refusal("Вам недоступно: одно из этих заявлений вы не ведёте.")
    _require_mergeable(duplicate, into)
    why = fields.line(REASON, reason)
    with database.atomic():
        moves.hold(duplicate, on=on, merged_into=into, due_on=None, due_term="")
        moves.hold(into, on=on, **_missing_in(into, duplicate))
        _hand_over(duplicate, into)
        Duty.delete().where(Duty.application == duplicate).execute()
        duties.refresh(into, day_of(on))
        moves.note(duplicate, "merge_case", by=by, on=on, details=f"с заявлением {into}; {why}")
        moves.note(into, "take_over_case", by=by, on=on, details=f"от заявления {duplicate}; {why}")
    return into


def _require_few_sheets(brought: Brought, edition: str) -> None:
    if brought.channel is not Channel.MFC:
        return
    limit = terms(edition).limit(SHEETS)
    if brought.sheets is None or not 0 <= brought.sheets <= MOST_SHEETS:
        raise Refusal("Укажите, сколько листов с одной стороны в папке из МФЦ.", limit.clause)
    if brought.sheets > limit.number and brought.way != "paper":
        raise Refusal(
            f"В папке {brought.sheets} листов, а МФЦ сканирует не больше {limit.number}: такую папку сдают на бумаге по записи."
            " Выберите «на бумаге, по записи на приём».",
            limit.clause,
        )


def _standing() -> "ModelSelect[Application]":
    """Applications that stand for themselves and are the office's business."""
    filed = Application.number.is_null(False) | Application.entered_by.is_null(False)
    return Application.select().where(Application.merged_into.is_null(), filed)


def _candidates(surname: str, name: str, born_on: dt.date | None) -> list[Expression]:
    """Conditions that an index answers: the same day of birth, or the same surname as it is typed."""
    named: Expression = (Application.surname == surname) & (Application.name == name)
    if born_on is None:
        return [named]
    born: Expression = Application.born_on == born_on
    return [born, named & Application.born_on.is_null()]


def _require_mergeable(duplicate: Application, into: Application) -> None:
    if duplicate.id == into.id:
        raise Refusal("Это одно и то же заявление.")
    if duplicate.merged_into_id or into.merged_into_id:
        raise Refusal("Одно из заявлений уже объединено с другим: обновите страницу.")
    if duplicate.edition != into.edition:
        raise Refusal("Заявления поданы по разным порядкам: объединить их нельзя.")
    born = duplicate.born_on, into.born_on
    same = folded(duplicate.surname) == folded(into.surname) and folded(duplicate.name) == folded(into.name)
    if not same or (all(born) and born[0] != born[1]):
        raise Refusal("Это заявления разных людей: фамилия, имя или дата рождения не совпадают.")
    if duplicate.applicant_id and into.applicant_id and duplicate.applicant_id != into.applicant_id:
        raise Refusal("Заявления поданы из разных кабинетов: попросите педагога отозвать лишнее.")
    whole = road("application", into.edition)
    if whole.status(into.status).final:
        raise Refusal("Дело, с которым объединяют, уже закрыто.")
    if duplicate.decision or Review.select().where(Review.application == duplicate).exists():
        raise Refusal("По этому заявлению уже назначены эксперты: объединяют, наоборот, второе с ним.")


def _missing_in(into: Application, duplicate: Application) -> dict[str, object]:
    """What the remaining application does not know and the other one does."""
    known = ("applicant", "born_on", "patronymic", "organization", "held_ruling", "home_address")
    return {name: duplicate.__data__[name] for name in known if not into.__data__[name] and duplicate.__data__[name]}


def _hand_over(duplicate: Application, into: Application) -> None:
    last = Paper.select(fn.MAX(Paper.number)).where(Paper.application == into).scalar() or 0
    for number, paper in enumerate(list(duplicate.papers.order_by(Paper.number)), last + 1):
        Paper.update(application=into, number=number).where(Paper.id == paper.id).execute()
    for record in (CaseFile, Message):
        record.update(application=into).where(record.application == duplicate).execute()
    booked = Slot.select().where(Slot.application == into, ~Slot.missed).exists()
    given: dict[str, object] = {"application": None, "booked_at": None} if booked else {"application": into.id}
    Slot.update(given).where(Slot.application == duplicate, ~Slot.missed).execute()
