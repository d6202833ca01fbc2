"""How the passages and sentences that answer a question are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from index.answer_types import asked_types
from index.encoder import Encoding
from index.hits import Hit, Match, SentenceHit
from index.late_interaction import (
    Matches,
    matches_in_context,
    passage_matches,
    token_matches,
    token_weights,
)
from index.layout import Span
from index.lexical import Word, content_words
from index.passage_index import PassageIndex
from index.ranking import (
    RankingWeights,
    Scores,
    choose_sentences,
    feature_matrix,
    fitted_weights,
    passage_scores,
)
from index.reranking import Reranker, second_opinion
from index.scope import EVERYTHING, Scope
from index.signals import (
    Evidence,
    Signals,
    Topic,
    is_name_or_number,
    lacks_asked_type,
    mean_topic,
    passage_margin,
    topic_signals,
)
from index.word_matching import word_matches, word_weights

_QUOTABLE_PASSAGES = 5
_QUOTABLE_SENTENCES = 8

_RERANKED_PASSAGES = 10

_COPIES = 3
"""So many passages of the same text are shown: enough to see that it stands in several articles."""

_COMPARED = 50
"""So many of the best passages are compared with each other."""

_TOPIC_SHARE = np.float32(0.5)
_PRIOR = np.float32(5.0)
_SAID_ALREADY = np.float32(1.0)
_PRIOR_SENTENCES = 3
_PRIOR_SHARPNESS = np.float32(0.6)
_NEIGHBOUR = np.float32(0.4)
_SAME_ARTICLE = np.float32(0.15)
_MOSTLY_DEPENDENT = 0.6


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
        signals: What speaks for an answer being there.

    """

    hits: tuple[Hit, ...]
    quotable: tuple[QuotableSentence, ...]
    signals: Signals


@dataclass(frozen=True, slots=True)
class _Candidates:
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
class _Reading:
    """One text that is searched for, and how the candidates match it.

    Attributes:
        text: The text.
        words: Its words.
        encoding: Its vectors.
        weights: float32, (tokens,): how much each token tells, 1 in all.
        matches: float32, (sentences, tokens).
        features: float32, (sentences, features), in the order of ``ranking.FEATURES``.
        scores: float32, (sentences,): the fitted score.

    """

    text: str
    words: tuple[Word, ...]
    encoding: Encoding
    weights: Scores
    matches: Matches
    features: Scores
    scores: Scores


def search(
    index: PassageIndex,
    query: Query,
    count: int,
    weights: RankingWeights | None = None,
    reranker: Reranker | None = None,
) -> SearchResult:
    """Find the passages and sentences that answer a question.

    First-stage searches propose candidates; the costly scores are computed for those only, so
    the cost does not grow with the collection.

    Args:
        index: Where to search.
        query: What to search for.
        count: How many passages to return at most.
        weights: What each feature counts; those that come with Citadel by default.
        reranker: Gives a second opinion on the ten best passages and their sentences, if any.

    Raises:
        CitadelError: The scope of the query holds no article.

    """
    fitted = weights or fitted_weights()
    texts = [query.text]
    if query.topic:
        texts += [f"{query.text} {query.topic}", query.earlier]
    candidates, readings = _read(index, texts, fitted, query.scope)
    scores = _combine(index, query, candidates, readings)
    judged = readings[1 if query.topic and query.dependence >= _MOSTLY_DEPENDENT else 0]
    if reranker is not None:
        scores = _reranked(index, candidates, scores, reranker, judged.text)
    by_passage, order = _ranked(candidates, scores)
    order = _without_more_copies(index, candidates, order)
    quotable_rows = _quotable_rows(index, candidates, order, scores, judged)
    question_words = content_words(judged.words)
    hits = tuple(
        _hit(index, candidates, int(row), float(by_passage[row]), scores, question_words, fitted)
        for row in order[:count]
    )
    places = {int(row): place for place, row in enumerate(order[:count])}
    shown_rows = [row for row in quotable_rows if int(candidates.of_sentence[row]) in places]
    # Where few passages are asked for, the best sentences may stand in none of them.
    shown_rows = shown_rows or _quotable_rows(index, candidates, order[:count], scores, judged)
    quotable = tuple(
        QuotableSentence(
            places[int(candidates.of_sentence[row])], _span(index, int(candidates.sentences[row]))
        )
        for row in shown_rows
    )
    signals = _signals(index, candidates, judged, int(order[0]), quotable_rows[0])
    return SearchResult(hits, quotable, signals)


