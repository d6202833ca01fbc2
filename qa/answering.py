"""How a question is answered: understood, searched for, judged, and quoted from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from index.hits import Hit
from index.passage_index import PassageIndex
from index.reranking import Reranker
from index.scope import EVERYTHING, Scope
from index.spellings import Correction, Spellings
from qa.about_source import header_citations, header_hits
from qa.answers import Answer, Status, publication
from qa.citations import Citation
from qa.confidence import HEADER_CONFIDENCE, Judgement
from qa.conversation import interpret, searched_for
from qa.finding import find
from qa.messages import MessageKind, read_message
from qa.notes import difference_notes, missing_notes, scope_notes, script_notes, spelling_notes
from qa.questions import check_question
from qa.quoting import NOTHING, quote

_PASSAGES = 5
_NO_QUESTION = Judgement(0.0, Status.SMALL_TALK)
_IN_THE_HEADER = Judgement(HEADER_CONFIDENCE, Status.ANSWERED)


class Answerer:
    """Answers questions from one index."""

    def __init__(self, index: PassageIndex, reranker: Reranker | None = None) -> None:
        """Answer from the given index, with a second opinion of a reranker if there is one."""
        self.index = index
        self._reranker = reranker
        self._languages = {article.source: article.language for article in index.articles}
        texts = {article.source: article for article in index.articles}
        self._sha256 = cache(lambda source: texts[source].sha256)
        self._about = cache(lambda source: publication(texts[source]))
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
            return self._answer(started, question, question, _NO_QUESTION)
        articles = scope.articles(self.index.articles)
        notes = scope_notes(len(articles), len(self.index.articles))
        if message.kind is MessageKind.ABOUT_SOURCE:
            hits = header_hits(articles, message.field, passages)
            if hits:
                return self._answer(
                    started, question, question, _IN_THE_HEADER, header_citations(hits), hits, notes
                )
        correction = Correction(question, ()) if literal else self._spellings.correct(question)
        query = replace(interpret(correction.text, () if literal else history), scope=scope)
        finding = find(self.index, query, passages, self._reranker)
        result = finding.result
        found = finding.judgement.status is not Status.NOT_FOUND
        quotation = quote(result, correction.text, self._languages) if found else NOTHING
        if not self.index.encoder.reads(query.text):
            notes += script_notes(question)
        notes += spelling_notes(correction)
        if found:
            notes += difference_notes(quotation) + missing_notes(finding.missing)
        return self._answer(
            started,
            question,
            searched_for(query),
            finding.judgement,
            quotation.citations,
            result.hits,
            notes,
        )

    def _answer(
        self,
        started: float,
        question: str,
        searched_for: str,
        judgement: Judgement,
        citations: tuple[Citation, ...] = (),
        hits: tuple[Hit, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Answer:
        return Answer(
            question=question,
            searched_for=searched_for,
            status=judgement.status,
            confidence=judgement.confidence,
            citations=citations,
            hits=hits,
            notes=notes,
            generation=self.index.generation,
            elapsed_ms=(time.perf_counter() - started) * 1000,
            sources={hit.passage.source: self._sha256(hit.passage.source) for hit in hits},
            about={hit.passage.source: self._about(hit.passage.source) for hit in hits},
        )
