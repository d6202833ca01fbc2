"""The languages of the page: what it says, and how dates and numbers are written.

English is what stands in the code; each other language is a catalogue in ``languages/``, a file
of GNU gettext (``ar.po``) that is read when the page begins. A reader's locale is a value, which
goes down to everything that makes words for that reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

import babel
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from citadel.index.wording import CalendarDate, LanguageName, Listing, Message, Value
from citadel.qa.answer.markup import escape

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_LONGEST_TAG = 35
"""RFC 5646 asks for no more."""

_DIGITS = {
    "arab": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "arabext": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
}
"""By the numbering systems of the CLDR; Babel knows which of them a country has."""

_FORMATS_OF_ENGLISH = "en_GB"
"""“5 December 2016”, wherever the reader is."""

_REFUSING = frozenset(
    {"index/corpus/uploads.py", "qa/service/adding_api.py", "qa/service/additions.py"}
)
"""Where the words are said by which a server refuses a file; they are sent in English."""


@dataclass(frozen=True, slots=True)
class Locale:
    """A language of the page, as it is written in a country.

    Attributes:
        language: Its ISO 639 code: one of ``languages()``.
        territory: The country, by ISO 3166; "" where the browser names none.

    """

    language: str = "en"
    territory: str = ""

    @property
    def tag(self) -> str:
        """The tag of BCP 47, for the attribute ``lang``: “ar-SY”."""
        return f"{self.language}-{self.territory}" if self.territory else self.language

    @property
    def direction(self) -> str:
        """Which way the language runs: "rtl" or "ltr"."""
        return str(self._formats.text_direction)

    def say(self, pattern: str, /, **values: Value) -> str:
        """Return a sentence of the catalogue with its values, as text."""
        return self._filled(_translations(self.language).gettext(pattern), values)

    def counted(self, singular: str, plural: str, count: int, /, **values: Value) -> str:
        """Return a sentence about a number, which stands in it as ``{count}``, as text."""
        chosen = _translations(self.language).ngettext(singular, plural, count)
        return self._filled(chosen, {"count": count, **values})

    def html(self, pattern: str, /, **values: str) -> str:
        """Return a sentence of the catalogue as HTML; the values are HTML already."""
        found = _translations(self.language).gettext(pattern)
        return _put(found, lambda name: values[name], escape)

    def told(self, words: str) -> str:
        """Return words that were made below the page; what is no wording is quoted as it is."""
        match words:
            case Message():
                if words.plural:
                    return self.counted(words.pattern, words.plural, words.number, **words.values)
                return self.say(words.pattern, **words.values)
            case Listing():
                items = [self.told(item) for item in words.items]
                return format_list(items, words.kind, self._formats)
            case CalendarDate():
                return self.date(words.year, words.month, words.day)
            case LanguageName():
                return self.language_name(words.code)
            case _:
                return words

    def number(self, number: int) -> str:
        """Return a number in the digits of the locale, without separators."""
        digits = _DIGITS.get(self._formats.default_numbering_system)
        return str(number).translate(digits) if digits else str(number)

    def date(self, year: int, month: int = 0, day: int = 0) -> str:
        """Return a date as far as it is known; the day need not be in the calendar."""
        if not month:
            return self.number(year)
        formats = self._formats
        pattern = formats.date_formats["long"] if day else formats.datetime_skeletons["yMMMM"]
        parts = {
            "y": self.number(year),
            "MMMM": formats.months["format"]["wide"][month],
            "M": self.number(month),
            "d": self.number(day),
        }
        return str(pattern.format % parts)

    def language_name(self, code: str) -> str:
        """Return the name of a language, or its ISO 639-1 code where it has none."""
        return str(self._formats.languages.get(code, code))

    @property
    def _formats(self) -> babel.Locale:
        if self.language == "en":
            return babel.Locale.parse(_FORMATS_OF_ENGLISH)
        return babel.Locale(self.language, self.territory or None)

    def _filled(self, pattern: str, values: dict[str, Value]) -> str:
        def value(name: str) -> str:
            given = values[name]
            return self.number(given) if isinstance(given, int) else self.told(given)

        return _put(pattern, value, str)


ENGLISH = Locale()


@cache
def languages() -> dict[str, str]:
    """Return the languages of the page: the name that each has in itself, by its code."""
    folder = files("citadel.qa.page").joinpath("languages")
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".po"))
    codes = ["en", *(name.removesuffix(".po") for name in names)]
    return {code: _own_name(code) for code in codes}


def locale_of(tag: object) -> Locale:
    """Return the locale of a language tag, which may be anything; English where there is none."""
    return _offered(tag) or ENGLISH


def reader_locale(chosen: str, accepted: str) -> Locale:
    """Return the locale of a reader.

    Args:
        chosen: The code of the language that was chosen by hand; "" where none was.
        accepted: The header Accept-Language of the browser, which may be anything.

    """
    offered = [locale for tag in _by_preference(accepted) if (locale := _offered(tag))]
    if chosen in languages():
        # The browser still knows the country.
        return next((each for each in offered if each.language == chosen), Locale(chosen))
    return next(iter(offered), ENGLISH)


@cache
def script_words(locale: Locale) -> str:
    """Return what the scripts of the page need to speak, as JSON that may stand in HTML.

    The catalogue names the file of each message, so that only those of scripts are sent.
    """
    catalogue = _catalogue(locale.language)
    words = {
        message.id[0] if isinstance(message.id, tuple) else message.id: message.string
        for message in catalogue
        if message.id and any(_is_said_there(file) for file, _ in message.locations)
    }
    about = {
        "language": locale.tag,
        "digits": [locale.number(digit) for digit in range(10)],
        "rightToLeft": [code for code in languages() if Locale(code).direction == "rtl"],
        "words": words,
    }
    return json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")


def _is_said_there(file: str) -> bool:
    """Return whether scripts say the words of a file: their own, or a server's that refuses one."""
    return file.endswith(".js") or file in _REFUSING


