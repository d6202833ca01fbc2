"""A probability is made of the signals as described, and the fitted models make sense."""

import json
import math
from dataclasses import fields, replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.retrieval.signals import Evidence, ReadingSignals, Signals, Topic
from citadel.qa.answer.answers import Status
from citadel.qa.answer.confidence import (
    ConfidenceModel,
    LogisticModel,
    OperatingPoint,
    ReadingModel,
    fitted_confidence,
    named_signals,
    topic_values,
)
from citadel.qa.answer.forest import Forest, Tree

FITTED = json.loads(files("citadel.qa.answer").joinpath("confidence.json").read_text("utf-8"))
TOPIC_NAMES = {field.name for field in fields(Topic)}
EVIDENCE_NAMES = {field.name for field in fields(Evidence)}

TOPIC = Topic(late_best=0.4, late_tenth=0.2, cosine_best=0.5, cosine_tenth=0.3)
EVIDENCE = Evidence(
    late_best=0.7, passage_margin=0.1, missing_names=0, coverage=0.5, cosine=0.6, type_missing=0
)


def leaves(*values: float) -> list[list[Any]]:
    return [["", 0.0, 0, 0, value] for value in values]


SIMPLE = ConfidenceModel(
    topic=LogisticModel({"late_best": 2.0, "cosine_tenth": -1.0}, 0.5),
    answers=Forest(0.25, (Tree.of([["coverage", 0.4, 1, 2, 0.0], *leaves(-1.0, 0.5)]),)),
    right=Forest(-0.5, (Tree.of([["topic_late_best", 0.4, 1, 2, 0.0], *leaves(1.0, 3.0)]),)),
    slope=0.5,
    bias=0.25,
    points=OperatingPoint(topic=0.5, possible=0.4, answered=0.6),
    reading=ReadingModel(
        answers=LogisticModel({"forest": 2.0, "every": 1.0}, -0.5),
        right=LogisticModel({"forest": 1.0, "first": 0.5, "rank_margin": 1.0}, 0.0),
        points=OperatingPoint(topic=0.2, possible=0.3, answered=0.7),
    ),
)
READING = ReadingSignals(first=1.0, first_span=-2.0, every=1.5, best_span=-1.0)

SHARES = st.floats(-1, 1)
SIGNALS = st.builds(
    Signals,
    st.builds(Topic, SHARES, SHARES, SHARES, SHARES),
    st.builds(
        Evidence, SHARES, SHARES, st.integers(0, 60).map(float), st.floats(0, 1), SHARES,
        st.sampled_from([0.0, 1.0]),
    ),
)  # fmt: skip


NOT_READ = Signals(TOPIC, EVIDENCE)


def sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def test_the_file_names_exactly_the_signals() -> None:
    assert set(FITTED) == {
        *("topic", "answers", "right", "calibration", "thresholds", "reading", "fitted")
    }
    assert set(FITTED["topic"]) == {"weights", "bias"}
    assert set(FITTED["topic"]["weights"]) == TOPIC_NAMES
    known = EVIDENCE_NAMES | {f"topic_{name}" for name in TOPIC_NAMES} | {""}
    for name in ("answers", "right"):
        assert set(FITTED[name]) == {"baseline", "trees"}
        assert {node[0] for tree in FITTED[name]["trees"] for node in tree} <= known
    assert set(FITTED["calibration"]) == {"slope", "bias"}
    assert set(FITTED["thresholds"]) == {"topic", "possible", "answered"}
    read = FITTED["reading"]
    assert set(read) == {"answers", "right", "thresholds"}
    assert set(read["thresholds"]) == {"topic", "possible", "answered"}
    names = {field.name for field in fields(ReadingSignals)}
    names |= {"forest", "rank_margin", "rank_lead", "rank_crowd"}
    assert set(read["answers"]["weights"]) == set(read["right"]["weights"]) == names


def test_the_fitted_models() -> None:
    model = fitted_confidence()
    assert model == ConfidenceModel.of(FITTED)
    assert model.slope > 0
    for points in (model.points, model.reading.points):
        assert 0 < points.possible < 1
        assert 0 < points.answered < 1
        assert 0 < points.topic < 1
    for read in (model.reading.answers, model.reading.right):
        assert read.weights["forest"] > 0
        assert read.weights["every"] > 0


