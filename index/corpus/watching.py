"""Does something again whenever the files of a folder change.

The only module that imports watchfiles.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from stat import S_ISDIR
from threading import Event
from typing import TYPE_CHECKING

from citadel.index.errors import CitadelError

if TYPE_CHECKING:
    from watchfiles import Change

_log = logging.getLogger(__name__)

_QUIET_MS = 1000
"""How long nothing may change before something is done: files are saved one after another."""

_LONGEST_MS = 10 * _QUIET_MS


def repeat_on_change(
    folder: Path, do: Callable[[], None], stop: Event | None = None, quiet_ms: int = _QUIET_MS
) -> None:
    """Call a function now, and again after every change below a folder, until interrupted.

    What changes during a call leads to the next one. A folder that is taken away is waited for:
    it may be replaced, moved back or mounted again.

    Args:
        folder: Where to look.
        do: What to do.
        stop: Ends the watch when it is set.
        quiet_ms: How long nothing may change before it is done, in milliseconds.

    Raises:
        CitadelError: There is no such folder, or what watches one is not installed.
        KeyboardInterrupt: Somebody pressed Ctrl-C.

    """
    if _identity(folder) is None:
        raise CitadelError(f"There is no folder of sources at {folder}; name one with --sources.")
    stop = stop or Event()
    while not stop.is_set():
        _repeat_while_it_is_there(folder, do, stop, quiet_ms)
        if not stop.is_set() and _identity(folder) is None:
            _log.warning(
                "The folder %s is gone; the index stays as it is until it is back.", folder
            )
        while _identity(folder) is None and not stop.wait(quiet_ms / 1000):
            pass


def _repeat_while_it_is_there(
    folder: Path, do: Callable[[], None], stop: Event, quiet_ms: int
) -> None:
    """Call a function as described above until the folder is gone or replaced by another."""
    watched = _identity(folder)
    with closing(_changes(folder, stop, quiet_ms)) as seen:
        # The first call comes when the watch has begun, so that no change falls between the two.
        try:
            next(seen)
        except (FileNotFoundError, StopIteration):
            return
        _do_unless_it_is_gone(folder, do)
        for changes in seen:
            # A new folder may have the number of the old one; that the old one went is seen.
            gone = {path for change, path in changes if change.name == "deleted"}
            if str(folder) in gone or _identity(folder) != watched:
                return
            if changes:
                _do_unless_it_is_gone(folder, do)


def _changes(
    folder: Path, stop: Event, quiet_ms: int
) -> Generator[set[tuple[Change, str]], None, None]:
    """Watch a folder; yield what changed below it, and nothing after every quiet while."""
    try:
        from watchfiles import watch  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise CitadelError(
            "To watch a folder takes the extra “watch”; run “pip install 'citadel-qa[watch]'”."
        ) from error
    return watch(
        folder,
        debounce=_LONGEST_MS,
        step=quiet_ms,
        stop_event=stop,
        rust_timeout=quiet_ms,
        yield_on_timeout=True,
    )


def _do_unless_it_is_gone(folder: Path, do: Callable[[], None]) -> None:
    try:
        do()
    except CitadelError:
        if _identity(folder) is not None:
            raise


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what identifies a folder besides its name; None when it can't be reached."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if S_ISDIR(found.st_mode) else None
