"""Refusals for programs: problem details (RFC 9457) instead of a page, for every address that answers in JSON."""

import json
from collections.abc import Mapping, Sequence

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

MEDIA_TYPE = "application/problem+json"
# Programs on other sites may read the interface: it is public, and no answer depends on who asks.
EVERYONE = "*"
ADDRESSES = {
    *("api.rubrics", "api.rubric", "api.score", "api.description"),
    *("api.orders", "api.order", "api.rulings", "api.editions", "api.clauses", "api.clause", "api.numbers"),
}

SENTENCES = {
    400: ("Запрос не удалось разобрать", "Тело запроса не читается: нужен JSON в кодировке UTF-8."),
    404: ("Не найдено", "По этому адресу ничего нет: адреса перечислены в /api/v1/openapi.json."),
    405: ("Метод не подходит", "Этот адрес не принимает такой метод: допустимые перечислены в заголовке Allow."),
    410: ("Больше не опубликовано", "Этого больше нет: адреса перечислены в /api/v1/openapi.json."),
    413: ("Запрос слишком велик", "Тело запроса больше 256 КБ: сократите его и отправьте снова."),
    414: ("Слишком длинный адрес", "Сократите адрес и попробуйте ещё раз."),
    415: ("Такой вид данных не принимается", "Отправьте тело запроса с заголовком Content-Type: application/json."),
    429: ("Слишком много запросов", "Подождите немного и попробуйте ещё раз."),
    500: ("Что-то сломалось у нас", "Ошибка записана, мы её увидим. Попробуйте ещё раз через несколько минут."),
    503: ("Сервис временно недоступен", "Попробуйте ещё раз через несколько минут."),
    507: ("На сервере кончилось место", "Попробуйте ещё раз позже."),
}
OTHER = ("Запрос не выполнен", "Проверьте запрос по описанию в /api/v1/openapi.json.")


def expected() -> bool:
    """Whether whoever asks expects JSON: the programming interface, or a form as JSON."""
    return request.path.startswith("/api/") or (request.path.startswith("/rubrics/") and request.path.endswith(".json"))


def problem(
    status: int,
    detail: str = "",
    *,
    title: str = "",
    kind: str = "about:blank",
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The refusal as problem details; without a title or a detail the general ones of the status."""
    general, sentence = SENTENCES.get(status, OTHER)
    document: dict[str, object] = {
        "type": kind,
        "title": title or general,
        "status": status,
        "detail": detail or sentence,
        "instance": request.path,
    }
    if errors:
        document["errors"] = list(errors)
    answer = Response(json.dumps(document, ensure_ascii=False), status, headers, mimetype=MEDIA_TYPE)
    answer.headers["Access-Control-Allow-Origin"] = EVERYONE
    return answer


def refused(error: HTTPException) -> Response:
    """What an HTTP refusal becomes. Our own sentence, given to `abort`, is kept; Werkzeug's English ones are not."""
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name.lower() not in {"content-type", "content-length"}}
    if status in (404, 405):
        # Something answers GET at any address (`nowhere`, the pages), so that the router alone cannot tell these two apart.
        methods = allowed()
        status = 405 if methods and request.method not in methods else 404
        headers = {"Allow": ", ".join(methods)} if status == 405 else {}
    described = error.description if status == error.code and error.description != type(error).description else None
    return problem(status, described or "", headers=headers)


def allowed() -> list[str]:
    """The methods that this address of the programming interface accepts; empty when there is no such address."""
    rules = [rule.empty() for rule in current_app.url_map.iter_rules() if rule.endpoint in ADDRESSES]
    return sorted(Map(rules).bind("localhost").allowed_methods(request.path))
