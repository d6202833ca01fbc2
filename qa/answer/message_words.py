"""The words of a message as the vocabularies of messages have them. Pure."""

from __future__ import annotations

import re
import unicodedata

from citadel.index.corpus.characters import bare_letters, word_pattern

_LETTERS = word_pattern(r"[^\W_]")
_WORD = re.compile(rf"{_LETTERS}(?:'{_LETTERS})?")
_ARABIC = re.compile(r"[\u0600-\u06ff]+")
_LENGTHENED = re.compile(r"(.)\1{2,}")


def message_words(text: str) -> list[str]:
    """Return the words in lower case, drawn-out letters shortened: “hiiiii” is “hi”.

    Arabic ones are without vowel marks and hamzas, which people write or leave out.
    """
    return [_LENGTHENED.sub(r"\1", word) for word in _WORD.findall(plain(text))]


def plain(text: str) -> str:
    """Return a text in lower case, with straight apostrophes and bare Arabic letters."""
    normal = unicodedata.normalize("NFKC", text).replace("’", "'").replace("İ", "i").lower()
    return _ARABIC.sub(lambda run: bare_letters(run[0]), normal)
