"""A probability is made of the signals as described, and the fitted models make sense."""

import json
import math
from dataclasses import fields, replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.retrieval.signals import Evidence, Signals, Topic
from citadel.qa.answer.answers import Status
from citadel.qa.answer.confidence import ConfidenceModel, LogisticModel, fitted_confidence

FITTED = json.loads(files("citadel.qa.answer").joinpath("confidence.json").read_text("utf-8"))
TOPIC_NAMES = {field.name for field in fields(Topic)}
EVIDENCE_NAMES = {field.name for field in fields(Evidence)}

TOPIC = Topic(late_best=0.4, late_tenth=0.2, cosine_best=0.5, cosine_tenth=0.3)
EVIDENCE = Evidence(
    late_best=0.7, passage_margin=0.1, missing_names=0, coverage=0.5, cosine=0.6, type_missing=0
)
SIMPLE = ConfidenceModel(
    topic=LogisticModel({"late_best": 2.0, "cosine_tenth": -1.0}, 0.5),
    evidence=LogisticModel({"coverage": 3.0}, -1.0),
    right=LogisticModel({"coverage": 2.0}, -0.5),
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
    assert set(FITTED) == {"topic", "evidence", "right", "calibration", "thresholds", "fitted"}
    assert {frozenset(FITTED[name]) for name in ("topic", "evidence", "right")} == {
        frozenset({"weights", "bias"})
    }
    assert set(FITTED["topic"]["weights"]) == TOPIC_NAMES
    assert set(FITTED["evidence"]["weights"]) == EVIDENCE_NAMES
    assert set(FITTED["right"]["weights"]) == EVIDENCE_NAMES
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
    assert SIMPLE.evidence.probability(EVIDENCE) == pytest.approx(sigmoid(0.5))
    assert LogisticModel({}, 0.0).probability(TOPIC) == 0.5
    for bias, probability in ((1000.0, 1.0), (-1000.0, 0.0)):
        assert LogisticModel({}, bias).probability(TOPIC) == probability


def test_calibration() -> None:
    product = sigmoid(1.0) * sigmoid(0.5)
    expected = sigmoid(0.5 * math.log(product / (1 - product)) + 0.25)
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
    assert judgement.confidence == SIMPLE.judge(Signals(TOPIC, EVIDENCE)).confidence


def test_a_threshold_itself_is_enough() -> None:
    signals = Signals(TOPIC, EVIDENCE)
    confidence = SIMPLE.judge(signals).confidence
    at = replace(
        SIMPLE,
        least_topic=SIMPLE.topic.probability(TOPIC),
        least_possible=confidence,
        least_answered=SIMPLE.topic.probability(TOPIC) * SIMPLE.right.probability(EVIDENCE),
    )
    assert at.judge(signals).status is Status.ANSWERED
    above = math.nextafter(at.least_answered, 1)
    assert replace(at, least_answered=above).judge(signals).status is Status.POSSIBLE
    above = math.nextafter(confidence, 1)
    assert replace(at, least_possible=above).judge(signals).status is Status.NOT_FOUND
    topic = math.nextafter(at.least_topic, 1)
    assert replace(at, least_topic=topic).judge(signals).status is Status.NOT_FOUND


@given(SIGNALS, st.sampled_from(sorted(TOPIC_NAMES | EVIDENCE_NAMES)), st.floats(0, 1))
def test_each_signal_moves_the_confidence_as_its_weight_says(
    signals: Signals, name: str, more: float
) -> None:
    model = fitted_confidence()
    before = model.judge(signals)
    assert 0 < before.confidence < 1
    if name in TOPIC_NAMES:
        weight = model.topic.weights[name]
        topic = replace(signals.topic, **{name: getattr(signals.topic, name) + more})
        after = model.judge(replace(signals, topic=topic))
        moved = weight * (after.confidence - before.confidence)
        assert moved >= -1e-12
    if name in EVIDENCE_NAMES:
        weight = model.evidence.weights[name]
        evidence = replace(signals.evidence, **{name: getattr(signals.evidence, name) + more})
        after = model.judge(replace(signals, evidence=evidence))
        moved = weight * (after.confidence - before.confidence)
        assert moved >= -1e-12


def test_what_speaks_for_an_answer_and_what_against() -> None:
    for model in (fitted_confidence().evidence, fitted_confidence().right):
        assert model.weights["rank_lead"] > 0
        assert model.weights["value_withheld"] < 0
    assert fitted_confidence().topic.weights["late_best"] > 0
    assert fitted_confidence().topic.weights["cosine_best"] > 0
