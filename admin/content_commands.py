"""Commands of the console about the content tree: out into a folder of Markdown files, in from one."""

import hashlib
from dataclasses import replace
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from ..models import Blob, connection, utc_now
from ..site import uploads
from ..site.content import portable
from ..site.parts import Parts
from .acts.content.files import kept
from .acts.content.portable import bring_in, take_out
from .shell import refusals_as_errors

SAID = {"added": "Добавлено", "changed": "Изменено", "same": "Без изменений"}

content = AppGroup("content", help="Материалы сайта.")


@content.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="ПАПКА")
@with_appcontext
def export_content(folder: Path) -> None:
    """Выгрузить все материалы в пустую ПАПКУ: файлы Markdown с описанием, рядом загруженные файлы."""
    if folder.exists() and any(entry.name != ".git" for entry in folder.iterdir()):
        raise click.ClickException(f"Папка «{folder}» не пуста: укажите пустую или уберите из неё прежнюю выгрузку.")
    store = _uploads_dir()
    count = 0
    with connection(), refusals_as_errors():
        for document in take_out(read=lambda sha256: uploads.path_of(store, sha256).read_bytes(), on=utc_now()):
            for name, data in portable.files(document):
                place = folder / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
            count += 1
    click.echo(f"Выгружено материалов: {count}. Папка: {folder}")


@content.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="ПАПКА")
@click.option("--trial", is_flag=True, help="Только показать, что изменится.")
@with_appcontext
def import_content(folder: Path, trial: bool) -> None:
    """Загрузить материалы из ПАПКИ: новые добавить, у изменившихся записать новую редакцию. Ничего не удаляется."""
    store, on = _uploads_dir(), utc_now()

    def keep(data: bytes, text: portable.Text) -> Blob:
        checked = uploads.check(data, text.file_name)
        # What our own site has exported was written anew when it came: doing so again would change it once more.
        exported = hashlib.sha256(data).hexdigest() == text.sha256
        return kept(store, replace(checked, data=data) if exported else checked, on)

    with connection(), refusals_as_errors():
        try:
            changes = bring_in(portable.documents(folder), keep=keep, by=None, on=on, trial=trial)
        except portable.BrokenFile as broken:
            raise click.ClickException(str(broken)) from None
    for change in changes:
        if change.what != "same":
            click.echo(f"{SAID[change.what]}: /{change.path}")
    counts = ", ".join(f"{words.lower()}: {sum(change.what == what for change in changes)}" for what, words in SAID.items())
    click.echo(f"{'Проба, ничего не записано. ' if trial else ''}Материалов {len(changes)}, из них {counts}.")


def _uploads_dir() -> Path:
    parts: Parts = current_app.extensions["attestation"]
    return parts.settings.uploads_dir
