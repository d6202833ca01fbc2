"""Reads an article written in Markdown, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from citadel.index.corpus.bylines import find_bylines, no_paragraphs
from citadel.index.corpus.formats.front_matter import find_front_matter
from citadel.index.corpus.layout import (
    Block,
    BlockKind,
    Byline,
    Layout,
    Span,
    join_announcements,
    trim,
)

_STRUCK = re.compile(
    r"""(?<![~\\])~~(?=[^\s~])(?P<marked>(?:(?!~~|\n[ \t]*\n).)+)(?<=\S)~~(?!~)
    | <(?P<tag>s|del|strike)\b[^<>]*>(?P<tagged>(?:(?!\n[ \t]*\n).)*?)</(?P=tag)\s*>""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_NAMED = 5
"""How many struck places are quoted in the report; more are counted."""

_QUOTE_MARKER = re.compile(r"[ \t>]*")


def parse_markdown(text: str) -> Layout:
    """Find the metadata, headings and paragraphs of a Markdown text.

    A list is one paragraph, whatever the number of its items. Images, raw HTML and rules are
    left out: nothing in them can be quoted. A heading of the first level that repeats the title
    is no section.

    Args:
        text: The stored text, with a newline for every line break.

    """
    front = find_front_matter(text)
    blocks = tuple(_blocks(text, front.end if front else 0))
    bylines = () if front else find_bylines([block.span.of(text) for block in blocks])
    told = {name: value for byline in bylines for name, value in byline.fields.items()}
    metadata = front.stated.fields if front else told
    title = metadata.get("title") or _first_heading(text, blocks)
    header = front.header if front else _span_of(bylines, blocks)
    not_quoted = no_paragraphs([block.kind for block in blocks], bylines)
    blocks = tuple(block for place, block in enumerate(blocks) if place not in not_quoted)
    if title is not None:
        metadata = {**metadata, "title": title}
        blocks = tuple(
            block
            for block in blocks
            if block.kind is not BlockKind.HEADING or block.span.of(text) != title
        )
    return Layout(
        metadata,
        header,
        join_announcements(text, blocks),
        front.stated.notes if front else (),
        bylines,
    )


def without_struck(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a Markdown text without what its author struck out, and a note on that.

    An author who strikes out a sentence no longer says it, so it may not be quoted as a fact.
    """
    struck = [match["marked"] or match["tagged"] for match in _STRUCK.finditer(text)]
    words = [" ".join(each.split()) for each in struck if each and each.strip()]
    if not words:
        return text, ()
    named = ", ".join(f"“{each}”" for each in words[:_NAMED])
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return _STRUCK.sub("", text), (f"left out, as it is struck out: {named}{more}",)


def _span_of(bylines: Sequence[Byline], blocks: Sequence[Block]) -> Span | None:
    """Return where bylines stand, with the title above them if it begins the text."""
    if not bylines:
        return None
    first = blocks[0 if blocks[0].kind is BlockKind.HEADING else bylines[0].place]
    return Span(first.span.start, blocks[bylines[-1].place].span.end)


def _first_heading(text: str, blocks: tuple[Block, ...]) -> str | None:
    return next((b.span.of(text) for b in blocks if b.kind is BlockKind.HEADING), None)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _blocks(text: str, start: int) -> Iterator[Block]:
    """Yield the blocks of the body, each with its place in ``text``."""
    lines = _line_starts(text, start)
    tokens = _parser().parse(text[start:])
    open_list = 0
    for position, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            if open_list == 0:
                yield from _paragraph(text, lines, token)
            open_list += 1
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            open_list -= 1
        elif open_list:
            continue
        elif token.type == "heading_open":
            span = _content_span(text, lines, token, tokens[position + 1])
            if span is not None:
                yield Block(BlockKind.HEADING, span)
        elif token.type == "paragraph_open":
            if not _only_images(tokens[position + 1]):
                yield from _paragraph(text, lines, token)
        elif token.type in ("fence", "code_block"):
            yield from _paragraph(text, lines, token)


def _line_starts(text: str, start: int) -> list[int]:
    """Return the offset of every line of the body, and the end of the text after the last."""
    starts = [start]
    while (newline := text.find("\n", starts[-1])) != -1:
        starts.append(newline + 1)
    return [*starts, len(text)]


def _paragraph(text: str, lines: list[int], token: Token) -> Iterator[Block]:
    first, last = token.map or (0, 0)
    span = trim(text, lines[first], lines[min(last, len(lines) - 1)])
    if span is None:
        return
    marker = _QUOTE_MARKER.match(text, span.start, span.end)
    if marker is not None and marker.end() < span.end:
        span = Span(marker.end(), span.end)
    yield Block(BlockKind.PARAGRAPH, span)


def _content_span(text: str, lines: list[int], opening: Token, inline: Token) -> Span | None:
    first, last = opening.map or (0, 0)
    at = text.find(inline.content, lines[first], lines[last])
    if not inline.content or at == -1:
        return None
    return Span(at, at + len(inline.content))


def _only_images(inline: Token) -> bool:
    children = inline.children or []
    return bool(children) and all(
        child.type in ("image", "softbreak", "html_inline")
        or (child.type == "text" and not child.content.strip())
        for child in children
    )
