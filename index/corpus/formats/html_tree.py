"""The tree of a page that anybody may have written."""

from __future__ import annotations

from lxml import etree, html

from citadel.index.errors import CitadelError


def parse_page(text: str, source: str) -> tuple[html.HtmlElement, list[str]]:
    """Parse a page; return notes on what of it can't be read.

    Raises:
        CitadelError: It is empty.

    """
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise CitadelError(f"{source} is empty; save the page again or remove it.") from error
    too_deep = any("depth" in entry.message for entry in parser.error_log)
    return tree, ["nested too deeply: the text inside is lost"] if too_deep else []
