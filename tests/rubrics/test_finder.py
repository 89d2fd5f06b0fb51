"""Three questions lead to a form and a row: every row can be reached, every combination has an answer, hard cases by hand."""

from itertools import product

import pytest

from attestation.rubrics import finder, forms
from attestation.rubrics.finder import Answer, UnknownChoice, find, inquire

KNOWN = finder.finder()
COMBINATIONS = [
    (position.key, institution.key, founder.key)
    for position, institution, founder in product(KNOWN.positions, KNOWN.institutions, KNOWN.founders)
]
ROWS = {(entry.number, row) for entry in forms.edition().forms for row in entry.positions}
TREASURY = "Педагогические работники государственных казенных образовательных учреждений"
SPEECH = "Учитель-логопед, учитель-дефектолог, логопед"
COLLEGE = (
    "Преподаватель, учитель "
    "(образовательное учреждение профессионального образования, подведомственное Комитету по образованию)"
)
HEALTH_COLLEGE = (
    "Преподаватель (образовательное учреждение профессионального образования, подведомственное Комитету по здравоохранению)"
)
CULTURE_LESSONS = (
    "Преподаватель общеобразовательных дисциплин (образовательное учреждение, подведомственное Комитету по культуре)"
)
HOSPITAL = "Учитель, инструктор по физической культуре государственного учреждения здравоохранения"
SPORT = "Учитель, преподаватель, методист, тьютор, воспитатель"
TUTOR = "Тьютор (кроме учреждения дополнительного профессионального образования)"
ORGANIZER = "Педагог-организатор (кроме отделений и учреждений дополнительного образования детей)"
GROUP = "Воспитатель (в том числе группы продленного дня)"
METHODIST_ADDITIONAL = "Методист учреждения дополнительного образования"
METHODIST_TRAINING = "Методист учреждения дополнительного профессионального образования"


def rows(answer: Answer) -> list[tuple[int, str]]:
    return [(match.form, match.position) for match in answer.matches]


def test_every_combination_has_an_answer_that_says_why() -> None:
    assert len(COMBINATIONS) == 25 * 14 * 7
    for combination in COMBINATIONS:
        answer = find(*combination)
        assert bool(answer.why) == (len(answer.matches) != 1), combination
        assert bool(answer.nearest) == (not answer.matches), combination
        assert len(set(rows(answer))) == len(answer.matches), combination


def test_every_row_of_all_fifteen_forms_is_reached_and_no_other() -> None:
    assert len(ROWS) == 52  # 58 rows of tables, of which forms 6 and 7 have four each for one position
    assert {row for combination in COMBINATIONS for row in rows(find(*combination))} == ROWS


def test_every_form_and_row_that_is_shown_exists_and_carries_its_role() -> None:
    for combination in COMBINATIONS:
        answer = find(*combination)
        for match in (*answer.matches, *answer.nearest):
            form = forms.form(match.form)
            assert match.position in form.positions, combination
            if answer.matches:
                assert match.reason, combination
                roles = form.roles(match.position)
                assert match.role in roles if roles else match.role == "", combination


