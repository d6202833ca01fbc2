"""Reads the sheets of workbooks in the form of Office Open XML: what they show, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from citadel.index.corpus.formats.archives import Archive
from citadel.index.corpus.formats.document import FileContents, Part, contents_of
from citadel.index.corpus.formats.sheets import sheet_parts
from citadel.index.corpus.formats.xlsx_workbook import Workbook
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.metadata import plausible_metadata


def read_xlsx(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read the rows of all sheets; each has its sheet and its number for a place.

    Raises:
        CitadelError: It is no such workbook, or unpacks to more than is read.

    """
    workbook = Workbook(Archive(data, source, "an Excel workbook"), source)
    sheets = [(name, rows) for name, rows in workbook.sheets() if rows]
    parts: list[Part] = []
    for name, rows in sheets:
        if len(sheets) > 1:
            parts.append(Part(BlockKind.HEADING, name))
        parts += sheet_parts(rows, partial(_place, name if len(sheets) > 1 else ""))
    told = plausible_metadata({"title": workbook.title()})
    return contents_of(parts, {**told, **known}, workbook.notes())


def _place(sheet: str, row: int) -> str:
    """Name a row; its sheet, too, where there are several."""
    return f"sheet {sheet}, row {row}" if sheet else f"row {row}"
