"""Security headers of every answer, in one place."""

import secrets
from collections.abc import Mapping

from flask import Flask, Response, g, request

from .layout import parts

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# A browser shows a PDF in a page of its own making, with its own styles: the strict policy would leave it blank in some.
POLICY_OF_FILES = {"default-src": "'none'", "style-src": "'unsafe-inline'", "object-src": "'self'", "frame-ancestors": "'none'"}
# Whatever an uploaded file turns out to hold, a browser runs nothing of it.
POLICY_OF_UPLOADS = {"default-src": "'none'", "style-src": "'unsafe-inline'", "frame-ancestors": "'none'", "sandbox": ""}
A_YEAR = 31_536_000
STANDING = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Add the headers to every answer of the application."""
    app.after_request(add_headers)


def csp_nonce() -> str:
    """The nonce of this request's scripts; only pages of the office carry any."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    nonce: str = g.csp_nonce
    return nonce


def in_office() -> bool:
    """Whether the address belongs to the office."""
    return request.path == "/admin" or request.path.startswith("/admin/")


def in_cabinet() -> bool:
    """Whether the address belongs to the cabinet of people who signed in, or to the way into it."""
    return request.path == "/account" or request.path.startswith("/account/")


def add_headers(answer: Response) -> Response:
    """Strict content policy, no sniffing, no foreign frames; nothing of office and cabinet is kept by a browser or a proxy."""
    policy = dict(POLICY_OF_FILES if answer.mimetype == "application/pdf" else POLICY)
    if in_office():
        if "script-src" in policy:
            policy["script-src"] += f" 'nonce-{csp_nonce()}'"
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    elif in_cabinet():
        answer.headers["Cache-Control"] = "private, no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    elif request.endpoint == "static" and request.args.get("v"):
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    answer.headers.setdefault("Cache-Control", "no-cache")
    for name, value in standing(policy, secure=parts().settings.secure).items():
        # An uploaded file comes with a stricter policy of its own.
        answer.headers.setdefault(name, value)
    return answer


def standing(policy: Mapping[str, str] = POLICY, *, secure: bool) -> dict[str, str]:
    """The headers that no answer goes without, static files served before the application included."""
    written = {"Content-Security-Policy": in_words(policy), **STANDING}
    if secure:
        written["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    return written


def in_words(policy: Mapping[str, str]) -> str:
    """A policy as its header has it."""
    return "; ".join(f"{name} {value}".strip() for name, value in policy.items())
