"""Reads tables in text files, with commas, semicolons, tabs or bars between their cells."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice

from citadel.index.corpus.formats.document import FileContents, check_length, compose
from citadel.index.corpus.formats.sheets import CELL_LENGTH, SheetRow, sheet_parts
from citadel.index.corpus.formats.tables import Cell
from citadel.index.corpus.formats.text_files import readable_text
from citadel.index.corpus.languages import detect_language
from citadel.index.errors import CitadelError

_STATED = re.compile(r"sep=(?P<delimiter>[^\n])\n", re.IGNORECASE)
"""The first line of a file that was written for Excel."""

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 50
_UNBALANCED = "quotation marks are not balanced, and stand as they are in the file"


def read_csv(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read the rows of a table, each with the headings of its columns.

    Raises:
        CitadelError: It is no text, or has a cell that is longer than any cell.

    """
    decoded = readable_text(data, source)
    check_length(decoded.text, source)
    notes = list(decoded.notes)
    stated = _STATED.match(decoded.text)
    text = decoded.text[stated.end() :] if stated else decoded.text
    delimiter = stated["delimiter"] if stated else _delimiter(text)
    csv.field_size_limit(CELL_LENGTH)
    try:
        rows = list(_rows(text, delimiter, quoted=True))
    except csv.Error:
        # A quotation mark that nobody closed would swallow the rows below it.
        notes.append(_UNBALANCED)
        try:
            rows = list(_rows(text, delimiter, quoted=False))
        except csv.Error as error:
            raise CitadelError(
                f"{source} has a cell of more than {CELL_LENGTH:,} characters, which is no cell of "
                "a table; mend the row or save the file as text."
            ) from error
    parts = list(sheet_parts(rows, "row {}".format))
    language = {"language": detect_language("\n".join(part.text for part in parts))}
    return FileContents((compose({**language, **known}, parts, notes),))


def _rows(text: str, delimiter: str, *, quoted: bool) -> Iterator[SheetRow]:
    for number, cells in enumerate(_records(text, delimiter, quoted=quoted), start=1):
        texts = (" ".join(cell.split()) for cell in cells)
        yield SheetRow(number, tuple(Cell(text, column) for column, text in enumerate(texts)))


def _records(text: str, delimiter: str, *, quoted: bool) -> Iterator[list[str]]:
    # Splitting keeps the breaks that stand inside a cell; str.splitlines would find more of them.
    lines = (f"{line}\n" for line in text.split("\n"))
    return csv.reader(
        lines,
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        strict=True,
    )


def _delimiter(text: str) -> str:
    """Return the sign that cuts most of the first rows into equally many cells."""
    return max(_DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    """Return which share of the rows has the commonest number of cells, and that number.

    The share is 0 where that number is 1.
    """
    counted: Counter[int] = Counter()
    for quoted in (True, False):
        with suppress(csv.Error):
            rows = islice(_records(text, delimiter, quoted=quoted), _SAMPLE_ROWS)
            counted = Counter(len(row) for row in rows if row)
            break
    if not counted:
        return 0.0, 0
    cells, often = counted.most_common(1)[0]
    return (often / counted.total() if cells > 1 else 0.0), cells
