"""Characters that stand in words without being letters. Pure.

They are combining accents, vowel marks and invisible characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import chain, groupby

_JOINERS = "\u200c\u200d"
"""Zero-width non-joiner and joiner, with which Persian, Kurdish and Indic words are spelt."""

_UNSEEN = "\xad\u034f\u061c\u180e\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Soft hyphen, word joiner, direction marks and others that have no width."""

_SPACE_OF_NO_WIDTH = "(?<=[\\0-\u06ff])\u200b"
"""In a word of letters that are written with spaces it means nothing; Thai and Khmer words are
separated by it."""


def as_ranges(numbers: Iterable[int]) -> str:
    """Return code points, ascending, as the inside of a class of regular expressions."""
    ranges = []
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        ranges.append(f"{chr(run[0])}-{chr(run[-1])}")
    return "".join(ranges)


_MAY_BE_MARKS = chain(range(0x20000), range(0xE0000, 0xE1000))
"""Between and after these are ideographs and what is for private use: a million code points, which
every process would look at that imports this."""

_MARKS = as_ranges(n for n in _MAY_BE_MARKS if unicodedata.category(chr(n))[0] == "M")
_WITHIN = f"(?:[{_MARKS}{_JOINERS}{_UNSEEN}]|{_SPACE_OF_NO_WIDTH})"


def western_digits(text: str) -> str:
    """Return a text with its decimal digits as 0-9, whatever script they are in."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def word_pattern(letter: str) -> str:
    """Return a regular expression for letters in a row, none of them cut off by a mark.

    Args:
        letter: A class of regular expressions for one letter.

    """
    return f"{letter}+(?:{_WITHIN}+{letter}*)*"


_NOT_SEEN = {
    number: None
    for first, last in (
        "\xad\xad", "\u034f\u034f", "\u061c\u061c", "\u0640\u0640", "\u180e\u180e",
        "\u200b\u200f", "\u202a\u202e", "\u2060\u2064", "\u2066\u2069", "\ufeff\ufeff",
    )
    for number in range(ord(first), ord(last) + 1)
}  # fmt: skip
"""All of these, and the tatweel, which only makes an Arabic word longer."""


def bare_letters(text: str) -> str:
    """Return a text without accents, vowel marks, tatweel and unseen characters.

    The forms in which Arabic letters were printed are letters again. Marks that are vowels of
    their own, as in Hindi, stay.
    """
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text).translate(_NOT_SEEN)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
