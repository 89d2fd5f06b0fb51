"""The public site: addresses, pages, errors, headers."""

from flask import Flask

from . import (
    account,
    api,
    api_data,
    calculator,
    complaints,
    corrections,
    data,
    errors,
    feed,
    forms,
    headers,
    layout,
    order,
    order_feeds,
    pages,
    papers,
    quota,
    ready,
    regulation,
    regulation_files,
    regulation_tools,
    rubric_files,
    rubric_tools,
    rubrics,
    search,
    signposts,
    statistics,
    status,
    subscriptions,
    verify,
    viewing,
)
from .headers import csp_nonce

__all__ = ["csp_nonce", "init_app"]


def init_app(app: Flask) -> None:
    """Put the public site into the application."""
    layout.init_app(app)
    for room in (
        signposts,
        search,
        order,
        order_feeds,
        subscriptions,
        regulation,
        regulation_files,
        regulation_tools,
        rubrics,
        rubric_files,
        rubric_tools,
        api_data,
        data,
        statistics,
        calculator,
        complaints,
        corrections,
        papers,
        forms,
        feed,
        account,
        status,
        verify,
        pages,
    ):
        app.register_blueprint(room.public)
    # It changes nothing and knows nobody, so a forged request gains nothing.
    app.extensions["csrf"].exempt(api.score)
    # A mail program brings no token of a form; the address itself is the secret.
    app.extensions["csrf"].exempt(subscriptions.stop_all)
    quota.init_app(app)
    viewing.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    app.wsgi_app = ready.ReadyPages(app)  # type: ignore[method-assign]
