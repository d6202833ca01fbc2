"""How probable it is that the sources answer a question in another language than theirs.

Two logistic models, over how much nearer the best sentences are to the question than unrelated
sentences, and how far the best one is ahead: whether the collection answers, and whether the
sentence that is quoted first does. ``python -m evaluation fit languages`` writes
across_languages.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from citadel.index.retrieval.signals import Signals
from citadel.qa.answer.answers import Status
from citadel.qa.answer.confidence import Judgement, LogisticModel, named_signals

SIGNALS = (
    "topic_late_best",
    "topic_late_tenth",
    "topic_cosine_best",
    "topic_cosine_tenth",
    "late_first",
    "cosine",
    "rank_margin",
    "rank_lead",
)
"""What the models look at; see ``named_signals``."""


@dataclass(frozen=True, slots=True)
class ConfidenceAcrossLanguages:
    """The fitted models and the operating points.

    Attributes:
        answers: Does the collection answer the question?
        right: Does the sentence that is quoted first answer it?
        least_possible: Below this probability of ``answers`` nothing is quoted.
        least_answered: From this probability of ``right`` on the question counts as answered.

    """

    answers: LogisticModel
    right: LogisticModel
    least_possible: float
    least_answered: float

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> ConfidenceAcrossLanguages:
        """Take the models from the form that across_languages.json has."""
        return cls(
            LogisticModel(**data["answers"]),
            LogisticModel(**data["right"]),
            data["thresholds"]["possible"],
            data["thresholds"]["answered"],
        )

    def judge(self, signals: Signals) -> Judgement:
        """Return how probable an answer is, and what may be said."""
        named = signals_across_languages(signals)
        confidence = self.answers.probability(named)
        if confidence < self.least_possible:
            return Judgement(confidence, Status.NOT_FOUND)
        answered = self.right.probability(named) >= self.least_answered
        return Judgement(confidence, Status.ANSWERED if answered else Status.POSSIBLE)


def signals_across_languages(signals: Signals) -> dict[str, float]:
    """Return what the models look at, by name."""
    named = named_signals(signals)
    return {name: named[name] for name in SIGNALS}


@cache
def _fitted() -> ConfidenceAcrossLanguages:
    return ConfidenceAcrossLanguages.of(
        json.loads(files("citadel.qa.answer").joinpath("across_languages.json").read_text("utf-8"))
    )


def judge_across_languages(signals: Signals) -> Judgement:
    """Judge a question in another language than the articles by the fitted models."""
    return _fitted().judge(signals)
