"""Public pages: create and edit. Whoever saves over a newer text is told, and loses nothing."""

import datetime as dt
import re

from peewee import IntegrityError

from ...models import Page, User, database
from ...procedure.refusal import Refusal
from .. import journal
from ..access import Permission, require
from . import fields

_PATH = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")
# First parts of addresses that belong to the product itself: a page there would never be seen.
TAKEN = {"admin", "account", "api", "feed", "forms", "healthz", "metrics", "news", "orders", "regulation", "rubrics", "search"}
TAKEN |= {"sitemap", "static", "status", "verify"}


class Overtaken(Refusal):
    """Somebody saved the page meanwhile; `newer` is what stands there now."""

    def __init__(self, newer: Page) -> None:
        super().__init__("Пока вы правили, страницу сохранил другой сотрудник. Сравните тексты и сохраните то, что нужно.")
        self.newer = newer


def create(*, path: str, title: str, body: str, by: User, on: dt.datetime) -> Page:
    """Add a page at this path (`about/contacts`)."""
    require(by, Permission.EDIT_PAGES)
    path = fields.line(Page.path, path).strip("/").lower()
    if not _PATH.fullmatch(path):
        raise Refusal("Адрес страницы состоит из латинских букв, цифр, дефисов и косых черт, например about/contacts.")
    if path.partition("/")[0] in TAKEN:
        raise Refusal(f"Адрес «/{path}/» занят самим сайтом: выберите другой.")
    texts = _texts(title, body)
    try:
        with database.atomic():
            page = Page.create(path=path, updated_at=on, **texts)
            journal.write(by=by, on=on, verb="create_page", subject="page", subject_id=page.id, details=f"/{path}/")
    except IntegrityError:
        raise Refusal(f"Страница «/{path}/» уже есть: откройте её в списке.") from None
    return page


def edit(page: Page, *, version: int, title: str, body: str, by: User, on: dt.datetime) -> Page:
    """Save the page over the version the person saw; Overtaken if there is a newer one."""
    require(by, Permission.EDIT_PAGES)
    texts = _texts(title, body)
    with database.atomic():
        same = Page.id == page.id, Page.version == version
        if not Page.update(version=version + 1, updated_at=on, **texts).where(*same).execute():
            raise Overtaken(Page.get_by_id(page.id))
        journal.write(by=by, on=on, verb="edit_page", subject="page", subject_id=page.id, details=f"/{page.path}/")
    return Page.get_by_id(page.id)


def _texts(title: str, body: str) -> dict[str, str]:
    return {"title": fields.line(Page.title, title), "body": fields.paragraph(Page.body, body, required=True) + "\n"}
