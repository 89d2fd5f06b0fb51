"""The pages of the regulation."""

import datetime as dt
import io
import json
from collections.abc import Callable

import pikepdf
import pypdf
import pytest
from flask.testing import FlaskClient

from attestation import models
from attestation.site import regulation
from attestation.site.settings import Settings

from ..regulation import second_edition
from ..regulation.second_edition import SLUG
from .conftest import Open

Today = Callable[[int, int, int], None]
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Today:
    """Set the day it is."""
    return lambda *day: monkeypatch.setattr(models, "utc_now", lambda: dt.datetime(*day, 9, tzinfo=dt.UTC))


@pytest.fixture
def later(settings: Settings) -> None:
    """An installation whose office has added a later edition."""
    second_edition.make(settings.editions_dir)


def test_the_whole_document(open_: Open) -> None:
    page = open_("/regulation/")
    edition = regulation.edition()
    clauses = page.root.all("section", class_="clause")
    assert [section.attributes["id"] for section in clauses] == [
        *(f"p-{number}" for number in edition.by_number),
        *("appendix-1", "appendix-2", "appendix-3", "appendix-4"),
    ]
    assert "Это изложение своими словами, а не официальный текст." in page.root.text


def test_what_matters_to_an_expert(open_: Open) -> None:
    page = open_("/regulation/for/expert/")
    shown = [section.attributes["id"] for section in page.root.all("section", class_="clause")]
    expected = [f"p-{clause.number}" for clause in regulation.edition().by_number.values() if clause.matters_to("expert")]
    assert shown == [*expected, "appendix-2", "appendix-3"]
    assert 0 < len(expected) < len(regulation.edition().by_number)


@pytest.mark.parametrize("path", ["/regulation/2.6.2", "/regulation/2.6", "/regulation/3-1.1.1.1", "/regulation/lenobl/1"])
def test_a_clause_has_its_own_page(open_: Open, path: str) -> None:
    page = open_(path)
    number = path.rsplit("/", 1)[1]
    slug = regulation.LENOBL if "lenobl" in path else regulation.SPB
    assert page.root.one("h1").text == f"Пункт {number}. {regulation.edition(slug).clause(number).title}"


def test_another_document(open_: Open) -> None:
    page = open_("/regulation/lenobl/")
    assert page.root.one("h1").text == regulation.edition(regulation.LENOBL).name


@pytest.mark.parametrize("path", ["/regulation/9.9", "/regulation/for/pupils/", "/regulation/lenobl/99", "/regulation/other/"])
def test_what_is_not_there_is_said(open_: Open, path: str) -> None:
    open_(path, status=404)


# ── parts and their addresses ───────────────────────────────────────────────────────────────────────────────────────


def test_every_clause_on_the_whole_page_has_an_anchor_and_an_address_to_copy(open_: Open) -> None:
    page = open_("/regulation/")
    numbers = [link for link in page.main.all("a", class_="clause-number") if "data-copy" in link.attributes]
    assert [(link.text, link.attributes["href"]) for link in numbers] == [
        (number, f"/regulation/{number}") for number in regulation.edition().by_number
    ]
    assert numbers[0].attributes["data-copy"] == "пункта 1.1"
    contents = page.main.one("nav", class_="toc")
    ids = {element.attributes["id"] for element in page.main.all() if "id" in element.attributes}
    assert {link.attributes["href"].removeprefix("#") for link in contents.all("a")} <= ids


def test_a_reference_is_a_link_that_says_where_it_leads(open_: Open) -> None:
    body = open_("/regulation/2.6").main.all("div", class_="prose")[0]
    assert [(link.text, link.attributes["href"], link.attributes["title"].split(". ")[0]) for link in body.all("a")] == [
        ("2.6.1", "/regulation/2.6.1", "Заявление об аттестации"),
        ("2.6.7", "/regulation/2.6.7", regulation.edition().clause("2.6.7").title),
    ]


