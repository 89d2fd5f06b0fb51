"""Hand-calculated situations: every counting word, both sides of every limit, every refusal."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from attestation.rubrics.scoring import InvalidClaims, Score, score_request

FOLDER = Path(__file__).parent / "situations"


def situations(wanted: bool) -> list[Any]:
    """The situations that end in a score (True) or in a refusal (False), each with the form it belongs to."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        sheet = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in sheet["situation"]:
            if ("error" not in case) is wanted:
                whole = {"position": sheet.get("position"), "form": sheet["form"], **case}
                found.append(pytest.param(whole, id=f"{path.stem}: {case['name']}"))
    return found


def scored(case: dict[str, Any]) -> Score:
    claims = [dict(zip(("criterion", "option", "count", "students"), claim, strict=False)) for claim in case["claims"]]
    asked = {key: case[key] for key in ("position", "category", "role", "discipline") if key in case}
    return score_request(case["form"], {**asked, "claims": claims})


@pytest.mark.parametrize("case", situations(True))
def test_score(case: dict[str, Any]) -> None:
    result = scored(case)
    assert dict(result.points) == case["points"]
    assert (result.low, result.total, result.high) == (case.get("low", case["total"]), case["total"], case["total"])
    assert result.required == case["required"]
    assert result.meets is case["meets"]
    assert result.meets_strictly is case.get("meets_strictly", case["meets"])
    if "sections" in case:
        assert {part.section: part.points for part in result.sections} == case["sections"]
    assert sum(part.points for part in result.sections) == result.total
    assert [row.criterion for row in result.explanations] == list(dict(result.points))


@pytest.mark.parametrize("case", situations(False))
def test_refusal(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidClaims) as refused:
        scored(case)
    assert (refused.value.kind, refused.value.field) == (case["error"], case["field"])
    assert refused.value.sentence.endswith(".")
