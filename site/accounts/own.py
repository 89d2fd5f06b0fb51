"""Whose account an act is about: everybody changes their own only, and proves it anew where a stolen session would do harm."""

from ...models import User
from ...procedure.refusal import Refusal
from .. import passwords


class WrongProof(Refusal):
    """A wrong password or code where somebody has to prove anew who they are: a try that counts."""


def require_own(user: User, by: User | None) -> None:
    """Refusal unless this person acts on the account of their own."""
    if by is None or by.id != user.id:
        raise Refusal("Менять можно только собственную учётную запись.")


def hold(user_id: int | None) -> None:
    """Writing the row locks it: two acts on one account wait for each other before they touch its other rows."""
    User.update(active=User.active).where(User.id == user_id).execute()


def require_password(user: User, password: str) -> None:
    """WrongProof unless this is the person's password. Who signs in through a provider alone has none to give."""
    if user.password_hash and not passwords.matches(user.password_hash, password):
        raise WrongProof("Текущий пароль неверен. Проверьте раскладку клавиатуры и Caps Lock.")
