"""The shape of one article's text: where its header, headings and paragraphs stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from operator import attrgetter

from citadel.index.corpus.series import series_of


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points, counted in the stored text of one article."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse an empty or reversed range: nothing could be quoted from it."""
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got {self.start} and {self.end}")

    def of(self, text: str) -> str:
        """Return the slice of ``text`` that the span stands for."""
        return text[self.start : self.end]


class BlockKind(Enum):
    """What a block of text is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, or a paragraph with the list that it announces."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True)
class Byline:
    """What one line of an article says about it.

    Attributes:
        fields: "author", as it is written there, "date", as metadata keep it, and so on.
        place: Which of the lines at the head it is, from 0.
        line: The line, with single spaces.

    """

    fields: Mapping[str, str]
    place: int
    line: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What the reader of one format found in a text.

    Attributes:
        metadata: title, subtitle, publisher and so on, as far as the text gives them.
        header: Where the text says so, to be quoted for questions about the source; None when
            the text does not introduce itself.
        blocks: Headings and paragraphs in reading order, without what belongs to the web page.
        notes: What could not be read or is no part of the text, a phrase each.
        bylines: The lines that fields of the metadata were read from, where they are not stated.

    """

    metadata: Mapping[str, str]
    header: Span | None
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    bylines: tuple[Byline, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file that has no pages, as its reader would look it up.

    Attributes:
        start: The offset in the stored text at which it begins; it ends where the next one begins.
        name: “sheet Deaths, row 12” or “at 0:01:23”.

    """

    start: int
    name: str


def places_between(places: Sequence[Place], start: int, end: int) -> tuple[Place, ...]:
    """Return the place in which an offset stands, if any, and those that begin before another.

    Args:
        places: In the order of their starts.
        start: The first offset.
        end: One past the last.

    """
    first = bisect_right(places, start, key=attrgetter("start"))
    last = bisect_left(places, end, key=attrgetter("start"))
    return tuple(places[max(first - 1, 0) : last])


class Doubt(StrEnum):
    """Why what was read may be otherwise than it was written."""

    LAYOUT = "layout uncertain"
    PICTURE = "recognised from a picture, may contain errors"


@dataclass(frozen=True, slots=True)
class DoubtfulRange:
    """A part of a stored text that may be otherwise than it was written: as a rule, a page.

    Attributes:
        span: Where it stands.
        doubt: Why it may be.

    """

    span: Span
    doubt: Doubt


def doubts_between(doubtful: Sequence[DoubtfulRange], start: int, end: int) -> tuple[Doubt, ...]:
    """Return the doubts about any part of a range, each once, in the order of the ranges."""
    found = (each.doubt for each in doubtful if each.span.start < end and start < each.span.end)
    return tuple(dict.fromkeys(found))


def trim(text: str, start: int, end: int) -> Span | None:
    """Narrow a range by the white space at both its ends; None when nothing else is in it."""
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    left = start + len(piece) - len(piece.lstrip())
    return Span(left, left + len(stripped))


def is_announcement(text: str) -> bool:
    """Return whether a line announces what follows it, as “The members are:” does."""
    return text.endswith((":", "："))


def join_announcements(text: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Join a line that ends in a colon with the block that it announces.

    “Foreign militias:” and the list under it answer only together, so they are one paragraph.
    """

    def announces(group: Sequence[Block], block: Block) -> bool:
        kinds = {group[-1].kind, block.kind}
        return kinds == {BlockKind.PARAGRAPH} and is_announcement(group[-1].span.of(text))

    return tuple(
        Block(group[0].kind, Span(group[0].span.start, group[-1].span.end))
        for group in series_of(blocks, announces)
    )


LONGEST_PARAGRAPH = 4000
"""Code points; a longer block is no paragraph that anybody wrote."""

_SENTENCE_END = re.compile(r"[.!?。؟۔…][”’»\")\]]*\s+|\n")
_SPACE = re.compile(r"\s+")


def split_long(text: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Cut paragraphs that are longer than any model reads or reader wants, best after a sentence.

    Args:
        text: The stored text.
        blocks: Headings and paragraphs in reading order.

    """
    pieces: list[Block] = []
    for block in blocks:
        rest: Span | None = block.span
        while rest is not None and rest.end - rest.start > LONGEST_PARAGRAPH:
            cut = _cut(text, rest.start)
            piece = trim(text, rest.start, cut)
            if piece is not None:
                pieces.append(Block(block.kind, piece))
            rest = trim(text, cut, rest.end)
        if rest is not None:
            pieces.append(Block(block.kind, rest))
    return tuple(pieces)


def _cut(text: str, start: int) -> int:
    """Return where to end a piece: after a sentence in its second half, a word, or anywhere."""
    end = start + LONGEST_PARAGRAPH
    for mark in (_SENTENCE_END, _SPACE):
        found = [match.end() for match in mark.finditer(text, start + LONGEST_PARAGRAPH // 2, end)]
        if found:
            return found[-1]
    return end