@pytest.mark.parametrize(
    ("position", "institution", "founder", "expected"),
    [
        ("учитель", "centre", "district", [(1, "Учитель (только индивидуальное обучение, центр образования)")]),
        ("учитель", "vocational", "education", [(1, COLLEGE)]),
        ("учитель", "vocational", "sport", [(15, SPORT)]),
        ("учитель", "vocational", "culture", [(1, "Учитель прочих предметов")]),
        ("учитель", "hospital", "health", [(1, HOSPITAL)]),
        ("преподаватель", "vocational", "education", [(1, COLLEGE)]),
        ("преподаватель", "vocational", "health", [(1, HEALTH_COLLEGE)]),
        ("преподаватель", "vocational", "culture", [(1, CULTURE_LESSONS), (8, "Преподаватель, концертмейстер")]),
        ("преподаватель", "vocational", "social", [(12, "Преподаватель")]),
        ("преподаватель", "vocational", "sport", [(15, SPORT)]),
        ("преподаватель", "arts", "district", [(9, "Преподаватель")]),
        ("преподаватель", "atypical", "culture", [(1, CULTURE_LESSONS), (9, "Преподаватель")]),
        ("воспитатель", "school", "district", [(1, GROUP)]),
        ("воспитатель", "kindergarten", "district", [(3, "Воспитатель")]),
        ("воспитатель", "additional", "district", [(4, "Воспитатель")]),
        ("воспитатель", "school", "social", [(12, "Воспитатель")]),
        ("воспитатель", "vocational", "sport", [(15, SPORT)]),
        ("старший воспитатель", "kindergarten", "district", [(3, "Старший воспитатель")]),
        ("учитель-логопед", "school", "district", [(1, SPEECH)]),
        ("учитель-дефектолог", "kindergarten", "district", [(3, SPEECH)]),
        ("логопед", "hospital", "health", [(1, SPEECH), (3, SPEECH)]),
        ("логопед", "kindergarten", "health", [(3, SPEECH)]),
        ("методист", "school", "district", [(2, "Методист")]),
        ("методист", "arts", "culture", [(10, METHODIST_ADDITIONAL)]),
        ("методист", "additional", "district", [(2, "Методист")]),
        ("методист", "training", "culture", [(10, METHODIST_TRAINING)]),
        ("методист", "training", "education", [(2, "Методист")]),
        ("методист", "vocational", "social", [(14, "Методист")]),
        ("методист", "vocational", "sport", [(15, SPORT)]),
        ("старший методист", "vocational", "culture", [(2, "Старший методист")]),
        ("старший методист", "vocational", "social", [(14, "Старший методист")]),
        ("педагог-психолог", "school", "education", [(5, "Педагог-психолог")]),
        ("социальный педагог", "vocational", "social", [(13, "Социальный педагог")]),
        ("концертмейстер", "additional", "district", [(4, "Концертмейстер")]),
        ("концертмейстер", "additional", "culture", [(9, "Концертмейстер")]),
        ("концертмейстер", "arts", "private", [(4, "Концертмейстер")]),
        ("концертмейстер", "vocational", "culture", [(8, "Преподаватель, концертмейстер")]),
        ("тренер-преподаватель", "sport-school", "sport", [(6, "Тренер-преподаватель")]),
        ("инструктор-методист", "sport-school", "district", [(7, "Инструктор-методист")]),
        ("инструктор по физической культуре", "kindergarten", "district", [(3, "Инструктор по физической культуре")]),
        ("инструктор по физической культуре", "additional", "district", [(4, "Инструктор по физической культуре")]),
        ("инструктор по физической культуре", "hospital", "health", [(1, HOSPITAL)]),
        ("инструктор по труду", "special", "education", [(1, "Инструктор по труду")]),
        ("педагог-организатор", "school", "district", [(1, ORGANIZER)]),
        ("педагог-организатор", "additional", "district", [(4, "Педагог-организатор")]),
        ("старший вожатый", "school", "district", [(1, "Старший вожатый")]),
        ("педагог дополнительного образования", "additional", "education", [(4, "Педагог дополнительного образования")]),
        ("музыкальный руководитель", "kindergarten", "private", [(3, "Музыкальный руководитель")]),
        ("мастер производственного обучения", "vocational", "education", [(1, "Мастер производственного обучения")]),
        ("мастер производственного обучения", "vocational", "social", [(12, "Мастер производственного обучения")]),
        ("преподаватель-организатор ОБЖ", "school", "district", [(1, "Преподаватель-организатор ОБЖ")]),
        ("тьютор", "school", "district", [(1, TUTOR)]),
        ("тьютор", "vocational", "sport", [(15, SPORT)]),
        ("руководитель физического воспитания", "vocational", "education", [(1, "Руководитель физического воспитания")]),
        ("педагог-библиотекарь", "school", "social", [(11, "Педагог-библиотекарь")]),
    ],
)
def test_where_the_source_is_plain(position: str, institution: str, founder: str, expected: list[tuple[int, str]]) -> None:
    assert rows(find(position, institution, founder)) == expected


def test_a_teacher_of_a_school_chooses_by_what_he_teaches() -> None:
    answer = find("учитель", "school", "district")
    assert [(match.position, match.condition) for match in answer.matches] == [
        ("Учитель начальных классов", "вы ведёте начальные классы"),
        ("Учитель прочих предметов", "вы ведёте другие предметы или классы"),
        ("Учитель (только индивидуальное обучение, центр образования)", "вы ведёте только индивидуальное обучение"),
    ]
    assert answer.why.startswith("Какая строка ваша, зависит от условия")


@pytest.mark.parametrize(
    ("position", "founder", "own"),
    [
        ("воспитатель", "education", [(1, GROUP)]),
        ("старший вожатый", "district", [(1, "Старший вожатый")]),
        ("воспитатель", "social", [(12, "Воспитатель")]),
        ("логопед", "health", [(1, SPEECH)]),
    ],
)
def test_the_row_of_treasury_institutions_stands_beside_the_row_of_the_position(
    position: str, founder: str, own: list[tuple[int, str]]
) -> None:
    answer = find(position, "treasury", founder)
    assert rows(answer) == [*own, (1, TREASURY)]
    assert [match.beside for match in answer.matches] == [False, True]
    assert "пересекается со строками должностей" in answer.why


def test_the_row_of_treasury_institutions_is_not_for_positions_of_other_forms() -> None:
    assert rows(find("методист", "treasury", "education")) == [(2, "Методист")]
    assert rows(find("педагог-психолог", "treasury", "education")) == [(5, "Педагог-психолог")]


