"""What the confidence sees of each question, asked of articles that answer it and that do not.

Questions that people wrote, unanswerable ones among them, are asked as they are: of their
collection, and where it has several articles, of their own article alone, which some questions
about other articles are asked of, too (off topic). A data set of answerable ones with its own
articles gives every question several times: asked of its article; of the same article without the
paragraphs that answer (a near miss); and of another article (off topic). Each also of all articles
together, since collections differ in size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle

from citadel.evaluation.data.questions import Place, Question
from citadel.evaluation.fitting.training_data import (
    QuestionReader,
    TrainingData,
    index_without,
    is_searched,
    sources,
)
from citadel.evaluation.scoring.judging import holds
from citadel.index.build.build import index_articles
from citadel.index.corpus.articles import Article
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import SearchResult, search
from citadel.index.retrieval.signals import Signals
from citadel.index.retrieval.stages import ONLY_RANKER, Stages

_PARTS = 6
"""Near misses are asked of an article without every so-manieth paragraph."""

_PARTS_OF_ALL = 4
_PASSAGES = 5
_STRANGERS = 12
"""How many questions about another article are asked of each."""

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
    OWN_ARTICLE = "own article of a question set"


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
        right: Whether the first sentence that is quoted answers.

    """

    dataset: str
    group: str
    kind: str
    regime: Regime
    setting: Setting
    signals: Signals
    right: bool

    @property
    def of_people(self) -> bool:
        """Whether people wrote the unanswerable questions of the set, too."""
        return self.setting in (Setting.QUESTION_SET, Setting.OWN_ARTICLE)

    @property
    def answerable(self) -> bool:
        """Whether the collection answers."""
        return self.regime is Regime.ANSWERABLE


REGIMES = {"unanswerable-near": Regime.NEAR, "unanswerable-false-premise": Regime.IMPOSSIBLE}
"""The regimes of the kinds of a question set; what else is unanswerable is off topic."""


def confidence_rows(
    training_data: TrainingData, stages: Stages = ONLY_RANKER
) -> Iterator[ConfidenceRow]:
    """Yield the rows of a data set.

    Args:
        training_data: The questions and the index.
        stages: What ranks the sentences; nothing in it should have been trained on these questions.

    """
    questions = [question for question in training_data.questions if is_searched(question)]
    reader = QuestionReader(training_data.index, stages)
    # Encoding them together is faster; a remembering encoder then has them.
    training_data.index.encoder.encode_questions(
        [reader.query(question.text).text for question in questions]
    )
    if training_data.own and all(question.answerable for question in questions):
        yield from _of_articles(training_data, [q for q in questions if not q.history])
    else:
        for question in questions:
            yield _row(training_data, question, reader, _regime(question), Setting.QUESTION_SET)
        if len(training_data.index.articles) > 1:
            yield from _of_single_articles(training_data, questions, stages)


def _regime(question: Question) -> Regime:
    if question.answerable:
        return Regime.ANSWERABLE
    return REGIMES.get(question.kind, Regime.OFF_TOPIC)


def _of_single_articles(
    training_data: TrainingData, questions: Sequence[Question], stages: Stages
) -> Iterator[ConfidenceRow]:
    """Ask the questions about each article of it alone, and some about the next one of them."""
    asked = {question.article for question in questions}
    articles = [a for a in training_data.index.articles if a.source in asked]
    for article, other in zip(articles, articles[1:] + articles[:1], strict=True):
        reader = QuestionReader(_index([article], training_data), stages)
        for question in questions:
            if question.article == article.source:
                yield _row(training_data, question, reader, _regime(question), Setting.OWN_ARTICLE)
        strangers = [q for q in questions if q.article == other.source != article.source]
        for question in [q for q in strangers if q.answerable and not q.history][:_STRANGERS]:
            yield _row(
                training_data, question, reader, Regime.OFF_TOPIC, Setting.OWN_ARTICLE, article
            )


def _row(
    training_data: TrainingData,
    question: Question,
    reader: QuestionReader,
    regime: Regime,
    setting: Setting,
    asked_of: Article | None = None,
) -> ConfidenceRow:
    query = reader.query(question.text, question.history)
    result = search(reader.index, query, _PASSAGES, stages=reader.stages)
    answered = regime is Regime.ANSWERABLE
    return ConfidenceRow(
        training_data.name,
        asked_of.source if asked_of else training_data.group(question),
        question.kind,
        regime,
        setting,
        result.signals,
        right=answered and first_sentence_answers(question, result),
    )


def first_sentence_answers(question: Question, result: SearchResult) -> bool:
    """Return whether the sentence that is quoted first holds a piece of a question's evidence."""
    first = result.quotable[0]
    place = Place(result.hits[first.hit].passage.source, first.span.start, first.span.end)
    return any(holds(place, each) for each in question.evidence)


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
        reader = QuestionReader(index)
        for question in own:
            yield _row(training_data, question, reader, Regime.ANSWERABLE, Setting.ARTICLE)
        for question in of_article[other.source]:
            yield _row(training_data, question, reader, Regime.OFF_TOPIC, Setting.ARTICLE)
        yield from _near(training_data, index, [article], own, _PARTS, Setting.ARTICLE)
    answerable = [question for questions in of_article.values() for question in questions]
    reader = QuestionReader(training_data.index)
    for question in questions:
        regime = Regime.ANSWERABLE if question.answerable else Regime.IMPOSSIBLE
        yield _row(training_data, question, reader, regime, Setting.ALL)
    yield from _near(
        training_data, training_data.index, articles, answerable, _PARTS_OF_ALL, Setting.ALL
    )
    for part in range(_PARTS_OF_ALL):
        absent = articles[part::_PARTS_OF_ALL]
        reader = QuestionReader(_index([a for a in articles if a not in absent], training_data))
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
        reader = QuestionReader(index_without(whole, articles, left_out))
        for question in gone:
            yield _row(training_data, question, reader, Regime.NEAR, setting)
