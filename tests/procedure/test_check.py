"""The validator: all editions are whole, and whatever it is there to find is found. Figures agree with the restatement."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import attestation
from attestation.procedure import complaints, voting
from attestation.procedure.check import check, check_folder, editions
from attestation.procedure.road import OFFICE, road
from attestation.procedure.terms import CASE, terms
from attestation.site.regulation.editions import edition as restated

PROCEDURE = Path(attestation.__file__).parent / "procedure"
CASES = ("lenobl-2022-03-01", "spb-2021-04-13")


def test_editions() -> None:
    assert editions() == ("lenobl-2022-03-01", "office", "spb-2021-04-13")


@pytest.mark.parametrize("name", editions())
def test_every_edition_is_whole(name: str) -> None:
    assert [str(finding) for finding in check(name)] == []


def cited(name: str) -> Iterator[str]:
    """The clause of every row of an edition, those of its order included."""
    for file in (PROCEDURE / name).glob("*.toml"):
        if file.name == complaints.FILE:
            known_lists = complaints.lists(name)
            rows = (known_lists.kinds, known_lists.respondents, known_lists.silences, known_lists.grounds)
            yield from (row.clause for one in (*rows, known_lists.outcomes, known_lists.appeals) for row in one)
        elif file.name == voting.FILE:
            rules = voting.voting(name)
            yield from (ground.clause for ground in (rules.quorum_ground, rules.majority_ground, rules.tie_ground))
        elif file.stem.endswith("terms"):
            known = terms(name, file.stem.removesuffix("-terms") if file.stem != "terms" else CASE)
            yield from (row.clause for row in (*known.terms, *known.limits, *filter(None, [known.season])))
        else:
            way = road(file.stem, name)
            named = (way.states, way.known_facts, way.moves, way.actors, way.letters, way.registries, way.events, way.days)
            for rows in (*named, way.systems, way.outgoing):
                yield from (row.clause for row in rows)


@pytest.mark.parametrize("name", CASES)
def test_every_clause_is_in_the_restated_document(name: str) -> None:
    assert {clause for clause in cited(name) if clause} - set(restated(name).by_number) == set()


def test_lengths_agree_with_the_restated_clauses() -> None:
    """Number and unit stand in the clause that the term names; clause 2.4 does not say which days the folder's are."""
    clauses = restated("spb-2021-04-13").by_number
    differing = {
        term.name
        for term in terms("spb-2021-04-13").terms
        if term.unit and (str(term.number), term.unit) not in {(said.number, said.unit) for said in clauses[term.clause].terms}
    }
    assert differing == set()
    assert ("30", "days") in {(said.number, said.unit) for said in clauses["2.4"].terms}
    assert [said.season for said in clauses["2.6.7"].terms] == [("15 августа", "15 мая")]


@pytest.mark.parametrize("name", CASES)
def test_silence_of_the_source_is_answered_in_the_data(name: str) -> None:
    """Each row without a clause says why it is there."""
    way = road("application", name)
    for row in (*way.states, *way.known_facts, *way.moves, *way.actors, *way.letters, *way.registries, *way.events, *way.days):
        assert row.clause or row.remark, row


def spoiled(folder: Path, name: str, file: str, old: str, new: str) -> list[str]:
    """What is found when one place of an edition says something else."""
    own = folder / name
    shutil.copytree(PROCEDURE / name, own)
    text = (own / file).read_text(encoding="utf-8")
    assert old in text
    (own / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(finding) for finding in check_folder(own, clauses=name != OFFICE)]


