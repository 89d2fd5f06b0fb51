"""A letter as it leaves: the words of the record with where to look and from whom, as mail or as a short message."""

import re
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...models import Letter
from ...procedure.road import road
from ..cases.people import APPLICANTS
from ..settings import Settings
from ..subscriptions.links import Links
from .trouble import Refused

TEMPLATES = Path(__file__).parents[1] / "templates" / "letters"
LONGEST_TEXT_MESSAGE = 300
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


class WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that stays in one line: an address in it, taken apart and encoded, would be none for a mail program."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", WholeHeader)
POLICY = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True)
class Sheet:
    """What both forms of a letter say. `address`: where to look; `clause`: which it rests on; both may be empty."""

    subject: str
    paragraphs: tuple[tuple[str, ...], ...]
    address: str
    about_case: bool
    clause: str
    service: str
    authority: str
    phone: str


def path_of(letter: Letter) -> str:
    """Where the addressee finds what the letter is about: a case in the cabinet or in the office; empty when nowhere."""
    if not letter.application_id:
        return letter.path
    ours = letter.role in {role.value for role in APPLICANTS}
    return f"/account/applications/{letter.application_id}/" if ours else f"/admin/cases/{letter.application_id}/"


def clause_of(letter: Letter) -> str:
    """The clause that the letter rests on; empty when the road has no such letter."""
    case = letter.application
    letters = road("application", case.edition).letters if case else ()
    return next((one.clause for one in letters if one.name == letter.name), "")


def sheet_of(letter: Letter, settings: Settings) -> Sheet:
    """The letter, ready to be laid out."""
    path = path_of(letter)
    return Sheet(
        subject=letter.subject,
        paragraphs=paragraphs(letter.body),
        address=settings.site_url + path if path else "",
        about_case=letter.application_id is not None,
        clause=clause_of(letter),
        service=settings.service_name,
        authority=settings.authority_name,
        phone=settings.contact_phone,
    )


def paragraphs(body: str) -> tuple[tuple[str, ...], ...]:
    """The lines of each paragraph."""
    return tuple(tuple(part.splitlines()) for part in re.split(r"\n{2,}", body.strip()))


def mail_of(letter: Letter, settings: Settings) -> EmailMessage:
    """The letter as mail: text and the same as HTML; made twice it is the same. Raises Refused for what is no address."""
    sheet = sheet_of(letter, settings)
    message = EmailMessage(policy=POLICY)
    message["Message-ID"] = letter.message_id
    message["Date"] = letter.created_at
    message["From"] = _sender(settings)
    message["To"] = addressee(letter.address)
    message["Subject"] = sheet.subject
    message["Content-Language"] = "ru"
    # Neither an answering machine nor another robot is to answer (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.subscriber:
        # A button of the mail program, pressed without opening anything (RFC 8058).
        message["List-Unsubscribe"] = f"<{Links.of(settings).stop(letter.subscriber)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Base64, so that lines are short and a server without 8BITMIME passes them on unchanged.
    message.set_content(_laid_out("mail.txt", sheet), cte="base64")
    message.add_alternative(_laid_out("mail.html", sheet), subtype="html", cte="base64")
    message.set_boundary(f"letter-{letter.id}")
    return message


def text_message_of(letter: Letter, settings: Settings) -> str:
    """The letter as a short message to a telephone: what it is about, and where to read it."""
    path = path_of(letter)
    told = f"{letter.subject}. {settings.site_url}{path}" if path else letter.subject
    return told[:LONGEST_TEXT_MESSAGE]


def addressee(address: str) -> Address:
    """The address as servers of mail read it: a Cyrillic domain in its ASCII form. Refused for what is no address."""
    name, _, domain = address.rpartition("@")
    try:
        if not (name and domain and name.isascii()):
            raise ValueError(address)
        return Address(username=name, domain=domain.encode("idna").decode("ascii"))
    except (UnicodeError, ValueError):
        raise Refused("На такой адрес письмо отправить нельзя: проверьте его.") from None


def _sender(settings: Settings) -> Address:
    return Address(display_name=settings.service_name, addr_spec=settings.mail.sender)


def _laid_out(template: str, sheet: Sheet) -> str:
    return _environment().get_template(template).render(sheet=sheet)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["linked"] = linked
    return made


def linked(line: str) -> Markup:
    """A line of a letter as HTML, whole addresses in it as links."""
    shown = Markup()
    done = 0
    for found in _ADDRESS.finditer(line):
        shown += line[done : found.start()]
        shown += Markup('<a href="{0}">{0}</a>').format(found[0])
        done = found.end()
    return shown + line[done:]
