"""A server as people run it, and a report of what was done to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.command_line import ROOT
from tests.conftest import free_port
from tests.soak.figures import Figure

Report = Callable[..., None]
"""Takes the name of a run and its figures; fails where one is not what it should be."""

_TABLE: list[tuple[str, tuple[Figure, ...]]] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--share", type=float, default=1.0, help="do this share of everything")
    parser.addoption("--report", type=Path, help="write the figures to this file")


@dataclass
class Server:
    """A running server.

    Attributes:
        port: Of 127.0.0.1.
        options: What it was started with, besides its port and index.
        index_dir: Its index.
        log: What it writes.
        process: The process, which may have ended.
        first_start: After how many seconds it was ready for the first time.
    """

    port: int
    options: tuple[str, ...]
    index_dir: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    first_start: float = 0.0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start it, and return after how many seconds it was ready."""
        began = time.monotonic()
        command = [sys.executable, "-m", "qa", "serve", "--port", str(self.port)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        # As it is by default: the fastest.
        del environment["CITADEL_BACKEND"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--index-dir", str(self.index_dir), *self.options],
                cwd=self.log.parent,
                env=environment,
                stderr=log,
            )
        while self.process.poll() is None:
            try:
                if httpx.get(f"{self.address}/readyz").status_code == 200:
                    return time.monotonic() - began
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text("utf-8"))

    def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait()

    def memory(self) -> float:
        """Return the resident memory in MB."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@pytest.fixture
def serve(index_dir: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers with some options, and ends them."""
    started: list[Server] = []

    def start(*options: str) -> Server:
        server = Server(free_port(), options, index_dir, tmp_path / "log.jsonl")
        started.append(server)
        server.first_start = server.start()
        return server

    yield start
    for server in started:
        if server.process is not None and server.process.poll() is None:
            server.end(signal.SIGKILL)


@pytest.fixture
def share(request: pytest.FixtureRequest) -> float:
    """How much of everything to do."""
    return float(request.config.getoption("--share"))


@pytest.fixture
def figures() -> Report:
    """Takes what a run measured, for the report."""

    def report(name: str, *found: Figure) -> None:
        _TABLE.append((name, found))
        assert [each for each in found if each.met is False] == []

    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show the report, and write it where that is wanted."""
    if not _TABLE:
        return
    lines = ["| run | figure | found | wanted | met |", "|---|---|---|---|---|"]
    lines += [f"| {name} | {each.row()} |" for name, found in _TABLE for each in found]
    terminalreporter.section("what was measured")
    terminalreporter.write_line("\n".join(lines))
    report = config.getoption("--report")
    if report is not None:
        load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        head = (
            f"# Soak\n\n{config.getoption('--share'):g} of everything was done. {os.cpu_count()} "
            f"processors, load at the end {load}.\n\n"
        )
        report.write_text(head + "\n".join(lines) + "\n", "utf-8")
