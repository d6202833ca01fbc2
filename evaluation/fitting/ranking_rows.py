"""The candidates of each question as the ranking sees them, and which of them answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from citadel.evaluation.data.questions import Question
from citadel.evaluation.fitting.training_data import (
    QuestionReader,
    TrainingData,
    one_search_questions,
    passage_place,
    sentence_place,
)
from citadel.evaluation.scoring.judging import answering
from citadel.index.retrieval.ranking import RankingWeights, passage_scores
from citadel.index.retrieval.search import candidate_features

MEASURES = ("hit@1", "hit@3", "sentence@1", "sentence@3")


@dataclass(frozen=True, slots=True)
class RankingRow:
    """One question and its candidates.

    Attributes:
        dataset: Where the question is from.
        group: What is never in two folds.
        kind: The question's.
        features: float32, (sentences, features), in the order of ``ranking.FEATURES``.
        firsts: int64, (passages,): the row of the first sentence of each passage.
        answers: bool, (sentences,): which answer.
        holds: bool, (passages,): which hold an answer.

    """

    dataset: str
    group: str
    kind: str
    features: npt.NDArray[np.float32]
    firsts: npt.NDArray[np.int64]
    answers: npt.NDArray[np.bool_]
    holds: npt.NDArray[np.bool_]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """The number of sentences of each passage."""
        return np.diff(np.append(self.firsts, len(self.features)))

    def values(self, weights: RankingWeights) -> dict[str, float]:
        """Measure the ranking by some weights: each of ``MEASURES``, 0 or 1.

        Sentences stand in the order of their scores alone, here; what is quoted is chosen for
        what it adds, too.
        """
        scores = self.features @ weights.values
        passages = np.argsort(-passage_scores(scores, self.firsts), kind="stable")
        sentences = np.argsort(-scores, kind="stable")
        return {
            "hit@1": float(self.holds[passages[:1]].any()),
            "hit@3": float(self.holds[passages[:3]].any()),
            "sentence@1": float(self.answers[sentences[:1]].any()),
            "sentence@3": float(self.answers[sentences[:3]].any()),
        }


def ranking_rows(training_data: TrainingData) -> Iterator[RankingRow]:
    """Yield a row for every question that is answerable by one search.

    Follow-ups are ranked by several searches, which share the weights; they are left out.
    """
    reader = QuestionReader(training_data.index)
    questions = one_search_questions(training_data)
    texts = [reader.query(question.text).text for question in questions]
    # Encoding them together is faster; a remembering encoder then has them.
    training_data.index.encoder.encode_questions(texts)
    for question, text in zip(questions, texts, strict=True):
        yield _row(training_data, question, text)


def _row(training_data: TrainingData, question: Question, text: str) -> RankingRow:
    index = training_data.index
    features, sentences, passages = candidate_features(index, text)
    numbers, firsts = np.unique(passages, return_index=True)
    return RankingRow(
        dataset=training_data.name,
        group=training_data.group(question),
        kind=question.kind,
        features=features,
        firsts=firsts.astype(np.int64),
        answers=answering(question, [sentence_place(index, int(n)) for n in sentences]),
        holds=answering(question, [passage_place(index, int(n)) for n in numbers]),
    )
