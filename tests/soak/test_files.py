"""Probes for files, against a server of its own process."""

from collections.abc import Callable

import httpx2 as httpx
import pytest

from tests.file_probes import copies, hide_secrets, what_came
from tests.soak.conftest import Report, Server
from tests.soak.figures import at_least, at_most

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]


def test_no_file_leaves(
    serve: Callable[..., Server],
    figures: Report,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, cache = (tmp_path_factory.mktemp(name) for name in ("secrets", "cache"))
    hide_secrets(folder)
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(cache))
    server = serve("--questions-per-minute", "0")
    with httpx.Client(base_url=server.address, timeout=60) as client:
        number, leaked = what_came(client, folder)
    figures(
        "probes for files",
        at_least("probes", number, 100),
        at_most("that brought the file", len(leaked), 0),
        at_most("copies of it in the cache", len(copies(cache)), 0),
    )
