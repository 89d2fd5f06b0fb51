"""What the office does with a complaint: each act does it, or refuses and leaves no trace."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest

from attestation.admin.acts.complaints import considering, deciding, entering
from attestation.models import (
    Complaint,
    ComplaintEvent,
    ComplaintFile,
    ComplaintKind,
    DecisionAct,
    JournalEntry,
    Letter,
    PaperRequest,
    Remedy,
    User,
)
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import ComplaintChannel, Role
from attestation.site import files
from attestation.site.complaints import moves, terms
from attestation.site.complaints.files import Brought
from attestation.site.corrections import filing
from attestation.tests.admin.conftest import at_once
from attestation.tests.complaints import AUTHORITY, MORNING, SPB, enter, file, lead, paper, plan, said, sign, write
from attestation.tests.conftest import Cast

TABLES = (Complaint, ComplaintKind, ComplaintEvent, ComplaintFile, DecisionAct, Remedy, PaperRequest, JournalEntry, Letter)
TODAY = MORNING.date()
pytestmark = pytest.mark.usefixtures("database")


def everything() -> list[Any]:
    """All that an act could have left behind."""
    return [list(table.select().order_by(table.id).dicts()) for table in TABLES]


def refused(act: Callable[[], Any]) -> str:
    """The sentence of the refusal; nothing may have changed."""
    before = everything()
    with pytest.raises(Refusal) as told:
        act()
    assert everything() == before
    return told.value.sentence


def events(complaint: Complaint) -> dict[str, dt.date]:
    return {event.name: event.day for event in complaint.events}


def printed(settings: Any, complaint: Complaint, kind: str) -> str:
    (kept,) = complaint.files.where(ComplaintFile.kind == kind)
    data = files.path_of(settings.complaints_dir, kept.sha256, suffix="").read_bytes()
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


# --- Coming in --------------------------------------------------------------------------------------------------------------


def test_paper_is_entered_with_what_could_be_read(cast: Cast) -> None:
    made = enter(cast.complaints, contents=said(surname="", postal_address="", email="", respondent=""))
    assert (made.status, made.channel, made.entered_by_id) == ("received", "post", cast.complaints.id)
    assert (made.complainant, made.due_term) == ("Вера Павловна", "registration")


def test_the_day_of_coming_in_is_told_and_has_come(cast: Cast) -> None:
    friday = dt.date(2026, 3, 6)
    made = entering.enter(said(), channel=ComplaintChannel.MFC, received_on=friday, edition=SPB, by=cast.complaints, on=MORNING)
    # Monday the ninth is off.
    assert (events(made), made.due_on) == ({"received": friday}, dt.date(2026, 3, 10))
    tomorrow = TODAY + dt.timedelta(days=1)
    late = {"channel": ComplaintChannel.POST, "received_on": tomorrow, "edition": SPB, "on": MORNING}
    assert "ещё не наступил" in refused(lambda: entering.enter(said(), by=cast.complaints, **late))
    form = {"channel": ComplaintChannel.FORM, "received_on": TODAY, "edition": SPB, "on": MORNING}
    assert "приходят сами" in refused(lambda: entering.enter(said(), by=cast.complaints, **form))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COMPLAINTS])
def test_nobody_else_enters_or_moves(cast: Cast, settings: Any, role: Role) -> None:
    made, other = enter(cast.complaints), cast.of(role)
    assert "Вам недоступно" in refused(lambda: enter(other))
    assert "нет нужной роли" in refused(
        lambda: considering.register(made, kinds=["fee"], respondent="authority", by=other, on=MORNING)
    )
    assert "Вам недоступно" in refused(
        lambda: entering.attach(made, "scan", paper(), settings.complaints_dir, by=other, on=MORNING)
    )


def test_a_closed_account_moves_nothing(cast: Cast) -> None:
    made = enter(cast.complaints)
    gone: User = cast.complaints
    gone.active = False
    assert "нет нужной роли" in refused(
        lambda: considering.register(made, kinds=["fee"], respondent="authority", by=gone, on=MORNING)
    )


def test_registration_names_the_kind_and_counts_the_term_by_it(cast: Cast) -> None:
    made = enter(cast.complaints, contents=said("fee"))
    considering.register(made, kinds=["fee", "errors_left"], respondent="authority", by=cast.complaints, on=MORNING)
    assert (made.status, made.kind_names(), made.respondent) == ("registered", ["fee", "errors_left"], "authority")
    running = {one.term.name: one.ends for one in terms.deadlines(made, TODAY, terms.office_calendar())}
    assert running == {
        "forwarding": dt.date(2026, 3, 13),
        "notice": dt.date(2026, 3, 13),
        "short_consideration": dt.date(2026, 3, 17),
    }
    assert (made.due_term, made.due_on) == ("forwarding", dt.date(2026, 3, 13))
    letter = made.letters.where(Letter.name == "complaint_registered").get()
    assert "не позднее 17.03.2026" in letter.body


def test_fifteen_days_for_other_kinds(cast: Cast) -> None:
    made = enter(cast.complaints, contents=said("fee"))
    considering.register(made, kinds=["fee"], respondent="authority", by=cast.complaints, on=MORNING)
    considering.take_up(made, by=cast.complaints, on=MORNING)
    assert (made.due_term, made.due_on) == ("consideration", dt.date(2026, 3, 31))


def test_registration_wants_a_kind_and_a_respondent_of_the_lists(cast: Cast) -> None:
    made, by = enter(cast.complaints), cast.complaints
    assert "не отмечен ни один вид" in refused(
        lambda: considering.register(made, kinds=[], respondent="authority", by=by, on=MORNING)
    )
    assert "из списка" in refused(
        lambda: considering.register(made, kinds=["rudeness"], respondent="authority", by=by, on=MORNING)
    )
    assert "на кого жалоба" in refused(lambda: considering.register(made, kinds=["fee"], respondent="king", by=by, on=MORNING))


def test_the_second_of_two_clicks_is_refused(cast: Cast) -> None:
    made = enter(cast.complaints)
    first, second = Complaint.get_by_id(made.id), Complaint.get_by_id(made.id)
    register = {"kinds": ["fee"], "respondent": "authority", "by": cast.complaints, "on": MORNING}
    told = at_once(lambda: considering.register(first, **register), lambda: considering.register(second, **register))
    assert len(told) == 2 and told[0] == "done" and told[1] in (moves.OVERTAKEN, "done") and told.count("done") == 1
    assert JournalEntry.select().where(JournalEntry.verb == "complaint_register").count() == 1


def test_an_old_screen_is_refused(cast: Cast) -> None:
    made = enter(cast.complaints)
    with pytest.raises(Refusal, match="уже изменена"):
        moves.as_seen(made, made.version - 1)


# --- Elsewhere, or no answer ------------------------------------------------------------------------------------------------


def test_a_complaint_about_the_head_is_forwarded_never_considered(cast: Cast) -> None:
    made, by = enter(cast.complaints), cast.complaints
    considering.register(made, kinds=["fee"], respondent="head", by=by, on=MORNING)
    assert "рассматривает другой орган" in refused(lambda: considering.take_up(made, by=by, on=MORNING))
    assert "Заполните поле" in refused(lambda: considering.forward(made, recipient="", letter="№ 1", by=by, on=MORNING))
    considering.forward(made, recipient="вице-губернатору Санкт-Петербурга", letter="от 10.03.2026 № 5", by=by, on=MORNING)
    assert (made.status, made.due_on, made.due_term) == ("forwarded", None, "")
    letter = made.letters.where(Letter.name == "complaint_forwarded").get()
    assert "вице-губернатору Санкт-Петербурга" in letter.body and "от 10.03.2026 № 5" in letter.body


def test_another_law(cast: Cast, settings: Any) -> None:
    made = lead(enter(cast.complaints), "registered", cast.complaints, settings.complaints_dir)
    considering.refer(made, law="Федеральный закон № 59-ФЗ", by=cast.complaints, on=MORNING)
    assert made.status == "referred"
    assert "59-ФЗ" in made.letters.where(Letter.name == "complaint_referred").get().body


def test_no_answer_but_a_notice_within_three_days(cast: Cast, settings: Any) -> None:
    made, by = lead(enter(cast.complaints), "registered", cast.complaints, settings.complaints_dir), cast.complaints
    assert "почему жалоба" in refused(lambda: considering.leave(made, silence="boring", readable=True, by=by, on=MORNING))
    considering.leave(made, silence="abusive", readable=True, by=by, on=MORNING)
    assert (made.status, made.due_term, made.due_on) == ("unanswerable", "notice", dt.date(2026, 3, 13))
    assert "автору нужно сообщить" in refused(lambda: considering.close_unread(made, by=by, on=MORNING))
    considering.notify(made, by=by, on=MORNING)
    assert made.status == "unanswered"
    assert "нецензурные или оскорбительные" in made.letters.where(Letter.name == "complaint_unanswered").get().body


def test_whoever_cannot_be_read_is_not_told(cast: Cast, settings: Any) -> None:
    nameless = enter(cast.complaints, contents=said(surname="", name="", patronymic="", email=""))
    made, by = lead(nameless, "registered", cast.complaints, settings.complaints_dir), cast.complaints
    assert "снимите отметку" in refused(lambda: considering.leave(made, silence="unreadable", readable=True, by=by, on=MORNING))
    considering.leave(made, silence="unreadable", readable=False, by=by, on=MORNING)
    assert "не читаются" in refused(lambda: considering.notify(made, by=by, on=MORNING))
    considering.close_unread(made, by=by, on=MORNING)
    assert (made.status, Letter.select().count()) == ("unanswered", 0)


# --- The decision -----------------------------------------------------------------------------------------------------------


def test_no_decision_without_an_act_and_no_grant_without_a_measure(cast: Cast, settings: Any) -> None:
    made, by, place = enter(cast.complaints), cast.complaints, settings.complaints_dir
    lead(made, "considered", by, place)
    assert "Проекта акта ещё нет" in refused(lambda: sign(made, by, place))
    write(made, by)
    assert "не названо ни одной меры" in refused(lambda: sign(made, by, place))
    assert made.status == "considered" and not DecisionAct.get().number


def test_the_draft_is_written_and_written_anew(cast: Cast, settings: Any) -> None:
    made, by = lead(enter(cast.complaints), "considered", cast.complaints, settings.complaints_dir), cast.complaints
    lines = {"outcome": "refuse", "lines": {"place": "Образцов"}, "by": by, "on": MORNING}
    assert "Заполните поле" in refused(lambda: deciding.write_act(made, ground="", **lines))
    assert "Выберите решение" in refused(lambda: write(made, by, outcome="praise"))
    assert "только при отказе" in refused(lambda: write(made, by, outcome="grant", ground="court"))
    write(made, by, outcome="refuse", ground="court")
    write(made, by, outcome="dismiss")
    act = DecisionAct.get()
    assert (act.outcome, act.ground, act.number, DecisionAct.select().count()) == ("dismiss", "", None, 1)


def test_a_granted_complaint_from_act_to_remedy(cast: Cast, settings: Any) -> None:
    made, by, place = enter(cast.complaints, contents=said(electronic=True)), cast.complaints, settings.complaints_dir
    lead(made, "granted", by, place)
    assert (made.status, made.due_term, made.due_on) == ("granted", "answer", dt.date(2026, 3, 11))
    text = printed(settings, made, "act")
    for words in (
        *("АКТ № 1", "«10» марта 2026 г.", "г. Образцов", "О.П. Решаева", "Обидина Вера Павловна", "Кассирова Е.А."),
        *("УСТАНОВИЛ:", "Пункт 2.9", "РЕШИЛ:", "Признать отказ неправомерным полностью.", "Удовлетворить жалобу."),
        *("1) Принять заявление – до 16.03.2026, СПб ГКУ «ЦАиМ».", "Правительство Санкт-Петербурга", "суд по месту жительства"),
    ):
        assert words in text, words
    remedy = made.remedies.get()
    assert "ответ заявителю не отправлен; исполнены не все меры" in refused(lambda: deciding.close(made, by=by, on=MORNING))
    deciding.answer(made, authority=AUTHORITY, folder=place, by=by, on=MORNING)
    assert (made.status, made.due_term, made.due_on) == ("granted", "remedy", dt.date(2026, 3, 17))
    assert "уже отправлен" in refused(lambda: deciding.answer(made, authority=AUTHORITY, folder=place, by=by, on=MORNING))
    mail = made.letters.where(Letter.name == "complaint_granted").get()
    for words in ("О.П. Решаева", "Акт № 1 от 10.03.2026", "до 16.03.2026, СПб ГКУ", "Приносим извинения", "заново не нужно"):
        assert words in mail.body and words in printed(settings, made, "answer"), words
    finish = {"done_on": TODAY, "by": by, "on": MORNING}
    deciding.finish_remedy(made, remedy, done_by="Кассирова Е.А.", **finish)
    assert "уже отмечено" in refused(lambda: deciding.finish_remedy(made, remedy, done_by="Кто-то", **finish))
    deciding.close(made, by=by, on=MORNING)
    assert (made.status, made.due_on, events(made)["remedied"]) == ("remedied", None, TODAY)


def test_a_refused_complaint_ends_with_its_answer(cast: Cast, settings: Any) -> None:
    made, by, place = enter(cast.complaints), cast.complaints, settings.complaints_dir
    lead(made, "refused", by, place)
    assert set(events(made)) == {"received", "registered", "taken_up", "decided"}
    deciding.answer(made, authority=AUTHORITY, folder=place, by=by, on=MORNING)
    text = printed(settings, made, "answer")
    assert made.status == "answered"
    assert "Это решение можно обжаловать в Правительство Санкт-Петербурга либо в суд по месту жительства." in text
    # Nobody asked for an answer by e-mail: it goes on paper alone.
    assert not made.letters.where(Letter.name == "complaint_refused").exists()


def test_the_day_of_the_decision(cast: Cast, settings: Any) -> None:
    made, by, place = enter(cast.complaints), cast.complaints, settings.complaints_dir
    lead(made, "considered", by, place)
    write(made, by, outcome="refuse")
    given = {"number": "7", "authority": AUTHORITY, "folder": place, "by": by, "on": MORNING}
    later, before = TODAY + dt.timedelta(days=1), TODAY - dt.timedelta(days=1)
    assert "ещё не наступил" in refused(lambda: deciding.sign(made, decided_on=later, **given))
    assert "раньше регистрации (10.03.2026)" in refused(lambda: deciding.sign(made, decided_on=before, **given))


def test_no_two_acts_of_a_year_have_one_number(cast: Cast, settings: Any) -> None:
    by, place = cast.complaints, settings.complaints_dir
    lead(enter(by), "refused", by, place)
    other = lead(enter(by), "considered", by, place)
    write(other, by, outcome="refuse")
    assert "номером 1 в этом году уже есть" in refused(lambda: sign(other, by, place))
    sign(other, by, place, number="2")
    assert other.status == "refused"


def test_no_measure_is_promised_later_than_the_regulation_allows(cast: Cast, settings: Any) -> None:
    made, by, place = enter(cast.complaints), cast.complaints, settings.complaints_dir
    lead(made, "considered", by, place)
    write(made, by)
    assert "уже прошёл" in refused(lambda: plan(made, by, due_on=dt.date(2026, 3, 9)))
    plan(made, by, due_on=dt.date(2026, 3, 18))
    assert "устраняют до 17.03.2026" in refused(lambda: sign(made, by, place))
    deciding.drop_remedy(made, made.remedies.get(), by=by, on=MORNING)
    plan(made, by, due_on=dt.date(2026, 3, 17))
    assert sign(made, by, place).status == "granted"


def test_a_signed_act_is_never_changed(cast: Cast, settings: Any) -> None:
    made = lead(enter(cast.complaints), "refused", cast.complaints, settings.complaints_dir)
    assert "сейчас невозможно" in refused(lambda: write(made, cast.complaints))
    with pytest.raises(Exception, match="not changed"):
        DecisionAct.update(decision="Иное").execute()


def test_the_draft_is_seen_before_it_is_signed(cast: Cast, settings: Any) -> None:
    made, by = lead(enter(cast.complaints), "considered", cast.complaints, settings.complaints_dir), cast.complaints
    assert "Проекта акта ещё нет" in refused(lambda: deciding.preview(made, authority=AUTHORITY))
    write(made, by)
    text = pypdf.PdfReader(io.BytesIO(deciding.preview(made, authority=AUTHORITY))).pages[0].extract_text()
    assert "проект" in text and "Кассирова" in text


# --- Besides ----------------------------------------------------------------------------------------------------------------


def test_papers_are_asked_for_and_given(cast: Cast, settings: Any) -> None:
    made, by = lead(enter(cast.complaints), "registered", cast.complaints, settings.complaints_dir), cast.complaints
    considering.ask_papers(made, what="Копия описи", asked_on=TODAY, by=by, on=MORNING)
    request = made.requests.get()
    early = {"given_on": TODAY - dt.timedelta(days=1), "how": "почтой", "by": by, "on": MORNING}
    assert "раньше, чем запрошены" in refused(lambda: considering.give_papers(made, request, **early))
    considering.give_papers(made, request, given_on=TODAY, how="копия, почтой", by=by, on=MORNING)
    assert "нет запроса, на который ещё не ответили" in refused(
        lambda: considering.give_papers(made, request, given_on=TODAY, how="ещё раз", by=by, on=MORNING)
    )
    assert (made.status, PaperRequest.get().how) == ("registered", "копия, почтой")


def test_the_prosecutor_is_told(cast: Cast, settings: Any) -> None:
    made, by = lead(enter(cast.complaints), "registered", cast.complaints, settings.complaints_dir), cast.complaints
    told = {"told_on": TODAY, "letter": "от 10.03.2026 № 9", "by": by, "on": MORNING}
    assert "сейчас невозможно" in refused(lambda: considering.tell_prosecutor(made, **told))
    considering.take_up(made, by=by, on=MORNING)
    considering.tell_prosecutor(made, **told)
    assert (made.prosecutor_on, made.prosecutor_letter, made.status) == (TODAY, "от 10.03.2026 № 9", "considered")


def test_links(cast: Cast, make_order: Any) -> None:
    made, order = enter(cast.complaints), make_order()
    given = {"by": cast.complaints, "on": MORNING}
    assert "с таким номером и годом нет" in refused(
        lambda: entering.link(made, application="", order_number="1016-р", order_year=99_999_999_999, **given)
    )
    assert "Заявления с таким номером нет" in refused(
        lambda: entering.link(made, application="2026-000001-5", order_number="", order_year=None, **given)
    )
    entering.link(made, application="", order_number="№ 1016-P от 13.04.2021", order_year=2021, **given)
    assert Complaint.get().order_id == order.id
    error = {
        "full_name": "Опечаткина Вера",
        "phone": "1",
        "order_number": "1016-р",
        "order_on": "13.04.2021",
        "errors": "Описка",
    }
    asked = filing.submit(error, token="a" * 32, edition=SPB, by=None, on=MORNING)
    assert "Запроса об исправлении с таким номером нет" in refused(
        lambda: entering.link(made, application="", order_number="", order_year=None, correction="И-2026-1", **given)
    )
    entering.link(made, application="", order_number="", order_year=None, correction=f"№ {asked.number.lower()}", **given)
    assert (Complaint.get().order_id, Complaint.get().correction) == (None, asked)
    entering.link(made, application="", order_number="", order_year=None, **given)
    assert Complaint.get().correction_id is None


def test_the_office_brings_files(cast: Cast, settings: Any) -> None:
    made, place = enter(cast.complaints), settings.complaints_dir
    given = {"by": cast.complaints, "on": MORNING}
    assert "что это за файл" in refused(lambda: entering.attach(made, "act", paper(), place, **given))
    assert "не принят" in refused(lambda: entering.attach(made, "scan", Brought(b"text", "a.pdf"), place, **given))
    kept = entering.attach(made, "scan", paper("жалоба.jpg"), place, **given)
    assert (kept.kind, kept.name, kept.added_by_id) == ("scan", "жалоба.jpg", cast.complaints.id)
    path = files.path_of(place, kept.sha256, suffix="")
    assert path.stat().st_mode & 0o077 == 0


def test_terms_follow_a_corrected_calendar(cast: Cast, settings: Any) -> None:
    from attestation.models import CalendarException

    made = lead(enter(cast.complaints), "registered", cast.complaints, settings.complaints_dir)
    assert terms.refresh_open(TODAY) == 0
    CalendarException.create(day=dt.date(2026, 3, 13), working=False)
    assert terms.refresh_open(TODAY) == 1
    assert Complaint.get_by_id(made.id).due_on == dt.date(2026, 3, 16)


def test_the_journal_says_nothing_of_its_contents(cast: Cast, settings: Any) -> None:
    made, place = file(settings.complaints_dir), settings.complaints_dir
    lead(made, "granted", cast.complaints, place)
    told = " ".join(f"{entry.who} {entry.details}" for entry in JournalEntry.select())
    assert "акт № 1" in told
    assert not [word for word in ("Обидина", "Кассирова", "заявление", "Принять", "Образцов") if word in told]
