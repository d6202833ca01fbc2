"""What is served now, and how a server moves to another generation of the index.

Whoever answers takes the current edition once and stays with it, so that an answer is never made
of two. A swap replaces one reference.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.articles import Article
from index.passages import Passage
from qa.answering import Answerer
from qa.reading_view import render_article, render_article_list
from qa.rendering import render_refusal
from qa.timeline import timeline
from qa.timeline_view import render_timeline

_FORMER = 2
"""Of how many former generations the articles can be read as they were."""

_RENDERED = 64
"""How many articles stay rendered."""

_GONE = "This article is no longer among the sources."
_CHANGED = (
    "This answer came from an older version of the sources, which is no longer kept. This is the "
    "article as it is now: the marked sentence may be another one."
)


class Articles:
    """The articles of one generation, to be read."""

    def __init__(
        self, generation: str, articles: tuple[Article, ...], passages: Sequence[Passage]
    ) -> None:
        """Show the given articles, which have the given passages."""
        self.generation = generation
        self.all = articles
        self._passages: dict[str, list[Passage]] = {article.source: [] for article in articles}
        for passage in passages:
            self._passages[passage.source].append(passage)
        self._by_source = {article.source: article for article in articles}
        self._render = lru_cache(_RENDERED)(self._rendered)

    def passages(self, article: Article) -> tuple[Passage, ...]:
        """Return the passages of one of the articles, in reading order."""
        return tuple(self._passages[article.source])

    def view(self, source: str) -> tuple[str, str] | None:
        """Return an article and its timeline as HTML; None when there is none of that name."""
        return self._render(source) if source in self._by_source else None

    def list(self) -> str:
        """Return the list of the articles as HTML."""
        passages = [passage for found in self._passages.values() for passage in found]
        return render_article_list(self.all, passages, self.generation)

    def _rendered(self, source: str) -> tuple[str, str]:
        article, passages = self._by_source[source], self._passages[source]
        return (
            render_article(article, passages, self.generation),
            render_timeline(article, timeline(article, passages)),
        )


@dataclass(frozen=True, slots=True)
class Edition:
    """One generation as it is served.

    Attributes:
        answerer: Answers from it.
        articles: Shows its articles.
        former: The articles of those before, newest first; their indexes are not kept.

    """

    answerer: Answerer
    articles: Articles
    former: tuple[Articles, ...] = ()

    def view(self, source: str, generation: str = "") -> tuple[str, str]:
        """Return an article and its timeline, as the generation that an answer came from has it.

        Args:
            source: The article.
            generation: That of the answer; "" for the one that is served.

        """
        for articles in (self.articles, *self.former):
            if generation in ("", articles.generation):
                return articles.view(source) or (render_refusal(_GONE), render_refusal(_GONE))
        now = self.articles.view(source)
        if now is None:
            return render_refusal(_GONE), render_refusal(_GONE)
        return render_refusal(_CHANGED) + now[0], now[1]


@dataclass(slots=True)
class Editions:
    """The edition that is served, and those who want to know when it is another one.

    Attributes:
        rebuilding: Whether a new index was being built when last looked at.
        behind: Why an older generation is served than the newest, a sentence for readers; "" where
            the newest one is served.

    """

    _current: Edition
    rebuilding: bool = False
    behind: str = ""
    _followers: list[Callable[[Edition], None]] = field(default_factory=list)
    _swapping: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, answerer: Answerer) -> Editions:
        """Begin with what answers first."""
        return cls(_edition(answerer))

    @property
    def current(self) -> Edition:
        """What is served now. Take it once for each question, and stay with it."""
        return self._current

    def renew(self, answerer: Answerer) -> None:
        """Serve another generation from now on; what is being answered ends as it began."""
        with self._swapping:
            left = self._current
            former = (left.articles, *left.former)[:_FORMER]
            self._current = _edition(answerer, former)
            for follower in self._followers:
                follower(self._current)

    def follow(self, follower: Callable[[Edition], None]) -> None:
        """Tell somebody of every edition to come."""
        self._followers.append(follower)


def _edition(answerer: Answerer, former: tuple[Articles, ...] = ()) -> Edition:
    index = answerer.index
    return Edition(answerer, Articles(index.generation, index.articles, index.passages), former)
