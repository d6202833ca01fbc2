"""What an article dates, in order: each date with the sentence that gives it. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import HEADER_PARAGRAPH, Passage
from citadel.qa.answer.date_checks import impossible_dates
from citadel.qa.answer.months import MONTH, month_number

_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_NUMBER = "|".join([r"\d+", *_NUMBERS])
_YEAR = r"(?:1[5-9]|20)\d\d\b"
_DATE = re.compile(
    rf"""(?<![\w-])(?:
        (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
      | (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+|من\s+)?(?P<day_month>{MONTH})\b
        (?:,?\s+(?P<day_year>{_YEAR}))?
      | (?P<us_month>{MONTH})\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)
        (?:,?\s+(?P<us_year>{_YEAR}))?
      | (?:(?:mid|early|late)[-\s])?(?P<month>{MONTH})\s+(?P<year>{_YEAR})
      | (?:(?:mid|early|late)[-\s]|(?:in|since|until|during)\s)(?P<bare_month>{MONTH})\b
        (?!\s+{_YEAR})(?:(?=\s+(?:and|to)\s+(?:{MONTH})\s+(?P<next_year>{_YEAR})))?
      | (?:in|since|until|by|during|of|from|في|منذ|عام)\s+(?:عام\s+)?(?P<bare_year>{_YEAR})
      | (?P<relative>yesterday|(?P<number>{_NUMBER})\s+(?:days?|(?P<weeks>weeks?))\s+ago)
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_YEARS = ("day_year", "us_year", "year", "next_year")

_LEAP_YEAR = 2000

Calendar = tuple[int, int, int]
"""Year, month and day; 0 for what the source leaves open, so that these sort first."""


@dataclass(frozen=True, slots=True)
class DatedSentence:
    """A sentence and one date in it.

    Attributes:
        passage: The paragraph.
        span: The sentence, by its offsets in the stored text of the article.
        written: The date as the source writes it.
        when: The date it stands for; a day that no calendar has is kept as written.
        inferred: Whether the year follows from the date of the article.
        exists: Whether the calendar has it.

    """

    passage: Passage
    span: Span
    written: str
    when: Calendar
    inferred: bool = False
    exists: bool = True


def timeline(article: Article, passages: Sequence[Passage]) -> tuple[DatedSentence, ...]:
    """Return the dated sentences of an article, earliest first, then in reading order.

    A date without a year is the last one of that name before the end of the article's own date.
    An article without a date leaves such dates out: nobody could check a guess.
    """
    found = [
        dated
        for passage in passages
        if passage.paragraph != HEADER_PARAGRAPH
        for span in passage.sentences
        for dated in _dates(article, passage, span)
    ]
    unique = {(dated.passage.paragraph, dated.span, dated.when): dated for dated in found}
    return tuple(sorted(unique.values(), key=lambda dated: (dated.when, dated.span.start)))


def _dates(article: Article, passage: Passage, span: Span) -> Iterator[DatedSentence]:
    for match in _DATE.finditer(passage.quote(span)):
        parts = match.groupdict()
        inferred = not any(parts[name] for name in (*_YEARS, "bare_year", "iso"))
        if inferred and not article.date:
            continue
        if parts["relative"] and article.date.count("-") < 2:
            continue  # “two days ago” means nothing without the day of the article
        when = _calendar(parts, article.date)
        if when is None:
            continue
        written = match.group().strip()
        exists = not impossible_dates(written)
        yield DatedSentence(passage, span, written, when, inferred, exists)


def _calendar(parts: dict[str, str | None], published: str) -> Calendar | None:
    """Return the date that a match stands for; its day is kept even if the month is shorter."""
    if parts["bare_year"]:
        return int(parts["bare_year"]), 0, 0
    if parts["iso"]:
        year, month, day = map(int, parts["iso"].split("-"))
        return year, month, day
    if parts["relative"]:
        return _days_before(date.fromisoformat(published), parts)
    names = ("day_month", "us_month", "month", "bare_month")
    month = month_number(next(filter(None, (parts[name] for name in names))))
    day = int(parts["day"] or parts["us_day"] or 0)
    written = next(filter(None, (parts[name] for name in _YEARS)), None)
    return int(written) if written else _last_year(month, day, published), month, day


def _days_before(published: date, parts: dict[str, str | None]) -> Calendar | None:
    """Return the day that is a given time before another; None beyond the calendar."""
    number = parts["number"] or "1"
    days = _NUMBERS.get(number.lower()) or int(number)
    try:
        when = published - timedelta(days * (7 if parts["weeks"] else 1))
    except OverflowError:
        return None
    return when.year, when.month, when.day


def _last_year(month: int, day: int, published: str) -> int:
    """Return the last year in which a day, or its month if that is shorter, had begun.

    Thus “28 December” in an article of 5 December is last year's.
    """
    if not 1 <= day <= calendar.monthrange(_LEAP_YEAR, month)[1]:
        day = 1
    latest = _end(published)
    year = latest[0]
    while (year, month, day) > latest or day > calendar.monthrange(year, month)[1]:
        year -= 1
    return year


def _end(published: str) -> Calendar:
    """Return the last day of “2016”, “2016-12” or “2016-12-05”."""
    year, month, day = (*map(int, published.split("-")), 99, 99)[:3]
    return year, month, day
