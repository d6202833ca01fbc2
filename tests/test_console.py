"""What every command line says: its version, and what no program can help, as a full disk."""

import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from citadel.evaluation.cli import main as evaluation_main
from citadel.index.cli.commands import main as index_main
from citadel.index.encoders.encoder import Encoder
from citadel.qa.cli.commands import main as qa_main
from tests.command_line import ROOT, Outcome, call, environment, index_caller


@pytest.mark.parametrize("main", [qa_main, index_main, evaluation_main])
def test_the_version_is_said(
    main: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = f"Citadel {version('citadel-qa')}\n"
    assert call(main, ["--version"], monkeypatch, capsys) == Outcome(0, said, "")


# As pip's script starts a program, while somebody presses Ctrl-C as soon as typer is imported.
INTERRUPTED = """
import sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from {module} import {function}
sys.exit({function}())
"""
SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]


@pytest.mark.parametrize("program", ["citadel", "citadel-index", "citadel-evaluate"])
def test_ctrl_c_while_a_program_is_imported(program: str) -> None:
    module, function = SCRIPTS[program].split(":")
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED.format(module=module, function=function)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.parametrize("command", ["--help", "info"])
def test_a_full_disk(index_dir: Path, command: str) -> None:
    arguments = [command] if command == "--help" else [command, "--index-dir", str(index_dir)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "index", *arguments],
            cwd=ROOT,
            env={**environment(), "PYTHONIOENCODING": "utf-8"},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr.decode()) == (
        1,
        "citadel-index: Something, perhaps the output, can't be read or written "
        "(No space left on device); mend that and try again.\n",
    )


def test_a_reader_that_has_seen_enough() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "index", "--help"],
        cwd=ROOT,
        env={**environment(), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == b""
    assert program.returncode == 1


def test_a_name_that_is_too_long(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    encoder: Encoder,
) -> None:
    index = index_caller(monkeypatch, capsys, encoder)
    name = tmp_path / ("n" * 300)
    assert index("build", "--sources", name, "--index-dir", tmp_path / "index") == Outcome(
        1,
        "",
        f"citadel-index: {name} can't be read or written (File name too long); "
        "mend that and try again.\n",
    )