def test_two_forms_fit_when_one_is_for_the_institution_and_one_for_the_founder() -> None:
    answer = find("воспитатель", "kindergarten", "social")
    assert rows(answer) == [(3, "Воспитатель"), (12, "Воспитатель")]
    assert answer.why.startswith("Одна форма составлена для вида учреждения, другая для учредителя")


def test_a_methodist_of_a_culture_college_has_a_form_but_no_row() -> None:
    answer = find("методист", "vocational", "culture")
    assert (answer.matches, answer.gap) == ((), True)
    assert "в таблице баллов для них строки нет" in answer.why
    assert [(match.form, match.position) for match in answer.nearest] == [
        (10, METHODIST_ADDITIONAL),
        (10, METHODIST_TRAINING),
    ]


def test_an_instructor_of_social_service_is_in_the_title_but_not_in_the_table() -> None:
    answer = find("инструктор по физической культуре", "welfare", "social")
    assert (answer.matches, answer.gap) == ((), True)
    assert [(match.form, match.position) for match in answer.nearest] == [(1, HOSPITAL)]


def test_when_nothing_fits_the_same_institution_comes_nearest() -> None:
    answer = find("преподаватель", "vocational", "district")
    assert answer.matches == ()
    assert answer.nearest[0].position == COLLEGE
    assert "строки с баллами в формах нет" in answer.why


def test_the_usual_speech_therapist_learns_the_other_name_of_the_position() -> None:
    assert "«учитель-логопед»" in find("логопед", "school", "district").why


def test_what_cannot_be_is_said_to_be_impossible() -> None:
    answer = find("учитель", "treasury", "private")
    assert (answer.matches, answer.impossible) == ((), True)
    assert answer.why.startswith("Так не бывает: «Государственное казённое образовательное учреждение» и «Частная организация»")


def test_the_role_comes_with_forms_eight_and_nine() -> None:
    assert [match.role for match in find("концертмейстер", "vocational", "culture").matches] == ["концертмейстер"]
    assert [match.role for match in find("преподаватель", "vocational", "culture").matches] == ["", "преподаватель"]
    assert [match.role for match in find("преподаватель", "arts", "district").matches] == ["преподаватель"]


def test_one_form_for_everybody_needs_one_question() -> None:
    inquiry = inquire("педагог-библиотекарь")
    assert inquiry.answer and rows(inquiry.answer) == [(11, "Педагог-библиотекарь")]


def test_the_founder_is_asked_only_where_it_matters() -> None:
    assert inquire("teacher").answer is None
    school = inquire("teacher", "school").answer
    assert school and school == find("teacher", "school", "district")
    assert inquire("teacher", "vocational").answer is None


def test_later_questions_offer_only_what_leads_somewhere() -> None:
    assert [choice.key for choice in inquire("тренер-преподаватель").institutions] == ["sport-school"]
    assert [choice.key for choice in inquire("accompanist", "vocational").founders] == ["culture"]
    assert [choice.key for choice in inquire("lecturer", "arts").founders] == ["district", "culture"]
    # A gap of the source leads to an explanation.
    assert "culture" in [choice.key for choice in inquire("methodist", "vocational").founders]
    assert [choice.key for choice in inquire("lecturer", founder="health").institutions] == ["vocational", "treasury"]


def test_what_is_offered_and_only_that_gives_a_row_or_a_word_on_the_gap() -> None:
    for position, institution in product(KNOWN.positions, KNOWN.institutions):
        offered = inquire(position.key, institution.key).founders
        leading = {f.key for f in KNOWN.founders if (a := find(position.key, institution.key, f.key)).matches or a.gap}
        assert {choice.key for choice in offered} == leading


def test_keys_and_names_are_understood_however_typed() -> None:
    expected = find("additional-teacher", "additional", "district")
    found = find(
        "  Педагог  Дополнительного образования", "учреждение или отделение дополнительного образования детей", "DISTRICT"
    )
    assert found == expected


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("директор", "school", "district"), "position"),
        (("teacher", "университет", "district"), "institution"),
        (("teacher", "school", "министерство"), "founder"),
        (("", "school", "district"), "position"),
    ],
)
def test_unknown_words_are_refused_by_their_question(words: tuple[str, str, str], field: str) -> None:
    with pytest.raises(UnknownChoice) as refused:
        find(*words)
    assert refused.value.field == field
    assert "списк" in refused.value.sentence


def test_rules_with_unknown_words_are_found() -> None:
    data = {
        "position": [{"key": "teacher", "name": "учитель"}],
        "institution": [{"key": "school", "name": "школа", "founders": ["nobody"]}],
        "founder": [{"key": "district", "name": "район"}],
        "rule": [{"form": 1, "row": "Нет такой", "positions": ["pupil"], "rank": "odd", "reason": "почему", "extra": 1}],
    }
    _, findings = finder.read_finder(data, forms.edition())
    assert [finding.key for finding in findings] == [
        "institution[school].founders",
        "rule[1].rank",
        "rule[1].row",
        "rule[1].positions",
        "rule[1].extra",
    ]
