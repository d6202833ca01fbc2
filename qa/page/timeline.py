"""The timeline of an article as HTML: its dates in order, each with its cited sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from citadel.index.corpus.articles import Article
from citadel.qa.answer.date_checks import date_warning
from citadel.qa.answer.locators import address, paragraph_name
from citadel.qa.answer.markup import escape
from citadel.qa.answer.timeline import DatedSentence
from citadel.qa.page.locales import ENGLISH, Locale


def render_timeline(
    article: Article, dated: Sequence[DatedSentence], locale: Locale = ENGLISH
) -> str:
    """Return what an article dates, in order; each sentence opens in the article."""
    language = f' lang="{escape(article.language)}"'
    title = f'<p class="about" dir="auto"{language}>{escape(article.title)}</p>'
    if not dated:
        none = escape(locale.say("No sentence of this article names a date."))
        return f'{title}<p class="empty">{none}</p>'
    days = "".join(
        f"<li><h3>{escape(locale.date(*when))}</h3>"
        f"{''.join(_sentence(each, language, locale) for each in group)}</li>"
        for when, group in groupby(dated, key=lambda each: each.when)
    )
    return (
        f'<h2 class="panel-title">{escape(locale.say("What the article dates, in order"))}</h2>'
        f'{title}<ol class="timeline" data-source="{escape(article.source)}">{days}</ol>'
    )


def _sentence(dated: DatedSentence, language: str, locale: Locale) -> str:
    passage = dated.passage
    number = locale.told(paragraph_name(passage))
    name = locale.say("{place}: open in the article", place=number)
    link = (
        f'<a class="cite" href="{escape(address(passage, dated.span))}" '
        f'aria-label="{escape(name)}" lang="{locale.tag}"><bdi>{escape(number)}</bdi></a>'
    )
    quote = passage.quote(dated.span)
    return (
        f'<blockquote dir="auto"{language}>{escape(quote)} {link}</blockquote>'
        f"{_remark(dated, quote, locale)}"
    )


def _remark(dated: DatedSentence, quote: str, locale: Locale) -> str:
    """Say what the reader could not see from the quote: a guessed year, a day that isn't."""
    if not dated.exists:
        return f'<p class="doubt">{escape(locale.told(date_warning(quote)))}</p>'
    if dated.inferred:
        inferred = locale.say(
            "The source says “{date}”; the year follows from the date of the article.",
            date=dated.written,
        )
        return f'<p class="remark">{escape(inferred)}</p>'
    return ""
