"""Knows who corrected what no index has yet, for the audit log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from citadel.index.snapshots.audit_entries import Doer
from citadel.qa.service.searches import BusyError


class Described:
    """Who corrected which files since an index was built of them.

    A correction is kept next to its file at once, so whatever is built next takes it in: also
    what adds or removes another article. One editor at a time corrects a file, as one line of the
    log names one.
    """

    def __init__(self) -> None:
        """Know of none."""
        self._lock = threading.Lock()
        self._doers: dict[str, Doer] = {}

    def write(self, name: str, doer: Doer, write: Callable[[], object]) -> None:
        """Have a correction of a file written, and remember whose it is.

        Raises:
            BusyError: Somebody else corrected the file, and no index has that yet.
            CitadelError: What ``write`` raises; nothing is remembered then.

        """
        with self._lock:
            other = self._doers.get(name, doer)
            if other != doer:
                raise BusyError(
                    f"{other.who or 'Somebody'} corrects {name} just now; do so soon.", 10
                )
            write()
            self._doers[name] = doer

    def so_far(self) -> Mapping[str, Doer]:
        """Return who corrected which files, all of which are written."""
        with self._lock:
            return dict(self._doers)

    def forget(self, taken: Mapping[str, Doer]) -> None:
        """Forget corrections that an index has, as ``so_far`` returned them before it was built."""
        with self._lock:
            for name, doer in taken.items():
                # Who corrected it again meanwhile is equal, and yet not this one.
                if self._doers.get(name) is doer:
                    del self._doers[name]
