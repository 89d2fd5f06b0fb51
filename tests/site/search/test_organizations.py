"""Which organisations a text finds: as the archive's search finds them."""

import pytest

from attestation.site.search.organizations import Organizations, may_mean_one

SCHOOL, GYMNASIUM, GARDEN, LYCEUM = "ГБОУ СОШ № 45", "ГБОУ гимназия № 45", "ГБДОУ детский сад № 145", "ГБОУ лицей «Ёлка» № 450"
KNOWN = Organizations([SCHOOL, GYMNASIUM, GARDEN, LYCEUM])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("сош № 45", [SCHOOL]),
        ("СОШ 45", [SCHOOL]),
        ("45", [SCHOOL, GYMNASIUM]),
        ("гимназии 45", [GYMNASIUM]),
        ("детского сада 145", [GARDEN]),
        ("сад № 145", [GARDEN]),
        ("лицей елка", [LYCEUM]),
        ("гимн*", [GYMNASIUM]),
        ("«детский сад»", [GARDEN]),
        ("школа 45", []),
        ("сад 45", []),
        ("лицей 2021 года", []),
    ],
)
def test_a_text_finds_organisations(text: str, found: list[str]) -> None:
    assert KNOWN.found(text) == found


@pytest.mark.parametrize(
    ("text", "may"), [("школа 45", True), ("13.04.2021", False), ("", False), ("…", False), ("145-р", True)]
)
def test_what_cannot_mean_an_organisation(text: str, may: bool) -> None:
    assert may_mean_one(text) is may
