"""The public site: addresses, pages, errors, headers."""

from flask import Flask

from . import (
    api,
    calculator,
    errors,
    forms,
    headers,
    layout,
    orders,
    pages,
    papers,
    ready,
    regulation,
    rubric_files,
    rubric_tools,
    rubrics,
    signposts,
)
from .headers import csp_nonce

__all__ = ["csp_nonce", "init_app"]


def init_app(app: Flask) -> None:
    """Put the public site into the application."""
    layout.init_app(app)
    for room in (signposts, orders, regulation, rubrics, rubric_files, rubric_tools, api, calculator, papers, forms, pages):
        app.register_blueprint(room.public)
    # It changes nothing and knows nobody, so a forged request gains nothing.
    app.extensions["csrf"].exempt(api.score)
    headers.init_app(app)
    errors.init_app(app)
    app.wsgi_app = ready.ReadyPages(app)  # type: ignore[method-assign]
