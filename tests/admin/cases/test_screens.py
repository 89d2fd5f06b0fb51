"""Every move of both roads that people make is made on some screen."""

import pytest
from flask import Flask

from attestation.admin.desk.cases.moves import CABINET, PAGES
from attestation.admin.desk.cases.steps import STEPS
from attestation.procedure.road import road
from attestation.procedure.words import CaseRole
from attestation.tests.cases import LENOBL, SPB


@pytest.mark.parametrize("edition", [LENOBL, SPB])
def test_every_move_has_a_screen(app: Flask, edition: str) -> None:
    """Each verb of the road is made by exactly one screen: the desk's own, another desk's, or the cabinet's.

    What follows a move of another road has none.
    """
    by_hand = [move for move in road("application", edition).moves if not move.follows]
    verbs = {move.verb for move in by_hand}
    at_desks = set(STEPS[edition]) | set(PAGES[edition])
    assert at_desks | CABINET[edition] == verbs
    assert not set(STEPS[edition]) & set(PAGES[edition])
    assert {endpoint for endpoint in PAGES[edition].values()} <= set(app.view_functions)
    by_teacher_alone = {move.verb for move in by_hand if move.roles <= {CaseRole.TEACHER, CaseRole.REPRESENTATIVE}}
    assert by_teacher_alone == CABINET[edition]
