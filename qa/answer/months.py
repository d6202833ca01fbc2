"""The names of months: in English, and as Syria and the rest of the Arab world have them."""

from __future__ import annotations

_NAMES = (
    ("january", "jan", "يناير", "كانون الثاني"),
    ("february", "feb", "فبراير", "شباط"),
    ("march", "mar", "مارس", "آذار"),
    ("april", "apr", "أبريل", "نيسان"),
    ("may", "مايو", "أيار"),
    ("june", "jun", "يونيو", "حزيران"),
    ("july", "jul", "يوليو", "تموز"),
    ("august", "aug", "أغسطس", "آب"),
    ("september", "sept", "sep", "سبتمبر", "أيلول"),
    ("october", "oct", "أكتوبر", "تشرين الأول"),
    ("november", "nov", "نوفمبر", "تشرين الثاني"),
    ("december", "dec", "ديسمبر", "كانون الأول"),
)
ENGLISH = tuple(names[0].capitalize() for names in _NAMES)
"""Their names in English, January first."""

_NUMBERS = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
_LONGEST_FIRST = sorted(_NUMBERS, key=len, reverse=True)

# ASCII, or “Aprıl” would be April without regard to case, and in lower case it would not.
MONTH = "(?a:{})".format("|".join(_LONGEST_FIRST).replace(" ", r"(?u:\s+)"))
"""The pattern of a name of a month, for expressions that disregard case."""


def month_number(name: str) -> int:
    """Return the number, from 1, of a month whose name ``MONTH`` matches."""
    return _NUMBERS[" ".join(name.lower().split())]
