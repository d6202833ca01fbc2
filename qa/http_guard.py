"""What every HTTP exchange of the page is held to, whatever the framework behind it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 16 * 1024
"""No question needs more, with the earlier questions of its conversation."""

_HEADERS = (
    (
        b"content-security-policy",
        # Gradio's scripts and templates need inline code; nothing may come from, or go to,
        # another machine.
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        b"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        b"connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        b"frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)

_CLOSED = (
    "/upload",
    "/file=http",
    "/proxy=",
    "/component_server",
    "/stream/",
    "/vibe-",
    "/undo-vibe-",
    "/process_recording",
    "/monitoring",
    "/dev/",
)
"""Parts of the framework that the page does not use."""


class HttpGuard:
    """ASGI middleware: headers that keep the page to itself, a body cap, unused routes closed."""

    def __init__(self, app: AsgiApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        if _is_closed(scope["path"]):
            await _refuse(send_with_headers, 404, b"Not found.")
            return
        body = await _read_body(receive)
        if body is None:
            await _refuse(send_with_headers, 413, b"The request is too large.")
            return
        await self._app(scope, _replay(body, receive), send_with_headers)


def _is_closed(path: str) -> bool:
    route = path.removeprefix("/gradio_api")
    return route.startswith(_CLOSED)


async def _read_body(receive: Receive) -> bytes | None:
    """Return the whole body; None as soon as it is larger than allowed."""
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that yields the body that was read, then what comes after it."""
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def _refuse(send: Send, status: int, reason: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason})
