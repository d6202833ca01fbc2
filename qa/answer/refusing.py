"""What is refused whatever is found: a question about somebody whom no article mentions. Pure."""

from __future__ import annotations

from citadel.index.retrieval.mentions import Mentions
from citadel.qa.answer.answers import Status
from citadel.qa.answer.confidence import Judgement
from citadel.qa.answer.finding import split_question

UNMENTIONED_CONFIDENCE = 0.03
"""The probability that a question about the unmentioned is answered after all: of 27 such questions
of the development sets and of SQuAD 2.0 none was; one in 29 by Laplace's rule of succession."""


def unmentioned(question: str, mentions: Mentions) -> tuple[tuple[str, ...], bool]:
    """Return the names in a question that no article mentions, and whether it can't be answered.

    It can't when each of its parts has such a name: no passage can answer what is asked of
    somebody who isn't there, however near it comes.
    """
    parts = [mentions.unmentioned(part) for part in split_question(question)]
    names = tuple(dict.fromkeys(name for part in parts for name in part))
    return names, all(parts)


def refused(judgement: Judgement) -> Judgement:
    """Return the judgement of such a question: not found, and with little confidence."""
    return Judgement(min(judgement.confidence, UNMENTIONED_CONFIDENCE), Status.NOT_FOUND)
