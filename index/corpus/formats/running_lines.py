"""Running heads and feet, and the numbers of pages. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from citadel.index.corpus.formats.printed_lines import Line

_DEEPEST = 3
"""Running heads and feet are among this many lines at the top and at the foot of a page."""

_APART = 1.3
"""They are apart from the text by more than this many times the distance of its lines."""

_ONLY_PAGE_APART = 3.0
_NEAR = 3.5
"""Two running lines at one edge are apart by this many heights of their letters at most."""

_SAME_HEIGHT = 4.0
_DISPLAY = 1.12
_NUMBER = r"\d{1,4}|[ivxlc]{1,7}"
_PAGE_NUMBER = re.compile(
    rf"\W*(?:(?:page|seite|pagina|página|p\.|s\.|صفحة)\s*)?(?P<number>{_NUMBER})"
    r"(?:\s*(?:of|von|de|sur|/|من)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    rf"(?P<first>{_NUMBER})(?P<after>\W+)(?P<title>\D.*)|"
    r"(?P<text>.*\D)(?:(?P<page>page|seite|pagina|página|p\.|s\.|صفحة)\s*)?(?P<last>\d{1,4})"
    r"(?:\s*(?:of|von|de|sur|/|من)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_VALUE = re.compile(r":.+")
_DIGITS = re.compile(r"\d+")
_SET_OFF = re.compile(r"[·•|/,–—:-]|page|seite|p\.|صفحة", re.IGNORECASE)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_COUNTED = re.compile(
    r"\b(?:day|week|chapter|part|section|table|figure|bulletin|form|case|no|nr|issue|annex|article"
    r"|record|entry|report|list|tag|woche|kapitel|teil|jour|semaine|chapitre|partie|día|semana"
    r"|capítulo|parte|يوم|اليوم|فصل|الفصل)\W*$",
    re.IGNORECASE,
)
"""What is counted by the author may run with the pages, too."""

_YEARS = range(1800, 2101)


@dataclass(frozen=True, slots=True)
class _Edge:
    """One end of a page: its lines from the outermost inwards, and which page it is."""

    page: int
    lines: tuple[Line, ...]
    is_top: bool

    def inner(self, block: tuple[Line, ...]) -> tuple[Line, ...]:
        return self.lines[len(block) :]


def running_lines(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Find the running heads and feet and the numbers of pages.

    They are outermost, set apart from the text, where no text stands on any page, and they repeat
    or their numbers run with the pages.

    Args:
        pages: What stands on each height of each page as one line, in any order.

    Returns:
        Those lines in the order of the pages, from the top.

    """
    numbered = [sorted(page, key=lambda line: -line.baseline) for page in pages]
    step = _usual_step(numbered)
    size = _usual_size(numbered)
    found: set[Line] = set()
    for upwards in (False, True):
        edges = [
            _Edge(number, tuple(lines[::-1] if upwards else lines), is_top=not upwards)
            for number, lines in enumerate(numbered, start=1)
            if lines
        ]
        found |= _running(edges, len(pages), step, size)
    return [line for lines in numbered for line in lines if line in found]


