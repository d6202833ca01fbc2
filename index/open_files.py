"""Files that stay open and are read piece by piece, whatever becomes of their names."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_CHUNK = 1 << 20


class OpenFile:
    """A file that stays open, whatever becomes of its name, until nobody has it any more."""

    __slots__ = ("_descriptor", "_state", "path")

    def __init__(self, path: Path) -> None:
        """Open a file to read.

        Raises:
            OSError: It can't be opened.

        """
        self._descriptor = -1
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY)
        self._state = _state(os.fstat(self._descriptor))

    def __del__(self) -> None:
        """Close it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)

    @property
    def size(self) -> int:
        """How many bytes it had when it was opened."""
        return self._state[2]

    def is_at(self, path: Path) -> bool:
        """Return whether a path leads to this file, and it is as it was when it was opened.

        Raises:
            OSError: There is nothing at the path.

        """
        return _state(path.stat()) == self._state

    def sha256(self) -> str:
        """Read all of it and return its SHA-256, in hexadecimal.

        Raises:
            OSError: It can't be read.

        """
        digest = hashlib.sha256()
        place = 0
        while piece := self.read(place, _CHUNK):
            digest.update(piece)
            place += len(piece)
        return digest.hexdigest()

    def read(self, first: int, count: int) -> bytes:
        """Return this many bytes from a place on, or fewer where the file ends.

        Raises:
            OSError: It can't be read.

        """
        return os.pread(self._descriptor, count, first)


def _state(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
