"""A letter as it leaves: headers that cannot be forged, text and HTML that say the same, addresses of every shape."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from attestation.models import Application, Letter
from attestation.site.letters import envelope
from attestation.site.letters.trouble import Refused
from attestation.tests.conftest import NOON, plain_settings


@pytest.fixture
def settings(tmp_path):
    """No database is asked here."""
    return plain_settings(tmp_path, "sqlite:///nothing")


def letter(**values) -> Letter:
    about = {
        "name": "application_registered",
        "role": "teacher",
        "channel": "email",
        "created_at": NOON,
        "message_id": "<7.a@b>",
    }
    case = Application(id=12, edition="spb-2021-04-13", number="2026-000001-1")
    told = {
        "address": "u@example.org",
        "subject": "Заявление № 1",
        "body": "Здравствуйте!\n\nДень: 1\nМесто: <b>дом</b> & двор\n",
    }
    return Letter(id=7, **{"application": case, **about, **told, **values})


def read(message):
    return message_from_bytes(message.as_bytes(), policy=default)


def test_text_and_html_say_the_same_and_lead_to_the_case(settings):
    message = read(envelope.mail_of(letter(), settings))
    plain, shown = (message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    assert plain == (
        "Здравствуйте!\n\n"
        "День: 1\nМесто: <b>дом</b> & двор\n\n"
        "Открыть дело: http://127.0.0.1:8000/account/applications/12/\n"
        "Основание: пункт 2.17.3 порядка.\n\n"
        "-- \n"
        "Аттестация педагогов. Комитет по образованию\n"
        "Телефон: +7 (000) 000-00-00\n"
        "Это письмо отправлено автоматически, отвечать на него не нужно.\n"
    )
    assert "<p>День: 1<br>Место: &lt;b&gt;дом&lt;/b&gt; &amp; двор</p>" in shown
    assert '<a href="http://127.0.0.1:8000/account/applications/12/">Открыть дело</a>' in shown
    assert "Основание: пункт 2.17.3 порядка." in shown
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert all(line.isascii() and len(line) < 999 for line in message.as_bytes().splitlines())


def test_the_office_is_led_to_its_own_page_of_the_case(settings):
    sheet = envelope.sheet_of(letter(role="main_expert"), settings)
    assert sheet.address == "http://127.0.0.1:8000/admin/cases/12/"


def test_a_letter_about_an_account_leads_to_no_case(settings):
    sheet = envelope.sheet_of(letter(application=None, name="account_reset"), replace(settings, contact_phone=""))
    assert (sheet.address, sheet.clause, sheet.phone) == ("", "", "")


def test_made_twice_it_is_the_same(settings):
    assert envelope.mail_of(letter(), settings).as_bytes() == envelope.mail_of(letter(), settings).as_bytes()


@pytest.mark.parametrize(
    "values", [{"subject": "Тема\r\nBcc: all@example.org"}, {"message_id": "<a@b>\r\nBcc: all@example.org"}]
)
def test_no_header_can_be_slipped_in(settings, values):
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        envelope.mail_of(letter(**values), settings)


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("учёба@пример.рф", None),
        ("office@пример-школы.рф", "office@xn----itbikfcrcjd3gtb.xn--p1ai"),
        ("o'neil+a@example.org", "o'neil+a@example.org"),
        (f"{'a' * 64}@{'b' * 60}.example.org", f"{'a' * 64}@{'b' * 60}.example.org"),
        ("a@b\r\nBcc: all@example.org", None),
        ("без собаки", None),
        (f"a@{'я' * 80}.рф", None),
    ],
)
def test_addresses_of_every_shape(settings, address, sent_to):
    if sent_to is None:
        with pytest.raises(Refused):
            envelope.mail_of(letter(address=address), settings)
    else:
        message = read(envelope.mail_of(letter(address=address), settings))
        assert [one.addr_spec for one in message["To"].addresses] == [sent_to]


def test_a_message_to_a_telephone_is_short(settings):
    told = envelope.text_message_of(letter(channel="sms"), settings)
    assert told == "Заявление № 1. http://127.0.0.1:8000/account/applications/12/"
    assert len(envelope.text_message_of(letter(subject="о" * 400), settings)) == 300


def test_links_are_made_of_whole_addresses_alone():
    assert str(envelope.linked('см. https://x.example/a?b=1&c="2" <i>')) == (
        'см. <a href="https://x.example/a?b=1&amp;c=">https://x.example/a?b=1&amp;c=</a>&#34;2&#34; &lt;i&gt;'
    )
