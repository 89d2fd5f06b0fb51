"""Measures an order of 1,500 rows: `.venv/bin/python bench/orders.py [--rows 1500]`. Exits with 1 when a target is missed.

Its PDF, as the worker has it printed, beside headless Chromium printing the same page, in turn; then its publication without
the PDF: the act and all the work it asks for, to the last job.
"""

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pikepdf

from attestation import models
from attestation.admin import worker
from attestation.admin.acts import orders as acts
from attestation.admin.acts import publication
from attestation.admin.schema import migrate
from attestation.models import Application, CaseEvent, Hearing, Job, Order, Ruling, Sitting, User, UserRole
from attestation.procedure.road import EDITION
from attestation.procedure.words import Decision, Role
from attestation.site import files
from attestation.site.parts import Parts
from attestation.site.printing.order_words import example_sheet
from attestation.site.printing.orders import OrderSheet, qr_code
from attestation.site.printing.paper import TEMPLATES, environment
from attestation.site.printing.press import POLITENESS, order_apart
from attestation.site.search import Query, open_index
from attestation.site.settings import Settings, read_settings

ROUNDS = 5
MOST_TIMES, MOST_SECONDS = 3, 5
# Chromium numbers the pages itself.
NUMBERS = """
@page { @top-center { content: "стр. " counter(page) " из " counter(pages); font: 9.5pt "PT Serif", serif; color: #333; } }
@page :first {
  @top-center { content: none; }
  @bottom-right { content: "стр. 1 из " counter(pages); font: 9.5pt "PT Serif", serif; color: #333; }
}
"""
# As polite as the press, which lets whoever asks for pages go first.
CHROMIUM = ("nice", "-n", str(POLITENESS), "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1500)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    asked = options.parse_args()
    print(f"процессоров: {len(os.sched_getaffinity(0))}, нагрузка перед началом: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        slow = _printing(example_sheet(asked.rows), Path(folder), asked.rounds)
        late = _publication(asked.rows, asked.rounds, Path(folder))
    return int(slow or late)


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _printing(sheet: OrderSheet, folder: Path, rounds: int) -> bool:
    """Seconds of the press and of Chromium in turn, after one round to get warm; the ratio of the medians."""
    page = folder / "order.html"
    page.write_text(_as_one_page(sheet), encoding="utf-8")
    made: dict[str, bytes] = {}

    def ours() -> None:
        made["ours"] = order_apart(sheet).data

    def theirs() -> None:
        target = folder / "chromium.pdf"
        command = (*CHROMIUM, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}", page.as_uri())
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        made["theirs"] = target.read_bytes()

    times: dict[Callable[[], None], list[float]] = {ours: [], theirs: []}
    for turn in range(rounds + 1):
        for print_it in times:
            seconds = _seconds(print_it)
            if turn:
                times[print_it].append(seconds)
    pages = [len(pikepdf.open(file).pages) for file in (_kept(folder, made["ours"]), folder / "chromium.pdf")]
    if abs(pages[0] - pages[1]) > pages[1] * 0.1:
        raise SystemExit(f"Напечатано не одно и то же: страниц {pages[0]} и {pages[1]}.")
    mine, other = median(times[ours]), median(times[theirs])
    print(
        f"PDF, строк {len(sheet.lines)}: {mine:.1f} с ({_spread(times[ours])}), {pages[0]} стр., {len(made['ours']) >> 10} КБ; "
        f"Chromium {other:.1f} с ({_spread(times[theirs])}), {pages[1]} стр., {len(made['theirs']) >> 10} КБ; "
        f"отношение медиан {mine / other:.2f}, цель ≤ {MOST_TIMES}"
    )
    return mine / other > MOST_TIMES


def _as_one_page(sheet: OrderSheet) -> str:
    """The whole order as one HTML page with its style inside."""
    text = environment().get_template("order/page.html").render(order=sheet, heading="", qr=qr_code(sheet.address))
    style = (TEMPLATES / "order" / "style.css").read_text(encoding="utf-8")
    return text.replace("</head>", f"<style>{style}{NUMBERS}</style></head>")


def _kept(folder: Path, data: bytes) -> Path:
    path = folder / "ours.pdf"
    path.write_bytes(data)
    return path


def _spread(times: list[float]) -> str:
    return f"{min(times):.1f}–{max(times):.1f}"


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


# ── publication ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _publication(rows: int, rounds: int, folder: Path) -> bool:
    """Seconds from the publisher's click to the end of its last step, the file being there; the median of orders.

    A case of the city stands behind every row: it is closed, its teacher written to; the letters of mail go afterwards.
    """
    settings = read_settings({"DATA_DIR": str(folder / "var"), "SECRET_KEY": "for measurements"})
    models.connect(settings.database_url)
    index = open_index(settings.index_dir, show_refusals=settings.show_refusals)
    times = []
    with models.connection():
        migrate()
        publisher = User.create(login="publisher", full_name="Печатников Лев Ильич", password_hash="")
        UserRole.create(user=publisher, role=Role.PUBLISHER)
        bench = worker.Bench(Parts.of(settings, index))
        for turn in range(1, rounds + 1):
            order = _registered(turn, rows, settings)

            def publish(order: Order = order) -> None:
                acts.publish(order, by=publisher, on=models.utc_now())
                for kind in publication.STEPS:
                    worker.perform(bench, Job.get(Job.kind == kind, Job.target == order.id).id)

            times.append(_seconds(publish))
            found = index.search(Query(_surname(turn))).total
            closed = (
                Application.select().where(Application.surname == _surname(turn), Application.status == "established").count()
            )
            if (found, closed) != (rows, rows) or any(step.state != "done" for step in publication.shown(order)):
                raise SystemExit(f"Опубликовано не всё: из {rows} строк найдено {found}, закрыто дел {closed}.")
    index.close()
    seconds = median(times)
    print(f"Публикация, строк {rows}, без изготовления PDF: {seconds:.2f} с ({_spread(times)}), цель ≤ {MOST_SECONDS}")
    return seconds > MOST_SECONDS


def _registered(turn: int, rows: int, settings: Settings) -> Order:
    """An order that only waits for its publisher: registered, its file frozen, every row with a surname of this turn."""
    data = b"%PDF of order " + str(turn).encode()
    day = dt.date(2026, 3, 1) + dt.timedelta(turn)
    with models.database.atomic():
        order = Order.create(
            title="Об установлении квалификационной категории педагогическим работникам",
            signatory_position="Председатель Комитета",
            signatory_name="А.Б. Образцова",
            status="registered",
            signed_on=day,
            number=f"{turn}-р",
            registered_on=day,
            year=day.year,
            pdf_sha256=files.freeze(settings.files_dir, data),
            pdf_size=len(data),
            pdf_pages=100,
        )
        sitting = Sitting.create(held_on=day, place="зал заседаний")
        lines = example_sheet(rows).lines
        for first in range(0, rows, 500):
            rulings = [_row(order, turn, line.number) for line in lines[first : first + 500]]
            for ruling in rulings:
                ruling["hearing"] = _heard(sitting, ruling, day)
            Ruling.insert_many(rulings).execute()
    return order


def _heard(sitting: Sitting, ruling: dict[str, Any], day: dt.date) -> Hearing:
    """The decision behind a row, with its case and teacher."""
    number = f"{sitting.id:04}-{ruling['number']:06}"
    address = f"{number}@example.org"
    person = {name: ruling[name] for name in ("surname", "name", "patronymic", "position", "organization", "category")}
    teacher = User.create(
        login=address, email=address, email_confirmed_at=models.utc_now(), full_name=ruling["surname"], password_hash=""
    )
    case = Application.create(
        edition=EDITION,
        number=f"{number}-0",
        channel="portal",
        status="decided",
        applicant=teacher,
        sitting=sitting,
        decision=Decision.ESTABLISH.value,
        minutes_number="1",
        minutes_on=day,
        filed_on=day,
        **person,
    )
    CaseEvent.create(application=case, name="decided", day=day)
    return Hearing.create(sitting=sitting, application=case, decision=Decision.ESTABLISH.value, decided_at=models.utc_now())


def _surname(turn: int) -> str:
    return "Измерова" + "бвгджзклмн"[turn % 10]


def _row(order: Order, turn: int, number: int) -> dict[str, Any]:
    return {
        "order": order.id,
        "number": number,
        "surname": _surname(turn),
        "name": "Мария",
        "patronymic": f"Тестовна{number}",
        "position": "учитель",
        "organization": f"ГБОУ школа № {number % 700}",
        "category": "highest" if number % 2 else "first",
        "page": 2 + number // 15,
    }


if __name__ == "__main__":
    sys.exit(main())