WITHDRAW = """
letters = ["application_withdrawn"]
marks = ["withdrawn"]
clause = "17"
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        # Shape.
        ('subject = "заявление"', "", "application.toml: subject: нет обязательного ключа"),
        ('subject = "заявление"', 'subject = "заявление', "application.toml: файл не читается"),
        ('turn = ["teacher"]', 'turns = ["teacher"]', "application.toml: status[draft].turns: неизвестный ключ"),
        ('turn = ["teacher"]', 'turn = "teacher"', "application.toml: status[draft].turn: здесь нужно: список строк"),
        ("final = true", 'final = "да"', "application.toml: status[established].final: здесь нужно: true или false"),
        ('turn = ["teacher"]', 'turn = ["headmaster"]', "status[draft]: неизвестная роль «headmaster»"),
        ('to = ["teacher"]', 'to = ["pupil"]', "letter[application_submitted]: неизвестная роль «pupil»"),
        ('name = "chair"', 'name = "chairman"', "actor[chairman]: неизвестная роль «chairman»"),
        # Names.
        ('name = "dissent_signed"', 'name = "dissent_drawn_up"', "fact[dissent_drawn_up]: имя повторяется"),
        ('from = ["draft"]', 'from = ["drafts"]', "move[submit]: не описано: состояние «drafts»"),
        ('to = "submitted"', 'to = "sent"', "move[submit]: не описано: состояние «sent»"),
        ('needs = ["portfolio_filled"]', 'needs = ["folder"]', "move[confirm_portfolio]: не описано: факт «folder»"),
        ('letters = ["review_changed"]', 'letters = ["news"]', "move[change_review]: не описано: письмо «news»"),
        ('marks = ["filed"]', 'marks = ["sent"]', "move[submit]: не описано: событие «sent»"),
        ('sets = ["sitting_day"]', 'sets = ["monday"]', "move[choose_sitting_day]: не описано: день «monday»"),
        ('roles = ["chair"]', 'roles = ["deputy_chair"]', "move[allow_conflict]: не описано: участник «deputy_chair»"),
        ('registries = ["withdrawn"]', 'registries = ["bin"]', "status[withdrawn]: не описано: реестр «bin»"),
        # Sense.
        ('to = "sitting_moved"', 'to = "sitting"', "status[sitting_moved]: до состояния нельзя дойти"),
        ('from = ["submitted"]\nto = "draft"', 'from = ["refused"]\nto = "draft"', "status[refused]: состояние последнее, но"),
        ('from = ["draft"]', "from = []", "move[submit]: действие неоткуда сделать"),
        ('from = ["draft"]', "from = []", "status[draft]: из состояния нет пути дальше"),
        ('turn = ["teacher"]', 'turn = ["teacher", "chair"]', "status[draft]: очередь роли «chair», а сделать ей нечего"),
        ('turn = ["main_expert"]', "", "status[portfolio_confirmed]: действие «start_review» некому поручить"),
        ("final = true", 'final = true\nturn = ["teacher"]', "status[established]: дорога здесь кончается: ждать некого"),
        (WITHDRAW, '\nletters = ["application_withdrawn"]\nmarks = ["withdrawn"]\nclause = ""\n', ""),
        ('clause = "9"\n\n[[move]]', 'clause = ""\n\n[[move]]', "move[start_review]: нет ни пункта, ни пояснения"),
        ('makes = "conclusion_read"\n', "", "fact[conclusion_read]: не нужно ни одному действию"),
        (
            'makes = "conclusion_read"',
            'to = "sitting"\nmakes = "conclusion_read"',
            "move[read_conclusion]: факт называет только",
        ),
        (
            'needs = ["dissent_drawn_up"]',
            'needs = ["dissent_drawn_up", "dissent_signed"]',
            "move[sign_dissent]: действие требует того же факта «dissent_signed», который создаёт",
        ),
        ('holds = "методист отметил проверку оформления"\n', "", "fact[form_checked].holds: не сказано, когда факт верен"),
        ('letters = ["review_changed"]\n', "", "letter[review_changed]: не нужно ни одному действию"),
        ('marks = ["registered"]\n', "", "event[registered]: событие не отмечает ни одно действие"),
        ('of = "experts"', 'of = "people"', "registry[experts].of: неизвестное слово «people»"),
        ('of = "experts"', 'of = "applications"', "registry[experts]: реестр заявлений называют состояния"),
    ],
)
def test_what_is_wrong_with_a_road_is_found(tmp_path: Path, old: str, new: str, found: str) -> None:
    findings = spoiled(tmp_path, "lenobl-2022-03-01", "application.toml", old, new)
    # A remark is as good as a clause, so a withdrawal without a clause is whole.
    assert [line for line in findings if found in line] if found else findings == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("soon = 5", 'soon = "5"', "attention.soon: здесь нужно: целое число"),
        ('last = "05-15"', 'last = "15 мая"', "season.last: нужны месяц и день вида «05-15»"),
        ('unit = "working_days"', 'unit = "weeks"', "term[registration_from_portal].unit: неизвестное слово «weeks»"),
        ('channels = ["mfc"]', 'channels = ["fax"]', "term[registration_from_mfc].channels: неизвестное слово «fax»"),
        ('day_off = "next_working_day"', 'day_off = "skip"', "term[portfolio].day_off: неизвестное слово «skip»"),
        ("number = 90", 'number = 90\nday = "term_ends"', "term[service]: нужны либо number и unit, либо day"),
        ('day = "term_ends"\n', "", "term[individual_term]: нужны либо number и unit, либо day"),
        ('day = "term_ends"', 'day = "doomsday"', "term[individual_term]: не описано: день «doomsday»"),
        ('until = "published"', 'until = "printed"', "term[service]: не описано: событие «printed»"),
        ('since = "received"', 'since = "sent"', "term[registration_from_portal]: не описано: событие «sent»"),
        ('runs_in = ["registered"]', 'runs_in = ["known"]', "term[notice]: не описано: состояние «known»"),
        ('runs_in = ["registered"]', 'runs_in = ["received"]', "term[notice]: срок не может идти в состоянии «received»"),
        ('runs_in = ["registered"]', "runs_in = []", "term[notice]: срок нигде не идёт или никто за него не отвечает"),
        ('responsible = ["teacher"]', 'responsible = ["group_leader"]', "term[portfolio]: не описано: участник «group_leader»"),
        ("soon = 15", "soon = -1", "term[service]: отрицательное число"),
        ('name = "notice"', 'name = "review"', "review: имя повторяется"),
        ("number = 5\n", "number = 0\n", "limit[inventory_copy].number: нужно число больше нуля"),
        ('title = "хранение копии описи"\n', "", "limit[inventory_copy].title: нет обязательного ключа"),
    ],
)
def test_what_is_wrong_with_terms_is_found(tmp_path: Path, old: str, new: str, found: str) -> None:
    findings = spoiled(tmp_path, "spb-2021-04-13", "terms.toml", old, new)
    assert [line for line in findings if f"terms.toml: {found}" in line]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('system = "kais_kro"', 'system = "kais"', "outgoing[registration]: не описано: система «kais»"),
        ('moves = ["withdraw"]', 'moves = ["recall"]', "outgoing[withdrawal_status]: не описано: действие «recall»"),
        ('moves = ["withdraw"]', "moves = []", "outgoing[withdrawal_status]: нужны действия и хотя бы один рабочий день"),
        ("working_days = 1", "working_days = 0", "outgoing[registration]: нужны действия и хотя бы один рабочий день"),
        ("working_days = 1", 'working_days = "1"', "outgoing[registration].working_days: здесь нужно: целое число"),
        ('name = "result"', 'name = "decision"', "outgoing[decision]: имя повторяется"),
        (
            "[[outgoing]]",
            '[[system]]\nname = "mail"\ntitle = "Почта"\n\n[[outgoing]]',
            "system[mail]: в систему ничего не передают",
        ),
    ],
)
def test_what_is_wrong_with_outside_systems_is_found(tmp_path: Path, old: str, new: str, found: str) -> None:
    findings = spoiled(tmp_path, "spb-2021-04-13", "application.toml", old, new)
    assert [line for line in findings if found in line]


def test_a_road_knows_what_it_follows(tmp_path: Path) -> None:
    """A move is made by people or comes with a move of another road, which must be there."""

    def spoil(number: int, new: str) -> list[str]:
        return spoiled(tmp_path / f"{number}", "spb-2021-04-13", "application.toml", 'follows = "sitting.close"', new)

    unknown = "application.toml: move[record_decision].follows: действия «{}» нет ни на одной дороге"
    assert spoil(1, 'follows = "sitting.shut"') == [unknown.format("sitting.shut")]
    assert spoil(2, 'follows = "meeting.close"') == [unknown.format("meeting.close")]
    wrong = "application.toml: move[record_decision]: действие неоткуда сделать, либо оно делается и людьми, и само"
    assert [line.startswith(wrong) for line in spoil(3, 'follows = "sitting.close"\nroles = ["commission_secretary"]')] == [
        True
    ]
    assert any(line.startswith(wrong) for line in spoil(4, "roles = []"))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("part = 2", "part = 0", "quorum.part: нужна доля больше нуля и не больше целого"),
        ("of = 3", "of = 1", "quorum.part: нужна доля больше нуля и не больше целого"),
        ("part = 2", 'part = "2"', "quorum.part: здесь нужно: целое число"),
        ('decision = "establish"', 'decision = "wait"', "tie.decision: неизвестное слово «wait»"),
        ('decision = "establish"\n', "", "tie.decision: нет обязательного ключа"),
        ("[majority]", "[most]", "most: неизвестный ключ"),
    ],
)
def test_what_is_wrong_with_voting_is_found(tmp_path: Path, old: str, new: str, found: str) -> None:
    assert f"voting.toml: {found}" in spoiled(tmp_path, "spb-2021-04-13", "voting.toml", old, new)


def test_the_office_needs_no_clauses(tmp_path: Path) -> None:
    assert spoiled(tmp_path, OFFICE, "content.toml", 'clause = ""', 'clause = ""\nremark = ""') == []
    assert next(str(finding) for finding in check_folder(PROCEDURE / OFFICE)) == (
        "content.toml: move[submit]: нет ни пункта, ни пояснения"
    )
