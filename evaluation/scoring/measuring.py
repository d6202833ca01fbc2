"""Asks the questions of a data set and judges the answers."""

from __future__ import annotations

from citadel.evaluation.data.questions import Dataset
from citadel.evaluation.scoring.results import Result
from citadel.evaluation.scoring.running import Progress, ask_all
from citadel.evaluation.scoring.scoring import score
from citadel.evaluation.scoring.trec import Ranking, Relevance
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
