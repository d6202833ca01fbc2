"""Which cells “A1:C3” names, and how rows look in which cells are merged. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from citadel.index.corpus.formats.tables import Cell

_REFERENCE = re.compile(r"\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d{1,7})")
_MERGED_CELLS = 100_000
"""Where there are more, the rest are taken for cells of their own."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Merged cells: the row of the first, and their columns."""

    row: int
    columns: range


def area(reference: str) -> tuple[range, range]:
    """Return the rows, from 1, and the columns, from 0, of “A1:C3”; none for what is no area."""
    first, _, last = reference.partition(":")
    start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if start is None or end is None:
        return range(0), range(0)
    rows = range(int(start["row"]), int(end["row"]) + 1)
    return rows, range(_column(start["column"]), _column(end["column"]) + 1)


def column_of(reference: str) -> int | None:
    """Return the column of “C3”, from 0; None for what names no cell."""
    place = _REFERENCE.fullmatch(reference)
    return None if place is None else _column(place["column"])


def _column(letters: str) -> int:
    """Return the number of a column, from 0: “AA” is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def spread(merged: Iterable[tuple[range, range]]) -> dict[int, dict[int, Merged]]:
    """Return by row and column what is merged, as far as anybody merges cells."""
    found: dict[int, dict[int, Merged]] = {}
    count = 0
    for rows, columns in merged:
        count += len(rows) * len(columns)
        if count > _MERGED_CELLS:
            break
        for row in rows:
            for column in columns:
                found.setdefault(row, {})[column] = Merged(rows.start, columns)
    return found


def merged_row(
    number: int,
    cells: Sequence[Cell],
    merged: Mapping[int, Merged],
    texts: Mapping[tuple[int, int], str],
) -> list[Cell]:
    """Return a row in which a merged cell stands once, with the text of its first row."""
    row = {cell.column: cell for cell in cells}
    for column, together in merged.items():
        if column == together.columns.start:
            row[column] = Cell(
                texts.get((together.row, column), ""),
                column,
                len(together.columns),
                continued=number != together.row,
            )
        else:
            row.pop(column, None)
    return [row[column] for column in sorted(row)]
