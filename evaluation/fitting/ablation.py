"""What each part of the ranking is worth: the same questions, ranked with more and more of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from citadel.evaluation.data.questions import Place, Question
from citadel.evaluation.fitting.training_data import (
    QuestionReader,
    TrainingData,
    one_search_questions,
    passage_place,
    sentence_place,
)
from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.judging import answering, sentences_answer
from citadel.index.retrieval.answer_types import asked_types
from citadel.index.retrieval.fusion import convex_fusion
from citadel.index.retrieval.late_interaction import (
    matches_in_context,
    token_matches,
    token_weights,
)
from citadel.index.retrieval.lexical import content_words
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import (
    FEATURES,
    RankingWeights,
    feature_matrix,
    fitted_weights,
    passage_scores,
)
from citadel.index.retrieval.search import Query, search

Scores = npt.NDArray[np.float32]

_DEPTH = 10
_COLUMNS = ("hit@1", "hit@3", "sentence@1", "sentence@3")


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best passages and sentences, best first; no sentences where a method ranks none."""

    passages: tuple[Place, ...]
    sentences: tuple[Place, ...]


Method = Callable[[PassageIndex, str], Ranked]


def ablate(training_data: TrainingData, progress: Callable[[int, int], None]) -> str:
    """Return a Markdown table: a row a method, a column a measure.

    Follow-ups are left out: they are ranked by several searches at once.
    """
    questions = one_search_questions(training_data)
    corrected = [
        QuestionReader(training_data.index).query(question.text).text for question in questions
    ]
    rows = []
    for done, (name, method, corrects) in enumerate(METHODS):
        progress(done, len(METHODS))
        texts = corrected if corrects else [question.text for question in questions]
        ranked = [method(training_data.index, text) for text in texts]
        rows.append([name, *_values(questions, ranked)])
    progress(len(METHODS), len(METHODS))
    return markdown_table(["ranked by", *_COLUMNS], rows)


def _values(questions: Sequence[Question], ranked: Sequence[Ranked]) -> list[str]:
    asked = list(zip(questions, ranked, strict=True))
    passages = [answering(question, found.passages) for question, found in asked]
    cells = [share(float(np.mean([held[:depth].any() for held in passages]))) for depth in (1, 3)]
    if not ranked[0].sentences:
        return [*cells, "", ""]
    return cells + [
        share(float(np.mean([sentences_answer(q, found.sentences, depth) for q, found in asked])))
        for depth in (1, 3)
    ]


def _by_passage_vectors(index: PassageIndex, text: str) -> Ranked:
    (encoding,) = index.encoder.encode_questions([text])
    found, _ = index.passage_vectors.search(encoding.vector, _DEPTH)
    return Ranked(_passages(index, found), ())


def _by_sentence_vectors(index: PassageIndex, text: str) -> Ranked:
    (encoding,) = index.encoder.encode_questions([text])
    numbers = np.arange(len(index.sentences.passages))
    return _of_sentences(index, index.sentence_vectors.scores(encoding.vector, numbers))


def _by_words(index: PassageIndex, text: str) -> Ranked:
    return Ranked(_passages(index, np.argsort(-_lexical(index, text), kind="stable")[:_DEPTH]), ())


def _by_fusion(index: PassageIndex, text: str) -> Ranked:
    """Rank sentences by the three, each scaled by its least and its greatest."""
    (encoding,) = index.encoder.encode_questions([text])
    of_passages = index.passage_vectors.scores(encoding.vector, np.arange(len(index.passages)))
    own = index.sentence_vectors.scores(encoding.vector, np.arange(len(index.sentences.passages)))
    passage = index.sentences.passages
    return _of_sentences(
        index,
        convex_fusion(
            [(1.0, of_passages[passage]), (1.0, own), (1.0, _lexical(index, text)[passage])]
        ),
    )


def _by_late_interaction(features: Sequence[str], in_context: bool = True) -> Method:
    """Rank the usual candidates with the fitted weights of some of the features."""
    fitted = dict(zip(FEATURES, fitted_weights().values.tolist(), strict=True))
    weights = RankingWeights.of({name: fitted[name] * (name in features) for name in FEATURES})

    def method(index: PassageIndex, text: str) -> Ranked:
        (encoding,) = index.encoder.encode_questions([text])
        passages = index.candidates(encoding.vector, _lexical(index, text))
        sentences = index.sentences.of_passages(passages)
        firsts = index.sentences.starts(passages)
        matches = token_matches(
            encoding.token_vectors, index.token_vectors, index.sentences.tokens[sentences], firsts
        )
        if in_context:
            announcing = index.sentences.announcing[sentences]
            matches = matches_in_context(matches, firsts, announcing)
        counts = index.piece_counts[encoding.token_ids]
        matrix = feature_matrix(
            matches @ token_weights(counts, len(index.passages)),
            asked_types(text),
            index.sentences.types[sentences],
            index.sentences.lengths(sentences),
        )
        scores = matrix @ weights.values
        order = np.argsort(-passage_scores(scores, firsts), kind="stable")[:_DEPTH]
        best = np.argsort(-scores, kind="stable")[:_DEPTH]
        return Ranked(_passages(index, passages[order]), _sentences(index, sentences[best]))

    return method


def _as_answered(index: PassageIndex, text: str) -> Ranked:
    found = search(index, Query(text), _DEPTH)
    hits = [hit.passage for hit in found.hits]
    return Ranked(
        tuple(Place(passage.source, passage.start, passage.end) for passage in hits),
        tuple(Place(hits[q.hit].source, q.span.start, q.span.end) for q in found.quotable),
    )


_TYPES = tuple(name for name in FEATURES if name not in ("context", "length"))

METHODS: tuple[tuple[str, Method, bool], ...] = (
    ("passage vectors", _by_passage_vectors, False),
    ("sentence vectors", _by_sentence_vectors, False),
    ("BM25", _by_words, False),
    ("the three, min-max sum", _by_fusion, False),
    ("late interaction of the sentence", _by_late_interaction(["context"], False), False),
    ("+ its context", _by_late_interaction(["context"]), False),
    ("+ answer types", _by_late_interaction(["context", *_TYPES]), False),
    ("+ length", _by_late_interaction(FEATURES), False),
    ("+ spellings", _by_late_interaction(FEATURES), True),
    ("all: + what each quote adds", _as_answered, True),
)
"""The name of each method, the method, and whether the question's spelling is corrected first."""


def _lexical(index: PassageIndex, text: str) -> Scores:
    terms = (index.vocabulary.id_of(w.term) for w in content_words(index.question_words(text)))
    return index.bm25.scores([term for term in terms if term is not None])


def _of_sentences(index: PassageIndex, scores: Scores) -> Ranked:
    """Rank passages by their best sentences."""
    order = np.argsort(-scores, kind="stable")
    passages = list(dict.fromkeys(index.sentences.passages[order].tolist()))[:_DEPTH]
    return Ranked(_passages(index, passages), _sentences(index, order[:_DEPTH]))


def _passages(
    index: PassageIndex, numbers: Sequence[int] | npt.NDArray[np.int64]
) -> tuple[Place, ...]:
    return tuple(passage_place(index, int(number)) for number in numbers)


def _sentences(index: PassageIndex, numbers: npt.NDArray[np.int64]) -> tuple[Place, ...]:
    return tuple(sentence_place(index, int(number)) for number in numbers)
