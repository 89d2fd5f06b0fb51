"""The addresses that letters to subscribers lead to. A subscriber's own are signed, so that the tables hold none of them."""

import hashlib
import hmac
from dataclasses import dataclass

from ...models import Subscriber
from ..settings import Settings


@dataclass(frozen=True)
class Links:
    """Whole addresses of this site."""

    site_url: str
    secret: str

    @classmethod
    def of(cls, settings: Settings) -> "Links":
        return cls(settings.site_url, settings.secret_key)

    def confirm(self, token: str) -> str:
        """Where a subscription is confirmed."""
        return f"{self.site_url}/subscribe/confirm/{token}"

    def own(self, subscriber: Subscriber) -> str:
        """What this mailbox is subscribed to."""
        return f"{self.site_url}/subscribe/{self.key(subscriber)}"

    def stop(self, subscriber: Subscriber) -> str:
        """Where one click ends all of it."""
        return f"{self.own(subscriber)}/stop"

    def key(self, subscriber: Subscriber) -> str:
        """What stands in an address for this subscriber."""
        return f"{subscriber.id}-{self._seal(subscriber)}"

    def subscriber(self, key: str) -> Subscriber | None:
        """Whose key it is; None for a forged one, and for one who is forgotten. One query at most."""
        number, _, seal = key.partition("-")
        if not number.isascii() or not number.isdecimal() or len(number) > 9 or not seal.isascii():
            return None
        known: Subscriber | None = Subscriber.get_or_none(Subscriber.id == int(number))
        return known if known and hmac.compare_digest(self._seal(known), seal) else None

    def _seal(self, subscriber: Subscriber) -> str:
        told = f"subscriber:{subscriber.id}:{subscriber.seed}"
        return hmac.new(self.secret.encode(), told.encode(), hashlib.sha256).hexdigest()
