"""Signing in and out by OpenID Connect, as a browser goes through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from http import HTTPStatus
from urllib.parse import quote, urlencode, urlsplit

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

from citadel.qa.service.accounts import Visitor, user
from citadel.qa.service.entrance import Arrival
from citadel.qa.service.oidc import Attempt, Relation, SignInError
from citadel.qa.service.problems import Problem
from citadel.qa.service.roles import Role, Roles
from citadel.qa.service.sessions import SignedCookies

SESSION = "citadel-session"
ATTEMPT = "citadel-sign-in"

SESSION_SECONDS = 8 * 3600
"""How long a user stays signed in: a day at a desk."""

ATTEMPT_SECONDS = 600
"""In which somebody has to sign in at the provider."""

_NOBODY = "none"

_NOT_SIGNED_IN = Problem(401, "You are not signed in; open the page, which leads to that.")


@dataclass(frozen=True, slots=True)
class Login:
    """What signs people in; it distinguishes users by the cookies that it gives.

    Attributes:
        roles: What users may do.
        relation: To the provider.
        sessions: Who is signed in.
        attempts: Who is about to be.

    """

    roles: Roles
    relation: Relation
    sessions: SignedCookies
    attempts: SignedCookies

    @classmethod
    def of(cls, roles: Roles, relation: Relation) -> Login:
        """Sign people in at a provider."""
        return cls(
            roles,
            relation,
            SignedCookies(SESSION, SESSION_SECONDS),
            SignedCookies(ATTEMPT, ATTEMPT_SECONDS, "/auth/"),
        )

    def identify(self, arrival: Arrival) -> Visitor | Problem:
        """Return who is signed in."""
        kept = self.sessions.read(arrival.scope)
        if kept is None:
            return _NOT_SIGNED_IN
        role = None if kept["role"] == _NOBODY else Role(kept["role"])
        return Visitor(kept["name"], "account", role)

    def invitation(self, scope: Scope) -> Response:
        """Return what leads a person who opens the page to the provider, and back to it."""
        query = scope["query_string"].decode("latin-1")
        following = scope["path"] + (f"?{query}" if query else "")
        address = f"{scope['root_path']}/auth/login?{urlencode({'next': following})}"
        return RedirectResponse(address, 303)

    async def begin(self, request: Request, following: str) -> Response:
        """Send a browser to the provider."""
        attempt = Attempt.new()
        try:
            address = await self.relation.address(attempt, _back_to(request.scope))
        except SignInError as error:
            return _page(request.scope, 503, str(error))
        response = RedirectResponse(address, 303)
        kept = {**asdict(attempt), "next": _local(following)}
        response.headers.append("set-cookie", self.attempts.header(request.scope, kept))
        return response

    async def end(self, request: Request, state: str, code: str, error: str) -> Response:
        """Take a browser back from the provider, and sign the person in."""
        scope = request.scope
        kept = self.attempts.read(scope)
        forget = self.attempts.end(scope)
        if kept is None or not state or state != kept["state"]:
            return _page(
                scope, 400, "This is not the sign-in that was begun here, or it took too long."
            )
        response = await self._signed_in(scope, kept, "" if error else code)
        response.headers.append("set-cookie", forget)
        return response

    async def _signed_in(self, scope: Scope, kept: Mapping[str, str], code: str) -> Response:
        """Sign in the user whom the provider names for a code; "" where it gave none."""
        if not code:
            return _page(scope, 403, "The provider did not sign you in.")
        attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
        try:
            identity = await self.relation.identity(attempt, code, _back_to(scope))
        except SignInError as refusal:
            return _page(scope, 403, str(refusal))
        visitor = user(self.roles, identity.name, list(identity.groups))
        if isinstance(visitor, Problem):
            return _page(scope, 403, "The provider calls you by a name that can't be shown.")
        response = RedirectResponse(scope["root_path"] + kept["next"], 303)
        session = {"name": visitor.name, "role": visitor.role or _NOBODY}
        response.headers.append("set-cookie", self.sessions.header(scope, session))
        return response

    def leave(self, request: Request) -> Response:
        """Sign a person out here; at the provider they stay signed in."""
        response = _page(request.scope, 200, "You are signed out here.")
        response.headers.append("set-cookie", self.sessions.end(request.scope))
        return response

    def add_to(self, api: FastAPI) -> None:
        """Add the routes of signing in and out to the API."""

        @api.get("/auth/login", include_in_schema=False)
        async def begin(request: Request) -> Response:
            """Send a browser to the provider."""
            return await self.begin(request, request.query_params.get("next", "/"))

        @api.get("/auth/callback", include_in_schema=False)
        async def end(request: Request) -> Response:
            """Take a browser back from the provider."""
            given = request.query_params
            return await self.end(
                request, given.get("state", ""), given.get("code", ""), given.get("error", "")
            )

        @api.post("/auth/logout", include_in_schema=False)
        async def leave(request: Request) -> Response:
            """Sign a person out."""
            return self.leave(request)


def _back_to(scope: Scope) -> str:
    """Return the address to which the provider sends a browser back."""
    host = next(value for name, value in scope["headers"] if name == b"host").decode("latin-1")
    return f"{scope['scheme']}://{host}{scope['root_path']}/auth/callback"


def _local(following: str) -> str:
    """Return where to go after signing in: the page of this server and nothing else."""
    try:
        parts = urlsplit(following)
    except ValueError:
        # Brackets with no address in them.
        return "/"
    if parts.scheme or parts.netloc or parts.path != "/" or following[:2] in ("//", "/\\"):
        return "/"
    return "/" + (f"?{quote(parts.query, safe='=&%+-._~:')}" if parts.query else "")


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem;"
    "color-scheme:light dark}"
)


def _page(scope: Scope, status: int, told: str) -> Response:
    """Return a page with one sentence, and a link to sign in."""
    title = "Citadel" if status == HTTPStatus.OK else f"Citadel: {HTTPStatus(status).phrase}"
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>Citadel</h1>"
        f'<p>{escape(told)}</p><p><a href="{escape(scope["root_path"])}/auth/login">Sign in</a></p>'
        "</body></html>",
        status,
    )
