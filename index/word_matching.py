"""Matches words where vectors tell nothing: a question in a script that the model does not read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Indel

from index.late_interaction import Matches
from index.lexical import TermIds

_SIMILAR = 0.7
"""The least similarity at which two terms may be forms of one word."""


def word_matches(
    question_terms: Sequence[str],
    terms: Sequence[str],
    sentence_terms: TermIds,
    firsts: npt.NDArray[np.int64],
) -> Matches:
    """Return how well each word of a question is matched by the words of each sentence.

    Two terms match by the share of letters that they have in common, in order; below 0.7 not at
    all. So an ending that the stemmer does not know costs little.

    Args:
        question_terms: The terms of the question.
        terms: The vocabulary, by identifier.
        sentence_terms: int32, (words,): the terms of all sentences, one after another.
        firsts: int64, (sentences,): where each sentence's terms begin.

    Returns:
        float32, (sentences, question terms), 0 to 1, higher is closer.

    """
    matches = np.zeros((len(firsts), len(question_terms)), dtype=np.float32)
    if not len(sentence_terms) or not question_terms:
        return matches
    used, places = np.unique(sentence_terms, return_inverse=True)
    similar = process.cdist(
        question_terms,
        [terms[number] for number in used],
        scorer=Indel.normalized_similarity,
        score_cutoff=_SIMILAR,
        dtype=np.float32,
    )
    ends = np.append(firsts[1:], len(sentence_terms))
    filled = np.flatnonzero(ends > firsts)
    by_word = similar[:, places].T
    matches[filled] = np.maximum.reduceat(by_word, firsts[filled], axis=0)
    return matches


def word_weights(idf: Sequence[float]) -> npt.NDArray[np.float32]:
    """Weigh the words of a question as their tokens are: by the square root of the idf, 1 in all.

    Args:
        idf: The inverse document frequency of each word.

    """
    weights = np.sqrt(np.array(idf, dtype=np.float32))
    return np.asarray(weights / max(float(weights.sum()), 1e-12), dtype=np.float32)
