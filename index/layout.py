"""The shape of one article's text: where its header, headings and paragraphs stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


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
class Layout:
    """What the reader of one format found in a text.

    Attributes:
        metadata: title, subtitle, publisher and so on, as far as the text tells them.
        header: Where the text says so, to be quoted for questions about the source; None when
            the text does not introduce itself.
        blocks: Headings and paragraphs in reading order, without what belongs to the web page.

    """

    metadata: Mapping[str, str]
    header: Span | None
    blocks: tuple[Block, ...]


def trim(text: str, start: int, end: int) -> Span | None:
    """Narrow a range by the white space at both its ends; None when nothing else is in it."""
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    left = start + len(piece) - len(piece.lstrip())
    return Span(left, left + len(stripped))


def is_announcement(text: str) -> bool:
    """Tell a line that announces what follows it, as “The members are:” does."""
    return text.endswith((":", "："))


def join_announcements(text: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Join a line that ends in a colon with the block that it announces.

    “Foreign militias:” and the list under it answer only together, so they are one paragraph.
    """
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.kind is block.kind is BlockKind.PARAGRAPH
            and is_announcement(before.span.of(text))
        ):
            joined[-1] = Block(block.kind, Span(before.span.start, block.span.end))
        else:
            joined.append(block)
    return tuple(joined)
