"""Every letter of both roads, and of accounts: it has words, tells what the road says it tells, asks for nothing unknown."""

from importlib.resources import files

import pytest

from attestation.models import Application
from attestation.procedure.road import EDITIONS, road
from attestation.site.letters.figures import figures_of
from attestation.site.letters.texts import NoText, Text, text

# By hand: what the acts of accounts and the exchange of messages hand over.
OTHERS = {
    "account_confirm": {"link", "until"},
    "account_known": {"sign_in", "forgotten"},
    "account_reset": {"link", "until"},
    "account_unknown": {"register"},
    "account_new_email": {"link", "until"},
    "account_password_changed": {"forgotten"},
    "account_email_changed": set(),
    "message_received": {"number"},
}
OF_ROADS = [(edition, letter) for edition in EDITIONS for letter in road("application", edition).letters]


@pytest.mark.parametrize(("edition", "letter"), OF_ROADS, ids=[f"{edition}-{letter.name}" for edition, letter in OF_ROADS])
def test_a_letter_tells_what_the_road_promises_and_knows_every_figure(database, edition, letter):
    moves = [move for move in road("application", edition).moves if letter.name in move.letters]
    given = set(figures_of(Application(id=1, edition=edition)))
    if all(move.reason for move in moves):
        given.add("reason")
    words = text(letter.name, edition)
    assert set(letter.tells) <= words.placeholders <= given, letter.name
    assert words.subject and len(words.body) > 100


@pytest.mark.parametrize("name", OTHERS)
def test_a_letter_of_no_road_knows_its_figures(name):
    assert text(name).placeholders == OTHERS[name]


def test_every_text_is_some_letter():
    shelf = files("attestation") / "content" / "letters"
    for folder in (shelf, *(shelf / edition for edition in EDITIONS)):
        kept = {path.name for path in folder.iterdir() if path.is_file()}
        wanted = set(OTHERS) if folder is shelf else {letter.name for edition, letter in OF_ROADS if edition == folder.name}
        assert kept == {f"{name}.md" for name in wanted}, folder.name


def test_one_name_says_another_thing_on_another_road():
    first, second = (text("review_entrusted", edition) for edition in EDITIONS)
    assert "term_ends" in first.placeholders and "review_day" in second.placeholders
    assert text("account_reset", EDITIONS[0]) == text("account_reset")


def test_a_letter_that_nobody_wrote():
    with pytest.raises(NoText, match="spb-2021-04-13 nonsense"):
        text("nonsense", EDITIONS[0])


def test_braces_in_a_figure_stay_as_they_are():
    filled = Text("О деле {number}", "{reason}\n").filled({"number": "{reason}", "reason": "{number}"})
    assert filled == Text("О деле {reason}", "{number}\n")
