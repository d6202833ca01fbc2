"""The other commands of “citadel”: what they refuse and warn of before anything is served."""

import sys
from pathlib import Path

import pytest

from citadel.index.build.build import BUNDLED_SOURCES
from citadel.index.errors import CitadelError
from citadel.qa.cli.commands import main
from citadel.qa.service.limits import Limits
from citadel.qa.service.passwords import PasswordHash
from tests.command_line import call, refused, run


def test_the_hash_of_a_password_from_stdin() -> None:
    outcome = run("qa", ["password-hash"], b"correct horse\n")
    assert (outcome.status, outcome.stderr) == (0, "")
    assert PasswordHash.parse(outcome.stdout).fits("correct horse")
    assert run("qa", ["password-hash"], b"short\n") == refused(
        "A password has at least 8 characters; take another."
    )


@pytest.mark.usefixtures("no_index")
def test_a_hash_that_is_none_is_refused_before_anything_is_served(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CITADEL_PASSWORD_HASH", "correct horse")
    assert call(main, ["serve"], monkeypatch, capsys) == refused(
        "CITADEL_PASSWORD_HASH holds no hash of a password; make one with "
        "“python -m qa password-hash”."
    )


@pytest.mark.parametrize(
    ("host", "warned"), [("127.0.0.1", False), ("::1", False), ("localhost", False), ("::", True)]
)
def test_a_server_that_others_reach_without_a_password_is_warned_of(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    host: str,
    warned: bool,
) -> None:
    def stop(*_: object) -> None:
        raise CitadelError("Stopped.")

    monkeypatch.delenv("CITADEL_PASSWORD_HASH", raising=False)
    monkeypatch.setattr("citadel.qa.cli.opening.open_index", stop)
    call(main, ["serve", "--host", host, "--no-reader"], monkeypatch, capsys)
    told = [
        record.getMessage() for record in caplog.records if record.name == "citadel.qa.cli.serving"
    ]
    assert told == [
        f"Whoever reaches {host} may ask: CITADEL_PASSWORD_HASH is not set, see docs/deploying.md."
    ] * int(warned)


@pytest.mark.parametrize(
    ("arguments", "limits"),
    [
        ([], Limits(questions_per_minute=120, own_questions_per_minute=0)),
        (
            ["--questions-per-minute", "120"],
            Limits(questions_per_minute=120, own_questions_per_minute=120),
        ),
        (
            ["--questions-per-minute", "0"],
            Limits(questions_per_minute=0, own_questions_per_minute=0),
        ),
    ],
)
def test_this_machine_is_limited_only_when_a_limit_is_given(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    small_index_dir: Path,
    arguments: list[str],
    limits: Limits,
) -> None:
    served: list[Limits] = []
    monkeypatch.setattr(
        "citadel.qa.cli.server.serve", lambda service, *_: served.append(service.limits)
    )
    monkeypatch.setattr("citadel.qa.service.reload.Reloader.start", lambda _reloader: None)
    monkeypatch.setenv("CITADEL_INDEX_DIR", str(small_index_dir))
    told = ["serve", "--no-reader", "--languages", "english", *arguments]
    call(main, told, monkeypatch, capsys)
    assert served == [limits]


@pytest.mark.usefixtures("no_index")
def test_strangers_add_nothing_without_a_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CITADEL_PASSWORD_HASH", raising=False)
    assert call(main, ["serve", "--host", "::", "--allow-adding"], monkeypatch, capsys) == refused(
        "With --allow-adding whoever reaches :: could add articles; set CITADEL_PASSWORD_HASH, "
        "see docs/deploying.md, or leave out --host."
    )


def test_articles_are_added_to_the_folder_of_the_index_only(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    small_index_dir: Path,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("CITADEL_INDEX_DIR", str(small_index_dir))
    arguments = ["serve", "--no-reader", "--allow-adding", "--sources", str(tmp_path / "else")]
    outcome = call(main, arguments, monkeypatch, capsys)
    assert outcome == refused(
        f"The index in {small_index_dir} was built from {BUNDLED_SOURCES}, not from "
        f"{tmp_path / 'else'}; leave out --sources to add articles to it."
    )


@pytest.mark.usefixtures("no_index")
def test_the_tools_of_an_assistant_need_an_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "citadel.qa.service.mcp", raising=False)
    assert call(main, ["mcp"], monkeypatch, capsys) == refused(
        "This needs the extra “mcp”; run “pip install 'citadel-qa[mcp]'”."
    )
