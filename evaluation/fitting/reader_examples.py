"""What the reader learns from: a question, and windows of sentences with those that answer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from citadel.evaluation.data.questions import Question
from citadel.evaluation.fitting.training_data import (
    QuestionReader,
    TrainingData,
    is_searched,
    sentence_place,
)
from citadel.evaluation.scoring.judging import holds
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.reader import WindowText, WindowWriter
from citadel.index.retrieval.search import asked_in_full, first_scores

_CONSIDERED = 30
"""How many of the best sentences may be what a window is made around."""

_WORST = -15.0
"""The score, relative to the best, of a sentence that is no candidate."""

_ANSWER_FIRST = 0.3
"""How often the first window is made around a sentence that answers, whatever the ranking says."""

_BY_RANK = 0.6
"""How often the windows are those that the ranking proposes; otherwise they are drawn."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question to learn from.

    Attributes:
        index: What it is asked of.
        text: The question, standing alone.
        answerable: Whether a sentence answers.
        order: The numbers of the best sentences by the first stage, best first.
        scores: Their scores, and those of the other candidates, less the best one.
        answers: The numbers of the sentences that answer.
        spans: Where in them the answer stands, by code points of the sentence.

    """

    index: PassageIndex
    text: str
    answerable: bool
    order: tuple[int, ...]
    scores: Mapping[int, float]
    answers: frozenset[int]
    spans: Mapping[int, tuple[int, int]]

    def score(self, sentence: int) -> float:
        """Return the score of a sentence, against the best."""
        return max(self.scores.get(sentence, _WORST), _WORST)


def examples(training_data: TrainingData) -> Iterator[Example]:
    """Yield an example for every question whose answer is found, or that has none."""
    reader = QuestionReader(training_data.index)
    for question in training_data.questions:
        if not is_searched(question):
            continue
        query = reader.query(question.text, question.history)
        scores, sentences = first_scores(training_data.index, query)
        answers = _answers(training_data.index, question) if question.answerable else {}
        if question.answerable and not answers:
            continue
        best = np.argsort(-scores, kind="stable")
        relative = (scores - scores.max()).tolist()
        yield Example(
            training_data.index,
            asked_in_full(query),
            question.answerable,
            tuple(sentences[best[:_CONSIDERED]].tolist()),
            dict(zip(sentences.tolist(), relative, strict=True)),
            frozenset(answers),
            {number: span for number, span in answers.items() if span is not None},
        )


def _answers(index: PassageIndex, question: Question) -> dict[int, tuple[int, int] | None]:
    """Return the sentences that answer, and where in each the answer stands, if that is known."""
    sources = {place.source for evidence in question.evidence for place in evidence.places}
    held = {n for n, article in enumerate(index.articles) if article.source in sources}
    passages = np.flatnonzero(np.isin(index.article_of, list(held)))
    found: dict[int, tuple[int, int] | None] = {}
    for number in index.sentences.of_passages(passages).tolist():
        sentence = sentence_place(index, number)
        if not any(holds(sentence, evidence) for evidence in question.evidence):
            continue
        text = index.sentence_text(number)
        places = [text.find(answer) for answer in question.answers]
        known = [
            (place, place + len(answer))
            for place, answer in zip(places, question.answers, strict=True)
            if place >= 0
        ]
        # Evidence that is shorter than its sentence is the answer itself, as in SQuAD.
        known += [
            (place.start - sentence.start, place.end - sentence.start)
            for evidence in question.evidence
            for place in evidence.places
            if sentence.source == place.source
            and sentence.start <= place.start < place.end <= sentence.end
            and place.end - place.start < sentence.end - sentence.start
        ]
        found[number] = known[0] if known else None
    return found


def draw_windows(
    example: Example, writer: WindowWriter, count: int, rng: random.Random
) -> list[WindowText]:
    """Draw windows as the reader meets them: mostly those that the ranking proposes.

    One of them holds an answering sentence where there is one.
    """
    windows: list[WindowText] = []
    covered: set[int] = set()

    def add(sentence: int) -> None:
        windows.append(writer.window(example.index, example.text, sentence))
        covered.update(windows[-1].sentences)

    answer = rng.choice(sorted(example.answers)) if example.answers else None
    if answer is not None and rng.random() < _ANSWER_FIRST:
        add(answer)
    for sentence in _proposed(example.order, rng):
        if len(windows) >= count:
            break
        if sentence not in covered:
            add(sentence)
    if answer is not None and not covered & example.answers:
        windows.pop()
        add(answer)
    rng.shuffle(windows)
    return windows


def _proposed(order: Sequence[int], rng: random.Random) -> Sequence[int]:
    if rng.random() < _BY_RANK:
        return order
    others = list(order[3:])
    rng.shuffle(others)
    return [*order[:3], *others]