def with_fields(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines of all pages, those of forms marked as that.

    A line of a form stands at the same height of at least half of the pages with the same words,
    but for its numbers and for what follows its colon.
    """
    fields = [[_field(line) for line in page] for page in pages]
    keys = Counter(key for page in fields for key in set(page))
    often = max(2, (len(pages) + 1) // 2)
    return [
        replace(line, is_field=True) if keys[key] >= often and not line.is_row else line
        for page, named in zip(pages, fields, strict=True)
        for line, key in zip(page, named, strict=True)
    ]


def _field(line: Line) -> tuple[str, int]:
    words, height = _key(line)
    return _VALUE.sub(":", words), height


def _usual_step(pages: Sequence[Sequence[Line]]) -> float:
    steps = [
        one.baseline - other.baseline
        for page in pages
        for one, other in pairwise(page)
        if one.baseline - other.baseline < 3 * one.size
    ]
    return median(steps) if steps else 0.0


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    weights: Counter[float] = Counter()
    for page in pages:
        for line in page:
            weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def _running(edges: Sequence[_Edge], count: int, step: float, size: float) -> set[Line]:
    """Return the running lines at one end of the pages.

    The outermost lines of a page, apart from its text, are so all together or not at all.
    """
    numbers = _numbers(edges, count, step)
    known = numbers if _is_form(edges) else numbers | _repeated(edges, size, bool(numbers))
    blocks = {edge.page: _block(edge, known, step) for edge in edges}
    inner = [edge.lines[len(blocks[edge.page])] for edge in edges if edge.inner(blocks[edge.page])]
    return {
        line
        for block in blocks.values()
        for line in block
        if 3 * sum(_is_beyond(other, line, edges) for other in inner) <= len(edges)
    }


def _block(edge: _Edge, known: set[Line], step: float) -> tuple[Line, ...]:
    """Return as many of the outermost lines as are running and then set apart from the text."""
    block: tuple[Line, ...] = ()
    for depth in range(1, min(_DEEPEST, len(edge.lines)) + 1):
        line = edge.lines[depth - 1]
        if line not in known:
            break
        if depth > 1 and _distance(edge.lines[depth - 2], line) > _NEAR * line.size:
            break
        if depth == len(edge.lines) or _distance(line, edge.lines[depth]) > _APART * step:
            block = edge.lines[:depth]
    return block


def _distance(one: Line, other: Line) -> float:
    return abs(one.baseline - other.baseline)


def _is_beyond(text: Line, line: Line, edges: Sequence[_Edge]) -> bool:
    """Return whether text of a page stands where a running line does, or further out."""
    return text.baseline >= line.baseline if edges[0].is_top else text.baseline <= line.baseline


def _is_form(edges: Sequence[_Edge]) -> bool:
    """Recognise forms, whose lines stand at the same places on each page with other values.

    More of them repeat than there are running heads, one after another from the edge.
    """
    if len(edges) < 2:
        return False
    keys = Counter(
        key for edge in edges for key in {_key(line) for line in edge.lines[: _DEEPEST + 3]}
    )
    forms = 0
    for edge in edges:
        inner = edge.lines[: _DEEPEST + 1]
        forms += len(inner) > _DEEPEST and all(2 * keys[_key(line)] >= len(edges) for line in inner)
    return 2 * forms > len(edges)


def _key(line: Line) -> tuple[str, int]:
    """Return what a running line has in common on all pages: its words and its height."""
    return _DIGITS.sub("#", line.text), round(line.baseline / _SAME_HEIGHT)


def _outermost(edges: Sequence[_Edge]) -> Iterator[tuple[_Edge, Line]]:
    for edge in edges:
        for line in edge.lines[:_DEEPEST]:
            yield edge, line


def _numbers(edges: Sequence[_Edge], count: int, step: float) -> set[Line]:
    """Return those of the outermost lines that are numbers of pages."""
    numbers: list[tuple[int, Line, int]] = []
    for edge, line in _outermost(edges):
        match = _PAGE_NUMBER.fullmatch(line.text)
        if match is not None:
            numbers.append((edge.page, line, _value(match["number"])))
    if count == 1:
        return {line for _, line, value in numbers if _is_only_number(edges[0], line, value, step)}
    offsets = Counter(value - page for page, _, value in numbers)
    return {line for page, line, value in numbers if value == page or offsets[value - page] > 1}


def _is_only_number(edge: _Edge, line: Line, value: int, step: float) -> bool:
    """Recognise the number of an only page, which runs with no others, by its distance."""
    if len(edge.lines) == 1 or line is not edge.lines[0] or value in _YEARS:
        return False
    return _distance(*edge.lines[:2]) > _ONLY_PAGE_APART * max(step, line.size)


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    values = [_ROMAN[letter] for letter in number.casefold()]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def _repeated(edges: Sequence[_Edge], size: float, has_numbers: bool) -> set[Line]:
    """Return those of the outermost lines that repeat, or whose words do while a number runs."""
    groups: dict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    heights: dict[int, list[tuple[int, Line]]] = defaultdict(list)
    for edge, line in _outermost(edges):
        # What is set as a heading is the title of a form or of a chapter.
        if line.size <= _DISPLAY * size:
            groups[_key(line)].append((edge.page, line))
            # The head of one page may be the book's, that of the next one the chapter's.
            heights[_key(line)[1]].append((edge.page, line))
    heights = {height: group for height, group in heights.items() if _runs(group, has_numbers)}
    found: set[Line] = set()
    for group in (*groups.values(), *heights.values()):
        texts = Counter(line.text for _, line in group)
        runs = len(group) > 1 and _runs(group, has_numbers)
        found |= {line for _, line in group if texts[line.text] > 1 or runs}
    return found


def _runs(group: Sequence[tuple[int, Line]], has_numbers: bool) -> bool:
    """Return whether the numbers next to repeated words are those of the pages."""
    offsets: set[int] = set()
    for page, line in group:
        match = _NUMBERED.fullmatch(line.text)
        if match is None:
            return False
        title = match["title"] or match["text"]
        neighbour = match["after"] or title[-3:]
        short = len(group) < 3 and len(title.split()) < 2
        by_author = match["first"] is None and _COUNTED.search(title.rstrip()) is not None
        counted = has_numbers or short or by_author
        if counted and not match["page"] and not _SET_OFF.search(neighbour):
            return False
        offsets.add(_value(match["first"] or match["last"]) - page)
    return len(offsets) == 1
