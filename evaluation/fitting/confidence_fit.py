"""Fits the confidence: the model of the topic, two forests, a calibration, and thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from citadel.evaluation.fitting.confidence_rows import ConfidenceRow, Regime, Setting
from citadel.evaluation.fitting.folds import folds_of
from citadel.evaluation.fitting.logistic import logistic_fit, logistic_model
from citadel.evaluation.fitting.operating_points import (
    READ_THRESHOLDS,
    Floats,
    Judged,
    Thresholds,
    choose_points,
)
from citadel.qa.answer.confidence import (
    ConfidenceModel,
    LogisticModel,
    ReadingModel,
    named_signals,
    read_values,
    topic_values,
)
from citadel.qa.answer.forest import Forest, Tree

MIXTURE: Mapping[Regime, float] = {
    Regime.ANSWERABLE: 0.60,
    Regime.NEAR: 0.15,
    Regime.IMPOSSIBLE: 0.10,
    Regime.OFF_TOPIC: 0.15,
}
"""How often people are assumed to ask each, for calibration on data made from answerable ones."""

_TOPIC_COUNTS: Mapping[Regime, float] = {
    Regime.ANSWERABLE: 0.5,
    Regime.NEAR: 0.5,
    Regime.IMPOSSIBLE: 0.5,
    Regime.OFF_TOPIC: 1.0,
}
_FOREST_COUNTS: Mapping[Regime, float] = {
    Regime.ANSWERABLE: 1.0,
    Regime.NEAR: 1.2,
    Regime.IMPOSSIBLE: 1.2,
    Regime.OFF_TOPIC: 1.0,
}
"""What a question of each regime counts when the models are fitted."""

TREES, DEPTH, RATE, SHRINKAGE = 200, 3, 0.05, 5.0
"""Of a forest; chosen on articles left out."""

OF_PEOPLE = 4.0
"""The weight of sets with people’s own unanswerable questions, against 1 for the others."""

PEOPLES_MIXTURE: Mapping[Regime, float] = {
    Regime.ANSWERABLE: 0.84,
    Regime.NEAR: 0.115,
    Regime.IMPOSSIBLE: 0.023,
    Regime.OFF_TOPIC: 0.022,
}
"""How often people asked each where nobody requested more of some."""

CALIBRATION_SHARE = 0.85
"""Their weight in the calibration, of 1: their mix of questions is what people ask."""

_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class FittedConfidence:
    """What came out.

    Attributes:
        model: Fitted to all rows.
        judged: What models that have not seen its group predict for each row.
        read: The same of the rows with a reading.

    """

    model: ConfidenceModel
    judged: Judged
    read: Judged


def fit_confidence(
    rows: Sequence[ConfidenceRow],
    read: Sequence[ConfidenceRow],
    seed: int,
    chosen: Thresholds | None = None,
) -> FittedConfidence:
    """Fit the models to all rows; judge each row by models that have not seen its group.

    Args:
        rows: Without readings, of at least one data set with articles of its own.
        read: With readings, of articles that the reader was not trained on.
        seed: Of the folds.
        chosen: How to choose the thresholds where nothing is read.

    """
    topics, signals = _columns(rows)
    read_topics, read_signals = _columns(read)
    folds = folds_of([*rows, *read], seed)
    fold, read_fold = folds[: len(rows)], folds[len(rows) :]
    topic, answers, right = np.zeros((3, len(rows)))
    unread = np.zeros((3, len(read)))
    for number in np.unique(fold):
        unseen, of_read = fold == number, read_fold == number
        models = _models(rows, topics, signals, ~unseen)
        topic[unseen], answers[unseen], right[unseen] = _judged(
            models, topics[unseen], signals[unseen]
        )
        if of_read.any():
            unread[:, of_read] = _judged(models, read_topics[of_read], read_signals[of_read])
    truths = np.array([row.answerable for row in rows])
    counts = calibration_counts(rows)
    logits = _logit(answers)
    confidence = np.zeros(len(rows))
    for number in np.unique(fold):
        unseen = fold == number
        slope, bias = _platt(logits[~unseen], truths[~unseen], counts[~unseen])
        confidence[unseen] = _logistic(slope * logits[unseen] + bias)
    judged = Judged(topic, answers, right, confidence)
    models = _models(rows, topics, signals, np.ones(len(rows), dtype=bool))
    slope, bias = _platt(logits, truths, counts)
    points = choose_points(rows, judged, chosen or Thresholds())
    reading, read_judged = _fit_reading(
        read, Judged(unread[0], unread[1], unread[2], unread[1]), read_fold
    )
    names = list(named_signals(rows[0].signals))
    model = ConfidenceModel(
        logistic_model(models.topic, list(topic_values(rows[0].signals))),
        forest(models.answers, names),
        forest(models.right, names),
        *(slope, bias, points),
        reading,
    )
    return FittedConfidence(model, judged, read_judged)


def calibration_counts(rows: Sequence[ConfidenceRow]) -> Floats:
    """Return what each row counts: each regime of each setting as in a mixture."""
    counts = np.zeros(len(rows))
    own = np.array([row.of_people for row in rows])
    for setting in Setting:
        people = setting in (Setting.QUESTION_SET, Setting.OWN_ARTICLE)
        for regime, share in (PEOPLES_MIXTURE if people else MIXTURE).items():
            chosen = np.array([r.setting is setting and r.regime is regime for r in rows])
            if chosen.any():
                counts[chosen] = share / chosen.sum()
    for group, share in ((own, CALIBRATION_SHARE), (~own, 1 - CALIBRATION_SHARE)):
        if group.any():
            counts[group] *= share / counts[group].sum()
    return counts


class _Models(NamedTuple):
    """As scikit-learn has them."""

    topic: Pipeline
    answers: HistGradientBoostingClassifier
    right: HistGradientBoostingClassifier


def _models(
    rows: Sequence[ConfidenceRow], topics: Floats, signals: Floats, seen: npt.NDArray[np.bool_]
) -> _Models:
    people = np.array([row.of_people for row in rows])

    def counts(by_regime: Mapping[Regime, float]) -> Floats:
        found = np.array([by_regime[row.regime] for row in rows])[seen]
        of_people = people[seen]
        if of_people.any() and not of_people.all():
            found[of_people] *= OF_PEOPLE * found[~of_people].sum() / found[of_people].sum()
        return np.asarray(found / found.mean())

    on_topic = np.array([row.regime is not Regime.OFF_TOPIC for row in rows])[seen]
    topic = logistic_fit(topics[seen], on_topic, counts(_TOPIC_COUNTS))
    by_truth = (
        HistGradientBoostingClassifier(
            max_depth=DEPTH,
            max_iter=TREES,
            learning_rate=RATE,
            l2_regularization=SHRINKAGE,
            early_stopping=False,
            random_state=0,
        ).fit(signals[seen], truth[seen], sample_weight=counts(_FOREST_COUNTS))
        for truth in (
            np.array([row.answerable for row in rows]),
            np.array([row.right for row in rows]),
        )
    )
    return _Models(topic, *by_truth)


def forest(fitted: HistGradientBoostingClassifier, names: Sequence[str]) -> Forest:
    """Take a forest from scikit-learn, which keeps its nodes in arrays of its own.

    Args:
        fitted: Of two classes.
        names: The signals, in the order of the columns that it was fitted to.

    """
    trees = []
    for (predictor,) in fitted._predictors:
        nodes = [
            [
                "" if node["is_leaf"] else names[int(node["feature_idx"])],
                0.0 if node["is_leaf"] else float(f"{node['num_threshold']:.9g}"),
                *(int(node["left"]), int(node["right"])),
                float(f"{node['value']:.6g}"),
            ]
            for node in predictor.nodes
        ]
        trees.append(Tree.of(nodes))
    return Forest(float(fitted._baseline_prediction[0, 0]), tuple(trees))


def _platt(logits: Floats, truths: npt.NDArray[np.bool_], counts: Floats) -> tuple[float, float]:
    """Fit a logistic regression of the truth on the logit (Platt 1999)."""
    found = LogisticRegression(C=1e4).fit(
        logits[:, np.newaxis], truths, sample_weight=counts * len(logits)
    )
    return float(found.coef_[0, 0]), float(found.intercept_[0])


def _columns(rows: Sequence[ConfidenceRow]) -> tuple[Floats, Floats]:
    """Return float64, (rows, signals): those of the topic, and those that the forests look at."""
    topics = np.array([list(topic_values(row.signals).values()) for row in rows])
    return topics, np.array([list(named_signals(row.signals).values()) for row in rows])


def _judged(models: _Models, topics: Floats, signals: Floats) -> tuple[Floats, Floats, Floats]:
    return (
        models.topic.predict_proba(topics)[:, 1],
        models.answers.predict_proba(signals)[:, 1],
        models.right.predict_proba(signals)[:, 1],
    )


def _fit_reading(
    rows: Sequence[ConfidenceRow], judged: Judged, fold: npt.NDArray[np.int64]
) -> tuple[ReadingModel, Judged]:
    """Fit the combination of forests and reader; judge each row by models fitted to other folds.

    ``judged`` is what forests that have not seen the groups of the rows predict for them.
    """
    # The confidence is calibrated to what people ask; “answered” is to be right whatever is asked.
    mixture = calibration_counts(rows) * len(rows)
    equal = np.array([_FOREST_COUNTS[row.regime] for row in rows])
    truths = np.array([[row.answerable, row.right] for row in rows])
    values = [
        [read_values(row.signals, forest) for row, forest in zip(rows, forests, strict=True)]
        for forests in (judged.answers.tolist(), judged.right.tolist())
    ]
    found = np.zeros((2, len(rows)))
    models: list[LogisticModel] = []
    for place, (named, counts) in enumerate(zip(values, (mixture, equal), strict=True)):
        columns, truth = np.array([list(each.values()) for each in named]), truths[:, place]
        for number in np.unique(fold):
            unseen = fold == number
            part = logistic_fit(columns[~unseen], truth[~unseen], counts[~unseen])
            found[place, unseen] = part.predict_proba(columns[unseen])[:, 1]
        models.append(logistic_model(logistic_fit(columns, truth, counts), list(named[0])))
    read = Judged(judged.topic, found[0], found[1], found[0])
    points = choose_points(rows, read, READ_THRESHOLDS)
    return ReadingModel(models[0], models[1], points), read


def _logit(p: Floats) -> Floats:
    bounded = np.clip(p, _SMALLEST, 1 - _SMALLEST)
    return np.asarray(np.log(bounded / (1 - bounded)))


def _logistic(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits)))
