"""Token vectors on the disk: verified as a whole once, then read a passage at a time.

They are by far the largest part of an index, and a search needs those of its candidates only. The
files are kept open, so that a generation that is removed is served until it is left. They are read,
not mapped into memory: a file that got shorter would then end the process instead of an answer.
"""

from __future__ import annotations

import json
import os
import resource
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.disk import record_of
from index.errors import DamagedIndexError
from index.late_interaction import Ranges, TokenVectors

_STEP = np.dtype(np.float32).itemsize

_SPARE = 512
"""File descriptors for all else that a server opens."""

_REMEMBERED = 32 << 20
"""Bytes of token vectors that are kept in memory after they were read."""

Damaged = Callable[[str], DamagedIndexError]
"""Makes an error that says what is damaged, and the mend."""


class OpenFile:
    """A file that stays open, whatever becomes of its name, until nobody has it any more."""

    __slots__ = ("_descriptor", "path")

    def __init__(self, path: Path) -> None:
        """Open a file to read.

        Raises:
            OSError: It can't be opened.

        """
        self._descriptor = -1
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY)

    def __del__(self) -> None:
        """Close it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)

    def everything(self) -> bytes:
        """Return all that is in it.

        Raises:
            OSError: It can't be read.

        """
        with open(self._descriptor, "rb", closefd=False) as file:
            file.seek(0)
            return file.read()

    def read(self, first: int, count: int) -> bytes:
        """Return so many bytes from a place on, or fewer where the file ends.

        Raises:
            OSError: It can't be read.

        """
        return os.pread(self._descriptor, count, first)


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A file of encodings, and where in it the token vectors are.

    Attributes:
        file: The file.
        tokens: How many vectors it has.
        codes: The place of the first byte of the first code.
        steps: The place of the first byte of the first step.

    """

    file: OpenFile
    tokens: int
    codes: int
    steps: int


