"""Reads plain text copied from a web page: which lines are the article, which are the page.

The rules know how news pages are laid out, not what any one article says: a title that the
page repeats, buttons, captions shown twice, and a foot of related links and appeals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from index.layout import Block, BlockKind, Layout, Span, join_announcements, trim

_PROSE_LENGTH = 160
"""A line of at least so many code points is taken for a paragraph of the article."""

_HEADING_LENGTH = 120
"""No longer line is taken for a heading, a byline or a button."""

_SENTENCE_END = (".", "!", "…", ".”", "!”", '."', "。", "؟", ":", ";", ",", ")")

_FOOT = re.compile(
    r"""^\W*(?:
        related\s+(?:articles?|posts?|stories|news|links|topics|content|coverage)
      | (?:read|see)\s+(?:also|more|next)\b | also\s+read\b
      | more\s+(?:from|on|stories|news)\b
      | you\s+(?:may|might)\s+(?:also\s+)?(?:like|be\s+interested)
      | recommended(?:\s+for\s+you)?\W*$
      | share\s+(?:this|on|via|article)\b | follow\s+us\b | sign\s+up\b | subscribe\b
      | (?:leave|post|write|add)\s+a\s+(?:comment|reply)\b | comments?\W*$ | tags?\W*(?:$|:)
      | support\s+(?:us|our|independent)\b | donate\b | click\s+here\b
      | (?:all\s+rights\s+reserved|copyright|©)
      | مقالات\s+(?:متعلقة|ذات\s+صلة) | اقرأ\s+أيض | مواضيع\s+(?:متعلقة|ذات\s+صلة)
      | articles?\s+(?:liés|connexes) | à\s+lire\s+aussi | lire\s+aussi
      | (?:verwandte|weitere|ähnliche)\s+(?:artikel|beiträge|themen) | mehr\s+zum\s+thema
      | (?:artículos|noticias)\s+relacionad[oa]s | lea\s+también
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BUTTON = re.compile(r"^(?:\W|\b\w\b)+$")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_LETTER = re.compile(r"[^\W\d_]")


def parse_web_text(text: str) -> Layout:
    """Find the title, byline, headings and paragraphs of text copied from a web page.

    Args:
        text: The stored text, with a newline for every line break.

    """
    lines = _without_foot(text, _lines(text))
    first_prose = next((i for i, line in enumerate(lines) if _is_prose(text, line)), len(lines))
    head, body = lines[:first_prose], lines[first_prose:]
    metadata, captions = _read_head(text, head)
    header = Span(head[0].start, head[-1].end) if head else None
    kept = [*captions, *_without_repeats(text, body)]
    blocks = tuple(
        Block(_kind(text, line, following), line)
        for line, following in zip(kept, [*kept[1:], None], strict=True)
        if not _is_button(text, line)
    )
    return Layout(
        {**metadata, "language": _language(text)}, header, join_announcements(text, blocks)
    )


def _lines(text: str) -> list[Span]:
    """Cut at blank lines; a text that has none of them is cut at every line break."""
    breaks = r"\n[^\S\n]*\n" if re.search(r"\S[^\S\n]*\n[^\S\n]*\n\s*\S", text) else r"\n"
    edges = [0, *(match.end() for match in re.finditer(breaks, text)), len(text)]
    return [span for a, b in pairwise(edges) if (span := trim(text, a, b)) is not None]


def _is_prose(text: str, line: Span) -> bool:
    """Tell a paragraph from headings, captions and lists of links, whose lines are short."""
    return max(map(len, line.of(text).split("\n"))) >= _PROSE_LENGTH


def _is_button(text: str, line: Span) -> bool:
    """Tell “A A A”, “f t in”, “* * *”: lines without a single word."""
    return _BUTTON.match(line.of(text)) is not None


def _without_foot(text: str, lines: list[Span]) -> list[Span]:
    """Drop the foot of the page: from its first heading on, when no prose follows.

    A short line in another script just before it is a link to a translation and goes with it.
    """
    for position, line in enumerate(lines):
        rest = lines[position:]
        if _FOOT.match(line.of(text)) and not any(_is_prose(text, later) for later in rest):
            kept = lines[:position]
            while kept and not _is_prose(text, kept[-1]) and _other_script(text, kept):
                kept = kept[:-1]
            return kept
    return lines


def _other_script(text: str, lines: list[Span]) -> bool:
    return _is_arabic(lines[-1].of(text)) != _is_arabic(" ".join(x.of(text) for x in lines))


def _read_head(text: str, head: list[Span]) -> tuple[Mapping[str, str], list[Span]]:
    """Read what stands above the first prose: title, byline and captions.

    A page shows its title once for the browser and once for the reader, so what is repeated
    there is the title, after its kicker if there are two such lines. The last line that stands
    alone, with a letter in it, is the byline.
    """
    texts = [line.of(text) for line in head]
    words = [line for line in head if not _is_button(text, line)]
    titles = list(dict.fromkeys(t for t in texts if texts.count(t) > 1))
    alone = [line for line in words if texts.count(line.of(text)) == 1]
    metadata: dict[str, str] = {}
    if titles:
        metadata["title"] = titles[-1]
        if len(titles) > 1:
            metadata["subtitle"] = titles[0]
    elif alone:
        metadata["title"] = alone.pop(0).of(text)
    if alone and alone[-1] == words[-1] and not alone[-1].of(text).endswith(_SENTENCE_END):
        metadata["publisher"] = alone.pop().of(text)
    return metadata, alone


def _without_repeats(text: str, lines: list[Span]) -> list[Span]:
    """Keep one of a caption that the page shows twice."""
    return [
        line
        for position, line in enumerate(lines)
        if position == 0 or line.of(text) != lines[position - 1].of(text)
    ]


def _kind(text: str, line: Span, following: Span | None) -> BlockKind:
    """Take a short line without the end of a sentence, above a longer one, for a heading."""
    content = line.of(text)
    heading = (
        following is not None
        and "\n" not in content
        and len(content) <= _HEADING_LENGTH
        and len(content) < following.end - following.start
        and not content.endswith(_SENTENCE_END)
    )
    return BlockKind.HEADING if heading else BlockKind.PARAGRAPH


def _is_arabic(text: str) -> bool:
    """Tell whether at least half of the letters are Arabic."""
    return 2 * len(_ARABIC.findall(text)) > len(_LETTER.findall(text))


def _language(text: str) -> str:
    """Name the language that the script suggests; a text in front matter says it itself."""
    return "ar" if _is_arabic(text) else "en"
