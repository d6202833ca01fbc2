"""All that is known of a collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import numpy.typing as npt

from index.answer_types import offered_types
from index.articles import Article
from index.dense import VectorIndex
from index.encoder import Encoder, Encoding, Vectors, unit_rows
from index.fusion import Scores, convex_fusion
from index.late_interaction import Ranges, TokenVectors
from index.layout import is_announcement
from index.lexical import BM25, TermIds, Vocabulary, Word, best_scored, words
from index.passages import Passage, split_article
from index.scope import EVERYTHING, Scope
from index.signals import NO_BACKGROUND, Topic
from index.spellings import NameCounts

_PROPOSED = 50
"""How many passages or sentences each first-stage search proposes."""

_CANDIDATES = 32
"""How many passages get the costly scores."""


@dataclass(frozen=True, slots=True)
class SentenceTable:
    """Where the sentences of all passages stand in the index's arrays.

    Sentences are numbered through the collection, passage by passage.

    Attributes:
        first: int64, (passages + 1,): the first sentence of each passage; then their number.
        passages: int32, (sentences,): the passage of each.
        tokens: int64, (sentences, 2): its range of token vectors.
        terms: int32, (words,): the terms of all sentences, one after another.
        first_terms: int64, (sentences + 1,): where each sentence's terms begin.
        types: bool, (sentences, answer types): which kinds of answer stand in each.
        announcing: bool, (sentences,): whether each ends in a colon.

    """

    first: npt.NDArray[np.int64]
    passages: npt.NDArray[np.int32]
    tokens: Ranges
    terms: TermIds
    first_terms: npt.NDArray[np.int64]
    types: npt.NDArray[np.bool_]
    announcing: npt.NDArray[np.bool_]

    def of_passages(self, passages: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the numbers of all sentences of the given passages, in their order."""
        ranges = [np.arange(self.first[p], self.first[p + 1]) for p in passages]
        return np.concatenate(ranges) if ranges else np.zeros(0, dtype=np.int64)

    def starts(self, passages: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return where the sentences of each passage begin in ``of_passages(passages)``."""
        lengths = self.first[passages + 1] - self.first[passages]
        return np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)

    def lengths(self, sentences: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the number of words of each sentence."""
        return self.first_terms[sentences + 1] - self.first_terms[sentences]

    def terms_of(self, sentence: int) -> frozenset[int]:
        """Return the identifiers of the terms of a sentence."""
        first, last = self.first_terms[sentence], self.first_terms[sentence + 1]
        return frozenset(self.terms[first:last].tolist())

    def terms_of_passage(self, passage: int) -> frozenset[int]:
        """Return the identifiers of the terms of a passage."""
        first, last = self.first_terms[self.first[passage : passage + 2]]
        return frozenset(self.terms[first:last].tolist())


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """A collection of articles, ready to be searched. Built once, never changed.

    Attributes:
        generation: The identifier of this state of the collection.
        articles: In the order of their names.
        passages: Article by article, in reading order.
        encoder: The model whose vectors are in the index.
        passage_vectors: A vector for every passage.
        sentence_vectors: A vector for every sentence.
        token_vectors: Those of every token of every passage.
        sentences: Where the sentences stand in the arrays.
        piece_counts: int32, (pieces,): in how many passages each piece of the model's vocabulary
            occurs.
        vocabulary: The terms of the collection.
        bm25: Their index.
        spelling: How the collection writes its words.
        background: What questions about other things get from this collection.

    """

    generation: str
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    encoder: Encoder
    passage_vectors: VectorIndex
    sentence_vectors: VectorIndex
    token_vectors: TokenVectors
    sentences: SentenceTable
    piece_counts: npt.NDArray[np.int32]
    vocabulary: Vocabulary
    bm25: BM25
    spelling: NameCounts
    background: Topic
    _language: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse parts that do not belong together: they would answer with wrong passages."""
        languages = Counter(article.language for article in self.articles)
        object.__setattr__(self, "_language", languages.most_common(1)[0][0])
        counts = {
            "passages": len(self.passages),
            "passage vectors": len(self.passage_vectors),
            "passages in the sentence table": len(self.sentences.first) - 1,
            "passages in the vocabulary": self.vocabulary.passages,
        }
        if len(set(counts.values())) != 1:
            raise ValueError(f"the parts of the index disagree: {counts}")
        counts = {
            "sentences": sum(len(passage.sentences) for passage in self.passages),
            "sentence vectors": len(self.sentence_vectors),
            "sentences in the sentence table": len(self.sentences.passages),
        }
        if len(set(counts.values())) != 1:
            raise ValueError(f"the parts of the index disagree: {counts}")
        for name, dimension in (
            ("passage vectors", self.passage_vectors.dimension),
            ("sentence vectors", self.sentence_vectors.dimension),
            ("token vectors", self.token_vectors.dimension),
        ):
            if dimension != self.encoder.dimension:
                raise ValueError(
                    f"{name} of {dimension} dimensions do not go with the model "
                    f"{self.encoder.name}, which gives {self.encoder.dimension}"
                )

    @classmethod
    def build(
        cls,
        generation: str,
        articles: Sequence[Article],
        encoder: Encoder,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> PassageIndex:
        """Cut the articles into passages and compute all that a search needs.

        Args:
            generation: The identifier to give to the index.
            articles: At least one, each with at least one paragraph.
            encoder: The model to embed them with.
            progress: Called with the number of texts embedded so far, and in all.

        """
        passages = tuple(chain.from_iterable(split_article(article) for article in articles))
        languages = {article.source: article.language for article in articles}
        sentence_texts = [p.quote(span) for p in passages for span in p.sentences]
        total = len(passages) + len(sentence_texts)
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            progress(done, total)

        progress(0, total)
        encodings = encoder.encode_texts([p.text for p in passages], advance)
        sentence_encodings = encoder.encode_texts(sentence_texts, advance)
        progress(total, total)
        passage_words = [words(p.text, languages[p.source]) for p in passages]
        vocabulary = Vocabulary.collect(passage_words)
        return cls(
            generation=generation,
            articles=tuple(articles),
            passages=passages,
            encoder=encoder,
            passage_vectors=VectorIndex.build(np.stack([e.vector for e in encodings])),
            sentence_vectors=VectorIndex.build(np.stack([e.vector for e in sentence_encodings])),
            token_vectors=TokenVectors.quantise(
                _token_vectors(passages, encodings, sentence_encodings)
            ),
            sentences=_sentence_table(passages, encodings, passage_words, vocabulary),
            piece_counts=_piece_counts(encodings, encoder.pieces),
            vocabulary=vocabulary,
            spelling=NameCounts.collect(passage.text for passage in passages),
            background=NO_BACKGROUND,
            bm25=BM25.build(vocabulary, [_ids(vocabulary, ws) for ws in passage_words]),
        )

    def question_words(self, question: str) -> tuple[Word, ...]:
        """Cut a question into words, in the language that most articles of the collection have."""
        return words(question, self._language)

    def has_word(self, word: str) -> bool:
        """Tell whether the collection has a word in any form."""
        return any(
            self.vocabulary.id_of(found.term) is not None for found in self.question_words(word)
        )

    def in_scope(self, scope: Scope) -> npt.NDArray[np.bool_] | None:
        """Return which passages a scope holds: bool, (passages,), or None for all of them.

        Raises:
            CitadelError: It holds no article.

        """
        if scope == EVERYTHING:
            return None
        sources = {article.source for article in scope.articles(self.articles)}
        return np.array([passage.source in sources for passage in self.passages], dtype=bool)

    def candidates(
        self, vector: Vectors, lexical: Scores, allowed: npt.NDArray[np.bool_] | None = None
    ) -> npt.NDArray[np.int64]:
        """Return the passages worth the costly scores, ascending.

        Passage vectors, sentence vectors and BM25 are fused by the sum of their min-max
        normalised scores. Convex combination beats reciprocal rank fusion in and out of domain
        (Bruch et al., An Analysis of Fusion Functions for Hybrid Retrieval, 2023,
        arXiv:2210.11934).

        Args:
            vector: float32, (dimension,): the question's.
            lexical: float32, (passages,): the question's BM25 scores.
            allowed: bool, (passages,): which passages may be returned; None for all.

        """
        allowed_sentences = None
        if allowed is not None:
            lexical = np.where(allowed, lexical, np.float32(0))
            allowed_sentences = allowed[self.sentences.passages]
        by_passage, _ = self.passage_vectors.search(vector, _PROPOSED, allowed)
        by_sentence, _ = self.sentence_vectors.search(vector, _PROPOSED, allowed_sentences)
        by_words = best_scored(lexical, _PROPOSED)
        proposed = np.unique(
            np.concatenate([by_passage, self.sentences.passages[by_sentence], by_words])
        ).astype(np.int64)
        if len(proposed) <= _CANDIDATES:
            return proposed
        sentences = self.sentences.of_passages(proposed)
        best_sentence = np.maximum.reduceat(
            self.sentence_vectors.scores(vector, sentences), self.sentences.starts(proposed)
        )
        fused = convex_fusion(
            [
                (1.0, self.passage_vectors.scores(vector, proposed)),
                (1.0, best_sentence),
                (1.0, lexical[proposed]),
            ]
        )
        return np.sort(proposed[np.argsort(-fused, kind="stable")[:_CANDIDATES]])


def _ids(vocabulary: Vocabulary, passage: Sequence[Word]) -> TermIds:
    return np.array([vocabulary.id_of(word.term) for word in passage], dtype=np.int32)


def _sentence_table(
    passages: Sequence[Passage],
    encodings: Sequence[Encoding],
    passage_words: Sequence[Sequence[Word]],
    vocabulary: Vocabulary,
) -> SentenceTable:
    """Find the tokens and terms of every sentence by their places in its passage."""
    token_ranges: list[tuple[int, int]] = []
    terms: list[int] = []
    first_terms = [0]
    base = 0
    for passage, encoding, found in zip(passages, encodings, passage_words, strict=True):
        token_starts = encoding.token_offsets[:, 0] + passage.start
        word_starts = np.array([word.start for word in found], dtype=np.int64) + passage.start
        ids = _ids(vocabulary, found)
        for span in passage.sentences:
            first, last = np.searchsorted(token_starts, (span.start, span.end))
            token_ranges.append((base + int(first), base + int(last)))
            first, last = np.searchsorted(word_starts, (span.start, span.end))
            terms.extend(ids[first:last].tolist())
            first_terms.append(len(terms))
        base += len(encoding.token_offsets)
    counts = np.array([len(passage.sentences) for passage in passages])
    quotes = [passage.quote(span) for passage in passages for span in passage.sentences]
    return SentenceTable(
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        passages=np.repeat(np.arange(len(passages)), counts).astype(np.int32),
        tokens=np.array(token_ranges, dtype=np.int64).reshape(-1, 2),
        terms=np.array(terms, dtype=np.int32),
        first_terms=np.array(first_terms, dtype=np.int64),
        types=np.array([offered_types(quote) for quote in quotes], dtype=bool),
        announcing=np.array([is_announcement(quote) for quote in quotes], dtype=bool),
    )


def _token_vectors(
    passages: Sequence[Passage], encodings: Sequence[Encoding], sentences: Sequence[Encoding]
) -> Vectors:
    """Average each token's vector in its paragraph and in its sentence alone.

    The one knows what the paragraph is about, the other what the sentence itself says. Where the
    two encodings cut the text into different tokens, the paragraph's stay as they are.
    """
    rows: list[Vectors] = []
    of_sentence = iter(sentences)
    for passage, encoding in zip(passages, encodings, strict=True):
        vectors = encoding.token_vectors.copy()
        starts = encoding.token_offsets[:, 0] + passage.start
        for span in passage.sentences:
            alone = next(of_sentence)
            first, last = np.searchsorted(starts, (span.start, span.end))
            if np.array_equal(encoding.token_ids[first:last], alone.token_ids):
                vectors[first:last] += alone.token_vectors
        rows.append(unit_rows(vectors))
    return np.concatenate(rows)


def _piece_counts(encodings: Sequence[Encoding], pieces: int) -> npt.NDArray[np.int32]:
    counts = np.zeros(pieces, dtype=np.int32)
    for encoding in encodings:
        counts[np.unique(encoding.token_ids)] += 1
    return counts
