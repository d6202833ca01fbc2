"""Counts the calls by which a program touches files, and strikes at one of them."""

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

ERRORS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EMFILE)

WRITING = frozenset({"create", "write", "fsync", "rename", "replace", "mkdir", "link"})
"""The calls that change something; the others only read, or remove."""

_PATCHED = ("fsync", "rename", "replace", "mkdir", "link", "open", "unlink", "rmdir", "scandir")


class Killed(BaseException):
    """A process that ends at once, without a chance to clean up."""


def raising(number: int) -> Callable[[], None]:
    """An error of the system, by its number."""

    def strike() -> None:
        raise OSError(number, os.strerror(number))

    return strike


def dying() -> None:
    """The end of the process as a test survives it."""
    raise Killed


def killing() -> None:
    """The end of the process itself, without a chance to clean up."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Faults:
    """Which calls were made, and at which of them something happens.

    Attributes:
        at: The number of the call that is struck, from 1; 0 for none.
        strike: What happens then. Of a write, half the bytes are written before.
        kinds: The calls that count; None for all.
        lasting: Whether every later call is struck, too.
        calls: Those that were made.

    """

    at: int = 0
    strike: Callable[[], None] = dying
    kinds: frozenset[str] | None = None
    lasting: bool = False
    calls: list[str] = field(default_factory=list)

    def step(self, kind: str, before: Callable[[], object] = lambda: None) -> None:
        if self.kinds is not None and kind not in self.kinds:
            return
        self.calls.append(kind)
        made = len(self.calls)
        if made == self.at or (self.lasting and made > self.at > 0):
            before()
            self.strike()

    @contextmanager
    def installed(self) -> Iterator["Faults"]:
        """Watch every call of this process."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(builtins, "open", self._opener(builtins.open))
            patch.setattr(io, "open", self._opener(io.open))
            for name in _PATCHED:
                patch.setattr(os, name, self._watched(name, getattr(os, name)))
            yield self

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.step(name)
            return call(*args, **kwargs)

        return watched

    def _opener(self, opened: Callable[..., Any]) -> Callable[..., Any]:
        def watched(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            writes = bool(set(mode) & set("wxa+"))
            self.step("create" if writes else "read")
            stream = opened(file, mode, *args, **kwargs)
            return _Written(stream, self) if writes else stream

        return watched


class _Written:
    """A file whose writes are counted."""

    def __init__(self, stream: Any, faults: Faults) -> None:
        self._stream = stream
        self._faults = faults

    def write(self, data: Any) -> Any:
        def half() -> None:
            self._stream.write(data[: len(data) // 2])
            self._stream.flush()

        self._faults.step("write", half)
        return self._stream.write(data)

    def __enter__(self) -> "_Written":
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
