"""The articles that are served, as the page shows them: each with its timeline, and their list."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from citadel.index.corpus.articles import Article
from citadel.index.wording import message
from citadel.qa.answer.article_overview import article_overview
from citadel.qa.answer.timeline import timeline
from citadel.qa.page.answer import render_refusal
from citadel.qa.page.article import render_article, render_article_list, with_overview
from citadel.qa.page.article_overview import render_article_overview
from citadel.qa.page.handlers import sent_locale, sent_text
from citadel.qa.page.locales import ENGLISH, Locale
from citadel.qa.page.original import with_download
from citadel.qa.page.static_files import static_file
from citadel.qa.page.timeline import render_timeline
from citadel.qa.service.live_index import Articles, ServedIndex
from citadel.qa.service.originals import Originals

_RENDERED = 64
"""How many articles stay rendered, each for a locale."""

_LISTED = 8
"""How many lists of articles do."""

_GONE = message("This article is no longer among the sources.")
_CHANGED = message(
    "This answer came from an older version of the sources, which is no longer kept. This is the "
    "article as it is now: the marked sentence may be another one."
)


def article_view(
    served: ServedIndex, source: str, snapshot: str = "", locale: Locale = ENGLISH
) -> tuple[str, str]:
    """Return an article and its timeline, as the snapshot that an answer came from has it.

    Args:
        served: What is served now.
        source: The article.
        snapshot: The snapshot of the answer; "" for the one that is served.
        locale: In which the page speaks.

    """
    kept = served.articles_of(snapshot)
    articles = kept or served.articles
    article = articles.named(source)
    if article is None:
        return render_refusal(_GONE, locale), render_refusal(_GONE, locale)
    text, dates = _rendered(articles, article, locale)
    return (text, dates) if kept is not None else (render_refusal(_CHANGED, locale) + text, dates)


def article_asked_for(
    served: ServedIndex, request: Any, originals: Originals | None = None
) -> tuple[str, str]:
    """Return what ``shown_article`` gives for a request of the page, which may be anything."""
    source, snapshot = sent_text(request, "source"), sent_text(request, "index")
    return shown_article(served, source, snapshot, sent_locale(request), originals)


def shown_article(
    served: ServedIndex,
    source: str,
    snapshot: str = "",
    locale: Locale = ENGLISH,
    originals: Originals | None = None,
) -> tuple[str, str]:
    """Return what ``article_view`` does, the article with its file where that is kept.

    Where it is served there is an overview of it, too.
    """
    text, dates = article_view(served, source, snapshot, locale)
    shown = (served.articles_of(snapshot) or served.articles).named(source)
    if shown is not None and originals is not None and originals.of(shown.file_sha256):
        text = with_download(text, shown, locale)
    article = served.articles.named(source)
    if article is None or snapshot not in ("", served.articles.snapshot):
        return text, dates
    return with_overview(text, _glance(served, article, locale)), dates


def first_article(
    served: ServedIndex, locale: Locale = ENGLISH, originals: Originals | None = None
) -> str:
    """Return what stands in place of an article until one is opened."""
    if len(served.articles.all) == 1:
        only = served.articles.all[0].source
        return shown_article(served, only, locale=locale, originals=originals)[0]
    return static_file("choose_article.html", locale)


def first_dates(served: ServedIndex, locale: Locale = ENGLISH) -> str:
    """Return what stands in place of a timeline until one is asked for."""
    if len(served.articles.all) == 1:
        return article_view(served, served.articles.all[0].source, locale=locale)[1]
    return static_file("dates_wanted.html", locale)


@lru_cache(_LISTED)
def article_list(articles: Articles, locale: Locale = ENGLISH) -> str:
    """Return the list of the articles as HTML."""
    passages = [passage for article in articles.all for passage in articles.passages(article)]
    return render_article_list(articles.all, passages, articles.snapshot, locale)


def list_asked_for(articles: Articles, request: Any) -> str:
    """Return what ``article_list`` gives for a request of the page, which may be anything."""
    return article_list(articles, sent_locale(request))


def _glance(served: ServedIndex, article: Article, locale: Locale) -> str:
    """Return an overview of an article, without names while those are not found yet."""
    # Not remembered: that would keep an index which is no longer served.
    answerer = served.answerer
    names = answerer.finder.names_if_found
    overview = article_overview(answerer.index, article, names)
    return render_article_overview(overview, article, locale)


@lru_cache(_RENDERED)
def _rendered(articles: Articles, article: Article, locale: Locale) -> tuple[str, str]:
    passages = articles.passages(article)
    return (
        render_article(article, passages, articles.snapshot, locale),
        render_timeline(article, timeline(article, passages), locale),
    )
