"""Token vectors on the disk: read a passage at a time, and compared with its checksum then.

They are by far the largest part of an index, and a search needs those of its candidates only. The
files are kept open, so that a snapshot that is removed is served until it is left. They are read,
not mapped into memory: a file that got shorter would then end the process instead of an answer.
"""

from __future__ import annotations

import json
import resource
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from citadel.index.encoders.token_vectors import Ranges, TokenVectors
from citadel.index.errors import DamagedIndexError
from citadel.index.open_files import OpenFile

_STEP = np.dtype(np.float32).itemsize

_SPARE = 512
"""File descriptors for all else that a server opens."""

_REMEMBERED = 32 << 20
"""Bytes of token vectors that are kept in memory after they were read."""

Damaged = Callable[[str], DamagedIndexError]
"""Makes an error that says what is damaged, and the mend."""


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
        damaged: Makes the error for what is not as it was written.

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
        complete = (len(codes), len(steps)) == (count * self.dimension, count * _STEP)
        vectors = _vectors(codes, steps, self.dimension) if complete else None
        if vectors is None or vectors.checksum() != self.checksums(np.array([[first, last]]))[0]:
            raise self.damaged(f"{stored.file.path} was damaged after it was written")
        return vectors

    def checksums(self, passages: Ranges) -> npt.NDArray[np.uint32]:
        """Return what the checksums have to be; see ``TokenSource``."""
        filled = passages[:, 1] > passages[:, 0]
        wanted = passages[filled]
        places = np.searchsorted(self._passages[:, 0], wanted[:, 0])
        inside = places < len(self._passages)
        if not inside.all() or not np.array_equal(self._passages[places], wanted):
            raise ValueError("the tokens are not those of passages")
        found = np.zeros(len(passages), dtype=np.uint32)
        found[filled] = self._checksums[places]
        return found


def open_verified(path: Path, sha256: str) -> OpenFile | None:
    """Open a file and read all of it; return None where its SHA-256 is another one.

    Raises:
        OSError: It can't be read.

    """
    file = OpenFile(path)
    return file if file.sha256() == sha256 else None


def stored_tokens(
    files: Sequence[OpenFile],
    passages: Ranges,
    checksums: npt.NDArray[np.uint32],
    tokens: int,
    dimension: int,
    damaged: Damaged,
) -> StoredTokens:
    """Find where the token vectors of every passage are; of each file only the header is read.

    Args:
        files: The files.
        passages: int64, (passages, 2): the first token of each, and one past its last.
        checksums: uint32, (passages,): what those of their vectors have to be.
        tokens: How many vectors there are in all files.
        dimension: The length of each.
        damaged: Makes the error for what is not as it was written.

    Raises:
        OSError: A file can't be read.
        ValueError: The files hold something else.

    """
    opened = tuple(_layout(file, dimension) for file in files)
    firsts = np.cumsum([0, *(stored.tokens for stored in opened)], dtype=np.int64)
    if firsts[-1] != tokens:
        raise ValueError(f"{firsts[-1]} token vectors where there are {tokens}")
    filled = np.flatnonzero(passages[:, 1] > passages[:, 0])
    # Equal passages have the same vectors.
    filled = filled[np.unique(passages[filled, 0], return_index=True)[1]]
    wanted = passages[filled]
    numbers = np.searchsorted(firsts, wanted[:, 0], side="right")
    # A passage that begins after the last file is caught by the end of all vectors.
    outside = wanted[:, 1] > firsts[np.minimum(numbers, len(opened))]
    if outside.any():
        number = min(int(numbers[outside][0]), len(opened)) - 1
        raise ValueError(f"a passage goes on after the end of {opened[number].file.path}")
    return StoredTokens(
        opened, dimension, damaged, firsts, wanted, checksums[filled], _Recent(_REMEMBERED)
    )


def allow_open_files(count: int) -> None:
    """Let this process keep this many files open, for two snapshots, if the system lets it.

    Where it does not, opening the first file too many fails and says so.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * count + _SPARE
    if hard != resource.RLIM_INFINITY:
        needed = min(needed, hard)
    if resource.RLIM_INFINITY != soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _layout(file: OpenFile, dimension: int) -> TokenFile:
    """Find the token vectors in a safetensors file: a length, a header in JSON, the numbers."""
    length = int.from_bytes(file.read(0, 8), "little")
    start = 8 + length
    try:
        header = json.loads(file.read(8, min(length, file.size)))
        codes, steps = header["codes"], header["steps"]
        count = steps["shape"][0]
        described = (codes["dtype"], codes["shape"], steps["dtype"], steps["shape"])
        places = (start + codes["data_offsets"][0], start + steps["data_offsets"][0])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ValueError(f"{file.path} holds no token vectors") from error
    if described != ("I8", [count, dimension], "F32", [count]):
        raise ValueError(f"{file.path} holds no token vectors of {dimension} numbers each")
    return TokenFile(file, count, *places)


def _vectors(codes: bytes, steps: bytes, dimension: int) -> TokenVectors:
    return TokenVectors(
        np.frombuffer(codes, np.int8).reshape(-1, dimension), np.frombuffer(steps, np.float32)
    )
