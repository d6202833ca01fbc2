"""What kind of answer a question asks for, and which kinds a sentence offers. Pure.

Surface signs of English: features for the ranking, never rules. In other languages they are silent.
"""

from __future__ import annotations

import re
from typing import Final

ANSWER_TYPES: Final = ("date", "number", "person", "place", "statement", "list")
"""The order of the values that both functions return."""

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_SMALL_NUMBER = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen"
_LARGE_NUMBER = "hundreds?|thousands?|million|billion|half|twice|once|several"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1\d{3}|20\d\d)"
_DATE = re.compile(
    rf"\b(?:{_DAY}(?: of)? (?:{_MONTH})|(?:{_MONTH}) {_DAY}|{_YEAR}s?|{_DAY}[- ]centur(?:y|ies))\b"
)
_IN_WORD = r"[\w'’“”\"()-]"
_ITEM = rf"{_IN_WORD}+(?: {_IN_WORD}+){{0,4}}"

_OFFERED = (
    re.compile(rf"\b(?:(?:1\d{{3}}|20\d\d)s?|{_MONTH}|century|centuries)\b"),
    re.compile(rf"\d|\b(?:{_SMALL_NUMBER}|{_LARGE_NUMBER})\b", re.IGNORECASE),
    re.compile(r"\b[A-Z][a-z]+ (?:[A-Z]\. |al-|de |De |von |van )?[A-Z][a-z]+"),
    re.compile(
        r"\b(?:in|at|from|to|near|of|north|south|east|west|towards?|around|outside|into|on|through"
        r"|between) (?:the |northern |southern |eastern |western )?(?:al-|[A-Z])\w+"
    ),
    re.compile(
        r"[“”\"]|\b(?:said|added|stated|told|called|described|claim\w*|argued|wrote|comment\w*"
        r"|confirmed|declared|announced|considered|concluded)\b"
    ),
    # Three things or more: “Egypt, New Zealand and Spain”.
    re.compile(rf"(?<!{_IN_WORD}){_ITEM}, {_ITEM},? (?:and|or|as well as|along with) {_IN_WORD}"),
)
_TIME = "year|date|day|month|century|decade|time"
_PERSON = "person|man|woman|leader|figure|president|king|author|actor|minister"
_PLACE = (
    "country|city|town|place|location|region|area|neighbou?rhood|village|state|district"
    "|province|continent|street|road|river"
)
_ASKED = (
    re.compile(
        rf"\b(?:when|(?:what|which) (?:\w+ )?(?:{_TIME})|date|how long ago)\b", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:how (?:many|much|far|long|old|large|big|tall|high|fast|often|few|deep|wide|heavy)"
        r"|number of|what (?:percent\w*|number|amount|population|proportion|fraction)"
        r"|death toll|total|count of)\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:who|whom|whose|which (?:\w+ )?(?:{_PERSON}))\b", re.IGNORECASE),
    re.compile(rf"\b(?:where|whereabouts|(?:which|what) (?:\w+ )?(?:{_PLACE}))\b", re.IGNORECASE),
    re.compile(
        r"\b(?:say|said|says|call|called|describe\w*|quoted?|think|believe|comment\w*|opinion"
        r"|view|according to|claim\w*|states?|told)\b",
        re.IGNORECASE,
    ),
)


_SEVERAL = re.compile(
    r"^\W*(?:list|name|enumerate|give me)\b|\b(?:all|both|each|every|compare)\b"
    # A plural, not “does”, “crisis”, “status”, “process” or a name.
    r"|\b(?:which|what)\s+(?:\w+\s+){0,2}?(?-i:(?!(?:does|news|series)\b)[a-z]{2,}[a-hj-rtv-z]s\b)"
    r"|\b(?:what|which|who)\s+(?:are|were)\b"
    r"|\w\W+and\s+(?:who|what|when|where|how|why|which|by|on|in|from|does|did|is|was)\b",
    re.IGNORECASE,
)


def asks_for_several(question: str) -> bool:
    """Return whether a question asks for a list, or for two things at once."""
    return _SEVERAL.search(question) is not None


def asked_types(question: str) -> tuple[bool, ...]:
    """Return which kinds of answer a question asks for, in the order of ``ANSWER_TYPES``.

    A question for a date is not one for a person: “when did those who …”.
    """
    asked = [pattern.search(question) is not None for pattern in _ASKED]
    asked[2] = asked[2] and not asked[0]
    return (*asked, asks_for_several(question))


def offered_types(sentence: str) -> tuple[bool, ...]:
    """Return which kinds of answer a sentence holds, in the order of ``ANSWER_TYPES``.

    The numbers within a date are not counted as numbers: no “how many” is answered by them.
    """
    offered = [pattern.search(sentence) is not None for pattern in _OFFERED]
    offered[1] = _OFFERED[1].search(without_dates(sentence)) is not None
    return tuple(offered)


def without_dates(sentence: str) -> str:
    """Blank out what names a day, a year or a century, so that other numbers are left."""
    return _DATE.sub(" ", sentence)
