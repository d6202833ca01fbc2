"""What is refused, or not promised, whatever is found. Pure.

A question about somebody whom no article mentions is refused. A follow-up without a word of its
own, as “why?”, is none that the confidence was fitted on: what it finds is promised only if it
offers what is asked for; likewise “and in 1978?”, which asks what the question before did. Nor is
promised what a follow-up finds whose topic was not found, or a sentence that speaks of another
thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from citadel.index.retrieval.mentions import Mentions
from citadel.index.retrieval.search import Query
from citadel.qa.answer.answers import Citation, Status
from citadel.qa.answer.confidence import Judgement
from citadel.qa.answer.finding import split_question
from citadel.qa.answer.follow_ups import WORDLESS
from citadel.qa.answer.mismatches import mismatched
from citadel.qa.answer.withholding import lacks, offers

UNMENTIONED_CONFIDENCE = 0.03
"""The probability that a question about the unmentioned is answered after all: of 27 such questions
of the development sets and of SQuAD 2.0 none was; one in 29 by Laplace's rule of succession."""

_AND = re.compile(r"^\W*(?:and|but|so|(?:and )?(?:what|how) about)\b", re.IGNORECASE)
_ASKING = re.compile(r"\b(?:who|whom|whose|what|when|where|which|why|how)\b", re.IGNORECASE)


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


def unpromised(
    judgement: Judgement, query: Query, citations: Sequence[Citation], *, adrift: bool
) -> Judgement:
    """Return the judgement of what is quoted: some sentences are possible at most.

    Args:
        judgement: Of what was found.
        query: What was searched for.
        citations: What is quoted, best first; none where nothing was found.
        adrift: Whether it is a follow-up, and what it leans on was not found.

    """
    if judgement.status is not Status.ANSWERED:
        return judgement
    question, first = query.text, citations[0]
    wordless = query.dependence == WORDLESS and not offers(question, first.quote)
    elliptic = _is_elliptic(question) and lacks(query.earlier, first.quote)
    if adrift or wordless or elliptic or mismatched(question, first):
        return replace(judgement, status=Status.POSSIBLE)
    return judgement


def _is_elliptic(question: str) -> bool:
    """Return whether a follow-up leaves it to the question before what it asks: “and in 1978?”."""
    asked = _AND.sub("", question, count=1)
    return asked != question and _ASKING.search(asked) is None
