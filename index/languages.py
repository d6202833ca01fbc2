"""Which language a text is in, when nobody says so."""

from __future__ import annotations

import re
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
