"""What is known about an article: its fields, how they may be written, and how they are kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from textwrap import dedent
from typing import Any

import yaml

from citadel.index.corpus.dates import iso_date
from citadel.index.corpus.decoding import visible
from citadel.index.errors import CitadelError

FIELDS = ("title", "subtitle", "author", "publisher", "date", "language", "origin", "url")
"""The names that are understood; others do no harm and are ignored."""

_MEANT = {"authors": "author", "lang": "language"}
"""Names that other programs give to these."""

_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")
_LOCALE = re.compile(r"(?P<code>[A-Za-z]{2,3})(?P<rest>(?:[-_][A-Za-z0-9]+)*)(?:[.@][\w.@-]+)?")
_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_LONGEST = 1000
_NAMED = 60
"""How many code points of what can't be read are enough to find it."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What lines of metadata state.

    Attributes:
        fields: What could be read, in the form in which it is kept; with it other names whose
            values are plain, as they are written.
        notes: What could not be read and is left out, a phrase each.
        names: All that are given a value, whether or not it could be read.
        strays: The lines that give no name a value.

    """

    fields: Mapping[str, str]
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Notation:
    """A way to write metadata.

    Attributes:
        load: Reads all of it, or one entry alone; raises an error of ``errors``.
        errors: What it raises when something is written otherwise.
        entry: Begins an entry, and gives its name and the text after the sign between them.

    """

    load: Callable[[str], Any]
    errors: tuple[type[Exception], ...]
    entry: re.Pattern[str]


_NAME = r"(?P<quote>[\"']?)(?P<name>[^\W\d][\w .-]{0,39}?)(?P=quote)[ \t]*"
_YAML = _Notation(
    # BaseLoader keeps every value as written: 2016-12 stays a string and "no" a language.
    lambda text: yaml.load(text, Loader=yaml.BaseLoader),
    (yaml.YAMLError, RecursionError),
    re.compile(rf"{_NAME}:(?P<value>.*)", re.DOTALL),
)
_TOML = _Notation(
    tomllib.loads,
    (ValueError, RecursionError),  # Too many digits are no TOMLDecodeError.
    re.compile(rf"{_NAME}=(?P<value>.*)", re.DOTALL),
)


def parse_yaml(text: str) -> Stated:
    """Read metadata in YAML; where that fails, read each entry by itself, as far as possible.

    “title: The mill: a history” is no YAML, but everybody sees what is meant.
    """
    return _parse(text, _YAML)


def parse_toml(text: str) -> Stated:
    """Read metadata in TOML; where that fails, read each entry by itself, as far as possible."""
    return _parse(text, _TOML)


def _parse(text: str, notation: _Notation) -> Stated:
    text = dedent(text)
    try:
        values = notation.load(text)
    except notation.errors:
        values = None
    strays: list[str] = []
    if not isinstance(values, dict):
        values, strays = _read_entries(text, notation)
    fields, notes = _understand(values)
    if strays:
        lines = "1 line" if len(strays) == 1 else f"{len(strays)} lines, the first of them"
        notes.append(f"{lines} “{_short(strays[0])}” gives no field a value and is left out")
    return Stated(fields, tuple(notes), tuple(map(str, values)), tuple(strays))


def _read_entries(text: str, notation: _Notation) -> tuple[dict[str, Any], list[str]]:
    """Read each “name: value” line; also return the lines that are none."""
    entries: list[list[str]] = []
    strays: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if notation.entry.match(line):
            entries.append([line])
        elif _is_only_indented(line, entries, notation):
            entries.append([line.lstrip()])
        elif entries and line.startswith((" ", "\t", "- ", "]", "}")):
            entries[-1].append(line)
        else:
            strays.append(line.strip())
    return dict(_read_entry("\n".join(lines), notation) for lines in entries), strays


def _is_only_indented(line: str, entries: list[list[str]], notation: _Notation) -> bool:
    """Distinguish a field that somebody indented from one that is part of the field above."""
    match = notation.entry.match(line.lstrip())
    if match is None or not entries:
        return match is not None
    above = notation.entry.match(entries[-1][0])
    has_value = above is not None and above["value"].strip(" \t>|-+") != ""
    return has_value and match["name"].casefold() in FIELDS


def _read_entry(entry: str, notation: _Notation) -> tuple[str, Any]:
    try:
        values = notation.load(entry)
    except notation.errors:
        values = None
    if isinstance(values, dict) and len(values) == 1:
        ((name, value),) = values.items()
        return str(name), value
    match = notation.entry.match(entry)
    if match is None:
        raise ValueError(f"{entry!r} is no entry")
    written = " ".join(match["value"].split())
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        written = written[1:-1]
    return match["name"], written


def _understand(values: Mapping[Any, Any]) -> tuple[dict[str, str], list[str]]:
    """Bring every field into the form in which it is kept; note those that have none."""
    fields: dict[str, str] = {}
    notes: list[str] = []
    # A name as it is written here wins over others that mean the same.
    for written, value in sorted(values.items(), key=lambda item: item[0] not in FIELDS):
        small = str(written).casefold()
        name = _MEANT.get(small, small)
        plain = _plain(value)
        if name not in FIELDS:
            if plain and isinstance(value, str):
                fields[str(written)] = plain
        elif plain is None:
            notes.append(f"the {name} can't be read and is left out; write “{name}: …” on one line")
        elif plain and name not in fields:
            kept = _KEPT[name](plain) if name in _KEPT else plain
            if kept:
                fields[name] = kept
            else:
                notes.append(
                    f"the {name} {_short(plain)!r} can't be read and is left out; {_MEND[name]}"
                )
    return fields, notes


def _plain(value: Any) -> str | None:
    """Return the text of a value; of a list its members'; None for what is nested deeper."""
    if isinstance(value, list):
        members = [None if isinstance(each, list) else _plain(each) for each in value]
        return None if None in members else ", ".join(filter(None, members))
    if isinstance(value, Mapping):
        name = value.get("name")
        return _plain(name) if isinstance(name, str) else None
    if isinstance(value, int) and value.bit_length() > _LONGEST:
        return None
    if isinstance(value, str | int | float | date | time):
        return " ".join(visible(str(value)).split())
    return None


