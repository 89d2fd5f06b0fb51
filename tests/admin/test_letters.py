"""Letters in the hands of the office: held ones released or called back, failed ones sent again, bounces marked, texts read."""

import datetime as dt
import io

import pytest
from playhouse.test_utils import count_queries

from attestation.admin.acts import letters as acts
from attestation.models import Application, Declined, Job, JournalEntry, Letter, User
from attestation.procedure.refusal import Refusal
from attestation.site.letters import outbox, sending
from attestation.site.letters.declension import Kind, genitives
from attestation.tests.cases import LENOBL, SPB
from attestation.tests.conftest import NOON, csrf_token
from attestation.tests.inspection import Element, open_page

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def held(world, monkeypatch) -> Application:
    """A case of whose submission the letters are held: one for the cabinet, one for the mailbox."""
    monkeypatch.setattr(outbox.policy, "hold", True)
    case = world.walk(world.filled(LENOBL), "submitted")
    assert [(letter.channel, letter.state) for letter in letters(case)] == [("cabinet", "held"), ("email", "held")]
    return case


def letters(case: Application) -> list[Letter]:
    return list(Letter.select().where(Letter.application == case).order_by(Letter.id))


def opened(client, address: str) -> Element:
    """The main part of a page that is sound."""
    return open_page(client, address).main


def mail(case: Application) -> Letter:
    return next(letter for letter in letters(case) if letter.channel == "email")


def journal() -> list[tuple[str, str, str]]:
    return [
        (entry.who, entry.verb, entry.details)
        for entry in JournalEntry.select().where(JournalEntry.subject == "letter").order_by(JournalEntry.id)
    ]


# --- Acts -------------------------------------------------------------------------------------------------------------------


def test_a_held_letter_goes_when_it_is_released(held, world):
    assert Job.select().where(Job.kind == outbox.JOB).count() == 0
    cabinet, sent = letters(held)
    acts.release(cabinet, by=world.cast.secretary, on=LATER)
    acts.release(sent, by=world.cast.secretary, on=LATER)
    assert [(letter.state, letter.sent_at, letter.next_try_at) for letter in letters(held)] == [
        ("sent", LATER, None),
        ("queued", None, LATER),
    ]
    assert [job.target for job in Job.select().where(Job.kind == outbox.JOB)] == [sent.id]
    assert journal() == [(str(world.cast.secretary), "release_letter", f"Заявление подано, заявление № {held.number}")] * 2


def test_private_letters_are_never_held(held, world):
    outbox.post_private(world.teacher, "account_email_changed", address="old@example.org", on=NOON)
    assert Letter.get(Letter.name == "account_email_changed").state == "queued"


def test_a_letter_called_back_is_never_sent(held, world):
    acts.recall(mail(held), by=world.cast.reception, on=LATER)
    assert mail(held).state == "recalled"
    assert sending.sweep(LATER) == 0
    with pytest.raises(Refusal, match="уже что-то сделали"):
        acts.release(mail(held), by=world.cast.reception, on=LATER)
    assert [verb for _, verb, _ in journal()] == ["recall_letter"]


def test_of_two_clerks_the_second_is_told(held, world):
    first, second = mail(held), mail(held)
    acts.release(first, by=world.cast.secretary, on=LATER)
    with pytest.raises(Refusal, match="уже что-то сделали"):
        acts.recall(second, by=world.cast.reception, on=LATER)
    assert mail(held).state == "queued"


def test_all_held_go_together_if_they_are_those_that_were_seen(held, world):
    last = letters(held)[-1].id
    with pytest.raises(Refusal, match="список задержанных писем изменился"):
        acts.release_all(last=last, count=1, by=world.cast.secretary, on=LATER)
    assert {letter.state for letter in letters(held)} == {"held"}
    world.walk(world.filled(LENOBL, teacher=world.other_teacher), "submitted")
    assert acts.release_all(last=last, count=2, by=world.cast.secretary, on=LATER) == 2
    assert Letter.select().where(Letter.state == "held").count() == 2


def test_a_failed_letter_goes_again_to_the_address_of_today(held, world):
    failed = mail(held)
    Letter.update(state="failed", attempts=11, error="550", message_id="<1.a@b>").where(Letter.id == failed.id).execute()
    User.update(email="new@example.org").where(User.id == world.teacher.id).execute()
    acts.retry(Letter.get_by_id(failed.id), by=world.cast.admin, on=LATER)
    again = mail(held)
    assert (again.state, again.attempts, again.error, again.message_id) == ("queued", 0, "", "")
    assert (again.address, again.next_try_at) == ("new@example.org", LATER)


