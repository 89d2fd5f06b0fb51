"""Is this file the published one? The visitor's browser computes the SHA-256, only the sum comes here; drafts are unknown."""

import re

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from .. import amendments, queries

public = Blueprint("verify", __name__)

SUM = re.compile(r"[0-9a-f]{64}")
LONGEST = 200
# What programs put between the pairs of digits.
BETWEEN = re.compile(r"[\s:-]+")
WRONG = "Контрольная сумма SHA-256 — это 64 знака: цифры и латинские буквы от a до f. Скопируйте её целиком."


@public.get("/verify")
def index() -> AnyResponse:
    """The question. Whoever typed a sum is sent to the address of its answer."""
    typed = request.args.get("sha256")
    if typed is None:
        return make_response(_page())
    sha256 = BETWEEN.sub("", typed).lower()
    if not SUM.fullmatch(sha256):
        return make_response(_page(typed=typed[:LONGEST], refusal=WRONG), 422)
    return redirect(url_for("verify.answer", sha256=sha256), 303)


@public.get("/verify/<sha256>")
def answer(sha256: str) -> AnyResponse:
    """The published order whose file has this sum, with what became of it since; 404 when there is none."""
    if not SUM.fullmatch(sha256):
        return redirect(url_for("verify.index", sha256=sha256[:LONGEST]), 303)
    order = queries.order_of_file(sha256)
    amending = amendments.amending(order) if order else []
    text = _page(sha256=sha256, order=order, amending=amending)
    made: Response = make_response(text, 200 if order else 404)
    made.headers["X-Robots-Tag"] = "noindex"
    return made


def _page(**words: object) -> str:
    return render_template("orders/verify.html", **{"typed": "", "refusal": "", "sha256": "", "order": None, **words})
