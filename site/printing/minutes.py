"""The minutes of a sitting (протокол, 3.4.2) as a tagged PDF/A: who was there, what was decided, who voted how, who signs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from ...procedure.words import Decision, Seat
from ..figures import plural, spans
from .paper import Print, Progress, print_document
from .russian import date_in_words

VARIANT = "pdf/a-2a"
EMPTY = "нет"


def print_minutes(sheet: Mapping[str, Any], progress: Progress | None = None) -> Print:
    """The minutes of these plain values; the same values give the same bytes.

    `sheet`: the authority, `told` as `admin.acts.commission.minutes.told` gives it, the version, the reason of a later one.
    """
    identity = sha256(repr(sorted(sheet.items())).encode()).hexdigest()
    words = _words(sheet)
    return print_document("minutes", {"sheet": words}, variant=VARIANT, identity=f"minutes {identity}", progress=progress)


def _words(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """What the template shows: names in place of ids, votes that are alike said once."""
    told: Mapping[str, Any] = sheet["told"]
    members: list[Mapping[str, Any]] = told["members"]
    names = {member["id"]: initials(member["name"]) for member in members}
    day = dt.date.fromisoformat(told["held_on"])
    cases = told["cases"]
    return {
        "authority": sheet["authority"],
        "number": told["number"],
        "day": date_in_words(day),
        "short_day": f"{day:%d.%m.%Y}",
        "version": sheet["version"],
        "reason": sheet["reason"],
        "facts": _facts(told, members),
        "members": [_member(member, told["presiding"]) for member in members],
        "cases": [_case(case) for case in cases],
        "counts": _counts(cases),
        "votes": _votes(cases, names),
        "motives": [(case["number"], case["person"], case["motive"]) for case in cases if case["motive"]],
        "signers": [_signer(member, told["presiding"]) for member in members if member["id"] in set(told["signers"])],
    }


def _facts(told: Mapping[str, Any], members: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    came = sum(bool(member["stretches"]) for member in members)
    presiding = next(member["name"] for member in members if member["id"] == told["presiding"])
    return [
        ("Место", told["place"] or "не указано"),
        ("Время", f"с {told['opened']} до {told['closed']}"),
        ("Состав комиссии", f"{told['order']}, {plural(len(members), 'человек', 'человека', 'человек')}"),
        ("Присутствовали", f"{came} из {len(members)}; для решения должны голосовать не меньше {told['needed']}"),
        ("Председательствовал(а)", presiding),
        ("Протокол вёл(а)", told["secretary"]),
    ]


def _member(member: Mapping[str, Any], presiding: int) -> dict[str, str]:
    stretches = [f"с {begins} до {ends}" if ends else f"с {begins} до конца" for begins, ends in member["stretches"]]
    return {
        "name": member["name"],
        "work": ", ".join(filter(None, (member["position"], member["organization"]))),
        "seat": Seat(member["seat"]).label + (", председательствовал(а)" if member["id"] == presiding else ""),
        "present": ", ".join(stretches) or "не присутствовал(а)",
    }


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    decision = "рассмотрение отложено" if case["put_off"] else Decision(case["decision"]).label
    return {
        "number": case["number"],
        "person": case["person"],
        "application": case["application"],
        "work": f"{case['position']}, {case['organization']}",
        "came": case["came"],
        "category": case["category"],
        "conclusion": case["conclusion"],
        "votes": EMPTY if case["put_off"] else f"за {len(case['for'])}, против {len(case['against'])}",
        "decision": f"{decision} (голоса поровну)" if case["tied"] else decision,
    }


def _counts(cases: Sequence[Mapping[str, Any]]) -> str:
    established = sum(case["decision"] == Decision.ESTABLISH for case in cases)
    refused = sum(case["decision"] == Decision.REFUSE for case in cases)
    put_off = sum(case["put_off"] for case in cases)
    said = f"Рассмотрено дел: {len(cases)}. Установить категорию: {established}, отказать: {refused}"
    return f"{said}, отложено: {put_off}." if put_off else f"{said}."


def _votes(cases: Sequence[Mapping[str, Any]], names: Mapping[int, str]) -> list[dict[str, str]]:
    """Who voted how, once for all cases in which they voted alike, in the order of the agenda."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for case in cases:
        if not case["put_off"]:
            recused = tuple((member, reason) for member, reason in case["recused"])
            alike.setdefault((tuple(case["for"]), tuple(case["against"]), recused), []).append(case["number"])
    return [
        {
            "cases": f"{'Дело' if len(numbers) == 1 else 'Дела'} {spans(numbers)}",
            # In the order of the composition.
            "for": ", ".join(name for member, name in names.items() if member in votes_for) or EMPTY,
            "against": ", ".join(name for member, name in names.items() if member in votes_against) or EMPTY,
            "recused": "; ".join(f"{names[member]} ({reason.rstrip('.')})" for member, reason in recused) or EMPTY,
        }
        for (votes_for, votes_against, recused), numbers in alike.items()
    ]


def _signer(member: Mapping[str, Any], presiding: int) -> dict[str, str]:
    seat = Seat(member["seat"]).label
    return {
        "seat": f"{seat}, председательствующий" if member["id"] == presiding and member["seat"] != Seat.CHAIR else seat,
        "name": initials(member["name"]),
    }


def initials(full_name: str) -> str:
    """«Иванова Анна Петровна» as «А. П. Иванова»; a name of one word stays."""
    surname, *others = full_name.split()
    return f"{' '.join(f'{other[0]}.' for other in others)} {surname}".strip()
