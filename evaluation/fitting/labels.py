"""Questions whose answers are known, asked of their articles: what the confidence is refined by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from citadel.evaluation.data.questions import Dataset, Question
from citadel.evaluation.fitting.confidence_rows import first_sentence_answers
from citadel.evaluation.fitting.training_data import QuestionReader, sources
from citadel.evaluation.scoring.judging import Judge
from citadel.index.build.embedding import Progress
from citadel.index.corpus.languages import ENGLISH, question_language
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.models import has_multilingual_model
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search
from citadel.index.retrieval.stages import Stages
from citadel.index.snapshots.snapshots import read_manifest
from citadel.qa.answer.confidence import Probabilities, fitted_confidence
from citadel.qa.answer.finding import split_question
from citadel.qa.answer.intent import MessageKind, read_message

_PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Label:
    """A question that was asked, and what is known of it.

    Attributes:
        dataset: Where it is from.
        group: The article that it is about, where there are several; else itself.
        question: The question.
        fitted: What the fitted models make of it.
        right: Whether the sentence that is quoted first answers.

    """

    dataset: str
    group: str
    question: Question
    fitted: Probabilities
    right: bool

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return self.question.answerable


def labels_of(
    dataset: Dataset, index: PassageIndex, stages: Stages, progress: Progress
) -> list[Label]:
    """Ask the questions of a data set whose confidence is one that can be calibrated.

    Small talk and questions about a source as a whole have none; what is read by its words only,
    or by the multilingual model, has another one; and one question in two parts has two.

    Args:
        dataset: The questions.
        index: Of the articles that they are about.
        stages: What ranks the candidates.
        progress: Called with the number of questions asked so far, and in all.

    """
    questions = Judge(index.articles, dataset.questions).questions
    reader = QuestionReader(index, stages)
    found = []
    for done, question in enumerate(questions, 1):
        query = reader.query(question.text, question.history)
        if _is_calibrated(question, query, index.encoder):
            result = search(index, query, _PASSAGES, stages=stages)
            if (result.signals.reading is not None) is (stages.reader is not None):
                fitted = fitted_confidence().probabilities(result.signals)
                right = question.answerable and first_sentence_answers(question, result)
                group = _group(question, index)
                found.append(Label(dataset.name, group, question, fitted, right))
        progress(done, len(questions))
    return found


def _is_calibrated(question: Question, query: Query, encoder: Encoder) -> bool:
    message = read_message(question.text, in_conversation=bool(question.history))
    of_second_model = question_language(query.text) != ENGLISH and has_multilingual_model()
    return (
        message.kind is MessageKind.QUESTION
        and (bool(query.topic) or len(split_question(query.text)) == 1)
        and encoder.reads(query.text)
        and not of_second_model
    )


def _group(question: Question, index: PassageIndex) -> str:
    """Return what is never split in cross-validation."""
    if len(index.articles) == 1:
        return question.id
    return question.article or next(iter(sources(question)), question.id)


def check_model(index_dir: Path, encoder: Encoder) -> None:
    """See that the index of a folder was built with a model: no other calibration is used there.

    Raises:
        CitadelError: It was built with another one, or there is none, or it is damaged.

    """
    manifest = read_manifest(index_dir)
    if manifest.model_sha256 != encoder.fingerprint:
        raise CitadelError(
            f"The index in {index_dir} was built with the model {manifest.model}, and answers "
            f"would not use a calibration of {encoder.name}; calibrate it with --model "
            f"{manifest.model}, or name another index with --index-dir."
        )
