"""Cuts the plain text of a mail into paragraphs; what it quotes from others stands apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.layout import BlockKind, is_announcement

_QUOTED = re.compile(r"(?:>[ \t]?)+")
_RULED = re.compile(r"[-_]{2,}[ \t]*(?P<words>[^\W\d_][^-_\n]{0,60}?)[ \t]*[-_]{2,}")
"""“-----Original Message-----”."""

_GAP = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ATTRIBUTION_LENGTH = 300
_HEADING_OF_QUOTED = "Quoted message"
_HEADING_AFTER = "Message"


def mail_parts(text: str) -> Iterator[Part]:
    """Yield the paragraphs of a mail.

    Lines that begin with “>” are someone else's words. They stand under a heading, the line above
    them that says whose they are if there is one, and so do the writer's own words below them.
    """
    quoted = False
    last: str | None = None
    for is_quoted, lines in groupby(text.split("\n"), key=lambda line: line.startswith(">")):
        plain = "\n".join(_QUOTED.sub("", line, count=1) for line in lines)
        paragraphs = [each for each in map(_stripped, _GAP.split(plain)) if each]
        if not paragraphs:
            continue
        if last is not None:
            introduces = is_quoted and is_announcement(last) and len(last) <= _ATTRIBUTION_LENGTH
            yield Part(BlockKind.HEADING if introduces else BlockKind.PARAGRAPH, last)
            if is_quoted and not introduces:
                yield Part(BlockKind.HEADING, _HEADING_OF_QUOTED)
        elif is_quoted:
            yield Part(BlockKind.HEADING, _HEADING_OF_QUOTED)
        if quoted and not is_quoted:
            yield Part(BlockKind.HEADING, _HEADING_AFTER)
        quoted = is_quoted
        yield from map(_part, paragraphs[:-1])
        last = paragraphs[-1]
    if last is not None:
        yield _part(last)


def _part(paragraph: str) -> Part:
    ruled = _RULED.fullmatch(paragraph)
    if ruled is not None:
        return Part(BlockKind.HEADING, ruled["words"])
    return Part(BlockKind.PARAGRAPH, paragraph)


def _stripped(paragraph: str) -> str:
    return "\n".join(line.rstrip() for line in paragraph.strip("\n").split("\n")).strip()
