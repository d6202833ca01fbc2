"""The line in which an article names its author and its date: “By Jane Smith, 19 November 2016”.

Only a line that is a byline as a whole is taken. “By Monday, 300 had left.” begins like one, and is
a sentence; “Enab Baladi | 19 Nov 2016” gives a date, and nothing says that its name is a person's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

from citadel.index.corpus.dates import iso_date
from citadel.index.corpus.layout import BlockKind, Byline

_LONGEST = 160
_LONGEST_DATE = 40
_LOOKED_AT = 8
"""How many lines of an article may be its head."""

_PROSE_LENGTH = 120
_SENTENCE_END = re.compile(r"[.!?…:;؟。][\"'”’»)\]]*$")
_SHORT_FORM = re.compile(r"(?:^|[\s.])(?:[^\W\d_]|Jr|Sr|[ap]\.m)\.$", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<!\w)[*_]+|[*_]+(?!\w)")

_BY = re.compile(
    r"""(?:(?:(?:written|reported|words|story|text|report)\s+)?by|par|von|por|بقلم|كتبها?|كتبته)
    (?:\s*:\s*|\s+) | (?:authors?|الكاتب)\s*:\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_PUBLISHED = re.compile(
    r"""(?:(?:first\s+|date\s+)?(?:published|posted)|date(?=\s*:)|publiée?|veröffentlicht|publicado
    |نُ?شرت?|تاريخ\s+النشر)(?:\s+(?:on|at|le|am|el|في|بتاريخ))?\s*:?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_UPDATED = re.compile(
    r"""(?:last\s+)?(?:updated|modified)(?:\s+(?:on|at))?\s*:?\s*|mis\s+à\s+jour(?:\s+le)?\s*:?\s*
    |aktualisiert(?:\s+am)?\s*:?\s*|آخر\s+تحديث\s*:?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_ON = re.compile(r"(?:on|le|am|el|في)\s+", re.IGNORECASE)
_TIME = re.compile(
    r",?\s+(?:at\s+|um\s+|à\s+)?\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?"
    r"(?:\s*\(?(?:[A-Z]{2,5}|local\s+time)\)?)?$",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*[|·•\n]\s*|\s+[–—-]{1,2}\s+|\s+/\s+")
_SPACE_OR_COMMA = re.compile(r",?\s+")
_BETWEEN_NAMES = re.compile(r",?\s+(?:and|&|et|und|y)\s+|,\s+|\s+و\s?(?=\w)")

_LATIN_NAME = re.compile(
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir|Lt|Col|Gen|Rev)\.?\s)?(?P<first>[^\W\d_]\S*)(?:\s\S+){1,4}"
)
_NAME_WORD = re.compile(
    r"(?:(?:al|el|d|l|o|mc|mac|an|ash|as)[-’'])?(?:[^\W\d_](?:[^\W\d_]|[’'-](?=\w))*\.?|(?:[^\W\d_]\.)+)",
    re.IGNORECASE,
)
_PARTICLES = re.compile(
    r"al|el|de|del|della|da|di|du|dos|la|le|van|von|der|den|ter|bin|ibn|bint|ben", re.IGNORECASE
)
_ARABIC_NAME = re.compile(r"[\u0621-\u06ff]+(?:\s[\u0621-\u06ff]+){1,4}")
_NO_NAMES = re.compile(
    r"""(?<![\w'’-])(?:the|this|that|these|those|my|our|your|his|her|their|any|all|no|some|every|each
    |monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june
    |july|august|september|october|november|december|times|post|news|monitor|herald|press|agency
    |journal|gazette|observer|tribune|today|magazine|review|reports?|desk|network|radio|tv|weekly
    |daily|institute|cent(?:re|er)|council|photos?|images?|photograph|video)(?![\w'’-])""",
    re.IGNORECASE | re.VERBOSE,
)
"""A name with one of these words is no person's."""

_ROLE = re.compile(
    r"(?:[\w’'-]+\s){0,3}(?:correspondent|editor|reporter|writer|journalist|analyst|columnist"
    r"|contributor|staff|bureau\s+chief)s?(?:\s(?:in|for|at)\s[^,|]{2,40})?",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?:in\s)?(?:[A-Z][\w’'-]*|and|of|the)(?:\s(?:[A-Z][\w’'-]*|and|of|the)){0,4}")


