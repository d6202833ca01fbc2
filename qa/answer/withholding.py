"""What a quoted sentence withholds of what is asked: “a donor”, where the question is which. Pure.

Signs of English. They are narrow on purpose: a note that an article doesn't say something has to
be right, and silence costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from citadel.index.corpus.languages import ENGLISH
from citadel.index.retrieval.lexical import fold, stop_words, words
from citadel.index.retrieval.sentence_signs import Asked, Offered, asked_for, new_in, offered_by
from citadel.qa.answer.finding import split_question
from citadel.qa.answer.same_thing import telling_terms

_ASKS = re.compile(
    r"^\W*(?:(?:and|so|but|to|for|from|by|in|on|at|of|exactly|do you know)\s+)*"
    r"(?P<word>who|whom|whose|how (?:many|much)|when|where|why|which)\b"
    r"(?:\s+(?P<noun>[a-z]+))?",
    re.IGNORECASE,
)
_SAYS_NOT = re.compile(
    r"(?:\b(?:not|never)|n['’]t)\s+(?:yet\s+)?(?:been\s+)?(?:say|said|named?|identif\w+|disclos\w+"
    r"|reveal\w*|publish\w*|specif\w+|explain\w*|giv\w+|known?|communicat\w+|releas\w+|stat\w+"
    r"|record\w*|announc\w*|determin\w+|clear)\b"
    r"|\b(?:declin|refus)\w+ to (?:say|name|identify|disclose|reveal|specify|explain|give)\b"
    r"|\bwithout (?:saying|naming|giving|explaining|specifying)\b"
    r"|\b(?:asked|wished|wanted) not to be (?:named|identified)\b"
    r"|\b(?:un(?:disclosed|named|identified|known|specified|clear)|anonymous\w*|confidential"
    r"|withheld)\b"
    r"|\b(?:nobody|no one) knows\b|\bto be (?:confirmed|determined|announced)\b",
    re.IGNORECASE,
)
_MOSTLY = 0.5
_SOME = r"\b(?i:a|an|another|one|some|certain|several)\s+(?:[a-z-]+\s+){0,2}?"
_THEN_NAMED = r"(?!(?:\s+[a-z]+){0,4},?\s+(?:called|named|known as|[A-Z]))"
_SOMEBODY = re.compile(
    rf"{_SOME}(?:m[ae]n|wom[ae]n|officials?|officers?|employees?|colleagues?|compan(?:y|ies)|firms?"
    r"|consultants?|auditors?|doctors?|engineers?|lawyers?|judges?|journalists?|donors?|friends?"
    r"|relatives?|neighbours?|business(?:man|woman|men)|contractors?|suppliers?|witness(?:es)?"
    rf"|sources?|persons?|people|members?|experts?|commanders?|residents?|foundations?)\b{_THEN_NAMED}"
)


_NAME = re.compile(r"(?<!^)\b[A-Z][\w-]+(?:\s[A-Z][\w-]+)*")
_OF_WHAT = re.compile(
    r"(?:\s(?:by|for|to))?\s(who|whom|whose|how (?:many|much)|how|when|where|why|which)\b"
)
_SAME_ASKED = {"whom": "who", "whose": "who"}


def withheld(question: str, quote: str) -> str:
    """Return what a question asks and a sentence that comes near doesn't say: “who”, “when”.

    Args:
        question: As it is searched for.
        quote: The sentence that is quoted first.

    Returns:
        One of who, how many, how much, when, where, why and which; "" where the sentence may
        say it.

    """
    asks = _ASKS.match(question)
    if asks is None or len(split_question(question)) > 1:
        return ""
    word = asks["word"].lower()
    if word == "which":
        return word if _speaks_of_some(asks["noun"], quote) else ""
    word = _SAME_ASKED.get(word, word)
    asked, offered = asked_for(question), offered_by(quote)
    hidden = _says_not(quote, word) or (word == "who" and _SOMEBODY.search(quote))
    return word if hidden and not _GIVES[word](offered, asked) else ""


def _says_not(quote: str, asked: str) -> bool:
    """Return whether a sentence says that something is not said, unless it says what else."""
    for found in _SAYS_NOT.finditer(quote):
        what = _OF_WHAT.match(quote, found.end())
        word = what[1] if what is not None else asked
        if _SAME_ASKED.get(word, word) == asked:
            return True
    return False


def withheld_by_all(question: str, topic: str, quotes: Sequence[str]) -> str:
    """Return what the first of several quoted sentences withholds, if no later one may say it.

    Args:
        question: As it is searched for.
        topic: The words that a follow-up carries over from the questions before it.
        quotes: What is quoted, best first; one at least.

    Returns:
        What ``withheld`` returns; "" where a later sentence that is about the question as much
        may say it, and where the question names nothing: “why?”, with nothing before it.

    """
    asked = telling_terms(f"{question} {topic}")
    first, *later = quotes
    hidden = withheld(question, first)
    gives = _GIVES.get(hidden, _names)
    said = any(
        len(asked & telling_terms(quote)) >= len(asked & telling_terms(first))
        and gives(offered_by(quote), asked_for(question))
        for quote in later
    )
    return hidden if _has_subject(f"{question} {topic}") and not said else ""


def _has_subject(question: str) -> bool:
    """Return whether a question has a word of its own besides those that ask."""
    return any(fold(word.surface) not in stop_words() for word in words(question, ENGLISH))


def withheld_if_near(question: str, quote: str, title: str = "") -> str:
    """Return the same for a sentence that is not quoted, if it shares the subject of the question.

    That is so where it, or the title of its article, has all names of the question, and it has half
    of the other words that say what the question is about: somebody else may have been beaten, or
    the one who is named may have been sued.
    """
    names = _NAME.findall(question)
    named = _terms(name.split()[-1] for name in names)
    said = telling_terms(quote)
    besides = telling_terms(question) - _terms(names)
    about = len(besides & said) >= _MOSTLY * max(len(besides), 1)
    return withheld(question, quote) if about and named <= said | telling_terms(title) else ""


def _terms(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(term for text in texts for term in telling_terms(text))


def offers(question: str, quote: str) -> bool:
    """Return whether a sentence may say what a question of few words asks: “why?”, “and when?”."""
    gives = _giver(question)
    return gives is not None and gives(offered_by(quote), asked_for(question))


def lacks(question: str, quote: str) -> bool:
    """Return whether a question asks who, when, how many, and a sentence offers nothing of it."""
    gives = _giver(question)
    return gives is not None and not gives(offered_by(quote), asked_for(question))


def _giver(question: str) -> Callable[[Offered, Asked], bool] | None:
    asks = _ASKS.match(question)
    return _GIVES.get(asks["word"].lower()) if asks is not None else None


def _speaks_of_some(noun: str | None, quote: str) -> bool:
    """Return whether a sentence speaks of “a donor” where the question is which donor."""
    if noun is None or len(noun) < 3:
        return False
    return re.search(rf"{_SOME}{re.escape(noun)}\b{_THEN_NAMED}", quote) is not None


def _names(offered: Offered, asked: Asked) -> bool:
    return new_in(offered.names, asked) > 0


def _amounts(offered: Offered, asked: Asked) -> bool:
    return new_in(offered.amounts, asked) > 0


_GIVES: dict[str, Callable[[Offered, Asked], bool]] = {
    "who": _names,
    "where": _names,
    "how many": _amounts,
    "how much": _amounts,
    "when": lambda offered, asked: new_in(offered.dates, asked) > 0,
    "why": lambda offered, _asked: offered.cause and "reason" not in offered.words,
}
"""Whether a sentence may say what is asked all the same."""