@pytest.mark.parametrize("place", ["1", "2", "3-1", "6"])
def test_a_section_has_its_own_page(open_: Open, place: str) -> None:
    page = open_(f"/regulation/section-{place}")
    section = regulation.edition().section(place)
    assert page.h1 == section.heading
    shown = [one.attributes["id"] for one in page.main.all("section", class_="clause")]
    assert shown == [f"p-{clause.number}" for clause in section.clauses]


@pytest.mark.parametrize(
    ("number", "links"),
    [
        ("1", {"заполнить на сайте": "/forms/application", "PDF, Заявление": "/forms/application.pdf"}),
        ("2", {"DOCX, Опись индивидуальной папки": "/forms/inventory.docx", "пункт 2.6.2": "/regulation/2.6.2"}),
        ("3", {"формы с баллами и калькулятором": "/rubrics/", "Экспертное заключение": "/forms/#conclusion"}),
        ("4", {"PDF, Акт о рассмотрении жалобы": "/forms/complaint.pdf", "пункт 6.5.6": "/regulation/6.5.6"}),
    ],
)
def test_an_appendix_leads_to_its_form_and_to_the_clause_that_asks_for_it(
    open_: Open, number: str, links: dict[str, str]
) -> None:
    page = open_(f"/regulation/appendix-{number}")
    appendix = regulation.edition().appendix(number)
    assert page.h1 == f"{appendix.heading.replace(chr(0xA0), ' ')}"
    assert links.items() <= page.links().items()
    whole = open_("/regulation/").main.one("section", id=f"appendix-{number}")
    assert whole.one("h3").one("a").attributes["href"] == f"/regulation/appendix-{number}"


def test_machines_are_told_what_law_it_is(open_: Open) -> None:
    page = open_("/regulation/2.6.2")
    data = json.loads(page.root.one("script", type="application/ld+json").pieces[0])
    assert (data["@type"], data["name"], data["url"]) == (
        "Legislation",
        "Пункт 2.6.2. Индивидуальная папка",
        f"{SITE}/regulation/2.6.2",
    )
    assert data["isPartOf"]["legislationDateOfApplicability"] == "2021-04-13"
    assert data["isPartOf"]["legislationLegalForce"] == "https://schema.org/InForce"
    assert page.root.one("link", rel="canonical").attributes["href"] == f"{SITE}/regulation/2.6.2"


# ── search inside ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_found_and_marked(open_: Open) -> None:
    page = open_("/regulation/search?q=бесплатной услуги")
    first = page.main.all("ol", class_="hits")[0].all("li")[0]
    assert first.one("a").attributes["href"] == "/regulation/2.12"
    assert [mark.text for mark in first.all("mark")] == ["Услуга", "бесплатна", "услугу"]


def test_a_number_leads_to_its_clause(client: FlaskClient) -> None:
    addresses = {
        "/regulation/search?q=2.6.2": "/regulation/2.6.2",
        "/regulation/search?q=приложение 1": "/regulation/appendix-1",
        "/regulation/lenobl/search?q=пункт 5": "/regulation/lenobl/5",
        f"/regulation/edition/{regulation.SPB}/search?q=2.6": f"/regulation/edition/{regulation.SPB}/2.6",
    }
    for path, target in addresses.items():
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, target)


def test_nothing_found_helps_on(open_: Open) -> None:
    page = open_("/regulation/search?q=жираф")
    assert page.main.one("section", class_="empty").one("h2").text == "Ничего не найдено"
    assert "По запросу «жираф» в этом документе ничего нет." in page.text
    assert page.links()["содержанию"] == "/regulation/"


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("а" * 201, "Слишком длинный запрос: оставьте главные слова, до 200 знаков."),
        ("!?*", "В запросе нет ни слова, ни числа: напишите, что ищете, или номер пункта."),
    ],
)
def test_a_strange_query_gets_a_polite_answer_and_is_kept(open_: Open, query: str, refusal: str) -> None:
    page = open_(f"/regulation/search?q={query}", 400)
    assert page.main.one("p", class_="refusal").text == f"Ошибка: {refusal}"
    assert page.main.one("input", id="inside").attributes["value"] == query


