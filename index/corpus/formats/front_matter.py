"""The lines between two fences at the top of a text that state what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citadel.index.corpus.layout import Span, trim
from citadel.index.corpus.metadata import FIELDS, Stated, parse_toml, parse_yaml

_FENCED = re.compile(
    r"""\A(?:[^\S\n]*\n)*
    (?P<fence>---|\+\+\+)[ \t]*\n
    (?P<fields>(?:.*\n)*?)
    (?:(?P=fence)|\.\.\.)[ \t]*(?:\n|\Z)""",
    re.VERBOSE,
)
_LONGEST = 50_000
"""More code points than this between two rules are a chapter."""

_CUSTOMARY = frozenset(FIELDS) | {
    "aliases", "authors", "categories", "description", "draft", "keywords", "lang", "layout",
    "permalink", "slug", "tags",
}  # fmt: skip
"""Names that say by themselves that something is stated about an article."""

_KEY = re.compile(r"[a-z_][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a text states about itself before it begins.

    Attributes:
        stated: The fields, and what could not be read of them.
        header: Where the fields stand; None when there are none.
        end: Where the text itself begins.

    """

    stated: Stated
    header: Span | None
    end: int


def find_front_matter(text: str) -> FrontMatter | None:
    """Read the YAML between “---” and “---” or the TOML between “+++” and “+++” at the top.

    A text that begins with a rule has none: what stands up to its next rule is prose.
    """
    found = _FENCED.match(text)
    if found is None or len(found["fields"]) > _LONGEST:
        return None
    stated = (parse_yaml if found["fence"] == "---" else parse_toml)(found["fields"])
    if not _states_something(found["fields"], stated):
        return None
    header = trim(text, found.start("fields"), found.end("fields"))
    return FrontMatter(stated, header, found.end())


def _states_something(between: str, stated: Stated) -> bool:
    """Distinguish fields, or nothing at all, from prose between two rules."""
    first = between.split("\n", 1)[0]
    apart = bool(between) and not first.strip()
    if not stated.names:
        return not stated.strays and not apart
    if len(stated.strays) >= len(stated.names) or between.strip().startswith(stated.strays[:1]):
        return False
    names = [name.casefold() for name in stated.names]
    return not _CUSTOMARY.isdisjoint(names) or (
        not apart and all(_KEY.fullmatch(name) for name in stated.names)
    )
