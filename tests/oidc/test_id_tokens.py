"""What the provider says of who signs in: what is believed, and what is not."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from citadel.qa.service.accounts import Visitor
from citadel.qa.service.roles import Role
from tests.accounts_place import NewsroomPlace
from tests.oidc.provider import CLIENT, SECRET, OidcProvider, new_key
from tests.oidc.sign_in import browser, but, login_of, refused, sign_in, signing_in_by
from tests.visitor import problem

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
