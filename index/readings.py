"""What a question is compared with, and how: its candidates, and the reading of it by each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.answer_types import asked_types
from index.encoded_passages import first_rows
from index.encoder import Encoding
from index.late_interaction import Matches, matches_in_context, token_matches, token_weights
from index.lexical import Word, content_words
from index.passage_index import PassageIndex
from index.ranking import RankingWeights, Scores, feature_matrix
from index.scope import EVERYTHING, Scope
from index.word_matching import word_matches, word_weights


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages and sentences that get the costly scores, by their numbers in the index.

    Attributes:
        passages: int64, (passages,), ascending.
        sentences: int64, (sentences,): theirs, passage by passage.
        firsts: int64, (passages,): the row of the first sentence of each passage.
        of_sentence: int64, (sentences,): the row of each sentence's passage.

    """

    passages: npt.NDArray[np.int64]
    sentences: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.int64]
    of_sentence: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """One text that is searched for, and how the candidates match it.

    Attributes:
        text: The text.
        words: Its words.
        content: Those of them that tell what is asked about.
        encoding: Its vectors.
        weights: float32, (tokens,): how much each token tells, 1 in all.
        matches: float32, (sentences, tokens).
        features: float32, (sentences, features), in the order of ``ranking.FEATURES``.
        scores: float32, (sentences,): the fitted score.

    """

    text: str
    words: tuple[Word, ...]
    content: tuple[Word, ...]
    encoding: Encoding
    weights: Scores
    matches: Matches
    features: Scores
    scores: Scores


def read_candidates(
    index: PassageIndex,
    texts: Sequence[str],
    weights: RankingWeights,
    scope: Scope = EVERYTHING,
) -> tuple[Candidates, list[Reading]]:
    """Find the candidates for several texts, and how they match each of them.

    Args:
        index: Where to look.
        texts: At least one.
        weights: What each feature counts.
        scope: Which articles to look into.

    Returns:
        The candidates of all texts together, and a reading of each text.

    Raises:
        CitadelError: The scope holds no article.
        DamagedIndexError: Token vectors on the disk are no longer what they were.

    """
    encodings = index.encoder.encode_questions(texts)
    words = [index.question_words(text) for text in texts]
    contents = [content_words(found) for found in words]
    allowed = index.in_scope(scope)
    proposed = [
        index.candidates(encoding.vector, index.bm25.scores(_term_ids(index, content)), allowed)
        for encoding, content in zip(encodings, contents, strict=True)
    ]
    passages = np.unique(np.concatenate(proposed))
    sentences = index.sentences.of_passages(passages)
    firsts = index.sentences.starts(passages)
    lengths = np.diff(np.append(firsts, len(sentences)))
    of_sentence = np.repeat(np.arange(len(passages)), lengths)
    candidates = Candidates(passages, sentences, firsts, of_sentence)
    all_matches = token_matches(
        np.concatenate([encoding.token_vectors for encoding in encodings]),
        index.token_vectors,
        index.sentences.tokens[sentences],
        firsts,
    )
    readings: list[Reading] = []
    first = 0
    for text, found, content, encoding in zip(texts, words, contents, encodings, strict=True):
        last = first + len(encoding.token_ids)
        if index.encoder.reads(text):
            matches = all_matches[:, first:last]
            told = token_weights(index.piece_counts[encoding.token_ids], len(index.passages))
        else:
            matches = _word_matches(index, sentences, content)
            told = word_weights([index.vocabulary.idf(word.term) for word in content])
        first = last
        features = feature_matrix(
            matches_in_context(matches, firsts, index.sentences.announcing[sentences]) @ told,
            asked_types(text),
            index.sentences.types[sentences],
            index.sentences.lengths(sentences),
        )
        scores = features @ weights.values
        readings.append(Reading(text, found, content, encoding, told, matches, features, scores))
    return candidates, readings


def _word_matches(
    index: PassageIndex, sentences: npt.NDArray[np.int64], content: Sequence[Word]
) -> Matches:
    firsts = first_rows(index.sentences.lengths(sentences))
    terms = [word.term for word in content]
    found = index.sentences.terms_in(sentences)
    return word_matches(terms, index.vocabulary.terms, found, firsts)


def _term_ids(index: PassageIndex, content: Sequence[Word]) -> list[int]:
    ids = (index.vocabulary.id_of(word.term) for word in content)
    return [number for number in ids if number is not None]
