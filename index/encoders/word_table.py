"""The vectors of a large vocabulary, read from a file a row at a time, when a text has the word.

A multilingual model has 250,000 of them, 400 MB in 32 bits, of which a question needs ten. The file
is read, not mapped into memory, as one that got shorter would end the process then.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from citadel.index.encoders.encoder import Vectors
from citadel.index.encoders.network import Feature
from citadel.index.errors import CitadelError
from citadel.index.open_files import OpenFile

_KIND = np.dtype("<f2")
"""Rounded to 16 bits, vectors of words change cosines of texts in the seventh digit."""


def write_words(path: Path, vectors: Vectors) -> None:
    """Write vectors into a new file.

    Args:
        path: Of the file.
        vectors: float32, (pieces, dimension).

    Raises:
        OSError: It can't be written.

    """
    with path.open("xb") as file:
        file.write(np.ascontiguousarray(vectors, dtype=_KIND).data)


class WordTable:
    """What ``write_words`` has written."""

    def __init__(self, file: OpenFile, dimension: int) -> None:
        """Read from a file of vectors of this many numbers."""
        self._file = file
        self._dimension = dimension

    def of(self, pieces: Feature) -> Vectors:
        """Return the vectors of pieces, each read once.

        Args:
            pieces: int64, (texts, tokens): their numbers.

        Returns:
            float32, (texts, tokens, dimension).

        Raises:
            CitadelError: The file is shorter than it was.

        """
        size = self._dimension * _KIND.itemsize
        different, places = np.unique(pieces, return_inverse=True)
        rows = b"".join(self._file.read(piece * size, size) for piece in different.tolist())
        if len(rows) != len(different) * size:
            raise CitadelError(
                f"{self._file.path} was changed while it was in use; start Citadel again, and the "
                "model is converted anew."
            )
        vectors = np.frombuffer(rows, _KIND).reshape(-1, self._dimension).astype(np.float32)
        return np.asarray(vectors[places.reshape(pieces.shape)], dtype=np.float32)
