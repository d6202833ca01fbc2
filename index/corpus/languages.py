"""Which language a text is in, when nobody says so."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_ENOUGH = 80
"""With fewer letters a language can't be told from its neighbours."""

_SAMPLE = 5000
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


def detect_language(text: str, otherwise: str = "") -> str:
    """Return the ISO 639-1 code of the language that a text is in.

    Args:
        text: The article.
        otherwise: What a text too short to tell is in, as far as is known; without it, Arabic
            or English by its letters.

    """
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if letters >= _ENOUGH:
        code: str = _identifier().classify(sample)[0]
        return code
    return otherwise or ("ar" if 2 * len(_ARABIC.findall(sample)) > letters else "en")


@cache
def _identifier() -> LanguageIdentifier:
    """Return the model for the languages that ISO 639-1 knows, less likely to be mistaken."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([label for label in identifier.labels if len(label) == 2])
    return identifier


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
