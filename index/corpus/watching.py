"""Does something again whenever the files of a folder change.

The only module that imports watchfiles.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from watchfiles import watch

from citadel.index.errors import CitadelError

_QUIET_MS = 1000
"""How long nothing may change before something is done: files are saved one after another."""

_LONGEST_MS = 10 * _QUIET_MS


def repeat_on_change(
    folder: Path, do: Callable[[], None], stop: Event | None = None, quiet_ms: int = _QUIET_MS
) -> None:
    """Call a function now, and again after every change below a folder, until interrupted.

    What changes during a call leads to the next one.

    Args:
        folder: Where to look.
        do: What to do.
        stop: Ends the watch when it is set.
        quiet_ms: How long nothing may change before it is done, in milliseconds.

    Raises:
        CitadelError: There is no such folder.
        KeyboardInterrupt: Somebody pressed Ctrl-C.

    """
    seen = watch(
        folder,
        debounce=_LONGEST_MS,
        step=quiet_ms,
        stop_event=stop,
        rust_timeout=quiet_ms,
        yield_on_timeout=True,
    )
    # The first call comes when the watch has begun, so that no change falls between the two.
    try:
        next(seen)
    except FileNotFoundError as error:
        raise CitadelError(
            f"There is no folder of sources at {folder}; name one with --sources."
        ) from error
    except StopIteration:
        return  # The watch was stopped before it began.
    do()
    for changes in seen:
        if changes:
            do()
