"""The OpenAPI 3.1 description of the programming interface. Words, figures and examples come from the rubrics themselves."""

from ...rubrics import forms
from ...rubrics.scoring import CATEGORIES, MOST, score_request
from ...rubrics.shape import Counting, Form, Period
from . import openapi_data
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

VERSION = "1.2"
LARGEST_BODY = 256 * 1024
REFUSED_CLAIMS = "/api/v1/openapi.json#/components/schemas/RefusedClaims"
# What `errors[].kind` of a refusal may be; a test compares it with the engine.
KINDS = (
    "malformed",
    "position_not_covered",
    "unknown_category",
    "unknown_role",
    "missing_role",
    "unknown_discipline",
    "missing_discipline",
    "unknown_criterion",
    "unknown_option",
    "criterion_not_for_position",
    "option_not_for_role",
    "negative_count",
    "non_integer_count",
    "count_too_large",
    "students_mismatch",
)


def description(site_url: str) -> Schema:
    """The whole description; `site_url` is where this installation is found."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Аттестация педагогов: решения, регламент, формы и подсчёт баллов",
            "version": VERSION,
            "description": "Опубликованные распоряжения и решения о категориях, пункты регламента, числа; формы экспертных"
            " заключений как данные и подсчёт баллов по ним. Доступно всем без регистрации и с любого сайта (CORS); cookie не"
            " ставятся. Где читаются записи, число запросов в минуту ограничено: заголовки RateLimit, при отказе 429 —"
            " Retry-After; все данные сразу лежат на странице /data/. Отказы — application/problem+json (RFC 9457),"
            " предложения в них по-русски.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": site_url}],
        "security": [],
        "tags": [*openapi_data.TAGS, {"name": "rubrics", "description": "Формы экспертных заключений"}],
        "paths": {
            **openapi_data.paths(),
            "/api/v1/rubrics": {"get": _list()},
            "/api/v1/rubrics/{number}": {"parameters": [_number()], "get": _form()},
            "/api/v1/rubrics/{number}/score": {"parameters": [_number()], "post": _score()},
            "/api/v1/openapi.json": {"get": _description()},
        },
        "components": {
            "schemas": _schemas() | openapi_data.schemas(),
            "responses": _refusals() | openapi_data.responses(),
        },
    }


# ── addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _list() -> Schema:
    answers = answered("Список форм.", ref("FormList"))
    return operation("listRubrics", "Список форм", "Все формы редакции и строки их таблиц баллов.", answers)


def _form() -> Schema:
    answers = answered("Форма.", ref("Form")) | refused({"404": "NoSuchForm"})
    return operation("readRubric", "Форма целиком", "То же отдаёт /rubrics/{number}.json.", answers)


def _description() -> Schema:
    answers = answered("Описание OpenAPI 3.1.", {"type": "object", "required": ["openapi"]})
    return operation("readDescription", "Это описание", "", answers)


def _score() -> Schema:
    form, request = example()
    body = {"schema": ref("ScoreRequest"), "examples": {"typical": {"summary": f"Форма {form.number}", "value": request}}}
    scored = {
        "description": "Подсчитано. Не соответствует порогу — тоже ответ, а не ошибка: смотрите meets.",
        "headers": everyone(),
        "content": {
            "application/json": {
                "schema": ref("Score"),
                "examples": {"typical": {"value": score_request(form.number, request).as_json()}},
            }
        },
    }
    refusals = {"400": "NotJson", "404": "NoSuchForm", "413": "TooLarge", "415": "NotJsonMedia", "422": "RefusedClaims"}
    answers = {"200": scored, **refused(refusals)}
    words = "Считает баллы заявленного по правилам формы и поясняет каждую строку. Порядок строк не важен."
    return {
        **operation("scoreRubric", "Подсчитать баллы", words, answers),
        "requestBody": {"required": True, "content": {"application/json": body}},
    }


def example() -> tuple[Form, Schema]:
    """A request that the first form scores: three rows for its first position."""
    form = forms.form(1)
    position = form.positions[0]
    rows = [row for row in form.criteria if row.open_to(position) and not row.negative][:3]
    claims = [{"criterion": row.clause, "option": len(row.options), "count": 1} for row in rows]
    return form, {"position": position, "category": "first", "claims": claims}


def _number() -> Schema:
    numbers = [entry.number for entry in forms.edition().forms]
    schema = {"type": "integer", "minimum": numbers[0], "maximum": numbers[-1]}
    return path_parameter("number", "Номер формы в регламенте.", schema, example=numbers[0])


# ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _refusals() -> Schema:
    simple = {
        "NoSuchForm": (404, "Такой формы нет или она ещё готовится."),
        "NotJson": (400, "Тело не JSON в кодировке UTF-8."),
        "TooLarge": (413, f"Тело больше {LARGEST_BODY // 1024} КБ."),
        "NotJsonMedia": (415, "Content-Type не application/json."),
    }
    refusals = {name: problem_answer(words, problem_example(status)) for name, (status, words) in simple.items()}
    claims = {
        **problem_example(422),
        "title": "Заявленное нельзя оценить",
        "detail": "В форме 1 нет строки «9.9».",
        "errors": [{"field": "claims[0].criterion", "kind": "unknown_criterion", "detail": "В форме 1 нет строки «9.9»."}],
    }
    refusals["RefusedClaims"] = problem_answer("Заявленное нельзя оценить: названо поле и причина.", claims, "RefusedClaims")
    return refusals


# ── schemas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _schemas() -> dict[str, Schema]:
    return {
        "FormList": object_of(
            {
                "edition": object_of({key: TEXT for key in ("name", "title", "act", "number", "date")}),
                "forms": list_of(object_of({"number": WHOLE, "title": TEXT, "positions": list_of(TEXT), "href": TEXT})),
            }
        ),
        "Form": _form_schema(),
        "Section": _section_schema(),
        "Criterion": _criterion_schema(),
        "Option": _option_schema(),
        "Rule": _rule_schema(),
        "Range": object_of({"min": WHOLE, "max": WHOLE}, optional=("max",)),
        "ScoreRequest": _request_schema(),
        "Claim": _claim_schema(),
        "Score": _score_schema(),
        "Problem": _problem_schema(),
        "RefusedClaims": _refused_claims_schema(),
    }


def _form_schema() -> Schema:
    asked = {"first": ref("Range"), "highest": ref("Range")}
    per_position = object_of({"position": TEXT, **asked})
    per_section = object_of({"section": {"type": "string", "pattern": r"^(total|[0-9]+(\+[0-9]+)*)$"}, **asked})
    return object_of(
        {
            "number": WHOLE,
            "title": TEXT,
            "covers": {**TEXT, "description": "Должности, как они напечатаны под заголовком."},
            "edition": TEXT,
            "positions": {**list_of(TEXT), "description": "Строки таблицы баллов: значения position при подсчёте."},
            "remark": {**TEXT, "description": "Замечание редакции сайта, не источника."},
            "note": TEXT,
            "sections": list_of(ref("Section")),
            "thresholds": {
                "description": "По должностям; в формах 6 и 7 — по разделам и всего.",
                "oneOf": [list_of(per_position), list_of(per_section)],
            },
        }
    )


def _section_schema() -> Schema:
    group = object_of({"clause": TEXT, "label": TEXT, "remark": TEXT})
    return object_of(
        {
            "number": TEXT,
            "title": TEXT,
            "rule": one_of(("sum", "best"), "best: засчитывается только лучшая строка раздела."),
            "note": TEXT,
            "remark": TEXT,
            "criteria": list_of(ref("Criterion")),
            "groups": {**list_of(group), "description": "Заголовочные строки без баллов (форма 6)."},
        },
        optional=("groups",),
    )


def _criterion_schema() -> Schema:
    restricted = {"type": ["array", "null"], "items": TEXT, "description": "Должности, которым строка открыта; null — всем."}
    return object_of(
        {
            "id": TEXT,
            "clause": TEXT,
            "label": TEXT,
            "options": {**list_of(ref("Option")), "minItems": 1},
            "rule": ref("Rule"),
            "evidence": TEXT,
            "note": TEXT,
            "remark": TEXT,
            "restricted_to": restricted,
            "period": {"enum": [*map(str, Period), None]},
            "group": {**TEXT, "description": "Номер заголовочной строки."},
            "tail": {**TEXT, "description": "Текст строки после её вариантов."},
            "counting": {**TEXT, "description": "Что считается одной единицей count, если это не один документ."},
            "restriction": {**TEXT, "description": "Слова источника об ограничении."},
        },
        optional=("group", "tail", "counting", "restriction"),
    )


def _option_schema() -> Schema:
    figures = {"type": "object", "additionalProperties": WHOLE}
    return object_of(
        {
            "index": {**WHOLE, "minimum": 1, "description": "Порядок в источнике, с единицы."},
            "label": TEXT,
            "points": WHOLE,
            "points_by_role": {**figures, "description": "Баллы, когда они зависят от роли."},
            "next": {**WHOLE, "description": "Баллы за каждый следующий результат."},
            "next_by_discipline": {**figures, "description": "То же, когда зависит от дисциплины (форма 9, строка 1.1)."},
            "role": TEXT,
            "note": TEXT,
            "period": {"enum": [*map(str, Period)]},
        },
        optional=("points_by_role", "next", "next_by_discipline", "role", "note", "period"),
    )


def _rule_schema() -> Schema:
    words = {**TEXT, "description": "Слова источника о суммировании."}
    return object_of(
        {
            "type": one_of(map(str, Counting), "unstated: регламент не уточняет, решает эксперт."),
            "max_events": {**WHOLE, "minimum": 1},
            "max_points": {**WHOLE, "minimum": 1},
            "distinct_students": {"const": True},
            "words": words,
        },
        optional=("max_events", "max_points", "distinct_students", "words"),
    )


def _request_schema() -> Schema:
    roles = sorted({role for form in _forms() for row in form.thresholds for role in row.roles})
    disciplines = [kind.name for form in _forms() for kind in form.disciplines]
    category = one_of((*CATEGORIES, *CATEGORIES.values()), "Квалификационная категория; ответ одинаков для обоих написаний.")
    return {
        **object_of(
            {
                "position": {**TEXT, "description": "Строка таблицы баллов формы: одно из positions."},
                "category": category,
                "claims": list_of(ref("Claim")),
                "role": {"type": ["string", "null"], "examples": roles, "description": "Нужна в формах 8 и 9."},
                "discipline": {
                    "type": ["string", "null"],
                    "examples": disciplines,
                    "description": "Нужна в строке 1.1 формы 9.",
                },
            },
            optional=("role", "discipline"),
        ),
        "additionalProperties": True,
    }


def _claim_schema() -> Schema:
    students = {
        "type": ["array", "null"],
        "items": {**TEXT, "pattern": r"\S"},
        "description": "По одному обозначению на результат, где важно, что обучающиеся разные. Имена не нужны.",
    }
    return object_of(
        {
            "criterion": {**TEXT, "description": "id строки."},
            "option": {**WHOLE, "minimum": 1, "description": "index варианта."},
            "count": {**WHOLE, "minimum": 0, "maximum": MOST, "description": "Сколько результатов."},
            "students": students,
        },
        optional=("students",),
    )


def _score_schema() -> Schema:
    figures = {"type": "object", "additionalProperties": WHOLE}
    low_high = {**list_of(WHOLE), "minItems": 2, "maxItems": 2}
    explanation = object_of({"criterion": TEXT, "points": WHOLE, "range": low_high, "text": TEXT})
    return object_of(
        {
            "points": {**figures, "description": "Баллы по строкам."},
            "sections": {**figures, "description": "Баллы по разделам; в форме 7 разделы сложены, как в её таблице."},
            "total": {**WHOLE, "description": "Где источник молчит о суммировании, варианты сложены."},
            "range": {**low_high, "description": "Снизу — прочтение «только лучший вариант», сверху — total."},
            "required": {
                "description": "Порог; в формах 6 и 7 — по разделам и всего.",
                "oneOf": [WHOLE, {**figures, "required": ["total"]}],
            },
            "meets": {"type": "boolean", "description": "Соответствует при total и минимумах разделов."},
            "meets_strictly": {"type": "boolean", "description": "Соответствует и при нижней границе."},
            "verdict": one_of(("соответствует", "не соответствует"), "meets словами."),
            "explanations": list_of(explanation),
        }
    )


def _problem_schema() -> Schema:
    return {
        **object_of(
            {
                "type": {**TEXT, "format": "uri-reference"},
                "title": TEXT,
                "status": {**WHOLE, "minimum": 400, "maximum": 599},
                "detail": TEXT,
                "instance": {**TEXT, "format": "uri-reference"},
            }
        ),
        "additionalProperties": True,
    }


def _refused_claims_schema() -> Schema:
    field = {**TEXT, "description": "Где: position, claims[0].count …; пусто, когда всё тело не объект."}
    return problem_with_errors(field, one_of(KINDS, "Причина для программ."))


def _forms() -> list[Form]:
    return [forms.form(entry.number) for entry in forms.edition().forms if entry.ready]
