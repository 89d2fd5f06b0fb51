"""What a visitor reads when something is refused, missing or broken."""

import errno

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFError
from peewee import OperationalError

from attestation.procedure.refusal import Refusal
from attestation.site.search import IndexDamaged

from ...inspection import faults, read
from .conftest import Open


def raised(error: Exception | int) -> None:
    if isinstance(error, int):
        abort(error)
    raise error


@pytest.fixture
def failing(app: Flask, monkeypatch: pytest.MonkeyPatch, client: FlaskClient) -> FlaskClient:
    """A client for whom the home page fails as `failing.error` says."""
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "pages.home", lambda: raised(client.error))  # type: ignore[attr-defined]
    return client


@pytest.mark.parametrize(
    ("error", "status", "heading", "sentence"),
    [
        (Refusal("Номер уже занят.", "3.6.2"), 409, "Действие не выполнено", "Номер уже занят."),
        (CSRFError(), 400, "Форма устарела", "Сеанс закончился или браузер не сохраняет cookie."),
        (403, 403, "Доступ закрыт", "У вашей учётной записи нет прав на эту страницу."),
        (413, 413, "Слишком большой файл или форма", "Уменьшите файл или разделите"),
        (414, 414, "Слишком длинный адрес", "Сократите запрос"),
        (429, 429, "Слишком много попыток", "Подождите немного"),
        (418, 418, "Запрос не выполнен", "Вернитесь на предыдущую страницу"),
        (RuntimeError("тайна"), 500, "Что-то сломалось у нас", "Ошибка записана, мы её увидим."),
        (OSError(errno.ENOSPC, "тайна"), 507, "На сервере кончилось место", "Ничего не сохранено."),
        (OSError(errno.EIO, "тайна"), 500, "Что-то сломалось у нас", "Ошибка записана, мы её увидим."),
        (IndexDamaged("тайна"), 503, "Поиск восстанавливается", "Попробуйте ещё раз через минуту."),
        (OperationalError("тайна"), 503, "Сервис временно недоступен", "Идут работы или база данных не отвечает."),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no page of an error asks a database
def test_each_end_has_a_page(failing: FlaskClient, error: Exception | int, status: int, heading: str, sentence: str) -> None:
    failing.error = error  # type: ignore[attr-defined]
    answer = failing.get("/")
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert faults(answer.text, "Аттестация педагогов") == []
    root, _ = read(answer.text)
    assert root.one("h1").text == heading
    assert root.one("p", class_="lead").text.startswith(sentence)
    assert "тайна" not in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_a_refusal_names_its_clause(failing: FlaskClient) -> None:
    failing.error = Refusal("Номер уже занят.", "3.6.2")  # type: ignore[attr-defined]
    assert "Основание: пункт 3.6.2 Административного регламента." in failing.get("/").text


def test_the_broken_page_needs_no_template_and_no_database(failing: FlaskClient, app: Flask) -> None:
    failing.error = RuntimeError()  # type: ignore[attr-defined]
    app.jinja_env.loader = None
    assert failing.get("/").status_code == 500


def test_an_unreachable_database_is_told_to_machines_too(app: Flask, client: FlaskClient) -> None:
    def unreachable() -> None:
        raise OperationalError("no connection")

    app.before_request_funcs.setdefault(None, []).append(unreachable)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "error", "database": "unreachable"})
    assert client.get("/").headers["Retry-After"] == "120"


def test_a_wrong_method_is_refused_and_told_what_is_right(client: FlaskClient, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/orders/")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "Так эту страницу открыть нельзя" in answer.text


def test_the_office_uses_the_same_pages(open_: Open) -> None:
    assert open_("/admin-panel/nichego", status=404).h1 == "Страница не найдена"
