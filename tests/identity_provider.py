"""A provider of identities for tests: a real server on a loopback port that speaks OpenID Connect, and can be made to lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, SECRET = "attestation", "known to provider and site only"
VERA = {
    "sub": "17",
    "family_name": "Чернильницына",
    "given_name": "Вера",
    "middle_name": "Павловна",
    "birthdate": "1985-03-07",
    "email": "vera@example.org",
    "email_verified": True,
}


@dataclass
class IdentityProvider:
    """What it says and how it behaves: tests change the fields."""

    issuer: str
    says: dict[str, Any] = field(default_factory=lambda: dict(VERA))
    # Claims of the token itself to be put in the place of the right ones; None leaves one out.
    instead: dict[str, Any] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: new_key())
    published: ECKey | None = None
    signs_with: Any = None
    algorithm: str = "ES256"
    down: set[str] = field(default_factory=set)
    metadata: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    waiting: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["ES256"],
            **self.metadata,
        }

    def jwks(self) -> dict[str, Any]:
        return {"keys": [(self.published or self.key).as_dict(private=False)]}

    def authorize(self, query: dict[str, str]) -> str:
        """The address that the browser is sent back to; whoever comes is taken for the person of `says`."""
        assert (query["response_type"], query["client_id"], query["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert set(query["scope"].split()) == {"openid", "profile", "email"}
        code = secrets.token_urlsafe(16)
        self.waiting[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The identity token for a code, once, to whoever knows secret and verifier."""
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.waiting.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if authorization != f"Basic {known}":
            return 401, {"error": "invalid_client"}
        if asked is None or form["redirect_uri"] != asked["redirect_uri"] or challenge.decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {**self.says, "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in {**claims, **self.instead}.items() if value is not None}
        header = {"alg": self.algorithm, "kid": (self.signs_with or self.key).kid}
        signed = jwt.encode(header, claims, self.signs_with or self.key, algorithms=[self.algorithm])
        return 200, {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": signed}


def new_key() -> ECKey:
    """A key with a name of its own."""
    return ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig"})


def shared_secret(kid: str) -> OctKey:
    """What somebody who knows only public things could sign with: the secret word of an HMAC."""
    return OctKey.import_key(SECRET.encode(), {"kid": kid})


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """The provider on a free loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, query = self._read()
            if path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
            elif path == "/jwks":
                self._answer(200, provider.jwks())
            else:
                self._answer(200, provider.discovery())

        def do_POST(self) -> None:
            self._read()
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(text).items()}
            self._answer(*provider.token(form, self.headers.get("Authorization", "")))

        def _read(self) -> tuple[str, dict[str, str]]:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}

        def _answer(self, status: int, value: dict[str, Any]) -> None:
            status, text = (
                (503, b"nothing works") if urlsplit(self.path).path in provider.down else (status, json.dumps(value).encode())
            )
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = IdentityProvider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
