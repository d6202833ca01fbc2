"""The commands that look into an index rather than at answers: ablate, baselines, scale and fit."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from citadel.evaluation.benchmarks.baseline_benchmark import compare_baselines
from citadel.evaluation.benchmarks.benchmark import bare_encode, markdown_performance, measure
from citadel.evaluation.benchmarks.profiling import markdown_profile
from citadel.evaluation.benchmarks.scale import markdown_growth, measure_growth
from citadel.evaluation.benchmarks.synthetic import Seed as SeedCollection
from citadel.evaluation.benchmarks.updates import markdown_updates, measure_update
from citadel.evaluation.data.datasets import (
    ASKED_IN_ARABIC,
    BUNDLED_QUESTIONS,
    NEWSROOM,
    read_dataset,
)
from citadel.evaluation.fitting.ablation import ablate
from citadel.evaluation.fitting.fitting import (
    confidence_file,
    fit_confidence_to,
    fit_ranking_to,
    ranking_file,
    write_fit,
)
from citadel.evaluation.fitting.languages_fit import fit_languages_to, languages_file
from citadel.evaluation.fitting.scale_fit import fit_scale_to, scale_file
from citadel.evaluation.fitting.training_data import (
    HELD_OUT_COLLECTION,
    UNREADABLE,
    RememberingEncoder,
    TrainingData,
    gather,
    one_search_questions,
)
from citadel.evaluation.options import (
    Datasets,
    Drawn,
    Further,
    IntoScaling,
    Model,
    Sample,
    Seed,
    Sizes,
    Sources,
)
from citadel.evaluation.reports.readme import BENCHMARKS, FILES, README, SCALING, put
from citadel.evaluation.reports.sizes import markdown_sizes
from citadel.evaluation.scoring.collection_sizes import ONE, measure_sizes, one_article_each
from citadel.index.build.build import BUNDLED_SOURCES
from citadel.index.console import progress_bar
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.backends import (
    encoder_loader,
    library_encode,
    load_encoder,
    use_threads,
)
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import FOLDER
from citadel.index.encoders.models import DEFAULT_MODEL, MULTILINGUAL_MODEL
from citadel.index.errors import CitadelError
from citadel.index.retrieval.reader import load_reader
from citadel.index.retrieval.stages import Stages
from citadel.index.snapshots.pointer import default_index_dir
from citadel.qa.answer.answering import Answerer

_FILES_OF_A_WRITER = 8
_PARAGRAPHS_OF_A_FILE = 16
_ARTICLES = (ONE, 10, 100, 1_000)
"""How many the collections have that answers are compared between."""

_SIZES = (1_000, 10_000, 100_000)
"""In passages, of the collections that are measured where none are chosen."""

fitting_app = typer.Typer()
fit_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Fit the numbers that come with Citadel."
)
fitting_app.add_typer(fit_app, name="fit")
train_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Train the models that come with Citadel."
)
fitting_app.add_typer(train_app, name="train")


@fitting_app.command("ablate", epilog="Example: python -m evaluation ablate --write")
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
    for training_data in _training_sets(paths, sources, model, limit, seed):
        with progress_bar(training_data.name) as progress:
            tables.append(f"{_about(training_data)}\n\n{ablate(training_data, progress)}")
    _tell("\n\n".join(tables), "ablation" if write else None)


@fitting_app.command("baselines", epilog="Example: python -m evaluation baselines --write")
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
    tables = []
    for training_data in _training_sets(paths, sources, None, limit, seed, remember=False):
        with progress_bar(training_data.name) as progress:
            table = compare_baselines(training_data, library_encode(), progress)
        tables.append(f"{_about(training_data)}\n\n{table}")
    _tell("\n\n".join(tables), "baselines" if write else None)


@fitting_app.command("benchmark", epilog="Example: python -m evaluation benchmark --write")
def benchmark_command(
    questions: Annotated[
        Path, typer.Argument(help="The questions to ask; by default the bundled ones.")
    ] = BUNDLED_QUESTIONS,
    sources: Sources = BUNDLED_SOURCES,
    write: Annotated[
        bool, typer.Option("--write", help="Put the table and the plot into docs/benchmarks.md.")
    ] = False,
    limit: Sample = 200,
    seed: Seed = 0,
) -> None:
    """Time answers, indexing and starting beside other libraries, and see what they take."""
    # Drawing takes matplotlib; whoever measures something else should not wait for it.
    from citadel.evaluation.reports.plots import performance_plot  # noqa: PLC0415

    dataset = read_dataset(questions)
    if dataset.articles:
        raise CitadelError(f"{questions} brings its own articles; name questions about --sources.")
    (training_data,) = _training_sets([questions], sources, None, limit, seed)
    performances = measure(training_data, sources, _tell_progress)
    table = f"{_about(training_data)} {markdown_performance(training_data, performances)}"
    encoder = encoder_loader(default_index_dir(), None)(DEFAULT_MODEL)
    index = replace(training_data.index, encoder=encoder)
    profile = markdown_profile(
        Answerer(index), [q.text for q in one_search_questions(training_data)]
    )
    print(f"{table}\n\n{profile}")
    if write:
        put(BENCHMARKS, "profile", profile)
        put(BENCHMARKS, "benchmark", table)
        plot = performance_plot(performances, bare_encode(performances))
        BENCHMARKS.with_name("benchmarks.svg").write_text(plot, "utf-8")


@fit_app.command(
    "ranking", epilog="Example: python -m evaluation fit ranking squad2-dev.json --write"
)
def fit_ranking_command(
    datasets: Further = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: Annotated[bool, typer.Option("--write", help="Write index/ranking.json.")] = False,
    limit: Sample = 900,
    seed: Seed = 0,
) -> None:
    """Fit the weights of the ranking to the sentences that answer, and cross-validate them."""
    paths = [BUNDLED_QUESTIONS, *(datasets or ())]
    fit = fit_ranking_to(_training_sets(paths, sources, model, limit, seed), seed)
    if write:
        write_fit(ranking_file(), fit)
    _tell(fit.report, "fit ranking" if write else None)


@fit_app.command(
    "ranker", epilog="Example: python -m evaluation fit ranker squad2-dev.json --write"
)
def fit_ranker_command(
    datasets: Further = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write index/retrieval/ranker.safetensors.")
    ] = False,
    limit: Sample = 900,
    seed: Seed = 0,
) -> None:
    """Train the ranker on the newsroom and others, and cross-validate it by article."""
    # It takes PyTorch; a caller who fits something else should not wait for it.
    from citadel.evaluation.fitting.ranker_fit import (  # noqa: PLC0415
        fit_ranker_to,
        ranker_file,
        write_ranker,
    )

    paths = [*sorted(NEWSROOM.glob("?")), BUNDLED_QUESTIONS, *(datasets or ())]
    ranker, report = fit_ranker_to(_training_sets(paths, sources, model, limit, seed), seed)
    if write:
        write_ranker(ranker_file(), ranker)
    _tell(report, "fit ranker" if write else None)


@train_app.command(
    "reader",
    epilog="Example: python -m evaluation train reader squad2-dev.json selqa-dev.json --write",
)
def train_reader_command(
    datasets: Further = None,
    sources: Sources = BUNDLED_SOURCES,
    write: Annotated[
        bool, typer.Option("--write", help="Write index/encoders/reader.safetensors.")
    ] = False,
    limit: Sample = 4600,
    seed: Seed = 0,
) -> None:
    """Train the reader: on further data sets to read, then on the newsroom. Takes hours."""
    # It takes PyTorch; a caller who fits something else should not wait for it.
    from citadel.evaluation.fitting.reader_training import (  # noqa: PLC0415
        reader_file,
        train_reader,
        write_reader,
    )

    public = _training_sets(datasets or (), sources, None, limit, seed)
    newsroom = _training_sets(sorted(NEWSROOM.glob("?")), sources, None, limit, seed)
    with progress_bar("Training") as progress:
        network = train_reader(public, newsroom, seed, progress)
    if write:
        write_reader(reader_file(), network)


@fitting_app.command("reader", epilog="Example: python -m evaluation reader --write")
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
    training_sets = _training_sets(paths, sources, None, limit, seed)
    reader = load_reader(None, default_index_dir() / FOLDER)
    with progress_bar("Asking") as progress:
        table = reader_worth(training_sets, reader, seed, progress)
    _tell(table, "reader" if write else None)


@fitting_app.command("sizes", epilog="Example: python -m evaluation sizes squad2-dev.json --write")
def sizes_command(
    others: Annotated[
        Path, typer.Argument(help="A data set of which each paragraph is one more article.")
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
    of_newsroom = [article for each in collections.values() for article in each.articles]
    encoder = RememberingEncoder(encoder_loader(default_index_dir(), None)(DEFAULT_MODEL))
    stages = Stages(reader=load_reader(None, default_index_dir() / FOLDER))
    use_threads(1)
    found = measure_sizes(
        asked.without_kinds(UNREADABLE),
        [*of_newsroom, *one_article_each(read_dataset(others).articles)],
        sizes or _ARTICLES,
        encoder,
        stages,
        _tell_progress,
    )
    _tell(markdown_sizes(found), "sizes" if write else None)
    if write:
        README.with_name("sizes.svg").write_text(sizes_plot(found), "utf-8")


@fit_app.command(
    "confidence", epilog="Example: python -m evaluation fit confidence squad2-dev.json --write"
)
def fit_confidence_command(
    datasets: Further = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: Annotated[bool, typer.Option("--write", help="Write qa/confidence.json.")] = False,
    limit: Sample = 900,
    seed: Seed = 0,
) -> None:
    """Fit what the confidence makes of the signals, and cross-validate it."""
    # It takes PyTorch; a caller who fits something else should not wait for it.
    from citadel.evaluation.fitting.ranker_fit import rankers_without  # noqa: PLC0415

    paths = [BUNDLED_QUESTIONS, *sorted(NEWSROOM.glob("?")), *(datasets or ())]
    training_sets = _training_sets(paths, sources, model, limit, seed)
    reader = load_reader(None, default_index_dir() / FOLDER)
    rankers = rankers_without(training_sets, seed)
    stages = {name: Stages(ranker, reader) for name, ranker in rankers.items()}
    fit = fit_confidence_to(training_sets, stages, seed)
    if write:
        write_fit(confidence_file(), fit)
    _tell(fit.report, "fit confidence" if write else None)


@fit_app.command("languages", epilog="Example: python -m evaluation fit languages --write")
def fit_languages_command(
    sources: Sources = BUNDLED_SOURCES,
    write: Annotated[
        bool, typer.Option("--write", help="Write qa/answer/across_languages.json.")
    ] = False,
    seed: Seed = 0,
) -> None:
    """Fit the confidence of questions in other languages, and cross-validate it by article."""
    paths = [*sorted(NEWSROOM.glob("?")), ASKED_IN_ARABIC, BUNDLED_QUESTIONS]
    encoder = encoder_loader(default_index_dir(), None)(MULTILINGUAL_MODEL)
    training_sets = _indexed(paths, sources, RememberingEncoder(encoder), sys.maxsize, seed)
    fit = fit_languages_to(training_sets, seed)
    if write:
        write_fit(languages_file(), fit)
    _tell(fit.report, "fit languages" if write else None)


@fit_app.command("scale", epilog="Example: python -m evaluation fit scale --write")
def fit_scale_command(
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write index/retrieval/scale.json.")
    ] = False,
    seed: Seed = 0,
) -> None:
    """Measure the scale that similarities of other models are brought to."""
    paths = [BUNDLED_QUESTIONS, *sorted(NEWSROOM.glob("?"))]
    fit = fit_scale_to(_training_sets(paths, sources, model, sys.maxsize, seed), seed)
    if write:
        write_fit(scale_file(), fit)
    _tell(fit.report, None)


@fitting_app.command(
    "scale", epilog="Example: python -m evaluation scale squad2-dev.json --size 10000"
)
def scale_command(
    dataset: Drawn = BUNDLED_QUESTIONS,
    sizes: Sizes = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: IntoScaling = False,
    limit: Sample = 200,
    seed: Seed = 0,
) -> None:
    """Measure what indexes of drawn collections of some sizes cost."""
    drawn = _drawn_from(dataset, sources, model, limit, seed)
    encoder = load_encoder(model or DEFAULT_MODEL)
    growths = measure_growth(
        drawn.collection, encoder, drawn.questions, sizes or _SIZES, _tell_progress
    )
    _tell(f"{drawn.about}\n\n{markdown_growth(growths)}", "scale" if write else None, SCALING)


@fitting_app.command(
    "updates", epilog="Example: python -m evaluation updates squad2-dev.json --size 10000"
)
def updates_command(
    dataset: Drawn = BUNDLED_QUESTIONS,
    sizes: Sizes = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: IntoScaling = False,
    limit: Sample = 200,
    seed: Seed = 0,
) -> None:
    """Measure what whole indexes of invented articles cost, and one more article in them."""
    drawn = _drawn_from(dataset, sources, model, limit, seed)
    encoder = load_encoder(model or DEFAULT_MODEL, backend=None)
    updates = [
        measure_update(drawn.collection, encoder, drawn.questions, size, _tell_progress)
        for size in sizes or _SIZES
    ]
    _tell(f"{drawn.about}\n\n{markdown_updates(updates)}", "updates" if write else None, SCALING)


@fitting_app.command("files", epilog="Example: python -m evaluation files --write")
def files_command(
    write: Annotated[
        bool, typer.Option("--write", help="Put the table into docs/files.md.")
    ] = False,
) -> None:
    """Write two hundred files whose text is known, read them, and tell what was lost or altered."""
    from citadel.evaluation.benchmarks.files.fidelity import (  # noqa: PLC0415
        markdown_fidelity,
        measure_files,
    )
    from citadel.evaluation.benchmarks.files.truth import truths  # noqa: PLC0415

    articles = read_articles(NEWSROOM / "a" / "articles")[:_FILES_OF_A_WRITER]
    measured = measure_files(truths(articles, _PARAGRAPHS_OF_A_FILE))
    _tell(markdown_fidelity(measured), "files" if write else None, FILES)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A data set of which larger collections are drawn."""

    about: str
    collection: SeedCollection
    questions: list[str]


