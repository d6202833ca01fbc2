"""The question that a follow-up stands for. Pure.

How much a question leans on those before it is read off its surface: pronouns, “and …”, “the
second one”, and the lack of names and content words of its own. What it leans on is the topic of
the earlier questions: their names, then their other content words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from citadel.index.corpus.languages import ARABIC, question_language
from citadel.index.retrieval.search import Query
from citadel.index.wording import message
from citadel.qa.answer import arabic_follow_ups
from citadel.qa.answer.topics import (
    PERSONAL,
    PRONOUNS,
    asks,
    carried,
    content_words,
    is_content,
    names_of,
    words_of,
)

_IMPERSONAL = frozenset({"it", "its"})
_SELDOM_POINTING = frozenset({"there", "one", "then"})
_CHANGE = re.compile(
    r"^\W*(?:ok(?:ay)?\W+|alright\W+|now\W+|so\W+|and\W+|well\W+|let'?s\s+)*"
    r"(?:new (?:topic|subject|question)|(?:something|anything) (?:else|different)"
    r"|(?:an)?other (?:topic|question|subject)|different (?:topic|question|subject)"
    r"|change (?:of |the )?(?:topic|subject)"
    r"|(?:on|moving) (?:to )?(?:an)?other (?:topic|subject|matter)"
    r"|next (?:question|topic)|by the way|switching"
    r"|موضوع (?:آخر|جديد|مختلف)|سؤال (?:آخر|جديد|مختلف)|شيء آخر|على فكرة|بالمناسبة)"
    r"\b\W*(?:about|:|-|,|\.)?\s*",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(?:and|but|so|or|also|then|what about|how about|what else|who else|where else|why not"
    r"|any(?:thing|one)? (?:else|other))\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\b(?:the )?(?:first|second|third|fourth|last|other|next|previous|latter|former|same)"
    r" (?:one|ones|time|two|\?|$)|\b(?:the )?(?:second|other|latter|former)\W*$"
    r"|\b(?:else|others?|too|either|as well|instead|again)\W*$",
    re.IGNORECASE,
)
_NAMED_ITS_TOPIC = 0.5
"""From this dependence on a question leaves its topic to those before it."""

_FEW = 3
"""A question of more content words than these says what it is about."""

_LONGEST_TOPIC = 8

_LEANS = 0.45
"""From this dependence on a question is taken for a follow-up; below it, it stands alone."""

_SAYING_ENOUGH = 2
"""A follow-up of more content words than these may be understood without those before it."""

WORDLESS = 1.0
"""How much a question depends on those before that has no content word of its own: “why?”."""

LOOKED_BACK = 8
"""How many earlier questions are looked at, to find the last one that was answered.