def test_a_private_letter_cannot_go_again(database, cast):
    outbox.post_private(None, "account_unknown", address="u@example.org", on=NOON, register="https://x.example/")
    letter = Letter.get()
    Letter.update(state="failed", body="").where(Letter.id == letter.id).execute()
    with pytest.raises(Refusal, match="запросить его ещё раз сам"):
        acts.retry(Letter.get(), by=cast.admin, on=LATER)


@pytest.mark.parametrize("who", ["publisher", "editor", "leader", "expert", "deputy", "chairperson"])
def test_others_have_no_business_with_letters(held, world, who):
    by = getattr(world.cast, who)
    for act in (acts.release, acts.recall, acts.retry):
        with pytest.raises(Refusal, match="Вам недоступно"):
            act(mail(held), by=by, on=LATER)
    with pytest.raises(Refusal, match="Вам недоступно"):
        acts.release_all(last=99, count=2, by=by, on=LATER)
    assert journal() == []


def test_nobody_keeps_letters_of_a_case_of_their_own(held, world):
    Application.update(applicant=world.cast.secretary).where(Application.id == held.id).execute()
    with pytest.raises(Refusal, match="в котором вы участвуете сами"):
        acts.release(mail(held), by=world.cast.secretary, on=LATER)
    assert acts.held(world.cast.secretary).count() == 0
    assert acts.held(world.cast.reception).count() == 2


# --- Bounces ----------------------------------------------------------------------------------------------------------------

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: noreply@attestation.example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; u@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: {returned}

Message-ID: {message_id}
Subject: x

