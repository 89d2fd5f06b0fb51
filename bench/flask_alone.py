"""The site without the layer of ready pages: each request is rendered by Flask."""

from attestation.site.views.ready import ReadyPages
from attestation.wsgi import flask_app

assert isinstance(flask_app.wsgi_app, ReadyPages)
app = flask_app.wsgi_app.wsgi_app
