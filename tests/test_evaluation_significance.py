"""Intervals, tests and calibration, against values worked out by hand or by scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from citadel.evaluation.scoring.calibration import Bin, auroc, reliability, risk_coverage
from citadel.evaluation.scoring.significance import (
    Estimate,
    mean_estimate,
    randomisation_p,
    resampled_counts,
)


def test_equal_values_leave_no_doubt() -> None:
    assert mean_estimate([1.0, 1.0, 1.0]) == Estimate(1.0, 1.0, 1.0, 3)


def test_the_interval_of_a_share_is_that_of_the_binomial() -> None:
    found = mean_estimate([1.0] * 60 + [0.0] * 40)
    assert found.value == pytest.approx(0.6)
    # The normal approximation: 0.6 ± 1.96 sqrt(.6 * .4 / 100).
    assert found.low == pytest.approx(0.504, abs=0.015)
    assert found.high == pytest.approx(0.696, abs=0.015)


def test_resamples_are_of_the_same_size() -> None:
    counts = resampled_counts(7)
    assert counts.shape == (1000, 7)
    assert set(counts.sum(axis=1)) == {7.0}


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([], 1.0),
        ([0.0, 0.0], 1.0),
        ([1.0, -1.0], 1.0),
        ([1.0], 1.0),
        # All five signs equal: 2 of 32 swaps.
        ([1.0] * 5 + [0.0] * 100, 2 / 32),
        # Nine against one: 2 * (1 + 10) of 1,024 swaps.
        ([1.0] * 9 + [-1.0], 22 / 1024),
    ],
)
def test_the_randomisation_test(differences: list[float], p: float) -> None:
    assert randomisation_p(differences) == pytest.approx(p, abs=0.006)


def test_auroc_counts_pairs_in_order() -> None:
    found = auroc([0.9, 0.6, 0.4], [0.5, 0.4])
    # Of six pairs four are in order and one is tied.
    assert found.value == pytest.approx(4.5 / 6)
    assert found.low <= found.value <= found.high
    assert found.count == 2


def test_auroc_is_scikit_learns() -> None:
    random = np.random.default_rng(0)
    up, down = random.normal(1, 1, 80), random.normal(0, 1, 60)
    found = auroc(up.tolist(), down.tolist())
    assert found.value == roc_auc_score([1] * 80 + [0] * 60, [*up, *down])
    assert 0.03 < found.high - found.low < 0.25


def test_auroc_of_what_is_told_apart_has_no_width() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2, 0.3]) == Estimate(1.0, 1.0, 1.0, 3)


def test_reliability() -> None:
    found = reliability([0.05, 0.15, 0.15, 1.0], [False, True, False, True])
    assert found.bins == (
        Bin(0.0, 0.1, 1, 0.05, 0.0),
        Bin(0.1, 0.2, 2, 0.15, 0.5),
        Bin(0.9, 1.0, 1, 1.0, 1.0),
    )
    assert found.ece == pytest.approx((0.05 + 2 * 0.35) / 4)
    assert found.brier == pytest.approx((0.05**2 + 0.85**2 + 0.15**2) / 4)


def test_risk_and_coverage() -> None:
    found = risk_coverage([0.9, 0.1, 0.5, 0.7], [True, False, True, False])
    assert found.coverage == (0.25, 0.5, 0.75, 1.0)
    assert found.risk == pytest.approx((0.0, 1 / 2, 1 / 3, 1 / 2))
    assert found.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert found.best_area == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)


def test_the_order_of_equal_confidences_means_nothing() -> None:
    one = risk_coverage([0.5, 0.5], [True, False])
    other = risk_coverage([0.5, 0.5], [False, True])
    assert one == other
    assert one.risk == (0.5, 0.5)
