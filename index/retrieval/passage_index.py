"""All that is known about a collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.encoders.encoder import Encoder, Vectors
from citadel.index.encoders.token_vectors import TokenSource
from citadel.index.retrieval.fusion import Scores, convex_fusion
from citadel.index.retrieval.lexical import BM25, Vocabulary, Word, best_scored, words
from citadel.index.retrieval.name_counts import NameCounts
from citadel.index.retrieval.scale import Scale
from citadel.index.retrieval.sentence_table import SentenceTable
from citadel.index.retrieval.signals import Topic
from citadel.index.retrieval.text_table import TextTable
from citadel.index.stores.base import SearchableVectors
from citadel.index.stores.recall import PROPOSED

_CANDIDATES = 32
"""How many passages get the costly scores."""


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """A collection of articles, ready to be searched. Built once, never changed.

    Attributes:
        snapshot: The identifier of this state of the collection.
        articles: In the order of their names.
        passages: Article by article, in reading order.
        article_of: int32, (passages,): the article of each passage, by its place.
        texts: What the articles are cut into.
        encoder: The model whose vectors are in the index.
        passage_vectors: A vector for every passage.
        sentence_vectors: A vector for every sentence.
        token_vectors: Those of every token of every passage, and perhaps some of passages that
            the collection no longer has.
        sentences: Where the sentences stand in the arrays.
        piece_counts: int32, (pieces,): in how many passages each piece of the model's vocabulary
            occurs.
        vocabulary: The terms of the collection.
        bm25: Their index.
        spelling: How the collection writes its words.
        scale: What brings the similarities of the model to the scale of what is fitted.
        background: What questions about other things get from this collection.

    """

    snapshot: str
    articles: tuple[Article, ...]
    passages: Sequence[Passage]
    article_of: npt.NDArray[np.int32]
    texts: TextTable
    encoder: Encoder
    passage_vectors: SearchableVectors
    sentence_vectors: SearchableVectors
    token_vectors: TokenSource
    sentences: SentenceTable
    piece_counts: npt.NDArray[np.int32]
    vocabulary: Vocabulary
    bm25: BM25
    spelling: NameCounts
    scale: Scale
    background: Topic
    _language: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse parts that do not belong together: they would answer with wrong passages."""
        languages = Counter(article.language for article in self.articles)
        object.__setattr__(self, "_language", languages.most_common(1)[0][0])
        counts = {
            "passages": len(self.passages),
            "passages with an article": len(self.article_of),
            "passage vectors": len(self.passage_vectors),
            "passages in the sentence table": len(self.sentences.first) - 1,
            "passages in the vocabulary": self.vocabulary.passages,
        }
        if len(set(counts.values())) != 1:
            raise ValueError(f"the parts of the index disagree: {counts}")
        counts = {
            "sentences": int(self.sentences.first[-1]),
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

    def sentence_span(self, sentence: int) -> Span:
        """Return where a sentence stands in the stored text of its article, by its number."""
        _, span = self._placed(sentence)
        return span

    def sentence_text(self, sentence: int) -> str:
        """Return the text of a sentence, by its number."""
        passage, span = self._placed(sentence)
        return passage.quote(span)

    def _placed(self, sentence: int) -> tuple[Passage, Span]:
        """Return the passage that holds a sentence, and where it stands in the article."""
        number = int(self.sentences.passages[sentence])
        passage = self.passages[number]
        return passage, passage.sentences[sentence - int(self.sentences.first[number])]

    def question_words(self, question: str) -> tuple[Word, ...]:
        """Cut a question into words, in the language that most articles of the collection have."""
        return words(question, self._language)

    def has_word(self, word: str) -> bool:
        """Return whether the collection has a word in any form."""
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
        held = np.array([article.source in sources for article in self.articles], dtype=bool)
        return np.asarray(held[self.article_of])

    def cosines(self, vector: Vectors, sentences: npt.NDArray[np.int64]) -> Scores:
        """Return the cosines of a question and some sentences, on the scale of what is fitted.

        Args:
            vector: float32, (dimension,): the question's.
            sentences: int64, (sentences,): their numbers.

        Returns:
            float32, (sentences,).

        """
        return self.scale.cosine.of(self.sentence_vectors.scores(vector, sentences))

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
        by_passage, _ = self.passage_vectors.search(vector, PROPOSED, allowed)
        by_sentence, _ = self.sentence_vectors.search(vector, PROPOSED, allowed_sentences)
        by_words = best_scored(lexical, PROPOSED)
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
