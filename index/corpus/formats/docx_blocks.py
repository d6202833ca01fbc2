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
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.raised_text import SEAM, append_raised, close_seams
from citadel.index.corpus.formats.story import StoryBlock, parts_of
from citadel.index.corpus.formats.tables import Cell, table_lines
from citadel.index.corpus.layout import BlockKind

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_HEADING = re.compile(r"heading|title$|^subtitle", re.IGNORECASE)
_LIST = re.compile(r"list", re.IGNORECASE)
_CONTENTS = re.compile(r"^toc(?: heading|\s*\d)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\u00a0]+")
_SYMBOL_FONTS = ("\uf000", "\uf0ff")
_CHANGED_AWAY = {"del": "tracked deletions left out", "moveFrom": ""}
"""What stood somewhere before the changes; what was moved is read where it is now."""

_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PASSED_OVER = frozenset(
    {"pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delText", "rt", "rubyPr"}
)


@dataclass(frozen=True, slots=True)
class Looks:
    """How a run or a style looks; None where it says nothing.

    Attributes:
        hidden: Whether Word shows it only on demand.
        struck: Whether it is struck through.
        raised: Whether it stands above the line.

    """

    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None

    def over(self, below: Looks) -> Looks:
        """Return these looks, with what they leave open from others."""
        return Looks(
            below.hidden if self.hidden is None else self.hidden,
            below.struck if self.struck is None else self.struck,
            below.raised if self.raised is None else self.raised,
        )


@dataclass(frozen=True, slots=True)
class Style:
    """A style of the document: its name, its looks, and whether it makes a list."""

    name: str
    looks: Looks
    numbered: bool = False


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """Return the styles of a document by their identifiers, each with what it is based on."""
    if root is None:
        return {}
    found = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
    styles: dict[str, Style] = {}
    for identifier, element in found.items():
        looks, numbered = Looks(), False
        chain: list[str] = []
        at: str | None = identifier
        while at is not None and at in found and at not in chain:
            chain.append(at)
            looks = looks.over(_looks(found[at].find(f"{W}rPr")))
            numbered = numbered or found[at].find(f"{W}pPr/{W}numPr") is not None
            at = _value(found[at].find(f"{W}basedOn"))
        name = _value(element.find(f"{W}name")) or ""
        styles[identifier] = Style(name, looks, numbered)
    return styles


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
            piece = " ".join(block.text.split())
            if block.table:
                rows = (row.strip("| ").replace(" | ", ", ") for row in block.text.split("\n"))
                piece = "; ".join(rows)
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
            yield StoryBlock(BlockKind.PARAGRAPH, _clean(pending))

    def _children(self, element: etree._Element) -> Iterator[etree._Element]:
        """Yield what an element holds, without the wraps that Word puts around it."""
        for child in element:
            name = _name(child)
            if name in _CHANGED_AWAY:
                self._leave_out(_CHANGED_AWAY[name], child)
            elif name == "AlternateContent":
                chosen = child.find(f"{_COMPATIBILITY}Choice")
                chosen = child.find(f"{_COMPATIBILITY}Fallback") if chosen is None else chosen
                if chosen is not None:
                    yield from self._children(chosen)
            elif name == "sdt" and _is_contents(child):
                self.left_out.add("table of contents left out", _plain(child))
            elif name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"):
                yield from self._children(child)
            elif isinstance(child.tag, str):
                yield child

    def _paragraph(self, element: etree._Element, text: str) -> Iterator[StoryBlock]:
        style = self._style_of(element)
        clean = _clean(text)
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
        identifier = _value(paragraph.find(f"{W}pPr/{W}pStyle"))
        return self.styles.get(identifier or "", Style("", Looks()))

    def _text(self, paragraph: etree._Element, boxes: list[etree._Element]) -> str:
        """Return the text of a paragraph; add the text boxes that hang on it."""
        looks = self._style_of(paragraph).looks
        pieces: list[str] = []
        self._inline(paragraph, looks, pieces, boxes)
        return "".join(pieces)

    def _inline(
        self,
        element: etree._Element,
        looks: Looks,
        pieces: list[str],
        boxes: list[etree._Element],
    ) -> None:
        for child in self._children(element):
            name = _name(child)
            if name == "r":
                self._run(child, looks, pieces, boxes)
            elif child.tag.startswith(_MATH):
                pieces.append(_formula(child))
            elif name not in _PASSED_OVER:
                self._inline(child, looks, pieces, boxes)

    def _run(
        self,
        run: etree._Element,
        looks: Looks,
        pieces: list[str],
        boxes: list[etree._Element],
    ) -> None:
        properties = run.find(f"{W}rPr")
        identifier = None if properties is None else _value(properties.find(f"{W}rStyle"))
        styled = self.styles.get(identifier or "", Style("", Looks())).looks
        own = _looks(properties).over(styled).over(looks)
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
        self,
        run: etree._Element,
        looks: Looks,
        pieces: list[str],
        boxes: list[etree._Element],
    ) -> str:
        text = ""
        for child in self._children(run):
            name = _name(child)
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
                boxes += _text_boxes(child)
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
            self.left_out.add(kind, _plain(element))

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
            column = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
            line: list[Cell] = []
            for element in own:
                width = _number(element.find(f"{W}tcPr/{W}gridSpan"), 1)
                merge = element.find(f"{W}tcPr/{W}vMerge")
                beside = element.find(f"{W}tcPr/{W}hMerge")
                text = self.line(element)
                if beside is not None and _value(beside) != "restart" and line and not text:
                    line[-1] = replace(line[-1], width=line[-1].width + width)
                elif merge is not None and _value(merge) != "restart" and column in above:
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


