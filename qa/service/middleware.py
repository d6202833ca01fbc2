"""What every HTTP exchange is held to, whatever the frameworks behind it do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from citadel.qa.answer.markup import plural
from citadel.qa.service.accounts import (
    NOBODY,
    OF_PASSWORD,
    OF_THIS_MACHINE,
    Accounts,
    Visitor,
    with_visitor,
)
from citadel.qa.service.bodies import DisconnectedError, read_body, replay
from citadel.qa.service.entrance import Arrival, Entrance, is_loopback
from citadel.qa.service.gradio_calls import read_call
from citadel.qa.service.limits import Limits, RateLimit, network_of
from citadel.qa.service.occupancy import Occupancy
from citadel.qa.service.origins import refusal_of_origin
from citadel.qa.service.passwords import PasswordCheck
from citadel.qa.service.problems import Problem, answer_even_failing
from citadel.qa.service.request_log import log_refusal
from citadel.qa.service.routes import (
    asks_question,
    belongs_to_api,
    changes_articles,
    corrects_article,
    is_for_this_site,
    is_of_strangers,
    is_open,
    needed_role,
    needs_no_password,
    route_name,
    session_of,
    signs_in,
    takes_call,
    takes_file,
)

if TYPE_CHECKING:
    from citadel.qa.service.metrics import Metrics

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

_CHANGED_FROM_HERE_ONLY = Problem(
    403,
    "Without a password articles can be added from this machine only, by its name "
    "localhost; set CITADEL_PASSWORD_HASH.",
)


class LimitsMiddleware:
    """The outermost ASGI application: headers and limits for all, then the API or the page."""

    def __init__(
        self,
        page: ASGIApp,
        api: ASGIApp,
        limits: Limits,
        metrics: Metrics | None,
        password: PasswordCheck | None,
        functions: Mapping[int, int],
        entrance: Entrance,
        *,
        adding: bool = False,
        accounts: Accounts | None = None,
    ) -> None:
        """Let requests through to the API and the page, whose functions take so many inputs.

        They have to come in by the ``entrance``. With ``adding``, files may be sent to the API.
        With ``accounts``, who asks has to be a user with a role that is enough.
        """
        self._page = page
        self._api = api
        self._limits = limits
        self._metrics = metrics
        self._password = password
        self._functions = functions
        self._entrance = entrance
        self._questions = RateLimit(limits.questions_per_minute)
        self._own_questions = RateLimit(limits.own_questions_per_minute)
        self._occupancy = Occupancy(limits)
        self._sign_ins = RateLimit(limits.sign_ins_per_minute)
        self._adding = adding
        self._accounts = accounts
        self._upload_limits = replace(
            limits, body_bytes=limits.upload_bytes, seconds_per_body=limits.seconds_per_upload
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._page(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, self._with_headers(scope["path"], send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if sum(len(name) + len(value) for name, value in scope["headers"]) > (
            self._limits.header_bytes
        ):
            problem = Problem(431, f"Headers can have up to {self._limits.header_bytes} bytes.")
            await self._refuse(scope, receive, send, problem)
            return
        arrival = self._entrance.admit(scope)
        if isinstance(arrival, Problem):
            await self._refuse(scope, receive, send, arrival)
            return
        with ExitStack() as places:
            visitor = self._visitor(arrival)
            refusal = await self._refusal(arrival, visitor, places)
            invitation = self._invitation(arrival.scope) if refusal is visitor else None
            if invitation is not None:
                await invitation(scope, receive, send)
            elif refusal is not None:
                await self._refuse(scope, receive, send, refusal)
            elif isinstance(visitor, Visitor):
                limits = self._upload_limits if self._takes_file(scope) else self._limits
                await self._take(with_visitor(arrival.scope, visitor), receive, send, limits)

    def _visitor(self, arrival: Arrival) -> Visitor | Problem:
        """Return who asks, or why that is not known."""
        if self._accounts is None:
            return OF_THIS_MACHINE if self._password is None else OF_PASSWORD
        path = arrival.scope["path"]
        if needs_no_password(path) or signs_in(path):
            return NOBODY
        return self._accounts.identify(arrival)

    def _invitation(self, scope: Scope) -> Response | None:
        """Return what leads a person who opens the page to where they sign in."""
        if self._accounts is None or (scope["method"], scope["path"]) != ("GET", "/"):
            return None
        return self._accounts.invitation(scope)

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

    async def _refusal(
        self, arrival: Arrival, visitor: Visitor | Problem, places: ExitStack
    ) -> Problem | None:
        """Return what is wrong with a request before its body is read; the cheapest first.

        A request that is not refused has its place among those answered, until ``places`` closes.
        """
        scope = arrival.scope
        method, path = scope["method"], scope["path"]
        address = scope["client"][0] if scope["client"] else "unknown"
        network = network_of(address)
        open_to_all = needs_no_password(path)
        problem = places.enter_context(self._occupancy.request(network, always=open_to_all))
        if problem is not None:
            return problem
        if not belongs_to_api(path) and not is_open(method, path):
            return Problem(404, "There is nothing at this address.")
        if is_for_this_site(method, path):
            problem = refusal_of_origin(scope)
            if problem is not None:
                return problem
        problem = await self._refusal_of_visitor(scope, visitor, address)
        if problem is not None:
            return problem
        session = session_of(path, scope["query_string"])
        if session is not None:
            problem = places.enter_context(self._occupancy.stream(network, session))
            if problem is not None:
                return problem
        return self._refusal_of_purpose(arrival, address, places)

    async def _refusal_of_visitor(
        self, scope: Scope, visitor: Visitor | Problem, address: str
    ) -> Problem | None:
        """Return why who asks is not let in, or may not do just this."""
        if isinstance(visitor, Problem) or needs_no_password(scope["path"]):
            return visitor if isinstance(visitor, Problem) else None
        if self._password is not None:
            return await self._password.check(_header(scope, b"authorization"), address)
        if self._accounts is None:
            return None
        if not signs_in(scope["path"]):
            return visitor.refusal(needed_role(scope["method"], scope["path"]))
        wait = self._sign_ins.take(address)
        if wait is None:
            return None
        told = f"Too many sign-ins from your address; try again in {plural(wait, 'second')}."
        return Problem(429, told, retry_after=wait)

    def _refusal_of_purpose(
        self, arrival: Arrival, address: str, places: ExitStack
    ) -> Problem | None:
        """Return why a visitor who got in may not do just this, or not now."""
        scope = arrival.scope
        # The address alone says little: all that a proxy on this machine passes on come from it.
        own = arrival.is_local and is_loopback(address)
        if asks_question(scope["method"], scope["path"]):
            wait = (self._own_questions if own else self._questions).take(address)
            if wait is not None:
                detail = (
                    f"Too many questions from your address; ask again in {plural(wait, 'second')}, "
                    "or start the server with a larger number of --questions-per-minute, 0 for any."
                )
                return Problem(429, detail, retry_after=wait)
        if not (self._adding and changes_articles(scope["method"], scope["path"])):
            return None
        knows_who = self._password is not None or self._accounts is not None
        if not (knows_who or arrival.is_local):
            return _CHANGED_FROM_HERE_ONLY
        if not (self._takes_file(scope) or self._corrects(scope)):
            return None
        return places.enter_context(self._occupancy.upload())

    def _corrects(self, scope: Scope) -> bool:
        return self._adding and corrects_article(scope["method"], scope["path"])

    def _takes_file(self, scope: Scope) -> bool:
        return self._adding and takes_file(scope["method"], scope["path"])

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [pair for pair in scope["headers"] if pair[0] not in _WITHHELD]
        if takes_call(scope["path"]):
            headers = [pair for pair in headers if pair[0] != b"content-type"]
            headers.append((b"content-type", b"application/json"))
        app = self._api if belongs_to_api(scope["path"]) else self._page
        try:
            # As ASGI has it, the path begins with the prefix.
            whole = {
                "path": scope["root_path"] + scope["path"],
                "raw_path": scope["root_path"].encode() + scope["raw_path"],
            }
            inside = {**scope, **whole, "headers": headers}
            await answer_even_failing(app, inside, receive, send)
        except RuntimeError as error:
            # Gradio begins a stream of events before it looks whether there is such a session.
            if not isinstance(error.__cause__, HTTPException):
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _with_headers(self, path: str, send: Send) -> Send:
        policy = _API_POLICY if belongs_to_api(path) else _PAGE_POLICY
        if is_of_strangers(path):
            policy = b"sandbox; " + policy

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                if self._metrics is not None:
                    self._metrics.count_request(route_name(path), message["status"])
                theirs = [pair for pair in message.get("headers", ()) if pair[0] not in _OURS]
                ours = [*_HEADERS, (b"content-security-policy", policy)]
                if self._accounts is not None and route_name(path) != "asset":
                    # What one user gets is not for another who asks the same cache.
                    theirs = [pair for pair in theirs if pair[0] != b"cache-control"]
                    ours.append((b"cache-control", b"private, no-store"))
                message["headers"] = [*theirs, *ours]
            await send(message)

        return send_with_headers


def _header(scope: Scope, wanted: bytes) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == wanted), None)
