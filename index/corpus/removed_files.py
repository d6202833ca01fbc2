"""Takes one article out of the sources folder, and brings one back that was taken out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from citadel.index.corpus.kept_names import KeptName
from citadel.index.corpus.source_files import composed, list_source_files, name_key
from citadel.index.corpus.source_folder import REMOVED, bring_back, put_away
from citadel.index.errors import CitadelError


@dataclass(frozen=True, slots=True)
class RemovedFile:
    """A file that was removed.

    Attributes:
        kept: Its path below the folder of the removed ones, by which to name it.
        name: Its path in the sources folder, where it was and can be again.

    """

    kept: str
    name: str


def remove_file(folder: Path, name: str) -> Path:
    """Move a file to the removed ones; return where it is kept.

    Args:
        folder: The sources folder.
        name: The file's path below it, in any spelling of its letters; no pattern.

    Raises:
        CitadelError: There is no such article, or no other, or the file can't be moved.

    """
    present = list_source_files(folder).on_disk()
    on_disk = present.get(composed(name))
    if on_disk is None:
        file = composed(name).partition("#")[0]
        if file in present:
            raise CitadelError(
                f"{name} is one of the articles in {file}; take it out there, or remove {file}."
            )
        raise CitadelError(f"There is no file {name} among the articles; look at their list again.")
    if len(present) == 1:
        raise CitadelError(
            f"{name} is the only article; add another one before you remove the last."
        )
    return put_away(folder, on_disk)


def list_removed(folder: Path) -> tuple[RemovedFile, ...]:
    """Return the files that were removed from a sources folder, in the order of their names."""
    if not (folder / REMOVED).is_dir():
        return ()
    kept = [request.name for request in list_source_files(folder / REMOVED).requests]
    return tuple(RemovedFile(each, KeptName.of(each).name) for each in kept)


def restore_file(folder: Path, kept: str) -> str:
    """Move a removed file back to the articles; return its name.

    Args:
        folder: The sources folder.
        kept: As ``list_removed`` names it, in any spelling of its letters.

    Raises:
        CitadelError: There is no such file, its name is taken, or it can't be moved.

    """
    removed = {composed(each.kept): each for each in list_removed(folder)}
    found = removed.get(composed(kept))
    if found is None:
        raise CitadelError(f"There is no removed file {kept}; look at their list again.")
    taken = _taken(folder, found.name)
    if taken:
        raise CitadelError(
            f"There is another {taken} among the articles; remove that one before you restore "
            "this one."
        )
    bring_back(folder / REMOVED / found.kept, folder / found.name)
    return found.name


def _taken(folder: Path, name: str) -> str:
    """Return what has a name already, or would have it where case is ignored; "" for none."""
    if os.path.lexists(folder / name):
        return name
    present = (request.name for request in list_source_files(folder).requests)
    return next((each for each in present if name_key(each) == name_key(name)), "")
