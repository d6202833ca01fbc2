"""Fits the numbers that come with Citadel, reports how good they are, and writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from citadel.evaluation.data.questions import articles_sha256, questions_sha256
from citadel.evaluation.fitting.confidence_fit import calibration_counts, fit_confidence
from citadel.evaluation.fitting.confidence_rows import (
    ConfidenceRow,
    Regime,
    Setting,
    confidence_rows,
)
from citadel.evaluation.fitting.folds import FOLDS, folds_of
from citadel.evaluation.fitting.operating_points import READ_THRESHOLDS, Judged, Thresholds
from citadel.evaluation.fitting.ranking_fit import fit_ranking
from citadel.evaluation.fitting.ranking_rows import MEASURES, ranking_rows
from citadel.evaluation.fitting.training_data import TrainingData, new_to_the_reader
from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.calibration import auroc, reliability
from citadel.index.errors import CitadelError
from citadel.index.retrieval.ranking import FEATURES, RankingWeights, fitted_weights
from citadel.index.retrieval.stages import Stages
from citadel.qa.answer.confidence import LogisticModel, OperatingPoint

RANKING_FILE = Path(str(files("citadel.index.retrieval").joinpath("ranking.json")))
"""The file of the weights of the ranking."""

CONFIDENCE_FILE = Path(str(files("citadel.qa.answer").joinpath("confidence.json")))
"""The file of the confidence."""

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fit:
    """What came out.

    Attributes:
        values: The file to write, with how it came about.
        report: The cross-validated figures, as Markdown.

    """

    values: Values
    report: str


def write_fit(path: Path, fit: Fit) -> None:
    """Write the file: equal fits give equal files, a decision tree stands on one line."""
    text = json.dumps(fit.values, indent=2, ensure_ascii=False)
    for inner in (r"[^\[\]{}]", r"(?:[^\[\]{}]|\[[^\[\]{}]*\])"):
        text = re.sub(rf"\[\s+({inner}*?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    path.write_text(text + "\n", "utf-8")


def fit_ranking_to(training_sets: Sequence[TrainingData], seed: int) -> Fit:
    """Fit the weights of the ranking; every data set counts the same."""
    rows = [row for training_data in training_sets for row in ranking_rows(training_data)]
    counts = dict.fromkeys((training_data.name for training_data in training_sets), 1.0)
    fold = folds_of(rows, seed)
    unseen: dict[int, Mapping[str, float]] = {}
    for number in range(FOLDS):
        seen = [row for row, part in zip(rows, fold, strict=True) if part != number]
        found = fit_ranking(seen, counts)
        for place in np.flatnonzero(fold == number).tolist():
            unseen[place] = rows[place].values(found)
    before = fitted_weights()
    after = fit_ranking(rows, counts)
    systems: dict[str, list[Mapping[str, float]]] = {
        "the weights so far": [row.values(before) for row in rows],
        "fitted, cross-validated": [unseen[place] for place in range(len(rows))],
        "fitted to all": [row.values(after) for row in rows],
    }
    table = []
    figures: dict[str, Any] = {}
    for name in counts:
        chosen = [place for place, row in enumerate(rows) if row.dataset == name]
        for system, measured in systems.items():
            means = _means([measured[place] for place in chosen])
            table.append([name, str(len(chosen)), system, *(share(means[m]) for m in MEASURES)])
            if system == "fitted, cross-validated":
                figures[name] = {"questions": len(chosen)} | {
                    m: round(value, 4) for m, value in means.items()
                }
    header = ["data set", "questions", "weights", *MEASURES]
    weights = dict(zip(FEATURES, (round(float(v), 3) for v in after.values), strict=True))
    values = {"weights": weights, "fitted": provenance(training_sets, seed, figures)}
    return Fit(values, f"{_ranking_table(header, table)}\n\n{_weights_table(before, after)}")


def _ranking_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    order = [0, 2, 1, *range(3, len(header))]
    return markdown_table([header[i] for i in order], [[row[i] for i in order] for row in rows])


def _weights_table(before: RankingWeights, after: RankingWeights) -> str:
    rows = [
        [name, f"{old:.2f}", f"{new:.2f}"]
        for name, old, new in zip(FEATURES, before.values, after.values, strict=True)
    ]
    return markdown_table(["feature", "weight so far", "fitted"], rows)


def _means(values: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([row[name] for row in values])) for name in MEASURES}


def fit_confidence_to(
    training_sets: Sequence[TrainingData], stages: Mapping[str, Stages], seed: int
) -> Fit:
    """Fit the confidence.

    Args:
        training_sets: What to learn from.
        stages: What ranks the candidates of each, by name: a ranker that was not trained on it, and
            the reader.
        seed: Of the folds.

    Raises:
        CitadelError: There is no data set with articles of its own to learn from.

    """
    if not any(training_data.own for training_data in training_sets):
        raise CitadelError(
            "The confidence is learned from questions asked where they are not answered; give a "
            "data set with articles of its own, such as SQuAD's."
        )
    rows: list[ConfidenceRow] = []
    read: list[ConfidenceRow] = []
    for data in training_sets:
        alone = replace(stages[data.name], reader=None)
        rows += confidence_rows(data, alone)
        new = new_to_the_reader(data)
        if new.questions:
            read += confidence_rows(new, stages[data.name])
    return fit_confidence_rows(
        rows, [row for row in read if row.signals.reading], training_sets, seed
    )


def fit_confidence_rows(
    rows: Sequence[ConfidenceRow],
    read: Sequence[ConfidenceRow],
    training_sets: Sequence[TrainingData],
    seed: int,
) -> Fit:
    """Fit the confidence to rows without and with a reading; see ``fit_confidence``."""
    fitted = fit_confidence(rows, read, seed)
    model = fitted.model
    report, figures = _confidence_report(rows, fitted.judged, model.points)
    read_report, read_figures = _confidence_report(read, fitted.read, model.reading.points)
    values = {
        "topic": _logistic_record(model.topic),
        "answers": model.answers.record(),
        "right": model.right.record(),
        "calibration": {"slope": round(model.slope, 3), "bias": round(model.bias, 3)},
        "thresholds": _points_record(model.points),
        "reading": {
            "answers": _logistic_record(model.reading.answers),
            "right": _logistic_record(model.reading.right),
            "thresholds": _points_record(model.reading.points),
        },
        "fitted": provenance(training_sets, seed, {"unread": figures, "read": read_figures})
        | {"bounds": {"unread": asdict(Thresholds()), "read": asdict(READ_THRESHOLDS)}},
    }
    return Fit(values, f"Without the reader:\n\n{report}\n\nWith it:\n\n{read_report}")


def _logistic_record(model: LogisticModel) -> dict[str, Any]:
    weights = {name: round(value, 3) for name, value in model.weights.items()}
    return {"weights": weights, "bias": round(model.bias, 3)}


def _points_record(points: OperatingPoint) -> dict[str, float]:
    return {name: round(value, 3) for name, value in asdict(points).items()}


def _confidence_report(
    rows: Sequence[ConfidenceRow], judged: Judged, points: OperatingPoint
) -> tuple[str, dict[str, Any]]:
    """Report how models judge rows that they have not seen, at the chosen thresholds."""
    refused = (judged.topic < points.topic) | (judged.confidence < points.possible)
    answered = ~refused & (judged.right >= points.answered)
    counts = calibration_counts(rows)
    regimes, calibrations = [], []
    figures: dict[str, Any] = {}
    for setting in Setting:
        own = np.array([row.setting is setting for row in rows])
        if not own.any():
            continue
        truths = np.array([row.answerable for row in rows])
        ece = _ece(judged.confidence[own], truths[own], counts[own])
        calibrations.append([setting.value, str(int(own.sum())), share(ece)])
        figures[setting.value] = {"ECE": round(ece, 4)}
        for regime in Regime:
            chosen = own & np.array([row.regime is regime for row in rows])
            if not chosen.any():
                continue
            area = (
                None
                if regime is Regime.ANSWERABLE
                else auroc(
                    judged.confidence[own & truths].tolist(), judged.confidence[chosen].tolist()
                ).value
            )
            told = (answered, ~refused & ~answered, refused)
            parts = [float(part[chosen].mean()) for part in told]
            regimes.append(
                [
                    f"{setting.value}: {regime.value}",
                    str(int(chosen.sum())),
                    "" if area is None else share(area),
                    *map(share, parts),
                ]
            )
            figures[setting.value][regime.value] = {
                **({} if area is None else {"AUROC": round(area, 4)}),
                **dict(zip(("answered", "possible", "not found"), np.round(parts, 4), strict=True)),
            }
    header = ["asked of", "questions", "AUROC", "answered", "possible", "not found"]
    report = "\n\n".join(
        [
            markdown_table(header, regimes),
            markdown_table(["asked of", "questions", "ECE (10 bins)"], calibrations),
        ]
    )
    return report, figures


def _ece(
    confidences: npt.NDArray[np.float64],
    truths: npt.NDArray[np.bool_],
    counts: npt.NDArray[np.float64],
) -> float:
    """Return the expected calibration error of questions that count differently."""
    whole = np.maximum(np.rint(counts / counts[counts > 0].min()).astype(int), 1)
    return reliability(
        np.repeat(confidences, whole).tolist(), np.repeat(truths, whole).tolist()
    ).ece


def provenance(
    training_sets: Sequence[TrainingData], seed: int, figures: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the provenance of a fit: the data, the model, and its quality on what was left out."""
    return {
        "by": "python -m evaluation fit",
        "model": training_sets[0].index.encoder.fingerprint,
        "seed": seed,
        "data": {
            training_data.name: {
                "questions": len(training_data.questions),
                "questions_sha256": questions_sha256(training_data.questions),
                "articles_sha256": articles_sha256(training_data.index.articles),
            }
            for training_data in training_sets
        },
        "cross_validated": figures,
    }
