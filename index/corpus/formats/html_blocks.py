"""Walks through a page and cuts what it shows into headings, paragraphs, items and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from citadel.index.corpus.formats.html_elements import (
    LONG_CELL,
    has_blocks,
    is_apart,
    is_layout,
    is_mark,
    is_note_link,
    rows_of_table,
    seen_text,
    span_of,
)
from citadel.index.corpus.formats.html_lines import (
    BREAK,
    RAISED_APART,
    RAISED_MARKS,
    BlockForm,
    HtmlLine,
    PageBlock,
)
from citadel.index.corpus.formats.html_shown import UNSEEN, Appearance, Fate, is_back_link
from citadel.index.corpus.formats.raised_text import SEAM, close_seams, is_set_apart, write_raised
from citadel.index.corpus.formats.tables import Cell, in_one_line, table_lines

_NESTED_TABLES = 8
_BRACKETS = (
    r"edit|edit source|edit \| edit source|citation needed|clarification needed|when\?|who\?|"
    r"where\?|why\?|how\?|by whom\?|according to whom\?|which\?|vague|dubious(?: [–-] discuss)?|"
    r"failed verification|better source needed|unreliable source\??|original research\?|"
    r"full citation needed|page needed|non-primary source needed|dead link|permanent dead link|"
    r"verification needed|needs update|bearbeiten|Bearbeiten \| Quelltext bearbeiten|"
    r"modifier|modifier \| modifier le code|réf\. nécessaire|editar|editar código|"
    r"cita requerida|modifica|modifica wikitesto|senza fonte|عدل|بحاجة لمصدر|править|"
    r"править код|источник не указан|değiştir|kaynak belirtilmeli"
)
_PAGE_REMARKS = re.compile(rf"\[\s*(?:{_BRACKETS})\s*\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of a page that is not quoted: why, what it was, and where it stood."""

    why: str
    text: str
    element: etree._Element