def direction_of(code: str) -> str:
    """Return which way any language runs, by its ISO 639-1 code; "auto" where nobody knows."""
    try:
        return str(babel.Locale.parse(code).text_direction)
    except (ValueError, babel.UnknownLocaleError):
        return "auto"


def _own_name(code: str) -> str:
    name = str(babel.Locale(code).get_language_name())
    return name[0].upper() + name[1:]


def _by_preference(accepted: str) -> list[str]:
    """Return the tags of an Accept-Language header, the most wanted first (RFC 9110, 12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for part in accepted.split(",")[:50]:
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.partition("=")[2]) if weight else 1.0
        except ValueError:
            continue
        if quality > 0:
            weighed.append((quality, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda each: -each[0])]


def _offered(tag: object) -> Locale | None:
    """Return the locale of a tag; None where the page has no such language."""
    if not isinstance(tag, str) or len(tag) > _LONGEST_TAG:
        return None
    try:
        parsed = babel.Locale.parse(tag, sep="-")
    except (ValueError, babel.UnknownLocaleError):
        # “ar-XX” is Arabic all the same.
        language = tag.partition("-")[0].lower()
        return Locale(language) if language in languages() else None
    if parsed.language not in languages():
        return None
    if parsed.language == "en":
        return ENGLISH
    known = babel.localedata.exists(f"{parsed.language}_{parsed.territory}")
    return Locale(parsed.language, parsed.territory if known and parsed.territory else "")


def _put(pattern: str, value: Callable[[str], str], literal: Callable[[str], str]) -> str:
    """Return a pattern with values in place of their names, the rest through a filter."""
    pieces = _PLACEHOLDER.split(pattern)
    filled = (value(piece) if place % 2 else literal(piece) for place, piece in enumerate(pieces))
    return "".join(filled)


@cache
def _catalogue(language: str) -> Catalog:
    if language == "en":
        return Catalog("en")
    path = files("citadel.qa.page").joinpath("languages", f"{language}.po")
    return read_po(BytesIO(path.read_bytes()), language)


@cache
def _translations(language: str) -> NullTranslations:
    """Return what looks words up; English ones are those of the code."""
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, _catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)
