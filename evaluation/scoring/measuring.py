"""Asks the questions of a data set and judges the answers."""

from __future__ import annotations

from pathlib import Path

from citadel.evaluation.data.datasets import read_dataset
from citadel.evaluation.data.questions import Dataset
from citadel.evaluation.scoring.metrics import Summary, summarise
from citadel.evaluation.scoring.results import Result
from citadel.evaluation.scoring.running import Progress, ask_all
from citadel.evaluation.scoring.scoring import score
from citadel.evaluation.scoring.trec import Ranking, Relevance
from citadel.index.errors import CitadelError
from citadel.qa.answer.answering import Answerer


def measure(
    answerer: Answerer, dataset: Dataset, progress: Progress
) -> tuple[Result, Relevance, Ranking]:
    """Ask every question of what an answerer has, and judge the answers; see ``score``.

    Args:
        answerer: Who answers, from an index of the articles that the questions are about.
        dataset: The questions.
        progress: Called with the number of questions asked so far, and in all.

    """
    asked = ask_all(answerer, dataset.questions, progress)
    index = answerer.index
    return score(dataset, index.articles, asked, f"the model {index.encoder.name}")


def measured_set(answerer: Answerer, questions: Path) -> Summary:
    """Ask the questions of a file about what an answerer has, and sum up how it answers.

    Raises:
        CitadelError: The file can't be read, or brings articles of its own.

    """
    dataset = read_dataset(questions)
    if dataset.articles:
        raise CitadelError(
            f"{questions} brings articles of its own; measure it with “python -m evaluation "
            "run”, or give a set of questions about these articles."
        )
    result, _, _ = measure(answerer, dataset, lambda _done, _total: None)
    return summarise(result)
