"""A date as people write it, with a time, in words or in numbers, as ISO 8601 has it. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_MONTH_NAMES = (
    "january jan janvier janv januar jänner enero ene يناير كانون-الثاني",
    "february feb février fevrier févr fevr februar febrero فبراير شباط",
    "march mar mars märz marz marzo مارس آذار",
    "april apr avril avr abril abr أبريل إبريل ابريل نيسان",
    "may mai mayo مايو أيار",
    "june jun juin juni junio يونيو حزيران",
    "july jul juillet juil juli julio يوليو تموز",
    "august aug août aout agosto ago أغسطس آب",
    "september sept sep septembre septiembre سبتمبر أيلول",
    "october oct octobre oktober okt octubre أكتوبر تشرين-الأول",
    "november nov novembre noviembre نوفمبر تشرين-الثاني",
    "december dec décembre decembre déc dezember dez diciembre dic ديسمبر كانون-الأول",
)
"""English, French, German, Spanish, and both Arabic ways to name the months."""

_MONTHS = {
    unicodedata.normalize("NFC", name.replace("-", " ")): number
    for number, names in enumerate(_MONTH_NAMES, start=1)
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))})\b\.?"
_OF = r"(?:of|de|del|من)"
_TIME = r"(?:(?:t|,?\s+(?:at\s+|um\s+|à\s+)?)\d{1,2}(?:[:.h]\d{2}|\s*[ap]\.?m).*)?"
_ZONE = r"(?:z|[+-]\d\d:?\d\d)?"
_FORMS = tuple(
    re.compile(form + _TIME)
    for form in (
        r"(?P<year>\d{4})",
        rf"(?P<year>\d{{4}})(?P<gap>[-/.])(?P<month>\d{{1,2}})(?:(?P=gap)(?P<day>\d{{1,2}}))?{_ZONE}",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
        r"(?P<first>\d{1,2})(?P<gap>[-/])(?P<second>\d{1,2})(?P=gap)(?P<year>\d{4})",
        rf"(?:the\s+|le\s+|el\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:\s+|-)"
        rf"(?:{_OF}\s+)?{_MONTH},?(?:\s+|-)(?:{_OF}\s+)?(?P<year>\d{{4}})",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})\s+{_MONTH}\s+(?P<day>\d{{1,2}})",
        rf"{_MONTH},?(?:\s+|-)(?:{_OF}\s+)?(?P<year>\d{{4}})",
    )
)
_IN_NUMBERS = re.compile(
    r"(?<![\w./-])(?:\d{1,2}(?P<gap>[-/.])\d{1,2}(?P=gap)\d{4}"
    r"|\d{4}(?P<sign>[-/.])\d{1,2}(?P=sign)\d{1,2})(?![\w/-]|\.\w)"
)
_WEEKDAY = re.compile(r"^(?:[^\W\d_]+(?:day|tag|di)|mon|tue|wed|thu|fri|sat|sun)\b[.,]?\s+")


def iso_date(written: str) -> str:
    """Return “2016”, “2016-12” or “2016-12-05” for a date, as exact as it is written.

    A time is dropped, in whatever zone it is. “05/12/2016”, which is another day in another
    country, is no date, nor is a day that no calendar has: what is returned then is "".
    """
    plain = _plain(written)
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match is not None:
            return _as_iso(match)
    return ""


def with_iso_dates(text: str) -> str:
    """Return a text whose dates in numbers are as ISO 8601 has them: “28/9/2016” is “2016-09-28”.

    What is no date, or another one in another country, stays as it is written.
    """
    return _IN_NUMBERS.sub(lambda match: iso_date(match[0]) or match[0], text)


def _plain(written: str) -> str:
    """Return a date in small letters, with digits 0-9 and single spaces, without its weekday."""
    composed = unicodedata.normalize("NFC", written).casefold()
    digits = "".join(str(unicodedata.decimal(char, char)) for char in composed)
    return _WEEKDAY.sub("", " ".join(digits.split()))


def _as_iso(match: re.Match[str]) -> str:
    parts = match.groupdict()
    year, month, day = int(parts["year"]), parts.get("month"), parts.get("day")
    if parts.get("first"):
        day, month = _day_and_month(parts["first"], parts["second"])
    elif not month:
        return f"{year:04}" if year else ""
    number = _MONTHS[month] if month in _MONTHS else int(month or 0)
    try:
        whole = date(year, number, int(day or 1)).isoformat()
    except ValueError:
        return ""
    return whole if day else whole[:7]


def _day_and_month(first: str, second: str) -> tuple[str, str]:
    """Distinguish the day from the month by size; both are “0” where either may be either."""
    if int(first) > 12 or first == second:
        return first, second
    return (second, first) if int(second) > 12 else ("0", "0")
