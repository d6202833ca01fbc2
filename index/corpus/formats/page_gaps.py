"""The white gaps between what stands side by side on a page. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from citadel.index.corpus.formats.page_rows import Strip, rows_of
from citadel.index.corpus.formats.printed_words import Run

RIVER = 4
"""How many lines with a gap at one place are columns, however far apart their words are."""

STRIP = 200
_SIDE_BY_SIDE = 0.6
"""Lines of two columns are side by side if they differ by less than this share of their height."""

GUTTER = 0.8
"""How wide the white space between columns is at least, in heights of letters."""

LEAST_GUTTER = 0.35
"""A cell may fill its column: this much is left between it and the next one."""


def strips_of(runs: Sequence[Run]) -> list[Strip]:
    """Put together what stands side by side, on one line or in several columns."""
    strips: list[Strip] = []
    top = 0.0
    for row in rows_of(runs):
        size = row[0].size
        level = bool(strips) and top - row[0].baseline < _SIDE_BY_SIDE * size
        if level and _fits(strips[-1], row):
            strips[-1].extend(row)
        else:
            strips.append(list(row))
            top = row[0].baseline
    return strips


def _fits(strip: Strip, row: Strip) -> bool:
    """Return whether a row stands in the free space of a strip."""
    if len(strip) + len(row) > STRIP:
        return False
    return all(
        max(one.left - other.right, other.left - one.right)
        >= (GUTTER * min(one.size, other.size) if one.box == other.box else 0)
        for one in row
        for other in strip
    )


Interval = tuple[float, float]


def spans_of(strip: Strip, gutter: float = GUTTER) -> list[Interval]:
    """Return where a strip is not white for the width of a gutter, from left to right."""
    spans: list[Interval] = []
    box, size = 0, 0.0
    for run in sorted(strip, key=lambda run: run.left):
        # A heading in one column is as far from the text of the other as text is.
        near = bool(spans) and run.left < spans[-1][1] + gutter * min(size, run.size)
        # Nothing but a line between them separates two cells that fill their columns.
        if near and (run.box == box or run.left < spans[-1][1]):
            spans[-1] = (spans[-1][0], max(spans[-1][1], run.right))
        else:
            spans.append((run.left, run.right))
        box, size = run.box, run.size
    return spans


def gaps_of(strip: Strip) -> list[Interval]:
    """Return the white gaps of a strip, from left to right."""
    return [(one[1], other[0]) for one, other in pairwise(spans_of(strip))]


def common_gaps(
    gaps: Sequence[Interval], strip: Strip, gutter: float = GUTTER, least: float = LEAST_GUTTER
) -> list[Interval]:
    """Return what of some gaps a strip leaves white, where it is wide enough."""
    reach = least * min(run.size for run in strip)
    spans = spans_of(strip, gutter)
    edges = [float("-inf"), *(edge for span in spans for edge in span), float("inf")]
    free = list(zip(edges[::2], edges[1::2], strict=True))
    left: list[Interval] = []
    at = 0
    for low, high in gaps:
        while at < len(free) - 1 and free[at][1] <= low:
            at += 1
        candidates = (
            (max(low, free[place][0]), min(high, free[place][1]))
            for place in range(at, min(at + 3, len(free)))
        )
        widest = max(candidates, key=lambda each: each[1] - each[0])
        if widest[1] - widest[0] >= reach:
            left.append(widest)
    return left


def columns_between(strips: Sequence[Strip], gaps: Sequence[Interval]) -> list[list[Run]]:
    """Return the runs of each column between gaps, from the left; none for an empty one."""
    borders = [(low + high) / 2 for low, high in gaps]
    columns: list[list[Run]] = [[] for _ in range(len(gaps) + 1)]
    for strip in strips:
        for run in strip:
            columns[bisect_left(borders, (run.left + run.right) / 2)].append(run)
    return columns


def gaps_between_texts(strips: Sequence[Strip], gaps: Sequence[Interval]) -> list[Interval]:
    """Return the gaps all of whose one side was written before all of the other one."""
    runs = [(run.left, run.place) for strip in strips for run in strip]
    found: list[Interval] = []
    for gap in gaps:
        before = [place for left, place in runs if left < gap[1] - 0.1]
        after = [place for left, place in runs if left >= gap[1] - 0.1]
        if before and after and (max(before) < min(after) or max(after) < min(before)):
            found.append(gap)
    return found


def narrow_gaps(strips: Sequence[Strip], gaps: Sequence[Interval]) -> list[Interval]:
    """Return the gaps between the columns of a table, the narrow ones among them, too."""
    edges = [(0.0, float("-inf")), *gaps, (float("inf"), 0.0)]
    found = list(gaps)
    for (_, left), (right, _) in pairwise(edges):
        column = [
            [run for run in strip if left < run.right and run.left < right] for strip in strips
        ]
        column = [strip for strip in column if strip]
        fullest = max(column, key=len)
        spans = spans_of(fullest, LEAST_GUTTER)
        common = [(one[1], other[0]) for one, other in pairwise(spans)]
        for strip in column:
            common = common_gaps(common, strip, LEAST_GUTTER)
        found += [
            gap
            for gap in common
            if len(column) > 1 and 2 * sum(divides(gap, strip) for strip in column) > len(column)
        ]
    return sorted(found)


def divides(gap: Interval, strip: Strip) -> bool:
    """Return whether a strip has something on both sides of a gap."""
    return any(run.right <= gap[0] + 0.1 for run in strip) and any(
        run.left >= gap[1] - 0.1 for run in strip
    )


def overlaps(one: Interval, other: Interval) -> bool:
    """Return whether two intervals share some place."""
    return one[0] < other[1] and other[0] < one[1]


def parts_columns(gap: Interval, strips: Sequence[Strip]) -> bool:
    """Return whether two strips at least have something on both sides of a gap, or on either."""
    before = sum(any(run.right <= gap[0] + 0.1 for run in strip) for strip in strips)
    after = sum(any(run.left >= gap[1] - 0.1 for run in strip) for strip in strips)
    return before > 1 and after > 1


def is_boxed(strip: Strip) -> bool:
    """Return whether a line is drawn between what stands in a strip."""
    return len({run.box for run in strip}) > 1


def has_river(strip: Strip) -> bool:
    """Distinguish a justified line, with words far apart, from cells: few lines prove no column."""
    words = [other[0] - one[1] for one, other in pairwise(spans_of(strip, LEAST_GUTTER))]
    gaps = [high - low for low, high in gaps_of(strip)]
    if is_boxed(strip) or not gaps or len(words) < RIVER:
        return False
    return min(gaps) < min(2 * min(words), 3 * strip[0].size)
