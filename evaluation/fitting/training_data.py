"""What is learned from: questions, and indexes of the articles that they are asked of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import chain

from citadel.evaluation.data.questions import Dataset, Place, Question
from citadel.evaluation.scoring.judging import Judge
from citadel.index.build.build import index_articles
from citadel.index.build.embedding import Progress
from citadel.index.corpus.articles import Article
from citadel.index.encoders.encoder import Encoder, EncoderAround, Encoding
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query
from citadel.index.retrieval.spellings import Spellings
from citadel.index.retrieval.stages import ONLY_RANKER, Stages
from citadel.qa.answer.follow_ups import interpret
from citadel.qa.answer.intent import MessageKind, read_message

UNREADABLE = frozenset({"arabic", "crosslingual"})
"""Kinds of question in a language that the model can’t read: they teach nothing about vectors."""


@dataclass(frozen=True, slots=True)
class TrainingData:
    """A sample of a data set, its evidence located, and the index of its articles.

    Attributes:
        name: The name of the data set.
        questions: The sample.
        index: Of the data set's own articles or, for a question set, of those it is about.
        own: Whether the articles are the data set's own.

    """

    name: str
    questions: tuple[Question, ...]
    index: PassageIndex
    own: bool

    def group(self, question: Question) -> str:
        """Return what a question has to stay with in cross-validation: its article.

        Where all questions are about the same few articles, each is a group of its own.
        """
        if question.article:
            return question.article
        return sources(question)[0] if self.own and sources(question) else question.id


HELD_OUT = frozenset(
    files("citadel.evaluation.fitting").joinpath("held_out.txt").read_text("utf-8").split()
)
"""Articles of the newsroom that the reader is not trained on: it is measured on them, and the
confidence is fitted to how it scores them."""

HELD_OUT_COLLECTION = "a"
"""The collection of the newsroom that is held out as a whole."""


def for_the_reader(data: TrainingData) -> TrainingData:
    """Leave the questions that the reader is trained on."""
    return replace(data, questions=tuple(q for q in data.questions if not _is_held_out(data, q)))


def new_to_the_reader(data: TrainingData) -> TrainingData:
    """Leave the questions of the newsroom, and of question sets, that the reader has not seen."""
    return replace(data, questions=tuple(q for q in data.questions if _is_held_out(data, q)))


def _is_held_out(data: TrainingData, question: Question) -> bool:
    return not data.own or data.name == HELD_OUT_COLLECTION or question.article in HELD_OUT


class QuestionReader:
    """Understands questions to one index as answering does."""

    def __init__(self, index: PassageIndex, stages: Stages = ONLY_RANKER) -> None:
        """Read questions to the given index, whose candidates the given stages rank."""
        self.index = index
        self.stages = stages
        self._spellings = Spellings(index.spelling, index.encoder.knows_word, index.has_word)

    def query(self, question: str, history: Sequence[str] = ()) -> Query:
        """Return what to search for."""
        return interpret(self._spellings.correct(question).text, history)


def is_searched(question: Question) -> bool:
    """Return whether a question is answered by a search and in a script that the model reads."""
    message = read_message(question.text, in_conversation=bool(question.history))
    return message.kind is MessageKind.QUESTION and question.kind not in UNREADABLE


def sentence_place(index: PassageIndex, number: int) -> Place:
    """Return where a sentence stands, by its number in the index."""
    passage = int(index.sentences.passages[number])
    span = index.sentence_span(number)
    return Place(index.passages[passage].source, span.start, span.end)


def passage_place(index: PassageIndex, number: int) -> Place:
    """Return where a passage stands, by its number in the index."""
    passage = index.passages[number]
    return Place(passage.source, passage.start, passage.end)


def one_search_questions(training_data: TrainingData) -> list[Question]:
    """Return the answerable questions that one search answers; follow-ups take several."""
    return [q for q in training_data.questions if q.answerable and not q.history and is_searched(q)]


def sources(question: Question) -> list[str]:
    """Return the names of the articles that hold a question's evidence, in order."""
    return sorted({place.source for item in question.evidence for place in item.places})


def gather(
    dataset: Dataset,
    articles: Sequence[Article],
    encoder: Encoder,
    progress: Progress,
    limit: int,
    seed: int,
) -> TrainingData:
    """Sample a data set and index the articles that the sample needs.

    Args:
        dataset: The questions.
        articles: What they are about, when the data set does not bring its own articles.
        encoder: The model.
        progress: Called with the number of texts embedded so far, and in all.
        limit: How many questions to take at most.
        seed: Of the sample.

    """
    own = bool(dataset.articles)
    sample = dataset.sample(limit, seed)
    judge = Judge(dataset.articles or articles, sample.questions)
    needed = set(chain.from_iterable(sources(question) for question in judge.questions))
    collection = [a for a in dataset.articles if a.source in needed] if own else list(articles)
    index = index_articles("fitting", collection, encoder, progress)
    return TrainingData(dataset.name, judge.questions, index, own)


def index_without(
    whole: PassageIndex, articles: Sequence[Article], left_out: frozenset[tuple[str, int]]
) -> PassageIndex:
    """Index articles without some paragraphs; scale and background stay those of the whole.

    Args:
        whole: The index of the same articles with all paragraphs.
        articles: The articles.
        left_out: Source and first code point of every block to leave out.

    """
    cut = [
        replace(
            article,
            blocks=tuple(
                block
                for block in article.blocks
                if (article.source, block.span.start) not in left_out
            ),
        )
        for article in articles
    ]
    return index_articles(
        "fitting", [article for article in cut if article.blocks], whole.encoder, measured=whole
    )


class RememberingEncoder(EncoderAround):
    """Another encoder, with a memory of all that it has encoded. It is itself an ``Encoder``."""

    def __init__(self, encoder: Encoder) -> None:
        """Encode with the given one."""
        super().__init__(encoder)
        self._questions: dict[str, Encoding] = {}
        self._texts: dict[str, Encoding] = {}

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order."""
        new = [text for text in dict.fromkeys(texts) if text not in self._questions]
        if new:
            self._questions.update(zip(new, self._encoder.encode_questions(new), strict=True))
        return [self._questions[text] for text in texts]

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        """Encode texts of a collection, in their order; the new ones only."""
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if new:
            self._texts.update(zip(new, self._encoder.encode_texts(new, progress), strict=True))
        return [self._texts[text] for text in texts]
