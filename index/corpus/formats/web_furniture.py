"""What a web page puts around an article and between its lines: buttons, appeals, a foot. Pure."""

from __future__ import annotations

import re

from citadel.index.corpus.formats.web_lines import SENTENCE_END, is_prose
from citadel.index.corpus.layout import Span

HEADING_LENGTH = 120
"""No longer line is taken for a heading, a byline or a button."""

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
"""“A A A”, “f t in”, “Share Print”, “* * *”: a line without a word of the article."""

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_LETTER = re.compile(r"[^\W\d_]")


def is_page(text: str, line: Span) -> bool:
    """Recognise what the page puts between the lines of an article: buttons, links, appeals."""
    content = line.of(text)
    insert = len(content) <= HEADING_LENGTH and _INSERT.match(content) is not None
    return insert or _BUTTON.match(content) is not None


def without_foot(text: str, lines: list[Span]) -> list[Span]:
    """Drop the foot of the page: from its first heading on, when no prose but appeals follows.

    A short line in another script just before it is a link to a translation and goes with it.
    """
    last_prose = max(
        (
            position
            for position, line in enumerate(lines)
            if is_prose(text, line) and not _APPEAL.search(line.of(text))
        ),
        default=-1,
    )
    for position in range(last_prose + 1, len(lines)):
        if _is_foot(text, lines[position]):
            kept = lines[:position]
            arabic = _is_arabic(" ".join(line.of(text) for line in kept))
            while kept and not is_prose(text, kept[-1]) and _is_arabic(kept[-1].of(text)) != arabic:
                kept.pop()
            return kept
    return lines


def _is_foot(text: str, line: Span) -> bool:
    """Distinguish the heading of a foot from a sentence that begins like one."""
    content = line.of(text)
    if _FOOT.match(content) is None:
        return False
    ended = content.endswith(SENTENCE_END) and not content.endswith(":")
    return not ended or _COPYRIGHT.search(content) is not None or bool(_APPEAL.search(content))


def _is_arabic(text: str) -> bool:
    """Return whether at least half of the letters are Arabic."""
    return 2 * len(_ARABIC.findall(text)) > len(_LETTER.findall(text))
