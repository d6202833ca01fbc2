"""What an article dates, in order: each date with the sentence that gives it. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dateparser.date import DateDataParser

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import HEADER_PARAGRAPH, Passage
from citadel.qa.answer.date_checks import impossible_dates

_MONTHS = [name.lower() for name in calendar.month_name[1:]]
_ARABIC_MONTHS = dict(
    zip(
        (
            "كانون الثاني|يناير",
            "شباط|فبراير",
            "آذار|مارس",
            "نيسان|أبريل",
            "أيار|مايو",
            "حزيران|يونيو",
            "تموز|يوليو",
            "آب|أغسطس",
            "أيلول|سبتمبر",
            "تشرين الأول|أكتوبر",
            "تشرين الثاني|نوفمبر",
            "كانون الأول|ديسمبر",
        ),
        _MONTHS,
        strict=True,
    )
)
"""The month names of Syria and of the rest of the Arab world; dateparser lacks the former."""

_MONTH = "|".join([*_MONTHS, *_ARABIC_MONTHS, "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"])
_YEAR = r"(?:1[5-9]|20)\d\d\b"
_DATE = re.compile(
    rf"""(?<![\w-])(?:
        (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
      | (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+|من\s+)?(?P<day_month>{_MONTH})\b
        (?:,?\s+(?P<day_year>{_YEAR}))?
      | (?P<us_month>{_MONTH})\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)
        (?:,?\s+(?P<us_year>{_YEAR}))?
      | (?:(?:mid|early|late)[-\s])?(?P<month>{_MONTH})\s+(?P<year>{_YEAR})
      | (?:(?:mid|early|late)[-\s]|(?:in|since|until|during)\s)(?P<bare_month>{_MONTH})\b
        (?!\s+{_YEAR})(?:(?=\s+(?:and|to)\s+(?:{_MONTH})\s+(?P<next_year>{_YEAR})))?
      | (?:in|since|until|by|during|of|from|في|منذ|عام)\s+(?:عام\s+)?(?P<bare_year>{_YEAR})
      | (?P<relative>yesterday|(?:\d+|two|three|four|five|six|ten)\s+(?:day|week)s?\s+ago)
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_YEARS = ("day_year", "us_year", "year", "next_year")

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
    parser = _parser(article)
    found = [
        dated
        for passage in passages
        if passage.paragraph != HEADER_PARAGRAPH
        for span in passage.sentences
        for dated in _dates(parser, article, passage, span)
    ]
    unique = {(dated.passage.paragraph, dated.span, dated.when): dated for dated in found}
    return tuple(sorted(unique.values(), key=lambda dated: (dated.when, dated.span.start)))


def _parser(article: Article) -> DateDataParser:
    settings: dict[str, object] = {
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
        "DATE_ORDER": "DMY",
    }
    if article.date:
        settings["RELATIVE_BASE"] = _last_moment(article.date)
    languages = ["en", "ar"] if article.language == "ar" else ["en"]
    return DateDataParser(languages=languages, settings=settings)


def _last_moment(date: str) -> datetime:
    """Return the end of “2016”, “2016-12” or “2016-12-05”."""
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    month = month or 12
    return datetime(year, month, day or calendar.monthrange(year, month)[1], 23, 59)


def _dates(
    parser: DateDataParser, article: Article, passage: Passage, span: Span
) -> Iterator[DatedSentence]:
    for match in _DATE.finditer(passage.quote(span)):
        parts = match.groupdict()
        inferred = not any(parts[name] for name in (*_YEARS, "bare_year", "iso"))
        if inferred and not article.date:
            continue
        if parts["relative"] and article.date.count("-") < 2:
            continue  # “two days ago” means nothing without the day of the article
        when = _calendar(parser, parts)
        if when is None:
            continue
        written = match.group().strip()
        exists = not impossible_dates(written)
        yield DatedSentence(passage, span, written, when, inferred, exists)


def _calendar(parser: DateDataParser, parts: dict[str, str | None]) -> Calendar | None:
    """Return the date that a match stands for; its day is kept even if the month is shorter."""
    if parts["bare_year"]:
        return int(parts["bare_year"]), 0, 0
    if parts["iso"]:
        year, month, day = map(int, parts["iso"].split("-"))
        return year, month, day
    if parts["relative"]:
        parsed = parser.get_date_data(parts["relative"]).date_obj
        return (parsed.year, parsed.month, parsed.day) if parsed else None
    name = parts["day_month"] or parts["us_month"] or parts["month"] or parts["bare_month"] or ""
    year_written = next(filter(None, (parts[name] for name in _YEARS)), "")
    day = int(parts["day"] or parts["us_day"] or 0)
    month_and_year = f"{_english(name)} {year_written}".strip()
    # First with its day, so that “28 December” in an article of 5 December is last year's.
    spelled = f"{day} {month_and_year}" if day else month_and_year
    parsed = parser.get_date_data(spelled).date_obj or parser.get_date_data(month_and_year).date_obj
    return (parsed.year, parsed.month, day) if parsed else None


def _english(month: str) -> str:
    for names, english in _ARABIC_MONTHS.items():
        if month in names.split("|"):
            return english
    return month
