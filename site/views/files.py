"""Uploaded files at their addresses: pictures to be shown in pages, everything else to be saved."""

from pathlib import PurePath

from flask import abort, redirect, request, send_file
from werkzeug.wrappers import Response

from ..content import FileFacts, Item, media, pictures, store
from ..content.links import HASH
from ..files import path_of
from . import lost, staff
from .headers import A_YEAR, POLICY_OF_UPLOADS, in_words
from .layout import parts, seen


def answer(path: str, item: Item) -> Response:
    """The content of a file of the tree: what visitors get, or its staff when visitors get nothing."""
    tree, now = seen()
    words = tree.showing(item, now)
    bar = None if words else staff.bar(item)
    if not (words or bar):
        return lost.answer(item.path, item)
    if f"/{path}" != item.address:
        query = request.query_string.decode("ascii", "ignore")
        return redirect(f"{item.address}?{query}" if query else item.address, 301)
    file = (words or store.newest(item.id)[0]).file
    if file is None:
        abort(404)
    made = _sent(item, file)
    return staff.private(made) if bar else _kept(made, file)


def _sent(item: Item, file: FileFacts) -> Response:
    settings, width = parts().settings, request.args.get("width", "")
    path = path_of(settings.uploads_dir, file.sha256, suffix="")
    if not path.exists():
        abort(404, "Файла нет в хранилище: сообщите нам о нём по контактам внизу страницы.")
    name, media_type, mark = file.name or item.name, file.media_type, file.sha256
    if width and file.width:
        if width not in map(str, pictures.narrower(file.width)):
            abort(404, "Такого размера у этого изображения нет.")
        path, media_type = pictures.variant(settings.cache_dir, path, int(width)), pictures.VARIANT_TYPE
        name, mark = f"{PurePath(name).stem}-{width}.webp", f"{mark}-{width}"
    picture = media.BY_TYPE[file.media_type].picture
    made = send_file(path, media_type, as_attachment=not picture, download_name=name, etag=mark, conditional=True)
    made.headers["Content-Security-Policy"] = in_words(POLICY_OF_UPLOADS)
    return made


def _kept(made: Response, file: FileFacts) -> Response:
    """An address that carries the content's hash never means anything else."""
    version = request.args.get("v", "")
    if len(version) >= HASH and file.sha256.startswith(version):
        made.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    else:
        made.headers["Cache-Control"] = "no-cache"
    return made
