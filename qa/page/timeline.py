"""The timeline of an article as HTML: its dates in order, each with its cited sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from citadel.index.corpus.articles import Article
from citadel.qa.answer.date_checks import date_warning
from citadel.qa.answer.locators import address, paragraph_name, readable_date
from citadel.qa.answer.markup import escape
from citadel.qa.answer.timeline import Calendar, DatedSentence


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


def _sentence(dated: DatedSentence) -> str:
    passage = dated.passage
    number = paragraph_name(passage)
    link = (
        f'<a class="cite" href="{escape(address(passage, dated.span))}" '
        f'aria-label="{number}: open in the article">{number}</a>'
    )
    quote = passage.quote(dated.span)
    return f'<blockquote dir="auto">{escape(quote)} {link}</blockquote>{_remark(dated, quote)}'


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
