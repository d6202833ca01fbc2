"""Runs the command lines: in this process where only their words matter, else as programs."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """What a command left behind: its exit status and what it wrote."""

    status: int
    stdout: str
    stderr: str


def call(
    main: Callable[[], None],
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Outcome:
    """Call a program's ``main`` in this process."""
    monkeypatch.setattr(sys, "argv", ["program", *arguments])
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        main()
    written = capsys.readouterr()
    status = caught.value.code
    assert isinstance(status, int)
    return Outcome(status, written.out, written.err)


def run(module: str, arguments: list[str], stdin: bytes = b"", encoding: str = "utf-8") -> Outcome:
    """Run ``python -m module`` as a program of its own, at a terminal of some encoding."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        input=stdin,
        capture_output=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))
