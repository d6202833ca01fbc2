"""Reads plain text copied from a web page: which lines are the article, which are the page.

The rules know how news pages are laid out, not what any one article says: a title that the
page repeats, a byline and a date, buttons, links and appeals between the paragraphs, captions
shown twice, and a foot of related links and appeals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import pairwise, zip_longest

from citadel.index.corpus.bylines import find_bylines, may_be_name, read_byline
from citadel.index.corpus.layout import (
    Block,
    BlockKind,
    Byline,
    Layout,
    Span,
    join_announcements,
    trim,
)
from citadel.index.corpus.sentences import sentence_spans

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
_COPYRIGHT = re.compile(r"all\s+rights\s+reserved|copyright|©", re.IGNORECASE)
_INSERT = re.compile(
    r"""^\W*(?:
        (?:read|see)\s+(?:also|more|next)\b | also\s+read\b | lire\s+aussi | lea\s+también
      | share\s+(?:this|on|via|article)\b | follow\s+us\b | sign\s+up\b | subscribe\b
      | advertisement\W*$ | اقرأ\s+أيض
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""A short line that so begins is the page's, wherever it stands."""

_APPEAL = re.compile(
    r"\b(?:donat|subscri|newsletter|journalism|independent|(?:your|our)\s+(?:support|readers))"
    r"|\b(?:a\s+gift|support)\s+(?:of\s+any|us\b|our\b)",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"^(?:\W|\b(?:\w|in|share|print|save|e-?mail|tweet|facebook|twitter|whatsapp|telegram|linkedin"
    r"|reddit|copy\s+link|listen|مشاركة|طباعة)\b)+$",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"^(?:(?:written\s+)?by|par|von|por|بقلم)\b\s*:?\s*(?P<name>\S.*)$", re.IGNORECASE
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(f'{m[:3]}(?:{m[3:]})?' for m in _MONTHS)})\.?"
_DATES = tuple(
    re.compile(
        rf"(?:(?:first\s+)?(?:published|posted|updated|last\s+updated)\s*(?:on|:)?\s*)?{form}",
        re.IGNORECASE,
    )
    for form in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
        r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b",
    )
)
_CLOSING = "\"'”’»›」』)]*_~"
_STOPS = (".", "!", "…", "。", "؟", "۔", "।", ":", ";", "；", "؛", ",")
_PRINTED_WIDTH = (40, 120)
"""So many code points have the lines of a text that is broken at some width."""

_NAMED = 5
"""So many lines of the page are quoted in the report; more are counted."""

_LIST_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s")
_BULLET = re.compile(r"[-*+•–]\s")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_LETTER = re.compile(r"[^\W\d_]")


def parse_web_text(text: str) -> Layout:
    """Find the title, byline, headings and paragraphs of text copied from a web page.

    Args:
        text: The stored text, with a newline for every line break.

    """
    everything = _lines(text)
    lines = _without_foot(text, everything)
    catchwords = not any(_is_prose(text, line) or _is_sentence(text, line) for line in lines)
    first_prose = next(
        (i for i, line in enumerate(lines) if _is_prose(text, line)),
        0 if catchwords or _is_sentence(text, lines[0]) else _after_bylines(text, lines),
    )
    head, body = lines[:first_prose], lines[first_prose:]
    metadata, captions, bylines = _read_head(text, head)
    header = Span(head[0].start, head[-1].end) if metadata else None
    if catchwords and len(lines) > 1:
        # Nothing says that the first line is no part of the note, so it is the title besides.
        metadata = {"title": lines[0].of(text)}
    kept = [*captions, *_without_repeats(text, body)]
    blocks = tuple(
        Block(BlockKind.PARAGRAPH if catchwords else _kind(text, line, following), line)
        for line, following in zip_longest(kept, kept[1:])
        if not _is_page(text, line)
    )
    if not any(block.kind is BlockKind.PARAGRAPH for block in blocks):
        # A sentence that reads like a page's own is kept where somebody keeps nothing else.
        sentences = (line for line in everything if _is_sentence(text, line))
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


def _is_sentence(text: str, line: Span) -> bool:
    """Tell what ends like a sentence, or holds more than one, from a title.

    A question alone may well be a title.
    """
    bare = line.of(text).rstrip(_CLOSING + " ")
    return bare.endswith(_STOPS) or len(sentence_spans(text, line.start, line.end, "en")) > 1


def _note(left_out: list[str]) -> tuple[str, ...]:
    """Tell which lines are left out because they are the page's, not the article's."""
    if not left_out:
        return ()
    named = ", ".join(f"“{' '.join(line.split())[:60]}”" for line in left_out[:_NAMED])
    more = len(left_out) - _NAMED
    return (f"left out as the page’s: {named}{f' and {more} more' if more > 0 else ''}",)


def _lines(text: str) -> list[Span]:
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


def _is_prose(text: str, line: Span) -> bool:
    """Tell a paragraph from headings, captions and lists of links, whose lines are short.

    A paragraph whose lines were broken at some width is one too.
    """
    rows = line.of(text).split("\n")
    wrapped = (
        line.end - line.start >= _PROSE_LENGTH
        and all(50 <= len(row) <= 100 for row in rows[:-1])
        and not any(_LIST_ITEM.match(row) for row in rows)
        and rows[-1].endswith(_SENTENCE_END)
    )
    return wrapped or max(map(len, rows)) >= _PROSE_LENGTH


