"""The steps of an application: each a page of its own that works without a script, saved by itself where there is one."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ....models import Application, Ruling, utc_now
from ....procedure.refusal import Refusal
from ....procedure.road import road
from ....procedure.terms import terms
from ....rubrics import forms as rubrics
from ... import queries
from ...application import Typed
from ...cases import answers, drafts
from ...cases.steps import SUBMIT, WAYS, Step, stamp, step_of, steps, values
from ...dates import CITY
from ...search import IndexBusy, IndexDamaged, Query, QueryRefused
from ..acting import done
from ..layout import parts
from .cases import mine, place, today
from .room import Answer, page, person, public

MOST_FOUND = 10


@public.post("/applications/new")
def new_application() -> AnyResponse:
    """Begin a draft, or take up the one that was begun."""
    edition = parts().settings.procedure
    made: list[Application] = []
    if not done(lambda: made.append(drafts.begin(by=person(), edition=edition, on=utc_now()))):
        return redirect(url_for("account.home"))
    return redirect(url_for("account.step", id=made[0].id, step=steps(edition)[0].name))


@public.get("/applications/<int:id>/steps/<step>")
def step(id: int, step: str) -> Answer:
    """One step of a draft as it is kept; a filed application is read on its own page."""
    case, chosen = _asked(id, step)
    if not fillable(case):
        return redirect(url_for("account.application", id=case.id))
    return _page(case, chosen, values(case, chosen))


@public.post("/applications/<int:id>/steps/<step>")
def save_step(id: int, step: str) -> Answer:
    """Save a step and go on. What is wrong is kept and told; what another window has saved is shown beside it."""
    case, chosen = _asked(id, step)
    typed = _typed(chosen)
    try:
        saved = drafts.save(case, chosen, typed, seen=_seen(), by=person(), on=utc_now())
    except drafts.Overtaken:
        return _both(case, chosen, typed), 409
    told = answers.read(saved.application.answers, today()).errors
    if any(name in told for name in chosen.fields):
        return _page(saved.application, chosen, values(saved.application, chosen), told), 422
    return redirect(_next(case, chosen))


@public.post("/applications/<int:id>/steps/<step>/autosave")
def autosave(id: int, step: str) -> Response:
    """Save a step while it is being typed; JSON for the script of the page."""
    case, chosen = _asked(id, step)
    now = utc_now()
    try:
        saved = drafts.save(case, chosen, _typed(chosen), seen=_seen(), by=person(), on=now, by_itself=True)
    except drafts.Overtaken:
        told = (
            "Этот шаг изменён в другом окне. Нажмите «Сохранить и продолжить», чтобы сравнить: введённое здесь не потеряется."
        )
        return _refused(told)
    except Refusal as refusal:
        return _refused(refusal.sentence)
    return jsonify(saved=f"Сохранено в {now.astimezone(CITY):%H:%M}", seen=saved.stamp)


@public.route("/applications/<int:id>/discard", methods=["GET", "POST"])
def discard(id: int) -> Answer:
    """Throw a draft away, after asking."""
    case = mine(id)
    if case.number or not fillable(case):
        abort(404, "Это заявление уже подано: удалить его нельзя.")
    if request.method == "POST" and done(lambda: drafts.discard(case, parts().settings.cases_dir, by=person(), on=utc_now())):
        flash("Черновик удалён.", "success")
        return redirect(url_for("account.home"))
    return page("discard.html", case=case), 409 if request.method == "POST" else 200


def fillable(case: Application) -> bool:
    """Whether the case stands where it is filled in and filed from."""
    return case.status in road("application", case.edition).move(SUBMIT).sources


def _asked(id: int, name: str) -> tuple[Application, Step]:
    case = mine(id)
    try:
        return case, step_of(case.edition, name)
    except KeyError:
        abort(404, "Такого шага в заявлении нет. Вернитесь к заявлению.")


def _typed(step: Step) -> dict[str, str]:
    """The fields of the step as they came. A choice that nobody has made does not come at all."""
    return {name: " ".join(request.form.get(name, "").split()) for name in step.asked}


def _seen() -> str:
    return request.form.get("seen", "")


def _refused(sentence: str) -> Response:
    answer = jsonify(refusal=sentence)
    answer.status_code = 409
    return answer


def _next(case: Application, step: Step) -> str:
    """The address of what comes after this step: the next one, or the check of all answers."""
    order = steps(case.edition)
    after = order.index(step) + 1
    if after < len(order):
        return url_for("account.step", id=case.id, step=order[after].name)
    return place(case, SUBMIT)


def _both(case: Application, step: Step, typed: Mapping[str, str]) -> str:
    """The step as it was typed here, with what another window has saved beside it."""
    current = Application.get_by_id(case.id)
    held = values(current, step)
    theirs = {name: held[name] for name in step.asked if held[name] != typed[name]}
    flash(
        "Пока вы писали, этот шаг сохранили в другом окне. Ниже то, что введено здесь; рядом подписано, что сохранено там."
        " Поправьте и сохраните ещё раз.",
        "error",
    )
    return _page(current, step, typed, theirs=theirs)


def _page(
    case: Application,
    step: Step,
    typed: Mapping[str, str],
    told: Mapping[str, str] | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    """A step with these answers. `told`: what is wrong; without it only answers that cannot be read are marked."""
    read = answers.read({**case.answers, **typed}, today())
    errors = told if told is not None else {name: said for name, said in read.errors.items() if typed.get(name)}
    order = steps(case.edition)
    shown = Typed(read.form, typed, {}, {name: said for name, said in errors.items() if name in step.asked})
    return page(
        "step.html",
        case=case,
        step=step,
        steps=order,
        place=order.index(step) + 1,
        typed=shown,
        theirs=theirs,
        seen=stamp(values(case, step)),
        after=_next(case, step),
        before=url_for("account.step", id=case.id, step=order[order.index(step) - 1].name) if order.index(step) else "",
        ways=WAYS,
        **_offered(case, step, typed),
    )


def _offered(case: Application, step: Step, typed: Mapping[str, str]) -> dict[str, Any]:
    """What a step gives to choose from."""
    if answers.POSITION in step.asked:
        return {"positions": answers.positions()}
    if answers.RUBRIC in step.asked:
        fitting = answers.rubrics_of(case.position) if case.position else ()
        return {"rubrics": [entry for entry in rubrics.edition().forms if entry.number in fitting]}
    if "held_ruling" in step.asked:
        return {"found": _in_archive(case), "limit": terms(case.edition).limit("portfolio_file")}
    return {}


def _in_archive(case: Application) -> list[queries.Hit]:
    """Rows of published orders that gave this very person a category, the newest first."""
    if not (case.surname and case.name):
        return []
    try:
        ids = parts().index.search(Query(text=case.person, per_page=50, facets=())).ruling_ids
    except (QueryRefused, IndexBusy, IndexDamaged):
        ids = ()  # the proof may be brought as a file
    found = [hit for hit in queries.hits(ids) if _same_person(hit, case)]
    if case.held_ruling_id and case.held_ruling_id not in {hit.id for hit in found}:
        found += queries.hits([case.held_ruling_id])
    return found[:MOST_FOUND]


def _same_person(hit: queries.Hit, case: Application) -> bool:
    row = Ruling(surname=hit.row.surname, name=hit.row.name, patronymic=hit.row.patronymic, established=hit.row.established)
    return drafts.proves(row, case)