Each is a search the first time, a tenth of a second, and remembered. Of nine chains of four to
seven questions, three cut eight off from what they were about; five cut off none, nor did eight.
"""


def interpret(question: str, history: Sequence[str]) -> Query:
    """Return what to search for.

    Args:
        question: As the person typed it.
        history: The person's earlier questions, oldest first.

    """
    bare, changed = _without_change(question)
    dependence = 0.0 if changed or not history else _dependence(bare)
    if dependence == 0.0:
        return Query(bare)
    topic = _topic(history, bare)
    if not topic:
        return Query(bare)
    earlier, _ = _without_change(history[-1])
    before = [] if _names_its_topic(earlier) else _topic(history[:-1], bare, earlier)
    return Query(
        text=bare,
        topic=" ".join(topic),
        earlier=" ".join([earlier, *before]),
        dependence=dependence,
    )


def leans(question: str, history: Sequence[str]) -> bool:
    """Return whether a question is a follow-up, which needs the questions before it."""
    return interpret(question, history).dependence >= _LEANS


def answered_before(
    history: Sequence[str], is_found: Callable[[Query], bool], most: int = LOOKED_BACK
) -> tuple[str, ...]:
    """Return the newest question that was answered, after those that it leans on itself.

    A question that was refused has no topic to speak of, and is passed over.

    Args:
        history: The person's earlier questions, oldest first, without small talk and the like.
        is_found: Whether the sources answer what an earlier question stands for.
        most: How many of the questions to look at, the newest first.

    """
    if not (history and most):
        return ()
    *before, newest = history
    if not leans(newest, before):
        found = is_found(interpret(newest, ()))
        return (newest,) if found else answered_before(before, is_found, most - 1)
    context = answered_before(before, is_found, most - 1)
    if context and is_found(interpret(newest, context)):
        return (*context, newest)
    # “Who told her that the president wanted concrete?” needs no her to be answered.
    alone = len(content_words(newest)) > _SAYING_ENOUGH and is_found(interpret(newest, ()))
    return (newest,) if alone else context


def searched_for(query: Query) -> str:
    """Return in words what a query was understood to ask."""
    if not query.topic:
        return query.text
    return message("{question} — about: {topic}", question=query.text, topic=query.topic)


def _without_change(question: str) -> tuple[str, bool]:
    """Return a question without “new topic:” and the like, and whether it said so."""
    match = _CHANGE.match(question)
    if match is None:
        return question, False
    rest = question[match.end() :]
    return (rest if len(words_of(rest)) >= 2 else question), True


def _dependence(question: str) -> float:
    """Return how much a question leans on those before it, from 0 (stands alone) to 1."""
    if question_language(question) == ARABIC:
        return arabic_follow_ups.dependence(question)
    # Where everything is in capitals, none of them makes a name.
    words = words_of(question.lower() if question.isupper() else question)
    lower = [word.lower() for word in words]
    content = [word for word in lower if is_content(word)]
    names = {word.lower() for word in words[1:] if word[0].isupper() and is_content(word)}
    names |= {word.lower() for word in words if any(char.isdigit() for char in word)}
    leaning = max(_by_pronoun(lower, content, names), _by_content(content, names))
    if _OPENING.search(question):
        leaning = max(leaning, 0.8 if len(content) <= _FEW and not names else 0.45)
    if _ORDINAL.search(question):
        leaning = max(leaning, 0.5 if names else 0.9)
    return leaning


def _by_pronoun(lower: list[str], content: list[str], names: set[str]) -> float:
    first = next((place for place, word in enumerate(lower) if word in PERSONAL), None)
    if first is not None:
        if not names.isdisjoint(lower[:first]):
            # “What did Lavrov say he wanted?” points into the question itself.
            return 0.25
        return 0.7 if lower[first] in _IMPERSONAL and len(content) > 3 else 0.9
    return 0.6 if not names and not (PRONOUNS - _SELDOM_POINTING).isdisjoint(lower) else 0.0


def _by_content(content: list[str], names: set[str]) -> float:
    if not content:
        return WORDLESS
    if names or len(content) > 2:
        return 0.0
    return 0.6 if len(content) == 1 else 0.4


def _topic(history: Sequence[str], *questions: str) -> list[str]:
    """Return the words to carry: back to the nearest question that named its own topic.

    Args:
        history: The questions before.
        questions: Those that the words are carried to, the newest first.

    """
    later = list(questions)
    topic: list[str] = []
    for earlier in reversed(history):
        bare, changed = _without_change(earlier)
        topic = carried(bare, later) + topic
        if changed or _names_its_topic(bare):
            break
        later.append(bare)
    own = {word.lower() for word in words_of(questions[-1])}
    return [word for word in dict.fromkeys(topic) if word.lower() not in own][:_LONGEST_TOPIC]


def _names_its_topic(question: str) -> bool:
    """Return whether those after a question need none before it.

    “And in 2019?” leans on what went before as much as “And who is Lavrov?” does, and says less.
    """
    dependence = _dependence(question)
    if dependence < _LEANS or dependence >= _NAMED_ITS_TOPIC:
        return dependence < _LEANS
    if question_language(question) == ARABIC:
        return True
    many = len(content_words(question)) > _FEW
    return asks(question) and (many or bool(names_of(question)))
