"""How probable it is that the sources answer.

Logistic models of few parameters: whether the question is about what the collection is about, and
whether the best passage then answers it. Platt scaling makes a probability of their product (Platt
1999). “Answered” is a promise about the first sentence that is quoted; so a third model says how
probable it is that this one answers. ``python -m evaluation fit`` writes confidence.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from citadel.index.retrieval.signals import Evidence, Signals, Topic
from citadel.qa.answer.answers import Status

HEADER_CONFIDENCE = 0.95
"""That a question recognised as one about the source is one, and its header answers it."""

_TRUST_IN_WORDS = 0.5
_LEAST_BY_WORDS = 0.15
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A logistic regression over named signals."""

    weights: Mapping[str, float]
    bias: float

    def probability(self, signals: Topic | Evidence) -> float:
        """Return a probability, 0 to 1."""
        return _logistic(
            self.bias + sum(w * getattr(signals, name) for name, w in self.weights.items())
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is thought of the best passages.

    Attributes:
        confidence: The probability that the sources answer the question, 0 to 1.
        status: What may be said at that.

    """

    confidence: float
    status: Status


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """The fitted models, their calibration, and the operating points.

    Attributes:
        topic: Is the question about what the collection is about?
        evidence: If it is, does the collection answer it?
        right: If it is, does the sentence that is quoted first answer it?
        slope: Of the logit of their product, in the calibrated logit.
        bias: Added to it.
        least_topic: Below this probability of the topic nothing is quoted.
        least_possible: Nor below this confidence.
        least_answered: From this probability of topic and right on the question counts as answered.

    """

    topic: LogisticModel
    evidence: LogisticModel
    right: LogisticModel
    slope: float
    bias: float
    least_topic: float
    least_possible: float
    least_answered: float

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> ConfidenceModel:
        """Take the models from the form that confidence.json has."""
        return cls(
            topic=LogisticModel(**data["topic"]),
            evidence=LogisticModel(**data["evidence"]),
            right=LogisticModel(**data["right"]),
            slope=data["calibration"]["slope"],
            bias=data["calibration"]["bias"],
            least_topic=data["thresholds"]["topic"],
            least_possible=data["thresholds"]["possible"],
            least_answered=data["thresholds"]["answered"],
        )

    def judge(self, signals: Signals) -> Judgement:
        """Return how probable an answer is, and what may be said."""
        topic = self.topic.probability(signals.topic)
        confidence = self.calibrated(topic * self.evidence.probability(signals.evidence))
        if topic < self.least_topic or confidence < self.least_possible:
            return Judgement(confidence, Status.NOT_FOUND)
        answered = topic * self.right.probability(signals.evidence) >= self.least_answered
        return Judgement(confidence, Status.ANSWERED if answered else Status.POSSIBLE)

    def calibrated(self, product: float) -> float:
        """Return the probability that belongs to a product of the two models."""
        bounded = min(max(product, _SMALLEST), 1 - _SMALLEST)
        return _logistic(self.slope * math.log(bounded / (1 - bounded)) + self.bias)


@cache
def fitted_confidence() -> ConfidenceModel:
    """Return the models that come with Citadel."""
    return ConfidenceModel.of(
        json.loads(files("citadel.qa.answer").joinpath("confidence.json").read_text("utf-8"))
    )


def judge_by_words(signals: Signals) -> Judgement:
    """Judge a question that the model does not read: by its words, and never as answered.

    Not fitted: there are too few such questions. Half of the weighted share of the words that the
    best sentence has is an honest guess on the development questions.
    """
    confidence = max(_TRUST_IN_WORDS * signals.evidence.late_best, 0.0)
    found = confidence >= _LEAST_BY_WORDS
    return Judgement(confidence, Status.POSSIBLE if found else Status.NOT_FOUND)


def judge_together(judgements: Sequence[Judgement]) -> Judgement:
    """Judge the parts of a question together: answered if all are, possible if any may be."""
    statuses = {judgement.status for judgement in judgements}
    status = statuses.pop() if len(statuses) == 1 else Status.POSSIBLE
    return Judgement(min(judgement.confidence for judgement in judgements), status)


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else 1 - 1 / (1 + math.exp(logit))
