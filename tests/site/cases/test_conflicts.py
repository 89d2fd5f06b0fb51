"""Conflicts of interest, typed as pairs of an expert and a teacher: what is one, what only looks like one, in which words."""

import datetime as dt

import pytest
from playhouse.test_utils import count_queries

from attestation.models import Application, DeclaredConflict, Employment, Expert
from attestation.site.cases.conflicts import conflicts, known, plain
from attestation.site.dates import day_of
from attestation.tests.cases import LENOBL, SPB, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COLLEAGUE = "работает в той же организации"
FAMILY = "та же фамилия и тот же адрес"
SCHOOL = "ГБОУ школа № 901 г. Образцова"
HOME = "г. Образцов, Садовая ул., д. 3, кв. 4"


def against(world: World, case: Application, place: int = 0, today: dt.date | None = None) -> tuple[str, ...]:
    """What speaks against this expert of the bank."""
    expert = world.experts[place]
    return conflicts(case, known(Expert.select()), today or day_of(world.now)).get(expert.user_id, ())


def change(expert: Expert, **values: object) -> None:
    Expert.update(values).where(Expert.id == expert.id).execute()


def test_nobody_is_suspected_without_a_sign(world: World) -> None:
    assert conflicts(world.filled(SPB), known(Expert.select()), day_of(world.now)) == {}


@pytest.mark.parametrize(
    ("theirs", "teachers", "reasons"),
    [
        (SCHOOL, SCHOOL, (COLLEAGUE,)),
        ("  гбоу   ШКОЛА № 901 г. образцова ", SCHOOL, (COLLEAGUE,)),
        ("ГБОУ «Школа № 901» г.Образцова", 'ГБОУ "Школа №901" г. Образцова', (COLLEAGUE,)),
        ("ГБОУ „Школа 901“, г. Образцова", SCHOOL, (COLLEAGUE,)),
        ("ГБДОУ «Ёлочка»", "ГБДОУ «Елочка»", (COLLEAGUE,)),
        ("ГБОУ школа № 90 г. Образцова", SCHOOL, ()),
        ("ГБОУ школа № 901 г. Примерова", SCHOOL, ()),
        # Nothing is the same as nothing, and signs alone say nothing.
        ("", "", ()),
        ("—", "«»", ()),
    ],
)
def test_the_same_organisation_whatever_the_signs(world: World, theirs: str, teachers: str, reasons: tuple[str, ...]) -> None:
    change(world.experts[0], organization=theirs)
    assert against(world, world.filled(SPB, organization=teachers)) == reasons


@pytest.mark.parametrize("edition", [SPB, LENOBL])
@pytest.mark.parametrize(
    ("until", "today", "words"),
    [
        # Five years to the day still count, a day more does not.
        ("2021-03-10", "2026-03-10", "до 10.03.2021"),
        ("2021-03-09", "2026-03-10", ""),
        ("2026-03-01", "2026-03-10", "до 01.03.2026"),
        # From 29 February five years back is 28 February.
        ("2023-02-28", "2028-02-29", "до 28.02.2023"),
        ("2023-02-27", "2028-02-29", ""),
    ],
)
def test_a_former_colleague_of_the_last_five_years(world: World, edition: str, until: str, today: str, words: str) -> None:
    Employment.create(expert=world.experts[0], organization="ГБОУ «Школа № 901 г. Образцова»", until=until)
    Employment.create(expert=world.experts[0], organization="ГБОУ школа № 17", until="2026-01-01")
    found = against(world, world.filled(edition), today=dt.date.fromisoformat(today))
    assert found == ((f"работал в той же организации {words}",) if words else ())


