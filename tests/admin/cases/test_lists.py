"""Registries as lists: whose they are, filters, search, order, totals, kept filters, files; how many queries they cost."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from playhouse.test_utils import count_queries

from attestation.models import Application, Duty, JournalEntry, SavedView, User
from attestation.procedure.words import CaseRole, Category, Channel
from attestation.site.cases import moves, numbers
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import csrf_token
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]
ChangeSettings = Callable[..., None]


def listed(client: FlaskClient, query: str = "") -> list[str]:
    """The numbers in the list at this address, from top to bottom."""
    page = open_page(client, f"/admin/cases/?{query}")
    return [row.all("th")[0].text.removeprefix("№ ") for row in page.main.all("tr")[1:]]


def numbered(*cases: Application) -> list[str]:
    return [str(Application.get_by_id(case.id).number) for case in cases]


TABS = {
    LENOBL: {
        "secretary": "Зарегистрированные заявления|Назначенные заявления|Категория установлена|Отозванные заявления|Все заявления",
        "leader": "Назначенные заявления|Все заявления",
        "expert": "Назначенные заявления|Все заявления",
    },
    SPB: {
        "reception": "Зарегистрированные заявления|Назначенные заявления|Отозванные заявления|Все заявления",
        "expert": "Назначенные заявления|Все заявления",
    },
}


@pytest.mark.parametrize("edition", [LENOBL, SPB])
def test_registries_are_those_of_the_road(
    app: Flask, world: World, sign_in: SignInAs, change_settings: ChangeSettings, edition: str
) -> None:
    change_settings(procedure=edition)
    for who, titles in TABS[edition].items():
        page = open_page(sign_in(getattr(world.cast, who)), "/admin/cases/")
        tabs = page.main.one("nav", aria_label="Реестры").all("a")
        assert "|".join(link.text for link in tabs) == titles
