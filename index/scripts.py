"""In which script a text is written. Pure."""

from __future__ import annotations

import unicodedata

_NAMES = {
    "ARABIC": "Arabic",
    "HEBREW": "Hebrew",
    "CYRILLIC": "Cyrillic letters",
    "GREEK": "Greek",
    "CJK": "Chinese characters",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "DEVANAGARI": "Devanagari letters",
}
LATIN = "Latin letters"


def main_script(text: str) -> str:
    """Name the script of most letters of a text, in words; Latin letters if there are none."""
    if text.isascii():
        return LATIN
    counts: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            script = unicodedata.name(char, "LATIN").split()[0]
            name = LATIN if script == "LATIN" else _NAMES.get(script, "another script")
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: (counts[name], name == LATIN), default=LATIN)
