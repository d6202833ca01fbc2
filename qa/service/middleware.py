"""What every HTTP exchange is held to, whatever the frameworks behind it do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from citadel.qa.answer.markup import plural
from citadel.qa.service.bodies import DisconnectedError, read_body, replay
from citadel.qa.service.failures import answer_even_failing
from citadel.qa.service.gradio_calls import read_call
from citadel.qa.service.limits import Limits
from citadel.qa.service.metrics import Metrics
from citadel.qa.service.passwords import PasswordCheck
from citadel.qa.service.problems import Problem
from citadel.qa.service.rates import RateLimit
from citadel.qa.service.request_log import log_refusal
from citadel.qa.service.routes import (
    asks_question,
    belongs_to_api,
    is_open,
    needs_no_password,
    route_name,
    takes_call,
    takes_file,
)

_PAGE_POLICY = (
    # Gradio's scripts and templates need inline code; nothing may come from, or go to,
    # another machine.
    b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    b"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    b"connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    b"frame-ancestors 'none'"
)
_API_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
# Gradio would grant any origin access to everything. A body is passed on in one piece.
_WITHHELD = frozenset({b"origin", b"content-length", b"transfer-encoding"})
_OURS = frozenset(name for name, _ in _HEADERS) | {b"content-security-policy"}


class LimitsMiddleware:
    """The outermost ASGI application: headers and limits for all, then the API or the page."""

    def __init__(
        self,
        page: ASGIApp,
        api: ASGIApp,
        limits: Limits,
        metrics: Metrics,
        password: PasswordCheck | None,
        functions: Mapping[int, int],
        *,
        adding: bool = False,
    ) -> None:
        """Let requests through to the API and the page, whose functions take so many inputs.

        With ``adding``, files may be sent to the API.
        """
        self._page = page
        self._api = api
        self._limits = limits
        self._metrics = metrics
        self._password = password
        self._functions = functions
        self._questions = RateLimit(limits.questions_per_minute)
        self._at_once = 0
        self._adding = adding
        self._upload_limits = replace(
            limits, body_bytes=limits.upload_bytes, seconds_per_body=limits.seconds_per_upload
        )
        self._uploads = asyncio.Semaphore(limits.uploads_at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._page(scope, receive, send)
        elif scope["type"] == "http":
            self._at_once += 1
            try:
                await self._answer(scope, receive, self._with_headers(scope["path"], send))
            finally:
                self._at_once -= 1
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = await self._refusal(scope)
        if problem is None and self._takes_file(scope):
            if not self._uploads.locked():
                async with self._uploads:
                    await self._take(scope, receive, send, self._upload_limits)
                return
            problem = Problem(503, "Other files are arriving; send this one later.", retry_after=5)
        if problem is None:
            await self._take(scope, receive, send, self._limits)
        else:
            await self._refuse(scope, receive, send, problem)

    async def _take(self, scope: Scope, receive: Receive, send: Send, limits: Limits) -> None:
        """Read the body of a request that may be answered, and have it answered."""
        try:
            body = await read_body(receive, limits)
        except DisconnectedError:
            return
        if isinstance(body, bytes) and takes_call(scope["path"]):
            body = read_call(scope["path"], body, self._functions)
        if isinstance(body, bytes):
            await self._pass_on(scope, replay(body, receive), send)
        else:
            await self._refuse(scope, receive, send, body)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, problem: Problem) -> None:
        if problem.status in (408, 413, 429, 431, 503):
            log_refusal(route_name(scope["path"]), problem.status)
        await problem.response()(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Problem | None:
        """Return what is wrong with a request before its body is read; the cheapest first."""
        method, path = scope["method"], scope["path"]
        if sum(len(name) + len(value) for name, value in scope["headers"]) > (
            self._limits.header_bytes
        ):
            return Problem(431, f"Headers can have up to {self._limits.header_bytes} bytes.")
        if self._at_once > self._limits.requests_at_once and not needs_no_password(path):
            return Problem(503, "Too many requests at once; try again soon.", retry_after=2)
        if not belongs_to_api(path) and not is_open(method, path):
            return Problem(404, "There is nothing at this address.")
        address = scope["client"][0] if scope["client"] else "unknown"
        if self._password is not None and not needs_no_password(path):
            problem = await self._password.check(_header(scope, b"authorization"), address)
            if problem is not None:
                return problem
        return self._refusal_of_purpose(scope, address)

    def _refusal_of_purpose(self, scope: Scope, address: str) -> Problem | None:
        """Return why whoever got in may not do just this, or not now."""
        if self._takes_file(scope) and self._password is None and not _is_local(scope):
            return Problem(
                403,
                "Without a password articles can be added from this machine only, by its name "
                "localhost; set CITADEL_PASSWORD_HASH.",
            )
        if asks_question(scope["method"], scope["path"]):
            wait = self._questions.take(address)
            if wait is not None:
                detail = (
                    f"Too many questions from your address; ask again in {plural(wait, 'second')}."
                )
                return Problem(429, detail, retry_after=wait)
        return None

    def _takes_file(self, scope: Scope) -> bool:
        return self._adding and takes_file(scope["method"], scope["path"])

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [pair for pair in scope["headers"] if pair[0] not in _WITHHELD]
        if takes_call(scope["path"]):
            headers = [pair for pair in headers if pair[0] != b"content-type"]
            headers.append((b"content-type", b"application/json"))
        app = self._api if belongs_to_api(scope["path"]) else self._page
        try:
            await answer_even_failing(app, {**scope, "headers": headers}, receive, send)
        except RuntimeError as error:
            # Gradio begins a stream of events before it looks whether there is such a session.
            if not isinstance(error.__cause__, HTTPException):
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _with_headers(self, path: str, send: Send) -> Send:
        policy = _API_POLICY if belongs_to_api(path) else _PAGE_POLICY

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.count_request(route_name(path), message["status"])
                theirs = [pair for pair in message.get("headers", ()) if pair[0] not in _OURS]
                ours = (*_HEADERS, (b"content-security-policy", policy))
                message["headers"] = [*theirs, *ours]
            await send(message)

        return send_with_headers


def _is_local(scope: Scope) -> bool:
    """Whether a browser knows the server by a name that only this machine has.

    A site elsewhere can give its own name the address of this machine, and then a script of it
    counts as one of ours.
    """
    host = (_header(scope, b"host") or b"").decode("latin-1")
    name = re.sub(r":\d+$", "", host).strip("[]")
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _header(scope: Scope, wanted: bytes) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == wanted), None)
