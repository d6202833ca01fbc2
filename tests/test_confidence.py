"""A probability is made of the signals as described, and the fitted models make sense."""

import json
import math
from dataclasses import fields, replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.retrieval.signals import Evidence, Signals, Topic
from citadel.qa.answer.answers import Status
from citadel.qa.answer.confidence import (
    ConfidenceModel,
    LogisticModel,
    fitted_confidence,
    named_signals,
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
    least_topic=0.5,
    least_possible=0.4,
    least_answered=0.6,
)

SHARES = st.floats(-1, 1)
SIGNALS = st.builds(
    Signals,
    st.builds(Topic, SHARES, SHARES, SHARES, SHARES),
    st.builds(
        Evidence, SHARES, SHARES, st.integers(0, 60).map(float), st.floats(0, 1), SHARES,
        st.sampled_from([0.0, 1.0]),
    ),
)  # fmt: skip


def sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def test_the_file_names_exactly_the_signals() -> None:
    assert set(FITTED) == {"topic", "answers", "right", "calibration", "thresholds", "fitted"}
    assert set(FITTED["topic"]) == {"weights", "bias"}
    assert set(FITTED["topic"]["weights"]) == TOPIC_NAMES
    known = EVIDENCE_NAMES | {f"topic_{name}" for name in TOPIC_NAMES} | {""}
    for name in ("answers", "right"):
        assert set(FITTED[name]) == {"baseline", "trees"}
        assert {node[0] for tree in FITTED[name]["trees"] for node in tree} <= known
    assert set(FITTED["calibration"]) == {"slope", "bias"}
    assert set(FITTED["thresholds"]) == {"topic", "possible", "answered"}


def test_the_fitted_models() -> None:
    model = fitted_confidence()
    assert model == ConfidenceModel.of(FITTED)
    assert model.slope > 0
    assert 0 < model.least_possible < 1
    assert 0 < model.least_answered < 1
    assert 0 < model.least_topic < 1


def test_a_logistic_model() -> None:
    assert SIMPLE.topic.probability(TOPIC) == pytest.approx(sigmoid(0.8 - 0.3 + 0.5))
    assert LogisticModel({}, 0.0).probability(TOPIC) == 0.5
    for bias, probability in ((1000.0, 1.0), (-1000.0, 0.0)):
        assert LogisticModel({}, bias).probability(TOPIC) == probability


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
    model = replace(SIMPLE, least_topic=topic, least_possible=possible, least_answered=answered)
    judgement = model.judge(Signals(TOPIC, EVIDENCE))
    assert judgement.status is status
    off_topic = topic > SIMPLE.topic.probability(TOPIC)
    confidence = SIMPLE.judge(Signals(TOPIC, EVIDENCE)).confidence
    assert judgement.confidence == (min(confidence, possible / 2) if off_topic else confidence)


def test_a_threshold_itself_is_enough() -> None:
    signals = Signals(TOPIC, EVIDENCE)
    confidence = SIMPLE.judge(signals).confidence
    at = replace(
        SIMPLE,
        least_topic=SIMPLE.topic.probability(TOPIC),
        least_possible=confidence,
        least_answered=SIMPLE.right.probability(named_signals(signals)),
    )
    assert at.judge(signals).status is Status.ANSWERED
    above = math.nextafter(at.least_answered, 1)
    assert replace(at, least_answered=above).judge(signals).status is Status.POSSIBLE
    above = math.nextafter(confidence, 1)
    assert replace(at, least_possible=above).judge(signals).status is Status.NOT_FOUND
    topic = math.nextafter(at.least_topic, 1)
    assert replace(at, least_topic=topic).judge(signals).status is Status.NOT_FOUND


@given(SIGNALS)
def test_every_confidence_is_a_probability(signals: Signals) -> None:
    judgement = fitted_confidence().judge(signals)
    assert 0 < judgement.confidence < 1


def test_a_forest_sums_its_trees() -> None:
    forest = SIMPLE.answers
    assert forest.probability({"coverage": 0.4}) == pytest.approx(sigmoid(0.25 - 1.0))
    assert forest.probability({"coverage": 0.41}) == pytest.approx(sigmoid(0.25 + 0.5))
    both = Forest(0.0, forest.trees + SIMPLE.right.trees)
    named = {"coverage": 0.0, "topic_late_best": 1.0}
    assert both.probability(named) == pytest.approx(sigmoid(-1.0 + 3.0))


def test_a_forest_is_read_back_as_it_was_written() -> None:
    for forest in (SIMPLE.answers, fitted_confidence().right):
        assert Forest.of(json.loads(json.dumps(forest.record()))) == forest


def test_what_withholds_the_value_asked_for_is_less_likely_to_answer() -> None:
    evidence = replace(EVIDENCE, asks_name=1.0, rank_lead=4.0, late_first=0.6, cosine_best=0.6)
    withholding = replace(evidence, name_missing=1.0, value_withheld=1.0, withheld=1.0)
    there, not_there = (
        fitted_confidence().judge(Signals(TOPIC, each)).confidence
        for each in (replace(evidence, new_names=2.0), withholding)
    )
    assert there > not_there
