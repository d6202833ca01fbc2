"""How well a found passage fits a question, in words that a reader can act on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from citadel.index.corpus.passages import HEADER_PARAGRAPH
from citadel.index.retrieval.hits import Hit, Match
from citadel.index.wording import Listing, Message, all_of, counted, in_row, message
from citadel.qa.answer.answers import Answer, Status

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


_COMMON_WORDS = """
a about an and any are as at be been by can could did do does for from had has have he her him his
how i if in into is it its me my no not of on or our she should so some than that the their them
then there these they this those to under was we were what when where which who whom whose why
will with would you your
من في على إلى عن ما متى كم هل كيف لماذا هو هي أن
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that every passage has: they are no reason."""

_PARTICLES = frozenset({"al", "el", "abu", "bin", "ibn", "de", "van", "von"})
"""Small words that belong to the name after them."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A word, or a name of several, with its place in the question."""

    asked: str
    found: str
    start: int
    end: int

    @property
    def is_name(self) -> bool:
        return self.found[:1].isupper()


def why(question: str, hit: Hit) -> str:
    """Return one line: the words and names that question and passage share, or the meaning.

    Args:
        question: What was searched for.
        hit: The passage, with the words of the question that stand in it.

    """
    if hit.passage.paragraph == HEADER_PARAGRAPH:
        return message("It tells where the article comes from.")
    found = list(_joined_names(question, list(_placed(question, hit.matches))))
    same = [each for each in found if each.asked.casefold() == each.found.casefold()]
    words = _unique(each.found for each in same if not each.is_name)
    names = _unique(each.found for each in same if each.is_name)
    reasons = [*_words(words), *_names(names), *_forms(each for each in found if each not in same)]
    match reasons:
        case []:
            return message("None of your words stands in it; it comes near in meaning.")
        case [one]:
            return message("It has {one}.", one=one)
        case [one, two]:
            return message("It has {one}, and {two}.", one=one, two=two)
        case _:
            one, two, three = reasons
            return message("It has {one}, and {two}, and {three}.", one=one, two=two, three=three)


def _placed(question: str, matches: Sequence[Match]) -> Iterator[_Found]:
    """Yield the matches that say something, with their places in the question."""
    cursor = 0
    for match in matches:
        at = question.find(match.asked, cursor)
        start = at if at >= 0 else cursor
        cursor = start + len(match.asked)
        if match.asked.casefold() not in _COMMON:
            yield _Found(match.asked, match.found, start, cursor)


def _joined_names(question: str, found: Sequence[_Found]) -> Iterator[_Found]:
    """Join the words of one name: “Human”, “Rights” and “Watch”."""
    name: _Found | None = None
    for each in found:
        if name is not None and _continues(question, name, each):
            asked = question[name.start : each.end]
            gap = question[name.end : each.start]
            name = _Found(asked, f"{name.found}{gap}{each.found}", name.start, each.end)
            continue
        if name is not None:
            yield name
        name = each
    if name is not None:
        yield name


def _continues(question: str, name: _Found, each: _Found) -> bool:
    particle = each.found.casefold() in _PARTICLES
    named = name.is_name or name.found.casefold() in _PARTICLES
    return named and (each.is_name or particle) and question[name.end : each.start] in {" ", "-"}


def _unique(items: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(items))


def _words(words: Sequence[str]) -> list[Message]:
    if not words:
        return []
    listed = all_of([f"“{word}”" for word in words])
    return [counted("the word {words}", "the words {words}", len(words), words=listed)]


def _names(names: Sequence[str]) -> list[Message]:
    if not names:
        return []
    listed = all_of([f"“{name}”" for name in names])
    return [counted("the name {names}", "the names {names}", len(names), names=listed)]


def _forms(found: Iterator[_Found]) -> list[Listing]:
    """Return how words of the question stand in the passage in another form, all in one."""
    forms = dict.fromkeys(
        message("“{asked}” as “{found}”", asked=each.asked, found=each.found) for each in found
    )
    return [in_row(list(forms))] if forms else []