body
--b--
"""


@pytest.fixture
def sent(held, world) -> Letter:
    """A mail that has gone."""
    letter = mail(held)
    acts.release(letter, by=world.cast.secretary, on=LATER)
    values = {"state": "sent", "sent_at": LATER, "message_id": f"<{letter.id}.abc@attestation.example.org>"}
    Letter.update(values).where(Letter.id == letter.id).execute()
    return Letter.get_by_id(letter.id)


def run(app, *words, told=b""):
    return app.test_cli_runner().invoke(args=["letters", "bounced", *words], input=io.BytesIO(told))


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_of_the_server_marks_the_letter(app, sent, returned):
    report = REPORT.format(action="failed", returned=returned, message_id=sent.message_id).encode()
    answer = run(app, told=report)
    assert (answer.exit_code, answer.output) == (0, "Отмечено: письмо вернулось.\n")
    letter = Letter.get_by_id(sent.id)
    assert (letter.state, letter.error) == ("bounced", "Почта адресата вернула письмо. 550 5.1.1 User unknown")
    assert journal()[-1][:2] == ("Система", "bounce_letter")
    assert run(app, told=report).exit_code == 0
    assert [verb for _, verb, _ in journal()].count("bounce_letter") == 1


@pytest.mark.parametrize(
    "report",
    [
        REPORT.format(action="delayed", returned="message/rfc822", message_id="{id}"),
        REPORT.format(action="failed", returned="message/rfc822", message_id="<1.other@example.org>"),
        "Subject: Re: x\nIn-Reply-To: {id}\n\nСпасибо!\n",
        "\0\xff nonsense",
        "",
    ],
)
def test_anything_else_marks_nothing_and_is_no_error(app, sent, report):
    answer = run(app, told=report.replace("{id}", sent.message_id).encode())
    assert (answer.exit_code, answer.output) == (0, "Это не отчёт о наших письмах, отмечать нечего.\n")
    assert Letter.get_by_id(sent.id).state == "sent"


def test_a_letter_is_named_by_its_message_id_or_by_the_address(app, sent):
    assert run(app, sent.message_id.strip("<>"), "--reason", "Адреса нет.").exit_code == 0
    assert (Letter.get_by_id(sent.id).state, Letter.get_by_id(sent.id).error) == ("bounced", "Адреса нет.")
    Letter.update(state="sent", error="").where(Letter.id == sent.id).execute()
    assert run(app, sent.address.upper()).exit_code == 0
    assert Letter.get_by_id(sent.id).state == "bounced"
    answer = run(app, "nobody@example.org")
    assert (answer.exit_code, answer.output) == (1, "Error: Такого отправленного письма нет.\n")


# --- The desk ---------------------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_and_found(held, world, sign_in):
    client = sign_in(world.cast.secretary)
    world.walk(world.filled(LENOBL, teacher=world.other_teacher), "submitted")
    found = {
        address: opened(client, f"/admin/letters/?{address}").one("p", class_="count").text
        for address in ("", "state=held", "state=read", "channel=email", f"search={held.number}", "name=account_reset")
    }
    counts = {address: int(text.partition(": ")[2]) for address, text in found.items()}
    assert counts == {
        "": 4,
        "state=held": 4,
        "state=read": 0,
        "channel=email": 2,
        f"search={held.number}": 2,
        "name=account_reset": 0,
    }


def test_the_list_costs_the_same_whatever_is_in_it(held, world, sign_in):
    client = sign_in(world.cast.secretary)

    def cost() -> int:
        with count_queries() as counted:
            opened(client, "/admin/letters/")
        return counted.count

    cost()  # the first page of a session asks more
    few = cost()
    world.walk(world.filled(LENOBL, teacher=world.other_teacher), "review_assigned")
    assert cost() == few <= 10


def test_a_letter_is_read_and_released_on_its_page(held, world, sign_in):
    client = sign_in(world.cast.secretary)
    path = f"/admin/letters/{mail(held).id}/"
    shown = opened(client, path)
    assert shown.one("h1").text == "Заявление подано"
    assert f"Его номер: {held.number}." in shown.one("section", aria_labelledby="said").text
    token = csrf_token(client, path)
    assert client.post(f"{path}release/", data={"csrf_token": token}).location == path
    assert client.post(f"{path}release/", data={"csrf_token": token}).status_code == 409
    assert mail(held).state == "queued"


def test_an_administrator_sees_that_a_letter_went_but_not_what_it_says(held, world, sign_in):
    client = sign_in(world.cast.admin)
    shown = opened(client, f"/admin/letters/{mail(held).id}/")
    assert shown.one("section", aria_labelledby="said").text == "Текст Текст письма видят те, кому открыты письма по делу."


def test_a_private_letter_is_shown_to_nobody(app, cast, sign_in):
    outbox.post_private(cast.expert, "account_reset", address="u@example.org", on=NOON, link="https://x/secret", until="завтра")
    for who in (cast.admin, cast.secretary):
        client = sign_in(who)
        opened(client, f"/admin/letters/{Letter.get().id}/")
        assert "secret" not in client.get(f"/admin/letters/{Letter.get().id}/").text


def test_all_held_are_looked_through_before_they_go(held, world, sign_in):
    client = sign_in(world.cast.secretary)
    shown = opened(client, "/admin/letters/held/")
    assert len(shown.all("tbody")[0].all("tr")) == 2
    values = {one.attributes["name"]: one.attributes["value"] for one in shown.all("input") if one.has("type", "hidden")}
    assert values["count"] == "2"
    assert client.post("/admin/letters/held/", data={**values, "count": "3"}).status_code == 409
    assert client.post("/admin/letters/held/", data=values).location == "/admin/letters/"
    assert [letter.state for letter in letters(held)] == ["sent", "queued"]
    assert opened(client, "/admin/letters/held/").one("p", class_="nothing").text == "Задержанных писем нет."


def test_every_text_can_be_looked_at(app, cast, sign_in):
    client = sign_in(cast.reception)
    texts = opened(client, "/admin/letters/texts/")
    addresses = [one.attributes["href"] for one in texts.all("a") if one.attributes["href"].startswith("/admin/letters/texts/")]
    assert len(addresses) == 52
    for address in addresses:
        assert "{" not in opened(client, address).one("section", aria_labelledby="filled").text
    for missing in (
        "nonsense/",
        "review_entrusted/",
        f"nonsense/?edition={SPB}",
        "account_reset/?edition=../..",
        "account_reset/?edition=x",
    ):
        assert client.get(f"/admin/letters/texts/{missing}").status_code == 404


# --- Names ------------------------------------------------------------------------------------------------------------------


def test_a_clerk_confirms_a_form_and_letters_use_it(held, world, sign_in):
    client = sign_in(world.cast.reception)
    shown = opened(client, "/admin/letters/names/")
    values = [one.attributes["value"] for one in shown.all("input") if one.has("name", "genitive")]
    assert values == ["Чернильницыной Веры Павловны", "учителя математики"]
    form = {"kind": "person", "words": held.person, "genitive": " Чернильницыной  Веры Павловны-Старшей ", "csrf_token": ""}
    form["csrf_token"] = csrf_token(client, "/admin/letters/names/")
    assert client.post("/admin/letters/names/", data=form).status_code == 302
    assert genitives([held])[held.id][Kind.PERSON] == "Чернильницыной Веры Павловны-Старшей"
    assert Declined.get().confirmed_by == world.cast.reception
    assert client.post("/admin/letters/names/", data={**form, "genitive": held.person}).status_code == 302
    assert [row.genitive for row in Declined.select()] == [held.person]
    assert client.post("/admin/letters/names/", data={**form, "genitive": "  "}).status_code == 409
    assert client.post("/admin/letters/names/", data={**form, "kind": "verb"}).status_code == 400
    assert JournalEntry.select().where(JournalEntry.verb == "confirm_form").count() == 2
    found = opened(client, "/admin/letters/names/?search=Никто")
    assert found.one("p", class_="nothing").text == "Всё проверено."
