"""Paths as people name them, where an empty name is a mistake and not the current folder."""

from __future__ import annotations

from pathlib import Path

from citadel.index.errors import CitadelError


def named_path(name: Path | str) -> Path:
    """Return the path that somebody has named.

    “$FOLDER” of a shell is empty where no such variable is set, and ``Path("")`` is the current
    folder, which nobody meant to be read or written.

    Raises:
        CitadelError: The name is empty or blank.

    """
    if not str(name).strip():
        raise CitadelError(
            "The name of a file or folder is empty; give one, such as “.” for the current folder."
        )
    return Path(name)
