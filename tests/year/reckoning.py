"""The reckoning at the end of the year: every number counted in several ways that know nothing of each other.

The script has counted what it did; plain SQL counts the tables; the minutes, the files, the index, the site and its dumps are
read as whoever uses them reads them.
"""

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from flask import Flask

from attestation.models import database
from attestation.procedure.road import EDITIONS, road
from attestation.site import dumps, files, jobs, journal, seals, statistics
from attestation.site.search import Query
from attestation.tests.year.plans import LENOBL_EDITION, SPB_EDITION
from attestation.tests.year.year import Year

DECISIONS = ("establish", "refuse")
ENDED = ("established", "refused", "withdrawn", "declined")
FATES = {"establish": "established", "refuse": "refused", "withdrawn": "withdrawn", "declined": "declined"}
SAMPLE = 60
# How the journal calls the moves of each record.
WORDS = {
    "application": journal.case_verb,
    "sitting": journal.sitting_verb,
    "correction": journal.correction_verb,
    "order": str,
    "outgoing": str,
}


@dataclass(frozen=True)
class Line:
    """One number by the sources that tell it."""

    name: str
    told: Mapping[str, object]

    @property
    def agrees(self) -> bool:
        return len(set(map(str, self.told.values()))) == 1

    def __str__(self) -> str:
        mark = "=" if self.agrees else "≠"
        return f"{mark} {self.name}: " + ", ".join(f"{source} {count}" for source, count in self.told.items())


def reckon(year: Year, app: Flask) -> list[Line]:
    """All lines; the caller looks whether they agree."""
    # As the sweep of a worker does, seconds after an order was withdrawn.
    if not dumps.level(year.settings):
        jobs.queue(dumps.JOB, 0)
    year.work()
    return [
        *_applications(year),
        *_decisions(year),
        *_archive(year, app),
        *_letters(year),
        *_journal(year),
        *_rest(year),
    ]


def _sql(statement: str, *values: object) -> list[tuple[Any, ...]]:
    return list(database.execute_sql(statement.replace("?", database.obj.param), values).fetchall())


def _one(statement: str, *values: object) -> int:
    return int(_sql(statement, *values)[0][0] or 0)


# --- Applications -----------------------------------------------------------------------------------------------------------


def _applications(year: Year) -> Iterator[Line]:
    fates = Counter(course.fate for course in year.courses.values())
    filed = "FROM application WHERE number IS NOT NULL"
    by_status: Counter[str] = Counter()
    by_status.update(dict(_sql(f"SELECT status, count(*) {filed} AND merged_into_id IS NULL GROUP BY status")))
    merged = _one(f"SELECT count(*) {filed} AND merged_into_id IS NOT NULL")
    under_way = sum(count for status, count in by_status.items() if status not in ENDED)
    ended = sum(by_status[status] for status in ENDED)
    yield Line(
        "Подано заявлений",
        {
            "сценарий": sum(fates.values()) - fates["draft"],
            "записи": _one(f"SELECT count(*) {filed}"),
            "последние номера годов": _one("SELECT sum(last) FROM case_sequence"),
            "закрытые, идущие и объединённые": ended + under_way + merged,
        },
    )
    for fate, status in FATES.items():
        yield Line(f"Из них {status}", {"сценарий": fates[fate], "записи": by_status[status]})
    yield Line("Из них в работе", {"сценарий": fates["under way"], "записи": under_way})
    yield Line("Из них объединены с другими", {"сценарий": fates["merged"], "записи": merged})
    drafts = _one("SELECT count(*) FROM application WHERE number IS NULL AND status = 'draft'")
    yield Line("Черновики", {"сценарий": fates["draft"], "записи": drafts})
    yield Line("Отказано вне срока приёма", {"сценарий": year.ledger.refused, "должно быть": 1})


# --- Decisions --------------------------------------------------------------------------------------------------------------


def _decisions(year: Year) -> Iterator[Line]:
    minuted = _minuted()
    for edition in (SPB_EDITION, LENOBL_EDITION):
        for decision in DECISIONS:
            courses = [one for one in year.courses.values() if one.edition == edition and one.decided == decision]
            told: dict[str, object] = {
                "сценарий": len(courses),
                "заседания": _one(
                    "SELECT count(*) FROM hearing JOIN sitting ON sitting.id = hearing.sitting_id"
                    " WHERE sitting.edition = ? AND hearing.decision = ?",
                    edition,
                    decision,
                ),
                "протоколы": minuted[edition, decision],
                "дела": _one("SELECT count(*) FROM application WHERE edition = ? AND decision = ?", edition, decision),
                "закрытые дела": _one(
                    "SELECT count(*) FROM application WHERE edition = ? AND status = ?", edition, FATES[decision]
                ),
            }
            if edition == SPB_EDITION:
                established = "" if decision == "establish" else "NOT "
                told["строки распоряжений"] = _one(
                    "SELECT count(*) FROM ruling JOIN official_order AS orders ON orders.id = ruling.order_id"
                    f" WHERE orders.kind = 'decision' AND {established}ruling.established"
                )
            yield Line(f"Решения {decision} {edition}", told)
    votes = _votes()
    yield Line("Голоса", {"записи": _one("SELECT count(*) FROM case_vote"), "протоколы": votes})


