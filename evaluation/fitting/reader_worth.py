"""Measures what the reader adds to the ranking, on questions that neither was trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from citadel.evaluation.fitting.ranker_fit import MEASURES, PairRow, fit_ranker, measured, pair_rows
from citadel.evaluation.fitting.training_data import (
    HELD_OUT_COLLECTION,
    QuestionReader,
    TrainingData,
    for_the_reader,
    is_searched,
    new_to_the_reader,
    passage_place,
    sentence_place,
)
from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.judging import answering
from citadel.index.retrieval.reader import Reader
from citadel.index.retrieval.search import ranked_candidates
from citadel.index.retrieval.stages import Stages

_REST = "the newsroom's other held-out articles"


def reader_worth(
    training_sets: Sequence[TrainingData],
    reader: Reader,
    seed: int,
    progress: Callable[[int, int], None],
) -> str:
    """Rank with and without the reader, and return the measures as Markdown.

    Args:
        training_sets: The newsroom's collections, and question sets.
        reader: What is to be measured.
        seed: Of the ranker, which is trained on what the reader was trained on.
        progress: Called with the data sets done, and all of them.

    """
    seen = [row for data in training_sets for row in pair_rows(for_the_reader(data))]
    names = dict.fromkeys(row.dataset for row in seen)
    counts = {name: float(sum(row.dataset == name for row in seen)) for name in names}
    ranker = fit_ranker(seen, counts, seed)
    systems = {"the ranker": Stages(ranker), "and the reader": Stages(ranker, reader)}
    found: dict[str, dict[str, list[dict[str, float]]]] = {}
    for done, data in enumerate(training_sets, start=1):
        name = data.name if not data.own or data.name == HELD_OUT_COLLECTION else _REST
        by_system = found.setdefault(name, {system: [] for system in systems})
        for system, stages in systems.items():
            by_system[system] += _measures(new_to_the_reader(data), stages)
        progress(done, len(training_sets))
    table = [
        [name, str(len(values)), system, *(share(_mean(values, m)) for m in MEASURES)]
        for name, by_system in found.items()
        for system, values in by_system.items()
        if values
    ]
    return markdown_table(["data set", "questions", "system", *MEASURES], table)


def _measures(data: TrainingData, stages: Stages) -> list[dict[str, float]]:
    """Measure each answerable question of which a candidate answers."""
    questions = QuestionReader(data.index)
    values = []
    for question in data.questions:
        if not question.answerable or not is_searched(question):
            continue
        query = questions.query(question.text, question.history)
        scores, sentences, passages = ranked_candidates(data.index, query, stages)
        answers = answering(question, [sentence_place(data.index, n) for n in sentences])
        if answers.any():
            within = answering(question, [passage_place(data.index, n) for n in passages])
            nothing = np.zeros((len(scores), 0), np.float32)
            group = data.group(question)
            row = PairRow(data.name, group, question.kind, nothing, passages, answers, within)
            values.append(measured(row, scores))
    return values


def _mean(values: Sequence[dict[str, float]], measure: str) -> float:
    return float(np.mean([each[measure] for each in values]))
