"""Scores sentences by the best match of every token of the question. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.fusion import Scores

Ranges = npt.NDArray[np.int64]


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

    def cosines(
        self, rows: npt.NDArray[np.int64], question: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """Return float32, (rows, question tokens): the cosines with the question's unit rows."""
        products = self.codes[rows].astype(np.float32) @ question.T
        return np.asarray(products * self.steps[rows, np.newaxis], dtype=np.float32)


def token_matches(
    question: npt.NDArray[np.float32],
    tokens: TokenVectors,
    ranges: Ranges,
) -> npt.NDArray[np.float32]:
    """Return the best cosine of each question token in each sentence.

    The token vectors of a sentence come from the encoding of its whole paragraph (late
    chunking, Günther et al. 2024, arXiv:2409.04701), so they know what it is about.

    Args:
        question: float32, (question tokens, dimension), unit rows.
        tokens: Those of all sentences.
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
    best[filled] = np.maximum.reduceat(tokens.cosines(rows, question), starts, axis=0)
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
