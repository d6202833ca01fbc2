"""Asks a collection about other things, and with the words of its own sentences.

This shows how a model scores unrelated texts and equal ones, without any question that a person has
labelled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from citadel.index.retrieval.late_interaction import token_matches, token_weights
from citadel.index.retrieval.lexical import content_words
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import Scores
from citadel.index.retrieval.scale import (
    AS_FITTED,
    Anchors,
    Scale,
    Similarities,
    fitted_model,
)

_PASSAGES = 40
"""For how many passages, spread over the collection, a sentence is asked for."""

_MOST_UNRELATED = 0.9
"""The share of unrelated questions that should be farther from all sentences than a sentence is
from a question made of its own words."""


@cache
def unrelated_questions() -> tuple[str, ...]:
    """Return questions about things that hardly any collection is about."""
    return tuple(
        files("citadel.index.retrieval").joinpath("probes.txt").read_text("utf-8").splitlines()
    )


def measure_scale(index: PassageIndex) -> Scale:
    """Measure what brings the similarities of an index to the scale of what is fitted.

    Args:
        index: Whatever scale it has already.

    """
    fitted = fitted_model()
    if index.encoder.fingerprint == fitted.fingerprint:
        return AS_FITTED
    found = measure_similarities(index)
    return replace(found.similarities.scale(fitted.similarities), told_apart=found.told_apart)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a model makes of a collection.

    Attributes:
        similarities: Where they lie.
        told_apart: See ``Scale``.

    """

    similarities: Similarities
    told_apart: float


def measure_similarities(index: PassageIndex) -> Measured:
    """Measure what the model of an index makes of its collection, whatever its scale."""
    asked = _OwnSentences.of(index)
    late_unrelated, cosine_unrelated = _asked(index, asked, unrelated_questions())
    late_asked, cosine_asked = _asked(index, asked, asked.questions)
    asked_of = np.arange(len(asked.questions)), asked.rows
    late_own, cosine_own = late_asked[asked_of], cosine_asked[asked_of]
    nearest = np.quantile(late_unrelated.max(axis=1), _MOST_UNRELATED)
    return Measured(
        Similarities(
            Anchors(float(late_unrelated.mean()), float(late_own.mean())),
            Anchors(float(cosine_unrelated.mean()), float(cosine_own.mean())),
        ),
        float((late_own > nearest).mean()),
    )


@dataclass(frozen=True, slots=True)
class _OwnSentences:
    """Sentences of a collection, and questions made of the words of some.

    Attributes:
        numbers: int64, (sentences,): their numbers, passage by passage.
        firsts: int64, (passages,): the row of the first sentence of each passage.
        questions: One for each passage.
        rows: int64, (passages,): the row of the sentence that each is made of.

    """

    numbers: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.int64]
    questions: tuple[str, ...]
    rows: npt.NDArray[np.int64]

    @classmethod
    def of(cls, index: PassageIndex) -> _OwnSentences:
        count = len(index.passages)
        passages = np.unique(np.linspace(0, count - 1, min(_PASSAGES, count)).astype(np.int64))
        numbers = index.sentences.of_passages(passages)
        firsts = index.sentences.starts(passages)
        made = [_telling_words(index, number) for number in numbers.tolist()]
        ends = np.append(firsts[1:], len(numbers))
        rows = np.array(
            [
                max(range(first, end), key=lambda row: len(made[row]))
                for first, end in zip(firsts.tolist(), ends.tolist(), strict=True)
            ]
        )
        return cls(numbers, firsts, tuple(" ".join(made[row]) for row in rows.tolist()), rows)


def _telling_words(index: PassageIndex, sentence: int) -> list[str]:
    text = index.sentence_text(sentence)
    return [word.surface for word in content_words(index.question_words(text))] or [text]


def _asked(
    index: PassageIndex, asked: _OwnSentences, questions: tuple[str, ...]
) -> tuple[Scores, Scores]:
    """Return float32, (questions, sentences), twice: their late interaction, and their cosines."""
    late, cosines = [], []
    for encoding in index.encoder.encode_questions(questions):
        weights = token_weights(index.piece_counts[encoding.token_ids], len(index.passages))
        tokens = index.sentences.tokens[asked.numbers]
        matches = token_matches(encoding.token_vectors, index.token_vectors, tokens, asked.firsts)
        late.append(matches @ weights)
        cosines.append(index.sentence_vectors.scores(encoding.vector, asked.numbers))
    return np.array(late), np.array(cosines)
