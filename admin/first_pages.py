"""The first texts of public pages: loaded once from `content/pages/`, afterwards the record is the truth."""

from importlib.resources import files

from ..models import Page, database


def load() -> list[str]:
    """Add the pages of `content/pages/*.md` that the site does not have; their paths. A file begins with `# Title`."""
    folder = files("attestation") / "content" / "pages"
    added = []
    with database.atomic():
        known = {page.path for page in Page.select(Page.path)}
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            path = file.name.removesuffix(".md")
            if file.name.endswith(".md") and path not in known:
                heading, _, body = file.read_text(encoding="utf-8").partition("\n")
                Page.create(path=path, title=heading.removeprefix("# ").strip(), body=body.strip() + "\n")
                added.append(path)
    return added
