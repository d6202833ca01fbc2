"""Fits a line in the logit to what came true of a probability, and measures it on what is left out.

Few labels move a line little: see ``fit_line``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from citadel.evaluation.fitting.folds import Grouped, folds_of
from citadel.qa.answer.calibration import AS_FITTED, LogitLine
from citadel.qa.answer.confidence import logit

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LEAST_OF_EACH = 5
"""A line is fitted to at least this many labels that came true, and that did not."""

_SLOPE_SPREAD = 0.5
"""How far the logarithm of the slope is expected to lie from 0: two in three slopes .6 to 1.6."""

_BIAS_SPREAD = 1.0
"""How far the bias is expected to lie from 0: two in three odds a third to three times as high."""

_DIGITS = 4
_SEED = 0


@dataclass(frozen=True, slots=True)
class Refined:
    """One of the two probabilities, as it is fitted and with a line.

    Attributes:
        about: What it is the probability of.
        truths: bool, (labels,): what came true.
        before: float64, (labels,): as fitted.
        after: float64, (labels,): moved by lines that were fitted without the label's group.
        line: Fitted to all labels.

    """

    about: str
    truths: Bools
    before: Floats
    after: Floats
    line: LogitLine

    @property
    def is_better(self) -> bool:
        """Whether the Brier score of groups left out is lower with a line."""
        before, after = (
            float(np.mean((each - self.truths) ** 2)) for each in (self.before, self.after)
        )
        return are_enough(self.truths) and after < before

    @property
    def better(self) -> LogitLine:
        """The line, if it makes the probability better; else the one that changes nothing."""
        return self.line if self.is_better else AS_FITTED


def fit_line(probabilities: Floats, truths: Bools) -> LogitLine:
    """Return the line that moves probabilities nearest to what came true.

    The log-likelihood of the labels is weighed against how far the line is from the one that
    changes nothing, as if that was the best guess before any label: the logarithm of the slope and
    the bias are normal around 0, with deviations of a half and of 1. A model is best updated by few
    cases in few numbers, and these shrunken (Steyerberg et al. 2004, doi:10.1002/sim.1844). The
    deviations are a judgement: collections whose questions are answered for .84 or for .6 of them
    are a bias of 1.25 apart. With hundreds of labels they count for nothing. As the slope is that
    of a logarithm, it is never below 0, and the order of answers is kept.

    Args:
        probabilities: float64, (labels,).
        truths: bool, (labels,).

    """
    logits = _logits(probabilities)
    signs = np.where(truths, 1.0, -1.0)

    def cost(point: Floats) -> tuple[float, Floats]:
        log_slope, bias = point
        stretched = np.exp(log_slope) * logits
        margins = signs * (stretched + bias)
        pulls = -signs * expit(-margins)
        far = point / np.square([_SLOPE_SPREAD, _BIAS_SPREAD])
        value = float(np.logaddexp(0, -margins).sum() + far @ point / 2)
        return value, np.array([pulls @ stretched, pulls.sum()]) + far

    log_slope, bias = minimize(cost, np.zeros(2), jac=True, method="BFGS").x
    # Adding 0 makes a plain 0 of one below it.
    return LogitLine(round(float(np.exp(log_slope)), _DIGITS), round(float(bias), _DIGITS) + 0.0)


def refined(
    about: str, labels: Sequence[Grouped], probabilities: Sequence[float], truths: Bools
) -> Refined:
    """Fit a line to a probability, and move each label's by lines that its group is no part of.

    Args:
        about: What it is the probability of.
        labels: What was asked.
        probabilities: One of each, as fitted.
        truths: bool, (labels,): what came true.

    """
    before = np.array(probabilities)
    after = before.copy()
    fold = folds_of(labels, _SEED)
    for number in np.unique(fold):
        unseen = fold == number
        if not unseen.all():
            after[unseen] = _moved(fit_line(before[~unseen], truths[~unseen]), before[unseen])
    return Refined(about, truths, before, after, fit_line(before, truths))


def are_enough(truths: Bools) -> bool:
    """Return whether there is enough of what came true, and of what did not."""
    return min(int(truths.sum()), int((~truths).sum())) >= LEAST_OF_EACH


def _moved(line: LogitLine, probabilities: Floats) -> Floats:
    return np.array([line.moved(each) for each in probabilities.tolist()])


def _logits(probabilities: Floats) -> Floats:
    return np.array([logit(each) for each in probabilities.tolist()])
