"""Signing in by OpenID Connect: the way through it, and each attack on it."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.testclient import TestClient

from citadel.qa.service import oidc
from citadel.qa.service.accounts import Visitor
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.login import SESSION_SECONDS, Login
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.oidc import Attempt, Provider, Relation, SignInError
from citadel.qa.service.roles import Role, Roles
from tests.accounts_place import PROXY, NewsroomPlace
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, new_key, oidc_provider
from tests.small_index import refusal
from tests.visitor import FakePage, problem

ROLES = Roles({"eve@example.org": Role.ADMIN}, {"newsdesk": Role.EDITOR}, None)
OTHERS = "203.0.113.7"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[OidcProvider]:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    with oidc_provider() as running:
        yield running


def login_of(provider: OidcProvider, **more: str) -> Login:
    known = {"user_claim": "email", "groups_claim": "groups", **more}
    return Login.of(ROLES, Relation(Provider.of(provider.issuer, CLIENT, SECRET, **known)))


@pytest.fixture(scope="module")
def shared_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewsroomPlace]:
    """A place of which nothing is changed but who signs people in."""
    made = NewsroomPlace(tmp_path_factory.mktemp("place"), ferry="The ferry crosses the river.\n")
    yield made
    made.close()


def signing_in_by(place: NewsroomPlace, login: Login) -> NewsroomPlace:
    """A place whose users sign in by a login that was not used before."""
    place.newsroom = Newsroom(login, place.index_dir, place.removals, login)
    place.page = FakePage()
    return place


@pytest.fixture
def place(shared_place: NewsroomPlace, provider: OidcProvider) -> NewsroomPlace:
    return signing_in_by(shared_place, login_of(provider))


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


NOT_BEGUN = "This is not the sign-in that was begun here, or it took too long."


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


def but(**changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Claims of which some are others, or left out with None."""

    def claims(right: dict[str, Any]) -> dict[str, Any]:
        told = {**right, **changed}
        return {name: value for name, value in told.items() if value is not None}

    return claims


LONG_AGO = 1_700_000_000


@pytest.mark.parametrize(
    "claims",
    [
        but(nonce="another"),
        but(nonce=None),
        but(aud="another client"),
        but(aud=["another client"]),
        but(aud="another client", azp=CLIENT),
        but(aud=[CLIENT, "another client"]),
        but(aud=[CLIENT, "another client"], azp="another client"),
        but(aud=None),
        but(iss="https://evil.example"),
        but(iss=None),
        but(exp=LONG_AGO),
        but(exp=None),
        but(iat=LONG_AGO * 2),
        but(iat=None),
        but(nbf=LONG_AGO * 2),
        but(sub=None),
        but(at_hash="another"),
    ],
)
def test_claims_that_are_not_for_this_sign_in(
    place: NewsroomPlace, provider: OidcProvider, claims: Callable[..., dict[str, Any]]
) -> None:
    provider.claims = claims
    status, told = refused(sign_in(browser(place)))
    assert status == 403
    assert told.startswith("What the provider said of you can&#x27;t be believed (")
    assert provider.asked["/token"] == 1


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def unsigned(claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{encoded(claims)}."


def by_another_key(claims: dict[str, Any]) -> str:
    key = new_key("one")
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def by_an_unknown_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "two"}, claims, new_key("two"))


def by_the_secret(claims: dict[str, Any]) -> str:
    key = OctKey.import_key(SECRET.encode() * 2)
    return jwt.encode({"alg": "HS256", "kid": "one"}, claims, key)


@pytest.mark.parametrize("forged", [unsigned, by_another_key, by_an_unknown_key, by_the_secret])
def test_signatures_that_are_not_of_the_provider(
    place: NewsroomPlace, provider: OidcProvider, forged: Callable[[dict[str, Any]], str]
) -> None:
    provider.signed = forged
    status, told = refused(sign_in(browser(place)))
    assert status == 403
    assert told.startswith("What the provider said of you can&#x27;t be believed (")


def test_the_public_key_as_a_secret(place: NewsroomPlace, provider: OidcProvider) -> None:
    """Who knows the public key could sign with it, were HS256 allowed."""

    def forged(claims: dict[str, Any]) -> str:
        told = f"{encoded({'alg': 'HS256', 'kid': 'one'})}.{encoded(claims)}"
        digest = hmac.digest(provider.key.as_pem(private=False), told.encode(), "sha256")
        return f"{told}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    provider.signed = forged
    assert refused(sign_in(browser(place)))[0] == 403


