"""How applications go through the year: steps with the days before each, and out of how many applications so many go so."""

from attestation.admin.demo.cases import Plan
from attestation.procedure.words import Channel
from attestation.site.cases.facts import NEGATIVE

SPB_EDITION, LENOBL_EDITION = "spb-2021-04-13", "lenobl-2022-03-01"
Steps = tuple[tuple[str, int], ...]

_OPEN: Steps = (("submit", 0), ("register", 1), ("set_term", 9))
_TAKEN: Steps = (("register", 1), ("take_portfolio", 0), ("set_term", 3))
_REVIEW: Steps = (("start_review", 4),)
_DONE: Steps = (("conclude", 12), ("propose_for_sitting", 2))
_SECOND: Steps = (("conclude_against", 11), ("start_second_review", 3), ("conclude_second", 9), ("propose_for_sitting", 2))
_READ: Steps = (("conclude", 12), ("read_conclusion", 1), ("propose_for_sitting", 2))
_RETURNED: Steps = (("conclude", 9), ("return_conclusion", 2), ("conclude", 4), ("propose_for_sitting", 2))
_REPLACED: Steps = (("replace_expert", 5), *_DONE)
_CONFLICT: Steps = (("declare_conflict", 2), ("allow_conflict", 2), *_DONE)
_OFF: Steps = (*_DONE, ("move_sitting", 1), ("propose_for_sitting", 2))
_ON_PAPER: Steps = (("book", 0), ("submit", 0), *_TAKEN)
_BY_POST: Steps = (("accept_from_post", 0), ("register", 2), ("book", 1), ("take_portfolio", 0), ("set_term", 3))
_BY_MFC: Steps = (("accept_from_mfc", 0), ("register", 1), ("set_term", 8))

SPB: tuple[tuple[int, Plan], ...] = (
    (300, Plan((*_OPEN, *_REVIEW, *_DONE))),
    (150, Plan((*_OPEN, *_REVIEW, *_READ))),
    (80, Plan((*_OPEN, *_REVIEW, *_SECOND), NEGATIVE)),
    (100, Plan((*_ON_PAPER, *_REVIEW, *_DONE), way="paper")),
    (60, Plan((*_BY_POST, *_REVIEW, *_DONE), channel=Channel.POST, way="paper")),
    (90, Plan((*_BY_MFC, *_REVIEW, *_DONE), channel=Channel.MFC)),
    (25, Plan((*_BY_MFC, *_REVIEW, *_SECOND), NEGATIVE, channel=Channel.MFC)),
    (30, Plan((*_OPEN, *_REVIEW, *_RETURNED))),
    (30, Plan((*_OPEN, *_REVIEW, *_REPLACED))),
    (20, Plan((*_OPEN, *_REVIEW, *_CONFLICT))),
    (20, Plan((*_OPEN, *_REVIEW, *_OFF))),
    (20, Plan((*_OPEN[:2], ("merge_duplicate", 3), ("set_term", 5), *_REVIEW, *_DONE))),
    (25, Plan((*_OPEN[:1], ("decline", 1)))),
    (25, Plan((*_OPEN[:2], ("withdraw", 4)))),
    (15, Plan((*_OPEN, ("withdraw", 3)))),
    (20, Plan(_OPEN)),
    (10, Plan(())),
)

_ASSIGNED: Steps = (("submit", 0), ("register", 2), ("assign_review", 3))
_JUDGED: Steps = (("confirm_portfolio", 2), ("start_review", 5), ("comment", 3), ("upload_conclusion", 3), ("finish_review", 1))
_APPOINTED: Steps = (("choose_sitting_day", 2), ("appoint_sitting", 2))
_DISSENT: Steps = (("draw_up_dissent", 1), ("sign_dissent", 1))
_AGAIN: Steps = (("return_conclusion", 1), ("upload_conclusion", 2), ("finish_review", 1))

LENOBL: tuple[tuple[int, Plan], ...] = (
    (400, Plan((*_ASSIGNED, *_JUDGED, *_APPOINTED))),
    (200, Plan((*_ASSIGNED, *_JUDGED, ("read_conclusion", 1), *_APPOINTED))),
    (130, Plan((*_ASSIGNED, *_JUDGED, *_DISSENT, *_APPOINTED), NEGATIVE)),
    (40, Plan((*_ASSIGNED, *_JUDGED, *_AGAIN, *_APPOINTED))),
    (40, Plan((("submit", 0), ("return_application", 2), *_ASSIGNED, *_JUDGED, *_APPOINTED))),
    (30, Plan((*_ASSIGNED[:2], ("change_group_leader", 1), *_ASSIGNED[2:], *_JUDGED, *_APPOINTED))),
    (30, Plan((*_ASSIGNED, ("change_review", 1), *_JUDGED, *_APPOINTED))),
    (30, Plan((*_ASSIGNED, *_JUDGED, *_APPOINTED, ("move_sitting", 1), *_APPOINTED))),
    (30, Plan((*_ASSIGNED[:2], ("withdraw", 3)))),
    (20, Plan((*_ASSIGNED, ("withdraw", 3)))),
    (20, Plan(_ASSIGNED)),
    (20, Plan((*_ASSIGNED, *_JUDGED))),
    (10, Plan(())),
)
