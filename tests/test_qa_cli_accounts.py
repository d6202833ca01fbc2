"""What “serve” takes for accounts, and what it refuses before anything is served."""

import sys
from pathlib import Path
from typing import Any

import pytest

from citadel.qa.cli.commands import main
from citadel.qa.service.accounts import HeaderAccounts
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.login import Login
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.oidc import Provider
from citadel.qa.service.passwords import PasswordHash
from citadel.qa.service.removals import Removals
from citadel.qa.service.roles import Role, Roles
from tests.command_line import call, refused

HEADER = ["--user-header", "X-Remote-User", "--trusted-proxy", "127.0.0.1"]
ISSUER = ["--oidc-issuer", "https://login.example.org"]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CITADEL_PASSWORD_HASH", raising=False)
    monkeypatch.delenv("CITADEL_OIDC_CLIENT_SECRET", raising=False)


@pytest.fixture
def roles(tmp_path: Path) -> Path:
    path = tmp_path / "roles.toml"
    path.write_text('[editor]\nusers = ["ann"]\n')
    return path


@pytest.mark.usefixtures("no_index")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--groups-header", "X-Groups"],
            "Roles are for users, and nothing distinguishes these; give --user-header or "
            "--oidc-issuer, see docs/deploying.md.",
        ),
        (
            [*HEADER, *ISSUER],
            "Users are told apart by --user-header or by --oidc-issuer; leave out one of them.",
        ),
        (
            HEADER[:2],
            "--user-header is believed of a proxy only that is trusted; give its address with "
            "--trusted-proxy.",
        ),
        (
            [*HEADER, "--allow-adding"],
            "With --allow-adding editors add articles, and nobody is one; name some in a file, and "
            "give it with --roles.",
        ),
        (
            [*HEADER, "--roles", "none.toml"],
            "none.toml, the file of roles, can't be read (No such file or directory); name another "
            "one with --roles.",
        ),
        (
            [*HEADER[2:], "--user-header", "Cookie"],
            "--user-header takes a header that the proxy adds, such as X-Remote-User, and not "
            "'Cookie'.",
        ),
        (
            ISSUER,
            "With --oidc-issuer the provider knows this server by a client id; give it with "
            "--oidc-client-id.",
        ),
        (
            ["--oidc-issuer", "http://login.example.org", "--oidc-client-id", "citadel"],
            "--oidc-issuer takes an address that begins with https://, and not "
            "'http://login.example.org'.",
        ),
    ],
)
def test_what_does_not_go_together(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    assert call(main, ["serve", *arguments], monkeypatch, capsys) == refused(told)


@pytest.mark.usefixtures("no_index")
def test_a_password_for_all_and_accounts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CITADEL_PASSWORD_HASH", str(PasswordHash.of("correct horse")))
    assert call(main, ["serve", *HEADER], monkeypatch, capsys) == refused(
        "Users sign in by accounts of their own, and everybody by CITADEL_PASSWORD_HASH; leave out "
        "one of both."
    )


@pytest.mark.usefixtures("no_index")
def test_openid_connect_needs_an_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("login", "oidc"):
        monkeypatch.delitem(sys.modules, f"citadel.qa.service.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "authlib.common.security", None)
    arguments = ["serve", *ISSUER, "--oidc-client-id", "citadel"]
    assert call(main, arguments, monkeypatch, capsys) == refused(
        "This needs the extra “accounts”; run “pip install 'citadel-qa[accounts]'”."
    )


def served(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    index_dir: Path,
    *arguments: str,
) -> tuple[Any, ...]:
    """What is handed to the server after the service."""
    found: list[tuple[Any, ...]] = []
    monkeypatch.setattr("citadel.qa.cli.server.serve", lambda *given: found.append(given[1:]))
    monkeypatch.setattr("citadel.qa.service.reload.Reloader.start", lambda _reloader: None)
    monkeypatch.setenv("CITADEL_INDEX_DIR", str(index_dir))
    told = ["serve", "--no-reader", "--languages", "english", *arguments]
    assert call(main, told, monkeypatch, capsys).status == 0
    return found[0]


def test_users_whom_a_proxy_names(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    small_index_dir: Path,
    roles: Path,
) -> None:
    """No password is asked for then, wherever the server listens."""
    more = ["--host", "0.0.0.0", "--groups-header", "X-Groups", "--roles", str(roles)]
    *_, password, additions, entrance, newsroom = served(
        monkeypatch, capsys, small_index_dir, *HEADER, *more
    )
    accounts = HeaderAccounts(Roles({"ann": Role.EDITOR}, {}), "x-remote-user", "x-groups")
    assert (password, additions) == (None, None)
    assert newsroom == Newsroom(accounts, small_index_dir)
    headers = frozenset({b"x-remote-user", b"x-groups"})
    assert entrance == Entrance.of("0.0.0.0", (), ["127.0.0.1"], "", headers)


def test_users_who_sign_in_and_whose_editors_change_articles(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    small_index_dir: Path,
    roles: Path,
) -> None:
    monkeypatch.setenv("CITADEL_OIDC_CLIENT_SECRET", "hidden")
    monkeypatch.setattr("citadel.qa.cli.opening._source_folder", lambda *_: roles.parent)
    more = ["--oidc-client-id", "citadel", "--roles", str(roles), "--allow-adding"]
    *_, additions, _, newsroom = served(monkeypatch, capsys, small_index_dir, *ISSUER, *more)
    assert isinstance(newsroom.login, Login)
    assert newsroom.accounts is newsroom.login
    assert newsroom.login.relation._provider == Provider(
        "https://login.example.org", "citadel", "hidden", "email", "groups"
    )
    assert isinstance(newsroom.removals, Removals)
    assert newsroom.removals._rebuilding is additions.rebuilding


def test_the_secret_is_no_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = call(main, ["serve", "--oidc-client-secret", "x"], monkeypatch, capsys)
    assert outcome.status == 2
    assert "No such option: --oidc-client-secret" in outcome.stderr
