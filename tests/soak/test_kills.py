"""A server that is killed under load starts again, and no file of its index is touched."""

import random
import signal
import threading
import time
from collections.abc import Callable
from hashlib import sha256

import pytest

from tests.small_index import contents
from tests.soak.conftest import Figures, Server
from tests.soak.users import ask

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]


def test_kills_under_load(
    serve: Callable[..., Server], share: float, figures: Callable[[str, Figures], None]
) -> None:
    server = serve("--questions-per-minute", "0")
    chance = random.Random(7)

    def state() -> dict[str, str]:
        files = contents(server.index_dir)
        return {name: sha256(data).hexdigest() for name, data in files.items()}

    before = state()
    kills = max(2, int(50 * share))
    slowest = 0.0
    for _ in range(kills):
        load = threading.Thread(
            target=ask, args=(server.address, 8, time.monotonic() + 2), daemon=True
        )
        load.start()
        time.sleep(chance.random())
        server.end(signal.SIGKILL)
        slowest = max(slowest, server.start())
        load.join()
    figures("kills under load", {"kills": kills, "slowest start in s": slowest})
    assert state() == before
    assert server.end(signal.SIGTERM) == 0
