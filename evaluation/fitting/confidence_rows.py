"""What the confidence sees of each question, asked where it is answered and where it is not.

A data set with its own articles gives every question several times: asked of its article; of the
same article without the paragraphs that answer (a near miss); and of another article (off topic).
Each also of all articles together, since collections differ in size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle

from citadel.evaluation.data.questions import Question
from citadel.evaluation.fitting.training_data import (
    Reader,
    TrainingData,
    index_without,
    is_searched,
    sources,
)
from citadel.index.build.build import index_articles
from citadel.index.corpus.articles import Article
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import search
from citadel.index.retrieval.signals import Signals

_PARTS = 6
"""Near misses are asked of an article without every so-manieth paragraph."""

_PARTS_OF_ALL = 4
_PASSAGES = 5
_LEAST_PARAGRAPHS = 2


class Regime(StrEnum):
    """Why a question is answered, or is not."""

    ANSWERABLE = "answerable"
    NEAR = "near"
    OFF_TOPIC = "off topic"
    IMPOSSIBLE = "impossible"


class Setting(StrEnum):
    """What a question was asked of."""

    ARTICLE = "one article"
    ALL = "all articles"
    QUESTION_SET = "question set"


@dataclass(frozen=True, slots=True)
class ConfidenceRow:
    """One question asked of one collection.

    Attributes:
        dataset: Where the question is from.
        group: What is never in two folds.
        kind: The question's.
        regime: Why it is answered, or is not.
        setting: What it was asked of.
        signals: What the search found for it.

    """

    dataset: str
    group: str
    kind: str
    regime: Regime
    setting: Setting
    signals: Signals

    @property
    def answerable(self) -> bool:
        """Whether the collection answers."""
        return self.regime is Regime.ANSWERABLE


_REGIMES = {
    "unanswerable-near": Regime.NEAR,
    "unanswerable-false-premise": Regime.IMPOSSIBLE,
}
"""The regimes of the kinds of a question set; what else is unanswerable is off topic."""


def confidence_rows(training_data: TrainingData) -> Iterator[ConfidenceRow]:
    """Yield the rows of a data set."""
    questions = [question for question in training_data.questions if is_searched(question)]
    reader = Reader(training_data.index)
    # Together they are encoded sooner; a remembering encoder has them then.
    training_data.index.encoder.encode_questions(
        [reader.query(question.text).text for question in questions]
    )
    if training_data.own:
        yield from _of_articles(training_data, [q for q in questions if not q.history])
    else:
        for question in questions:
            regime = (
                Regime.ANSWERABLE
                if question.answerable
                else _REGIMES.get(question.kind, Regime.OFF_TOPIC)
            )
            yield _row(training_data, question, reader, regime, Setting.QUESTION_SET)


def _row(
    training_data: TrainingData,
    question: Question,
    reader: Reader,
    regime: Regime,
    setting: Setting,
) -> ConfidenceRow:
    query = reader.query(question.text, question.history)
    signals = search(reader.index, query, _PASSAGES).signals
    group = training_data.group(question)
    return ConfidenceRow(training_data.name, group, question.kind, regime, setting, signals)


def _of_articles(
    training_data: TrainingData, questions: Sequence[Question]
) -> Iterator[ConfidenceRow]:
    of_article: dict[str, list[Question]] = {}
    for question in questions:
        if question.answerable:
            of_article.setdefault(sources(question)[0], []).append(question)
    articles = [article for article in training_data.index.articles if article.source in of_article]
    others = cycle(articles[1:] + articles[:1])
    for article, other in zip(articles, others, strict=False):
        own = of_article[article.source]
        index = _index([article], training_data)
        reader = Reader(index)
        for question in own:
            yield _row(training_data, question, reader, Regime.ANSWERABLE, Setting.ARTICLE)
        for question in of_article[other.source]:
            yield _row(training_data, question, reader, Regime.OFF_TOPIC, Setting.ARTICLE)
        yield from _near(training_data, index, [article], own, _PARTS, Setting.ARTICLE)
    answerable = [question for questions in of_article.values() for question in questions]
    reader = Reader(training_data.index)
    for question in questions:
        regime = Regime.ANSWERABLE if question.answerable else Regime.IMPOSSIBLE
        yield _row(training_data, question, reader, regime, Setting.ALL)
    yield from _near(
        training_data, training_data.index, articles, answerable, _PARTS_OF_ALL, Setting.ALL
    )
    for part in range(_PARTS_OF_ALL):
        absent = articles[part::_PARTS_OF_ALL]
        reader = Reader(_index([a for a in articles if a not in absent], training_data))
        for article in absent:
            for question in of_article[article.source]:
                yield _row(training_data, question, reader, Regime.OFF_TOPIC, Setting.ALL)


def _index(articles: Sequence[Article], training_data: TrainingData) -> PassageIndex:
    return index_articles("fitting", articles, training_data.index.encoder)


def _near(
    training_data: TrainingData,
    whole: PassageIndex,
    articles: Sequence[Article],
    questions: Sequence[Question],
    parts: int,
    setting: Setting,
) -> Iterator[ConfidenceRow]:
    """Ask each question of the articles without the paragraphs that answer it, and some others."""
    blocks = [(article.source, block.span) for article in articles for block in article.blocks]
    if len(blocks) < _LEAST_PARAGRAPHS:
        return
    waiting = list(questions)
    for part in range(min(parts, len(blocks))):
        absent = blocks[part::parts]
        gone = [
            question
            for question in waiting
            if all(
                any(
                    source == place.source and span.start <= place.start < span.end
                    for source, span in absent
                )
                for item in question.evidence
                for place in item.places
            )
        ]
        if not gone:
            continue
        waiting = [question for question in waiting if question not in gone]
        left_out = frozenset((source, span.start) for source, span in absent)
        reader = Reader(index_without(whole, articles, left_out))
        for question in gone:
            yield _row(training_data, question, reader, Regime.NEAR, setting)
