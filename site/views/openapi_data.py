"""The part of the description that tells of orders, rulings, clauses and statistics: by the columns of open data."""

from collections.abc import Sequence
from enum import StrEnum

from ...procedure.words import Category, OrderKind
from .. import open_data, statistics
from ..open_data import Column, Kind
from ..regulation.shape import AUDIENCES, UNITS
from .api_asked import LARGEST_LIMIT, USUAL_LIMIT, YEARS, Sort
from .openapi_words import (
    TEXT,
    WHOLE,
    Schema,
    everyone,
    lasting,
    list_of,
    object_of,
    one_of,
    operation,
    problem_answer,
    problem_example,
    ref,
    refusal,
    unchanged,
)

TAGS = [
    {"name": "orders", "description": "Опубликованные распоряжения и решения о категориях"},
    {"name": "regulation", "description": "Пункты регламента в пересказе сайта"},
    {"name": "statistics", "description": "Числа без малых групп"},
]
JSON_TYPES: dict[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.WHOLE: {"type": "integer"},
    Kind.DAY: {"type": "string", "format": "date"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
    Kind.FLAG: {"type": "boolean"},
    Kind.ADDRESS: {"type": "string", "format": "uri"},
}
NEXT: Schema = {
    "type": ["string", "null"],
    "format": "uri",
    "description": "Адрес следующей страницы; null — это последняя. Публикации по пути ничего не сдвигают.",
}


# ── addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────


def paths() -> Schema:
    """The addresses with their methods."""
    return {
        "/api/v1/orders": {"get": _orders()},
        "/api/v1/orders/{year}/{number}": {"parameters": _place(), "get": _order()},
        "/api/v1/rulings": {"get": _rulings()},
        "/api/v1/editions": {"get": _editions()},
        "/api/v1/clauses": {"get": _clauses()},
        "/api/v1/clauses/{clause}": {"parameters": [_clause_number()], "get": _clause()},
        "/api/v1/statistics": {"get": _statistics()},
    }


def _orders() -> Schema:
    answers = {"200": _counted("Распоряжения, сначала опубликованные последними.", ref("Orders")), "304": unchanged()}
    return {
        **operation("listOrders", "Распоряжения", "", answers | _refusals("Misasked", "TooMany"), "orders"),
        "parameters": [_year(), _word("kind", OrderKind, "Вид распоряжения."), *_paging()],
    }


def _order() -> Schema:
    answers = {"200": _counted("Распоряжение и его строки.", ref("OrderWithRulings")), "304": unchanged()}
    words = "Строки идут по порядку приложения, постранично."
    refusals = _refusals("Misasked", "NoSuchOrder", "Withdrawn", "TooMany")
    return {**operation("readOrder", "Распоряжение со строками", words, answers | refusals, "orders"), "parameters": _paging()}


def _rulings() -> Schema:
    answers = {"200": _counted("Найденные строки.", ref("Rulings")), "304": unchanged()}
    words = "Ищет так же, как страница /orders/: по фамилии, номеру, дате, организации; понимает ё и е, раскладку, опечатку."
    return {
        **operation("listRulings", "Решения о категориях", words, answers | _refusals("Misasked", "TooMany"), "orders"),
        "parameters": [
            _text("q", "Что найти."),
            _year(),
            _word("category", Category, "Категория."),
            _text("position", "Должность целиком, как в распоряжении."),
            _text("organization", "Организация целиком, как в распоряжении."),
            _word("kind", OrderKind, "Вид распоряжения."),
            _word("sort", Sort, "new — сначала новые распоряжения (так и без параметра), old — сначала старые."),
            *_paging(),
        ],
    }


def _editions() -> Schema:
    answers = {"200": lasting("Редакции.", object_of({"editions": list_of(ref("Edition"))})), "304": unchanged()}
    return operation("listEditions", "Редакции регламента", "", answers, "regulation")


def _clauses() -> Schema:
    document = object_of({"edition": ref("Edition"), "clauses": list_of(ref("Clause"))})
    answers = {"200": lasting("Пункты по порядку.", document), "304": unchanged()} | _refusals("Misasked")
    words = "Без параметра — редакция, действующая сегодня."
    return {**operation("listClauses", "Пункты регламента", words, answers, "regulation"), "parameters": [_edition_name()]}


def _clause() -> Schema:
    answers = {"200": lasting("Пункт.", ref("Clause")), "304": unchanged()} | _refusals("Misasked", "NoSuchClause")
    return {**operation("readClause", "Пункт регламента", "", answers, "regulation"), "parameters": [_edition_name()]}


def _statistics() -> Schema:
    words = f"Числа меньше {statistics.SMALLEST}, кроме нуля, и итоги, по которым их можно вычислить, — null."
    answers = {"200": lasting("Таблицы.", ref("Statistics")), "304": unchanged()}
    return operation("readStatistics", "Решения по годам и должностям", words, answers, "statistics")


# ── parameters ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _place() -> list[Schema]:
    year = {"type": "string", "pattern": "^[0-9]{4}$"}
    return [
        {"name": "year", "in": "path", "required": True, "description": "Год распоряжения.", "schema": year},
        {"name": "number", "in": "path", "required": True, "description": "Номер, например 1016-р.", "schema": TEXT},
    ]


def _clause_number() -> Schema:
    told = "Номер пункта, например 2.6.2."
    return {"name": "clause", "in": "path", "required": True, "description": told, "schema": TEXT, "example": "1.1"}


def _edition_name() -> Schema:
    return _text("edition", "Имя редакции из /api/v1/editions.")


def _text(name: str, told: str) -> Schema:
    return {"name": name, "in": "query", "description": told, "schema": TEXT}


def _word(name: str, words: type[StrEnum], told: str) -> Schema:
    return {"name": name, "in": "query", "schema": one_of(list(map(str, words)), told)}


def _year() -> Schema:
    return {"name": "year", "in": "query", "schema": {**WHOLE, "minimum": YEARS[0], "maximum": YEARS[1]}}


def _paging() -> list[Schema]:
    limit = {**WHOLE, "minimum": 1, "maximum": LARGEST_LIMIT, "default": USUAL_LIMIT}
    told = "Место, с которого продолжать: берётся из next. Что внутри, не обещаем."
    return [
        {"name": "limit", "in": "query", "description": "Сколько записей на странице.", "schema": limit},
        _text("cursor", told),
    ]


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _counted(words: str, schema: Schema) -> Schema:
    """An answer that counts against the limit of its client."""
    answer = lasting(words, schema)
    return {**answer, "headers": {**answer["headers"], **_limits()}}


def _limits() -> Schema:
    return {
        "RateLimit-Policy": {"description": "Сколько запросов (q) за сколько секунд (w) можно.", "schema": TEXT},
        "RateLimit": {
            "description": "Сколько запросов осталось (r) и секунд до нового счёта (t).",
            "schema": TEXT,
        },
    }


def _refusals(*names: str) -> Schema:
    statuses = {"Misasked": "400", "NoSuchOrder": "404", "NoSuchClause": "404", "Withdrawn": "410", "TooMany": "429"}
    return {statuses[name]: refusal(name) for name in names}


def responses() -> dict[str, Schema]:
    """The refusals of these addresses."""
    wrong = "Параметр limit: нужно целое число от 1 до 200."
    misasked = {
        **problem_example(400, "/api/v1/orders"),
        "title": "Параметр запроса не подходит",
        "detail": wrong,
        "errors": [{"field": "limit", "kind": "parameter", "detail": wrong}],
    }
    many = problem_answer("Слишком много запросов за минуту.", "Problem", problem_example(429, "/api/v1/orders"))
    again = {"Retry-After": {"description": "Через сколько секунд повторить.", "schema": WHOLE}}
    return {
        "Misasked": problem_answer("Параметр запроса не подходит.", "Misasked", misasked),
        "NoSuchOrder": problem_answer(
            "Такого опубликованного распоряжения нет.", "Problem", problem_example(404, "/api/v1/orders/2021/1-р")
        ),
        "Withdrawn": problem_answer("Распоряжение отозвано.", "Problem", problem_example(410, "/api/v1/orders/2021/2-р")),
        "NoSuchClause": problem_answer("Такого пункта нет.", "Problem", problem_example(404, "/api/v1/clauses/99")),
        "TooMany": {**many, "headers": {**everyone(), **again, **_limits()}},
    }


# ── schemas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def schemas() -> dict[str, Schema]:
    """The documents of these addresses."""
    order = {**_properties(open_data.ORDER), "href": {**TEXT, "description": "Адрес распоряжения со строками."}}
    signed = {"basis": TEXT, "signatory_position": TEXT, "signatory_name": TEXT}
    rulings = list_of(ref("Ruling"))
    correction = {**object_of({"typed": TEXT, "words": list_of(TEXT)}), "type": ["object", "null"]}
    return {
        "Order": object_of(order),
        "Orders": object_of({"items": list_of(ref("Order")), "next": NEXT}),
        "OrderWithRulings": object_of({**order, **signed, "rulings": rulings, "next": NEXT}),
        "Ruling": object_of(_properties(open_data.RULING)),
        "Rulings": object_of(
            {
                "total": {**WHOLE, "description": "Сколько строк найдено всего."},
                "understood": {**list_of(TEXT), "description": "Как прочитан запрос."},
                "correction": {**correction, "description": "Что искали вместо слова, которого нет в архиве."},
                "items": rulings,
                "next": NEXT,
            }
        ),
        "Edition": _edition(),
        "Clause": _clause_schema(),
        "Statistics": _statistics_schema(),
        "Misasked": _misasked_schema(),
    }


def _properties(columns: Sequence[Column]) -> Schema:
    return {column.name: _property(column) for column in columns}


def _property(column: Column) -> Schema:
    told = {**JSON_TYPES[column.kind], "description": column.meaning}
    if column.empty:
        told["type"] = [told["type"], "null"]
    if column.words:
        told["enum"] = list(column.words)
    return told


def _edition() -> Schema:
    day = JSON_TYPES[Kind.DAY]
    return object_of(
        {
            **{name: TEXT for name in ("name", "title", "jurisdiction", "act")},
            "in_force_from": day,
            "in_force_until": {**day, "type": ["string", "null"]},
            "clauses": {**WHOLE, "description": "Сколько пунктов."},
            "page": JSON_TYPES[Kind.ADDRESS],
            "href": TEXT,
        }
    )


def _clause_schema() -> Schema:
    term = object_of({"number": TEXT, "unit": one_of((*UNITS, "date"), "Единица срока."), "since": TEXT, "purpose": TEXT})
    return object_of(
        {
            "number": TEXT,
            "title": TEXT,
            "text": {**TEXT, "description": "Пересказ, Markdown; не официальный текст."},
            "section": TEXT,
            "nested": {**list_of(TEXT), "description": "Номера пунктов внутри него."},
            "actors": list_of(TEXT),
            "audiences": list_of(one_of(AUDIENCES, "Кому важно.")),
            "documents": list_of(TEXT),
            "terms": list_of(term),
            "remarks": list_of(TEXT),
            "edition": TEXT,
            "page": JSON_TYPES[Kind.ADDRESS],
            "href": TEXT,
        }
    )


def _statistics_schema() -> Schema:
    cell = {"type": ["integer", "null"], "minimum": 0}
    cells: Schema = {column: cell for column in (*statistics.COLUMNS, "total")}
    tables = {
        name: object_of({"lines": list_of(object_of({key: value, **cells})), "total": object_of(cells)})
        for name, key, value in (("years", "year", WHOLE), ("positions", "position", TEXT))
    }
    smallest = {**WHOLE, "description": "Числа меньше этого не сообщаются."}
    return object_of({"smallest": smallest, **tables})


def _misasked_schema() -> Schema:
    error = object_of({"field": TEXT, "kind": {"const": "parameter"}, "detail": TEXT})
    errors = {**list_of(error), "minItems": 1}
    return {"allOf": [ref("Problem")], "type": "object", "required": ["errors"], "properties": {"errors": errors}}
