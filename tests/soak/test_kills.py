"""A server that is killed under load starts again, and no file of its index is touched."""

import random
import signal
import threading
import time
from collections.abc import Callable
from hashlib import sha256

import pytest

from tests.small_index import contents
from tests.soak.conftest import Report, Server
from tests.soak.figures import at_least, at_most, of_interest
from tests.soak.users import ask

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]


def test_kills_under_load(serve: Callable[..., Server], share: float, figures: Report) -> None:
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
    after = state()
    damaged = sum(after.get(name) != data for name, data in before.items())
    figures(
        "kills under load",
        at_least("kills", kills, max(2, int(50 * share))),
        of_interest("first start in s", server.first_start),
        at_most("slowest start beyond that in s", slowest - server.first_start, 10),
        at_most("files that changed, came or went", damaged + len(after.keys() - before), 0),
        at_most("status after SIGTERM", server.end(signal.SIGTERM), 0),
    )
