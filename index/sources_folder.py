"""Which folder holds the articles of an index, where nobody names one."""

from __future__ import annotations

import shutil
from pathlib import Path

from index.building import BUNDLED_SOURCES
from index.errors import CitadelError
from index.generations import manifests, read_manifest


def sources_of(index_dir: Path) -> Path:
    """Return the folder that an index was built from; that of Citadel where there is no index.

    Where the current generation is damaged, the newest one that can be read tells.
    """
    try:
        named = read_manifest(index_dir).sources
    except CitadelError:
        try:
            named = next((manifest.sources for manifest in manifests(index_dir)), "")
        except OSError:
            named = ""  # The folder can't be read; whoever opens the index says so.
    if named:
        return Path(named)
    own = _own_folder(index_dir)
    return own if own.is_dir() else BUNDLED_SOURCES


def changeable_sources_of(index_dir: Path) -> Path:
    """Return the folder that an index was built from, to add articles to it or take some out.

    The articles of Citadel belong to its installation. Before anything changes they are copied
    into a folder beside the index, which holds its articles from then on.

    Raises:
        CitadelError: They can't be copied.

    """
    folder = sources_of(index_dir)
    if folder.resolve() != BUNDLED_SOURCES:
        return folder
    own = _own_folder(index_dir)
    partial = own.with_name(f".{own.name}.partial")
    try:
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(BUNDLED_SOURCES, partial, copy_function=shutil.copyfile)
        partial.rename(own)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise CitadelError(
            f"The articles can't be copied to {own} ({error.strerror or error}); make room, or "
            "name a folder for them with --sources."
        ) from error
    return own


def _own_folder(index_dir: Path) -> Path:
    """Return “my_index-articles” for “my_index”: it outlives an index that is deleted."""
    resolved = index_dir.resolve()
    return resolved.with_name(f"{resolved.name}-articles")
