"""What the page of a form is measured against: a bare Flask view that returns the same bytes."""

import os
from pathlib import Path

from flask import Flask, Response

page = Path(os.environ["BARE_PAGE"]).read_bytes()
app = Flask(__name__, static_folder=None)


@app.get("/rubrics/<number>/")
def rubric(number: str) -> Response:
    return Response(page, mimetype="text/html")