@pytest.mark.parametrize("place_of_change", [0, 1, 2])
def test_an_id_token_that_was_changed_on_its_way(
    place: NewsroomPlace, provider: OidcProvider, place_of_change: int
) -> None:
    def changed(claims: dict[str, Any]) -> str:
        parts = provider.sign(claims).split(".")
        part = parts[place_of_change]
        parts[place_of_change] = part[:20] + ("A" if part[20] != "A" else "B") + part[21:]
        return ".".join(parts)

    provider.signed = changed
    assert refused(sign_in(browser(place)))[0] == 403


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (
            {"email": None},
            "The provider does not say who you are: its ID token has no “email”; ask who runs the "
            "server.",
        ),
        (
            {"email_verified": False},
            "The provider does not say that ann@example.org is yours: “email_verified” is not "
            "true; verify it there, or ask who runs the server.",
        ),
        (
            {"email_verified": "true"},
            "The provider does not say that ann@example.org is yours: “email_verified” is not "
            "true; verify it there, or ask who runs the server.",
        ),
        ({"email": "ann\n@example.org"}, "The provider calls you by a name that can't be shown."),
    ],
)
def test_a_person_whose_name_is_not_sure(
    place: NewsroomPlace, provider: OidcProvider, person: dict[str, Any], told: str
) -> None:
    provider.claims = but(**person)
    assert refused(sign_in(browser(place))) == (403, told.replace("'", "&#x27;"))


@pytest.mark.parametrize(
    ("person", "role"),
    [
        ({"groups": ["others", "newsdesk"]}, Role.EDITOR),
        ({"email": "eve@example.org", "groups": []}, Role.ADMIN),
        ({"groups": "newsdesk"}, None),
        ({"groups": [["newsdesk"], 1]}, None),
        ({"groups": None}, None),
    ],
)
def test_the_role_comes_from_name_and_groups(
    place: NewsroomPlace, provider: OidcProvider, person: dict[str, Any], role: Role | None
) -> None:
    provider.claims = but(**person)
    client = browser(place)
    assert sign_in(client).status_code == 303
    name = person.get("email", "ann@example.org")
    said = client.get("/api/articles")
    if role is None:
        assert said.json() == problem(
            403,
            "Forbidden",
            f"{name} has no role on this server; ask who runs it to add the name to the file of "
            "roles.",
        )
        return
    client.get("/")
    assert place.page.scopes[-1]["citadel.visitor"] == Visitor(name, "account", role)


def test_another_claim_names_the_user(shared_place: NewsroomPlace, provider: OidcProvider) -> None:
    provider.person = {"sub": "248289761001", "roles": ["newsdesk"]}
    login = login_of(provider, user_claim="sub", groups_claim="roles")
    place = signing_in_by(shared_place, login)
    client = browser(place)
    assert sign_in(client).status_code == 303
    client.get("/")
    ann = Visitor("248289761001", "account", Role.EDITOR)
    assert place.page.scopes[-1]["citadel.visitor"] == ann


def forged_cookies(value: str) -> list[str]:
    """Cookies made of a good one."""
    data, _, signature = value.partition(".")
    kept = json.loads(base64.urlsafe_b64decode(data))
    higher = base64.urlsafe_b64encode(json.dumps({**kept, "role": "admin"}).encode()).decode()
    return [
        f"{higher}.{signature}",
        f"{data}.",
        data,
        f"{data}.{signature[:-2]}AA",
        f".{signature}",
        f"{data}.{signature}.{signature}",
        "",
        "é.é",
        f"{data}.{signature}"[1:],
    ]


def test_a_cookie_that_was_changed(place: NewsroomPlace) -> None:
    client = browser(place)
    sign_in(client)
    good = client.cookies["citadel-session"]
    for value in forged_cookies(good):
        said = browser(place).get(
            "/api/articles", headers={b"cookie": f"citadel-session={value}".encode()}
        )
        assert said.status_code == 401
    said = browser(place).get("/api/articles", headers={"Cookie": f"citadel-session={good}"})
    assert said.status_code == 200


def test_a_cookie_of_one_kind_is_none_of_the_other(place: NewsroomPlace) -> None:
    client = browser(place)
    begin(client)
    kept = client.cookies["citadel-sign-in"]
    said = browser(place).get("/api/articles", headers={"Cookie": f"citadel-session={kept}"})
    assert said.status_code == 401


