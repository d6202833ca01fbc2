"""How often each term occurs in each passage: an inverted index, which can be followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages that each term occurs in, term by term.

    Attributes:
        first: int64, (terms + 1,): where those of each term begin; then how many there are.
        passages: int32, (postings,): whose each is; ascending within a term.
        counts: uint16, (postings,): how often the term occurs there. A paragraph has fewer words.

    """

    first: Numbers
    passages: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint16]

    def __post_init__(self) -> None:
        """Refuse columns that do not go together."""
        if not len(self.passages) == len(self.counts) == self.first[-1]:
            raise ValueError(
                f"{len(self.passages)} postings with {len(self.counts)} counts where there are "
                f"{self.first[-1]}"
            )

    @classmethod
    def count(
        cls, terms: npt.NDArray[np.int32], lengths: npt.NDArray[np.int32], count: int
    ) -> Postings:
        """Count the terms of passages.

        Args:
            terms: int32, (words,): the term of each word of all passages, one after another.
            lengths: int32, (passages,): how many words each passage has.
            count: How many terms there are.

        """
        # Only a build needs it, and it takes long to import.
        from scipy.sparse import csr_array  # noqa: PLC0415

        first_words = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        ones = np.ones(len(terms), dtype=np.uint16)
        often = csr_array((ones, terms, first_words), shape=(len(lengths), count)).tocsc()
        often.sum_duplicates()
        return cls(often.indptr.astype(np.int64), often.indices.astype(np.int32), often.data)

    def passage_counts(self) -> Numbers:
        """Return int64, (terms,): in how many passages each term occurs."""
        return np.diff(self.first)


@dataclass(frozen=True, slots=True)
class Renumbered:
    """Postings, and the numbers that their terms and passages get.

    Attributes:
        postings: Those.
        terms: int64, (terms,): the new number of each term that is in a passage that stays.
        passages: int64, (passages,): the new number of each passage; -1 if it goes.

    """

    postings: Postings
    terms: Numbers
    passages: Numbers


def merge(parts: Sequence[Renumbered], terms: int, passages: int) -> Postings:
    """Put postings of different passages together: the result is that of counting them all.

    Args:
        parts: Those, with new numbers.
        terms: How many terms there are in all.
        passages: How many passages.

    """
    keys, counts = [], []
    for part in parts:
        numbers = part.passages[part.postings.passages]
        of_terms = np.repeat(part.terms * passages, part.postings.passage_counts())
        stay = numbers >= 0
        keys.append((of_terms + numbers)[stay])
        counts.append(part.postings.counts[stay])
    joined = np.concatenate(keys)
    # Where passages keep their order, each part is in order already, and sorting is merging.
    order = np.argsort(joined, kind="stable")
    of_term, numbers = np.divmod(joined[order], max(passages, 1))
    first = np.concatenate([[0], np.cumsum(np.bincount(of_term, minlength=terms))])
    return Postings(first.astype(np.int64), numbers.astype(np.int32), np.concatenate(counts)[order])
