"""How sure a measured number is: bootstrap intervals and paired randomisation. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000
PERMUTATIONS = 10_000
_SEED = 20161203
_CHUNK = 4_000_000
"""How many signs are drawn at once, so that memory stays small."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, or another measure of a sample.

    Attributes:
        value: The measure of the sample itself.
        low: The lower end of the 95% interval.
        high: The upper end.
        count: How many questions it was measured on.

    """

    value: float
    low: float
    high: float
    count: int


def mean_estimate(values: Sequence[float]) -> Estimate:
    """Return the mean with its percentile bootstrap interval (Efron & Tibshirani, 1993).

    Args:
        values: At least one; equal sequences give equal intervals.

    """
    sample = np.asarray(values, dtype=np.float64)
    means = resampled_counts(len(sample)) @ sample / len(sample)
    return estimate(float(sample.mean()), means, len(sample))


def estimate(value: float, resampled: Values, count: int) -> Estimate:
    """Return a measure with the 2.5% and 97.5% percentiles of its resampled values."""
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Estimate(value, float(low), float(high), count)


@lru_cache(maxsize=4)
def resampled_counts(size: int, seed: int = _SEED) -> Values:
    """Return how often each of ``size`` items is in each bootstrap sample.

    Returns:
        float64, (``RESAMPLES``, size); every row sums to ``size``. Kept, since many measures are
        taken of one set of questions: don't write to it.

    """
    random = np.random.default_rng(seed)
    shares = np.full(size, 1 / size)
    return random.multinomial(size, shares, size=RESAMPLES).astype(np.float64)


def randomisation_p(differences: Sequence[float]) -> float:
    """Return the two-sided p of a paired randomisation test on the mean difference.

    Under the null hypothesis either system could have given either value of each pair (Smucker
    et al., A Comparison of Statistical Significance Tests for IR Evaluation, 2007).

    Args:
        differences: One for each question, of the two systems' values.

    Returns:
        The share of random swaps that differ as much as observed, the observed one included;
        1 when nothing differs.

    """
    changed = np.asarray([d for d in differences if d], dtype=np.float64)
    if not len(changed):
        return 1.0
    observed = abs(changed.sum())
    random = np.random.default_rng(_SEED)
    extreme = 0
    rows = max(1, _CHUNK // len(changed))
    for first in range(0, PERMUTATIONS, rows):
        shape = (min(rows, PERMUTATIONS - first), len(changed))
        signs = random.integers(0, 2, size=shape, dtype=np.int8) * 2 - 1
        # Swaps that are equal in truth must not differ by rounding.
        extreme += int(np.count_nonzero(np.abs(signs @ changed) >= observed - 1e-9))
    return (extreme + 1) / (PERMUTATIONS + 1)
