"""Messages between the teacher's side and the office."""

import pytest

from attestation.models import Message
from attestation.procedure.refusal import Refusal
from attestation.site.cases import messages
from attestation.tests.cases import SPB, World


def test_each_side_reads_what_the_other_has_written(world: World) -> None:
    case = world.walk(world.filled(SPB), "received")
    messages.write(case, "  Когда будет приём?\r\nСпасибо.", by=world.teacher, on=world.now)
    messages.write(case, "Во вторник.", by=world.cast.reception, on=world.now)
    messages.write(case, "В среду.", by=world.cast.secretary, on=world.now)
    said = [(message.text, message.from_office, message.author) for message in messages.of(case)]
    assert said == [
        ("Когда будет приём?\nСпасибо.", False, world.teacher),
        ("Во вторник.", True, world.cast.reception),
        ("В среду.", True, world.cast.secretary),
    ]
    assert messages.unread([case.id], from_office=True) == {case.id: 2}
    assert messages.unread([case.id], from_office=False) == {case.id: 1}
    messages.mark_read(case, by=world.teacher, on=world.now)
    assert (messages.unread([case.id], from_office=True), messages.unread([case.id], from_office=False)) == ({}, {case.id: 1})
    messages.mark_read(case, by=world.cast.reception, on=world.now)
    assert messages.unread([case.id], from_office=False) == {}


@pytest.mark.parametrize("who", ["other_teacher", "proxy"])
def test_a_stranger_neither_writes_nor_reads(world: World, who: str) -> None:
    case = world.walk(world.filled(SPB), "received")
    messages.write(case, "Во вторник.", by=world.cast.reception, on=world.now)
    with pytest.raises(Refusal, match="вам недоступна"):
        messages.write(case, "Здравствуйте", by=getattr(world, who), on=world.now)
    messages.mark_read(case, by=getattr(world, who), on=world.now)
    assert messages.unread([case.id], from_office=True) == {case.id: 1}


def test_an_expert_has_no_part_in_the_correspondence(world: World) -> None:
    case = world.walk(world.filled(SPB), "review")
    with pytest.raises(Refusal, match="вам недоступна"):
        messages.write(case, "Здравствуйте", by=world.cast.expert, on=world.now)


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \n ", "Заполните поле"), ("я" * 5001, "длиннее 5000"), ("\0", "непечатаемые")]
)
def test_a_message_says_something_and_not_too_much(world: World, text: str, sentence: str) -> None:
    case = world.filled(SPB)
    with pytest.raises(Refusal, match=sentence):
        messages.write(case, text, by=world.teacher, on=world.now)
    assert not Message.select().exists()


def test_nobody_piles_up_what_nobody_reads(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MOST_UNREAD", 2)
    case = world.walk(world.filled(SPB), "received")
    for text in ("Раз", "Два"):
        messages.write(case, text, by=world.teacher, on=world.now)
    with pytest.raises(Refusal, match="2 ваших сообщений ещё не прочитаны"):
        messages.write(case, "Три", by=world.teacher, on=world.now)
    # The other side may answer, and when it has read, there is room again.
    messages.write(case, "Читаем.", by=world.cast.reception, on=world.now)
    messages.mark_read(case, by=world.cast.reception, on=world.now)
    messages.write(case, "Три", by=world.teacher, on=world.now)
