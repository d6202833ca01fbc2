"""How a question and each of the best candidate sentences go together: what the ranker reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from citadel.index.retrieval.features import Candidates, QueryFeatures, known_terms, question_terms
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import Scores, passage_scores
from citadel.index.retrieval.sentence_signs import SIGNS, signs_of_pairs

BEST = 40
"""How many of the best sentences are looked at closely."""

NUMBERS: Final = (
    # Against the best of all candidates: scores of other questions don't compare.
    *("first_stage", "late", "cosine", "bm25"),
    # The share of the question's words, weighted by idf: in the sentence, its passage, and the
    # sentence before.
    *("words", "passage_words", "words_before"),
    *("bm25_share", "late_before", "late_after", "passage_late", "passage_score", "article"),
    *("first_of_passage", "place", "only_of_passage", "late_itself", "cosine_itself"),
    *("type_date", "type_number", "type_person", "type_place", "type_statement", "type_list"),
)
PAIR_FEATURES: Final = (*NUMBERS, *SIGNS)
"""The columns, in order."""

Rows = npt.NDArray[np.int64]


def best_rows(scores: Scores) -> Rows:
    """Return the rows of the candidate sentences that are looked at closely, best first."""
    return np.argsort(-scores, kind="stable")[:BEST]


def pair_features(
    index: PassageIndex,
    candidates: Candidates,
    query: QueryFeatures,
    scores: Scores,
    rows: Rows,
) -> Scores:
    """Measure how some candidate sentences go with a question.

    Args:
        index: Where they are.
        candidates: All candidates.
        query: The question, as they match it.
        scores: float32, (sentences,): those of the first stage.
        rows: int64, (chosen,): which sentences.

    Returns:
        float32, (chosen, features), in the order of ``PAIR_FEATURES``.

    """
    late = query.matches @ query.weights
    cosine = index.cosines(query.encoding.vector, candidates.sentences)
    place = np.arange(len(scores)) - candidates.firsts[candidates.of_sentence]
    before = np.where(place > 0, np.roll(late, 1), late.min())
    numbers = _numbers(index, candidates, query, scores, late, cosine, before, place)
    texts = [index.sentence_text(number) for number in candidates.sentences[rows].tolist()]
    signs = signs_of_pairs(query.text, texts, before[rows] - late[rows])
    return np.column_stack([numbers[rows], signs]).astype(np.float32)


def _numbers(
    index: PassageIndex,
    candidates: Candidates,
    query: QueryFeatures,
    scores: Scores,
    late: Scores,
    cosine: Scores,
    before: Scores,
    place: Rows,
) -> Scores:
    """Measure all candidates, in the order of ``NUMBERS``."""
    of, firsts = candidates.of_sentence, candidates.firsts
    terms = question_terms(index, query.content)
    bm25 = index.bm25.scores(known_terms(index, query.content))[candidates.passages][of]
    words, passage_words = _covered(index, candidates, query, terms)
    sizes = np.diff(np.append(firsts, len(scores)))[of]
    after = np.where(place + 1 < sizes, np.roll(late, -1), late.min())
    best = late.max()
    by_passage = passage_scores(scores, firsts)
    return np.column_stack(
        [
            *(scores - scores.max(), late - best, cosine - cosine.max(), bm25 - bm25.max()),
            *(words, passage_words, np.where(place > 0, np.roll(words, 1), 0.0)),
            *(bm25 / max(float(bm25.max()), 1e-6), before - best, after - best),
            np.maximum.reduceat(late, firsts)[of] - best,
            (by_passage - by_passage.max())[of],
            _article_scores(index, candidates, scores)[of],
            *(place == 0, np.log1p(place), sizes == 1, late, cosine),
            query.features[:, 1:7],
        ]
    )


def _covered(
    index: PassageIndex, candidates: Candidates, query: QueryFeatures, terms: Sequence[int | None]
) -> tuple[Scores, Scores]:
    """Return the share of the question's words, by idf, in each sentence and in its passage."""
    idf = np.array([index.vocabulary.idf(word.term) for word in query.content], dtype=np.float32)
    count = len(candidates.sentences)
    if not len(idf):
        return np.zeros(count, dtype=np.float32), np.zeros(count, dtype=np.float32)
    found = np.zeros((count, len(idf)), dtype=np.float32)
    words = index.sentences.terms_in(candidates.sentences)
    rows = np.repeat(np.arange(count), index.sentences.lengths(candidates.sentences))
    for column, term in enumerate(terms):
        if term is not None:
            found[rows[words == term], column] = 1
    weights = idf / max(float(idf.sum()), 1e-9)
    in_passage = np.maximum.reduceat(found, candidates.firsts, axis=0) @ weights
    return found @ weights, in_passage[candidates.of_sentence]


def _article_scores(index: PassageIndex, candidates: Candidates, scores: Scores) -> Scores:
    """Return for each passage how much its article has to say: the log of the summed odds."""
    articles = index.article_of[candidates.passages]
    odds = np.add.reduceat(np.exp(scores - scores.max()), candidates.firsts)
    _, numbers = np.unique(articles, return_inverse=True)
    of_article = np.log(np.bincount(numbers, weights=odds) + 1e-12)
    return np.asarray(of_article[numbers], dtype=np.float32)
