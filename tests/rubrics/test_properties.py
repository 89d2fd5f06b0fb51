"""What holds for any portfolio: order is irrelevant, more never hurts, limits hold, nothing leaves the reachable range."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from attestation.rubrics.forms import edition, form
from attestation.rubrics.scoring import Claim, Score, reach, score
from attestation.rubrics.shape import Counting, Criterion, Form

FORMS = [form(entry.number) for entry in edition().forms if entry.ready]
CALM = settings(derandomize=True, max_examples=120, deadline=None, database=None)
STUDENTS = st.sampled_from(["А", "Б", "В", "Г", "Д"])


@st.composite
def portfolios(draw: st.DrawFn) -> tuple[Form, str, str, str, str | None, list[Claim]]:
    """A form, one of its positions, a category, a role, a discipline and claims that this position may make."""
    sheet = draw(st.sampled_from(FORMS))
    position = draw(st.sampled_from(sheet.positions))
    roles = sheet.roles(position)
    role = draw(st.sampled_from(roles)) if roles else ""
    discipline = draw(st.sampled_from([kind.name for kind in sheet.disciplines])) if sheet.disciplines else None
    open_rows = [row for row in sheet.criteria if row.open_to(position) and options(row, role)]
    claims = []
    for row in draw(st.lists(st.sampled_from(open_rows), max_size=12)):
        count = draw(st.integers(1, 6))
        named = draw(st.booleans())
        students = tuple(draw(st.lists(STUDENTS, min_size=count, max_size=count))) if named else ()
        claims.append(Claim(row.clause, draw(st.sampled_from(options(row, role))), count, students))
    return sheet, position, draw(st.sampled_from(["first", "highest"])), role, discipline, claims


def options(row: Criterion, role: str) -> list[int]:
    return [option.index for option in row.options if option.role in ("", role)]


def counted(case: tuple[Form, str, str, str, str | None, list[Claim]], claims: list[Claim] | None = None) -> Score:
    sheet, position, category, role, discipline, own = case
    return score(sheet, position, category, own if claims is None else claims, role=role or None, discipline=discipline)


@CALM
@given(portfolios(), st.integers())
def test_order_is_irrelevant(case: tuple[Form, str, str, str, str | None, list[Claim]], seed: int) -> None:
    shuffled = list(case[-1])
    random.Random(seed).shuffle(shuffled)
    assert counted(case, shuffled) == counted(case)


@CALM
@given(portfolios())
def test_a_claim_never_lowers_a_total_except_a_penalty(case: tuple[Form, str, str, str, str | None, list[Claim]]) -> None:
    claims = case[-1]
    for last in range(len(claims)):
        before, after = counted(case, claims[:last]), counted(case, claims[: last + 1])
        row = case[0].criterion(claims[last].criterion)
        assert row is not None
        if row.negative:
            assert after.total <= before.total and after.low <= before.low
        else:
            assert after.total >= before.total and after.low >= before.low
            assert after.meets >= before.meets


@CALM
@given(portfolios())
def test_the_result_is_within_reach(case: tuple[Form, str, str, str, str | None, list[Claim]]) -> None:
    result, limits = counted(case), reach(case[0], case[1])
    assert limits.low <= result.low <= result.total == result.high
    assert limits.high is None or result.total <= limits.high


@CALM
@given(portfolios())
def test_limits_hold(case: tuple[Form, str, str, str, str | None, list[Claim]]) -> None:
    sheet, *_ = case
    result = counted(case)
    points = dict(result.points)
    for row in sheet.criteria:
        got = points.get(row.clause, 0)
        dearest = max(option.most_points for option in row.options)
        if row.rule.type in (Counting.SINGLE, Counting.BEST_OF):
            assert got in (0, *(option.points for option in row.options))
        if row.rule.max_points is not None:
            assert got <= row.rule.max_points
        if row.rule.max_events is not None:
            assert got <= row.rule.max_events * dearest
        if row.rule.type is Counting.UNSTATED:
            assert got <= sum(option.points for option in row.options)
        if row.rule.distinct_students:
            claims = [claim for claim in case[-1] if claim.criterion == row.clause]
            people = {name for claim in claims for name in claim.students}
            unnamed = sum(claim.count for claim in claims if not claim.students)
            assert got <= (len(people) + unnamed) * dearest
    for section in sheet.sections:
        if section.rule == "best":
            assert sum(1 for row in section.criteria if points.get(row.clause, 0) > 0) <= 1


@CALM
@given(portfolios())
def test_parts_make_the_whole(case: tuple[Form, str, str, str, str | None, list[Claim]]) -> None:
    result = counted(case)
    assert sum(dict(result.points).values()) == sum(part.points for part in result.sections) == result.total
    assert sum(part.low for part in result.sections) == result.low
    assert result.meets is (result.missing == 0 and all(part.enough(part.points) for part in result.sections))
