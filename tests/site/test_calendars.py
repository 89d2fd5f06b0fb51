"""Files for people's calendars, byte by byte."""

import datetime as dt

from attestation.site import calendars

MOMENT = dt.datetime(2026, 3, 11, 7, 15, tzinfo=dt.UTC)


def made(**changes: object) -> bytes:
    values = {
        "uid": "appointment-7@example.org",
        "sequence": 2,
        "stamp": MOMENT - dt.timedelta(days=1),
        "begins": MOMENT,
        "ends": MOMENT + dt.timedelta(minutes=15),
        "summary": "Приём папки",
        "place": "Учебная ул., д. 1; каб. 5",
        "description": "Паспорт\nПапка",
        "url": "https://example.org/account/",
    }
    return calendars.event(**{**values, **changes})


def test_an_event_is_written_as_the_standard_says() -> None:
    assert made().decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//attestation//appointments//RU",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:appointment-7@example.org",
        "SEQUENCE:2",
        "DTSTAMP:20260310T071500Z",
        "DTSTART:20260311T071500Z",
        "DTEND:20260311T073000Z",
        "SUMMARY:Приём папки",
        r"LOCATION:Учебная ул.\, д. 1\; каб. 5",
        r"DESCRIPTION:Паспорт\nПапка",
        "URL:https://example.org/account/",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Приём папки",
        "TRIGGER:-P1D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_long_lines_are_folded_between_letters() -> None:
    words = "Возьмите паспорт, папку и опись. " * 9
    data = made(description=words)
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    unfolded = data.decode().replace("\r\n ", "")
    assert f"DESCRIPTION:{words}".replace(",", r"\,") in unfolded
    assert b"\n" not in data.replace(b"\r\n", b"")
