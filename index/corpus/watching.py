"""Does something again whenever the files of a folder change.

The only module that imports watchfiles.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

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
        CitadelError: There is no such folder, or what watches one is not installed.
        KeyboardInterrupt: Somebody pressed Ctrl-C.

    """
    try:
        from watchfiles import watch  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise CitadelError(
            "To watch a folder takes the extra “watch”; run “pip install 'citadel-qa[watch]'”."
        ) from error
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
