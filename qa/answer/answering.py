"""How a question is answered: understood, searched for, judged, and quoted from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from citadel.index.corpus.languages import question_language
from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.retrieval.hits import Hit
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query
from citadel.index.retrieval.spellings import Correction
from citadel.index.retrieval.stages import ONLY_RANKER, Stages
from citadel.qa.answer.accounts import Accounts
from citadel.qa.answer.answers import Answer, Citation, Claim, Status, publication
from citadel.qa.answer.calibration import Calibration
from citadel.qa.answer.confidence import HEADER_CONFIDENCE, Judgement
from citadel.qa.answer.conflicts import conflicts
from citadel.qa.answer.disputes import disputed
from citadel.qa.answer.finding import Finding, find
from citadel.qa.answer.follow_ups import (
    LOOKED_BACK,
    answered_before,
    interpret,
    leans,
    searched_for,
)
from citadel.qa.answer.further import further
from citadel.qa.answer.history import questions_in, wishes_for_more
from citadel.qa.answer.intent import MessageKind, check_question
from citadel.qa.answer.mentions_of import MentionFinder
from citadel.qa.answer.nearest import near_questions
from citadel.qa.answer.notes import (
    agreement_notes,
    difference_notes,
    doubt_notes,
    language_notes,
    mention_notes,
    missing_notes,
    nothing_more_notes,
    scope_notes,
    script_notes,
    spelling_notes,
    withheld_notes,
)
from citadel.qa.answer.overviewing import told_of_whole
from citadel.qa.answer.quoting import NOTHING, Quotation, quote
from citadel.qa.answer.refusing import refused, unpromised
from citadel.qa.answer.second_index import SecondIndex, no_second_index
from citadel.qa.answer.understanding import Understanding
from citadel.qa.answer.withholding import withheld_by_all, withheld_if_near

_PASSAGES = 5
_NO_QUESTION = Judgement(0.0, Status.SMALL_TALK)
_NOTHING_MORE = Judgement(0.0, Status.NOT_FOUND)
_RECOGNISED = Judgement(HEADER_CONFIDENCE, Status.ANSWERED)
"""Messages about a source as a whole are recognised by all of their words, whatever they ask."""

_NEAR_QUESTIONS = 2
"""How many questions near one without an answer are asked in its place."""

_REMEMBERED = 256
"""How many earlier questions are remembered, with whether they were answered."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question to the sources.

    Attributes:
        text: As the person typed it.
        correction: In the collection's spelling.
        context: The earlier questions that it leans on.
        adrift: Whether it is a follow-up, and nothing that it leans on was answered.

    """

    text: str
    correction: Correction
    context: tuple[str, ...]
    adrift: bool


class Answerer:
    """Answers questions from one index, and those in other languages from a second one."""

    def __init__(
        self,
        index: PassageIndex,
        stages: Stages = ONLY_RANKER,
        second_index: SecondIndex = no_second_index,
        calibration: Calibration | None = None,
    ) -> None:
        """Answer from an index.

        Args:
            index: Where to search.
            stages: What ranks its candidates.
            second_index: Where to search for questions that are not in English. It is asked for
                these only.
            calibration: What refines the confidence, if it was made with the same model;
                None for nothing.

        """
        self.index = index
        self.stages = stages
        self.finder = MentionFinder(index)
        self._second_index = second_index
        self._calibration = calibration
        self._articles = {article.source: article for article in index.articles}
        self._languages = {article.source: article.language for article in index.articles}
        self._sha256 = cache(lambda source: self._articles[source].sha256)
        self._about = cache(lambda source: publication(self._articles[source]))
        self._understanding = Understanding(index, second_index)
        self._accounts = Accounts(index)
        self._is_found = lru_cache(_REMEMBERED)(
            lambda query: (
                not self._understanding.unmentioned(query.text)[1]
                and self._find(query, _PASSAGES).judgement.status is not Status.NOT_FOUND
            )
        )

    def over(self, index: PassageIndex) -> Answerer:
        """Return what answers from another index in the same way."""
        return Answerer(index, self.stages, self._second_index, self._calibration)

    def reads(self, question: str) -> bool:
        """Return whether a question is in a language that is searched for by meaning."""
        return self._understanding.reads(question)

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
            history: The person's earlier questions, oldest first. What a follow-up leans on is
                searched for, too, to learn whether it was answered.
            passages: How many passages to show at most; an overview shows all that it quotes.
            scope: Which articles to look into.
            literal: Whether to search for the words as they stand: no spelling is corrected, and
                nothing carried over from the earlier questions.

        Raises:
            CitadelError: The question is empty, blank or too long, or the scope holds no article.

        """
        started = time.perf_counter()
        check_question(question)
        earlier = questions_in(history, self._understanding.message)
        message = self._understanding.message(question, in_conversation=bool(earlier))
        if message.kind is MessageKind.SMALL_TALK:
            return self._answer(started, question, question, _NO_QUESTION)
        if message.kind is MessageKind.DOUBT:
            return self._answer(started, question, question, _NO_QUESTION, notes=doubt_notes())
        articles = scope.articles(self.index.articles)
        notes = scope_notes(len(articles), len(self.index.articles))
        correction = (
            Correction(question, ()) if literal else self._understanding.corrected(question)
        )
        context: tuple[str, ...] = ()
        if message.kind is MessageKind.QUESTION and not literal:
            context = self._context(correction.text, earlier, scope)
            message = self._understanding.message(question, in_conversation=bool(context))
        if message.kind is MessageKind.MORE and not literal:
            return self._more(started, question, history, scope, passages, notes)
        told = told_of_whole(self.index, message, articles, passages)
        if told.citations:
            return self._answer(
                started,
                question,
                question,
                _RECOGNISED,
                self._accounts.told(told.citations),
                told.hits,
                notes + told.notes,
            )
        topic = "" if literal else disputed(correction.text)
        query = replace(interpret(topic or correction.text, context), scope=scope)
        adrift = not literal and not context and leans(correction.text, earlier)
        asked = _Asked(question, correction, context, adrift)
        answer = self._searched(started, asked, query, passages, notes)
        return replace(answer, leans_on=context)

    def _searched(
        self, started: float, asked: _Asked, query: Query, passages: int, notes: tuple[str, ...]
    ) -> Answer:
        """Answer a question that no article as a whole answers with the sentences found."""
        question, correction = asked.text, asked.correction
        finding = self._find(query, passages)
        names, unanswerable = self._understanding.unmentioned(correction.text)
        judgement = refused(finding.judgement) if unanswerable else finding.judgement
        found = judgement.status is not Status.NOT_FOUND
        quotation = quote(finding.result, correction.text, self._languages) if found else NOTHING
        citations = self._accounts.told(quotation.citations)
        judgement = unpromised(judgement, query, citations, adrift=asked.adrift)
        if finding.by_words:
            notes += script_notes(question)
        hits = finding.result.hits
        notes += mention_notes(names, len(self.index.articles)) + spelling_notes(correction, hits)
        # A word in another script within the question would be no reading of it.
        searched = searched_for(interpret(question, asked.context) if finding.by_words else query)
        claims = conflicts(searched, citations, hits, self._articles, self._accounts.told)
        if found and query.text == disputed(correction.text):
            notes += agreement_notes(claims)
        answer = self._answer(
            started,
            question,
            searched,
            judgement,
            citations,
            hits,
            notes + self._notes_on(question, query, finding, quotation, judgement.status),
            claims,
        )
        return answer if found else replace(answer, nearest=self._nearest(query, hits))

    def _more(
        self,
        started: float,
        question: str,
        history: Sequence[str],
        scope: Scope,
        passages: int,
        notes: tuple[str, ...],
    ) -> Answer:
        """Quote further sentences for the newest question that was answered; none if none was."""
        context = self._answered(questions_in(history, self._understanding.message), scope)
        if not context:
            return self._answer(started, question, question, _NO_QUESTION)
        query = replace(interpret(context[-1], context[:-1]), scope=scope)
        found = self._find(query, passages)
        quoted = quote(found.result, query.text, self._languages).citations
        citations = further(
            found.result,
            {(citation.number, citation.span.start) for citation in quoted},
            times=1 + wishes_for_more(history, self._understanding.message),
        )
        answer = self._answer(
            started,
            question,
            searched_for(query),
            replace(found.judgement, status=Status.POSSIBLE) if citations else _NOTHING_MORE,
            self._accounts.told(citations),
            found.result.hits,
            notes
            + (self._language_notes(question, citations) if citations else nothing_more_notes()),
        )
        return replace(answer, leans_on=context)

    def _nearest(self, query: Query, hits: Sequence[Hit]) -> str:
        """Return a question near one that isn't answered, and is answered itself; or ""."""
        near = near_questions(query.text, hits, self._articles)[:_NEAR_QUESTIONS]
        for question in near:
            found = self._find(Query(question, scope=query.scope), _PASSAGES)
            if found.judgement.status is Status.ANSWERED:
                return question
        return ""

    def _notes_on(
        self,
        question: str,
        query: Query,
        finding: Finding,
        quotation: Quotation,
        status: Status,
    ) -> tuple[str, ...]:
        """Report what a reader should know about the quotes, where there are any."""
        notes: tuple[str, ...] = ()
        if status is Status.NOT_FOUND:
            best = finding.result.quotable[0]
            passage = finding.result.hits[best.hit].passage
            hidden = withheld_if_near(query.text, passage.quote(best.span), passage.title)
            return withheld_notes(hidden, len(self.index.articles))
        if not finding.by_words:
            notes += self._language_notes(question, quotation.citations)
        notes += difference_notes(quotation) + missing_notes(finding.missing)
        if status is Status.POSSIBLE:
            quotes = [citation.quote for citation in quotation.citations]
            hidden = withheld_by_all(query.text, query.topic, quotes)
            notes += withheld_notes(hidden, len(self.index.articles))
        return notes

    def _language_notes(self, question: str, citations: Sequence[Citation]) -> tuple[str, ...]:
        quoted = {self._languages[each.passage.source] for each in citations}
        return language_notes(question_language(question), quoted)

    def _find(self, query: Query, passages: int) -> Finding:
        second = self._understanding.second(query.text)
        if second is not None:
            return find(second, query, passages, None)
        return find(self.index, query, passages, self.stages, self._calibration)

    def _context(self, question: str, earlier: Sequence[str], scope: Scope) -> tuple[str, ...]:
        """Return the earlier questions that a follow-up leans on; none for what stands alone."""
        return self._answered(earlier, scope) if leans(question, earlier) else ()

    def _answered(self, earlier: Sequence[str], scope: Scope) -> tuple[str, ...]:
        """Return the newest of the earlier questions that was answered, after what it leans on."""
        return answered_before(
            [self._understanding.corrected(each).text for each in earlier[-LOOKED_BACK:]],
            lambda query: self._is_found(replace(query, scope=scope)),
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
        claims: tuple[Claim, ...] = (),
    ) -> Answer:
        return Answer(
            question=question,
            searched_for=searched_for,
            status=judgement.status,
            confidence=judgement.confidence,
            citations=citations,
            hits=hits,
            notes=notes,
            snapshot=self.index.snapshot,
            elapsed_ms=(time.perf_counter() - started) * 1000,
            sources={hit.passage.source: self._sha256(hit.passage.source) for hit in hits},
            about={hit.passage.source: self._about(hit.passage.source) for hit in hits},
            conflicts=claims,
        )
