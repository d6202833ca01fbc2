"""Whether a scope names what a collection has, and what is near to what it doesn't have. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from citadel.index.corpus.articles import Article
from citadel.index.corpus.scope import Scope
from citadel.index.errors import CitadelError

_NEAR = 70.0
_LISTED = 5


def check_names(scope: Scope, articles: Iterable[Article]) -> None:
    """Refuse a scope that a person has mistyped: what isn't there neither holds nor leaves out.

    Raises:
        CitadelError: A file name, publisher or language is that of no article; the message lists
            the near ones, or those that there are.

    """
    present = tuple(articles)
    sources = [article.source for article in present]
    publishers = sorted({article.publisher for article in present if article.publisher})
    languages = sorted({article.language for article in present})
    for named in (*sorted(scope.only), *sorted(scope.without)):
        if named not in sources:
            raise CitadelError(f"There is no article {named}; {_others(named, sources)}.")
    for kind, names, known in (
        ("published by", scope.publishers, publishers),
        ("in the language", scope.languages, languages),
    ):
        there = {name.casefold() for name in known}
        for named in sorted(names):
            if named.casefold() not in there:
                raise CitadelError(f"No article is {kind} {named}; {_others(named, known)}.")


def _others(named: str, known: Sequence[str]) -> str:
    """Say what to write instead: names that are near, or else the first of all."""
    near = process.extract(
        named, known, scorer=fuzz.WRatio, processor=str.casefold, score_cutoff=_NEAR, limit=_LISTED
    )
    if near:
        return f"near that: {', '.join(name for name, _, _ in near)}"
    if not known:
        return "none says so of itself"
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    verb = "is" if len(known) == 1 else "are"
    return f"there {verb} {', '.join(known[:_LISTED])}{more}"
