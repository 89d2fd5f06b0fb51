"""A form as the JSON document of the public interface."""

from .shape import Criterion, Form, Option, Range, Rule, Section, SectionThreshold, Threshold


def as_json(form: Form) -> dict[str, object]:
    """The whole form; the shape is a promise to programs (`/rubrics/<n>.json`, `/api/v1/rubrics/<n>`)."""
    return {
        "number": form.number,
        "title": form.title,
        "covers": form.covers,
        "edition": form.edition,
        "positions": list(form.positions),
        "remark": form.remark,
        "note": form.note,
        "sections": [_section(form, section) for section in form.sections],
        "thresholds": _thresholds(form),
    }


def _section(form: Form, section: Section) -> dict[str, object]:
    document: dict[str, object] = {
        "number": section.number,
        "title": section.title,
        "rule": section.rule,
        "note": section.note,
        "remark": section.remark,
        "criteria": [_criterion(form, section, row) for row in section.criteria],
    }
    if section.groups:
        groups = ({"clause": group.clause, "label": group.label, "remark": group.remark} for group in section.groups)
        document["groups"] = list(groups)
    return document


def _criterion(form: Form, section: Section, row: Criterion) -> dict[str, object]:
    document: dict[str, object] = {
        "id": row.clause,
        "clause": row.clause,
        "label": row.full_label,
        "options": [_option(option, row) for option in row.options],
        "rule": _rule(row.rule),
        "evidence": section.evidence(row),
        "note": row.note,
        "remark": row.remark,
        "restricted_to": _list(form.open_positions(row)),
        "period": row.period,
    }
    for key in ("group", "tail", "counting", "restriction"):
        if value := getattr(row, key):
            document[key] = value
    return document


def _option(option: Option, row: Criterion) -> dict[str, object]:
    document: dict[str, object] = {
        "index": option.index,
        "label": row.full_label if row.plain else option.full_label,
        "points": option.points,
    }
    if option.points_by_role:
        document["points_by_role"] = dict(option.points_by_role)
    if option.next_by_discipline:
        document["next_by_discipline"] = dict(option.next_by_discipline)
    for key in ("role", "next", "note", "period"):
        if value := getattr(option, key):
            document[key] = value
    return document


def _rule(rule: Rule) -> dict[str, object]:
    document: dict[str, object] = {"type": rule.type}
    for key in ("max_events", "max_points", "distinct_students", "words"):
        if value := getattr(rule, key):
            document[key] = value
    return document


def _thresholds(form: Form) -> list[dict[str, object]]:
    """Per position, or per section and in total (forms 6 and 7)."""
    whole: list[dict[str, object]] = [{"position": row.position, **_minima(row)} for row in form.thresholds]
    return whole or [{"section": row.section, **_minima(row)} for row in form.section_thresholds]


def _list(names: tuple[str, ...] | None) -> list[str] | None:
    return None if names is None else list(names)


def _minima(row: Threshold | SectionThreshold) -> dict[str, object]:
    return {"first": _range(row.first), "highest": _range(row.highest)}


def _range(points: Range) -> dict[str, object]:
    return {"min": points.min} if points.max is None else {"min": points.min, "max": points.max}
