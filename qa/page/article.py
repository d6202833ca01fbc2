"""A whole article as HTML, in which every sentence can be found by its place in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Block, BlockKind, doubts_between, places_between
from citadel.index.corpus.passages import HEADER_PARAGRAPH, Passage
from citadel.index.wording import counted
from citadel.qa.answer.locators import DOUBTS, address, language_name, place_words, readable_date
from citadel.qa.answer.markup import escape, joined
from citadel.qa.page.locales import ENGLISH, Locale, direction_of
from citadel.qa.page.original import render_original

_LIST_ITEM = re.compile(r"^[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]|\n[ \t]*\n|^\|", re.MULTILINE)
"""What makes the line breaks of a paragraph meaningful: items, a blank line, a table."""


def _find(locale: Locale) -> str:
    """Return what searches in the article that is on the screen; reading.js does it."""
    name = escape(locale.say("Find in article"))
    return (
        f'<form class="find" role="search"><input type="search" aria-label="{name}" '
        f'placeholder="{name}" dir="auto" autocomplete="off" maxlength="100">'
        '<output aria-live="polite"></output>'
        '<button type="button" class="find-previous" '
        f'aria-label="{escape(locale.say("Previous match"))}">↑</button>'
        '<button type="submit" class="find-next" '
        f'aria-label="{escape(locale.say("Next match"))}">↓</button>'
        f'<button type="button" class="print">{escape(locale.say("Print"))}</button></form>'
    )


def _choose(locale: Locale) -> str:
    """Return what narrows the list down, and chooses what is left of it; scope.js does it."""
    hint = escape(locale.say("Title, publisher, date or language"))
    return (
        '<form class="choose" role="search"><input type="search" class="narrow" '
        f'aria-label="{escape(locale.say("Find an article"))}" placeholder="{hint}" dir="auto" '
        'autocomplete="off" maxlength="100"><button type="button" class="include-shown">'
        f"{escape(locale.say('Search only these'))}</button>"
        '<button type="button" class="include-all">'
        f"{escape(locale.say('Search all'))}</button></form>"
    )


def render_article(
    article: Article, passages: Sequence[Passage], snapshot: str, locale: Locale = ENGLISH
) -> str:
    """Return an article with its contents, headings, numbered paragraphs and sentences.

    Args:
        article: The article.
        passages: Its passages, its header among them if it has one.
        snapshot: The identifier of the index that it stands in.
        locale: In which the page speaks; the article stays as it is.

    """
    by_start = {p.start: p for p in passages if p.paragraph != HEADER_PARAGRAPH}
    body = "".join(_body(article, by_start, locale))
    details = _chrome("h3", locale.say("Source details"), locale, 'id="details"')
    headers = "".join(
        f'<section class="colophon">{details}{_paragraph(p, locale)}</section>'
        for p in passages
        if p.paragraph == HEADER_PARAGRAPH
    )
    language = f'dir="{direction_of(article.language)}" lang="{escape(article.language)}"'
    return (
        f'{_find(locale)}<article class="reading" data-source="{escape(article.source)}" '
        f'data-index="{escape(snapshot)}" {language}>'
        f"{_title(article, locale)}{_contents(article, locale)}{render_original(article, locale)}"
        f"{body}{headers}"
        "</article>"
    )


def with_overview(rendered: str, overview: str) -> str:
    """Return a rendered article with an overview of it under its title."""
    head, end, body = rendered.partition("</header>")
    return f"{head}{end}{overview}{body}"


def render_article_list(
    articles: Sequence[Article],
    passages: Sequence[Passage],
    snapshot: str,
    locale: Locale = ENGLISH,
) -> str:
    """Return the list of the articles of a snapshot, which answers are quoted from."""
    by_source: dict[str, list[Passage]] = {article.source: [] for article in articles}
    for passage in passages:
        if passage.paragraph != HEADER_PARAGRAPH:
            by_source[passage.source].append(passage)
    several = len(articles) > 1
    items = "".join(_list_item(a, by_source[a.source], locale, choosable=several) for a in articles)
    title = locale.counted(
        "Answers are quoted from {count} article",
        "Answers are quoted from {count} articles",
        len(articles),
    )
    return (
        f'<h2 class="panel-title">{escape(title)}</h2>'
        f'{_choose(locale) if several else ""}<ul class="library" '
        f'data-index="{escape(snapshot)}">{items}</ul>'
    )


def _chrome(tag: str, words: str, locale: Locale, attributes: str) -> str:
    """Return words of the page amid an article, which may be in another language."""
    return f'<{tag} {attributes} lang="{locale.tag}">{escape(words)}</{tag}>'


def _title(article: Article, locale: Locale) -> str:
    subtitle = (
        f'<p class="subtitle" dir="auto">{escape(article.subtitle)}</p>' if article.subtitle else ""
    )
    facts = (article.author, article.publisher, readable_date(article.date))
    items = [f"<bdi>{escape(locale.told(fact))}</bdi>" for fact in facts if fact]
    if article.url:
        link = (
            f'class="published" href="{escape(article.url)}" target="_blank" '
            'rel="noopener noreferrer"'
        )
        items.append(_chrome("a", locale.say("As published"), locale, link))
    byline = " · ".join(items)
    return (
        f'<header><h2 dir="auto">{escape(article.title)}</h2>{subtitle}'
        f'<p class="byline" dir="auto">{byline}</p></header>'
    )


def _contents(article: Article, locale: Locale) -> str:
    headings = [block for block in article.blocks if block.kind is BlockKind.HEADING]
    if not headings:
        return ""
    items = "".join(
        f'<li dir="auto"><a class="heading-link" href="#{_heading_id(heading)}">'
        f"{escape(heading.span.of(article.text))}</a></li>"
        for heading in headings
    )
    name = escape(locale.say("Contents"))
    return (
        f'<details class="contents"><summary>{name}</summary>'
        f'<nav aria-label="{name}"><ol>{items}</ol></nav></details>'
    )


def _heading_id(block: Block) -> str:
    return f"heading-{block.span.start}"


def _body(article: Article, by_start: Mapping[int, Passage], locale: Locale) -> Iterator[str]:
    """Yield headings and paragraphs, and above the first of each page the page's number."""
    shown: int | None = None
    for block in article.blocks:
        first, last = article.page_at(block.span.start), article.page_at(block.span.end - 1)
        if first is not None and (first, last) != (shown, shown):
            name = (
                locale.say("Page {number}", number=article.page_label(first))
                if first == last or last is None
                else locale.say(
                    "Pages {first}–{last}",
                    first=article.page_label(first),
                    last=article.page_label(last),
                )
            )
            doubts = doubts_between(article.doubtful, block.span.start, block.span.end)
            told = "".join(f" · <bdi>{escape(locale.told(DOUBTS[d]))}</bdi>" for d in doubts)
            yield f'<p class="page-mark" lang="{locale.tag}">{escape(name)}{told}</p>'
        shown = last
        if block.kind is BlockKind.PARAGRAPH:
            yield _place_mark(article, block, locale)
        yield _block(article, block, by_start, locale)


