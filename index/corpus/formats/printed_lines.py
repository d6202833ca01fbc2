"""Lines as they stand on printed pages, and the paragraphs and headings that they make up. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.line_ends import Spellings
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.series import series_of

_LIST_ITEM = re.compile(r"(?:[-*+•▪◦‣–]|\d{1,3}[.)]|\([a-z\d]\)) ")
_SENTENCE_END = re.compile(r"[.!?:;…؟۔。][”’»\")\]\d]*$")

_HEADING_LENGTH = 200
_HEADING_SIZE = 1.12
_GAP = 1.35
"""Paragraphs are apart by this many times the distance of their lines, or more."""

_FORM = 0.5
"""A line that ends before this share of it was ended by its author, as in forms and addresses."""

_SHORT = 0.85
"""A line that ends before this share of the column, with a sentence, ends its paragraph."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page. Lengths are in points; the origin is at the foot of the page.

    Attributes:
        text: Without white space at its ends.
        page: The number of its page, from 1.
        start: Where it begins; counted from right to left, below zero, for a line that runs so.
        end: Where it ends, above ``start``.
        baseline: The height that its letters stand on.
        size: The height of its letters.
        bold: Whether they are bold.
        marks: The raised marks, as of footnotes, that were left out of it.
        is_field: Whether it is a line of a form, which stands on other pages with other values.
        is_row: Whether it is a row of a table, with all its cells.

    """

    text: str
    page: int
    start: float
    end: float
    baseline: float
    size: float
    bold: bool
    marks: tuple[str, ...] = ()
    is_row: bool = False
    is_field: bool = False


def parts_of(lines: Sequence[Line]) -> list[Part]:
    """Join lines into paragraphs, and recognise headings by their letters.

    A paragraph goes on over the end of a page or column unless its sentence ends there. Words
    hyphenated at the end of a line are mended.
    """
    if not lines:
        return []
    body = _Body.of(lines)
    words = Spellings.of(line.text for line in lines)
    groups = series_of(lines, lambda group, line: not body.begins_paragraph(group, line))
    return [_part(group, body, words) for group in groups]


@dataclass(frozen=True, slots=True)
class _Body:
    """How most lines of a document are set."""

    size: float
    bold: bool
    leading: float
    ends: dict[int, float]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Body:
        weights: Counter[tuple[float, bool]] = Counter()
        prose = [line for line in lines if not line.is_row] or lines
        for line in prose:
            weights[round(line.size, 1), line.bold] += len(line.text)
        (size, bold), _ = weights.most_common(1)[0]
        steps = [
            one.baseline - other.baseline
            for one, other in pairwise(prose)
            if one.page == other.page and 0 < one.baseline - other.baseline < 3 * size
        ]
        ends: dict[int, float] = {}
        for line in prose:
            column = _column(line)
            ends[column] = max(ends.get(column, line.end), line.end)
        return cls(size, bold, median(steps) if steps else 1.2 * size, ends)

    def is_display(self, line: Line) -> bool:
        """Distinguish a line set as headings are from the text."""
        return line.size > _HEADING_SIZE * self.size or (line.bold and not self.bold)

    def begins_paragraph(self, group: Sequence[Line], line: Line) -> bool:
        """Return whether a line begins another paragraph than the one before it."""
        before = group[-1]
        if line.is_row or before.is_row:
            return line.is_row != before.is_row
        if line.is_field or (before.is_field and line.text[0].isupper()):
            return True
        return self._is_set_otherwise(before, line) or self._is_broken_off(group, line)

    def _is_set_otherwise(self, before: Line, line: Line) -> bool:
        return self.is_display(line) != self.is_display(before) or (
            abs(line.size - before.size) > 0.1 * before.size
        )

    def _is_broken_off(self, group: Sequence[Line], line: Line) -> bool:
        """Return whether a line set as the one before it begins a paragraph, by where it stands."""
        before = group[-1]
        step = before.baseline - line.baseline
        if before.page != line.page or step < 0.1 * line.size:
            return self.is_display(line) or ends_sentence(before) or begins_item(line)
        if step > _GAP * max(self.leading * line.size / self.size, 0.5 * line.size):
            return True
        if self.is_display(line):
            return False
        indented = line.start > before.start + 0.6 * line.size
        if indented and len(group) > 1 and not any(map(begins_item, group)):
            return True
        if begins_item(line):
            return False
        return (ends_sentence(before) and self._filled(before) < _SHORT) or (
            line.text[0].isupper() and self._filled(before) < _FORM and not _runs_on(before)
        )

    def _filled(self, line: Line) -> float:
        """Return how much of its column a line fills, from 0 to 1."""
        width = self.ends[_column(line)] - line.start
        return (line.end - line.start) / width if width else 1.0


def _runs_on(line: Line) -> bool:
    """Return whether a line ends within a sentence: with a comma, a hyphen or a small word."""
    words = line.text.split()
    return line.text[-1] in ",-–(" or (len(words[-1]) <= 3 and words[-1].islower())


def _column(line: Line) -> int:
    """Return what distinguishes lines of one column from another's: roughly where they begin."""
    return round(line.start / 36)


def ends_sentence(line: Line) -> bool:
    """Return whether a sentence ends at the end of a line."""
    return _SENTENCE_END.search(line.text) is not None


def begins_item(line: Line) -> bool:
    """Return whether a line begins with the mark of a list."""
    return _LIST_ITEM.match(line.text) is not None


def _part(group: Sequence[Line], body: _Body, words: Spellings) -> Part:
    text = ""
    pages: list[tuple[int, int]] = []
    for line in group:
        first, *rest = line.text.split("\n")
        text = _joined(text, line, first, words)
        if not pages or pages[-1][0] != line.page:
            pages.append((line.page, len(text) - len(first)))
        for piece in rest:
            text = words.join(text, piece)
    text = words.ended(text)
    heading = (
        all(body.is_display(line) and not line.is_row for line in group)
        and len(text) <= _HEADING_LENGTH
        and not text.endswith((".", ",", ";"))
    )
    return Part(BlockKind.HEADING if heading else BlockKind.PARAGRAPH, text, tuple(pages))


def _joined(text: str, line: Line, first: str, words: Spellings) -> str:
    """Return a text with its next line: after a space, or mended where a word is hyphenated."""
    if not text:
        return first
    if line.is_row:
        return f"{text}\n\n{first}"
    if begins_item(line):
        return f"{text}\n{first}"
    return words.join(text, first)
