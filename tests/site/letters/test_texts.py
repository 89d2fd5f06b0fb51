"""Every letter of both roads, and of accounts: it has words, tells what the road says it tells, asks for nothing unknown."""

import datetime as dt
from importlib.resources import files

import pytest

from attestation.models import Application, Complaint, Correction
from attestation.procedure.road import EDITIONS, road
from attestation.site.complaints.letters import ANSWERS
from attestation.site.complaints.letters import figures_of as complaint_figures
from attestation.site.corrections.letters import figures_of as correction_figures
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
    "subscription_confirm": {"what", "link", "until", "stop"},
    "subscription_known": {"what", "own", "stop"},
    "subscription_full": {"what", "most", "own", "stop"},
    "subscription_published": {"order_number", "order_on", "title", "amended", "link", "reasons", "own", "stop"},
    "subscription_withdrawn": {"order_number", "order_on", "title", "reason", "link", "reasons", "own", "stop"},
}
OF_ROADS = [(edition, letter) for edition in EDITIONS for letter in road("application", edition).letters]


@pytest.mark.parametrize(("edition", "letter"), OF_ROADS, ids=[f"{edition}-{letter.name}" for edition, letter in OF_ROADS])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # records are kept in memory
def test_a_letter_tells_what_the_road_promises_and_knows_every_figure(database, edition, letter):
    moves = [move for move in road("application", edition).moves if letter.name in move.letters]
    given = set(figures_of(Application(id=1, edition=edition)))
    if all(move.reason for move in moves):
        given.add("reason")
    if all(move.follows == "order.publish" for move in moves):
        given |= {"order_number", "order_on"}
    words = text(letter.name, edition)
    assert set(letter.tells) <= words.placeholders <= given, letter.name
    assert words.subject and len(words.body) > 100


@pytest.mark.parametrize("name", OTHERS)
def test_a_letter_of_no_road_knows_its_figures(name):
    assert text(name).placeholders == OTHERS[name]


OF_COMPLAINTS = {letter.name: letter for letter in road("complaint").letters}


@pytest.mark.parametrize("name", OF_COMPLAINTS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # records are kept in memory
def test_a_letter_about_a_complaint_tells_what_the_road_promises(database, name):
    given = set(complaint_figures(Complaint(id=1, edition=EDITIONS[0], number="Ж", received_on=dt.date(2026, 3, 10))))
    if name in ANSWERS:
        given |= {"act_number", "decided_on", "act_place", "official", "against", "grounds", "decision_on_act", "decision"}
        given |= {"remedies", "advice", "higher_authority", "court"}
    words = text(name, EDITIONS[0])
    assert set(OF_COMPLAINTS[name].tells) <= words.placeholders <= given
    assert words.subject and len(words.body) > 100


OF_CORRECTIONS = {letter.name: letter for letter in road("correction").letters}


@pytest.mark.parametrize("name", OF_CORRECTIONS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # records are kept in memory
def test_a_letter_about_a_correction_tells_what_the_road_promises(database, name):
    asked = Correction(number="И", order_number="1016-р", order_on=dt.date(2021, 4, 13))
    words = text(name, EDITIONS[0])
    assert set(OF_CORRECTIONS[name].tells) <= words.placeholders <= set(correction_figures(asked, None))
    assert words.subject and len(words.body) > 100


def test_every_text_is_some_letter():
    others = (*OF_COMPLAINTS.values(), *OF_CORRECTIONS.values())
    of_roads = [*OF_ROADS, *((EDITIONS[0], letter) for letter in others)]
    shelf = files("attestation") / "content" / "letters"
    for folder in (shelf, *(shelf / edition for edition in EDITIONS)):
        kept = {path.name for path in folder.iterdir() if path.is_file()}
        wanted = set(OTHERS) if folder is shelf else {letter.name for edition, letter in of_roads if edition == folder.name}
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
