"""The blocks of a word processor's document, how they look, and the parts that they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.layout import BlockKind


@dataclass(frozen=True, slots=True)
class StoryBlock:
    """A heading, a paragraph, an item of a list or the row of a table.

    Attributes:
        kind: Heading or paragraph.
        text: What it says.
        item: Whether it is an item of a list.
        table: Whether it is the row of a table.

    """

    kind: BlockKind
    text: str
    item: bool = False
    table: bool = False


@dataclass(frozen=True, slots=True)
class Looks:
    """How a run or a style looks; None where it says nothing.

    Attributes:
        hidden: Whether it is shown only on demand.
        struck: Whether it is struck through.
        raised: Whether it stands above the line.

    """

    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None

    def over(self, below: Looks) -> Looks:
        """Return these looks, with what they leave open from others."""
        return Looks(
            below.hidden if self.hidden is None else self.hidden,
            below.struck if self.struck is None else self.struck,
            below.raised if self.raised is None else self.raised,
        )


def first_heading(parts: Iterable[Part]) -> str:
    """Return the text of the first heading, which may be a title; "" where there is none."""
    return next((part.text for part in parts if part.kind is BlockKind.HEADING), "")


def notes_under(heading: str, texts: Iterable[str], left_out: LeftOut) -> Iterator[Part]:
    """Yield the footnotes of a document under a heading, if it has any, as they stand at its end.

    Args:
        heading: “Footnotes”.
        texts: Theirs, in order; empty ones are passed over.
        left_out: Where it is remembered that their marks are not in the text.

    """
    notes = [Part(BlockKind.PARAGRAPH, text) for text in texts if text]
    if notes:
        yield Part(BlockKind.HEADING, heading)
        yield from notes
        left_out.add("the marks of notes left out, the notes put at the end", heading)


def parts_of(blocks: Iterable[StoryBlock]) -> Iterator[Part]:
    """Yield a part for each block; items that follow one another are one part, a line each."""
    items: list[str] = []
    for block in blocks:
        if block.item:
            items.append(f"- {block.text}")
            continue
        if items:
            yield Part(BlockKind.PARAGRAPH, "\n".join(items))
            items = []
        yield Part(block.kind, block.text)
    if items:
        yield Part(BlockKind.PARAGRAPH, "\n".join(items))
