"""Commands of the console about the scoring forms. They read packaged data only: no database, no settings of their own."""

import json
import shutil
import sys
import textwrap

import click

from ..rubrics import check as checking
from ..rubrics import forms
from ..rubrics.scoring import CATEGORIES, InvalidClaims, Score, score_request

INDENT = 18


@click.command()
@click.argument("form", type=int, metavar="НОМЕР")
@click.argument("claims", type=click.Path(allow_dash=True), metavar="ФАЙЛ")
@click.option("--position", required=True, help="Должность: строка таблицы баллов формы.")
@click.option("--category", required=True, help="Категория: first (первая) или highest (высшая).")
@click.option("--role", help="преподаватель или концертмейстер: формы 8 и 9.")
@click.option("--discipline", help="Дисциплина: строка 1.1 формы 9.")
@click.option("--json", "as_json", is_flag=True, help="Вывести ответ программного интерфейса.")
def score(
    form: int, claims: str, position: str, category: str, role: str | None, discipline: str | None, as_json: bool
) -> None:
    """Подсчитать баллы по форме НОМЕР для строк портфолио из ФАЙЛА (- значит стандартный ввод).

    ФАЙЛ: список JSON [{"criterion": "1.1", "option": 3, "count": 1}, …] или объект с таким списком в поле claims. Код
    завершения: 0, если подсчитано (в том числе «не соответствует»), 1, если посчитать нельзя.
    """
    request = {"position": position, "category": category, "role": role, "discipline": discipline, "claims": _read(claims)}
    try:
        found = score_request(form, request)
    except InvalidClaims as invalid:
        raise click.ClickException(f"{invalid.field}: {invalid.sentence}" if invalid.field else invalid.sentence) from None
    click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2) if as_json else _table(found))


@click.group(help="Формы экспертных заключений.")
def rubrics() -> None:
    """The group of commands about the data of the forms."""


@rubrics.command()
@click.option("--edition", "name", default=forms.CURRENT, show_default=True, help="Редакция.")
def check(name: str) -> None:
    """Проверить данные форм; код завершения 1, если есть замечания."""
    try:
        findings = checking.check(name)
    except forms.UnknownForm as unknown:
        raise click.ClickException(str(unknown)) from None
    for finding in findings:
        click.echo(str(finding))
    if findings:
        click.echo(f"Замечаний: {len(findings)}", err=True)
        sys.exit(1)
    click.echo(_summary(name))


def _read(path: str) -> object:
    """The list of claims; also taken from an object that holds it, such as a request to the programming interface."""
    try:
        with click.open_file(path, "rb") as file:
            data: object = json.loads(file.read().decode("utf-8"))
    except OSError as error:
        raise click.ClickException(f"Файл {path} не открывается: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise click.ClickException(f"Файл {path} не разобран: нужен JSON в кодировке UTF-8.") from None
    return data["claims"] if isinstance(data, dict) and "claims" in data else data


def _table(found: Score) -> str:
    """The score for people: rows with explanations, sections, the total against what is required."""
    width = max(60, min(shutil.get_terminal_size().columns, 120))
    who = [found.position, f"{CATEGORIES[found.category]} категория", found.role, found.discipline]
    lines = [f"Форма {found.form}: {', '.join(part for part in who if part)}", "", f"{'Строка':<10}{'Баллы':>6}  Пояснение"]
    for row in found.explanations:
        text = textwrap.fill(row.text, width - INDENT, break_long_words=False).replace("\n", "\n" + " " * INDENT)
        lines.append(f"{row.criterion:<10}{row.points:>6}  {text}")
    lines.append("")
    for part in found.sections:
        lines.append(f"Раздел {part.section}: {_range(part.low, part.points)}{_needed(part.required)}")
    lines.append(f"Итого: {_range(found.low, found.total)}{_needed(found.required)}")
    lines.append(_verdict(found))
    return "\n".join(lines)


def _range(low: int, high: int) -> str:
    return str(high) if low == high else f"от {low} до {high}"


def _needed(required: int | None) -> str:
    return f", нужно {required}" if required else ""


def _verdict(found: Score) -> str:
    """Whether it meets, and on what that depends where the source is silent about adding."""
    if found.meets and not found.meets_strictly:
        return "Соответствует, если варианты складываются: регламент этого не уточняет, решает эксперт."
    if found.missing:
        return f"Не соответствует: не хватает {found.missing}."
    return f"{found.verdict.capitalize()}." if found.meets else "Не соответствует: не набран минимум раздела."


def _summary(name: str) -> str:
    edition = forms.edition(name)
    ready = [forms.form(entry.number, name) for entry in edition.forms if entry.ready]
    counts = {
        "форм": f"{len(ready)} из {len(edition.forms)}",
        "критериев": sum(len(form.criteria) for form in ready),
        "вариантов": sum(form.options_count for form in ready),
        "строк таблиц баллов": sum(len(form.thresholds) + len(form.section_thresholds) for form in ready),
    }
    told = ", ".join(f"{word} {count}" for word, count in counts.items())
    return f"{edition.title}: {told}. Замечаний нет."