def _place_mark(article: Article, block: Block, locale: Locale) -> str:
    """Return the rows or times of a paragraph; "" for what has none."""
    found = places_between(article.places, block.span.start, block.span.end)
    if not found:
        return ""
    ends = (found[0], found[-1])[: len(found)]
    names = " – ".join(locale.told(place_words(end.name)) for end in ends)
    return f'<p class="page-mark" dir="auto">{escape(names)}</p>'


def _block(article: Article, block: Block, by_start: Mapping[int, Passage], locale: Locale) -> str:
    if block.kind is BlockKind.PARAGRAPH:
        return _paragraph(by_start[block.span.start], locale)
    name = locale.say("Link to this section")
    return (
        f'<h3 id="{_heading_id(block)}" tabindex="-1" dir="auto">'
        f"{escape(block.span.of(article.text))} "
        f"{_anchor(article.source, _heading_id(block), '§', name, locale)}</h3>"
    )


def _anchor(source: str, target: str, sign: str, name: str, locale: Locale) -> str:
    """Return a link that can be shared: a click copies it."""
    link = f"?a={quote(source, safe='', errors='replace')}#{target}"
    return (
        f'<a class="anchor" lang="{locale.tag}" href="{escape(link)}" aria-label="{escape(name)}" '
        f'title="{escape(name)}">{sign}</a>'
    )


def _paragraph(passage: Passage, locale: Locale) -> str:
    """Return a paragraph; each sentence records where it begins and ends in the source."""
    pieces: list[str] = []
    cursor = passage.start
    for span in passage.sentences:
        pieces.append(escape(passage.text[cursor - passage.start : span.start - passage.start]))
        pieces.append(
            f'<span data-start="{span.start}" data-end="{span.end}">'
            f"{escape(passage.quote(span))}</span>"
        )
        cursor = span.end
    pieces.append(escape(passage.text[cursor - passage.start :]))
    keeps_lines = passage.paragraph == HEADER_PARAGRAPH or _LIST_ITEM.search(passage.text)
    number = passage.paragraph
    name = locale.say("Link to paragraph {number}", number=number)
    anchor = (
        _anchor(passage.source, f"p{number}", locale.number(number), name, locale)
        if number != HEADER_PARAGRAPH
        else ""
    )
    return (
        f'<div class="paragraph{" lines" if keeps_lines else ""}" id="p{number}">{anchor}'
        f'<p dir="auto" tabindex="-1">{"".join(pieces)}</p></div>'
    )


def _list_item(
    article: Article, passages: Sequence[Passage], locale: Locale, *, choosable: bool
) -> str:
    facts = (
        article.author,
        article.publisher,
        readable_date(article.date),
        language_name(article.language),
        counted("{count} paragraph", "{count} paragraphs", len(passages)),
    )
    about = joined(map(locale.told, facts))
    start = escape(address(passages[0]))
    included = (
        f'<label class="include"><input type="checkbox" value="{escape(article.source)}" '
        f"checked>{escape(locale.say('Search in it'))}</label>"
        if choosable
        else ""
    )
    return (
        f'<li><h3><bdi lang="{escape(article.language)}">{escape(article.title)}</bdi></h3>'
        f'<p class="about">{about}</p><p class="actions"><a class="read" href="{start}">'
        f"{escape(locale.say('Read'))}</a>{included}</p></li>"
    )
