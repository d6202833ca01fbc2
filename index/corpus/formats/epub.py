"""Reads books in the form of EPUB: the chapters in their order, through the reader of HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from lxml import etree

from citadel.index.corpus.decoding import decode
from citadel.index.corpus.formats.archives import Archive, inside
from citadel.index.corpus.formats.document import FileContents, Part, contents_of
from citadel.index.corpus.formats.html import declared_encoding
from citadel.index.corpus.formats.html_whole import whole_text
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.xml_names import descendants, name_of
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.metadata import plausible_metadata
from citadel.index.errors import CitadelError

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_XML_ENCODING = re.compile(rb"""<\?xml[^>]{0,80}\bencoding\s*=\s*["'](?P<name>[\w.:-]{1,40})""")
_EMPTY_ELEMENT = re.compile(r"<(?P<tag>[A-Za-z][\w:.-]*)(?P<rest>(?:\s[^<>]*?)?)\s*/>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
     "track", "wbr"}
)  # fmt: skip
_STYLE_LINK = re.compile(
    r"<link\b[^<>]*\bhref\s*=\s*[\"'](?P<href>[^\"'<>]+\.css)[\"'][^<>]*>", re.IGNORECASE
)
"""What hides, strikes or raises text in a book is mostly said in a file of its own."""

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of a book: its name in the archive, its kind, and what it is for."""

    name: str
    kind: str
    purposes: frozenset[str]


def read_epub(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read the chapters of a book, without its table of contents.

    Raises:
        CitadelError: It is no such book, is protected against copying, or has no chapter.

    """
    archive = Archive(data, source, "an EPUB")
    package, base = _package(archive)
    items = _items(package, base)
    left_out = LeftOut()
    parts: list[Part] = []
    notes: list[str] = []
    names = _chapter_names(archive, items)
    locked = _locked(archive)
    chapters = list(_spine(package, items))
    if any(chapter.name in locked for chapter in chapters):
        raise CitadelError(
            f"{source} is protected against copying (DRM); take a copy without protection."
        )
    for chapter in chapters:
        content = archive.read(chapter.name)
        if content is None:
            left_out.add("chapters that are missing in the file", chapter.name)
            continue
        if "nav" in chapter.purposes:
            continue
        styles = partial(_style_sheet, archive, chapter.name)
        found, told = _chapter(content, source, left_out, names.get(chapter.name, ""), styles)
        parts += found
        notes += [note for note in told if note not in notes]
    if not parts:
        raise archive.broken("it has no chapter with text")
    about = _about(package)
    language = about.pop("language", "").split("-")[0]
    return contents_of(parts, {**about, **known}, [*notes, *left_out.notes()], language)


def _package(archive: Archive) -> tuple[etree._Element, str]:
    """Return the file that says what the book is made of, and its name."""
    container = archive.xml(_CONTAINER)
    names = [] if container is None else [each.get("full-path", "") for each in container.iter()]
    for name in filter(None, names):
        package = archive.xml(inside("", name))
        if package is not None:
            return package, inside("", name)
    raise archive.broken("it does not say what it is made of")


def _items(package: etree._Element, base: str) -> dict[str, _Item]:
    """Return the files of a book by their identifiers."""
    return {
        item.get("id", ""): _Item(
            inside(base, item.get("href", "")),
            item.get("media-type", ""),
            frozenset(item.get("properties", "").split()),
        )
        for item in descendants(package, "item")
    }


def _spine(package: etree._Element, items: Mapping[str, _Item]) -> Iterator[_Item]:
    """Yield the chapters in the order of reading; those outside that order come last."""
    references = list(descendants(package, "itemref"))
    for linear in (True, False):
        for each in references:
            item = items.get(each.get("idref", ""))
            if (
                item is not None
                and item.kind in _CHAPTERS
                and (each.get("linear") != "no") is linear
            ):
                yield item


