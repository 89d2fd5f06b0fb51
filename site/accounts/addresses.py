"""What people sign in with: a login or an e-mail address, as they are kept and compared."""

import re
import unicodedata

from ...models import User
from ...procedure.refusal import Refusal

# A local part that any mail server takes; the domain may be written in Cyrillic.
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
# The address of a teacher is their login too, which has so much room.
LONGEST = 80


def login_key(text: str) -> str:
    """The name for signing in as it is kept and looked up: case and spaces around do not matter."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def email_address(text: str, *, longest: int = LONGEST) -> str:
    """The address as it is kept. Refusal for what is no address, or a longer one than there is room for."""
    address = login_key(text)
    if not address:
        raise Refusal("Укажите адрес электронной почты.")
    if len(address) > longest:
        raise Refusal(f"Адрес электронной почты длиннее {longest} знаков: укажите другой, покороче.")
    if not _EMAIL.fullmatch(address):
        raise Refusal("Проверьте адрес электронной почты: он выглядит как name@example.org.")
    return address


def found(key: str) -> User | None:
    """Whose login or e-mail address this is; one query."""
    # A login first: an address cannot become the login of one and the mailbox of another, but for two acts at one moment.
    people = User.select().where((User.login == key) | (User.email == key)).order_by(User.login != key).limit(1)
    first: User | None = people.first()
    return first


def taken(address: str, *, but: User | None = None) -> bool:
    """Whether somebody else signs in with this address."""
    others = User.select().where((User.login == address) | (User.email == address))
    return (others.where(User.id != but.id) if but else others).exists()