def _is_page(text: str, line: Span) -> bool:
    """Tell what the page puts between the lines of an article: buttons, links and appeals."""
    content = line.of(text)
    insert = len(content) <= _HEADING_LENGTH and _INSERT.match(content) is not None
    return insert or _is_button(text, line)


def _is_button(text: str, line: Span) -> bool:
    """Tell “A A A”, “f t in”, “Share Print”, “* * *”: lines without a word of the article."""
    return _BUTTON.match(line.of(text)) is not None


def _without_foot(text: str, lines: list[Span]) -> list[Span]:
    """Drop the foot of the page: from its first heading on, when no prose but appeals follows.

    A short line in another script just before it is a link to a translation and goes with it.
    """
    last_prose = max(
        (
            position
            for position, line in enumerate(lines)
            if _is_prose(text, line) and not _APPEAL.search(line.of(text))
        ),
        default=-1,
    )
    for position in range(last_prose + 1, len(lines)):
        if _is_foot(text, lines[position]):
            kept = lines[:position]
            arabic = _is_arabic(" ".join(line.of(text) for line in kept))
            while (
                kept and not _is_prose(text, kept[-1]) and _is_arabic(kept[-1].of(text)) != arabic
            ):
                kept.pop()
            return kept
    return lines


def _is_foot(text: str, line: Span) -> bool:
    """Tell the heading of a foot from a sentence that begins like one."""
    content = line.of(text)
    if _FOOT.match(content) is None:
        return False
    ended = content.endswith(_SENTENCE_END) and not content.endswith(":")
    return not ended or _COPYRIGHT.search(content) is not None or bool(_APPEAL.search(content))


def _read_head(text: str, head: list[Span]) -> tuple[Mapping[str, str], list[Span], list[Byline]]:
    """Read what stands above the first prose: title, byline and captions.

    A page shows its title once for the browser and once for the reader, so what is repeated
    there is the title, after its kicker if there are two such lines; otherwise it is the first
    line, or the first after a row of the page's departments, unless that is a sentence or names the
    author. The last lines that stand alone are the byline: publisher, author, date.
    """
    texts = [line.of(text) for line in head]
    times = Counter(texts)
    words = [line for line in head if not _is_page(text, line)]
    titles = [each for each, count in times.items() if count > 1]
    alone = [line for line in words if times[line.of(text)] == 1]
    metadata: dict[str, str] = {}
    if titles:
        metadata["title"] = titles[-1]
        if len(titles) > 1:
            metadata["subtitle"] = titles[0]
        first = next(line for line in head if times[line.of(text)] > 1)
        alone = [x for x in alone if x.start > first.start or not _is_department(text, x)]
    elif alone:
        links = next((n for n, x in enumerate(alone) if not _is_department(text, x)), 0)
        title = alone[links if links > 1 else 0]
        if not _is_sentence(text, title) and "author" not in read_byline(title.of(text)):
            metadata["title"] = title.of(text)
            alone = [line for line in alone if line.start > title.start]
    bylines: list[Byline] = []
    while alone and alone[-1] == words[-1]:
        line = alone[-1].of(text)
        found = _read_byline(line)
        if not found or found.keys() & metadata.keys():
            break
        metadata.update(found)
        bylines.insert(0, Byline(found, head.index(alone.pop()), " ".join(line.split())))
        words.pop()
    return metadata, alone, bylines


def _is_department(text: str, line: Span) -> bool:
    """Tell “Home”, “World News”: a link of the page's head."""
    content = line.of(text)
    return len(content.split()) < 3 and not content.endswith(_SENTENCE_END)


def _read_byline(content: str) -> dict[str, str]:
    """Read who published or wrote an article, and when; nothing from a caption."""
    certain = read_byline(content)
    if "author" in certain:
        return certain
    found: dict[str, str] = {}
    for form in _DATES:
        match = form.search(content)
        if match is not None and (day := _iso_date(match)):
            found["date"] = day
            content = (content[: match.start()] + content[match.end() :]).strip(" ,.|·•–—-")
            break
    author = _AUTHOR.match(content)
    if not _LETTER.search(content):
        return found
    if content.endswith(_SENTENCE_END):
        return {}
    if author is not None:
        return {**found, "author": author["name"]} if may_be_name(author["name"]) else {}
    return {**found, "publisher": content}


def _iso_date(match: re.Match[str]) -> str:
    """Return the day that was matched, or "" when there is no such day."""
    month = match["month"].lower()
    number = (
        int(month)
        if month.isdigit()
        else next(n for n, name in enumerate(_MONTHS, start=1) if name.startswith(month[:3]))
    )
    try:
        return date(int(match["year"]), number, int(match["day"])).isoformat()
    except ValueError:
        return ""


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
        and not _BULLET.match(content)
    )
    return BlockKind.HEADING if heading else BlockKind.PARAGRAPH


def _is_arabic(text: str) -> bool:
    """Tell whether at least half of the letters are Arabic."""
    return 2 * len(_ARABIC.findall(text)) > len(_LETTER.findall(text))
