"""OpenID Connect: the only module that knows authlib.

It does the authorization code flow with PKCE, and believes an ID token only that the provider has
signed for this server, for this attempt to sign in, and not long ago.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from citadel.index.errors import CitadelError
from citadel.qa.service.entrance import is_loopback

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures that only the provider can make: none, and none of the client's secret."""

_SCOPE = "openid profile email"
_SECONDS = 10.0
"""In which a provider has to answer."""

_KNOWN_FOR = 3600.0
"""Seconds for which addresses and keys of the provider are not asked for again."""

_LEEWAY = 60
"""Seconds by which the clocks of provider and server may differ."""

_KEYS_AGAIN = 60.0
"""Seconds after which keys are asked for again because of one that is unknown."""


class SignInError(CitadelError):
    """Somebody could not be signed in; the message is for them."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of OpenID Connect, and what this server is to it.

    Attributes:
        issuer: Its address, as it names itself.
        client_id: By which it knows this server.
        client_secret: What proves that; "" for none.
        user_claim: What of an ID token names a user, such as “email”.
        groups_claim: What of it names the groups of a user.

    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    user_claim: str = "email"
    groups_claim: str = "groups"

    @classmethod
    def of(
        cls, issuer: str, client_id: str, client_secret: str, user_claim: str, groups_claim: str
    ) -> Provider:
        """Read what a command line and the environment give.

        Raises:
            CitadelError: Something is missing, or the issuer is no address to be trusted.

        """
        if not client_id:
            raise CitadelError(
                "With --oidc-issuer the provider knows this server by a client id; give it with "
                "--oidc-client-id."
            )
        if not _is_safe(issuer):
            raise CitadelError(
                f"--oidc-issuer takes an address that begins with https://, and not {issuer!r}."
            )
        return cls(issuer, client_id, client_secret, user_claim, groups_claim)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to sign in, which the browser keeps until it comes back.

    Attributes:
        state: Comes back with it; no other browser has it.
        nonce: Stands in the ID token that is made for it.
        verifier: Of PKCE: the code alone is useless.

    """

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Attempt:
        """Begin one."""
        return cls(generate_token(32), generate_token(32), generate_token(64))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in.

    Attributes:
        name: Of the user.
        groups: To which they belong.

    """

    name: str
    groups: tuple[str, ...]


class Relation:
    """What a server has to do with a provider while it runs."""

    def __init__(self, provider: Provider) -> None:
        """Ask a provider when it is first needed, so that a server starts without it."""
        self._provider = provider
        self._asking = asyncio.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._keys: KeySet | None = None
        self._metadata_at = self._keys_at = -_KNOWN_FOR

    async def address(self, attempt: Attempt, back_to: str) -> str:
        """Return the address of the provider at which a person signs in.

        Raises:
            SignInError: The provider can't be reached, or is not what it should be.

        """
        metadata = await self._soon_described()
        async with self._client(back_to) as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(url)

    async def identity(self, attempt: Attempt, code: str, back_to: str) -> Identity:
        """Return who has signed in at the provider.

        Args:
            attempt: What was begun.
            code: What the provider gave.
            back_to: The same address as before.

        Raises:
            SignInError: The provider does not say so in a way that can be believed.

        """
        metadata = await self._soon_described()
        try:
            async with self._client(back_to) as client:
                token = await client.fetch_token(
                    metadata["token_endpoint"],
                    code=code,
                    code_verifier=attempt.verifier,
                    grant_type="authorization_code",
                )
        except (OAuthError, httpx2.HTTPError, ValueError) as error:
            raise SignInError(
                f"The provider did not accept what it had given itself ({_short(error)}); sign in "
                "again."
            ) from error
        return self._identity_of(await self._claims(token, attempt))

    def _client(self, back_to: str) -> AsyncOAuth2Client:
        provider = self._provider
        return AsyncOAuth2Client(
            provider.client_id,
            provider.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if provider.client_secret else "none",
            scope=_SCOPE,
            redirect_uri=back_to,
            code_challenge_method="S256",
            timeout=_SECONDS,
        )

    async def _claims(self, token: Mapping[str, Any], attempt: Attempt) -> Mapping[str, Any]:
        """Return what an ID token claims, if it can be believed.

        Raises:
            SignInError: It can't.

        """
        provider = self._provider
        encoded = token.get("id_token")
        if not isinstance(encoded, str):
            raise SignInError("The provider gave no ID token; ask who runs the server.")
        try:
            decoded = await self._verified(encoded)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": provider.issuer},
                    "aud": {"essential": True, "value": provider.client_id},
                    "nonce": {"essential": True, "value": attempt.nonce},
                },
                {
                    "nonce": attempt.nonce,
                    "client_id": provider.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(leeway=_LEEWAY)
        except (JoseError, ValueError) as error:
            raise SignInError(
                f"What the provider said of you can't be believed ({_short(error)}); sign in again."
            ) from error
        return dict(claims)

    async def _verified(self, encoded: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
        try:
            return jwt.decode(encoded, await self._key_set(), registry=registry)
        except InvalidKeyIdError:
            # The provider may have changed its keys; nonsense makes us ask it seldom.
            if time.monotonic() - self._keys_at < _KEYS_AGAIN:
                raise
            self._keys_at = -_KNOWN_FOR
            return jwt.decode(encoded, await self._key_set(), registry=registry)

    def _identity_of(self, claims: Mapping[str, Any]) -> Identity:
        provider = self._provider
        name = claims.get(provider.user_claim)
        if not isinstance(name, str):
            raise SignInError(
                f"The provider does not say who you are: its ID token has no "
                f"“{provider.user_claim}”; ask who runs the server."
            )
        if provider.user_claim == "email" and claims.get("email_verified") is not True:
            raise SignInError(
                f"The provider does not say that {name} is yours: “email_verified” is not true; "
                "verify it there, or ask who runs the server."
            )
        groups = _listed(claims.get(provider.groups_claim))
        return Identity(name, tuple(each for each in groups if isinstance(each, str)))

    async def _soon_described(self) -> Mapping[str, Any]:
        """Return what ``_described`` does, unless others wait for a provider that hangs."""
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._described()
        except TimeoutError as error:
            raise SignInError(
                "The provider does not answer; try again soon, or ask who runs the server."
            ) from error

    async def _described(self) -> Mapping[str, Any]:
        """Return where the provider has what, as it says itself."""
        async with self._asking:
            if time.monotonic() - self._metadata_at < _KNOWN_FOR:
                return self._metadata
            issuer = self._provider.issuer
            path = "/.well-known/openid-configuration"
            told = await self._json(issuer.rstrip("/") + path)
            if told.get("issuer") != issuer:
                raise SignInError(
                    f"The provider at {issuer} calls itself {told.get('issuer')!r}; let "
                    "--oidc-issuer be what it calls itself."
                )
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not _is_safe(told.get(name)):
                    raise SignInError(
                        f"The provider at {issuer} names no safe {name}; ask who runs the server."
                    )
            self._metadata, self._metadata_at = told, time.monotonic()
            return told

    async def _key_set(self) -> KeySet:
        """Return the keys that the provider signs with."""
        metadata = await self._described()
        async with self._asking:
            if self._keys is None or time.monotonic() - self._keys_at >= _KNOWN_FOR:
                told = await self._json(metadata["jwks_uri"])
                self._keys = KeySet.import_key_set({"keys": _signing(told.get("keys"))})
                self._keys_at = time.monotonic()
            return self._keys

    async def _json(self, address: str) -> Mapping[str, Any]:
        try:
            async with httpx2.AsyncClient(timeout=_SECONDS) as client:
                reply = await client.get(address)
            reply.raise_for_status()
            told = reply.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise SignInError(
                f"The provider can't be asked at {address} ({_short(error)}); try again soon, or "
                "ask who runs the server."
            ) from error
        if not isinstance(told, dict):
            raise SignInError(f"What the provider says at {address} is no JSON object.")
        return told


def _signing(keys: object) -> list[Any]:
    """Return the public keys for signatures; a key of two parties would let each of them sign."""
    listed = [key for key in _listed(keys) if isinstance(key, dict)]
    return [
        key for key in listed if key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"
    ]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_safe(address: object) -> bool:
    """Whether an address is of TLS, or of this machine."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


def _short(error: Exception) -> str:
    """Return what an error says, as one line: it stands in a sentence."""
    return re.sub(r"\s+", " ", str(error))[:200] or type(error).__name__
