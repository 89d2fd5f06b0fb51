"""Names and positions in the genitive: what the rules suggest, and whose word counts."""

import pytest

from attestation.models import Application, Declined, User
from attestation.site.letters.declension import Form, Kind, forms_of, genitives, suggested
from attestation.tests.conftest import NOON

PEOPLE = {
    "Иванова Анна Петровна": "Ивановой Анны Петровны",
    "Римская-Корсакова Ольга Львовна": "Римской-Корсаковой Ольги Львовны",
    "Кучма Пётр Ильич": "Кучмы Петра Ильича",
    "Долгих Нина Сергеевна": "Долгих Нины Сергеевны",
    "Белых Илья Кузьмич": "Белых Ильи Кузьмича",
    "Соловей Игорь Павлович": "Соловея Игоря Павловича",
    "Соловей Анна Петровна": "Соловей Анны Петровны",
    "Шевченко Любовь Яновна": "Шевченко Любови Яновны",
    "Толстой Лев Николаевич": "Толстого Льва Николаевича",
    "Гоголь Никита Фомич": "Гоголя Никиты Фомича",
    "Щука Лука Лукич": "Щуки Луки Лукича",
    "Грач Вероника Ильинична": "Грач Вероники Ильиничны",
    "Мамедов Рашид Али оглы": "Мамедова Рашида Али оглы",
    # Whose gender is unknown stays as it is.
    "Иванова Анна": "Иванова Анна",
    "Ли": "Ли",
}
POSITIONS = {
    "Учитель": "учителя",
    "Учитель математики": "учителя математики",
    "Учитель-логопед": "учителя-логопеда",
    "Старший воспитатель": "старшего воспитателя",
    "Социальный педагог": "социального педагога",
    "Логопедический учитель": "логопедического учителя",
    "Педагог дополнительного образования": "педагога дополнительного образования",
    "Старший вожатый": "старшего вожатого",
    "Тренер-преподаватель": "тренера-преподавателя",
    "Мастер производственного обучения": "мастера производственного обучения",
    "Инструктор по физической культуре": "инструктора по физической культуре",
    "Концертмейстер": "концертмейстера",
    "Методист": "методиста",
    "Няня": "няни",
}


@pytest.mark.parametrize(("words", "genitive"), PEOPLE.items())
def test_names(words, genitive):
    assert suggested(Kind.PERSON, words) == genitive


@pytest.mark.parametrize(("words", "genitive"), POSITIONS.items())
def test_positions(words, genitive):
    assert suggested(Kind.POSITION, words) == genitive


def test_what_a_clerk_confirmed_counts_for_everybody_of_that_name(database):
    clerk = User.create(login="c", full_name="Приёмова Ольга Ивановна", password_hash="", created_at=NOON)
    told = {"kind": "person", "words": "Заяц Пётр Ильич", "genitive": "Зайца Петра Ильича"}
    Declined.create(confirmed_by=clerk, confirmed_at=NOON, **told)
    case = Application(surname="Заяц", name="Пётр", patronymic="Ильич", position="Учитель")
    assert genitives([case])[case.id] == {Kind.PERSON: "Зайца Петра Ильича", Kind.POSITION: "учителя"}
    assert forms_of([case, case]) == [
        Form(Kind.PERSON, "Заяц Пётр Ильич", "Зайца Петра Ильича", True),
        Form(Kind.POSITION, "Учитель", "учителя", False),
    ]


def test_an_empty_draft_has_nothing_to_decline(database):
    assert genitives([Application(id=1)]) == {1: {Kind.PERSON: "", Kind.POSITION: ""}}
