"""What a visitor reads when something is refused, missing or broken. The office uses the same pages."""

import errno

from flask import Flask, Response, abort, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from peewee import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from ...procedure.refusal import Refusal
from ..search import IndexBusy, IndexDamaged
from . import problems
from .layout import Way, parts

# Pages of their own; any other refusal of the web (405, 413, 414, 429 …) is worded here.
SENTENCES = {
    400: ("Запрос не удалось разобрать", "Вернитесь на предыдущую страницу и попробуйте ещё раз."),
    401: ("Нужно войти", "Войдите в рабочее место и откройте страницу снова."),
    403: ("Доступ закрыт", "У вашей учётной записи нет прав на эту страницу. Если они нужны, обратитесь к администратору."),
    404: ("Страница не найдена", "Проверьте адрес или найдите нужное через поиск."),
    405: ("Так эту страницу открыть нельзя", "Откройте её по ссылке или из формы, а не прямым запросом."),
    409: ("Действие не выполнено", "Обновите страницу и посмотрите, что изменилось."),
    410: ("Страница удалена", "Начните с главной страницы."),
    413: ("Слишком большой файл или форма", "Уменьшите файл или разделите его на части и отправьте снова."),
    414: ("Слишком длинный адрес", "Сократите запрос и попробуйте ещё раз."),
    415: ("Такой вид файла не принимается", "Отправьте файл в одном из видов, названных рядом с полем."),
    422: ("Форму не удалось принять", "Исправьте отмеченные поля и отправьте снова."),
    429: ("Слишком много попыток", "Подождите немного и попробуйте ещё раз."),
}
OTHER = ("Запрос не выполнен", "Вернитесь на предыдущую страницу и попробуйте ещё раз.")
BROKEN = {
    500: ("Что-то сломалось у нас", "Ошибка записана, мы её увидим. Попробуйте ещё раз через несколько минут."),
    503: ("Сервис временно недоступен", "Идут работы или база данных не отвечает. Попробуйте ещё раз через несколько минут."),
    507: ("На сервере кончилось место", "Ничего не сохранено. Сообщите администратору и повторите, когда он освободит место."),
}
# No room, or no more of it for this account.
FULL = {errno.ENOSPC, errno.EDQUOT}


def init_app(app: Flask) -> None:
    """Register a page for every way a request can end badly."""
    # Made ready now: when everything else fails, nothing has to be looked up or rendered.
    with app.app_context():
        ready = {
            status: render_template(
                "errors/broken.html",
                heading=heading,
                sentence=sentence,
                service_name=parts().settings.service_name,
                static=app.static_url_path,
            )
            for status, (heading, sentence) in BROKEN.items()
        }

    def broken(_error: Exception) -> Response:
        if problems.expected():
            return problems.problem(500)
        return Response(ready[500], 500, mimetype="text/html")

    def full(error: OSError) -> Response:
        if error.errno not in FULL:
            raise error
        app.logger.error("The disk is full: %s", request.path)
        if problems.expected():
            return problems.problem(507)
        return Response(ready[507], 507, mimetype="text/html")

    def unreachable(error: Exception) -> Response:
        app.logger.error("The database does not answer: %s", type(error).__name__)
        if request.path == "/healthz":
            return _json(503, status="error", database="unreachable")
        if problems.expected():
            return problems.problem(503, headers={"Retry-After": "120"})
        return Response(ready[503], 503, mimetype="text/html", headers={"Retry-After": "120"})

    def searchless(error: Exception) -> Response:
        app.logger.error("The search does not answer: %s", type(error).__name__)
        if problems.expected():
            return problems.problem(503, headers={"Retry-After": "60"})
        answer = page(503, "Поиск восстанавливается", "Попробуйте ещё раз через минуту. Остальные страницы работают.")
        answer.headers["Retry-After"] = "60"
        return answer

    app.before_request(refuse_nul)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(Refusal, refused_by_rule)
    app.register_error_handler(500, broken)
    app.register_error_handler(OSError, full)
    app.register_error_handler(OperationalError, unreachable)
    app.register_error_handler(InterfaceError, unreachable)
    app.register_error_handler(IndexDamaged, searchless)
    app.register_error_handler(IndexBusy, searchless)


def _json(code: int, /, **values: str) -> Response:
    answer = jsonify(values)
    answer.status_code = code
    return answer


def refuse_nul() -> None:
    """No address holds the character NUL, and PostgreSQL takes no text that does."""
    if "\0" in request.path:
        abort(404)


def refused(error: HTTPException) -> Response:
    """The page of an HTTP refusal; a sentence given to `abort(status, sentence)` is shown instead of the general one."""
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    if problems.expected():
        return problems.refused(error)
    heading, sentence = SENTENCES.get(error.code, OTHER)
    told = error.description if error.description and error.description != type(error).description else sentence
    answer = page(error.code, heading, told if _is_russian(told) else sentence)
    # What the refusal itself has to say: Allow, Retry-After …
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def stale_form(_error: CSRFError) -> Response:
    """A form without a valid token: usually a session that ended, or cookies switched off."""
    return page(
        400,
        "Форма устарела",
        "Сеанс закончился или браузер не сохраняет cookie. Вернитесь назад, обновите страницу и отправьте форму ещё раз:"
        " введённое обычно остаётся в полях.",
    )


def refused_by_rule(refusal: Refusal) -> Response:
    """The domain's own refusal with the clause it rests on."""
    return page(409, SENTENCES[409][0], refusal.sentence, clause=refusal.clause)


def page(status: int, heading: str, sentence: str, clause: str = "", near: Way | None = None) -> Response:
    """The page of a refusal; `near` is a way to something close to what was looked for."""
    template = "errors/404.html" if status == 404 else "errors/refused.html"
    text = render_template(template, heading=heading, sentence=sentence, clause=clause, status=status, near=near)
    return Response(text, status, mimetype="text/html")


def _is_russian(text: str) -> bool:
    """Werkzeug's own sentences are English and say nothing to a visitor."""
    return any("а" <= letter <= "я" for letter in text.lower())
