"""Words for people that can be said in other languages, too.

Each is a text in English, and remembers what it was made of: a caller with a catalogue of another
language makes the same of that (``citadel.qa.page.locales``); for everybody else it is a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self, TypeAlias

Value: TypeAlias = str | int

Row: TypeAlias = Literal["standard", "or", "unit"]


class Message(str):
    """A sentence, or words of a few, in which values stand in the places of their names.

    Attributes:
        pattern: With names of values in braces: “Not found: {parts}.”
        plural: The same for another number than one; "" where nothing is counted.
        number: How many are counted; 0 where nothing is.
        values: By their names. Those that are wordings are said in the other language, too.

    """

    __slots__ = ("number", "pattern", "plural", "values")

    pattern: str
    plural: str
    number: int
    values: dict[str, Value]

    @classmethod
    def of(cls, pattern: str, plural: str, number: int, values: dict[str, Value]) -> Self:
        """Put values into a pattern, or into its plural if there is one and the number is not 1."""
        chosen = plural if plural and number != 1 else pattern
        made = cls(chosen.format(**values))
        made.pattern, made.plural, made.number, made.values = pattern, plural, number, values
        return made


class Listing(str):
    """Several words in a row, with “and”, “or” or a comma before the last.

    Attributes:
        items: The words.
        kind: "standard" for “and”, "or" for “or”, "unit" for a comma, as the CLDR calls these.

    """

    __slots__ = ("items", "kind")

    items: tuple[str, ...]
    kind: Row

    @classmethod
    def of(cls, items: Sequence[str], kind: Row, before_last: str) -> Self:
        """Return the words in a row, in English."""
        *before, last = items
        made = cls(f"{', '.join(before)}{before_last}{last}" if before else last)
        made.items, made.kind = tuple(items), kind
        return made


class CalendarDate(str):
    """A date in words, such as “5 December 2016”.

    Attributes:
        year: The year.
        month: From 1; 0 where it is not known.
        day: From 1; 0 where it is not known. No calendar need have it.

    """

    __slots__ = ("day", "month", "year")

    year: int
    month: int
    day: int

    @classmethod
    def of(cls, year: int, month: int, day: int, words: str) -> Self:
        """Return a date, with its English words."""
        made = cls(words)
        made.year, made.month, made.day = year, month, day
        return made


class LanguageName(str):
    """The name of a language, such as “English”.

    Attributes:
        code: The ISO 639-1 code.

    """

    __slots__ = ("code",)

    code: str

    @classmethod
    def of(cls, code: str, name: str) -> Self:
        """Return the name, in English."""
        made = cls(name)
        made.code = code
        return made


def message(pattern: str, /, **values: Value) -> Message:
    """Return a sentence with its values: ``message("Not found: {what}.", what=name)``."""
    return Message.of(pattern, "", 0, values)


def counted(singular: str, plural: str, count: int, /, **values: Value) -> Message:
    """Return a sentence about a number: ``counted("{count} page", "{count} pages", 3)``."""
    return Message.of(singular, plural, count, {"count": count, **values})


def all_of(items: Sequence[str]) -> Listing:
    """Return “one, two and three”; one item at least."""
    return Listing.of(items, "standard", " and ")


def one_of(items: Sequence[str]) -> Listing:
    """Return “one, two or three”; one item at least."""
    return Listing.of(items, "or", " or ")


def in_row(items: Sequence[str]) -> Listing:
    """Return “one, two, three”; one item at least."""
    return Listing.of(items, "unit", ", ")
