"""A scoring form as a workbook that calculates: a sheet to fill in, the thresholds, explanations."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ...rubrics.forms import edition
from ...rubrics.shape import Form
from ..files import kept
from .calculation_sheet import FIRST_THRESHOLD, THRESHOLDS, CalculationSheet, Filling
from .conclusions import digest, printed_clause, short_title, source
from .spreadsheet import HEADER, Styles, height, lay_out

# Raise it when this code writes other sheets: files kept from before are then made anew.
LOOK = 1


def calculation_xlsx(form: Form, fillings: Sequence[Filling] = (Filling(),)) -> bytes:
    """The workbook: a sheet «Расчёт» for each filling, the thresholds, explanations. The same form gives the same bytes."""
    data = io.BytesIO()
    book = Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    found, title = edition(form.edition), short_title(form)
    book.set_properties(
        {
            "title": f"Форма {form.number}. {title}: расчёт баллов",
            "subject": source(found).act,
            "created": dt.datetime.fromisoformat(found.date),
        }
    )
    styles = Styles(book)
    for number, filling in enumerate(fillings, 1):
        name = "Расчёт" if number == 1 else f"Расчёт {number}"
        CalculationSheet(form, filling, book.add_worksheet(name), styles).write(title)
    _write_thresholds(form, book.add_worksheet(THRESHOLDS), styles)
    _write_explanations(form, book.add_worksheet("Пояснения"), styles)
    book.close()
    return data.getvalue()


def kept_calculation(form: Form, cache_dir: Path) -> Path:
    """The file of the empty workbook, made at the first call for this form and look."""
    path = cache_dir / "calculations" / f"{form.edition}-{form.number:02}-{digest(LOOK, form)}.xlsx"
    return kept(path, lambda: calculation_xlsx(form))


def _write_thresholds(form: Form, sheet: Worksheet, styles: Styles) -> None:
    sheet.set_column(0, 0, 90)
    sheet.set_column(1, 3, 26)
    sheet.merge_range(0, 0, 0, 3, form.conclusion.thresholds, styles(bold=True, font_size=12))
    header = styles.cell(bold=True, bg_color=HEADER, align="center")
    titles = [*form.conclusion.thresholds_columns, *(["Роль"] if any(row.roles for row in form.thresholds) else [])]
    for column, title in enumerate(titles):
        sheet.write_string(2, column, title, header)
    rows = [(row.position, row.first, row.highest, row.roles) for row in form.thresholds]
    rows += [(row.label, row.first, row.highest, ()) for row in form.section_thresholds]
    sheet.set_row(2, 32)
    for place, (name, first, highest, roles) in enumerate(rows, FIRST_THRESHOLD - 1):
        sheet.set_row(place, height(name, 90))
        sheet.write_string(place, 0, name, styles.cell())
        for column, asked in enumerate((first, highest), 1):
            upper = f'"–{asked.max}"' if asked.max is not None else '" и выше"'
            sheet.write_number(place, column, asked.min, styles.cell(align="center", num_format=f"0{upper}"))
        if roles:
            sheet.write_string(place, 3, roles[0] if len(roles) == 1 else "на выбор", styles.cell())
    lay_out(sheet, f"Форма {form.number}")
    sheet.freeze_panes(3, 0)


def _write_explanations(form: Form, sheet: Worksheet, styles: Styles) -> None:
    sheet.set_column(0, 0, 110)
    found = edition(form.edition)
    where = source(found)
    sheet.write_string(0, 0, "Пояснения", styles(bold=True, font_size=12))
    for place, text in enumerate(_explanations(form), 1):
        sheet.write_string(place, 0, text, styles())
        sheet.set_row(place, height(text, 110))
    sheet.set_row(place + 2, 30)
    sheet.write_string(place + 2, 0, f"Источник: {where.appendix}. {where.act}.".replace("\N{NO-BREAK SPACE}", " "), styles())
    lay_out(sheet, f"Форма {form.number}")


def _explanations(form: Form) -> Iterator[str]:
    yield "Выберите должность и категорию, впишите в жёлтые клетки, сколько у вас результатов. Пустая клетка — ноль."
    yield "Остальные клетки защищены от случайных правок, пароля нет: защиту можно снять в меню программы."
    yield (
        "«Засчитано результатов» показывает, что осталось после ограничений: лучший вариант, не более стольких-то мероприятий "
        "(первыми берутся самые дорогие), не более стольких-то баллов."
    )
    if any(row.unstated for row in form.criteria):
        yield (
            "Где регламент не говорит, складываются ли варианты, таблица складывает их, каждый по одному разу. «При строгом "
            "прочтении» засчитан только лучший из них. Решает эксперт."
        )
    best = [section.number for section in form.sections if section.rule == "best"]
    if best:
        yield f"Засчитывается только лучшая строка раздела: раздел {', '.join(best)}."
    if any(row.restriction for row in form.criteria):
        yield "Серые строки с отметкой «закрыто» — не для выбранной должности: что в них вписано, не считается."
    if form.disciplines:
        yield "Вид дисциплин нужен там, где баллы за каждого следующего обучающегося зависят от него."
    pupils = [row.clause for row in form.criteria if row.rule.distinct_students]
    if pupils:
        yield (
            f"Чего таблица не умеет: в строках {', '.join(pupils)} результаты должны быть у разных обучающихся. "
            "Одного обучающегося впишите один раз, с лучшим результатом."
        )
    yield "Отрицательные баллы (взыскания, жалобы) вычитаются один раз, если вписать 1."
    yield "Расчёт предварительный: баллы выставляет эксперт по документам индивидуальной папки."
    for row in form.criteria:
        if row.remark:
            yield f"Строка {printed_clause(row)}. {row.remark}"
