"""Cuts an article into passages: paragraphs that know their heading, number and sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from citadel.index.corpus.articles import Article, page_label
from citadel.index.corpus.layout import (
    BlockKind,
    Doubt,
    DoubtfulRange,
    Place,
    Span,
    doubts_between,
    places_between,
)
from citadel.index.corpus.sentences import sentence_spans

HEADER_PARAGRAPH = 0
"""The paragraph number of the passage in which an article introduces itself."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of an article, or its header.

    ``article.text[passage.start:passage.end] == passage.text`` for the article of that source.

    Attributes:
        source: The file name of the article.
        title: The title of the article.
        section: The heading above it; the title of the article above the first heading.
        paragraph: 1 for the first paragraph of the article; 0 for its header.
        start: First code point in the stored text of the article.
        end: One past its last code point.
        text: The slice itself.
        sentences: The sentences in it, in order, by their offsets in the stored text.
        page: The number of the page on which it begins, from 1; None for what has no pages.
        page_breaks: The offsets in it at which a further page begins, ascending.
        places: The row or time at which it begins, and those that begin in it, in order; empty
            for what has none.
        doubtful: The parts of the article that may be otherwise than they were written.
        page_labels: What the file calls its pages, as its article has them.

    """

    source: str
    title: str
    section: str
    paragraph: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    page: int | None = None
    page_breaks: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()
    doubtful: tuple[DoubtfulRange, ...] = ()
    page_labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a passage whose text and offsets disagree, or with a sentence outside it."""
        if len(self.text) != self.end - self.start:
            raise ValueError(
                f"{self.source}, paragraph {self.paragraph}: {len(self.text)} code points of text "
                f"for the range {self.start} to {self.end}"
            )
        if not self.sentences:
            raise ValueError(f"{self.source}, paragraph {self.paragraph} has no sentence")
        for span in self.sentences:
            if span.start < self.start or span.end > self.end:
                raise ValueError(
                    f"{self.source}, paragraph {self.paragraph}: the sentence {span.start} to "
                    f"{span.end} is outside {self.start} to {self.end}"
                )

    def quote(self, span: Span) -> str:
        """Return the text of a span of the article that lies within this passage."""
        return self.text[span.start - self.start : span.end - self.start]

    def between(self, first: Span, second: Span) -> str:
        """Return what stands between two spans within this passage, the first before the second."""
        return self.text[first.end - self.start : second.start - self.start]

    def page_of(self, span: Span) -> int | None:
        """Return the number of the page on which a span begins; None for what has no pages."""
        return None if self.page is None else self.page + bisect_right(self.page_breaks, span.start)

    def page_label_of(self, span: Span) -> int | str | None:
        """Return what the page is called on which a span begins; None for what has no pages."""
        page = self.page_of(span)
        return None if page is None else page_label(self.page_labels, page)

    def printed_page_of(self, span: Span) -> str:
        """Return what is printed on the page on which a span begins where that is not its number.

        It is "" for a page that is called by its number, and for what has no pages.
        """
        label = self.page_label_of(span)
        return "" if label is None or label == self.page_of(span) else str(label)

    def place_of(self, span: Span) -> str:
        """Return the name of the row or time at which a span begins; "" for what has none."""
        found = places_between(self.places, span.start, span.start + 1)
        return found[0].name if found else ""

    def doubts_about(self, span: Span) -> tuple[Doubt, ...]:
        """Return why a span may be otherwise than it was written, if it may."""
        return doubts_between(self.doubtful, span.start, span.end)


def page_breaks(article: Article, start: int, end: int) -> tuple[int, ...]:
    """Return the offsets at which a page begins between two others."""
    first, last = bisect_right(article.pages, start), bisect_left(article.pages, end)
    return article.pages[first:last]


def split_article(article: Article) -> tuple[Passage, ...]:
    """Return the article's paragraphs in reading order, numbered from 1."""
    passages: list[Passage] = []
    section = article.title
    for block in article.blocks:
        if block.kind is BlockKind.HEADING:
            section = block.span.of(article.text)
        else:
            span = block.span
            sentences = sentence_spans(article.text, span.start, span.end, article.language)
            passages.append(_passage(article, span, section, len(passages) + 1, sentences))
    return tuple(passages)


def header_passage(article: Article) -> Passage | None:
    """Return the lines in which the article gives its title, publisher and date, if it does."""
    if article.header is None:
        return None
    header = article.header
    lines = tuple(
        Span(header.start + line.start(), header.start + line.end())
        for line in re.finditer(r"\S.*", header.of(article.text))
    )
    return _passage(article, header, article.title, HEADER_PARAGRAPH, lines)


def _passage(
    article: Article, span: Span, section: str, paragraph: int, sentences: tuple[Span, ...]
) -> Passage:
    return Passage(
        source=article.source,
        title=article.title,
        section=section,
        paragraph=paragraph,
        start=span.start,
        end=span.end,
        text=span.of(article.text),
        sentences=sentences,
        page=article.page_at(span.start),
        page_breaks=page_breaks(article, span.start, span.end),
        places=places_between(article.places, span.start, span.end),
        doubtful=article.doubtful,
        page_labels=article.page_labels,
    )
