"""Generations of an index on disk: written beside the live one, verified before they are trusted.

```
INDEX_DIR/
  CURRENT          the name of the generation to serve, and the SHA-256 of its manifest
  build.lock       held while a build runs
  gen-…/           one generation, never changed after it got its name
    manifest.json  what it was made from and with, and the SHA-256 of every other file
```
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from index.disk import sync_folder, sync_tree, write_file
from index.encoder import Encoder
from index.errors import CitadelError
from index.manifest import (
    FORMAT,
    FileRecord,
    Manifest,
    manifest_data,
    manifest_of,
    parse_manifest,
    record_of,
)
from index.passage_index import PassageIndex
from index.serialisation import read_parts, write_parts

_REBUILD = "run “python -m index build” to build it again"
_MANIFEST = "manifest.json"
_CURRENT = "CURRENT"
_POINTER = re.compile(rb"(?P<generation>gen-[\w-]+) (?P<sha256>[0-9a-f]{64})\n")


def default_index_dir() -> Path:
    """Return the folder of this user's data in which the index is kept unless told otherwise."""
    return platformdirs.user_data_path("citadel") / "index"


def new_generation() -> str:
    """Return the identifier of a generation that begins now, sortable by time."""
    return f"gen-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.urandom(3).hex()}"


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the right to publish into a folder.

    Raises:
        CitadelError: The folder can't be written to, or another build is running.

    """
    lock = FileLock(index_dir / "build.lock", timeout=0)
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise CitadelError(
            f"Another build is running in {index_dir}; wait for it or choose another --index-dir."
        ) from error
    except OSError as error:
        raise _not_written(index_dir, error) from error
    try:
        yield
    finally:
        lock.release()


def publish(index: PassageIndex, index_dir: Path) -> Manifest:
    """Write a generation into a new folder, rename it into place and make it the current one.

    The generation before stays the current one until the very last step, and on the disk after
    it. Call it while holding ``build_lock``.

    Raises:
        CitadelError: The folder can't be written; what was there before is untouched.

    """
    partial = index_dir / f"{index.generation}.partial"
    complete = index_dir / index.generation
    before = _published(index_dir)
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(index_dir)
        partial.mkdir()
        write_parts(index, partial)
        manifest = manifest_of(index, _records(partial))
        data = manifest_data(manifest)
        write_file(partial / _MANIFEST, data)
        sync_tree(partial)
        partial.rename(complete)
        sync_folder(index_dir)
        pointer = f"{index.generation} {record_of(data).sha256}\n"
        write_file(index_dir / f"{_CURRENT}.partial", pointer.encode())
        (index_dir / f"{_CURRENT}.partial").rename(index_dir / _CURRENT)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(complete, ignore_errors=True)
        (index_dir / f"{_CURRENT}.partial").unlink(missing_ok=True)
        raise _not_written(index_dir, error) from error
    # It is published. Were the new pointer lost with the power, the one before still holds.
    with suppress(OSError):
        sync_folder(index_dir)
    _remove_others(index_dir, {index.generation, before})
    return manifest


def _records(folder: Path) -> dict[str, FileRecord]:
    return {
        path.relative_to(folder).as_posix(): record_of(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _not_written(index_dir: Path, error: OSError) -> CitadelError:
    return CitadelError(
        f"The index can't be written to {index_dir} ({error.strerror or error}); "
        "make room or choose another --index-dir."
    )


def _published(index_dir: Path) -> str | None:
    """Return the name of the current generation; None when there is none or it can't be told."""
    try:
        pointer = _POINTER.fullmatch((index_dir / _CURRENT).read_bytes())
    except OSError:
        return None
    return pointer["generation"].decode() if pointer else None


def has_index(index_dir: Path) -> bool:
    """Tell whether a generation was ever published into the folder."""
    return (index_dir / _CURRENT).is_file()


def read_manifest(index_dir: Path) -> Manifest:
    """Read what the current generation was made from and with.

    Raises:
        CitadelError: There is none, it is damaged, or another version of Citadel wrote it.

    """
    folder, sha256 = _current(index_dir)
    data = _read(folder / _MANIFEST)
    if record_of(data).sha256 != sha256:
        raise CitadelError(f"{folder / _MANIFEST} is damaged; {_REBUILD}.")
    manifest = parse_manifest(data)
    if isinstance(manifest, int):
        raise CitadelError(
            f"The index in {index_dir} has format {manifest}, this version of Citadel "
            f"reads format {FORMAT}; {_REBUILD}."
        )
    return manifest


def verify(index_dir: Path) -> Manifest:
    """Compare every file of the current generation with the manifest.

    Raises:
        CitadelError: A file is missing, too short or long, or changed; the message names it.

    """
    manifest = read_manifest(index_dir)
    for name in manifest.files:
        _read_part(index_dir / manifest.generation, name, manifest)
    return manifest


def load(index_dir: Path, encoder: Encoder) -> PassageIndex:
    """Load the current generation after verifying each of its files.

    Raises:
        CitadelError: There is none, it is damaged, or another model built it.

    """
    manifest = read_manifest(index_dir)
    if manifest.model_sha256 != encoder.fingerprint:
        if manifest.model == encoder.name:
            raise CitadelError(
                f"The index in {index_dir} was built with other weights of the model "
                f"{manifest.model} than are there now; {_REBUILD}."
            )
        raise CitadelError(
            f"The index in {index_dir} was built with the model {manifest.model}, "
            f"not with {encoder.name}; ask with --model {manifest.model}, "
            f"or run “python -m index build --model {encoder.name}”."
        )
    try:
        folder = index_dir / manifest.generation
        return read_parts(
            lambda name: _read_part(folder, name, manifest), manifest, encoder, folder
        )
    except (ValueError, KeyError, TypeError) as error:
        raise CitadelError(
            f"The index in {index_dir} holds parts that do not fit together; {_REBUILD}."
        ) from error


def _current(index_dir: Path) -> tuple[Path, str]:
    """Return the folder of the current generation and the SHA-256 of its manifest."""
    if not has_index(index_dir):
        raise CitadelError(
            f"There is no index in {index_dir}; run “python -m index build” to build one."
        )
    pointer = _POINTER.fullmatch(_read(index_dir / _CURRENT))
    if pointer is None:
        raise CitadelError(f"{index_dir / _CURRENT} is damaged; {_REBUILD}.")
    folder = index_dir / pointer["generation"].decode()
    if not folder.is_dir():
        raise CitadelError(f"The generation {folder.name} is not in {index_dir}; {_REBUILD}.")
    return folder, pointer["sha256"].decode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CitadelError(
            f"{path} can't be read ({error.strerror or error}); {_REBUILD}."
        ) from error


def _read_part(folder: Path, name: str, manifest: Manifest) -> bytes:
    """Read a file of a generation; refuse one that is not what the manifest says."""
    data = _read(folder / name)
    if record_of(data) != manifest.files[name]:
        raise CitadelError(
            f"{folder / name} is damaged: its SHA-256 is not the manifest's; {_REBUILD}."
        )
    return data


def _remove_leftovers(index_dir: Path) -> None:
    """Remove what a killed build left behind; the lock says that no other is running."""
    for path in index_dir.glob("gen-*.partial"):
        shutil.rmtree(path)


def _remove_others(index_dir: Path, kept: set[str | None]) -> None:
    """Remove all generations but the given ones, as far as they can be removed."""
    for path in index_dir.glob("gen-*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
