"""Reads saved web pages: the article out of what the page puts around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy

import trafilatura
from lxml import etree, html
from trafilatura.metadata import extract_metadata
from trafilatura.settings import Document

from citadel.index.corpus.decoding import Decoded, decode, notes_on_removed
from citadel.index.corpus.formats.document import FileContents, compose
from citadel.index.corpus.formats.html_article import (
    Selection,
    article_parts,
    is_inside,
    select_article,
)
from citadel.index.corpus.formats.html_blocks import PageWalk
from citadel.index.corpus.formats.html_shown import Appearance, Fate
from citadel.index.corpus.formats.html_tree import parse_page
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.metadata import is_date, plausible_metadata
from citadel.index.errors import CitadelError

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*(?P<name>[\w.:-]{1,40})""", re.IGNORECASE)
_HEAD_BYTES = 4096
"""A page declares its encoding within this many bytes, or not at all."""

_SAVED_FROM = re.compile(
    r"<!--\s*(?:Page saved with SingleFile\s+url:\s*|saved from url=\(\d+\))(?P<url>[^\s>]+)"
)
"""What SingleFile and browsers write at the top of a page that they save."""

_DEEPEST_ARTICLE = 300
_NESTED_TABLES = 30
_DATES = {"extensive_search": False, "original_date": True}
_NEITHER_SHOWN_NOR_TEXT = ("script", "style", "noscript", "template", "head", "svg")


def read_html(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read a page: headings, paragraphs, lists and tables, with what it says about itself.

    trafilatura separates the article from menus, links and appeals (Barbaresi, 2021,
    doi:10.18653/v1/2021.acl-demo.15).

    Raises:
        CitadelError: No article can be found in it.

    """
    decoded = decode(data, source, declared_encoding(data))
    return read_page(decoded, source, known)


def declared_encoding(data: bytes) -> str:
    """Return the encoding that a page itself says it is in, or ""."""
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    return declared["name"].decode() if declared else ""


def read_page(page: Decoded, source: str, known: Mapping[str, str], url: str = "") -> FileContents:
    """Read a page whose text is known, as ``read_html`` does.

    Args:
        page: Its HTML.
        source: The name of the file, for messages.
        known: The metadata that stand next to it.
        url: Where it was saved from, if the file around the page says so; "" otherwise.

    Raises:
        CitadelError: No article can be found in it.

    """
    tree, notes = parse_page(page.text, source)
    told = _told(tree, page.text, url)
    walk = PageWalk(Appearance(tree))
    blocks = walk.blocks(tree)
    selection = select_article(blocks, _recognised(tree, walk.appearance))
    parts = [] if selection.needs_scripts else list(article_parts(selection.blocks))
    if not any(part.kind is BlockKind.PARAGRAPH for part in parts):
        notes += [f"left out: “{block.text[:200]}”" for block in selection.left_out[:1]]
        raise CitadelError(
            f"{source} has no article that can be told from the page around it"
            f"{''.join(f' ({note})' for note in notes)}; copy the article's text into a .txt file."
        )
    text = "\n".join(part.text for part in parts)
    language = {"language": detect_language(text, _stated_language(tree))}
    notes = [*page.notes, *notes_on_removed(text), *notes, *_what_is_kept(tree, text)]
    notes += _left_out(walk, selection)
    return FileContents((compose({**language, **told, **known}, parts, notes),))


def _told(tree: html.HtmlElement, page: str, url: str) -> dict[str, str]:
    """Return what a page says about itself, and the program that saved it about the page."""
    saved = _SAVED_FROM.search(page[:_HEAD_BYTES])
    found = extract_metadata(deepcopy(tree), None, _DATES, extensive=False)
    return plausible_metadata(
        {
            "title": found.title,
            "author": found.author,
            "publisher": found.sitename or found.hostname,
            "date": _date_as_told(found.date or "", page),
            "url": found.url or url or (saved["url"] if saved else ""),
        }
    )


def _recognised(tree: html.HtmlElement, appearance: Appearance) -> str:
    """Return the text that trafilatura takes for the article; "" for none.

    It sees neither what is not quoted nor which words are times: it would take them away.
    """
    copied = deepcopy(tree)
    for element, twin in zip(list(tree.iter()), list(copied.iter()), strict=True):
        if twin.getparent() is None or not isinstance(element.tag, str):
            continue
        if element.tag == "noscript" or appearance.fate(element) is not None:
            twin.drop_tree()
        elif element.tag == "time":
            twin.drop_tag()
    # What it compares its findings with takes a time that grows with the square of the depth, and
    # so do tables within tables.
    depth, tables = _nesting(copied)
    found = trafilatura.bare_extraction(
        copied,
        include_comments=False,
        include_tables=tables <= _NESTED_TABLES,
        fast=depth > _DEEPEST_ARTICLE,
    )
    if not isinstance(found, Document) or found.body is None:
        return ""
    return " ".join(found.body.itertext())


def _nesting(tree: html.HtmlElement) -> tuple[int, int]:
    """Return in how many elements, and in how many tables, the innermost one is."""
    depth = tables = deepest = most = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        step = 1 if event == "start" else -1
        depth += step
        tables += step if element.tag == "table" else 0
        deepest, most = max(deepest, depth), max(most, tables)
    return deepest, most


def _left_out(walk: PageWalk, selection: Selection) -> list[str]:
    """Name what is not quoted of the place where the article stands."""
    left_out = LeftOut()
    for dropped in walk.dropped:
        if is_inside(dropped.element, selection.region):
            left_out.add(dropped.why, dropped.text)
    for block in selection.left_out:
        left_out.add(Fate.FURNITURE.value, block.text)
    return left_out.notes()


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
    """Report how much of what the page shows is taken for its article."""
    for element in tree.xpath("|".join(f"//{name}" for name in _NEITHER_SHOWN_NOR_TEXT)):
        element.drop_tree()
    shown = _length("".join(tree.itertext()))
    kept = _length(text)
    if kept < shown:
        yield f"{shown - kept:,} of {shown:,} letters belong to the page, not to the article"


def _length(text: str) -> int:
    return len("".join(text.split()))
