"""Signing in by OpenID Connect: the way through it, and each attack on the way."""

import time
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlsplit

import pytest

from citadel.qa.service.accounts import Visitor
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.login import SESSION_SECONDS
from citadel.qa.service.roles import Role
from tests.accounts_place import PROXY, NewsroomPlace
from tests.oidc.provider import CLIENT, OidcProvider
from tests.oidc.sign_in import NOT_BEGUN, ask_provider, back, begin, browser, cookies, refused
from tests.visitor import problem


def test_a_person_is_led_to_the_provider_and_back(
    place: NewsroomPlace, provider: OidcProvider
) -> None:
    client = browser(place)
    invited = client.get("/?q=Who%20sank%3F")
    assert (invited.status_code, invited.headers["location"]) == (
        303,
        "/auth/login?next=%2F%3Fq%3DWho%2520sank%253F",
    )
    sent = client.get(invited.headers["location"])
    address = urlsplit(sent.headers["location"])
    asked = dict(parse_qsl(address.query))
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.issuer}/authorize"
    assert {name: len(asked[name]) for name in ("state", "nonce", "code_challenge")} == {
        "state": 32,
        "nonce": 32,
        "code_challenge": 43,
    }
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": "http://testserver/auth/callback",
        "scope": "openid profile email",
        "code_challenge_method": "S256",
        **{name: asked[name] for name in ("state", "nonce", "code_challenge")},
    }
    kept = {"httponly": "True", "samesite": "Lax", "path": "/auth/", "max-age": "600"}
    assert cookies(sent) == {"citadel-sign-in": kept}
    returned = back(client, ask_provider(sent.headers["location"]).headers["location"])
    assert (returned.status_code, returned.headers["location"]) == (303, "/?q=Who%20sank%3F")
    assert cookies(returned) == {
        "citadel-session": {
            "httponly": "True",
            "samesite": "Lax",
            "path": "/",
            "max-age": str(SESSION_SECONDS),
        },
        "citadel-sign-in": {**kept, "max-age": "0"},
    }
    assert client.get("/").text == "The page."
    ann = Visitor("ann@example.org", "account", Role.EDITOR)
    assert place.page.scopes[-1]["citadel.visitor"] == ann
    assert client.get("/api/removed").json() == {"removed": []}
    assert client.get("/api/audit").status_code == 403


def test_who_is_not_signed_in_gets_the_way_there_and_nothing_else(place: NewsroomPlace) -> None:
    client = browser(place)
    unknown = problem(
        401, "Unauthorized", "You are not signed in; open the page, which leads to that."
    )
    for method, path in (
        ("GET", "/api/articles"),
        ("POST", "/"),
        ("GET", "/config"),
        ("POST", "/api/ask"),
        ("POST", "/gradio_api/queue/join"),
        ("DELETE", "/api/articles/ferry.md"),
        ("GET", "/api/audit"),
    ):
        assert client.request(method, path).json()["status"] in (401, 404)
    assert client.get("/api/articles", headers={"X-Remote-User": "eve"}).json() == unknown
    assert client.get("/healthz").status_code == 200
    assert place.page.scopes == []


