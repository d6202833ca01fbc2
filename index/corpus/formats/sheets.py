"""The rows of a sheet as lines that can be quoted alone, each with the place it stands at. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.tables import Cell, column_headings, named_cell, row_line
from citadel.index.corpus.layout import BlockKind, Place

CELL_LENGTH = 100_000
"""Code points in one cell at most: what is longer was never a cell."""

_PROSE_LENGTH = 250
"""A longer cell is prose, and a paragraph of its own below its row."""

_PARAGRAPH_LENGTH = 1_000
"""About how many code points of rows a passage's vector can hold."""

_HEADING_LENGTH = 80
_LETTER = re.compile(r"[^\W\d_]")
_FIGURE = re.compile(r"[^\w\n]*\d[\d\s.,:/%'’T+-]*(?:\s?[^\W\d]{1,3})?\W*")
"""A number, a date, an amount: digits with at most a unit."""

_SENTENCE_END = (".", "!", "?", "؟", "。", ";")
_SHARE_OF_FIGURES = 0.6
_REPEATS = 2


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet.

    Attributes:
        number: As spreadsheets count, from 1.
        cells: Those that are shown, by their columns; empty ones may be missing.
        marked: Whether the file itself calls it a row of headings.

    """

    number: int
    cells: tuple[Cell, ...]
    marked: bool = False

    @property
    def filled(self) -> tuple[Cell, ...]:
        """The cells with text of their own."""
        return tuple(cell for cell in self.cells if cell.text and not cell.continued)


def sheet_parts(rows: Iterable[SheetRow], place: Callable[[int], str]) -> Iterator[Part]:
    """Yield paragraphs of rows; a figure is named by the heading of its column.

    Rows without text part one table from the next. A row of one cell in a table of more is a
    paragraph, as titles and sources are; so is a cell of prose.

    Args:
        rows: From top to bottom.
        place: Names a row by its number.

    """
    table: list[SheetRow] = []
    for row in rows:
        if row.filled:
            table.append(row)
        elif table:
            yield from _table_parts(table, place)
            table = []
    yield from _table_parts(table, place)


def _table_parts(rows: Sequence[SheetRow], place: Callable[[int], str]) -> Iterator[Part]:
    columns = max((cell.column + cell.width for row in rows for cell in row.filled), default=0)
    single = columns < 2 or all(len(row.filled) < 2 for row in rows)
    first = next((n for n, row in enumerate(rows) if len(row.filled) > 1), 0)
    count = 0 if single else _heading_rows(rows[first:])
    headings = column_headings([row.cells for row in rows[first : first + count]], columns)
    lines = _Lines(place)
    for number, row in enumerate(rows):
        named = headings if number >= first + count else {}
        if single or (len(row.filled) == 1 and _is_remark(row)):
            yield from lines.flush()
            lines.add(row.number, row.filled[0].text)
            yield from lines.flush()
            continue
        prose = [cell.text for cell in row.filled if len(cell.text) > _PROSE_LENGTH]
        cells = [cell for cell in row.cells if len(cell.text) <= _PROSE_LENGTH]
        if any(cell.text for cell in cells):
            yield from lines.make_room()
            lines.add(row.number, row_line([named_cell(cell, named) for cell in cells]))
        for text in prose:
            yield from lines.flush()
            lines.add(row.number, text)
            yield from lines.flush()
    yield from lines.flush()


def _is_remark(row: SheetRow) -> bool:
    """Return whether the only cell of a row is about the table, not a value in it."""
    return row.filled[0].column == 0 and not _FIGURE.fullmatch(row.filled[0].text)


@dataclass(slots=True)
class _Lines:
    """A paragraph of rows under way."""

    place: Callable[[int], str]
    texts: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    length: int = 0

    def add(self, row: int, text: str) -> None:
        self.places.append(Place(self.length, self.place(row)))
        self.texts.append(text)
        self.length += len(text) + 1

    def make_room(self) -> Iterator[Part]:
        if self.length > _PARAGRAPH_LENGTH:
            yield from self.flush()

    def flush(self) -> Iterator[Part]:
        if self.texts:
            yield Part(BlockKind.PARAGRAPH, "\n".join(self.texts), places=tuple(self.places))
        self.texts, self.places, self.length = [], [], 0


def _heading_rows(rows: Sequence[SheetRow]) -> int:
    """Return how many rows at the top are headings: those marked as such, or one that reads so.

    A row that is taken for headings wrongly would name every figure below it wrongly, so its
    words must differ from what stands below them: figures, or values that repeat.
    """
    marked = next((n for n, row in enumerate(rows) if not row.marked), len(rows))
    if marked:
        return marked if marked < len(rows) else 0
    top, below = rows[0], [row for row in rows[1:] if len(row.filled) > 1]
    texts = [cell.text for cell in top.filled]
    widest = max((len(row.filled) for row in below), default=0)
    if len(texts) < widest or len(set(texts)) < len(texts) or not all(map(_is_heading, texts)):
        return 0
    return int(any(_differs(cell, below) for cell in top.filled))


def _is_heading(text: str) -> bool:
    named = _LETTER.search(text) is not None and not _FIGURE.fullmatch(text)
    return (
        (named or _is_year(text))
        and len(text) <= _HEADING_LENGTH
        and not text.endswith(_SENTENCE_END)
    )


def _is_year(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", text) is not None


def _differs(heading: Cell, rows: Sequence[SheetRow]) -> bool:
    """Return whether what stands below a heading is of another kind than the heading itself."""
    below = [c.text for row in rows for c in row.filled if c.column == heading.column]
    if not below or heading.text in below:
        return False
    if _is_year(heading.text) and any(map(_is_year, below)):
        return False
    figures = sum(_FIGURE.fullmatch(text) is not None for text in below)
    if figures >= _SHARE_OF_FIGURES * len(below):
        return True
    return len(below) >= _REPEATS * len(set(below))
