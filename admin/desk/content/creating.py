# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""A new material of a section: first its kind, then its title and name."""

from typing import Any

from flask import Response, abort, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from werkzeug.datastructures import FileStorage

from ....models import Blob, Node, utc_now
from ....procedure.refusal import Refusal
from ....procedure.words import LocalRole, NodeKind
from ....site.views.layout import parts
from ...acts import content
from ...acts.content import names
from ..base import Answer, Desk, attempt, invalid, person, refused_status
from .forms import NewForm
from .place import Place, place

# What each kind is for, said where it is chosen.
PURPOSES = {
    NodeKind.FOLDER: "В нём стоят другие материалы. Своё вступление и меню.",
    NodeKind.PAGE: "Текст, который живёт долго: порядок, разъяснение, контакты.",
    NodeKind.NEWS: "Текст с датой: попадает в ленту новостей.",
    NodeKind.FILE: "Документ или картинка: ставится на страницы и скачивается.",
    NodeKind.LINK: "Строка меню, которая ведёт на другую страницу или другой сайт.",
    NodeKind.LISTING: "Собирает материалы по условию: новости раздела, все документы.",
}


class CreatingPages(Desk):
    """Pages of the desk for new materials."""

    @expose("/<int:id>/new/", methods=("GET", "POST"))
    def new(self, id: int) -> Answer:
        """Choose a kind; then give it a title."""
        here = place(id, LocalRole.AUTHOR)
        if not here.is_folder:
            abort(404, "Новые материалы создают в разделах: откройте раздел.")
        kind = next((kind for kind in NodeKind if kind == request.values.get("kind")), None)
        if kind is None:
            return self._page(here, None, None)
        form = new_form(kind)
        if request.method == "GET":
            return self._page(here, kind, form)
        if not invalid(form):
            node = attempt(lambda: _created(here.node, kind, form))
            if node:
                flash("Черновик создан: посетители его не видят, пока вы не опубликуете.", "success")
                return redirect(url_for(".edit", id=node.id))
        return self._page(here, kind, form), refused_status(form)

    @expose("/<int:id>/name")
    def proposed_name(self, id: int) -> Answer:
        """A free name for this title or file, for the page's script."""
        here = place(id, LocalRole.AUTHOR)
        given = request.args.get("title", "")[:300]
        name = names.made_from_file(given) if request.args.get("kind") == NodeKind.FILE else names.made_from(given)
        return jsonify(name=names.free(here.node, name) if name else "")

    def _page(self, here: Place, kind: NodeKind | None, form: NewForm | None) -> str:
        return self.render("desk/content/new.html", here=here, kind=kind, form=form, purposes=PURPOSES)


def new_form(kind: NodeKind) -> NewForm:
    """The form for a new material of this kind."""
    form = NewForm()
    if kind is not NodeKind.LINK:
        del form.target
    if kind is not NodeKind.FILE:
        del form.file
    return form


def brought() -> FileStorage | None:
    """The file that the submitted form carries."""
    file = request.files.get("file")
    return file if file and file.filename else None


def kept(node: Node, file: FileStorage) -> dict[str, Any]:
    """Keep a file for this material or section: the fields of a revision that say so. Refusal as for the act."""
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    folder = parts().settings.uploads_dir
    blob: Blob = content.keep_file(folder, node, data=file.read(), name=name, by=person(), on=utc_now())
    return {"blob": blob, "file_name": name}


def _created(parent: Node, kind: NodeKind, form: NewForm) -> Node:
    said: dict[str, Any] = {"title": form.title.data or ""}
    if kind is NodeKind.LINK:
        said["target"] = form.target.data or ""
    if kind is NodeKind.FILE:
        file = brought()
        if file is None:
            raise Refusal("Выберите файл.")
        said |= kept(parent, file)
    texts = content.Texts(**said)
    node: Node = content.create(parent, kind=kind, name=form.name.data or "", texts=texts, by=person(), on=utc_now())
    return node


def refusal_as_json(sentence: str, status: int = 409) -> Response:
    """A refusal for the page's script, which shows the sentence."""
    answer: Response = jsonify(refusal=sentence)
    answer.status_code = status
    return answer
