# mypy: disallow-subclassing-any=False
"""The moves that are made on the desk's own page: what each asks of the clerk, and the act behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm

from ....models import Application, Sitting, User, utc_now
from ....procedure.refusal import Refusal
from ....site.cases import moves
from ....site.dates import day_of
from ...acts.cases import conclusions, hearing, intake
from ...acts.commission import sittings
from ..forms import ConfirmForm, ReasonForm
from . import forms

LENOBL, CITY = "lenobl-2022-03-01", "spb-2021-04-13"


@dataclass(frozen=True)
class Step:
    """A move as a page: its form for one case, and what is done with what was typed. `given`: facts that it makes true itself,
    which the page does not call missing."""

    form: Callable[[Application], FlaskForm]
    act: Callable[[Application, Any, User], object]
    given: frozenset[str] = frozenset()


# --- Forms for one case -----------------------------------------------------------------------------------------------------


def _register(application: Application) -> FlaskForm:
    form = forms.RegisterForm()
    form.offer(application, "register")
    return form


def _register_to_leader(application: Application) -> FlaskForm:
    form = forms.RegisterToLeaderForm(group_leader=str(application.group_leader_id or ""))
    form.group_leader.choices = forms.offered(intake.leaders())
    form.offer(application, "register")
    return form


def _change_leader(application: Application) -> FlaskForm:
    form = forms.ChangeLeaderForm()
    form.group_leader.choices = forms.offered(user for user in intake.leaders() if user.id != application.group_leader_id)
    return form


def _receive(application: Application) -> FlaskForm:
    form = forms.ReceiveForm()
    form.offer(application, "receive_portfolio")
    return form


def _sitting(application: Application) -> FlaskForm:
    form = forms.SittingForm(sitting=str(application.sitting_id or ""))
    form.sitting.choices = forms.offered_sittings(sittings.ahead(day_of(utc_now()), application.edition))
    return form


def _appoint(application: Application) -> FlaskForm:
    """Only a sitting without a place is asked for one."""
    sitting = application.sitting if application.sitting_id else None
    return forms.PlaceForm(obj=sitting) if sitting and not sitting.place else _confirm(application)


def _confirm(_application: Application) -> FlaskForm:
    return ConfirmForm()


def _term(application: Application) -> FlaskForm:
    return forms.TermForm(obj=application)


def _reason(_application: Application) -> FlaskForm:
    return ReasonForm()


# --- Acts -------------------------------------------------------------------------------------------------------------------


def _registered(application: Application, form: Any, by: User) -> object:
    note = (form.note.data or "") if form.note else ""
    leader = _chosen_leader(form) if "group_leader" in form else None
    return intake.register(application, stated=form.ticked(), note=note, group_leader=leader, by=by, on=utc_now())


def _changed_leader(application: Application, form: Any, by: User) -> object:
    leader = _chosen_leader(form)
    reason = form.reason.data or ""
    return intake.change_group_leader(application, group_leader=leader, reason=reason, by=by, on=utc_now())


def _received(application: Application, form: Any, by: User) -> object:
    remarks = (form.note.data or "") if form.note else ""
    return intake.receive_portfolio(application, stated=form.ticked(), remarks=remarks, by=by, on=utc_now())


def _term_set(application: Application, form: Any, by: User) -> object:
    return hearing.set_term(
        application,
        considered_on=form.considered_on.data,
        begins=form.term_begins.data,
        ends=form.term_ends.data,
        place=form.term_place.data or "",
        by=by,
        on=utc_now(),
    )


def _appointed(application: Application, form: Any, by: User) -> object:
    if "place" not in form:
        return hearing.appoint_sitting(application, by=by, on=utc_now())
    place, begins_at = form.place.data or "", form.begins_at.data
    return hearing.appoint_sitting(application, place=place, begins_at=begins_at, by=by, on=utc_now())


def _with_reason(verb: str) -> Step:
    """A move that asks for nothing but a reason."""
    return Step(_reason, lambda case, form, by: moves.make(case, verb, by=by, on=utc_now(), reason=form.reason.data or ""))


def _giving_back(verb: str) -> Step:
    """A conclusion goes back to its expert for a reason."""
    return Step(_reason, lambda case, form, by: conclusions.give_back(case, verb, form.reason.data or "", by=by, on=utc_now()))


def _chosen_leader(form: Any) -> User:
    found: User | None = User.get_or_none(User.id == int(form.group_leader.data))
    if found is None:
        raise Refusal("Этой учётной записи больше нет: выберите другого руководителя.")
    return found


def _chosen_sitting(form: Any) -> Sitting:
    found: Sitting | None = Sitting.get_or_none(Sitting.id == int(form.sitting.data))
    if found is None:
        raise Refusal("Этого заседания больше нет в списке: выберите другое.")
    return found


# --- The table --------------------------------------------------------------------------------------------------------------

_ACCEPT = Step(
    lambda application: forms.AcceptForm(obj=application),
    lambda case, form, by: intake.accept(case, filed_on=form.filed_on.data, by=by, on=utc_now()),
    # Whether the season was open on that day, only the day tells.
    frozenset({"filed_in_season"}),
)
_TAKE_OFF = Step(_reason, lambda case, form, by: hearing.take_off(case, reason=form.reason.data or "", by=by, on=utc_now()))

# Edition → verb → page.
STEPS: dict[str, dict[str, Step]] = {
    LENOBL: {
        "register": Step(
            _register_to_leader,
            _registered,
            frozenset({"form_checked", "previous_category_checked", "group_leader_named"}),
        ),
        "return_application": _with_reason("return_application"),
        "change_group_leader": Step(_change_leader, _changed_leader, frozenset({"group_leader_named"})),
        "return_conclusion": _giving_back("return_conclusion"),
        "choose_sitting_day": Step(
            _sitting, lambda case, form, by: hearing.choose_sitting(case, _chosen_sitting(form), by=by, on=utc_now())
        ),
        "appoint_sitting": Step(_appoint, _appointed, frozenset({"sitting_place_named"})),
        "move_sitting": _TAKE_OFF,
    },
    CITY: {
        "accept_from_mfc": _ACCEPT,
        "accept_from_post": _ACCEPT,
        "register": Step(_register, _registered, frozenset({"identity_proved", "authority_proved"})),
        "decline": _with_reason("decline"),
        "receive_portfolio": Step(_receive, _received, frozenset({"bearer_identified", "inventory_copy_kept"})),
        "set_term": Step(_term, _term_set, frozenset({"considered", "term_named", "place_named"})),
        "return_conclusion": _giving_back("return_conclusion"),
        "return_second_conclusion": _giving_back("return_second_conclusion"),
        "propose_for_sitting": Step(
            _sitting,
            lambda case, form, by: hearing.propose(case, _chosen_sitting(form), by=by, on=utc_now()),
            frozenset({"sitting_named"}),
        ),
        "move_sitting": _TAKE_OFF,
        "withdraw": Step(
            lambda _case: forms.BasisForm(),
            lambda case, form, by: intake.withdraw(case, basis=form.basis.data or "", by=by, on=utc_now()),
        ),
    },
}
