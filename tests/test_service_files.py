"""No file of the machine leaves it: probes of every way that the page's framework reads files."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from citadel.qa.answer.answering import Answerer
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.conftest import PATIENT, served_page
from tests.file_probes import copies, hide_secrets, what_came
from tests.small_index import articles_of, cheap_index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the program runs, with a secret, and links to it."""
    hide_secrets(tmp_path)
    return tmp_path


@pytest.fixture
def client(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[httpx.Client]:
    sources = tmp_path_factory.mktemp("sources")
    index = cheap_index("gen-1", articles_of(sources, a="One ferry.\n"))
    monkeypatch.chdir(folder)
    with (
        served_page(Service(LiveIndex.of(Answerer(index)), PATIENT)) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as opened,
    ):
        yield opened


def test_no_probe_reads_a_file(client: httpx.Client, folder: Path) -> None:
    number, leaked = what_came(client, folder)
    assert number >= 100
    assert leaked == []
    cache = Path(os.environ.get("GRADIO_TEMP_DIR", Path(tempfile.gettempdir()) / "gradio"))
    assert copies(cache) == []
