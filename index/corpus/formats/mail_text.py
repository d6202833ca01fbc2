"""Puts a mail together as an article, and cuts plain text into its paragraphs.

What a mail quotes from others stands apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from citadel.index.corpus.decoding import notes_on_removed
from citadel.index.corpus.formats.document import Document, Part, compose
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import BlockKind, is_announcement
from citadel.index.corpus.metadata import plausible_metadata

_QUOTED = re.compile(r"(?:>[ \t]?)+")
_RULED = re.compile(r"[-_]{2,}[ \t]*(?P<words>[^\W\d_][^-_\n]{0,60}?)[ \t]*[-_]{2,}")
"""“-----Original Message-----”."""

_GAP = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ATTRIBUTION_LENGTH = 300
_HEADING_OF_QUOTED = "Quoted message"
_HEADING_AFTER = "Message"


def mail_document(
    about: Mapping[str, str | None],
    recipients: Mapping[str, str],
    parts: Sequence[Part],
    notes: Sequence[str],
    left_out: LeftOut,
    known: Mapping[str, str],
) -> Document:
    """Write out a mail: what it says about itself, its recipients by “To” and “Cc”, and its text.

    The notes are on how the text was read; what is known from elsewhere wins.
    """
    text = "\n".join(part.text for part in parts)
    metadata = {"language": detect_language(text), **plausible_metadata(about), **known}
    sent_to = [
        Part(BlockKind.PARAGRAPH, f"{name}: {value}") for name, value in recipients.items() if value
    ]
    notes = [*notes, *notes_on_removed(text), *left_out.notes()]
    return compose(metadata, [*sent_to, *parts], notes)


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
