"""What a reader's browser keeps of a passage: each marked quote with its source, to be noted on.

The list of clippings is made and kept by ``static/clippings.js`` and ``static/clipping_list.js``;
nothing of it comes here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.qa.answer.answers import Answer
from citadel.qa.answer.locators import address, page_name, paragraph_name, readable_date, told_by
from citadel.qa.answer.markup import escape
from citadel.qa.page.locales import ENGLISH, Locale
from citadel.qa.page.references import listed, plain_reference, references


def save_button(
    answer: Answer, rank: int, spans: Sequence[Span], article: Article, locale: Locale = ENGLISH
) -> str:
    """Return what saves the marked quotes of a card, or its whole passage where none is marked.

    Args:
        answer: The answer that the card belongs to.
        rank: Which of its hits the card shows, from 1.
        spans: The marked sentences.
        article: What they are quoted from.
        locale: In which the page speaks, and the references are written.

    """
    passage = answer.hits[rank - 1].passage
    speakers = {
        citation.span: locale.told(told_by(citation))
        for citation in answer.citations
        if citation.number == rank
    }
    quotes = spans or [Span(passage.start, passage.end)]
    return save_sentences(passage, quotes, article, answer.snapshot, speakers, locale)


def save_sentences(
    passage: Passage,
    spans: Sequence[Span],
    article: Article,
    snapshot: str,
    speakers: Mapping[Span, str],
    locale: Locale = ENGLISH,
) -> str:
    """Return what saves some quotes from a passage.

    Args:
        passage: The passage.
        spans: The quotes.
        article: What they are quoted from.
        snapshot: The identifier of the index that they were found in.
        speakers: Who says them, in the words of the page, for those of which it is known.
        locale: In which the page speaks, and the references are written.

    """
    clippings = [
        {
            **_clipping(passage, span, article, locale),
            "told": speakers.get(span, ""),
            "index": snapshot,
        }
        for span in spans
    ]
    kept = escape(json.dumps(clippings, ensure_ascii=False))
    return (
        f'<button type="button" class="save-clipping" data-clippings="{kept}">'
        f"{escape(locale.say('Save'))}</button>"
    )


def _clipping(passage: Passage, span: Span, article: Article, locale: Locale) -> dict[str, Any]:
    """Return what is kept of a quote; ``clippings.js`` knows the same names."""
    places = (passage.section, page_name(passage, span), paragraph_name(passage))
    plain = plain_reference(passage, span, {article.source: article}, locale)
    return {
        "quote": passage.quote(span),
        "href": address(passage, span),
        "language": article.language,
        "title": article.title,
        "author": article.author,
        "publisher": article.publisher,
        "date": article.date,
        "published": locale.told(readable_date(article.date)),
        "url": article.url,
        "place": listed(places, locale),
        "source": article.source,
        "start": span.start,
        "end": span.end,
        "references": {"plain": plain, **references(passage, span, article, locale)},
    }
