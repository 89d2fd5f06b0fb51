"""Commands of the console about letters."""

import sys

import click
from flask.cli import with_appcontext

from ..models import connection, utc_now
from ..site.letters.reports import read_report
from .acts import letters as acts
from .shell import refusals_as_errors

# A report with the letter that it returns; a longer one is cut, what matters stands before.
LONGEST_REPORT = 10 * 1024 * 1024


@click.group(name="letters", help="Письма.")
def group() -> None:
    """The group of commands about letters."""


@group.command()
@click.argument("letter", required=False, metavar="[MESSAGE-ID|АДРЕС]")
@click.option("--reason", default="Почта адресата вернула письмо.", show_default=True, help="Почему, для сотрудников.")
@with_appcontext
def bounced(letter: str | None, reason: str) -> None:
    """Отметить, что письмо вернулось: по Message-ID или последнее из отправленных на адрес.

    Без аргумента читает со стандартного входа отчёт почтового сервера (RFC 3464): так команду вызывает почтовая труба.
    """
    with connection(), refusals_as_errors():
        if letter:
            found = acts.last_sent_to(letter) if _address(letter) else acts.by_message_id(letter)
            if found is None:
                raise click.ClickException("Такого отправленного письма нет.")
            acts.bounce(found, reason, on=utc_now())
        elif not _bounced_by_report(sys.stdin.buffer.read(LONGEST_REPORT)):
            # Not an error: the server of mail would report it to whoever reported to us.
            click.echo("Это не отчёт о наших письмах, отмечать нечего.")
            return
    click.echo("Отмечено: письмо вернулось.")


def _bounced_by_report(data: bytes) -> bool:
    report = read_report(data)
    found = acts.by_message_id(report.message_id) if report else None
    if report is None or found is None:
        return False
    acts.bounce(found, report.reason, on=utc_now())
    return True


def _address(letter: str) -> bool:
    """Whether this is an address of mail rather than one of our Message-IDs, whose left side begins with a number."""
    return not letter.startswith("<") and not letter.partition(".")[0].isdigit()
