"""What changed between two editions: clauses, terms, actors, appendices, scoring forms. The later one is invented."""

from pathlib import Path

import pytest

from attestation.site import regulation
from attestation.site.regulation import Clause, comparison, scoring_forms
from attestation.site.regulation.comparison import Change, Comparison, Difference, Listed, Stretch

from . import second_edition
from .second_edition import NEW_TEXT, SLUG


@pytest.fixture
def compared(tmp_path: Path) -> Comparison:
    """The packaged edition beside the later one."""
    second_edition.make(tmp_path)
    shelf = regulation.shelf(tmp_path)
    return comparison.compare(shelf.edition(regulation.SPB), shelf.edition(SLUG))


def of(compared: Comparison, number: str) -> Difference:
    """What happened to the clause of this number."""
    return next(difference for difference in compared.clauses if difference.passage.number == number)


def test_what_changed_and_nothing_else(compared: Comparison) -> None:
    assert [(difference.passage.number, difference.change) for difference in compared.clauses] == [
        ("2.4", Change.CHANGED),
        ("2.12", Change.CHANGED),
        ("2.19", Change.ADDED),
        ("2.14", Change.REMOVED),
        ("3.3.2", Change.CHANGED),
        ("4.5", Change.MOVED),
    ]
    assert [(difference.passage.number, difference.change) for difference in compared.appendices] == [("1", Change.CHANGED)]
    assert compared.counts == {Change.ADDED: 1, Change.REMOVED: 1, Change.CHANGED: 4, Change.MOVED: 1}


def test_words_are_compared_one_by_one(compared: Comparison) -> None:
    assert of(compared, "2.12").text == (
        (
            Stretch("same", "Заявитель ничего не платит: ни государственной пошлины, ни"),
            Stretch("old", "иной платы"),
            Stretch("new", "сбора"),
            Stretch("same", "за услугу нет."),
        ),
    )


def test_a_term_and_an_actor(compared: Comparison) -> None:
    terms = of(compared, "2.4").terms
    assert [(term.count, term.unit) for term in terms.old] == [(90, "calendar_days")]
    assert [(term.count, term.unit) for term in terms.new] == [(80, "calendar_days")]
    assert of(compared, "2.4").text == ()
    assert of(compared, "3.3.2").actors == Listed(("второй эксперт",), ("третий эксперт",))


def test_what_is_new_what_is_gone_what_moved(compared: Comparison) -> None:
    assert of(compared, "2.19").text == ((Stretch("new", NEW_TEXT),),)
    assert of(compared, "2.14").title == (Stretch("old", "Сколько ждать в очереди"),)
    moved = of(compared, "4.5")
    assert (moved.old.number, moved.new.number, moved.text, moved.title) == ("4.4", "4.5", (), ())


def test_an_edition_is_the_same_as_itself() -> None:
    edition = regulation.edition()
    assert comparison.compare(edition, edition).clauses == ()


def test_a_clause_put_in_before_others_moves_them_and_changes_none() -> None:
    old = [Clause("1.1", "Первый", "Слова первого пункта."), Clause("1.2", "Второй", "Слова второго пункта.")]
    new = [
        Clause("1.1", "Новый", "Совсем иное."),
        Clause("1.2", "Первый", "Слова первого\nпункта."),
        Clause("1.3", "Второй", old[1].text),
    ]
    found = [(one.change, one.old and one.old.number, one.new and one.new.number) for one in comparison._differences(old, new)]
    assert found == [(Change.ADDED, None, "1.1"), (Change.MOVED, "1.1", "1.2"), (Change.MOVED, "1.2", "1.3")]


def test_a_changed_paragraph_stands_among_whole_ones() -> None:
    old = "Начало одно.\nСрок пять дней со дня подачи.\nЭто исчезнет совсем."
    new = "Начало одно.\nСрок семь дней со дня подачи.\nКонец другой и новый."
    assert list(comparison.paragraphs(old, new)) == [
        (Stretch("same", "Начало одно."),),
        (Stretch("same", "Срок"), Stretch("old", "пять"), Stretch("new", "семь"), Stretch("same", "дней со дня подачи.")),
        (Stretch("old", "Это исчезнет совсем."),),
        (Stretch("new", "Конец другой и новый."),),
    ]


def test_points_and_thresholds_of_the_forms(tmp_path: Path) -> None:
    second_edition.make(tmp_path)
    shelf = regulation.shelf(tmp_path)
    sides = [scoring_forms.scoring_forms(shelf.edition(slug), tmp_path) for slug in (regulation.SPB, SLUG)]
    (change,) = scoring_forms.changes(*sides)
    assert change.form.number == 1
    (pair,) = change.compared.differing
    assert (pair.left.clause, pair.left.options[0].points, pair.right.options[0].points) == ("1.3", 60, 65)
    (threshold,) = change.compared.thresholds
    assert (threshold.name, threshold.left.first.min, threshold.right.first.min) == ("Учитель начальных классов", 140, 150)
    assert threshold.left.highest == threshold.right.highest
    assert (change.compared.left_only, change.compared.right_only) == ((), ())


def test_forms_that_only_one_edition_has(tmp_path: Path) -> None:
    forms = scoring_forms.scoring_forms(regulation.edition(), tmp_path)
    changes = list(scoring_forms.changes(forms[:2], forms[1:3]))
    assert [(change.form.number, change.compared, change.only_old) for change in changes] == [(1, None, True), (3, None, False)]
    assert scoring_forms.scoring_forms(regulation.edition(regulation.LENOBL), tmp_path) == ()
