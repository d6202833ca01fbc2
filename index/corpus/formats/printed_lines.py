"""Lines as they stand on printed pages, and the paragraphs and headings that they make up. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.layout import BlockKind

_EDGE_LINES = 3
"""Running heads and feet are among so many lines at the top and at the foot of a page."""

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|pagina|página|p\.|صفحة)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|von|de|/|من)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"(?:[-*+•▪◦‣–]|\d{1,3}[.)]|\([a-z\d]\)) ")
_SENTENCE_END = re.compile(r"[.!?:;…؟۔。][”’»\")\]\d]*$")
_BREAKING_HYPHEN = re.compile(r"(?P<stem>[^\W\d_]+)(?P<hyphen>[-‐\u00ad\u0002\ufffe])$")
_SOFT_HYPHENS = "\u00ad\u0002\ufffe"
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

_HEADING_LENGTH = 200
_HEADING_SIZE = 1.12
_GAP = 1.35
"""Paragraphs are apart by so many times the distance of their lines, or more."""

_SHORT = 0.85
"""A line that ends before so much of the column, with a sentence, ends its paragraph."""


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
        last_baseline: The height that its last letters stand on: a lower one where a word was
            hyphenated and PDFium put the line below it to it.

    """

    text: str
    page: int
    start: float
    end: float
    baseline: float
    size: float
    bold: bool
    last_baseline: float


def without_running_lines(pages: Sequence[Sequence[Line]]) -> tuple[list[Line], int]:
    """Drop what stands at the edge of page after page, and page numbers.

    Returns:
        The other lines in their order, and how many were dropped.

    """
    edges = [_edge_lines(page) for page in pages]
    counts = Counter(key for edge in edges for key in {_key(line) for line in edge})
    often = max(2, (len(pages) + 2) // 3)
    kept: list[Line] = []
    for page, edge in zip(pages, edges, strict=True):
        outermost = {max(edge, key=_height), min(edge, key=_height)} if edge else set()
        dropped = {
            line
            for line in edge
            if counts[_key(line)] >= (2 if line in outermost else often)
            or _PAGE_NUMBER.fullmatch(line.text)
        }
        kept += [line for line in page if line not in dropped]
    return kept, sum(map(len, pages)) - len(kept)


def _edge_lines(page: Sequence[Line]) -> list[Line]:
    by_height = sorted(page, key=_height)
    return [*by_height[:_EDGE_LINES], *by_height[_EDGE_LINES:][-_EDGE_LINES:]]


def _height(line: Line) -> float:
    return line.baseline


def _key(line: Line) -> tuple[str, int]:
    """Return what a running line has in common on all pages: its words and its height."""
    return re.sub(r"\d+", "#", line.text), round(line.baseline / 4)


def parts_of(lines: Sequence[Line]) -> list[Part]:
    """Put lines together to paragraphs, and tell headings by their letters.

    A paragraph goes on over the end of a page or column unless its sentence ends there. Words
    hyphenated at the end of a line are mended.
    """
    if not lines:
        return []
    body = _Body.of(lines)
    words = _vocabulary(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not body.begins_paragraph(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
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
        for line in lines:
            weights[round(line.size, 1), line.bold] += len(line.text)
        (size, bold), _ = weights.most_common(1)[0]
        steps = [
            one.last_baseline - other.baseline
            for one, other in pairwise(lines)
            if one.page == other.page and 0 < one.last_baseline - other.baseline < 3 * size
        ]
        ends: dict[int, float] = {}
        for line in lines:
            column = _column(line)
            ends[column] = max(ends.get(column, line.end), line.end)
        return cls(size, bold, median(steps) if steps else 1.2 * size, ends)

    def is_display(self, line: Line) -> bool:
        """Tell a line set as headings are from the text."""
        return line.size > _HEADING_SIZE * self.size or (line.bold and not self.bold)

    def begins_paragraph(self, group: Sequence[Line], line: Line) -> bool:
        """Tell whether a line begins another paragraph than the one before it."""
        before = group[-1]
        if self.is_display(line) != self.is_display(before) or (
            abs(line.size - before.size) > 0.1 * before.size
        ):
            return True
        step = before.last_baseline - line.baseline
        if before.page != line.page or step < 0.1 * line.size:
            return self.is_display(line) or _ends_sentence(before) or _begins_item(line)
        if step > _GAP * max(self.leading * line.size / self.size, 0.5 * line.size):
            return True
        if self.is_display(line):
            return False
        indented = line.start > before.start + 0.6 * line.size
        if indented and len(group) > 1 and not any(map(_begins_item, group)):
            return True
        return _ends_sentence(before) and self._is_short(before) and not _begins_item(line)

    def _is_short(self, line: Line) -> bool:
        width = self.ends[_column(line)] - line.start
        return line.end - line.start < _SHORT * width


def _column(line: Line) -> int:
    """Return what tells lines of one column from those of another: roughly where they begin."""
    return round(line.start / 36)


def _ends_sentence(line: Line) -> bool:
    return _SENTENCE_END.search(line.text) is not None


def _begins_item(line: Line) -> bool:
    return _LIST_ITEM.match(line.text) is not None


def _part(group: Sequence[Line], body: _Body, words: Counter[str]) -> Part:
    text = ""
    pages: list[tuple[int, int]] = []
    for line in group:
        text = _joined(text, line, words)
        if not pages or pages[-1][0] != line.page:
            pages.append((line.page, len(text)))
        text += line.text
    heading = (
        all(body.is_display(line) for line in group)
        and len(text) <= _HEADING_LENGTH
        and not text.endswith((".", ",", ";"))
    )
    return Part(BlockKind.HEADING if heading else BlockKind.PARAGRAPH, text, tuple(pages))


def _joined(text: str, line: Line, words: Counter[str]) -> str:
    """Return a text ready for its next line: with a space, or without the hyphen at its end."""
    if not text:
        return ""
    if _begins_item(line):
        return text + "\n"
    broken = _BREAKING_HYPHEN.search(text)
    if broken is None:
        return text + " "
    following = _HYPHENATED.match(line.text)
    if following is None or not following[0][0].islower():
        return text
    if broken["hyphen"] in _SOFT_HYPHENS:
        return text[:-1]
    stem, rest = broken["stem"].casefold(), following[0].casefold()
    compound = words[f"{stem}-{rest}"] > words[f"{stem}{rest}"]
    return text if compound else text[:-1]


def _vocabulary(lines: Sequence[Line]) -> Counter[str]:
    """Count the words of a document, to tell “well-known” from a word broken at its hyphen."""
    return Counter(word for line in lines for word in _whole_words(line.text))


def _whole_words(text: str) -> Iterator[str]:
    for match in _HYPHENATED.finditer(text.casefold()):
        if match.end() < len(text) and text[match.end()] not in _SOFT_HYPHENS:
            yield match[0]
