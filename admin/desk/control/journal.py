# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The journal's chain: its head to be kept on paper, what waits for a seal, the latest verification."""

from flask import flash, redirect, url_for
from flask_admin import expose

from ....models import JournalCheck, User, utc_now
from ....site import seals
from ...acts.control import verification
from ..base import Answer, Desk, done, person
from ..forms import ConfirmForm

CHECKS_SHOWN = 10
# The pages of this module by the names of their methods.
PAGES = ("seals", "verify")


class SealPages(Desk):
    """The page under `/admin/control/journal/`."""

    @expose("/journal/")
    def seals(self) -> Answer:
        """How the chain stands."""
        return self._seals_page()

    @expose("/journal/", methods=("POST",))
    def verify(self) -> Answer:
        """Have it walked now."""
        if done(lambda: verification.ask(by=person(), on=utc_now())):
            flash("Проверка запрошена: её итог появится здесь.", "success")
            return redirect(url_for(".seals"), 303)
        return self._seals_page(), 409

    def _seals_page(self) -> str:
        checks = JournalCheck.select(JournalCheck, User).left_outer_join(User).order_by(JournalCheck.id.desc())
        return self.render(
            "desk/control/journal.html",
            head=seals.head(),
            waiting=seals.unsealed().count(),
            checks=list(checks.limit(CHECKS_SHOWN)),
            under_way=verification.under_way(),
            form=ConfirmForm(formdata=None),
        )
