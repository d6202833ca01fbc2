"""What the commands that fit and measure share: their data, and where their tables go."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from citadel.evaluation.benchmarks.synthetic import Seed as SeedCollection
from citadel.evaluation.data.datasets import read_dataset
from citadel.evaluation.data.questions import Dataset
from citadel.evaluation.fitting.training_data import (
    RememberingEncoder,
    TrainingData,
    gather,
    one_search_questions,
)
from citadel.evaluation.reports.readme import README, put
from citadel.index.console import progress_bar
from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.backends import load_encoder, use_threads
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.models import DEFAULT_MODEL


@dataclass(frozen=True, slots=True)
class Drawing:
    """A data set of which larger collections are drawn.

    Attributes:
        about: What it is, in a sentence.
        collection: What is drawn from.
        questions: Those that one search answers.

    """

    about: str
    collection: SeedCollection
    questions: list[str]


def drawn_from(dataset: Path, sources: Path, model: str | None, limit: int, seed: int) -> Drawing:
    """Index a data set to draw larger collections from; arguments as for ``indexed_sets``."""
    (training_data,) = indexed_sets([dataset], sources, model, limit, seed)
    questions = [question.text for question in one_search_questions(training_data)]
    return Drawing(about(training_data), SeedCollection.of(training_data.index), questions)


def indexed_sets(
    paths: Sequence[Path],
    sources: Path,
    model: str | None,
    limit: int,
    seed: int,
    remember: bool = True,
) -> list[TrainingData]:
    """Sample data sets, and index the articles that each sample needs.

    Args:
        paths: Their files or folders.
        sources: The folder of the articles that question sets are about.
        model: A sentence-transformers model; None for the default one.
        limit: How many questions of each to take at most.
        seed: Of the samples.
        remember: Whether to keep what was encoded, as several sets share texts.

    """
    encoder = load_encoder(model or DEFAULT_MODEL)
    encoder = RememberingEncoder(encoder) if remember else encoder
    return indexed_with(paths, sources, encoder, limit, seed)


def indexed_with(
    paths: Sequence[Path], sources: Path, encoder: Encoder, limit: int, seed: int
) -> list[TrainingData]:
    """Do the same with a model that is loaded."""
    datasets = [read_dataset(path) for path in paths]
    return indexed_datasets(datasets, read_articles(sources), encoder, limit, seed)


def indexed_datasets(
    datasets: Sequence[Dataset],
    articles: Sequence[Article],
    encoder: Encoder,
    limit: int,
    seed: int,
) -> list[TrainingData]:
    """Do the same with data sets that are read, and the articles that question sets are about."""
    found = []
    for dataset in datasets:
        with progress_bar("Embedding") as progress:
            found.append(gather(dataset, articles, encoder, progress, limit, seed))
    use_threads(1)
    return found


def about(training_data: TrainingData) -> str:
    """Say how many questions are asked of how many passages."""
    asked = len(one_search_questions(training_data))
    passages = len(training_data.index.passages)
    return f"{training_data.name}: {asked} questions of {passages} passages."


def show(text: str, section: str | None, document: Path = README) -> None:
    """Print a table and, when a section is named, put it into a document."""
    print(text)
    if section is not None:
        put(document, section, text)


def print_progress(done: str) -> None:
    """Print what is done, apart from the tables."""
    print(done, file=sys.stderr)
