"""The cookies of who has signed in: none is made or changed by others, and all come to an end."""

import base64
import json
import time

import pytest

from citadel.qa.service.login import SESSION_SECONDS
from tests.accounts_place import NewsroomPlace
from tests.oidc.provider import OidcProvider
from tests.oidc.sign_in import begin, browser, cookies, login_of, sign_in, signing_in_by


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
