# mypy: disallow-subclassing-any=False
"""The moves of a complaint as pages: what each asks of the official, and the act behind it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from ....models import Complaint, DecisionAct, PaperRequest, Remedy, User, utc_now
from ....procedure.complaints import lists, title_of
from ....procedure.refusal import Refusal
from ....site.dates import day_of
from ....site.views.layout import parts
from ....site.views.papers import in_turn
from ...acts.complaints import considering, deciding, entering
from ..forms import ConfirmForm
from . import forms

# The lines of the act's form that the act takes by name.
ACT_LINES = (*deciding.LINES, *deciding.TEXTS)


@dataclass(frozen=True)
class Step:
    """A move as a page: its form, and what is done with what was typed. `given`: facts that it makes true itself."""

    form: Callable[[Complaint], FlaskForm]
    act: Callable[[Complaint, Any, User], object]
    given: frozenset[str] = frozenset()


# --- Forms for one complaint ------------------------------------------------------------------------------------------------


def _today() -> dt.date:
    return day_of(utc_now())


def _confirm(_complaint: Complaint) -> FlaskForm:
    return ConfirmForm()


def _register(complaint: Complaint) -> FlaskForm:
    known = lists(complaint.edition)
    form = forms.RegisterForm(kinds=complaint.kind_names(), respondent=complaint.respondent)
    form.kinds.choices, form.respondent.choices = forms.listed(known.kinds), forms.listed(known.respondents)
    return form


def _leave(complaint: Complaint) -> FlaskForm:
    form = forms.LeaveForm()
    form.silence.choices = forms.listed(lists(complaint.edition).silences)
    return form


def _ask(_complaint: Complaint) -> FlaskForm:
    return forms.AskForm(asked_on=_today())


def _give(complaint: Complaint) -> FlaskForm:
    waiting = complaint.requests.where(PaperRequest.given_on.is_null()).order_by(PaperRequest.id)
    form = forms.GiveForm(given_on=_today())
    form.request.choices = [SelectChoice(str(one.id), f"{one.what}, {one.asked_on:%d.%m.%Y}") for one in waiting]
    return form


def _act(complaint: Complaint) -> FlaskForm:
    """The draft as it stands; at first what is known of the complaint, in the words of the act."""
    known, draft = lists(complaint.edition), complaint.act()
    form = forms.ActForm(obj=draft) if draft else forms.ActForm(**_first_words(complaint))
    form.outcome.choices = forms.listed(known.outcomes)
    form.ground.choices = forms.listed(known.grounds, "нет")
    return form


def _first_words(complaint: Complaint) -> dict[str, str]:
    known, settings = lists(complaint.edition), parts().settings
    against = title_of(known.respondents, complaint.respondent)
    named = f" ({complaint.respondent_name})" if complaint.respondent_name else ""
    last: DecisionAct | None = DecisionAct.select().order_by(DecisionAct.id.desc()).first()
    return {
        "place": last.place if last else settings.contact_address,
        "official_position": last.official_position if last else "",
        "official_name": last.official_name if last else "",
        "against": f"{complaint.subject}\n{against}{named}".strip(),
        "summary": complaint.arguments,
        "higher_authority": title_of(known.appeals, "higher"),
        "court": title_of(known.appeals, "court"),
    }


def _sign(_complaint: Complaint) -> FlaskForm:
    return forms.SignForm(number=_next_act_number(), decided_on=_today())


def _next_act_number() -> str:
    """One more than the last plain number of this year."""
    year = _today().year
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    given = DecisionAct.select(DecisionAct.number).where(DecisionAct.decided_on >= first, DecisionAct.decided_on <= last)
    numbers = [one.number or "" for one in given]
    return str(max((int(number) for number in numbers if number.isascii() and number.isdigit()), default=0) + 1)


def _plan(complaint: Complaint) -> FlaskForm:
    return forms.RemedyForm(due_on=deciding.last_day_of_remedy(complaint, _today()))


def _drop(complaint: Complaint) -> FlaskForm:
    form = forms.DropRemedyForm()
    form.remedy.choices = _remedies(complaint)
    return form


def _finish(complaint: Complaint) -> FlaskForm:
    form = forms.FinishForm(done_on=_today())
    form.remedy.choices = _remedies(complaint)
    return form


def _remedies(complaint: Complaint) -> list[SelectChoice]:
    waiting = complaint.remedies.where(Remedy.done_on.is_null()).order_by(Remedy.id)
    return [SelectChoice(str(one.id), f"{one.title}, до {one.due_on:%d.%m.%Y}, {one.responsible}") for one in waiting]


def _tell(_complaint: Complaint) -> FlaskForm:
    return forms.ProsecutorForm(told_on=_today())


def _link(complaint: Complaint) -> FlaskForm:
    order, case = complaint.order, complaint.application
    return forms.LinkForm(
        application=case.number if case else "",
        order_number=order.number if order else "",
        order_year=order.year if order else None,
        correction=complaint.correction.number if complaint.correction_id else "",
    )


# --- Acts -------------------------------------------------------------------------------------------------------------------


def _remedy(complaint: Complaint, id: str) -> Remedy:
    found: Remedy | None = complaint.remedies.where(Remedy.id == int(id)).first()
    if found is None:
        raise Refusal("Этой меры уже нет: обновите страницу.")
    return found


def _request(complaint: Complaint, id: str) -> PaperRequest:
    found: PaperRequest | None = complaint.requests.where(PaperRequest.id == int(id)).first()
    if found is None:
        raise Refusal("Этого запроса уже нет: обновите страницу.")
    return found


def _write(complaint: Complaint, form: Any, by: User) -> object:
    lines = {name: form[name].data or "" for name in ACT_LINES}
    return deciding.write_act(
        complaint, outcome=form.outcome.data, ground=form.ground.data or "", lines=lines, by=by, on=utc_now()
    )


def _decide(complaint: Complaint, form: Any, by: User) -> object:
    settings = parts().settings
    return in_turn(
        lambda: deciding.sign(
            complaint,
            number=form.number.data or "",
            decided_on=form.decided_on.data,
            authority=settings.authority_name,
            folder=settings.complaints_dir,
            by=by,
            on=utc_now(),
        )
    )


def _answer(complaint: Complaint, _form: Any, by: User) -> object:
    settings = parts().settings
    place = settings.complaints_dir
    return in_turn(lambda: deciding.answer(complaint, authority=settings.authority_name, folder=place, by=by, on=utc_now()))


SIGNED = Step(_sign, _decide)
STEPS: dict[str, Step] = {
    "register": Step(
        _register,
        lambda one, form, by: considering.register(
            one, kinds=form.kinds.data or (), respondent=form.respondent.data, by=by, on=utc_now()
        ),
        frozenset({"kind_named"}),
    ),
    "take_up": Step(_confirm, lambda one, _form, by: considering.take_up(one, by=by, on=utc_now())),
    "forward": Step(
        lambda _one: forms.ForwardForm(),
        lambda one, form, by: considering.forward(
            one, recipient=form.recipient.data or "", letter=form.letter.data or "", by=by, on=utc_now()
        ),
        frozenset({"recipient_named"}),
    ),
    "refer": Step(
        lambda _one: forms.ReferForm(),
        lambda one, form, by: considering.refer(one, law=form.law.data or "", by=by, on=utc_now()),
        frozenset({"law_named"}),
    ),
    "leave": Step(
        _leave,
        lambda one, form, by: considering.leave(
            one, silence=form.silence.data, readable=form.readable.data, by=by, on=utc_now()
        ),
        frozenset({"silence_grounded"}),
    ),
    "notify": Step(_confirm, lambda one, _form, by: considering.notify(one, by=by, on=utc_now())),
    "close_unread": Step(_confirm, lambda one, _form, by: considering.close_unread(one, by=by, on=utc_now())),
    "ask_papers": Step(
        _ask,
        lambda one, form, by: considering.ask_papers(
            one, what=form.what.data or "", asked_on=form.asked_on.data, by=by, on=utc_now()
        ),
    ),
    "give_papers": Step(
        _give,
        lambda one, form, by: considering.give_papers(
            one,
            _request(one, form.request.data),
            given_on=form.given_on.data,
            how=form.how.data or "",
            by=by,
            on=utc_now(),
        ),
    ),
    "write_act": Step(_act, _write),
    "plan_remedy": Step(
        _plan,
        lambda one, form, by: deciding.plan_remedy(
            one,
            title=form.title.data or "",
            responsible=form.responsible.data or "",
            due_on=form.due_on.data,
            by=by,
            on=utc_now(),
        ),
    ),
    "drop_remedy": Step(
        _drop, lambda one, form, by: deciding.drop_remedy(one, _remedy(one, form.remedy.data), by=by, on=utc_now())
    ),
    "grant": SIGNED,
    "grant_partly": SIGNED,
    "refuse": SIGNED,
    "dismiss": SIGNED,
    "answer_refused": Step(_confirm, _answer),
    "answer_granted": Step(_confirm, _answer),
    "finish_remedy": Step(
        _finish,
        lambda one, form, by: deciding.finish_remedy(
            one,
            _remedy(one, form.remedy.data),
            done_on=form.done_on.data,
            done_by=form.done_by.data or "",
            by=by,
            on=utc_now(),
        ),
    ),
    "close": Step(_confirm, lambda one, _form, by: deciding.close(one, by=by, on=utc_now())),
    "tell_prosecutor": Step(
        _tell,
        lambda one, form, by: considering.tell_prosecutor(
            one, told_on=form.told_on.data, letter=form.letter.data or "", by=by, on=utc_now()
        ),
    ),
    "link": Step(
        _link,
        lambda one, form, by: entering.link(
            one,
            application=form.application.data or "",
            order_number=form.order_number.data or "",
            order_year=form.order_year.data,
            correction=form.correction.data or "",
            by=by,
            on=utc_now(),
        ),
    ),
}
