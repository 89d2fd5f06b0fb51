"""The printed order: what it says, how it is laid out, that it is tagged, whole and the same every time."""

import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdf
import pytest

from attestation.models import Order, Ruling
from attestation.site.printing.order_words import example_sheet, order_sheet, permanent_address
from attestation.site.printing.orders import OrderSheet, PrintedOrder, print_order, sheet_from_plain, sheet_to_plain
from attestation.site.printing.press import PressFailed, order_apart
from attestation.site.settings import Settings
from attestation.tests.conftest import plain_settings

ROWS = 60
HEADER = "№ п/п Фамилия, имя, отчество Должность Место работы Категория Решение"


@pytest.fixture(scope="module")
def sheet() -> OrderSheet:
    return example_sheet(ROWS)


@pytest.fixture(scope="module")
def printed(sheet: OrderSheet) -> PrintedOrder:
    return print_order(sheet)


@pytest.fixture(scope="module")
def texts(printed: PrintedOrder) -> list[str]:
    """The text of each page, its spaces evened out."""
    return [evened(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(printed.data)).pages]


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    """Settings as far as a printed order needs them."""
    return replace(plain_settings(tmp_path, "sqlite:///:memory:"), site_url="https://example.org")


def evened(text: str) -> str:
    return " ".join(text.split())


def registered_order(**fields: object) -> Order:
    values = {
        "title": "Об установлении квалификационной категории",
        "basis": "",
        "number": "12-р",
        "registered_on": dt.date(2026, 3, 1),
        "signatory_position": "Председатель Комитета",
        "signatory_name": "А.Б. Образцова",
        "demo": False,
    }
    return Order(**{**values, **fields})


def row(number: int, established: bool = True, **fields: str) -> Ruling:
    values = {
        "surname": "Образцова",
        "name": "Мария",
        "patronymic": "Петровна",
        "position": "учитель",
        "organization": "Школа № 5",
    }
    return Ruling(number=number, category="first", established=established, **{**values, **fields})


# --- What it says -----------------------------------------------------------------------------------------------------------


def test_the_first_page_carries_the_requisites_in_their_order(texts: list[str]) -> None:
    assert texts[0] == (
        "КОМИТЕТ ПО ОБРАЗОВАНИЮ РАСПОРЯЖЕНИЕ 10 марта 2026 г. № 77-р "
        "Об установлении (отказе в установлении) квалификационной категории педагогическим работникам "
        "На основании решения аттестационной комиссии (протокол от 05.03.2026 № 3): "
        "1. Установить квалификационные категории 56 педагогическим работникам с отметкой «установлена» в графе «Решение» "
        "согласно приложению к настоящему распоряжению. "
        "2. Отказать в установлении квалификационных категорий 4 педагогическим работникам с отметкой «отказано» "
        "в графе «Решение» согласно приложению к настоящему распоряжению. "
        "Председатель Комитета А.Б. Образцова "
        "Постоянный адрес распоряжения на сайте, где можно сверить этот документ: https://example.org/orders/2026/77-р/ "
        "Демонстрационный документ. Люди и организации вымышлены. "
        f"стр. 1 из {len(texts)}"
    )


def test_the_annex_begins_on_a_new_page_and_says_whose_it_is(texts: list[str]) -> None:
    assert texts[1].startswith(
        "Приложение к распоряжению от 10 марта 2026 г. № 77-р "
        f"Решения о квалификационных категориях педагогических работников {HEADER} 1 Примерова-Тестовская"
    )
    assert texts[1].endswith(f" стр. 2 из {len(texts)}")


def test_every_page_is_numbered_and_repeats_the_header_of_the_table(texts: list[str], printed: PrintedOrder) -> None:
    assert printed.pages == len(texts) > 3
    for number, text in enumerate(texts[2:], 3):
        assert text.startswith(f"{HEADER} ")
        assert text.endswith(f" стр. {number} из {len(texts)}")


