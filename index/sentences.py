"""Where the sentences of a paragraph begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from index.layout import Span, trim

_OPENING = "“‘«„‚「『(["
_CLOSING = "”’»」』)]"
_QUOTES = '“”«»„「」『』"'
_MARKER = r"[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]+"
_BREAK = re.compile(rf"\n\s*\n(?:{_MARKER})? | (?:\A|\n){_MARKER}", re.VERBOSE)
"""A blank line, or the marker of a list item: no sentence goes on after either."""


def sentence_spans(text: str, start: int, end: int, language: str) -> tuple[Span, ...]:
    """Cut ``text[start:end]`` into sentences.

    Every character that is neither white space nor the marker of a list item falls into exactly
    one sentence, in order. The items of a list are sentences of their own. Sentences inside a
    quotation are told apart too, each keeping the quotation mark that opens or closes it: a quote
    of three sentences can then be cited by the one that answers.

    Args:
        text: The stored text of an article.
        start: First code point of the paragraph.
        end: One past its last code point.
        language: ISO 639-1 code; an unknown one is cut by the rules for English.

    """
    spans: list[Span] = []
    for line_start, line_end in _items(text, start, end):
        cuts = [line_start, *_boundaries(text, line_start, line_end, language), line_end]
        for left, right in pairwise(cuts):
            trimmed = trim(text, left, right)
            if trimmed is not None:
                spans.append(trimmed)
    return tuple(spans)


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges between breaks: the whole paragraph when there is none."""
    cursor = start
    for gap in _BREAK.finditer(text[start:end]):
        yield cursor, start + gap.start()
        cursor = start + gap.end()
    yield cursor, end


def _boundaries(text: str, start: int, end: int, language: str) -> list[int]:
    """Return the positions in ``start..end`` at which a new sentence begins.

    sentencex keeps a quotation whole, however many sentences it holds. Hiding the quotation
    marks behind spaces of the same length lets it see them; a mark that opens a quotation is
    then moved over to the sentence that it opens.
    """
    masked = "".join(" " if char in _QUOTES else char for char in text[start:end])
    # A line break within a paragraph ends no sentence.
    masked = masked.replace("\n", " ").replace("\r", " ")
    # sentencex takes this month alone for an abbreviation, after which a sentence goes on.
    masked = masked.replace(" May. ", " Day. ")
    positions: list[int] = []
    cursor = 0
    for piece in sentencex.segment(language or "en", masked):
        cursor += len(piece)
        boundary = start + cursor
        if boundary >= end:
            break
        if not _quotation_runs_on(text, boundary):
            positions.append(_before_opening_marks(text, boundary, start))
    return positions


def _quotation_runs_on(text: str, boundary: int) -> bool:
    """Tell a quotation that its sentence goes on after, as in “Is it?” he asked."""
    before = text[max(0, boundary - 8) : boundary].rstrip()[-1:]
    return before in tuple(_CLOSING + '"') and text[boundary : boundary + 1].islower()


def _before_opening_marks(text: str, boundary: int, floor: int) -> int:
    """Move a boundary left over marks that open the sentence after it."""
    position = boundary
    while position > floor and _opens(text, position - 1):
        position -= 1
    return position


def _opens(text: str, position: int) -> bool:
    char = text[position]
    if char in _OPENING:
        return True
    if char == '"':
        after = text[position + 1 : position + 2]
        return (
            bool(after) and not after.isspace() and (position == 0 or text[position - 1].isspace())
        )
    return False
