"""The programming interface: the forms as JSON and the scoring of claims. Public, without cookies, the same for everybody.

Orders, rulings, clauses and statistics stand in `api_data.py`.
"""

import hashlib
import json
from functools import cache

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from ...rubrics import forms
from ...rubrics.document import as_json
from ...rubrics.scoring import InvalidClaims, score_request
from ...rubrics.shape import FormEntry
from . import openapi, problems, quota
from .layout import parts
from .rubrics import find_form

public = Blueprint("api", __name__)
LIST = "/api/v1/rubrics"
FORM = "/api/v1/rubrics/<string(maxlength=3):number>"
KEPT_SECONDS = 3600


@public.get(LIST)
def rubrics() -> Response:
    """The forms of the edition with the rows of their threshold tables."""
    return lasting(_list())


@public.get(FORM)
@public.get("/rubrics/<string(maxlength=3):number>.json")
def rubric(number: str) -> Response:
    """A form in full."""
    return lasting(_form(find_form(number).number))


@public.post(f"{FORM}/score")
def score(number: str) -> Response:
    """Score the claims of the body. Nothing is kept, nobody is signed in: no CSRF token is asked for."""
    form = find_form(number)
    try:
        found = score_request(form.number, _body())
    except InvalidClaims as invalid:
        error = {"field": invalid.field, "kind": invalid.kind, "detail": invalid.sentence}
        kind = parts().settings.site_url + openapi.REFUSED_CLAIMS
        return problems.problem(422, invalid.sentence, title="Заявленное нельзя оценить", kind=kind, errors=[error])
    answer = Response(written(found.as_json()), mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public.get("/api/v1/openapi.json")
def description() -> Response:
    """What the interface takes and gives, for programs."""
    return lasting(_description(parts().settings.site_url))


@public.get("/api/", defaults={"rest": ""})
@public.get("/api/<path:rest>")
def nowhere(rest: str) -> Response:
    """No page kept as a record answers here: what is not an address of the interface is 404 (or 405) for programs."""
    abort(404)


@public.after_request
def for_everyone(answer: Response) -> Response:
    """Let pages of other sites read the answers (CORS) and, asked beforehand, send claims as JSON."""
    answer.headers["Access-Control-Allow-Origin"] = problems.EVERYONE
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
    if request.method == "OPTIONS":
        answer.headers["Allow"] = answer.headers["Access-Control-Allow-Methods"] = ", ".join(problems.allowed())
        answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
        answer.headers["Access-Control-Max-Age"] = "86400"
    return quota.add_headers(answer)


def _body() -> object:
    """The JSON of the request; 413, 415 or 400 when it is too large, something else, or not JSON."""
    # One byte more: a body of untold length is cut there silently.
    request.max_content_length = openapi.LARGEST_BODY + 1
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    data = request.get_data(cache=False)
    if len(data) > openapi.LARGEST_BODY:
        raise RequestEntityTooLarge
    try:
        text = data.decode("utf-8")
        body: object = json.loads(text, parse_constant=_no_number)
        if "\\u" in text:
            written(body)  # half a surrogate pair is no text: it could not be written back
    except (ValueError, RecursionError):
        raise BadRequest from None
    return body


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def written(document: object) -> bytes:
    """JSON in UTF-8, Russian letters as they are."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def lasting(document: bytes) -> Response:
    """An answer that changes only with the product: kept for an hour, then asked again by its ETag."""
    return _tagged(document, f"public, max-age={KEPT_SECONDS}")


def fresh(document: object) -> Response:
    """An answer made of the records: asked again each time by its ETag. It names people: search engines leave it alone."""
    answer = _tagged(written(document), "no-cache")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _tagged(document: bytes, kept: str) -> Response:
    answer = Response(document, mimetype="application/json")
    answer.set_etag(hashlib.sha256(document).hexdigest()[:32])
    answer.headers["Cache-Control"] = kept
    answer.make_conditional(request)
    return answer


@cache
def _list() -> bytes:
    edition = forms.edition()
    return written(
        {
            "edition": {
                "name": edition.name,
                "title": edition.title,
                "act": edition.act,
                "number": edition.number,
                "date": edition.date,
            },
            "forms": [_entry(entry) for entry in edition.forms],
        }
    )


def _entry(entry: FormEntry) -> dict[str, object]:
    address = f"{LIST}/{entry.number}"
    return {"number": entry.number, "title": entry.title, "positions": list(entry.positions), "href": address}


@cache
def _form(number: int) -> bytes:
    return written(as_json(forms.form(number)))


@cache
def _description(site_url: str) -> bytes:
    return written(openapi.description(site_url))
