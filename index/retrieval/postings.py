"""How often each term occurs in each passage: an inverted index, which can be followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages that each term occurs in, term by term.

    Attributes:
        first: int64, (terms + 1,): where those of each term begin; then how many there are.
        passages: int32, (postings,): the passage of each; ascending within a term.
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
        # Sorted numbers of term and passage at once: equal ones follow one another.
        pairs = terms.astype(np.int64) * len(lengths)
        pairs += np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        pairs.sort()
        first_words = np.flatnonzero(np.diff(pairs, prepend=-1))
        counts = np.diff(first_words, append=len(pairs)).astype(np.uint16)
        of_term, passages = np.divmod(pairs[first_words], len(lengths))
        in_passages = np.bincount(of_term, minlength=count)
        return cls(np.append(0, np.cumsum(in_passages)), passages.astype(np.int32), counts)

    def passage_counts(self) -> Numbers:
        """Return int64, (terms,): in how many passages each term occurs."""
        return np.diff(self.first)

    def renumbered(self, terms: Numbers, passages: npt.NDArray[np.int32], count: int) -> Postings:
        """Return the postings of the passages that stay, with new numbers in the same order.

        Args:
            terms: int64, (terms,): the new number of each term that is in a passage that stays;
                ascending.
            passages: int32, (passages,): the new number of each passage, ascending; -1 if it goes.
            count: How many terms there are by the new numbers.

        """
        numbers, counts = passages[self.passages], self.counts
        each = self.passage_counts()
        gone = np.flatnonzero(numbers < 0)
        if len(gone):
            of_term = np.searchsorted(self.first, gone, side="right") - 1
            each = each - np.bincount(of_term, minlength=len(each))
            numbers, counts = np.delete(numbers, gone), np.delete(counts, gone)
        in_passages = np.zeros(count, dtype=np.int64)
        in_passages[terms[each > 0]] = each[each > 0]
        return Postings(np.append(0, np.cumsum(in_passages)), numbers, counts)

    def merged(self, few: Postings) -> Postings:
        """Return these postings and those of other passages, numbered alike, in their order."""
        places = [np.zeros(0, dtype=np.int64)]
        for term in np.flatnonzero(few.passage_counts()):
            first, last = self.first[term : term + 2]
            own = few.passages[slice(*few.first[term : term + 2])]
            places.append(first + np.searchsorted(self.passages[first:last], own))
        where = np.concatenate(places)
        return Postings(
            self.first + few.first,
            np.insert(self.passages, where, few.passages),
            np.insert(self.counts, where, few.counts),
        )
