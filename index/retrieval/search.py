"""How the passages and sentences that answer a question are found."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from citadel.index.corpus.layout import Span
from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.retrieval.evidence import background_of, measure_signals
from citadel.index.retrieval.features import Candidates, QueryFeatures, combine, read_candidates
from citadel.index.retrieval.hits import Hit, Match, SentenceHit
from citadel.index.retrieval.lexical import Word
from citadel.index.retrieval.pair_features import best_rows, pair_features
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import (
    RankingWeights,
    Scores,
    choose_sentences,
    fitted_weights,
    passage_scores,
    weights_across_languages,
)
from citadel.index.retrieval.scale import AS_FITTED
from citadel.index.retrieval.signals import Signals
from citadel.index.retrieval.stages import ONLY_RANKER, Stages, rank

_QUOTABLE_PASSAGES = 5
_QUOTABLE_SENTENCES = 8

_COPIES = 3
"""How many passages of the same text are shown: enough to see that several articles have it."""

_COMPARED = 50
"""How many of the best passages are compared with each other."""

_MOSTLY_DEPENDENT = 0.6

_ASKED_WORDS = 28
"""How many are put to the reader, which takes forty tokens: the question itself is not cut."""

_SHOWN_SPREAD = 12.0
"""A passage that scores so much less than the best one is shown with 1/e of its number."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for.

    Attributes:
        text: The question.
        topic: What a follow-up carries over from the questions before, or "".
        earlier: The question before, standing alone, or "".
        dependence: How much the question leans on those before, 0 to 1.
        scope: Which articles to look into.

    """

    text: str
    topic: str = ""
    earlier: str = ""
    dependence: float = 0.0
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class QuotableSentence:
    """A sentence to quote.

    Attributes:
        hit: The position of its passage among the hits, from 0.
        span: The sentence, by its offsets in the stored text of the article.

    """

    hit: int
    span: Span


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes:
        hits: The best passages, best first.
        quotable: Sentences of the first five, in the order in which to quote them: each after the
            first is there for what it adds, too.
        signals: The evidence that an answer is there.

    """

    hits: tuple[Hit, ...]
    quotable: tuple[QuotableSentence, ...]
    signals: Signals


def search(
    index: PassageIndex,
    query: Query,
    count: int,
    weights: RankingWeights | None = None,
    stages: Stages | None = ONLY_RANKER,
) -> SearchResult:
    """Find the passages and sentences that answer a question.

    First-stage searches propose candidates; the costly scores are computed for those only, so
    the cost does not grow with the collection.

    Args:
        index: Where to search.
        query: What to search for.
        count: How many passages to return at most.
        weights: What each feature counts; those that come with Citadel by default.
        stages: What looks at the candidates then; by default the ranker of Citadel alone. None for
            a question in another language than the articles: all stages read English.

    Raises:
        CitadelError: The scope of the query holds no article.

    """
    if stages is None:
        index = replace(index, scale=AS_FITTED)
    fitted = weights or (fitted_weights() if stages is not None else weights_across_languages())
    candidates, judged, scores = _first_stage(index, query, fitted)
    nearness = _nearness(scores, candidates, fitted)
    ranking = rank(index, candidates, judged, scores, stages, asked_in_full(query))
    scores = ranking.scores
    by_passage, order = candidates.ranked(scores)
    order = _without_more_copies(index, candidates, order, max(count, _QUOTABLE_PASSAGES))
    quotable_rows = _quotable_rows(index, candidates, order, scores, judged)
    known = _known_words(index, judged)
    shown = _Shown(float(by_passage.max()), nearness)
    hits = tuple(
        _hit(index, candidates, int(row), float(by_passage[row]), scores, known, shown)
        for row in order[:count]
    )
    places = {int(row): place for place, row in enumerate(order[:count])}
    shown_rows = [row for row in quotable_rows if int(candidates.of_sentence[row]) in places]
    # Where few passages are asked for, the best sentences may stand in none of them.
    shown_rows = shown_rows or _quotable_rows(index, candidates, order[:count], scores, judged)
    quotable = tuple(
        QuotableSentence(
            (place := places[int(candidates.of_sentence[row])]),
            hits[place].passage.sentences[
                row - int(candidates.firsts[candidates.of_sentence[row]])
            ],
        )
        for row in shown_rows
    )
    background = background_of(index, judged, across_languages=stages is None)
    signals = measure_signals(
        index, candidates, judged, ranking, int(order[0]), quotable_rows[0], background
    )
    return SearchResult(hits, quotable, signals)


