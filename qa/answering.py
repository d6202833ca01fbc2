"""How a question is answered: understood, searched for, judged, and quoted from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from index.answer_types import asks_for_several
from index.errors import CitadelError
from index.hits import Hit
from index.layout import Span
from index.passage_index import PassageIndex
from index.passages import Passage
from index.reranking import Reranker
from index.scope import EVERYTHING, Scope
from index.search import Query, SearchResult, search
from index.spellings import Correction, Spellings
from qa.about_source import header_citations, header_hits
from qa.answers import Answer, Status
from qa.citations import Citation
from qa.confidence import (
    HEADER_CONFIDENCE,
    Judgement,
    fitted_confidence,
    judge_by_words,
    judge_together,
)
from qa.conversation import interpret, searched_for
from qa.doubts import doubt
from qa.messages import MessageKind, read_message
from qa.notes import missing_part_note, scope_notes, script_note, spelling_notes
from qa.parts import merge_results, split_question

MAX_QUESTION = 500
"""The longest question, in code points."""

_PASSAGES = 5
_CITATIONS = 3
_CITATIONS_OF_LIST = 5


class Answerer:
    """Answers questions from one index."""

    def __init__(self, index: PassageIndex, reranker: Reranker | None = None) -> None:
        """Answer from the given index, with a second opinion of a reranker if there is one."""
        self.index = index
        self._reranker = reranker
        self._spellings = Spellings(index.spelling, index.encoder.knows_word, index.has_word)

    def over(self, index: PassageIndex) -> Answerer:
        """Return what answers from another index in the same way."""
        return Answerer(index, self._reranker)

    def answer(
        self,
        question: str,
        history: Sequence[str] = (),
        passages: int = _PASSAGES,
        scope: Scope = EVERYTHING,
        literal: bool = False,
    ) -> Answer:
        """Answer a question with sentences quoted from the sources, or say that they don't.

        Args:
            question: As the person typed it, 1 to 500 code points.
            history: The person's earlier questions, oldest first.
            passages: How many passages to show at most.
            scope: Which articles to look into.
            literal: Whether to search for the words as they stand: no spelling is corrected, and
                nothing carried over from the earlier questions.

        Raises:
            CitadelError: The question is empty, blank or too long, or the scope holds no article.

        """
        started = time.perf_counter()
        check_question(question)
        message = read_message(question, in_conversation=bool(history))
        if message.kind is MessageKind.SMALL_TALK:
            return self._answer(question, question, Status.SMALL_TALK, 0.0, (), (), started)
        articles = scope.articles(self.index.articles)
        notes = scope_notes(len(articles), len(self.index.articles))
        headers = (
            header_hits(articles, message.field, passages)
            if message.kind is MessageKind.ABOUT_SOURCE
            else ()
        )
        if headers:
            citations = header_citations(headers)
            return self._answer(
                question,
                question,
                Status.ANSWERED,
                HEADER_CONFIDENCE,
                citations,
                headers,
                started,
                notes,
            )
        correction = Correction(question, ()) if literal else self._spellings.correct(question)
        query = replace(interpret(correction.text, () if literal else history), scope=scope)
        result, judgement, missing = self._find(query, passages)
        found = judgement.status is not Status.NOT_FOUND
        return self._answer(
            question,
            searched_for(query),
            judgement.status,
            judgement.confidence,
            _cite(result, correction.text) if found else (),
            result.hits,
            started,
            (
                *notes,
                *([] if self._reads(query) else [script_note(question)]),
                *spelling_notes(correction),
                *(missing_part_note(part) for part in missing if found),
            ),
        )

    def _find(self, query: Query, passages: int) -> tuple[SearchResult, Judgement, tuple[str, ...]]:
        """Search and judge, each part of a question by itself; name the parts not found."""
        parts = () if query.topic else split_question(query.text)
        if len(parts) < 2:
            result = self._search(query, passages)
            return result, self._judge(query, result), ()
        queries = [
            replace(interpret(part, parts[:number]), scope=query.scope)
            for number, part in enumerate(parts)
        ]
        results = [self._search(each, passages) for each in queries]
        judgements = [self._judge(*pair) for pair in zip(queries, results, strict=True)]
        missing = tuple(
            part
            for part, judgement in zip(parts, judgements, strict=True)
            if judgement.status is Status.NOT_FOUND
        )
        return merge_results(results, passages), judge_together(judgements), missing

    def _search(self, query: Query, passages: int) -> SearchResult:
        return search(self.index, query, passages, reranker=self._reranker)

    def _reads(self, query: Query) -> bool:
        return self.index.encoder.reads(query.text)

    def _judge(self, query: Query, result: SearchResult) -> Judgement:
        if self._reads(query):
            return fitted_confidence().judge(result.signals)
        return judge_by_words(result.signals)

    def _answer(
        self,
        question: str,
        searched_for: str,
        status: Status,
        confidence: float,
        citations: tuple[Citation, ...],
        hits: tuple[Hit, ...],
        started: float,
        notes: tuple[str, ...] = (),
    ) -> Answer:
        return Answer(
            question=question,
            searched_for=searched_for,
            status=status,
            confidence=confidence,
            citations=citations,
            hits=hits,
            notes=notes,
            generation=self.index.generation,
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )


def check_question(question: str) -> None:
    """Refuse what is no question.

    Raises:
        CitadelError: The question is empty, blank or too long.

    """
    if not question.strip():
        raise CitadelError("The question is empty; type a question about the articles.")
    if len(question) > MAX_QUESTION:
        raise CitadelError(
            f"Questions can be up to {MAX_QUESTION} characters; this one has {len(question)}."
        )


def _cite(result: SearchResult, question: str) -> tuple[Citation, ...]:
    """Quote the best sentences, best first: three, or more if several things are asked for."""
    count = _CITATIONS_OF_LIST if asks_for_several(question) else _CITATIONS
    return tuple(
        _citation(sentence.hit + 1, result.hits[sentence.hit].passage, sentence.span)
        for sentence in result.quotable[:count]
    )


def _citation(number: int, passage: Passage, span: Span) -> Citation:
    return Citation(number, passage, span, doubt(passage.quote(span)))
