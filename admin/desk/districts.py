# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Районы»: the list of organisations by district, which the public statistics count by."""

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_admin import expose
from peewee import fn

from ...models import Order, OrganizationDistrict, Ruling, utc_now
from ...site import sheets
from ...site.statistics import folded_name
from ..access import Permission
from ..acts import districts as acts
from .base import Answer, Desk, attempt, person

# Organisations without a district that the page names, those with the most decisions first.
NAMED = 50


class DistrictDesk(Desk):
    """One list; it is kept in a spreadsheet and brought in as a whole."""

    permission = Permission.KEEP_DISTRICTS

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Answer:
        """What is in the list, what is missing from it, and the form that puts another in its place."""
        if request.method == "GET":
            return self._page()
        file = request.files.get("file")
        if not file or not file.filename:
            flash("Выберите файл CSV.", "error")
            return self._page(), 422
        if OrganizationDistrict.select().exists() and "replace" not in request.form:
            flash("Отметьте, что прежний список нужно заменить, и выберите файл снова.", "error")
            return self._page(), 422
        data = file.read(acts.LARGEST_FILE + 1)
        count = attempt(lambda: acts.bring_in(data, by=person(), on=utc_now()))
        if count is None:
            return self._page(), 409
        flash(f"Список загружен, организаций: {count}. Статистику пересчитаем за несколько минут.", "success")
        return redirect(url_for(".index"), 303)

    @expose("/districts.csv")
    def export(self) -> Answer:
        """The list as it is, then what is missing from it without a district: to be filled in and brought in again."""
        rows = list(OrganizationDistrict.select().order_by(OrganizationDistrict.district, OrganizationDistrict.organization))
        lines = [
            ("Организация", "Район"),
            *((sheets.harmless(row.organization), sheets.harmless(row.district)) for row in rows),
            *((sheets.harmless(name), "") for name, _count in _left({row.key for row in rows})),
        ]
        answer = Response("".join(sheets.csv_lines(lines)), mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="districts.csv"'
        return answer

    def _page(self) -> str:
        rows = list(OrganizationDistrict.select(OrganizationDistrict.key, OrganizationDistrict.district))
        districts: dict[str, int] = {}
        for row in rows:
            districts[row.district] = districts.get(row.district, 0) + 1
        left = _left({row.key for row in rows})
        return self.render(
            "desk/districts.html",
            districts=sorted(districts.items()),
            count=len(rows),
            left=left[:NAMED],
            left_count=len(left),
        )


def _left(known: set[str]) -> list[tuple[str, int]]:
    """Organisations of published orders that the list does not name, with their rows; one query."""
    amount = fn.COUNT(Ruling.id)
    found: Any = Ruling.select(Ruling.organization, amount).join(Order).where(Order.status == "published")
    counted = found.group_by(Ruling.organization).order_by(amount.desc(), Ruling.organization).tuples()
    return [(name, count) for name, count in counted if folded_name(name) not in known]
