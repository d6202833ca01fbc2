"""Publishes snapshots of an index: one build at a time, in one step, the earlier ones kept."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from citadel.index.disk import FileRecord, locked, record_of, replace_file, sync, write_file
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.build_record import IN_MEMORY, BuildRecord
from citadel.index.snapshots.loading import check_files
from citadel.index.snapshots.manifest import Manifest, manifest_data, manifest_of
from citadel.index.snapshots.pointer import CURRENT, Pointer, pointer_data
from citadel.index.snapshots.serialisation import Part, parts_of
from citadel.index.snapshots.snapshots import (
    MANIFEST,
    PARTIAL,
    SEAL,
    current_name,
    has_index,
    manifests,
    read_manifest,
    read_sealed,
    reading,
    rebuild,
    snapshot_names,
)

_log = logging.getLogger(__name__)

_LOCK = "build.lock"
_PATIENCE = 0.2
"""Seconds to wait for the lock."""


class BuildRunningError(CitadelError):
    """Somebody else is publishing into the folder."""


def new_snapshot() -> str:
    """Return the identifier of a snapshot that begins now, sortable by time."""
    return f"gen-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.urandom(3).hex()}"


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the right to publish into a folder.

    Raises:
        BuildRunningError: Another build is running.
        CitadelError: The folder can't be written to.

    """
    with ExitStack() as stack:
        try:
            index_dir.mkdir(parents=True, exist_ok=True)
            # A look at whether a build is running holds the lock for an instant.
            stack.enter_context(locked(index_dir / _LOCK, _PATIENCE))
        except BlockingIOError as error:
            raise BuildRunningError(
                f"Another build is running in {index_dir}; "
                "wait for it or choose another --index-dir."
            ) from error
        except OSError as error:
            raise not_written(index_dir, error) from error
        yield


def is_building(index_dir: Path) -> bool:
    """Return whether a build or a rollback is running in a folder."""
    try:
        with locked(index_dir / _LOCK, 0):
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False  # Nobody builds in a folder that can't be written to.


def publish(
    index: PassageIndex,
    index_dir: Path,
    keep: int = 1,
    sources: str = "",
    record: BuildRecord = IN_MEMORY,
) -> Manifest:
    """Write a snapshot into a new folder, rename it into place and make it the current one.

    The snapshot before stays the current one until the very last step, and on the disk after
    it. Call it while holding ``build_lock``.

    Args:
        index: What to publish.
        index_dir: The folder of the snapshots.
        keep: How many earlier snapshots stay, at least one.
        sources: The folder that the articles were read from; "" for those of Citadel.
        record: What the next build can take over.

    Raises:
        CitadelError: The folder can't be written; what was there before is untouched.

    """
    partial = index_dir / f"{index.snapshot}{PARTIAL}"
    made = partial
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(index_dir)
        partial.mkdir()
        before = _served_before(index_dir)
        files = {part.name: _save(part, partial) for part in parts_of(index, record)}
        manifest = manifest_of(index, files, before, sources)
        data = manifest_data(manifest)
        seal = record_of(data).sha256
        write_file(partial / MANIFEST, lambda file: file.write(data))
        write_file(partial / SEAL, lambda file: file.write(f"{seal}  {MANIFEST}\n".encode()))
        for folder in (*partial.rglob("*/"), partial):
            sync(folder)
        made = partial.rename(index_dir / index.snapshot)
        sync(index_dir)
        _point(index_dir, Pointer(index.snapshot, seal))
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        raise not_written(index_dir, error) from error
    # It is published. Were the new pointer lost with the power, the one before still holds.
    tidy_up(index_dir, manifest, keep)
    return manifest


def tidy_up(index_dir: Path, current: Manifest, keep: int) -> None:
    """Remove what is neither current nor kept; warn where that is not possible.

    Args:
        index_dir: The folder of the snapshots.
        current: The current one.
        keep: How many before it stay, at least one.

    """
    try:
        sync(index_dir)
        _keep(index_dir, current, keep)
    except OSError as error:
        _log.warning("%s can't be tidied up (%s).", index_dir, error.strerror)