# ── editions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_edition_of_a_filing_day_is_named_with_the_reason(open_: Open) -> None:
    page = open_("/regulation/editions?date=2021-09-01")
    answer = page.main.one("div", id="answer")
    assert answer.all("p")[0].text.startswith("Применяется редакция, которая действует с 13 апреля 2021 года:")
    assert answer.all("p")[1].text == "Почему: 1 сентября 2021 года действовала она. Более поздней редакции на сайте нет."
    assert answer.one("a").attributes["href"] == "/regulation/"


def test_a_day_before_the_first_edition_gets_an_honest_answer(open_: Open) -> None:
    page = open_("/regulation/editions?date=12.04.2021&document=spb")
    text = page.main.one("div", id="answer").text
    assert text.startswith("12 апреля 2021 года ни одна редакция этого документа ещё не действовала.")
    assert "Самая ранняя на сайте начала действовать 13 апреля 2021 года" in text


def test_a_day_that_is_none_is_refused_and_kept(open_: Open) -> None:
    page = open_("/regulation/editions?date=31.02.2022&document=lenobl", 400)
    assert page.main.one("p", id="date-refusal").text.startswith("Ошибка: Такой даты нет")
    assert page.main.one("input", id="date").attributes["value"] == "31.02.2022"
    assert page.main.one("option", value="lenobl").attributes.get("selected") is not None


def test_the_current_address_follows_the_day(open_: Open, later: None, today: Today) -> None:
    today(2027, 8, 31)
    assert "80" not in open_("/regulation/2.4").main.one("dl", class_="clause-facts").text
    future = open_(f"/regulation/edition/{SLUG}/2.4")
    assert "Это будущая редакция. Она начнёт действовать 1 сентября 2027 года." in future.text
    today(2027, 9, 1)
    assert "80 календарных дней" in open_("/regulation/2.4").main.one("dl", class_="clause-facts").text
    past = open_(f"/regulation/edition/{regulation.SPB}/2.14")
    assert "Это прежняя редакция. Она действовала с 13 апреля 2021 года по 31 августа 2027 года." in past.text
    assert past.root.one("link", rel="canonical").attributes["href"] == f"{SITE}/regulation/edition/{regulation.SPB}/2.14"
    open_("/regulation/2.14", 404)
    answer = open_("/regulation/editions?date=2027-08-31").main.one("div", id="answer")
    assert answer.one("a").attributes["href"] == f"/regulation/edition/{regulation.SPB}/"
    assert "Следующая начинает действовать только 1 сентября 2027 года." in answer.text


def test_all_editions_are_listed(open_: Open, later: None, today: Today) -> None:
    today(2028, 1, 1)
    page = open_("/regulation/editions")
    rows = [
        (item.one("a").attributes["href"], item.one("span", class_="tag").text)
        for item in page.main.all("ul", class_="editions")[0].all("li")
    ]
    assert rows == [("/regulation/", "действует"), (f"/regulation/edition/{regulation.SPB}/", "прежняя")]


def test_the_edition_in_force_is_found_under_its_short_address(open_: Open) -> None:
    page = open_(f"/regulation/edition/{regulation.SPB}/2.6")
    assert page.root.one("link", rel="canonical").attributes["href"] == f"{SITE}/regulation/2.6"
    assert page.main.all("p", class_="standing") == []


@pytest.mark.parametrize(
    "path", ["edition/spb-1999-01-01/", "edition/spb-2021-04-13/9.9", "section-9", "appendix-9", "9.9.pdf"]
)
def test_parts_that_are_not_there_are_refused(open_: Open, path: str) -> None:
    open_(f"/regulation/{path}", 404)


def test_a_broken_edition_takes_nothing_down(open_: Open, settings: Settings, later: None) -> None:
    (settings.editions_dir / SLUG / "edition.toml").write_text("name = ", encoding="utf-8")
    assert open_("/regulation/").h1 == "Административный регламент"
    open_(f"/regulation/edition/{SLUG}/", 404)


# ── comparison ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_with_one_edition_there_is_nothing_to_compare(open_: Open) -> None:
    assert "У каждого документа на сайте пока одна редакция: сравнивать не с чем." in open_("/regulation/compare").text