def test_every_row_is_there_once_whole_and_on_the_page_that_is_told(
    texts: list[str], printed: PrintedOrder, sheet: OrderSheet
) -> None:
    assert list(printed.row_pages) == list(range(1, ROWS + 1))
    assert [printed.row_pages[1], printed.row_pages[ROWS]] == [2, len(texts)]
    for line in sheet.lines:
        cells = (line.number, line.person, line.position, line.organization, line.category, line.decision)
        wanted = " ".join(map(str, cells))
        pages = [number for number, text in enumerate(texts, 1) if f" {wanted}" in text]
        assert pages == [printed.row_pages[line.number]], wanted


def test_an_order_without_refusals_has_one_point_and_no_column_of_decisions() -> None:
    sheet = example_sheet(2)
    text = " ".join(evened(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(print_order(sheet).data)).pages)
    assert "1. Установить квалификационные категории 2 педагогическим работникам согласно приложению" in text
    assert "2. " not in text and "Решение" not in text
    assert text.endswith(
        "2 Вымыслов Пётр Ильич педагог дополнительного образования "
        + evened(sheet.lines[1].organization)
        + " первая стр. 2 из 2"
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (1, "1 педагогическому работнику"),
        (2, "2 педагогическим работникам"),
        (11, "11 педагогическим работникам"),
        (21, "21 педагогическому работнику"),
        (111, "111 педагогическим работникам"),
    ],
)
def test_the_points_count_people_in_good_russian(rows: int, words: str, office: Settings) -> None:
    agreed = order_sheet(registered_order(), [row(number) for number in range(1, rows + 1)], office)
    assert plain(agreed.points) == [
        f"Установить квалификационные категории {words} согласно приложению к настоящему распоряжению."
    ]
    refused = order_sheet(registered_order(), [row(number, False) for number in range(1, rows + 1)], office)
    assert plain(refused.points) == [
        f"Отказать в установлении квалификационных категорий {words} с отметкой «отказано» в графе «Решение» "
        "согласно приложению к настоящему распоряжению."
    ]


def plain(points: tuple[str, ...]) -> list[str]:
    return [evened(point) for point in points]


@pytest.mark.parametrize(
    ("given", "preamble", "basis"),
    [
        ("", "По результатам аттестации педагогических работников в целях установления квалификационных категорий", ""),
        ("На основании решения комиссии:", "На основании решения комиссии", ""),
        (
            "протокол от 05.03.2026 № 3.",
            "По результатам аттестации педагогических работников в целях установления квалификационных категорий",
            "протокол от 05.03.2026 № 3",
        ),
    ],
)
def test_a_basis_is_a_preamble_or_a_line_of_its_own(given: str, preamble: str, basis: str, office: Settings) -> None:
    made = order_sheet(registered_order(basis=given), [row(1)], office)
    assert (made.preamble, made.basis) == (preamble, basis)


def test_only_a_registered_order_is_printed(office: Settings) -> None:
    with pytest.raises(ValueError, match="number and a date"):
        order_sheet(registered_order(number=None), [row(1)], office)


def test_the_address_is_good_for_a_qr_code() -> None:
    assert permanent_address("https://example.org", 2026, "12/3-р") == "https://example.org/orders/2026/12%2F3-%D1%80/"


@pytest.mark.parametrize(
    "hostile", ["<b>Жирная</b>", "{{ 7 * 7 }}", "{% raw %}", "&lt;Иванова&gt;", '"><img src=file:///etc/hostname>']
)
def test_hostile_words_are_printed_as_they_are(hostile: str, office: Settings) -> None:
    order = registered_order(title=hostile, signatory_position=hostile)
    data = print_order(order_sheet(order, [row(1, surname=hostile)], office)).data
    text = evened(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))
    assert text.replace(" ", "").count(hostile.replace(" ", "")) == 3


# --- How it is made ---------------------------------------------------------------------------------------------------------


def test_the_file_is_tagged_titled_and_in_russian(printed: PrintedOrder) -> None:
    with pikepdf.open(io.BytesIO(printed.data)) as pdf:
        assert pdf.pdf_version == "1.7"
        assert pdf.Root.Lang == "ru"
        assert pdf.Root.MarkInfo.Marked is True
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
        title = (
            "Распоряжение от 10 марта 2026 г. № 77-р "
            "«Об установлении (отказе в установлении) квалификационной категории педагогическим работникам»"
        )
        assert evened(str(pdf.docinfo.Title)) == title
        assert pdf.docinfo.Author == "Комитет по образованию"
        assert pdf.docinfo.CreationDate == "D:20260310"
        with pdf.open_metadata() as metadata:
            assert (metadata.pdfa_status, evened(metadata["dc:title"])) == ("2A", title)
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/AcroForm" not in pdf.Root


