"""The reading order of a page: its columns one by one, its tables row by row. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean, median

from citadel.index.corpus.formats.printed_lines import Line
from citadel.index.corpus.formats.printed_tables import Cell, Rule, is_figure, table_rows
from citadel.index.corpus.formats.printed_words import (
    Run,
    printed,
    reading_order,
    runs_backwards,
)

_SAME_LINE = 0.25
"""Runs are on one line whose baselines differ by less than so much of their height."""

_RIVER = 4
"""So many lines with a gap at one place are columns, however far apart their words are."""

_STRIP = 200
_BESIDE = 0.6
"""Lines of two columns are beside each other that differ by less than so much of their height."""

_GUTTER = 0.8
"""White space between columns is at least so wide, in heights of letters."""

_LEAST_GUTTER = 0.35
"""A cell may fill its column: so much is left between it and the next one's."""

_APART = 1.6
"""What is so many steps of its lines away from columns is not one of their lines."""

_MARKER = re.compile(r"[-*+•●○■▪◦‣–—·]|\d{1,3}[.)]|\(?[a-z]\)|\(\d{1,2}\)")
_MARKER_GAP = 3.5
_BREAK = 4.0
_LONG = 0.6
_NOTE_SIZE = 0.9
_PROSE_LINES = 3
_PROSE_WORDS = 3.0
_PROSE_FILLED = 0.6
_DEPTH = 4
"""Columns within columns: nobody sets more."""

_AS_WIDE = 0.9
_FAR = 3.0
"""Words of one line of text are not so many heights of their letters apart."""

_SURE_ROWS = 3
"""Fewer rows without a line between them may be chance."""

_COLUMNS = "the order of the columns is doubtful"
_BELOW_COLUMNS = "text below columns may belong to one of them"
_NO_LINES = "what looks like a table has no lines and few rows"
_FAR_APART = "words of one line are far apart, and may belong to different texts"
_OVERLAPPING = "some of the text is printed over other text"

Strip = list[Run]
"""What stands beside one another on a page: runs of one line, or of lines of several columns."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The lines of a page.

    Attributes:
        lines: In the order in which they are read.
        doubts: Why they might be read in another order, a phrase each.
        has_notes: Whether the last of them stand in the margin.
        line_numbers: Numbers of lines, printed in the margin, which are left out.

    """

    lines: tuple[Line, ...]
    doubts: tuple[str, ...] = ()
    line_numbers: tuple[str, ...] = ()
    has_notes: bool = False


def lines_of(runs: Sequence[Run], page: int) -> list[tuple[Line, Strip]]:
    """Return what stands on each height of a page as one line, from the top, with its runs."""
    return [(_line(row, page), row) for row in _rows(runs)]


def lay_out(
    runs: Sequence[Run], rules: Sequence[Rule], page: int, *, recognised: bool = False
) -> PageLayout:
    """Bring the runs of a page into reading order.

    Args:
        runs: All of them, but for running heads and feet.
        rules: The horizontal lines drawn on the page.
        page: Its number, from 1.
        recognised: Whether they were recognised in a picture, so that their edges are vague.

    """
    layout = _Layout(page, tuple(rules), runs_backwards("".join(run.text for run in runs)))
    if not recognised and _overlap(runs):
        layout.doubts[_OVERLAPPING] = None
    text, margin = _without_margin(_with_markers(runs))
    lines = tuple(layout.order(text, _DEPTH))
    notes = tuple(layout.order(margin, _DEPTH))
    if _is_count([Cell(line, 0) for line in notes]):
        layout.line_numbers += [line.text for line in notes]
        notes = ()
    return PageLayout(
        (*lines, *notes), tuple(layout.doubts), tuple(layout.line_numbers), bool(notes)
    )


def _overlap(runs: Sequence[Run]) -> bool:
    """Tell whether a run is printed over another one, of whose height it covers the half."""
    by_height = sorted(runs, key=lambda run: run.baseline)
    for place, run in enumerate(by_height):
        for other in by_height[place + 1 : place + 1 + _STRIP]:
            if other.baseline - run.baseline > 0.5 * min(run.size, other.size):
                break
            shared = min(run.right, other.right) - max(run.left, other.left)
            if shared > max(run.size, other.size) and not (run.raised or other.raised):
                return True
    return False


