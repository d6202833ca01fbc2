"""Scores sentences by the best match of every token of the question. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.fusion import Scores

Ranges = npt.NDArray[np.int64]


def token_matches(
    question: npt.NDArray[np.float32],
    tokens: npt.NDArray[np.float16],
    ranges: Ranges,
) -> npt.NDArray[np.float32]:
    """Return the best cosine of each question token in each sentence.

    The token vectors of a sentence come from the encoding of its whole paragraph (late
    chunking, Günther et al. 2024, arXiv:2409.04701), so they know what it is about.

    Args:
        question: float32, (question tokens, dimension), unit rows.
        tokens: float16, (tokens, dimension), unit rows: those of all sentences.
        ranges: int64, (sentences, 2): first token of each sentence and one past its last.

    Returns:
        float32, (sentences, question tokens), -1 to 1, higher is closer; -1 for a sentence
        without tokens.

    """
    best = np.full((len(ranges), len(question)), -1.0, dtype=np.float32)
    filled = np.flatnonzero(ranges[:, 1] > ranges[:, 0])
    if not len(filled) or not len(question):
        return best
    lengths = ranges[filled, 1] - ranges[filled, 0]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    rows = np.repeat(ranges[filled, 0] - starts, lengths) + np.arange(lengths.sum())
    cosines = tokens[rows].astype(np.float32) @ question.T
    best[filled] = np.maximum.reduceat(cosines, starts, axis=0)
    return best


def weighted_mean(matches: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]) -> Scores:
    """Return the mean match of each sentence (Khattab & Zaharia, ColBERT, 2020, normalised).

    Args:
        matches: float32, (sentences, question tokens), from ``token_matches``.
        weights: float32, (question tokens,), 0 or more: how much each token tells.

    Returns:
        float32, (sentences,), -1 to 1; 0 for a question without weight.

    """
    total = float(weights.sum())
    if total <= 0:
        return np.zeros(len(matches), dtype=np.float32)
    return np.asarray(matches @ (weights / np.float32(total)), dtype=np.float32)
