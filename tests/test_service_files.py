"""No file of the machine leaves it: probes of every way that the page's framework reads files."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx2 as httpx
import pytest

from qa.answering import Answerer
from qa.app import start
from qa.editions import Editions
from qa.service.service import Service
from tests.conftest import PATIENT, free_port
from tests.small_index import articles_of, cheap_index

SECRET = "the secret of the file 4711"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the program runs, with a secret, and links to it."""
    found = tmp_path_factory.mktemp("secrets")
    (found / "secret.txt").write_text(SECRET)
    (found / ".env").write_text(SECRET)
    (found / "link.txt").symlink_to(found / "secret.txt")
    (found / "linked").symlink_to(found)
    return found


@pytest.fixture(scope="module")
def client(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    sources = tmp_path_factory.mktemp("sources")
    index = cheap_index("gen-1", articles_of(sources, a="One ferry.\n"))
    port = free_port()
    elsewhere = Path.cwd()
    os.chdir(folder)
    page = start(Service(Editions.of(Answerer(index)), PATIENT), "127.0.0.1", port)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as opened:
        yield opened
    page.close(verbose=False)
    os.chdir(elsewhere)


def paths(folder: Path) -> list[str]:
    """Ways to name the secret."""
    names = ("secret.txt", ".env", "link.txt", "linked/secret.txt")
    whole = [f"{folder}/{name}" for name in names]
    up = "../" * 12
    return [*whole, *names, *(f"{up}{path}" for path in whole), *(f"file://{p}" for p in whole)]


ROUTES = (
    "/gradio_api/file={}",
    "/file={}",
    "/gradio_api/file/{}",
    "/static/{}",
    "/assets/{}",
    "/api/passages/{}",
    "/gradio_api/proxy=file:{}",
)


def test_no_address_reads_a_file(client: httpx.Client, folder: Path) -> None:
    probes = [
        route.format(how(path))
        for route in ROUTES
        for path in paths(folder)
        for how in (quote, lambda path: quote(path, safe=""))
    ]
    assert len(set(probes)) >= 100
    leaked = [probe for probe in probes if SECRET in client.get(probe).text]
    assert leaked == []


def test_no_object_reads_a_file(client: httpx.Client, folder: Path) -> None:
    """Gradio 6.31 copies what such an object names into its cache, and serves it from there."""
    answers = []
    for path in paths(folder):
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        for data in ([file, None], ["ferry", [file]], [json.dumps(file), None]):
            response = client.post("/gradio_api/call/ask", json={"data": data})
            answers.append(response.text)
            if response.status_code == 200:
                event = response.json()["event_id"]
                answers.append(client.get(f"/gradio_api/call/ask/{event}").text)
        event_data = {"question": "ferry", "earlier": [file], "source": file, "file": file}
        for function in range(8):
            call = {
                "data": [],
                "fn_index": function,
                "session_hash": "probe",
                "event_data": event_data,
            }
            answers.append(client.post("/gradio_api/queue/join", json=call).text)
    assert [answer for answer in answers if SECRET in answer] == []
    cached = list((Path(tempfile.gettempdir()) / "gradio").rglob("secret.txt"))
    assert cached == []
