"""Where columns begin and end: lines one below another that share white gaps. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from citadel.index.corpus.formats.page_gaps import (
    GUTTER,
    LEAST_GUTTER,
    RIVER,
    Interval,
    columns_between,
    common_gaps,
    divides,
    gaps_of,
    has_river,
    is_boxed,
    overlaps,
    parts_columns,
)
from citadel.index.corpus.formats.page_rows import Strip

_APART = 1.6
"""What is this many line steps away from columns is not one of their lines."""

_BREAK = 4.0


@dataclass(frozen=True, slots=True)
class Band:
    """Strips one below another with white gaps between columns that all of them share."""

    first: int
    end: int
    gaps: tuple[Interval, ...]


def band_at(strips: Sequence[Strip], at: int, done: int) -> Band | None:
    """Return the columns that begin with a strip: two strips at least that share a gap."""
    gaps = gaps_of(strips[at])
    if not gaps:
        return None
    end, last, dividing = at + 1, at, 1
    wide = gaps
    # Nothing but a line between them may separate two cells.
    least = 0.0 if is_boxed(strips[at]) else LEAST_GUTTER
    steps: list[float] = []
    while end < len(strips):
        common = common_gaps(gaps, strips[end], least=least)
        step = strips[end - 1][0].baseline - strips[end][0].baseline
        if any(divides(gap, strips[end]) for gap in common) and not is_boxed(strips[end]):
            # What is narrow where both columns have a line is a gap between words.
            wide = common_gaps(wide, strips[end], least=GUTTER)
            common = [gap for gap in common if any(overlaps(gap, other) for other in wide)]
        if not common or step > _BREAK * strips[end][0].size:
            break
        if any(divides(gap, strips[end]) for gap in common):
            last = end
            dividing += 1
        gaps = common
        steps.append(step)
        end += 1
    if last == at or (dividing < RIVER and any(map(has_river, strips[at:end]))):
        return None
    gaps = [gap for gap in gaps if parts_columns(gap, strips[at:end])]
    if not gaps:
        return None
    usual = median(steps)
    if usual < strips[at][0].size:
        # The lines of one column stand between those of the other.
        usual = max(usual, _step_of_columns(strips[at:end], gaps))
    while end - 1 > last and not _is_near(strips[last:end], usual):
        end -= 1
    while end - 1 > last and least == 0.0 and not any(run.box for run in strips[end - 1]):
        end -= 1
    first = at
    while first > done and _is_above(strips[first - 1], strips[first], gaps, usual):
        first -= 1
    return Band(first, end, tuple(gaps))


def _step_of_columns(strips: Sequence[Strip], gaps: Sequence[Interval]) -> float:
    """Return how far apart the lines of one column usually are; 0 where no column has two."""
    heights = [{run.baseline for run in column} for column in columns_between(strips, gaps)]
    steps = [
        one - other for column in heights for one, other in pairwise(sorted(column, reverse=True))
    ]
    return median(steps) if steps else 0.0


def _is_near(strips: Sequence[Strip], usual: float) -> bool:
    return all(
        one[0].baseline - other[0].baseline <= _APART * max(usual, one[0].size * 0.8)
        for one, other in pairwise(strips)
    )


def _is_above(strip: Strip, below: Strip, gaps: Sequence[Interval], usual: float) -> bool:
    """Return whether a strip above columns is the first line of one of them."""
    return (
        len(common_gaps(gaps, strip)) == len(gaps)
        and strip[0].baseline - below[0].baseline <= _APART / 1.2 * max(usual, strip[0].size * 0.8)
        and abs(strip[0].size - below[0].size) <= 0.1 * below[0].size
        and any(abs(strip[0].left - run.left) < run.size for run in below)
    )
