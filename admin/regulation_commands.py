"""Commands of the console about the texts of the regulation."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from ..site.parts import Parts
from ..site.regulation import check as checking


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
