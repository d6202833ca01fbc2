"""Brings scores of different kinds together into one ranking. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


def min_max(scores: Scores) -> Scores:
    """Scale scores to 0..1 by the lowest and the highest; all 0 when they are equal.

    Args:
        scores: float32, (candidates,), higher is better.

    """
    if scores.size == 0:
        return scores
    low, high = float(scores.min()), float(scores.max())
    if high <= low:
        return np.zeros_like(scores)
    return (scores - np.float32(low)) / np.float32(high - low)


def convex_fusion(scores: Sequence[tuple[float, Scores]]) -> Scores:
    """Return the weighted mean of min-max normalised scores, 0 to 1; higher is better.

    Convex combination beats reciprocal rank fusion in and out of domain (Bruch et al., An
    Analysis of Fusion Functions for Hybrid Retrieval, 2023, arXiv:2210.11934).

    Args:
        scores: Pairs of a weight and the scores of the same candidates in the same order.

    Raises:
        ValueError: The scores differ in length, or the weights do not sum to more than 0.

    """
    if len({len(values) for _, values in scores}) != 1:
        raise ValueError(
            f"scores of {[len(values) for _, values in scores]} candidates can't be fused"
        )
    total = sum(weight for weight, _ in scores)
    if total <= 0:
        raise ValueError(f"the weights must sum to more than 0, got {total}")
    fused = np.zeros(len(scores[0][1]), dtype=np.float32)
    for weight, values in scores:
        fused += np.float32(weight / total) * min_max(values)
    return fused