def test_a_session_ends_with_its_time_and_with_its_server(
    place: NewsroomPlace, provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(place)
    sign_in(client)
    now = time.time()
    for passed, status in ((SESSION_SECONDS - 10, 200), (SESSION_SECONDS + 10, 401)):
        monkeypatch.setattr(
            "citadel.qa.service.sessions.time.time", lambda passed=passed: now + passed
        )
        kept = {"Cookie": f"citadel-session={client.cookies['citadel-session']}"}
        assert browser(place).get("/api/articles", headers=kept).status_code == status
    monkeypatch.undo()
    assert browser(place).get("/api/articles", headers=kept).status_code == 200
    signing_in_by(place, login_of(provider))
    assert browser(place).get("/api/articles", headers=kept).status_code == 401


def test_who_signs_out_is_out_also_with_a_copy_of_the_cookie(place: NewsroomPlace) -> None:
    client = browser(place)
    sign_in(client)
    kept = {"Cookie": f"citadel-session={client.cookies['citadel-session']}"}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/auth/logout", headers=elsewhere).status_code == 403
    assert client.get("/auth/logout").status_code == 405
    assert client.get("/api/articles").status_code == 200
    left = client.post("/auth/logout")
    assert (left.status_code, left.text.count("You are signed out here.")) == (200, 1)
    assert cookies(left) == {
        "citadel-session": {
            "httponly": "True",
            "samesite": "Lax",
            "path": "/",
            "max-age": "0",
        }
    }
    assert client.get("/api/articles").status_code == 401
    assert browser(place).get("/api/articles", headers=kept).status_code == 401


def test_a_provider_that_changed_its_keys(place: NewsroomPlace, provider: OidcProvider) -> None:
    assert sign_in(browser(place)).status_code == 303
    login: Any = place.newsroom.login
    login.relation._keys_at -= 61
    provider.key = new_key("two")
    assert sign_in(browser(place)).status_code == 303
    assert provider.asked["/keys"] == 2
    provider.signed = by_an_unknown_key
    for _ in range(3):
        assert refused(sign_in(browser(place)))[0] == 403
    assert provider.asked["/keys"] == 2
    assert provider.asked["/.well-known/openid-configuration"] == 1


@pytest.mark.parametrize(
    ("described", "told"),
    [
        (
            {"issuer": "https://evil.example"},
            "The provider at {issuer} calls itself 'https://evil.example'; let --oidc-issuer be "
            "what it calls itself.",
        ),
        (
            {"token_endpoint": "http://evil.example/token"},
            "The provider at {issuer} names no safe token_endpoint; ask who runs the server.",
        ),
        (
            {"authorization_endpoint": "javascript:alert(1)"},
            "The provider at {issuer} names no safe authorization_endpoint; ask who runs the "
            "server.",
        ),
        (
            {"jwks_uri": None},
            "The provider at {issuer} names no safe jwks_uri; ask who runs the server.",
        ),
    ],
)
def test_a_provider_that_is_not_what_it_should_be(
    place: NewsroomPlace, provider: OidcProvider, described: dict[str, Any], told: str
) -> None:
    provider.described = but(**described)
    said = browser(place).get("/auth/login")
    expected = told.format(issuer=provider.issuer).replace("'", "&#x27;")
    assert refused(said) == (503, expected)


def test_a_provider_that_is_away(
    shared_place: NewsroomPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    away = OidcProvider("http://127.0.0.1:9")
    place = signing_in_by(shared_place, login_of(away))
    status, told = refused(browser(place).get("/auth/login"))
    assert status == 503
    assert told.startswith(
        "The provider can&#x27;t be asked at http://127.0.0.1:9/.well-known/openid-configuration ("
    )
    place.close()


def test_sign_ins_of_one_address_are_counted(place: NewsroomPlace) -> None:
    client = browser(place)
    said = [client.get("/auth/callback").status_code for _ in range(31)]
    assert said == [400] * 30 + [429]
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "issuer", ["http://login.example.org", "login.example.org", "", "ftp://x", "https://"]
)
def test_an_issuer_that_can_not_be_trusted(issuer: str) -> None:
    assert refusal(Provider.of, issuer, CLIENT, "", "email", "groups") == (
        f"--oidc-issuer takes an address that begins with https://, and not {issuer!r}."
    )


def test_a_client_has_an_id_and_its_secret_is_not_shown() -> None:
    assert refusal(Provider.of, "https://login.example.org", "", "", "email", "groups") == (
        "With --oidc-issuer the provider knows this server by a client id; give it with "
        "--oidc-client-id."
    )
    shown = repr(Provider.of("https://login.example.org", CLIENT, SECRET, "email", "groups"))
    assert SECRET not in shown


def test_nobody_waits_long_for_others_that_ask_a_provider_that_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(oidc, "_SECONDS", 0.05)
    relation = Relation(Provider.of("https://id.example", "citadel", "", "email", "groups"))

    async def ask() -> str:
        async with relation._asking:
            with pytest.raises(SignInError) as refused:
                await relation.address(Attempt.new(), "https://citadel.example/auth/callback")
        return str(refused.value)

    assert asyncio.run(ask()) == (
        "The provider does not answer; try again soon, or ask who runs the server."
    )
