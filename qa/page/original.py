"""The file that an article was read from, as the page shows it."""

from __future__ import annotations

from citadel.index.corpus.articles import Article
from citadel.qa.answer.locators import readable_date
from citadel.qa.answer.markup import escape
from citadel.qa.page.locales import ENGLISH, Locale

_END = "</dl></details>"


def with_download(rendered: str, article: Article, locale: Locale = ENGLISH) -> str:
    """Return a rendered article in which its file can be downloaded."""
    link = (
        f'<a class="download" download href="api/originals/{article.file_sha256}">'
        f"{escape(locale.say('Download the original'))}</a>"
    )
    return rendered.replace(_END, f'</dl><p class="actions">{link}</p></details>', 1)


def render_original(article: Article, locale: Locale = ENGLISH) -> str:
    """Return what a reader can check the file of an article by; "" where nothing is known of it."""
    if not article.file_sha256:
        return ""
    name = article.source.partition("#")[0]
    day = locale.told(readable_date(article.read_on))
    facts = (
        (locale.say("File"), f"<bdi>{escape(name)}</bdi>"),
        (locale.say("Read on"), f"<bdi>{escape(day)}</bdi>"),
        ("SHA-256", f"<code>{article.file_sha256}</code>"),
    )
    listed = "".join(f"<dt><bdi>{escape(term)}</bdi></dt><dd>{fact}</dd>" for term, fact in facts)
    return (
        f'<details class="original" lang="{locale.tag}" dir="{locale.direction}">'
        f"<summary>{escape(locale.say('The original'))}</summary><dl>{listed}{_END}"
    )
