"""The OpenAPI description against the routes, the engine, and the real answers of the application (schemathesis)."""

import inspect
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

from attestation.rubrics import forms, scoring
from attestation.rubrics.shape import Form
from attestation.site import regulation, yearbook
from attestation.site.search.sources import sync
from attestation.site.views import openapi, problems
from attestation.tests.conftest import NOON, MakeOrder

# A row or a position that fits the schema may still not be of this form: 422 is then the right answer.
CONFIG = {
    "seed": 1,
    "generation": {"max-examples": 40, "deterministic": True, "database": "none"},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422"]}},
}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database is enough: nothing here asks it anything."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'attestation.sqlite')}"


@pytest.fixture
def described(app: Flask, make_order: MakeOrder, change_settings: Callable[..., None]) -> Any:
    """The description, read from the application that it describes; it asks more often than people may."""
    make_order()
    sync(app.extensions["attestation"].index)
    yearbook.make(app.extensions["attestation"].settings, on=NOON)
    change_settings(api_limit=0)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=SchemathesisConfig.from_dict(CONFIG))


def test_it_describes_exactly_the_addresses_there_are(app: Flask) -> None:
    described = {
        (path, method.upper())
        for path, operations in openapi.description("http://127.0.0.1")["paths"].items()
        for method in operations
        if method != "parameters"
    }
    routes = {
        (re.sub(r"<[^>]*:(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint != "api.nowhere"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_the_router_refuses_other_methods_at_the_same_addresses(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert endpoints - {"api.nowhere"} == problems.ADDRESSES


def test_it_names_every_reason_of_the_engine() -> None:
    raised = set(re.findall(r'InvalidClaims\(\s*"(\w+)"', inspect.getsource(scoring)))
    assert set(openapi.KINDS) == raised - {"unknown_form"}  # an unknown form is 404


def test_real_answers_are_as_described(described: Any) -> None:
    """All checks of schemathesis on valid and invalid requests: examples, edges of the schema, random ones, chains."""
    tried: Counter[str] = Counter()
    wrong: list[str] = []
    for event in engine.from_schema(described).execute():
        if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
            tried.update(f"{node.value.method} {node.value.path}" for node in event.recorder.cases.values())
        elif isinstance(event, events.NonFatalError):
            wrong.append(str(event.value))
        elif isinstance(event, events.FatalError):
            wrong.append(str(event.exception))
        elif isinstance(event, events.EngineFinished):
            wrong += [f"{failure.operation}: {failure.title}. {failure.message}" for failure in event.failures]
    assert wrong == []
    assert tried["POST /api/v1/rubrics/{number}/score"] > 100


def test_the_description_and_the_list_are_as_described(described: Any) -> None:
    lists = ("openapi.json", "rubrics", "orders", "rulings", "editions", "clauses", "statistics")
    for path in lists:
        case = described[f"/api/v1/{path}"]["GET"].Case(headers={"Accept-Encoding": "identity"})
        assert case.call_and_validate().status_code == 200


def test_an_order_and_every_clause_are_as_described(described: Any) -> None:
    order = described["/api/v1/orders/{year}/{number}"]["GET"].Case(path_parameters={"year": "2021", "number": "1016-р"})
    assert order.call_and_validate().status_code == 200
    for slug in regulation.EDITIONS:
        for number in regulation.edition(slug).by_number:
            case = described["/api/v1/clauses/{clause}"]["GET"].Case(
                path_parameters={"clause": number}, query={"edition": slug}
            )
            assert case.call_and_validate().status_code == 200


@pytest.mark.parametrize("name", sorted(openapi.description("")["components"]["schemas"]))
def test_every_schema_is_json_schema(name: str) -> None:
    jsonschema_rs.meta.validate(openapi.description("")["components"]["schemas"][name])


def worksheet(form: Form, position: str) -> dict[str, Any]:
    """Every option that this position may claim, twice."""
    roles = form.roles(position)
    claims = [
        {"criterion": row.clause, "option": option.index, "count": 2}
        for row in form.criteria
        if row.open_to(position)
        for option in row.options
        if not option.role or option.role in roles[:1]
    ]
    told = {"role": roles[0]} if roles else {}
    told |= {"discipline": form.disciplines[0].name} if form.disciplines else {}
    return {"position": position, "category": "highest", "claims": claims, **told}


@pytest.mark.parametrize("number", [entry.number for entry in forms.edition().forms])
def test_every_form_and_a_full_worksheet_of_it_are_as_described(described: Any, number: int) -> None:
    form = forms.form(number)
    described["/api/v1/rubrics/{number}"]["GET"].Case(path_parameters={"number": number}).call_and_validate()
    operation = described["/api/v1/rubrics/{number}/score"]["POST"]
    for position in form.positions:
        body = worksheet(form, position)
        case = operation.Case(path_parameters={"number": number}, body=body, media_type="application/json")
        assert case.call_and_validate().status_code == 200
