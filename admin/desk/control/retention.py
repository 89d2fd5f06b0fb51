# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""What is over its time of keeping: the dry run, the list to be confirmed, what was destroyed, its act."""

import math

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from ....models import Destruction, DestructionItem, Job, User, utc_now
from ....site.control.stores import SHELVES, Listed, due
from ....site.dates import day_of
from ....site.views.paging import NoSuchPage, Pages, page_number
from ...acts.control import destruction as acts
from ...acts.control import papers
from ..base import LARGEST_ID, ROWS_PER_PAGE, Answer, Desk, attempt, done, found, person, seen_version
from ..forms import ConfirmForm
from .acts import pdf, printing

LISTED = 100
# The pages of this module by the names of their methods.
PAGES = (
    *("retention", "prepare", "destruction", "confirm", "drop", "print_destruction"),
    "destruction_act",
)


class RetentionPages(Desk):
    """Pages under `/admin/control/retention/`."""

    @expose("/retention/")
    def retention(self) -> Answer:
        """Every store with its time and how much is over it: nothing is touched."""
        return self._retention_page()

    @expose("/retention/", methods=("POST",))
    def prepare(self) -> Answer:
        """List what is over its time in the stores that are ticked."""
        names = frozenset(request.form.getlist("store"))
        made = attempt(lambda: acts.prepare(names, by=person(), on=utc_now()))
        if made is None:
            return self._retention_page(names), 409
        return redirect(url_for(".destruction", id=made.id), 303)

    @expose("/retention/<int:id>/")
    def destruction(self, id: int) -> Answer:
        """A list: what stands in it, what became of it."""
        return self._destruction_page(id)

    @expose("/retention/<int:id>/confirm", methods=("POST",))
    def confirm(self, id: int) -> Answer:
        """Have it destroyed."""
        one, version = found(Destruction, id), seen_version()
        count = min(request.form.get("count", type=int, default=-1), LARGEST_ID)
        if request.form.get("sure") != "yes":
            flash("Отметьте, что список проверен: уничтоженное не вернуть.", "error")
            return self._destruction_page(id), 422
        if done(lambda: acts.confirm(acts.as_seen(one, version), count=count, by=person(), on=utc_now())):
            flash("Уничтожение утверждено и исполняется.", "success")
            return redirect(url_for(".destruction", id=id), 303)
        return self._destruction_page(id), 409

    @expose("/retention/<int:id>/drop", methods=("POST",))
    def drop(self, id: int) -> Answer:
        """Leave everything as it is."""
        one, version = found(Destruction, id), seen_version()
        if done(lambda: acts.drop(acts.as_seen(one, version), by=person(), on=utc_now())):
            flash("Список отклонён, ничего не уничтожено.", "success")
            return redirect(url_for(".retention"), 303)
        return self._destruction_page(id), 409

    @expose("/retention/<int:id>/print", methods=("POST",))
    def print_destruction(self, id: int) -> Answer:
        """Go on with it, or print the act, after a failure."""
        one = found(Destruction, id)
        if done(lambda: acts.print_again(one, by=person(), on=utc_now())):
            return redirect(url_for(".destruction", id=id), 303)
        return self._destruction_page(id), 409

    @expose("/retention/<int:id>/act.pdf")
    def destruction_act(self, id: int) -> Answer:
        """The frozen act."""
        return pdf(found(Destruction, id).act_sha256, f"akt-ob-unichtozhenii-{id}.pdf")

    # --- Pages ---

    def _retention_page(self, ticked: frozenset[str] = frozenset()) -> str:
        rows = due(day_of(utc_now()))
        lists = Destruction.select(Destruction, User).join(User, on=Destruction.prepared_by).order_by(Destruction.id.desc())
        return self.render(
            "desk/control/retention.html",
            rows=[(store, papers.term_of(store), count, isinstance(SHELVES[store.name], Listed)) for store, count in rows],
            ticked=ticked or {store.name for store, count in rows if count},
            something=any(count for _store, count in rows),
            lists=list(lists.limit(LISTED)),
            states=acts.STATES,
            form=ConfirmForm(formdata=None),
        )

    def _destruction_page(self, id: int) -> str:
        one = found(Destruction, id)
        try:
            page = page_number(request.args.get("page", ""))
        except NoSuchPage:
            abort(404, "Номер страницы в адресе неверен: откройте первую страницу списка.")
        count = one.items.count()
        last = max(math.ceil(count / ROWS_PER_PAGE), 1)
        if page > last:
            abort(404, "Такой страницы в списке нет: откройте первую.")
        shown = one.items.order_by(DestructionItem.id).limit(ROWS_PER_PAGE).offset((page - 1) * ROWS_PER_PAGE)
        sums = papers.sums(one)
        due_act = one.state in {"confirmed", "done"}
        return self.render(
            "desk/control/destruction.html",
            destruction=one,
            state=acts.STATES[one.state],
            sums=[(store, papers.term_of(store), planned, gone) for store, _lines, planned, gone in sums],
            planned=sum(planned for _store, _lines, planned, _gone in sums),
            items=list(shown),
            outcomes=papers.OUTCOMES,
            count=count,
            pages=Pages(page, last, lambda number: url_for(".destruction", id=id, page=number if number > 1 else None)),
            printing=printing(one.act_sha256, Job.latest(acts.JOB, one.id)) if due_act else None,
            form=ConfirmForm(formdata=None),
        )
