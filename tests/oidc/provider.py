"""A provider of OpenID Connect on loopback: it really signs, and believes no client blindly.

It has no person at it: who it is asked about is signed in at once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "citadel"
SECRET = "the secret of the client"


def new_key(identifier: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": identifier, "use": "sig", "alg": "RS256"})


@cache
def first_key() -> RSAKey:
    return new_key("one")


@dataclass
class OidcProvider:
    """What it is, whom it signs in, and what it does wrong when a test wants that.

    Attributes:
        issuer: Its address.
        key: What it signs with.
        published: The keys that it shows.
        person: What it says of who signs in.
        claims: Makes the claims of an ID token of the right ones.
        signed: Makes an ID token of claims; None to sign with ``key``.
        described: Makes the metadata of the right ones.
        asked: How often each address was asked for.
    """

    issuer: str = ""
    key: RSAKey = field(default_factory=first_key)
    published: list[RSAKey] = field(default_factory=list)
    person: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "248289761001",
            "email": "ann@example.org",
            "email_verified": True,
            "groups": ["newsdesk"],
        }
    )
    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda right: right
    signed: Callable[[dict[str, Any]], str] | None = None
    described: Callable[[dict[str, Any]], dict[str, Any]] = lambda right: right
    asked: dict[str, int] = field(default_factory=dict)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        right = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        return self.described(right)

    def keys(self) -> dict[str, Any]:
        shown = self.published or [self.key]
        return {"keys": [key.as_dict(private=False) for key in shown]}

    def authorize(self, query: str) -> str | None:
        """Return where a browser is sent back to; None for what is no right request."""
        given = dict(parse_qsl(query))
        right = (
            given.get("response_type") == "code"
            and given.get("client_id") == CLIENT
            and given.get("code_challenge_method") == "S256"
            and "openid" in given.get("scope", "").split()
            and all(given.get(name) for name in ("state", "nonce", "code_challenge"))
        )
        if not right:
            return None
        code = secrets.token_urlsafe(16)
        self._codes[code] = given
        return f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"

    def token(self, authorization: str, body: str) -> tuple[int, dict[str, Any]]:
        """Give an ID token for a code, once, to whom it was meant for."""
        given = {name: values[0] for name, values in parse_qs(body).items()}
        kept = self._codes.pop(given.get("code", ""), None)
        wanted = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization not in (f"Basic {wanted}", f"Basic {plain}"):
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            kept is None
            or given.get("grant_type") != "authorization_code"
            or given.get("redirect_uri") != kept["redirect_uri"]
            or challenge != kept["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        access_token = secrets.token_urlsafe(16)
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        right = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": kept["nonce"],
            "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
            **self.person,
        }
        claims = self.claims(right)
        signed = self.signed or self.sign
        return 200, {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": signed(claims),
        }

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


@contextmanager
def oidc_provider() -> Iterator[OidcProvider]:
    """Run a provider on a port of 127.0.0.1."""
    provider = OidcProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._count(parts.path)
            if parts.path == "/authorize":
                back = provider.authorize(parts.query)
                self.send_response(302 if back else 400)
                if back:
                    self.send_header("Location", back)
                self.end_headers()
            elif parts.path == "/.well-known/openid-configuration":
                self._reply(200, provider.describe())
            elif parts.path == "/keys":
                self._reply(200, provider.keys())
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            self._count(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._reply(*provider.token(self.headers.get("Authorization", ""), body))

        def _count(self, path: str) -> None:
            provider.asked[path] = provider.asked.get(path, 0) + 1

        def _reply(self, status: int, record: dict[str, Any]) -> None:
            data = json.dumps(record).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        yield provider
        server.shutdown()
