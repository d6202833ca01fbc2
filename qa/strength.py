"""How well a found passage fits a question, in words that a reader can act on."""

from __future__ import annotations

from enum import StrEnum

from qa.answers import Answer, Status

_NEAR_THE_BEST = 0.85
"""A passage that scores this share of the best one may answer as well as it."""


class Strength(StrEnum):
    """How much a reader should expect of a passage."""

    STRONG = "strong"
    POSSIBLE = "possible"
    WEAK = "weak"


def strength(answer: Answer, rank: int) -> Strength:
    """Return the strength of the passage at ``rank``, counted from 1.

    Only the passage that a sure answer is quoted from is strong. Where nothing was found, every
    passage is weak, however high its score: scores compare passages, they do not judge them.
    """
    cited = [citation.number for citation in answer.citations]
    if not cited:
        return Strength.WEAK
    if rank == cited[0] and answer.status is Status.ANSWERED:
        return Strength.STRONG
    if rank in cited:
        return Strength.POSSIBLE
    best = answer.hits[cited[0] - 1].score
    near = answer.status is Status.ANSWERED and answer.hits[rank - 1].score >= _NEAR_THE_BEST * best
    return Strength.POSSIBLE if near else Strength.WEAK
