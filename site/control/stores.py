"""What is kept for a time: which records are over it, and how one of them, or a portion of them, is destroyed.

How long each store is kept says `procedure/office/retention.toml`. A store asks again at the moment of destruction whether a
record is still over its time: what was touched meanwhile stays.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peewee import Expression, ModelSelect, fn

from ...models import (
    Application,
    CaseEvent,
    CaseFile,
    Complaint,
    Conclusion,
    Correction,
    FailedSignIn,
    Hearing,
    InspectedCase,
    Inspection,
    Job,
    Letter,
    OneTimeToken,
    Paper,
    Record,
    Ruling,
    SignIn,
    Slot,
    Subscriber,
    Subscription,
    database,
    locked,
)
from ...procedure.control import Store, stores
from ...procedure.road import road
from ..cases import attachments
from ..cases.sight import DRAFT
from ..dates import CITY
from ..figures import plural

AT_ONCE = 500


@dataclass(frozen=True)
class Item:
    """A record to be destroyed: what an act says of it, without a name of a person. `sha256`, `size`: of a file."""

    target: int
    about: str
    sha256: str = ""
    size: int = 0


def moment(day: dt.date) -> dt.datetime:
    """The beginning of a day where the office is."""
    return dt.datetime.combine(day, dt.time.min, CITY)


class Shelf(ABC):
    """The records of one store. `since`: the first day that is still kept."""

    record: type[Record]

    @abstractmethod
    def over(self, since: dt.date) -> "ModelSelect[Any]":
        """The records whose time is over."""

    def count(self, since: dt.date) -> int:
        """How many there are; one query."""
        return self.over(since).count()


class Listed(Shelf):
    """A store whose records an act names one by one."""

    @abstractmethod
    def items(self, since: dt.date) -> Iterator[Item]:
        """What an act says of each."""

    def destroy(self, target: int, since: dt.date, folder: Path) -> bool:
        """Destroy one record with what belongs to it; whether it was. False: it is in use again, and stays.

        One that is gone already counts as destroyed: whoever was killed in between begins anew.
        """
        with database.atomic():
            there = locked(self.record.select().where(self.record.id == target)).first()
            if there is not None and not self.over(since).where(self.record.id == target).exists():
                return False
            self.remove(target, folder)
        return True

    @abstractmethod
    def remove(self, target: int, folder: Path) -> None:
        """Take the record out of the tables, inside the transaction."""


class Counted(Shelf):
    """A store whose records an act only counts."""

    def destroy_some(self, since: dt.date) -> int:
        """Destroy a portion; how many. Call inside the transaction that counts them."""
        ids = [row.id for row in self.over(since).select(self.record.id).limit(AT_ONCE)]
        self.wipe(self.record.id.in_(ids)) if ids else None
        return len(ids)

    def wipe(self, these: Expression) -> None:
        self.record.delete().where(these).execute()


# --- Cases ------------------------------------------------------------------------------------------------------------------


class DraftFiles(Listed):
    """Files of drafts that nobody has touched and nobody has filed."""

    record = CaseFile

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        return CaseFile.select().join(Application).where(*_untouched(since))

    def items(self, since: dt.date) -> Iterator[Item]:
        for file in _with_case(self.over(since)):
            title = attachments.KINDS[file.kind].title
            yield Item(file.id, f"Черновик {file.application.id}: {_lower(title)}", file.sha256, file.size)

    def remove(self, target: int, folder: Path) -> None:
        CaseFile.delete().where(CaseFile.id == target).execute()


class Drafts(Listed):
    """The drafts themselves; one with a file stays until the file is gone."""

    record = Application

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        return Application.select().where(*_untouched(since))

    def items(self, since: dt.date) -> Iterator[Item]:
        for draft in self.over(since).order_by(Application.id):
            yield Item(draft.id, f"Черновик {draft.id}, последнее изменение {draft.changed_at.astimezone(CITY):%d.%m.%Y}")

    def destroy(self, target: int, since: dt.date, folder: Path) -> bool:
        if CaseFile.select().where(CaseFile.application == target).exists():
            return False
        return super().destroy(target, since, folder)

    def remove(self, target: int, folder: Path) -> None:
        Slot.update(application=None, booked_at=None).where(Slot.application == target).execute()
        Application.delete().where(Application.id == target).execute()


class Portfolios(Listed):
    """Files of closed cases, but not those that conclusions are made of, and not of a case that is being checked."""

    record = CaseFile

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        concluded = Conclusion.select(Conclusion.file).where(Conclusion.file.is_null(False))
        found = CaseFile.select().join(Application).where(Application.closed_on < since, CaseFile.id.not_in(concluded))
        return found.where(CaseFile.kind != attachments.CONCLUSION, *_free())

    def items(self, since: dt.date) -> Iterator[Item]:
        for file in _with_case(self.over(since)):
            title = attachments.KINDS[file.kind].title
            yield Item(file.id, f"Заявление {file.application}: {_lower(title)}", file.sha256, file.size)

    def remove(self, target: int, folder: Path) -> None:
        CaseFile.delete().where(CaseFile.id == target).execute()


class Inventories(Listed):
    """Inventories of closed cases, with the paper copy; one whose files are still there stays."""

    record = Application

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        received = CaseEvent.select(CaseEvent.application).where(CaseEvent.name == "portfolio_received", CaseEvent.day >= since)
        found = Application.select().where(Application.closed_on < since, Application.id.not_in(received))
        return found.where(Application.id.in_(Paper.select(Paper.application)), *_free())

    def items(self, since: dt.date) -> Iterator[Item]:
        lines = fn.COUNT(Paper.id)
        over = self.over(since).select(Application.id, Application.number, lines.alias("lines")).join(Paper)
        for case in over.group_by(Application.id, Application.number).order_by(Application.id):
            length = plural(case.lines, "строка", "строки", "строк")
            yield Item(case.id, f"Заявление {case}: опись ({length}) и её бумажная копия")

    def destroy(self, target: int, since: dt.date, folder: Path) -> bool:
        held = CaseFile.application == target, CaseFile.kind == attachments.PORTFOLIO
        if CaseFile.select().where(*held).exists():
            return False
        if not Paper.select().where(Paper.application == target).exists():
            return True
        return super().destroy(target, since, folder)

    def remove(self, target: int, folder: Path) -> None:
        Paper.delete().where(Paper.application == target).execute()


# --- Letters, sign-ins, jobs ------------------------------------------------------------------------------------------------


class Letters(Counted):
    """Texts of letters that went; that they went stays. What the cabinet shows is the teacher's own."""

    record = Letter

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        gone = Letter.state.in_(["sent", "recalled"]), Letter.channel != "cabinet", Letter.body != ""
        return Letter.select().where(*gone, fn.COALESCE(Letter.sent_at, Letter.created_at) < _plain(since))

    def wipe(self, these: Expression) -> None:
        Letter.update(body="").where(these).execute()