def find_bylines(lines: Sequence[str]) -> tuple[Byline, ...]:
    """Return the bylines at the head of an article: before its first sentence or long paragraph.

    A day that stands alone is the article's only where no other does: a chronicle has one for each
    of its entries.

    Args:
        lines: Headings and paragraphs in reading order, from the first on.

    """
    head = list(_head(lines))
    days = [line for _, line in head if _is_day_alone(line)]
    if days and sum(map(_is_day_alone, lines)) > 1:
        head = [(place, line) for place, line in head if line not in days]
    found: dict[str, str] = {}
    bylines: list[Byline] = []
    for place, line in head:
        new = {name: value for name, value in read_byline(line).items() if name not in found}
        if new:
            found |= new
            bylines.append(Byline(new, place, " ".join(_bare(line).split())))
    return tuple(bylines)


def read_byline(line: str) -> dict[str, str]:
    """Return author and date, as far as a line gives them; nothing of a line that is no byline."""
    bare = _bare(line)
    if not bare or len(bare) > _LONGEST or _ends_sentence(bare):
        return {}
    pieces = [piece for piece in _APART.split(bare) if piece]
    dates: dict[str, str] = {}
    others: list[str] = []
    for piece in pieces:
        before, kind, day = _split_date(piece, alone=len(pieces) == 1)
        if day:
            dates.setdefault(kind, day)
        if before:
            others.append(before)
    date = dates.get("published") or dates.get("updated", "")
    author = _author(others, dated=bool(date), apart=len(pieces) > 1)
    if author is None:
        return {}
    return {name: value for name, value in (("author", author), ("date", date)) if value}


def no_paragraphs(kinds: Sequence[BlockKind], bylines: Sequence[Byline]) -> frozenset[int]:
    """Return the places of the lines that are not quoted, as they are bylines.

    Where nothing but headings would be left, that is none of them.

    Args:
        kinds: Of the lines that ``find_bylines`` was given.
        bylines: What it found.

    """
    places = frozenset(byline.place for byline in bylines)
    left = (kind for place, kind in enumerate(kinds) if place not in places)
    return places if BlockKind.PARAGRAPH in left else frozenset()


def byline_notes(bylines: Iterable[Byline], stated: Collection[str] = frozenset()) -> Iterator[str]:
    """Yield a phrase on each byline that fields were taken from.

    Args:
        bylines: Those of an article.
        stated: The fields that are stated elsewhere, and were not taken from them.

    """
    for byline in bylines:
        told = [
            f"the {name} {value}" for name, value in byline.fields.items() if name not in stated
        ]
        if told:
            yield f"{' and '.join(told)} read from the line “{byline.line}”"


def may_be_name(text: str) -> bool:
    """Return whether a text may be a person's name: nothing small, no word that no name has."""
    return not text[:1].islower() and _NO_NAMES.search(text) is None


def is_person(name: str) -> bool:
    """Return whether a name is a person's, by a given name that is known."""
    match = _LATIN_NAME.fullmatch(name)
    return (
        match is not None
        and _is_name(name)
        and match["first"].casefold().rstrip(".") in _given_names()
    )


