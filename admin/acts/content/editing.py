"""While somebody writes: what they typed is kept for them, and others see that they are at it. Neither is in the journal."""

import datetime as dt

from ....models import Autosave, EditLock, Node, Revision, User
from ....procedure.words import LocalRole
from ....site import fields
from ...access import require_local
from .holding import unchanged

LOCKED_FOR = dt.timedelta(minutes=15)


def autosave(node: Node, *, version: int, title: str, summary: str, body: str, by: User, on: dt.datetime) -> Autosave:
    """Keep what this person typed over this version of the node, in place of what was kept for them before."""
    require_local(by, unchanged(node), LocalRole.AUTHOR)
    typed = {
        "title": fields.line(Revision.title, title, required=False),
        "summary": fields.line(Revision.summary, summary, required=False),
        "body": fields.paragraph(Revision.body, body),
    }
    anew = [Autosave.version, Autosave.title, Autosave.summary, Autosave.body, Autosave.saved_at]
    mine = [Autosave.node, Autosave.user]
    kept = Autosave.insert(node=node, user=by, version=version, saved_at=on, **typed)
    kept.on_conflict(conflict_target=mine, preserve=anew).execute()
    return Autosave.get(Autosave.node == node, Autosave.user == by)


def forget_autosave(node: Node, *, by: User) -> None:
    """Forget what was kept for this person."""
    Autosave.delete().where(Autosave.node == node, Autosave.user == by).execute()


def lock(node: Node, *, by: User, on: dt.datetime) -> EditLock:
    """Tell others for a quarter of an hour that this person is editing, if nobody else is: the lock as it stands then, which
    may be somebody else's. It stops nobody from saving."""
    require_local(by, unchanged(node), LocalRole.AUTHOR)
    until = on + LOCKED_FOR
    free = (EditLock.user == by) | (EditLock.until <= on)
    taken = EditLock.insert(node=node, user=by, until=until)
    taken.on_conflict(conflict_target=[EditLock.node], preserve=[EditLock.user, EditLock.until], where=free).execute()
    return EditLock.get(EditLock.node == node)


def unlock(node: Node, *, by: User) -> None:
    """Take this person's lock away; somebody else's stays."""
    EditLock.delete().where(EditLock.node == node, EditLock.user == by).execute()
