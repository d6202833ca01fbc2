"""What the page's script asks for without asking a question: passages, names, dates.

Whatever was sent, something is shown.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.errors import CitadelError
from citadel.index.retrieval.written_names import NameKind
from citadel.qa.answer.mentions_of import MentionFinder
from citadel.qa.answer.timeline import DatedSentence, timeline
from citadel.qa.page.finding import render_finding, render_refused_finding
from citadel.qa.page.handlers import sent, sent_locale, sent_text, told
from citadel.qa.page.library import article_view
from citadel.qa.page.names import render_names
from citadel.qa.page.timeline import render_whole_timeline
from citadel.qa.service.live_index import Articles, ServedIndex

_PASSAGES = 50
_NAMES = 100
_DATES = 100
_MOST = 2000
"""However many are asked for, at most this many are shown; the export has all."""


def found_passages(served: ServedIndex, request: Any) -> str:
    """Return the passages that mention what a request of the page asks for."""
    asked = sent_text(request, "asked")
    words_only = sent_text(request, "as") == "words"
    source = sent_text(request, "source")
    locale = sent_locale(request)
    if not asked.strip():
        return render_finding(locale=locale)
    finder = served.answerer.finder
    scope = Scope(only=frozenset({source})) if source else EVERYTHING
    try:
        everywhere = finder.find(asked, words_only=words_only)
        found = finder.find(asked, scope, words_only=words_only) if source else everywhere
        names = finder.names_if_found
        near = names.named(asked) if names is not None and words_only else None
    except CitadelError as error:
        return render_refused_finding(asked, told(error, locale), locale)
    return render_finding(
        asked,
        found,
        shown=_shown(request, _PASSAGES),
        source=source,
        near_name=near,
        words_only=words_only,
        total_by_article=everywhere.by_article,
        snapshot=served.articles.snapshot,
        locale=locale,
    )


def listed_names(served: ServedIndex, request: Any) -> str:
    """Return the names that a request of the page asks for."""
    contains, kind = sent_text(request, "contains"), sent_text(request, "kind")
    chosen = NameKind(kind) if kind in {each.value for each in NameKind} else None
    names = served.answerer.finder.names.like(contains, chosen)
    return render_names(
        names,
        shown=_shown(request, _NAMES),
        contains=contains,
        kind="" if chosen is None else kind,
        several=len(served.articles.all) > 1,
        locale=sent_locale(request),
    )


def dates_asked_for(served: ServedIndex, request: Any) -> str:
    """Return the timeline of all articles, or of the one that a request names."""
    source, snapshot = sent_text(request, "source"), sent_text(request, "index")
    locale = sent_locale(request)
    if len(served.articles.all) == 1 or snapshot:
        return article_view(served, source, snapshot, locale)[1]
    by_source = _dated(served.articles)
    return render_whole_timeline(
        served.articles.all, by_source, source=source, shown=_shown(request, _DATES), locale=locale
    )


def names_found(finder: MentionFinder) -> None:
    """Find the names of a collection before somebody asks for them."""
    _ = finder.names


@lru_cache(2)
def _dated(articles: Articles) -> dict[str, tuple[DatedSentence, ...]]:
    return {
        article.source: timeline(article, articles.passages(article)) for article in articles.all
    }


def _shown(request: Any, step: int) -> int:
    """Return how many to show: a step more than there are."""
    value = sent(request, "shown")
    before = value if isinstance(value, int) and not isinstance(value, bool) else 0
    return min(max(before, 0) + step, _MOST)