def test_two_editions_are_compared(open_: Open, later: None, today: Today) -> None:
    today(2026, 1, 1)
    page = open_(f"/regulation/compare?old={regulation.SPB}&new={SLUG}")
    headings = [heading.text for heading in page.main.all("h3")]
    assert headings == [
        "2.4 Сколько длится услуга изменён",
        "2.12 Услуга бесплатна изменён",
        "2.19 [добавлено: Электронная очередь] добавлен",
        "2.14 [удалено: Сколько ждать в очереди] исключён",
        "3.3.2 Как проходит экспертиза изменён",
        "4.4 → 4.5 Контроль со стороны граждан и организаций перенесён",
        "Приложение № 1 Форма заявления изменено",
        "Форма 1",
    ]
    changed = page.main.all("section", class_="clause")
    assert changed[1].one("div", class_="differing").text == (
        "Заявитель ничего не платит: ни государственной пошлины, ни [удалено: иной платы] [добавлено: сбора] за услугу нет."
    )
    assert [term.text for term in changed[0].one("dd").all("p")] == [
        "[удалено: 90 календарных дней, с даты подачи заявления и документов — вся услуга]",
        "[добавлено: 80 календарных дней, с даты подачи заявления и документов — вся услуга]",
    ]
    assert changed[4].one("dd").text == "[удалено: второй эксперт]; [добавлено: третий эксперт]"
    scores = page.main.all("section", class_="compared")[0]
    assert [cell.text for cell in scores.all("td", class_="points")] == ["60", "65"]
    assert [cell.text for cell in scores.one("table", class_="thresholds").all("td")] == ["140 → 150", "360"]


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        (f"old={SLUG}&new={SLUG}", "Ошибка: Выбрана одна и та же редакция: укажите две разные."),
        (f"old={SLUG}&new={regulation.LENOBL}", "Ошибка: Это редакции разных документов: сравнить можно редакции одного."),
        ("old=spb-1999-01-01", "Ошибка: Такой редакции нет: выберите её из списка."),
    ],
)
def test_what_cannot_be_compared_is_said(open_: Open, later: None, query: str, refusal: str) -> None:
    assert open_(f"/regulation/compare?{query}", 400).main.one("p", class_="refusal").text == refusal


# ── on paper ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_clause_as_tagged_pdf_with_its_stamp(client: FlaskClient, settings: Settings) -> None:
    answer = client.get("/regulation/2.6.2.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = " ".join(pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    assert "Пункт 2.6.2. Индивидуальная папка" in text
    assert "Редакция действует с 13 апреля 2021 г. Изложение, не официальный текст." in text
    assert f"{SITE}/regulation/edition/{regulation.SPB}/2.6.2" in text.replace(" ", "")
    (kept,) = (settings.cache_dir / "regulation").iterdir()
    assert kept.read_bytes() == answer.data == client.get("/regulation/2.6.2.pdf").data
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "ru"


def test_the_files_of_old_editions_are_theirs(client: FlaskClient, later: None, today: Today) -> None:
    today(2028, 1, 1)
    old = client.get(f"/regulation/edition/{regulation.SPB}/2.14.pdf")
    text = " ".join(pypdf.PdfReader(io.BytesIO(old.data)).pages[0].extract_text().split())
    assert "Редакция действует с 13 апреля 2021 г. по 31 августа 2027 г." in text
    assert client.get("/regulation/2.14.pdf").status_code == 404


def test_the_map_names_every_part(client: FlaskClient, later: None, today: Today) -> None:
    today(2028, 1, 1)
    places = client.get("/sitemap.xml").text
    wanted = ["/regulation/", "/regulation/2.19", "/regulation/section-3-1", "/regulation/appendix-4", "/regulation/editions"]
    wanted += [f"/regulation/edition/{regulation.SPB}/2.14", "/regulation/lenobl/section-1", "/regulation/lenobl/19"]
    assert [place for place in wanted if f"<loc>{SITE}{place}</loc>" not in places] == []
    assert f"<loc>{SITE}/regulation/edition/{SLUG}/" not in places
