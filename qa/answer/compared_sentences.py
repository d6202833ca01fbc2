"""The sentences that were found for a question, as they are compared with one another."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.retrieval.hits import Hit
from citadel.qa.answer.answers import Citation, Claim
from citadel.qa.answer.recounting import DATES_IT, RECOUNTS
from citadel.qa.answer.same_thing import telling_terms
from citadel.qa.answer.timeline import Calendar, timeline

Told = Callable[[Sequence[Citation]], tuple[Citation, ...]]
"""Returns citations with their accounts."""

Place = tuple[Citation, int, int]
"""A sentence, and where in it a value stands."""

NEXT_TO = 2
"""How many sentences apart two may stand that count the same."""

NEAR_THE_LEAD = 8.0
"""How far below the best one in the ranking a sentence may say the same."""

_SCALE = 12.0
"""The score of a hit is an exponential of that of the ranking over this."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """What was found for a question.

    Attributes:
        question: As it was searched for.
        ranked: All sentences, best first, with how far each is below the best.
        articles: All of them, by their file names.
        told: Adds to citations whose account they are.

    """

    question: str
    ranked: tuple[tuple[Citation, float], ...]
    articles: Mapping[str, Article]
    told: Told

    @classmethod
    def of(
        cls, question: str, hits: Sequence[Hit], articles: Mapping[str, Article], told: Told
    ) -> Sentences:
        """Return the sentences of the best passages, which come best first."""
        found = [
            (Citation(number, hit.passage, each.span), each.score)
            for number, hit in enumerate(hits, start=1)
            for each in hit.sentences
            if each.score > 0
        ]
        best = max((score for _, score in found), default=1.0)
        found.sort(key=lambda each: -each[1])
        ranked = tuple((cited, _SCALE * math.log(best / score)) for cited, score in found)
        return cls(question, ranked, articles, told)

    def claims(self, places: Sequence[Place]) -> tuple[Claim, ...]:
        """Return what several sentences claim, each once; nothing in other languages."""
        unique = {(cited.passage.source, cited.span): (cited, a, b) for cited, a, b in places}
        told = self.told([cited for cited, _, _ in unique.values()])
        claims = tuple(
            Claim(
                _without_wrong_account(cited, cited.quote[:start]),
                Span(cited.span.start + start, cited.span.start + end),
            )
            for cited, (_, start, end) in zip(told, unique.values(), strict=True)
            if cited.account is not None
        )
        return claims if len(claims) > 1 else ()

    def shared(self, cited: Citation) -> frozenset[str]:
        """Return the words of the question that a sentence has, too."""
        return telling_terms(self.question) & telling_terms(cited.quote)

    def only_date(self, cited: Citation) -> tuple[str, Calendar] | None:
        """Return the date of a sentence that has one, as written and as a day; else None."""
        article = self.articles[cited.passage.source]
        dated = [each for each in timeline(article, [cited.passage]) if each.span == cited.span]
        return (dated[0].written, dated[0].when) if len(dated) == 1 else None


def lines_after(lead: Citation, other: Citation) -> int:
    """Return how many sentences after another one stands in its passage; 0 for other passages."""
    if lead.passage != other.passage:
        return 0
    spans = lead.passage.sentences
    return spans.index(other.span) - spans.index(lead.span)


def clash(one: Calendar, other: Calendar) -> bool:
    """Return whether two dates differ where both say something."""
    return any(a != b for a, b in zip(one, other, strict=True) if a and b)


def _without_wrong_account(cited: Citation, before: str) -> Citation:
    """Drop the account of a sentence that reads “The UN spoke of 85,000”.

    It is narrated, and still not the article's own figure.
    """
    counted = RECOUNTS.search(before) or DATES_IT.search(before)
    narrated = cited.account is not None and not cited.account.reported
    return replace(cited, account=None) if narrated and counted else cited
