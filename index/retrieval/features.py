"""The candidates for a question, and the features by which each of them is compared with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Indel

from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.encoders.embeddings import first_rows
from citadel.index.encoders.encoder import Encoding
from citadel.index.retrieval.answer_types import asked_types
from citadel.index.retrieval.late_interaction import (
    Matches,
    matches_in_context,
    token_matches,
    token_weights,
)
from citadel.index.retrieval.lexical import TermIds, Word, content_words
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import (
    RankingWeights,
    Scores,
    feature_matrix,
    passage_scores,
)


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

    @classmethod
    def of(cls, index: PassageIndex, passages: npt.NDArray[np.int64]) -> Candidates:
        """Take some passages, by their numbers, ascending, with all their sentences."""
        sentences = index.sentences.of_passages(passages)
        firsts = index.sentences.starts(passages)
        lengths = np.diff(np.append(firsts, len(sentences)))
        return cls(passages, sentences, firsts, np.repeat(np.arange(len(passages)), lengths))

    def ranked(self, scores: Scores) -> tuple[Scores, npt.NDArray[np.int64]]:
        """Return the score of each passage, and their rows, best first.

        Args:
            scores: float32, (sentences,).

        """
        by_passage = passage_scores(scores, self.firsts)
        return by_passage, np.lexsort((self.passages, -by_passage))

    def sentence_rows(self, passages: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the rows of the sentences of some passages, given by theirs, ascending."""
        wanted = np.zeros(len(self.passages), dtype=bool)
        wanted[passages] = True
        return np.flatnonzero(wanted[self.of_sentence])


