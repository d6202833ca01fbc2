"""A question whose passages are known: an index that finds others is not the one that was built."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search

_CHOICES = 3
"""How many questions are tried at build time."""

_HITS = 5

_MAX_QUESTION = 300
"""In code points."""


@dataclass(frozen=True, slots=True)
class Canary:
    """A question and what it must find.

    Attributes:
        question: A sentence of the collection.
        passages: The numbers of the passages found first, ascending. They lead the next one by
            more than rounding, which differs from processor to processor, could bridge.

    """

    question: str
    passages: tuple[int, ...]


def choose_canary(index: PassageIndex) -> Canary:
    """Choose, of a few sentences spread over the collection, the one that is found most clearly."""
    places = np.linspace(0, len(index.passages) - 1, min(_CHOICES, len(index.passages)))
    asked = [index.passages[int(place)] for place in places]
    questions = [p.quote(p.sentences[0])[:_MAX_QUESTION] for p in asked if p.sentences]
    rated = [_rated(index, question) for question in questions]
    return max(rated, key=lambda pair: pair[0])[1]


def _rated(index: PassageIndex, question: str) -> tuple[float, Canary]:
    """Return the canary of a question, and by how much its passages lead the next one."""
    hits = search(index, Query(question), _HITS).hits
    scores = [hit.score for hit in hits]
    leads = [before - after for before, after in pairwise(scores)]
    first = int(np.argmax(leads)) + 1 if leads else len(hits)
    return max(leads, default=1.0), Canary(question, _found(index, question, first))


def _found(index: PassageIndex, question: str, count: int) -> tuple[int, ...]:
    hits = search(index, Query(question), count).hits
    sources = {article.source: place for place, article in enumerate(index.articles)}
    articles = np.array([sources[hit.passage.source] for hit in hits])
    paragraphs = np.array([hit.passage.paragraph for hit in hits])
    numbers = np.searchsorted(index.article_of, articles) + paragraphs - 1
    return tuple(sorted(numbers.tolist()))


def check_canary(index: PassageIndex, canary: Canary) -> None:
    """Ask the question again.

    Raises:
        ValueError: Other passages are found than when the index was built.

    """
    found = _found(index, canary.question, len(canary.passages))
    if found != canary.passages:
        raise ValueError(
            f"its canary question finds the passages {_listed(found)} "
            f"instead of {_listed(canary.passages)}"
        )


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))