def _last_minutes() -> list[dict[str, Any]]:
    """What the newest version of the minutes of each sitting says."""
    newest: dict[int, Any] = {}
    for sitting, told in _sql("SELECT sitting_id, told FROM minutes ORDER BY sitting_id, number"):
        newest[sitting] = json.loads(told) if isinstance(told, str) else told
    return list(newest.values())


def _minuted() -> Counter[tuple[str, str]]:
    return Counter((told["edition"], case["decision"]) for told in _last_minutes() for case in told["cases"])


def _votes() -> int:
    return sum(len(case["for"]) + len(case["against"]) for told in _last_minutes() for case in told["cases"])


# --- The archive ------------------------------------------------------------------------------------------------------------

_PUBLISHED = "FROM ruling JOIN official_order AS orders ON orders.id = ruling.order_id WHERE orders.status = 'published'"


def _archive(year: Year, app: Flask) -> Iterator[Line]:
    orders, client = year.orders, app.test_client()
    withdrawn = sum(orders.published[id] for id in orders.withdrawn)
    expected = sum(orders.published.values()) - withdrawn + orders.amending_rows
    yield Line(
        "Строки опубликованных распоряжений",
        {
            "сценарий": expected,
            "записи": _one(f"SELECT count(*) {_PUBLISHED}"),
            "поиск": year.parts.index.search(Query()).total,
            "API": client.get("/api/v1/rulings").get_json()["total"],
            "выгрузка": len(_dumped(year, "rulings")),
            "статистика": sum(statistics.counts().values()),
        },
    )
    known = _sql("SELECT year, number, status FROM official_order WHERE published_at IS NOT NULL")
    pages = Counter(client.get(f"/orders/{year_}/{number}/order.pdf").status_code for year_, number, _status in known)
    published = sum(status == "published" for _, _, status in known)
    yield Line(
        "Опубликованные распоряжения",
        {
            "сценарий": year.ledger.moves["order", "publish"] - len(orders.withdrawn),
            "записи": published,
            "файлы на сайте": pages[200],
            "поиск": len(year.parts.index.order_ids()),
            "API": len(_all_orders(client)),
            "выгрузка": len([row for row in _dumped(year, "orders") if row.get("status", "published") != "withdrawn"]),
        },
    )
    yield Line("Отозванные распоряжения", {"сценарий": len(orders.withdrawn), "ответ 410 на месте файла": pages[410]})
    rows = _sql(f"SELECT ruling.id, surname, name, patronymic {_PUBLISHED} ORDER BY ruling.id")
    sample = Random("sample").sample(rows, min(SAMPLE, len(rows)))
    found = sum(id in year.parts.index.search(Query(text=" ".join(filter(None, person)))).ruling_ids for id, *person in sample)
    yield Line("Найдены поиском по имени", {"выборка": len(sample), "поиск": found})
    hashes = [row[0] for row in _sql("SELECT pdf_sha256 FROM official_order WHERE pdf_sha256 IS NOT NULL")]
    there = sum(files.path_of(year.settings.files_dir, sha256).exists() for sha256 in hashes)
    yield Line("Файлы распоряжений", {"записи": len(hashes), "на диске": there})


def _all_orders(client: Any) -> list[Any]:
    items: list[Any] = []
    address = "/api/v1/orders?limit=100"
    while address:
        answer = client.get(address).get_json()
        items += answer["items"]
        address = answer["next"]
    return items


def _dumped(year: Year, table: str) -> list[dict[str, str]]:
    """The rows of a table in the newest dump, as a spreadsheet reads them."""
    version = dumps.versions(year.settings)[0]
    file = next(one for one in version.files if one.table == table and ".csv" in one.name)
    data = (year.settings.dumps_dir / version.name / file.name).read_bytes()
    text = (gzip.decompress(data) if file.name.endswith(".gz") else data).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# --- Letters ----------------------------------------------------------------------------------------------------------------


