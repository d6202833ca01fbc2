"""The articles that are served, as the page shows them: each with its timeline, and their list."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from citadel.index.corpus.articles import Article
from citadel.qa.answer.article_overview import article_overview
from citadel.qa.answer.timeline import timeline
from citadel.qa.page.answer import render_refusal
from citadel.qa.page.article import render_article, render_article_list, with_overview
from citadel.qa.page.article_overview import render_article_overview
from citadel.qa.page.static_files import static_file
from citadel.qa.page.timeline import render_timeline
from citadel.qa.service.live_index import Articles, ServedIndex

_RENDERED = 64
"""How many articles stay rendered."""

_GONE = "This article is no longer among the sources."
_CHANGED = (
    "This answer came from an older version of the sources, which is no longer kept. This is the "
    "article as it is now: the marked sentence may be another one."
)


def article_view(served: ServedIndex, source: str, snapshot: str = "") -> tuple[str, str]:
    """Return an article and its timeline, as the snapshot that an answer came from has it.

    Args:
        served: What is served now.
        source: The article.
        snapshot: The snapshot of the answer; "" for the one that is served.

    """
    kept = served.articles_of(snapshot)
    articles = kept or served.articles
    article = articles.named(source)
    if article is None:
        return render_refusal(_GONE), render_refusal(_GONE)
    text, dates = _rendered(articles, article)
    return (text, dates) if kept is not None else (render_refusal(_CHANGED) + text, dates)


def article_asked_for(served: ServedIndex, request: Any) -> tuple[str, str]:
    """Return what ``shown_article`` gives for a request of the page, which may be anything."""
    values = request if isinstance(request, dict) else {}
    source, snapshot = values.get("source"), values.get("index")
    return shown_article(
        served,
        source if isinstance(source, str) else "",
        snapshot if isinstance(snapshot, str) else "",
    )


def shown_article(served: ServedIndex, source: str, snapshot: str = "") -> tuple[str, str]:
    """Return what ``article_view`` does, the article with an overview of it where it is served."""
    text, dates = article_view(served, source, snapshot)
    article = served.articles.named(source)
    if article is None or snapshot not in ("", served.articles.snapshot):
        return text, dates
    return with_overview(text, _glance(served, article)), dates


def first_article(served: ServedIndex) -> tuple[str, str]:
    """Return what stands in place of an article, and of its timeline, until one is opened."""
    if len(served.articles.all) == 1:
        return shown_article(served, served.articles.all[0].source)
    return static_file("choose_article.html"), static_file("dates_wanted.html")


def article_list(articles: Articles) -> str:
    """Return the list of the articles as HTML."""
    passages = [passage for article in articles.all for passage in articles.passages(article)]
    return render_article_list(articles.all, passages, articles.snapshot)


def _glance(served: ServedIndex, article: Article) -> str:
    """Return an overview of an article, without names while those are not found yet."""
    # Not remembered: that would keep an index which is no longer served.
    answerer = served.answerer
    names = answerer.finder.names_if_found
    return render_article_overview(article_overview(answerer.index, article, names), article)


@lru_cache(_RENDERED)
def _rendered(articles: Articles, article: Article) -> tuple[str, str]:
    passages = articles.passages(article)
    return (
        render_article(article, passages, articles.snapshot),
        render_timeline(article, timeline(article, passages)),
    )
