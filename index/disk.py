"""Files written through to the disk and compared with what was meant, and read back checked."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import math
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

_CHUNK = 1 << 20

_PAUSE = 0.05
"""Seconds after which a lock that another holds is tried again."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file must be like."""

    size: int
    sha256: str


class Sink(Protocol):
    """What bytes can be written to, piece by piece."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


class _Recorder:
    """Passes bytes on to a file, and keeps record of what was meant to be in it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes, /) -> int:
        self._file.write(data)
        self._digest.update(data)
        self._size += memoryview(data).nbytes
        return memoryview(data).nbytes

    @property
    def record(self) -> FileRecord:
        return FileRecord(self._size, self._digest.hexdigest())


def record_of(data: bytes) -> FileRecord:
    """Return the record of a file with the given contents."""
    return FileRecord(len(data), hashlib.sha256(data).hexdigest())


def write_file(path: Path, write: Callable[[Sink], object]) -> FileRecord:
    """Write a new file through to the disk, and compare it with what was written.

    Some libraries and file systems lose bytes without an error: the size on the disk is compared
    with what was serialised, and the file is read back and hashed.

    Args:
        path: A file that is not there yet.
        write: Writes the contents.

    Raises:
        OSError: It can't be written, or does not hold what was written.

    """
    with path.open("xb") as file:
        recorder = _Recorder(file)
        write(recorder)
        file.flush()
        os.fsync(file.fileno())
    if record_of_file(path) != recorder.record:
        raise OSError(errno.EIO, f"{path.name} does not hold what was written to it")
    return recorder.record


def record_of_file(path: Path) -> FileRecord:
    """Return what a file is like on the disk, read in pieces.

    Raises:
        OSError: It can't be read.

    """
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            # So that what was just written comes from the disk, not from the memory of the kernel.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(_CHUNK):
            digest.update(piece)
            size += len(piece)
    return FileRecord(size, digest.hexdigest())


def replace_file(path: Path, data: bytes) -> None:
    """Give a file new contents in one step: a reader gets the old ones or the new.

    Raises:
        OSError: The new contents can't be written; the old ones are as they were.

    """
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        write_file(partial, lambda file: file.write(data))
        partial.replace(path)
    except OSError:
        _remove(partial)
        raise


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # The error that led here is the one to report; the next build removes the file.


def sync(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_file(source: Path, target: Path) -> FileRecord:
    """Copy a file through to the disk, and compare the copy with what was read.

    Raises:
        OSError: One can't be read, or the other not written.

    """
    with source.open("rb") as file:
        return write_file(target, lambda sink: shutil.copyfileobj(file, sink, _CHUNK))


@contextmanager
def locked(path: Path, patience: float = math.inf) -> Iterator[None]:
    """Hold a file that only one may hold; it stays there. A process that dies lets go.

    Args:
        path: The file, which is made where it is missing.
        patience: Seconds to wait for another that holds it.

    Raises:
        BlockingIOError: Another held it for longer.
        OSError: It can't be made.

    """
    deadline = time.monotonic() + patience
    with path.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise
            time.sleep(_PAUSE)
        yield
