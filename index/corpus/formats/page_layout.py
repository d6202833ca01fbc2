"""The reading order of a page: its columns one by one, its tables row by row. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from citadel.index.corpus.formats.column_kinds import (
    is_count,
    is_prose,
    is_written_by_columns,
    kind_of,
)
from citadel.index.corpus.formats.page_bands import Band, band_at
from citadel.index.corpus.formats.page_gaps import (
    STRIP,
    Interval,
    columns_between,
    common_gaps,
    gaps_between_texts,
    gaps_of,
    is_boxed,
    narrow_gaps,
    strips_of,
)
from citadel.index.corpus.formats.page_margins import with_markers, without_margin
from citadel.index.corpus.formats.page_rows import Strip, line_of, rows_of
from citadel.index.corpus.formats.printed_lines import Line
from citadel.index.corpus.formats.printed_tables import Cell, Rule, table_rows
from citadel.index.corpus.formats.printed_words import Run, runs_backwards
from citadel.index.corpus.formats.written_order import Places, is_torn, leaps, places_of

_DEPTH = 4
"""Columns within columns: nobody sets more."""

_FAR = 3.0
"""Words of one line of text are not this many heights of their letters apart."""

_SURE_ROWS = 3
"""Fewer rows without a line between them may be chance."""

_SURE_SENTENCES = 3
"""How many sentences that continue in the order of writing confirm an order."""

_COLUMNS = "the order of the columns is doubtful"
_BELOW_COLUMNS = "text below columns may belong to one of them"
_NO_LINES = "what looks like a table has no lines and few rows"
_FAR_APART = "words of one line are far apart, and may belong to different texts"
_LEAPS = "sentences go on in lines that were written elsewhere on the page"
_OVERLAPPING = "some of the text is printed over other text"


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
    text, margin = without_margin(with_markers(runs))
    lines = tuple(layout.order(text, _DEPTH))
    notes = tuple(layout.order(margin, _DEPTH))
    followed, leapt = leaps(lines, layout.written)
    if (leapt or layout.is_torn) and _COLUMNS not in layout.doubts:
        layout.doubts[_LEAPS] = None
    elif followed >= _SURE_SENTENCES and not (leapt or layout.is_torn):
        layout.doubts.pop(_COLUMNS, None)
    if is_count([Cell(line, 0) for line in notes]):
        layout.line_numbers += [line.text for line in notes]
        notes = ()
    return PageLayout(
        (*lines, *notes), tuple(layout.doubts), tuple(layout.line_numbers), bool(notes)
    )


def _overlap(runs: Sequence[Run]) -> bool:
    """Return whether a run is printed over another one, of whose height it covers the half."""
    by_height = sorted(runs, key=lambda run: run.baseline)
    for place, run in enumerate(by_height):
        for other in by_height[place + 1 : place + 1 + STRIP]:
            if other.baseline - run.baseline > 0.5 * min(run.size, other.size):
                break
            shared = min(run.right, other.right) - max(run.left, other.left)
            if shared > max(run.size, other.size) and not (run.raised or other.raised):
                return True
    return False


class _Layout:
    """Orders the runs of one page, and notes what is doubtful about it."""

    def __init__(self, page: int, rules: tuple[Rule, ...], backwards: bool) -> None:
        self._page = page
        self._rules = rules
        self._backwards = backwards
        self.doubts: dict[str, None] = {}
        self.is_torn = False
        self.written: dict[Line, Places] = {}
        self.line_numbers: list[str] = []

    def order(self, runs: Sequence[Run], depth: int) -> Iterator[Line]:
        """Yield the lines of a region of the page."""
        strips = strips_of(runs)
        done = at = 0
        while at < len(strips):
            band = band_at(strips, at, done) if depth else None
            if band is None:
                at += 1
                continue
            end = self._end_of_columns(strips, band)
            yield from self._plain(strips[done : band.first], depth)
            yield from self._columns(strips[band.first : end], band.gaps, depth)
            done = at = end
        yield from self._plain(strips[done:], depth)

    def _end_of_columns(self, strips: Sequence[Strip], band: Band) -> int:
        """Return where columns of text end: one may go on alone to the foot of the region.

        Its paragraphs are apart from one another as what follows columns is from them, so that only
        the order in which the page was written distinguishes them.
        """
        whole = strips[band.first :]
        if band.end == len(strips) or any(len(common_gaps(band.gaps, each)) == 0 for each in whole):
            return band.end
        _, cells = self._parted(strips[band.first : band.end], band.gaps)
        _, longer = self._parted(whole, band.gaps)
        kinds = {kind_of(cells, strips[band.first : band.end]), kind_of(longer, whole)}
        if not kinds <= {"columns", "doubtful"}:
            return band.end
        if is_written_by_columns(longer):
            return len(strips)
        self.doubts[_BELOW_COLUMNS] = None
        return band.end

    def _plain(self, strips: Sequence[Strip], depth: int) -> Iterator[Line]:
        for strip in strips:
            for row in rows_of(strip):
                far = any(high - low > _FAR * row[0].size for low, high in gaps_of(row))
                if far and depth == _DEPTH:
                    self.doubts[_FAR_APART] = None
                line = line_of(row, self._page)
                self.written[line] = places_of(row)
                self.is_torn |= is_torn(row)
                yield line

    def _parted(
        self, strips: Sequence[Strip], gaps: Sequence[Interval]
    ) -> tuple[list[list[Run]], list[list[Cell]]]:
        """Part strips at gaps: the runs of each column, and its lines from the top."""
        columns = [column for column in columns_between(strips, gaps) if column]
        if self._backwards:
            columns.reverse()
        cells = [
            [Cell(line_of(row, self._page), row[0].place) for row in rows_of(c)] for c in columns
        ]
        return columns, cells

    def _columns(
        self, strips: Sequence[Strip], gaps: Sequence[Interval], depth: int
    ) -> Iterator[Line]:
        columns, cells = self._parted(strips, gaps)
        kind = kind_of(cells, strips)
        apart = gaps_between_texts(strips, gaps)
        mixed = kind == "doubtful" and not all(map(is_prose, cells))
        if (kind == "table" or mixed) and 0 < len(apart) < len(gaps):
            # A table, which is written row by row, stands next to something else.
            columns, _ = self._parted(strips, apart)
            kind = "columns"
        if kind == "line numbers":
            at = next(place for place, column in enumerate(cells) if is_count(column))
            self.line_numbers += [cell.line.text for cell in cells[at]]
            del columns[at]
            yield from self.order([run for column in columns for run in column], depth)
            return
        if kind == "table":
            _, cells = self._parted(strips, narrow_gaps(strips, gaps))
            if not self._is_ruled(strips) and len(strips) < _SURE_ROWS:
                self.doubts[_NO_LINES] = None
            yield from table_rows(cells, self._rules, self._page)
            return
        if kind == "doubtful":
            self.doubts[_COLUMNS] = None
        for column in columns:
            yield from self.order(column, depth - 1)

    def _is_ruled(self, strips: Sequence[Strip]) -> bool:
        """Return whether a line is drawn along or across the text of a table."""
        top, bottom = strips[0][0].baseline, strips[-1][0].baseline
        size = strips[0][0].size
        return any(map(is_boxed, strips)) or any(
            bottom - 2 * size < rule.height < top + 2 * size for rule in self._rules
        )
