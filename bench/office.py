"""Measures the office: `.venv/bin/python bench/office.py [--rows 100000]`. Exits with 1 when a target is missed.

The desk lists over invented applications, through the whole application but for the network, each question several times with
its queries counted; then applications filed by eight writers at once, each on a connection of its own, and counted afterwards.
"""

import argparse
import datetime as dt
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import pikepdf
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

import attestation
from attestation import models
from attestation.admin.schema import migrate
from attestation.models import Application, CaseFile, Duty, Expert, Paper, Review, User, UserRole
from attestation.procedure.numbers import CaseNumber
from attestation.procedure.road import road
from attestation.procedure.words import CaseRole, Category, Channel, Role
from attestation.site import files, passwords
from attestation.site.cases import answers, applying
from attestation.site.settings import read_settings

EDITION = "spb-2021-04-13"
MOST_QUERIES, MOST_MS = 10, 200
WRITERS, EACH, SUBMISSION_MS = 8, 25, 300
ROUNDS = 15
PASSWORD = "пароль для измерений"
NOW = dt.datetime.now(dt.UTC)
SURNAMES = ("Иванова", "Петрова", "Кузнецова", "Соловьёва", "Римская", "Ёлкина", "Тьюторова", "Орлова", "Зайцева", "Белова")
NAMES = ("Анна", "Мария", "Ольга", "Вера", "Нина", "Алла", "Яна", "Зоя")
POSITIONS = ("Учитель математики", "Учитель начальных классов", "Воспитатель", "Концертмейстер", "Педагог-психолог", "Методист")
# How many of a hundred stand where.
STANDING = {"received": 5, "registered": 15, "accepted": 20, "review": 15, "second_review_due": 1, "reviewed": 4, "sitting": 35}
STANDING |= {"declined": 2, "withdrawn": 3}

