"""The forms as data, and the application as typed: every field of the source, every rule of the page."""

import datetime as dt
from dataclasses import replace

import pytest

from attestation.site import application, forms, regulation
from attestation.site.forms import BrokenForm, Form, Part

TODAY = dt.date(2026, 11, 22)
FULL = {
    "surname": "Ёлкина",
    "name": "Анна",
    "patronymic": "Петровна",
    "born_on": "07.03.1985",
    "workplace": "ГБОУ СОШ № 45",
    "workplace_years": "4 года",
    "position": "Учитель",
    "position_years": "7 лет",
    "held_category": "первая",
    "held_since": "20.04.2021",
    "held_act": "распоряжение от 20.04.2021 № 1100-р",
    "category": "высшая",
    "asked_position": "",
    "presence": "без моего присутствия",
    "phone_work": "",
    "phone_home": "",
    "phone_mobile": "+7 (900) 000-00-00",
    "email": "name@example.org",
    "confirmed": "да",
}
# Typed by hand from appendix 1.
LABELS = (
    "Фамилия",
    "Имя",
    "Отчество",
    "Дата рождения",
    "Место работы (полное наименование в соответствии с уставом образовательного учреждения)",
    "Стаж работы в учреждении, указанном в пункте 5",
    "Наименование занимаемой должности",
    "Стаж работы в должности, указанной в пункте 7",
    "Наличие квалификационной категории по должности, указанной в пункте 7",
    "Дата установления квалификационной категории, указанной в пункте 9",
    "Реквизиты распорядительного акта об установлении квалификационной категории, указанной в пункте 9",
    "На какую квалификационную категорию претендует заявитель (первая, высшая)",
    "По должности (наименование должности в соответствии с пунктом 7)",
    "Аттестацию на заседании аттестационной комиссии прошу провести",
    "Телефон служебный",
    "Телефон домашний",
    "Телефон мобильный",
    "Адрес электронной почты",
    "Достоверность сообщенных сведений подтверждаю",
)


def refused(**changes: str) -> dict[str, str]:
    """The sentences for a full application with these fields changed."""
    return dict(application.read({**FULL, **changes}, TODAY).errors)


# --- The data ---------------------------------------------------------------------------------------------------------------


def test_the_application_has_the_nineteen_fields_of_the_appendix_in_order() -> None:
    fields = forms.form("application").numbered
    assert [(part.number, part.text) for part in fields] == [*enumerate(LABELS, 1)]
    assert tuple(FULL) == tuple(part.name for part in fields)


def test_signature_and_date_are_marked_as_ours() -> None:
    form = forms.form("application")
    assert [[cell.under for cell in part.cells] for part in form.parts if part.own] == [
        ["подпись заявителя", "расшифровка подписи", "дата"]
    ]
    assert form.addition == "Строки для подписи и даты добавлены сайтом: в форме приложения № 1 их нет."


def test_the_dissent_record_has_its_five_fields() -> None:
    assert [(part.number, part.text) for part in forms.form("dissent").numbered] == [
        (1, "Дата, время проведения всестороннего анализа профессиональной деятельности педагогического работника"),
        (2, "Фамилия, имя, отчество аттестуемого"),
        (3, "Должность"),
        (4, "Наименование образовательной организации"),
        (5, "Причины конфликтной ситуации"),
    ]


def test_every_form_is_offered_once_with_a_clause_that_exists() -> None:
    names = [offer.name for offer in forms.offers()]
    assert names == ["application", "inventory", "conclusion", "complaint", "dissent", "consent"]
    editions = {"": regulation.edition(regulation.SPB), "lenobl": regulation.edition(regulation.LENOBL)}
    named = [(offer.name, editions[offer.document].clause(number)) for offer in forms.offers() for number in offer.clauses]
    assert [(name, clause.number) for name, clause in named] == [
        ("application", "2.6.1"),
        ("inventory", "2.6.2"),
        ("conclusion", "3.3.2"),
        ("conclusion", "3.3.5"),
        ("complaint", "5.6"),
        ("complaint", "6.5.6"),
        ("dissent", "18"),
        ("consent", "2.6.6"),
    ]


def test_a_clause_knows_the_forms_it_asks_for() -> None:
    assert [offer.name for offer in forms.needed_by("5.6")] == ["complaint"]
    assert [offer.name for offer in forms.needed_by("18", "lenobl")] == ["dissent"]
    assert forms.needed_by("18") == ()


