"""What a PDF says of itself in its information dictionary, and how far it may be believed. Pure.

Programs fill the title and the author with whatever they have: the name of a draft, of the owner of
the computer. The day of creation is that of the file, which may be years after the article's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from citadel.index.corpus.bylines import is_person
from citadel.index.corpus.dates import iso_date
from citadel.index.corpus.metadata import plausible_metadata

_CREATED = re.compile(r"(?:D:)?(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)")
"""ISO 32000-1, 7.9.4: D:YYYYMMDDHHmmSS, with the difference from universal time."""

_HEAD = 3000
"""A document gives its own date within this many code points."""

_PRINTED_DATE = re.compile(
    r"\d{1,2}(?:st|nd|rd|th|\.)?\s(?:of\s)?[^\W\d_]+\.?,?\s\d{4}|[^\W\d_]+\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}"
    r"|[^\W\d_]+\.?,?\s\d{4}(?![-\d])|\d{4}-\d\d-\d\d|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}"
)
_DRAFT = re.compile(
    r"""microsoft\s(?:word|powerpoint|excel|publisher)\b.* | (?:power)?point\s+presentation
    | .*\.(?:docx?|odt|rtf|pdf|pptx?|xlsx?|indd|qxd|pub|wpd|tex|dvi|ps|txt|html?|pages)
    | (?:untitled|unnamed|no\stitle|document|title|layout|slide|page|scan\w*|img|image|print|new)
      [\W\d_]*.{0,12}
    | (?:about:|file:|https?:).*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
"""What programs give for a title where nobody gave one."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_SPACES = re.compile(r"\s+")


def borne_out(told: Mapping[str, str], text: str) -> dict[str, str]:
    """Return title, author and date as far as the pages themselves show them.

    Of the day of creation as much is the article's date as is printed near its beginning.

    Args:
        told: By the names of PDF: Title, Author, CreationDate.
        text: What is printed.

    """
    stated = plausible_metadata({"title": told.get("Title"), "author": told.get("Author")})
    single = _SPACES.sub(" ", text)
    printed = single.casefold()
    shown = {name: value for name, value in stated.items() if value.casefold() in printed}
    created = _CREATED.match(told.get("CreationDate", ""))
    if created is None:
        return shown
    day = f"{created['year']}-{created['month']}-{created['day']}"
    dates = {iso_date(match[0]) for match in _PRINTED_DATE.finditer(single[:_HEAD])}
    found = next((date for date in (day, day[:7]) if date in dates), "")
    return {**shown, "date": found} if found else shown


def said_only(told: Mapping[str, str]) -> dict[str, str]:
    """Return title and author that somebody seems to have given: no draft's name, no account's."""
    stated = plausible_metadata({"title": told.get("Title"), "author": told.get("Author")})
    title, author = stated.get("title", ""), stated.get("author", "")
    plausible = {
        "title": len(_WORD.findall(title)) > 1 and _DRAFT.fullmatch(title) is None,
        "author": is_person(author),
    }
    return {name: value for name, value in stated.items() if plausible[name]}
