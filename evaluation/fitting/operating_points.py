"""Chooses the thresholds of each status, so that little is lost and little is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from citadel.evaluation.fitting.confidence_rows import ConfidenceRow, Setting
from citadel.qa.answer.confidence import OperatingPoint

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How the operating point is chosen.

    Attributes:
        lost_by_topic: The share of answerable questions that the topic may refuse.
        lost: The share of them that may be refused in all.
        risk: Of what counts as answered, the share whose first sentence may not answer …
        certainty: … with this confidence (Clopper & Pearson 1934).

    """

    lost_by_topic: float = 0.05
    lost: float = 0.06
    risk: float = 0.15
    certainty: float = 0.5


READ_THRESHOLDS = Thresholds(lost_by_topic=0.02, lost=0.06, risk=0.10)
"""Where the reader has read, “answered” is wrong for one in ten at most."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What cross-validated models predict for every row.

    Attributes:
        topic: float64, (rows,): the probability of the topic.
        answers: float64, (rows,): the probability that the collection answers, uncalibrated.
        right: float64, (rows,): the probability that the first sentence answers.
        confidence: float64, (rows,): ``answers``, calibrated.

    """

    topic: Floats
    answers: Floats
    right: Floats
    confidence: Floats


def choose_points(
    rows: Sequence[ConfidenceRow], judged: Judged, chosen: Thresholds
) -> OperatingPoint:
    """Choose the thresholds of each status, by what people asked of whole collections."""
    own = np.array([row.setting is Setting.QUESTION_SET for row in rows])
    if not own.any():
        own[:] = True
    right = np.array([row.right for row in rows])
    answerable = np.array([row.answerable for row in rows])
    topic = float(np.quantile(judged.topic[own & answerable], chosen.lost_by_topic))
    possible = float(np.quantile(judged.confidence[own & answerable], chosen.lost))
    passed = own & (judged.topic >= topic) & (judged.confidence >= possible)
    answered = least_at_risk(judged.right[passed], ~right[passed], chosen.risk, chosen.certainty)
    return OperatingPoint(topic, possible, answered)


def least_at_risk(
    confidences: Floats, wrong: npt.NDArray[np.bool_], risk: float, certainty: float
) -> float:
    """Return the lowest confidence from which on the risk is bounded; 1 where it never is.

    Args:
        confidences: float64, (questions,).
        wrong: bool, (questions,): which should not be answered.
        risk: The share of wrong ones among those of at least that confidence …
        certainty: … that is not exceeded, with this probability (Clopper & Pearson 1934).

    """
    order = np.argsort(-confidences, kind="stable")
    errors = np.cumsum(wrong[order])
    answered = np.arange(1, len(order) + 1)
    bound = beta.ppf(certainty, errors + 1, np.maximum(answered - errors, 1e-9))
    within = np.flatnonzero(bound <= risk)
    return float(confidences[order[within[-1]]]) if len(within) else 1.0
