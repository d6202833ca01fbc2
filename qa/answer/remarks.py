"""Remarks, which ask nothing of the sources: “that helps”, “that can’t be right”. Pure.

They are recognised by closed phrases (remarks.toml): a message is a remark only if it is made up of
them and of greetings. A single other word, as in “you are wrong, it was 31”, makes it none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from functools import cache
from importlib.resources import files

from citadel.qa.answer.message_words import message_words

_PART = re.compile(r"[()|]|<\w+>|[^()|<>\s]+")
_LONGEST = 16
_LONGEST_PHRASE = 10


class Remark(IntEnum):
    """What a message, or a phrase of it, says; what counts for the whole is the highest."""

    NONE = -1
    JOINING = 0
    OTHER = 1
    DOUBT = 2


def read_remark(words: Sequence[str], greetings: frozenset[str]) -> Remark:
    """Return what a message made up of phrases says; ``NONE`` for any other message.

    Args:
        words: Those of the message, plain.
        greetings: The words that may stand among the phrases.

    """
    if len(words) > _LONGEST:
        return Remark.NONE
    patterns = _patterns(greetings)
    said = [Remark.JOINING] + [Remark.NONE] * len(words)
    for start in range(len(words)):
        if said[start] is Remark.NONE:
            continue
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(words)) + 1):
            phrase = _joined(words[start:end])
            for remark, pattern in patterns.items():
                if pattern.fullmatch(phrase):
                    said[end] = max(said[end], said[start], remark)
    return said[-1] if said[-1] > Remark.JOINING else Remark.NONE


def _joined(words: Iterable[str]) -> str:
    """Return words as the patterns have them: each with a space behind it, no apostrophes."""
    return "".join(word.replace("'", "") + " " for word in words)


@cache
def _patterns(greetings: frozenset[str]) -> Mapping[Remark, re.Pattern[str]]:
    lists = tomllib.loads(files("citadel.qa.answer").joinpath("remarks.toml").read_text("utf-8"))
    slots: dict[str, str] = {}
    for name, phrases in lists["slots"].items():
        slots[name] = _any_of(phrases.replace("\n", "").split("|"), slots)
    doubt = lists["phrases"].pop("doubt")
    others = [phrase for group in lists["phrases"].values() for phrase in group]
    return {
        Remark.DOUBT: re.compile(_any_of(doubt, slots)),
        Remark.OTHER: re.compile(_any_of([*others, *sorted(greetings)], slots)),
        Remark.JOINING: re.compile(_any_of(lists["joining"], slots)),
    }


def _any_of(phrases: Iterable[str], slots: Mapping[str, str]) -> str:
    return "(?:{})".format("|".join(_pattern(phrase, slots) for phrase in phrases))


def _pattern(phrase: str, slots: Mapping[str, str]) -> str:
    """Return the expression for a phrase: “(a|b|)” stands for a, b, or neither."""
    return "".join(_part(part, slots) for part in _PART.findall(phrase))


def _part(part: str, slots: Mapping[str, str]) -> str:
    if part == "(":
        return "(?:"
    if part in "|)":
        return part
    if part.startswith("<"):
        return slots[part.strip("<>")]
    return re.escape(_joined(message_words(part)))
