"""Commands of the console about the texts of the regulation."""

import sys

import click

from ..site import regulation


@click.group(name="regulation", help="Тексты регламента.")
def group() -> None:
    """The group of commands about the regulation."""


@group.command()
def check() -> None:
    """Проверить тексты всех редакций; код завершения 1, если есть замечания."""
    findings = [
        f"{slug}: пункт {clause}: пункта {number} нет"
        for slug in regulation.EDITIONS
        for clause, number in regulation.edition(slug).dangling()
    ]
    for finding in findings:
        click.echo(finding)
    if findings:
        click.echo(f"Замечаний: {len(findings)}", err=True)
        sys.exit(1)
    click.echo("Замечаний нет.")
