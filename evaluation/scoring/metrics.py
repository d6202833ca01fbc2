"""Summarises a result: each measure by kind of question and in all, with its interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from citadel.evaluation.scoring.calibration import (
    Reliability,
    RiskCoverage,
    auroc,
    reliability,
    risk_coverage,
)
from citadel.evaluation.scoring.results import JudgedQuestion, Result, Values
from citadel.evaluation.scoring.significance import Estimate, mean_estimate
from citadel.qa.answer.answers import Status

MEASURES = (
    "hit@1",
    "hit@3",
    "hit@5",
    "MRR@10",
    "nDCG@10",
    "sentence@1",
    "sentence@3",
    "ranked sentence@1",
    "ranked sentence@3",
    "answered",
    "refused",
)
"""Every measure of one question, in the order of the tables; 0 to 1, higher is better."""

_RIGHT = ("ranked sentence@3", "sentence@3", "hit@3")
"""What makes an answer right: the first of these that was measured."""

Estimates = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds in which half and 99% of the questions were answered."""

    p50: float
    p99: float
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that a report contains.

    Attributes:
        kinds: The measures of the questions of each kind, in the order of the data set.
        overall: The measures of all questions.
        statuses: How many questions of each kind, and of all, got which status.
        auroc: How well the confidence separates answerable questions from those of each kind of
            unanswerable one, and from all of them.
        answerable: Is the confidence the probability that the sources answer?
        right: Is it the probability that the quotes answer?
        risk_coverage: What answering more questions costs in wrong answers; None for no answers.
        followups: The measures of follow-ups: with their history, without it, and rewritten.
        latency: How long answers took.

    """

    kinds: Mapping[str, Estimates]
    overall: Estimates
    statuses: Mapping[str, Mapping[Status, int]]
    auroc: Estimates
    answerable: Reliability
    right: Reliability
    risk_coverage: RiskCoverage
    followups: Mapping[str, Estimates]
    latency: Latency


ALL = "all"


def summarise(result: Result) -> Summary:
    """Compute every table of a result."""
    questions = result.questions
    kinds = {kind: [q for q in questions if q.kind == kind] for kind in _kinds(questions)}
    confidences = [question.confidence for question in questions]
    right = [is_right(question) for question in questions]
    return Summary(
        kinds={kind: _estimates(q.values for q in group) for kind, group in kinds.items()},
        overall=_estimates(question.values for question in questions),
        statuses={
            kind: {status: sum(q.status is status for q in group) for status in Status}
            for kind, group in {**kinds, ALL: list(questions)}.items()
        },
        auroc=_auroc_by_kind(questions),
        answerable=reliability(confidences, [question.answerable for question in questions]),
        right=reliability(confidences, right),
        risk_coverage=risk_coverage(confidences, right),
        followups=_followups(questions),
        latency=_latency(questions),
    )


def is_right(question: JudgedQuestion) -> bool:
    """Return whether the best three sentences answer, or without sentences the passages."""
    measured = next((name for name in _RIGHT if name in question.values), None)
    return measured is not None and question.values[measured] > 0


def is_misled(question: JudgedQuestion) -> bool:
    """Return whether an answer is called one although its first sentence does not answer."""
    return question.status is Status.ANSWERED and question.values.get("sentence@1") != 1


def _kinds(questions: Sequence[JudgedQuestion]) -> list[str]:
    return list(dict.fromkeys(question.kind for question in questions))


def _estimates(rows: Iterable[Values]) -> dict[str, Estimate]:
    """Return the mean of each measure over the questions that it applies to."""
    table = list(rows)
    estimates = {}
    for name in MEASURES:
        values = [row[name] for row in table if name in row]
        if values:
            estimates[name] = mean_estimate(values)
    return estimates


def _auroc_by_kind(questions: Sequence[JudgedQuestion]) -> dict[str, Estimate]:
    positives = [q.confidence for q in questions if q.answerable]
    unanswerable = [question for question in questions if not question.answerable]
    if not positives or not unanswerable:
        return {}
    groups = {
        kind: [q.confidence for q in unanswerable if q.kind == kind]
        for kind in _kinds(unanswerable)
    }
    groups[ALL] = [question.confidence for question in unanswerable]
    return {kind: auroc(positives, negatives) for kind, negatives in groups.items()}


def _followups(questions: Sequence[JudgedQuestion]) -> dict[str, dict[str, Estimate]]:
    variants: dict[str, Callable[[JudgedQuestion], Values]] = {
        "with history": lambda question: question.values,
        "without history": lambda question: question.without_history,
        "rewritten by a person": lambda question: question.rewritten,
    }
    asked_twice = [q for q in questions if q.history and q.without_history]
    tables = {
        name: _estimates(values for values in map(of, asked_twice) if values)
        for name, of in variants.items()
    }
    return {name: estimates for name, estimates in tables.items() if estimates}


def _latency(questions: Sequence[JudgedQuestion]) -> Latency:
    times = [question.elapsed_ms for question in questions if not question.error]
    if not times:
        return Latency(0.0, 0.0, 0)
    p50, p99 = np.percentile(times, [50, 99])
    return Latency(float(p50), float(p99), len(times))
