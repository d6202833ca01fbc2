"""One score for each sentence and each passage. Pure; the weights are fitted.

``python -m evaluation fit`` writes them to ranking.json, by the likelihood of the answering
sentence among all candidates (a softmax over candidates, as in ListNet, Cao et al. 2007).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from citadel.index.retrieval.answer_types import ANSWER_TYPES

Scores = npt.NDArray[np.float32]

FEATURES = ("context", *ANSWER_TYPES, "length")
"""The columns of a feature matrix, in order.

context: the weighted mean of the token matches in context; an answer type: 1 when the question
asks for it and the sentence has it; length: natural logarithm of the number of words.
"""

_COVERAGE_GAIN = np.float32(20.0)
"""What a further sentence is worth for matching what those before it leave unmatched."""


@dataclass(frozen=True, slots=True)
class RankingWeights:
    """What each feature counts.

    Attributes:
        values: float32, in the order of ``FEATURES``.

    """

    values: Scores

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> RankingWeights:
        """Take the weights by the names of their features."""
        return cls(np.array([weights[name] for name in FEATURES], dtype=np.float32))

    @property
    def unit(self) -> float:
        """What a cosine of 1 counts: divides scores back to the scale of cosines."""
        return float(self.values[0])


@cache
def fitted_weights() -> RankingWeights:
    """Return the weights that come with Citadel."""
    data = json.loads(files("citadel.index.retrieval").joinpath("ranking.json").read_text("utf-8"))
    return RankingWeights.of(data["weights"])


def weights_across_languages() -> RankingWeights:
    """Return the weights for a question in another language than the articles.

    Late interaction alone: the other features ask for English words. The scale is one on which a
    passage is about as good as its best sentence.
    """
    return RankingWeights.of(dict.fromkeys(FEATURES, 0.0) | {"context": 120.0})


def feature_matrix(
    context: Scores,
    asked: tuple[bool, ...],
    offered: npt.NDArray[np.bool_],
    lengths: npt.NDArray[np.int64],
) -> Scores:
    """Put the features of all candidate sentences side by side.

    Args:
        context: float32, (sentences,): the weighted mean of the token matches in context.
        asked: Which answer types the question asks for.
        offered: bool, (sentences, answer types): which each sentence has.
        lengths: int64, (sentences,): the number of words of each.

    Returns:
        float32, (sentences, features), in the order of ``FEATURES``.

    """
    types = offered & np.array(asked, dtype=bool)
    length = np.log(np.maximum(lengths, 1))
    return np.column_stack([context, types, length]).astype(np.float32)


def passage_scores(sentence_scores: Scores, firsts: npt.NDArray[np.int64]) -> Scores:
    """Return the score of each passage: the log of the summed odds of its sentences.

    Args:
        sentence_scores: float32, (sentences,); the sentences of a passage stand together.
        firsts: int64, (passages,): the row of the first sentence of each passage.

    """
    best = np.maximum.reduceat(sentence_scores, firsts)
    lengths = np.diff(np.append(firsts, len(sentence_scores)))
    odds = np.exp(sentence_scores - np.repeat(best, lengths))
    return np.asarray(best + np.log(np.add.reduceat(odds, firsts)), dtype=np.float32)


def choose_sentences(scores: Scores, weighted: Scores, count: int) -> list[int]:
    """Choose sentences one by one, each for its score and for what it adds to those before.

    A list, or the two parts of a question, are then answered by different sentences (maximal
    marginal relevance, Carbonell & Goldstein 1998, with coverage in the place of similarity).

    Args:
        scores: float32, (sentences,).
        weighted: float32, (sentences, question tokens): token matches times their weights.
        count: How many to choose at most.

    Returns:
        Row numbers, in the order in which they were chosen.

    """
    chosen: list[int] = []
    left = scores.astype(np.float32, copy=True)
    covered: Scores | None = None
    for _ in range(min(count, len(scores))):
        value = left
        if covered is not None:
            gain = np.maximum(weighted - covered, 0).sum(axis=1)
            value = left + _COVERAGE_GAIN * gain.astype(np.float32)
        best = int(np.argmax(value))
        chosen.append(best)
        left[best] = -np.inf
        covered = weighted[best] if covered is None else np.maximum(covered, weighted[best])
    return chosen
