"""The timeline of an article as HTML: its dates in order, each with its cited sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from citadel.index.corpus.articles import Article
from citadel.qa.answer.date_checks import date_warning
from citadel.qa.answer.locators import address, paragraph_name, readable_date
from citadel.qa.answer.markup import escape
from citadel.qa.answer.timeline import Calendar, DatedSentence

_ALL_TITLE = "What the articles date, in order"
_OF_ARTICLE = "Dates of"
_ALL_ARTICLES = "all articles"
_NO_DATE = "No sentence of these articles names a date."
_MORE = "Show more dates"


def render_timeline(article: Article, dated: Sequence[DatedSentence]) -> str:
    """Return what an article dates, in order; each sentence opens in the article."""
    title = f'<p class="about" dir="auto">{escape(article.title)}</p>'
    if not dated:
        return f'{title}<p class="empty">No sentence of this article names a date.</p>'
    days = "".join(
        f"<li><h3>{_name(when)}</h3>{''.join(_sentence(each) for each in group)}</li>"
        for when, group in groupby(dated, key=lambda each: each.when)
    )
    return (
        '<h2 class="panel-title">What the article dates, in order</h2>'
        f'{title}<ol class="timeline" data-source="{escape(article.source)}">{days}</ol>'
    )


def render_whole_timeline(
    articles: Sequence[Article],
    by_source: Mapping[str, Sequence[DatedSentence]],
    *,
    source: str,
    shown: int,
) -> str:
    """Return what several articles date, in one order, with a choice of one of them.

    Args:
        articles: In their order.
        by_source: What each of them dates.
        source: The article that is chosen, or "" for all.
        shown: How many dated sentences to show.

    """
    chosen = [article for article in articles if source in ("", article.source)]
    titles = {article.source: article.title for article in chosen}
    dated = sorted(
        (each for article in chosen for each in by_source[article.source]),
        key=lambda each: each.when,
    )
    days = "".join(
        f"<li><h3>{_name(when)}</h3>"
        + "".join(_sentence(each, titles[each.passage.source]) for each in group)
        + "</li>"
        for when, group in groupby(dated[:shown], key=lambda each: each.when)
    )
    more = (
        f'<p class="actions"><button type="button" class="more-dates" data-shown="{shown}">'
        f"{_MORE} ({len(dated) - shown})</button></p>"
        if shown < len(dated)
        else ""
    )
    body = f'<ol class="timeline">{days}</ol>{more}' if days else f'<p class="empty">{_NO_DATE}</p>'
    return (
        f'<div class="all-dates"><h2 class="panel-title" tabindex="-1">{_ALL_TITLE}</h2>'
        f"{_choice(articles, by_source, source)}{body}</div>"
    )


def _choice(
    articles: Sequence[Article], by_source: Mapping[str, Sequence[DatedSentence]], source: str
) -> str:
    options = "".join(
        f'<option value="{escape(article.source)}"'
        f"{' selected' if article.source == source else ''}>"
        f"{escape(article.title)} ({len(by_source[article.source])})</option>"
        for article in articles
        if by_source[article.source]
    )
    return (
        f'<p class="choose"><label class="pick">{_OF_ARTICLE} <select class="dates-of">'
        f'<option value="">{_ALL_ARTICLES}</option>{options}</select></label></p>'
    )


def _sentence(dated: DatedSentence, title: str = "") -> str:
    passage = dated.passage
    number = paragraph_name(passage)
    link = (
        f'<a class="cite" href="{escape(address(passage, dated.span))}" '
        f'aria-label="{number}: open in the article">{number}</a>'
    )
    quote = passage.quote(dated.span)
    of = f'<p class="remark" dir="auto">{escape(title)}</p>' if title else ""
    return f'<blockquote dir="auto">{escape(quote)} {link}</blockquote>{of}{_remark(dated, quote)}'


def _remark(dated: DatedSentence, quote: str) -> str:
    """Say what the reader could not see from the quote: a guessed year, a day that isn't."""
    if not dated.exists:
        return f'<p class="doubt" dir="auto">{escape(date_warning(quote))}</p>'
    if dated.inferred:
        return (
            f'<p class="remark" dir="auto">The source says “{escape(dated.written)}”; '
            "the year follows from the date of the article.</p>"
        )
    return ""


def _name(when: Calendar) -> str:
    year, month, day = when
    written = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")
    return escape(readable_date(written))