@pytest.mark.parametrize(
    ("expert", "teacher", "same"),
    [
        ("Чернильницын", "Чернильницына", True),
        ("Чернильницына", "ЧЕРНИЛЬНИЦЫН", True),
        ("Королёва", "Королев", True),
        ("Достоевский", "Достоевская", True),
        ("Толстой", "Толстая", True),
        ("Крайний", "Крайняя", True),
        ("Римская-Корсакова", "Римский-Корсаков", True),
        ("Шевченко", "Шевченко", True),
        ("Чернильницын", "Чернильников", False),
        ("Римская-Корсакова", "Корсаков", False),
        ("Романов", "Романова-Иванова", False),
        ("Бах", "Баха", False),
    ],
)
def test_a_relative_has_the_surname_and_the_address(world: World, expert: str, teacher: str, same: bool) -> None:
    change(world.experts[0], surname=expert, address="г Образцов; Садовая ул. д.3 кв.4")
    assert against(world, world.filled(SPB, surname=teacher)) == ((FAMILY,) if same else ())


@pytest.mark.parametrize(
    ("address", "home", "reasons"),
    [(HOME, HOME, (FAMILY,)), (f"{HOME}5", HOME, ()), ("", "", ()), (HOME, "", ()), ("", HOME, ())],
)
def test_a_namesake_elsewhere_is_no_relative(world: World, address: str, home: str, reasons: tuple[str, ...]) -> None:
    change(world.experts[0], surname="Чернильницын", address=address)
    assert against(world, world.filled(SPB, home_address=home)) == reasons


def test_two_without_a_surname_are_no_family(world: World) -> None:
    """Paper may be entered before the surname can be read."""
    change(world.experts[0], surname="-", address=HOME)
    assert against(world, world.filled(SPB, surname="")) == ()


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"person": "чернильницына  вера павловна"}, "эксперт сам заявил о конфликте интересов"),
        (
            {"organization": "ГБОУ „Школа № 901“ г. Образцова", "reason": "учредитель"},
            "эксперт сам заявил о конфликте интересов: учредитель",
        ),
        ({"person": "Чернильницына Вера Ивановна"}, ""),
        ({"organization": "ГБОУ школа № 902"}, ""),
    ],
)
def test_what_the_expert_declares(world: World, declared: dict[str, str], words: str) -> None:
    DeclaredConflict.create(expert=world.experts[0], declared_at=world.now, **declared)
    assert against(world, world.filled(SPB)) == ((words,) if words else ())


def test_a_declaration_in_one_case_is_for_that_case(world: World) -> None:
    case, other = world.filled(SPB), world.filled(SPB)
    DeclaredConflict.create(expert=world.experts[0], application=case, reason="сестра мужа", declared_at=world.now)
    assert against(world, case) == ("эксперт сам заявил о конфликте интересов: сестра мужа",)
    assert against(world, other) == ()
    assert against(world, case, 1) == ()


def test_nobody_judges_themselves(world: World) -> None:
    case = world.filled(SPB, teacher=world.cast.expert)
    assert against(world, case) == ("это сам педагог",)


def test_all_that_speaks_against_somebody_is_said(world: World) -> None:
    change(world.experts[0], surname="Чернильницын", organization=SCHOOL, address=HOME)
    Employment.create(expert=world.experts[0], organization=SCHOOL, until="2025-08-31")
    DeclaredConflict.create(expert=world.experts[0], person="Чернильницына Вера Павловна", declared_at=world.now)
    assert against(world, world.filled(SPB)) == (
        COLLEAGUE,
        "работал в той же организации до 31.08.2025",
        FAMILY,
        "эксперт сам заявил о конфликте интересов",
    )


def test_a_whole_bank_costs_three_queries(world: World) -> None:
    case = world.filled(SPB)
    for expert in world.experts:
        Employment.create(expert=expert, organization=SCHOOL, until="2026-01-01")
    with count_queries() as counter:
        found = conflicts(case, known(Expert.select()), day_of(world.now))
    assert (len(found), counter.count) == (4, 3)


def test_signs_are_spaces(world: World) -> None:
    assert plain(" ГБОУ «Школа №901» (г.Ёлкин) ") == "гбоу школа 901 г елкин"
