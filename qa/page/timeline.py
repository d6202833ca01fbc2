"""The timeline of an article as HTML: its dates in order, each with its cited sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from citadel.index.corpus.articles import Article
from citadel.qa.answer.date_checks import date_warning
from citadel.qa.answer.locators import address, doubt_names, paragraph_name
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


def render_whole_timeline(
    articles: Sequence[Article],
    by_source: Mapping[str, Sequence[DatedSentence]],
    *,
    source: str,
    shown: int,
    locale: Locale = ENGLISH,
) -> str:
    """Return what several articles date, in one order, with a choice of one of them.

    Args:
        articles: In their order.
        by_source: What each of them dates.
        source: The article that is chosen, or "" for all.
        shown: How many dated sentences to show.
        locale: In which the page speaks.

    """
    chosen = [article for article in articles if source in ("", article.source)]
    by_name = {article.source: article for article in chosen}
    dated = sorted(
        (each for article in chosen for each in by_source[article.source]),
        key=lambda each: each.when,
    )
    days = "".join(
        f"<li><h3>{escape(locale.date(*when))}</h3>"
        + "".join(_titled(each, by_name[each.passage.source], locale) for each in group)
        + "</li>"
        for when, group in groupby(dated[:shown], key=lambda each: each.when)
    )
    more = (
        f'<p class="actions"><button type="button" class="more-dates" data-shown="{shown}">'
        f"{escape(locale.say('Show more dates ({count})', count=len(dated) - shown))}</button></p>"
        if shown < len(dated)
        else ""
    )
    none = escape(locale.say("No sentence of these articles names a date."))
    body = f'<ol class="timeline">{days}</ol>{more}' if days else f'<p class="empty">{none}</p>'
    title = escape(locale.say("What the articles date, in order"))
    return (
        f'<div class="all-dates"><h2 class="panel-title" tabindex="-1">{title}</h2>'
        f"{_choice(articles, by_source, source, locale)}{body}</div>"
    )


def _choice(
    articles: Sequence[Article],
    by_source: Mapping[str, Sequence[DatedSentence]],
    source: str,
    locale: Locale,
) -> str:
    options = "".join(
        f'<option value="{escape(article.source)}"'
        f"{' selected' if article.source == source else ''}>"
        f"{escape(article.title)} ({locale.number(len(by_source[article.source]))})</option>"
        for article in articles
        if by_source[article.source]
    )
    return (
        f'<p class="choose"><label class="pick">{escape(locale.say("Dates of"))} '
        f'<select class="dates-of"><option value="">{escape(locale.say("all articles"))}</option>'
        f"{options}</select></label></p>"
    )


def _titled(dated: DatedSentence, article: Article, locale: Locale) -> str:
    return _sentence(dated, f' lang="{escape(article.language)}"', locale, article.title)


def _sentence(dated: DatedSentence, language: str, locale: Locale, title: str = "") -> str:
    passage = dated.passage
    number = locale.told(paragraph_name(passage))
    name = locale.say("{place}: open in the article", place=number)
    link = (
        f'<a class="cite" href="{escape(address(passage, dated.span))}" '
        f'aria-label="{escape(name)}" lang="{locale.tag}"><bdi>{escape(number)}</bdi></a>'
    )
    quote = passage.quote(dated.span)
    of = f'<p class="remark" dir="auto"{language}>{escape(title)}</p>' if title else ""
    of += "".join(
        f'<p class="doubt">{escape(locale.told(doubt))}</p>'
        for doubt in doubt_names(passage, dated.span)
    )
    return (
        f'<blockquote dir="auto"{language}>{escape(quote)} {link}</blockquote>'
        f"{of}{_remark(dated, quote, locale)}"
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
