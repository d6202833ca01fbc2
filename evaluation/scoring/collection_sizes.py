"""How good answers are, and the confidence in them, as a collection grows around its articles.

The best score of many passages is always high: what is right for ten articles may mislead among a
thousand. The same questions are asked of each article alone, of all their articles together, and
of those among ever more others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from citadel.evaluation.data.corpora import collect
from citadel.evaluation.data.questions import Dataset
from citadel.evaluation.scoring.measuring import measure
from citadel.evaluation.scoring.results import JudgedQuestion
from citadel.index.build.build import index_articles
from citadel.index.corpus.articles import Article
from citadel.index.encoders.encoder import Encoder
from citadel.index.retrieval.stages import Stages
from citadel.qa.answer.answering import Answerer

ONE = 1
"""Each article alone, asked what is asked about it."""


@dataclass(frozen=True, slots=True)
class AtSize:
    """What was measured with collections of one size.

    Attributes:
        articles: How many each collection has.
        passages: How many they are cut into, on average.
        questions: All of them, judged.

    """

    articles: int
    passages: float
    questions: tuple[JudgedQuestion, ...]


def one_article_each(articles: Iterable[Article]) -> list[Article]:
    """Return each paragraph of some articles as an article of its own."""
    return [
        collect(
            f"{article.source} {number}",
            article.title,
            article.language,
            [block.span.of(article.text)],
        ).article
        for article in articles
        for number, block in enumerate(article.blocks)
    ]


def measure_sizes(
    dataset: Dataset,
    others: Sequence[Article],
    sizes: Sequence[int],
    encoder: Encoder,
    stages: Stages,
    progress: Callable[[str], None],
) -> list[AtSize]:
    """Ask the questions of a data set of collections of several sizes.

    Args:
        dataset: With articles of its own, and with questions that name theirs.
        others: What the articles stand among, the first of them in the smallest collection.
        sizes: In articles; 1, or as many as the data set has at least.
        encoder: The model; one that remembers saves most of the time.
        stages: What ranks the candidates.
        progress: Called with what is done.

    Raises:
        ValueError: A size is between 1 and the number of the data set's articles, or more than
            there are articles.

    """
    own = len(dataset.articles)
    found = []
    for size in sizes:
        if size != ONE and not own <= size <= own + len(others):
            raise ValueError(f"{size} articles: there are {own} and {len(others)} others")
        collections = (
            _alone(dataset)
            if size == ONE
            else [replace(dataset, articles=(*dataset.articles, *others[: size - own]))]
        )
        judged: list[JudgedQuestion] = []
        passages = 0
        for collection in collections:
            index = index_articles("evaluation", collection.articles, encoder)
            passages += len(index.passages)
            result, _, _ = measure(Answerer(index, stages), collection, lambda _done, _total: None)
            judged += result.questions
        progress(f"asked of {size}")
        found.append(AtSize(size, passages / len(collections), tuple(judged)))
    return found


def _alone(dataset: Dataset) -> list[Dataset]:
    """Return a data set of each article, with the questions about it."""
    return [
        replace(
            dataset,
            articles=(article,),
            questions=tuple(q for q in dataset.questions if q.article == article.source),
        )
        for article in dataset.articles
    ]
