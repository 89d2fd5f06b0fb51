"""The sitting that an address names, and whether the person may meet it."""

from flask import abort
from peewee import JOIN

from ....models import Commission, Hearing, Sitting, utc_now
from ....site.cases.sight import own_cases
from ....site.dates import day_of
from ..base import found, person


def with_composition(id: int) -> Sitting:
    """The sitting with its composition; 404 if there is none. Two queries."""
    found(Sitting, id)
    whole = Sitting.select(Sitting, Commission).join(Commission, JOIN.LEFT_OUTER, on=Sitting.commission)
    sitting: Sitting = whole.where(Sitting.id == id).get()
    return sitting


def impartial(id: int) -> Sitting:
    """The same; 403 for whoever has a case there: nobody decides in their own matter."""
    sitting = with_composition(id)
    own = own_cases(person(), day_of(utc_now()))
    if own and sitting.hearings.where(Hearing.application.in_(own)).exists():
        abort(403, "На этом заседании рассматривают ваше собственное дело: его ведёт другой сотрудник.")
    return sitting