@dataclass(frozen=True, slots=True)
class QueryFeatures:
    """One text that is searched for, and how the candidates match it.

    Attributes:
        text: The text.
        words: Its words.
        content: Those of them that say what is asked about.
        encoding: Its vectors.
        weights: float32, (tokens,): how much each token counts, 1 in all.
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
) -> tuple[Candidates, list[QueryFeatures]]:
    """Find the candidates for several texts, and how they match each of them.

    Args:
        index: Where to look.
        texts: At least one.
        weights: What each feature counts.
        scope: Which articles to look into.

    Returns:
        The candidates of all texts together, and the features of each text.

    Raises:
        CitadelError: The scope holds no article.
        DamagedIndexError: Token vectors on the disk are no longer what they were.

    """
    return match_encoded(index, texts, index.encoder.encode_questions(texts), weights, scope)


def match_encoded(
    index: PassageIndex,
    texts: Sequence[str],
    encodings: Sequence[Encoding],
    weights: RankingWeights,
    scope: Scope = EVERYTHING,
) -> tuple[Candidates, list[QueryFeatures]]:
    """Find the candidates for texts that are encoded already: see ``read_candidates``."""
    words = [index.question_words(text) for text in texts]
    contents = [content_words(found) for found in words]
    candidates = _proposed(index, encodings, contents, scope)
    sentences, firsts = candidates.sentences, candidates.firsts
    all_matches = index.scale.late.of(
        token_matches(
            np.concatenate([encoding.token_vectors for encoding in encodings]),
            index.token_vectors,
            index.sentences.tokens[sentences],
            firsts,
        )
    )
    features_of_queries: list[QueryFeatures] = []
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
        context = matches_in_context(matches, firsts, index.sentences.announcing[sentences])
        features = feature_matrix(
            context @ told,
            asked_types(text),
            index.sentences.types[sentences],
            index.sentences.lengths(sentences),
        )
        scores = features @ weights.values
        features_of_queries.append(
            QueryFeatures(text, found, content, encoding, told, matches, features, scores)
        )
    return candidates, features_of_queries


def _proposed(
    index: PassageIndex,
    encodings: Sequence[Encoding],
    contents: Sequence[tuple[Word, ...]],
    scope: Scope,
) -> Candidates:
    """Return what the searches for several texts propose together."""
    allowed = index.in_scope(scope)
    proposed = [
        index.candidates(encoding.vector, index.bm25.scores(known_terms(index, content)), allowed)
        for encoding, content in zip(encodings, contents, strict=True)
    ]
    return Candidates.of(index, np.unique(np.concatenate(proposed)))


def _word_matches(
    index: PassageIndex, sentences: npt.NDArray[np.int64], content: Sequence[Word]
) -> Matches:
    firsts = first_rows(index.sentences.lengths(sentences))
    terms = [word.term for word in content]
    found = index.sentences.terms_in(sentences)
    return word_matches(terms, index.vocabulary.terms, found, firsts)


def question_terms(index: PassageIndex, content: Sequence[Word]) -> list[int | None]:
    """Return the identifier of the term of each word; None for what the collection lacks."""
    return [index.vocabulary.id_of(word.term) for word in content]


def known_terms(index: PassageIndex, content: Sequence[Word]) -> list[int]:
    """Return the identifiers of the terms that the collection has."""
    return [term for term in question_terms(index, content) if term is not None]


_TOPIC_SHARE = np.float32(0.5)
_PRIOR = np.float32(5.0)
_SAID_ALREADY = np.float32(1.0)
_PRIOR_SENTENCES = 3
_PRIOR_SHARPNESS = np.float32(0.6)
_NEIGHBOUR = np.float32(0.4)
_SAME_ARTICLE = np.float32(0.15)


def combine(
    index: PassageIndex,
    dependence: float,
    candidates: Candidates,
    features_of_queries: Sequence[QueryFeatures],
) -> Scores:
    """Score a follow-up by itself, with its topic, and by the question before.

    The more a question leans on those before, the more the latter two count; a question that
    stands alone is not affected by them.

    Args:
        index: Where the candidates are.
        dependence: How much the question leans on those before, 0 to 1.
        candidates: Those of all texts.
        features_of_queries: Of the question alone; if it has a topic, of both together and of
            the question before, too.

    Returns:
        float32, (sentences,): the score of each candidate sentence.

    """
    if len(features_of_queries) == 1:
        return features_of_queries[0].scores
    alone, with_topic, earlier = (query_features.scores for query_features in features_of_queries)
    leaning = np.float32(dependence)
    share = _TOPIC_SHARE * leaning
    best = np.argsort(-earlier, kind="stable")[:_PRIOR_SENTENCES]
    likely = np.exp(_PRIOR_SHARPNESS * (earlier[best] - earlier[best[0]]))
    likely /= likely.sum()
    prior = np.zeros(len(candidates.passages), dtype=np.float32)
    articles = index.article_of[candidates.passages]
    for sentence, weight in zip(best, likely, strict=True):
        row = candidates.of_sentence[sentence]
        distance = np.abs(candidates.passages - candidates.passages[row])
        same_article = articles == articles[row]
        near = np.select([distance == 0, distance == 1], [np.float32(1), _NEIGHBOUR], 0)
        prior += weight * np.where(same_article, near + _SAME_ARTICLE * (near < 1), 0)
    scores = (1 - share) * alone + share * with_topic
    scores = scores + _PRIOR * leaning * prior[candidates.of_sentence]
    scores[best[0]] -= _SAID_ALREADY * leaning
    return np.asarray(scores, dtype=np.float32)


_SIMILAR = 0.7
"""The least similarity at which two terms may be forms of one word."""


def word_matches(
    question_terms: Sequence[str],
    terms: Sequence[str],
    sentence_terms: TermIds,
    firsts: npt.NDArray[np.int64],
) -> Matches:
    """Return how well each word of a question is matched by the words of each sentence.

    Two terms match by the share of letters that they have in common, in order; below 0.7 not at
    all. So an ending that the stemmer does not know costs little.

    Args:
        question_terms: The terms of the question.
        terms: The vocabulary, by identifier.
        sentence_terms: int32, (words,): the terms of all sentences, one after another.
        firsts: int64, (sentences,): where each sentence's terms begin.

    Returns:
        float32, (sentences, question terms), 0 to 1, higher is closer.

    """
    matches = np.zeros((len(firsts), len(question_terms)), dtype=np.float32)
    if not len(sentence_terms) or not question_terms:
        return matches
    used, places = np.unique(sentence_terms, return_inverse=True)
    similar = process.cdist(
        question_terms,
        [terms[number] for number in used],
        scorer=Indel.normalized_similarity,
        score_cutoff=_SIMILAR,
        dtype=np.float32,
    )
    ends = np.append(firsts[1:], len(sentence_terms))
    filled = np.flatnonzero(ends > firsts)
    by_word = similar[:, places].T
    matches[filled] = np.maximum.reduceat(by_word, firsts[filled], axis=0)
    return matches


def word_weights(idf: Sequence[float]) -> npt.NDArray[np.float32]:
    """Weigh the words of a question as their tokens are: by the square root of the idf, 1 in all.

    Args:
        idf: The inverse document frequency of each word.

    """
    weights = np.sqrt(np.array(idf, dtype=np.float32))
    return np.asarray(weights / max(float(weights.sum()), 1e-12), dtype=np.float32)
