"""Where the sentences of a collection stand in the arrays of its index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.encoded_passages import first_rows, spread
from index.late_interaction import Ranges, passage_ranges
from index.lexical import TermIds
from index.text_table import TextTable


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
        lengths = ranges[:, 1] - ranges[:, 0]
        if (
            len(tokens) != len(ranges)
            or (
                (ranges[:, 0] < 0) | (lengths < 0) | (ranges[:, 1] > texts.word_counts[passages])
            ).any()
        ):
            raise ValueError(f"the words or tokens of {len(ranges)} sentences are not theirs")
        first_terms = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        begins = first_rows(texts.word_counts)[passages] + ranges[:, 0]
        in_sentences = texts.words
        if not np.array_equal(begins, first_terms[:-1]) or first_terms[-1] != len(texts.words):
            # Some words stand in no sentence.
            in_sentences = texts.words[spread(begins, lengths)]
        return cls(
            first=np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]),
            passages=passages,
            tokens=tokens,
            terms=texts.terms()[in_sentences],
            first_terms=first_terms,
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
        return self.first_terms[sentences + 1] - self.first_terms[sentences]

    def terms_of(self, sentence: int) -> frozenset[int]:
        """Return the identifiers of the terms of a sentence."""
        first, last = self.first_terms[sentence], self.first_terms[sentence + 1]
        return frozenset(self.terms[first:last].tolist())

    def terms_of_passage(self, passage: int) -> frozenset[int]:
        """Return the identifiers of the terms of a passage."""
        first, last = self.first_terms[self.first[passage : passage + 2]]
        return frozenset(self.terms[first:last].tolist())
