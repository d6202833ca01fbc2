"""Which days a text names, and which of those no calendar has. Pure."""

from __future__ import annotations

import calendar
import re

from citadel.index.wording import all_of, message
from citadel.qa.answer.months import MONTH, month_number

_DATE = re.compile(
    rf"""\b(?:
        (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTH})\b\.?
        (?:,?\s+(?P<year>\d{{4}})\b)?
      | (?P<us_month>{MONTH})\.?\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)
        (?:,\s*(?P<us_year>\d{{4}})\b)?
      | (?P<iso_year>\d{{4}})-(?P<iso_month>\d{{2}})-(?P<iso_day>\d{{2}})\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LEAP_YEAR = 2000


Day = tuple[int, int, int]
"""Day, month and year; 0 for a year that is not written."""


def days_named(text: str) -> frozenset[Day]:
    """Return the days of a month that a text names, whether a calendar has them or not."""
    return frozenset(_day(match) for match in _DATE.finditer(text))


def same_day(one: Day, other: Day) -> bool:
    """Return whether two days may be the same: a year that is not written may be any."""
    return one[:2] == other[:2] and (one[2] == other[2] or 0 in (one[2], other[2]))


def impossible_dates(text: str) -> tuple[str, ...]:
    """Return the dates in a text that no calendar has, as written, in their order.

    A day of February without a year may be in a leap year. A number above 31 next to the name of
    a month is no date at all, as in “in May 40 people left”.
    """
    return tuple(match.group().strip() for match in _DATE.finditer(text) if not _exists(match))


def date_warning(quote: str) -> str:
    """Return one sentence on what is wrong with a quoted text, or ""."""
    dates = impossible_dates(quote)
    if not dates:
        return ""
    return message(
        "The source says {dates}; there is no such day in the calendar.",
        dates=all_of([f"“{date}”" for date in dates]),
    )


def _exists(match: re.Match[str]) -> bool:
    day, month, year = _day(match)
    names_month = match["iso_month"] is None
    if names_month and not 1 <= day <= 31:
        return True
    written = (match["year"], match["us_year"], match["iso_year"])
    if "0000" in written or not 1 <= month <= 12:
        return False
    return 1 <= day <= calendar.monthrange(year or _LEAP_YEAR, month)[1]


def _day(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    name = parts["month"] or parts["us_month"]
    return (
        int(parts["day"] or parts["us_day"] or parts["iso_day"]),
        month_number(name) if name else int(parts["iso_month"]),
        int(parts["year"] or parts["us_year"] or parts["iso_year"] or 0),
    )
