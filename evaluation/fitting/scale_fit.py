"""Measures where the similarities of the model lie that everything else is fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np

from citadel.evaluation.fitting.fitting import Fit, provenance
from citadel.evaluation.fitting.training_data import TrainingData
from citadel.evaluation.reports.report import markdown_table
from citadel.index.retrieval.self_questions import measure_similarities

SCALE_FILE = Path(str(files("citadel.index.retrieval").joinpath("scale.json")))
"""The file of the scale."""


def fit_scale_to(training_sets: Sequence[TrainingData], seed: int) -> Fit:
    """Measure the similarities in each collection, and take their means."""
    rows = []
    for data in training_sets:
        found = measure_similarities(data.index).similarities
        rows.append(
            [found.late.unrelated, found.late.own, found.cosine.unrelated, found.cosine.own]
        )
    unrelated, own, cosine_unrelated, cosine_own = np.mean(rows, axis=0).round(4).tolist()
    values = {
        "late": {"unrelated": unrelated, "own": own},
        "cosine": {"unrelated": cosine_unrelated, "own": cosine_own},
        "fitted": provenance(training_sets, seed, {}),
    }
    table = [
        [data.name, *(f"{value:.3f}" for value in row)]
        for data, row in zip(training_sets, rows, strict=True)
    ]
    header = ["collection", "late, unrelated", "late, own", "cosine, unrelated", "cosine, own"]
    return Fit(values, markdown_table(header, table))