def test_each_row_can_be_linked_to(printed: PrintedOrder) -> None:
    with pikepdf.open(io.BytesIO(printed.data)) as pdf:
        names = {str(name) for name in list(pdf.Root.Names.Dests.Names)[::2]}
        assert names == {f"row-{number}" for number in range(1, ROWS + 1)}


def test_the_structure_tells_headings_table_and_picture(printed: PrintedOrder) -> None:
    with pikepdf.open(io.BytesIO(printed.data)) as pdf:
        kinds = [str(element.S) for element in structure(pdf.Root.StructTreeRoot)]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 2
        assert kinds.count("/TD") == ROWS * 6
        assert kinds.count("/TH") == 6 * (printed.pages - 1)
        (figure,) = (element for element in structure(pdf.Root.StructTreeRoot) if element.S == "/Figure")
        assert figure.Alt == "QR-код с постоянным адресом распоряжения: https://example.org/orders/2026/77-р/"
        assert {str(element.A.Scope) for element in structure(pdf.Root.StructTreeRoot) if element.S == "/TH"} == {"/Column"}
        assert {len(element.A.Headers) for element in structure(pdf.Root.StructTreeRoot) if element.S == "/TD"} == {1}


def structure(element: pikepdf.Object) -> "list[pikepdf.Object]":
    """All elements of the structure, from top to bottom."""
    kids = element.get("/K", pikepdf.Array())
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    below = [child for child in kids if isinstance(child, pikepdf.Dictionary) and "/S" in child]
    return [found for child in below for found in (child, *structure(child))]


def test_every_font_is_embedded_and_ours(printed: PrintedOrder) -> None:
    assert fonts(printed.data) == {
        "PT-Sans",
        "PT-Sans-Bold",
        "PT-Sans-Narrow-Bold-Condensed",
        "PT-Sans-Narrow-Condensed",
        "PT-Serif",
        "PT-Serif-Bold",
    }


def fonts(data: bytes) -> set[str]:
    """The names of the fonts, all of them checked to be embedded."""
    found = set()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
                found.add(re.sub(r"^/[A-Z]{6}\+", "", str(descriptor.FontName)))
    return found


def test_the_same_order_gives_the_same_bytes(sheet: OrderSheet, printed: PrintedOrder) -> None:
    assert print_order(sheet).data == printed.data
    other = replace(sheet, address="https://example.org/orders/2026/78-%D1%80/")
    assert pikepdf.open(io.BytesIO(print_order(other).data)).trailer.ID != pikepdf.open(io.BytesIO(printed.data)).trailer.ID


def test_progress_goes_up_to_the_end(sheet: OrderSheet, printed: PrintedOrder) -> None:
    told: list[tuple[int, int]] = []
    print_order(sheet, lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[0] == (0, 10)
    assert told[-1] == (printed.pages * 2, printed.pages * 2)


# --- In a process of its own ------------------------------------------------------------------------------------------------


def test_a_sheet_survives_the_way_to_another_process(sheet: OrderSheet) -> None:
    assert sheet_from_plain(sheet_to_plain(sheet)) == sheet


def test_printing_apart_gives_the_same(sheet: OrderSheet, printed: PrintedOrder) -> None:
    told: list[tuple[int, int]] = []
    assert order_apart(sheet, lambda done, total: told.append((done, total))) == printed
    assert told[-1] == (printed.pages * 2, printed.pages * 2)


def test_who_waits_may_change_their_mind(sheet: OrderSheet) -> None:
    class Enough(Exception):
        pass

    def watch() -> None:
        raise Enough

    with pytest.raises(Enough):
        order_apart(sheet, watch=watch)


def test_a_broken_press_is_told(sheet: OrderSheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attestation.site.printing.press.COMMAND", ("false",))
    with pytest.raises(PressFailed, match="status 1"):
        order_apart(sheet)
