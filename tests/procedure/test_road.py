"""The road of an order, compared with a table typed by hand from clauses 3.5, 3.6 and 3.7.2 of order 1016-р of 13.04.2021."""

import itertools

import pytest

from attestation.procedure.refusal import Refusal
from attestation.procedure.road import EDITION, Road, road
from attestation.procedure.terms import terms
from attestation.procedure.words import Role

ORDER = road("order")
STATUSES = ("draft", "approval", "signed", "registered", "published", "withdrawn")
VERBS = ("send_for_approval", "approve", "return_for_revision", "sign", "return_to_draft", "register", "unregister")
VERBS += ("publish", "withdraw")
ALL_FACTS = {"titled", "has_rows", "signatory_named", "number_given", "date_given", "pdf_frozen"}
ALL_FACTS |= {"chained", "approved", "your_step", "matches_minutes", "minutes_signed", "rows_amended", "rows_standing"}
ALL_FACTS |= {"second_person"}

# (status, verb, role) → the status afterwards. Whatever is not in this table must be refused.
OPEN = {
    ("draft", "send_for_approval", "secretary"): "approval",
    ("draft", "send_for_approval", "publisher"): "approval",
    ("draft", "send_for_approval", "admin"): "approval",
    ("approval", "approve", "endorser"): "approval",
    ("approval", "approve", "chairperson"): "approval",
    ("approval", "approve", "deputy"): "approval",
    ("approval", "approve", "controller"): "approval",
    ("approval", "return_for_revision", "endorser"): "draft",
    ("approval", "return_for_revision", "chairperson"): "draft",
    ("approval", "return_for_revision", "deputy"): "draft",
    ("approval", "return_for_revision", "controller"): "draft",
    ("approval", "return_to_draft", "secretary"): "draft",
    ("approval", "return_to_draft", "publisher"): "draft",
    ("approval", "return_to_draft", "admin"): "draft",
    ("approval", "sign", "secretary"): "signed",
    ("approval", "sign", "publisher"): "signed",
    ("approval", "sign", "admin"): "signed",
    ("draft", "sign", "secretary"): "signed",
    ("draft", "sign", "publisher"): "signed",
    ("draft", "sign", "admin"): "signed",
    ("signed", "return_to_draft", "secretary"): "draft",
    ("signed", "return_to_draft", "publisher"): "draft",
    ("signed", "return_to_draft", "admin"): "draft",
    ("signed", "register", "secretary"): "registered",
    ("signed", "register", "publisher"): "registered",
    ("signed", "register", "admin"): "registered",
    ("registered", "unregister", "publisher"): "signed",
    ("registered", "unregister", "admin"): "signed",
    ("registered", "publish", "publisher"): "published",
    ("registered", "publish", "admin"): "published",
    ("published", "withdraw", "publisher"): "withdrawn",
    ("published", "withdraw", "admin"): "withdrawn",
}

# What each step needs, and which facts the sentence of the refusal names.
NEEDS = {
    "send_for_approval": {
        "titled",
        "has_rows",
        "signatory_named",
        "chained",
        "matches_minutes",
        "rows_amended",
        "rows_standing",
    },
    "approve": {"your_step"},
    "return_for_revision": {"your_step"},
    "sign": {
        "titled",
        "has_rows",
        "signatory_named",
        "approved",
        "matches_minutes",
        "minutes_signed",
        "rows_amended",
        "rows_standing",
    },
    "return_to_draft": set(),
    "register": {
        "titled",
        "has_rows",
        "signatory_named",
        "matches_minutes",
        "rows_amended",
        "rows_standing",
        "number_given",
        "date_given",
    },
    "unregister": set(),
    "publish": {
        "titled",
        "has_rows",
        "signatory_named",
        "number_given",
        "date_given",
        "pdf_frozen",
        "second_person",
        "rows_standing",
    },
    "withdraw": set(),
}
SENTENCES = {
    "titled": "не указан заголовок распоряжения",
    "has_rows": "в приложении нет ни одной строки",
    "signatory_named": "не указаны должность и фамилия подписывающего",
    "number_given": "не указан номер",
    "date_given": "не указана дата",
    "pdf_frozen": "файл PDF ещё не изготовлен и не зафиксирован",
    "chained": "этому распоряжению согласование не нужно, его подписывают сразу",
    "approved": "проект ещё не согласован",
    "your_step": "проект сейчас согласует другой сотрудник",
    "matches_minutes": "есть расхождения с протоколом заседания: они названы в сверке",
    "minutes_signed": "протокол заседания ещё не подписан",
    "rows_amended": "в распоряжении о внесении изменений есть строка, которая ничего не меняет",
    "rows_standing": "строки, в которую вносят изменения, больше нет: её изменило другое распоряжение, "
    "или распоряжение с нею отозвано",
    "second_person": "подписание отмечали вы, поэтому опубликовать должен другой сотрудник",
}
SOURCES = {
    "send_for_approval": "draft",
    "approve": "approval",
    "return_for_revision": "approval",
    "sign": "draft",
    "return_to_draft": "signed",
    "register": "signed",
    "unregister": "registered",
    "publish": "registered",
    "withdraw": "published",
}


