"""The bar that the site shows on a managed page to those who may work on it: ways to the desk of materials."""

from ...models import Node
from ...procedure.road import OFFICE, road
from ...procedure.words import LocalRole, NodeKind
from ...site.content import Item
from ...site.views.staff import Bar
from ..access import local_roles
from ..login import signed_in

WORKING_COPY = frozenset({"published_draft", "published_review"})


def bar_of(item: Item) -> Bar | None:
    """The bar of a material for the person of this request; None for who may do nothing there. Seven queries at most."""
    user = signed_in()
    roles = local_roles(user, Node.get_by_id(item.id)) if user else frozenset()
    if not roles:
        return None
    desk = f"/admin/content/{item.id}/"
    folder = item.kind is NodeKind.FOLDER
    ways = [
        ("Править", f"{desk}edit/"),
        ("Содержание раздела", desk if folder else f"/admin/content/{item.parent_id}/"),
        ("История", f"{desk}history/"),
        (f"Состояние: {road('content', OFFICE).statuses[item.status]}", f"{desk}state/"),
    ]
    if LocalRole.APPROVER in roles:
        ways.append(("Доступ", f"{desk}share/"))
    if folder:
        ways.append(("+ Добавить", f"{desk}new/"))
    return Bar(tuple(ways), f"{desk}preview/" if item.status in WORKING_COPY else "")
