"""Can the confidence be trusted: does it separate answerable from unanswerable, how well? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from citadel.evaluation.scoring.significance import Estimate, estimate, resampled_counts

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of similar confidence.

    Attributes:
        low: The least confidence that falls into it.
        high: The most; it belongs to the next bin, except 1.
        count: How many questions there are.
        confidence: Their mean confidence.
        share: The share of them that came true.

    """

    low: float
    high: float
    count: int
    confidence: float
    share: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far the confidence is from the truth.

    Attributes:
        bins: Those that hold a question, by rising confidence.
        ece: The expected calibration error, 0 to 1, lower is better.
        brier: The mean squared error, 0 to 1, lower is better.

    """

    bins: tuple[Bin, ...]
    ece: float
    brier: float


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """What share of the answers is wrong when only the surest are given.

    Attributes:
        coverage: The share of the questions that are answered, rising to 1.
        risk: The share of the answers given that are wrong, at each coverage.
        area: The mean risk over all coverages (AURC), lower is better.
        best_area: The least area that any order of the same answers has.

    """

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float
    best_area: float


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> Estimate:
    """Return the probability that a positive scores higher than a negative, ties counting half.

    Args:
        positives: At least one score; higher is meant to be more positive.
        negatives: At least one score.

    """
    labels = [1] * len(positives) + [0] * len(negatives)
    value = float(roc_auc_score(labels, [*positives, *negatives]))
    up = np.asarray(positives, dtype=np.float64)[:, np.newaxis]
    down = np.asarray(negatives, dtype=np.float64)[np.newaxis, :]
    wins = (up > down) + 0.5 * (up == down)
    # Both groups are resampled by themselves, so that neither can come out empty.
    rows = resampled_counts(len(positives))
    columns = resampled_counts(len(negatives), seed=len(negatives))
    values = np.einsum("bi,bi->b", rows @ wins, columns) / wins.size
    return estimate(value, values, len(negatives))


def reliability(confidences: Sequence[float], truths: Sequence[bool]) -> Reliability:
    """Compare confidence and truth in ten bins of equal width (Guo et al. 2017, arXiv:1706.04599).

    Args:
        confidences: 0 to 1, at least one.
        truths: What came true of each.

    """
    p = np.asarray(confidences, dtype=np.float64)
    y = np.asarray(truths, dtype=np.float64)
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=int(np.count_nonzero(place == number)),
            confidence=float(p[place == number].mean()),
            share=float(y[place == number].mean()),
        )
        for number in range(BINS)
        if np.any(place == number)
    )
    ece = sum(b.count * abs(b.share - b.confidence) for b in bins) / len(p)
    return Reliability(bins, float(ece), float(np.mean((p - y) ** 2)))


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> RiskCoverage:
    """Answer the surest questions first and count the errors (Geifman & El-Yaniv 2017).

    Questions of equal confidence come in together, by their mean risk: their order means nothing.

    Args:
        confidences: At least one; higher is answered sooner.
        right: Whether the answer would be right; never for an unanswerable question.

    """
    p = np.asarray(confidences, dtype=np.float64)
    wrong = 1 - np.asarray(right, dtype=np.float64)
    order = np.argsort(-p, kind="stable")
    levels, inverse, counts = np.unique(-p[order], return_inverse=True, return_counts=True)
    errors = np.bincount(inverse, weights=wrong[order], minlength=len(levels)) / counts
    risk = _running_mean(errors[inverse])
    answered = np.arange(1, len(p) + 1)
    return RiskCoverage(
        coverage=tuple((answered / len(p)).tolist()),
        risk=tuple(risk.tolist()),
        area=float(risk.mean()),
        best_area=float(_running_mean(np.sort(wrong)).mean()),
    )


def _running_mean(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    means: npt.NDArray[np.float64] = np.cumsum(values) / np.arange(1, len(values) + 1)
    return means
