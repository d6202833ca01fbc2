"""Counts what the torture tests really did, and shows it at the end."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reading_here import read_apart

ROOT = Path(__file__).resolve().parents[2]

Counts = dict[str, int]

_TABLE: list[tuple[str, Counts]] = []


@pytest.fixture(autouse=True)
def every_file_is_read_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tortured is all of it."""
    read_apart(monkeypatch)


@pytest.fixture
def count() -> Callable[[str, Counts], None]:
    """Takes what a test counted, for the table at the end."""
    return lambda name, counts: _TABLE.append((name, counts))


@pytest.fixture
def worker(tmp_path: Path) -> Callable[..., Counts]:
    """Runs a work of worker.py and returns what it counted."""

    def work(name: str, *numbers: int, folder: Path | None = None, before: str = "") -> Counts:
        place = folder or tmp_path / "index"
        command = f"{sys.executable} -m tests.torture.worker {name} {place} " + " ".join(
            map(str, numbers)
        )
        done = subprocess.run(
            [*(["unshare", "-Urm"] if before else []), "sh", "-c", f"{before}{command}"],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        counts: Counts = json.loads(done.stdout)
        return counts

    return work


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the table."""
    if not _TABLE:
        return
    terminalreporter.section("what was done")
    width = max(len(name) for name, _ in _TABLE)
    for name, counts in _TABLE:
        told = ", ".join(f"{number:,} {what}" for what, number in counts.items())
        terminalreporter.write_line(f"{name:<{width}}  {told}")
