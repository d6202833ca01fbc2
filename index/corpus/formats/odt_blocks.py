"""Walks through the XML of an OpenDocument text; cuts it into headings, paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.raised_text import SEAM, append_raised, close_seams
from citadel.index.corpus.formats.story import StoryBlock, parts_of
from citadel.index.corpus.formats.tables import Cell, table_lines
from citadel.index.corpus.layout import BlockKind

_SPACES = re.compile(r"[ \t\r\n\u00a0]+")
_MOST_SPACES = 100
_MOST_REPEATS = 100
_INDEXES = frozenset(
    {"table-of-content", "illustration-index", "table-index", "object-index", "alphabetical-index"}
)
_TITLES = frozenset({"title"})
_WRAPS = frozenset({"section", "index-body", "numbered-paragraph", "bibliography"})
_NOTES = {"footnote": "Footnotes", "endnote": "Endnotes"}
_PASSED_OVER = frozenset(
    {"sequence-decls", "tracked-changes", "forms", "variable-decls", "user-field-decls", "bookmark",
     "soft-page-break", "ruby-text", "index-title", "title", "desc", "change", "change-start",
     "change-end", "script", "reference-mark-start", "reference-mark-end", "event-listeners"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OdtLooks:
    """How a style looks; None where it leaves that to its parent."""

    parent: str = ""
    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    name: str = ""


def read_odt_styles(roots: Sequence[etree._Element | None]) -> dict[str, OdtLooks]:
    """Return the styles of a document by their names, those of the text itself last."""
    styles: dict[str, OdtLooks] = {}
    for root in roots:
        for style in [] if root is None else _descendants(root, "style"):
            properties = next(children(style, "text-properties"), None)
            styles[get(style, "name")] = _looks(style, properties)
    return styles


def _looks(style: etree._Element, properties: etree._Element | None) -> OdtLooks:
    shown = get(style, "display-name") or get(style, "name")
    looks = OdtLooks(get(style, "parent-style-name"), name=shown.replace("_20_", " "))
    if properties is None:
        return looks
    display = get(properties, "display")
    strike = get(properties, "text-line-through-style") or get(properties, "text-line-through-type")
    position = get(properties, "text-position").split()
    return replace(
        looks,
        hidden=None if not display else display == "none",
        struck=None if not strike else strike != "none",
        raised=None if not position else _is_raised(position[0]),
    )


def _is_raised(position: str) -> bool:
    number = position.removesuffix("%")
    return position == "super" or (number.isdecimal() and int(number) > 0)


@dataclass(slots=True)
class OdtWalk:
    """A walk through the text of a document.

    Attributes:
        styles: Its styles by their names.
        left_out: Where what is not read is remembered.
        title: The first paragraph in the style of a title, or "".
        not_read: Kinds of things that are not read, a phrase each.

    """

    styles: Mapping[str, OdtLooks]
    left_out: LeftOut
    title: str = ""
    not_read: list[str] = field(default_factory=list)
    _found_notes: dict[str, list[str]] = field(default_factory=dict)
    _boxes: list[etree._Element] = field(default_factory=list)

    def parts(self, story: etree._Element) -> Iterator[Part]:
        """Yield the parts of a story; the items of a list together."""
        for deleted in _descendants(story, "deletion"):
            self.left_out.add("tracked deletions left out", _plain(deleted))
        yield from parts_of(self._blocks(story))

    def notes(self) -> Iterator[Part]:
        """Yield the footnotes and endnotes that were met, each kind under a heading."""
        for kind, heading in _NOTES.items():
            texts = [text for text in self._found_notes.get(kind, []) if text]
            if texts:
                yield Part(BlockKind.HEADING, heading)
                yield from (Part(BlockKind.PARAGRAPH, text) for text in texts)
                self.left_out.add("the marks of notes left out, the notes put at the end", heading)

    def leave_out_margins(self, root: etree._Element) -> None:
        """Name what stands in the heads and feet of the pages."""
        for element in _descendants(root, "master-page"):
            for child in element:
                side = next((s for s in ("header", "footer") if name(child).startswith(s)), None)
                if side is not None:
                    kind = f"{'head' if side == 'header' else 'foot'} of the pages left out"
                    self.left_out.add(kind, _plain(child))

    def line(self, story: etree._Element) -> str:
        """Return a story in one line: items and the rows of a table apart."""
        pieces: list[str] = []
        for block in self._blocks(story):
            text = " ".join(block.text.split())
            if block.table:
                rows = (row.strip("| ").replace(" | ", ", ") for row in block.text.split("\n"))
                text = "; ".join(rows)
            if text:
                apart = "; " if pieces and (block.table or block.item) else " " if pieces else ""
                pieces.append(f"{apart}{text}")
        return "".join(pieces).replace(":; ", ": ")

    def _blocks(self, story: etree._Element) -> Iterator[StoryBlock]:
        for element in story:
            kind = name(element)
            if kind in ("p", "h"):
                yield from self._paragraph(element, heading=kind == "h")
            elif kind == "list":
                yield from self._list(element)
            elif kind == "table":
                yield from self._table(element)
            elif kind in _INDEXES:
                self.left_out.add("table of contents left out", _plain(element))
            elif kind == "section" and get(element, "display") == "none":
                self.left_out.add("hidden text left out", _plain(element))
            elif kind in _WRAPS:
                yield from self._blocks(element)
            elif kind in ("frame", "custom-shape", "g", "rect"):
                yield from self._drawn(element)

    def _paragraph(self, element: etree._Element, *, heading: bool) -> Iterator[StoryBlock]:
        pieces: list[str] = []
        boxes, self._boxes = self._boxes, []
        self._inline(element, get(element, "style-name"), pieces)
        inner, self._boxes = self._boxes, boxes
        lines = close_seams("".join(pieces)).split("\n")
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()
        if self._style_names(get(element, "style-name")) & _TITLES:
            self.title = self.title or " ".join(text.split())
            heading = True
        if text:
            yield StoryBlock(BlockKind.HEADING if heading else BlockKind.PARAGRAPH, text)
        for box in inner:
            yield from self._drawn(box)

    def _drawn(self, element: etree._Element) -> Iterator[StoryBlock]:
        """Yield the text in a frame or shape; name what else is in one."""
        kinds = {name(each) for each in element.iter()}
        if "object" in kinds:
            self._tell("an object such as a chart or a formula is not read")
        box = next((each for each in element if name(each) == "text-box"), None)
        yield from self._blocks(element if box is None else box)

    def _tell(self, note: str) -> None:
        if note not in self.not_read:
            self.not_read.append(note)

    def _list(self, element: etree._Element) -> Iterator[StoryBlock]:
        for item in element:
            if name(item) not in ("list-item", "list-header"):
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
        kind = name(child)
        if kind == "s":
            count = get(child, "c")
            pieces.append(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1))
        elif kind == "tab":
            pieces.append(" ")
        elif kind == "line-break":
            pieces.append("\n")
        elif kind == "note":
            self._note(child)
            pieces.append(SEAM)
        elif kind == "annotation":
            self._tell("comments are not read")
        elif kind in ("frame", "custom-shape", "g", "rect"):
            self._boxes.append(child)
        elif kind in ("hidden-text", "hidden-paragraph"):
            self.left_out.add("hidden text left out", _plain(child))
        elif kind == "span":
            self._inline(child, self._merged(get(child, "style-name"), style), pieces)
        elif kind and kind not in _PASSED_OVER:
            self._inline(child, style, pieces)

    def _merged(self, own: str, outer: str) -> str:
        """Return the style of a span: what it leaves open is as around it."""
        looks = [self._look(own, which) for which in ("hidden", "struck", "raised")]
        return own if any(look is not None for look in looks) else outer

    def _write(self, text: str, style: str, pieces: list[str]) -> None:
        if not text:
            return
        plain = _SPACES.sub(" ", text)
        if self._look(style, "hidden"):
            self._drop("hidden text left out", plain, pieces)
        elif self._look(style, "struck"):
            self._drop("struck text left out", plain, pieces)
        elif self._look(style, "raised") and plain.strip():
            append_raised(plain, pieces, self.left_out)
        else:
            pieces.append(plain)

    def _drop(self, kind: str, text: str, pieces: list[str]) -> None:
        self.left_out.add(kind, text)
        pieces.append(SEAM)

    def _note(self, element: etree._Element) -> None:
        kind = get(element, "note-class") or "footnote"
        for body in children(element, "note-body"):
            self._found_notes.setdefault(kind, []).append(self.line(body))

    def _look(self, style: str, which: str) -> bool | None:
        """Return a look of a style, or of what it is based on; None where none of them says."""
        seen: set[str] = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            value: bool | None = getattr(self.styles[style], which)
            if value is not None:
                return value
            style = self.styles[style].parent
        return None

    def _style_names(self, style: str) -> frozenset[str]:
        found: set[str] = set()
        while style and style.casefold() not in found:
            looks = self.styles.get(style)
            found |= {style.casefold(), (looks.name if looks else style).casefold()}
            style = looks.parent if looks else ""
        return frozenset(found)

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
            kind = name(child)
            if kind in ("table-header-rows", "table-rows", "table-row-group"):
                for head, row in self._rows(child):
                    yield head or kind == "table-header-rows", row
            elif kind == "table-row":
                cells = [each for each in child if name(each) in ("table-cell", _COVERED)]
                yield False, cells

    def _cells(self, rows: Sequence[Sequence[etree._Element]]) -> list[list[Cell]]:
        above: dict[int, tuple[int, Cell]] = {}
        read: list[list[Cell]] = []
        for row in rows:
            line: list[Cell] = []
            column = 0
            for element in row:
                repeated = min(_count(element, "number-columns-repeated"), _MOST_REPEATS)
                if name(element) == _COVERED:
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


_COVERED = "covered-table-cell"


def name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Yield the children of a name."""
    return (child for child in element if name(child) == wanted)


def get(element: etree._Element, attribute: str) -> str:
    """Return an attribute, in whatever namespace it is; "" where there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == attribute:
            return str(value)
    return ""


def _descendants(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    return (each for each in element.iter() if name(each) == wanted)


def _count(element: etree._Element, attribute: str) -> int:
    value = get(element, attribute)
    return min(max(int(value), 1), 1000) if value.isascii() and value.isdigit() else 1


def _plain(element: etree._Element) -> str:
    pieces: list[str] = []
    for each in element.iter():
        pieces.append(f"{' ' if name(each) in ('p', 'h') else ''}{each.text or ''}")
        pieces.append(each.tail or "" if each is not element else "")
    return "".join(pieces)
