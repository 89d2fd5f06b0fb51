# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The editor: fields by kind, the text beside its preview, autosave, the lock, and what happens when two people save."""

import datetime as dt
import re
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup

from ....models import Autosave, EditLock, Node, Revision, User, utc_now
from ....procedure.refusal import Refusal
from ....procedure.words import LocalRole, NodeKind
from ....site import markup
from ....site.content import diff, findings, links, listing
from ....site.dates import CITY
from ....site.views.layout import seen
from ....site.views.pages import unshown
from ....site.views.phrases import moment
from ...acts import content
from ...acts.content.texts import FIELDS
from ..base import Answer, Desk, attempt, found, invalid, person, refused_status
from .creating import brought, kept, refusal_as_json
from .forms import WHOLE_SITE, FoundForm, TextsForm, whole_site
from .place import Place, place, sections, shown_version

# Fields of the form by the field of the revision that they make up.
PARTS = {
    "body": ("body",),
    "target": ("target",),
    "blob": ("file",),
    "query": ("under", "kinds", "words", "order", "limit"),
}
TAG = re.compile(r"<[a-z][^>]*>")
ID = re.compile(r'(\sid="|\shref="#)')
# What an autosave holds.
TYPED = ("title", "summary", "body")


class EditingPages(Desk):
    """Pages of the desk for writing."""

    @expose("/<int:id>/edit/", methods=("GET", "POST"))
    def edit(self, id: int) -> Answer:
        """The editor."""
        here = place(id, LocalRole.AUTHOR)
        if request.method == "GET":
            return self._opened(here)
        form = form_of(here)
        if "look" in request.form:
            return self._editor(here, form, shown_version(), looked=True)
        if invalid(form):
            return self._editor(here, form, shown_version()), 422
        saved = attempt(lambda: _saved(here, form))
        if isinstance(saved, content.Overtaken):
            return self._overtaken(place(id, LocalRole.AUTHOR), form, saved), 409
        if saved is None:
            return self._editor(here, form, shown_version()), refused_status(form)
        flash("Сохранено." if saved.head == here.node.head else f"Сохранено, редакция {saved.head}.", "success")
        if "leave" not in request.form:
            return redirect(url_for(".edit", id=id))
        content.unlock(saved, by=person())
        return redirect(url_for(".state", id=id))

    @expose("/<int:id>/autosave/", methods=("POST",))
    def autosave(self, id: int) -> Answer:
        """Keep what was typed so far and tell others for a while longer that somebody is editing; for the page's script."""
        here, by, now = place(id, LocalRole.AUTHOR), person(), utc_now()
        typed = {name: request.form.get(name, "") for name in TYPED}
        try:
            kept = content.autosave(here.node, version=shown_version(), **typed, by=by, on=now)
            lock = content.lock(here.node, by=by, on=now)
        except Refusal as refusal:
            return refusal_as_json(refusal.sentence)
        overtaken = here.node.version != shown_version()
        return jsonify(
            saved=f"Черновик сохранён в {kept.saved_at.astimezone(CITY):%H:%M}",
            other=locked_by_other(lock, by, now),
            overtaken="Пока вы правите, материал изменили. При сохранении вы увидите оба текста." if overtaken else "",
        )

    @expose("/<int:id>/forget/", methods=("POST",))
    def forget(self, id: int) -> Answer:
        """Throw away what was typed and never saved."""
        here = place(id, LocalRole.AUTHOR)
        content.forget_autosave(here.node, by=person())
        flash("Несохранённый текст убран.", "success")
        return redirect(url_for(".edit", id=id))

    @expose("/<int:id>/preview/", methods=("POST",))
    def live(self, id: int) -> Answer:
        """How the typed text will look and what in it would shut somebody out; for the page's script."""
        place(id, LocalRole.AUTHOR)
        text = request.form.get("body", "")
        told = [{"sentence": one.sentence, "line": one.line, "grave": one.severity.value} for one in faults(text)]
        return jsonify(html=str(as_read(text)), findings=told)

    def _opened(self, here: Place) -> str:
        """The editor as it opens: with what was saved last, or what was typed and not saved if the person asks for that."""
        typed = unsaved(here)
        form, version = form_of(here), here.node.version
        if typed and "typed" in request.args:
            # Over the version that it was typed over: whoever saved since is not overwritten unseen.
            form, version, typed = form_of(here, typed), typed.version, None
        return self._editor(here, form, version, offered=typed)

    def _overtaken(self, here: Place, form: TextsForm, overtaken: content.Overtaken) -> str:
        flash(overtaken.sentence, "error")
        typed = {name: form[name].data or "" for name in ("title", "summary", "target", "body") if name in form}
        attempt(lambda: content.autosave(here.node, **_short(typed), version=shown_version(), by=person(), on=utc_now()))
        newer = overtaken.newer
        changes = [
            (form[name].label.text, diff.lines(getattr(newer, name), plain_lines(typed[name])))
            for name in typed
            if getattr(newer, name) != plain_lines(typed[name])
        ]
        return self._editor(here, form, here.node.version, newer=newer, changes=changes)

    def _editor(self, here: Place, form: TextsForm, version: int, **more: Any) -> str:
        now, by = utc_now(), person()
        lock = attempt(lambda: content.lock(here.node, by=by, on=now))
        body = form.body.data or "" if "body" in form else ""
        upload = FoundForm(formdata=None, prefix="found-", to=str(here.node.parent_id or here.node.id))
        upload.to.choices = sections(LocalRole.AUTHOR)
        return self.render(
            "desk/content/edit.html",
            here=here,
            form=form,
            version=version,
            other=locked_by_other(lock, by, now) if lock else "",
            findings=faults(body),
            preview=as_read(body) if more.pop("looked", False) else None,
            listing_fields=PARTS["query"],
            found_form=upload,
            **{"offered": None, "newer": None, "changes": (), **more},
        )


