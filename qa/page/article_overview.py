"""An article at a glance, as HTML above its text; each sentence opens at its place."""

from __future__ import annotations

from citadel.index.corpus.articles import Article
from citadel.qa.answer.article_overview import ArticleOverview
from citadel.qa.answer.locators import address, paragraph_name, section_name
from citadel.qa.answer.markup import escape, plural
from citadel.qa.answer.whole_articles import PlacedSentence

_TITLE = "At a glance"
_NAMES = "Mentions most"
_OPENS = "open in the article"
_ALL_DATES = "All its dates, in order"


def render_article_overview(overview: ArticleOverview, article: Article) -> str:
    """Return the key sentences of an article by section, its names, and the way to its dates."""
    sentences = "".join(_sentence(each) for each in overview.sentences)
    names = "".join(
        f'<li><button type="button" class="show-name" data-name="{escape(name.text)}">'
        f'<bdi>{escape(name.text)}</bdi></button> <span class="count">{count}</span></li>'
        for name, count in overview.names
    )
    dates = len({dated.when for dated in overview.dated})
    return (
        f'<details class="glance" lang="en" open><summary>{_TITLE}</summary>'
        f'<ul class="key-sentences" lang="{escape(article.language)}">{sentences}</ul>'
        + (f'<p class="label">{_NAMES}</p><ul class="name-chips">{names}</ul>' if names else "")
        + (
            '<p><button type="button" class="show-dates" '
            f'data-source="{escape(article.source)}">{_ALL_DATES} ({plural(dates, "date")})'
            "</button></p>"
            if dates
            else ""
        )
        + "</details>"
    )


def _sentence(sentence: PlacedSentence) -> str:
    passage = sentence.passage
    place = paragraph_name(passage)
    section = section_name(passage)
    heading = f'<p class="about" dir="auto">{escape(section)}</p>' if section else ""
    return (
        f'<li>{heading}<blockquote dir="auto">{escape(sentence.text)} '
        f'<a class="cite" href="{escape(address(passage, sentence.span))}" '
        f'aria-label="{place}: {_OPENS}">{place}</a></blockquote></li>'
    )
