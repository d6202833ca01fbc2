"""The durations, ages and times of day that an English sentence gives, as figures. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from citadel.qa.answer.figures import ABOUT, AT_LEAST, AT_MOST, ROUGHLY, SPELT, Figure, Kind, spelt

_UNITS = {
    "second": 1 / 60,
    "minute": 1.0,
    "hour": 60.0,
    "day": 1440.0,
    "week": 10080.0,
    "month": 43830.0,
    "year": 525960.0,
}
_UNIT = rf"(?:{'|'.join(_UNITS)})"
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{SPELT})"
_BEFORE = "|".join(AT_MOST + AT_LEAST + ABOUT).replace(" ", r"\s")
_PART = (
    rf"(?:(?:half\san?|an?|{_NUMBER}(?:\sand\sa\shalf)?)\s{_UNIT}s?(?:\sand\sa\shalf)?"
    rf"|{_NUMBER}-{_UNIT})"
)
_DURATION = re.compile(
    rf"(?P<before>(?:\b(?:{_BEFORE})\s)?)(?<![\w.,:/-])"
    rf"(?P<parts>{_PART}(?:(?:,|\sand|,\sand)?\s{_PART})*)"
    r"(?![\w-])",
    re.IGNORECASE,
)
_EACH = re.compile(
    rf"(?P<number>half\san?|an?|{_NUMBER})(?P<half>\sand\sa\shalf)?[\s-](?P<unit>{_UNIT})s?"
    r"(?P<more>\sand\sa\shalf)?",
    re.IGNORECASE,
)
_NO_DURATION = re.compile(
    r"^\s(?:ago|later|earlier|before|after|old|apart|of age|away|from now|a|an|per)\b"
)
_EVERY = re.compile(
    r"\b(?:(?:girl|boy|man|woman|child|youth|son|daughter|mother|father|nurse) of|every|each|per"
    r"|another|a further|first|last|next|past|the other|aged|than)\s$",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:for|of|in|within|takes?|took|lasts?|lasted|is|was|are|were|be|been|at|says?|gives?|gave"
    r"|it|to|held|about|some)\s$"
)

_AGE = re.compile(
    rf"\b(?:(?:aged|at the age of|(?:[Hh]e|[Ss]he|who) (?:is|was|turned))\s(?P<after>{_NUMBER})"
    rf"(?=[,.;:)]|\s(?:years? old|and|at|when|but|according)\b|$)"
    rf"|(?P<before>{_NUMBER})[\s-]years?[\s-]old\b)"
)

_CLOCK = re.compile(
    r"(?<![\w.,:/$€£-])(?:(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b"
    r"|(?P<hour24>[01]\d|2[0-3])(?::|(?<=\bat \d\d)\.)(?P<minute24>[0-5]\d)(?!\d)"
    r"|(?P<named>noon|midday|midnight))"
)
_STAMP = 3
"""A time this near the beginning of an entry is when it was written."""


def times_asked_for(question: str) -> Callable[[str], tuple[Figure, ...]] | None:
    """Return the function that reads the values that a question asks for.

    Returns:
        One of ``durations``, ``ages`` and ``clock_times``; None for any other question.

    """
    for asks, reads in _ASKED:
        if asks.search(question):
            return reads
    return None


def durations(sentence: str) -> tuple[Figure, ...]:
    """Return how long things last in a sentence, in minutes; no “three days later”."""
    return tuple(_durations(sentence))


def _durations(sentence: str) -> Iterator[Figure]:
    for match in _DURATION.finditer(sentence):
        before, after = sentence[: match.start()], sentence[match.end() :]
        if _NO_DURATION.match(after) or _EVERY.search(before):
            continue
        parts = list(_EACH.finditer(match["parts"]))
        if parts[0]["number"].lower() in ("a", "an") and not _LASTS.search(before):
            continue  # “sixty miles an hour”
        total = sum(map(_minutes, parts))
        finest = _UNITS[parts[-1]["unit"].lower()]
        vague = finest >= _UNITS["week"] or not _counts(parts[-1]["number"])
        leeway = finest / 2 if vague or parts[-1]["half"] or parts[-1]["more"] else 0.0
        least, most = _bounds(match["before"], total, leeway)
        yield Figure(match.start(), match.end(), least, most, Kind.DURATION, frozenset(), False)


def _counts(number: str) -> bool:
    return number.lower().split()[0] not in ("a", "an", "half")


def _minutes(part: re.Match[str]) -> float:
    number = part["number"].lower()
    value = _number(number) if _counts(number) else 0.5 if number.startswith("half") else 1.0
    if part["half"] or part["more"]:
        value += 0.5
    return value * _UNITS[part["unit"].lower()]


def _number(written: str) -> float:
    return float(written.replace(",", "")) if written[0].isdigit() else spelt(written.lower())


def _bounds(before: str, value: float, leeway: float) -> tuple[float, float]:
    limits = before.strip().lower()
    if limits in AT_MOST:
        return 0.0, value
    if limits in AT_LEAST:
        return value, float("inf")
    leeway = max(leeway, ROUGHLY * value) if limits else leeway
    return value - leeway, value + leeway


def ages(sentence: str) -> tuple[Figure, ...]:
    """Return the ages of people in a sentence, in years: “aged 83”, “he was eighty-five”."""
    found = []
    for match in _AGE.finditer(sentence):
        group = "after" if match["after"] else "before"
        years = _number(match[group])
        start, end = match.span(group)
        found.append(Figure(start, end, years, years, Kind.AGE, frozenset(), False))
    return tuple(found)


def clock_times(sentence: str) -> tuple[Figure, ...]:
    """Return the times of day in a sentence, in minutes since midnight.

    Those that may be in the morning or in the evening are left out, and so is the time that an
    entry of a log begins with.
    """
    found = []
    for match in _CLOCK.finditer(sentence):
        if match.start() < _STAMP:
            continue
        minutes = _minutes_of_day(match)
        found.append(Figure(*match.span(), minutes, minutes, Kind.CLOCK, frozenset(), False))
    return tuple(found)


def _minutes_of_day(match: re.Match[str]) -> float:
    if match["named"]:
        return 0.0 if match["named"] == "midnight" else 720.0
    if match["hour24"]:
        return 60.0 * int(match["hour24"]) + int(match["minute24"])
    hour = int(match["hour"]) % 12 + (12 if match["half"] == "p" else 0)
    return 60.0 * hour + int(match["minute"] or 0)


_ASKED: tuple[tuple[re.Pattern[str], Callable[[str], tuple[Figure, ...]]], ...] = (
    (
        re.compile(
            r"\bhow long\b(?! ago)"
            r"|\bhow many (?:\w+ )?(?:minutes|hours|days|weeks|months|years)\b(?! (?:ago|old))",
            re.IGNORECASE,
        ),
        durations,
    ),
    (re.compile(r"\bhow old\b|\b(?:what|which|at what) age\b|\bage of\b", re.IGNORECASE), ages),
    (re.compile(r"\b(?:at )?(?:what|which) (?:time|hour)\b", re.IGNORECASE), clock_times),
)
