"""The server as a program: from an empty folder, with its log, until it is told to stop."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2 as httpx

from citadel.qa.answer.answering import Answerer
from citadel.qa.cli.plain_text import plain_text
from tests.command_line import ROOT
from tests.conftest import free_port

QUESTION = "Who leads Jaish Halab?"

# What takes long to import, and nobody needs to hand a question on.
LARGE = {
    "numpy",
    "faiss",
    "scipy",
    "openvino",
    "torch",
    "transformers",
    "fastapi",
    "gradio",
}


def wait_until_ready(address: str, server: subprocess.Popen[str]) -> None:
    """Wait as long as the server lives, and the test may."""
    while server.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(server.communicate()[1])


def imported(importtime: str) -> set[str]:
    """The packages that ``python -X importtime`` tells of."""
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in importtime.splitlines()}


def test_a_server_from_an_empty_folder_until_sigterm(
    index_dir: Path, answerer: Answerer, tmp_path: Path
) -> None:
    folder, temporary = tmp_path / "empty", tmp_path / "temporary"
    for path in (folder, temporary):
        path.mkdir()
    port = free_port()
    command = [sys.executable, "-m", "qa", "serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    # As it is for whoever chooses none: the fastest.
    del environment["CITADEL_BACKEND"]
    before = {path: path.stat().st_mtime_ns for path in index_dir.rglob("*")}
    with subprocess.Popen(
        [*command, "--index-dir", str(index_dir)],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(address, server)
        assert httpx.post(f"{address}/api/ask", json={"question": QUESTION}).status_code == 200
        assert "Citadel" in httpx.get(address).text
        measured = [sys.executable, "-X", "importtime", "-m", "qa", "ask"]
        asked = subprocess.run(
            [*measured, QUESTION, "--index-dir", str(index_dir)],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
        )
        assert asked.stdout == plain_text(answerer.answer(QUESTION))
        assert LARGE & imported(asked.stderr) == set()
        server.send_signal(signal.SIGTERM)
        _, written = server.communicate()
    assert server.returncode == 0
    assert list(folder.iterdir()) == []
    assert {path: path.stat().st_mtime_ns for path in index_dir.rglob("*")} == before
    log = [json.loads(line) for line in written.splitlines()]
    assert [line["message"] for line in log] == [
        f"Citadel answers at http://127.0.0.1:{port}/",
        "Answered.",
        "Answered.",
    ]
    assert "Jaish" not in written
