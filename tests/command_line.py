"""Runs the command lines: in this process where only their words matter, else as programs."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from citadel.index.cli.commands import main as index_main
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import published_network
from citadel.index.retrieval.stages import Stages, load_stages
from citadel.qa.cli.commands import main as qa_main

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """What a command left behind: its exit status and what it wrote."""

    status: int
    stdout: str
    stderr: str


Run = Callable[..., Outcome]
"""Calls a command with its arguments."""


def refused(message: str) -> Outcome:
    """What “citadel” leaves behind that ends in a message for people."""
    return Outcome(1, "", f"citadel: {message}\n")


def call(
    main: Callable[[], None],
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Outcome:
    """Call a program's ``main`` in this process."""
    monkeypatch.setattr(sys, "argv", ["program", *arguments])
    # A server writes its log in another form, and pytest's handlers stay for the next tests.
    formatters = {handler: handler.formatter for handler in logging.getLogger().handlers}
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        main()
    for handler, formatter in formatters.items():
        handler.setFormatter(formatter)
    written = capsys.readouterr()
    status = caught.value.code
    assert isinstance(status, int)
    return Outcome(status, written.out, written.err)


def ask_caller(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    encoder: Encoder,
    stages: Stages,
) -> Run:
    """Return what calls “ask” in this process, default model and reader being loaded already."""

    def loaded(reader: bool, reranker: str | None, backend: str | None, index_dir: Path) -> Stages:
        without = load_stages(False, reranker, backend, index_dir)
        return replace(without, reader=stages.reader) if reader else without

    monkeypatch.delenv("CITADEL_INDEX_DIR", raising=False)
    monkeypatch.setattr("citadel.qa.cli.opening.load_stages", loaded)
    monkeypatch.setattr(
        "citadel.index.encoders.backends.encoder_loader", lambda *_: lambda _model: encoder
    )
    return lambda *arguments: call(qa_main, ["ask", *map(str, arguments)], monkeypatch, capsys)


def index_caller(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoder: Encoder
) -> Run:
    """Return what calls the program of the index in this process, the model being loaded.

    The one as it was published, with which “verify” compares it, is loaded once for all.
    """
    monkeypatch.delenv("CITADEL_INDEX_DIR", raising=False)
    monkeypatch.setattr("citadel.index.encoders.backends.published_network", _load_once)
    load_no_model(monkeypatch, encoder)
    return lambda *arguments: call(index_main, list(map(str, arguments)), monkeypatch, capsys)


_load_once = cache(published_network)


def load_no_model(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    """Let the commands of the index have a model that is loaded already."""
    for commands in ("building", "articles", "snapshots"):
        monkeypatch.setattr(
            f"citadel.index.cli.{commands}.encoder_loader", lambda *_: lambda _model: encoder
        )


def open_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a call of “citadel” that opens an index before it found its arguments wrong."""

    def refuse(*_: object) -> None:
        pytest.fail("the index was opened")

    monkeypatch.setattr("citadel.qa.cli.opening.open_index", refuse)


def environment() -> dict[str, str]:
    """Return the variables of a program that computes with the default backend.

    See that the folder of its index has the converted models, or it takes half a minute.
    """
    return {name: value for name, value in os.environ.items() if name != "CITADEL_BACKEND"}


def run(module: str, arguments: list[str], stdin: bytes = b"", encoding: str = "utf-8") -> Outcome:
    """Run ``python -m module`` as a program of its own, at a terminal of some encoding."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**environment(), "PYTHONIOENCODING": encoding},
        input=stdin,
        capture_output=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))
