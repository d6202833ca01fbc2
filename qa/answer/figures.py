"""The figures of an English sentence: what is counted or measured, and how exactly. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from math import inf

from citadel.index.corpus.languages import ENGLISH
from citadel.index.retrieval.lexical import content_terms
from citadel.qa.answer.months import MONTH

_DIGITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {name: value for value, name in enumerate(_DIGITS)} | {
    name: 10 * value for value, name in enumerate(_TENS, start=2)
}
_SCALES = {
    "thousand": 1e3,
    "million": 1e6,
    "millions": 1e6,
    "billion": 1e9,
    "m": 1e6,
    "bn": 1e9,
}
AT_MOST = (
    *("no more than", "not more than", "fewer than", "less than"),
    *("under", "up to", "at most", "below", "cannot be more than", "not have been more than"),
)
AT_LEAST = (
    *("over", "above", "at least", "no fewer than", "no less than"),
    *("not fewer than", "not less than", "more than", "cannot be less than"),
)
ABOUT = (
    *("about", "around", "some", "roughly", "approximately"),
    *("nearly", "almost", "an estimated"),
)
_BEFORE = "|".join(AT_MOST + AT_LEAST + ABOUT).replace(" ", r"\s")
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
SPELT = (
    rf"(?:{_WORD})(?:-(?:{_WORD}))?"
    rf"(?:\s(?:hundred|thousand|million|billion)(?:\s(?:and\s)?(?:{_WORD})(?:-(?:{_WORD}))?)?)*"
)
_FIGURE = re.compile(
    rf"""(?P<before>(?:\b(?:{_BEFORE})\s)?)
    (?P<money>(?:\b(?:US|EC|A|C|NZ))?[$€£¥₦₹]\s?|\b(?:Rs\.?|Dh|EUR|USD|GBP|[RPNK])\s?(?=\d))?
    (?:(?<![\w.,:/-])|(?<=[$€£¥₦₹RPNKhs.\s]))
    (?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\b{SPELT}\b)
    (?P<half>½)?
    (?P<scale>\s?(?:thousand|millions?|billion)\b|m\b|bn\b)?
    (?![\w:/-]|[.,]\d)
    (?P<share>\s?(?:%|per\s?cent\b))?""",
    re.IGNORECASE | re.VERBOSE,
)
_DATED = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?\s{MONTH}\b(?:,?\s\d{{4}})?"
    rf"|{MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}})?|{MONTH}\s\d{{4}}"
    r"|\b(?:1[5-9]|20)\d\d\b)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(
    r"^\s(?:\w+\s)?(?:dollars?|euros?|pounds?|francs?|crowns?|rupees?|rand|dirhams?|pesos?|lira"
    r"|naira|kroner|roubles?)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:nos?|number|house|section|article|chapter|page|p|rule|route|road|highway|platform"
    r"|block|room|line|gate|day|week|phase|level|grade|aged?|unit|flight|camp)\.?\s$",
    re.IGNORECASE,
)
_AGED = re.compile(r"(?:[A-Z][\w’'-]+, |\b(?:[Ww]ho|[Hh]e|[Ss]he) (?:is|was|turned) |\bage of )$")
_ENDS_AGE = re.compile(r"^(?:,|\))|^\syears? old\b")
_PART_BEFORE = re.compile(
    r"(?:\b(?:of (?:the|those|these|its|his|her|their)|another|(?:a )?further|additional|extra"
    r"|other|first|last|next|remaining|including|among them|(?:of|among) wh(?:om|ich)|of them"
    r"|of these|every|each|the other)\s(?:the\s)?)$",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(
    r"^\s(?:\w+\s){0,2}?(?:of (?:them|those|these|which|whom|the|its|his|her|their|\d[\d,]*)\b"
    r"|more\b|others?\b|further\b|additional\b|times\b|and a half\b|thirds?\b|quarters?\b"
    r"|fifths?\b|out of\b)"
    r"|^,?\s(?:\w+\s)?(?:each|apiece|(?:a|per|an) (?:day|week|month|year|head|person|tonne"
    r"|night))\b",
    re.IGNORECASE,
)
_PART_OF_LIST = re.compile(
    r"\b(?:including|among them|(?:of|among) whom)\s(?:[\w’'-]+\s){1,4}?"
    r"(?:[\w’'-]+,\s(?:[\w’'-]+\s){1,3})*(?:and|[\w’'-]+,)\s$",
    re.IGNORECASE,
)
_COUNTED_BEFORE = re.compile(
    r"\b(?:(?:number|count|total|tally) of (?:the |all )?(?P<of>(?:[^\W\d][\w’'-]* ){1,3}?)"
    r"|(?P<toll>(?:death )?toll )|the (?P<plain>[\w’'-]+ )(?=number))"
    r"(?:(?:now|then|already|officially|has|had|have|been|since|later) )*"
    r"(?:at|to|of|as|is|was|were|numbered|exceed(?:s|ed)"
    r"|(?:put|rose|risen|climbed|grew|grown|stood|stands|reached|fell|fallen|set)(?: at| to)?) $",
    re.IGNORECASE,
)
_NEXT_WORDS = re.compile(r"^((?:\s[\w’'-]+){1,3})")
_NO_NOUN = re.compile(
    r"of|in|on|at|by|for|from|to|and|or|but|were|was|are|is|had|have|has|did|who|which|that|when"
    r"|while|as|with|after|before|since|during|according|per|into|out|against|than|because|not|the"
    r"|an?|its|his|their",
    re.IGNORECASE,
)
ROUGHLY = 0.05
"""How much “some 600” and a round 600 may be off, as a share."""


class Kind(StrEnum):
    """What a figure is of: a sum of money, a percentage, so many of something, or a time."""

    MONEY = "money"
    SHARE = "share"
    COUNT = "count"
    DURATION = "duration"
    AGE = "age"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a sentence.

    Attributes:
        start: Its first code point in the sentence, with “about” or “£” before it.
        end: One past its last, with “per cent” or “million” after it.
        least: The least that it can mean.
        most: The most that it can mean; infinite for “more than 600”.
        kind: What it is of.
        counted: What is counted: the terms of the words after it, three at most, or of those
            before it in “the number of dead at 43”; none for a number that stands alone.
        part: Whether it counts a part only: “40 of them”, “another 40”, “40 a day”.

    """

    start: int
    end: int
    least: float
    most: float
    kind: Kind
    counted: frozenset[str]
    part: bool

    def differs(self, other: Figure) -> bool:
        """Return whether two figures, as written, can't both be right."""
        return self.most < other.least or other.most < self.least


