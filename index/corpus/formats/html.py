"""Reads saved web pages: the article out of what the page puts around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import trafilatura
from lxml import etree, html
from trafilatura.settings import Document

from citadel.index.corpus.decoding import decode, notes_on_removed
from citadel.index.corpus.formats.document import FileContents, Part, compose
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.metadata import is_date, plausible_metadata
from citadel.index.errors import CitadelError

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*(?P<name>[\w.:-]{1,40})""", re.IGNORECASE)
_HEAD_BYTES = 4096
"""A page says its encoding within so many bytes, or not at all."""

_SPACES = re.compile(r"\s+")
_NEITHER_SHOWN_NOR_TEXT = ("script", "style", "noscript", "template", "head", "svg")
_BREAK = "\N{OBJECT REPLACEMENT CHARACTER}"
_LINES = frozenset({"lb", "p", "item"})
_BLOCKS = frozenset({"p", "head", "list", "table", "quote", "code", "div"})


def read_html(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read a page: headings, paragraphs, lists and tables, with what it tells about itself.

    trafilatura tells the article from menus, links and appeals (Barbaresi, 2021,
    doi:10.18653/v1/2021.acl-demo.15).

    Raises:
        CitadelError: No article can be found in it.

    """
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    decoded = decode(data, source, declared["name"].decode() if declared else "")
    tree, notes = _tree(decoded.text, source)
    found = trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(found, Document) or found.body is None:
        raise CitadelError(
            f"{source} has no article that can be told from the page around it"
            f"{''.join(f' ({note})' for note in notes)}; copy the article's text into a .txt file."
        )
    parts = list(_parts(found.body))
    text = "\n".join(part.text for part in parts)
    told = plausible_metadata(
        {
            "title": found.title,
            "author": found.author,
            "publisher": found.sitename or found.hostname,
            "date": _date_as_told(found.date or "", decoded.text),
            "url": found.url,
        }
    )
    language = {"language": detect_language(text, _stated_language(tree))}
    notes = [*decoded.notes, *notes_on_removed(text), *notes, *_what_is_kept(tree, text)]
    return FileContents((compose({**language, **told, **known}, parts, notes),))


def _tree(text: str, source: str) -> tuple[html.HtmlElement, list[str]]:
    """Parse a page; tell if it is nested deeper than the parser goes."""
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise CitadelError(f"{source} is empty; save the page again or remove it.") from error
    too_deep = any("depth" in entry.message for entry in parser.error_log)
    return tree, ["nested too deeply: the text inside is lost"] if too_deep else []


def _stated_language(tree: html.HtmlElement) -> str:
    stated = plausible_metadata({"language": (tree.get("lang") or "").replace("_", "-")})
    return stated.get("language", "").split("-")[0]


def _date_as_told(date: str, page: str) -> str:
    """Shorten a date to what the page says: htmldate makes up the day of “2016-12”."""
    if not is_date(date):
        return ""
    year, month, day = (*date.split("-"), "", "")[:3]
    numbers = rf"{year}\D{{0,2}}0?{int(month or 1)}"
    if day and re.search(
        rf"{numbers}\D{{0,2}}0?{int(day)}(?!\d)|(?<!\d)0?{int(day)}\D[^<>]{{0,15}}{year}", page
    ):
        return date
    return f"{year}-{month}" if month and re.search(rf"{numbers}(?!\d)", page) else year


def _what_is_kept(tree: html.HtmlElement, text: str) -> Iterator[str]:
    """Tell how much of what the page shows is taken for its article."""
    for element in tree.xpath("|".join(f"//{name}" for name in _NEITHER_SHOWN_NOR_TEXT)):
        element.drop_tree()
    shown = _length("".join(tree.itertext()))
    kept = _length(text)
    if kept < shown:
        yield f"{shown - kept:,} of {shown:,} letters belong to the page, not to the article"


def _length(text: str) -> int:
    return len(_SPACES.sub("", text))


def _parts(body: etree._Element) -> Iterator[Part]:
    """Yield the parts of trafilatura's body, which is in the words of TEI."""
    for element in body:
        match element.tag:
            case "head":
                yield Part(BlockKind.HEADING, _line(element))
            case "list":
                yield Part(BlockKind.PARAGRAPH, "\n".join(_items(element, "")))
            case "table":
                yield Part(BlockKind.PARAGRAPH, "\n".join(_rows(element)))
            case "code":
                yield Part(BlockKind.PARAGRAPH, "".join(element.itertext()).strip("\n"))
            case _ if any(_is_block(child) for child in element):
                yield Part(BlockKind.PARAGRAPH, _squeezed(element.text))
                yield from _parts(element)
            case _:
                lines = "".join(_with_breaks(element)).split(_BREAK)
                yield Part(BlockKind.PARAGRAPH, "\n".join(map(_squeezed, lines)))
        yield Part(BlockKind.PARAGRAPH, _squeezed(element.tail))


def _is_block(element: etree._Element) -> bool:
    """Tell what stands apart from words within a sentence, which may be code or quoted, too."""
    inline = element.tag in ("code", "quote") and element.getparent().tag == "p"
    return element.tag in _BLOCKS and not (inline and "\n" not in "".join(element.itertext()))


def _items(element: etree._Element, indent: str) -> Iterator[str]:
    """Yield the items of a list, a line each; those of a list inside are indented."""
    for item in element.iterchildren("item"):
        inner = [child for child in item if child.tag == "list"]
        whole = _line(item) if not inner else _squeezed(" ".join(_own_text(item)))
        if whole:
            yield f"{indent}- {whole}"
        for child in inner:
            yield from _items(child, f"{indent}  ")


def _own_text(item: etree._Element) -> Iterator[str]:
    """Yield the text of an item without the lists inside it."""
    yield item.text or ""
    for child in item:
        if child.tag != "list":
            yield _line(child)
        yield child.tail or ""


def _rows(element: etree._Element) -> Iterator[str]:
    """Yield the rows of a table as Markdown writes them."""
    for row in element.iter("row"):
        cells = [_line(cell) for cell in row.iterchildren("cell")]
        if any(cells):
            yield f"| {' | '.join(cells)} |"


def _with_breaks(element: etree._Element) -> Iterator[str]:
    """Yield the text of an element, with a mark where the page breaks the line."""
    for node in element.iter():
        if node is not element and node.tag in _LINES:
            yield _BREAK
        yield node.text or ""
        yield _BREAK if node is not element and node.tag == "p" else ""
        if node is not element:
            yield node.tail or ""


def _line(element: etree._Element) -> str:
    return _squeezed("".join(_with_breaks(element)).replace(_BREAK, " "))


def _squeezed(text: str | None) -> str:
    return _SPACES.sub(" ", text or "").strip()
