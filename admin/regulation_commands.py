"""Commands of the console about the texts of the regulation."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from ..models import connection, utc_now
from ..site.parts import Parts
from ..site.regulation import SPB, UnknownClause, shelf
from ..site.regulation import check as checking
from ..site.regulation.official import Official
from .acts import regulation as acts
from .shell import refusals_as_errors


@click.group(name="regulation", help="Тексты регламента.")
def group() -> None:
    """The group of commands about the regulation."""


@group.command()
@with_appcontext
def check() -> None:
    """Проверить тексты всех редакций, и своих из DATA_DIR/editions; код завершения 1, если есть замечания."""
    parts: Parts = current_app.extensions["attestation"]
    editions, findings = checking.check(parts.settings.editions_dir)
    for finding in findings:
        click.echo(str(finding))
    if findings:
        click.echo(f"Замечаний: {len(findings)}", err=True)
        sys.exit(1)
    clauses = sum(len(edition.by_number) for edition in editions)
    click.echo(f"Редакций: {len(editions)}, пунктов: {clauses}. Замечаний нет.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="ФАЙЛ")
@click.option("--edition", "slug", default=SPB, show_default=True, help="Редакция, пунктам которой соответствует документ.")
@click.option("--yes", is_flag=True, help="Загрузить без вопроса.")
@with_appcontext
def import_official(file: Path, slug: str, yes: bool) -> None:
    """Показать на сайте официальный текст из ФАЙЛА (TXT, MD, DOCX, PDF с текстовым слоем) рядом с изложением.

    Сначала печатается, что в файле нашлось и чему не нашлось места; без --yes и без ответа на вопрос ничего не загружается.
    """
    parts: Parts = current_app.extensions["attestation"]
    with connection(), refusals_as_errors():
        try:
            edition = shelf(parts.settings.editions_dir).edition(slug)
        except UnknownClause as unknown:
            raise click.ClickException(str(unknown)) from None
        reading = acts.read(file.read_bytes(), file.name, edition)
        click.echo(_dry_run(reading.official))
        if not (yes or (sys.stdin.isatty() and click.confirm("Показать этот текст на сайте?"))):
            click.echo("Ничего не загружено. Чтобы загрузить, повторите с --yes.")
            return
        acts.import_official(reading, by=None, on=utc_now())
    click.echo(f"Официальный текст из файла {reading.file_name} показан на сайте.")


def _dry_run(official: Official) -> str:
    """What was found and what has no place, for people."""
    lines = [f"Размещено пунктов: {len(official.clauses)} из {len(official.edition.by_number)}."]
    told = {
        "Нет в файле": official.missing,
        "Нет в редакции на сайте": official.unknown,
        "Мало похожи на изложение, проверьте": official.doubtful,
    }
    lines += [f"{words}: {', '.join(numbers)}." for words, numbers in told.items() if numbers]
    if official.unplaced:
        width = max(len(left.place) for left in official.unplaced)
        lines += ["", "Не размещено:"]
        for left in official.unplaced:
            lines += [f"  {left.place:<{width}}  {left.reason}", f"  {'':<{width}}  {left.text}"]
    if official.taken_out:
        lines += ["", "Убрано как номера страниц, колонтитулы и оглавление:"]
        lines += [f"  {text}" for text in official.taken_out]
    return "\n".join(lines)