def figures(sentence: str) -> tuple[Figure, ...]:
    """Return the figures of an English sentence, without dates, ages and house numbers."""
    return tuple(_figures(sentence))


def _figures(sentence: str) -> Iterator[Figure]:
    dated = [match.span() for match in _DATED.finditer(sentence)]
    for match in _FIGURE.finditer(sentence):
        place, end = match.start("number"), match.end()
        before, after = sentence[: match.start()], sentence[end:]
        money = bool(match["money"]) or bool(_CURRENCY.match(after))
        if not money and any(first <= place < last for first, last in dated):
            continue
        if _NUMBERED.search(sentence[:place]) or (_AGED.search(before) and _ENDS_AGE.match(after)):
            continue
        if match["number"].lower() in ("one", "zero") and not match["scale"]:
            continue
        kind = Kind.MONEY if money else Kind.SHARE if match["share"] else Kind.COUNT
        part = any(
            (_PART_BEFORE.search(before), _PART_OF_LIST.search(before), _PART_AFTER.match(after))
        )
        counted = _counted(after) or _counted_before(before)
        yield Figure(match.start(), end, *_bounds(match), kind, counted, part)


def _bounds(match: re.Match[str]) -> tuple[float, float]:
    """Return what a figure can mean: a round number is seldom exact."""
    value, unit = _value(match)
    before = match["before"].strip().lower()
    if before in AT_MOST:
        return 0.0, value
    if before in AT_LEAST:
        return value, inf
    leeway = ROUGHLY * value if before else min(unit / 2, ROUGHLY * value)
    return value - leeway, value + leeway


def _value(match: re.Match[str]) -> tuple[float, float]:
    """Return the number, and the unit of its last digit that is not 0; 0 for a whole number."""
    number = match["number"].lower()
    factor = _SCALES.get((match["scale"] or "").strip().lower(), 1.0)
    if not number[0].isdigit():
        return spelt(number) * factor, factor if factor > 1 else 0.0
    digits = number.replace(",", "")
    decimals = len(digits.partition(".")[2])
    zeros = 0 if decimals else len(digits) - len(digits.rstrip("0"))
    unit = 10.0 ** (zeros - decimals) * factor
    value = float(digits) + (0.5 if match["half"] else 0.0)
    return value * factor, 0.0 if unit == 1 else unit


def spelt(number: str) -> float:
    """Return the number that small words stand for: 210 for “two hundred and ten”."""
    total, group = 0.0, 0.0
    for name in re.split(r"[\s-]+", number):
        if name in _WORDS:
            group += _WORDS[name]
        elif name == "hundred":
            group *= 100
        elif name in _SCALES:
            total, group = total + group * _SCALES[name], 0.0
    return total + group


def _counted(after: str) -> frozenset[str]:
    following = _NEXT_WORDS.match(after)
    if following is None:
        return frozenset()
    named = takewhile(lambda word: not _NO_NOUN.fullmatch(word), following[1].split())
    return content_terms(" ".join(named), ENGLISH)


def _counted_before(before: str) -> frozenset[str]:
    """Return what is counted in “the number of dead at”, “a toll of” or “the dead numbered”."""
    named = _COUNTED_BEFORE.search(before)
    if named is None:
        return frozenset()
    return content_terms(named["of"] or named["toll"] or named["plain"], ENGLISH)
