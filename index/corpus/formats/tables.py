"""How a table is written in a text, a line for each row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_REPEATED_LENGTH = 80
"""A longer cell that goes over several rows is no name of theirs, and stands in the first only."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: What is in it, in one line.
        column: The first column that it is in, from 0.
        width: In how many columns it is.
        continued: Whether it goes on from the row above.
        heading: Whether the file says that it is a heading.

    """

    text: str
    column: int
    width: int = 1
    continued: bool = False
    heading: bool = False


Row = Sequence[Cell]


def table_lines(rows: Sequence[Row], marked_headings: int = 0) -> list[str]:
    """Write the rows of a table as Markdown writes them, each a line that can be quoted alone.

    A merged cell stands once in each of its rows. In a table of more than two columns each
    figure is named by the heading of its column, as in “| Marjeh | Killed: 12 | Wounded: 40 |”;
    in one of two columns the first names the second.

    Args:
        rows: From top to bottom.
        marked_headings: How many rows at the top the file itself calls headings.

    """
    filled = [row for row in rows if any(cell.text for cell in row)]
    columns = max((cell.column + cell.width for row in filled for cell in row), default=0)
    count = marked_headings or int(_begins_with_headings(filled, columns))
    headings = column_headings(filled[:count], columns) if count < len(filled) else {}
    lines = [row_line([cell.text for cell in row]) for row in filled[:count]]
    for row in filled[count:]:
        texts = [named_cell(cell, headings) if columns > 2 else cell.text for cell in row]
        if any(cell.text and not cell.continued for cell in row):
            lines.append(row_line(texts))
    return lines


def row_line(cells: Sequence[str]) -> str:
    """Write the cells of a row as Markdown writes them."""
    return f"| {' | '.join(cells)} |"


def in_one_line(table: str) -> str:
    """Return a table as its rows are written, without bars and breaks, as inside another cell."""
    return "; ".join(row.strip("| ").replace(" | ", ", ") for row in table.split("\n"))


def _begins_with_headings(rows: Sequence[Row], columns: int) -> bool:
    """Recognise headings that nobody marked: words above figures, in every column."""
    if columns < 3 or len(rows) < 2 or len(rows[0]) < columns:
        return False
    words = all(_LETTER.search(cell.text) and not _DIGIT.search(cell.text) for cell in rows[0])
    figures = any(_DIGIT.match(cell.text) for row in rows[1:] for cell in row[1:])
    return words and figures


def column_headings(rows: Sequence[Row], columns: int) -> dict[int, str]:
    """Return what names each column but the first, read from the top down."""
    names: dict[int, list[str]] = {column: [] for column in range(1, columns)}
    for row in rows:
        for cell in row:
            for column in range(max(cell.column, 1), min(cell.column + cell.width, columns)):
                whole_row = cell.width >= columns
                if cell.text and not whole_row and cell.text not in names[column]:
                    names[column].append(cell.text)
    return {column: " ".join(parts) for column, parts in names.items() if parts}


def named_cell(cell: Cell, headings: Mapping[int, str]) -> str:
    """Write a cell with the heading of its column before it: “Killed: 12”."""
    if cell.continued and len(cell.text) > _REPEATED_LENGTH:
        return ""
    name = headings.get(cell.column, "").rstrip(":")
    if not cell.text or not name or cell.width > 1:
        return cell.text
    return f"{name}: {cell.text}"