@dataclass(slots=True)
class PageWalk:
    """A walk through a page.

    Attributes:
        appearance: What the page's styles hide, strike and raise.
        dropped: What was left out or written in another way so far.

    """

    appearance: Appearance
    dropped: list[Dropped] = field(default_factory=list)

    def blocks(self, root: etree._Element, tables: int = 0) -> list[PageBlock]:
        """Return the blocks of an element in reading order.

        Args:
            root: The element.
            tables: In how many tables it is.

        """
        line = HtmlLine(root)
        blocks: list[PageBlock] = []
        for event, element in (walk := etree.iterwalk(root, events=("start", "end"))):
            if event == "start":
                entered = self._enter(element, root, line, blocks, tables)
                if not entered:
                    walk.skip_subtree()
            else:
                if element is not root and is_apart(element):
                    blocks += line.flush()
                line.leave(element)
                if element is not root:
                    line.write(element.tail or "")
        blocks += line.flush()
        return [cleaned for block in blocks if (cleaned := self._without_remarks(block))]

    def _enter(
        self,
        element: etree._Element,
        root: etree._Element,
        line: HtmlLine,
        blocks: list[PageBlock],
        tables: int,
    ) -> bool:
        """Begin an element; return whether to go on inside it."""
        if not isinstance(element.tag, str) or element.tag in UNSEEN or is_back_link(element):
            return False
        if element is not root and not self._opens(element, line, blocks, tables):
            return False
        line.enter(element)
        line.write(element.text or "")
        return True

    def _opens(
        self, element: etree._Element, line: HtmlLine, blocks: list[PageBlock], tables: int
    ) -> bool:
        """Read an element that is read as a whole; return False after one."""
        if self._drops(element):
            line.write(SEAM)
            return False
        if is_apart(element):
            blocks += line.flush()
        whole = self._whole(element, tables)
        if whole is not None:
            blocks += whole
        elif element.tag == "br":
            line.write(BREAK)
        elif self.appearance.is_raised(element) or is_note_link(element):
            self._raise(element, line)
        else:
            return True
        return False

    def _raise(self, element: etree._Element, line: HtmlLine) -> None:
        raised = self._flat(element)
        before = line.before()
        written = None if is_mark(element, raised) else write_raised(before, raised)
        if written is None:
            self.dropped.append(Dropped(RAISED_MARKS, raised, element))
        elif is_set_apart(written):
            word = before.rstrip(SEAM).rsplit(None, 1)[-1] if before.strip() else ""
            self.dropped.append(Dropped(RAISED_APART, close_seams(f"{word}{written}"), element))
        line.write(SEAM if written is None else written)

    def _whole(self, element: etree._Element, tables: int) -> list[PageBlock] | None:
        """Return the blocks of what is not read piece by piece; None for everything else."""
        if element.tag == "table" and not is_layout(element) and tables < _NESTED_TABLES:
            lines = self._table(element, tables + 1)
            return [PageBlock(BlockForm.TABLE, "\n".join(lines), element)] if lines else []
        if element.tag == "dl" and not has_blocks(element):
            return list(self._definitions(element))
        return None

    def _table(self, table: etree._Element, tables: int) -> list[str]:
        caption = [self._flat(each, tables) for each in table.iterchildren("caption")]
        rows = rows_of_table(table)
        cells, marked = self._cells([row for row in rows if not self._drops(row)], tables)
        return [text for text in caption if text] + table_lines(cells, marked)

    def _drops(self, element: etree._Element) -> bool:
        """Return whether an element is not quoted, and remember it."""
        fate = self.appearance.fate(element)
        if fate is not None:
            self.dropped.append(Dropped(fate.value, seen_text(element), element))
        return fate is not None

    def _cells(self, rows: list[etree._Element], tables: int) -> tuple[list[list[Cell]], int]:
        """Read the cells of rows; return them, and how many rows at the top are headings."""
        above: dict[int, tuple[int, Cell]] = {}
        read: list[list[Cell]] = []
        marked = 0
        for row in rows:
            begun: dict[int, tuple[int, Cell]] = {}
            own: list[Cell] = []
            column = 0
            for element in row.iterchildren("td", "th"):
                while column in above:
                    column += above[column][1].width
                width = span_of(element, "colspan")
                text = "" if self._drops(element) else self._flat(element, tables)
                own.append(Cell(text, column, width, heading=element.tag == "th"))
                if (height := span_of(element, "rowspan")) > 1:
                    begun[column] = (height - 1, own[-1])
                column += width
            cells = own + [replace(cell, continued=True) for _, cell in above.values()]
            cells.sort(key=lambda cell: cell.column)
            above = {at: (left - 1, cell) for at, (left, cell) in above.items() if left > 1} | begun
            named = row.getparent().tag == "thead" or (own and all(cell.heading for cell in cells))
            if named and len(read) == marked < len(rows) - 1:
                marked += 1
            read.append(cells)
        return read, marked

    def _definitions(self, element: etree._Element) -> Iterator[PageBlock]:
        """Yield each term with its definitions; a long one is a paragraph of its own."""
        terms: list[str] = []
        meanings: list[str] = []

        def pair() -> Iterator[PageBlock]:
            text = ": ".join(part for part in (", ".join(terms), "; ".join(meanings)) if part)
            terms.clear()
            meanings.clear()
            if text:
                form = BlockForm.ITEM if len(text) <= LONG_CELL else BlockForm.PARAGRAPH
                yield PageBlock(form, text, element, 1)

        for each in element.iter("dt", "dd"):
            if self._drops(each):
                continue
            if each.tag == "dt":
                if meanings:
                    yield from pair()
                terms.append(self._flat(each).rstrip(":"))
            else:
                meanings.append(self._flat(each))
        yield from pair()

    def _flat(self, element: etree._Element, tables: int = 0) -> str:
        """Return what an element shows in one line: items apart, the cells of a table too."""
        text = ""
        before: BlockForm | None = None
        for block in self.blocks(element, tables):
            table = block.form is BlockForm.TABLE
            piece = in_one_line(block.text) if table else " ".join(block.text.split())
            listed = BlockForm.ITEM in (before, block.form) and before is not BlockForm.PARAGRAPH
            gap = "; " if listed or BlockForm.TABLE in (before, block.form) else " "
            text += f"{gap}{piece}" if text else piece
            before = block.form
        return text.replace(":; ", ": ")

    def _without_remarks(self, block: PageBlock) -> PageBlock | None:
        """Take out “[edit]” and the like, which readers of a wiki say to each other."""
        for remark in _PAGE_REMARKS.findall(block.text):
            self.dropped.append(Dropped(Fate.FURNITURE.value, remark, block.element))
        text = _PAGE_REMARKS.sub("", block.text).strip(" ")
        return replace(block, text=text) if text.strip() else None
