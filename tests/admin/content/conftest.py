"""What tests of the acts on materials share: people with local roles, materials brought to a status by the acts themselves."""

from dataclasses import dataclass
from typing import Any

import pytest

from attestation.admin.acts import content
from attestation.models import JournalEntry, Node, User, UserRole
from attestation.procedure.words import LocalRole, NodeKind, Role
from attestation.tests.conftest import NOON, Cast

Texts = content.Texts
BODY = "Заявление подаёт сам педагог."
# What a material of each kind says at least, to be complete; a file is made by its own test.
SAID: dict[NodeKind, dict[str, str]] = {
    NodeKind.PAGE: {"body": BODY},
    NodeKind.NEWS: {"body": BODY},
    NodeKind.LINK: {"target": "https://example.org/"},
}


@dataclass(frozen=True)
class Staff:
    """Everybody who could try: the roles of the office, two people with whom the section is shared, two strangers."""

    admin: User
    editor: User
    author: User
    approver: User
    secretary: User
    nobody: User
    departed: User
    section: Node

    def named(self, *names: str) -> list[User]:
        """The people of these names."""
        return [getattr(self, name) for name in names]


PEOPLE = ("admin", "editor", "author", "approver", "secretary", "nobody", "departed")


@pytest.fixture
def staff(cast: Cast) -> Staff:
    """The section /razdel, shared with an author and an approver who have no role that helps them."""
    # The database of the tests was made today; the tests live on a day of their own.
    Node.update(live_from=NOON, first_public_at=NOON).where(Node.path == "").execute()
    section = make(cast.admin, NodeKind.FOLDER, "razdel", parent=root())
    section = content.publish(section, version=1, by=cast.admin, on=NOON)
    people = {}
    for login, name in (("avtor", "Писалова Ия Глебовна"), ("odobr", "Одобрялов Ян Ильич"), ("nikto", "Лишний Юрий Ильич")):
        people[login] = User.create(login=login, full_name=name, password_hash="-", created_at=NOON)
    UserRole.create(user=people["avtor"], role=Role.SECRETARY)
    UserRole.create(user=people["odobr"], role=Role.PUBLISHER)
    content.share(section, people["avtor"], LocalRole.AUTHOR, by=cast.admin, on=NOON)
    content.share(section, people["odobr"], LocalRole.APPROVER, by=cast.admin, on=NOON)
    # Whoever left may still be on the list of those who could work here.
    content.share(section, cast.secretary, LocalRole.APPROVER, by=cast.admin, on=NOON)
    content.unshare(section, cast.secretary, by=cast.admin, on=NOON)
    return Staff(
        admin=cast.admin,
        editor=cast.editor,
        author=people["avtor"],
        approver=people["odobr"],
        secretary=cast.secretary,
        nobody=people["nikto"],
        departed=cast.departed,
        section=section,
    )


def root() -> Node:
    """The site itself."""
    return Node.get(Node.path == "")


def again(node: Node) -> Node:
    """The node as the table holds it."""
    return Node.get_by_id(node.id)


def make(by: User, kind: NodeKind = NodeKind.PAGE, name: str = "stranica", *, parent: Node | None = None, **said: Any) -> Node:
    """A complete draft, made by the act; in /razdel if no section is named."""
    parent = parent or Node.get(Node.path == "razdel")
    said = {"title": "Как подать заявление", **SAID.get(kind, {}), **said}
    return content.create(parent, kind=kind, name=name, texts=Texts(**said), by=by, on=NOON)


def step(node: Node, verb: str, by: User, **more: Any) -> Node:
    """The move, made on the node as it is now."""
    return content.step(again(node), verb, version=again(node).version, by=by, on=NOON, **more)


def at(status: str, by: User, node: Node | None = None) -> Node:
    """A page of /razdel, or the given draft, brought to this status by the acts."""
    node = node or make(by)
    roads = {
        "draft": (),
        "review": ("submit",),
        "published": ("publish",),
        "published_draft": ("publish", "save"),
        "published_review": ("publish", "save", "submit_copy"),
        "withdrawn": ("publish", "withdraw"),
    }
    for verb in roads[status]:
        if verb == "save":
            node = save(node, by, body="Новый текст рабочей копии.")
        else:
            node = step(node, verb, by, reason="Устарело" if verb == "withdraw" else "")
    assert node.status == status
    return node


def save(node: Node, by: User, **said: Any) -> Node:
    """The newest text with these changes, saved over the node as it is now."""
    node = again(node)
    texts = Texts(**{**Texts.of(node.revision()).columns(), **said})
    return content.save(node, version=node.version, texts=texts, by=by, on=NOON)


def entries(node: Node) -> list[tuple[str, str, str]]:
    """The journal of a node: verb, who, details."""
    mine = JournalEntry.select().where(JournalEntry.subject == "node", JournalEntry.subject_id == node.id)
    return [(entry.verb, entry.who, entry.details) for entry in mine.order_by(JournalEntry.id)]


def paths() -> list[str]:
    """The addresses of the whole tree in the order of bytes, as both databases give them."""
    return sorted(node.path for node in Node.kept())
