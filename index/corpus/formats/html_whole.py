"""Reads HTML all of which is the text, as chapters of books and mails are: no page is around it."""

from __future__ import annotations

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.html_article import article_parts
from citadel.index.corpus.formats.html_blocks import PageWalk
from citadel.index.corpus.formats.html_shown import Appearance
from citadel.index.corpus.formats.html_tree import parse_page
from citadel.index.corpus.formats.left_out import LeftOut


def whole_text(text: str, source: str, left_out: LeftOut) -> tuple[list[Part], list[str]]:
    """Return all headings, paragraphs, lists and tables that HTML shows, and notes on it.

    Args:
        text: The HTML.
        source: The name of the file, for messages.
        left_out: Where what is not read is remembered.

    """
    if not text.strip():
        return [], []
    tree, notes = parse_page(text, source)
    walk = PageWalk(Appearance(tree))
    parts = list(article_parts(walk.blocks(tree)))
    for dropped in walk.dropped:
        left_out.add(dropped.why, dropped.text)
    return parts, notes
