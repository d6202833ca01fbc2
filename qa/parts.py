"""Questions of two parts: each part is searched for, and both are answered together. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, zip_longest

from index.hits import Hit
from index.search import QuotableSentence, SearchResult

_JOINT = re.compile(
    r",?\s+and\s+(?=(?:(?:by|in|on|at|from|to)\s+)?"
    r"(?:who|whom|whose|what|when|where|which|why|how)\b)",
    re.IGNORECASE,
)
_SHORTEST_PART = 3


def split_question(question: str) -> tuple[str, ...]:
    """Cut “When did X enter, and who led them?” into its parts; a plain question is one part."""
    parts = tuple(part.strip() for part in _JOINT.split(question))
    if any(len(part.split()) < _SHORTEST_PART for part in parts):
        return (question,)
    return parts


def merge_results(results: Sequence[SearchResult], count: int) -> SearchResult:
    """Bring what was found for each part into one result.

    The best sentence of each part comes first, then the second ones, and so on. Their passages
    are among the hits, which are ordered by score. What speaks for an answer is what speaks for
    the first part; judge each part by itself.

    Args:
        results: One for each part, the same number of passages or fewer in each.
        count: How many passages to return at most.

    """
    turns = chain.from_iterable(
        zip_longest(*([(r.hits[q.hit], q) for q in r.quotable] for r in results))
    )
    ordered = [turn for turn in turns if turn is not None]
    wanted = [hit for hit, _ in ordered] + [hit for result in results for hit in result.hits]
    best: dict[tuple[str, int], Hit] = {}
    for hit in wanted:
        best.setdefault((hit.passage.source, hit.passage.start), hit)
    hits = tuple(sorted(list(best.values())[:count], key=lambda hit: -hit.score))
    places = {(hit.passage.source, hit.passage.start): n for n, hit in enumerate(hits)}
    quotable = dict.fromkeys(
        QuotableSentence(places[hit.passage.source, hit.passage.start], sentence.span)
        for hit, sentence in ordered
        if (hit.passage.source, hit.passage.start) in places
    )
    return SearchResult(hits, tuple(quotable), results[0].signals)