def candidate_features(
    index: PassageIndex, question: str
) -> tuple[Scores, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return what the scores of all candidates of a question are computed from: to fit weights.

    Returns:
        float32, (sentences, features), in the order of ``ranking.FEATURES``; the number of each
        sentence in the index; and that of its passage, ascending.

    """
    candidates, readings = _read(index, [question], fitted_weights())
    passages = candidates.passages[candidates.of_sentence]
    return readings[0].features, candidates.sentences, passages


def measure_background(index: PassageIndex) -> Topic:
    """Return what questions about other things get from a collection, on average."""
    topics = []
    for probe in _probes():
        candidates, readings = _read(index, [probe], fitted_weights())
        topics.append(_topic(index, candidates, readings[0]))
    return mean_topic(topics)


@cache
def _probes() -> tuple[str, ...]:
    return tuple(files("index").joinpath("probes.txt").read_text("utf-8").splitlines())


def _read(
    index: PassageIndex,
    texts: Sequence[str],
    weights: RankingWeights,
    scope: Scope = EVERYTHING,
) -> tuple[_Candidates, list[_Reading]]:
    """Find the candidates for several texts, and how they match each of them."""
    encodings = index.encoder.encode_questions(texts)
    words = [index.question_words(text) for text in texts]
    allowed = index.in_scope(scope)
    proposed = [
        index.candidates(encoding.vector, index.bm25.scores(_term_ids(index, found)), allowed)
        for encoding, found in zip(encodings, words, strict=True)
    ]
    passages = np.unique(np.concatenate(proposed))
    sentences = index.sentences.of_passages(passages)
    firsts = index.sentences.starts(passages)
    lengths = np.diff(np.append(firsts, len(sentences)))
    of_sentence = np.repeat(np.arange(len(passages)), lengths)
    candidates = _Candidates(passages, sentences, firsts, of_sentence)
    all_matches = token_matches(
        np.concatenate([encoding.token_vectors for encoding in encodings]),
        index.token_vectors,
        index.sentences.tokens[sentences],
        firsts,
    )
    readings: list[_Reading] = []
    first = 0
    for text, found, encoding in zip(texts, words, encodings, strict=True):
        last = first + len(encoding.token_ids)
        if index.encoder.reads(text):
            matches = all_matches[:, first:last]
            told = token_weights(index.piece_counts[encoding.token_ids], len(index.passages))
        else:
            content = content_words(found)
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
        readings.append(_Reading(text, found, encoding, told, matches, features, scores))
    return candidates, readings


def _word_matches(
    index: PassageIndex, sentences: npt.NDArray[np.int64], content: Sequence[Word]
) -> Matches:
    table = index.sentences
    lengths = table.lengths(sentences)
    firsts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    rows = np.repeat(table.first_terms[sentences] - firsts, lengths) + np.arange(lengths.sum())
    terms = [word.term for word in content]
    return word_matches(terms, index.vocabulary.terms, table.terms[rows], firsts)


def _term_ids(index: PassageIndex, found: Sequence[Word]) -> list[int]:
    ids = (index.vocabulary.id_of(word.term) for word in content_words(found))
    return [number for number in ids if number is not None]


def _combine(
    index: PassageIndex, query: Query, candidates: _Candidates, readings: Sequence[_Reading]
) -> Scores:
    """Score a follow-up by itself, with its topic, and by where the talk was before.

    The more a question leans on those before, the more the latter two count; a question that
    stands alone is not touched by them.
    """
    if len(readings) == 1:
        return readings[0].scores
    alone, with_topic, earlier = (reading.scores for reading in readings)
    leaning = np.float32(query.dependence)
    share = _TOPIC_SHARE * leaning
    best = np.argsort(-earlier, kind="stable")[:_PRIOR_SENTENCES]
    likely = np.exp(_PRIOR_SHARPNESS * (earlier[best] - earlier[best[0]]))
    likely /= likely.sum()
    prior = np.zeros(len(candidates.passages), dtype=np.float32)
    sources = np.array([index.passages[number].source for number in candidates.passages])
    for sentence, weight in zip(best, likely, strict=True):
        row = candidates.of_sentence[sentence]
        distance = np.abs(candidates.passages - candidates.passages[row])
        same_article = sources == sources[row]
        near = np.select([distance == 0, distance == 1], [np.float32(1), _NEIGHBOUR], 0)
        prior += weight * np.where(same_article, near + _SAME_ARTICLE * (near < 1), 0)
    scores = (1 - share) * alone + share * with_topic
    scores = scores + _PRIOR * leaning * prior[candidates.of_sentence]
    scores[best[0]] -= _SAID_ALREADY * leaning
    return np.asarray(scores, dtype=np.float32)


def _ranked(candidates: _Candidates, scores: Scores) -> tuple[Scores, npt.NDArray[np.int64]]:
    """Return the score of each passage, and their rows, best first."""
    by_passage = passage_scores(scores, candidates.firsts)
    return by_passage, np.lexsort((candidates.passages, -by_passage))


def _without_more_copies(
    index: PassageIndex, candidates: _Candidates, order: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Leave out the fourth and further of the best passages that have the same text.

    What every article of a publisher ends with must not take the place of all other passages.
    """
    seen: Counter[str] = Counter()
    kept: list[int] = []
    for row in order[:_COMPARED]:
        text = index.passages[int(candidates.passages[row])].text
        seen[text] += 1
        if seen[text] <= _COPIES:
            kept.append(int(row))
    return np.concatenate([np.array(kept, dtype=np.int64), order[_COMPARED:]])


def _reranked(
    index: PassageIndex, candidates: _Candidates, scores: Scores, reranker: Reranker, question: str
) -> Scores:
    """Score the sentences of the best passages anew: each by itself, and by its passage."""
    _, order = _ranked(candidates, scores)
    rows = np.flatnonzero(np.isin(candidates.of_sentence, order[:_RERANKED_PASSAGES]))
    numbers, of_row = np.unique(candidates.of_sentence[rows], return_inverse=True)
    passages = [index.passages[number] for number in candidates.passages[numbers]]
    sentences = [
        passages[place].quote(_span(index, int(number)))
        for place, number in zip(of_row, candidates.sentences[rows], strict=True)
    ]
    opinions = reranker.scores(question, [*(passage.text for passage in passages), *sentences])
    opinion = opinions[of_row] + opinions[len(passages) :]
    reranked = scores.copy()
    reranked[rows] = second_opinion(scores[rows], opinion)
    return reranked


def _quotable_rows(
    index: PassageIndex,
    candidates: _Candidates,
    order: npt.NDArray[np.int64],
    scores: Scores,
    reading: _Reading,
) -> list[int]:
    """Choose the sentences to quote from the best passages, in the order to quote them."""
    best = order[:_QUOTABLE_PASSAGES]
    rows = np.flatnonzero(np.isin(candidates.of_sentence, best))
    # A line that only announces answers nothing: what it announces does.
    telling = rows[~index.sentences.announcing[candidates.sentences[rows]]]
    rows = telling if len(telling) else rows
    chosen = choose_sentences(
        scores[rows], reading.matches[rows] * reading.weights, _QUOTABLE_SENTENCES
    )
    return [int(rows[place]) for place in chosen]


def _topic(index: PassageIndex, candidates: _Candidates, reading: _Reading) -> Topic:
    return topic_signals(
        reading.matches @ reading.weights,
        index.sentence_vectors.scores(reading.encoding.vector, candidates.sentences),
    )


def _signals(
    index: PassageIndex, candidates: _Candidates, reading: _Reading, passage: int, sentence: int
) -> Signals:
    """Measure what speaks for the best passage and its best sentence, given by their rows."""
    late = reading.matches @ reading.weights
    late_passages = passage_matches(reading.matches, candidates.firsts) @ reading.weights
    topic = _topic(index, candidates, reading)
    number = int(candidates.sentences[sentence])
    in_passage = index.sentences.terms_of_passage(int(candidates.passages[passage]))
    in_sentence = index.sentences.terms_of(number)
    content = content_words(reading.words)
    ids = [index.vocabulary.id_of(word.term) for word in content]
    names = [
        term
        for word, term in zip(content, ids, strict=True)
        if is_name_or_number(word, reading.text)
    ]
    best = index.passages[int(index.sentences.passages[number])]
    vector = index.sentence_vectors.scores(
        reading.encoding.vector, candidates.sentences[sentence : sentence + 1]
    )
    return Signals(
        topic=topic.minus(index.background),
        evidence=Evidence(
            late_best=float(late.max()),
            passage_margin=passage_margin(late_passages),
            missing_names=float(sum(term not in in_passage for term in names)),
            coverage=sum(term in in_sentence for term in ids) / max(len(ids), 1),
            cosine=float(vector[0]),
            type_missing=float(
                lacks_asked_type(reading.text, best.quote(_span(index, number)), reading.words)
            ),
        ),
    )


def _span(index: PassageIndex, sentence: int) -> Span:
    passage = int(index.sentences.passages[sentence])
    return index.passages[passage].sentences[sentence - int(index.sentences.first[passage])]


def _hit(
    index: PassageIndex,
    candidates: _Candidates,
    row: int,
    score: float,
    sentence_scores: Scores,
    question_words: Sequence[Word],
    weights: RankingWeights,
) -> Hit:
    number = int(candidates.passages[row])
    passage = index.passages[number]
    own = sentence_scores[candidates.of_sentence == row]
    present = index.sentences.terms_of_passage(number)
    found = [(word, index.vocabulary.id_of(word.term)) for word in question_words]
    return Hit(
        passage,
        _shown(score, weights),
        tuple(
            SentenceHit(passage.sentences[place], _shown(float(own[place]), weights))
            for place in np.argsort(-own, kind="stable")
        ),
        tuple(
            Match(word.surface, index.vocabulary.forms[term])
            for word, term in found
            if term is not None and term in present
        ),
    )


def _shown(score: float, weights: RankingWeights) -> float:
    """Bring a score back to about the scale of a cosine, within 0 and 1."""
    return min(max(score / weights.unit, 0.0), 1.0)
