"""Events for people's calendars: iCalendar files (RFC 5545), in UTC, so that no table of time zones is needed."""

import datetime as dt
import re

LONGEST_LINE = 75
_ESCAPED = re.compile(r"[\\;,]")


def event(
    *,
    uid: str,
    sequence: int,
    stamp: dt.datetime,
    begins: dt.datetime,
    ends: dt.datetime,
    summary: str,
    place: str,
    description: str,
    url: str,
) -> bytes:
    """A calendar of one event. `uid` stays the same and `sequence` grows when the event is moved; moments are aware."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//attestation//appointments//RU",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_moment(stamp)}",
        f"DTSTART:{_moment(begins)}",
        f"DTEND:{_moment(ends)}",
        f"SUMMARY:{_text(summary)}",
        f"LOCATION:{_text(place)}",
        f"DESCRIPTION:{_text(description)}",
        f"URL:{url}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(summary)}",
        "TRIGGER:-P1D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return _ESCAPED.sub(r"\\\g<0>", words).replace("\r\n", "\n").replace("\n", r"\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, each further one after a line end and a space; no letter is torn."""
    pieces, piece, length = [], "", 0
    for sign in line:
        size = len(sign.encode())
        if length + size > LONGEST_LINE:
            pieces.append(piece)
            piece, length = " ", 1
        piece += sign
        length += size
    return "\r\n".join((*pieces, piece))
