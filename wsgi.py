"""What the server serves: the application behind ready pages and ready static files."""

from pathlib import Path
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

from . import create_app
from .site.views.headers import standing
from .site.views.ready import ReadyPages

YEAR = 365 * 24 * 3600

flask_app = create_app()
# What the first search and the first reader of the regulation would wait for is made ready now, in each worker process.
flask_app.extensions["attestation"].index.warm()
flask_app.test_client().get("/regulation/")
flask_app.extensions["attestation"].texts.warm()
HEADERS = standing(secure=flask_app.extensions["attestation"].settings.secure)


def add_headers(headers: Headers, _path: str, _url: str) -> None:
    """Static files are answered before Flask is asked: they carry the security headers too."""
    for name, value in HEADERS.items():
        headers[name] = value


# Ready pages are answered first, static files next, and only then Flask is asked.
app: ReadyPages = flask_app.wsgi_app  # type: ignore[assignment]
# Addresses of static files carry the hash of their content (site/views), so that a browser may keep them for good.
app.wsgi_app = WhiteNoise(
    app.wsgi_app,
    root=Path(__file__).parent / "static",
    prefix="static/",
    max_age=YEAR,
    immutable_file_test=lambda path, url: True,
    add_headers_function=add_headers,
)
