"""Answers questions about the source itself from the header of each article. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from citadel.index.corpus.articles import Article
from citadel.index.corpus.dates import iso_date
from citadel.index.corpus.layout import Span
from citadel.index.corpus.metadata import parse_yaml
from citadel.index.corpus.passages import Passage, header_passage
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.answers import Citation

_STANDS_FOR = {
    "author": ("author", "publisher"),
    "publisher": ("publisher", "author"),
    "subject": ("title", "subtitle"),
}
"""Fields to look in, where they are not the one that is asked for."""

_FIELD = re.compile(
    r"^[ \t]*(?P<name>[A-Za-z]+)[ \t]*[:=][ \t]*(?P<quote>[\"']?)(?P<value>\S.*?)(?P=quote)[ \t]*$",
    re.MULTILINE,
)


_WORDS_OF_DATE = 5
"""“19 de noviembre de 2016” has this many."""


def header_hits(articles: Sequence[Article], field: str, count: int) -> tuple[Hit, ...]:
    """Return the headers that state a field, as passages.

    Args:
        articles: The collection.
        field: What is asked, see ``citadel.qa.answer.intent.Message``.
        count: How many headers to return at most.

    """
    found = (
        _hit(passage, spans)
        for article in articles
        if (passage := header_passage(article)) is not None
        and (spans := field_spans(article, field))
    )
    return tuple(hit for hit, _ in zip(found, range(count), strict=False))


def header_citations(hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Quote what each header says, in the order of the hits."""
    return tuple(
        Citation(number, hit.passage, sentence.span)
        for number, hit in enumerate(hits, start=1)
        for sentence in hit.sentences
    )


def field_spans(article: Article, field: str) -> tuple[Span, ...]:
    """Return where the header of an article states a field; nowhere when it doesn't.

    An article without an author is answered with its publisher, and the other way round; what it
    is about, with its title and subtitle.
    """
    names = _STANDS_FOR.get(field, (field,))
    spans = tuple(span for name in names for span in _value_spans(article, name))
    return spans if field == "subject" else spans[:1]


def _value_spans(article: Article, name: str) -> Iterator[Span]:
    value = getattr(article, name)
    if not value or article.header is None:
        return
    header = article.header.of(article.text)
    # In front matter the value stands after its name; in copied text it is a line of its own.
    found = re.search(
        rf"^(?:{name}:[ \t]*[\"']?)?(?P<value>{re.escape(value)})[\"']?[ \t]*$",
        header,
        re.MULTILINE,
    )
    found = found or _written_otherwise(header, name, value)
    span = Span(*found.span("value")) if found else _in_byline(header, value)
    if span is not None:
        start = article.header.start
        yield Span(start + span.start, start + span.end)


def _written_otherwise(header: str, name: str, value: str) -> re.Match[str] | None:
    """Find a field that stands in the header in a form other than the one it is kept in."""
    for field in _FIELD.finditer(header):
        if parse_yaml(f"{field['name']}: {field['value']}").fields.get(name) == value:
            return field
    return None


def _in_byline(header: str, value: str) -> Span | None:
    """Find a name, or a date in any form, among the other words of a line."""
    named = re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", header)
    if named is not None:
        return Span(*named.span())
    for line in re.finditer(r"\S.*", header):
        words = [
            (line.start() + word.start(), line.start() + word.end())
            for word in re.finditer(r"[\w-]+\.?", line[0])
        ]
        for first, (start, _) in enumerate(words):
            for _, end in words[first : first + _WORDS_OF_DATE]:
                if iso_date(header[start:end]) == value:
                    return Span(start, end)
    return None


def _hit(passage: Passage, spans: tuple[Span, ...]) -> Hit:
    return Hit(passage, 1.0, tuple(SentenceHit(span, 1.0) for span in spans), ())
