"""Articles and passages by their names, as other programs ask for them."""

from __future__ import annotations

from citadel.index.errors import CitadelError
from citadel.qa.service.live_index import Articles
from citadel.qa.service.schemas import ArticleRecord, ArticlesRecord, PassageRecord


class UnknownPassageError(CitadelError):
    """No passage has this id."""


def list_articles(articles: Articles) -> ArticlesRecord:
    """Describe all articles."""
    return ArticlesRecord(
        index=articles.snapshot,
        articles=[
            ArticleRecord.of(article, sum(p.paragraph > 0 for p in articles.passages(article)))
            for article in articles.all
        ],
    )


def find_passage(articles: Articles, identifier: str) -> PassageRecord:
    """Return the passage of an id, “source:paragraph”.

    Raises:
        UnknownPassageError: There is none.

    """
    source, _, paragraph = identifier.rpartition(":")
    for article in articles.all:
        if article.source == source:
            for passage in articles.passages(article):
                if str(passage.paragraph) == paragraph:
                    return PassageRecord.of(passage, article, articles.snapshot)
    raise UnknownPassageError(
        "There is no such passage; an id is the source of an article, a colon and the number of "
        "a paragraph, such as “article.md:7”."
    )
