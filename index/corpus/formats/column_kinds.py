"""Distinguishes columns of text from tables and from the numbers of lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, median

from citadel.index.corpus.formats.page_gaps import spans_of
from citadel.index.corpus.formats.page_rows import Strip
from citadel.index.corpus.formats.printed_tables import Cell, is_figure
from citadel.index.corpus.series import series_of

PROSE_LINES = 3
_PROSE_WORDS = 3.0
_PROSE_FILLED = 0.6
_AS_WIDE = 0.9


def kind_of(columns: Sequence[Sequence[Cell]], strips: Sequence[Strip]) -> str:
    """Distinguish columns of text from tables, by what they hold and how they were written."""
    prose = [is_prose(column) for column in columns]
    others = [column for column, text in zip(columns, prose, strict=True) if not text]
    ordered = is_written_by_columns(columns)
    if len(columns) == 2 and len(others) == 1 and is_count(others[0]):
        return "line numbers"
    if all(prose) and ordered:
        return "columns"
    if any(prose) and ordered:
        return _kind_of_some(columns)
    in_rows = _is_written_in_rows(columns)
    if any(prose):
        is_table = in_rows and (not all(prose) or _is_written_by_cells(columns))
        return "table" if is_table else "doubtful"
    figures = any(
        2 * sum(is_figure(c.line.text) for c in column) > len(column) for column in columns
    )
    shared = sum(len(spans_of(strip)) > 1 for strip in strips)
    if ordered and not figures:
        return "columns"
    return "table" if 2 * shared >= len(strips) and (figures or in_rows) else "doubtful"


def _kind_of_some(columns: Sequence[Sequence[Cell]]) -> str:
    """Distinguish a short column of text, set as the one next to it, from notes in the margin."""
    widths = [max(c.line.end for c in col) - min(c.line.start for c in col) for col in columns]
    sizes = [median(cell.line.size for cell in column) for column in columns]
    alike = min(widths) > _AS_WIDE * max(widths) and max(sizes) - min(sizes) <= 0.1 * sizes[0]
    return "columns" if alike else "doubtful"


def is_prose(column: Sequence[Cell]) -> bool:
    """Distinguish a column of running text, whose lines fill it, from cells."""
    if len(column) < PROSE_LINES:
        return False
    width = max(cell.line.end for cell in column) - min(cell.line.start for cell in column)
    words = fmean(len(cell.line.text.split()) for cell in column)
    filled = median(cell.line.end - cell.line.start for cell in column) / width if width else 0
    return words >= _PROSE_WORDS and filled >= _PROSE_FILLED


def is_count(column: Sequence[Cell]) -> bool:
    """Return whether texts are the line numbers of a margin, which rise by the same step."""
    texts = [cell.line.text for cell in column]
    if len(texts) < PROSE_LINES or not all(re.fullmatch(r"\d{1,4}", text) for text in texts):
        return False
    steps = {int(other) - int(one) for one, other in pairwise(texts)}
    return len(steps) == 1 and steps.pop() in (1, 2, 5, 10)


def is_written_by_columns(columns: Sequence[Sequence[Cell]]) -> bool:
    """Return whether all of one column was written before the next one."""
    return all(
        max(cell.place for cell in one) < min(cell.place for cell in other)
        for one, other in pairwise(columns)
    )


def _is_written_by_cells(columns: Sequence[Sequence[Cell]]) -> bool:
    """Return whether several lines of one column were written before those next to them."""
    order = sorted((cell.place, number) for number, column in enumerate(columns) for cell in column)
    changes = sum(one[1] != other[1] for one, other in pairwise(order))
    return len(order) >= 2 * (changes + 1)


def _is_written_in_rows(columns: Sequence[Sequence[Cell]]) -> bool:
    """Return whether this is a table, each row written below all of the one before it.

    Columns that were written piece by piece go down next to what was written before.
    """
    cells = sorted(
        (cell.place, number, cell.line) for number, column in enumerate(columns) for cell in column
    )
    rows = series_of(cells, lambda row, cell: row[-1][1] <= cell[1])
    return len(rows) > 1 and all(
        min(line.baseline for _, _, line in one) > max(line.baseline for _, _, line in other)
        for one, other in pairwise(rows)
    )