LISTS = {
    "зарегистрированные": "/admin/cases/?registry=registered",
    "все, последняя страница": "/admin/cases/?registry=all&page={last}",
    "отозванные": "/admin/cases/?registry=withdrawn",
    "фамилия": "/admin/cases/?registry=all&search=соловьева",
    "редкое слово": "/admin/cases/?registry=all&search=школа+№+77&category=first",
    "номер": "/admin/cases/?registry=all&search={number}",
    "по алфавиту": "/admin/cases/?registry=all&sort=surname",
    "по сроку": "/admin/cases/?registry=registered&sort=due_on",
    "просроченные": "/admin/cases/?registry=all&term=overdue&status=accepted",
    "должность и даты": "/admin/cases/?registry=all&position=концертмейстер&since=2026-01-01&until=2026-06-30",
    "организация": "/admin/cases/?registry=all&organization=школа+145",
    "эксперт": "/admin/cases/?registry=all&expert={expert}",
    "сегодня": "/admin/today/",
}


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=100_000)
    rows = options.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"DATA_DIR": folder, "SECRET_KEY": "for measurements", "PROCEDURE": EDITION})
        app = attestation.create_app(settings)
        with models.connection():
            migrate()
            clerk, expert = _people()
            began = time.perf_counter()
            _fill(rows, expert)
            print(f"{rows} заявлений записаны за {time.perf_counter() - began:.0f} с")
            client = _signed_in(app.test_client(), clerk)
            asked = {"last": -(-rows // 50), "number": Application.get().number, "expert": expert.id}
            slow = [_measured(client, name, path.format(**asked)) for name, path in LISTS.items()]
        lost = _submissions(Path(folder) / "cases")
        app.extensions["attestation"].close()
    return int(any(slow) or lost)


# --- Invented applications --------------------------------------------------------------------------------------------------


def _people() -> tuple[User, User]:
    """A clerk of the office and an expert."""
    hashed = passwords.hashed(PASSWORD)
    made = [User.create(login=login, full_name=login, password_hash=hashed) for login in ("clerk", "expert")]
    for user, role in zip(made, (Role.SECRETARY, Role.EXPERT), strict=True):
        UserRole.create(user=user, role=role)
    Expert.create(user=made[1], surname="Экспертова")
    return made[0], made[1]


def _fill(rows: int, expert: User) -> None:
    chance = random.Random(2026)
    statuses = [status for status, share in STANDING.items() for _ in range(share)]
    with models.database.atomic():
        for first in range(0, rows, 500):
            Application.insert_many([_row(n, chance, statuses) for n in range(first, min(first + 500, rows))]).execute()
        due = Application.due_on.is_null(False)
        open_ones = Application.select(Application.id, Application.status, Application.due_on).where(due)
        _follow([(one.id, one.status, one.due_on) for one in open_ones], expert, chance)


def _row(number: int, chance: random.Random, statuses: list[str]) -> dict[str, object]:
    filed = dt.date(2024, 1, 1) + dt.timedelta(days=chance.randrange(1000))
    said = {
        "surname": chance.choice(SURNAMES) + ("" if chance.random() < 0.5 else f"-{chance.choice(SURNAMES)}"),
        "name": chance.choice(NAMES),
        "patronymic": "Ивановна",
        "born_on": f"{dt.date(1960, 1, 1) + dt.timedelta(days=chance.randrange(15000)):%d.%m.%Y}",
        "workplace": f"ГБОУ школа № {chance.randrange(1, 900)} г. Образцова",
        "position": chance.choice(POSITIONS),
        "category": chance.choice([one.label for one in Category]),
        "phone_mobile": "+7 900 000-00-00",
        "email": "person@example.org",
    }
    status = chance.choice(statuses)
    whole = road("application", EDITION).status(status)
    due = None if whole.final else filed + dt.timedelta(days=chance.randrange(1, 1100))
    return {
        "edition": EDITION,
        "number": str(CaseNumber(2000 + number // 900_000, number % 900_000 + 1)),
        "channel": chance.choice([one.value for one in Channel]),
        "status": status,
        "entered_by": 1,
        "filed_on": filed,
        "due_on": due,
        "due_term": "service" if due else "",
        **answers.columns(said, NOW.date()),
    }


def _follow(rows: list[tuple[int, str, dt.date]], expert: User, chance: random.Random) -> None:
    """The duties of those who are expected to act, and what the expert has in hand."""
    turns = {status.name: status.turn for status in road("application", EDITION).states}
    verbs = {"received": "register", "registered": "set_term", "accepted": "start_review", "reviewed": "propose_for_sitting"}
    duties = [
        {"application": id, "role": role.value, "verb": verbs[status], "term": "service", "due_on": due}
        for id, status, due in rows
        if status in verbs
        for role in turns[status][:1]
    ]
    for first in range(0, len(duties), 500):
        Duty.insert_many(duties[first : first + 500]).execute()
    judged = chance.sample([id for id, status, _ in rows if status == "review"], 40)
    Review.insert_many(
        [{"application": id, "role": CaseRole.MAIN_EXPERT, "expert": expert, "assigned_at": NOW} for id in judged]
    ).execute()


# --- Lists ------------------------------------------------------------------------------------------------------------------


def _signed_in(client: FlaskClient, user: User) -> FlaskClient:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/admin/login").text)
    form = {"login": user.login, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    assert client.post("/admin/login", data=form).status_code == 302
    return client


def _measured(client: FlaskClient, name: str, path: str) -> bool:
    """Whether the list missed a target; its figures are printed."""
    with count_queries() as counter:
        answer = client.get(path)
    assert answer.status_code == 200, (name, answer.status_code)
    times = [_milliseconds(lambda: client.get(path)) for _ in range(ROUNDS)]
    p95 = quantiles(times, n=20)[-1]
    missed = p95 > MOST_MS or counter.count > MOST_QUERIES
    print(f"{name:<28} p50 {median(times):6.1f}  p95 {p95:6.1f} мс  запросов {counter.count}{'  МИМО ЦЕЛИ' if missed else ''}")
    return missed


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


# --- Submissions ------------------------------------------------------------------------------------------------------------


def _submissions(folder: Path) -> bool:
    """Whether an application was lost or filing takes too long; the figures are printed."""
    # In season, whatever the day of the measurement.
    on = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
    with models.connection():
        drafts = [[_draft(writer, n, folder) for n in range(EACH)] for writer in range(WRITERS)]
    times: list[float] = []
    start = threading.Barrier(WRITERS)

    def write(mine: list[int]) -> None:
        with models.connection():
            start.wait()
            for id in mine:
                draft = Application.get_by_id(id)
                times.append(_milliseconds(lambda d=draft: applying.submit(d, confirmed=True, by=d.applicant, on=on)))

    threads = [threading.Thread(target=write, args=(mine,)) for mine in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with models.connection():
        all_ids = [id for mine in drafts for id in mine]
        taken = Application.id.in_(all_ids), Application.status == "received"
        filed = list(Application.select(Application.number).where(*taken))
        lost = WRITERS * EACH - len({case.number for case in filed})
    p95 = quantiles(times, n=20)[-1]
    figures = f"p50 {median(times):6.1f}  p95 {p95:6.1f} мс"
    print(f"{f'подача, {WRITERS} сразу':<28} {figures}  подано {len(filed)}, потеряно {lost}")
    return bool(lost) or p95 > SUBMISSION_MS


def _draft(writer: int, number: int, folder: Path) -> int:
    """A draft with nothing left to fill in, of a teacher of its own."""
    teacher = User.create(login=f"t{writer}-{number}@example.org", full_name="Учителева Анна Ивановна", password_hash="-")
    said = {
        **{"surname": "Учителева", "name": "Анна", "patronymic": "Ивановна", "born_on": "07.03.1985"},
        **{"workplace": "ГБОУ школа № 901 г. Образцова", "workplace_years": "9 лет", "position": "Учитель математики"},
        **{"position_years": "12 лет", "held_category": "нет", "category": "первая", "presence": "без моего присутствия"},
        **{"phone_mobile": "+7 900 000-00-01", "email": teacher.login},
    }
    columns = answers.columns(said, NOW.date())
    case = Application.create(edition=EDITION, channel="portal", applicant=teacher, portfolio_way="electronic", **columns)
    paper = Paper.create(application=case, number=1, title="Диплом", state="копия", sheets=1)
    data = _pdf()
    CaseFile.create(
        application=case,
        kind="portfolio",
        paper=paper,
        name="диплом.pdf",
        media_type="application/pdf",
        sha256=files.freeze(folder, data, suffix=""),
        size=len(data),
        added_at=NOW,
    )
    found: int = case.id
    return found


def _pdf(made: dict[str, bytes] = {}) -> bytes:  # noqa: B006 – made once
    if not made:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file, pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(file.name)
            made["pdf"] = Path(file.name).read_bytes()
    return made["pdf"]


if __name__ == "__main__":
    sys.exit(main())
