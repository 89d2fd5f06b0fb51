# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""A material as visitors will see it: its newest text, or the text of any of its revisions."""

from flask import abort, redirect, request, send_file
from flask_admin import expose

from ....models import Revision
from ....procedure.words import LocalRole, NodeKind
from ....site import uploads
from ....site.content import FileFacts, Words
from ....site.views.headers import POLICY_OF_UPLOADS, in_words
from ....site.views.layout import parts
from ....site.views.pages import rendered
from ..base import LARGEST_ID, Answer, Desk
from ..staff_bar import bar_of
from .place import Place, place


class LookingPages(Desk):
    """Pages of the desk that look like the site."""

    @expose("/<int:id>/preview/")
    def preview(self, id: int) -> Answer:
        """The newest text, or that of `?revision=3`, as a page of the site."""
        here = place(id, LocalRole.AUTHOR)
        said = revision(here, request.args.get("revision", here.node.head, type=int))
        if here.kind is NodeKind.FILE:
            return redirect(f"../file/{said.number}")
        band = f"Так увидят посетители. Редакция {said.number}"
        if said.number == here.node.live:
            band += ", опубликована."
        else:
            band += ", не опубликована." if said.number == here.node.head else ", прежняя."
        return rendered(here.item, words_of(said), said.body, bar=bar_of(here.item), band=band)

    @expose("/<int:id>/file/<int:number>")
    def file(self, id: int, number: int) -> Answer:
        """The file of a revision, published or not."""
        said = revision(place(id, LocalRole.AUTHOR), number)
        if said.blob is None:
            abort(404)
        path = uploads.path_of(parts().settings.uploads_dir, said.blob.sha256)
        if not path.exists():
            abort(404, "Файла нет в хранилище: сообщите администратору.")
        sent = send_file(path, said.blob.media_type, as_attachment=True, download_name=said.file_name, conditional=False)
        sent.headers["Content-Security-Policy"] = in_words(POLICY_OF_UPLOADS)
        return sent


def revision(here: Place, number: int) -> Revision:
    """The revision of this number or 404."""
    said: Revision | None = here.node.revisions.where(Revision.number == number).first() if 0 < number < LARGEST_ID else None
    if said is None:
        abort(404, "Такой редакции у материала нет.")
    return said


def words_of(said: Revision) -> Words:
    """What a revision says, as pages of the site read it."""
    blob = said.blob
    file = FileFacts(blob.sha256, blob.media_type, blob.size, blob.width, blob.height, said.file_name) if blob else None
    return Words(said.number, said.title, said.summary, said.target, said.query, file, said.created_at)