def test_over_tls_behind_a_proxy_and_under_a_path(
    place: NewsroomPlace, provider: OidcProvider
) -> None:
    entrance = Entrance.of("127.0.0.1", ["news.example.org"], [PROXY], "/citadel")
    client = place.visit(PROXY, entrance)
    client.follow_redirects = False
    headers = {"X-Forwarded-Proto": "https", "Host": "news.example.org"}
    invited = client.get("/", headers=headers)
    assert invited.headers["location"] == "/citadel/auth/login?next=%2F"
    sent = client.get("/auth/login?next=%2F", headers=headers)
    asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    assert asked["redirect_uri"] == "https://news.example.org/citadel/auth/callback"
    assert cookies(sent)["citadel-sign-in"]["secure"] == "True"
    value = SimpleCookie(sent.headers["set-cookie"])["citadel-sign-in"].value
    address = ask_provider(sent.headers["location"]).headers["location"]
    returned = client.get(
        f"/auth/callback?{urlsplit(address).query}",
        headers={**headers, "Cookie": f"citadel-sign-in={value}"},
    )
    assert returned.headers["location"] == "/citadel/"
    assert cookies(returned)["citadel-session"] == {
        "httponly": "True",
        "samesite": "Lax",
        "secure": "True",
        "path": "/citadel/",
        "max-age": str(SESSION_SECONDS),
    }
    assert provider.asked["/token"] == 1


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2fevil.example",
        "javascript:alert(1)",
        "/api/audit",
        "/auth/login",
        "http:/evil.example",
        "",
        "/\t/evil.example",
        " //evil.example",
        "//[",
        "http://[",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(place: NewsroomPlace, following: str) -> None:
    client = browser(place)
    returned = back(client, begin(client, "/auth/login", params={"next": following}))
    assert (returned.status_code, returned.headers["location"]) == (303, "/")


def test_nothing_is_put_into_the_address_after_signing_in(place: NewsroomPlace) -> None:
    client = browser(place)
    following = "/?q=a\r\nSet-Cookie: x=1#//evil.example"
    returned = back(client, begin(client, "/auth/login", params={"next": following}))
    assert returned.headers["location"] == "/?q=aSet-Cookie:%20x=1"


def test_a_state_of_another_sign_in(place: NewsroomPlace, provider: OidcProvider) -> None:
    """An attacker can't have somebody else finish a sign-in of theirs."""
    mallory, ann = browser(place), browser(place)
    theirs = begin(mallory)
    assert refused(back(ann, theirs)) == (400, NOT_BEGUN)
    begin(ann)
    assert refused(back(ann, theirs)) == (400, NOT_BEGUN)
    for query in ("", "?code=x", "?state=&code=x", "?code=x&state=x"):
        assert refused(ann.get(f"/auth/callback{query}")) == (400, NOT_BEGUN)
    assert "/token" not in provider.asked
    assert back(mallory, theirs).status_code == 303


def test_a_sign_in_is_finished_once(place: NewsroomPlace) -> None:
    client = browser(place)
    address = begin(client)
    kept = client.cookies["citadel-sign-in"]
    assert back(client, address).status_code == 303
    assert refused(back(client, address)) == (400, NOT_BEGUN)
    again = back(browser(place), address, headers={"Cookie": f"citadel-sign-in={kept}"})
    assert refused(again) == (400, NOT_BEGUN)


def test_a_sign_in_that_took_too_long(
    place: NewsroomPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(place)
    address = begin(client)
    later = time.time() + 601
    monkeypatch.setattr("citadel.qa.service.sessions.time.time", lambda: later)
    assert refused(back(client, address)) == (400, NOT_BEGUN)


def test_the_provider_says_no(place: NewsroomPlace, provider: OidcProvider) -> None:
    client = browser(place)
    state = dict(parse_qsl(urlsplit(begin(client)).query))["state"]
    said = client.get(f"/auth/callback?state={state}&error=access_denied&code=x")
    assert refused(said) == (403, "The provider did not sign you in.")
    assert "/token" not in provider.asked


def test_a_code_of_somebody_else_is_of_no_use(place: NewsroomPlace) -> None:
    """PKCE: who has caught a code lacks what it was asked for with."""
    ann, mallory = browser(place), browser(place)
    caught = dict(parse_qsl(urlsplit(begin(ann)).query))["code"]
    state = dict(parse_qsl(urlsplit(begin(mallory)).query))["state"]
    said = mallory.get(f"/auth/callback?state={state}&code={caught}")
    assert refused(said) == (
        403,
        "The provider did not accept what it had given itself (invalid_grant: ); sign in again.",
    )


def test_sign_ins_of_one_address_are_counted(place: NewsroomPlace) -> None:
    client = browser(place)
    said = [client.get("/auth/callback").status_code for _ in range(31)]
    assert said == [400] * 30 + [429]
    assert client.get("/healthz").status_code == 200