class Sessions(Counted):
    """Sessions that are long over."""

    record = SignIn

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        return SignIn.select().where(SignIn.seen_at < moment(since))


class FailedSignIns(Counted):
    """Wrong passwords that the throttle has long forgotten."""

    record = FailedSignIn

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        return FailedSignIn.select().where(FailedSignIn.at < moment(since))


class Tokens(Counted):
    """Links that do not work any more."""

    record = OneTimeToken

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        return OneTimeToken.select().where(OneTimeToken.expires_at < moment(since))


class Subscriptions(Counted):
    """Subscriptions that nobody confirmed; the mailboxes of which nothing else is known go with them."""

    record = Subscription

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        return Subscription.select().where(Subscription.confirmed_at.is_null(), Subscription.asked_at < moment(since))

    def wipe(self, these: Expression) -> None:
        Subscription.delete().where(these).execute()
        Subscriber.delete().where(Subscriber.id.not_in(Subscription.select(Subscription.subscriber))).execute()


class SubscriptionLetters(Counted):
    """Letters to subscribers, with the addresses they went to."""

    record = Letter

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        gone = Letter.subscriber.is_null(False), Letter.state.in_(["sent", "failed", "bounced", "recalled"])
        return Letter.select().where(*gone, fn.COALESCE(Letter.sent_at, Letter.created_at) < _plain(since))


class Jobs(Counted):
    """Jobs that have come to an end."""

    record = Job

    def over(self, since: dt.date) -> "ModelSelect[Any]":
        return Job.select().where(Job.state.in_(["done", "failed"]), Job.finished_at < moment(since))


SHELVES: dict[str, Listed | Counted] = {
    "draft_files": DraftFiles(),
    "drafts": Drafts(),
    "portfolios": Portfolios(),
    "inventories": Inventories(),
    "letters": Letters(),
    "sessions": Sessions(),
    "failed_sign_ins": FailedSignIns(),
    "tokens": Tokens(),
    "subscriptions": Subscriptions(),
    "subscription_letters": SubscriptionLetters(),
    "jobs": Jobs(),
}


def due(today: dt.date) -> list[tuple[Store, int]]:
    """Every store with how many of its records are over their time; one query each."""
    return [(store, SHELVES[store.name].count(store.kept_since(today))) for store in stores()]


def _untouched(since: dt.date) -> tuple[Expression, ...]:
    return (Application.status == DRAFT, Application.number.is_null(), Application.changed_at < moment(since), *_free())


def _free() -> tuple[Expression, ...]:
    """The conditions for cases that nobody looks at any more: no inspection of them is open, no complaint, no request for
    correction, be it about the case itself or about an order with a row of it."""
    inspected = InspectedCase.select(InspectedCase.application).join(Inspection).where(Inspection.closed_at.is_null())
    complaints = Complaint.status.not_in(_over("complaint"))
    corrections = Correction.status.not_in(_over("correction"))
    about = Complaint.select(Complaint.application).where(complaints, Complaint.application.is_null(False))
    orders = Ruling.order.in_(Complaint.select(Complaint.order).where(complaints))
    orders |= Ruling.order.in_(Correction.select(Correction.order).where(corrections))
    decided = Hearing.select(Hearing.application).join(Ruling, on=(Ruling.hearing == Hearing.id)).where(orders)
    return tuple(Application.id.not_in(cases) for cases in (inspected, about, decided))


def _over(record: str) -> list[str]:
    """The statuses in which the road of a kind of record has ended."""
    return sorted(status.name for status in road(record).states if status.final)


def _with_case(files: "ModelSelect[Any]") -> "ModelSelect[Any]":
    return files.select(CaseFile, Application.id, Application.number).order_by(CaseFile.id)


def _plain(since: dt.date) -> dt.datetime:
    """The moment as the tables hold it, for an expression whose type peewee does not know."""
    return moment(since).astimezone(dt.UTC).replace(tzinfo=None)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
