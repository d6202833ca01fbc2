"""Puts files into the sources folder, and takes them out of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import glob, has_magic
from pathlib import Path

from citadel.index.corpus.formats.registry import FORMATS, suffix
from citadel.index.corpus.kept_names import KeptName
from citadel.index.corpus.sandbox.files import SIDECAR
from citadel.index.corpus.sandbox.processes import Request, read_files
from citadel.index.corpus.source_files import composed, list_source_files
from citadel.index.errors import CitadelError
from citadel.index.named_paths import named_path

REMOVED = ".removed"
"""The folder in the sources folder that keeps what was removed; hidden files are no articles."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the files that were to be added.

    Attributes:
        names: Those that are in the sources folder now, by their path in it.
        present: Those that were there before, with the same content.
        failures: What could not be added, a sentence each.

    """

    names: tuple[str, ...]
    present: tuple[str, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    origin: Path
    name: str


def add_sources(paths: Sequence[str], folder: Path, *, replace: bool) -> Added:
    """Copy files into the sources folder, if they can be read as articles.

    The files of a folder come with that folder's name. The metadata next to a file come with it.
    Each copy gets its name when it is complete.

    Args:
        paths: Files, folders, and patterns such as “reports/*.pdf”.
        folder: The sources folder; it is made if there is none.
        replace: Whether a file may take the place of another one of its name.

    Raises:
        CitadelError: A path names nothing, or the folder can't be written.

    """
    names: list[str] = []
    present: list[str] = []
    failures: list[str] = []
    for candidate, failure in _readable(_candidates(paths, folder, failures)):
        target = folder / candidate.name
        if failure is not None:
            failures.append(failure)
        elif same_article(candidate.origin, target):
            present.append(candidate.name)
        elif target.exists() and not replace:
            failures.append(
                f"There is another {candidate.name} in {folder}; rename {candidate.origin}, or "
                "give --replace to put it in the other one's place."
            )
        else:
            copy_article(candidate.origin, target)
            names.append(candidate.name)
    return Added(tuple(names), tuple(present), tuple(failures))


def remove_sources(patterns: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Take files out of the sources folder; they are kept in its hidden folder “.removed”.

    Args:
        patterns: Names as ``list`` shows them, or patterns of names.
        folder: The sources folder.

    Returns:
        The names of the removed files.

    Raises:
        CitadelError: A name matches nothing, or no article would be left. Nothing is removed then.

    """
    present = list_source_files(folder).on_disk()
    chosen: set[str] = set()
    for pattern in map(composed, patterns):
        found = {
            on_disk
            for name, on_disk in present.items()
            if name == pattern or fnmatchcase(name, pattern)
        }
        if not found:
            file, _, article = pattern.partition("#")
            where = f"; it is a line of {file}, take it out there" if file in present else ""
            raise CitadelError(
                f"There is no file {pattern} in {folder}"
                f"{where if article else ', see “python -m index list”'}."
            )
        chosen |= found
    if len(chosen) == len(present):
        raise CitadelError(
            f"That would leave no article in {folder}; add another one before you remove the last."
        )
    for name in sorted(chosen):
        put_away(folder, name)
    return tuple(sorted(chosen))


def _candidates(paths: Iterable[str], folder: Path, failures: list[str]) -> Iterator[_Candidate]:
    """Yield the files that paths stand for; complain of those that can be none."""
    for path in _expanded(paths):
        if path.is_dir():
            if path.resolve() == folder.resolve():
                raise CitadelError(f"{path} is the sources folder itself; name other files.")
            files = list_source_files(path)
            failures.extend(f"{file.name} {file.why}" for file in files.left_out if file.failed)
            if not files.requests and not any(file.failed for file in files.left_out):
                failures.append(
                    f"{path} has no file in a format that is read ({', '.join(FORMATS)})."
                )
            base = path.resolve().name
            for request in files.requests:
                yield _Candidate(path / request.name, f"{base}/{request.name}")
        elif suffix(path.name) not in FORMATS:
            failures.append(
                f"{path} is in no format that is read ({', '.join(FORMATS)}); "
                "save it as one of them."
            )
        else:
            yield _Candidate(path, path.name)


def _expanded(paths: Iterable[str]) -> Iterator[Path]:
    for path in paths:
        if os.path.exists(named_path(path)):  # noqa: PTH110  # Path's raises for a name too long.
            yield Path(path)
            continue
        # Path.glob takes no pattern that begins at the root.
        found = sorted(glob(path, recursive=True)) if has_magic(path) else []  # noqa: PTH207
        if not found:
            raise CitadelError(f"There is nothing at {path}; name files or folders to add.")
        yield from map(Path, found)


def _readable(candidates: Iterable[_Candidate]) -> Iterator[tuple[_Candidate, str | None]]:
    """Read files where they are; yield each, with the reason if it is no article."""
    by_folder: dict[Path, list[_Candidate]] = {}
    for candidate in candidates:
        by_folder.setdefault(candidate.origin.resolve().parent, []).append(candidate)
    for folder, files in by_folder.items():
        requests = [
            Request(file.origin.resolve().name, sidecar=sidecar_of(file.origin).exists())
            for file in files
        ]
        for file, reading in zip(files, read_files(folder, requests), strict=True):
            yield file, str(reading) if isinstance(reading, CitadelError) else None


def sidecar_of(path: Path) -> Path:
    """Return where the metadata of a file stand, if there are any."""
    return path.with_name(path.name + SIDECAR)


def same_article(one: Path, other: Path) -> bool:
    """Return whether two files, with the metadata next to them, hold the same bytes."""
    return all(
        a.exists() == b.exists() and (not a.exists() or a.read_bytes() == b.read_bytes())
        for a, b in ((one, other), (sidecar_of(one), sidecar_of(other)))
    )


def copy_article(origin: Path, target: Path) -> None:
    """Copy a file, the metadata next to it first: it is never there without them."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for one, other in ((sidecar_of(origin), sidecar_of(target)), (origin, target)):
            if one.exists():
                partial = other.with_name(f".{other.name}.{os.getpid()}.partial")
                try:
                    shutil.copyfile(one, partial)
                    partial.replace(other)
                finally:
                    partial.unlink(missing_ok=True)
    except OSError as error:
        raise _not_done(f"{origin} can't be copied to {target}", error) from error


def put_away(folder: Path, name: str) -> Path:
    """Move a file, with the metadata next to it, to the removed ones; return where it is kept.

    Raises:
        CitadelError: It can't be moved.

    """
    try:
        kept = folder / REMOVED / KeptName.free(name, _kept(folder / REMOVED)).path
        kept.parent.mkdir(parents=True, exist_ok=True)
        (folder / name).replace(kept)
        if sidecar_of(folder / name).exists():
            sidecar_of(folder / name).replace(sidecar_of(kept))
    except OSError as error:
        raise _not_done(f"{folder / name} can't be removed", error) from error
    return kept


def take_back(folder: Path, name: str) -> bool:
    """Move the file of a name that was removed last back to the others; return if there is one.

    Raises:
        CitadelError: It can't be moved.

    """
    paths = [request.name for request in list_source_files(folder / REMOVED).requests]
    kept = [path for path in paths if composed(KeptName.of(path).name) == composed(name)]
    if kept:
        last = max(kept, key=lambda path: KeptName.of(path).number)
        bring_back(folder / REMOVED / last, folder / KeptName.of(last).name)
    return bool(kept)


def bring_back(kept: Path, target: Path) -> None:
    """Move a removed file back, its metadata first: it is never there without them.

    Raises:
        CitadelError: It can't be moved.

    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if sidecar_of(kept).exists():
            sidecar_of(kept).replace(sidecar_of(target))
        kept.replace(target)
    except OSError as error:
        raise _not_done(f"{kept} can't be taken back", error) from error


def _not_done(what: str, error: OSError) -> CitadelError:
    return CitadelError(f"{what} ({error.strerror or error}); check the folder and its rights.")


def _kept(folder: Path) -> list[str]:
    """Return the paths of all that is kept below the folder of the removed ones, folders too.

    Raises:
        OSError: Some of it can't be listed, so that no name is known to be free.

    """
    if not folder.is_dir():
        return []

    def refuse(error: OSError) -> None:
        raise error

    return [
        (Path(path) / name).relative_to(folder).as_posix()
        for path, folders, files in os.walk(folder, onerror=refuse)
        for name in (*folders, *files)
    ]