def _with_markers(runs: Sequence[Run]) -> list[Run]:
    """Put the markers of lists to what follows them on their lines: they are no column."""
    joined: list[Run] = []
    for row in _rows(runs):
        marker: Run | None = None
        for run in row:
            follows = marker is not None and run.left - marker.right <= _MARKER_GAP * run.size
            if marker is not None and follows and not run.raised:
                text, left = f"{marker.text} {run.text}", min(marker.left, run.left)
                joined.append(replace(run, text=text, left=left, spaced=marker.spaced))
                marker = None
                continue
            joined += [marker] if marker is not None else []
            marker = run if not run.raised and _MARKER.fullmatch(run.text) else None
            joined += [run] if marker is None else []
        joined += [marker] if marker is not None else []
    return joined


def _without_margin(runs: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """Part notes in the margin from the text: they are set smaller, beyond all its long lines."""
    rows = [(_spans(row), row) for row in _rows(runs)]
    widest = max((right - left for spans, _ in rows for left, right in spans), default=0.0)
    body = [
        (left, right, row[0].size)
        for spans, row in rows
        for left, right in spans
        if right - left > _LONG * widest
    ]
    if len(body) < _PROSE_LINES:
        return list(runs), []
    start, end = min(left for left, _, _ in body), max(right for _, right, _ in body)
    size = median(size for _, _, size in body)
    margin = [
        run
        for run in runs
        if run.size <= _NOTE_SIZE * size and (run.right < start - 2 or run.left > end + 2)
    ]
    beyond = set(map(id, margin))
    return [run for run in runs if id(run) not in beyond], margin


def _rows(runs: Sequence[Run]) -> list[Strip]:
    rows: list[Strip] = []
    for run in sorted(runs, key=lambda run: (-run.baseline, run.left)):
        if rows and rows[-1][0].baseline - run.baseline <= _SAME_LINE * run.size:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [reading_order(row) for row in rows]


def _line(row: Strip, page: int) -> Line:
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


def _strips(runs: Sequence[Run]) -> list[Strip]:
    """Put together what stands beside one another, on one line or in several columns."""
    strips: list[Strip] = []
    top = 0.0
    for row in _rows(runs):
        size = row[0].size
        beside = bool(strips) and top - row[0].baseline < _BESIDE * size
        if beside and _fits(strips[-1], row):
            strips[-1].extend(row)
        else:
            strips.append(list(row))
            top = row[0].baseline
    return strips


def _fits(strip: Strip, row: Strip) -> bool:
    """Tell whether a row stands in the free space of a strip."""
    if len(strip) + len(row) > _STRIP:
        return False
    return all(
        max(one.left - other.right, other.left - one.right)
        >= (_GUTTER * min(one.size, other.size) if one.box == other.box else 0)
        for one in row
        for other in strip
    )


Interval = tuple[float, float]


def _spans(strip: Strip, gutter: float = _GUTTER) -> list[Interval]:
    """Return where a strip is not white for the width of a gutter, from left to right."""
    spans: list[Interval] = []
    box, size = 0, 0.0
    for run in sorted(strip, key=lambda run: run.left):
        # A heading in one column is as far from the text of the other as text is.
        near = bool(spans) and run.left < spans[-1][1] + gutter * min(size, run.size)
        # Nothing but a line between them parts two cells that fill their columns.
        if near and (run.box == box or run.left < spans[-1][1]):
            spans[-1] = (spans[-1][0], max(spans[-1][1], run.right))
        else:
            spans.append((run.left, run.right))
        box, size = run.box, run.size
    return spans


def _gaps(strip: Strip) -> list[Interval]:
    return [(one[1], other[0]) for one, other in pairwise(_spans(strip))]


def _common(
    gaps: Sequence[Interval],
    strip: Strip,
    gutter: float = _GUTTER,
    least: float = _LEAST_GUTTER,
) -> list[Interval]:
    """Return what of some gaps a strip leaves white, where it is wide enough."""
    reach = least * min(run.size for run in strip)
    spans = _spans(strip, gutter)
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


@dataclass(frozen=True, slots=True)
class _Band:
    """Strips one below another with white gaps between columns that all of them share."""

    first: int
    end: int
    gaps: tuple[Interval, ...]


class _Layout:
    """Orders the runs of one page, and notes what is doubtful about it."""

    def __init__(self, page: int, rules: tuple[Rule, ...], backwards: bool) -> None:
        self._page = page
        self._rules = rules
        self._backwards = backwards
        self.doubts: dict[str, None] = {}
        self.line_numbers: list[str] = []

    def order(self, runs: Sequence[Run], depth: int) -> Iterator[Line]:
        """Yield the lines of a region of the page."""
        strips = _strips(runs)
        done = at = 0
        while at < len(strips):
            band = _band(strips, at, done) if depth else None
            if band is None:
                at += 1
                continue
            end = self._end_of_columns(strips, band)
            yield from self._plain(strips[done : band.first], depth)
            yield from self._columns(strips[band.first : end], band.gaps, depth)
            done = at = end
        yield from self._plain(strips[done:], depth)

    def _end_of_columns(self, strips: Sequence[Strip], band: _Band) -> int:
        """Return where columns of text end: one may go on alone to the foot of the region.

        Its paragraphs are apart from one another as what follows columns is from them, so that only
        the order in which the page was written tells them from that.
        """
        whole = strips[band.first :]
        if band.end == len(strips) or any(len(_common(band.gaps, each)) == 0 for each in whole):
            return band.end
        _, cells = self._parted(strips[band.first : band.end], band.gaps)
        _, longer = self._parted(whole, band.gaps)
        kinds = {_kind(cells, strips[band.first : band.end]), _kind(longer, whole)}
        if not kinds <= {"columns", "doubtful"}:
            return band.end
        if _is_written_by_columns(longer):
            return len(strips)
        self.doubts[_BELOW_COLUMNS] = None
        return band.end

    def _plain(self, strips: Sequence[Strip], depth: int) -> Iterator[Line]:
        for strip in strips:
            for row in _rows(strip):
                far = any(high - low > _FAR * row[0].size for low, high in _gaps(row))
                if far and depth == _DEPTH:
                    self.doubts[_FAR_APART] = None
                yield _line(row, self._page)

    def _parted(
        self, strips: Sequence[Strip], gaps: Sequence[Interval]
    ) -> tuple[list[list[Run]], list[list[Cell]]]:
        """Part strips at gaps: the runs of each column, and its lines from the top."""
        borders = [(low + high) / 2 for low, high in gaps]
        columns: list[list[Run]] = [[] for _ in range(len(gaps) + 1)]
        for strip in strips:
            for run in strip:
                columns[bisect_left(borders, (run.left + run.right) / 2)].append(run)
        columns = [column for column in columns if column]
        if self._backwards:
            columns.reverse()
        cells = [[Cell(_line(row, self._page), row[0].place) for row in _rows(c)] for c in columns]
        return columns, cells

    def _columns(
        self, strips: Sequence[Strip], gaps: Sequence[Interval], depth: int
    ) -> Iterator[Line]:
        columns, cells = self._parted(strips, gaps)
        kind = _kind(cells, strips)
        apart = _gaps_between_texts(strips, gaps)
        if kind == "table" and 0 < len(apart) < len(gaps):
            # A table, which is written row by row, stands beside something else.
            columns, _ = self._parted(strips, apart)
            kind = "columns"
        if kind == "line numbers":
            at = next(place for place, column in enumerate(cells) if _is_count(column))
            self.line_numbers += [cell.line.text for cell in cells[at]]
            del columns[at]
            yield from self.order([run for column in columns for run in column], depth)
            return
        if kind == "table":
            _, cells = self._parted(strips, _narrow_gaps(strips, gaps))
            if not self._is_ruled(strips) and len(strips) < _SURE_ROWS:
                self.doubts[_NO_LINES] = None
            yield from table_rows(cells, self._rules, self._page)
            return
        if kind == "doubtful":
            self.doubts[_COLUMNS] = None
        for column in columns:
            yield from self.order(column, depth - 1)

    def _is_ruled(self, strips: Sequence[Strip]) -> bool:
        """Tell whether a line is drawn along or across the text of a table."""
        top, bottom = strips[0][0].baseline, strips[-1][0].baseline
        size = strips[0][0].size
        return any(map(_is_boxed, strips)) or any(
            bottom - 2 * size < rule.height < top + 2 * size for rule in self._rules
        )


def _gaps_between_texts(strips: Sequence[Strip], gaps: Sequence[Interval]) -> list[Interval]:
    """Return the gaps all of whose one side was written before all of the other one."""
    runs = [(run.left, run.place) for strip in strips for run in strip]
    found: list[Interval] = []
    for gap in gaps:
        before = [place for left, place in runs if left < gap[1] - 0.1]
        after = [place for left, place in runs if left >= gap[1] - 0.1]
        if before and after and (max(before) < min(after) or max(after) < min(before)):
            found.append(gap)
    return found


def _narrow_gaps(strips: Sequence[Strip], gaps: Sequence[Interval]) -> list[Interval]:
    """Return the gaps between the columns of a table, the narrow ones among them, too."""
    edges = [(0.0, float("-inf")), *gaps, (float("inf"), 0.0)]
    found = list(gaps)
    for (_, left), (right, _) in pairwise(edges):
        column = [
            [run for run in strip if left < run.right and run.left < right] for strip in strips
        ]
        column = [strip for strip in column if strip]
        fullest = max(column, key=len)
        spans = _spans(fullest, _LEAST_GUTTER)
        common = [(one[1], other[0]) for one, other in pairwise(spans)]
        for strip in column:
            common = _common(common, strip, _LEAST_GUTTER)
        found += [
            gap
            for gap in common
            if len(column) > 1 and 2 * sum(_divides(gap, strip) for strip in column) > len(column)
        ]
    return sorted(found)


def _band(strips: Sequence[Strip], at: int, done: int) -> _Band | None:
    """Return the columns that begin with a strip: two strips at least that share a gap."""
    gaps = _gaps(strips[at])
    if not gaps:
        return None
    end, last, dividing = at + 1, at, 1
    wide = gaps
    # Nothing but a line between them may part two cells.
    least = 0.0 if _is_boxed(strips[at]) else _LEAST_GUTTER
    steps: list[float] = []
    while end < len(strips):
        common = _common(gaps, strips[end], least=least)
        step = strips[end - 1][0].baseline - strips[end][0].baseline
        if any(_divides(gap, strips[end]) for gap in common) and not _is_boxed(strips[end]):
            # What is narrow where both columns have a line is a gap between words.
            wide = _common(wide, strips[end], least=_GUTTER)
            common = [gap for gap in common if any(_overlaps(gap, other) for other in wide)]
        if not common or step > _BREAK * strips[end][0].size:
            break
        if any(_divides(gap, strips[end]) for gap in common):
            last = end
            dividing += 1
        gaps = common
        steps.append(step)
        end += 1
    if last == at or (dividing < _RIVER and any(map(_has_river, strips[at:end]))):
        return None
    gaps = [gap for gap in gaps if _parts_columns(gap, strips[at:end])]
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
    return _Band(first, end, tuple(gaps))


def _divides(gap: Interval, strip: Strip) -> bool:
    return any(run.right <= gap[0] + 0.1 for run in strip) and any(
        run.left >= gap[1] - 0.1 for run in strip
    )


def _overlaps(one: Interval, other: Interval) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _parts_columns(gap: Interval, strips: Sequence[Strip]) -> bool:
    """Tell whether two strips at least have something on both sides of a gap, or on either."""
    before = sum(any(run.right <= gap[0] + 0.1 for run in strip) for strip in strips)
    after = sum(any(run.left >= gap[1] - 0.1 for run in strip) for strip in strips)
    return before > 1 and after > 1


def _step_of_columns(strips: Sequence[Strip], gaps: Sequence[Interval]) -> float:
    """Return how far apart the lines of one column usually are; 0 where no column has two."""
    borders = [(low + high) / 2 for low, high in gaps]
    heights: list[set[float]] = [set() for _ in range(len(gaps) + 1)]
    for strip in strips:
        for run in strip:
            heights[bisect_left(borders, (run.left + run.right) / 2)].add(run.baseline)
    steps = [
        one - other for column in heights for one, other in pairwise(sorted(column, reverse=True))
    ]
    return median(steps) if steps else 0.0


def _is_boxed(strip: Strip) -> bool:
    return len({run.box for run in strip}) > 1


def _has_river(strip: Strip) -> bool:
    """Tell a justified line, whose words are far apart, from cells: few lines prove no column."""
    words = [other[0] - one[1] for one, other in pairwise(_spans(strip, _LEAST_GUTTER))]
    gaps = [high - low for low, high in _gaps(strip)]
    if _is_boxed(strip) or not gaps or len(words) < _RIVER:
        return False
    return min(gaps) < min(2 * min(words), 3 * strip[0].size)


def _is_near(strips: Sequence[Strip], usual: float) -> bool:
    return all(
        one[0].baseline - other[0].baseline <= _APART * max(usual, one[0].size * 0.8)
        for one, other in pairwise(strips)
    )


def _is_above(strip: Strip, below: Strip, gaps: Sequence[Interval], usual: float) -> bool:
    """Tell whether a strip above columns is the first line of one of them."""
    return (
        len(_common(gaps, strip)) == len(gaps)
        and strip[0].baseline - below[0].baseline <= _APART / 1.2 * max(usual, strip[0].size * 0.8)
        and abs(strip[0].size - below[0].size) <= 0.1 * below[0].size
        and any(abs(strip[0].left - run.left) < run.size for run in below)
    )


def _kind(columns: Sequence[Sequence[Cell]], strips: Sequence[Strip]) -> str:
    """Tell columns of text from tables, by what they hold and by how they were written."""
    prose = [_is_prose(column) for column in columns]
    others = [column for column, text in zip(columns, prose, strict=True) if not text]
    ordered = _is_written_by_columns(columns)
    if len(columns) == 2 and len(others) == 1 and _is_count(others[0]):
        return "line numbers"
    if all(prose) and ordered:
        return "columns"
    if all(prose):
        return "table" if _is_written_by_cells(columns) else "doubtful"
    if any(prose):
        return _kind_of_some(columns) if ordered and len(columns) == 2 else "table"
    figures = any(
        2 * sum(is_figure(c.line.text) for c in column) > len(column) for column in columns
    )
    shared = sum(len(_spans(strip)) > 1 for strip in strips)
    if ordered and not figures:
        return "columns"
    return "table" if 2 * shared >= len(strips) else "doubtful"


def _kind_of_some(columns: Sequence[Sequence[Cell]]) -> str:
    """Tell a column of text with few lines, set as the one beside it, from notes in the margin."""
    widths = [max(c.line.end for c in col) - min(c.line.start for c in col) for col in columns]
    sizes = [median(cell.line.size for cell in column) for column in columns]
    alike = min(widths) > _AS_WIDE * max(widths) and abs(sizes[0] - sizes[1]) <= 0.1 * sizes[0]
    return "columns" if alike else "doubtful"


def _is_prose(column: Sequence[Cell]) -> bool:
    """Tell a column of running text, whose lines fill it, from cells."""
    if len(column) < _PROSE_LINES:
        return False
    width = max(cell.line.end for cell in column) - min(cell.line.start for cell in column)
    words = fmean(len(cell.line.text.split()) for cell in column)
    filled = median(cell.line.end - cell.line.start for cell in column) / width if width else 0
    return words >= _PROSE_WORDS and filled >= _PROSE_FILLED


def _is_count(column: Sequence[Cell]) -> bool:
    """Tell the numbers of lines in a margin: they rise by the same step."""
    texts = [cell.line.text for cell in column]
    if len(texts) < _PROSE_LINES or not all(re.fullmatch(r"\d{1,4}", text) for text in texts):
        return False
    steps = {int(other) - int(one) for one, other in pairwise(texts)}
    return len(steps) == 1 and steps.pop() in (1, 2, 5, 10)


def _is_written_by_columns(columns: Sequence[Sequence[Cell]]) -> bool:
    return all(
        max(cell.place for cell in one) < min(cell.place for cell in other)
        for one, other in pairwise(columns)
    )


def _is_written_by_cells(columns: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether several lines of one column were written before those beside them."""
    order = sorted((cell.place, number) for number, column in enumerate(columns) for cell in column)
    changes = sum(one[1] != other[1] for one, other in pairwise(order))
    return len(order) >= 2 * (changes + 1)
