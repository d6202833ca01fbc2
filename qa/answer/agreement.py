"""Whether two sentences of different articles say the same, or the same with other figures. Pure.

News travels in copies: the wording stays, the numbers grow. So sentences are compared by their
words, figures apart. Reports in quite other words can't be recognised so, and stand side by
side as any two quotes do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from citadel.index.retrieval.lexical import content_words, words

_NUMBER = re.compile(
    r"\d|^(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six"
    r"|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?"
    r"|thousands?|millions?|billions?|half)$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)$"
)
_SAME = 0.85
_ALIKE = 0.6
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """What two sentences are compared by.

    Attributes:
        terms: The terms of its content words without the figures.
        figures: Its numbers, months and days of the week, in lower case.

    """

    terms: frozenset[str]
    figures: frozenset[str]


def statement(sentence: str, language: str) -> Statement:
    """Return what a sentence states, by its words.

    Args:
        sentence: The quote.
        language: The ISO 639-1 code of its article.

    """
    found = words(sentence, language)
    figures = [word for word in found if _is_figure(word.surface)]
    others = [word for word in found if not _is_figure(word.surface)]
    return Statement(
        frozenset(word.term for word in content_words(others)),
        frozenset(word.surface.lower() for word in figures),
    )


def _is_figure(word: str) -> bool:
    return bool(_NUMBER.search(word) or _DATE.match(word))


def same_fact(one: Statement, other: Statement) -> bool:
    """Return whether two sentences have nearly all words and all figures in common."""
    return one.figures == other.figures and _likeness(one, other) >= _SAME


def other_figures(one: Statement, other: Statement) -> bool:
    """Return whether two sentences say much the same, each with a figure that the other lacks."""
    own, others = one.figures - other.figures, other.figures - one.figures
    return bool(own) and bool(others) and _likeness(one, other) >= _ALIKE


def _likeness(one: Statement, other: Statement) -> float:
    """Return twice the shared terms over all terms (Dice 1945), 0 to 1; 0 for few words."""
    if min(len(one.terms), len(other.terms)) < _FEWEST_WORDS:
        return 0.0
    return 2 * len(one.terms & other.terms) / (len(one.terms) + len(other.terms))
