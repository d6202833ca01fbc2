"""Which sentences are quoted in an answer, and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from citadel.index.corpus.layout import Span, is_announcement
from citadel.index.corpus.passages import Passage
from citadel.index.retrieval.answer_types import ANSWER_TYPES, asked_types, asks_for_several
from citadel.index.retrieval.search import QuotableSentence, SearchResult
from citadel.qa.answer.agreement import Statement, other_figures, same_fact, statement
from citadel.qa.answer.answers import Citation
from citadel.qa.answer.date_checks import date_warning, days_named, same_day

_CITATIONS = 3
_CITATIONS_OF_LIST = 5

_YES_OR_NO = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b", re.IGNORECASE
)

_LINES_OF_LIST = 12
"""How many lines of a list that a line announces are quoted at most."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is quoted.

    Attributes:
        citations: Best first, each followed by those of other articles that say the same.
        sources_differ: Whether the first two give different figures for much the same.

    """

    citations: tuple[Citation, ...]
    sources_differ: bool


NOTHING = Quotation((), sources_differ=False)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence that may be quoted, with the rank of its passage, from 1, and what it says."""

    number: int
    passage: Passage
    span: Span
    states: Statement

    @property
    def source(self) -> str:
        return self.passage.source


def quote(result: SearchResult, question: str, languages: Mapping[str, str]) -> Quotation:
    """Quote the best sentences, best first: three, or more if several things are asked for.

    The same fact from several articles is one answer with several citations. Where a number or a
    date is asked for and another article gives another one, that comes second, whatever its rank.
    A list comes first, and whole, where several things are asked for and the line that announces it
    fits best, or where the best sentence and another of the best are lines of it; and so does a
    sentence that names the day that the question names.

    Args:
        result: What was found.
        question: What was asked.
        languages: The ISO 639-1 code of each article, by its file name.

    """
    first = _list_lines(result, question)[:_LINES_OF_LIST]
    count = max(_CITATIONS_OF_LIST if asks_for_several(question) else _CITATIONS, len(first))
    first += _of_the_day(result, question)
    result = replace(result, quotable=tuple(dict.fromkeys([*first, *result.quotable])))
    if len({hit.passage.source for hit in result.hits}) > 1:
        return _quote_articles(result, count, languages, figures=_asks_figure(question))
    return Quotation(
        tuple(
            _cite(best.hit + 1, result.hits[best.hit].passage, best.span)
            for best in result.quotable[:count]
        ),
        sources_differ=False,
    )


def _list_lines(result: SearchResult, question: str) -> list[QuotableSentence]:
    """Return the lines of the list that the best sentences are of; none if they are of none.

    One value that is asked for, as a date or a number, is no list, and neither is “yes”.
    """
    several = asks_for_several(question)
    if not several and (any(asked_types(question)) or _YES_OR_NO.match(question)):
        return []
    place, best = max(
        ((place, sentence) for place, hit in enumerate(result.hits) for sentence in hit.sentences),
        key=lambda each: each[1].score,
    )
    passage = result.hits[place].passage
    if several and is_announcement(passage.quote(best.span)):
        return [QuotableSentence(place, span) for span in _under(passage, best.span)]
    leading = result.quotable[: _CITATIONS_OF_LIST if several else _CITATIONS]
    lines = _list_of(leading[0], result)
    return lines if sum(each in lines for each in leading) > 1 else []


def _list_of(sentence: QuotableSentence, result: SearchResult) -> list[QuotableSentence]:
    """Return the lines of the list that a sentence is a line of; none if it is of none.

    What follows “He said:” in one paragraph is no list: several begin a line.
    """
    passage = result.hits[sentence.hit].passage
    before = [span for span in passage.sentences if span.start < sentence.span.start]
    heads = [span for span in before if is_announcement(passage.quote(span))]
    if not heads:
        return []
    lines = _under(passage, heads[-1])
    begun = sum("\n" in passage.between(last, line) for last, line in pairwise([heads[-1], *lines]))
    return [QuotableSentence(sentence.hit, span) for span in lines] if begun > 1 else []


def _under(passage: Passage, head: Span) -> list[Span]:
    """Return the lines under one that announces them: “Members are:”.

    They end where another line announces others.
    """
    after = (span for span in passage.sentences if span.start > head.start)
    return list(takewhile(lambda span: not is_announcement(passage.quote(span)), after))


def _of_the_day(result: SearchResult, question: str) -> list[QuotableSentence]:
    """Return the sentences that name a day that the question names, best first."""
    asked = days_named(question)
    if not asked:
        return []
    naming = [
        (sentence.score, QuotableSentence(place, sentence.span))
        for place, hit in enumerate(result.hits)
        for sentence in hit.sentences
        if any(
            same_day(one, other)
            for one in asked
            for other in days_named(hit.passage.quote(sentence.span))
        )
    ]
    return [sentence for _, sentence in sorted(naming, key=lambda each: -each[0])]


def _quote_articles(
    result: SearchResult, count: int, languages: Mapping[str, str], *, figures: bool
) -> Quotation:
    """Compare what several articles say, and their figures if one is asked for."""
    everything = {
        (place, sentence.span): _Sentence(
            place + 1,
            hit.passage,
            sentence.span,
            statement(hit.passage.quote(sentence.span), languages[hit.passage.source]),
        )
        for place, hit in enumerate(result.hits)
        for sentence in hit.sentences
    }
    first, *others = (everything[best.hit, best.span] for best in result.quotable)
    differing = _with_other_figures(first, everything.values()) if figures else None
    leading: list[_Sentence] = []
    for sentence in dict.fromkeys([first, *([differing] if differing else []), *others]):
        if not any(_repeats(sentence, before) for before in leading):
            leading.append(sentence)
    citations: list[Citation] = []
    for lead in leading[:count]:
        citations.append(_cite(lead.number, lead.passage, lead.span))
        citations += [
            _cite(each.number, each.passage, each.span, repeats=True)
            for each in everything.values()
            if _repeats(each, lead)
        ]
    return Quotation(tuple(citations), sources_differ=differing is not None)


def _cite(number: int, passage: Passage, span: Span, *, repeats: bool = False) -> Citation:
    return Citation(number, passage, span, date_warning(passage.quote(span)), repeats)


def _repeats(sentence: _Sentence, other: _Sentence) -> bool:
    return sentence.source != other.source and same_fact(sentence.states, other.states)


def _with_other_figures(first: _Sentence, sentences: Iterable[_Sentence]) -> _Sentence | None:
    return next(
        (
            each
            for each in sentences
            if each.source != first.source and other_figures(first.states, each.states)
        ),
        None,
    )


def _asks_figure(question: str) -> bool:
    asked = dict(zip(ANSWER_TYPES, asked_types(question), strict=True))
    return asked["date"] or asked["number"]
