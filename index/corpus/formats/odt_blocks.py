"""Walks through the XML of an OpenDocument text; cuts it into headings, paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.odt_styles import OdtStyles
from citadel.index.corpus.formats.raised_text import SEAM, append_raised, close_seams
from citadel.index.corpus.formats.story import StoryBlock, notes_under, parts_of
from citadel.index.corpus.formats.tables import Cell, in_one_line, table_lines
from citadel.index.corpus.formats.xml_names import attribute, children, descendants, name_of
from citadel.index.corpus.layout import BlockKind

_SPACES = re.compile(r"[ \t\r\n\u00a0]+")
_MOST_SPACES = 100
_MOST_REPEATS = 100
_COVERED = "covered-table-cell"
_INDEXES = frozenset(
    {"table-of-content", "illustration-index", "table-index", "object-index", "alphabetical-index"}
)
_WRAPS = frozenset({"section", "index-body", "numbered-paragraph", "bibliography"})
_NOTES = {"footnote": "Footnotes", "endnote": "Endnotes"}
_PASSED_OVER = frozenset(
    {"sequence-decls", "tracked-changes", "forms", "variable-decls", "user-field-decls", "bookmark",
     "soft-page-break", "ruby-text", "index-title", "title", "desc", "change", "change-start",
     "change-end", "script", "reference-mark-start", "reference-mark-end", "event-listeners"}
)  # fmt: skip


@dataclass(slots=True)
class OdtWalk:
    """A walk through the text of a document.

    Attributes:
        styles: Its styles.
        left_out: Where what is not read is remembered.
        title: The first paragraph in the style of a title, or "".

    """

    styles: OdtStyles
    left_out: LeftOut
    title: str = ""
    _found_notes: dict[str, list[str]] = field(default_factory=dict)
    _boxes: list[etree._Element] = field(default_factory=list)

    def parts(self, story: etree._Element) -> Iterator[Part]:
        """Yield the parts of a story; the items of a list together."""
        for deleted in descendants(story, "deletion"):
            self.left_out.add("tracked deletions left out", _plain(deleted))
        yield from parts_of(self._blocks(story))

    def notes(self) -> Iterator[Part]:
        """Yield the footnotes and endnotes that were met, each kind under a heading."""
        for kind, heading in _NOTES.items():
            yield from notes_under(heading, self._found_notes.get(kind, ()), self.left_out)

    def leave_out_margins(self, root: etree._Element) -> None:
        """Name what stands in the heads and feet of the pages."""
        for element in descendants(root, "master-page"):
            for child in element:
                side = next((s for s in ("header", "footer") if name_of(child).startswith(s)), None)
                if side is not None:
                    kind = f"{'head' if side == 'header' else 'foot'} of the pages left out"
                    self.left_out.add(kind, _plain(child))

    def line(self, story: etree._Element) -> str:
        """Return a story in one line: items and the rows of a table apart."""
        pieces: list[str] = []
        for block in self._blocks(story):
            text = in_one_line(block.text) if block.table else " ".join(block.text.split())
            if text:
                apart = "; " if pieces and (block.table or block.item) else " " if pieces else ""
                pieces.append(f"{apart}{text}")
        return "".join(pieces).replace(":; ", ": ")

    def _blocks(self, story: etree._Element) -> Iterator[StoryBlock]:
        for element in story:
            kind = name_of(element)
            if kind in ("p", "h"):
                yield from self._paragraph(element, heading=kind == "h")
            elif kind == "list":
                yield from self._list(element)
            elif kind == "table":
                yield from self._table(element)
            elif kind in _INDEXES:
                self.left_out.add("table of contents left out", _plain(element))
            elif kind == "section" and attribute(element, "display") == "none":
                self.left_out.add("hidden text left out", _plain(element))
            elif kind in _WRAPS:
                yield from self._blocks(element)
            elif kind in ("frame", "custom-shape", "g", "rect"):
                yield from self._drawn(element)

    def _paragraph(self, element: etree._Element, *, heading: bool) -> Iterator[StoryBlock]:
        pieces: list[str] = []
        boxes, self._boxes = self._boxes, []
        self._inline(element, attribute(element, "style-name"), pieces)
        inner, self._boxes = self._boxes, boxes
        lines = close_seams("".join(pieces)).split("\n")
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()
        if self.styles.is_title(attribute(element, "style-name")):
            self.title = self.title or " ".join(text.split())
            heading = True
        if text:
            yield StoryBlock(BlockKind.HEADING if heading else BlockKind.PARAGRAPH, text)
        for box in inner:
            yield from self._drawn(box)

    def _drawn(self, element: etree._Element) -> Iterator[StoryBlock]:
        """Yield the text in a frame or shape; name what else is in one."""
        kinds = {name_of(each) for each in element.iter()}
        if "object" in kinds:
            self.left_out.add_unread("an object such as a chart or a formula is not read")
        box = next((each for each in element if name_of(each) == "text-box"), None)
        yield from self._blocks(element if box is None else box)

    def _list(self, element: etree._Element) -> Iterator[StoryBlock]:
        for item in element:
            if name_of(item) not in ("list-item", "list-header"):
                continue
            nested: list[StoryBlock] = []
            texts: list[str] = []
            for block in self._blocks(item):
                if block.kind is BlockKind.HEADING or block.table:
                    nested.append(block)
                elif block.item:
                    nested.append(replace(block, text=f"  {block.text}".rstrip()))
                else:
                    texts.append(block.text)
            if texts:
                yield StoryBlock(BlockKind.PARAGRAPH, " ".join(texts), item=True)
            yield from nested

    def _inline(self, element: etree._Element, style: str, pieces: list[str]) -> None:
        self._write(element.text or "", style, pieces)
        for child in element:
            self._inside(child, style, pieces)
            self._write(child.tail or "", style, pieces)

    def _inside(self, child: etree._Element, style: str, pieces: list[str]) -> None:
        kind = name_of(child)
        if kind == "s":
            count = attribute(child, "c")
            pieces.append(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1))
        elif kind == "tab":
            pieces.append(" ")
        elif kind == "line-break":
            pieces.append("\n")
        elif kind == "note":
            self._note(child)
            pieces.append(SEAM)
        elif kind == "annotation":
            self.left_out.add_unread("comments are not read")
        elif kind in ("frame", "custom-shape", "g", "rect"):
            self._boxes.append(child)
        elif kind in ("hidden-text", "hidden-paragraph"):
            self.left_out.add("hidden text left out", _plain(child))
        elif kind == "span":
            self._inline(child, self.styles.inside(attribute(child, "style-name"), style), pieces)
        elif kind and kind not in _PASSED_OVER:
            self._inline(child, style, pieces)

    def _write(self, text: str, style: str, pieces: list[str]) -> None:
        if not text:
            return
        plain = _SPACES.sub(" ", text)
        looks = self.styles.looks(style)
        if looks.hidden or looks.struck:
            kind = "hidden text left out" if looks.hidden else "struck text left out"
            self.left_out.add(kind, plain)
            pieces.append(SEAM)
        elif looks.raised and plain.strip():
            append_raised(plain, pieces, self.left_out)
        else:
            pieces.append(plain)

    def _note(self, element: etree._Element) -> None:
        kind = attribute(element, "note-class") or "footnote"
        for body in children(element, "note-body"):
            self._found_notes.setdefault(kind, []).append(self.line(body))

    def _table(self, table: etree._Element) -> Iterator[StoryBlock]:
        rows = list(self._rows(table))
        if all(len(row) <= 1 for _, row in rows):
            for _, row in rows:
                for cell in row:
                    yield from self._blocks(cell)
            return
        marked = next((n for n, (head, _) in enumerate(rows) if not head), 0)
        lines = table_lines(self._cells([row for _, row in rows]), marked)
        if lines:
            yield StoryBlock(BlockKind.PARAGRAPH, "\n".join(lines), table=True)

    def _rows(self, element: etree._Element) -> Iterator[tuple[bool, list[etree._Element]]]:
        """Yield the rows of a table, and whether each is a heading of it."""
        for child in element:
            kind = name_of(child)
            if kind in ("table-header-rows", "table-rows", "table-row-group"):
                for head, row in self._rows(child):
                    yield head or kind == "table-header-rows", row
            elif kind == "table-row":
                cells = [each for each in child if name_of(each) in ("table-cell", _COVERED)]
                yield False, cells

    def _cells(self, rows: Sequence[Sequence[etree._Element]]) -> list[list[Cell]]:
        above: dict[int, tuple[int, Cell]] = {}
        read: list[list[Cell]] = []
        for row in rows:
            line: list[Cell] = []
            column = 0
            for element in row:
                repeated = min(_count(element, "number-columns-repeated"), _MOST_REPEATS)
                if name_of(element) == _COVERED:
                    for covered in range(column, column + repeated):
                        left, first = above.get(covered, (0, None))
                        if first is not None:
                            line.append(replace(first, continued=True))
                            above[covered] = (left - 1, first)
                            if left <= 1:
                                del above[covered]
                    column += repeated
                    continue
                for _ in range(repeated):
                    width = _count(element, "number-columns-spanned")
                    cell = Cell(self.line(element), column, width)
                    line.append(cell)
                    height = _count(element, "number-rows-spanned")
                    if height > 1:
                        above[column] = (height - 1, cell)
                    column += 1
            read.append(line)
        return read


def _count(element: etree._Element, name: str) -> int:
    value = attribute(element, name)
    return min(max(int(value), 1), 1000) if value.isascii() and value.isdigit() else 1


def _plain(element: etree._Element) -> str:
    pieces: list[str] = []
    for each in element.iter():
        pieces.append(f"{' ' if name_of(each) in ('p', 'h') else ''}{each.text or ''}")
        pieces.append(each.tail or "" if each is not element else "")
    return "".join(pieces)
