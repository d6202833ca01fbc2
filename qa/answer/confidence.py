"""How probable it is that the sources answer.

A logistic model says whether the question is about what the collection is about. Two boosted
forests then say how probable it is that the collection answers, and that the sentence that is
quoted first does: “answered” is a promise about that sentence. Where the reader has read, logistic
models put its log-odds together with those of the forests (stacking, Wolpert 1992); where it has
not, Platt scaling makes a calibrated confidence of the first forest (Platt 1999).
``python -m evaluation fit confidence`` writes confidence.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from citadel.index.retrieval.signals import Evidence, ReadingSignals, Signals, Topic
from citadel.qa.answer.answers import Status
from citadel.qa.answer.forest import Forest

HEADER_CONFIDENCE = 0.95
"""The probability that a question recognised as one about the source is answered by its header."""

_TRUST_IN_WORDS = 0.5
_LEAST_BY_WORDS = 0.15
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A logistic regression over numbers that have names."""

    weights: Mapping[str, float]
    bias: float

    def probability(self, values: Mapping[str, float]) -> float:
        """Return a probability, 0 to 1."""
        return logistic(self.bias + sum(w * values[name] for name, w in self.weights.items()))


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The thresholds of each status.

    Attributes:
        topic: Below this probability of the topic nothing is quoted.
        possible: Nor below this confidence.
        answered: From this probability that the first sentence answers, the question counts as
            answered.

    """

    topic: float
    possible: float
    answered: float


@dataclass(frozen=True, slots=True)
class ReadingModel:
    """How a forest's log-odds and the reader's judgement are combined.

    Attributes:
        answers: Does the collection answer? Over ``read_values`` of the forest of that name.
        right: Does the sentence that is quoted first answer? Likewise.
        points: From where on what is said.

    """

    answers: LogisticModel
    right: LogisticModel
    points: OperatingPoint


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the best passages are judged.

    Attributes:
        confidence: The probability that the sources answer the question, 0 to 1.
        status: What may be said at that.

    """

    confidence: float
    status: Status


@dataclass(frozen=True, slots=True)
class Probabilities:
    """What the models predict for a question, before a status is chosen.

    Attributes:
        on_topic: Whether the question is about what the collection is about.
        answers: The probability that the collection answers it, 0 to 1.
        right: The probability that the sentence that is quoted first answers it, 0 to 1.
        points: From where on what is said.

    """

    on_topic: bool
    answers: float
    right: float
    points: OperatingPoint

    def judgement(self) -> Judgement:
        """Return how probable an answer is, and what may be said."""
        if not self.on_topic:
            # A question about something else is not found, whatever the confidence.
            return Judgement(min(self.answers, self.points.possible / 2), Status.NOT_FOUND)
        if self.answers < self.points.possible:
            return Judgement(self.answers, Status.NOT_FOUND)
        answered = self.right >= self.points.answered
        return Judgement(self.answers, Status.ANSWERED if answered else Status.POSSIBLE)


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """The fitted models, their calibration, and the operating points.

    Attributes:
        topic: Is the question about what the collection is about?
        answers: Does the collection answer it?
        right: Does the sentence that is quoted first answer it?
        slope: Of the logit of ``answers``, in the calibrated logit.
        bias: Added to it.
        points: From where on what is said.
        reading: What replaces them where the reader has read.

    """

    topic: LogisticModel
    answers: Forest
    right: Forest
    slope: float
    bias: float
    points: OperatingPoint
    reading: ReadingModel

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> ConfidenceModel:
        """Take the models from the form that confidence.json has."""
        return cls(
            topic=LogisticModel(**data["topic"]),
            answers=Forest.of(data["answers"]),
            right=Forest.of(data["right"]),
            slope=data["calibration"]["slope"],
            bias=data["calibration"]["bias"],
            points=OperatingPoint(**data["thresholds"]),
            reading=ReadingModel(
                LogisticModel(**data["reading"]["answers"]),
                LogisticModel(**data["reading"]["right"]),
                OperatingPoint(**data["reading"]["thresholds"]),
            ),
        )

    def judge(self, signals: Signals) -> Judgement:
        """Return how probable an answer is, and what may be said."""
        return self.probabilities(signals).judgement()

    def probabilities(self, signals: Signals) -> Probabilities:
        """Return what the models predict from the signals."""
        named = named_signals(signals)
        answers, right = self.answers.probability(named), self.right.probability(named)
        points = self.points
        if signals.reading is None:
            confidence = self.calibrated(answers)
        else:
            points = self.reading.points
            confidence = self.reading.answers.probability(read_values(signals, answers))
            right = self.reading.right.probability(read_values(signals, right))
        on_topic = self.topic.probability(topic_values(signals)) >= points.topic
        return Probabilities(on_topic, confidence, right, points)

    def calibrated(self, probability: float) -> float:
        """Return the confidence that belongs to a probability of ``answers``."""
        return logistic(self.slope * logit(probability) + self.bias)


def named_signals(signals: Signals) -> dict[str, float]:
    """Return what the forests look at by name; signals of the topic begin with “topic_”."""
    topic = {f"topic_{name}": value for name, value in topic_values(signals).items()}
    return topic | {field.name: getattr(signals.evidence, field.name) for field in fields(Evidence)}


def topic_values(signals: Signals) -> dict[str, float]:
    """Return the signals of the topic by name."""
    return {field.name: getattr(signals.topic, field.name) for field in fields(Topic)}


_MARGINS = ("rank_margin", "rank_lead", "rank_crowd")


def read_values(signals: Signals, forest: float) -> dict[str, float]:
    """Return what the models of the reading look at, by name.

    Args:
        signals: With a reading.
        forest: The probability that the forest gives.

    """
    return {
        "forest": logit(forest),
        **{name: getattr(signals.evidence, name) for name in _MARGINS},
        **{field.name: getattr(signals.reading, field.name) for field in fields(ReadingSignals)},
    }


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


def logistic(log_odds: float) -> float:
    """Return the probability that has the given log-odds."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return 1 - 1 / (1 + math.exp(log_odds))


def logit(probability: float) -> float:
    """Return the log-odds of a probability; those of 0 and 1 are finite, too."""
    bounded = min(max(probability, _SMALLEST), 1 - _SMALLEST)
    return math.log(bounded / (1 - bounded))
