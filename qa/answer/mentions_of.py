"""Every passage that mentions a name, or has the words that somebody asks for: all, in order.

An answer quotes the best sentences; research needs the others, too. A text that is a name of
the collection stands for every mention of it, in each of its spellings; of any other, and where
only the words are wanted, the passages are those with all of its words.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.retrieval.concordance import Concordance
from citadel.index.retrieval.name_index import IndexedName, NameIndex
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.qa.answer.intent import check_name

_ASKS_WHO = re.compile(
    r"^\W*(?:who|what|where|tell me about|which)(?:\s+(?:is|are|was|were)|['’]s)?\s+(?:the\s+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MentioningPassage:
    """A passage that was looked for.

    Attributes:
        passage: The passage.
        spans: Where in it the name or the words stand, by their offsets in the stored text of
            the article, ascending, one at least.

    """

    passage: Passage
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AllMentions:
    """Every passage that mentions something.

    Attributes:
        asked: What was asked for, as it was typed.
        name: The name that it is, where it was taken for one.
        words: The words that were looked for, where it was not.
        corrected: How it was read in the spelling of the collection, or "" where it stands there.
        missing: Which of the words stand in none of the passages.
        written: How often each way of writing it stands in the collection, the most frequent first.
        by_article: The articles with how many such passages each has, in their order.
        numbers: The numbers of the passages, in reading order.

    """

    asked: str
    name: IndexedName | None
    words: tuple[str, ...]
    corrected: str
    missing: tuple[str, ...]
    written: tuple[tuple[str, int], ...]
    by_article: tuple[tuple[Article, int], ...]
    numbers: tuple[int, ...]
    _passage: Callable[[int], Passage]
    _spans: Callable[[int], tuple[Span, ...]]

    def __len__(self) -> int:
        """Return how many passages there are."""
        return len(self.numbers)

    def passages(self, first: int = 0, count: int | None = None) -> tuple[MentioningPassage, ...]:
        """Return some of the passages, article by article in reading order.

        Args:
            first: How many to leave out before.
            count: How many at most; None for all that follow.

        """
        chosen = self.numbers[first:] if count is None else self.numbers[first : first + count]
        return tuple(MentioningPassage(self._passage(n), self._spans(n)) for n in chosen)


class MentionFinder:
    """Finds all mentions in one index. What that needs is made when it is first asked for."""

    def __init__(self, index: PassageIndex) -> None:
        """Look in an index."""
        self._index = index
        self._concordance = Concordance(index)
        self._names: NameIndex | None = None
        self._making = threading.Lock()

    @property
    def names(self) -> NameIndex:
        """The names of the collection; the first who asks waits until they are found."""
        with self._making:
            if self._names is None:
                self._names = NameIndex(self._index)
            return self._names

    @property
    def names_if_found(self) -> NameIndex | None:
        """The names of the collection; None while they are not found yet."""
        return self._names

    def find(
        self, asked: str, scope: Scope = EVERYTHING, *, words_only: bool = False
    ) -> AllMentions:
        """Return every passage that mentions a name or has the words of a text.

        Args:
            asked: A name, words, words in quotation marks that have to follow one another, or a
                question; 1 to 500 code points.
            scope: Which articles to look into.
            words_only: Whether to look for the words although they are a name.

        Raises:
            CitadelError: It is empty, blank or too long, or the scope holds no article.

        """
        check_name(asked)
        allowed = self._index.in_scope(scope)
        name = None if words_only else self._name(asked)
        spans: Callable[[int], tuple[Span, ...]]
        if name is None:
            places = self._concordance.find(asked)
            numbers = places.passages
            words, corrected, missing = places.asked, places.corrected, places.missing
            written, spans = places.written, partial(self._concordance.spans, places)
        else:
            numbers = np.array(name.passages, dtype=np.int64)
            words, corrected, missing = (), "", ()
            written, spans = name.spellings, name.spans
        numbers = numbers if allowed is None else numbers[allowed[numbers]]
        passages: Sequence[Passage] = self._index.passages
        return AllMentions(
            asked,
            name,
            words,
            corrected,
            missing,
            written,
            self._by_article(numbers),
            tuple(numbers.tolist()),
            passages.__getitem__,
            spans,
        )

    def _name(self, asked: str) -> IndexedName | None:
        text = asked.strip().rstrip("?!. ")
        bare = _ASKS_WHO.sub("", text)
        return self.names.named(text) or (self.names.named(bare) if bare != text else None)

    def _by_article(self, numbers: npt.NDArray[np.int64]) -> tuple[tuple[Article, int], ...]:
        counts = np.bincount(self._index.article_of[numbers])
        places = np.flatnonzero(counts).tolist()
        return tuple((self._index.articles[place], int(counts[place])) for place in places)
