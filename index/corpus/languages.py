"""Which language a text is in, when nobody says so."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_ENOUGH = 80
"""With fewer letters a language can't be distinguished from its neighbours."""

_SAMPLE = 5000
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


def detect_language(text: str, otherwise: str = "") -> str:
    """Return the ISO 639-1 code of the language that a text is in.

    Args:
        text: The article.
        otherwise: The language of a text too short to judge, as far as is known; without it, Arabic
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


_BY_SCRIPT = {"Arabic": "ar", "Cyrillic letters": "ru"}
_NOT_ARABIC = re.compile(r"[\u067e\u0686\u0698\u06a9\u06af\u06cc\u0679\u06d2\u06ba]")
"""Letters of Persian and Urdu."""

_NOT_RUSSIAN = re.compile(r"[іїєґўј]", re.IGNORECASE)
_FUNCTION_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_ELIDED = re.compile(r"[’']")
_ENOUGH_WORDS = 2

ENGLISH = "en"
ARABIC = "ar"
UNKNOWN = ""


def question_language(question: str) -> str:
    """Return the ISO 639-1 code of the language of a question; "" for one that is not known here.

    Short as they are, questions are known by their script, or by the little words of some
    languages; what shows none of these is taken for English.
    """
    script = main_script(question)
    if script != LATIN:
        other = _NOT_ARABIC if script == "Arabic" else _NOT_RUSSIAN
        return UNKNOWN if other.search(question) else _BY_SCRIPT.get(script, UNKNOWN)
    if question.lstrip().startswith("¿"):
        return "es"
    # Python makes two characters of a small “İ”.
    lower = unicodedata.normalize("NFC", question).replace("İ", "i").lower()
    found = [part for word in _FUNCTION_WORD.findall(lower) for part in _ELIDED.split(word)]
    words = _words("words")
    english = sum(word in words[ENGLISH] for word in found)
    counts = {
        language: sum(word in own or _has_letter_of(language, word) for word in found)
        for language, own in words.items()
        if language != ENGLISH
    }
    best = max(counts, key=lambda language: counts[language])
    opens = bool(found) and found[0] in _words("openings").get(best, ())
    asks = any(word in _words("telling").get(best, ()) for word in found)
    enough = counts[best] >= _ENOUGH_WORDS or ((opens or asks) and counts[best] > 0)
    return best if enough and counts[best] > english else ENGLISH


def _has_letter_of(language: str, word: str) -> bool:
    return any(letter in word for letter in _lists()[language].get("letters", ""))


@cache
def _lists() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(
        files("citadel.index.corpus").joinpath("function_words.toml").read_text("utf-8")
    )


@cache
def _words(kind: str) -> Mapping[str, frozenset[str]]:
    """Return the words of a kind by language: all little ones, or those that one is enough of."""
    return {language: frozenset(each.get(kind, "").split()) for language, each in _lists().items()}
