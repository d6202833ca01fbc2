"""Where sentences of the collection give different values for what is asked. Pure.

A table of such values says that the sources disagree, and has to be right. So two values are put
next to each other only where one sentence counts or dates once more what a sentence near it does,
or where two say the same of the same, apart from the value. No value is preferred. Signs of
English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from citadel.index.corpus.articles import Article
from citadel.index.retrieval.answer_types import ANSWER_TYPES, asked_types
from citadel.index.retrieval.hits import Hit
from citadel.qa.answer.answers import Citation, Claim
from citadel.qa.answer.compared_sentences import (
    NEAR_THE_LEAD,
    NEXT_TO,
    Sentences,
    Told,
    clash,
    lines_after,
)
from citadel.qa.answer.figure_conflicts import Figures
from citadel.qa.answer.finding import split_question
from citadel.qa.answer.office_holders import Role, role_asked_for
from citadel.qa.answer.recounting import DATES_IT
from citadel.qa.answer.same_thing import qualifiers, spread, telling_terms
from citadel.qa.answer.told_times import times_asked_for

_QUOTED = 3
_PAIR = 2
_MOSTLY = 0.75
_APART = 2

_NOT_ASKED = re.compile(
    r"^\W*(?:why|list|how (?:do|does|did|is|are|was|were|can|could))\b"
    r"|\bhow (?:far|often)\b|\bhow many (?:\w+ )?times\b"
    r"|\b(?:each|both|compare[sd]?|respectively)\b"
    # What one of them says doesn't concern the others.
    r"|\bacc(?:ording|\.)? to\b"
    r"|\b(?:do|does|did)\b.*\b(?:say|report|claim|estimate|count|give|admit"
    r"|acknowledge|announce|document|put|think|reckon)\b",
    re.IGNORECASE,
)


def conflicts(
    question: str,
    citations: Sequence[Citation],
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
    told: Told,
) -> tuple[Claim, ...]:
    """Return the different values that sentences give for what is asked.

    Args:
        question: As it was searched for.
        citations: What is quoted, best first.
        hits: The best passages, best first.
        articles: All of them, by their file names.
        told: Adds to citations whose account they are.

    Returns:
        In reading order, two or more; none where no two differ for sure.

    """
    if not citations or _NOT_ASKED.search(question):
        return ()
    parts = split_question(question)
    if len(parts) > 1:
        # “Where was he buried, and how old was he when he died?”: the sources differ on one.
        timed = (part for part in parts if times_asked_for(part) is not None)
        own = (_of_one(part, citations, hits, articles, told) for part in timed)
        return next((claims for claims in own if claims), ())
    return _of_one(question, citations, hits, articles, told)


def _of_one(
    question: str,
    citations: Sequence[Citation],
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
    told: Told,
) -> tuple[Claim, ...]:
    """Return the different values for a question that asks one thing."""
    types = dict(zip(ANSWER_TYPES, asked_types(question), strict=True))
    sentences = Sentences.of(question, hits, articles, told)
    role, times = role_asked_for(question), times_asked_for(question)
    claims: Sequence[Claim] = ()
    if role is not None:
        claims = _holders(sentences, citations, role)
    elif times is None and types["date"]:
        claims = _dates(sentences, citations[0])
    elif times is not None or types["number"]:
        claims = Figures(sentences, times).differing(citations)
    return tuple(sorted(claims, key=lambda each: (each.citation.passage.source, each.value.start)))


def _dates(sentences: Sentences, lead: Citation) -> tuple[Claim, ...]:
    """Return the date of a quoted sentence with those that others give; none where none do."""
    own = sentences.only_date(lead)
    if own is None:
        return ()
    claims = [(lead, *_place(lead, own[0]))]
    for other, below in sentences.ranked:
        date = sentences.only_date(other)
        if date is None or not clash(own[1], date[1]):
            continue
        start, end = _place(other, date[0])
        again = 0 < lines_after(lead, other) <= NEXT_TO and bool(
            DATES_IT.search(other.quote[:start])
        )
        if again or (below <= NEAR_THE_LEAD and _same_event(sentences, lead, other)):
            claims.append((other, start, end))
    return sentences.claims(claims)


def _same_event(sentences: Sentences, lead: Citation, other: Citation) -> bool:
    """Return whether two dated sentences have the words of the question, and close together."""
    asked, own = telling_terms(sentences.question), sentences.shared(lead)
    if len(own) < max(2.0, _MOSTLY * len(asked)) or own != sentences.shared(other):
        return False
    return spread(other.quote, own) <= len(own) + _APART


def _holders(sentences: Sentences, citations: Sequence[Citation], role: Role) -> tuple[Claim, ...]:
    """Return the names that a quoted sentence and another one give for the same; or none.

    One of the two has to be somebody's account, or they have to be of two articles: what an
    article says in its own words it doesn't contradict itself.
    """
    for lead in citations[:_QUOTED]:
        own = role.holder(lead.quote)
        if own is None:
            continue
        claims = [(lead, own.start, own.end)]
        for other, below in sentences.ranked:
            found = role.holder(other.quote)
            if found is None or below > NEAR_THE_LEAD or not own.differs(found):
                continue
            if qualifiers(lead.quote) == qualifiers(other.quote) and _of_two(
                sentences, lead, other
            ):
                claims.append((other, found.start, found.end))
        return sentences.claims(claims)
    return ()


def _of_two(sentences: Sentences, lead: Citation, other: Citation) -> bool:
    """Return whether two sentences are of two articles, or one is what somebody says."""
    accounts = [cited.account for cited in sentences.told([lead, other])]
    if lead.passage.source != other.passage.source:
        return True
    speakers = [each.speaker if each.reported else "" for each in accounts if each is not None]
    return len(speakers) == _PAIR and speakers[0] != speakers[1]


def _place(cited: Citation, written: str) -> tuple[int, int]:
    start = cited.quote.index(written)
    return start, start + len(written)
