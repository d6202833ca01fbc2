"""Measures the evidence for an answer in what was found for a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from citadel.index.encoders.encoder import Encoder, Encoding
from citadel.index.retrieval.features import (
    Candidates,
    QueryFeatures,
    match_encoded,
    question_terms,
)
from citadel.index.retrieval.late_interaction import passage_matches
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import Scores, fitted_weights
from citadel.index.retrieval.self_questions import unrelated_questions
from citadel.index.retrieval.signals import (
    Evidence,
    Signals,
    Topic,
    is_name_or_number,
    lacks_asked_type,
    mean_topic,
    passage_margin,
    rank_signals,
    sign_signals,
    topic_signals,
)
from citadel.index.retrieval.stages import Ranking


def measure_signals(
    index: PassageIndex,
    candidates: Candidates,
    query_features: QueryFeatures,
    ranking: Ranking,
    passage: int,
    sentence: int,
    background: Topic,
) -> Signals:
    """Measure the evidence for an answer.

    Args:
        index: Where the candidates are.
        candidates: What was found.
        query_features: The question, as the candidates match it.
        ranking: Their final scores, and what was read of them.
        passage: The row of the best passage among the candidates.
        sentence: The row of the sentence that is quoted first.
        background: What is no sign of an answer: see ``background_of``.

    """
    late = query_features.matches @ query_features.weights
    late_passages = (
        passage_matches(query_features.matches, candidates.firsts) @ query_features.weights
    )
    cosines = _cosines(index, candidates, query_features)
    number = int(candidates.sentences[sentence])
    in_passage = index.sentences.terms_of_passage(int(candidates.passages[passage]))
    in_sentence = index.sentences.terms_of(number)
    ids = [index.vocabulary.id_of(word.term) for word in query_features.content]
    names = [
        term
        for word, term in zip(query_features.content, ids, strict=True)
        if is_name_or_number(word, query_features.text)
    ]
    best = index.passages[int(index.sentences.passages[number])]
    own = candidates.firsts[candidates.of_sentence[sentence]]
    quoted = best.quote(best.sentences[sentence - int(own)])
    return Signals(
        topic=topic_signals(late, cosines).minus(background),
        evidence=Evidence(
            late_best=float(late.max()),
            passage_margin=passage_margin(late_passages),
            missing_names=float(sum(term not in in_passage for term in names)),
            coverage=sum(term in in_sentence for term in ids) / max(len(ids), 1),
            cosine=float(cosines[sentence]),
            type_missing=float(lacks_asked_type(query_features.text, quoted, query_features.words)),
            **rank_signals(ranking.scores),
            late_first=float(late[sentence]),
            cosine_best=float(cosines.max()),
            **_word_shares(index, query_features, in_sentence, in_passage),
            **sign_signals(query_features.text, quoted),
        ),
        reading=ranking.reading.signals(number),
    )


def _word_shares(
    index: PassageIndex,
    query_features: QueryFeatures,
    in_sentence: frozenset[int],
    in_passage: frozenset[int],
) -> dict[str, float]:
    """Return the shares of the question's words, by idf, that a sentence and its passage have."""
    terms = question_terms(index, query_features.content)
    idf = [index.vocabulary.idf(word.term) for word in query_features.content]
    whole = max(sum(idf), 1e-9)

    def share(chosen: Iterable[bool]) -> float:
        return sum(weight for weight, taken in zip(idf, chosen, strict=True) if taken) / whole

    return {
        "words": share(term in in_sentence for term in terms),
        "passage_words": share(term in in_passage for term in terms),
        "unknown_words": share(term is None for term in terms),
    }


def background_of(
    index: PassageIndex, query_features: QueryFeatures, *, across_languages: bool
) -> Topic:
    """Return what a question would score in a collection that it is not about.

    In the language of the collection, that is what unrelated questions get from it. How near a
    model brings other languages to that one differs from language to language, and from question
    to question; so there it is what the question gets from unrelated sentences.

    Args:
        index: The collection.
        query_features: The question, as candidates of the collection match it.
        across_languages: Whether it is in another language than the articles.

    """
    if not across_languages:
        return index.background
    question = query_features.encoding
    strangers = _strangers(index.encoder)
    matches = np.stack(
        [(each.token_vectors @ question.token_vectors.T).max(axis=0) for each in strangers]
    )
    cosines = np.array([each.vector @ question.vector for each in strangers], dtype=np.float32)
    return topic_signals(matches @ query_features.weights, cosines)


_encoded_probes: dict[tuple[str, ...], tuple[Encoding, ...]] = {}
"""Unrelated questions, by the model, what computes it, and as what they are encoded."""


def _remembered(
    encoder: Encoder, kind: str, encode: Callable[[], Iterable[Encoding]]
) -> tuple[Encoding, ...]:
    """Return what was encoded before with the same model: a process has one or two."""
    key = (encoder.fingerprint, encoder.backend, encoder.conversion, kind)
    if key not in _encoded_probes:
        _encoded_probes[key] = tuple(encode())
    return _encoded_probes[key]


def _strangers(encoder: Encoder) -> tuple[Encoding, ...]:
    """Return unrelated questions, encoded as texts of a collection."""
    return _remembered(encoder, "texts", lambda: encoder.encode_texts(unrelated_questions()))


def _probes(encoder: Encoder) -> tuple[Encoding, ...]:
    """Return unrelated questions, encoded one by one, as people ask.

    In a batch, the last bits of their vectors would be others.
    """
    asked = unrelated_questions()
    return _remembered(
        encoder, "questions", lambda: (encoder.encode_questions([text])[0] for text in asked)
    )


def measure_background(index: PassageIndex) -> Topic:
    """Return what questions about other things get from a collection, on average."""
    topics = []
    for text, probe in zip(unrelated_questions(), _probes(index.encoder), strict=True):
        candidates, (features,) = match_encoded(index, [text], [probe], fitted_weights())
        late = features.matches @ features.weights
        topics.append(topic_signals(late, _cosines(index, candidates, features)))
    return mean_topic(topics)


def _cosines(index: PassageIndex, candidates: Candidates, query_features: QueryFeatures) -> Scores:
    return index.cosines(query_features.encoding.vector, candidates.sentences)