def _letters(year: Year) -> Iterator[Line]:
    rows = _sql("SELECT name, channel, count(*) FROM letter WHERE application_id IS NOT NULL GROUP BY name, channel")
    there = {(name, channel): count for name, channel, count in rows}
    for key in sorted(set(year.ledger.letters) | set(there)):
        yield Line(f"Письма {' '.join(key)}", {"сценарий": year.ledger.letters[key], "записи": there.get(key, 0)})
    outside = "FROM letter WHERE channel <> 'cabinet'"
    yield Line(
        "Письма, ушедшие из системы",
        {
            "записи": _one(f"SELECT count(*) {outside}"),
            "отправлены с первого раза": _one(f"SELECT count(*) {outside} AND state = 'sent' AND attempts = 1"),
            "файлы": len(list(year.settings.outbox_dir.glob("[0-9]*"))),
        },
    )
    yield Line("Не отправлено писем", {"записи": _one("SELECT count(*) FROM letter WHERE state <> 'sent'"), "должно быть": 0})


# --- The journal ------------------------------------------------------------------------------------------------------------


def _journal(year: Year) -> Iterator[Line]:
    for record, word in WORDS.items():
        made = {word(verb): count for (of, verb), count in year.ledger.moves.items() if of == record}
        moves = {word(move.verb) for edition in EDITIONS for move in _road(record, edition)}
        rows = _sql("SELECT verb, count(*) FROM journal WHERE subject = ? GROUP BY verb", record)
        there = {verb: count for verb, count in rows if verb in moves or verb in made}
        for verb in sorted(set(made) | set(there)):
            if made.get(verb, 0) != there.get(verb, 0):
                yield Line(f"Журнал {verb}", {"сценарий": made.get(verb, 0), "записи": there.get(verb, 0)})
        yield Line(f"Действия журнала: {record}", {"сценарий": sum(made.values()), "записи": sum(there.values())})
    seals.seal_all()
    checked = seals.verify(on=year.diary.now)
    yield Line(
        "Цепочка журнала",
        {"записи": _one("SELECT count(*) FROM journal"), "запечатано": checked.head.number if checked.whole else -1},
    )


def _road(record: str, edition: str) -> Any:
    try:
        return road(record, edition).moves
    except (KeyError, FileNotFoundError):
        return ()


# --- The rest ---------------------------------------------------------------------------------------------------------------


def _rest(year: Year) -> Iterator[Line]:
    there = dict(_sql("SELECT name, count(*) FROM outgoing_record GROUP BY name"))
    for name in sorted(set(+year.ledger.outgoing) | set(there)):
        yield Line(f"Для других систем: {name}", {"сценарий": year.ledger.outgoing[name], "записи": there.get(name, 0)})
    yield Line(
        "Внесено в другие системы",
        {
            "сценарий": year.ledger.moves["outgoing", "mark_recorded"],
            "записи": _one("SELECT count(*) FROM outgoing_record WHERE status = 'recorded'"),
            "в выгрузках": _one("SELECT count(*) FROM outgoing_record WHERE batch_id IS NOT NULL"),
        },
    )
    closed = _one("SELECT count(*) FROM correction WHERE closed_on IS NOT NULL")
    asked = _one("SELECT sum(last) FROM correction_sequence")
    told = year.ledger.moves["correction", "submit"]
    yield Line("Запросы об исправлении", {"сценарий": told, "закрыты": closed, "последние номера годов": asked})
    complaints, numbers = _one("SELECT count(*) FROM complaint"), _one("SELECT sum(last) FROM complaint_sequence")
    yield Line(
        "Жалобы", {"сценарий": year.ledger.moves["complaint", "enter"], "записи": complaints, "последние номера годов": numbers}
    )
    ended = ", ".join(f"'{status}'" for status in ENDED)
    duties = _one(
        "SELECT count(*) FROM duty JOIN application ON application.id = duty.application_id"
        f" WHERE application.status IN ({ended}) OR application.merged_into_id IS NOT NULL"
    )
    yield Line("Поручения по закрытым делам", {"записи": duties, "должно быть": 0})
    steps = _one("SELECT count(*) FROM publication_step WHERE done_at IS NULL")
    yield Line("Шаги публикаций не сделаны", {"записи": steps, "должно быть": 0})
    yield Line("Неудавшиеся задания", {"записи": _one("SELECT count(*) FROM job WHERE state <> 'done'"), "должно быть": 0})
    minutes = [row[0] for row in _sql("SELECT pdf_sha256 FROM minutes")]
    kept = sum(bool(one) and files.path_of(year.settings.minutes_dir, one).exists() for one in minutes)
    yield Line("Версии протоколов", {"сценарий": year.ledger.moves["sitting", "close"], "записи": len(minutes), "файлы": kept})
