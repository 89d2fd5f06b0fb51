"""The words in which the programming interface is described (OpenAPI 3.1, JSON Schema)."""

from collections.abc import Iterable, Mapping
from typing import Any

from . import problems

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}


def operation(name: str, summary: str, words: str, answers: Schema, tag: str = "rubrics") -> Schema:
    """A method of an address with its answers by status."""
    told = {"description": words} if words else {}
    return {"operationId": name, "summary": summary, **told, "tags": [tag], "responses": answers}


def path_parameter(name: str, words: str, schema: Schema, **more: object) -> Schema:
    """A part of the address."""
    return {"name": name, "in": "path", "required": True, "description": words, "schema": schema, **more}


def answered(words: str, schema: Schema, headers: Schema | None = None) -> Schema:
    """The answer, with a tag to be kept by, and the one without a body to whoever has it already."""
    tagged = {
        "ETag": {"description": "Для If-None-Match.", "schema": TEXT},
        "Cache-Control": {"description": "Сколько ответ можно хранить.", "schema": TEXT},
        **everyone(),
        **(headers or {}),
    }
    return {
        "200": {"description": words, "headers": tagged, "content": {"application/json": {"schema": schema}}},
        "304": {"description": "Не изменилось с ответа, чей ETag прислан в If-None-Match."},
    }


def everyone() -> Schema:
    """The header that lets pages of other sites read the answer."""
    return {"Access-Control-Allow-Origin": {"description": "Всегда *.", "schema": {"const": problems.EVERYONE}}}


def problem_answer(words: str, value: Schema, schema: str = "Problem") -> Schema:
    """A refusal as problem details, with an example."""
    content = {problems.MEDIA_TYPE: {"schema": ref(schema), "example": value}}
    return {"description": words, "headers": everyone(), "content": content}


def problem_example(status: int, address: str = "/api/v1/rubrics/1/score") -> Schema:
    """Problem details with the general words of a status."""
    title, detail = problems.SENTENCES.get(status, problems.OTHER)
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": address}


def object_of(properties: Schema, optional: Iterable[str] = ()) -> Schema:
    """An object of exactly these properties, all required but the optional ones."""
    left_out = set(optional)
    required = [name for name in properties if name not in left_out]
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def list_of(schema: Schema) -> Schema:
    """An array of these."""
    return {"type": "array", "items": schema}


def one_of(words: Iterable[str], told: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(words), "description": told}


def ref(schema: str) -> Schema:
    """The schema of this name."""
    return {"$ref": f"#/components/schemas/{schema}"}


def refused(names: Mapping[str, str]) -> Schema:
    """The refusals of these names by their statuses."""
    return {status: {"$ref": f"#/components/responses/{name}"} for status, name in names.items()}


def problem_with_errors(field: Schema, kind: Schema) -> Schema:
    """Problem details that name what is wrong, item by item."""
    errors = {**list_of(object_of({"field": field, "kind": kind, "detail": TEXT})), "minItems": 1}
    return {"allOf": [ref("Problem")], "type": "object", "required": ["errors"], "properties": {"errors": errors}}
