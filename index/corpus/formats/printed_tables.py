"""Tables as they are printed, written row by row with their headings. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from citadel.index.corpus.formats.printed_lines import Line
from citadel.index.corpus.series import series_of

_FIGURE = re.compile(r"[^\w]*\d[\d\s.,:/%–-]*\W*|[-–—.]|n/?a", re.IGNORECASE)
_STEP = 1.6
"""Lines of one cell are apart by this many heights of their letters at most."""

_LABEL_WORDS = 12


class Rule(NamedTuple):
    """A horizontal line drawn on a page, in points."""

    left: float
    right: float
    height: float


class Cell(NamedTuple):
    """A line of one column, and its place in the order in which the page was written."""

    line: Line
    place: int


def is_figure(text: str) -> bool:
    """Return whether a text is a number, a share, a date in numbers or the dash for none."""
    return _FIGURE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some lines of one column that belong to one cell."""

    column: int
    lines: tuple[Line, ...]

    @property
    def top(self) -> float:
        return self.lines[0].baseline + 0.5 * self.lines[0].size

    @property
    def bottom(self) -> float:
        return self.lines[-1].baseline - 0.2 * self.lines[-1].size


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: for each column the lines of its cell, none for an empty one."""

    cells: tuple[tuple[Line, ...], ...]

    @property
    def texts(self) -> list[str]:
        return ["\n".join(line.text for line in cell) for cell in self.cells]

    @property
    def lines(self) -> list[Line]:
        return [line for cell in self.cells for line in cell]

    @property
    def lowest(self) -> float:
        return min(line.baseline for line in self.lines)

    @property
    def is_bold(self) -> bool:
        return all(line.bold for line in self.lines)


def table_rows(
    columns: Sequence[Sequence[Cell]], rules: Sequence[Rule], page: int
) -> Iterator[Line]:
    """Yield a table as a line for each row: “Marjeh: Killed 12, Wounded 40”.

    Where no row has headings, the cells stand apart as Markdown writes them. A line break within
    a cell stays one, for the words that are hyphenated there.

    Args:
        columns: The lines of each column from the top, the columns in reading order.
        rules: The horizontal lines drawn on the page.
        page: Its number, from 1.

    """
    rows = _rows(columns, rules)
    headings = rows[0].texts if _has_headings(rows) else []
    labelled = len(columns) == 2 and any(len(row.texts[1].split()) > _LABEL_WORDS for row in rows)
    if headings:
        yield _told(rows[0], _barred(headings), page)
    for row in rows[1:] if headings else rows:
        yield _told(row, _in_words(headings, row.texts, labelled=labelled), page)


def _told(row: _Row, text: str, page: int) -> Line:
    lines = row.lines
    return Line(
        text=text,
        page=page,
        start=min(line.start for line in lines),
        end=max(line.end for line in lines),
        baseline=max(line.baseline for line in lines),
        size=lines[0].size,
        bold=False,
        marks=tuple(mark for line in lines for mark in line.marks),
        is_row=True,
    )


def _barred(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _in_words(headings: Sequence[str], texts: Sequence[str], *, labelled: bool) -> str:
    first, *rest = texts
    filled = [text for text in texts if text]
    if len(filled) == 1:
        return filled[0]
    if headings:
        pairs = zip(headings[1:], rest, strict=True)
        told = ", ".join(f"{heading} {text}".strip() for heading, text in pairs if text)
        return f"{first}: {told}" if first else told
    if labelled:
        return f"{first} {rest[0]}" if first.endswith((":", ".")) else f"{first}: {rest[0]}"
    return _barred(texts)


def _has_headings(rows: Sequence[_Row]) -> bool:
    """Return whether the first row says what the others hold: by bold letters, or by no figures."""
    if len(rows) < 2 or not all(rows[0].cells[1:]):
        return False
    first, others = rows[0], rows[1:]
    if first.is_bold and not any(row.is_bold for row in others if len(row.lines) > 1):
        return True
    if any(is_figure(text) for text in first.texts):
        return False
    return any(
        2 * sum(is_figure(row.texts[column]) for row in others) > len(others)
        for column in range(1, len(first.cells))
    )


def _rows(columns: Sequence[Sequence[Cell]], rules: Sequence[Rule]) -> list[_Row]:
    heights = _dividing(columns, rules)
    if heights:
        groups = _between(columns, heights)
    else:
        groups = _side_by_side(sorted(_pieces(columns), key=lambda piece: -piece.top))
    rows = [_row(group, len(columns)) for group in groups]
    return rows if heights else _continued(rows)


def _row(pieces: Sequence[_Piece], width: int) -> _Row:
    cells: list[list[Line]] = [[] for _ in range(width)]
    for piece in pieces:
        cells[piece.column] += piece.lines
    return _Row(tuple(tuple(cell) for cell in cells))


def _side_by_side(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Join the pieces, sorted from the top, that stand side by side."""
    groups: list[list[_Piece]] = []
    bottom = 0.0
    for piece in pieces:
        if groups and piece.top > bottom:
            groups[-1].append(piece)
            bottom = min(bottom, piece.bottom)
        else:
            groups.append([piece])
            bottom = piece.bottom
    return groups


