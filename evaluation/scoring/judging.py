"""Does a passage, or a sentence, answer the question? Judged by places in the stored text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from citadel.evaluation.data.questions import Evidence, Need, Place, Question
from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import header_passage, split_article


class Judge:
    """Knows where the evidence of each question stands in a collection of articles."""

    def __init__(self, articles: Sequence[Article], questions: Sequence[Question]) -> None:
        """Locate the evidence that is given by its text alone."""
        self.questions = tuple(_located(question, articles) for question in questions)
        self._passages: dict[str, tuple[Place, ...]] = {
            article.source: _passages(article) for article in articles
        }
        self._texts: Mapping[str, str] = {article.source: article.text for article in articles}

    @property
    def sources(self) -> frozenset[str]:
        """The names of the articles."""
        return frozenset(self._texts)

    @property
    def unlocated(self) -> tuple[tuple[str, str], ...]:
        """The question and the text of every piece of evidence that no article holds."""
        return tuple(
            (question.id, evidence.text)
            for question in self.questions
            if question.answerable
            for evidence in question.evidence
            if not evidence.places
        )

    def stands(self, place: Place, text: str) -> bool:
        """Return whether a quote is, character for character, what stands at its place."""
        return self._texts.get(place.source, "")[place.start : place.end] == text

    def relevant_passages(
        self, question: Question, found: Sequence[Place] = ()
    ) -> dict[Place, int]:
        """Return every passage that holds evidence, with its grade.

        Args:
            question: One of ``self.questions``.
            found: Passages that were found, which count even if they are cut in another way than
                the articles are cut now.

        """
        sources = {place.source for evidence in question.evidence for place in evidence.places}
        candidates = [p for source in sorted(sources) for p in self._passages.get(source, ())]
        grades = {}
        for passage in dict.fromkeys([*candidates, *found]):
            grade = max((e.grade for e in question.evidence if holds(passage, e)), default=0)
            if grade:
                grades[passage] = grade
        return grades


def holds(place: Place, evidence: Evidence) -> bool:
    """Return whether a passage or a sentence holds a piece of evidence, wherever it is repeated."""
    return any(place.matches(other) for other in evidence.places)


def answering(question: Question, places: Sequence[Place]) -> npt.NDArray[np.bool_]:
    """Return which places hold a piece of the evidence of a question: bool, (places,)."""
    return np.array([any(holds(place, e) for e in question.evidence) for place in places], bool)


def sentences_answer(question: Question, sentences: Sequence[Place], count: int) -> bool:
    """Return whether the first ``count`` sentences answer.

    When all of several pieces of evidence are needed, as many sentences as there are pieces are
    looked at even if ``count`` is less: one sentence can't hold two of them.
    """
    if question.need is Need.ALL:
        first = sentences[: max(count, len(question.evidence))]
        return all(any(holds(s, evidence) for s in first) for evidence in question.evidence)
    return any(holds(s, evidence) for s in sentences[:count] for evidence in question.evidence)


def _located(question: Question, articles: Sequence[Article]) -> Question:
    evidence = tuple(
        item if item.places else replace(item, places=locate(item.text, articles))
        for item in question.evidence
    )
    return replace(question, evidence=evidence)


def locate(text: str, articles: Sequence[Article]) -> tuple[Place, ...]:
    """Return where a text stands in the articles, however white space is written.

    A text as short as the publisher's name occurs wherever the publisher is named. Where an
    article gives it for itself, in its header, only that place is meant.
    """
    pattern = re.compile(r"\s+".join(re.escape(word) for word in text.split()))
    if not pattern.pattern:
        return ()
    places = []
    in_headers = []
    for article in articles:
        for match in pattern.finditer(article.text):
            place = Place(article.source, match.start(), match.end())
            places.append(place)
            header = article.header
            if header is not None and header.start <= place.start and place.end <= header.end:
                in_headers.append(place)
    return tuple(in_headers or places)


def _passages(article: Article) -> tuple[Place, ...]:
    header = header_passage(article)
    passages = [*([header] if header is not None else []), *split_article(article)]
    return tuple(Place(p.source, p.start, p.end) for p in passages)
