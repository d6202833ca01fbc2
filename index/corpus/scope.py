"""Which articles a search looks into. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from citadel.index.corpus.articles import Article
from citadel.index.corpus.dates import iso_date
from citadel.index.errors import CitadelError
from citadel.index.wording import message

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_SETS = ("only", "without", "publishers", "languages")
_DATES = ("since", "until")


@dataclass(frozen=True, slots=True)
class Scope:
    """What an article must be like to be searched; a field that is empty asks for nothing.

    Attributes:
        only: The file names of the articles to search.
        without: The file names of those to leave out.
        publishers: Who may have published it, in any case of letters.
        languages: ISO 639-1 codes.
        since: "2016", "2016-12" or "2016-12-05": the article may be from then on.
        until: The same: it may be up to then, that year, month or day included.

    """

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, values: object) -> Scope:
        """Take a scope from JSON: an object with some of the attributes, lists for the sets.

        Raises:
            CitadelError: It is of another form; the message names what is wrong.

        """
        if not isinstance(values, dict):
            raise CitadelError("A scope is an object; give it “only”, “since” or the like.")
        chosen: dict[str, Any] = {}
        for name, value in values.items():
            if name in _DATES and isinstance(value, str):
                chosen[name] = value
            elif name in _SETS and _is_list_of_strings(value):
                chosen[name] = frozenset(value)
            elif name in _DATES + _SETS:
                kind = "a string" if name in _DATES else "a list of strings"
                raise CitadelError(f"In a scope “{name}” is {kind}; mend it.")
            else:
                known = ", ".join(_SETS + _DATES)
                raise CitadelError(f"A scope has no “{name}”; it may have {known}.")
        return cls(**chosen)

    def __post_init__(self) -> None:
        """Refuse what is no date, or no time between two of them.

        Raises:
            CitadelError: A date is none, or given in another form, or the last is the earlier one.

        """
        for date in (self.since, self.until):
            if date and (_DATE.fullmatch(date) is None or not iso_date(date)):
                raise CitadelError(f"The date {date!r} is none; write 2016, 2016-12 or 2016-12-05.")
        if self.until and self.since[: len(self.until)] > self.until[: len(self.since)]:
            raise CitadelError(
                f"The time from {self.since} until {self.until} ends before it begins; "
                "exchange the dates."
            )

    def articles(self, articles: Iterable[Article]) -> tuple[Article, ...]:
        """Return those of the articles that are searched, in their order.

        Raises:
            CitadelError: There are none.

        """
        found = tuple(article for article in articles if self._holds(article))
        if not found:
            raise CitadelError(message("No article is like that; search in more of them."))
        return found

    def _holds(self, article: Article) -> bool:
        return (
            (not self.only or article.source in self.only)
            and article.source not in self.without
            and (not self.publishers or _is_one_of(article.publisher, self.publishers))
            and (not self.languages or _is_one_of(article.language, self.languages))
            and self._is_of_its_time(article.date)
        )

    def _is_of_its_time(self, date: str) -> bool:
        """Compare dates as far as both are known: December 2016 may be since the fifth of it."""
        if not (self.since or self.until):
            return True
        since, until = self.since[: len(date)], self.until[: len(date)]
        return (
            bool(date)
            and date[: len(since)] >= since
            and (not until or date[: len(until)] <= until)
        )


EVERYTHING = Scope()


def _is_list_of_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_one_of(value: str, values: frozenset[str]) -> bool:
    return value.casefold() in {each.casefold() for each in values}
