"""The process that reads files: one request a line on stdin, one reply a line on stdout.

It is started by ``processes.py`` and ends with its input. Whatever a parser of some format
does with a hostile file, it does here: it can take no more memory or time than allowed,
and when it breaks down, this process does, and no other.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

from citadel.index.corpus.sandbox import MEMORY_BYTES, PICTURE_PIXELS, RETIREMENT_BYTES, SECONDS


def main() -> None:
    """Answer requests until there are no more, or until too much memory is held."""
    # numpy's libraries would reserve address space for a thread on each core.
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What a library prints is no reply.
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        for request in sys.stdin:
            signal.alarm(SECONDS)
            reply = _reply(json.loads(request))
            signal.alarm(0)
            last = _held_bytes() > RETIREMENT_BYTES
            replies.write(json.dumps({**reply, "last": last}) + "\n")
            replies.flush()
            if last:
                return


def _reply(request: dict[str, Any]) -> dict[str, Any]:
    # What reads and draws is imported within the limits.
    from citadel.index.errors import CitadelError  # noqa: PLC0415

    try:
        return _picture(request) if "page" in request else _reading(request)
    except CitadelError as error:
        return {"error": str(error)}


def _picture(request: dict[str, Any]) -> dict[str, Any]:
    from citadel.index.corpus.formats.page_pictures import picture_of  # noqa: PLC0415
    from citadel.index.corpus.formats.pdf import draw_page  # noqa: PLC0415
    from citadel.index.corpus.sandbox.opening import read_beneath  # noqa: PLC0415

    data = read_beneath(Path(request["root"]), request["name"])
    page = draw_page(data, request["called"], request["page"], PICTURE_PIXELS)
    picture = picture_of(page, request["quote"])
    return {"png": b64encode(picture.png).decode("ascii"), "is_marked": picture.is_marked}


def _reading(request: dict[str, Any]) -> dict[str, Any]:
    from citadel.index.corpus.articles import article_record  # noqa: PLC0415
    from citadel.index.corpus.sandbox.files import read_file  # noqa: PLC0415

    reading = read_file(Path(request["root"]), request["name"], sidecar=request["sidecar"])
    return {
        "articles": [article_record(article) for article in reading.articles],
        "failures": reading.failures,
        "sha256": reading.sha256,
    }


def _held_bytes() -> int:
    """Return the address space of this process, which is limited; 0 where it is unknown.

    The most memory that it ever had (ru_maxrss) would not do: it counts what the process that
    started this one had.
    """
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    except FileNotFoundError:
        return 0
    return int(pages) * resource.getpagesize()


if __name__ == "__main__":
    main()
