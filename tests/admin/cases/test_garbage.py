"""Whatever stands in an address or a form of office and cabinet, nothing breaks, on either database."""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from attestation.models import Application, Expert, JournalEntry, SavedView, User, UserRole
from attestation.procedure.words import Channel, Role
from attestation.tests import scans
from attestation.tests.cases import LENOBL, NEGATIVE, SPB, World

SignIn = Callable[[User], FlaskClient]

# An id that PostgreSQL refuses, one that SQLite does as well, NUL, half a letter, signs of patterns, the ends of time, …
GARBAGE = ("99999999999", "9" * 40, "-1", "\0", "\udcff", "%_\\'\"--", "0001-01-01", "9999-12-31", "١٢", "я" * 3000)
ASKED = (
    *("page", "search", "sort", "desc", "registry", "status", "category", "term", "leader", "expert", "channel", "position"),
    *("organization", "since", "until", "day", "year", "do", "case", "all", "review_day", "group", "form", "subject", "load"),
    *("approval", "presence", "active", "state", "name", "edition", "next", "verb"),
)
LARGE = ("99999999999", "9" * 30, f"-{'9' * 30}")
# What the buttons of the screen of a sitting name.
RUNNING = (
    ("attendance", "arrived"),
    ("attendance", "undo"),
    ("presiding", "presiding"),
    ("guests", "came"),
    ("guests", "undo"),
)
UNSEEN = b"a\0b\xed\xa0\x80"
DESKS = ("cases", "today", "experts", "participation", "reception", "sittings", "calendar", "letters", "journal", "orders")
HOMES = ("/account/", *(f"/admin/{desk}/" for desk in DESKS))
ENDS_OF_TIME = ("0001-01-01", "9999-12-31")


@pytest.fixture(autouse=True)
def as_in_life(app: Flask) -> None:
    """What breaks becomes a page, as it does for people; forms need no page to be opened before."""
    app.testing = False
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def everybody(world: World, sign_in: SignIn) -> FlaskClient:
    """Somebody who may enter every desk."""
    UserRole.insert_many([{"user": world.cast.secretary, "role": role} for role in Role]).on_conflict_ignore().execute()
    return sign_in(world.cast.secretary)


@pytest.fixture
def broken(world: World) -> Iterator[list[tuple[str, str]]]:
    """What has broken so far; in the end nothing has."""
    found: list[tuple[str, str]] = []
    yield found
    assert found == []


def sent(client: FlaskClient, broken: list[tuple[str, str]], path: str, **form: Any) -> int:
    """Send a form; the status."""
    status = client.post(path, data=form).status_code
    if status >= 500:
        broken.append((path, str(form)[:200]))
    return status


def version(record: Any) -> int:
    return int(type(record).get_by_id(record.id).version)


def lists(app: Flask) -> Iterator[Rule]:
    """Pages of office and cabinet whose address names no record."""
    for rule in app.url_map.iter_rules():
        ours = rule.rule.startswith(HOMES) and not rule.arguments
        if ours and "GET" in (rule.methods or ()) and not any(part in rule.rule for part in ("logout", "/oidc")):
            yield rule


def test_no_garbage_in_an_address_breaks_a_list(
    app: Flask, world: World, everybody: FlaskClient, broken: list[tuple[str, str]]
) -> None:
    world.walk(world.filled(SPB), "registered")
    for turn in range(len(GARBAGE)):
        asked = zip(ASKED, cycle(GARBAGE[turn:] + GARBAGE[:turn]), strict=False)
        query = urlencode(list(asked), errors="surrogateescape")
        for rule in lists(app):
            if everybody.get(f"{rule.rule}?{query}").status_code >= 500:
                broken.append((rule.rule, query[:200]))


def test_no_number_of_a_record_breaks_a_page(app: Flask, world: World, sign_in: SignIn, broken: list[tuple[str, str]]) -> None:
    draft, case = world.filled(SPB), world.walk(world.filled(SPB), "accepted")
    teacher, secretary, chair = map(sign_in, (world.teacher, world.cast.secretary, world.cast.chairperson))
    folder, sitting = f"/account/applications/{draft.id}/portfolio", world.sitting(world.now.date())
    for large in LARGE:
        for rest in ("lines/{}/remove", "lines/{}/up", "lines/{}", "files/{}/remove", "previous/{}/remove"):
            sent(teacher, broken, f"{folder}/{rest.format(large)}", version=version(draft), title="а", sheets="1")
        file = (BytesIO(scans.pdf()), "a.pdf")
        sent(teacher, broken, f"{folder}/lines/{large}/files", version=version(draft), files=file)
        sent(teacher, broken, f"/account/security/sessions/{large}/end")
        sent(secretary, broken, f"/admin/cases/views/{large}/remove")
        sent(secretary, broken, "/admin/reception/close", slot=large)
        sent(secretary, broken, f"/admin/cases/{case.id}/experts", version=version(case), main_expert=large, reason="а")
        sent(secretary, broken, "/admin/outgoing/mark/", last=large, count="1")
        sent(secretary, broken, "/admin/letters/held/", last=large, count="1")
        sent(secretary, broken, f"/admin/sittings/{sitting.id}/propose", case=large)
        for act, name in RUNNING:
            sent(secretary, broken, f"/admin/sittings/{sitting.id}/run/{act}", version=large, **{name: large})
        sent(secretary, broken, "/admin/experts/assign/proposal", case=[large, case.id], review_day="2026-12-01")
        sent(chair, broken, f"/admin/cases/{case.id}/conflict", version=version(case), expert=large, reason="а")
        for path in (f"/account/applications/{large}/", f"/admin/cases/{large}/", f"/account/files/{large}"):
            assert chair.get(path).status_code == 404
    assert version(case) == case.version and version(draft) == draft.version


