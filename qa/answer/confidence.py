"""How probable it is that the sources answer.

A logistic model says whether the question is about what the collection is about. Two boosted
forests then say how probable it is that the collection answers, and that the sentence that is
quoted first does: “answered” is a promise about that sentence. Platt scaling makes the first a
calibrated confidence (Platt 1999). ``python -m evaluation fit confidence`` writes confidence.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from citadel.index.retrieval.signals import Evidence, Signals, Topic
from citadel.qa.answer.answers import Status
from citadel.qa.answer.forest import Forest

HEADER_CONFIDENCE = 0.95
"""That a question recognised as one about the source is one, and its header answers it."""

_TRUST_IN_WORDS = 0.5
_LEAST_BY_WORDS = 0.15
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A logistic regression over the signals of the topic."""

    weights: Mapping[str, float]
    bias: float

    def probability(self, signals: Topic) -> float:
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
        answers: Does the collection answer it?
        right: Does the sentence that is quoted first answer it?
        slope: Of the logit of ``answers``, in the calibrated logit.
        bias: Added to it.
        least_topic: Below this probability of the topic nothing is quoted.
        least_possible: Nor below this confidence.
        least_answered: From this probability of ``right`` on the question counts as answered.

    """

    topic: LogisticModel
    answers: Forest
    right: Forest
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
            answers=Forest.of(data["answers"]),
            right=Forest.of(data["right"]),
            slope=data["calibration"]["slope"],
            bias=data["calibration"]["bias"],
            least_topic=data["thresholds"]["topic"],
            least_possible=data["thresholds"]["possible"],
            least_answered=data["thresholds"]["answered"],
        )

    def judge(self, signals: Signals) -> Judgement:
        """Return how probable an answer is, and what may be said."""
        named = named_signals(signals)
        confidence = self.calibrated(self.answers.probability(named))
        if self.topic.probability(signals.topic) < self.least_topic:
            # What is about something else is not found, and no confidence says otherwise.
            return Judgement(min(confidence, self.least_possible / 2), Status.NOT_FOUND)
        if confidence < self.least_possible:
            return Judgement(confidence, Status.NOT_FOUND)
        answered = self.right.probability(named) >= self.least_answered
        return Judgement(confidence, Status.ANSWERED if answered else Status.POSSIBLE)

    def calibrated(self, probability: float) -> float:
        """Return the confidence that belongs to a probability of ``answers``."""
        bounded = min(max(probability, _SMALLEST), 1 - _SMALLEST)
        return _logistic(self.slope * math.log(bounded / (1 - bounded)) + self.bias)


def named_signals(signals: Signals) -> dict[str, float]:
    """Return all signals by name; those of the topic begin with “topic_”."""
    topic = {f"topic_{field.name}": getattr(signals.topic, field.name) for field in fields(Topic)}
    evidence = {field.name: getattr(signals.evidence, field.name) for field in fields(Evidence)}
    return topic | evidence


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