def _save(part: Part, folder: Path) -> FileRecord:
    path = folder / part.name
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True)
    return part.save(path)


def rollback(index_dir: Path, to: str | None = None) -> Manifest:
    """Make an earlier snapshot the current one again. Call it while holding ``build_lock``.

    Args:
        index_dir: The folder of the snapshots.
        to: Which of those that are kept; None for the one before the current one.

    Returns:
        What is current now.

    Raises:
        CitadelError: There is none before, or none of that name, or the folder can't be written.
        DamagedIndexError: It is damaged; the message names the file.

    """
    with reading(index_dir):
        kept = snapshot_names(index_dir)
        if to is None:
            to = _before_current(index_dir)
            if to not in kept:
                raise _nothing_before(index_dir, kept)
    if to not in kept:
        raise CitadelError(
            f"There is no snapshot {to or 'of an empty name'} in {index_dir}; choose one with "
            f"--to: {', '.join(kept) or 'there is none'}."
        )
    manifest, seal = read_sealed(index_dir, to)
    check_files(index_dir, manifest)
    try:
        _point(index_dir, Pointer(to, seal))
        sync(index_dir)
    except OSError as error:
        raise not_written(index_dir, error) from error
    return manifest


def _before_current(index_dir: Path) -> str:
    """Return the snapshot before the current one; where that can't be read, the newest other."""
    try:
        return read_manifest(index_dir).before
    except DamagedIndexError:
        left = current_name(index_dir)
        names = (manifest.snapshot for manifest in manifests(index_dir))
        return next((name for name in names if name != left), "")


def _nothing_before(index_dir: Path, kept: Sequence[str]) -> CitadelError:
    """Say what can be done instead: what is served may be the oldest that is kept."""
    current = current_name(index_dir)
    none = "No earlier snapshot" if current is None else f"No snapshot before {current}"
    others = [name for name in kept if name != current]
    choose = f"choose another one with --to: {', '.join(others)}; or " if others else ""
    return CitadelError(
        f"{none} is kept in {index_dir}; {choose}change the articles, and run {rebuild(index_dir)}."
    )


def _point(index_dir: Path, pointer: Pointer) -> None:
    replace_file(index_dir / CURRENT, pointer_data(pointer))


def _served_before(index_dir: Path) -> str:
    """Return the snapshot that a new one follows: the current one, or the newest readable."""
    try:
        return read_manifest(index_dir).snapshot if has_index(index_dir) else ""
    except CitadelError:
        return next((manifest.snapshot for manifest in manifests(index_dir)), "")


def _keep(index_dir: Path, current: Manifest, count: int) -> None:
    """Remove all snapshots but the current one and as many before it as are to be kept.

    Where the one before could not be determined, none is removed: it may be good.
    """
    if not current.before:
        return
    known = {manifest.snapshot: manifest for manifest in manifests(index_dir)}
    kept = [current.snapshot, current.before]
    while len(kept) <= count and kept[-1] in known and known[kept[-1]].before not in kept:
        kept.append(known[kept[-1]].before)
    for name in snapshot_names(index_dir):
        if name not in kept:
            _remove(index_dir / name)


def _remove(folder: Path) -> None:
    """Remove a snapshot; were it interrupted, the next build removes what is left of it."""
    leftover = folder.with_name(f"{folder.name}{PARTIAL}")
    folder.rename(leftover)
    shutil.rmtree(leftover)


def _remove_leftovers(index_dir: Path) -> None:
    """Remove what a killed build left behind; the lock says that no other is running."""
    for path in index_dir.glob(f"gen-*{PARTIAL}"):
        shutil.rmtree(path)


def not_written(index_dir: Path, error: OSError) -> CitadelError:
    """Return what to raise when a folder of snapshots can't be written to."""
    return CitadelError(
        f"The index can't be written to {index_dir} ({error.strerror or error}); "
        "make room or choose another --index-dir."
    )
