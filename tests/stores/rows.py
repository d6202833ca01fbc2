"""Vectors for the stores to keep, and what exact search finds among them."""

import numpy as np
import numpy.typing as npt

from citadel.index.stores.base import SearchableVectors

Vectors = npt.NDArray[np.float32]

ONE = "gen-20261122T101500-1a2b3c"
TWO = "gen-20261122T101600-4d5e6f"


def unit(rows: npt.NDArray[np.float64]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


ROWS = unit(np.random.default_rng(5).normal(size=(300, 24)))
OTHERS = unit(np.random.default_rng(6).normal(size=(40, 24)))


def assert_finds(
    vectors: SearchableVectors,
    rows: Vectors,
    question: Vectors,
    count: int,
    allowed: npt.NDArray[np.bool_] | None = None,
) -> None:
    """See that a search finds what comparing a question with these rows one by one finds."""
    exact = rows @ question
    numbers = np.arange(len(rows)) if allowed is None else np.flatnonzero(allowed)
    order = numbers[np.argsort(-exact[numbers])][:count]
    ids, scores = vectors.search(question, count, allowed)
    assert ids.tolist() == order.tolist()
    np.testing.assert_allclose(scores, exact[order], atol=1e-6)
    assert (ids.dtype.name, scores.dtype.name) == ("int64", "float32")
