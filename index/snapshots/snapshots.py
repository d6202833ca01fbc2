"""The snapshots of an index on disk: which there are, and which one is to be served.

```
INDEX_DIR/
  CURRENT            the name of the snapshot to serve, and the SHA-256 of its manifest
  build.lock         held while a build or a rollback runs
  audit.jsonl        who changed which articles, and when; see audit_log
  calibration.json   what labelled questions make of the confidence; see citadel.qa.answer
  gen-…/             one snapshot, never changed after it got its name
    manifest.json    what it was made from and with, and the SHA-256 of every part
    manifest.sha256  the SHA-256 of the manifest, as sha256sum writes it
```
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from citadel.index.disk import record_of
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.snapshots.manifest import (
    FORMAT,
    Manifest,
    OtherFormatError,
    parse_manifest,
)
from citadel.index.snapshots.pointer import CURRENT, Pointer, default_index_dir, parse_pointer

MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
PARTIAL = ".partial"


def command(name: str, index_dir: Path, *options: str) -> str:
    """Return “python -m index NAME …” as it is typed for a folder."""
    words = ["python", "-m", "index", name, *options]
    if index_dir != default_index_dir():
        words += ["--index-dir", str(index_dir)]
    return f"“{shlex.join(words)}”"


def rebuild(index_dir: Path) -> str:
    """Return the command that builds the index of a folder again, of the same articles.

    Where no manifest says which these were, it says FOLDER.
    """
    try:
        known = manifests(index_dir)
    except OSError:
        known = ()  # The folder can't be read, and that is what the message is about.
    unknown = "" if index_dir == default_index_dir() else "FOLDER"
    older = None if known else sources_of_other_formats(index_dir)
    folder = known[0].sources if known else (unknown if older is None else older)
    return command("build", index_dir, *(["--sources", folder] if folder else []))


def has_index(index_dir: Path) -> bool:
    """Return whether a snapshot was ever published into the folder.

    Raises:
        DamagedIndexError: The folder can't be read.

    """
    with reading(index_dir):
        return (index_dir / CURRENT).is_file() or bool(snapshot_names(index_dir))


def read_pointer(index_dir: Path) -> Pointer:
    """Read which snapshot is the current one.

    Raises:
        CitadelError: There is no index.
        DamagedIndexError: CURRENT is damaged.

    """
    if not has_index(index_dir):
        raise CitadelError(
            f"There is no index in {index_dir}; run {rebuild(index_dir)} to build one."
        )
    pointer = parse_pointer(read_bytes(index_dir, index_dir / CURRENT))
    if pointer is None:
        raise damaged(index_dir, f"{index_dir / CURRENT} is damaged")
    return pointer


def current_name(index_dir: Path) -> str | None:
    """Return the name of the current snapshot; None where CURRENT is damaged or missing."""
    try:
        return read_pointer(index_dir).snapshot
    except CitadelError:
        return None


def read_manifest(index_dir: Path, snapshot: str | None = None) -> Manifest:
    """Read what a snapshot was made from and with; the current one unless it is named.

    Raises:
        CitadelError: There is none, or another version of Citadel wrote it.
        DamagedIndexError: The manifest or what leads to it is damaged.

    """
    if snapshot is not None:
        return read_sealed(index_dir, snapshot)[0]
    pointer = read_pointer(index_dir)
    if not (index_dir / pointer.snapshot).is_dir():
        raise damaged(index_dir, f"The snapshot {pointer.snapshot} is not in {index_dir}")
    manifest, seal = read_sealed(index_dir, pointer.snapshot)
    if seal != pointer.sha256:
        path = index_dir / pointer.snapshot / MANIFEST
        raise damaged(index_dir, f"{path} is not the manifest that CURRENT names")
    return manifest


def manifests(index_dir: Path) -> tuple[Manifest, ...]:
    """Return the manifests of all snapshots that can be read, newest first.

    Raises:
        OSError: The folder itself can't be read.

    """
    found = []
    for name in snapshot_names(index_dir):
        try:
            found.append(_checked_manifest(index_dir / name)[0])
        except (OSError, ValueError):
            continue
    return tuple(sorted(found, key=lambda each: (each.built_at, each.snapshot), reverse=True))


def sources_of_other_formats(index_dir: Path) -> str | None:
    """Return what the newest snapshot that another version wrote was made of; None without one.

    It is the folder of its articles, or "" for those that come with Citadel.
    """
    try:
        names = snapshot_names(index_dir)
    except OSError:
        return None  # The folder can't be read, and opening the index says so.
    for name in reversed(names):
        try:
            _checked_manifest(index_dir / name)
        except OtherFormatError as error:
            return error.sources
        except (OSError, ValueError):
            continue
    return None


def snapshot_names(index_dir: Path) -> tuple[str, ...]:
    """Return the names of all complete snapshots, readable or not, ascending.

    Raises:
        OSError: The folder itself can't be read.

    """
    return tuple(
        sorted(
            path.name
            for path in index_dir.glob("gen-*")
            if path.is_dir() and not path.name.endswith(PARTIAL)
        )
    )


@contextmanager
def reading(index_dir: Path) -> Iterator[None]:
    """Report an error of the system in a sentence about the folder.

    Raises:
        DamagedIndexError: Instead of an OSError.

    """
    try:
        yield
    except OSError as error:
        what = f"{index_dir} can't be read ({error.strerror or error})"
        raise damaged(index_dir, what) from error


def damaged(index_dir: Path, what: str) -> DamagedIndexError:
    """Return the error that says what is damaged, and how the index is built again."""
    return DamagedIndexError(f"{what}; run {rebuild(index_dir)} to build it again.")


def read_bytes(index_dir: Path, path: Path) -> bytes:
    """Read a file of the index.

    Raises:
        DamagedIndexError: It can't be read.

    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise damaged(index_dir, f"{path} can't be read ({error.strerror or error})") from error


def _checked_manifest(folder: Path) -> tuple[Manifest, str]:
    """Read a manifest that is what its seal says, and whose folder has its name; and the seal.

    Raises:
        OSError: It can't be read.
        ValueError: It is damaged; the message says how.

    """
    data = (folder / MANIFEST).read_bytes()
    seal = record_of(data).sha256
    if (folder / SEAL).read_bytes() != f"{seal}  {MANIFEST}\n".encode():
        raise ValueError(f"{folder / MANIFEST} is damaged: its SHA-256 is not that in {SEAL}")
    manifest = parse_manifest(data)
    if manifest.snapshot != folder.name:
        raise ValueError(f"{folder / MANIFEST} is that of {manifest.snapshot}")
    return manifest, seal


def read_sealed(index_dir: Path, snapshot: str) -> tuple[Manifest, str]:
    """Read the manifest of a snapshot, and its SHA-256; errors as for ``read_manifest``."""
    try:
        return _checked_manifest(index_dir / snapshot)
    except OSError as error:
        what = f"{error.filename or index_dir / snapshot} can't be read ({error.strerror})"
        raise damaged(index_dir, what) from error
    except OtherFormatError as error:
        raise CitadelError(
            f"The index in {index_dir} has format {error.found}, this version of Citadel "
            f"reads format {FORMAT}; run {rebuild(index_dir)} to build it again."
        ) from error
    except ValueError as error:
        raise damaged(index_dir, str(error)) from error
