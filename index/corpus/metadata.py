"""What is known about an article: the fields of front matter, and how they must be written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from citadel.index.corpus.decoding import visible
from citadel.index.errors import CitadelError

FIELDS = ("title", "subtitle", "author", "publisher", "date", "language", "origin", "url")
"""The names that are understood; others are nobody's harm and ignored."""

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")
_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_LONGEST = 1000


def parse_metadata(text: str, source: str, first_line: int) -> Mapping[str, str]:
    """Read “name: value” lines as YAML.

    Args:
        text: The lines.
        source: The name of the file, for messages.
        first_line: The number of the first of these lines in the file, for messages.

    Raises:
        CitadelError: It is no YAML mapping of names to plain values.

    """
    try:
        # BaseLoader keeps every value as written: 2016-12 stays a string and "no" a language.
        values: Any = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + first_line}" if where is not None else ""
        raise CitadelError(
            f"{source}{line}: not valid YAML; write one “name: value” on each line."
        ) from error
    if values in (None, ""):
        return {}
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise CitadelError(
            f"{source}: metadata must be names with plain values; "
            "write one “name: value” on each line."
        )
    known = {name: visible(value).strip() for name, value in values.items()}
    return {name: value for name, value in known.items() if value}


def check_metadata(metadata: Mapping[str, str], source: str) -> None:
    """Refuse a date, a language or an address that somebody wrote in another form.

    Raises:
        CitadelError: One of them is wrong; the message names the file and the form to use.

    """
    date, language, url = (metadata.get(name, "") for name in ("date", "language", "url"))
    if date and not is_date(date):
        raise CitadelError(
            f"{source}: the date {date!r} is none; write 2016, 2016-12 or 2016-12-05."
        )
    if language and _LANGUAGE.fullmatch(language) is None:
        raise CitadelError(
            f"{source}: the language {language!r} is none; write a code such as en or ar."
        )
    if url and not is_url(url):
        raise CitadelError(
            f"{source}: the url {url!r} is none; write one that begins with https:// or http://."
        )


def plausible_metadata(metadata: Mapping[str, str | None]) -> dict[str, str]:
    """Keep what a file tells about itself as far as it has the right form.

    Nobody wrote these values for Citadel: a wrong one is left out, not complained about.
    """
    found = {
        name: " ".join(visible(value).split())[:_LONGEST]
        for name, value in metadata.items()
        if value
    }
    forms = {"date": is_date, "url": is_url, "language": is_language}
    return {
        name: value
        for name, value in found.items()
        if value and (name not in forms or forms[name](value))
    }


def is_date(value: str) -> bool:
    """Tell “2016”, “2016-12” and “2016-12-05” from everything else."""
    return _DATE.fullmatch(value) is not None


def is_language(value: str) -> bool:
    """Tell a code such as “en” or “ar-SY” from everything else."""
    return _LANGUAGE.fullmatch(value) is not None


def is_url(value: str) -> bool:
    """Tell an address on the web, which alone may become a link, from everything else."""
    return _URL.fullmatch(value) is not None