@pytest.mark.parametrize(("status", "verb", "role"), list(itertools.product(STATUSES, VERBS, Role)))
def test_matrix(status: str, verb: str, role: Role) -> None:
    expected = OPEN.get((status, verb, role.value))
    try:
        reached = ORDER.check(verb, status, {role}, ALL_FACTS, "описка в дате").leads_from(status)
    except Refusal:
        reached = None
    assert reached == expected
    assert (ORDER.move(verb) in ORDER.open_moves(status, {role})) == (expected is not None)


@pytest.mark.parametrize(("verb", "fact"), [(verb, fact) for verb in VERBS for fact in sorted(ALL_FACTS)])
def test_needs(verb: str, fact: str) -> None:
    """A step without one fact is refused exactly when it needs that fact, and the sentence names it."""
    try:
        ORDER.check(verb, SOURCES[verb], {Role.ADMIN, Role.ENDORSER}, ALL_FACTS - {fact}, "описка в дате")
        sentence = ""
    except Refusal as refusal:
        sentence = refusal.sentence
    assert (SENTENCES[fact] in sentence) == (fact in NEEDS[verb])


@pytest.mark.parametrize("verb", VERBS)
def test_reason(verb: str) -> None:
    """Steps back ask why; steps ahead do not."""
    try:
        ORDER.check(verb, SOURCES[verb], {Role.ADMIN, Role.ENDORSER}, ALL_FACTS, "   ")
        asked = False
    except Refusal as refusal:
        asked = refusal.sentence == f"Действие «{ORDER.move(verb).title}» требует указать причину."
    assert asked == (verb in {"return_for_revision", "return_to_draft", "unregister", "withdraw"})


def test_missing_in_order_of_the_data() -> None:
    publish = ORDER.move("publish")
    assert ORDER.missing(publish, {"titled", "number_given", "date_given", "second_person", "rows_standing"}) == (
        "в приложении нет ни одной строки",
        "не указаны должность и фамилия подписывающего",
        "файл PDF ещё не изготовлен и не зафиксирован",
    )


def test_nobody_goes_nowhere() -> None:
    assert [ORDER.open_moves(status, set()) for status in STATUSES] == [()] * 6


def test_unknown_verb_and_record() -> None:
    with pytest.raises(KeyError):
        ORDER.move("burn")
    with pytest.raises(FileNotFoundError):
        road("supper")


def test_data_is_whole() -> None:
    """Every move leads between known statuses and needs known facts; every status is reached; every clause is named."""
    assert (EDITION, tuple(ORDER.statuses)) == ("spb-2021-04-13", STATUSES)
    assert {move.verb for move in ORDER.moves} == set(VERBS)
    assert {fact for move in ORDER.moves for fact in move.needs} == set(ORDER.facts)
    assert {name for move in ORDER.moves for name in (*move.sources, move.leads_from("draft"))} == set(STATUSES)
    assert {move.verb: move.clause for move in ORDER.moves} == {
        "send_for_approval": "3.5.3",
        "approve": "3.7.2",
        "return_for_revision": "3.7.2",
        "sign": "3.5.2",
        "return_to_draft": "3.5.2",
        "register": "3.6.2",
        "unregister": "3.6.2",
        "publish": "3.6.2",
        "withdraw": "3.7.1",
    }
    assert isinstance(ORDER, Road)


def test_who_approves() -> None:
    """The deputy who answers for a decision (3.5.3); the three of an amendment, in the order of 3.7.2."""
    assert [(step.title, step.clause) for step in ORDER.chain("decision")] == [
        ("первый заместитель председателя Комитета", "3.5.3")
    ]
    assert [(step.title, step.clause) for step in ORDER.chain("amendment")] == [
        ("начальник отдела аттестации", "3.7.2"),
        ("начальник Юридического отдела", "3.7.2"),
        ("заместитель или первый заместитель председателя Комитета", "3.7.2"),
    ]
    assert ORDER.chain("supper") == ()


def test_terms() -> None:
    """Draft and signature: seven calendar days from the sitting (3.5.2); publication: three working days more (3.6.2)."""
    told = [
        (term.name, term.number, term.unit, term.since, term.until, term.runs_in, term.clause)
        for term in terms(EDITION, "order").terms
    ]
    assert told == [
        ("draft", 7, "calendar_days", "opened", "sent_for_approval", ("draft",), "3.5.2"),
        ("signature", 7, "calendar_days", "opened", "signed", ("draft", "approval"), "3.5.2"),
        ("publication", 3, "working_days", "registered", "published", ("registered",), "3.6.2"),
    ]


def test_who_decides_has_one_thing_to_do() -> None:
    def told(edition: str) -> dict[str, tuple[list[str], str]]:
        whole = road("application", edition)
        choices = {move.verb: ([one.verb for one in whole.choice(move)], whole.task(move)) for move in whole.moves}
        return {verb: choice for verb, choice in choices.items() if len(choice[0]) > 1}

    decision = (["establish", "refuse"], "Объявить решение")
    conclusion = (["conclude", "conclude_against"], "Подписать заключение")
    assert told("lenobl-2022-03-01") == {"establish": decision, "refuse": decision}
    assert told("spb-2021-04-13") == {
        **{"conclude": conclusion, "conclude_against": conclusion},
        **{"establish": decision, "refuse": decision},
    }
    whole = road("application", "lenobl-2022-03-01")
    assert whole.task(whole.move("register")) == "Зарегистрировать"