def test_no_day_breaks_a_form(world: World, sign_in: SignIn, broken: list[tuple[str, str]]) -> None:
    case = world.walk(world.filled(SPB), "registered")
    against = world.walk(world.filled(LENOBL), "review_done", outcome=NEGATIVE)
    secretary, expert = sign_in(world.cast.secretary), sign_in(world.cast.expert)
    told = []
    for day in ENDS_OF_TIME:
        hours = {"first_day": day, "last_day": day, "begins": "00:00", "ends": "23:59", "windows": "3", "place": "а"}
        sitting = {"held_on": day, "begins_at": "10:00", "place": "а", "slot_minutes": "10", "commission": ""}
        term = {"considered_on": "2026-03-01", "term_begins": "2026-03-01", "term_ends": day, "term_place": "а"}
        record = {"analysed_at": f"{day}T00:00", "person": "а", "position": "а", "organization": "а", "reasons": "а"}
        told += [
            sent(secretary, broken, "/admin/reception/open", **hours),
            sent(secretary, broken, "/admin/calendar/", day=day, working="yes", note="а"),
            sent(secretary, broken, "/admin/sittings/new", **sitting),
            sent(secretary, broken, f"/admin/cases/{case.id}/set_term", version=version(case), **term),
            sent(expert, broken, f"/admin/cases/{against.id}/dissent", version=version(against), **record),
        ]
        assert secretary.get(f"/admin/reception/?day={day}").status_code == 200
    assert set(told) == {409}


def test_no_unseen_sign_breaks_an_act(world: World, sign_in: SignIn, broken: list[tuple[str, str]]) -> None:
    draft, case = world.filled(SPB), world.walk(world.filled(SPB), "review")
    paper = world.walk(world.filled(SPB, channel=Channel.POST, way="paper"), "received")
    teacher, secretary, expert = map(sign_in, (world.teacher, world.cast.secretary, world.cast.expert))
    own, theirs = f"/account/applications/{draft.id}", f"/admin/cases/{paper.id}"
    for step in ("person", "work", "category", "sitting"):
        names = ("surname", "name", "born_on", "home_address", "workplace", "position", "held_act", "held_ruling", "email")
        sent(teacher, broken, f"{own}/steps/{step}", **dict.fromkeys(names, UNSEEN))
    told = [
        sent(teacher, broken, f"{own}/messages", text=UNSEEN),
        sent(teacher, broken, f"{own}/portfolio/lines", version=version(draft), title=UNSEEN, state=""),
        sent(teacher, broken, "/account/profile", full_name=UNSEEN, phone=UNSEEN),
        sent(secretary, broken, f"{theirs}/withdraw", version=version(paper), basis=UNSEEN),
        sent(secretary, broken, f"{theirs}/withdraw", version=version(paper), basis="я" * 301),
        sent(secretary, broken, f"{theirs}/decline", version=version(paper), reason=UNSEEN),
        sent(secretary, broken, "/admin/letters/names/", kind="person", words=UNSEEN, genitive=UNSEEN),
        sent(secretary, broken, "/admin/cases/views", name=UNSEEN, query=UNSEEN),
        sent(expert, broken, f"/admin/participation/conflict/{case.id}", reason=UNSEEN),
    ]
    assert told == [409, 409, 409, 409, 409, 409, 409, 302, 409]
    for kind in ("specialities", "approvals", "absences", "employments", "conflicts"):
        expert_id = world.experts[0].id
        sent(secretary, broken, f"/admin/experts/{expert_id}/{kind}/", version=version(Expert.get_by_id(expert_id)))
    assert Application.get_by_id(paper.id).status == "received"


def test_a_kept_list_leads_nowhere_else(everybody: FlaskClient) -> None:
    """What is typed gets neither into a header of its own nor out of the desk."""
    kept = {"name": "Мои", "query": "search=а\r\nSet-Cookie: stolen=1"}
    answer = everybody.post("/admin/cases/views", data=kept)
    assert answer.status_code == 302 and "Set-Cookie: stolen" not in str(answer.headers)
    assert answer.location == "/admin/cases/?search=%D0%B0%0D%0ASet-Cookie%3A+stolen%3D1"
    assert everybody.post("/admin/cases/views", data={"name": "Чужие", "query": "//evil.example/"}).location == "/admin/cases/"
    assert [view.name for view in SavedView.select().order_by(SavedView.id)] == ["Мои", "Чужие"]
    assert JournalEntry.select().where(JournalEntry.verb == "export_cases").count() == 0
