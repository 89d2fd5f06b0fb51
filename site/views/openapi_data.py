"""The part of the description that tells of orders, rulings, clauses and statistics: by the columns of open data."""

from collections.abc import Sequence
from enum import StrEnum

from ...procedure.words import Category, OrderKind
from .. import open_data, statistics
from ..cases import statistics as cases
from ..open_data import Column, Kind
from ..regulation.shape import AUDIENCES, UNITS
from .api_asked import LARGEST_LIMIT, USUAL_LIMIT, YEARS, Sort
from .openapi_words import (
    TEXT,
    WHOLE,
    Schema,
    answered,
    everyone,
    list_of,
    object_of,
    one_of,
    operation,
    path_parameter,
    problem_answer,
    problem_example,
    problem_with_errors,
    ref,
    refused,
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
CELL: Schema = {"type": ["integer", "null"], "minimum": 0}
LIMITS: Schema = {
    "RateLimit-Policy": {"description": "Сколько запросов (q) за сколько секунд (w) можно.", "schema": TEXT},
    "RateLimit": {"description": "Сколько запросов осталось (r) и секунд до нового счёта (t).", "schema": TEXT},
}
STATUSES = {"Misasked": 400, "NoSuchOrder": 404, "NoSuchClause": 404, "Withdrawn": 410, "TooMany": 429, "NotCounted": 503}
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
    answers = answered("Распоряжения, сначала опубликованные последними.", ref("Orders"), LIMITS) | _refused(
        "Misasked", "TooMany"
    )
    return {
        **operation("listOrders", "Распоряжения", "", answers, "orders"),
        "parameters": [_year(), _word("kind", OrderKind, "Вид распоряжения."), *_paging()],
    }


def _order() -> Schema:
    answers = answered("Распоряжение и его строки.", ref("OrderWithRulings"), LIMITS)
    words = "Строки идут по порядку приложения, постранично."
    refusals = _refused("Misasked", "NoSuchOrder", "Withdrawn", "TooMany")
    return {**operation("readOrder", "Распоряжение со строками", words, answers | refusals, "orders"), "parameters": _paging()}


def _rulings() -> Schema:
    answers = answered("Найденные строки.", ref("Rulings"), LIMITS) | _refused("Misasked", "TooMany")
    words = "Ищет так же, как страница /orders/: по фамилии, номеру, дате, организации; понимает ё и е, раскладку, опечатку."
    return {
        **operation("listRulings", "Решения о категориях", words, answers, "orders"),
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
    answers = answered("Редакции.", object_of({"editions": list_of(ref("Edition"))}))
    return operation("listEditions", "Редакции регламента", "", answers, "regulation")


def _clauses() -> Schema:
    document = object_of({"edition": ref("Edition"), "clauses": list_of(ref("Clause"))})
    answers = answered("Пункты по порядку.", document) | _refused("Misasked")
    words = "Без параметра — редакция, действующая сегодня."
    return {**operation("listClauses", "Пункты регламента", words, answers, "regulation"), "parameters": [_edition_name()]}


def _clause() -> Schema:
    answers = answered("Пункт.", ref("Clause")) | _refused("Misasked", "NoSuchClause")
    return {**operation("readClause", "Пункт регламента", "", answers, "regulation"), "parameters": [_edition_name()]}


def _statistics() -> Schema:
    words = f"Числа меньше {statistics.SMALLEST}, кроме нуля, и те, по которым их можно вычислить, — null."
    answers = answered("Таблицы.", ref("Statistics")) | _refused("NotCounted")
    return operation("readStatistics", "Таблицы страницы /statistics/", words, answers, "statistics")


# ── parameters ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _place() -> list[Schema]:
    year = {"type": "string", "pattern": "^[0-9]{4}$"}
    return [path_parameter("year", "Год распоряжения.", year), path_parameter("number", "Номер, например 1016-р.", TEXT)]


def _clause_number() -> Schema:
    return path_parameter("clause", "Номер пункта, например 2.6.2.", TEXT, example="1.1")


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


# ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _refused(*names: str) -> Schema:
    return refused({str(STATUSES[name]): name for name in names})


def responses() -> dict[str, Schema]:
    """The refusals of these addresses."""
    wrong = "Параметр limit: нужно целое число от 1 до 200."
    misasked = {
        **_example("Misasked", "orders"),
        "title": "Параметр запроса не подходит",
        "detail": wrong,
        "errors": [{"field": "limit", "kind": "parameter", "detail": wrong}],
    }
    later = {**everyone(), "Retry-After": {"description": "Через сколько секунд повторить.", "schema": WHOLE}}
    many = problem_answer("Слишком много запросов за минуту.", _example("TooMany", "orders"))
    uncounted = problem_answer("Числа ещё не посчитаны.", _example("NotCounted", "statistics"))
    return {
        "Misasked": problem_answer("Параметр запроса не подходит.", misasked, "Misasked"),
        "NoSuchOrder": problem_answer("Такого опубликованного распоряжения нет.", _example("NoSuchOrder", "orders/2021/1-р")),
        "Withdrawn": problem_answer("Распоряжение отозвано.", _example("Withdrawn", "orders/2021/2-р")),
        "NoSuchClause": problem_answer("Такого пункта нет.", _example("NoSuchClause", "clauses/99")),
        "TooMany": {**many, "headers": {**later, **LIMITS}},
        "NotCounted": {**uncounted, "headers": later},
    }


def _example(name: str, address: str) -> Schema:
    return problem_example(STATUSES[name], f"/api/v1/{address}")


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
        "Misasked": problem_with_errors(TEXT, {"const": "parameter"}),
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
    number = {"type": ["number", "null"], "minimum": 0}
    days = object_of({"name": TEXT, "title": TEXT, "cases": CELL, "lower": number, "median": number, "upper": number})
    decisions = {"years": ("year", WHOLE), "districts": ("district", TEXT), "positions": ("position", TEXT)}
    return object_of(
        {
            "made_at": {**JSON_TYPES[Kind.MOMENT], "description": "Когда посчитано."},
            "smallest": {**WHOLE, "description": "Числа меньше этого не сообщаются."},
            **{name: _table_schema(*line, statistics.COLUMNS) for name, line in decisions.items()},
            "outcomes": _table_schema("year", WHOLE, cases.OUTCOMES),
            "reviews": _table_schema("year", WHOLE, cases.REVIEWS),
            "days": {**list_of(days), "description": "Сколько дней занял каждый шаг: четверть, половина, три четверти дел."},
        }
    )


def _table_schema(name: str, kind: Schema, columns: Sequence[str]) -> Schema:
    cells = {column: CELL for column in (*columns, statistics.TOTAL)}
    return object_of({"lines": list_of(object_of({name: kind, **cells})), "total": object_of(cells)})
