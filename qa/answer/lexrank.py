"""Which sentences of a text are central to it: LexRank. Pure.

A sentence is central when it is like many sentences that are central themselves: the stationary
distribution of a walk from sentence to sentence that favours similar ones (Erkan & Radev,
LexRank: Graph-based Lexical Centrality as Salience in Text Summarization, JAIR 22, 2004; the
continuous form, in which similarities are weights instead of being cut off).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from citadel.index.encoders.encoder import Vectors

Centralities = npt.NDArray[np.float64]

_FOLLOWS = 0.85
"""How often the walk follows a similarity; otherwise it goes anywhere."""

_SETTLED = 1e-9
_STEPS = 200


def lexrank(vectors: Vectors) -> Centralities:
    """Return float64, (sentences,): how central each sentence is; they add up to 1.

    Args:
        vectors: float32, (sentences, dimension), unit rows, one sentence at least.

    """
    count = len(vectors)
    likeness = np.maximum(vectors.astype(np.float64) @ vectors.T.astype(np.float64), 0.0)
    # No sentence votes for itself: one that is like no other would support itself.
    np.fill_diagonal(likeness, 0.0)
    degrees = likeness.sum(axis=1, keepdims=True)
    walk = np.divide(
        likeness, degrees, out=np.full_like(likeness, 1.0 / count), where=degrees > 0.0
    )
    ranks = np.full(count, 1.0 / count)
    for _ in range(_STEPS):
        moved = _FOLLOWS * (ranks @ walk) + (1.0 - _FOLLOWS) / count
        if np.abs(moved - ranks).sum() < _SETTLED:
            break
        ranks = moved
    return np.asarray(moved / moved.sum())
