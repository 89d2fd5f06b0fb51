"""The site without the layer of ready pages: each request is rendered by Flask."""

from attestation.wsgi import app as layer

app = layer.wsgi_app
