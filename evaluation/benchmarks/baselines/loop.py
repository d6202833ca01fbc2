"""What each contestant of the benchmark does: it reads and answers lines of JSON.

{"do": "ask", "question": "…"}                          {"milliseconds": 1.5, "found": [3, 17]}
{"do": "load", "questions": […], "clients": 8, "seconds": 5}    {"per_second": 81.2}
{"do": "memory"}                                        {"bytes": 123456789}

Needs nothing but the standard library: it runs in the environments of other libraries, too.
"""

from __future__ import annotations

import itertools
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Search = Callable[[str], list[int]]
"""Finds passages by their numbers, best first."""


def contest(search: Search, build_seconds: float) -> None:
    """Say how long indexing the passages took; then do what comes in, until nothing does."""
    _say({"build_seconds": build_seconds})
    for line in sys.stdin:
        command = json.loads(line)
        what = command.pop("do")
        if what == "ask":
            _say(_asked(search, **command))
        elif what == "load":
            _say({"per_second": _under_load(search, **command)})
        else:
            _say({"bytes": own_memory("VmRSS")})


def _asked(search: Search, question: str) -> dict[str, Any]:
    started = time.perf_counter()
    found = search(question)
    return {"milliseconds": (time.perf_counter() - started) * 1000, "found": found}


def _under_load(search: Search, questions: list[str], clients: int, seconds: float) -> float:
    """Return how many questions a second are answered when all clients ask without a pause."""
    counts = [0] * clients
    ends = time.perf_counter() + seconds

    def ask(client: int) -> None:
        for question in itertools.cycle(questions[client:] + questions[:client]):
            search(question)
            counts[client] += 1
            if time.perf_counter() > ends:
                return

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


def own_memory(kind: str) -> int:
    """Return the bytes of memory of a kind that this process takes, as Linux calls it: “VmRSS”."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"/proc/self/status does not tell {kind}")


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)
