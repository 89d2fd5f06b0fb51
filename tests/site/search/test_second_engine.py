"""Another engine behind the same interface: FTS5 of the measurements answers as Whoosh does, whatever is typed."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import attestation
from attestation.site.search import FACETS, Answer, Filters, Query, RowGone, SearchIndex

from .conftest import HISTORY, PRIMARY, ROWS, SCHOOL_45, SCHOOL_145

WORDS = """
    Иванова Иванов Мария Петровна М. П. И. Римская-Корсакова Корсакова Ёлкина елкина Мирзоев оглы Яков учитель учителя начальных
    классов психолог педагог-психолог школа школы № №45 45 145 450 45-я гимназия гбоу лицей им. Пушкина района и в Невского
    1016-р 1016р 1016 № 1203-р от 13.04.2021 2021-04-13 13 апреля 2021 май 2022 г. распоряжение Ив* К* школ* bdfyjdf bdfyjd*
    Иванва учитиль Скрытникова Тайновед « » " «начальных классов» «Иванова Мария Петровна» «Мария Иванова» - * ***
"""

texts = st.one_of(
    st.lists(st.sampled_from(WORDS.split()), max_size=6).map(" ".join),
    st.text(max_size=40),
    st.text("ИваноМрия П.№-«»\"*0123456789abйё'/", max_size=30),
)
filters = st.builds(
    Filters,
    year=st.sampled_from([None, None, 2021, 2022, 1999]),
    category=st.sampled_from([None, None, "first", "highest", "third"]),
    position=st.sampled_from([None, None, PRIMARY, HISTORY, "Тайновед"]),
    organization=st.sampled_from([None, None, SCHOOL_45, SCHOOL_145]),
    kind=st.sampled_from([None, None, "decision", "amendment"]),
)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    path = Path(str(attestation.__file__)).parent / "bench" / "fts5.py"
    spec = importlib.util.spec_from_file_location("bench_fts5", path)
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    index: SearchIndex = module.Fts5Index(tmp_path_factory.mktemp("fts5"))
    index.add(ROWS)
    yield index
    index.close()


afters = st.sampled_from([None, None, *(row.ruling_id for row in ROWS if row.established)])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, chosen=filters, sort=st.sampled_from(["new", "old"]), page=st.integers(1, 4), after=afters)
@example(text="\x00", chosen=Filters(), sort="new", page=1, after=None)
@example(text="\ud800*", chosen=Filters(organization="\ud800"), sort="old", page=2, after=None)
@example(text="İ ǅ ß ﬁ № ² ½ ①*", chosen=Filters(), sort="new", page=1, after=None)
@example(text="-" * 200, chosen=Filters(), sort="new", page=1, after=None)
@example(text="И " * 100, chosen=Filters(), sort="new", page=1, after=None)
@example(text="9" * 200, chosen=Filters(), sort="new", page=1, after=None)
def test_whatever_is_typed_both_engines_answer_alike(
    archive: SearchIndex, other: SearchIndex, text: str, chosen: Filters, sort: Any, page: int, after: int | None
) -> None:
    query = Query(text, chosen, sort, page, per_page=3, after=after)
    answer = archive.search(query)
    assert isinstance(answer, Answer)
    assert set(answer.facets) == set(FACETS)
    assert answer == other.search(query)


def test_both_refuse_to_go_on_after_a_row_that_is_not_there(archive: SearchIndex, other: SearchIndex) -> None:
    refused = [row.ruling_id for row in ROWS if not row.established]
    for after in (10**6, *refused):
        for engine in (archive, other):
            with pytest.raises(RowGone, match="начните список сначала"):
                engine.search(Query(after=after))
