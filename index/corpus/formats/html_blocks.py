"""Walks through a page and cuts what it shows into headings, paragraphs, items and tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from lxml import etree

from citadel.index.corpus.formats.html_shown import UNSEEN, Appearance, Fate, is_back_link
from citadel.index.corpus.formats.raised_text import SEAM, close_seams, is_set_apart, write_raised
from citadel.index.corpus.formats.tables import Cell, table_lines

RAISED_MARKS = "raised marks left out"
RAISED_APART = "raised text set apart"

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_APART = (
    frozenset(
        {
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "center",
            "dd",
            "details",
            "dialog",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "header",
            "hgroup",
            "hr",
            "html",
            "legend",
            "li",
            "main",
            "nav",
            "optgroup",
            "p",
            "pre",
            "section",
            "table",
            "caption",
            "tbody",
            "thead",
            "tfoot",
            "tr",
            "td",
            "th",
        }
    )
    | _HEADINGS
    | _LISTS
)
_BREAK = "\ufdd1"
_SPACES = re.compile(r"\s+")
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table)\b", re.IGNORECASE)
_NOTE_CLASS = re.compile(r"reference|footnote|noteref|fn-?ref|endnote|^fn$|^ref$", re.IGNORECASE)
_MARK_LENGTH = 8
_MARKS = ("pre", "time", "link")
_CLOCK = re.compile(
    r"\W*\d{1,2}(?:[:.h]\d{2}){1,2}(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?\W*", re.IGNORECASE
)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LONG_CELL = 250
_PROSE_CELL = 80
_LONG_ITEM = 600
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


class BlockForm(Enum):
    """What a block of a page is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    CODE = "code"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One block of a page.

    Attributes:
        form: What it is.
        text: Its text; the rows of a table a line each.
        element: The innermost element that holds all of it.
        depth: In how many lists it is, for an item.
        linked: How many of its letters and digits are links to elsewhere.

    """

    form: BlockForm
    text: str
    element: etree._Element
    depth: int = 0
    linked: int = 0


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
        line = _Line(root)
        blocks: list[PageBlock] = []
        for event, element in (walk := etree.iterwalk(root, events=("start", "end"))):
            if event == "start":
                entered = self._enter(element, root, line, blocks, tables)
                if not entered:
                    walk.skip_subtree()
            else:
                if element is not root and _is_apart(element):
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
        line: _Line,
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
        self, element: etree._Element, line: _Line, blocks: list[PageBlock], tables: int
    ) -> bool:
        """Read an element that is read as a whole; return False after one."""
        if self._drops(element):
            line.write(SEAM)
            return False
        if _is_apart(element):
            blocks += line.flush()
        whole = self._whole(element, tables)
        if whole is not None:
            blocks += whole
        elif element.tag == "br":
            line.write(_BREAK)
        elif self.appearance.is_raised(element) or _is_note_link(element):
            self._raise(element, line)
        else:
            return True
        return False

    def _raise(self, element: etree._Element, line: _Line) -> None:
        raised = self._flat(element)
        before = line.before()
        written = None if _is_mark(element, raised) else write_raised(before, raised)
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
        if element.tag == "dl" and not _has_blocks(element):
            return list(self._definitions(element))
        return None

    def _table(self, table: etree._Element, tables: int) -> list[str]:
        caption = [self._flat(each, tables) for each in table.iterchildren("caption")]
        rows = _rows_of(table)
        cells, marked = self._cells([row for row in rows if not self._drops(row)], tables)
        return [text for text in caption if text] + table_lines(cells, marked)

    def _drops(self, element: etree._Element) -> bool:
        """Tell what is not quoted, and remember it."""
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
                width = _span(element, "colspan")
                text = "" if self._drops(element) else self._flat(element, tables)
                own.append(Cell(text, column, width, heading=element.tag == "th"))
                if (height := _span(element, "rowspan")) > 1:
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
                form = BlockForm.ITEM if len(text) <= _LONG_CELL else BlockForm.PARAGRAPH
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
            piece = " ".join(block.text.split())
            if block.form is BlockForm.TABLE:
                rows = (line.strip("| ").replace(" | ", ", ") for line in block.text.split("\n"))
                piece = "; ".join(rows)
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


@dataclass(slots=True)
class _Line:
    """The text between two borders of blocks, under way."""

    root: etree._Element
    open: list[etree._Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    inside: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    cards: dict[etree._Element, bool] = field(default_factory=dict)

    def enter(self, element: etree._Element) -> None:
        self.open.append(element)
        self.inside.update(_marks(element))

    def leave(self, element: etree._Element) -> None:
        if self.open and self.open[-1] is element:
            self.open.pop()
            self.inside.subtract(_marks(element))

    def write(self, text: str) -> None:
        if not text:
            return
        self.pieces.append(text if self.inside["pre"] else _SPACES.sub(" ", text))
        count = len(_LETTER_OR_DIGIT.findall(text))
        for mark in _MARKS:
            if self.inside[mark]:
                self.written[mark] += count

    def before(self) -> str:
        """Return what stands in the line so far."""
        return "".join(self.pieces[-12:]).rpartition(_BREAK)[2]

    def flush(self) -> Iterator[PageBlock]:
        """Yield the blocks of the line; empty lines in it cut it."""
        text = close_seams("".join(self.pieces))
        written, self.written, self.pieces = self.written, Counter(), []
        if not text.replace(_BREAK, "").strip():
            return
        apart = [each for each in self.open if _is_apart(each)]
        block = PageBlock(
            BlockForm.CODE,
            text.replace(_BREAK, "\n").strip("\n"),
            apart[-1] if apart else self.root,
            linked=written["link"],
        )
        if written["pre"]:
            yield block
            return
        lines = [_SPACES.sub(" ", line).strip() for line in text.split(_BREAK)]
        for paragraph in re.split(r"\n\n+", "\n".join(lines).strip("\n")):
            yield self._formed(replace(block, text=paragraph), apart, written["time"])

    def _formed(self, block: PageBlock, apart: list[etree._Element], timed: int) -> PageBlock:
        """Tell what a block is by the elements that it is in."""
        line = " ".join(block.text.split())
        if any(each.tag in _HEADINGS for each in apart):
            return replace(block, form=BlockForm.HEADING, text=line)
        if 0 < len(_LETTER_OR_DIGIT.findall(line)) <= timed or _CLOCK.fullmatch(line):
            return replace(block, form=BlockForm.TIME, text=line)
        items = [each for each in apart if each.tag == "li" and not self._is_card(each)]
        if items:
            depth = sum(1 for each in apart if each.tag in _LISTS)
            return replace(block, form=BlockForm.ITEM, text=line, element=items[-1], depth=depth)
        return replace(block, form=BlockForm.PARAGRAPH)

    def _is_card(self, item: etree._Element) -> bool:
        if item not in self.cards:
            self.cards[item] = _is_card(item)
        return self.cards[item]


def _marks(element: etree._Element) -> list[str]:
    """Return what the text inside an element is to the line."""
    if element.tag in ("pre", "time"):
        return [element.tag]
    away = element.tag == "a" and not (element.get("href") or "#").startswith("#")
    return ["link"] if away else []


def is_layout(table: etree._Element) -> bool:
    """Tell a table that only puts the parts of a page next to each other from one of data."""
    named = "layout" in (table.get("class") or "").lower()
    if named or (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    rows = _rows_of(table)
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    if all(len(row) <= 1 for row in cells):
        return not any(cell.tag == "th" for row in cells for cell in row)
    if any(cell.tag == "th" for row in cells for cell in row):
        return False
    filled = [text for row in cells for cell in row if (text := seen_text(cell))]
    prose = sum(1 for text in filled if len(text) >= _PROSE_CELL)
    columns = any(_is_column_of_page(cell) for row in cells for cell in row)
    return columns or 2 * prose > len(filled)


def seen_text(element: etree._Element) -> str:
    """Return all text of an element but that of scripts and the like."""
    pieces: list[str] = []
    for event, each in (walk := etree.iterwalk(element, events=("start", "end"))):
        if event == "start":
            if not isinstance(each.tag, str) or each.tag in UNSEEN:
                walk.skip_subtree()
            else:
                pieces.append(f"{' ' if _is_apart(each) else ''}{each.text or ''}")
        elif each is not element:
            pieces.append(f"{' ' if _is_apart(each) else ''}{each.tail or ''}")
    return _SPACES.sub(" ", "".join(pieces)).strip()


def _is_column_of_page(cell: etree._Element) -> bool:
    """Tell a cell that holds a part of an article."""
    if next(cell.iter("h1", "h2", "h3", "article", "section", "form", "nav"), None) is not None:
        return True
    long = sum(len(text) for text in cell.itertext()) > _LONG_CELL
    return long and (len(list(cell.iter("p"))) > 1 or len(_rows_of(_table_of(cell))) == 1)


def _rows_of(table: etree._Element) -> list[etree._Element]:
    """Return the rows of a table, without those of the tables in it."""
    rows: list[etree._Element] = []
    for _, element in (walk := etree.iterwalk(table, events=("start",))):
        if element.tag == "table" and element is not table:
            walk.skip_subtree()
        elif element.tag == "tr":
            rows.append(element)
    return rows


def _table_of(element: etree._Element) -> etree._Element:
    return next(element.iterancestors("table"))


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), 100) if value.isascii() and value.isdigit() else 1


def _is_apart(element: etree._Element) -> bool:
    return element.tag in _APART or (
        isinstance(element.tag, str) and _BLOCK_STYLE.search(element.get("style") or "") is not None
    )


def _is_card(item: etree._Element) -> bool:
    """Tell an item that is a small article, as a post of a live blog is."""
    if next(item.iter("h1", "h2", "h3", "h4", "h5", "h6", "article", "table"), None) is not None:
        return True
    paragraphs = list(item.iter("p"))
    return len(paragraphs) > 1 and sum(len(t) for t in item.itertext()) > _LONG_ITEM


def _has_blocks(definitions: etree._Element) -> bool:
    return next(
        definitions.iter("h1", "h2", "h3", "h4", "h5", "h6", "table"), None
    ) is not None or (sum(1 for _ in definitions.iter("dl")) > 1)


def _is_note_link(element: etree._Element) -> bool:
    """Tell a link to a note that only a style raises."""
    if element.tag != "a":
        return False
    kind = f"{element.get('role') or ''} {element.get('{http://www.idpf.org/2007/ops}type') or ''}"
    kind += f" {element.get('epub:type') or ''}"
    marked = "noteref" in kind or any(
        _NOTE_CLASS.search(name) for name in (element.get("class") or "").split()
    )
    return marked and len("".join(element.itertext()).strip()) <= _MARK_LENGTH


def _is_mark(element: etree._Element, raised: str) -> bool:
    """Tell the mark of a note: it leads to the note, or says that it is one."""
    if len(raised) > _MARK_LENGTH:
        return False
    names = f"{element.get('class') or ''} {element.get('role') or ''}".split()
    if any(_NOTE_CLASS.search(name) for name in names):
        return True
    links = [*element.iter("a"), *element.iterancestors("a")]
    return any("#" in (link.get("href") or "#") for link in links)
