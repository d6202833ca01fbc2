"""Walks through the XML of a document and cuts it into headings, paragraphs, lists and tables.

What Word shows is read wherever it stands: in content controls, insertions, text boxes, tables
within tables. What it does not show, or strikes through, is left out and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.docx_elements import (
    COMPATIBILITY,
    MATH,
    Style,
    W,
    clean_text,
    formula_of,
    is_contents,
    looks_of,
    number_of,
    plain_text,
    text_boxes,
    value_of,
)
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.raised_text import SEAM, append_raised
from citadel.index.corpus.formats.story import Looks, StoryBlock, parts_of
from citadel.index.corpus.formats.tables import Cell, in_one_line, table_lines
from citadel.index.corpus.formats.xml_names import name_of
from citadel.index.corpus.layout import BlockKind

_HEADING = re.compile(r"heading|title$|^subtitle", re.IGNORECASE)
_LIST = re.compile(r"list", re.IGNORECASE)
_CONTENTS = re.compile(r"^toc(?: heading|\s*\d)", re.IGNORECASE)
_CHANGED_AWAY = {"del": "tracked deletions left out", "moveFrom": ""}
"""What stood somewhere before the changes; what was moved is read where it is now."""

_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PASSED_OVER = frozenset(
    {"pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delText", "rt", "rubyPr"}
)


@dataclass(slots=True)
class WordWalk:
    """A walk through the story of a document.

    Attributes:
        styles: Its styles, by their identifiers.
        left_out: Where what is not read is remembered.
        notes: The numbers of the footnotes and endnotes met so far, in order.

    """

    styles: Mapping[str, Style]
    left_out: LeftOut
    notes: list[tuple[str, str]] = field(default_factory=list)

    def parts(self, story: etree._Element) -> Iterator[Part]:
        """Yield the parts of a story; the items of a list together."""
        return parts_of(self._blocks(story))

    def line(self, story: etree._Element) -> str:
        """Return a story in one line: items and the rows of a table apart."""
        text = ""
        before: StoryBlock | None = None
        for block in self._blocks(story):
            piece = in_one_line(block.text) if block.table else " ".join(block.text.split())
            if not piece:
                continue
            apart = block.table or (
                before is not None and (before.table or (before.item and block.item))
            )
            text += f"{'; ' if apart else ' '}{piece}" if text else piece
            before = block
        return text.replace(":; ", ": ")

    def _blocks(self, story: etree._Element) -> Iterator[StoryBlock]:
        pending = ""
        for element in self._children(story):
            if element.tag == f"{W}tbl":
                yield from self._table(element)
            elif element.tag == f"{W}p":
                boxes: list[etree._Element] = []
                text = pending + self._text(element, boxes)
                pending = ""
                if element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                    pending = text
                else:
                    yield from self._paragraph(element, text)
                for box in boxes:
                    yield from self._blocks(box)
            elif element.tag in (f"{W}altChunk", f"{W}subDoc"):
                self.left_out.add("not read", "a document put into this one")
        if pending:
            yield StoryBlock(BlockKind.PARAGRAPH, clean_text(pending))

    def _children(self, element: etree._Element) -> Iterator[etree._Element]:
        """Yield what an element holds, without the wraps that Word puts around it."""
        for child in element:
            name = name_of(child)
            if name in _CHANGED_AWAY:
                self._leave_out(_CHANGED_AWAY[name], child)
            elif name == "AlternateContent":
                chosen = child.find(f"{COMPATIBILITY}Choice")
                chosen = child.find(f"{COMPATIBILITY}Fallback") if chosen is None else chosen
                if chosen is not None:
                    yield from self._children(chosen)
            elif name == "sdt" and is_contents(child):
                self.left_out.add("table of contents left out", plain_text(child))
            elif name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"):
                yield from self._children(child)
            elif isinstance(child.tag, str):
                yield child

    def _paragraph(self, element: etree._Element, text: str) -> Iterator[StoryBlock]:
        style = self._style_of(element)
        clean = clean_text(text)
        if _CONTENTS.search(style.name):
            self.left_out.add("table of contents left out", clean)
            return
        if style.looks.hidden and not clean:
            return
        listed = (
            element.find(f"{W}pPr/{W}numPr") is not None
            or style.numbered
            or _LIST.search(style.name) is not None
        )
        heading = _HEADING.search(style.name) is not None
        if heading:
            yield StoryBlock(BlockKind.HEADING, clean)
        else:
            yield StoryBlock(BlockKind.PARAGRAPH, clean, item=listed and bool(clean))

    def _style_of(self, paragraph: etree._Element) -> Style:
        identifier = value_of(paragraph.find(f"{W}pPr/{W}pStyle"))
        return self.styles.get(identifier or "", Style("", Looks()))

    def _text(self, paragraph: etree._Element, boxes: list[etree._Element]) -> str:
        """Return the text of a paragraph; add the text boxes that hang on it."""
        looks = self._style_of(paragraph).looks
        pieces: list[str] = []
        self._inline(paragraph, looks, pieces, boxes)
        return "".join(pieces)

    def _inline(
        self, element: etree._Element, looks: Looks, pieces: list[str], boxes: list[etree._Element]
    ) -> None:
        for child in self._children(element):
            name = name_of(child)
            if name == "r":
                self._run(child, looks, pieces, boxes)
            elif child.tag.startswith(MATH):
                pieces.append(formula_of(child))
            elif name not in _PASSED_OVER:
                self._inline(child, looks, pieces, boxes)

    def _run(
        self, run: etree._Element, looks: Looks, pieces: list[str], boxes: list[etree._Element]
    ) -> None:
        properties = run.find(f"{W}rPr")
        identifier = None if properties is None else value_of(properties.find(f"{W}rStyle"))
        styled = self.styles.get(identifier or "", Style("", Looks())).looks
        own = looks_of(properties).over(styled).over(looks)
        text = self._run_text(run, looks, pieces, boxes)
        if not text:
            return
        if own.hidden or own.struck:
            kind = "hidden text left out" if own.hidden else "struck text left out"
            self.left_out.add(kind, text)
            pieces.append(SEAM)
        elif own.raised and text.strip():
            append_raised(text, pieces, self.left_out)
        else:
            pieces.append(text)

    def _run_text(
        self, run: etree._Element, looks: Looks, pieces: list[str], boxes: list[etree._Element]
    ) -> str:
        text = ""
        for child in self._children(run):
            name = name_of(child)
            if name == "t":
                text += child.text or ""
            elif name in _SIGNS:
                text += _SIGNS[name]
            elif name == "sym":
                text += self._symbol(child)
            elif name in ("footnoteReference", "endnoteReference"):
                self.notes.append((name.removesuffix("Reference"), child.get(f"{W}id", "")))
                text += SEAM
            elif name == "ruby":
                self._inline(child, looks, pieces, boxes)
            elif name not in _PASSED_OVER:
                boxes += text_boxes(child)
        return text

    def _symbol(self, element: etree._Element) -> str:
        """Return a character chosen from a font; those of symbol fonts have no meaning outside."""
        code = element.get(f"{W}char", "")
        try:
            character = chr(int(code, 16))
        except ValueError:
            return ""
        if "\ue000" <= character <= "\uf8ff":
            font = element.get(f"{W}font", "a symbol font")
            self.left_out.add("signs of symbol fonts left out", f"{code} of {font}")
            return SEAM
        return character

    def _leave_out(self, kind: str, element: etree._Element) -> None:
        if kind:
            self.left_out.add(kind, plain_text(element))

    def _table(self, table: etree._Element) -> Iterator[StoryBlock]:
        rows = [row for row in self._children(table) if row.tag == f"{W}tr"]
        kept = []
        for row in rows:
            if row.find(f"{W}trPr/{W}del") is not None:
                self._leave_out("tracked deletions left out", row)
            else:
                kept.append(row)
        cells = [[cell for cell in self._children(r) if cell.tag == f"{W}tc"] for r in kept]
        if all(len(row) <= 1 for row in cells):
            # A frame around text, not a table of data.
            for row in cells:
                for cell in row:
                    yield from self._blocks(cell)
            return
        marked = 0
        for row in kept[:-1]:
            if row.find(f"{W}trPr/{W}tblHeader") is None:
                break
            marked += 1
        read = self._rows(kept, cells)
        lines = table_lines(read, marked)
        if lines:
            yield StoryBlock(BlockKind.PARAGRAPH, "\n".join(lines), table=True)

    def _rows(
        self, rows: list[etree._Element], cells: list[list[etree._Element]]
    ) -> list[list[Cell]]:
        above: dict[int, Cell] = {}
        read: list[list[Cell]] = []
        for row, own in zip(rows, cells, strict=True):
            column = number_of(row.find(f"{W}trPr/{W}gridBefore"), 0)
            line: list[Cell] = []
            for element in own:
                width = number_of(element.find(f"{W}tcPr/{W}gridSpan"), 1)
                merge = element.find(f"{W}tcPr/{W}vMerge")
                across = element.find(f"{W}tcPr/{W}hMerge")
                text = self.line(element)
                if across is not None and value_of(across) != "restart" and line and not text:
                    line[-1] = replace(line[-1], width=line[-1].width + width)
                elif merge is not None and value_of(merge) != "restart" and column in above:
                    first = above[column]
                    # Word shows nothing of what stands in the cells below the first.
                    if text:
                        self.left_out.add("text in merged cells, which Word hides, left out", text)
                    line.append(replace(first, continued=True))
                else:
                    line.append(Cell(text, column, width))
                    above.pop(column, None)
                    if merge is not None:
                        above[column] = line[-1]
                column += width
            read.append(line)
        return read
