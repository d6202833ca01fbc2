"""The process that serves page and API, from its start to the signal that ends it."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import threading

from citadel.qa.page.app import start, stop
from citadel.qa.page.welcome import Welcome
from citadel.qa.service.additions import Additions
from citadel.qa.service.connections import allow_open_files
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.feedback import FeedbackFile
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.passwords import PasswordHash
from citadel.qa.service.service import Service

_log = logging.getLogger(__name__)

_GRACE = 2
"""Seconds that a server which stops is given beyond those that an answer may take."""


def serve(
    service: Service,
    host: str,
    port: int,
    welcome: Welcome,
    feedback: FeedbackFile,
    password: PasswordHash | None,
    additions: Additions | None,
    entrance: Entrance,
    newsroom: Newsroom | None = None,
) -> None:
    """Serve page and API until SIGTERM or SIGINT; what is being answered then is answered.

    Raises:
        CitadelError: The address can't be served; the message names it and the mend.

    """
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    allow_open_files(service.limits)
    page = start(service, host, port, welcome, feedback, password, additions, entrance, newsroom)
    _collect_little()
    service.live_index.follow(lambda _served: _collect_little())
    if sys.stderr.isatty():
        print(f"Citadel answers at {page.local_url} — Ctrl+C ends it.", file=sys.stderr)
    else:
        _log.info("Citadel answers at %s", page.local_url)
    stopped.wait()
    stop(page, round(service.limits.seconds_per_answer) + _GRACE)
    if newsroom is not None and newsroom.removals is not None:
        newsroom.removals.close()
    if additions is not None:
        additions.close()
    service.searches.close()


def _collect_little() -> None:
    """Spare the garbage collector what was loaded: its full rounds would stop everybody.

    They took 0.6 seconds each, and came whenever a few hundred connections were opened.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
