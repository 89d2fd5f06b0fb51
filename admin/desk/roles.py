# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Роли»: who can do what, for everybody in the office to read."""

from itertools import groupby

from flask_admin import expose

from ...procedure.road import OFFICE
from ...site import regulation
from .. import matrix
from ..access import Permission
from .base import Answer, Desk


class RolesDesk(Desk):
    """The tables that the code itself asks."""

    permission = Permission.ENTER

    @expose("/")
    def index(self) -> Answer:
        """Permissions, parts of a case, moves."""
        return self.render(
            "desk/roles.html",
            general=(matrix.permissions(), matrix.in_cases(), matrix.parts()),
            roads=[(_whose(edition), list(ways)) for edition, ways in groupby(matrix.roads(), lambda one: one.edition)],
        )


def _whose(edition: str) -> str:
    """Whose procedure it is, in words."""
    return "Сайт" if edition == OFFICE else regulation.edition(edition).jurisdiction
