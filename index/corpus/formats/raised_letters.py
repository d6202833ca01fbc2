"""What becomes of raised letters of a printed line: marks, ordinals, exponents. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citadel.index.corpus.formats.raised_text import SUPERSCRIPTS, is_ordinal

_MARKS = re.compile(r"[\[(]?[\d*†‡§¶#‖∗,;–\-\s]+[\])]?|[\[(]?[a-z][\])]?|[*†‡§¶#‖∗]+")
_ORDINALS = re.compile(
    r"(?:st|nd|rd|th|er|re|e|ème|eme|nde?|os?|as?|º|ª|te[rn]?)\.?", re.IGNORECASE
)
_UNIT = re.compile(
    r"(?:(?:\d\s*|\bper |/)(?:[kcdmµ]?m|ft|mi|in|yd|h|s|км|см|м)|\b(?:[kcm]m|км|[xyzrn]))$"
)
_EXPONENT = re.compile(r"[-−–]?\d{1,2}|[-−–]?[nxk]")
_POWER_BASE = re.compile(r"(?<![\d.,])(?:10|2)$")


@dataclass(frozen=True, slots=True)
class RaisedText:
    """What becomes of raised letters.

    Attributes:
        text: What stands for them in the text, "" where they are left out.
        told: How the report names what was left out, "" where nothing was.

    """

    text: str
    told: str = ""


def read_raised(before: str, raised: str) -> RaisedText:
    """Read raised letters so that they never make another number or word.

    An ordinal's letters stay with their number, an exponent becomes one that is distinct from
    digits (“km²”), a mark of a footnote is left out, anything else stands apart.

    Args:
        before: What stands before them on their line.
        raised: The raised letters.

    """
    base = before.rstrip()
    last = base[-1:]
    if not base:
        return RaisedText(f"{raised} ")
    counted = last.isdigit() and _ORDINALS.fullmatch(raised) and raised not in ("a", "o")
    if counted or is_ordinal(base, raised):
        return RaisedText(raised)
    if _EXPONENT.fullmatch(raised) and _is_power(base, raised):
        return RaisedText(raised.translate(SUPERSCRIPTS))
    if re.search(r"(?<!\w)[A-ZÀ-Þ]$", base) and raised.isalpha():
        return RaisedText(raised)
    if _MARKS.fullmatch(raised):
        word = base.split()[-1]
        return RaisedText("", f"{word}[{raised.strip('[]() ')}]")
    return RaisedText(f" {raised} ")


def _is_power(base: str, raised: str) -> bool:
    if raised[0] in "-−–":
        return True
    if _POWER_BASE.search(base):
        return base.endswith("10") or not raised.isdigit()
    return raised in ("2", "3", "n", "x", "k") and _UNIT.search(base) is not None
