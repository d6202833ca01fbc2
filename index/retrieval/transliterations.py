"""Which spellings of a name from another script are one name. Pure.

Transliterations keep the consonants and differ in how they write the vowels: Hananu and Hanano,
Zenki and Zanki, Hussein and Hussain. Two names are taken for one where their consonants agree
and their vowels differ only as transliterations do: “o” for “u”, “y” for “i”, and “e” for either
“a” or “i”. Hassan and Hussein, Karim and Karam, Hamid and Hamad stay apart.
"""

from __future__ import annotations

import re
from functools import lru_cache

from citadel.index.corpus.characters import bare_letters

_CONSONANTS = (
    ("tch", "j"), ("sch", "s"), ("kh", "k"), ("gh", "k"), ("dj", "j"), ("sh", "s"), ("ch", "s"),
    ("th", "t"), ("dh", "d"), ("ph", "f"), ("zh", "z"), ("ck", "k"),
)  # fmt: skip
_VOWELS = (("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"))
_LETTERS = str.maketrans({"q": "k", "g": "k", "c": "k", "v": "f", "o": "u", "y": "i", "w": "u"})
_SILENT = str.maketrans(dict.fromkeys("'’‘`ʿʾʼ-"))
_ARTICLE = r"(?:al|el|as|an|ash|az|ar|at|ad|ul|ed|ez|es)"
_WRITTEN_APART = re.compile(rf"^{_ARTICLE}[-'’](?=\w)", re.IGNORECASE)
_WRITTEN_TOGETHER = re.compile(r"^[Aa]l(?=[A-Z][a-z])")
_DOUBLED = re.compile(r"(.)\1+")

_FOR_E = ("a", "i")
_REMEMBERED = 1 << 16


def without_article(word: str) -> str:
    """Return a word without the Arabic article: al-Nusra, Al-Nusra and alNusra are Nusra."""
    return _WRITTEN_TOGETHER.sub("", _WRITTEN_APART.sub("", word))


def spelling_keys(word: str) -> frozenset[str]:
    """Return what a word of a name is compared by: spellings that share a key are one name.

    There are two where the word has an “e”, else one. Letters that stand for words, such as FSA,
    and what has no Latin letter, are compared as they are.
    """
    return name_keys((word,))


def name_keys(words: tuple[str, ...]) -> frozenset[str]:
    """Return what a name of several words is compared by, as ``spelling_keys`` does one.

    How its words are written together, with hyphens or apart, makes no difference. An “e” stands
    for the same vowel in all of them.
    """
    return frozenset("".join(_key(word, vowel) for word in words) for vowel in _FOR_E)


@lru_cache(_REMEMBERED)
def _key(word: str, vowel: str) -> str:
    bare = bare_letters(without_article(word))
    if not bare.isascii() or not any(char.isalpha() for char in bare):
        return word.casefold()
    if bare.isupper() and len(bare) > 1:
        return bare
    sounds = bare.lower().translate(_SILENT)
    for letters, sound in (*_CONSONANTS, *_VOWELS):
        sounds = sounds.replace(letters, sound)
    sounds = sounds.rstrip("h").translate(_LETTERS).replace("e", vowel)
    return _DOUBLED.sub(r"\1", sounds)