class _Recent:
    """The passages that were read last, as many as there is room for.

    People ask about the same things; and a small collection is soon in memory as a whole.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._passages: OrderedDict[tuple[int, int], TokenVectors] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, first: int, last: int) -> TokenVectors | None:
        with self._lock:
            found = self._passages.get((first, last))
            if found is not None:
                self._passages.move_to_end((first, last))
            return found

    def put(self, first: int, last: int, vectors: TokenVectors) -> None:
        with self._lock:
            if (first, last) in self._passages:
                return
            self._passages[first, last] = vectors
            self._room -= vectors.codes.nbytes + vectors.steps.nbytes
            while self._room < 0:
                _, oldest = self._passages.popitem(last=False)
                self._room += oldest.codes.nbytes + oldest.steps.nbytes


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """The token vectors of a collection, in files. See ``late_interaction.TokenSource``.

    Attributes:
        files: Those files, in the order of their tokens.
        dimension: The length of every vector.
        damaged: Makes the error for what is no longer as it was verified.

    """

    files: tuple[TokenFile, ...]
    dimension: int
    damaged: Damaged
    _firsts: npt.NDArray[np.int64]
    _passages: Ranges
    _checksums: npt.NDArray[np.uint32]
    _recent: _Recent

    def __len__(self) -> int:
        """Return the number of tokens."""
        return int(self._firsts[-1])

    @property
    def paths(self) -> tuple[Path, ...]:
        """The names that the files had when they were opened."""
        return tuple(stored.file.path for stored in self.files)

    def read(self, first: int, last: int) -> TokenVectors:
        """Return the vectors of a passage, from ``first`` up to before ``last``.

        Raises:
            DamagedIndexError: They can't be read, or are no longer what they were.

        """
        known = self._recent.get(first, last)
        if known is None:
            known = self._read(first, last)
            self._recent.put(first, last, known)
        return known

    def _read(self, first: int, last: int) -> TokenVectors:
        count = last - first
        if count == 0:
            return _vectors(b"", b"", self.dimension)
        number = int(np.searchsorted(self._firsts, first, side="right")) - 1
        stored = self.files[number]
        row = first - int(self._firsts[number])
        try:
            codes = stored.file.read(stored.codes + row * self.dimension, count * self.dimension)
            steps = stored.file.read(stored.steps + row * _STEP, count * _STEP)
        except OSError as error:
            what = f"{stored.file.path} can't be read any more ({error.strerror or error})"
            raise self.damaged(what) from error
        if _checksum(codes, steps) != self._checksum_of(first, last):
            raise self.damaged(f"{stored.file.path} was damaged after it was loaded")
        return _vectors(codes, steps, self.dimension)

    def _checksum_of(self, first: int, last: int) -> int:
        place = int(np.searchsorted(self._passages[:, 0], first))
        if self._passages[place : place + 1].tolist() != [[first, last]]:
            raise ValueError(f"the tokens {first} to {last} are no passage")
        return int(self._checksums[place])


def open_verified(path: Path, sha256: str) -> tuple[OpenFile, bytes] | None:
    """Open a file and read all of it; return None where its SHA-256 is another one.

    Raises:
        OSError: It can't be read.

    """
    file = OpenFile(path)
    data = file.everything()
    return (file, data) if record_of(data).sha256 == sha256 else None


def stored_tokens(
    files: Iterable[tuple[OpenFile, bytes]],
    passages: Ranges,
    tokens: int,
    dimension: int,
    damaged: Damaged,
) -> StoredTokens:
    """Note where the token vectors of every passage are, and what they must be like.

    Args:
        files: Each with its verified contents; looked at one after another.
        passages: int64, (passages, 2): the first token of each, and one past its last.
        tokens: How many vectors there are in all files.
        dimension: The length of each.
        damaged: Makes the error for what is no longer as it was verified.

    Raises:
        ValueError: The files hold something else.

    """
    wanted = np.unique(passages[passages[:, 1] > passages[:, 0]], axis=0)
    ends = wanted[:, 1]
    opened: list[TokenFile] = []
    firsts = [0]
    checksums: list[int] = []
    for file, data in files:
        stored = _layout(file, data, dimension)
        base, last = firsts[-1], firsts[-1] + stored.tokens
        inside = slice(*np.searchsorted(wanted[:, 0], [base, last]))
        if (ends[inside] > last).any():
            raise ValueError(f"a passage goes on after the end of {file.path}")
        view = memoryview(data)
        codes = view[stored.codes : stored.codes + stored.tokens * dimension]
        steps = view[stored.steps : stored.steps + stored.tokens * _STEP]
        for begin, end in wanted[inside].tolist():
            a, b = begin - base, end - base
            checksums.append(
                _checksum(codes[a * dimension : b * dimension], steps[a * _STEP : b * _STEP])
            )
        opened.append(stored)
        firsts.append(last)
    if firsts[-1] != tokens or len(checksums) != len(wanted):
        raise ValueError(f"{firsts[-1]} token vectors where there are {tokens}")
    return StoredTokens(
        tuple(opened),
        dimension,
        damaged,
        np.array(firsts, dtype=np.int64),
        wanted,
        np.array(checksums, dtype=np.uint32),
        _Recent(_REMEMBERED),
    )


def allow_open_files(count: int) -> None:
    """Let this process keep so many files open, of two generations, if the system lets it.

    Where it does not, opening the first file too many fails and says so.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * count + _SPARE
    if hard != resource.RLIM_INFINITY:
        needed = min(needed, hard)
    if resource.RLIM_INFINITY != soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _layout(file: OpenFile, data: bytes, dimension: int) -> TokenFile:
    """Find the token vectors in a safetensors file: a length, a header in JSON, the numbers."""
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    codes, steps = header["codes"], header["steps"]
    count = steps["shape"][0]
    described = (codes["dtype"], codes["shape"], steps["dtype"], steps["shape"])
    if described != ("I8", [count, dimension], "F32", [count]):
        raise ValueError(f"{file.path} holds no token vectors of {dimension} numbers each")
    return TokenFile(
        file, count, start + codes["data_offsets"][0], start + steps["data_offsets"][0]
    )


def _checksum(codes: bytes | memoryview, steps: bytes | memoryview) -> int:
    return zlib.crc32(steps, zlib.crc32(codes))


def _vectors(codes: bytes, steps: bytes, dimension: int) -> TokenVectors:
    return TokenVectors(
        np.frombuffer(codes, np.int8).reshape(-1, dimension), np.frombuffer(steps, np.float32)
    )
