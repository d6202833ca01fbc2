"""Text copied from a web page, line by line: how it is cut, what reads like prose. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from citadel.index.corpus.layout import Span, trim
from citadel.index.corpus.sentences import sentence_spans

_PROSE_LENGTH = 160
"""A line of at least this many code points is taken for a paragraph of the article."""

SENTENCE_END = (".", "!", "…", ".”", "!”", '."', "。", "؟", ":", ";", ",", ")")
"""A line with one of these at its end is no heading, and no byline."""

_CLOSING = "\"'”’»›」』)]*_~"
_STOPS = (".", "!", "…", "。", "؟", "۔", "।", ":", ";", "；", "؛", ",")
_PRINTED_WIDTH = (40, 120)
"""How many code points the lines of a wrapped text have, at least and at most."""

_LIST_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s")


def lines_of(text: str) -> list[Span]:
    """Cut at blank lines; a text that has none of them is cut at every line break.

    Where such a text is broken at some width, only what begins a new line by itself is cut.
    """
    if re.search(r"\S[^\S\n]*\n[^\S\n]*\n\s*\S", text):
        edges = [match.end() for match in re.finditer(r"\n[^\S\n]*\n", text)]
    else:
        edges = _line_ends(text)
    return [
        span for a, b in pairwise([0, *edges, len(text)]) if (span := trim(text, a, b)) is not None
    ]


def _line_ends(text: str) -> list[int]:
    """Return where the lines of a text without blank lines begin, without those made by its width.

    A line goes on in the next one where the first word of that one had no room any more; so the
    lines of a text are taken for broken when this holds for most that don't end a sentence.
    """
    rows = [span for match in re.finditer(r".+", text) if (span := trim(text, *match.span()))]
    width = max((row.end - row.start for row in rows), default=0)
    unended = [
        (row, following)
        for row, following in pairwise(rows)
        if not row.of(text).rstrip(_CLOSING).endswith(_STOPS[:-1])
        and not _LIST_ITEM.match(text, following.start)
    ]
    full = {
        row
        for row, following in unended
        if row.end - row.start + 1 + len(following.of(text).split()[0]) > width
    }
    least, most = _PRINTED_WIDTH
    broken = least <= width <= most and 2 * len(full) > len(unended)
    return [row.end for row in rows if not (broken and row in full)]


def is_prose(text: str, line: Span) -> bool:
    """Distinguish a paragraph from headings, captions and lists of links, whose lines are short.

    A paragraph whose lines were broken at some width is one too.
    """
    rows = line.of(text).split("\n")
    wrapped = (
        line.end - line.start >= _PROSE_LENGTH
        and all(50 <= len(row) <= 100 for row in rows[:-1])
        and not any(_LIST_ITEM.match(row) for row in rows)
        and rows[-1].endswith(SENTENCE_END)
    )
    return wrapped or max(map(len, rows)) >= _PROSE_LENGTH


def is_sentence(text: str, line: Span) -> bool:
    """Distinguish a text that ends like a sentence, or holds more than one, from a title.

    A question alone may well be a title.
    """
    bare = line.of(text).rstrip(_CLOSING + " ")
    return bare.endswith(_STOPS) or len(sentence_spans(text, line.start, line.end, "en")) > 1