def _dividing(columns: Sequence[Sequence[Cell]], rules: Sequence[Rule]) -> list[float]:
    """Return the heights of the rules between rows, where every row has one; else none."""
    lines = [cell.line for column in columns for cell in column]
    left, right = min(line.start for line in lines), max(line.end for line in lines)
    left, right = min(abs(left), abs(right)), max(abs(left), abs(right))
    top, bottom = max(line.baseline for line in lines), min(line.baseline for line in lines)
    size = max(line.size for line in lines)
    inside = sorted(
        rule.height
        for rule in rules
        if bottom - 2 * size < rule.height < top + 2 * size
        and rule.left < right
        and rule.right > left
    )
    series = series_of(inside, lambda near, height: height - near[0] <= 0.4 * size)
    heights = [near[0] for near in series]
    filled = {bisect_left(heights, line.baseline) for line in lines}
    named = {round(cell.line.baseline) for cell in columns[0]}
    return heights if len(filled) > 2 and 3 * len(filled) >= 2 * len(named) else []


def _between(columns: Sequence[Sequence[Cell]], heights: Sequence[float]) -> list[list[_Piece]]:
    """Group the lines of all columns by the rules that they stand between, from the top."""
    groups: dict[int, dict[int, list[Line]]] = {}
    for number, column in enumerate(columns):
        for cell in column:
            place = -bisect_left(heights, cell.line.baseline)
            groups.setdefault(place, {}).setdefault(number, []).append(cell.line)
    return [
        [_Piece(number, tuple(lines)) for number, lines in groups[place].items()]
        for place in sorted(groups)
    ]


def _pieces(columns: Sequence[Sequence[Cell]]) -> list[_Piece]:
    """Put lines together that were written one after another into the same column.

    A line that stands next to one of every other column is a row, and goes on in none.
    """
    full = _full_heights(columns)
    order = sorted(
        (cell.place, number, cell.line) for number, column in enumerate(columns) for cell in column
    )

    def goes_on(piece: Sequence[tuple[int, int, Line]], following: tuple[int, int, Line]) -> bool:
        (_, number, before), (_, other, line) = piece[-1], following
        step = before.baseline - line.baseline
        return (
            number == other and 0 < step <= _STEP * line.size and round(line.baseline) not in full
        )

    return [
        _Piece(piece[0][1], tuple(line for _, _, line in piece))
        for piece in series_of(order, goes_on)
    ]


def _full_heights(columns: Sequence[Sequence[Cell]]) -> set[int]:
    """Return the heights, in whole points, at which every column has a line."""
    counts = Counter(
        height for column in columns for height in {round(cell.line.baseline) for cell in column}
    )
    return {height for height, count in counts.items() if count == len(columns)}


def _continued(rows: Sequence[_Row]) -> list[_Row]:
    """Put rows without a first cell, close below another, to it: its cells go on in them."""
    steps = [
        one.lines[-1].baseline - other.lines[0].baseline
        for one, other in pairwise(rows)
        if all(other.cells)
    ]
    usual = median(steps) if steps else 0.0
    joined: list[_Row] = []
    for row in rows:
        before = joined[-1] if joined else None
        step = before.lowest - row.lines[0].baseline if before is not None else 0.0
        if (
            before is not None
            and not row.cells[0]
            and step < max(1.1 * row.lines[0].size, 0.8 * usual)
        ):
            joined[-1] = _Row(
                tuple((*one, *other) for one, other in zip(before.cells, row.cells, strict=True))
            )
        else:
            joined.append(row)
    return joined
