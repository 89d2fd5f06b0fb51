"""A form for the engine in the browser (static/scoring.js): what scoring needs, named as in `document.py`, and no papers."""

from .shape import Criterion, Form, Option


def portable(form: Form) -> dict[str, object]:
    """The form as plain data; whatever is empty is left out."""
    return {
        "number": form.number,
        "edition": form.edition,
        "positions": list(form.positions),
        "sections": [
            {
                "number": section.number,
                "rule": section.rule,
                "words": section.words,
                "criteria": [_criterion(form, row) for row in section.criteria],
            }
            for section in form.sections
        ],
        "thresholds": [
            {"position": row.position, "first": row.first.min, "highest": row.highest.min, "roles": list(row.roles)}
            for row in form.thresholds
        ],
        "minima": [
            {"section": row.section, "first": row.first.min, "highest": row.highest.min} for row in form.section_thresholds
        ],
        "disciplines": [{"name": kind.name, "also": list(kind.also)} for kind in form.disciplines],
    }


def _criterion(form: Form, row: Criterion) -> dict[str, object]:
    rule = {
        "type": row.rule.type.value,
        "max_events": row.rule.max_events,
        "max_points": row.rule.max_points,
        "distinct_students": row.rule.distinct_students,
        "words": row.rule.words,
    }
    positions = form.open_positions(row)
    found: dict[str, object] = {
        "id": row.clause,
        "label": row.full_label,
        "options": [_option(option) for option in row.options],
        "rule": {key: value for key, value in rule.items() if value},
    }
    if row.plain:
        found["plain"] = True
    if positions is not None:
        found |= {"restricted_to": list(positions), "restriction": row.restriction}
    return found


def _option(option: Option) -> dict[str, object]:
    found = {
        "label": option.full_label,
        "role": option.role,
        "points_by_role": dict(option.points_by_role),
        "next": option.next,
        "next_by_discipline": dict(option.next_by_discipline),
    }
    return {"index": option.index, "points": option.points, **{key: value for key, value in found.items() if value}}
