"""The article: what is quoted from."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from citadel.index.corpus.layout import Block, BlockKind, Doubt, DoubtfulRange, Place, Span


@dataclass(frozen=True, slots=True)
class Article:
    """One source: its stored text, what is known about it, and how the text is laid out.

    Attributes:
        source: The file's path below the sources folder, unique in the collection; in a file of
            several articles followed by “#” and the article's own identifier.
        text: The stored text, in which all offsets count code points. For Markdown and plain text
            it is the file itself, with a newline for every line break and without byte order
            mark, control characters and direction marks; for other formats what was extracted.
        title: As published; the file's name when the text does not say.
        subtitle: The line under or above the title, or "".
        author: Who wrote it, or "".
        publisher: Who published it, or "".
        date: "2016", "2016-12" or "2016-12-05", as exact as is known, or "".
        language: ISO 639-1 code.
        origin: Where the text comes from, or "".
        header: Where the text states its own title, publisher and date, if it does.
        blocks: Headings and paragraphs in reading order.
        url: Where it is published on the web, beginning with “http”, or "".
        pages: The offset at which each page begins, ascending, the first page first; empty for
            what has no pages.
        notes: What its reader left out or mended, a phrase each.
        places: Rows or times, in the order of their starts; empty for what has none.
        doubtful: The parts that may be otherwise than they were written.
        page_labels: What the file calls each of its pages (“iii”), "" for one without a name;
            empty where pages are only counted.
        file_sha256: The SHA-256 of the file that it was read from, in hexadecimal, or "".
        read_on: The day on which that was, in UTC: "2026-11-03", or "".

    """

    source: str
    text: str
    title: str
    subtitle: str
    author: str
    publisher: str
    date: str
    language: str
    origin: str
    header: Span | None
    blocks: tuple[Block, ...]
    url: str = ""
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    doubtful: tuple[DoubtfulRange, ...] = ()
    page_labels: tuple[str, ...] = ()
    # The same text from another file, or of another day, is the same article.
    file_sha256: str = field(default="", compare=False)
    read_on: str = field(default="", compare=False)

    def page_at(self, offset: int) -> int | None:
        """Return the number of the page, from 1, on which a code point stands; None without."""
        return max(bisect_right(self.pages, offset), 1) if self.pages else None

    def page_label(self, number: int) -> int | str:
        """Return what a page is called, by its number from 1."""
        return page_label(self.page_labels, number)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the stored text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def page_label(labels: Sequence[str], number: int) -> int | str:
    """Return what a page is called, by its number from 1: a number where it counts, else a name."""
    label = labels[number - 1] if number <= len(labels) else ""
    return int(label) if label.isascii() and label.isdecimal() else label or number


def sampled_texts(articles: Sequence[Article], most: int) -> list[str]:
    """Return the texts of at most this many blocks of articles, evenly spread over them."""
    spans = [(article.text, block.span) for article in articles for block in article.blocks]
    step = max(1, -(-len(spans) // most))
    return [text[span.start : span.end] for text, span in spans[::step]]


def article_record(article: Article) -> dict[str, Any]:
    """Return an article as a JSON object, to be read by ``article_from_record``."""
    record = {each.name: getattr(article, each.name) for each in fields(article)}
    record["blocks"] = [(b.kind.value, b.span.start, b.span.end) for b in article.blocks]
    record["header"] = article.header and (article.header.start, article.header.end)
    record["places"] = [(place.start, place.name) for place in article.places]
    record["doubtful"] = [(d.span.start, d.span.end, d.doubt.value) for d in article.doubtful]
    for name in ("places", "doubtful", "page_labels", "file_sha256", "read_on"):
        # Records without them are as they were before any had them.
        if not record[name]:
            del record[name]
    return record


def article_from_record(record: dict[str, Any]) -> Article:
    """Read what ``article_record`` wrote."""
    blocks = tuple(
        Block(BlockKind(kind), Span(start, end)) for kind, start, end in record["blocks"]
    )
    header = Span(*record["header"]) if record["header"] else None
    return Article(
        **{
            **record,
            "blocks": blocks,
            "header": header,
            "pages": tuple(record["pages"]),
            "notes": tuple(record["notes"]),
            "places": tuple(Place(start, name) for start, name in record.get("places", ())),
            "doubtful": tuple(
                DoubtfulRange(Span(start, end), Doubt(doubt))
                for start, end, doubt in record.get("doubtful", ())
            ),
            "page_labels": tuple(record.get("page_labels", ())),
        }
    )
