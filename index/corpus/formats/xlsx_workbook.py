"""Walks through the XML of a workbook: its sheets, the texts they share, what they hide."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from citadel.index.corpus.formats.archives import SAFELY, Archive, fault, inside
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.raised_text import SEAM, append_raised, close_seams
from citadel.index.corpus.formats.sheets import CELL_LENGTH, SheetRow
from citadel.index.corpus.formats.tables import Cell
from citadel.index.corpus.formats.xlsx_areas import area, column_of, merged_row, spread
from citadel.index.corpus.formats.xlsx_numbers import NumberFormat
from citadel.index.corpus.formats.xml_names import children, name_of
from citadel.index.errors import CitadelError

_NOT_READ = {
    "comments": "comments are not read",
    "threadedComment": "comments are not read",
    "drawing": "pictures and charts are not read",
}
_STRUCK = "struck text left out"
_TEXT_TYPES = ("str", "e", "d")


@dataclass(frozen=True, slots=True)
class _Style:
    """How cells of one style look."""

    number_format: NumberFormat
    struck: bool


@dataclass(slots=True)
class _Sheet:
    """One sheet under way: its rows of cells as they stand, and what it says about them."""

    rows: list[tuple[int, bool, list[Cell]]] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    merged: list[tuple[range, range]] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)


class Workbook:
    """The parts of a workbook, read when they are asked for."""

    def __init__(self, archive: Archive, source: str) -> None:
        """Find the workbook in its archive, with the texts and styles that its sheets share.

        Raises:
            CitadelError: There is none in it.

        """
        self._archive, self._source = archive, source
        self._left_out = LeftOut()
        self._uncomputed = 0
        main = [target for kind, target in self._relations("").values() if kind == "officeDocument"]
        root = archive.xml(main[0]) if main else None
        if root is None or name_of(root) != "workbook":
            raise archive.broken("it has no workbook")
        self._name, self._root = main[0], root
        self._from_1904 = any(_on(each, "date1904") for each in children(root, "workbookPr"))
        related = dict(self._relations(main[0]).values())
        self._styles = list(self._read_styles(related.get("styles", "")))
        self._texts = self._read_texts(related.get("sharedStrings", ""))

    def title(self) -> str:
        """Return the title that the workbook gives itself, or ""."""
        related = self._relations("").values()
        core = next((target for kind, target in related if kind == "core-properties"), "")
        root = self._archive.xml(core) if core else None
        titles = [] if root is None else list(children(root, "title"))
        return (titles[0].text or "") if titles else ""

    def sheets(self) -> Iterator[tuple[str, list[SheetRow]]]:
        """Yield the name and the rows of each sheet that is shown."""
        related = self._relations(self._name)
        for group in children(self._root, "sheets"):
            for each in children(group, "sheet"):
                name = each.get("name", "")
                kind, target = related.get(_relation_of(each), ("", ""))
                if kind != "worksheet":
                    self._left_out.add_unread(f"“{name}” is no sheet of cells and not read")
                elif each.get("state", "visible") != "visible":
                    self._left_out.add("hidden sheets left out", name)
                else:
                    yield name, list(self._rows(target))

    def notes(self) -> list[str]:
        """Return what was left out of the sheets that were read, a phrase each."""
        notes = self._left_out.notes()
        if self._uncomputed:
            count = f"{self._uncomputed:,} formula{'s' if self._uncomputed > 1 else ''}"
            notes.append(
                f"{count} without a result left out; open the file in a spreadsheet program and "
                "save it"
            )
        return notes

    def _relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what an entry refers to, by identifiers: the kind and the name of another."""
        folder, _, file = name.rpartition("/")
        path = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        root = self._archive.xml(path)
        if root is None:
            return {}
        return {
            each.get("Id", ""): (
                each.get("Type", "").rpartition("/")[2],
                inside(name, each.get("Target", "")),
            )
            for each in children(root, "Relationship")
            if each.get("TargetMode") != "External"
        }

    def _read_styles(self, name: str) -> Iterator[_Style]:
        root = self._archive.xml(name) if name else None
        if root is None:
            return
        codes = {
            int(each.get("numFmtId", "0")): each.get("formatCode", "")
            for group in children(root, "numFmts")
            for each in children(group, "numFmt")
            if each.get("numFmtId", "").isdecimal()
        }
        fonts = [
            any(_on(strike, "val", otherwise="1") for strike in children(font, "strike"))
            for group in children(root, "fonts")
            for font in children(group, "font")
        ]
        for group in children(root, "cellXfs"):
            for each in children(group, "xf"):
                font = _number(each.get("fontId"))
                number = _number(each.get("numFmtId"))
                struck = font < len(fonts) and fonts[font]
                yield _Style(NumberFormat.numbered(number, codes), struck)

    def _read_texts(self, name: str) -> list[str]:
        root = self._archive.xml(name) if name else None
        return [] if root is None else [self._text(each) for each in children(root, "si")]

    def _text(self, element: etree._Element) -> str:
        """Return a text, without what is struck through, and with what is raised apart."""
        pieces: list[str] = []
        for each in element:
            name = name_of(each)
            if name == "t":
                pieces.append(each.text or "")
            elif name == "r":
                text = "".join(t.text or "" for t in children(each, "t"))
                looks = [look for group in children(each, "rPr") for look in group]
                if any(name_of(k) == "strike" and _on(k, "val", otherwise="1") for k in looks):
                    self._left_out.add(_STRUCK, text)
                    pieces.append(SEAM)
                elif any(k.get("val") == "superscript" for k in looks if name_of(k) == "vertAlign"):
                    append_raised(text, pieces, self._left_out)
                else:
                    pieces.append(text)
        return close_seams("".join(pieces))

    def _rows(self, name: str) -> Iterator[SheetRow]:
        sheet = self._sheet(name)
        merged = spread(sheet.merged)
        texts = {
            (number, cell.column): cell.text for number, _, cells in sheet.rows for cell in cells
        }
        for number, hidden, cells in sheet.rows:
            if hidden:
                texts_of_row = ", ".join(cell.text for cell in cells if cell.text)
                self._left_out.add("hidden rows left out", texts_of_row)
                continue
            shown: list[Cell] = []
            for cell in merged_row(number, cells, merged.get(number, {}), texts):
                if any(cell.column in columns for columns in sheet.hidden_columns):
                    if not cell.continued:
                        self._left_out.add("hidden columns left out", cell.text)
                else:
                    shown.append(cell)
            yield SheetRow(number, tuple(shown), marked=number in sheet.headings)

    def _sheet(self, name: str) -> _Sheet:
        """Read the XML of a sheet, a row at a time.

        Raises:
            CitadelError: It is damaged, or has a cell that is none.

        """
        sheet = _Sheet()
        data = self._archive.read(name)
        if data is None:
            raise self._archive.broken(f"{name} is missing")
        walk = etree.iterparse(io.BytesIO(data), **SAFELY)
        try:
            for _, element in walk:
                if name_of(element) == "row":
                    self._add_row(sheet, element)
                    element.clear()
                else:
                    _notice(sheet, element)
        except etree.XMLSyntaxError as error:
            raise self._archive.broken(f"{name} {fault(error)}") from error
        for kind, target in self._relations(name).values():
            if kind == "table":
                self._notice_table(sheet, target)
            elif kind in _NOT_READ:
                self._left_out.add_unread(_NOT_READ[kind])
        return sheet

    def _notice_table(self, sheet: _Sheet, name: str) -> None:
        root = self._archive.xml(name)
        rows, _ = area("" if root is None else root.get("ref", ""))
        if root is not None:
            sheet.headings.update(rows[: _number(root.get("headerRowCount", "1"))])

    def _add_row(self, sheet: _Sheet, element: etree._Element) -> None:
        number = _number(element.get("r")) or (sheet.rows[-1][0] + 1 if sheet.rows else 1)
        cells: list[Cell] = []
        for each in children(element, "c"):
            column = column_of(each.get("r", ""))
            if column is None:
                column = cells[-1].column + 1 if cells else 0
            text = " ".join(self._shown(each).split())
            if len(text) > CELL_LENGTH:
                raise CitadelError(
                    f"{self._source} has a cell of more than {CELL_LENGTH:,} characters in row "
                    f"{number}, which is no cell of a table; shorten it."
                )
            cells.append(Cell(text, column))
        sheet.rows.append((number, _on(element, "hidden"), cells))

    def _shown(self, cell: etree._Element) -> str:
        """Return what a cell shows; "" for what it strikes through, and for formulas alone."""
        kind = cell.get("t", "n")
        number = _number(cell.get("s"))
        style = self._styles[number] if number < len(self._styles) else None
        if kind == "inlineStr":
            text = "".join(self._text(each) for each in children(cell, "is"))
        else:
            value = next((each.text or "" for each in children(cell, "v")), "")
            if not value:
                self._uncomputed += any(True for _ in children(cell, "f"))
                return ""
            text = self._value(kind, value, style)
        if style is not None and style.struck:
            self._left_out.add(_STRUCK, text)
            return ""
        return text

    def _value(self, kind: str, value: str, style: _Style | None) -> str:
        if kind == "s":
            place = _number(value)
            return self._texts[place] if place < len(self._texts) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind in _TEXT_TYPES or style is None:
            return value if kind in _TEXT_TYPES else NumberFormat().shown(value)
        return style.number_format.shown(value, from_1904=self._from_1904)


def _notice(sheet: _Sheet, element: etree._Element) -> None:
    """Remember what a sheet says about its columns, merged cells and headings."""
    name = name_of(element)
    if name == "col" and _on(element, "hidden"):
        first, last = _number(element.get("min")), _number(element.get("max"))
        sheet.hidden_columns.append(range(first - 1, last))
    elif name == "mergeCell":
        sheet.merged.append(area(element.get("ref", "")))
    elif name == "autoFilter":
        sheet.headings.update(area(element.get("ref", ""))[0][:1])
    elif name == "pane" and element.get("state") == "frozen":
        sheet.headings.update(range(1, min(_number(element.get("ySplit")), 10) + 1))


def _relation_of(sheet: etree._Element) -> str:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _on(element: etree._Element, name: str, otherwise: str = "0") -> bool:
    return element.get(name, otherwise) in ("1", "true")


def _number(value: str | None) -> int:
    written = value or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0