def _head(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for place, line in enumerate(lines[:_LOOKED_AT]):
        bare = _bare(line)
        if not read_byline(line) and (len(bare) > _PROSE_LENGTH or _ends_sentence(bare)):
            return
        yield place, line


def _bare(line: str) -> str:
    """Return a line without the signs with which Markdown emphasises."""
    rows = (" ".join(row.split()) for row in _EMPHASIS.sub("", line).splitlines())
    return "\n".join(row for row in rows if row)


def _ends_sentence(line: str) -> bool:
    return _SENTENCE_END.search(line) is not None and _SHORT_FORM.search(line) is None


def _is_day_alone(line: str) -> bool:
    return len(line) <= _LONGEST_DATE and len(_iso_day(_bare(line))) == len("2016-12-05")


def _split_date(piece: str, *, alone: bool) -> tuple[str, str, str]:
    """Cut the date off the end of a piece; return what stands before it, its kind and the day.

    What is no date is returned as it is, with "" for a day. Less than a day counts only after a
    label: “December 2016” alone may be a heading.
    """
    starts = [0, *(match.end() for match in _SPACE_OR_COMMA.finditer(piece))]
    for start in starts:
        rest = piece[start:]
        label = next(((k, m) for k, f in _LABELS.items() if (m := f.match(rest)) is not None), None)
        kind, written = (label[0], rest[label[1].end() :]) if label else ("published", rest)
        on = None if label else _ON.match(written)
        day = _iso_day(written[on.end() :] if on else written)
        if day and (label or len(day) == len("2016-12-05")):
            before = piece[:start].rstrip(" ,")
            # “Day 3 of 19 November 2016”: no comma, and no name before it.
            if not before or not alone or _BY.match(before) or piece[:start].rstrip().endswith(","):
                return before, kind, day
            return before, kind, day if is_person(before) else ""
    return piece, "", ""


_LABELS = {"published": _PUBLISHED, "updated": _UPDATED}


def _iso_day(written: str) -> str:
    """Return the date that a piece is, with or without a time, and with nothing else; or ""."""
    if len(written) > _LONGEST_DATE:
        return ""
    day = _TIME.sub("", written)
    # A date may be followed by a time and any words, which are no part of a byline.
    return iso_date(day) if ":" not in day or " " not in day else ""


def _author(others: Sequence[str], *, dated: bool, apart: bool) -> str | None:
    """Return whom the rest of a line names as author, "" for nobody; None where it is no byline."""
    if not others:
        return "" if dated else None
    by = _BY.match(others[0])
    if by is not None and by.end() < len(others[0]):
        names, rest = _names(others[0][by.end() :])
        pieces = [piece for piece in (rest, *others[1:]) if piece]
        is_byline = bool(names) and all(map(_is_next_to_author, pieces))
        return names if is_byline else None
    if not dated:
        return None
    names, rest = _names(others[0])
    if names and is_person(_BETWEEN_NAMES.split(names)[0]) and not rest:
        return names if all(map(_is_next_to_author, others[1:])) else None
    # “Enab Baladi | 19 Nov 2016”: the date is read all the same.
    return "" if apart and len(others) == 1 and _PLACE.fullmatch(others[0]) else None


def _names(text: str) -> tuple[str, str]:
    """Return the names of people with which a text begins, as written, and what follows them."""
    end = 0
    start = 0
    for between in (*_BETWEEN_NAMES.finditer(text), None):
        name = text[start : between.start() if between else len(text)]
        shown, place, _ = name.partition(" in ")
        is_next = is_person(shown) if end and "," in text[end:start] else _is_name(shown)
        if not is_next:
            break
        end = start + len(shown)
        if place or between is None:
            break
        start = between.end()
    return text[:end], text[end:].lstrip(" ,")


def _is_name(text: str) -> bool:
    """Return whether two or more words begin as names do, in the Latin or the Arabic script."""
    if _ARABIC_NAME.fullmatch(text):
        return True
    words = text.split()
    are_names = all(
        _NAME_WORD.fullmatch(word) and (_has_capital(word) or _PARTICLES.fullmatch(word))
        for word in words
    )
    return (
        _LATIN_NAME.fullmatch(text) is not None
        and may_be_name(text)
        and are_names
        and sum(map(_has_capital, words)) > 1
    )


def _has_capital(word: str) -> bool:
    return any(char.isupper() for char in word)


def _is_next_to_author(text: str) -> bool:
    """Return whether a text may stand next to an author's name: a role, a newspaper, a place."""
    return all(
        _ROLE.fullmatch(piece) or _PLACE.fullmatch(piece) for piece in text.split(", ") if piece
    )


@cache
def _given_names() -> frozenset[str]:
    lines = files("citadel.index.corpus").joinpath("given_names.txt").read_text("utf-8")
    rows = (line for line in lines.splitlines() if not line.startswith("#"))
    return frozenset(name for row in rows for name in row.split())
