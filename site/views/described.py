"""What a page says of itself to search engines and to those who share it: Open Graph and schema.org."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from ...procedure.words import NodeKind
from ..content import Item, Words
from .layout import parts, seen

SCHEMA = "https://schema.org"
ABOUT = "about"
"""The path of the page that tells what the service is."""


@dataclass(frozen=True)
class Described:
    """The page in a few words; addresses are whole. `data` is what schema.org is told."""

    title: str
    address: str
    summary: str = ""
    kind: str = "website"
    picture: str = ""
    data: tuple[dict[str, Any], ...] = ()

    @property
    def graph(self) -> dict[str, Any]:
        """The data as one document."""
        return {"@context": SCHEMA, "@graph": list(self.data)}


def home(title: str, summary: str) -> Described:
    """The home page: it is the service."""
    return Described(title, whole(url_for("pages.home")), summary, data=(service(),))


def material(item: Item, words: Words, address: str, picture: str = "") -> Described:
    """A page of the content tree; `picture` is the address of its first one."""
    data = [trail(item)]
    if item.kind is NodeKind.NEWS:
        data.append(article(item, words, picture))
    if item.path == ABOUT:
        data.append(service())
    kind = "article" if item.kind is NodeKind.NEWS else "website"
    return Described(words.title, whole(address), words.summary, kind, whole(picture) if picture else "", tuple(data))


def whole(address: str) -> str:
    """The address with the site's own before it."""
    return parts().settings.site_url + address


def service() -> dict[str, Any]:
    """The service of the state that this site is about."""
    settings = parts().settings
    return _typed(
        "GovernmentService",
        name="Аттестация педагогических работников в целях установления квалификационной категории",
        url=whole(url_for("pages.home")),
        serviceType="Установление первой и высшей квалификационной категории",
        provider=_authority(),
        termsOfService=whole(url_for("regulation.index")),
        availableChannel=_typed(
            "ServiceChannel",
            serviceUrl=whole(url_for("pages.home")),
            availableLanguage="ru",
            servicePhone=_typed("ContactPoint", telephone=settings.contact_phone) if settings.contact_phone else None,
        ),
    )


def article(item: Item, words: Words, picture: str) -> dict[str, Any]:
    """A news item."""
    _, now = seen()
    published, changed = item.first_public_at, item.changed_at(now)
    return _typed(
        "NewsArticle",
        headline=words.title,
        description=words.summary or None,
        url=whole(item.address),
        mainEntityOfPage=whole(item.address),
        image=whole(picture) if picture else None,
        datePublished=published.isoformat() if published else None,
        dateModified=changed.isoformat() if changed else None,
        inLanguage="ru",
        author=_authority(),
        publisher=_authority(),
    )


def trail(item: Item) -> dict[str, Any]:
    """Where the page stands, from the home page down to itself."""
    tree, now = seen()
    steps = ((step.address, words.title) for step in tree.chain(item) if (words := step.showing(now)))
    return _typed(
        "BreadcrumbList",
        itemListElement=[
            _typed("ListItem", position=position, name=title, item=whole(address))
            for position, (address, title) in enumerate(steps, 1)
        ],
    )


def _authority() -> dict[str, Any]:
    settings = parts().settings
    return _typed(
        "GovernmentOrganization",
        name=settings.authority_name,
        address=settings.contact_address or None,
        telephone=settings.contact_phone or None,
        email=settings.contact_email or None,
    )


def _typed(kind: str, **facts: Any) -> dict[str, Any]:
    """A thing of schema.org; what is not known is not said."""
    return {"@type": kind} | {name: value for name, value in facts.items() if value is not None}
