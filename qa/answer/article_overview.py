"""An article at a glance: its key sentences, whom and what it names, and what it dates."""

from __future__ import annotations

from dataclasses import dataclass

from citadel.index.corpus.articles import Article
from citadel.index.retrieval.name_index import IndexedName, NameIndex
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.qa.answer.overview import summary
from citadel.qa.answer.timeline import DatedSentence, timeline
from citadel.qa.answer.whole_articles import PlacedSentence, passages_of, sections_of

NAMES = 12
"""How many names of an article are listed at a glance: those that it mentions most often."""


@dataclass(frozen=True, slots=True)
class ArticleOverview:
    """What an article is about.

    Attributes:
        sentences: The most central of each section, in reading order.
        names: Whom and what it mentions most, with how often.
        dated: Its dated sentences, the earliest first.

    """

    sentences: tuple[PlacedSentence, ...]
    names: tuple[tuple[IndexedName, int], ...]
    dated: tuple[DatedSentence, ...]


def article_overview(
    index: PassageIndex, article: Article, names: NameIndex | None
) -> ArticleOverview:
    """Return an overview of an article of an index.

    Args:
        index: The index.
        article: One of its articles.
        names: Its names; None while they are not found yet.

    Raises:
        DamagedIndexError: The index can't be read, or is no longer what it was.

    """
    named = () if names is None else names.in_article(index.articles.index(article))
    return ArticleOverview(
        summary(sections_of(index, article)),
        named[:NAMES],
        timeline(article, passages_of(index, article)),
    )
