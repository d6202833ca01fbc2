"""How a spreadsheet shows the numbers that it holds: 0.12 as 12 %, 42710 as a day. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
}  # fmt: skip
"""Formats that files name by a number only (ECMA-376, part 1, 18.8.30)."""

_LITERAL = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
)
_BRACKETS = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
_DATE_SIGNS = re.compile(r"[ymdhs]", re.IGNORECASE)
_DIGITS = re.compile(r"(?P<whole>[#0?,]+)?(?:\.(?P<decimals>[#0?]*))?")
_LAST_DAY = 2_958_466
_SIGNIFICANT = 15
"""Digits that Excel keeps of a number."""

_DAY = 86_400
_NO_DAY = 60
"""Excel counts a 29 February 1900, which no calendar has."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How the numbers of some cells are shown.

    Attributes:
        code: As a spreadsheet writes it: “0.0%”, “yyyy-mm-dd”; "" for General.

    """

    code: str = ""

    @classmethod
    def numbered(cls, number: int, own: dict[int, str]) -> NumberFormat:
        """Return the format of a number, given those that the file defines itself."""
        code = own.get(number, _BUILT_IN.get(number, ""))
        return cls("" if code.casefold() in ("general", "@") else code)

    def shown(self, value: str, *, from_1904: bool = False) -> str:
        """Return a number as its cell shows it; a day and a time as ISO 8601 has them.

        Args:
            value: The number as the file holds it.
            from_1904: Whether days are counted from 1904, as old files of the Macintosh do.

        """
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        if not number.is_finite() or abs(number) > Decimal(10) ** 300:
            return value
        section = self._section(number)
        plain = _BRACKETS.sub("", _LITERAL.sub("", section))
        if _DATE_SIGNS.search(plain) and "general" not in plain.casefold():
            return _moment(number, plain, from_1904=from_1904) or _general(number)
        return _figure(number, section) if plain.strip() else _general(number)

    def _section(self, number: Decimal) -> str:
        """Return the part of the format for a number of its sign."""
        sections = self.code.split(";")
        if number == 0 and len(sections) > 2 and sections[2]:
            return sections[2]
        return sections[0]


def _general(number: Decimal) -> str:
    """Return a number in full, with the digits that a spreadsheet keeps."""
    rounded = Decimal(f"{number:.{_SIGNIFICANT}g}")
    if rounded == 0:
        return "0"
    if abs(rounded.adjusted()) > _SIGNIFICANT:
        return f"{rounded.normalize():E}"
    written = f"{rounded:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _figure(number: Decimal, section: str) -> str:
    """Write a number with the decimals, groups and signs of its format; fractions as General."""
    signs = _BRACKETS.sub("", _LITERAL.sub(_literal, section))
    digits = next((m for m in _DIGITS.finditer(signs) if m[0].strip(",")), None)
    if digits is None or re.search(r"[eE][+-]|/", signs):
        return _general(number)
    before, after = signs[: digits.start()], signs[digits.end() :]
    scaled = number * 100 if "%" in before + after else number
    whole = digits["whole"] or ""
    thousands = len(whole) - len(whole.rstrip(","))
    decimals = digits["decimals"] or ""
    exponent = Decimal(1).scaleb(-len(decimals))
    try:
        rounded = (scaled / Decimal(1000) ** thousands).quantize(exponent, ROUND_HALF_UP)
    except InvalidOperation:
        return _general(number)
    written = f"{abs(rounded):{',' if ',' in whole.rstrip(',') else ''}f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        written = written.removesuffix("0")
    sign = "-" if rounded < 0 else ""
    return f"{sign}{before.lstrip('(-')}{written.rstrip('.')}{after.rstrip(')')}".strip()


def _literal(sign: re.Match[str]) -> str:
    return sign["quoted"] or sign["escaped"] or sign["currency"] or ""


def _moment(number: Decimal, code: str, *, from_1904: bool) -> str:
    """Return the day, the time or both that a number stands for; "" where there is none."""
    days = number + (1462 if from_1904 else 0)
    if not 0 <= days < _LAST_DAY:
        return ""
    seconds = int((days * _DAY).quantize(Decimal(1), ROUND_HALF_UP))
    if re.search(r"\[[hms]+\]", code, re.IGNORECASE):
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    whole = seconds // _DAY
    moment = datetime(1899, 12, 31) + timedelta(
        days=whole - (whole > _NO_DAY), seconds=seconds % _DAY
    )
    return "" if whole == _NO_DAY else _written(moment, code.casefold())


def _written(moment: datetime, code: str) -> str:
    """Write a moment with what its format shows of it: day, month, year, time."""
    clock = f"{moment:%H:%M:%S}".removesuffix(":00") if re.search("[hs]", code) else ""
    if "y" in code:
        day = f"{moment:%Y-%m-%d}" if "d" in code else f"{moment:%Y-%m}"
    else:
        day = f"{moment.day} {moment:%B}" if "d" in code else ""
    return " ".join(filter(None, (day, clock))) or f"{moment:%B}"
