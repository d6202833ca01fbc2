"""How raised text, such as a footnote's mark or an exponent, is written in a line without heights.

“12³” may be twelve with the mark of a note, or a power. Set without its height it would be 123,
a number that no author wrote. So it never makes another number of the one before it.
"""

from __future__ import annotations

import re

from citadel.index.corpus.formats.left_out import LeftOut

SEAM = "\ufdd0"
"""Stands in a text under way where two words must not grow together; see ``close_seams``."""

_SIGNS = re.compile(
    r"[*†‡§¶#°\s]*[*†‡§¶#][*†‡§¶#\s]*|[\[(][^\])]{1,40}[\])]|[\u00b9\u00b2\u00b3\u2070-\u2079]+"
)
_POWER = re.compile(r"[-−–]?\d{1,3}")
_NUMBERS = re.compile(r"\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[a-z](?:\s*,\s*[a-z])*")
_ORDINALS = frozenset(
    {"st", "nd", "rd", "th", "e", "er", "re", "ère", "ème", "eme", "es", "nde", "º", "ª"}
)
_ORDINAL_BASE = re.compile(r"(?:\d|\b[IVXLCDM]{2,}|\b[IVX])$")
SUPERSCRIPTS = str.maketrans("0123456789-−–nxk", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻ⁿˣᵏ")
"""Signs that look like exponents and are distinct from digits in every program."""

_RAISED_TO_A_POWER = re.compile(
    r"""
    (?<!\w)[kcdmµ]?m$                         # 30 km, per m
    | (?:\d\s?|/\s?)(?:ft|in|yd|mi|s|h|kg)$   # 12 ft, metres / s
    | [×x·⋅*]\s?10$                           # 3 × 10
    | (?<!\w)[b-hj-z]$                        # x
    """,
    re.VERBOSE,
)
_SEAM = re.compile(rf"(?P<left>\w?){SEAM}+(?=(?P<right>\w?))")


def write_raised(before: str, raised: str) -> str | None:
    """Return raised text as it stands in the line, with seams; None for the mark of a note.

    An exponent is one that is distinct from digits (“km²”), and an ordinal's letters stay with
    their number (“21st”), as in what is read from print. A number whose meaning is not plain is
    put in brackets, as “12[3]”: whatever it is, it makes no other number of the one before it.
    Other letters are set apart.

    Args:
        before: The line before it.
        raised: What is raised.

    """
    raised = " ".join(raised.split())
    before = before.rstrip(SEAM)
    if not raised:
        return SEAM
    if _SIGNS.fullmatch(raised):
        return None
    powered = _RAISED_TO_A_POWER.search(before[-12:]) is not None
    if _POWER.fullmatch(raised) and (powered or raised[0] in "-−–"):
        return f"{raised.translate(SUPERSCRIPTS)}{SEAM}"
    if is_ordinal(before, raised):
        return f"{raised}{SEAM}"
    if _NUMBERS.fullmatch(raised):
        return f"[{raised}]" if before.strip() else f"[{raised}] "
    return f"{SEAM}{raised}{SEAM}"


def is_ordinal(before: str, raised: str) -> bool:
    """Return whether raised letters make an ordinal of the number before them."""
    return raised.lower() in _ORDINALS and _ORDINAL_BASE.search(before[-12:]) is not None


def is_set_apart(written: str) -> bool:
    """Return whether raised text is written in another way than it is read aloud."""
    return written.startswith((SEAM, "[")) and written != SEAM


def append_raised(raised: str, pieces: list[str], left_out: LeftOut) -> None:
    """Append raised text to the pieces of a line, and remember what became of it."""
    before = "".join(pieces[-12:]).rpartition("\n")[2]
    written = write_raised(before, raised)
    if written is None:
        left_out.add("raised marks left out", raised)
        pieces.append(SEAM)
        return
    if is_set_apart(written):
        word = before.rstrip(SEAM).rsplit(None, 1)[-1] if before.strip(f"{SEAM} ") else ""
        left_out.add("raised text set apart", close_seams(f"{word}{written}"))
    pieces.append(written)


def close_seams(text: str) -> str:
    """Put a space where a seam keeps two words or numbers apart, and nothing at the others."""
    return _SEAM.sub(
        lambda seam: f"{seam['left']}{' ' if seam['left'] and seam['right'] else ''}", text
    )
