"""Open data: the page of bulk dumps with their dictionary, the manifest, the files."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from .. import dumps
from . import problems
from .api import written
from .headers import A_YEAR
from .layout import parts

public = Blueprint("data", __name__)

LATEST = "latest"
MEDIA_TYPES = {dumps.MANIFEST: "application/json", dumps.CHECKSUMS: "text/plain"}
TITLES = {"orders": "Распоряжения", "rulings": "Решения о категориях"}


@public.get("/data/")
def index() -> Response:
    """What there is, how to check it, what every column means."""
    text = render_template(
        "data/index.html",
        versions=dumps.versions(parts().settings),
        tables=dumps.TABLES,
        titles=TITLES,
        licence=dumps.LICENCE,
        kept=dumps.KEPT,
        latest=LATEST,
        api_limit=parts().settings.api_limit,
    )
    answer = make_response(text)
    answer.vary.add("Cookie")
    return _tagged(answer)


@public.get("/data/manifest.json")
def manifest() -> Response:
    """All versions with their files and checksums, newest first, for programs."""
    settings = parts().settings
    told = [
        {**version.as_json(), "href": f"{settings.site_url}{url_for('data.index')}{version.name}/"}
        for version in dumps.versions(settings)
    ]
    answer = Response(written({"latest": told[0]["version"] if told else None, "versions": told}), mimetype="application/json")
    return _tagged(_for_programs(answer))


@public.get("/data/<version>/<path:name>")
def file(version: str, name: str) -> AnyResponse:
    """A file of a version, byte for byte; `latest` leads to the newest version."""
    settings = parts().settings
    known = dumps.versions(settings)
    if version == LATEST and known:
        answer = redirect(url_for("data.file", version=known[0].name, name=name), 302)
        answer.headers["Access-Control-Allow-Origin"] = problems.EVERYONE
        return answer
    found = next((one for one in known if one.name == version), None)
    if found is None:
        abort(404, f"Такого набора нет: хранятся последние {dumps.KEPT}, они перечислены на странице открытых данных.")
    described = found.file(name)
    if described is None and name not in MEDIA_TYPES:
        abort(404, "Такого файла в наборе нет: файлы перечислены на странице открытых данных.")
    answer = send_file(
        dumps.path_of(settings, found, name),
        mimetype=MEDIA_TYPES.get(name, "application/gzip"),
        as_attachment=described is not None,
        download_name=name,
        etag=described.sha256 if described else True,
        max_age=A_YEAR if described else None,
    )
    if described:
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return _for_programs(answer)


def _for_programs(answer: Response) -> Response:
    """Pages of other sites may read it; search engines leave alone what names people."""
    answer.headers["Access-Control-Allow-Origin"] = problems.EVERYONE
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _tagged(answer: Response) -> Response:
    answer.add_etag()
    answer.make_conditional(request)
    return answer
