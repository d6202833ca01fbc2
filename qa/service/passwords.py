"""A password for the whole site, by HTTP Basic authentication; any user name goes with it."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from citadel.index.errors import CitadelError
from citadel.qa.answer.markup import plural
from citadel.qa.service.limits import Limits, RateLimit
from citadel.qa.service.problems import Problem

_SCHEME = "scrypt"
_LOG2_N, _R, _P = 15, 8, 1
"""32 MB and a tenth of a second for each attempt (RFC 7914)."""

_MOST_LOG2_N, _MOST_R, _MOST_P = 18, 16, 4
_SALT_BYTES = 16
_KEY_BYTES = 32
_MIN_LENGTH = 8
_MOST_WAITING = 8

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Citadel", charset="UTF-8"'}


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """What is kept of a password, written as “scrypt:log2 of N:r:p:salt:key”.

    No sign of it means anything to a shell, to systemd or to a compose file.
    """

    log2_n: int
    r: int
    p: int
    salt: bytes
    key: bytes

    @classmethod
    def of(cls, password: str) -> PasswordHash:
        """Hash a password with a new salt.

        Raises:
            CitadelError: It is too short.

        """
        if len(password) < _MIN_LENGTH:
            raise CitadelError(f"A password has at least {_MIN_LENGTH} characters; take another.")
        salt = secrets.token_bytes(_SALT_BYTES)
        return cls(_LOG2_N, _R, _P, salt, _derive(password, _LOG2_N, _R, _P, salt))

    @classmethod
    def parse(cls, text: str) -> PasswordHash:
        """Read what ``str`` writes.

        Raises:
            CitadelError: It is no such hash.

        """
        try:
            scheme, *numbers, salt, key = text.strip().split(":")
            log2_n, r, p = map(int, numbers)
            found = cls(log2_n, r, p, _decode(salt), _decode(key))
        except ValueError as error:
            raise _no_hash() from error
        reasonable = (
            scheme == _SCHEME
            and 1 <= log2_n <= _MOST_LOG2_N
            and 1 <= r <= _MOST_R
            and 1 <= p <= _MOST_P
            and len(found.salt) >= _SALT_BYTES
            and len(found.key) == _KEY_BYTES
        )
        if not reasonable:
            raise _no_hash()
        return found

    def __str__(self) -> str:
        numbers = map(str, (self.log2_n, self.r, self.p))
        return ":".join([_SCHEME, *numbers, _encode(self.salt), _encode(self.key)])

    def fits(self, password: str) -> bool:
        """Whether this is the password, in a time that gives nothing away."""
        key = _derive(password, self.log2_n, self.r, self.p, self.salt)
        return hmac.compare_digest(key, self.key)


class PasswordCheck:
    """Lets in who gives the password, and slows down who guesses."""

    def __init__(self, expected: PasswordHash, limits: Limits) -> None:
        """Expect the password of a hash."""
        self._expected = expected
        self._wrong = RateLimit(limits.wrong_passwords_per_minute)
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0
        # Hashing is slow on purpose, and each request brings the password: what fitted is
        # remembered by a keyed digest.
        self._session_key = secrets.token_bytes(32)
        self._accepted = b""

    async def check(self, authorization: bytes | None, address: str) -> Problem | None:
        """Return why a request with this header is refused; None if it is not."""
        password = _password(authorization)
        if password is None:
            return Problem(401, "This site asks for a password.", headers=_CHALLENGE)
        digest = hmac.digest(self._session_key, password.encode(), "sha256")
        if hmac.compare_digest(digest, self._accepted):
            return None
        if self._waiting >= _MOST_WAITING:
            return Problem(503, "Too many are giving passwords; try again soon.", retry_after=5)
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                return await self._check_slowly(password, digest, address)
        finally:
            self._waiting -= 1

    async def _check_slowly(self, password: str, digest: bytes, address: str) -> Problem | None:
        wait = self._wrong.left(address)
        if wait is not None:
            detail = f"Too many wrong passwords; try again in {plural(wait, 'second')}."
            return Problem(429, detail, retry_after=wait)
        if await asyncio.to_thread(self._expected.fits, password):
            self._accepted = digest
            return None
        self._wrong.take(address)
        return Problem(401, "This is not the password.", headers=_CHALLENGE)


def _derive(password: str, log2_n: int, r: int, p: int, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogateescape"),
        salt=salt,
        n=2**log2_n,
        r=r,
        p=p,
        maxmem=2 * 128 * 2**log2_n * r,
        dklen=_KEY_BYTES,
    )


def _password(authorization: bytes | None) -> str | None:
    """Return the password of a Basic header; None where there is none."""
    scheme, _, encoded = (authorization or b"").partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        user_and_password = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    _user, separator, password = user_and_password.partition(":")
    return password if separator else None


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    if not text.isascii():
        raise ValueError("not base64")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _no_hash() -> CitadelError:
    return CitadelError(
        "CITADEL_PASSWORD_HASH holds no hash of a password; make one with "
        "“python -m qa password-hash”."
    )