def _drawn_from(dataset: Path, sources: Path, model: str | None, limit: int, seed: int) -> _Drawn:
    (training_data,) = _training_sets([dataset], sources, model, limit, seed)
    questions = [question.text for question in one_search_questions(training_data)]
    return _Drawn(_about(training_data), SeedCollection.of(training_data.index), questions)


def _training_sets(
    paths: Sequence[Path],
    sources: Path,
    model: str | None,
    limit: int,
    seed: int,
    remember: bool = True,
) -> list[TrainingData]:
    """Index the articles of all data sets; texts that were encoded are remembered."""
    encoder = load_encoder(model or DEFAULT_MODEL)
    encoder = RememberingEncoder(encoder) if remember else encoder
    return _indexed(paths, sources, encoder, limit, seed)


def _indexed(
    paths: Sequence[Path], sources: Path, encoder: Encoder, limit: int, seed: int
) -> list[TrainingData]:
    """Index the articles of all data sets."""
    articles = read_articles(sources)
    found = []
    for path in paths:
        with progress_bar("Embedding") as progress:
            dataset = read_dataset(path)
            found.append(gather(dataset, articles, encoder, progress, limit, seed))
    use_threads(1)
    return found


def _about(training_data: TrainingData) -> str:
    asked = len(one_search_questions(training_data))
    passages = len(training_data.index.passages)
    return f"{training_data.name}: {asked} questions of {passages} passages."


def _tell(text: str, section: str | None, document: Path = README) -> None:
    """Print a table and, when a section is named, put it into a document."""
    print(text)
    if section is not None:
        put(document, section, text)


def _tell_progress(done: str) -> None:
    print(done, file=sys.stderr)
