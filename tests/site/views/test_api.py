"""The programming interface: forms as JSON, scoring, refusals as problem details."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from peewee import OperationalError
from playhouse.test_utils import assert_query_count
from werkzeug.test import TestResponse

from attestation.rubrics import forms
from attestation.rubrics.document import as_json
from attestation.rubrics.scoring import score_request

from ...rubrics.test_situations import situations

NUMBERS = [entry.number for entry in forms.edition().forms]
POSITION = forms.form(1).positions[0]
GOOD = {"position": POSITION, "category": "first", "claims": [{"criterion": "1.1", "option": 3, "count": 1}]}
SCORE = "/api/v1/rubrics/1/score"


def problem(answer: TestResponse) -> dict[str, Any]:
    """The problem details of a refusal, after checking what all of them promise."""
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    details: dict[str, Any] = answer.get_json(force=True)
    assert details["status"] == answer.status_code
    assert details["instance"] == answer.request.path
    assert details["title"] and details["detail"].endswith(".")
    return details


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database is enough: nothing here asks it anything."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'attestation.sqlite')}"


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", NUMBERS)
def test_a_form_is_read_at_both_addresses(client: FlaskClient, number: int) -> None:
    answer, same = client.get(f"/api/v1/rubrics/{number}"), client.get(f"/rubrics/{number}.json")
    assert answer.mimetype == same.mimetype == "application/json"
    assert json.loads(answer.data.decode("utf-8")) == as_json(forms.form(number))
    assert answer.data == same.data


def test_the_text_is_russian_letters_not_escapes(client: FlaskClient) -> None:
    data = client.get("/api/v1/rubrics/1").data
    assert "Учитель" in data.decode("utf-8") and b"\\u" not in data


def test_the_list_leads_to_every_form(client: FlaskClient) -> None:
    listed = client.get("/api/v1/rubrics").get_json()
    assert listed["edition"]["name"] == forms.CURRENT
    assert [form["number"] for form in listed["forms"]] == NUMBERS
    for form in listed["forms"]:
        assert client.get(form["href"]).get_json()["positions"] == form["positions"]


@pytest.mark.parametrize("path", ["/api/v1/rubrics", "/api/v1/rubrics/8", "/rubrics/8.json", "/api/v1/openapi.json"])
def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in first.headers
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


def test_head_has_the_length_and_no_body(client: FlaskClient) -> None:
    answer = client.head("/api/v1/rubrics/1")
    assert (answer.status_code, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(client.get("/api/v1/rubrics/1").data)


def test_reading_and_scoring_ask_the_database_nothing(client: FlaskClient) -> None:
    with assert_query_count(0):
        client.get("/api/v1/rubrics/1")
        client.post(SCORE, json=GOOD)


@pytest.mark.parametrize("number", ["0", "16", "01", "-1", "abc", "²", "9" * 300])
@pytest.mark.parametrize("path", ["/api/v1/rubrics/{}", "/rubrics/{}.json"])
def test_a_form_that_is_not_in_the_list(client: FlaskClient, path: str, number: str) -> None:
    answer = client.get(path.format(number))
    assert answer.status_code == 404
    assert problem(answer)["type"] == "about:blank"


# ── scoring ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def asked(case: dict[str, Any]) -> dict[str, Any]:
    claims = [dict(zip(("criterion", "option", "count", "students"), claim, strict=False)) for claim in case["claims"]]
    return {**{key: case[key] for key in ("position", "category", "role", "discipline") if key in case}, "claims": claims}


def test_every_situation_scores_as_the_engine_does(client: FlaskClient) -> None:
    for parameter in situations(True):
        case = parameter.values[0]
        answer = client.post(f"/api/v1/rubrics/{case['form']}/score", json=asked(case))
        assert answer.status_code == 200, parameter.id
        assert answer.get_json() == score_request(case["form"], asked(case)).as_json()
        assert answer.get_json()["points"] == case["points"]


def test_every_refused_situation_names_its_field_and_reason(client: FlaskClient) -> None:
    for parameter in situations(False):
        case = parameter.values[0]
        answer = client.post(f"/api/v1/rubrics/{case['form']}/score", json=asked(case))
        if case["error"] == "unknown_form":
            assert answer.status_code == 404
            continue
        assert answer.status_code == 422, parameter.id
        details = problem(answer)
        assert details["type"] == "http://127.0.0.1:8000/api/v1/openapi.json#/components/schemas/RefusedClaims"
        assert details["errors"] == [{"field": case["field"], "kind": case["error"], "detail": details["detail"]}]


def test_the_answer_has_the_promised_shape(client: FlaskClient) -> None:
    answer = client.post(SCORE, json=GOOD)
    assert answer.get_json() == {
        "points": {"1.1": 40},
        "sections": {"1": 40, "2": 0, "3": 0, "4": 0},
        "total": 40,
        "range": [40, 40],
        "required": 140,
        "meets": False,
        "meets_strictly": False,
        "verdict": "не соответствует",
        "explanations": [
            {
                "criterion": "1.1",
                "points": 40,
                "range": [40, 40],
                "text": "Засчитано 40 баллов: «от 60% и более от числа участвующих» — 40.",
            }
        ],
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_scoring_needs_no_token_and_sets_no_cookie(client: FlaskClient, app: Flask) -> None:
    assert app.config.get("WTF_CSRF_ENABLED", True)
    answer = client.post(SCORE, json=GOOD)
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
    assert client.post("/admin/login", data={"login": "admin"}).status_code == 400  # everything else still needs one


@pytest.mark.parametrize("body", [b"", b"{", b"\xff{}", b'"\\ud800"', b'{"position": NaN}', b"[" * 100_000, b"1" * 5000])
def test_what_is_no_json_is_400(client: FlaskClient, body: bytes) -> None:
    answer = client.post(SCORE, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert problem(answer)["detail"] == "Тело запроса не читается: нужен JSON в кодировке UTF-8."


@pytest.mark.parametrize("body", [None, [], "text", 1, {}, {**GOOD, "claims": None}, {**GOOD, "position": 1}])
def test_json_of_another_shape_is_422(client: FlaskClient, body: object) -> None:
    answer = client.post(SCORE, data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    assert [error["kind"] for error in problem(answer)["errors"]] == ["malformed"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_only_json_is_taken(client: FlaskClient, content_type: str | None) -> None:
    answer = client.post(SCORE, data=json.dumps(GOOD), content_type=content_type)
    assert answer.status_code == 415
    problem(answer)


def test_the_charset_may_be_said(client: FlaskClient) -> None:
    assert client.post(SCORE, data=json.dumps(GOOD), content_type="application/json; charset=utf-8").status_code == 200


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(("size", "status"), [(256 * 1024, 200), (256 * 1024 + 1, 413), (7 * 1024 * 1024, 413)])
def test_the_body_has_a_limit_whether_its_length_is_told_or_not(
    client: FlaskClient, size: int, status: int, told: bool
) -> None:
    body = json.dumps(GOOD).encode().ljust(size)
    chunked = {"input_stream": io.BytesIO(body), "environ_overrides": {"wsgi.input_terminated": True}}
    sent: dict[str, Any] = {"data": body} if told else chunked
    answer = client.post(SCORE, **sent, content_type="application/json")
    assert answer.status_code == status
    if status == 413:
        assert problem(answer)["detail"] == "Тело запроса больше 256 КБ: сократите его и отправьте снова."


def test_an_unknown_form_cannot_score(client: FlaskClient) -> None:
    answer = client.post("/api/v1/rubrics/16/score", json=GOOD)
    assert answer.status_code == 404
    assert problem(answer)["detail"] == "Формы 16 нет: в регламенте 15 форм, выберите номер из списка."


# ── every end under /api/ ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", SCORE, "OPTIONS, POST"),
        ("PUT", SCORE, "OPTIONS, POST"),
        ("POST", "/api/v1/rubrics", "GET, HEAD, OPTIONS"),
        ("DELETE", "/api/v1/rubrics/1", "GET, HEAD, OPTIONS"),
        ("PATCH", "/api/v1/openapi.json", "GET, HEAD, OPTIONS"),
        ("POST", "/rubrics/1.json", "GET, HEAD, OPTIONS"),
        ("BREW", "/api/v1/rubrics", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient, method: str, path: str, allow: str) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allow)
    problem(answer)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/rubrics/", "/api/v1/rubrics/1/score/", "/api/v2/rubrics"])
def test_an_address_that_is_not_there(app: Flask, client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, "Allow" in answer.headers) == (404, False)
    problem(answer)


@pytest.mark.parametrize(("error", "status"), [(RuntimeError("тайна"), 500), (OperationalError("тайна"), 503)])
def test_even_a_breakdown_is_json(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fails() -> None:
        raise error

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "api.rubrics", fails)
    answer = client.get("/api/v1/rubrics")
    assert answer.status_code == status
    assert "тайна" not in answer.text
    problem(answer)


def test_pages_are_still_refused_as_pages(open_: Any) -> None:
    assert open_("/apiary", status=404).h1 == "Страница не найдена"


def test_another_site_may_ask_beforehand(client: FlaskClient) -> None:
    answer = client.options(SCORE, headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 200
    names = ("Access-Control-Allow-Origin", "Access-Control-Allow-Headers", "Access-Control-Max-Age")
    assert [answer.headers[name] for name in names] == ["*", "Content-Type", "86400"]
    assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == {"POST", "OPTIONS"}
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert client.post(SCORE, json=GOOD).headers["Access-Control-Allow-Origin"] == "*"
