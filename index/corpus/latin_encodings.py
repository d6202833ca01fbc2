"""Which encoding a text in Latin letters is in, by its language and by what stands in its words.

One byte is “ñ” in Windows-1252 and “ń” in Windows-1250, and no word of an English text says
which. Its language does: Polish is kept in the latter, whatever else in the former.
"""

from __future__ import annotations

import re
import unicodedata

from citadel.index.corpus.languages import detect_language

_WESTERN = ("cp1252", "mac_roman", "cp850")
"""Windows, old Macintoshes and DOS, in this order."""

_CENTRAL = ("cp1250", "iso8859-2", "cp852")
_ALPHABETS = {
    "bs": ("čćđšž", _CENTRAL),
    "cs": ("áčďéěíňóřšťúůýž", _CENTRAL),
    "hr": ("čćđšž", _CENTRAL),
    "hu": ("áéíóöőúüű", _CENTRAL),
    "pl": ("ąćęłńóśźż", _CENTRAL),
    "ro": ("ăâîșțşţ", _CENTRAL),
    "sk": ("áäčďéíĺľňóôŕšťúýž", _CENTRAL),
    "sl": ("čšž", _CENTRAL),
    "az": ("əçğıöşü", ("cp1254",)),
    "tr": ("âçğıîöşûü", ("cp1254",)),
    "et": ("äõöüšž", ("cp1257",)),
    "lt": ("ąčęėįšųūž", ("cp1257",)),
    "lv": ("āčēģīķļņšūž", ("cp1257",)),
}
"""The letters besides a-z, and the encodings, of the languages that are not in a Western one."""

_OTHER_SCRIPT = re.compile(r"[^\s\x00-\x7f–—…·•]{4}")
"""What rules out a word in Latin letters: four letters or signs in a row beyond ASCII."""

_BETWEEN_TWO_LETTERS = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?=[A-Za-z])")
_CAPITAL_WITHIN = re.compile(r"[a-z][^\W\d_\x00-\x7f]")
_BETWEEN_LETTERS = frozenset("’‘–—·\xa0\xad")
"""Signs that stand between two letters without a space in ordinary texts."""


def latin_encoding(data: bytes) -> str:
    """Return the encoding in which a text, which is not UTF-8, reads as words in Latin letters.

    Args:
        data: The text, or as much of it as is enough.

    Returns:
        The name of Python's codec; "" when there is none, as for a text in Arabic.

    """
    found: list[tuple[int, str]] = []
    for encoding in dict.fromkeys(name for _, names in _ALPHABETS.values() for name in names):
        text = _decode(data, encoding)
        alphabet, encodings = _ALPHABETS.get(detect_language(text), ("", ()))
        if encoding in encodings and _fits(text):
            foreign = sum(c.isalpha() and c not in alphabet for c in text.lower() if c > "\x7f")
            found.append((foreign, encoding))
    if found:
        # Of two with as many foreign letters, the one of Windows, which comes first.
        return min(found, key=lambda each: each[0])[1]
    return next((name for name in _WESTERN if _fits(_decode(data, name))), "")


def _decode(data: bytes, encoding: str) -> str:
    """Return the text in an encoding; "" when it is in another one."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _fits(text: str) -> bool:
    """Return whether no word has a sign, a letter of another script or a capital in its midst."""
    if not text or _OTHER_SCRIPT.search(text):
        return False
    within = set(_BETWEEN_TWO_LETTERS.findall(text)) - _BETWEEN_LETTERS
    capitals = (pair[1] for pair in set(_CAPITAL_WITHIN.findall(text)))
    return all(_is_latin_letter(char) for char in within) and not any(
        char.isupper() for char in capitals
    )


def _is_latin_letter(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN")
