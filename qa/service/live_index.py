"""What is served now, and how a server moves to another snapshot of the index.

A caller takes the current snapshot once and stays with it, so that an answer is never made
of two. A swap replaces one reference.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import Passage
from citadel.qa.answer.answering import Answerer

_FORMER = 2
"""Of how many former snapshots the articles can be read as they were."""


class Articles:
    """The articles of one snapshot, to be read."""

    def __init__(
        self, snapshot: str, articles: tuple[Article, ...], passages: Sequence[Passage]
    ) -> None:
        """Hold the given articles, which have the given passages."""
        self.snapshot = snapshot
        self.all = articles
        self._passages: dict[str, list[Passage]] = {article.source: [] for article in articles}
        for passage in passages:
            self._passages[passage.source].append(passage)
        self._by_source = {article.source: article for article in articles}

    def named(self, source: str) -> Article | None:
        """Return the article of that name; None when there is none."""
        return self._by_source.get(source)

    def passages(self, article: Article) -> tuple[Passage, ...]:
        """Return the passages of one of the articles, in reading order."""
        return tuple(self._passages[article.source])


@dataclass(frozen=True, slots=True)
class ServedIndex:
    """One snapshot as it is served.

    Attributes:
        answerer: Answers from it.
        articles: Its articles.
        former: The articles of those before, newest first; their indexes are not kept.

    """

    answerer: Answerer
    articles: Articles
    former: tuple[Articles, ...] = ()

    @classmethod
    def of(cls, answerer: Answerer, former: tuple[Articles, ...] = ()) -> ServedIndex:
        """Serve the index that an answerer answers from."""
        index = answerer.index
        return cls(answerer, Articles(index.snapshot, index.articles, index.passages), former)

    def articles_of(self, snapshot: str) -> Articles | None:
        """Return the articles of a snapshot, as far as it is kept; "" is the one served."""
        kept = (self.articles, *self.former)
        return next((each for each in kept if snapshot in ("", each.snapshot)), None)


@dataclass(slots=True)
class LiveIndex:
    """The snapshot that is served, and those who want to know when it is another one.

    Attributes:
        rebuilding: Whether a new index was being built when last looked at.
        behind: Why an older snapshot is served than the newest, a sentence for readers; "" where
            the newest one is served.

    """

    _current: ServedIndex
    rebuilding: bool = False
    behind: str = ""
    _followers: list[Callable[[ServedIndex], None]] = field(default_factory=list)
    _swapping: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, answerer: Answerer) -> LiveIndex:
        """Begin with what answers first."""
        return cls(ServedIndex.of(answerer))

    @property
    def current(self) -> ServedIndex:
        """What is served now. Take it once for each question, and stay with it."""
        return self._current

    def swap(self, answerer: Answerer) -> None:
        """Serve another snapshot from now on; what is being answered ends as it began."""
        with self._swapping:
            left = self._current
            former = (left.articles, *left.former)[:_FORMER]
            self._current = ServedIndex.of(answerer, former)
            for follower in self._followers:
                follower(self._current)

    def follow(self, follower: Callable[[ServedIndex], None]) -> None:
        """Call a function with every snapshot that is served after the current one."""
        self._followers.append(follower)
