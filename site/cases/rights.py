"""Who sees which part of a case: one table for desks, cabinet and files alike. Who may act stands in the moves of the road."""

import datetime as dt
from enum import StrEnum

from ...models import Application, User
from ...procedure.road import road
from ...procedure.words import CaseRole
from .people import APPLICANTS, OFFICE, roles_in
from .sight import unfiled


class Part(StrEnum):
    """A part of a case; the value finishes the sentence «Вам недоступно: …»."""

    APPLICATION = "заявление"
    CONTACTS = "телефон, адрес почты и дата рождения педагога"
    PORTFOLIO = "папка педагога"
    SELF_SCORE = "самооценка педагога"
    EXPERTS = "состав экспертов"
    COMMENTS = "комментарии дополнительных экспертов"
    FIRST_CONCLUSION = "заключение"
    SECOND_CONCLUSION = "второе заключение"
    DISSENT = "протокол разногласий"
    HEARING = "голосование комиссии"
    MESSAGES = "переписка с педагогом"
    LETTERS = "письма по делу"
    HISTORY = "история дела"
    CHECKS = "отметки о проверке документов"


JUDGES = frozenset({CaseRole.MAIN_EXPERT, CaseRole.ADDITIONAL_EXPERT})
READERS = frozenset({CaseRole.SECRETARY, CaseRole.DEPUTY_CHAIR, CaseRole.CHAIR, CaseRole.GROUP_LEADER, CaseRole.INSPECTOR})

SEEN: dict[Part, frozenset[CaseRole]] = {
    Part.APPLICATION: frozenset(CaseRole),
    # An expert judges papers and needs neither a telephone nor an address.
    Part.CONTACTS: APPLICANTS | {CaseRole.REGISTRAR, CaseRole.SECRETARY, CaseRole.DEPUTY_CHAIR},
    Part.PORTFOLIO: frozenset(CaseRole),
    Part.SELF_SCORE: APPLICANTS,
    # The teacher meets the names in the conclusion; the second expert does not learn who the first one is (3.3.2).
    Part.EXPERTS: OFFICE | JUDGES,
    Part.COMMENTS: READERS | JUDGES,
    Part.FIRST_CONCLUSION: READERS | APPLICANTS | JUDGES,
    Part.SECOND_CONCLUSION: READERS | APPLICANTS | {CaseRole.SECOND_EXPERT},
    Part.DISSENT: READERS | JUDGES,
    # Who voted how: the minutes are for those who keep and lead the commission, and for control.
    Part.HEARING: frozenset({CaseRole.SECRETARY, CaseRole.DEPUTY_CHAIR, CaseRole.CHAIR, CaseRole.INSPECTOR}),
    Part.MESSAGES: APPLICANTS | {CaseRole.REGISTRAR, CaseRole.SECRETARY},
    Part.LETTERS: APPLICANTS | {CaseRole.REGISTRAR, CaseRole.SECRETARY},
    Part.HISTORY: OFFICE,
    Part.CHECKS: OFFICE,
}
CONCLUSIONS = frozenset({Part.FIRST_CONCLUSION, Part.SECOND_CONCLUSION})
READING = "read_conclusion"


def parts_seen(application: Application, user: User | None, today: dt.date) -> frozenset[Part]:
    """The parts of the case that this person sees; none for a stranger, who cannot tell it from a case that is not there."""
    return seen_by(application, roles_in(application, user, today))


def seen_by(application: Application, roles: frozenset[CaseRole]) -> frozenset[Part]:
    """The parts of the case that these roles see while it stands where it stands.

    A draft that was never filed is seen by the teacher's side alone. Conclusions are seen by that side only where it may mark
    them as read: before that they are being written, or a second expert is at work who must not hear of the first conclusion
    from the teacher (3.3.2).
    """
    if unfiled(application):
        roles &= APPLICANTS
    found = frozenset(part for part, who in SEEN.items() if not who.isdisjoint(roles))
    if (
        roles
        and roles <= APPLICANTS
        and application.status not in road("application", application.edition).move(READING).sources
    ):
        return found - CONCLUSIONS
    return found
