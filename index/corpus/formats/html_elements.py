"""What the elements of a page are: layout or data, cards, notes and their marks. Pure."""

from __future__ import annotations

import re

from lxml import etree

from citadel.index.corpus.formats.html_shown import UNSEEN

_TITLES = ("h1", "h2", "h3", "h4", "h5", "h6")
HEADINGS = frozenset({*_TITLES, "summary"})
LISTS = frozenset({"ul", "ol", "menu", "dir"})
_APART = HEADINGS | LISTS | frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog",
     "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header",
     "hgroup", "hr", "html", "legend", "li", "main", "nav", "optgroup", "p", "pre", "section",
     "table", "caption", "tbody", "thead", "tfoot", "tr", "td", "th"}
)  # fmt: skip
SPACES = re.compile(r"\s+")
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table)\b", re.IGNORECASE)
_NOTE_CLASS = re.compile(r"reference|footnote|noteref|fn-?ref|endnote|^fn$|^ref$", re.IGNORECASE)
_MARK_LENGTH = 8
LONG_CELL = 250
_PROSE_CELL = 80
_LONG_ITEM = 600


def is_layout(table: etree._Element) -> bool:
    """Distinguish a table that only puts parts of a page next to each other from one of data."""
    named = "layout" in (table.get("class") or "").lower()
    if named or (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    rows = rows_of_table(table)
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    headed = any(cell.tag == "th" for row in cells for cell in row)
    if headed or all(len(row) <= 1 for row in cells):
        return not headed
    filled = [text for row in cells for cell in row if (text := seen_text(cell))]
    prose = sum(len(text) >= _PROSE_CELL for text in filled)
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
                pieces.append(f"{' ' if is_apart(each) else ''}{each.text or ''}")
        elif each is not element:
            pieces.append(f"{' ' if is_apart(each) else ''}{each.tail or ''}")
    return SPACES.sub(" ", "".join(pieces)).strip()


def _is_column_of_page(cell: etree._Element) -> bool:
    """Return whether a cell holds a part of an article."""
    if _holds(cell, "h1", "h2", "h3", "article", "section", "form", "nav"):
        return True
    long = sum(map(len, cell.itertext())) > LONG_CELL
    table = next(cell.iterancestors("table"))
    return long and (len(list(cell.iter("p"))) > 1 or len(rows_of_table(table)) == 1)


def _holds(element: etree._Element, *tags: str) -> bool:
    return next(element.iter(*tags), None) is not None


def rows_of_table(table: etree._Element) -> list[etree._Element]:
    """Return the rows of a table, without those of the tables in it."""
    rows: list[etree._Element] = []
    for _, element in (walk := etree.iterwalk(table, events=("start",))):
        if element.tag == "table" and element is not table:
            walk.skip_subtree()
        elif element.tag == "tr":
            rows.append(element)
    return rows


def span_of(cell: etree._Element, name: str) -> int:
    """Return how many columns or rows a cell takes, up to 100."""
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), 100) if value.isascii() and value.isdigit() else 1


def is_apart(element: etree._Element) -> bool:
    """Return whether an element stands in lines of its own."""
    return element.tag in _APART or (
        isinstance(element.tag, str) and _BLOCK_STYLE.search(element.get("style") or "") is not None
    )


def is_card(item: etree._Element) -> bool:
    """Return whether an item is a small article, as a post of a live blog is."""
    if _holds(item, *_TITLES, "article", "table"):
        return True
    return len(list(item.iter("p"))) > 1 and sum(map(len, item.itertext())) > _LONG_ITEM


def has_blocks(definitions: etree._Element) -> bool:
    """Return whether definitions hold more than lines."""
    return _holds(definitions, *_TITLES, "table") or len(list(definitions.iter("dl"))) > 1


def is_note_link(element: etree._Element) -> bool:
    """Return whether an element is a link to a note that only a style raises."""
    if element.tag != "a":
        return False
    kind = f"{element.get('role') or ''} {element.get('{http://www.idpf.org/2007/ops}type') or ''}"
    kind += f" {element.get('epub:type') or ''}"
    marked = "noteref" in kind or any(
        _NOTE_CLASS.search(name) for name in (element.get("class") or "").split()
    )
    return marked and len("".join(element.itertext()).strip()) <= _MARK_LENGTH


def is_mark(element: etree._Element, raised: str) -> bool:
    """Return whether an element is the mark of a note: it leads there, or says that it is one."""
    if len(raised) > _MARK_LENGTH:
        return False
    names = f"{element.get('class') or ''} {element.get('role') or ''}".split()
    if any(_NOTE_CLASS.search(name) for name in names):
        return True
    links = [*element.iter("a"), *element.iterancestors("a")]
    return any("#" in (link.get("href") or "#") for link in links)
