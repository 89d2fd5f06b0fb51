"""Commands of the console for control: the journal's chain, what is over its time of keeping."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from ..models import connection, utc_now
from ..site import seals
from ..site.control.stores import due
from ..site.dates import day_of
from ..site.parts import Parts
from .acts.control import destruction, papers
from .shell import refusals_as_errors


@click.command(name="verify-journal")
@click.option("--since-head", "since", default="", metavar="ХЕШ", help="Голова, записанная раньше: должна остаться в цепочке.")
@with_appcontext
def verify_journal(since: str) -> None:
    """Проверить цепочку журнала: цела ли она, а если нет, то где разорвана. Состояние выхода 1, если нарушена.

    Сначала скрепляет записи, которые ещё не скреплены. Номер и хеш головы можно записать на бумагу.
    """
    with connection():
        seals.seal_all()
        found = seals.check(by=None, on=utc_now(), since=since.strip().lower())
    click.echo(f"Записей в целой части цепочки: {found.sealed}")
    click.echo(f"Голова: {found.head}")
    if found.finding:
        click.echo(f"Цепочка нарушена. {found.finding}")
        sys.exit(1)
    click.echo("Цепочка цела.")


@click.command()
@click.option("--dry-run", "dry", is_flag=True, help="Показать, что можно уничтожить; ничего не трогать.")
@click.option("--destroy", is_flag=True, help="Исполнить списки, которые утвердил начальник отдела.")
@with_appcontext
def retention(dry: bool, destroy: bool) -> None:
    """Сроки хранения: что можно уничтожить, и исполнение утверждённого.

    Список составляют и утверждают в рабочем месте (Контроль – Сроки хранения); без утверждения ничего не уничтожается.
    """
    if dry == destroy:
        raise click.UsageError("Укажите одно из двух: --dry-run или --destroy.")
    with connection(), refusals_as_errors():
        _show() if dry else _destroy()


def _show() -> None:
    for store, count in due(day_of(utc_now())):
        why = f"пункт {store.clause}" if store.clause else "установлено службой"
        click.echo(f"{count:>8}  {store.title} ({papers.term_of(store)}, {why})")


def _destroy() -> None:
    parts: Parts = current_app.extensions["attestation"]
    waiting = list(destruction.waiting())
    for one in waiting:
        destruction.carry_out(one, parts.settings.cases_dir, on=utc_now())
        act = papers.destruction_act(one, parts.settings.authority_name)
        sha256, size = papers.freeze(act, parts.settings.control_dir)
        destruction.freeze_act(one, sha256=sha256, size=size, on=utc_now())
        click.echo(f"Список № {one.id} исполнен, акт зафиксирован.")
    if not waiting:
        click.echo("Утверждённых списков нет.")
