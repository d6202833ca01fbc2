"""Paths as people name them, where an empty name is a mistake and not the current folder."""

from __future__ import annotations

import os
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


def named_folder(name: Path | str) -> Path:
    """Return the path of a folder that somebody has named, which need not be there yet.

    Raises:
        CitadelError: The name is empty or blank, or that of a file.

    """
    path = named_path(name)
    if os.path.isfile(path):  # noqa: PTH113  # Path's raises for a name too long.
        raise CitadelError(f"{path} is a file; name a folder.")
    return path


def sources_folder(folder: Path) -> Path:
    """Return a folder of articles that is to be read, if it is there.

    Raises:
        CitadelError: It is not.

    """
    if not folder.is_dir():
        raise CitadelError(f"There is no folder of sources at {folder}; name one with --sources.")
    return folder
