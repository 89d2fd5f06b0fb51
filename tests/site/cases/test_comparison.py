"""An uploaded conclusion beside the data: what is found in whatever case of the grammar, what is told as different."""

from dataclasses import asdict, replace

import pytest

from attestation.rubrics.forms import form
from attestation.site.cases.comparison import NO_TEXT, Expected, differences
from attestation.site.printing.conclusions import Given, conclusion_pdf
from attestation.site.printing.forms import form_pdf
from attestation.tests import scans

EXPECTED = Expected(
    surname="Чернильницына",
    name="Вера",
    patronymic="Павловна",
    position="Учитель математики",
    points=(180,),
    total="Общее количество баллов:",
    negative=False,
)
GIVEN = Given(
    about="Заявление № 2026-000001-5",
    person="Чернильницына Вера Павловна, ГБОУ школа № 901, учитель математики",
    teacher="Чернильницыной Веры Павловны",
    expert="Оценкина Мария Львовна",
    reviewed_on="10 марта 2026 г.",
    total="180",
    position="учителя математики",
    category="первой",
    meets=True,
    signatory="М.Л. Оценкина",
)


@pytest.fixture(scope="module")
def printed() -> bytes:
    return conclusion_pdf(form(1), GIVEN)


def test_the_same_data_are_found(printed: bytes) -> None:
    assert differences(printed, EXPECTED) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"surname": "Посторонева"}, "В файле не найден педагог: Посторонева Вера Павловна."),
        ({"name": "Варвара"}, "В файле не найден педагог: Чернильницына Варвара Павловна."),
        ({"position": "Учитель физики"}, "В файле не найдена должность: Учитель физики."),
        ({"points": (175,)}, "Сумма баллов в файле другая: по оценке 175."),
        ({"points": (160, 180)}, "Сумма баллов в файле другая: по оценке 160 – 180."),
        ({"negative": True}, "В файле не найдено «не соответствует», а вывод оценки — «не соответствует»."),
    ],
)
def test_each_difference_is_told_by_itself(printed: bytes, change: dict[str, object], said: str) -> None:
    assert differences(printed, replace(EXPECTED, **change)) == (said,)


def test_a_negative_outcome_is_read_as_one() -> None:
    against = conclusion_pdf(form(1), Given(**{**asdict(GIVEN), "meets": False}))
    assert differences(against, replace(EXPECTED, negative=True)) == ()
    assert differences(against, EXPECTED) == ("В файле сказано «не соответствует», а вывод оценки — «соответствует».",)


def test_without_points_no_sum_is_looked_for(printed: bytes) -> None:
    assert differences(printed, replace(EXPECTED, points=())) == ()


def test_another_document_differs_in_everything() -> None:
    other = form_pdf("complaint")
    assert len(differences(other, EXPECTED)) == 4


@pytest.mark.parametrize("data", [scans.pdf(), b"%PDF-1.7 broken"], ids=["a scan without text", "a broken file"])
def test_what_cannot_be_read_is_left_to_a_person(data: bytes) -> None:
    assert differences(data, EXPECTED) == (NO_TEXT,)
