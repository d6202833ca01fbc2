"""What stands on one height of a page, as a line. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from citadel.index.corpus.formats.printed_lines import Line
from citadel.index.corpus.formats.printed_words import Run, printed, reading_order, runs_backwards
from citadel.index.corpus.series import series_of

_SAME_LINE = 0.25
"""Runs are on one line if their baselines differ by less than this share of their height."""

Strip = list[Run]
"""What stands side by side on a page: runs of one line, or of lines of several columns."""


def lines_of(runs: Sequence[Run], page: int) -> list[tuple[Line, Strip]]:
    """Return what stands on each height of a page as one line, from the top, with its runs."""
    return [(line_of(row, page), row) for row in rows_of(runs)]


def rows_of(runs: Sequence[Run]) -> list[Strip]:
    """Put runs together that stand on one line, from the top, each in reading order."""
    from_top = sorted(runs, key=lambda run: (-run.baseline, run.left))
    return [reading_order(row) for row in series_of(from_top, _stands_level)]


def _stands_level(row: Strip, run: Run) -> bool:
    return row[0].baseline - run.baseline <= _SAME_LINE * run.size


def line_of(row: Strip, page: int) -> Line:
    """Return what stands on one height as a line."""
    told = printed(row)
    if len(row) == 1:
        [run] = row
        left, right, size, bold = run.left, run.right, run.size, 2 * run.bold > 1
    else:
        left, right = min(run.left for run in row), max(run.right for run in row)
        size = max(row, key=lambda run: len(run.text)).size
        letters = sum(len(run.text) for run in row)
        bold = 2 * sum(len(run.text) * run.bold for run in row) > letters
    start, end = (-right, -left) if runs_backwards(told.text) else (left, right)
    return Line(
        text=told.text,
        page=page,
        start=start,
        end=end,
        baseline=row[0].baseline,
        size=size,
        bold=bold,
        marks=told.marks,
    )