def test_an_unknown_name_is_no_form() -> None:
    with pytest.raises(KeyError):
        forms.form("../pages/about")


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda form: replace(form, parts=(*form.parts, form.parts[1])),
        lambda form: replace(form, parts=tuple(reversed(form.parts))),
        lambda form: replace(form, parts=(Part(forms.Kind.LINE, text="Без имени"),)),
        lambda form: replace(form, parts=(Part(forms.Kind.LINE, text="Т", name="t", same_as="nobody"),)),
    ],
    ids=["repeated", "out of order", "nameless", "unknown reference"],
)
def test_a_broken_form_is_refused(spoilt: "type[Form]") -> None:
    with pytest.raises(BrokenForm):
        forms._check(spoilt(forms.form("application")))


# --- The application as typed -----------------------------------------------------------------------------------------------


def test_a_full_application_is_taken_and_the_position_is_repeated() -> None:
    typed = application.read(FULL, TODAY)
    assert typed.errors == {}
    assert typed.answers == {**FULL, "asked_position": "Учитель"}


def test_an_empty_one_is_told_what_is_needed_in_order() -> None:
    typed = application.read({}, TODAY)
    assert typed.answers == {}
    assert [typed.form.field(name).number for name in typed.errors] == [1, 2, 4, 5, 6, 7, 8, 9, 12, 14, 19]
    assert typed.errors["surname"] == "Заполните эту строку."
    assert typed.errors["held_category"] == typed.errors["category"] == "Выберите ответ."


def test_whoever_holds_a_category_says_since_when_and_by_which_act() -> None:
    empty = {"held_since": "", "held_act": ""}
    asked = {"held_since": "Укажите дату.", "held_act": "Заполните эту строку."}
    assert refused(**empty) == asked
    assert refused(**empty, held_category="первая", category="первая") == asked
    assert refused(**empty, held_category="нет", category="первая") == {}


def test_who_has_no_category_may_ask_for_the_highest() -> None:
    """Clause 2.6.3 knows applicants without an earlier category and sets them no limit."""
    assert refused(held_category="нет", held_since="", held_act="", category="высшая") == {}


def test_line_thirteen_follows_line_seven() -> None:
    assert refused(asked_position="УЧИТЕЛЬ") == {}
    assert refused(asked_position="Методист") == {
        "asked_position": "Должность должна быть той же, что в строке 7: исправьте или оставьте пустым."
    }


@pytest.mark.parametrize("typed", ["7.3.1985", "1985-03-07", "07/03/1985", "07,03,1985", "07 03 1985", "07031985"])
def test_dates_are_read_as_people_and_browsers_write_them(typed: str) -> None:
    assert application.read({**FULL, "born_on": typed}, TODAY).answers["born_on"] == "07.03.1985"


@pytest.mark.parametrize("typed", ["31.02.1985", "31021985", "1985", "7031985", "завтра", "99999-01-01"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    sentence = "Такой даты нет: напишите день, месяц и год цифрами, например 07.03.1985."
    assert refused(born_on=typed) == {"born_on": sentence}


@pytest.mark.parametrize("typed", ["23.11.2026", "31.12.1899"])
def test_dates_outside_of_life_are_refused(typed: str) -> None:
    sentence = "Проверьте год: дата должна быть не раньше 1900 года и не позже сегодняшней."
    assert refused(born_on=typed) == {"born_on": sentence}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("email", "name@", "Проверьте адрес электронной почты: он выглядит как name@example.org."),
        ("phone_mobile", "нет", "Проверьте телефон: в номере должно быть от 5 до 20 цифр."),
        ("category", "вторая", "Выберите один из предложенных ответов."),
        ("held_category", "вторая", "Выберите один из предложенных ответов."),
        ("surname", "я" * 161, "Слишком длинно: помещается 160 знаков, сейчас 161. Сократите."),
        ("workplace", "я" * 401, "Слишком длинно: помещается 400 знаков, сейчас 401. Сократите."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(name: str, typed: str, sentence: str) -> None:
    assert refused(**{name: typed}) == {name: sentence}


def test_signs_that_no_document_holds_become_spaces() -> None:
    typed = application.read({**FULL, "workplace": " ГБОУ\x00\x0bСОШ\r\n№ 45\ufffe\u202e", "stranger": "x"}, TODAY)
    assert typed.answers["workplace"] == "ГБОУ СОШ № 45"
    assert "stranger" not in {**typed.answers, **typed.entered}
