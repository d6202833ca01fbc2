"""The sentences of a section, each with its frame: the part in the article's own words. Pure.

In “‘We lost 700 fighters,’ the officer said.” the frame is “the officer said”. What stands in
quotation marks is masked in place, so that the offsets of a frame are those of its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage

MASK = "\N{REPLACEMENT CHARACTER}"
"""Stands in a frame for every code point that is quoted."""

NO_QUOTATION = -1

_CLOSED_BY = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"', "'": "'"}
_MARK = re.compile("[“„«‘\"']")
_BEFORE_A_WORD = " \t\n\N{NO-BREAK SPACE}([—–-/“„«‘\"'"
_FEWEST_WORDS = 4
_ENDS_A_SENTENCE = re.compile(r"[.!?…][”’»\"']*$")
_WORD = re.compile(r"\w[\w’'-]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a section.

    Attributes:
        passage: The paragraph in which it stands.
        span: The sentence.
        frame: Its text, with ``MASK`` for what is quoted.
        opens_in: The number of the quotation that its first word stands in; ``NO_QUOTATION``.
        closes_in: The same of its last word.
        quoted: How many of its words are quoted, 0 to 1.

    """

    passage: Passage
    span: Span
    frame: str
    opens_in: int
    closes_in: int
    quoted: float

    @property
    def text(self) -> str:
        """The sentence, as it stands in the source."""
        return self.passage.quote(self.span)

    @property
    def is_quoted(self) -> bool:
        """Whether all of its words are quoted."""
        return not _WORD.search(self.frame)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a sentence stands: the context that shows who is meant in it.

    Attributes:
        article: The stored text of the article.
        lines: The sentences of the section, from some paragraphs before that of the sentence to the
            end of that one.

    """

    article: str
    lines: tuple[Line, ...]

    def before(self, place: int, most: int) -> range:
        """Return the places of the sentences before one, the nearest first, this many at most."""
        return range(place - 1, max(place - 1 - most, -1), -1)


def lines_of(passages: Sequence[Passage]) -> tuple[Line, ...]:
    """Return the sentences of some paragraphs of an article, in reading order."""
    lines: list[Line] = []
    numbered = 0
    open_still = False
    for passage in passages:
        found = _quotations(passage.text)
        # A quotation that was not closed goes on where the next paragraph opens it again.
        if found and found[0][0] == 0 and open_still:
            numbered -= 1
        lines += [_line(passage, span, found, numbered) for span in passage.sentences]
        numbered += len(found)
        open_still = bool(found) and not _is_closed(passage.text, *found[-1])
    return tuple(lines)


def _line(
    passage: Passage, span: Span, quotations: Sequence[tuple[int, int]], numbered: int
) -> Line:
    text = passage.quote(span)
    offset = span.start - passage.start
    frame = text
    opens_in = closes_in = NO_QUOTATION
    words = [offset + word.start() for word in _WORD.finditer(text)]
    for number, (start, end) in enumerate(quotations, start=numbered):
        first, last = max(start - offset, 0), min(end - offset, len(text))
        if first >= last:
            continue
        frame = frame[:first] + MASK * (last - first) + frame[last:]
        if words and start <= words[0] < end:
            opens_in = number
        if words and start <= words[-1] < end:
            closes_in = number
    quoted = sum(frame[word - offset] == MASK for word in words) / max(len(words), 1)
    return Line(passage, span, frame, opens_in, closes_in, quoted)


def _quotations(text: str) -> list[tuple[int, int]]:
    """Return where somebody is quoted, marks included; names and titles in marks are not.

    A quotation that is not closed goes on to the end of the paragraph.
    """
    found: list[tuple[int, int]] = []
    place = 0
    while (opening := _MARK.search(text, place)) is not None:
        start = opening.start()
        place = start + 1
        if not _opens(text, start):
            continue
        end = _close(text, start)
        if end is None and opening.group() in "‘'":
            continue
        stop = len(text) if end is None else end + 1
        if _is_said(text[start + 1 : end], text[:start]):
            found.append((start, stop))
        place = stop
    return found


def _is_closed(text: str, start: int, end: int) -> bool:
    return end - start > 1 and text[end - 1] in _CLOSED_BY[text[start]]


def _opens(text: str, place: int) -> bool:
    first = place == 0 or text[place - 1] in _BEFORE_A_WORD
    after = text[place + 1 : place + 2]
    if text[place] in "“„«":
        return True
    return first and bool(after) and not after.isspace()


def _close(text: str, start: int) -> int | None:
    """Return where a quotation is closed; None where it isn't."""
    closing = _CLOSED_BY[text[start]]
    depth = 0
    for place in range(start + 1, len(text)):
        char = text[place]
        if char == text[start] and char not in closing and char == "“":
            depth += 1
        elif char in closing:
            if char in "’'" and text[place + 1 : place + 2].isalnum():
                continue
            if char in "’'" and text[place - 1].isspace():
                continue
            if char == '"' and text[place - 1].isspace() and text[place + 1 : place + 2].isalnum():
                # An inner quotation that is set in the same marks.
                depth += 1
                continue
            if depth == 0:
                return place
            depth -= 1
    return None


def _is_said(inside: str, before: str) -> bool:
    """Distinguish “Pick a chair.” from a name, a rank or a title in quotation marks."""
    if len(_WORD.findall(inside)) >= _FEWEST_WORDS or _ENDS_A_SENTENCE.search(inside):
        return True
    # “Yes,” he said; but not: rated it “fair,” one of the better grades.
    return inside.endswith(",") and (not before.strip() or before.rstrip()[-1] in '.?!:,”"')
