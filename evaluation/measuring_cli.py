"""The commands that measure how good parts of Citadel are: its ranking, reader and files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from citadel.evaluation.benchmarks.baseline_benchmark import compare_baselines
from citadel.evaluation.data.datasets import BUNDLED_QUESTIONS, NEWSROOM, read_dataset
from citadel.evaluation.fitting.ablation import ablate
from citadel.evaluation.fitting.training_data import (
    HELD_OUT_COLLECTION,
    UNREADABLE,
    RememberingEncoder,
)
from citadel.evaluation.gathering import about, indexed_sets, print_progress, show
from citadel.evaluation.options import Datasets, Model, Sample, Seed, Sources
from citadel.evaluation.reports.readme import FILES, README
from citadel.evaluation.reports.sizes import markdown_sizes
from citadel.evaluation.scoring.collection_sizes import ONE, measure_sizes, one_article_each
from citadel.index.build.build import BUNDLED_SOURCES, index_articles
from citadel.index.console import progress_bar
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.backends import encoder_loader, library_encode, use_threads
from citadel.index.encoders.export import FOLDER
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.retrieval.reader import load_reader
from citadel.index.retrieval.stages import ONLY_RANKER, Stages
from citadel.index.snapshots.pointer import default_index_dir
from citadel.qa.answer.answering import Answerer

_FILES_OF_A_WRITER = 8
_PARAGRAPHS_OF_A_FILE = 16
_ARTICLES = (ONE, 10, 100, 1_000)
"""How many the collections have that answers are compared between."""

measuring_app = typer.Typer()


@measuring_app.command("ablate", epilog="Example: python -m evaluation ablate --write")
def ablate_command(
    datasets: Datasets = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put the tables into the README of the evaluation.")
    ] = False,
    limit: Sample = 500,
    seed: Seed = 0,
) -> None:
    """Measure what each part of the ranking is worth."""
    paths = datasets or [BUNDLED_QUESTIONS]
    tables = []
    for training_data in indexed_sets(paths, sources, model, limit, seed):
        with progress_bar(training_data.name) as progress:
            tables.append(f"{about(training_data)}\n\n{ablate(training_data, progress)}")
    show("\n\n".join(tables), "ablation" if write else None)


@measuring_app.command("baselines", epilog="Example: python -m evaluation baselines --write")
def baselines_command(
    datasets: Datasets = None,
    sources: Sources = BUNDLED_SOURCES,
    write: Annotated[
        bool, typer.Option("--write", help="Put the tables into the README of the evaluation.")
    ] = False,
    limit: Sample = 500,
    seed: Seed = 0,
) -> None:
    """Search the same passages with other libraries, installed in an environment of their own."""
    paths = datasets or [BUNDLED_QUESTIONS]
    reader = load_reader(None, default_index_dir() / FOLDER)
    systems = {"Citadel, --no-reader": ONLY_RANKER, "Citadel": Stages(reader=reader)}
    tables = []
    for training_data in indexed_sets(paths, sources, None, limit, seed, remember=False):
        with progress_bar(training_data.name) as progress:
            table = compare_baselines(training_data, systems, library_encode(), progress)
        tables.append(f"{about(training_data)}\n\n{table}")
    show("\n\n".join(tables), "baselines" if write else None)


@measuring_app.command("reader", epilog="Example: python -m evaluation reader --write")
def reader_command(
    sources: Sources = BUNDLED_SOURCES,
    write: Annotated[
        bool, typer.Option("--write", help="Put the table into the README of the evaluation.")
    ] = False,
    limit: Sample = 900,
    seed: Seed = 0,
) -> None:
    """Measure what the reader adds, on articles that it was not trained on."""
    # It takes PyTorch; a caller who fits something else should not wait for it.
    from citadel.evaluation.fitting.reader_worth import reader_worth  # noqa: PLC0415

    paths = [*sorted(NEWSROOM.glob("?")), BUNDLED_QUESTIONS]
    training_sets = indexed_sets(paths, sources, None, limit, seed)
    reader = load_reader(None, default_index_dir() / FOLDER)
    with progress_bar("Asking") as progress:
        table = reader_worth(training_sets, reader, seed, progress)
    show(table, "reader" if write else None)


@measuring_app.command(
    "sizes", epilog="Example: python -m evaluation sizes squad2-dev.json selqa-dev.json --write"
)
def sizes_command(
    others: Annotated[
        list[Path], typer.Argument(help="Data sets of which each paragraph is one more article.")
    ],
    sizes: Annotated[
        list[int] | None, typer.Option("--size", min=1, help="In articles; repeat it.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put table and picture into the README.")
    ] = False,
) -> None:
    """Measure answers and confidence as the collection around some articles grows."""
    # Drawing takes matplotlib; a caller who measures something else should not wait for it.
    from citadel.evaluation.reports.plots import sizes_plot  # noqa: PLC0415

    collections = {path.name: read_dataset(path) for path in sorted(NEWSROOM.glob("?"))}
    asked = collections.pop(HELD_OUT_COLLECTION)
    around = [article for each in collections.values() for article in each.articles]
    for path in others:
        around += one_article_each(read_dataset(path).articles)
    encoder = RememberingEncoder(encoder_loader(default_index_dir(), None)(DEFAULT_MODEL))
    stages = Stages(reader=load_reader(None, default_index_dir() / FOLDER))
    use_threads(1)
    found = measure_sizes(
        asked.without_kinds(UNREADABLE), around, sizes or _ARTICLES, encoder, stages, print_progress
    )
    show(markdown_sizes(found), "sizes" if write else None)
    if write:
        README.with_name("sizes.svg").write_text(sizes_plot(found), "utf-8")


@measuring_app.command("files", epilog="Example: python -m evaluation files --write")
def files_command(
    write: Annotated[
        bool, typer.Option("--write", help="Put the table into docs/files.md.")
    ] = False,
) -> None:
    """Write some 230 files whose text is known, read them, and report what was lost or altered.

    Scans are among them where Tesseract is installed, and are left out with a word elsewhere.
    """
    from citadel.evaluation.benchmarks.files.fidelity import (  # noqa: PLC0415
        markdown_fidelity,
        measure_files,
    )
    from citadel.evaluation.benchmarks.files.truth import truths  # noqa: PLC0415
    from citadel.evaluation.benchmarks.files.writers import SCANS, WRITERS  # noqa: PLC0415
    from citadel.index.corpus.formats.recognising import NOT_INSTALLED, program  # noqa: PLC0415

    writers = [*WRITERS, SCANS] if program() else WRITERS
    articles = read_articles(NEWSROOM / "a" / "articles")[:_FILES_OF_A_WRITER]
    measured = measure_files(truths(articles, _PARAGRAPHS_OF_A_FILE), writers)
    if SCANS not in writers:
        print_progress(f"Scans are not measured; {NOT_INSTALLED}.")
    show(markdown_fidelity(measured), "files" if write else None, FILES)


@measuring_app.command("formats", epilog="Example: python -m evaluation formats --write")
def formats_command(
    write: Annotated[
        bool, typer.Option("--write", help="Put the table into docs/files.md.")
    ] = False,
) -> None:
    """Ask the newsroom's questions of its articles as Markdown, HTML, Word and PDF."""
    from citadel.evaluation.benchmarks.files.format_answers import (  # noqa: PLC0415
        answers_by_format,
        markdown_by_format,
    )

    dataset = read_dataset(NEWSROOM / HELD_OUT_COLLECTION).without_kinds(UNREADABLE)
    encoder = RememberingEncoder(encoder_loader(default_index_dir(), None)(DEFAULT_MODEL))
    stages = Stages(reader=load_reader(None, default_index_dir() / FOLDER))
    with progress_bar("Asking") as progress:
        found = answers_by_format(
            dataset,
            lambda articles: Answerer(index_articles("formats", articles, encoder), stages),
            progress,
        )
    show(markdown_by_format(found), "formats" if write else None, FILES)