def _looks(properties: etree._Element | None) -> Looks:
    if properties is None:
        return Looks()
    strike = [_on(properties.find(f"{W}{name}")) for name in ("strike", "dstrike")]
    struck = None if strike == [None, None] else any(strike)
    alignment = _value(properties.find(f"{W}vertAlign"))
    height = _number(properties.find(f"{W}position"), 0)
    raised = None if alignment is None else alignment == "superscript"
    return Looks(_on(properties.find(f"{W}vanish")), struck, True if height >= 4 else raised)


def _on(switch: etree._Element | None) -> bool | None:
    """Return what a switch of Word says: on when it is there without a value."""
    if switch is None:
        return None
    return switch.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")


def _value(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    value: str | None = element.get(f"{W}val")
    return value


def _number(element: etree._Element | None, otherwise: int) -> int:
    value = _value(element) or ""
    return min(int(value), 1000) if value.isascii() and value.isdigit() else otherwise


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _clean(text: str) -> str:
    return _SPACES.sub(" ", close_seams(text)).strip()


def _plain(element: etree._Element) -> str:
    """Return all text of an element, its paragraphs and cells apart."""
    pieces: list[str] = []
    for each in element.iter(f"{W}t", f"{W}delText", f"{W}p", f"{W}tab"):
        pieces.append((each.text or "") if _name(each) in ("t", "delText") else " ")
    return "".join(pieces)


def _formula(element: etree._Element) -> str:
    """Return a formula in one line; what is raised or lowered keeps its distance."""
    signs = {"sup": "^", "sub": "_", "den": "/"}
    pieces: list[str] = []
    for each in element.iter():
        name = _name(each)
        if name in signs and "".join(each.itertext()).strip():
            pieces.append(signs[name])
        elif name == "t":
            pieces.append(each.text or "")
    return f"{SEAM}{''.join(pieces)}{SEAM}"


def _text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the outermost text boxes inside a drawing."""
    for box in element.iter(f"{W}txbxContent"):
        outer = box.getparent()
        while outer is not element and outer is not None and outer.tag != f"{W}txbxContent":
            outer = outer.getparent()
        if outer is element:
            yield box


def _is_contents(control: etree._Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return (_value(gallery) or "").lower() == "table of contents"
