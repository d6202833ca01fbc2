"""Providers that are away, hang, or are not what they should be."""

import asyncio
from typing import Any

import pytest

from citadel.qa.service import oidc
from citadel.qa.service.oidc import Attempt, Provider, Relation, SignInError
from tests.accounts_place import NewsroomPlace
from tests.oidc.provider import CLIENT, SECRET, OidcProvider
from tests.oidc.sign_in import browser, but, login_of, refused, signing_in_by
from tests.small_index import refusal


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
