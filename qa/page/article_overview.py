"""An article at a glance, as HTML above its text; each sentence opens at its place."""

from __future__ import annotations

from citadel.index.corpus.articles import Article
from citadel.qa.answer.article_overview import ArticleOverview
from citadel.qa.answer.locators import address, doubt_names, paragraph_name, section_name
from citadel.qa.answer.markup import escape, joined
from citadel.qa.answer.whole_articles import PlacedSentence
from citadel.qa.page.locales import ENGLISH, Locale


def render_article_overview(
    overview: ArticleOverview, article: Article, locale: Locale = ENGLISH
) -> str:
    """Return the key sentences of an article by section, its names, and the way to its dates."""
    sentences = "".join(_sentence(each, locale) for each in overview.sentences)
    names = "".join(
        f'<li><button type="button" class="show-name" data-name="{escape(name.text)}">'
        f"<bdi>{escape(name.text)}</bdi></button> "
        f'<span class="count">{locale.number(count)}</span></li>'
        for name, count in overview.names
    )
    dates = len({dated.when for dated in overview.dated})
    to_dates = locale.counted(
        "All its dates, in order ({count} date)", "All its dates, in order ({count} dates)", dates
    )
    return (
        f'<details class="glance" lang="{locale.tag}" dir="{locale.direction}" open>'
        f"<summary>{escape(locale.say('At a glance'))}</summary>"
        f'<ul class="key-sentences" lang="{escape(article.language)}">{sentences}</ul>'
        + (
            f'<p class="label">{escape(locale.say("Mentions most"))}</p>'
            f'<ul class="name-chips">{names}</ul>'
            if names
            else ""
        )
        + (
            '<p><button type="button" class="show-dates" '
            f'data-source="{escape(article.source)}">{escape(to_dates)}</button></p>'
            if dates
            else ""
        )
        + "</details>"
    )


def _sentence(sentence: PlacedSentence, locale: Locale) -> str:
    passage = sentence.passage
    place = locale.told(paragraph_name(passage))
    name = locale.say("{place}: open in the article", place=place)
    section = section_name(passage)
    heading = f'<p class="about" dir="auto">{escape(section)}</p>' if section else ""
    doubts = joined(map(locale.told, doubt_names(passage, sentence.span)))
    doubted = f'<p class="doubt">{doubts}</p>' if doubts else ""
    return (
        f'<li>{heading}<blockquote dir="auto">{escape(sentence.text)} '
        f'<a class="cite" href="{escape(address(passage, sentence.span))}" '
        f'aria-label="{escape(name)}" lang="{locale.tag}"><bdi>{escape(place)}</bdi></a>'
        f"</blockquote>{doubted}</li>"
    )
