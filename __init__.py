"""Attestation of teachers: the public site and the office, joined into one application."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from .site.settings import Settings

# The rooms are imported inside the functions: `import attestation.rubrics` must load neither Flask nor a database.


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The WSGI application. Without settings the environment is read; raises SettingError for a bad value."""
    from flask import Flask
    from flask_babel import Babel
    from flask_wtf import CSRFProtect
    from werkzeug.middleware.proxy_fix import ProxyFix

    from . import models
    from .admin import commands, desk, login
    from .site import views
    from .site.letters import outbox
    from .site.parts import Parts
    from .site.search import open_index
    from .site.settings import read_settings
    from .site.views import converters, signing

    settings = settings or read_settings()
    app = Flask(__name__, template_folder="site/templates", static_folder="static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="attestation",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        MAX_CONTENT_LENGTH=6 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # lives as long as the session: a form left open over lunch is not lost
        BABEL_DEFAULT_LOCALE="ru",
        BABEL_DEFAULT_TIMEZONE="Europe/Moscow",
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    models.connect(settings.database_url)
    outbox.policy.hold = settings.hold_letters
    app.extensions["attestation"] = Parts.of(settings, open_index(settings.index_dir, show_refusals=settings.show_refusals))
    app.before_request(_note_database)
    app.teardown_request(_close_database)
    Babel(app)
    CSRFProtect(app)
    converters.init_app(app)
    signing.init_app(app)
    views.init_app(app)
    login.init_app(app)
    desk.init_app(app)
    commands.init_app(app)
    return app


def _note_database() -> None:
    """The first query of a request opens the connection; a page that asks nothing opens none."""
    from flask import g

    from .models import database

    g.database_was_closed = database.is_closed()


def _close_database(_error: BaseException | None) -> None:
    from flask import g

    from .models import database

    # Only what this request opened: work around it may hold a connection of its own.
    if g.pop("database_was_closed", False) and not database.is_closed():
        database.close()


def main() -> None:
    """The console command `attestation`: Flask's own command group over this application."""
    from flask.cli import FlaskGroup

    FlaskGroup(
        create_app=create_app,
        add_default_commands=False,
        add_version_option=False,
        load_dotenv=False,
        help="Аттестация педагогов: сайт и рабочее место.",
    ).main()
