"""Ends a command that somebody interrupts while it is still imported. Imports next to nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_STATUS = 130
"""128 and the number of SIGINT, as shells have it."""


@contextmanager
def ending_quietly() -> Iterator[None]:
    """Let Ctrl-C end this process without a traceback, and with the status of a shell for that."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(_STATUS)
