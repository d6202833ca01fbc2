"""The question that a follow-up stands for. Pure.

How much a question leans on those before it is read off its surface: pronouns, “and …”, “the
second one”, and the lack of names and content words of its own. What it leans on is the topic of
the earlier questions: their names, then their other content words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from citadel.index.corpus.characters import word_pattern
from citadel.index.corpus.languages import ARABIC, question_language
from citadel.index.retrieval.lexical import fold, stop_words
from citadel.index.retrieval.search import Query
from citadel.index.wording import message
from citadel.qa.answer import arabic_follow_ups

_LETTERS = word_pattern(r"[^\W_]")
_WORD = re.compile(rf"{_LETTERS}(?:['’-]{_LETTERS})*")
_PERSONAL = frozenset(
    {"he", "she", "it", "they", "him", "her", "them", "his", "its", "their", "theirs"}
    | {"himself", "herself", "itself", "themselves"}
)
_PRONOUNS = _PERSONAL | {"hers", "this", "that", "these", "those", "there", "one", "ones", "then"}
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
_CAPITALISED = r"(?:[A-Z0-9][\w’'.-]*|[a-z]{2}-[A-Z][\w’'-]*)"
_NAME = re.compile(rf"{_CAPITALISED}(?:\s+(?:(?:of the|and the|of|the|de|for)\s+)?{_CAPITALISED})*")
_LEADING_PARTICLE = re.compile(r"^(?:of|the|de|for|and)\s+")

_NAMED_ITS_TOPIC = 0.5
_LONGEST_TOPIC = 8

_LEANS = 0.45
"""From this dependence on a question is taken for a follow-up; below it, it stands alone."""

WORDLESS = 1.0
"""How much a question depends on those before that has no content word of its own: “why?”."""

LOOKED_BACK = 3
"""How many earlier questions are looked at, to find the last one that was answered."""


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
    before = _topic(history[:-1], earlier) if _dependence(earlier) >= _NAMED_ITS_TOPIC else []
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
    answered = bool(context) and is_found(interpret(newest, context))
    return (*context, newest) if answered else context


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
    return (rest if len(_WORD.findall(rest)) >= 2 else question), True


def _dependence(question: str) -> float:
    """Return how much a question leans on those before it, from 0 (stands alone) to 1."""
    if question_language(question) == ARABIC:
        return arabic_follow_ups.dependence(question)
    # Where everything is in capitals, none of them makes a name.
    words = _WORD.findall(question.lower() if question.isupper() else question)
    lower = [word.lower() for word in words]
    content = [word for word in lower if _is_content(word)]
    names = {word.lower() for word in words[1:] if word[0].isupper() and _is_content(word)}
    names |= {word.lower() for word in words if any(char.isdigit() for char in word)}
    leaning = max(_by_pronoun(lower, content, names), _by_content(content, names))
    if _OPENING.search(question):
        leaning = max(leaning, 0.8 if len(content) <= 3 and not names else 0.45)
    if _ORDINAL.search(question):
        leaning = max(leaning, 0.5 if names else 0.9)
    return leaning


def _by_pronoun(lower: list[str], content: list[str], names: set[str]) -> float:
    first = next((place for place, word in enumerate(lower) if word in _PERSONAL), None)
    if first is not None:
        if not names.isdisjoint(lower[:first]):
            # “What did Lavrov say he wanted?” points into the question itself.
            return 0.25
        return 0.7 if lower[first] in _IMPERSONAL and len(content) > 3 else 0.9
    return 0.6 if not names and not (_PRONOUNS - _SELDOM_POINTING).isdisjoint(lower) else 0.0


def _by_content(content: list[str], names: set[str]) -> float:
    if not content:
        return WORDLESS
    if names or len(content) > 2:
        return 0.0
    return 0.6 if len(content) == 1 else 0.4


def _is_content(word: str) -> bool:
    if not word.isascii() and question_language(word) == ARABIC:
        return arabic_follow_ups.is_content(word)
    return len(word) > 1 and fold(word) not in stop_words() and word.lower() not in _PRONOUNS


def _topic(history: Sequence[str], question: str) -> list[str]:
    """Return the words to carry: back to the nearest question that named its own topic."""
    chain: list[str] = []
    for earlier in reversed(history):
        bare, changed = _without_change(earlier)
        chain.insert(0, bare)
        if changed or _dependence(bare) < _NAMED_ITS_TOPIC:
            break
    own = {word.lower() for word in _WORD.findall(question)}
    carried = dict.fromkeys(word for earlier in chain for word in _topic_words(earlier))
    return [word for word in carried if word.lower() not in own][:_LONGEST_TOPIC]


def _topic_words(question: str) -> list[str]:
    """Return the names of a question as they stand, then its other content words."""
    names: list[str] = []
    covered: list[tuple[int, int]] = []
    for match in _NAME.finditer(question):
        text, start = match.group(), match.start()
        first = text.split()[0]
        begins_sentence = start == 0 and len(text.split()) == 1 and len(question.split()) > 2
        if not _is_content(first) or begins_sentence:
            text = _LEADING_PARTICLE.sub("", text[len(first) :].lstrip())
            start = match.end() - len(text)
        text = re.sub(r"[’']s$", "", text.rstrip(".’'"))
        if text:
            names.append(text)
            covered.append((start, start + len(text)))
    rest = [
        match.group()
        for match in _WORD.finditer(question)
        if _is_content(match.group())
        and not any(start <= match.start() < end for start, end in covered)
    ]
    return names + rest
