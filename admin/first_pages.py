"""The first texts of public pages: loaded once from `content/pages/`, afterwards the record is the truth."""

from importlib.resources import files

from ..models import Node, Revision, database, utc_now


def load() -> list[str]:
    """Add the pages of `content/pages/*.md` that the site does not have; their paths. A file begins with `# Title`."""
    folder = files("attestation") / "content" / "pages"
    added = []
    with database.atomic():
        root, now = Node.get(Node.path == ""), utc_now()
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            path = file.name.removesuffix(".md")
            if file.name.endswith(".md") and not Node.select().where(Node.path == path).exists():
                heading, _, body = file.read_text(encoding="utf-8").partition("\n")
                shown = {"status": "published", "live": 1, "live_from": now, "first_public_at": now}
                node = Node.create(parent=root, kind="page", name=path, path=path, **shown)
                Revision.create(node=node, number=1, title=heading.removeprefix("# ").strip(), body=body.strip() + "\n")
                added.append(path)
    return added