def _locked(archive: Archive) -> frozenset[str]:
    """Return the names of the files that are encrypted; fonts often are."""
    root = archive.xml(_ENCRYPTION)
    references = [] if root is None else descendants(root, "CipherReference")
    return frozenset(inside("", each.get("URI", "")) for each in references)


def _style_sheet(archive: Archive, chapter: str, link: re.Match[str]) -> str:
    """Return the styles that a chapter links to as it would hold them itself."""
    target = inside(chapter, link["href"])
    content = archive.read(target) if target else None
    if content is None:
        return ""
    return f"<style>{html.escape(content.decode('utf-8', 'replace'), quote=False)}</style>"


def _chapter(
    content: bytes,
    source: str,
    left_out: LeftOut,
    name: str,
    style_sheet: Callable[[re.Match[str]], str],
) -> tuple[list[Part], list[str]]:
    """Read a chapter; one that has no heading gets its name in the table of contents."""
    stated = _XML_ENCODING.search(content[:200])
    charset = stated["name"].decode() if stated else declared_encoding(content)
    decoded = decode(content, source, charset)
    page = _STYLE_LINK.sub(style_sheet, _as_html(decoded.text))
    parts, notes = whole_text(page, source, left_out)
    if parts and name and parts[0].kind is not BlockKind.HEADING:
        first = " ".join(parts[0].text.split())
        if first.casefold() == name.casefold():
            del parts[0]
        parts.insert(0, Part(BlockKind.HEADING, name))
    return parts, [*decoded.notes, *notes]


def _as_html(text: str) -> str:
    """Return XHTML as HTML means it: there “<title/>” begins an element and does not end it."""
    written = _CDATA.sub(lambda data: html.escape(data[1], quote=False), text)
    return _EMPTY_ELEMENT.sub(_both_tags, written)


def _both_tags(element: re.Match[str]) -> str:
    tag = element["tag"]
    return element[0] if tag.lower() in _VOID else f"<{tag}{element['rest']}></{tag}>"


def _chapter_names(archive: Archive, items: Mapping[str, _Item]) -> dict[str, str]:
    """Return the names of chapters in the table of contents, that of EPUB 3 or that of EPUB 2."""
    names: dict[str, str] = {}
    for item in items.values():
        is_ncx = item.kind == "application/x-dtbncx+xml"
        if not is_ncx and "nav" not in item.purposes:
            continue
        try:
            root = archive.xml(item.name)
        except CitadelError:
            continue  # Chapters are read without it.
        if root is None:
            continue
        for address, label in _entries(root, is_ncx=is_ncx):
            target = inside(item.name, address)
            if target and label and "#" not in address:
                names.setdefault(target, label)
    return names


def _entries(root: etree._Element, *, is_ncx: bool) -> Iterator[tuple[str, str]]:
    if is_ncx:
        for point in descendants(root, "navPoint"):
            label = next(descendants(point, "text"), None)
            content = next((each for each in point if name_of(each) == "content"), None)
            if label is not None and content is not None:
                yield content.get("src", ""), " ".join((label.text or "").split())
    else:
        for link in descendants(root, "a"):
            yield link.get("href", ""), " ".join("".join(link.itertext()).split())


def _about(package: etree._Element) -> dict[str, str]:
    """Return what a book says about itself."""
    told: dict[str, list[str]] = {}
    for each in package.iter():
        if isinstance(each.tag, str) and each.tag.startswith("{http://purl.org/dc/elements/1.1/}"):
            told.setdefault(name_of(each), []).append(" ".join("".join(each.itertext()).split()))
    first = {name: values[0] for name, values in told.items()}
    return plausible_metadata(
        {
            "title": first.get("title"),
            "author": ", ".join(filter(None, told.get("creator", []))),
            "publisher": first.get("publisher"),
            "date": first.get("date", "").partition("T")[0],
            "language": first.get("language"),
            "url": first.get("source"),
        }
    )
