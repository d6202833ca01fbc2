"""Fits the weights of the ranking to the sentences that answer.

The loss of a question is minus the log-likelihood of its answering sentences in a softmax over
all candidates (ListNet, Cao et al. 2007), plus half of the same for the passages that hold them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from citadel.evaluation.fitting.ranking_rows import RankingRow
from citadel.index.retrieval.ranking import RankingWeights

_PASSAGES = 0.5
_PENALTY = 1e-3
"""Times the sum of the squared weights of the features, each scaled to a deviation of 1."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Stack:
    """The rows of all questions, one after another.

    Attributes:
        features: float64, (sentences, features), each divided by its standard deviation.
        deviations: float64, (features,).
        firsts: int64, (questions,): the first sentence of each question.
        lengths: int64, (questions,): how many sentences each has.
        answers: bool, (sentences,).
        within: bool, (sentences,): those of passages that hold an answer.
        shares: float64, (questions,): what each counts, 1 in all.

    """

    features: Floats
    deviations: Floats
    firsts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    answers: npt.NDArray[np.bool_]
    within: npt.NDArray[np.bool_]
    shares: Floats


def fit_ranking(rows: Sequence[RankingRow], counts: Mapping[str, float]) -> RankingWeights:
    """Return the weights that make the answering sentences likeliest.

    Args:
        rows: Questions with their candidates; those without an answering one are passed over.
        counts: What each data set counts in all, however many questions it has.

    """
    stack = _stack([row for row in rows if row.answers.any()], counts)
    start = np.zeros(stack.features.shape[1])
    start[0] = 3.0
    found = minimize(_loss, start, args=(stack,), jac=True, method="L-BFGS-B")
    return RankingWeights((found.x / stack.deviations).astype(np.float32))


def _stack(rows: Sequence[RankingRow], counts: Mapping[str, float]) -> _Stack:
    features = np.concatenate([row.features for row in rows]).astype(np.float64)
    deviations = features.std(axis=0) + 1e-9
    lengths = np.array([len(row.features) for row in rows], dtype=np.int64)
    sizes = Counter(row.dataset for row in rows)
    shares = np.array([counts[row.dataset] / sizes[row.dataset] for row in rows])
    return _Stack(
        features=features / deviations,
        deviations=deviations,
        firsts=np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64),
        lengths=lengths,
        answers=np.concatenate([row.answers for row in rows]),
        within=np.concatenate([np.repeat(row.holds, row.lengths) | row.answers for row in rows]),
        shares=shares / shares.sum(),
    )


def _loss(weights: Floats, stack: _Stack) -> tuple[float, Floats]:
    """Return the penalised loss and its gradient.

    A passage's odds are the sum of its sentences', so both likelihoods have one denominator.
    """
    scores = stack.features @ weights
    total, chances = _softmax(scores, stack)
    loss = 0.0
    slopes = np.zeros_like(scores)
    for share, wanted in ((1.0, stack.answers), (_PASSAGES, stack.within)):
        part, among = _softmax(np.where(wanted, scores, -np.inf), stack)
        loss += share * float(stack.shares @ (total - part))
        slopes += share * (chances - among)
    slopes *= np.repeat(stack.shares, stack.lengths)
    loss += _PENALTY * float(weights @ weights)
    return loss, stack.features.T @ slopes + 2 * _PENALTY * weights


def _softmax(scores: Floats, stack: _Stack) -> tuple[Floats, Floats]:
    """Return the log of the summed odds of each question, and the share of each sentence."""
    best = np.maximum.reduceat(scores, stack.firsts)
    odds = np.exp(scores - np.repeat(best, stack.lengths))
    sums = np.add.reduceat(odds, stack.firsts)
    return best + np.log(sums), odds / np.repeat(sums, stack.lengths)
