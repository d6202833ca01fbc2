"""Reads the body of a request, of a bounded size, in a bounded time, and of the type it takes."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from citadel.qa.service.limits import Limits
from citadel.qa.service.problems import Problem

JSON = "application/json"


class DisconnectedError(Exception):
    """The client has gone."""


async def read_body(receive: Receive, limits: Limits) -> bytes | Problem:
    """Return the body, or why it is refused.

    Raises:
        DisconnectedError: The connection ended before the body did.

    """
    try:
        body = await asyncio.wait_for(_read(receive, limits.body_bytes), limits.seconds_per_body)
    except TimeoutError:
        return Problem(408, "The request took too long to arrive; send it again.")
    if body is None:
        return Problem(413, f"A request can have up to {_size(limits.body_bytes)}.")
    return body


def _size(count: int) -> str:
    return f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count} bytes"


async def _read(receive: Receive, most: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that yields the body that was read, then what comes after it."""
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def require_type(request: Request, wanted: str, mend: str) -> None:
    """Refuse other types: a form of another site can send those without asking anybody.

    Raises:
        HTTPException: The body is of another type; its status is 415.

    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != wanted:
        raise HTTPException(415, f"{mend}, with “Content-Type: {wanted}”.")
