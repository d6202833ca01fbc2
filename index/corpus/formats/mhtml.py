"""Reads pages that a browser saved with all their parts in one file (MHTML, RFC 2557)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.message import Message
from html import escape

from citadel.index.corpus.decoding import Decoded, decode
from citadel.index.corpus.formats.document import FileContents
from citadel.index.corpus.formats.html import declared_encoding, read_page
from citadel.index.corpus.formats.mail_message import content_of, header, parse_message, parts_of
from citadel.index.errors import CitadelError

_HEAD = re.compile(r"<head\b[^<>]*>", re.IGNORECASE)
_PAGES = ("text/html", "application/xhtml+xml")


def read_mhtml(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read the page of such a file as ``read_html`` does; its frames are named, not read.

    Raises:
        CitadelError: There is no page in it, or no article in the page.

    """
    message = parse_message(data, source)
    pages = [part for part in parts_of(message) if part.get_content_type() in _PAGES]
    if not pages:
        raise CitadelError(f"{source} holds no web page; save the page again or as .html.")
    page = _first(message, pages)
    content = content_of(page)
    decoded = decode(content, source, page.get_content_charset("") or declared_encoding(content))
    frames = len(pages) - 1
    notes = [f"{frames} frame{'s' if frames > 1 else ''} of the page not read"] if frames else []
    url = header(page, "Content-Location") or header(message, "Snapshot-Content-Location")
    styles = _styles(message)
    text = _HEAD.sub(lambda head: head[0] + styles, decoded.text, count=1)
    return read_page(Decoded(text, (*decoded.notes, *notes)), source, known, url)


def _styles(message: Message) -> str:
    """Return the style sheets of the page as it would hold them itself."""
    sheets = (part for part in parts_of(message) if part.get_content_type() == "text/css")
    texts = (content_of(sheet).decode("utf-8", "replace") for sheet in sheets)
    return "".join(f"<style>{escape(text, quote=False)}</style>" for text in texts)


def _first(message: Message, pages: list[Message]) -> Message:
    """Return the part that the file says to begin with, or the first page in it."""
    start = message.get_param("start")
    named = [page for page in pages if start and page.get("Content-ID") == start]
    return (named or pages)[0]