def candidate_features(
    index: PassageIndex, question: str
) -> tuple[Scores, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return what the scores of all candidates of a question are computed from: to fit weights.

    Returns:
        float32, (sentences, features), in the order of ``ranking.FEATURES``; the number of each
        sentence in the index; and that of its passage, ascending.

    """
    candidates, features_of_queries = read_candidates(index, [question], fitted_weights())
    passages = candidates.passages[candidates.of_sentence]
    return features_of_queries[0].features, candidates.sentences, passages


def ranker_features(
    index: PassageIndex, query: Query
) -> tuple[Scores, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return what the ranker reads of the best candidates of a question: to train it.

    Returns:
        float32, (sentences, features), in the order of ``PAIR_FEATURES``, best first by the first
        stage; the number of each sentence in the index; and that of its passage.

    """
    candidates, judged, scores = _first_stage(index, query, fitted_weights())
    rows = best_rows(scores)
    features = pair_features(index, candidates, judged, scores, rows)
    return features, candidates.sentences[rows], candidates.passages[candidates.of_sentence[rows]]


def ranked_candidates(
    index: PassageIndex, query: Query, stages: Stages
) -> tuple[Scores, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the final scores of the candidates of a question: to measure stages by.

    Returns:
        float32, (sentences,): their scores; the number of each in the index; and that of its
        passage.

    """
    candidates, judged, scores = _first_stage(index, query, fitted_weights())
    ranking = rank(index, candidates, judged, scores, stages, asked_in_full(query))
    return ranking.scores, candidates.sentences, candidates.passages[candidates.of_sentence]


def first_scores(index: PassageIndex, query: Query) -> tuple[Scores, npt.NDArray[np.int64]]:
    """Return what the first stage makes of the candidates of a question: to train the reader.

    Returns:
        float32, (sentences,): their scores; and the number of each in the index.

    """
    candidates, _, scores = _first_stage(index, query, fitted_weights())
    return scores, candidates.sentences


def _first_stage(
    index: PassageIndex, query: Query, weights: RankingWeights
) -> tuple[Candidates, QueryFeatures, Scores]:
    """Return the candidates, the question that they are judged by, and their scores."""
    texts = [query.text]
    if query.topic and query.dependence > 0:
        texts += [f"{query.text} {query.topic}", query.earlier]
    candidates, features_of_queries = read_candidates(index, texts, weights, query.scope)
    scores = combine(index, query.dependence, candidates, features_of_queries)
    return candidates, features_of_queries[1 if _leans(query) else 0], scores


def asked_in_full(query: Query) -> str:
    """Return the question, and after it the one that it leans on: as the reader is asked."""
    if not _leans(query):
        return query.text
    room = max(_ASKED_WORDS - len(query.text.split()), 0)
    return " ".join([query.text, *query.earlier.split()[:room]])


def _leans(query: Query) -> bool:
    return bool(query.topic) and query.dependence >= _MOSTLY_DEPENDENT


def _without_more_copies(
    index: PassageIndex, candidates: Candidates, order: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """Return the best passages, so many at most, at most three of the same text.

    What every article of a publisher ends with must not take the place of all other passages.
    """
    seen: Counter[str] = Counter()
    kept: list[int] = []
    for row in order[:_COMPARED]:
        if len(kept) == count:
            break
        text = index.passages[int(candidates.passages[row])].text
        seen[text] += 1
        if seen[text] <= _COPIES:
            kept.append(int(row))
    missing = max(count - len(kept), 0)
    return np.concatenate([np.array(kept, dtype=np.int64), order[_COMPARED:][:missing]])


def _quotable_rows(
    index: PassageIndex,
    candidates: Candidates,
    order: npt.NDArray[np.int64],
    scores: Scores,
    query_features: QueryFeatures,
) -> list[int]:
    """Choose the sentences to quote from the best passages, in the order to quote them."""
    rows = candidates.sentence_rows(order[:_QUOTABLE_PASSAGES])
    # A line that only announces answers nothing: what it announces does.
    telling = rows[~index.sentences.announcing[candidates.sentences[rows]]]
    rows = telling if len(telling) else rows
    chosen = choose_sentences(
        scores[rows], query_features.matches[rows] * query_features.weights, _QUOTABLE_SENTENCES
    )
    return [int(rows[place]) for place in chosen]


def _known_words(index: PassageIndex, query_features: QueryFeatures) -> list[tuple[Word, int]]:
    """Return the words that say what is asked about, with their terms, as far as there are any."""
    found = ((word, index.vocabulary.id_of(word.term)) for word in query_features.content)
    return [(word, term) for word, term in found if term is not None]


def _hit(
    index: PassageIndex,
    candidates: Candidates,
    row: int,
    score: float,
    sentence_scores: Scores,
    known: Sequence[tuple[Word, int]],
    shown: _Shown,
) -> Hit:
    number = int(candidates.passages[row])
    passage = index.passages[number]
    first = candidates.firsts[row]
    own = sentence_scores[first : first + len(passage.sentences)].tolist()
    present = index.sentences.terms_of_passage(number)
    return Hit(
        passage,
        shown.of(score),
        tuple(
            SentenceHit(passage.sentences[place], shown.of(own[place]))
            for place in sorted(range(len(own)), key=lambda place: -own[place])
        ),
        tuple(
            Match(word.surface, index.vocabulary.forms[term])
            for word, term in known
            if term in present
        ),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """Brings scores to a scale within 0 and 1, on which the best one is the nearness found.

    Attributes:
        best: The score of the best passage.
        nearness: How near it is by the first stage, on about the scale of a cosine.

    """

    best: float
    nearness: float

    def of(self, score: float) -> float:
        """Return the score of a passage or of a sentence as it is shown."""
        return self.nearness * math.exp(min(score - self.best, 0.0) / _SHOWN_SPREAD)


def _nearness(scores: Scores, candidates: Candidates, weights: RankingWeights) -> float:
    """Return how near the best passage is, on about the scale of a cosine, within 0 and 1."""
    best = float(passage_scores(scores, candidates.firsts).max())
    return min(max(best / weights.unit, 0.0), 1.0)