# --- The form ---------------------------------------------------------------------------------------------------------------


def form_of(here: Place, typed: Autosave | None = None) -> TextsForm:
    """The form for a material of this kind, filled with its newest text, or with what was typed and not saved."""
    query = _query(here.said)
    form = TextsForm(
        **{name: getattr(typed or here.said, name) for name in TYPED},
        target=here.said.target,
        under=str(query.under or WHOLE_SITE),
        kinds=[kind.value for kind in query.kinds],
        words=query.words,
        order=query.order.value,
        limit=str(query.limit),
    )
    for column, fields in PARTS.items():
        if column not in FIELDS[here.kind]:
            for name in fields:
                del form[name]
    if "under" in form:
        form.under.choices = [whole_site(), *sections(LocalRole.AUTHOR)]
    return form


def _query(said: Revision) -> listing.ListingQuery:
    try:
        return listing.parse(said.query)
    except Refusal:  # brought in by hand: the editor is where it is mended
        return listing.ListingQuery()


def _saved(here: Place, form: TextsForm) -> Node | content.Overtaken:
    """The material as it is saved, or what keeps it from being saved unseen."""
    if not shown_version():  # no page was seen: nobody can know over what this would be saved
        return content.Overtaken(here.said)
    texts, note = _texts(here, form), form.note.data or ""
    try:
        return content.save(here.node, version=shown_version(), texts=texts, note=note, by=person(), on=utc_now())
    except content.Overtaken as overtaken:
        return overtaken


def _texts(here: Place, form: TextsForm) -> content.Texts:
    said: dict[str, Any] = {"title": form.title.data or "", "summary": form.summary.data or ""}
    said |= {name: form[name].data or "" for name in ("body", "target") if name in form}
    if here.kind is NodeKind.FILE:
        file = brought()
        held = {"blob": here.said.blob, "file_name": here.said.file_name}
        said |= kept(here.node, file) if file else held
    if here.kind is NodeKind.LISTING:
        said["query"] = listing.dump(
            listing.ListingQuery(
                under=int(form.under.data) if (form.under.data or "").isdigit() else None,
                kinds=tuple(NodeKind(kind) for kind in form.kinds.data or ()),
                words=" ".join((form.words.data or "").split()),
                order=listing.Order(form.order.data),
                limit=int(form.limit.data),
            )
        )
    return content.Texts(**said)


def plain_lines(text: str) -> str:
    """Typed text with the line ends that are kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _short(typed: dict[str, str]) -> dict[str, str]:
    """All that an autosave holds, empty where the kind has no such field."""
    return {name: typed.get(name, "") for name in TYPED}


# --- What is said around it -------------------------------------------------------------------------------------------------


def unsaved(here: Place) -> Autosave | None:
    """What the person at the desk typed here and never saved, if it differs from the newest text."""
    typed: Autosave | None = Autosave.get_or_none(Autosave.node == here.node, Autosave.user == person())
    same = typed and all(getattr(typed, name) == getattr(here.said, name) for name in TYPED)
    return None if same else typed


def locked_by_other(lock: EditLock, by: User, now: dt.datetime) -> str:
    """Who else is editing until when; empty when nobody is."""
    if lock.user_id == by.id or lock.until <= now:
        return ""
    who = f"Сейчас правит {found(User, lock.user_id).full_name}, до {moment(lock.until)}."
    return f"{who} Вы можете продолжать: при сохранении ничей текст не потеряется."


def as_read(text: str) -> Markup:
    """The text as readers will see it, to be shown inside a page of the desk; what is not published yet has its meaning."""
    tree, now = seen()
    made = markup.html(text, links.resolver(tree, now, unshown), staff=True)
    # Ids of the text must not meet those of the page around it.
    return Markup(TAG.sub(lambda tag: ID.sub(r"\1shown-", tag[0]), made))


def faults(text: str) -> tuple[findings.Finding, ...]:
    """What in the text would shut somebody out."""
    return findings.findings(text, seen().tree)
