"""Groups of experts and their leaders. Each act is one transaction with its journal."""

import datetime as dt
from typing import Any

from peewee import IntegrityError

from ....models import Expert, ExpertGroup, User, database
from ....procedure.refusal import Refusal
from ....procedure.words import Role
from ....site import fields, journal
from ...access import Permission, require

OVERTAKEN = "Группа уже изменена другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."
SUBJECT = "expert_group"


def create(name: str, *, leader: User | None, by: User, on: dt.datetime, demo: bool = False) -> ExpertGroup:
    """Begin a group."""
    require(by, Permission.GOVERN_GROUPS)
    named = fields.line(ExpertGroup.name, name)
    _leads(leader)
    _free(named)
    try:
        with database.atomic():
            group = ExpertGroup.create(name=named, leader=leader, demo=demo)
            _note(group, "add_group", by, on, str(leader.full_name) if leader else "")
    except IntegrityError:
        _free(named)
        raise
    return group


def edit(group: ExpertGroup, *, name: str, leader: User | None, by: User, on: dt.datetime) -> ExpertGroup:
    """Rename a group, name another leader. Cases keep the leader that was named for them."""
    require(by, Permission.GOVERN_GROUPS)
    named = fields.line(ExpertGroup.name, name)
    if leader != group.leader:
        _leads(leader)
    _free(named, but=group)
    try:
        with database.atomic():
            _hold(group, name=named, leader=leader)
            _note(group, "edit_group", by, on, str(leader.full_name) if leader else "")
    except IntegrityError:
        _free(named, but=group)
        raise
    return _seen(group, name=named, leader=leader)


def close(group: ExpertGroup, *, by: User, on: dt.datetime) -> ExpertGroup:
    """Close a group in which no expert of the bank is left."""
    require(by, Permission.GOVERN_GROUPS)
    with database.atomic():
        _hold(group, active=False)
        if left := Expert.select().where(Expert.group == group, Expert.active).count():
            raise Refusal(f"В группе ещё есть эксперты ({left}): сначала переведите их в другую группу.")
        _note(group, "close_group", by, on)
    return _seen(group, active=False)


def reopen(group: ExpertGroup, *, by: User, on: dt.datetime) -> ExpertGroup:
    """Open a closed group again."""
    require(by, Permission.GOVERN_GROUPS)
    with database.atomic():
        _hold(group, active=True)
        _note(group, "open_group", by, on)
    return _seen(group, active=True)


def as_seen(group: ExpertGroup, version: int | None) -> ExpertGroup:
    """The group, if it is still the version that the person's screen showed; Refusal if somebody was quicker."""
    if group.version != version:
        raise Refusal(OVERTAKEN)
    return group


def _leads(leader: User | None) -> None:
    if leader is not None and (not leader.active or Role.LEADER not in leader.role_set()):
        raise Refusal("У этого сотрудника нет роли «руководитель экспертной группы»: роль даёт администратор.")


def _free(name: str, but: ExpertGroup | None = None) -> None:
    wanted = fields.folded(name)
    others = ExpertGroup.select().where(ExpertGroup.id != (but.id if but else None))
    if any(fields.folded(other.name) == wanted for other in others):
        raise Refusal(f"Группа «{name}» уже есть: выберите другое название.")


def _hold(group: ExpertGroup, **changes: Any) -> None:
    written = {"version": group.version + 1, **changes}
    if not ExpertGroup.update(written).where(ExpertGroup.id == group.id, ExpertGroup.version == group.version).execute():
        raise Refusal(OVERTAKEN)


def _seen(group: ExpertGroup, **changes: Any) -> ExpertGroup:
    for name, value in {"version": group.version + 1, **changes}.items():
        setattr(group, name, value)
    return group


def _note(group: ExpertGroup, verb: str, by: User, on: dt.datetime, details: str = "") -> None:
    journal.write(by=by, on=on, verb=verb, subject=SUBJECT, subject_id=group.id, details=details)
