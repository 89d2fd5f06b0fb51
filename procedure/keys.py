"""The shape of the data: which keys each table has, of which type, and the words of closed lists. `check.py` asks it first."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from .road import role_of
from .terms import DayOff, Unit
from .words import Channel, Decision

# The type of a key, as it is said to whoever wrote another.
TEXT, WORDS, NUMBER, FLAG = "строка в кавычках", "список строк в кавычках", "целое число", "true или false"
TABLE, ROWS = "таблица", "список таблиц"
TYPES: dict[str, type] = {TEXT: str, WORDS: list, NUMBER: int, FLAG: bool, TABLE: dict, ROWS: list}

Keys = dict[str, str]
WHY: Keys = {"clause": TEXT, "remark": TEXT}
NAMED: Keys = {"name": TEXT, "title": TEXT}

# Table → keys it must have, keys it may have. The file itself is the table "".
ROAD: dict[str, tuple[Keys, Keys]] = {
    "": (
        {"subject": TEXT, "status": ROWS, "fact": ROWS, "move": ROWS},
        {
            "actor": ROWS,
            "letter": ROWS,
            "registry": ROWS,
            "event": ROWS,
            "day": ROWS,
            "system": ROWS,
            "outgoing": ROWS,
            "approval": ROWS,
        },
    ),
    "status": (
        NAMED,
        {
            "public": FLAG,
            "final": FLAG,
            "turn": WORDS,
            "registries": WORDS,
            "folder_open": FLAG,
            **WHY,
        },
    ),
    "fact": ({"name": TEXT, "missing": TEXT}, {"holds": TEXT, **WHY}),
    "move": (
        {"verb": TEXT, "title": TEXT, "done": TEXT, "from": WORDS, "needs": WORDS, "clause": TEXT},
        {
            "roles": WORDS,
            "follows": TEXT,
            "to": TEXT,
            "makes": TEXT,
            "reason": FLAG,
            "aside": FLAG,
            "letters": WORDS,
            "marks": WORDS,
            "sets": WORDS,
            "remark": TEXT,
        },
    ),
    "actor": (NAMED, WHY),
    "letter": ({**NAMED, "to": WORDS, "tells": WORDS}, WHY),
    "registry": ({**NAMED, "of": TEXT, "roles": WORDS}, WHY),
    "event": (NAMED, {"road": TEXT, **WHY}),
    "day": (NAMED, WHY),
    "system": (NAMED, WHY),
    "outgoing": (
        {**NAMED, "system": TEXT, "moves": WORDS, "working_days": NUMBER, "clause": TEXT},
        {"of": TEXT, "remark": TEXT},
    ),
    "approval": ({**NAMED, "of": TEXT, "roles": WORDS}, WHY),
}
TERMS: dict[str, tuple[Keys, Keys]] = {
    "": ({"attention": TABLE, "term": ROWS}, {"season": TABLE, "limit": ROWS}),
    "season": ({"first": TEXT, "last": TEXT, "last_included": FLAG, "clause": TEXT}, {"remark": TEXT}),
    "attention": ({"soon": NUMBER}, {}),
    "term": (
        {**NAMED, "since": TEXT, "until": TEXT, "runs_in": WORDS, "responsible": WORDS, "clause": TEXT},
        {"number": NUMBER, "unit": TEXT, "day": TEXT, "channels": WORDS, "day_off": TEXT, "soon": NUMBER, "remark": TEXT},
    ),
    "limit": ({**NAMED, "number": NUMBER, "unit": TEXT, "clause": TEXT}, {"formats": WORDS, "remark": TEXT}),
}
# What is chosen from for a complaint.
LISTS: dict[str, tuple[Keys, Keys]] = {
    "": ({table: ROWS for table in ("kind", "respondent", "silence", "ground", "outcome", "appeal")}, {}),
    "kind": ({**NAMED, "term": TEXT}, WHY),
    "respondent": ({**NAMED, "ours": FLAG}, WHY),
    **dict.fromkeys(("silence", "ground", "outcome", "appeal"), (NAMED, WHY)),
}

INSPECTION: dict[str, tuple[Keys, Keys]] = {
    "": ({"sample": TABLE, "answer": ROWS, "question": ROWS}, {}),
    "sample": ({"percent": NUMBER, "least": NUMBER, "most": NUMBER, "clause": TEXT}, {"remark": TEXT}),
    "answer": (NAMED, {"explained": FLAG}),
    "question": (NAMED, WHY),
}
RETENTION: dict[str, tuple[Keys, Keys]] = {
    "": ({"store": ROWS}, {}),
    "store": ({**NAMED, "since": TEXT, "number": NUMBER, "unit": TEXT, "listed": FLAG}, WHY),
}

# How the commission votes.
VOTING: dict[str, tuple[Keys, Keys]] = {
    "": ({"quorum": TABLE, "majority": TABLE, "tie": TABLE}, {}),
    "quorum": ({"part": NUMBER, "of": NUMBER, "clause": TEXT}, {"remark": TEXT}),
    "majority": ({"clause": TEXT}, {"remark": TEXT}),
    "tie": ({"decision": TEXT, "clause": TEXT}, {"remark": TEXT}),
}

# Which stretches of a case the public statistics tell.
STATISTICS: dict[str, tuple[Keys, Keys]] = {
    "": ({"step": ROWS}, {}),
    "step": ({**NAMED, "begins": TEXT, "ends": TEXT}, {}),
}

# A row and what is wrong with it.
Trouble = Iterator[tuple[str, str]]


def of_shape(data: Mapping[str, Any], shape: Mapping[str, tuple[Keys, Keys]]) -> Trouble:
    """What keeps a file from being read as `ROAD`, `TERMS`, `LISTS` or `VOTING`."""
    yield from _of_keys("", data, *shape[""])
    for kind, keys in shape.items():
        for key, row in _rows(kind, data.get(kind) if kind else None):
            if not isinstance(row, dict):
                yield key, "нужна таблица"
                continue
            wrong = list(_of_keys(key, row, *keys))
            yield from wrong or _of_words(kind, key, row)


def _rows(kind: str, found: object) -> Iterator[tuple[str, Any]]:
    """The tables of a kind, each with what it is called in a finding; one table alone is called by its kind."""
    if isinstance(found, dict):
        yield kind, found
    elif isinstance(found, list):
        for place, row in enumerate(found, 1):
            name = (row.get("name") or row.get("verb")) if isinstance(row, dict) else None
            yield f"{kind}[{name or place}]", row


def _of_keys(key: str, row: Mapping[str, Any], required: Keys, optional: Keys) -> Trouble:
    types = {**required, **optional}
    where = f"{key}." if key else ""
    for name, value in row.items():
        if name not in types:
            yield where + name, "неизвестный ключ"
        elif not _is(value, types[name]):
            yield where + name, f"здесь нужно: {types[name]}"
    yield from ((where + name, "нет обязательного ключа") for name in required if name not in row)


def _is(value: object, wanted: str) -> bool:
    if wanted == WORDS:
        return isinstance(value, list) and all(isinstance(word, str) and word for word in value)
    return type(value) is TYPES[wanted]


def _of_words(kind: str, key: str, row: Mapping[str, Any]) -> Trouble:
    """Words that must be known before the row can be read at all."""
    roles = [*row.get("turn", ()), *row.get("roles", ()), *row.get("responsible", ())]
    roles += {"actor": [row.get("name")], "letter": row.get("to", [])}.get(kind, [])
    yield from ((key, f"неизвестная роль «{word}»") for word in roles if not _known(role_of, word))
    if kind == "term":
        yield from ((f"{key}.unit", f"неизвестное слово «{word}»") for word in _given(row, "unit") if not _known(Unit, word))
        yield from (
            (f"{key}.day_off", f"неизвестное слово «{word}»") for word in _given(row, "day_off") if not _known(DayOff, word)
        )
        for word in row.get("channels", ()):
            if not _known(Channel, word):
                yield f"{key}.channels", f"неизвестное слово «{word}»"
    if kind == "quorum" and not 0 < row["part"] <= row["of"]:
        yield f"{key}.part", "нужна доля больше нуля и не больше целого"
    if kind == "tie" and not _known(Decision, row["decision"]):
        yield f"{key}.decision", f"неизвестное слово «{row['decision']}»"
    if kind == "season":
        for name in ("first", "last"):
            if not _known(lambda word: dt.date.fromisoformat(f"2000-{word}"), row[name]):
                yield f"{key}.{name}", "нужны месяц и день вида «05-15»"


def _given(row: Mapping[str, Any], name: str) -> list[Any]:
    return [row[name]] if name in row else []


def _known(kind: Any, word: object) -> bool:
    try:
        kind(word)
    except ValueError:
        return False
    return True
