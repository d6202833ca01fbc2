"""Reads plain text copied from a web page: which lines are the article, which are the page.

The rules know how news pages are laid out, not what any one article says: a title that the
page repeats, a byline and a date, buttons, links and appeals between the paragraphs, captions
shown twice, and a foot of related links and appeals.
"""

from __future__ import annotations

import re
from itertools import groupby, zip_longest

from citadel.index.corpus.bylines import find_bylines
from citadel.index.corpus.formats.web_furniture import HEADING_LENGTH, is_page, without_foot
from citadel.index.corpus.formats.web_head import read_head
from citadel.index.corpus.formats.web_lines import SENTENCE_END, is_prose, is_sentence, lines_of
from citadel.index.corpus.layout import Block, BlockKind, Layout, Span, join_announcements

_NAMED = 5
"""How many lines of the page are quoted in the report; more are counted."""

_BULLET = re.compile(r"[-*+•–]\s")


def parse_web_text(text: str) -> Layout:
    """Find the title, byline, headings and paragraphs of text copied from a web page.

    Args:
        text: The stored text, with a newline for every line break.

    """
    everything = lines_of(text)
    lines = without_foot(text, everything)
    catchwords = not any(is_prose(text, line) or is_sentence(text, line) for line in lines)
    first_prose = next(
        (i for i, line in enumerate(lines) if is_prose(text, line)),
        0 if catchwords or is_sentence(text, lines[0]) else _after_bylines(text, lines),
    )
    head, body = lines[:first_prose], lines[first_prose:]
    metadata, captions, bylines = read_head(text, head)
    header = Span(head[0].start, head[-1].end) if metadata else None
    if catchwords and len(lines) > 1:
        # Nothing says that the first line is no part of the note, so it is the title besides.
        metadata = {"title": lines[0].of(text)}
    kept = [*captions, *_without_repeats(text, body)]
    blocks = tuple(
        Block(BlockKind.PARAGRAPH if catchwords else _kind(text, line, following), line)
        for line, following in zip_longest(kept, kept[1:])
        if not is_page(text, line)
    )
    if not any(block.kind is BlockKind.PARAGRAPH for block in blocks):
        # A sentence that reads like a page's own is kept where somebody keeps nothing else.
        sentences = (line for line in everything if is_sentence(text, line))
        blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in sentences)
    shown = {text[b.span.start : b.span.end] for b in blocks}
    left_out = [
        line.of(text)
        for line in everything
        if line.of(text) not in shown and not (header and line.end <= header.end)
    ]
    joined = join_announcements(text, blocks)
    return Layout(metadata, header, joined, _note(left_out), tuple(bylines))


def _after_bylines(text: str, lines: list[Span]) -> int:
    """Return how many lines are the head of a text whose paragraphs are all short."""
    bylines = {byline.place for byline in find_bylines([line.of(text) for line in lines])}
    return next(place for place in range(1, len(lines) + 1) if place not in bylines)


def _note(left_out: list[str]) -> tuple[str, ...]:
    """Report which lines are left out because they are the page's, not the article's."""
    if not left_out:
        return ()
    named = ", ".join(f"“{' '.join(line.split())[:60]}”" for line in left_out[:_NAMED])
    more = len(left_out) - _NAMED
    return (f"left out as the page’s: {named}{f' and {more} more' if more > 0 else ''}",)


def _without_repeats(text: str, lines: list[Span]) -> list[Span]:
    """Keep one of a caption that the page shows twice."""
    return [next(same) for _, same in groupby(lines, key=lambda line: line.of(text))]


def _kind(text: str, line: Span, following: Span | None) -> BlockKind:
    """Take a short line without the end of a sentence, above a longer one, for a heading."""
    content = line.of(text)
    heading = (
        following is not None
        and "\n" not in content
        and len(content) <= HEADING_LENGTH
        and len(content) < following.end - following.start
        and not content.endswith(SENTENCE_END)
        and not _BULLET.match(content)
    )
    return BlockKind.HEADING if heading else BlockKind.PARAGRAPH