def test_a_logistic_model() -> None:
    assert SIMPLE.topic.probability(topic_values(NOT_READ)) == pytest.approx(
        sigmoid(0.8 - 0.3 + 0.5)
    )
    assert LogisticModel({}, 0.0).probability({}) == 0.5
    for bias, probability in ((1000.0, 1.0), (-1000.0, 0.0)):
        assert LogisticModel({}, bias).probability({}) == probability


def test_calibration() -> None:
    expected = sigmoid(0.5 * (0.25 + 0.5) + 0.25)
    assert SIMPLE.judge(Signals(TOPIC, EVIDENCE)).confidence == pytest.approx(expected)
    assert SIMPLE.calibrated(0.5) == pytest.approx(sigmoid(0.25))
    assert SIMPLE.calibrated(0.0) == SIMPLE.calibrated(1e-6) > 0
    assert SIMPLE.calibrated(1.0) == SIMPLE.calibrated(1 - 1e-6) < 1


@given(st.floats(0, 1), st.floats(0, 1))
def test_calibration_keeps_the_order(one: float, other: float) -> None:
    for model in (SIMPLE, fitted_confidence()):
        low, high = (model.calibrated(product) for product in sorted((one, other)))
        assert 0 < low <= high < 1


@pytest.mark.parametrize(
    ("topic", "possible", "answered", "status"),
    [
        (0.0, 0.0, 0.0, Status.ANSWERED),
        (1.0, 0.0, 0.0, Status.NOT_FOUND),
        (0.0, 1.0, 0.0, Status.NOT_FOUND),
        (0.0, 0.0, 1.0, Status.POSSIBLE),
    ],
)
def test_statuses(topic: float, possible: float, answered: float, status: Status) -> None:
    model = replace(SIMPLE, points=OperatingPoint(topic, possible, answered))
    judgement = model.judge(Signals(TOPIC, EVIDENCE))
    assert judgement.status is status
    off_topic = topic > SIMPLE.topic.probability(topic_values(NOT_READ))
    confidence = SIMPLE.judge(Signals(TOPIC, EVIDENCE)).confidence
    assert judgement.confidence == (min(confidence, possible / 2) if off_topic else confidence)


def test_a_threshold_itself_is_enough() -> None:
    signals = Signals(TOPIC, EVIDENCE)
    confidence = SIMPLE.judge(signals).confidence
    points = OperatingPoint(
        SIMPLE.topic.probability(topic_values(signals)),
        confidence,
        SIMPLE.right.probability(named_signals(signals)),
    )
    assert replace(SIMPLE, points=points).judge(signals).status is Status.ANSWERED
    for name, status in (
        ("answered", Status.POSSIBLE),
        ("possible", Status.NOT_FOUND),
        ("topic", Status.NOT_FOUND),
    ):
        above = replace(points, **{name: math.nextafter(getattr(points, name), 1)})
        assert replace(SIMPLE, points=above).judge(signals).status is status


def test_forests_and_reader_are_put_together() -> None:
    judgement = SIMPLE.judge(Signals(TOPIC, replace(EVIDENCE, rank_margin=0.5), READING))
    assert judgement.confidence == pytest.approx(sigmoid(2 * 0.75 + 1.5 - 0.5))
    # The forest of the first sentence gives 0.5, the reader 0.5 and the margin 0.5 more.
    assert judgement.status is Status.ANSWERED
    without = replace(READING, first=-1.0)
    judgement = SIMPLE.judge(Signals(TOPIC, replace(EVIDENCE, rank_margin=0.5), without))
    assert judgement.status is Status.POSSIBLE


def test_what_is_read_has_points_of_its_own() -> None:
    signals = Signals(TOPIC, EVIDENCE, replace(READING, every=-2.0))
    judgement = SIMPLE.judge(signals)
    assert judgement.confidence == pytest.approx(sigmoid(2 * 0.75 - 2.0 - 0.5))
    assert judgement.status is Status.NOT_FOUND
    lower = replace(SIMPLE.reading, points=OperatingPoint(0.2, 0.2, 0.9))
    assert replace(SIMPLE, reading=lower).judge(signals).status is Status.POSSIBLE
