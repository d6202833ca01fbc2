"""Where the sentences of a collection stand in the arrays of its index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from citadel.index.encoders.embeddings import first_rows, spread
from citadel.index.encoders.token_vectors import Ranges
from citadel.index.retrieval.late_interaction import passage_ranges
from citadel.index.retrieval.lexical import TermIds
from citadel.index.retrieval.text_table import TextTable


@dataclass(frozen=True, slots=True)
class SentenceTable:
    """Where the sentences of all passages stand in the index's arrays.

    Sentences are numbered through the collection, passage by passage.

    Attributes:
        first: int64, (passages + 1,): the first sentence of each passage; then their number.
        passages: int32, (sentences,): the passage of each.
        tokens: int64, (sentences, 2): its range of token vectors.
        words: int32, (words,): the form of each word of the collection.
        word_ranges: int64, (sentences, 2): the range of words of each sentence.
        term_of: int32, (forms,): the term of each form.
        types: bool, (sentences, answer types): which kinds of answer stand in each.
        announcing: bool, (sentences,): whether each ends in a colon.

    """

    first: npt.NDArray[np.int64]
    passages: npt.NDArray[np.int32]
    tokens: Ranges
    words: npt.NDArray[np.int32]
    word_ranges: npt.NDArray[np.int64]
    term_of: TermIds
    types: npt.NDArray[np.bool_]
    announcing: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, texts: TextTable, tokens: Ranges) -> SentenceTable:
        """Lay the table out for what articles are cut into.

        Args:
            texts: That.
            tokens: int64, (sentences, 2): the range of token vectors of each sentence.

        Raises:
            ValueError: The tokens are those of other sentences, or the words do not stand where
                the sentences have them.

        """
        counts = texts.sentence_counts
        passages = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        ranges = texts.sentence_words
        begins, ends = ranges.T
        inside = (begins >= 0) & (begins <= ends) & (ends <= texts.word_counts[passages])
        if len(tokens) != len(ranges) or not inside.all():
            raise ValueError(f"the words or tokens of {len(ranges)} sentences are not theirs")
        return cls(
            first=np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]),
            passages=passages,
            tokens=tokens,
            words=texts.words,
            word_ranges=ranges + first_rows(texts.word_counts)[passages, np.newaxis],
            term_of=texts.terms(),
            types=texts.types,
            announcing=texts.announcing,
        )

    def of_passages(self, passages: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the numbers of all sentences of the given passages, in their order."""
        return spread(self.first[passages], self.first[passages + 1] - self.first[passages])

    def passage_tokens(self) -> Ranges:
        """Return int64, (passages, 2): the range of token vectors of each passage."""
        return passage_ranges(self.tokens, self.first[:-1])

    def starts(self, passages: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return where the sentences of each passage begin in ``of_passages(passages)``."""
        lengths = self.first[passages + 1] - self.first[passages]
        return np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)

    def lengths(self, sentences: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the number of words of each sentence."""
        begins, ends = self.word_ranges[sentences].T
        return np.asarray(ends - begins)

    def terms_in(self, sentences: npt.NDArray[np.int64]) -> TermIds:
        """Return the identifiers of the terms of sentences, one after another, as often as each."""
        rows = spread(self.word_ranges[sentences, 0], self.lengths(sentences))
        return self.term_of[self.words[rows]]

    def terms_of(self, sentence: int) -> frozenset[int]:
        """Return the identifiers of the terms of a sentence."""
        return frozenset(self.term_of[self.words[slice(*self.word_ranges[sentence])]].tolist())

    def terms_of_passage(self, passage: int) -> frozenset[int]:
        """Return the identifiers of the terms of a passage."""
        sentences = np.arange(*self.first[passage : passage + 2])
        return frozenset(self.terms_in(sentences).tolist())
