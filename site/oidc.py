"""The provider of identities over OpenID Connect, as gateways of ЕСИА offer it: code, PKCE, state, nonce. No Flask.

What a provider publishes about itself is asked once in an hour; nothing is waited for longer than a few seconds.
"""

import datetime as dt
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from .accounts.identities import Claims
from .settings import Settings, protected

SCOPE = "openid profile email"
# Seconds to connect and to wait for an answer.
TIMEOUT = (3.05, 8)
SECONDS_KEPT = 3600
# How far the clocks of provider and site may differ, in seconds.
LEEWAY = 60
# Signatures made with a key that only the provider has; anything else could be made by whoever knows the public one.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


class ProviderDown(Exception):
    """The provider does not answer, or not what it has to."""


class NotProved(Exception):
    """The provider's answer does not prove who has come."""


@dataclass(frozen=True)
class Errand:
    """A visitor on the way to the provider: where to, and what the answer must show."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass
class _Published:
    metadata: dict[str, Any]
    keys: KeySet
    until: float


@dataclass
class Provider:
    """The provider of an installation's settings."""

    issuer: str
    client_id: str
    client_secret: str
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _published: _Published | None = field(default=None, repr=False)

    def errand(self, redirect_uri: str) -> Errand:
        """Send a visitor there; ProviderDown."""
        nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        with self._session(redirect_uri) as session:
            address, state = session.create_authorization_url(
                self._about().metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
        return Errand(address, state, nonce, verifier)

    def claims(self, code: str, *, redirect_uri: str, nonce: str, verifier: str) -> Claims:
        """Who has come back with this code; ProviderDown or NotProved."""
        about = self._about()
        try:
            with self._session(redirect_uri) as session:
                token = session.fetch_token(
                    about.metadata["token_endpoint"], code=code, code_verifier=verifier, timeout=TIMEOUT, allow_redirects=False
                )
            return _claims(self.issuer, self._proved(token, nonce))
        except requests.RequestException as error:
            raise ProviderDown(type(error).__name__) from None
        except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
            raise NotProved(type(error).__name__) from None

    def _proved(self, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of the identity token, its signature, addressee, age and nonce checked."""
        about = self._about()
        try:
            decoded = _decoded(token["id_token"], about)
        except InvalidKeyIdError:
            # The provider has changed its keys since.
            decoded = _decoded(token["id_token"], self._about(anew=True))
        wanted = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self.client_id}}
        known = {"nonce": nonce, "client_id": self.client_id, "access_token": token.get("access_token", "")}
        claims = CodeIDToken(decoded.claims, decoded.header, wanted, known)
        claims.validate(leeway=LEEWAY)
        return dict(claims)

    def _about(self, *, anew: bool = False) -> _Published:
        """What the provider publishes about itself; ProviderDown."""
        with self._lock:
            if self._published is None or anew or time.monotonic() >= self._published.until:
                self._published = self._asked()
            return self._published

    def _asked(self) -> _Published:
        try:
            metadata = _json(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if metadata["issuer"] != self.issuer:
                raise ProviderDown("another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not protected(metadata[name]):
                    raise ProviderDown(f"{name} is not protected")
            keys = KeySet.import_key_set(cast(KeySetSerialization, _json(metadata["jwks_uri"])))
        except (requests.RequestException, JoseError, KeyError, TypeError, ValueError) as error:
            raise ProviderDown(type(error).__name__) from None
        return _Published(metadata, keys, time.monotonic() + SECONDS_KEPT)

    def _session(self, redirect_uri: str) -> OAuth2Session:
        return OAuth2Session(
            self.client_id, self.client_secret, scope=SCOPE, redirect_uri=redirect_uri, code_challenge_method="S256"
        )


_providers: dict[tuple[str, str, str], Provider] = {}


def provider(settings: Settings) -> Provider | None:
    """The provider that this installation trusts, the same object each time; None when it trusts none."""
    if not settings.oidc_issuer:
        return None
    named = settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret
    return _providers.setdefault(named, Provider(*named))


def _json(address: str) -> dict[str, Any]:
    answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _decoded(token: str, about: _Published) -> jwt.Token:
    offered = about.metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    registry = JWSRegistry(algorithms=sorted(ALGORITHMS.intersection(offered)), strict_check_header=False)
    return jwt.decode(token, about.keys, registry=registry)


def _claims(issuer: str, said: dict[str, Any]) -> Claims:
    """What is of use among the claims; NotProved if they do not name the person."""
    surname, name = _text(said, "family_name"), _text(said, "given_name")
    if not surname or not name:
        raise NotProved("no name")
    verified = said.get("email_verified") in (True, "true")
    return Claims(
        issuer=issuer,
        subject=str(said["sub"]),
        surname=surname,
        name=name,
        patronymic=_text(said, "middle_name"),
        born_on=_day(_text(said, "birthdate")),
        email=_text(said, "email") if verified else "",
    )


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    return found.strip() if isinstance(found, str) else ""


def _day(text: str) -> dt.date | None:
    """A day as the standard has it; ЕСИА writes it the Russian way."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None
