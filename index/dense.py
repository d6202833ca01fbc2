"""Vectors and their FAISS index. The only module that imports faiss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Vectors
from index.errors import CitadelError

FAISS_VERSION: str = faiss.__version__


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """Exact search by inner product over unit vectors: the cosine of question and text."""

    _index: Any

    @classmethod
    def build(cls, vectors: Vectors) -> VectorIndex:
        """Index float32 unit rows of shape (n, dimension); row numbers are the identifiers."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> VectorIndex:
        """Read an index back from what ``to_bytes`` gave.

        Raises:
            CitadelError: The bytes are no FAISS index; ``name`` says whose they are.

        """
        try:
            return cls(faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8)))
        except RuntimeError as error:
            raise CitadelError(
                f"{name} is no FAISS index; run “python -m index build” to build it again."
            ) from error

    def to_bytes(self) -> bytes:
        """Return the index in FAISS's own format."""
        return bytes(faiss.serialize_index(self._index).tobytes())

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return int(self._index.d)

    def search(self, vector: Vectors, count: int) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Return the identifiers and scores (-1 to 1) of the nearest rows, best first.

        Args:
            vector: float32, (dimension,), of unit length.
            count: How many rows, or all when there are fewer.

        """
        scores, ids = self._index.search(vector[np.newaxis, :], min(count, len(self)))
        return ids[0], scores[0]

    def scores(self, vector: Vectors, ids: npt.NDArray[np.int64]) -> Vectors:
        """Return the score of each given row for the vector, in the order of ``ids``."""
        rows = self._index.reconstruct_batch(ids)
        return np.asarray(rows @ vector, dtype=np.float32)
