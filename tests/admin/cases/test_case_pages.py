"""The desk of applications through its pages: whose cases they are, what the page shows, every move of both roads by its screen."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.models import Application, CheckMark, JournalEntry, Sitting, User
from attestation.procedure.road import road
from attestation.procedure.words import Channel
from attestation.site.cases import messages
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import csrf_token
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]


STAGES = [(LENOBL, status) for status in ("submitted", "registered", "review", "review_done", "sitting", "established", "withdrawn")]
STAGES += [(SPB, status) for status in ("received", "registered", "accepted", "review", "second_review", "reviewed", "sitting")]


@pytest.mark.parametrize(("edition", "status"), STAGES)
def test_the_page_of_a_case_is_sound(app: Flask, world: World, sign_in: SignInAs, edition: str, status: str) -> None:
    case = world.walk(world.filled(edition), status)
    for user in (world.cast.secretary, world.cast.chairperson):
        page = open_page(sign_in(user), f"/admin/cases/{case.id}/")
        assert page.main.all("h1")[0].text == "Чернильницына Вера Павловна"
        assert road("application", edition).statuses[status] in page.main.text