def _short(text: str) -> str:
    return text if len(text) <= _NAMED else text[:_NAMED].rstrip() + "…"


def check_metadata(metadata: Mapping[str, str], source: str) -> None:
    """Refuse a date, a language or an address that somebody wrote in another form.

    Nor was an article published after tomorrow, which is what today is further east.

    Raises:
        CitadelError: One of them is wrong; the message names the file and the form to use.

    """
    for name, is_right in (("date", is_date), ("language", is_language), ("url", is_url)):
        value = metadata.get(name, "")
        if value and not is_right(value):
            raise CitadelError(f"{source}: the {name} {value!r} is none; {_MEND[name]}.")
    day = metadata.get("date", "")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    if day > tomorrow[: len(day)]:
        raise CitadelError(
            f"{source}: the date {day!r} is in the future; write when the article was published."
        )


def plausible_metadata(metadata: Mapping[str, str | None]) -> dict[str, str]:
    """Keep what a file says about itself, as far as it can be read.

    Nobody wrote these values for Citadel: a wrong one is left out, not complained about.
    """
    found = {
        name: " ".join(visible(value).split())[:_LONGEST]
        for name, value in metadata.items()
        if value
    }
    kept = {name: _KEPT[name](value) if name in _KEPT else value for name, value in found.items()}
    return {name: value for name, value in kept.items() if value}


def is_date(value: str) -> bool:
    """Return whether a text is a date: “2016”, “2016-12” or “2016-12-05”."""
    return _DATE.fullmatch(value) is not None


def is_language(value: str) -> bool:
    """Return whether a text is a language code such as “en” or “ar-SY”."""
    return _LANGUAGE.fullmatch(value) is not None


def is_url(value: str) -> bool:
    """Return whether a text is an address on the web, which alone may become a link."""
    return _URL.fullmatch(value) is not None


def language_code(written: str) -> str:
    """Return “en” for “EN”, “en-US” for “en_US.UTF-8”; "" for what is no code of a language."""
    match = _LOCALE.fullmatch(written)
    return "" if match is None else match["code"].lower() + match["rest"].replace("_", "-")


_KEPT: Mapping[str, Callable[[str], str]] = {
    "date": iso_date,
    "language": language_code,
    "url": lambda value: value if is_url(value) else "",
}
"""How the fields that have a form are brought into it; "" for what can't be."""

_MEND = {
    "date": "write 2016, 2016-12 or 2016-12-05",
    "language": "write a code such as en or ar",
    "url": "write one that begins with https:// or http://",
}
