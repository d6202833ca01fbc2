"""The vectors of all tokens of a collection, a byte for each of their numbers."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Ranges = npt.NDArray[np.int64]
"""int64, (passages, 2): the first token of each passage, and one past its last."""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of all tokens of a collection, a byte for each of their numbers.

    A number is off by half a step of its row at most, which moves a cosine by some 0.001.

    Attributes:
        codes: int8, (tokens, dimension), -127 to 127.
        steps: float32, (tokens,): what a code of 1 stands for.

    """

    codes: npt.NDArray[np.int8]
    steps: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        """Refuse rows without their step."""
        if len(self.codes) != len(self.steps):
            raise ValueError(f"{len(self.codes)} token vectors with {len(self.steps)} steps")

    @classmethod
    def quantise(cls, vectors: npt.NDArray[np.float32]) -> TokenVectors:
        """Round float32 rows of shape (tokens, dimension) to codes."""
        steps = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), 1e-12) / 127
        codes = np.rint(vectors / steps[:, np.newaxis])
        return cls(codes.astype(np.int8), steps.astype(np.float32))

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.codes)

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return int(self.codes.shape[1])

    def read(self, first: int, last: int) -> TokenVectors:
        """Return the vectors from ``first`` up to before ``last``."""
        return TokenVectors(self.codes[first:last], self.steps[first:last])

    def checksum(self) -> int:
        """Return the CRC-32 of the codes followed by the steps."""
        return zlib.crc32(self.steps.data, zlib.crc32(self.codes.data))

    def checksums(self, passages: Ranges) -> npt.NDArray[np.uint32]:
        """See ``TokenSource``."""
        found = (self.read(first, last).checksum() for first, last in passages.tolist())
        return np.fromiter(found, dtype=np.uint32, count=len(passages))

    def cosines(self, question: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return float32, (tokens, question tokens): the cosines with the question's unit columns.

        Args:
            question: float32, (dimension, question tokens).

        """
        products: npt.NDArray[np.float32] = self.codes.astype(np.float32) @ question
        products *= self.steps[:, np.newaxis]
        return products


class TokenSource(Protocol):
    """Where the vectors of all tokens of a collection are: in memory, or on the disk."""

    def __len__(self) -> int:
        """Return the number of tokens."""

    @property
    def dimension(self) -> int:
        """The length of every vector."""

    def read(self, first: int, last: int) -> TokenVectors:
        """Return the vectors of a passage, from ``first`` up to before ``last``.

        Raises:
            DamagedIndexError: They can't be read, or are no longer what they were.

        """

    def checksums(self, passages: Ranges) -> npt.NDArray[np.uint32]:
        """Return the checksum of the vectors of each passage, without reading them if possible.

        Args:
            passages: int64, (passages, 2): the first token of each, and one past its last.

        """
