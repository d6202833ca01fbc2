"""What is refused whatever is found: a question about somebody whom no article mentions. Pure."""

from __future__ import annotations

from citadel.index.retrieval.mentions import Mentions
from citadel.qa.answer.answers import Status
from citadel.qa.answer.confidence import Judgement, fitted_confidence
from citadel.qa.answer.finding import split_question


def unmentioned(question: str, mentions: Mentions) -> tuple[tuple[str, ...], bool]:
    """Return the names in a question that no article mentions, and whether they make it vain.

    It is vain when each of its parts has such a name: no passage can answer what is asked of
    somebody who isn't there, however near it comes.
    """
    parts = [mentions.unmentioned(part) for part in split_question(question)]
    names = tuple(dict.fromkeys(name for part in parts for name in part))
    return names, all(parts)


def refused(judgement: Judgement) -> Judgement:
    """Return the judgement of a vain question: not found, with a confidence that says so."""
    least = fitted_confidence().least_possible
    return Judgement(min(judgement.confidence, least / 2), Status.NOT_FOUND)
