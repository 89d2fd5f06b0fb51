"""A year of sixty applications on each kind of database; the whole one is `make bench-year`."""

from dataclasses import replace

import pytest
from flask import Flask

from attestation.site.settings import Settings
from attestation.tests.year.reckoning import reckon
from attestation.tests.year.year import Year

APPLICATIONS = 60


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Everything that is decided is shown, and nobody counts who asks how often."""
    return replace(settings, show_refusals=True, api_limit=0)


def test_every_count_of_a_year_agrees(app: Flask) -> None:
    year = Year(app, APPLICATIONS, sheets=0)
    year.live(lambda _day, _count: None)
    lines = reckon(year, app)
    assert [str(line) for line in lines if not line.agrees] == []
    # What the year must not have done without.
    for record, verb in (
        *(("application", verb) for verb in ("merge_case", "decline", "withdraw", "refuse", "conclude_second", "put_off")),
        *(("application", verb) for verb in ("draw_up_dissent", "allow_conflict", "reopen_decision", "invite", "recuse")),
        *(("sitting", verb) for verb in ("change_day", "reopen", "release")),
        *(("order", verb) for verb in ("return_for_revision", "unregister", "publish", "withdraw")),
        *(("correction", verb) for verb in ("correct", "decline")),
    ):
        assert year.ledger.moves[record, verb], f"{record}: {verb}"
