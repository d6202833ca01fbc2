"""Scores sentences by the best match of every token of the question. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from citadel.index.encoders.token_vectors import Ranges, TokenSource

Matches = npt.NDArray[np.float32]
"""float32, (sentences, question tokens): the best cosine of each token in each sentence."""

_NO_TOKEN = np.float32(-0.2)
"""What a sentence without tokens matches with: less than any sentence with some."""

_ONE_BEFORE = np.float32(0.12)
_TWO_BEFORE = np.float32(0.20)
_SAME_PASSAGE = np.float32(0.20)
"""What a match costs in the sentence before, two before, or elsewhere in the passage."""


def token_matches(
    question: npt.NDArray[np.float32],
    tokens: TokenSource,
    ranges: Ranges,
    firsts: npt.NDArray[np.int64],
) -> Matches:
    """Return the best cosine of each question token in each sentence.

    The token vectors of a sentence come from the encoding of its whole paragraph (late
    chunking, Günther et al. 2024, arXiv:2409.04701), so they know what it is about.

    Args:
        question: float32, (question tokens, dimension), unit rows.
        tokens: Those of all sentences.
        ranges: int64, (sentences, 2): first token of each sentence and one past its last; the
            sentences of a passage stand together.
        firsts: int64, (passages,): the row of the first sentence of each passage.

    Returns:
        float32, (sentences, question tokens), -1 to 1, higher is closer.

    Raises:
        DamagedIndexError: Token vectors on the disk are no longer what they were.

    """
    if not len(ranges) or not len(question):
        return np.full((len(ranges), len(question)), _NO_TOKEN, dtype=np.float32)
    begins, ends = passage_ranges(ranges, firsts).T
    places = np.concatenate([[0], np.cumsum(ends - begins)])
    # A passage at a time, while its numbers are in the processor's cache; the last row is spare.
    cosines = np.full((places[-1] + 1, len(question)), _NO_TOKEN, dtype=np.float32)
    # Matrices of this size are multiplied in half the time when both lie row by row.
    columns = np.ascontiguousarray(question.T)
    for place, begin, end in zip(places.tolist(), begins.tolist(), ends.tolist(), strict=False):
        cosines[place : place + end - begin] = tokens.read(begin, end).cosines(columns)
    lengths = np.diff(np.append(firsts, len(ranges)))
    bounds = ranges + np.repeat(places[:-1] - begins, lengths)[:, np.newaxis]
    # Of each pair of bounds that reduceat sees, the even ones are the sentences.
    best: Matches = np.maximum.reduceat(cosines, bounds.ravel(), axis=0)[::2].copy()
    best[ranges[:, 1] <= ranges[:, 0]] = _NO_TOKEN
    return best


def passage_ranges(ranges: Ranges, firsts: npt.NDArray[np.int64]) -> Ranges:
    """Return int64, (passages, 2): the first token of each passage, and one past its last.

    Args:
        ranges: int64, (sentences, 2): the same of each sentence, passage by passage.
        firsts: int64, (passages,): the row of the first sentence of each passage.

    """
    return np.stack(
        [np.minimum.reduceat(ranges[:, 0], firsts), np.maximum.reduceat(ranges[:, 1], firsts)],
        axis=1,
    )


def passage_matches(matches: Matches, firsts: npt.NDArray[np.int64]) -> Matches:
    """Return the best match of each question token in each passage.

    Args:
        matches: From ``token_matches``; the sentences of a passage stand together.
        firsts: int64, (passages,): the row of the first sentence of each passage.

    """
    best: Matches = np.maximum.reduceat(matches, firsts, axis=0)
    return best


def matches_in_context(
    matches: Matches, firsts: npt.NDArray[np.int64], announcing: npt.NDArray[np.bool_]
) -> Matches:
    """Let a sentence borrow, at a cost, what its passage says around it.

    “He leads it” answers a question that names him and it, if the sentence before does. What a
    line announces (“The members are:”) is said of all that follows, and costs nothing there.

    Args:
        matches: From ``token_matches``; the sentences of a passage stand together.
        firsts: int64, (passages,): the row of the first sentence of each passage.
        announcing: bool, (sentences,): whether each announces those after it.

    """
    lengths = np.diff(np.append(firsts, len(matches)))
    elsewhere = np.repeat(passage_matches(matches, firsts), lengths, axis=0) - _SAME_PASSAGE
    context: Matches = np.maximum(matches, elsewhere)
    place = np.arange(len(matches)) - np.repeat(firsts, lengths)
    for back, cost in ((1, _ONE_BEFORE), (2, _TWO_BEFORE)):
        rows = np.flatnonzero(place >= back)
        context[rows] = np.maximum(context[rows], matches[rows - back] - cost)
    ends = np.repeat(firsts + lengths, lengths)
    for row in np.flatnonzero(announcing):
        announced = slice(row + 1, ends[row])
        context[announced] = np.maximum(context[announced], matches[row])
    return context


def token_weights(piece_counts: npt.NDArray[np.int32], passages: int) -> npt.NDArray[np.float32]:
    """Weigh the tokens of a question: each by the square root of its idf, 1 in all.

    Args:
        piece_counts: int32, (question tokens,): in how many passages each token occurs.
        passages: How many passages there are.

    """
    idf = np.log1p((passages - piece_counts + 0.5) / (piece_counts + 0.5))
    weights = np.sqrt(idf)
    return np.asarray(weights / max(float(weights.sum()), 1e-12), dtype=np.float32)
