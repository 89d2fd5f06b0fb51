"""The engine in the browser against the engine in Python: the same claims, the same points, sentences, refusals and advice."""

import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

import attestation
from attestation.rubrics import advice
from attestation.rubrics.forms import edition, form
from attestation.rubrics.portable import portable
from attestation.rubrics.scoring import Claim, Explanation, InvalidClaims, Score, score
from attestation.rubrics.shape import Counting, Form

pytestmark = pytest.mark.browser

STATIC = Path(attestation.__file__).parent / "static"
SITUATIONS = Path(__file__).parents[1] / "rubrics" / "situations"
NUMBERS = [entry.number for entry in edition().forms if entry.ready]
RANDOM_CASES = 3000
EVERY_ADVISED = 15
# What JSON and JavaScript cannot tell apart: a whole number written with a point. Python says «True», JavaScript «true».
UNTELLABLE = (2.0, True)

RUN = """
async ({ forms, cases }) => {
  const { score, InvalidClaims } = await import('/static/scoring.js');
  const { advise, brief, outlook, silence, totalWords, uncertain } = await import('/static/advice.js');
  return cases.map(({ number, position, category, role, discipline, claims, advised }) => {
    const asked = [forms[number], position, category, claims, { role, discipline }];
    try {
      const result = score(...asked);
      const words = [
        outlook(result), brief(result), totalWords(result.low, result.total), silence(uncertain(result)),
      ];
      return { result, words, advice: advised ? advise(...asked) : null };
    } catch (error) {
      if (!(error instanceof InvalidClaims)) throw error;
      return { kind: error.kind, field: error.field, sentence: error.sentence };
    }
  });
}
"""


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    """An empty page of an address that exists only here, beside the static files."""

    def answer(route: Route) -> None:
        path = route.request.url.split("/static/")[-1]
        if (STATIC / path).is_file():
            route.fulfill(path=STATIC / path, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>blank</title>", content_type="text/html")

    context = browser.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    page.goto("http://blank.example/")
    yield page
    context.close()


def in_browser(page: Page, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    forms = {number: portable(form(number)) for number in NUMBERS}
    answers: list[dict[str, Any]] = page.evaluate(RUN, {"forms": forms, "cases": cases})
    return answers


def in_python(case: dict[str, Any]) -> dict[str, Any]:
    sheet = form(case["number"])
    claims = [Claim(**{**claim, "students": tuple(claim.get("students", ()))}) for claim in case["claims"]]
    who = {"role": case["role"], "discipline": case["discipline"]}
    try:
        result = score(sheet, case["position"], case["category"], claims, **who)
    except InvalidClaims as refused:
        return {"kind": refused.kind, "field": refused.field, "sentence": refused.sentence}
    words = [
        advice.outlook(result),
        advice.brief(result),
        advice.total_words(result.low, result.total),
        advice.silence(advice.uncertain(result)),
    ]
    advised = None
    if case["advised"]:
        found = advice.advise(sheet, case["position"], case["category"], claims, **who)
        advised = {"steps": [asdict(step) for step in found.steps], "closes": found.closes}
    return {"result": plain(result), "words": words, "advice": advised}


def plain(result: Score) -> dict[str, Any]:
    """A score as the browser's engine gives it."""
    same = ("form", "edition", "position", "category", "role", "discipline", "total", "low", "required", "missing", "meets")
    return {
        **{name: getattr(result, name) for name in same},
        "meetsStrictly": result.meets_strictly,
        "sections": [asdict(part) for part in result.sections],
        "explanations": [told(row) for row in result.explanations],
    }


def told(row: Explanation) -> dict[str, Any]:
    """A row without what each option brought: the conclusion alone asks that, which is made on the server."""
    return {name: value for name, value in row._asdict().items() if name != "shares"}


def situations() -> list[dict[str, Any]]:
    found = []
    for path in sorted(SITUATIONS.glob("*.toml")):
        sheet = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in sheet["situation"]:
            claims = [dict(zip(("criterion", "option", "count", "students"), claim, strict=False)) for claim in case["claims"]]
            if any(type(claim["count"]) in (bool, float) and claim["count"] in UNTELLABLE for claim in claims):
                continue
            position = case.get("position", sheet.get("position"))
            whole = {"number": sheet["form"], "position": position, "category": case["category"], "claims": claims}
            found.append({**whole, "role": case.get("role"), "discipline": case.get("discipline"), "advised": True})
    return found


def random_case(chance: random.Random, place: int) -> dict[str, Any]:
    """Mostly sound claims of one teacher; now and then a row, role or count that is refused."""
    sheet: Form = form(chance.choice(NUMBERS))
    position = chance.choice(sheet.positions)
    roles = sheet.roles(position)
    role = chance.choice([*roles, *roles, None]) if roles else None
    disciplines = [name for kind in sheet.disciplines for name in (kind.name, *kind.also)]
    rows = [row for row in sheet.criteria if row.open_to(position) or chance.random() < 0.01]
    claims = []
    for row in chance.choices(rows, k=chance.choice((0, 1, 2, 3, 5, 8, 13, 21))):
        fit = [option.index for option in row.options if option.role in ("", role)] or [1]
        count = chance.choice((1, 1, 1, 2, 3, 4, 7, 12)) if chance.random() > 0.005 else chance.choice((-1, 1001, 0, 1.5, "a"))
        claim: dict[str, Any] = {"criterion": row.clause, "option": chance.choice(fit), "count": count}
        if isinstance(count, int) and count > 0 and (row.rule.distinct_students or chance.random() < 0.05):
            claim["students"] = [chance.choice(("Аня", "аня ", "Пётр", "петр", "3", "Ли-Ли", "Ли–Ли")) for _ in range(count)]
        claims.append(claim)
    return {
        "number": sheet.number,
        "position": chance.choice((position, position.upper())),
        "category": chance.choice(("first", "highest", "Первая", "ВЫСШАЯ")),
        "role": role,
        "discipline": chance.choice(disciplines) if disciplines and chance.random() > 0.1 else None,
        "claims": claims,
        "advised": place % EVERY_ADVISED == 0,
    }


def test_every_situation(blank: Page) -> None:
    cases = situations()
    assert len(cases) > 150
    for case, answer in zip(cases, in_browser(blank, cases), strict=True):
        assert answer == in_python(case), case


def test_random_claims(blank: Page) -> None:
    chance = random.Random(20210413)
    cases = [random_case(chance, place) for place in range(RANDOM_CASES)]
    answers = in_browser(blank, cases)
    for case, answer in zip(cases, answers, strict=True):
        assert answer == in_python(case), json.dumps(case, ensure_ascii=False)
    scored = [answer["result"] for answer in answers if "result" in answer]
    # The cases are worth something: scores and refusals, ranges, both verdicts, every counting word.
    assert RANDOM_CASES * 3 // 4 < len(scored) < RANDOM_CASES
    assert {result["meets"] for result in scored} == {True, False}
    assert {result["low"] < result["total"] for result in scored} == {True, False}
    told = {(result["form"], row["criterion"]) for result in scored for row in result["explanations"]}
    words = {form(number).criterion(clause).rule.type for number, clause in told}  # type: ignore[union-attr]
    assert words == set(Counting)
