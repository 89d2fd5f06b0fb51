"""Subscriptions without an account: asking, confirming by the link of a letter, the page of one mailbox, ending it all."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField, RadioField, StringField

from ...models import Subscriber, utc_now
from ...procedure.refusal import Refusal
from ...procedure.words import SubscriptionKind
from ..fields import Mistakes
from ..search import Query
from ..search.interface import TOP_VALUES
from ..search.organizations import Organizations
from ..subscriptions import asking
from ..subscriptions.links import Links
from . import throttle
from .layout import parts
from .signing import TypedForm
from .throttle import SUBSCRIBE, Wait, tried

public = Blueprint("subscriptions", __name__)

ORGANIZATION = SubscriptionKind.ORGANIZATION.value
LONGEST_TYPED = 500


class SubscriptionForm(TypedForm):
    """What about, and where to write."""

    kind = RadioField(
        "О чём писать", choices=[(kind.value, kind.label) for kind in SubscriptionKind], default=SubscriptionKind.ORDERS.value
    )
    words = StringField(
        "Организация", description="Только для решений по одной организации. Как в поиске по архиву: «школа № 145», «лицей 30»."
    )
    email = EmailField("Электронная почта", description="Сюда придёт письмо, в котором подписку нужно подтвердить.")


@dataclass(frozen=True)
class Found:
    """What the archive finds by a text now. `words`: what it looked for, if that is not what was typed.

    `many`: more organisations than are named.
    """

    words: str
    rows: int
    names: Sequence[str]
    many: bool


@public.get("/subscribe")
def index() -> Response:
    """The form; a link may say what is meant: `?kind=organization&words=школа 145`."""
    told = {name: request.args.get(name, "")[:LONGEST_TYPED] for name in ("kind", "words")}
    if told["kind"] not in set(SubscriptionKind):
        told["kind"] = ORGANIZATION if told["words"] else SubscriptionKind.ORDERS.value
    answer = _page(SubscriptionForm(data=told), found=_found(told["words"]) if told["kind"] == ORGANIZATION else None)
    answer.headers["X-Robots-Tag"] = "noindex" if request.query_string else "all"
    return answer


@public.post("/subscribe")
def ask() -> AnyResponse:
    """Show what the archive finds by the organisation, or have the letter written; the answer is the same for every address."""
    form = SubscriptionForm()
    if form.kind.data not in set(SubscriptionKind):
        return _page(form, refusal="Выберите, о чём писать.", status=422)
    kind, words = SubscriptionKind(form.kind.data), (form.words.data or "")[:LONGEST_TYPED]
    found = None
    if kind is SubscriptionKind.ORGANIZATION:
        found = _found(words)
        if found and "look" in request.form:
            return _page(form, found=found)
        if found and not found.names and "anyway" not in request.form:
            return _page(form, found=found, status=422)
    return _asked(form, kind, words, found)


def _asked(form: SubscriptionForm, kind: SubscriptionKind, words: str, found: Found | None) -> AnyResponse:
    email = form.email.data or ""
    try:
        attempt = tried(SUBSCRIBE, email.strip().lower()[:LONGEST_TYPED])
    except Wait as wait:
        refused = _page(form, found=found, refusal=throttle.sentence(wait.pause, "писем подряд"), status=429)
        refused.headers.update(throttle.retry_after(wait.pause))
        return refused
    try:
        asking.ask(email, kind, words, links=_links(), on=utc_now())
    except Mistakes as mistakes:
        attempt.drop()
        for name, sentence in mistakes.errors.items():
            form[name].errors = [sentence]
        return _page(form, found=found, faults=list(mistakes.errors.items()), status=422)
    return redirect(url_for("subscriptions.sent"), 303)


@public.get("/subscribe/sent")
def sent() -> Response:
    """That a letter is on its way, to whatever address."""
    return _private(render_template("subscriptions/sent.html", days=asking.lives().days, most=asking.MOST))


@public.get("/subscribe/confirm/<token>")
def confirm(token: str) -> Response:
    """A button: programs that look into letters open links, and must not confirm anything."""
    try:
        waiting = asking.waiting(token, on=utc_now())
    except Refusal as refusal:
        return _private(render_template("subscriptions/over.html", refusal=refusal.sentence), 410)
    what = asking.title_of(waiting.kind, waiting.words)
    return _private(
        render_template("subscriptions/confirm.html", token_of_link=token, what=what, email=waiting.subscriber.email)
    )


@public.post("/subscribe/confirm/<token>")
def confirmed(token: str) -> AnyResponse:
    """The subscription begins; its page tells so."""
    try:
        found = asking.confirm(token, on=utc_now())
    except Refusal as refusal:
        return _private(render_template("subscriptions/over.html", refusal=refusal.sentence), 410)
    key = _links().key(found.subscriber)
    return redirect(url_for("subscriptions.own", key=key, done="confirmed"), 303)


@public.get("/subscribe/<key>")
def own(key: str) -> Response:
    """What this mailbox is subscribed to; only letters to it lead here."""
    subscriber = _subscriber(key)
    if subscriber is None:
        return _stopped()
    page = render_template(
        "subscriptions/own.html",
        key=key,
        email=subscriber.email,
        lines=[(one, asking.title_of(one.kind, one.words)) for one in asking.confirmed(subscriber)],
        done=request.args.get("done", ""),
    )
    return _private(page)


@public.post("/subscribe/<key>")
def stop(key: str) -> AnyResponse:
    """End one subscription."""
    subscriber, chosen = _subscriber(key), request.form.get("subscription", "")
    if subscriber is None:
        return _stopped()
    if not chosen.isascii() or not chosen.isdecimal() or len(chosen) > 9:
        abort(400, "Не понятно, от какой подписки отказаться: откройте страницу заново и нажмите кнопку рядом с ней.")
    asking.stop(subscriber, int(chosen))
    return redirect(url_for("subscriptions.own", key=key, done="stopped"), 303)


@public.get("/subscribe/<key>/stop")
def ending(key: str) -> Response:
    """A button that ends everything; opening the link does not, for programs open links."""
    subscriber = _subscriber(key)
    if subscriber is None:
        return _stopped()
    return _private(render_template("subscriptions/ending.html", key=key, email=subscriber.email))


@public.post("/subscribe/<key>/stop")
def stop_all(key: str) -> Response:
    """End everything: by the button, or by that of a mail program (RFC 8058), which brings no cookie and no token of a form."""
    if subscriber := _subscriber(key):
        asking.stop_all(subscriber)
    return _stopped()


def _subscriber(key: str) -> Subscriber | None:
    return _links().subscriber(key[:200])


def _stopped() -> Response:
    """The same for whoever has just ended everything, did so before, or made the address up."""
    return _private(render_template("subscriptions/stopped.html"))


def _links() -> Links:
    return Links.of(parts().settings)


def _found(words: str) -> Found | None:
    """What the archive finds by this organisation now; None for a text that cannot mean one."""
    try:
        wanted = asking.organization(words)
    except Refusal:
        return None
    answer = parts().index.search(Query(text=wanted, per_page=1, facets=("organization",)))
    looked = answer.correction.text if answer.correction else wanted
    counts = {str(name): count for name, count in answer.facets["organization"]}
    names = Organizations(list(counts)).found(looked)
    rows = sum(counts[name] for name in names)
    return Found(looked if looked != wanted else "", rows, names, len(counts) >= TOP_VALUES)


def _page(
    form: SubscriptionForm,
    *,
    found: Found | None = None,
    faults: Sequence[tuple[str, str]] = (),
    refusal: str = "",
    status: int = 200,
) -> Response:
    text = render_template(
        "subscriptions/index.html",
        form=form,
        found=found,
        faults=[(form[name], sentence) for name, sentence in faults],
        refusal=refusal,
        most=asking.MOST,
        days=asking.lives().days,
    )
    answer = make_response(text, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _private(text: str, status: int = 200) -> Response:
    """A page that only a letter leads to."""
    made = make_response(text, status)
    made.headers["Cache-Control"] = "no-store"
    made.headers["X-Robots-Tag"] = "noindex"
    made.headers["Referrer-Policy"] = "no-referrer"
    return made
