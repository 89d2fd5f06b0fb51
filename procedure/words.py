"""Words with one fixed meaning that records, pages and documents share. Labels are the source's own."""

from enum import StrEnum


class Category(StrEnum):
    """Qualification category a teacher may ask for (2.1)."""

    FIRST = "first"
    HIGHEST = "highest"

    @property
    def label(self) -> str:
        return {"first": "первая", "highest": "высшая"}[self.value]


class OrderKind(StrEnum):
    """Kinds of order: the result of the service (2.3) and the mending of its errors (3.7.2)."""

    DECISION = "decision"
    AMENDMENT = "amendment"

    @property
    def label(self) -> str:
        return {"decision": "Об установлении (отказе)", "amendment": "О внесении изменений"}[self.value]


class Role(StrEnum):
    """Who works in the office. Whom each of them is in a case of attestation says `site/cases/people.py`."""

    REGISTRAR = "reception"
    SECRETARY = "secretary"
    LEADER = "leader"
    EXPERT = "expert"
    DEPUTY_CHAIR = "deputy"
    CHAIR = "chairperson"
    ENDORSER = "endorser"
    PUBLISHER = "publisher"
    COMPLAINTS = "complaints"
    CONTROLLER = "controller"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return {
            "reception": "регистратор",
            "secretary": "секретарь комиссии",
            "leader": "руководитель экспертной группы",
            "expert": "эксперт",
            "deputy": "заместитель председателя комиссии",
            "chairperson": "председатель комиссии",
            "endorser": "согласующий",
            "publisher": "публикатор",
            "complaints": "ответственный за жалобы",
            "controller": "начальник отдела аттестации",
            "editor": "редактор",
            "admin": "администратор",
        }[self.value]


class LocalRole(StrEnum):
    """What somebody may do at one place of the content tree: by their role in the office, or because the section is shared."""

    AUTHOR = "author"
    APPROVER = "approver"

    @property
    def label(self) -> str:
        return {"author": "пишет и правит", "approver": "пишет, правит и публикует"}[self.value]


class CaseRole(StrEnum):
    """Who somebody is in one case of attestation; what the source calls them there stands in the road of the edition.

    No word of it is a word of `Role`: strings of both would be equal, and a right in the office would pass for one in the case.
    """

    TEACHER = "teacher"
    REPRESENTATIVE = "representative"
    REGISTRAR = "registrar"
    SECRETARY = "commission_secretary"
    GROUP_LEADER = "group_leader"
    MAIN_EXPERT = "main_expert"
    ADDITIONAL_EXPERT = "additional_expert"
    SECOND_EXPERT = "second_expert"
    DEPUTY_CHAIR = "deputy_chair"
    CHAIR = "chair"
    INSPECTOR = "inspector"

    @property
    def label(self) -> str:
        return {
            "teacher": "педагог",
            "representative": "представитель педагога",
            "registrar": "регистратор",
            "commission_secretary": "секретарь комиссии",
            "group_leader": "руководитель экспертной группы",
            "main_expert": "основной эксперт",
            "additional_expert": "дополнительный эксперт",
            "second_expert": "второй эксперт",
            "deputy_chair": "заместитель председателя комиссии",
            "chair": "председатель комиссии",
            "inspector": "начальник отдела аттестации",
        }[self.value]


class Seat(StrEnum):
    """A seat in the commission (3.4.2, 3.4.3)."""

    CHAIR = "chair"
    DEPUTY = "deputy_chair"
    SECRETARY = "secretary"
    MEMBER = "member"

    @property
    def label(self) -> str:
        return {
            "chair": "председатель комиссии",
            "deputy_chair": "заместитель председателя комиссии",
            "secretary": "секретарь комиссии",
            "member": "член комиссии",
        }[self.value]


class Decision(StrEnum):
    """What the commission decides on a case (3.4.5), and the move that announces it."""

    ESTABLISH = "establish"
    REFUSE = "refuse"

    @property
    def label(self) -> str:
        return {"establish": "установить категорию", "refuse": "отказать в установлении категории"}[self.value]


class Choice(StrEnum):
    """How a member votes in the open voting (3.4.4). It knows no abstention: who does not vote is not counted."""

    FOR = "for"
    AGAINST = "against"

    @property
    def label(self) -> str:
        return {"for": "за", "against": "против"}[self.value]


class Channel(StrEnum):
    """How an application came in (2.17.4)."""

    PORTAL = "portal"
    MFC = "mfc"
    POST = "post"

    @property
    def label(self) -> str:
        return {"portal": "через личный кабинет", "mfc": "через МФЦ", "post": "по почте"}[self.value]


class ComplaintChannel(StrEnum):
    """How a complaint came in (5.4.1)."""

    FORM = "form"
    POST = "post"
    MFC = "mfc"
    IN_PERSON = "in_person"

    @property
    def label(self) -> str:
        return {"form": "через сайт", "post": "по почте", "mfc": "через МФЦ", "in_person": "на личном приёме"}[self.value]


class CorrectionChannel(StrEnum):
    """How a request to correct an order came in (3.7.1)."""

    FORM = "form"
    PAPER = "paper"

    @property
    def label(self) -> str:
        return {"form": "через сайт", "paper": "на бумаге"}[self.value]


class SubscriptionKind(StrEnum):
    """What somebody without an account is written to about."""

    ORDERS = "orders"
    ORGANIZATION = "organization"
    CHANGES = "changes"

    @property
    def label(self) -> str:
        return {
            "orders": "Новые распоряжения",
            "organization": "Решения по одной организации",
            "changes": "Изменения опубликованного",
        }[self.value]


class NodeKind(StrEnum):
    """Kinds of material in the content tree of the site."""

    FOLDER = "folder"
    PAGE = "page"
    NEWS = "news"
    FILE = "file"
    LINK = "link"
    LISTING = "listing"

    @property
    def label(self) -> str:
        return {
            "folder": "раздел",
            "page": "страница",
            "news": "новость",
            "file": "файл",
            "link": "ссылка",
            "listing": "подборка",
        }[self.value]
