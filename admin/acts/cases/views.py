"""Lists of applications: filters that somebody keeps for themselves, and that a list was taken out as a file."""

import datetime as dt
from urllib.parse import parse_qsl, urlencode

from ....models import SavedView, User, database
from ....procedure.refusal import Refusal
from ....site import fields, journal
from ....site.cases.moves import SUBJECT
from ...access import Permission, require

MOST_VIEWS = 30
LONGEST_QUERY = 1000


def keep(desk: str, name: str, query: str, *, by: User) -> SavedView:
    """Keep the filters of this address under a name, in place of those that had it."""
    require(by, Permission.READ_CASES)
    called = fields.line(SavedView.name, name)
    asked = urlencode([(key, value) for key, value in parse_qsl(query) if key != "page"])
    if len(asked) > LONGEST_QUERY:
        raise Refusal("Отбор слишком длинный: сократите то, что набрано в полях.")
    mine = SavedView.user == by, SavedView.desk == desk
    with database.atomic():
        others = SavedView.select().where(*mine, SavedView.name != called)
        if others.count() >= MOST_VIEWS:
            raise Refusal(f"Сохранено уже {MOST_VIEWS} отборов: удалите лишний.")
        written = SavedView.insert(user=by, desk=desk, name=called, query=asked)
        unique = [SavedView.user, SavedView.desk, SavedView.name]
        written.on_conflict(conflict_target=unique, update={SavedView.query: asked}).execute()
        kept: SavedView = SavedView.get(*mine, SavedView.name == called)
    return kept


def remove(view_id: int, *, by: User) -> None:
    """Forget filters; Refusal for those that are not there or not theirs, which look alike."""
    if not SavedView.delete().where(SavedView.id == view_id, SavedView.user == by).execute():
        raise Refusal("Такого отбора у вас нет: возможно, он уже удалён.")


def note_export(count: int, *, by: User, on: dt.datetime) -> None:
    """People's data leaves the service as a file: the journal says who took how many rows."""
    with database.atomic():
        journal.write(by=by, on=on, verb="export_cases", subject=SUBJECT, subject_id=0, details=f"строк: {count}")
