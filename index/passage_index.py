"""All that is known of a collection, and how the passages that match a question are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from index.articles import Article
from index.dense import VectorIndex
from index.encoder import Encoder, Encoding, Vectors
from index.fusion import Scores, convex_fusion
from index.hits import Hit, Match, SentenceHit
from index.late_interaction import Ranges, TokenVectors, token_matches, weighted_mean
from index.lexical import BM25, TermIds, Vocabulary, Word, words
from index.passages import Passage, split_article

_CANDIDATES = 50
"""How many passages each first-stage search proposes for the costly scores."""


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

    """

    first: npt.NDArray[np.int64]
    passages: npt.NDArray[np.int32]
    tokens: Ranges
    terms: TermIds
    first_terms: npt.NDArray[np.int64]

    def of_passages(self, passages: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the numbers of all sentences of the given passages, in their order."""
        ranges = [np.arange(self.first[p], self.first[p + 1]) for p in passages]
        return np.concatenate(ranges) if ranges else np.zeros(0, dtype=np.int64)

    def terms_of(self, sentence: int) -> TermIds:
        """Return the identifiers of the terms of a sentence."""
        return self.terms[self.first_terms[sentence] : self.first_terms[sentence + 1]]


@dataclass(frozen=True, slots=True)
class Signals:
    """How well the best sentences match, on scales that are comparable between questions.

    Attributes:
        late_interaction: The best weighted mean of token matches, -1 to 1.
        sentence_cosine: The best cosine of question and sentence, -1 to 1.
        passage_cosine: The best cosine of question and passage, -1 to 1.
        coverage: The share of the question's idf whose terms stand in the best passage, 0 to 1.
        known: The share of the question's idf whose terms the collection has at all, 0 to 1.

    """

    late_interaction: float
    sentence_cosine: float
    passage_cosine: float
    coverage: float
    known: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best passages for a question, best first, and what speaks for an answer in them."""

    hits: tuple[Hit, ...]
    signals: Signals


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
        vocabulary: The terms of the collection.
        bm25: Their index.

    """

    generation: str
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    encoder: Encoder
    passage_vectors: VectorIndex
    sentence_vectors: VectorIndex
    token_vectors: TokenVectors
    sentences: SentenceTable
    vocabulary: Vocabulary
    bm25: BM25

    def __post_init__(self) -> None:
        """Refuse parts that do not belong together: they would answer with wrong passages."""
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
                np.concatenate([e.token_vectors for e in encodings])
            ),
            sentences=_sentence_table(passages, encodings, passage_words, vocabulary),
            vocabulary=vocabulary,
            bm25=BM25.build(vocabulary, [_ids(vocabulary, ws) for ws in passage_words]),
        )

    def search(self, question: str, count: int) -> SearchResult:
        """Find the passages that match a question.

        Every first-stage search (passage vectors, sentence vectors, BM25) proposes candidates;
        the costly scores are computed for those only.

        Args:
            question: What to search for, not empty.
            count: How many passages to return at most.

        """
        encoding = self.encoder.encode_questions([question])[0]
        question_words = self._question_words(question)
        lexical = self.bm25.scores([number for _, number in question_words if number is not None])
        candidates = self._candidates(encoding.vector, lexical)
        sentences = self.sentences.of_passages(candidates)
        weights = self._token_weights(encoding, [word for word, _ in question_words])
        matches = token_matches(
            encoding.token_vectors, self.token_vectors, self.sentences.tokens[sentences]
        )
        late = weighted_mean(matches, weights)
        cosines = self.sentence_vectors.scores(encoding.vector, sentences)
        passage_cosines = self.passage_vectors.scores(encoding.vector, candidates)
        overlap = self._overlap(sentences, question_words)
        of_candidate = np.searchsorted(candidates, self.sentences.passages[sentences])
        firsts = np.searchsorted(of_candidate, np.arange(len(candidates)))
        sentence_scores = convex_fusion([(1.0, late), (0.25, cosines), (0.3, overlap)])
        best_sentences = np.maximum.reduceat(sentence_scores, firsts)
        passage_scores = convex_fusion(
            [(1.0, best_sentences), (0.25, passage_cosines), (0.3, lexical[candidates])]
        )
        sentence_scores = convex_fusion(
            [(0.5, sentence_scores), (0.5, passage_scores[of_candidate])]
        )
        order = np.lexsort((candidates, -passage_scores))[:count]
        hits = tuple(
            self._hit(
                int(candidates[place]),
                float(passage_scores[place]),
                sentence_scores[of_candidate == place],
                question_words,
            )
            for place in order
        )
        best = int(candidates[order[0]])
        signals = Signals(
            late_interaction=float(late.max()),
            sentence_cosine=float(cosines.max()),
            passage_cosine=float(passage_cosines.max()),
            coverage=self._coverage(best, question_words),
            known=self._coverage(None, question_words),
        )
        return SearchResult(hits, signals)

    def _question_words(self, question: str) -> list[tuple[Word, int | None]]:
        """Return the words of a question, each with its identifier if the collection has it."""
        language = self.articles[0].language
        return [(word, self.vocabulary.id_of(word.term)) for word in words(question, language)]

    def _candidates(self, vector: Vectors, lexical: Scores) -> npt.NDArray[np.int64]:
        """Return the numbers of the passages worth the costly scores, ascending."""
        by_passage, _ = self.passage_vectors.search(vector, _CANDIDATES)
        by_sentence, _ = self.sentence_vectors.search(vector, _CANDIDATES)
        by_words = np.argsort(-lexical, kind="stable")[:_CANDIDATES]
        proposed = np.concatenate(
            [by_passage, self.sentences.passages[by_sentence], by_words[lexical[by_words] > 0]]
        )
        return np.unique(proposed).astype(np.int64)

    def _token_weights(
        self, encoding: Encoding, question_words: Sequence[Word]
    ) -> npt.NDArray[np.float32]:
        """Weigh each token of the question by the square root of its word's idf."""
        starts = np.array([word.start for word in question_words], dtype=np.int64)
        weights = np.zeros(len(encoding.token_offsets), dtype=np.float32)
        for token, (start, _) in enumerate(encoding.token_offsets):
            place = int(np.searchsorted(starts, start, side="right")) - 1
            if place >= 0 and start < question_words[place].end:
                weights[token] = np.sqrt(self.vocabulary.idf(question_words[place].term))
        return weights

    def _overlap(
        self,
        sentences: npt.NDArray[np.int64],
        question_words: Sequence[tuple[Word, int | None]],
    ) -> Scores:
        """Return the idf of the question's terms that stand in each sentence."""
        idf = {number: self.vocabulary.idf(w.term) for w, number in question_words if number}
        scores = np.zeros(len(sentences), dtype=np.float32)
        for place, sentence in enumerate(sentences):
            present = set(self.sentences.terms_of(int(sentence)).tolist())
            scores[place] = sum(value for number, value in idf.items() if number in present)
        return scores

    def _coverage(
        self, passage: int | None, question_words: Sequence[tuple[Word, int | None]]
    ) -> float:
        """Return the share of the question's idf found in a passage, or in the collection."""
        total = sum(self.vocabulary.idf(word.term) for word, _ in question_words)
        present = None if passage is None else self._terms_of_passage(passage)
        found = sum(
            self.vocabulary.idf(word.term)
            for word, number in question_words
            if number is not None and (present is None or number in present)
        )
        return found / total if total else 0.0

    def _terms_of_passage(self, passage: int) -> frozenset[int]:
        first, last = self.sentences.first[passage], self.sentences.first[passage + 1]
        starts = self.sentences.first_terms
        return frozenset(self.sentences.terms[starts[first] : starts[last]].tolist())

    def _hit(
        self,
        number: int,
        score: float,
        sentence_scores: Scores,
        question_words: Sequence[tuple[Word, int | None]],
    ) -> Hit:
        passage = self.passages[number]
        order = np.argsort(-sentence_scores, kind="stable")
        present = self._terms_of_passage(number)
        return Hit(
            passage,
            score,
            tuple(
                SentenceHit(passage.sentences[place], float(sentence_scores[place]))
                for place in order
            ),
            tuple(
                Match(word.surface, self.vocabulary.forms[term])
                for word, term in question_words
                if term is not None and term in present
            ),
        )


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
    return SentenceTable(
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        passages=np.repeat(np.arange(len(passages)), counts).astype(np.int32),
        tokens=np.array(token_ranges, dtype=np.int64).reshape(-1, 2),
        terms=np.array(terms, dtype=np.int32),
        first_terms=np.array(first_terms, dtype=np.int64),
    )
