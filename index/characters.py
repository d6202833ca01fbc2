"""Characters that no reader sees, but that mislead: taken out of every text, and told."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CONTROLS = re.compile(r"[\0-\x08\x0b-\x1f\x7f-\x9f]")
"""NUL, the other C0 controls, DEL and C1. Tab and line feed are text."""

_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Unicode's Bidi_Control: they can make a quote read other than it is stored."""

_SURROGATES = re.compile(r"[\ud800-\udfff]")
"""Halves of characters, which JSON and YAML can escape and nothing can write."""

_INVISIBLE = re.compile("|".join(kind.pattern for kind in (_CONTROLS, _DIRECTIONS, _SURROGATES)))

_BINARY_SHARE = 0.02
"""Text with more control characters than that is none."""


def visible(text: str) -> str:
    """Return a text without control characters, direction marks and halves of characters.

    Zero-width joiners and non-joiners stay: Persian, Kurdish and Indic words are spelt with them.
    """
    return _INVISIBLE.sub("", text)


def is_binary(text: str) -> bool:
    """Tell decoded data that is no text from a text with some stray controls."""
    return _count(_CONTROLS, text) > _BINARY_SHARE * len(text)


def notes_on_removed(text: str) -> Iterator[str]:
    """Tell what ``visible`` takes out of a text, a phrase for each kind."""
    for kind, name in ((_CONTROLS, "control character"), (_DIRECTIONS, "direction mark")):
        count = _count(kind, text)
        if count:
            yield f"{count} invisible {name}{'s' if count > 1 else ''} taken out"


def _count(kind: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in kind.finditer(text))
