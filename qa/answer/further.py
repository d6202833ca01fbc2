"""What an answer has not quoted yet, for who asks for more. Pure."""

from __future__ import annotations

from collections.abc import Container

from citadel.index.corpus.layout import is_announcement
from citadel.index.retrieval.search import SearchResult
from citadel.qa.answer.answers import Citation
from citadel.qa.answer.date_checks import date_warning

_AT_ONCE = 3


def further(
    result: SearchResult, quoted: Container[tuple[int, int]], times: int
) -> tuple[Citation, ...]:
    """Quote the next best sentences of the passages that were found, three at a time.

    Args:
        result: What was found for the question.
        quoted: The places that its answer quotes: the number of the passage among the hits,
            from 1, and the first offset of the sentence.
        times: How often more was asked for, this time included, 1 or more.

    """
    sentences = [
        (-sentence.score, number, hit.passage, sentence.span)
        for number, hit in enumerate(result.hits, start=1)
        for sentence in hit.sentences
        if (number, sentence.span.start) not in quoted
        and not is_announcement(hit.passage.quote(sentence.span))
    ]
    sentences.sort(key=lambda each: each[:2])
    return tuple(
        Citation(number, passage, span, date_warning(passage.quote(span)))
        for _, number, passage, span in sentences[(times - 1) * _AT_ONCE : times * _AT_ONCE]
    )
