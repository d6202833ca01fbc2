"""Fits logistic regressions over scaled numbers, and takes them from scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from citadel.qa.answer.confidence import LogisticModel

Floats = npt.NDArray[np.float64]

_PENALTY = 0.5
_STEPS = 2000


def logistic_fit(
    columns: Floats,
    truth: npt.NDArray[np.bool_],
    counts: Floats | None = None,
    penalty: float = _PENALTY,
) -> Pipeline:
    """Fit a regression after scaling each column to mean 0 and deviation 1.

    Args:
        columns: float64, (rows, columns).
        truth: bool, (rows,).
        counts: float64, (rows,): what each row counts; None for the same.
        penalty: The inverse of the regularisation's strength.

    """
    regression = LogisticRegression(C=penalty, max_iter=_STEPS)
    return make_pipeline(StandardScaler(), regression).fit(
        columns, truth, logisticregression__sample_weight=counts
    )


def logistic_model(fitted: Pipeline, names: Sequence[str]) -> LogisticModel:
    """Take a logistic model over scaled numbers from scikit-learn.

    Args:
        fitted: A scaler and a logistic regression.
        names: Of the numbers, in the order of the columns that it was fitted to.

    """
    scaler, regression = (step for _, step in fitted.steps)
    weights = regression.coef_[0] / scaler.scale_
    return LogisticModel(
        dict(zip(names, weights.tolist(), strict=True)),
        float(regression.intercept_[0] - weights @ scaler.mean_),
    )
