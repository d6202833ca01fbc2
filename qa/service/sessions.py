"""What a browser keeps for a server that keeps nothing: signed, so that nobody can write it."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from http.cookies import SimpleCookie

from starlette.requests import cookie_parser
from starlette.types import Scope

_KEY_BYTES = 32


class SignedCookies:
    """Writes cookies of one name and reads them back, for as long as each holds.

    The key is of this process: what an earlier process signed is no longer valid.
    """

    def __init__(self, name: str, seconds: int, path: str = "/") -> None:
        """Sign what holds for some seconds, to be sent below a path."""
        self._name = name
        self._seconds = seconds
        self._path = path
        self._key = secrets.token_bytes(_KEY_BYTES)
        self._ended: dict[str, float] = {}

    def header(self, scope: Scope, values: Mapping[str, str]) -> str:
        """Return the header “Set-Cookie” that has a browser keep values.

        Args:
            scope: Of the request; by its scheme the cookie is sent over TLS only.
            values: What to keep. The user of the browser can read it.

        """
        told = {
            **values,
            "id": secrets.token_urlsafe(12),
            "until": str(int(time.time()) + self._seconds),
        }
        data = _encode(json.dumps(told).encode())
        return self._set(scope, f"{data}.{self._signature(data)}", self._seconds)

    def read(self, scope: Scope) -> Mapping[str, str] | None:
        """Return what the browser of a request keeps; None where nothing holds."""
        kept = cookie_parser(_cookies(scope)).get(self._name, "")
        data, _, signature = kept.partition(".")
        if not kept.isascii() or not hmac.compare_digest(signature, self._signature(data)):
            return None
        try:
            values: dict[str, str] = json.loads(base64.urlsafe_b64decode(data))
        except (ValueError, binascii.Error):
            return None
        now = time.time()
        self._ended = {each: until for each, until in self._ended.items() if until > now}
        if float(values["until"]) <= now or values["id"] in self._ended:
            return None
        return values

    def end(self, scope: Scope) -> str:
        """Let what a browser keeps hold no more; return the header that takes it away there."""
        values = self.read(scope)
        if values is not None:
            self._ended[values["id"]] = float(values["until"])
        return self._set(scope, "", 0)

    def _set(self, scope: Scope, value: str, seconds: int) -> str:
        cookie: SimpleCookie = SimpleCookie()
        cookie[self._name] = value
        kept = cookie[self._name]
        kept["httponly"] = True
        kept["samesite"] = "Lax"
        kept["path"] = scope["root_path"] + self._path
        kept["max-age"] = seconds
        if scope["scheme"] == "https":
            kept["secure"] = True
        return kept.OutputString()

    def _signature(self, data: str) -> str:
        return _encode(hmac.digest(self._key, f"{self._name}.{data}".encode(), "sha256"))


def _cookies(scope: Scope) -> str:
    values = [value for name, value in scope["headers"] if name == b"cookie"]
    return "; ".join(value.decode("latin-1") for value in values)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
