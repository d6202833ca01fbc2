"""The words of a question that those after it may be about: its topic. Pure.

These are its names, then its other content words. What is measured, as “high” in “how high is the
dam?”, is what one question asks of the topic, and no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from citadel.index.corpus.characters import word_pattern
from citadel.index.corpus.languages import ARABIC, question_language
from citadel.index.retrieval.lexical import fold, stop_words
from citadel.qa.answer import arabic_follow_ups
from citadel.qa.answer.months import ENGLISH as MONTHS

_LETTERS = word_pattern(r"[^\W_]")
_WORD = re.compile(rf"{_LETTERS}(?:['’-]{_LETTERS})*")

PERSONAL = frozenset(
    {"he", "she", "it", "they", "him", "her", "them", "his", "its", "their", "theirs"}
    | {"himself", "herself", "itself", "themselves"}
)
PRONOUNS = PERSONAL | {"hers", "this", "that", "these", "those", "there", "one", "ones", "then"}

_CAPITALISED = r"(?:[A-Z0-9][\w’'.-]*|[a-z]{2}-[A-Z][\w’'-]*)"
_NAME = re.compile(rf"{_CAPITALISED}(?:\s+(?:(?:of the|and the|of|the|de|for)\s+)?{_CAPITALISED})*")
_LEADING_PARTICLE = re.compile(r"^(?:of|the|de|for|and)\s+")

_MEASURED = re.compile(
    r"\bhow (big|broad|close|common|costly|deep|dense|distant|early|expensive|far|fast|frequently"
    r"|heavy|high|hot|large|late|long|loud|near|often|old|quickly|rapidly|severe|small|soon|steep"
    r"|strong|tall|thick|wide|young)\b"
    r"|\b(?:what|which)(?: is| was|['’]s)? (?:the )?(age|date|day|depth|height|length|month|size"
    r"|time|weight|width|year)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:who|whom|whose|what|when|where|which|why|how)(?:['’]s)?\b(?! (?:about|else)\b)"
    r"|^\W*(?:(?:and|but|so|or|also|then)\W+)?(?:is|are|was|were|did|do|does|has|have|had|can|could"
    r"|will|would)\b",
    re.IGNORECASE,
)

_YEAR = r"(?:1\d|20)\d\d"
_FULL_YEAR = re.compile(rf"\b{_YEAR}\b")
_DATE = re.compile(rf"\b{_YEAR}\b|\b(?:{'|'.join(MONTHS)})\b")
_IN_DATE = re.compile(
    rf"(?:{_YEAR}(?:-\d\d){{0,2}}|{'|'.join(MONTHS)}|\d{{1,2}}(?:st|nd|rd|th)?|of|the|and)\W*"
)
_NOW = re.compile(r"\b(?:(?:this|last|next) (?:year|month|week)|today|nowadays|now)\b", re.I)


def words_of(text: str) -> list[str]:
    """Return the words of a question, such as “al-Zenki” and “Lavrov's” whole."""
    return _WORD.findall(text)


def is_content(word: str) -> bool:
    """Distinguish a word that says what is asked about from those that every question has."""
    if not word.isascii() and question_language(word) == ARABIC:
        return arabic_follow_ups.is_content(word)
    return len(word) > 1 and fold(word) not in stop_words() and word.lower() not in PRONOUNS


def content_words(question: str) -> list[str]:
    """Return the words of a question that say what is asked about."""
    return [word for word in words_of(question) if is_content(word)]


def asks(question: str) -> bool:
    """Return whether a question asks in words of its own, as “and in Idlib?” does not."""
    return _ASKING.search(question) is not None


def names_of(question: str) -> list[str]:
    """Return the names of a question, as they stand, that are no dates."""
    return [text for text, _ in _names(question) if not _is_date(text)]


def carried(question: str, later: Sequence[str]) -> list[str]:
    """Return the words of a question that those after it are about, too.

    Args:
        question: The one that they lean on.
        later: Those after it, the newest first. What they say in its place is left out: dates,
            what is measured, and, after “and Idlib?”, other names.

    """
    names = _names(question)
    covered = [span for _, span in names]
    if any(asks(each) and content_words(each) for each in later):
        covered += [match.span(match.lastindex or 0) for match in _MEASURED.finditer(question)]
    rest = [
        match.group()
        for match in _WORD.finditer(question)
        if is_content(match.group())
        and not any(start <= match.start() < end for start, end in covered)
    ]
    renamed = any(map(_renames, later[1:]))
    kept = [text for text, _ in names if not renamed or _is_date(text)]
    return _without_dates(kept + rest, later)


def _names(question: str) -> list[tuple[str, tuple[int, int]]]:
    """Return the names of a question as they stand, dates among them, each with its place."""
    found: list[tuple[str, tuple[int, int]]] = []
    for match in _NAME.finditer(question):
        text, start = match.group(), match.start()
        first = text.split()[0]
        begins_sentence = start == 0 and len(text.split()) == 1 and len(question.split()) > 2
        if not is_content(first) or begins_sentence:
            text = _LEADING_PARTICLE.sub("", text[len(first) :].lstrip())
            start = match.end() - len(text)
        text = re.sub(r"[’']s$", "", text.rstrip(".’'"))
        if text:
            found.append((text, (start, start + len(text))))
    return found


def _renames(question: str) -> bool:
    """Return whether a question puts a name in place of another, as “and Idlib?” does."""
    pointing = not PERSONAL.isdisjoint(word.lower() for word in words_of(question))
    return not asks(question) and not pointing and bool(names_of(question))


def _is_date(text: str) -> bool:
    words = text.split()
    return _DATE.search(text) is not None and all(map(_IN_DATE.fullmatch, words))


def _without_dates(words: list[str], later: Sequence[str]) -> list[str]:
    """Leave out the dates in whose place another is named; beside a mere month the year stays."""
    if any(_FULL_YEAR.search(each) or _NOW.search(each) for each in later):
        return [word for word in words if not _is_date(word)]
    if not any(_DATE.search(each) for each in later):
        return words
    years = [
        year.group() if _is_date(word) and (year := _FULL_YEAR.search(word)) else word
        for word in words
    ]
    return [word for word in years if not _is_date(word) or _FULL_YEAR.fullmatch(word)]
