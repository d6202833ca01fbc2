"""The files of a converted model: open as long as it is in use, and compared when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from citadel.index.disk import FileRecord, record_of
from citadel.index.open_files import OpenFile


class DamagedError(Exception):
    """A conversion is not what was written."""


class ConvertedFiles:
    """Nothing of them stays in memory, and what becomes of their names does not matter."""

    def __init__(self, folder: Path, records: Mapping[str, FileRecord]) -> None:
        """Open the files of a folder.

        Args:
            folder: Where they are.
            records: What each was written as, by its name.

        Raises:
            OSError: One can't be opened.

        """
        self._records = dict(records)
        self._files = {name: OpenFile(folder / name) for name in records}

    @property
    def sha256(self) -> Mapping[str, str]:
        """The SHA-256 of each file, in hexadecimal, by its name."""
        return {name: record.sha256 for name, record in self._records.items()}

    def __contains__(self, name: str) -> bool:
        """Return whether there is a file of a name."""
        return name in self._files

    def read(self, name: str) -> bytes:
        """Read a file.

        Raises:
            DamagedError: It is not what was written.
            OSError: It can't be read.

        """
        file = self._files[name]
        # What is longer than it was is read far enough to be seen.
        data = file.read(0, self._records[name].size + 1)
        if record_of(data) != self._records[name]:
            raise DamagedError(f"{name} is damaged")
        return data

    def opened(self, name: str) -> OpenFile:
        """Return a file that is read piece by piece.

        Raises:
            DamagedError: It is not what was written.
            OSError: It can't be read.

        """
        file = self._files[name]
        if file.sha256() != self._records[name].sha256:
            raise DamagedError(f"{name} is damaged")
        return file
