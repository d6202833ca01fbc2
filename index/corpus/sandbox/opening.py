"""Opens files that strangers may have named: never through a link, never anything but a file."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path, PurePosixPath

from citadel.index.errors import CitadelError

FILE_BYTES = 50_000_000
"""A larger file is not opened."""

_NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


def read_beneath(root: Path, name: str) -> bytes:
    """Read a file below a folder, without following a link anywhere on the way.

    Each part of the path is opened from the one before, so that nobody can put a link in its
    place in between. A pipe or a device is not waited for.

    Args:
        root: The folder; it may be a link itself.
        name: The file's path below it, with “/” between its parts.

    Raises:
        CitadelError: It is missing, unreadable, a link, too large, or no file.

    """
    *folders, last = PurePosixPath(name).parts
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for folder in folders:
            descriptor = _step(descriptor, folder, _NO_LINK | os.O_DIRECTORY)
        descriptor = _step(descriptor, last, _NO_LINK | os.O_NONBLOCK)
    except OSError as error:
        # A link is ELOOP where a file is expected, and ENOTDIR where a folder is.
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise CitadelError(
                f"{name} is a link, and links are not followed; put the file itself in its place."
            ) from error
        raise _unreadable(name, error) from error
    return _contents(descriptor, name)


def _contents(descriptor: int, name: str) -> bytes:
    """Read an open file to its end, and close it."""
    try:
        _check(os.fstat(descriptor), name)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read()
    except OSError as error:
        raise _unreadable(name, error) from error
    finally:
        os.close(descriptor)


def _unreadable(name: str, error: OSError) -> CitadelError:
    reason = error.strerror or type(error).__name__
    return CitadelError(f"{name} can't be read ({reason}); check the file and its rights.")


def _step(folder: int, name: str, flags: int) -> int:
    """Open a name in an open folder, which is then closed."""
    try:
        return os.open(name, flags, dir_fd=folder)
    finally:
        os.close(folder)


def _check(status: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise CitadelError(f"{name} is no regular file; put a file in its place.")
    if status.st_size > FILE_BYTES:
        raise CitadelError(
            f"{name} is larger than {FILE_BYTES / 1e6:.0f} MB; "
            "split it or save it without pictures."
        )
