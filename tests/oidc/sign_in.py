"""A browser that signs in by OpenID Connect, step by step."""

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import httpx2
from starlette.testclient import TestClient

from citadel.qa.service.entrance import Entrance
from citadel.qa.service.login import Login
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.oidc import Provider, Relation
from citadel.qa.service.roles import Role, Roles
from tests.accounts_place import PROXY, NewsroomPlace
from tests.oidc.provider import CLIENT, SECRET, OidcProvider
from tests.visitor import FakePage

ROLES = Roles({"eve@example.org": Role.ADMIN}, {"newsdesk": Role.EDITOR}, None)
OTHERS = "203.0.113.7"


def login_of(provider: OidcProvider, **more: str) -> Login:
    known = {"user_claim": "email", "groups_claim": "groups", **more}
    return Login.of(ROLES, Relation(Provider.of(provider.issuer, CLIENT, SECRET, **known)))


def signing_in_by(place: NewsroomPlace, login: Login) -> NewsroomPlace:
    """A place whose users sign in by a login that was not used before."""
    place.newsroom = Newsroom(login, place.index_dir, place.removals, login)
    place.page = FakePage()
    return place


def browser(place: NewsroomPlace, root_path: str = "") -> TestClient:
    entrance = Entrance.of("127.0.0.1", ["testserver"], [PROXY], root_path)
    client = place.visit(OTHERS, entrance)
    client.follow_redirects = False
    return client


def ask_provider(address: str) -> httpx2.Response:
    return httpx2.get(address, trust_env=False)


def begin(client: TestClient, path: str = "/auth/login", **more: Any) -> str:
    """Go to the provider, and return the address that it sends the browser back to."""
    sent = client.get(path, **more)
    assert sent.status_code == 303
    return ask_provider(sent.headers["location"]).headers["location"]


def back(client: TestClient, address: str, **more: Any) -> httpx2.Response:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", **more)


def sign_in(client: TestClient) -> httpx2.Response:
    return back(client, begin(client))


def cookies(response: httpx2.Response) -> dict[str, dict[str, str]]:
    """The attributes of each cookie that is set, without its value."""
    found: SimpleCookie = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        found.load(header)
    return {
        name: {key: str(value) for key, value in each.items() if value}
        for name, each in found.items()
    }


def refused(response: httpx2.Response) -> tuple[int, str]:
    """Status and sentence of a page that says why nobody is signed in."""
    assert "citadel-session" not in cookies(response)
    return response.status_code, response.text.split("<p>")[1].split("</p>")[0]


NOT_BEGUN = "This is not the sign-in that was begun here, or it took too long."


def but(**changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Claims of which some are others, or left out with None."""

    def claims(right: dict[str, Any]) -> dict[str, Any]:
        told = {**right, **changed}
        return {name: value for name, value in told.items() if value is not None}

    return claims
