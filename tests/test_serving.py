"""The server as a program: from an empty folder, with its log, until it is told to stop."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.command_line import ROOT
from tests.conftest import free_port

QUESTION = "Who leads Jaish Halab?"


def wait_until_ready(address: str, server: subprocess.Popen[str]) -> None:
    """Wait as long as the server lives, and the test may."""
    while server.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(server.communicate()[1])


@pytest.mark.usefixtures("stages")
def test_a_server_from_an_empty_folder_until_sigterm(index_dir: Path, tmp_path: Path) -> None:
    folder, temporary = tmp_path / "empty", tmp_path / "temporary"
    for path in (folder, temporary):
        path.mkdir()
    port = free_port()
    command = [sys.executable, "-m", "qa", "serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    # As it is by default: the fastest.
    del environment["CITADEL_BACKEND"]
    before = {path: path.stat().st_mtime_ns for path in index_dir.rglob("*")}
    with subprocess.Popen(
        [*command, "--index-dir", str(index_dir)],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_ready(address, server)
            answered = httpx.post(f"{address}/api/ask", json={"question": QUESTION})
            assert answered.status_code == 200
            assert "Citadel" in httpx.get(address).text
        finally:
            server.send_signal(signal.SIGTERM)
            _, written = server.communicate()
    assert server.returncode == 0
    assert list(folder.iterdir()) == []
    assert {path: path.stat().st_mtime_ns for path in index_dir.rglob("*")} == before
    log = [json.loads(line) for line in written.splitlines()]
    assert [line["message"] for line in log] == [
        f"Citadel answers at http://127.0.0.1:{port}/",
        "Answered.",
    ]
    assert "Jaish" not in written
