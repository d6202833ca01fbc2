"""A server without a network: gate, API and a page that shows what reached it."""

from dataclasses import dataclass, field
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from citadel.qa.service.additions import Additions
from citadel.qa.service.api import build_api
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.middleware import LimitsMiddleware
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.passwords import PasswordCheck, PasswordHash
from citadel.qa.service.service import Service

ADDRESS = "203.0.113.7"

# What clients in this process call the server.
ENTRANCE = Entrance.of("127.0.0.1", ["testserver", "citadel"])


@dataclass
class FakePage:
    """Stands for Gradio; keeps the scope of each request, its headers and its body."""

    scopes: list[Scope] = field(default_factory=list)
    headers: list[dict[bytes, bytes]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        self.headers.append(dict(scope["headers"]))
        self.bodies.append((await receive())["body"])
        response = PlainTextResponse("The page.", headers={"Content-Security-Policy": "none"})
        await response(scope, receive, send)


def visit(
    service: Service,
    page: FakePage | None = None,
    password: PasswordHash | None = None,
    address: str = ADDRESS,
    additions: Additions | None = None,
    entrance: Entrance | None = None,
    newsroom: Newsroom | None = None,
) -> TestClient:
    """A client at some address of a server in this process."""
    limits = service.limits
    check = PasswordCheck(password, limits) if password is not None else None
    api = build_api(service, additions, newsroom)
    adding = additions is not None
    gate = LimitsMiddleware(
        page or FakePage(),
        api,
        limits,
        service.metrics,
        check,
        {0: 0},
        entrance or ENTRANCE,
        adding=adding,
        accounts=newsroom.accounts if newsroom is not None else None,
    )
    return TestClient(gate, client=(address, 1234), raise_server_exceptions=True)


def problem(status: int, title: str, detail: str, **more: Any) -> dict[str, Any]:
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
